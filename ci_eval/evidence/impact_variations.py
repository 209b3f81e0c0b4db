"""The planned estimate in the other ways that the plan lists: the plan's words as choices, one row a variation.

Method: docs/methods.md C5; the work is done by `ci_eval.impact.sensitivity`. A variation that cannot be made
keeps its row and says why.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.exposure_dates import date_bounds, first_exposed
from ci_eval.evidence.impact_estimates import strata
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.impact import Contrast, Design, Exposure
from ci_eval.impact.analysis_plan import ESTIMATORS, SENSITIVITY, ImpactPlan
from ci_eval.impact.sensitivity import EventCoefficients, relative_magnitudes, smoothness
from ci_eval.impact.sensitivity.other_choices import Choices
from ci_eval.impact.sensitivity.other_choices import variations as tried

if TYPE_CHECKING:
    import pandas as pd


MONTHS = (3, 6, 12)  # months between engagement and collection tried beside the plan's
MAGNITUDES = (0.5, 1.0, 2.0)  # violations after exposure as multiples of the worst before
SLOPES = (0.0, 0.25, 0.5)  # percentage points by which the slope of a difference in trend may change a year
COLUMNS = ("kind", "how", "estimate", "low", "high", "p", "exposed", "controls", "note")
Row = dict[str, Any]


def variations(panels: ImpactPanels) -> "pd.DataFrame":
    """Every variation of the plan's list for the primary outcome, in its order; columns as in `COLUMNS`."""
    import pandas as pd

    plan = panels.plan
    panel = panels.panel(*panels.primary)
    frame = tried(
        panel,
        plan.contrast,
        _choices(panels),
        strata=strata(panels),
        draws=plan.draws,
        seed=plan.seed,
        level=plan.level,
        names=panels.council_names,
    )
    frame = frame.rename(columns={"name": "how", "exposed_units": "exposed", "control_units": "controls"})
    rows: list[Row] = [*_leave_one_out(frame), *_unknown_dates(panels), *_trends(panels)]
    every: list[Any] = [*frame[frame["kind"] != "leave one out"].to_dict("records"), *rows]
    listed: list[Row] = [row for kind in plan.sensitivity for row in every if row["kind"] == kind]
    missing = [kind for kind in plan.sensitivity if kind not in {row["kind"] for row in listed}]
    listed += [_without_estimate(kind, SENSITIVITY[kind], ABSENT.get(kind, UNVARIED)) for kind in missing]
    table = pd.DataFrame(listed, columns=list(COLUMNS))
    nobody = table["exposed"] == 0  # no test: bounds, or a reason
    return table.assign(exposed=table["exposed"].where(~nobody), controls=table["controls"].where(~nobody))


UNVARIED = "there is nothing to vary, or the comparison stays the same"
ABSENT = {
    "spillover": "it has a section of its own",
    "pupil weights": "the outcomes hold no number of pupils before exposure",
}


def _choices(panels: ImpactPanels) -> Choices:
    """The plan's list as what `ci_eval.impact.sensitivity` tries."""
    plan, panel = panels.plan, panels.panel(*panels.primary)
    wanted = set(plan.sensitivity)
    first = int(panel.design.first.min())
    bases = {
        f"Base {panel.years.label(first - lag)}": _with(plan, base_lag=lag)
        for lag in range(1, first + 1)
        if lag != plan.base_lag
    }
    islands = tuple(code for code in panels.councils.islands if code in panel.units)
    return Choices(
        leave_one_out="leave one out" in wanted,
        islands=islands if "islands out" in wanted else (),
        joint_reviews="joint reviews" in wanted,
        placebo_years="placebo years" in wanted,
        base_years=bases if "base years" in wanted else None,
        months_between=dict(_exposures(panels)) if "months between" in wanted else None,
        pupil_weights=_pupils(panels) if "pupil weights" in wanted else None,
        estimators={name: _with(plan, estimator=name) for name in ESTIMATORS if name != plan.estimator}
        if "estimators" in wanted
        else None,
    )


