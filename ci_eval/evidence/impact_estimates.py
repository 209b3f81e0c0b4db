"""The planned estimate of every outcome: effect, interval, p, units compared; the one source of the sections.

Method: docs/methods.md C2, C3, C9, C10. An outcome that cannot be estimated keeps its row and says why: a report that
leaves it out would leave the reader to guess.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement import holm
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.impact import Contrast, Orders, Panel, PermutationResult, permutation_test, rollout_orders
from ci_eval.report import sentences
from ci_eval.settings.executors import across

NO_SPREAD = frozenset({"one-unit"})  # why a standard error is refused where the raw test still holds
COLUMNS = {  # of the table → of the test
    "estimate": "estimate", "low": "low", "high": "high", "p": "p", "p_raw": "p_raw",
    "exposed": "exposed_units", "controls": "control_units",
}  # fmt: skip
PRIMARY, SECONDARY, GAP = "primary", "secondary", "gap between quintiles 5 and 1"


@dataclass(frozen=True)
class Planned:
    """One outcome of the plan: its measure, its role, and whether it is the gap between SIMD quintiles."""

    measure: str
    role: str
    gap: bool = False

    @property
    def name(self) -> str:
        return f"{self.measure}: {GAP}" if self.gap else self.measure


@dataclass(frozen=True)
class Estimated:
    """The estimate of one outcome; `result` and `panel` are None where `problem` says why there is none."""

    outcome: Planned
    result: PermutationResult | None = None
    panel: Panel | None = None
    base_sd: float = float("nan")
    problem: str = ""


def planned(panels: ImpactPanels) -> list[Planned]:
    """The outcomes of the plan: the primary, the secondary, the gaps."""
    plan = panels.plan
    return [
        Planned(plan.primary, PRIMARY, gap=plan.primary_gap),
        *(Planned(measure, SECONDARY) for measure in plan.secondary),
        *(Planned(measure, SECONDARY, gap=True) for measure in plan.gaps),
    ]


def primary(panels: ImpactPanels) -> Planned:
    """The primary outcome of the plan."""
    return planned(panels)[0]


def strata(panels: ImpactPanels) -> dict[str, str] | None:
    """Stratum of each authority within which the schedule was drawn; None where the plan names none."""
    if panels.plan.strata == "none":
        return None
    table = panels.councils.table["regional_improvement_collaborative"]
    return {str(code): str(name) for code, name in table.items()}


def planned_orders(panels: ImpactPanels, panel: Panel) -> Orders:
    """The rollout orders of a panel that the plan goes through."""
    plan = panels.plan
    return rollout_orders(panel, strata(panels), draws=plan.draws, seed=plan.seed)


def estimated(panels: ImpactPanels, outcome: Planned) -> Estimated:
    """The planned estimate of one outcome."""
    try:
        panel = panels.used(outcome.measure, outcome.gap)
        result = planned_test(panels, panel, panels.plan.contrast(panel.design))
    except Refused as error:
        return Estimated(outcome, problem=error.message)
    return Estimated(outcome, result, panel, base_sd(panels, panel))


def planned_test(
    panels: ImpactPanels, panel: Panel, contrast: Contrast, orders: Orders | None = None
) -> PermutationResult:
    """The planned test of a contrast; raw where a cohort of one authority leaves no standard error."""
    plan = panels.plan
    how: dict[str, Any] = {
        "strata": strata(panels), "draws": plan.draws, "seed": plan.seed, "level": plan.level, "orders": orders,
        "across": across(),
    }  # fmt: skip
    try:
        return permutation_test(panel, contrast, **how)
    except Refused as error:
        if error.check not in NO_SPREAD:
            raise
        return permutation_test(panel, contrast, studentised=False, **how)


def base_sd(panels: ImpactPanels, panel: Panel) -> float:
    """Standard deviation between authorities in the last year before exposure that the planned estimate uses."""
    weights = panels.plan.contrast(panel.design).weights[:, : int(panel.design.first.min())]
    before = np.flatnonzero(np.abs(weights).sum(axis=0))
    return float(np.std(panel.outcomes[:, before[-1]], ddof=1)) if len(before) else float("nan")


def lost(panels: ImpactPanels, panel: Panel) -> str:
    """The authorities that the panel leaves out, by name; "" for none."""
    names = panels.council_names
    return sentences.listed(names[one.what] for one in panel.left_out if one.what in names)


def estimates(panels: ImpactPanels) -> pd.DataFrame:
    """One row an outcome: name, role, estimate, sd, low, high, p, p_raw, p_adjusted, exposed, controls, lost, problem.

    estimate, low and high are in the outcome's unit; sd is the estimate in standard deviations between authorities
    in the last year before exposure; lost names the authorities without a number in a year needed. p_adjusted is
    Holm's over the secondary outcomes that could be estimated, where the plan says so; the primary outcome is not
    adjusted, as the plan names it beforehand.
    """
    rows = []
    nothing = float("nan")
    for each in (estimated(panels, outcome) for outcome in planned(panels)):
        result, panel = each.result, each.panel
        row: dict[str, Any] = {"outcome": each.outcome.name, "role": each.outcome.role}
        for name, attribute in COLUMNS.items():
            row[name] = nothing if result is None else getattr(result, attribute)
        row["sd"] = row["estimate"] / each.base_sd
        row["lost"] = "" if panel is None else lost(panels, panel)
        rows.append(row | {"problem": each.problem})
    frame = pd.DataFrame(rows)
    frame["p_adjusted"] = frame["p"]
    secondary = ((frame["role"] == SECONDARY) & frame["p"].notna()).to_numpy()
    if secondary.any() and panels.plan.multiplicity.startswith("Holm"):
        frame.loc[secondary, "p_adjusted"] = holm(frame.loc[secondary, "p"].to_numpy())
    gaps = [outcome for outcome in planned(panels) if outcome.gap]
    frame.attrs["indexes"] = indexes(panels, gaps[0].measure) if gaps else {}
    return frame


def indexes(panels: ImpactPanels, measure: str) -> dict[str, Any]:
    """spans: (name, first, last school year) of each edition of the deprivation index among the years compared of a gap;
    used: the editions of the years that the planned estimate uses.
    """
    index_of = panels.programme.index_of
    named: dict[str, list[str]] = {}
    for year in panels.with_any_number(measure, gap=True):
        named.setdefault(index_of(year), []).append(year)
    try:
        used = {index_of(year) for year in panels.needed_years(measure, gap=True)}
    except Refused:
        used = set()
    spans = [(name, years[0], years[-1]) for name, years in named.items() if name]
    return {"spans": spans, "used": sorted(used - {""})}
