"""Does the answer hold up? The same question asked in the other ways that the plan lists.

Method: docs/methods.md C5. A variation that cannot be made keeps its row and says why.
"""

import numpy as np
import pandas as pd

from ci_eval.evidence.impact_variations import FEWEST, compared
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.impact import point_differences
from ci_eval.sections.impact.point_differences import p_value, signed
from ci_eval.sections.wording import level_of, missing

LABELS = {  # of the chart, where how a variation is made takes more than a line
    "islands out": "Without the islands",
    "joint reviews": "Hosts of one engagement counted once",
    "pupil weights": "Authorities weighted by pupils",
    "matched outcome": "Each engagement on its focus’s outcome",
}
RETURN = -0.2  # a correlation of level and change from which those low are said to have risen more
RANGE = {"estimate": "Difference, percentage points", "low": "From", "high": "To"}
NO_NUMBER = "bounds only, or no limit could be worked out"
SMALL = {  # variations of how small authorities count, and how the sentence names them
    "joint reviews": "with hosts of one engagement counted once",
    "islands out": "without the islands",
    "pupil weights": "with authorities weighted by pupils",
}


def words(variations: pd.DataFrame) -> list[Sentence]:
    """How many have the sign of the planned one, how far they run, placebos, trends; of `ImpactEvidence.variations`."""
    if variations.empty:
        return missing(variations, "robust")
    estimate, tested = variations.attrs["estimate"], compared(variations)
    same = _of_its_sign(tested, estimate)
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
    return [robust, *_regression_to_the_mean(variations)]


def _of_its_sign(tested: pd.DataFrame, answer: float) -> int:
    """How many estimates have the sign of the planned one; what is written 0.0 has none."""
    signs = np.sign(tested["estimate"].round(1))
    return int(((signs == np.sign(round(answer, 1))) & (signs != 0)).sum())


def small_authorities(variations: pd.DataFrame) -> list[Sentence]:
    """How far the answer rests on how hosts of one engagement, islands and small authorities count."""
    if variations.empty:
        return []
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


def _regression_to_the_mean(variations: pd.DataFrame) -> list[Sentence]:
    """What the base year's level predicts of the change, in this table."""
    base = variations.attrs["base_year"]
    if base is None:
        return []
    before, after = base["labels"]
    together = formats.rounded(base["correlation"], 2)
    text = f"Authorities' level in {before} and their change by {after} correlate at {together}. "
    if base["correlation"] <= RETURN:
        text += "Those that began low rose more: some of a low level is chance, which does not come back. "
    text += (
        f"Those exposed began {formats.rounded(abs(base['ahead']), 1)} points {'above' if base['ahead'] > 0 else 'below'} "
        f"the others; adjusted for that level, the difference is {signed(base['estimate'])} percentage points."
    )
    return [Sentence("base-year", text, {name: base[name] for name in ("correlation", "ahead", "estimate")})]


def chart(variations: pd.DataFrame, estimate: pd.DataFrame) -> Figure | None:
    """A row for the planned estimate and for each variation with an estimate or limits; placebos are another question."""
    if variations.empty or estimate.empty:
        return None
    drawn = variations[variations[["estimate", "low", "high"]].notna().any(axis=1)]
    drawn = drawn[drawn["kind"] != "placebo years"]
    planned = estimate[["estimate", "low", "high"]].assign(kind="as planned", how="As planned")
    rows = pd.concat([planned, drawn], ignore_index=True)[["kind", "how", "estimate", "low", "high"]]
    labels = [_label(str(kind), str(how)) for kind, how in zip(rows["kind"], rows["how"], strict=True)]
    beside = [
        f"{signed(low)} to {signed(high)}" if low == low and high == high else "no limits"
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    tested = compared(variations)
    answer = float(estimate["estimate"].iloc[0])
    same = _of_its_sign(tested, answer)
    outside = int(((drawn["low"] > 0) | (drawn["high"] < 0)).sum())
    finding = (
        f"{same} of {len(tested)} other estimates have the sign of the planned one; {outside} of {len(drawn)} ranges below "
        "leave out 0"
    )
    return Figure(
        "robust-chart",
        finding,
        lambda ax: figures.estimates(
            ax,
            labels,
            rows["estimate"],
            rows["low"],
            rows["high"],
            beside=beside,
            heading="From, to",
        ),
        alt=(
            f"{sentences.opening(sentences.count(len(rows), 'row'))} of estimates and ranges; the planned one is "
            f"{signed(answer)}; the others run from {signed(drawn['estimate'].min())} to {signed(drawn['estimate'].max())}."
        ),
        frame=rows.assign(label=labels).replace([np.inf, -np.inf], np.nan),
        size=figures.estimates_size(labels),
        note=(
            "A dot is an estimate, a line its 95% interval. A line without a dot holds what trends or dates allow, and the "
            "shaded band is the planned interval."
        ).replace("95%", level_of(variations)),
        columns=(
            Column("label", "Variation"),
            *(Column(name, heading, "number", blank=NO_NUMBER) for name, heading in RANGE.items()),
        ),
    )


def _label(kind: str, how: str) -> str:
    """A variation in a line of the chart; the table has it in full."""
    if kind == "unknown dates":
        return f"Any dates allowed, {how.split(',')[0]}"
    if kind == "months between":
        return f"{how.split(' between')[0]} to the collection"
    return LABELS.get(kind, sentences.opening(how))


def table(variations: pd.DataFrame) -> Table | None:
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
            "parallel: by multiples of the worst step before exposure, or by points a year."
            " Bounds over unknown dates are the smallest and largest estimate, without allowance for chance."
        ),
        row_heading="how",
    )
