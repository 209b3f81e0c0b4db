"""Frames of who is compared with whom, and of what comes of it over years, balance and spillover.

Method: docs/methods.md C2 to C4. Each takes the panels and gives the columns that `ImpactEvidence` names; what sentences
need beside the rows stands in `attrs`.
"""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.exposure_dates import dates
from ci_eval.evidence.impact_estimates import planned_orders, planned_test
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.impact import (
    Contrast,
    Design,
    EventCoefficients,
    Orders,
    Panel,
    balance,
    event_study,
    pre_exposure,
)
from ci_eval.impact.design import IDENTIFIED
from ci_eval.impact.detectable_effects import WANTED
from ci_eval.impact.inference import uniform_width
from ci_eval.impact.spillover import Officers, donut, exposed_share, with_spillover

YES, NO, UNKNOWN = "yes", "no", "cannot be known"
EXPOSED, NOT_YET, BOTH, NEITHER = (
    "exposed",
    "not yet exposed",
    "not yet exposed, then exposed",
    "in no comparison",
)
LEVEL, TREND, BASE, PUPILS, ALL_PUPILS, DEPRIVED, REGION = (
    "Level of the primary outcome",
    "Its change a year",
    "Its level in the base year",
    "Pupils behind it",
    "Pupils of all schools",
    "Per cent of people in the most deprived fifth of areas",
    "Regional Improvement Collaborative",
)


def panel_rows(panels: ImpactPanels, measure: str, gap: bool) -> pd.DataFrame:
    """A row an authority and school year that is open; the columns are those of `ImpactEvidence.panel`."""
    exposure, kept = panels.exposure(measure), panels.with_numbers(measure, gap)
    years = [year for year in exposure.years.labels if panels.exposed or year <= panels.last_pre_exposure]
    first = int(exposure.first.min())
    side = {
        unit: NEITHER
        if unit not in kept or (place == first and not sure)
        else NOT_YET
        if place > first
        else EXPOSED
        for unit, place, sure in zip(exposure.units, exposure.first, exposure.certain, strict=True)
    }
    last = exposure.possible.shape[1] - 1 - exposure.possible[:, ::-1].argmax(axis=1)
    status = {
        (unit, label): YES if place >= late else NO if place < early else UNKNOWN
        for unit, early, late in zip(exposure.units, exposure.first, last, strict=True)
        for place, label in enumerate(exposure.years.labels)
    }
    rows = panels.series(measure, gap)
    rows = rows[rows["school_year"].isin(years)].reset_index(drop=True)
    keys = list(zip(rows["gss_code"], rows["school_year"], strict=True))
    frame = rows[["gss_code", "council", "school_year", "value"]].assign(
        exposed=[status[key] for key in keys],
        pupils=rows["denominator"],
        compared_as=[side[code] for code, _ in keys],
    )
    frame.attrs = {
        "outcome": measure,
        "gap": gap,
        "first": exposure.years.label(first),
        "compared_until": panels.compared(measure).labels[-1],
    }
    return frame


def design_cells(panels: ImpactPanels) -> pd.DataFrame:
    """A row a cohort and collected year of the primary outcome, as `identification_map` gives it."""
    cells = panels.map(panels.plan.primary)
    kept = panels.with_numbers(*panels.primary)
    cells.attrs = {
        "years": list(panels.calendar(panels.plan.primary).labels),
        "dates": dates(panels),
        "without": sorted(name for unit, name in panels.council_names.items() if unit not in kept),
    }
    return cells


def authorities(panels: ImpactPanels) -> pd.DataFrame:
    """A row an authority: when it was first exposed, and its part in the planned comparisons."""
    primary = panels.plan.primary
    exposure, design = panels.exposure(primary), panels.design(primary)
    frame = exposure.frame().assign(council=[panels.council_names[unit] for unit in exposure.units])
    cells = panels.map(primary)
    effects = cells[cells["status"] == IDENTIFIED]
    against = {cohort for names in effects["against"] for cohort in names.split(", ")}
    exposed, kept = set(effects["cohort"]), panels.with_numbers(*panels.primary)
    labels = np.array(design.labels)[design.group_of(exposure)]
    frame["part"] = [
        _part(label in exposed, label in against) if unit in kept else NEITHER
        for unit, label in zip(exposure.units, labels, strict=True)
    ]
    order = {part: place for place, part in enumerate((EXPOSED, BOTH, NOT_YET, NEITHER))}
    frame = frame.sort_values(["part", "council"], key=lambda c: c.map(order) if c.name == "part" else c)
    frame["certain"] = frame["certain"].map({True: YES, False: NO})
    columns = ["unit", "council", "exposed", "certain", "not_yet_until", "part", "joint"]
    frame = frame[columns].rename(columns={"unit": "gss_code"}).reset_index(drop=True)
    frame.attrs = {"dates": dates(panels)}
    return frame


def _part(exposed: bool, control: bool) -> str:
    if exposed:
        return BOTH if control else EXPOSED
    return NOT_YET if control else NEITHER


