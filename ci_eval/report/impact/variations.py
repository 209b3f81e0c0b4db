"""The planned estimate in the other ways that the plan lists: one row a variation, with who is compared.

Method: docs/methods.md C5. A variation that cannot be made here keeps its row and says why.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.impact import Contrast, Panel, event_study
from ci_eval.impact.bounds import cell_bounds
from ci_eval.impact.identification import IDENTIFIED, identification_map
from ci_eval.impact.plan import ESTIMATORS, SENSITIVITY
from ci_eval.impact.sensitivity import EventCoefficients, relative_magnitudes, smoothness
from ci_eval.problems import InputError
from ci_eval.report.impact.estimates import planned_test
from ci_eval.report.impact.evidence import ImpactEvidence

if TYPE_CHECKING:
    import pandas as pd

ISLANDS = ("S12000013", "S12000023", "S12000027")  # Na h-Eileanan Siar, Orkney Islands, Shetland Islands
FEWEST = 3  # authorities on either side below which an estimate is shown and not counted
MONTHS = (3, 6, 12)  # months between engagement and collection tried beside the plan's
MAGNITUDES = (0.5, 1.0, 2.0)  # violations after exposure as multiples of the worst before
SLOPES = (0.0, 0.25, 0.5)  # percentage points by which the slope of a difference in trend may change a year


@dataclass(frozen=True)
class Variation:
    """One row: what was varied, how, and what came of it; `low` and `high` are an interval, or bounds."""

    kind: str
    how: str
    estimate: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    p: float = float("nan")
    exposed: float = float("nan")
    controls: float = float("nan")
    note: str = ""


def variations(evidence: ImpactEvidence) -> "pd.DataFrame":
    """Every variation of the plan's list for the primary outcome, in its order; columns as in `Variation`."""
    import pandas as pd

    panel = evidence.panel(evidence.plan.primary)
    rows: list[Variation] = []
    for kind in evidence.plan.sensitivity:
        make = MAKERS.get(kind)
        if make is None:
            rows.append(Variation(kind, SENSITIVITY[kind], note="stands in a section of its own"))
            continue
        try:
            rows += make(evidence, panel)
        except InputError as error:
            rows.append(Variation(kind, SENSITIVITY[kind], note=error.problems[0].message))
    return pd.DataFrame([row.__dict__ for row in rows])


def _row(
    evidence: ImpactEvidence,
    kind: str,
    how: str,
    panel: Panel,
    contrast: Contrast | None = None,
    note: str = "",
) -> Variation:
    found = planned_test(
        evidence, panel, evidence.plan.contrast(panel.design) if contrast is None else contrast
    )
    return Variation(
        kind,
        how,
        found.estimate,
        found.low,
        found.high,
        found.p,
        found.exposed_units,
        found.control_units,
        note,
    )


