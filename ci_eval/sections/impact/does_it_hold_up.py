"""Does the answer hold up? The same question asked in the other ways that the plan lists.

Method: docs/methods.md C5. A variation that cannot be made keeps its row and says why.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.impact import point_differences
from ci_eval.sections.impact.point_differences import p_value, signed
from ci_eval.sections.wording import missing

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 3  # authorities on either side below which an estimate has a row and is not counted


def compared(variations: "pd.DataFrame") -> "pd.DataFrame":
    """The variations that estimate the planned effect from enough authorities to say something."""
    enough = (variations["exposed"] >= FEWEST) & (variations["controls"] >= FEWEST)
    return variations[variations["estimate"].notna() & enough & (variations["kind"] != "placebo years")]


def words(variations: "pd.DataFrame") -> list[Sentence]:
    """How many have the sign of the planned one, how far they run, placebos, trends; of `ImpactEvidence.variations`."""
    if variations.empty:
        return missing(variations, "robust")
    estimate, tested = variations.attrs["estimate"], compared(variations)
    same = int((np.sign(tested["estimate"]) == np.sign(estimate)).sum())
    text = (
        f"{same} of {len(tested)} variations with an estimate from {FEWEST} or more authorities on either side have the "
        f"sign of the planned one ({signed(estimate)})"
    )
    if len(tested):
        text += f"; they run from {signed(tested['estimate'].min())} to {signed(tested['estimate'].max())} percentage points"
    text += "."
    placebos = variations[variations["kind"].eq("placebo years") & variations["estimate"].notna()]
    if len(placebos):
        worst = placebos.to_dict("records")[int(placebos["estimate"].abs().to_numpy().argmax())]
        text += f" The largest placebo is {signed(worst['estimate'])} ({worst['how']}; p = {p_value(worst['p'])})."
    magnitudes = variations[(variations["kind"] == "relative magnitudes") & variations["low"].notna()]
    excluded = [row["how"] for row in magnitudes.to_dict("records") if row["low"] > 0 or row["high"] < 0]
    if len(magnitudes):
        text += (
            f" Zero stays excluded where {excluded[-1]}."
            if excluded
            else f" Zero is not excluded where {magnitudes['how'].iloc[0]}."
        )
    unmade = variations[(variations["note"] != "") & variations["estimate"].isna() & variations["low"].isna()]
    if len(unmade):
        text += f" Not made: {sentences.listed(sorted(set(unmade['kind'])))}; the table says why."
    return [Sentence("robust", text, {"same_sign": same, "variations": len(tested)})]


def table(variations: "pd.DataFrame") -> Table | None:
    """Every variation, in the plan's order or that of the frame."""
    if variations.empty:
        return None
    return Table(
        "robust-table",
        "The primary outcome, estimated in the other ways that the plan lists",
        variations.replace([np.inf, -np.inf], np.nan),
        (
            Column("kind", "Variation"),
            Column("how", "How"),
            *point_differences.columns(
                "bounds or an interval only", "no limit, or none could be worked out", "as in the plan"
            ),
            Column("note", "Note", blank="nothing to note"),
        ),
        note=(
            "Relative magnitudes and smoothness (Rambachan and Roth 2023) give intervals that hold although trends are not "
            "parallel. Bounds over unknown dates are the smallest and largest estimate, without allowance for chance."
        ),
        row_heading="how",
    )
