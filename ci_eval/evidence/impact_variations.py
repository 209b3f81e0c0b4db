"""The planned estimate in the other ways that the plan lists: the plan's words as choices, one row a variation.

Method: docs/methods.md C5; the work is done by `ci_eval.impact.sensitivity`. A variation that cannot be made
keeps its row and says why.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence import focus_frames
from ci_eval.evidence.exposure_dates import date_bounds, first_exposed
from ci_eval.evidence.impact_estimates import planned_test, strata
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.impact import Exposure
from ci_eval.impact.analysis_plan import BASE_YEAR, ESTIMATORS, SENSITIVITY
from ci_eval.impact.sensitivity import EventCoefficients, relative_magnitudes, smoothness
from ci_eval.impact.sensitivity.other_choices import Choices
from ci_eval.impact.sensitivity.other_choices import variations as tried
from ci_eval.report import sentences

MONTHS = (3, 6, 12)  # months between engagement and collection tried beside the plan's
MAGNITUDES = (0.5, 1.0, 2.0)  # violations after exposure as multiples of the worst before
SLOPES = (0.0, 0.25, 0.5)  # percentage points by which the slope of a difference in trend may change a year
FEWEST = 3  # authorities on either side below which an estimate has a row and is not counted
AS_LARGE = "trends depart up to {:g} × the worst step"
COLUMNS = ("kind", "how", "estimate", "low", "high", "p", "exposed", "controls", "note")
Row = dict[str, Any]


def variations(panels: ImpactPanels) -> pd.DataFrame:
    """Every variation of the plan's list for the primary outcome, in its order; columns as in `COLUMNS`."""
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
    rows: list[Row] = [*_unknown_dates(panels), *_trends(panels), *_matched(panels)]
    every: list[Any] = [*frame.to_dict("records"), *rows]
    listed: list[Row] = [row for kind in plan.sensitivity for row in every if row["kind"] == kind]
    missing = [kind for kind in plan.sensitivity if kind not in {row["kind"] for row in listed}]
    listed += [_without_estimate(kind, SENSITIVITY[kind], ABSENT.get(kind, UNVARIED)) for kind in missing]
    table = pd.DataFrame(listed, columns=list(COLUMNS))
    nobody = table["exposed"] == 0  # no test: bounds, or a reason
    table = table.assign(exposed=table["exposed"].where(~nobody), controls=table["controls"].where(~nobody))
    answer = float(frame["estimate"].iloc[0])
    table.attrs = {"base_year": _base_year(panels), "joint": _joint_hosts(panels, table, answer)}
    return table


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """The variations that estimate the planned effect from enough authorities to say something."""
    enough = (table["exposed"] >= FEWEST) & (table["controls"] >= FEWEST)
    return table[table["estimate"].notna() & enough & (table["kind"] != "placebo years")]


def _base_year(panels: ImpactPanels) -> Row | None:
    """How change goes with the base year's level in this table; None where cohorts are too small to adjust for it."""
    plan, panel = panels.plan, panels.panel(*panels.primary)
    contrast = replace(plan, estimator=BASE_YEAR, aggregate="simple").contrast(panel.design)
    try:
        result = planned_test(panels, panel, contrast)
    except Refused:
        return None
    base = int(panel.design.first.min()) - plan.base_lag
    level, own = panel.outcomes[:, base], panel.groups == int(panel.design.first.argmin())
    after = panel.outcomes[:, base + plan.base_lag]
    return {
        "labels": (panel.years.label(base), panel.years.label(base + plan.base_lag)),
        "correlation": float(np.corrcoef(level, after - level)[0, 1]),
        "ahead": float(level[own].mean() - level[~own].mean()),
        "estimate": result.estimate,
    }


