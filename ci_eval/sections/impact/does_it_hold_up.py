"""Does the answer hold up? The same question asked in the other ways that the plan lists.

Method: docs/methods.md C5. A variation that cannot be made keeps its row and says why.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.impact import point_differences
from ci_eval.sections.impact.point_differences import p_value, signed
from ci_eval.sections.wording import missing

if TYPE_CHECKING:
    import pandas as pd

SMALL = {  # variations of how small authorities count, and how the sentence names them
    "joint reviews": "with hosts of one engagement counted once",
    "islands out": "without the islands",
    "pupil weights": "with authorities weighted by pupils",
}
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
    robust = Sentence("robust", text, {"same_sign": same, "variations": len(tested)})
    return [robust, *_small_authorities(variations), *_regression_to_the_mean(variations)]


def _small_authorities(variations: "pd.DataFrame") -> list[Sentence]:
    """How far the answer rests on how hosts of one engagement, islands and small authorities count."""
    rows = variations[variations["kind"].isin(SMALL) & variations["estimate"].notna()]
    of_kind = {str(row["kind"]): row for row in rows.to_dict("records")}
    if not of_kind:
        return []
    answer = variations.attrs["estimate"]
    others = [
        f"{name} {signed(of_kind[kind]['estimate'])}" for kind, name in SMALL.items() if kind in of_kind
    ]
    text = (
        f"The answer, {signed(answer)}, counts every authority the same, however small; it is "
        f"{sentences.listed(others)} percentage points."
    )
    joint = variations.attrs["joint"]
    if joint is not None:
        text += (
            f" It rests on {sentences.listed(joint['hosts'])}, hosts of joint engagements, by up to "
            f"{formats.rounded(joint['moved'], 1)} points."
        )
    return [Sentence("small-authorities", text, {kind: row["estimate"] for kind, row in of_kind.items()})]


def _regression_to_the_mean(variations: "pd.DataFrame") -> list[Sentence]:
    """What the base year's level predicts of the change, in this table."""
    base = variations.attrs["base_year"]
    if base is None:
        return []
    before, after = base["labels"]
    together = formats.rounded(base["correlation"], 2)
    text = f"Authorities' level in {before} and their change by {after} correlate at {together}. "
    if base["correlation"] < 0:
        text += "Those that began low rose more: some of a low level is chance, which does not come back. "
    text += (
        f"Those exposed began {formats.rounded(abs(base['ahead']), 1)} points {'above' if base['ahead'] > 0 else 'below'} "
        f"the others; adjusted for that level, the difference is {signed(base['estimate'])} percentage points."
    )
    return [Sentence("base-year", text, {name: base[name] for name in ("correlation", "ahead", "estimate")})]


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