def _leave_one_out(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    rows = [_row(evidence, "leave one out", unit, panel.without([unit])) for unit in panel.units]
    names = evidence.council_names
    for word, row in (("smallest", min(rows, key=_estimate)), ("largest", max(rows, key=_estimate))):
        yield replace(row, how=f"{word} of {len(rows)}: without {names[row.how]}")


def _estimate(row: Variation) -> float:
    return row.estimate


def _islands_out(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    there = [code for code in ISLANDS if code in panel.units]
    yield _row(evidence, "islands out", SENSITIVITY["islands out"], panel.without(there))


def _joint_reviews(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    members: dict[str, list[str]] = {}
    for unit, joint in zip(panel.units, panel.exposure.joint, strict=True):
        members.setdefault(joint, []).append(unit)
    several = {name: units for name, units in members.items() if len(units) > 1}
    yield _row(evidence, "joint reviews", SENSITIVITY["joint reviews"], panel.joined(several))


def _placebo_years(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    """Every year before exposure compared with the year before it, as if exposure had come then."""
    first = int(panel.design.first.min())
    for contrast in event_study(panel.design, "dynamic", base="varying"):
        if contrast.key is not None and contrast.key < 0:
            place = first + contrast.key
            how = f"{panel.years.label(place)} against {panel.years.label(place - 1)}"
            yield _row(evidence, "placebo years", how, panel, contrast)


def _base_years(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    first = int(panel.design.first.min())
    for lag in range(1, first + 1):
        if lag != evidence.plan.base_lag:
            contrast = replace(evidence.plan, base_lag=lag).contrast(panel.design)
            yield _row(evidence, "base years", f"base {panel.years.label(first - lag)}", panel, contrast)


def _months_between(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    """A longer gap between engagement and collection turns dates known roughly into sets of collections."""
    for months in MONTHS:
        rule = replace(evidence.plan.exposure, months_between=months)
        how = f"{months} months between engagement and collection"
        try:
            other = replace(evidence, plan=replace(evidence.plan, exposure=rule), _panels={})
            yield _row(evidence, "months between", how, other.panel(evidence.plan.primary))
        except InputError as error:
            yield Variation("months between", how, note=error.problems[0].message)


def _unknown_dates(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    """Bounds of the effect in exposed years that are not certain, over every assignment the register allows."""
    whole = evidence.whole(evidence.plan.primary)
    cells = identification_map(whole.design)
    first = whole.years.label(int(whole.design.first.min()))
    later = cells[(cells["cohort"] == first) & (cells["exposed"] >= 0) & (cells["status"] != IDENTIFIED)]
    for year in later["year"]:
        found = cell_bounds(whole, first, year, lag=evidence.plan.base_lag)
        yield Variation(
            "unknown dates",
            f"{year}, hosts of {first}",
            low=found.low,
            high=found.high,
            note=f"bounds over {found.assignments:,} assignments, not an interval",
        )
    if later.empty:
        yield Variation("unknown dates", SENSITIVITY["unknown dates"], note="every exposed year is certain")


def _relative_magnitudes(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    around = EventCoefficients.of(panel, lag=evidence.plan.base_lag)
    table = relative_magnitudes(around, MAGNITUDES, alpha=1 - evidence.plan.level, seed=evidence.plan.seed)
    for row in table.to_dict("records"):
        how = f"trends depart by up to {row['bound']:g} times the worst step before exposure"
        yield Variation("relative magnitudes", how, low=float(row["low"]), high=float(row["high"]))


def _smoothness(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    around = EventCoefficients.of(panel, lag=evidence.plan.base_lag)
    for row in smoothness(around, SLOPES, alpha=1 - evidence.plan.level).to_dict("records"):
        how = f"the slope of a difference in trend changes by up to {row['bound']:g} points a year"
        yield Variation("smoothness", how, low=float(row["low"]), high=float(row["high"]))


def _estimators(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    for name in ESTIMATORS:
        if name != evidence.plan.estimator:
            contrast = replace(evidence.plan, estimator=name).contrast(panel.design)
            yield _row(evidence, "estimators", name, panel, contrast)


def _pupil_weights(evidence: ImpactEvidence, panel: Panel) -> Iterator[Variation]:
    """Pupils of the last year before exposure, fixed for all years."""
    rows = evidence.series(evidence.plan.primary)
    last = rows[(rows["school_year"] == evidence.last_pre_exposure) & rows["denominator"].notna()]
    pupils = dict(zip(last["gss_code"], last["denominator"], strict=True))
    if not set(panel.units) <= set(pupils):
        yield Variation(
            "pupil weights", SENSITIVITY["pupil weights"], note="the outcomes hold no number of pupils"
        )
        return
    weighted = panel.with_weights({unit: float(pupils[unit]) for unit in panel.units})
    yield _row(evidence, "pupil weights", SENSITIVITY["pupil weights"], weighted)


Maker = Callable[[ImpactEvidence, Panel], Iterator[Variation]]
MAKERS: dict[str, Maker] = {
    "leave one out": _leave_one_out,
    "islands out": _islands_out,
    "joint reviews": _joint_reviews,
    "placebo years": _placebo_years,
    "base years": _base_years,
    "months between": _months_between,
    "unknown dates": _unknown_dates,
    "relative magnitudes": _relative_magnitudes,
    "smoothness": _smoothness,
    "estimators": _estimators,
    "pupil weights": _pupil_weights,
}


def compared(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The variations that estimate the planned effect from enough authorities to say something."""
    enough = (frame["exposed"] >= FEWEST) & (frame["controls"] >= FEWEST)
    return frame[frame["estimate"].notna() & enough & (frame["kind"] != "placebo years")]


def agree(frame: "pd.DataFrame", estimate: float) -> tuple[int, int]:
    """How many of the `compared` variations have the sign of the estimate, of how many."""
    rows = compared(frame)
    return int((np.sign(rows["estimate"]) == np.sign(estimate)).sum()), len(rows)
