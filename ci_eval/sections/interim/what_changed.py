"""The chart and the tables of two periods side by side.

Methods: docs/methods.md A8. Not finding a change is not finding that there was none: sentences say "no evidence of
change" and which changes the interval leaves out.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement import interval
from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table
from ci_eval.sections.interim.comparing import ALONE, EVIDENCE, compared
from ci_eval.sections.interim.is_there_a_trend import trend_pieces
from ci_eval.sections.interim.nothing_to_show import lower_limit, survey_missing, too_few
from ci_eval.sections.interim.what_they_said import without_zeros

if TYPE_CHECKING:
    import pandas as pd


NOBODY = "nobody answered in one of the two periods, or too few to show"


def dumbbell(before: Survey, now: Survey, frame: "pd.DataFrame") -> Figure:
    """The share of each statement in the two periods with its interval, the largest fall first."""
    rows = frame.sort_values("difference", kind="stable")
    labels = list(rows["statement"])
    ends = [
        interval(rows[f"agreeing_{which}"], rows[f"answered_{which}"], survey.asked)
        for which, survey in (("first", before), ("second", now))
    ]
    low, high = np.column_stack([ends[0][0], ends[1][0]]), np.column_stack([ends[0][1], ends[1][1]])
    told = [row for row in rows.to_dict("records") if not np.isnan(row["difference"])]
    said = "; ".join(
        f"{row['statement']}: {sentences.percent(row['agreeing_first'], row['answered_first'], bands=now.bands)} to "
        f"{sentences.percent(row['agreeing_second'], row['answered_second'], bands=now.bands)}, "
        f"{_change(row).replace(chr(10), ' ')}"
        for row in told
    )
    fell, rose = (sum(row["difference"] * sign > 0 for row in told) for sign in (-1, 1))
    changes = [_change(row) for row in rows.to_dict("records")]
    return Figure(
        "change-by-statement",
        f"Share who agreed or strongly agreed, {before.period} and {now.period}",
        lambda ax: figures.dumbbell(
            ax,
            labels,
            rows[["share_first", "share_second"]],
            low,
            high,
            periods=(before.period, now.period),
            beside=changes,
        ),
        alt=(
            f"Two dots a statement, one a period, joined, each with its 95% interval. From {before.period} to "
            f"{now.period} the share is lower for {fell or 'none'} of {len(told)} statements and higher for "
            f"{rose or 'none'}. Change with "
            f"its 95% interval: {said}."
        ),
        frame=rows[["statement", "share_first", "share_second", "difference", "low", "high"]]
        .assign(low_first=low[:, 0], high_first=high[:, 0], low_second=low[:, 1], high_second=high[:, 1])
        .reset_index(names="code"),
        size=figures.dumbbell_size(labels, changes),
        note=(
            "From the largest fall to the largest rise. The line through a dot is the 95% interval of its share; the "
            "numbers in brackets are that of the change, in percentage points. Two intervals can overlap though the "
            "interval of the change leaves out 0."
        ),
        source=_sources(before, now),
    )


def _change(row: "Mapping[Any, Any]") -> str:
    if np.isnan(row["difference"]):
        return formats.BLANK
    low, high = formats.points(row["low"]), formats.points(row["high"])
    return f"{sentences.points(row['difference'])}\n({low} to {high})"


def change_table(before: Survey, now: Survey, frame: "pd.DataFrame") -> Table:
    """Shares, their difference with its interval, and what the adjusted p allows to be said."""
    return Table(
        "change-table",
        f"Each statement in {before.period} and {now.period}",
        without_zeros(frame, "answered_first", "answered_second"),
        (
            Column("statement", "Statement"),
            Column("answered_first", f"Answered {before.period}", "count", blank=NOBODY),
            Column("share_first", f"Share {before.period}", "percent", blank=NOBODY),
            Column("answered_second", f"Answered {now.period}", "count", blank=NOBODY),
            Column("share_second", f"Share {now.period}", "percent", blank=NOBODY),
            Column("difference", "Change, percentage points", "points", blank=NOBODY),
            Column("low", "Interval from", "points", blank=NOBODY),
            Column("high", "Interval to", "points", blank=NOBODY),
            Column("p_holm", "p, adjusted", "number", blank=NOBODY, decimals=3),
            Column("reading", "Evidence of", blank=NOBODY),
        ),
        note=(
            "Interval: Newcombe’s, at 95%, of the change of the share, for each statement by itself"
            f"{_asked(before, now)}. p is of the chance of more agreement in the next table, adjusted by Holm’s method for "
            "looking at all statements; under 0.05 is called evidence, and 0.000 is under 0.0005. “None” is no evidence of "
            "change, and not evidence of none; “a hint” is no evidence either, though the interval of that one statement "
            "leaves out 0 (docs/methods.md A8)."
        ),
        source=_sources(before, now),
        bands=now.bands,
    )


def _asked(before: Survey, now: Survey) -> str:
    known = [survey.period for survey in (before, now) if survey.asked is not None]
    return f", exact for the number asked in {sentences.listed(known)}" if known else ""


def words_table(before: Survey, now: Survey, frame: "pd.DataFrame") -> Table:
    """The word in the two periods, how probable it is that it truly changed, and the change over the whole scale."""
    return Table(
        "change-words-table",
        f"The word for each statement in {before.period} and {now.period}, and the chance of more agreement",
        frame,
        (
            Column("statement", "Statement"),
            Column("word_first", f"Word {before.period}", blank=NOBODY),
            Column("word_second", f"Word {now.period}", blank=NOBODY),
            Column("word_changed", "Probability that the word truly differs", "percent", blank=NOBODY),
            Column("superiority", "Chance of more agreement", "number", blank=NOBODY),
            Column("superiority_low", "Interval from", "number", blank=NOBODY),
            Column("superiority_high", "Interval to", "number", blank=NOBODY),
        ),
        note=(
            "The probability is that of everybody asked, given those who answered; people who answered in both periods "
            "make a true change less probable than this says. “Chance of more agreement” is the probability that somebody "
            f"of {now.period} agrees more strongly than somebody of {before.period}, over the whole scale, equal answers "
            "counting half: 0.50 is no difference (Brunner–Munzel; where fewer than 10 people answered, or all alike, the "
            "exact permutation test and Newcombe’s interval; docs/methods.md A8)."
        ),
        source=_sources(before, now),
        bands=now.bands,
    )


def _sources(before: Survey, now: Survey) -> str:
    return sentences.listed([before.record.file, now.record.file])


LIKELY = 0.8  # the probability from which a word is said to have changed; that of a sure word (A4)
NAMED = 3  # more statements than this are left to the table
ALIKE = 0.5  # correlation of a person's two answers, to show what a declared overlap could be worth


def change(evidence: Evidence) -> list[Piece]:
    """Every statement in the two periods, a dumbbell of them, the words, and the trend where there are three."""
    if not evidence.reports_survey:
        return [survey_missing(evidence, "change-missing")]
    return [*_since_last(evidence), *trend_pieces(evidence)]


def _since_last(evidence: Evidence) -> list[Piece]:
    before, now = evidence.previous, evidence.survey
    if before is None:
        return [
            Sentence.missing(
                "change-missing",
                f"There is no earlier period to compare {evidence.period} with.",
                "declare the earlier period, with its survey, in the settings file.",
            )
        ]
    if before.responses is None:
        return [
            Sentence.missing(
                "change-missing",
                f"The last period, {before.period}, has no survey to compare with.",
                f'add file = "its export" under [periods."{before.period}".survey].',
            )
        ]
    if not evidence.may_report(before):
        return [
            Sentence.missing(
                "change-missing",
                f"{too_few(evidence, before)}, so there is nothing to compare {evidence.period} with.",
                lower_limit(),
            )
        ]
    frame = compared(before, now)
    if frame.dropna(subset=["difference"]).empty:
        text = f"No statement was answered both in {before.period} and in {now.period}."
        return [Sentence("change", text, level="warning")]
    return [
        change_sentence(before, now, frame),
        no_evidence(frame),
        words_sentence(frame),
        overlap_sentence(evidence, before, frame),
        dumbbell(before, now, frame),
        change_table(before, now, frame),
        words_table(before, now, frame),
    ]


def change_sentence(before: Survey, now: Survey, frame: "pd.DataFrame") -> Sentence:
    """On how many statements answers moved, in which direction, and the largest difference of a share."""
    both = frame.dropna(subset=["difference"])
    moved = both[both["p_holm"] < EVIDENCE]
    more = int((moved["superiority"] > 0.5).sum())
    text = f"Between {before.period} and {now.period} there is evidence that answers moved on "
    text += f"{len(moved) or 'none'} of {len(both)} statements, after adjusting for looking at all of them"
    text += (
        f": towards agreement on {more or 'none'} and away from it on {len(moved) - more or 'none'}. "
        if len(moved)
        else ". "
    )
    largest = both.to_dict("records")[int(both["difference"].abs().to_numpy().argmax())]
    text += (
        f"The largest difference is {sentences.points(largest['difference'])} (95% interval "
        f"{_span(largest['low'], largest['high'])}), from "
        f"{sentences.share_of(largest['agreeing_first'], largest['answered_first'], bands=now.bands)} to "
        f"{sentences.share_of(largest['agreeing_second'], largest['answered_second'], bands=now.bands)}: "
        f"“{largest['statement']}”."
    )
    numbers = {str(code): float(value) for code, value in both["difference"].items()}
    numbers |= {"evidence_of_change": len(moved), "towards_agreement": more, "statements": len(both)}
    numbers |= {"away_from_agreement": len(moved) - more}
    numbers |= {
        f"largest_{name}": float(largest[name])
        for name in (
            "difference", "low", "high", "share_first", "agreeing_first", "answered_first", "share_second",
            "agreeing_second", "answered_second",
        )
    }  # fmt: skip
    return Sentence(
        "change", text, numbers, source=sentences.listed([before.record.file, now.record.file]), level="key"
    )


def _span(low: float, high: float) -> str:
    return f"{sentences.points(low).split()[0]} to {sentences.points(high)}"


def no_evidence(frame: "pd.DataFrame") -> Sentence:
    """What is left of the statements without evidence: which changes their intervals leave out."""
    both = frame.dropna(subset=["difference"])
    quiet = both[~(both["p_holm"] < EVIDENCE)]
    if quiet.empty:
        return Sentence(
            "change-no-evidence", "There is evidence of change on every statement.", {"statements": 0}
        )
    reach = quiet[["low", "high"]].abs().max(axis=1)
    alone = int((quiet["reading"] == ALONE).sum())
    numbers = {
        "statements": len(quiet),
        "least": float(reach.min()),
        "most": float(reach.max()),
        "alone": alone,
    }
    text = f"On {sentences.count(len(quiet), 'statement')} there is no evidence of change. That is not evidence of none: "
    if len(quiet) == 1:
        row = quiet.iloc[0]
        text += f"the interval leaves out only {excluded(float(row['low']), float(row['high']))}."
    else:
        text += (
            f"a change of up to {_size(float(reach.min()))} remains possible on the statement that is known best, and "
            f"of up to {_size(float(reach.max()))} on the one that is known least."
        )
    if alone:
        text += (
            f" On {sentences.count(alone, 'of these', 'of these')} the interval by itself leaves out 0; looking at so many "
            "statements at once, that is a hint and no evidence."
        )
    return Sentence("change-no-evidence", text, numbers)


def excluded(low: float, high: float) -> str:
    """The changes an interval leaves out, in words: ``falls of more than 4 points and rises of more than 9 points``."""
    parts = [
        f"{'falls' if low <= 0 else 'rises'} of {'more' if low <= 0 else 'less'} than {_size(low)}"
        if low > -1
        else "",
        f"{'rises' if high >= 0 else 'falls'} of {'more' if high >= 0 else 'less'} than {_size(high)}"
        if high < 1
        else "",
    ]
    return sentences.listed(part for part in parts if part) or "nothing"


def _size(difference: float) -> str:
    return sentences.points(abs(difference)).lstrip("+")


def words_sentence(frame: "pd.DataFrame") -> Sentence:
    """How many words differ between the two samples, and how many of these changes are likely to be true."""
    both = frame.dropna(subset=["difference"])
    differ = both[both["word_first"] != both["word_second"]]
    likely = differ[differ["word_changed"] >= LIKELY]
    hidden = both[(both["word_first"] == both["word_second"]) & (both["word_changed"] > 0.5)]
    text = f"The word differs for {len(differ) or 'none'} of {len(both)} statements. "
    if len(differ):
        text += (
            f"For {len(likely)} of these the probability that the word truly differs among everybody asked is at least "
            f"{LIKELY:.0%}; a word near the edge of its band can change without a change of mind."
        )
    if len(hidden):
        text += (
            f" For {sentences.count(len(hidden), 'statement')} the word is the same and yet more likely than not to "
            "differ among everybody asked."
        )
    numbers = {
        "words_changed": len(differ),
        "statements": len(both),
        "words_likely_changed": len(likely),
        "same_but_unsure": len(hidden),
    }
    return Sentence("change-words", text.strip(), numbers)


def overlap_sentence(evidence: Evidence, before: Survey, frame: "pd.DataFrame") -> Sentence:
    """How many people answered in both periods, and what that does to the intervals."""
    overlap = evidence.survey.overlap
    same = (
        "Whoever answered twice tends to answer as before, so the true intervals are, if anything, narrower"
    )
    if overlap is None:
        text = (
            f"How many people answered both in {before.period} and in {evidence.period} is not recorded, so the two are "
            f"compared as if nobody had. {same}, and a word is less likely to have changed than the table says. "
            f"To say how many, {evidence.fix('overlap', 'survey')}."
        )
    elif not overlap:
        text = f"Nobody answered both in {before.period} and in {evidence.period}, so the two are compared as they are."
    else:
        joint = compared(before, evidence.survey, correlation=ALIKE)
        narrower = (frame["high"] - frame["low"]) - (joint["high"] - joint["low"])
        text = (
            f"{overlap:,} people answered both in {before.period} and in {evidence.period}. How alike their two answers "
            f"are cannot be known, so they are treated as if they were not. {same}: at a correlation of {ALIKE:g} by "
            f"{100 * float(narrower.mean()):.1f} points in the mean. A word is less likely to have changed than the table "
            "says."
        )
    return Sentence("change-overlap", text, {"overlap": overlap})
