"""What did they say? Each statement's share, the word for it and how sure it is, and consensus.

The page runs no scripts, so its table cannot be sorted there: ranks are beside the questionnaire's order, and the
spreadsheet's tables and the notebook sort (docs/decisions/0005-sorting.md).
"""

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from ci_eval import agreement
from ci_eval.agreement.word_probability import SURE
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.interim import key_messages
from ci_eval.sections.wording import (
    NOBODY,
    level_of,
    missing,
    nothing_in,
    of_each_scale,
    scale_of,
    without_zeros,
)

RANKED = {"share": "share", "sureness": "sureness of the word", "consensus": "consensus"}
LESS = 0.1  # by so much lower the share of the others is supposed to be
A_SURE_WORD = (
    f"A word is sure where, if the others asked are like those who answered, it is right for everybody with a probability "
    f"of at least {SURE:.0%}."
)
ONE = f"{NOBODY}, or answered by one person"
ASKED = f"{NOBODY}, or how many were asked is not recorded"
NOTHING = f"{NOBODY}, how many were asked is not recorded, or nothing makes the word fall"


@of_each_scale
def words(statements: pd.DataFrame) -> list[Sentence]:
    """A sentence a word, how sure they are, who gave no answer, and consensus; of `Evidence.statements`."""
    if nothing_in(statements):
        return missing(statements, "statements-missing")
    answered = statements[statements["answered"] > 0]
    if answered.empty:
        return key_messages.unanswered(statements)
    messages = key_messages.by_word(ordered(statements, "share"))
    return [*messages, not_sure(answered), no_answer(answered), consensus(answered)]


def ordered(statements: pd.DataFrame, by: str) -> pd.DataFrame:
    """The most first, by one of `RANKED`; as the frame has it where `by` is empty.

    Raises
    ------
    ValueError
        For an order that is not known.
    """
    if by not in ("", *RANKED):
        raise ValueError(
            f'there is no order {by!r}; give one of {", ".join(RANKED)}, or "" for the frame\'s own'
        )
    if not by or statements.empty:
        return statements
    return statements.sort_values(by, ascending=False, kind="stable", na_position="last")


@of_each_scale
def chart(statements: pd.DataFrame, order: str = "share") -> Figure | None:
    """Diverging stacked bars with n and the word; None where there is no answer.

    `order`: share, sureness or consensus, the most first, or "" as the frame has it.
    """
    if nothing_in(statements) or not statements["answered"].any():
        return None
    rows = ordered(statements, order)
    texts, by_word = [sentences.opening(topic) for topic in rows["topic"]], list(rows["word"])
    bands = rows.attrs["bands"]
    answers, scale = rows.attrs["answers"], scale_of(rows)
    apart = " and ".join(f"“{answer}”" for answer in scale.not_scale)
    apart = apart and f"{apart} is shown apart and is not part of any percentage"
    between = [band for band in bands if band.above < band.up_to]
    edges = [
        f"{one.word} {'up to' if one.up_to_included else 'under'} {float(one.up_to):.0%}" for one in between
    ]
    ranked = _ranked(rows[rows["answered"] > 0])
    return Figure(
        "statements",
        _extremes(rows, ranked),
        lambda ax: figures.likert(
            ax,
            rows[list(answers)].to_numpy(),
            texts,
            list(answers.values()),
            scale.answers,
            by_word,
            said=scale.short,
        ),
        alt=(
            f"Stacked bars of the answers to {sentences.count(len(rows), 'statement')}: {_range(ranked, bands)} "
            f"{scale.short}."
        ),
        frame=rows[["statement", *answers, "not_answered"]].reset_index(),
        size=figures.likert_size(texts, by_word),
        note=(
            f"Percentages are of those who answered on the scale{f'; {apart}' if apart else ''}. n is the number who "
            f"answered on the scale. Words: {', '.join(edges)}."
        ),
        source=rows.attrs["source"],
        columns=(
            Column("statement", "Statement"),
            *(Column(code, answer, "count") for code, answer in answers.items()),
            Column("not_answered", "No answer", "count"),
        ),
    )


