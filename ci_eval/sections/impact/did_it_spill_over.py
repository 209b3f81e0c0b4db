"""Did it spill over to others? Officers sent to earlier teams, and what they make of the comparison."""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.impact.point_differences import p_value, signed
from ci_eval.sections.wording import level_of, missing


def words(spillover: pd.DataFrame) -> list[Sentence]:
    """How many of those compared with had sent officers, and the estimates without them; of `ImpactEvidence.spillover`."""
    if spillover.empty:
        return missing(spillover, "spillover")
    reached, controls = int(spillover["reached"].sum()), int(spillover["controls"].sum())
    return [
        Sentence(
            "spillover",
            f"Of the authorities compared with, {sentences.share_of(reached, controls, bands=())} had sent officers to "
            "earlier teams by then, over all comparisons.",
            {"reached": reached, "controls": controls},
        ),
        _without(spillover),
        _together(spillover),
    ]


def _without(spillover: pd.DataFrame) -> Sentence:
    """The estimate against authorities that had sent nobody."""
    result = spillover.attrs["without"]
    if isinstance(result, str):
        message = f"Without those who had sent officers nothing can be compared: {result}"
        return Sentence("spillover-donut", message, level="warning")
    return Sentence(
        "spillover-donut",
        f"Compared only with authorities that had sent nobody, the difference is {signed(result['estimate'])} percentage "
        f"points ({level_of(spillover)} interval {signed(result['low'])} to {signed(result['high'])}; "
        f"{result['exposed']} against {result['controls']}).",
        {name: result[name] for name in ("estimate", "low", "high", "controls")},
    )


def _together(spillover: pd.DataFrame) -> Sentence:
    """Own exposure and having sent officers in one regression."""
    both = spillover.attrs["together"]
    if isinstance(both, str):
        message = f"Effect and spillover cannot be estimated together: {both}"
        return Sentence("spillover-both", message, level="warning")
    return Sentence(
        "spillover-both",
        f"Estimated together, own exposure goes with {signed(both['effect'])} percentage points "
        f"(p = {p_value(both['p_effect'])}) and having sent officers {signed(both['spillover'])} "
        f"(p = {p_value(both['p_spillover'])}); without the second the same regression gives "
        f"{signed(both['effect_alone'])}.",
        {name: both[name] for name in ("effect", "spillover", "effect_alone")},
    )


def table(spillover: pd.DataFrame) -> Table | None:
    """Who had sent officers to earlier teams, in every comparison."""
    if spillover.empty:
        return None
    return Table(
        "spillover-table",
        "Who had sent officers to earlier teams, in every comparison",
        spillover,
        (
            Column("cohort", "Cohort"),
            Column("year", "School year"),
            Column("base", "Compared with"),
            Column("controls", "Authorities compared with", "count"),
            Column("reached", "Of them had sent officers", "count"),
            Column("share", "Share", "percent"),
            Column("officers", "Officers sent", "count"),
        ),
        bands=(),
    )
