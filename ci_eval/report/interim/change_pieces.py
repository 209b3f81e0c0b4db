"""The chart and the tables of two periods side by side."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement import interval
from ci_eval.report import figures, formats, sentences
from ci_eval.report.interim.evidence import Survey
from ci_eval.report.interim.statements import without_zeros
from ci_eval.report.pieces import Column, Figure, Table

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
        f"{row['statement']}: {sentences.percent(row['agreeing_first'], row['answered_first'])} to "
        f"{sentences.percent(row['agreeing_second'], row['answered_second'])}, {_change(row).replace(chr(10), ' ')}"
        for row in told
    )
    fell, rose = (sum(row["difference"] * sign > 0 for row in told) for sign in (-1, 1))
    return Figure(
        "change-by-statement",
        f"Share who agreed or strongly agreed, {before.period} and {now.period}",
        lambda canvas: figures.dumbbell(
            canvas,
            labels,
            rows["share_first"],
            rows["share_second"],
            periods=(before.period, now.period),
            low=low,
            high=high,
            beside=[_change(row) for row in rows.to_dict("records")],
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
        size=figures.dumbbell_size(labels),
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
    )


def _sources(before: Survey, now: Survey) -> str:
    return sentences.listed([before.record.file, now.record.file])