@of_each_scale
def ladder(
    statements: pd.DataFrame, change: pd.DataFrame | None = None, order: str = "share"
) -> Figure | None:
    """Each statement's share on the bands of the words; with `change`, as `Evidence.change`, the period before as rings.

    None where there is no answer; `order` as for `chart`.
    """
    if nothing_in(statements) or not statements["answered"].any():
        return None
    rows = ordered(statements[statements["answered"] > 0], order)
    bands = rows.attrs["bands"]
    edges = [(band.word, float(band.above), float(band.up_to)) for band in bands]
    compared = change is not None and not change.empty
    before = change["share_first"].reindex(rows.index) if change is not None and compared else ()
    periods = (change.attrs["previous"] if change is not None and compared else "", rows.attrs["period"])
    ranked = _ranked(rows)
    sure, scale = int((rows["sureness"] >= SURE).sum()), scale_of(rows)
    title = f"{sure or 'None'} of {sentences.count(len(rows), 'word')}"
    title += f" {'is' if sure < 2 else 'are'} sure"
    return Figure(
        "ladder-of-words",
        f"{title}: each share and its interval on the bands of the words",
        lambda ax: figures.ladder(
            ax,
            list(rows["statement"]),
            rows["share"],
            rows["low"],
            rows["high"],
            bands=edges,
            before=before,
            periods=periods,
            beside=[
                sentences.percent(row["agreeing"], row["answered"], bands=bands)
                for row in rows.to_dict("records")
            ],
            level=level_of(rows),
            said=scale.said,
        ),
        alt=(
            f"Shares of {sentences.count(len(rows), 'statement')} on the bands of the words, each with its interval: "
            f"{_range(ranked, bands)} {scale.short}."
        ),
        frame=rows[
            ["statement", "answered", "agreeing", "share", "low", "high", "word", "sureness"]
        ].reset_index(),
        size=figures.ladder_size(list(rows["statement"])),
        note=(
            f"The bar is the {level_of(rows)} interval: the longer it is, the less sure is the word. {A_SURE_WORD} "
            "A bar over the edge of a band could bear either word."
        ),
        source=rows.attrs["source"],
        columns=(
            Column("statement", "Statement"),
            Column("answered", "Answered", "count"),
            Column("share", sentences.opening(scale.said), "percent"),
            Column("low", "Interval from", "percent"),
            Column("high", "Interval to", "percent"),
            Column("word", "Word"),
        ),
        bands=bands,
    )


@of_each_scale
def table(statements: pd.DataFrame, sort: str = "") -> Table | None:
    """The share of each statement and how far it can be trusted; `sort` as `chart`'s order."""
    if nothing_in(statements) or not statements["answered"].any():
        return None
    asked, scale = statements.attrs["asked"], scale_of(statements)
    interval = (
        "The interval is for a population without end (Wilson), because how many were asked is not recorded"
        if asked is None
        else f"The interval is exact for the {asked:,} people asked"
    )
    return Table(
        "statements-table",
        f"{sentences.opening(scale.measure)} by statement, and how far it can be trusted",
        without_zeros(ordered(statements, sort), "answered"),
        (
            Column("statement", "Statement"),
            Column("answered", "Answered", "count", blank=NOBODY),
            Column("share", sentences.opening(scale.said), "percent", blank=NOBODY),
            Column("low", "Interval from", "percent", blank=NOBODY),
            Column("high", "Interval to", "percent", blank=NOBODY),
            Column("hedged_word", "Word, and the next where not sure", blank=NOBODY),
            Column("sureness", "How sure is the word", "percent", blank=NOBODY),
            Column("would_change", "What would change the word", blank=NOBODY),
            Column("median", "Median answer", blank=NOBODY),
            Column("consensus", "Consensus", "number", blank=NOBODY),
        ),
        note=(
            f"{interval}, at {level_of(statements)}, and treats those who answered as a random sample of them. “How sure” "
            "is the probability that the word is right for everybody asked. “What would change the word” is how many "
            "people fewer or more, at the least, it would take to make it untrue, and the word then (docs/methods.md "
            "A1 to A5). “Consensus” is van der Eijk’s A: 1 where all give one answer, 0 where all answers are given equally "
            "often, −1 where half are at each end (A9)."
        ),
        source=statements.attrs["source"],
        bands=statements.attrs["bands"],
    )