def over_years(panels: ImpactPanels) -> pd.DataFrame:
    """A row a time; with one certain cohort it is a school year, with several it is counted from each one's exposure.

    The base is the last observed year before exposure for all, so placebos and effects share one scale.
    """
    plan = panels.plan
    panel = panels.panel(*panels.primary)
    design, years = panel.design, panel.years
    cohorts = [
        int(first)
        for first, sure in zip(design.first, design.certain, strict=True)
        if sure and first < len(years)
    ]
    orders: dict[tuple[str, ...], Orders] = {}
    contrasts = event_study(design, "dynamic", base="universal", lag=plan.base_lag)
    width = uniform_width(panel, contrasts, planned_orders(panels, panel), plan.level)
    rows = []
    for contrast in contrasts:
        since = int(contrast.key or 0)
        place = cohorts[0] + since
        single = len(cohorts) == 1 and 0 <= place < len(years)
        # Each time has the authorities with a number in its own two years, so that the first is the planned estimate.
        own = panels.used(*panels.primary, effect=partial(_at_time, since=since, lag=plan.base_lag))
        if own.units not in orders:
            orders[own.units] = planned_orders(panels, own)
        at = _at_time(own.design, since, plan.base_lag)
        result = planned_test(panels, own, at, orders[own.units])
        se = np.nan if result.se is None else result.se
        rows.append(
            {
                "since": since,
                "label": years.label(place) if single else f"{since:+d}",
                "number": years.numbers[place] if single else since,
                "estimate": result.estimate,
                "low": result.low,
                "high": result.high,
                "band_low": result.estimate - width * se,
                "band_high": result.estimate + width * se,
                "p": result.p,
                "placebo": since < 0,
                "exposed": result.exposed_units,
                "controls": result.control_units,
            }
        )
    frame = pd.DataFrame(rows).sort_values("number", ignore_index=True)
    base = int(design.first.min()) - plan.base_lag
    in_years = set(frame["label"]) <= set(years.labels)
    frame.attrs = {"base": (years.numbers[base], years.labels[base]) if in_years else None, "slope": None}
    try:
        around = EventCoefficients.of(panel, lag=plan.base_lag)
        frame.attrs["slope"] = around.detectable_slope(WANTED, alpha=1 - plan.level, seed=plan.seed)
    except Refused:
        pass  # nothing before the base: the words say so
    return frame


def _at_time(design: Design, since: int, lag: int) -> Contrast:
    """The difference at one time since exposure, against the base of all."""
    return next(one for one in event_study(design, "dynamic", base="universal", lag=lag) if one.key == since)


def cohort_balance(panels: ImpactPanels) -> pd.DataFrame:
    """A row a covariate: its mean in each cohort before anybody was exposed, with the joint test in `attrs`."""
    panel = panels.scheduled(*panels.primary)
    result = balance(panel, _covariates(panels, panel), planned_orders(panels, panel))
    frame = result.table.copy()
    frame.attrs = {
        "p": result.p,
        "orders": result.orders,
        "covariates": result.covariates,
        "source": "; ".join(dict.fromkeys(one.facts_source for one in panels.councils.by_code.values())),
    }
    return frame


def _covariates(panels: ImpactPanels, panel: Panel) -> pd.DataFrame:
    """Index units: level, trend and base year before exposure, size, deprivation, region, and what is declared.

    Size is the pupils behind the outcome before exposure, else those of all schools of each council.
    """
    names = {"level": LEVEL, "trend": TREND, "base": BASE}
    facts = pre_exposure(panel, panels.plan.base_lag).rename(columns=names)
    series = panels.series(*panels.primary)
    known = series[(series["school_year"] <= panels.last_pre_exposure) & series["denominator"].notna()]
    pupils = known.groupby("gss_code")["denominator"].mean().reindex(facts.index)
    councils = panels.councils.table.reindex(facts.index)
    if pupils.notna().all():
        facts[PUPILS] = pupils
    else:
        facts[ALL_PUPILS] = councils["pupils"]
    facts[DEPRIVED] = councils["most_deprived_percent"]
    facts[REGION] = councils["regional_improvement_collaborative"].astype(str)
    return facts if panels.covariates is None else facts.join(panels.covariates, how="left")


def officers_sent(panels: ImpactPanels) -> pd.DataFrame:
    """A row a comparison: who of those compared with had sent officers; the estimates that allow for it in `attrs`."""
    panel, plan = panels.panel(*panels.primary), panels.plan
    if panels.officers is None:
        raise LookupError("officers are not declared")
    sent = Officers.from_frame(panels.officers.rename(columns={"gss_code": "council"}), panel.exposure)
    frame = exposed_share(panel, sent)
    without: dict[str, Any] | str
    together: dict[str, Any] | str
    try:
        fewer = donut(panel, sent)
        result = planned_test(panels, fewer, plan.contrast(fewer.design))
        names = {"estimate": "estimate", "low": "low", "high": "high", "exposed": "exposed_units"}
        without = {name: getattr(result, one) for name, one in names.items()}
        without["controls"] = result.control_units
    except Refused as error:
        without = error.message
    try:
        both = with_spillover(panel, sent, planned_orders(panels, panel))
        asked = ("effect", "spillover", "effect_alone", "p_effect", "p_spillover")
        together = {name: getattr(both, name) for name in asked}
    except Refused as error:
        together = error.message
    frame.attrs = {"without": without, "together": together}
    return frame