def _with(plan: ImpactPlan, **other: Any) -> "partial[Contrast]":
    return partial(_contrast, replace(plan, **other))


def _contrast(plan: ImpactPlan, design: Design) -> Contrast:
    return plan.contrast(design)


def _exposures(panels: ImpactPanels) -> Iterator[tuple[str, Exposure]]:
    """A longer gap between engagement and collection turns dates known roughly into sets of collections."""
    for months in MONTHS:
        rule = replace(panels.plan.exposure, months_between=months)
        yield f"{months} months between engagement and collection", panels.exposure(panels.plan.primary, rule)


def _pupils(panels: ImpactPanels) -> dict[str, dict[str, float]] | None:
    """Pupils of the last year before exposure, fixed for all years; None where the outcomes do not hold them."""
    rows = panels.series(*panels.primary)
    last = rows[(rows["school_year"] == panels.last_pre_exposure) & rows["denominator"].notna()]
    pupils = {str(code): float(n) for code, n in zip(last["gss_code"], last["denominator"], strict=True)}
    units = panels.panel(*panels.primary).units
    return {SENSITIVITY["pupil weights"]: pupils} if set(units) <= set(pupils) else None


def _leave_one_out(frame: "pd.DataFrame") -> list[Row]:
    """The smallest and the largest of them: all 32 in one table would hide the two that matter."""
    rows = frame[(frame["kind"] == "leave one out") & frame["estimate"].notna()].sort_values("estimate")
    records: list[Row] = [
        {str(name): value for name, value in row.items()} for row in rows.to_dict("records")
    ]
    ends = list(zip(("Smallest", "Largest"), (records[:1], records[-1:]), strict=True))
    return [row | {"how": f"{word} of {len(records)}: {row['how']}"} for word, end in ends for row in end]


def _unknown_dates(panels: ImpactPanels) -> list[Row]:
    """Bounds of the effect in each year of the first hosts, over every assignment the register allows."""
    years = [year for year in panels.calendar(panels.plan.primary).labels if year >= first_exposed(panels)]
    rows = []
    for year in years:
        how = f"{year}, hosts of {first_exposed(panels)}"
        try:
            bounds = date_bounds(panels, year)
        except Refused as error:
            rows.append(_without_estimate("unknown dates", how, error.message))
            continue
        if bounds is not None:
            note = f"bounds over {bounds.assignments:,} assignments, not an interval"
            rows.append(
                _without_estimate("unknown dates", how, note) | {"low": bounds.low, "high": bounds.high}
            )
    return rows or [
        _without_estimate("unknown dates", SENSITIVITY["unknown dates"], "every exposed year is certain")
    ]


def _trends(panels: ImpactPanels) -> list[Row]:
    """Intervals that hold although trends are not parallel (Rambachan and Roth 2023)."""
    plan, alpha = panels.plan, 1 - panels.plan.level
    panel = panels.panel(*panels.primary)
    try:
        around = EventCoefficients.of(panel, lag=plan.base_lag)
        magnitudes = relative_magnitudes(around, MAGNITUDES, alpha=alpha, seed=plan.seed)
        slopes = smoothness(around, SLOPES, alpha=alpha)
    except Refused as error:
        why = error.message
        return [
            _without_estimate(kind, SENSITIVITY[kind], why) for kind in ("relative magnitudes", "smoothness")
        ]
    kinds = (
        (
            "relative magnitudes",
            "trends depart by up to {:g} times the worst step before exposure",
            magnitudes,
        ),
        ("smoothness", "the slope of a difference in trend changes by up to {:g} points a year", slopes),
    )
    return [
        _without_estimate(kind, words.format(row["bound"]), "") | {"low": row["low"], "high": row["high"]}
        for kind, words, table in kinds
        for row in table.to_dict("records")
    ]


def _without_estimate(kind: str, how: str, note: str) -> Row:
    return dict.fromkeys(COLUMNS, np.nan) | {"kind": kind, "how": how, "note": note}