@of_each_scale
def ranking(statements: pd.DataFrame) -> Table | None:
    """Ranks of each statement, more measures of consensus, and what those who did not answer could change."""
    if nothing_in(statements) or not statements["answered"].any():
        return None
    return Table(
        "statements-ranks",
        "Which statements come first, how far respondents agree with each other, and whatever the others would say",
        statements,
        (
            Column("statement", "Statement"),
            *(Column(f"rank_{by}", f"Rank by {name}", "count", blank=NOBODY) for by, name in RANKED.items()),
            Column("tastle_wierman", "Consensus (Tastle and Wierman)", "number", blank=NOBODY),
            Column("rwg", "rwg, uniform null", "number", blank=ONE),
            Column("least", "Whatever the others say, from", "percent", blank=ASKED),
            Column("most", "Whatever the others say, to", "percent", blank=ASKED),
            Column(
                "tipping", "The word falls if the share of the others is lower by", "points", blank=NOTHING
            ),
            Column("strongly", f"“{scale_of(statements).answers[0]}”", "percent", blank=NOBODY),
            Column("unanswered", "No answer on the scale", "count", blank=NOBODY),
        ),
        note=(
            "Rank 1 is the largest share, the surest word, the most consensus (van der Eijk’s A, in the table above); "
            "equals have the same rank. Tastle and Wierman’s consensus goes from 0 to 1. rwg: 1 to 0, against answers "
            "spread evenly; where people tend to be polite that null is easy to beat (docs/methods.md A9). “Whatever the "
            "others say” assumes nothing about those who did not answer (A6). To sort a table, open tables.xlsx."
        ),
        source=statements.attrs["source"],
        bands=statements.attrs["bands"],
    )


def not_sure(answered: pd.DataFrame) -> Sentence:
    """How sure the words are if the others are like those who answered, and what if they are not."""
    unsure = answered[answered["sureness"] < SURE]
    numbers = {str(code): float(value) for code, value in unsure["sureness"].items()}
    numbers |= {"sure": len(answered) - len(unsure), "statements": len(answered)}
    sure = numbers["sure"]
    text = f"{A_SURE_WORD} That holds for {sure or 'none'} of {len(answered)} words."
    if len(unsure):
        named = sentences.listed(
            f"“{row['statement']}”: {row['hedged_word']}" for row in unsure.to_dict("records")
        )
        text += (
            f" Less sure: {named}."
            if len(unsure) <= key_messages.NAMED
            else " The table of statements names a second word for the rest."
        )
    others, counted = if_others_differ(answered)
    return Sentence("words-not-sure", f"{text} {others}".strip(), numbers | counted)


def if_others_differ(answered: pd.DataFrame) -> tuple[str, dict[str, float]]:
    """Which words stand whatever the others would say, and how many fall if their share were lower; "" where not known."""
    if any(one is None for one in answered["stands"]):
        return "", {}
    stand, total = int(answered["stands"].astype(bool).sum()), len(answered)
    fall = int((answered["tipping"] <= LESS).sum())
    numbers = {"stand": stand, "fall": fall, "less": LESS}
    if stand == total:
        return f"All {total} words stand whatever the others would say.", numbers
    text = f"{stand or 'None'} of the {total} words {'stand' if stand > 1 else 'stands'} whatever the others would say"
    less = f"the share of the others were {sentences.points(LESS).lstrip('+')} lower"
    return (
        f"{text}; if {less}, {fall or 'none'} would change.",
        numbers,
    )


