"""How strong is the evidence? Points out of five, and why each was given or not.

Rule: docs/methods.md C13.
"""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table

SCALE = (
    "A point each for enough authorities on certain dates (design), finding the smallest effect worth having (precision), "
    "no difference before exposure, the same reading asked otherwise (sensitivity), and a plan frozen before outcomes were "
    "published (registration)."
)


def words(strength: pd.DataFrame) -> list[Sentence]:
    """The points, and which conditions are met; of `ImpactEvidence.strength`, nothing where nothing is estimated."""
    if strength.empty:
        return []
    names = strength["criterion"].str.lower()
    sides = {"Met": names[strength["met"]], "Not met": names[~strength["met"]]}
    listed = [f"{side}: {sentences.listed(which)}." for side, which in sides.items() if len(which)]
    points = int(strength["met"].sum())
    text = f"Strength of evidence: {points} of {len(strength)}. {' '.join(listed)} {SCALE}"
    return [Sentence("strength", text, {"points": points, "of": len(strength)})]


def table(strength: pd.DataFrame) -> Table | None:
    """A row a condition, with its reason."""
    if strength.empty:
        return None
    return Table(
        "strength-table",
        f"Strength of evidence: {int(strength['met'].sum())} of {len(strength)}",
        strength.assign(met=strength["met"].map({True: "yes", False: "no"})),
        (Column("criterion", "Condition"), Column("met", "Met?"), Column("reason", "Why")),
        note="A point for each condition met. A condition that cannot be looked at is not met.",
    )
