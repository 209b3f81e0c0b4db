"""Is there a trend? From three periods on: the share of each statement in all of them (docs/methods.md A8)."""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import EVIDENCE, level_of, missing

NOBODY = "not asked, on another scale, or answered by nobody or by too few to show"
TOO_FEW = "fewer than three periods have answers"


def words(trend: pd.DataFrame) -> list[Sentence]:
    """On how many statements the share rose or fell; `trend` as `Evidence.trend` gives it, nothing where it has no rows."""
    if trend.empty:
        return []
    periods = trend.attrs["periods"]
    span = f"Over the {len(periods)} periods from {periods[0]} to {periods[-1]}"
    tested = trend.dropna(subset=["p_holm"])
    if tested.empty:
        text = f"{span} no statement has answers in three or more, so nothing can be said of a trend."
        return [Sentence("trend", text)]
    moved = tested[tested["p_holm"] < EVIDENCE]
    quiet = tested[~(tested["p_holm"] < EVIDENCE)]
    rose = int((moved["slope"] > 0).sum())
    numbers: dict[str, float] = {"rises": rose, "falls": len(moved) - rose, "statements": len(tested)}
    text = (
        f"{span} there is evidence of a rise on {rose} and of a fall on {len(moved) - rose} of {len(tested)} statements. "
        "This allows for looking at all of them, and does not say that each step went the same way."
    )
    if len(quiet):
        reach = float(quiet[["low", "high"]].abs().max(axis=1).max())
        numbers |= {"left_out_beyond": reach}
        text += (
            f" On {len(quiet)} there is no evidence of a trend, and their intervals leave out one of more than "
            f"{sentences.points(reach).lstrip('+')} a year."
        )
    return [Sentence("trend", text, numbers, level="key")]


def why_none(trend: pd.DataFrame) -> list[Sentence]:
    """Why there is no trend; nothing where there is one."""
    return missing(trend, "trend")


def table(trend: pd.DataFrame) -> Table | None:
    """The share of each statement in every period, and its change a year."""
    if trend.empty:
        return None
    periods = trend.attrs["periods"]
    return Table(
        "trend-table",
        f"Each statement from {periods[0]} to {periods[-1]}",
        trend,
        (
            Column("statement", "Statement"),
            *(Column(f"share {period}", f"Share {period}", "percent", blank=NOBODY) for period in periods),
            Column("slope", "Change a year, percentage points", "points", blank=TOO_FEW, decimals=1),
            Column("low", "Interval from", "points", blank=TOO_FEW, decimals=1),
            Column("high", "Interval to", "points", blank=TOO_FEW, decimals=1),
            Column("p_holm", "p, adjusted", "number", blank=TOO_FEW, decimals=3),
            Column("evidence", "Evidence of", blank=TOO_FEW),
        ),
        note=(
            "p is that of the Cochran–Armitage test for a trend of the share (the exact permutation test where a period has "
            "fewer than 10 answers), adjusted by Holm’s method for looking at all statements; under 0.05 is called "
            f"evidence. The interval of the change a year is Price and Bonett’s, at {level_of(trend)}. Periods are placed "
            "where their first days lie in time. People who answered more than once are counted as different people "
            "(docs/methods.md A8)."
        ),
        source=trend.attrs["source"],
        bands=trend.attrs["bands"],
    )