def no_answer(answered: pd.DataFrame) -> Sentence:
    """How many gave no answer on the scale, in the mean and on the statement that had the fewest answers."""
    received, names = answered.attrs["received"], answered.attrs["answers"]
    row = answered.sort_values("unanswered", kind="stable").to_dict("records")[-1]
    mean = float(answered["unanswered"].mean()) / received
    numbers = {"respondents": received, "mean": mean, "most": row["unanswered"]}
    if not row["unanswered"]:
        text = (
            f"Each of the {received:,} respondents gave an answer on the scale to each of these statements."
        )
        return Sentence("no-answer", text, numbers)
    beside = {label: row[name] for name, label in names.items() if label not in scale_of(answered).answers}
    beside |= {"left blank": row["not_answered"]}
    parts = sentences.listed(f"{label} {number:,.0f}" for label, number in beside.items() if number)
    text = (
        f"On average {formats.percent(mean, 1, bands=())} of {received:,} respondents gave no answer on the scale to a "
        f"statement; the most, {row['unanswered']:,.0f}, on “{row['statement']}” ({parts})."
    )
    return Sentence(
        "no-answer", text, numbers | {label.lower().replace(" ", "_"): n for label, n in beside.items()}
    )


def consensus(answered: pd.DataFrame) -> Sentence:
    """The statements on which respondents agree with each other most and least."""
    rows = answered.sort_values("consensus", kind="stable").to_dict("records")
    least, most = rows[0], rows[-1]
    text = (
        f"Respondents agree with each other most on {_alike(rows, most, 'consensus ')}. They agree least on "
        f"{_alike(rows, least)}. "
    )
    if f"{most['consensus']:.2f}" == f"{least['consensus']:.2f}":
        text = (
            "Respondents agree with each other as much on one statement as on any other "
            f"(consensus {most['consensus']:.2f}). "
        )
    text += "Consensus is 1 where all give one answer and 0 where all answers are given equally often"
    text += "." if least["consensus"] >= 0 else "; it is less where answers stand at both ends."
    numbers = {"most": most["consensus"], "least": least["consensus"], "statements": len(rows)}
    return Sentence("consensus", text, numbers)


def _alike(rows: list[dict[Hashable, Any]], end: dict[Hashable, Any], name: str = "") -> str:
    """The statements whose consensus is that of one at the end, with it and, of one statement, the median."""
    same = [row["statement"] for row in rows if f"{row['consensus']:.2f}" == f"{end['consensus']:.2f}"]
    median = f", median {end['median']}" if len(same) == 1 else ""
    named = sentences.listed(f"“{one}”" for one in same)
    if len(same) > key_messages.NAMED:
        named = sentences.count(len(same), "statement")
    return f"{named} ({name}{end['consensus']:.2f}{median})"


def _ranked(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The rows from the largest share; agreement with a reversed statement is compared with no other."""
    against = rows.index.isin(rows.attrs["reversed"])
    return ordered(rows if against.all() else rows[~against], "share").to_dict("records")


def _range(ranked: list[dict[Hashable, Any]], bands: Sequence[agreement.Band]) -> str:
    """``15% to 100%``, or ``90%`` of one statement or equal shares; the rows from the largest share."""
    shares = [
        sentences.percent(row["agreeing"], row["answered"], bands=bands) for row in (ranked[-1], ranked[0])
    ]
    return " to ".join(dict.fromkeys(shares))


def _extremes(rows: pd.DataFrame, ranked: list[dict[Hashable, Any]]) -> str:
    """The chart's finding: from which share to which, of the statements agreement with which is favourable."""
    scale, span = scale_of(rows), _range(ranked, rows.attrs["bands"])
    some = rows.index.isin(rows.attrs["reversed"]).any()
    if " to " in span:
        return f"{sentences.opening(scale.measure)}{' with favourable statements' if some else ''} runs from {span}"
    alone = f"{span} {scale.short}"
    if some:
        return f"{alone}, to each favourable statement"
    return alone if len(ranked) == 1 else f"{alone}, whatever the statement"
