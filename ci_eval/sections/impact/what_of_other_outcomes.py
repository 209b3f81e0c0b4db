"""What about the other outcomes, and the gap between areas? Every outcome of the plan, whatever its sign.

Wording and contents: docs/methods.md C9, C10.
"""

from typing import Literal

import numpy as np
import pandas as pd

from ci_eval.impact.detectable_effects import WANTED
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.impact.point_differences import GAP, gap_indexes, signed
from ci_eval.sections.wording import level_of

NOT_ESTIMATED = "it cannot be estimated; the note says why"
NOT_KNOWN = "what would be found cannot be worked out"
NO_LIMIT = "the orders are too few to reject any effect, or it cannot be estimated"
COLUMNS = (
    Column("outcome", "Outcome"),
    Column("role", "Role"),
    Column("estimate", "Difference, points", "number", blank=NOT_ESTIMATED),
    Column("low", "From", "number", blank=NO_LIMIT),
    Column("high", "To", "number", blank=NO_LIMIT),
    Column("smallest", "Smallest found", "number", blank=NOT_KNOWN, decimals=1),
    Column("sd", "In SDs", "number", blank=NOT_ESTIMATED),
    Column("p", "p", "number", blank=NOT_ESTIMATED, decimals=3),
    Column("p_raw", "p, raw", "number", blank=NOT_ESTIMATED, decimals=3),
    Column("p_adjusted", "p, adjusted", "number", blank=NOT_ESTIMATED, decimals=3),
    Column("exposed", "Hosts", "count", blank=NOT_ESTIMATED),
    Column("controls", "Controls", "count", blank=NOT_ESTIMATED),
)
Sort = Literal["plan", "estimate", "p"]


def words(outcomes: pd.DataFrame) -> list[Sentence]:
    """How many of the outcomes beside the primary one are unusual, and each difference; of `outcomes`."""
    about = outcomes.attrs
    rows = outcomes[(outcomes["role"] == "secondary") & outcomes["estimate"].notna()]
    if rows.empty:
        return []
    each = (f"{row['outcome']} {signed(row['estimate'])}" for row in rows.to_dict("records"))
    unusual = int((rows["p_adjusted"] <= 1 - about["level"]).sum())
    adjusted = ", adjusted for their number" if about["multiplicity"] != "none" else ""
    text = (
        f"Of {sentences.count(len(rows), 'other outcome', 'other outcomes')}, {unusual or 'none'} "
        f"{'is' if unusual < 2 else 'are'} unusual{adjusted}. The differences in percentage points: {'; '.join(each)}. The "
        "table of every outcome has their intervals and the smallest effects found."
    )
    return [Sentence("other-outcomes", text, {"secondary": len(rows), "unusual": unusual})]


def table(outcomes: pd.DataFrame, sort: Sort = "plan") -> Table | None:
    """A row an outcome, in the plan's order or by another column; of `ImpactEvidence.outcomes` or `estimate`.

    Of one outcome alone, as `estimate` gives it, nothing is adjusted. The note names who was left out.
    """
    if outcomes.empty:
        return None
    frame = outcomes if sort == "plan" else outcomes.sort_values(sort, ascending=sort == "p")
    alone = list(frame["role"]) == ["primary"]
    lacking = frame[frame["problem"] != ""]
    why = " ".join(f"{row['outcome']}: {row['problem']}" for row in lacking.to_dict("records"))
    adjusted = f"Adjustment: {frame.attrs['multiplicity']}; the primary outcome is not adjusted."
    note = (
        "Differences are in percentage points. The interval, “From” and “To”, holds the effects that the permutation test "
        f"of the rollout order does not reject at {level_of(frame)}. “Smallest found” is the true effect that {WANTED:.0%} "
        "of such evaluations would call unusual, in the years opened. SDs are standard deviations between authorities in "
        f"the last year before exposure. “p” is studentised, of differences over their standard errors; “p, raw” is of the "
        "differences themselves. “Controls” are the authorities not yet exposed. "
        f"{'' if alone else adjusted} {_of_gaps(frame)} {why} {_left_out(frame)}"
    )
    return Table(
        "answer-table" if alone else "all-outcomes",
        "The primary outcome" if alone else "Every outcome of the plan",
        frame.replace([np.inf, -np.inf], np.nan),
        tuple(column for column in COLUMNS if not alone or column.name != "p_adjusted"),
        note=" ".join(note.split()),
        source="; ".join(frame.attrs["publications"]),
    )


def _of_gaps(frame: pd.DataFrame) -> str:
    """How to read a gap: which sign means wider, and which editions of the index it spans."""
    if not frame["outcome"].str.endswith(GAP).any():
        return ""
    return f"Of a gap, plus means wider and minus narrower. {gap_indexes(frame.attrs['indexes'])}"


def _left_out(frame: pd.DataFrame) -> str:
    """Who is in no comparison of an outcome for want of a number; outcomes that lose the same are named together."""
    lacking = frame[frame["lost"] != ""]
    losses = [
        f"{names} ({sentences.listed(rows['outcome'])})"
        for names, rows in lacking.groupby("lost", sort=False)
    ]
    return f"Without a number in a year needed, and left out: {'; '.join(losses)}." if losses else ""
