"""Estimates of outcomes in one row each: the primary outcome by itself, and every outcome whatever its sign.

Wording and contents: docs/methods.md C9, C10.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Table
from ci_eval.sections.impact.estimates import table
from ci_eval.sections.impact.what_will_be_measured import missing

if TYPE_CHECKING:
    import pandas as pd

NOT_ESTIMATED = "it cannot be estimated; the note says why"
NO_LIMIT = "the orders are too few to reject any effect, or it cannot be estimated"
COLUMNS = (
    Column("outcome", "Outcome"),
    Column("role", "Role"),
    Column("estimate", "Difference, points", "number", blank=NOT_ESTIMATED),
    Column("low", "From", "number", blank=NO_LIMIT),
    Column("high", "To", "number", blank=NO_LIMIT),
    Column("sd", "In SDs", "number", blank=NOT_ESTIMATED),
    Column("p", "p", "number", blank=NOT_ESTIMATED, decimals=3),
    Column("p_raw", "p, raw", "number", blank=NOT_ESTIMATED, decimals=3),
    Column("p_adjusted", "p, adjusted", "number", blank=NOT_ESTIMATED, decimals=3),
    Column("exposed", "Hosts", "count", blank=NOT_ESTIMATED),
    Column("controls", "Controls", "count", blank=NOT_ESTIMATED),
)
OF_THE_PRIMARY = tuple(column for column in COLUMNS if column.name != "p_adjusted")


def all_outcomes(evidence: ImpactEvidence) -> list[Piece]:
    """Every outcome of the plan, whatever its sign, with the multiplicity rule; then what is missing of them, and why."""
    title = "Every outcome of the plan"
    return [
        results_table(evidence, table(evidence), "all-outcomes", title, COLUMNS),
        *missing(evidence),
    ]


def results_table(
    evidence: ImpactEvidence,
    frame: "pd.DataFrame",
    key: str,
    title: str,
    columns: tuple[Column, ...],
) -> Table:
    """Some rows of `estimates.table`; who was left out stands in the note."""
    plan = evidence.plan
    lacking = frame[frame["problem"] != ""]
    why = " ".join(f"{row['outcome']}: {row['problem']}" for row in lacking.to_dict("records"))
    note = (
        f"Differences are in percentage points. The interval, “From” and “To”, holds the effects that the permutation test "
        f"of the rollout order does not reject at {plan.level:.0%}. SDs are standard deviations between authorities in the "
        f"last year before exposure. “p” is studentised, of differences over their standard errors; “p, raw” is of the "
        "differences themselves. “Hosts” are the authorities exposed, “Controls” those not yet. “Role”: in the plan. "
    )
    if columns is COLUMNS:
        note += f"Adjustment: {plan.multiplicity}; the primary outcome is not adjusted. "
    note += f"{why} {_left_out(frame)}"
    finite = frame.replace([np.inf, -np.inf], np.nan)
    return Table(key, title, finite, columns, note=" ".join(note.split()))


def _left_out(frame: "pd.DataFrame") -> str:
    """Who is in no comparison of an outcome for want of a number; outcomes that lose the same are named together."""
    lacking = frame[frame["lost"] != ""]
    losses = [
        f"{names} ({sentences.listed(rows['outcome'])})"
        for names, rows in lacking.groupby("lost", sort=False)
    ]
    return f"Without a number in a year needed, and left out: {'; '.join(losses)}." if losses else ""
