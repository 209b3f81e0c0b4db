"""What has changed since the period before? Shares, words and the whole scale, statement by statement.

Methods: docs/methods.md A8. Not finding a change is not finding that there was none: sentences say "no evidence of
change" and which changes the interval leaves out.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.report import figures, formats, sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import EVIDENCE, level_of, missing, of_each_scale, scale_of, without_zeros

HINT = "a hint"
NAMED = 3  # more statements than this are listed by reason
LIKELY = 0.8  # from this probability on, a word is called likely to have changed
NOBODY = "in one of the two periods not asked, on another scale, or answered by nobody or by too few to show"
ORDERS = {"difference": "From the largest fall to the largest rise. ", "": ""}


def words(change: pd.DataFrame) -> list[Sentence]:
    """What moved, what remains possible, whose word differs, and who answered twice; of `Evidence.change`."""
    if change.empty:
        return missing(change, "change-missing")
    if change["difference"].isna().all():
        text = f"No statement has answers to show both in {change.attrs['previous']} and in {change.attrs['period']}."
        return [Sentence("change", text, level="warning"), *not_compared(change)]
    return [*_of_scale(change), *not_compared(change), overlap(change)]


def _words(change: pd.DataFrame) -> list[Sentence]:
    """What moved, what remains possible and whose word differs, of the statements on one scale."""
    both = change.dropna(subset=["difference"])
    return [] if both.empty else [moved(both), no_evidence(both), words_changed(both)]


_words.__name__ = "words"
_of_scale = of_each_scale(_words)


@of_each_scale
def chart(change: pd.DataFrame, order: str = "difference") -> Figure | None:
    """The share of each statement in the two periods, joined, with intervals; None where nothing can be compared.

    `order`: difference, the largest fall first, or "" as the frame has it.
    """
    if change.empty or change["difference"].isna().all():
        return None
    if order not in ORDERS:
        raise ValueError(f'there is no order {order!r}; give "difference", or "" for the frame\'s own')
    rows = change.sort_values(order, kind="stable") if order else change
    before, now = change.attrs["previous"], change.attrs["period"]
    labels = [sentences.opening(topic) for topic in rows["topic"]]
    beside = [_change(row) for row in rows.to_dict("records")]
    low, high = (rows[[f"{end}_first", f"{end}_second"]].to_numpy() for end in ("low", "high"))
    both = rows.dropna(subset=["difference"])
    fell, rose = int((both["difference"] < 0).sum()), int((both["difference"] > 0).sum())
    names = ["share_first", "share_second", "difference", "low", "high"]
    names += ["low_first", "high_first", "low_second", "high_second"]
    return Figure(
        "change-by-statement",
        _finding(both),
        lambda ax: figures.dumbbell(
            ax,
            labels,
            rows[["share_first", "share_second"]],
            low,
            high,
            periods=(before, now),
            beside=beside,
            said=scale_of(change).said,
        ),
        alt=(
            f"Two dots a statement, {before} and {now}, joined: the share is lower for {fell or 'none'} and higher for "
            f"{rose or 'none'} of {sentences.count(len(both), 'statement')}."
        ),
        frame=rows[["statement", *names]].reset_index(names="code"),
        size=figures.dumbbell_size(labels, beside),
        note=(
            f"{ORDERS[order]}The line through a dot is the {level_of(change)} interval of its share; the numbers in "
            "brackets are that of the change, in percentage points. Two intervals can overlap though the interval of the "
            "change leaves out 0."
        ),
        source=change.attrs["source"],
        columns=(
            Column("statement", "Statement"),
            Column("share_first", f"Share {before}", "percent"),
            Column("share_second", f"Share {now}", "percent"),
            Column("difference", "Change, percentage points", "points"),
            Column("low", "Interval from", "points"),
            Column("high", "Interval to", "points"),
        ),
        bands=change.attrs["bands"],
    )


def _finding(both: pd.DataFrame) -> str:
    """What the chart shows, as its title: on how many statements there is evidence, and in which direction."""
    held = both[both["p_holm"] < EVIDENCE]
    less, more = int((held["superiority"] < 0.5).sum()), int((held["superiority"] > 0.5).sum())
    measure = scale_of(both).measure
    if held.empty:
        return f"No statement has evidence of change in {measure} since {both.attrs['previous']}"
    if _otherwise(held):
        # Answers that moved within the favourable ones are not what the dots show.
        return f"Answers to {len(held)} of {sentences.count(len(both), 'statement')} moved since {both.attrs['previous']}"
    moves = [f"{sign} {measure} with {number}" for sign, number in (("less", less), ("more", more)) if number]
    text = f"{sentences.opening(sentences.listed(moves))} of {sentences.count(len(both), 'statement')}"
    return f"{text} than in {both.attrs['previous']}"


def _otherwise(held: pd.DataFrame) -> int:
    """On how many statements the share did not move the way the answers did over the whole scale."""
    return int((np.sign(held["difference"]) != np.sign(held["superiority"] - 0.5)).sum())


@of_each_scale
def table(change: pd.DataFrame, sort: str = "") -> list[Table]:
    """Shares and their difference; then the words, and the change over the whole scale.

    `sort`: a column, the smallest first, such as difference; "" as the frame has it.
    """
    if change.empty or change["difference"].isna().all():
        return []
    rows = change.sort_values(sort, kind="stable") if sort else change
    before, now = change.attrs["previous"], change.attrs["period"]
    known = [
        period
        for period, side in ((before, "first"), (now, "second"))
        if change.attrs[f"asked_{side}"] is not None
    ]
    asked = f", exact for the number asked in {sentences.listed(known)}" if known else ""
    shares = Table(
        "change-table",
        f"Each statement in {before} and {now}",
        without_zeros(rows, "answered_first", "answered_second"),
        (
            Column("statement", "Statement"),
            Column("answered_first", f"Answered {before}", "count", blank=NOBODY),
            Column("share_first", f"Share {before}", "percent", blank=NOBODY),
            Column("answered_second", f"Answered {now}", "count", blank=NOBODY),
            Column("share_second", f"Share {now}", "percent", blank=NOBODY),
            Column("difference", "Change, percentage points", "points", blank=NOBODY),
            Column("low", "Interval from", "points", blank=NOBODY),
            Column("high", "Interval to", "points", blank=NOBODY),
            Column("p_holm", "p, adjusted", "number", blank=NOBODY, decimals=3),
            Column("evidence", "Evidence of", blank=NOBODY),
        ),
        note=(
            f"Interval: Newcombe’s, at {level_of(change)}, of the change of the share, for each statement by itself{asked}. "
            f"p is of the chance of more {scale_of(change).measure} in the next table, adjusted by Holm’s method for "
            "looking at all statements; under 0.05 is called evidence, and 0.000 is under 0.0005. “None” is no evidence of "
            "change, and not evidence of none; “a hint” is no evidence either, though the interval of that one statement "
            "leaves out 0 (docs/methods.md A8)."
        ),
        source=change.attrs["source"],
        bands=change.attrs["bands"],
    )
    return [shares, _words_table(rows, before, now)]


def _words_table(rows: pd.DataFrame, before: str, now: str) -> Table:
    """The word in the two periods, how probable it is that it truly changed, and the change over the whole scale."""
    chance = f"chance of more {scale_of(rows).measure}"
    return Table(
        "change-words-table",
        f"The word for each statement in {before} and {now}, and the {chance}",
        rows,
        (
            Column("statement", "Statement"),
            Column("word_first", f"Word {before}", blank=NOBODY),
            Column("word_second", f"Word {now}", blank=NOBODY),
            Column("word_changed", "Probability that the word truly differs", "percent", blank=NOBODY),
            Column("superiority", sentences.opening(chance), "number", blank=NOBODY),
            Column("superiority_low", "Interval from", "number", blank=NOBODY),
            Column("superiority_high", "Interval to", "number", blank=NOBODY),
        ),
        note=(
            "The probability is that of everybody asked, given those who answered; people who answered in both periods "
            f"make a true change less probable than this says. “{sentences.opening(chance)}” is the probability that "
            f"somebody of {now} stands higher on the scale than somebody of {before}, equal answers counting half: 0.50 is "
            "no difference (Brunner–Munzel; where fewer than 10 people answered, or all alike, the exact permutation test "
            "and Newcombe’s interval; docs/methods.md A8)."
        ),
        source=rows.attrs["source"],
        bands=rows.attrs["bands"],
    )


def moved(both: pd.DataFrame) -> Sentence:
    """On how many statements answers moved, in which direction, and the largest difference of a share."""
    with_evidence = both[both["p_holm"] < EVIDENCE]
    more = int((with_evidence["superiority"] > 0.5).sum())
    less = len(with_evidence) - more
    text = (
        f"Between {both.attrs['previous']} and {both.attrs['period']} there is evidence that answers moved on "
        f"{len(with_evidence) or 'none'} of {len(both)} statements"
    )
    text += (
        f": towards {scale_of(both).measure} on {more or 'none'} and away from it on {less or 'none'}. "
        if more + less
        else ". "
    )
    text += "The test allows for looking at all of them. "
    if otherwise := _otherwise(with_evidence):
        text += (
            f"On {sentences.count(otherwise, 'of these', 'of these')} the share of favourable answers did not move that "
            "way: people moved between answers that are counted alike. "
        )
    largest = both.to_dict("records")[int(both["difference"].abs().to_numpy().argmax())]
    text += (
        f"The largest difference is {difference_of(both, largest)}: “{largest['statement']}”."
        if largest["difference"]
        else "Every share is what it was."
    )
    numbers = {str(code): float(value) for code, value in both["difference"].items()}
    numbers |= {"evidence_of_change": len(with_evidence), "statements": len(both)}
    numbers |= {"towards_agreement": more, "away_from_agreement": less}
    numbers |= {f"largest_{name}": value for name, value in numbers_of(largest).items()}
    return Sentence("change", text, numbers, source=both.attrs["source"], level="key")


def difference_of(change: pd.DataFrame, row: Mapping[Any, Any]) -> str:
    """``−5 points (95% interval −8 to −1 points), from 95% (124 of 131) to 90% (99 of 110)``."""
    bands = change.attrs["bands"]
    low, high = sentences.points(row["low"]).split()[0], sentences.points(row["high"])
    return (
        f"{sentences.points(row['difference'])} ({level_of(change)} interval {low} to {high}), from "
        f"{sentences.share_of(row['agreeing_first'], row['answered_first'], bands=bands)} to "
        f"{sentences.share_of(row['agreeing_second'], row['answered_second'], bands=bands)}"
    )


def numbers_of(row: Mapping[Any, Any]) -> dict[str, float]:
    """The numbers that `difference_of` states."""
    sides = [f"{name}_{side}" for side in ("first", "second") for name in ("share", "agreeing", "answered")]
    return {name: float(row[name]) for name in ("difference", "low", "high", *sides)}


def no_evidence(both: pd.DataFrame) -> Sentence:
    """What is left of the statements without evidence: which changes their intervals leave out."""
    quiet = both[~(both["p_holm"] < EVIDENCE)]
    if quiet.empty:
        return Sentence(
            "change-no-evidence", "There is evidence of change on every statement.", {"statements": 0}
        )
    reach = quiet[["low", "high"]].abs().max(axis=1)
    hints = int((quiet["evidence"] == HINT).sum())
    least, most = float(reach.min()), float(reach.max())
    numbers = {"statements": len(quiet), "least": least, "most": most, "alone": hints}
    text = f"On {sentences.count(len(quiet), 'statement')} there is no evidence of change. That does not rule one out: "
    if len(quiet) == 1:
        row = quiet.iloc[0]
        text += f"the interval leaves out only {excluded(float(row['low']), float(row['high']))}."
    elif _size(least) == _size(most):
        text += f"on each a change of up to {_size(most)} remains possible."
    else:
        text += (
            f"on the statement known best a change of up to {_size(least)} remains possible, and on the one known least of "
            f"up to {_size(most)}."
        )
    if hints:
        text += (
            f" On {sentences.count(hints, 'of these', 'of these')} the interval by itself leaves out 0. With so many "
            "statements looked at, that is a hint and no evidence."
        )
    return Sentence("change-no-evidence", text, numbers)


def excluded(low: float, high: float) -> str:
    """The changes an interval leaves out, in words: ``falls of more than 4 points and rises of more than 9 points``."""
    parts = []
    if low > -1:
        parts.append(f"{'falls of more' if low <= 0 else 'rises of less'} than {_size(low)}")
    if high < 1:
        parts.append(f"{'rises of more' if high >= 0 else 'falls of less'} than {_size(high)}")
    return sentences.listed(parts) or "nothing"


def _size(difference: float) -> str:
    return sentences.points(abs(difference)).lstrip("+")


def not_compared(change: pd.DataFrame) -> list[Sentence]:
    """The statements that cannot be compared, each with the period that lacks it, and why."""
    lacking = change[change["difference"].isna()]
    if lacking.empty:
        return []
    periods = {"first": change.attrs["previous"], "second": change.attrs["period"]}
    parts = [
        f"“{row['statement']}”: "
        + sentences.listed(
            f"{row[f'without_{side}']} in {name}" for side, name in periods.items() if row[f"without_{side}"]
        )
        for row in lacking.to_dict("records")
    ]
    text = f"Not compared: {'; '.join(parts)}."
    if len(parts) > NAMED:
        by_reason: dict[str, list[str]] = {}
        for part in parts:
            statement, _, reason = part.rpartition("”: ")
            by_reason.setdefault(reason, []).append(f"{statement}”")
        lines = (f"{ITEM}{reason}: {sentences.listed(named)}" for reason, named in by_reason.items())
        text = "Not compared:\n\n" + "\n".join(lines)
    return [Sentence("change-not-compared", text, {"statements": len(lacking)})]


def words_changed(both: pd.DataFrame) -> Sentence:
    """How many words differ between the two samples, and how many of these changes are likely to be true."""
    same = both["word_first"] == both["word_second"]
    differ, likely = both[~same], int((~same & (both["word_changed"] >= LIKELY)).sum())
    unsure = int((same & (both["word_changed"] > 0.5)).sum())
    text = f"The word differs for {len(differ) or 'none'} of {len(both)} statements. "
    if len(differ):
        text += (
            f"For {likely or 'none'} of these it is at least {LIKELY:.0%} probable that the word differs among everybody "
            "asked."
        )
    if unsure:
        text += (
            f" For {sentences.count(unsure, 'statement')} the word is the same and yet more likely than not to differ among "
            "everybody asked."
        )
    numbers = {
        "words_changed": len(differ),
        "statements": len(both),
        "words_likely_changed": likely,
        "same_but_unsure": unsure,
    }
    return Sentence("change-words", text.strip(), numbers)


def overlap(both: pd.DataFrame) -> Sentence:
    """How many people answered in both periods, and what that does to the intervals."""
    about = both.attrs
    people, in_both = about["overlap"], f"both in {about['previous']} and in {about['period']}"
    same = "If people who answered twice tend to answer as before, the true intervals are narrower"
    words = "A word is then less likely to have changed than the table says."
    if people is None:
        text = (
            f"How many people answered {in_both} is not recorded, so the two are compared as if nobody had. {same}. "
            f"{words}"
        )
    elif not people:
        text = f"Nobody answered {in_both}, so the two are compared as they are."
    else:
        text = (
            f"{people:,} people answered {in_both}. How alike their two answers are is not recorded, so they are treated as "
            f"if they were not. {same}: at a correlation of {about['alike']:g} by {100 * about['narrower']:.1f} points in "
            f"the mean. {words}"
        )
    return Sentence("change-overlap", text, {"overlap": people})


def _change(row: Mapping[Any, Any]) -> str:
    if np.isnan(row["difference"]):
        return formats.BLANK
    low, high = formats.points(row["low"]), formats.points(row["high"])
    return f"{sentences.points(row['difference'])} ({low} to {high})"