def _joint_hosts(panels: ImpactPanels, table: pd.DataFrame, answer: float) -> Row | None:
    """Hosts of one engagement, and how far the answer moves where they count once or, being the islands, not at all."""
    panel = panels.panel(*panels.primary)
    member = panel.treated_together()[1]
    hosts = [code for code, place in zip(panel.units, member, strict=True) if (member == place).sum() > 1]
    kinds = ["joint reviews", *(["islands out"] if set(hosts) == set(panels.councils.islands) else [])]
    estimates = table.loc[table["kind"].isin(kinds) & table["estimate"].notna(), "estimate"]
    if estimates.empty:
        return None
    return {
        "hosts": [panels.council_names[code] for code in hosts],
        "moved": float((estimates - answer).abs().max()),
    }


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
        f"Base {panel.years.label(first - lag)}": replace(plan, base_lag=lag).contrast
        for lag in range(1, first + 1)
        if lag != plan.base_lag
    }
    islands = tuple(code for code in panels.councils.islands if code in panel.units)
    return Choices(
        islands=islands if "islands out" in wanted else (),
        base_years=bases if "base years" in wanted else None,
        months_between=dict(_exposures(panels)) if "months between" in wanted else None,
        pupil_weights=_pupils(panels) if "pupil weights" in wanted else None,
        estimators={
            name: replace(plan, estimator=name).contrast for name in ESTIMATORS if name != plan.estimator
        }
        if "estimators" in wanted
        else None,
    )


def _exposures(panels: ImpactPanels) -> Iterator[tuple[str, Exposure]]:
    """A longer gap between engagement and collection turns dates known roughly into sets of collections."""
    plan, panel = panels.plan, panels.panel(*panels.primary)
    same: dict[bytes, tuple[list[str], Exposure]] = {}
    for months in MONTHS:
        exposure = panels.exposure(plan.primary, replace(plan.exposure, months_between=months))
        # What counts is what they make of the years compared.
        key = panel.with_exposure(exposure).exposure.possible.tobytes()
        same.setdefault(key, ([], exposure))[0].append(str(months))
    same.pop(panel.exposure.possible.tobytes(), None)
    for months_tried, exposure in same.values():
        yield f"{sentences.listed(months_tried, 'or')} months between engagement and collection", exposure


def _pupils(panels: ImpactPanels) -> dict[str, dict[str, float]] | None:
    """Pupils of the last year before exposure, fixed for all years; None where the outcomes do not hold them."""
    rows = panels.series(*panels.primary)
    last = rows[(rows["school_year"] == panels.last_pre_exposure) & rows["denominator"].notna()]
    pupils = {str(code): float(n) for code, n in zip(last["gss_code"], last["denominator"], strict=True)}
    units = panels.panel(*panels.primary).units
    return {SENSITIVITY["pupil weights"]: pupils} if set(units) <= set(pupils) else None


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


def _matched(panels: ImpactPanels) -> list[Row]:
    """The effect on the outcome of each engagement's focus, all of them pooled."""
    try:
        found, outcomes = focus_frames.matched(panels)
    except Refused as error:
        return [_without_estimate("matched outcome", SENSITIVITY["matched outcome"], error.message)]
    row = {name: getattr(found, name) for name in ("estimate", "low", "high", "p", "exposed", "controls")}
    note = "engagements, each counted once; a gap that narrows counts as a rise; the raw test"
    how = f"Each engagement on the outcome of its focus ({outcomes})"
    return [_without_estimate("matched outcome", how, note) | row]


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
        ("relative magnitudes", AS_LARGE, magnitudes),
        ("smoothness", "slopes of trends change up to {:g} a year", slopes),
    )
    return [
        _without_estimate(kind, words.format(row["bound"]), "") | {"low": row["low"], "high": row["high"]}
        for kind, words, table in kinds
        for row in table.to_dict("records")
    ]


def _without_estimate(kind: str, how: str, note: str) -> Row:
    return dict.fromkeys(COLUMNS, np.nan) | {"kind": kind, "how": how, "note": note}
