"""Frames of the plan: what it says, what will be measured and what is missing of it, and what it could detect.

Method: docs/methods.md C7 and C8. No outcome of an exposed year enters any of them but `numbers_missing`, which counts.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_estimates import Planned, planned, strata
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.impact.analysis_plan import SENSITIVITY, described
from ci_eval.impact.detectable_effects import WANTED, Power, power, power_costs, realised_power
from ci_eval.outcomes import OutcomesRecord
from ci_eval.outcomes.outcome_cells import NOT_COLLECTED, SUPPRESSED
from ci_eval.outcomes.outcome_table import NO_ROW
from ci_eval.report import sentences
from ci_eval.settings.executors import across

SIMULATIONS, DRAWS = 600, 499  # a second each; their Monte-Carlo error is printed
TIMES = (0.5, 1.0, 2.0, 3.0)  # effects in the table, as multiples of the smallest worth having
ALL = "all authorities"
WARNING = ("compar", "deprivation (simd)")  # in notes that limit what may be compared


def steps(panels: ImpactPanels) -> pd.DataFrame:
    """A row a step from an engagement to outcomes: step, shown_by."""
    about = panels.programme
    frame = pd.DataFrame([{"step": one.happens, "shown_by": one.shown_by} for one in about.steps])
    frame.attrs = {"programme": about.name, "aims": about.source}
    return frame


def measured(panels: ImpactPanels) -> pd.DataFrame:
    """A row an outcome of the plan before exposure; which later years are closed stands in `attrs`."""
    rows = []
    for outcome in planned(panels):
        panel = panels.before(outcome.measure, outcome.gap)
        rows.append(
            {
                "outcome": outcome.name,
                "role": outcome.role,
                "unit": str(panels.series(outcome.measure, outcome.gap)["unit"].iloc[0]),
                "years": sentences.listed(panel.years.labels),
                "complete": len(panel.units),
                "mean": float(panel.outcomes[:, -1].mean()),
                "sd": float(panel.outcomes[:, -1].std(ddof=1)),
                "smallest": smallest_found(panels, outcome, detectable),
            }
        )
    frame = pd.DataFrame(rows)
    collected, last = panels.calendar(panels.plan.primary).labels, panels.last_pre_exposure
    frame.attrs = {
        "estimand": panels.plan.estimand,
        "closed": [label for label in collected if label > last],
    }
    return frame


def numbers_missing(panels: ImpactPanels) -> pd.DataFrame:
    """A row an outcome, school year and reason for which numbers are missing, in the years that are open."""
    lacking = [_lacking(panels, one.name, one.measure, one.gap) for one in planned(panels)]
    frame = pd.concat(lacking, ignore_index=True)
    last = panels.compared(panels.plan.primary).labels[-1]
    frame.attrs = {"when": f"up to {last}" if panels.exposed else "before exposure", "suppressed": SUPPRESSED}
    return frame


def _lacking(panels: ImpactPanels, name: str, measure: str, gap: bool) -> pd.DataFrame:
    everybody = len(panels.councils.by_code)
    last = panels.compared(measure).labels[-1] if panels.exposed else panels.last_pre_exposure
    frame = panels.series(measure, gap)
    frame = _with_every_council(panels, frame[frame["school_year"] <= last])
    lacking = frame[frame["missing"] != ""]
    # Where nothing was collected at all, which quintile would have had pupils is of no interest.
    years = {
        year
        for year, rows in frame.groupby("school_year")
        if rows["value"].isna().all() and rows["missing"].str.contains(NOT_COLLECTED).all()
    }
    counted = (
        lacking.assign(missing=lacking["missing"].mask(lacking["school_year"].isin(years), NOT_COLLECTED))
        .groupby(["school_year", "missing"], sort=True)["council"]
        .agg(
            councils="size",
            names=lambda names: ALL if len(names) == everybody else sentences.listed(sorted(names)),
        )
        .reset_index()
    )
    nowhere = counted["school_year"].isin(years)
    return counted.assign(
        outcome=name,
        councils=counted["councils"].mask(nowhere, everybody),
        names=counted["names"].mask(nowhere, ALL),
        collected=~nowhere,
    )


def _with_every_council(panels: ImpactPanels, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with one for each council and year of the table; what is added has no number, because it has no row."""
    years = frame["school_year"].unique()
    every = pd.MultiIndex.from_product([panels.councils.by_code, years], names=["gss_code", "school_year"])
    whole = frame.set_index(["gss_code", "school_year"]).reindex(every).reset_index()
    whole["council"] = whole["gss_code"].map(panels.council_names)
    return whole.assign(missing=whole["missing"].fillna(NO_ROW))


def files_read(records: list[OutcomesRecord]) -> pd.DataFrame:
    """A row an outcomes file: what became of its cells."""
    return pd.DataFrame(
        {
            "file": [one.file for one in records],
            "description": [one.description for one in records],
            "counted": [one.counted for one in records],
            "cells_in": [one.rows_in for one in records],
            "used": [one.used for one in records],
            "left_out": [sum(one.left_out.values()) for one in records],
            "reasons": [
                sentences.listed(f"{reason} {count:,}" for reason, count in one.left_out.items())
                for one in records
            ],
            "warnings": [_warnings(one.published_notes.values()) for one in records],
        }
    )


def _warnings(notes: Iterable[str]) -> str:
    """The publisher's own notes on comparing authorities, years or areas, on one line."""
    lines = (" ".join(note.split()) for note in notes)
    return " ".join(line for line in lines if any(word in line.lower() for word in WARNING))


def plan_settings(panels: ImpactPanels) -> pd.DataFrame:
    """A row a setting of the plan as frozen, and as it is now where the two differ."""
    frozen = panels.frozen
    rows = described(panels.plan if frozen is None else frozen.plan)
    changed = {one.key: one.now for one in panels.departures}
    frame = pd.DataFrame(
        [{"setting": key, "planned": words, "now": changed.get(key, "")} for key, words in rows.items()]
    )
    frame.attrs = {
        "question": panels.plan.question,
        "plan_sha256": panels.plan_sha256,
    }
    frame.attrs.update(_frozen(panels))
    return frame


def _frozen(panels: ImpactPanels) -> dict[str, Any]:
    frozen = panels.frozen
    return {
        "frozen_on": None if frozen is None else frozen.frozen_on,
        "frozen_sha256": "" if frozen is None else frozen.sha256,
        "amended": 0 if frozen is None else len(frozen.amendments),
        "evaluated": [] if frozen is None else list(frozen.evaluated),
        "changed": len(panels.departures),
        "published": [(one.record.file, one.record.published) for one in panels.outcomes],
        "example": panels.example_plan and not panels.invented,
    }


def analyses(panels: ImpactPanels) -> pd.DataFrame:
    """A row a sensitivity analysis of the plan as frozen: name, meaning."""
    plan = panels.plan if panels.frozen is None else panels.frozen.plan
    return pd.DataFrame([(name, SENSITIVITY[name]) for name in plan.sensitivity], columns=["name", "meaning"])


def amendments(panels: ImpactPanels) -> pd.DataFrame:
    """A row a plan that was frozen before this one, and why it was replaced."""
    rows = [
        {
            "frozen_on": one.frozen_on,
            "replaced_on": one.replaced_on,
            "reason": one.reason,
            "keys": sentences.listed(d.key for d in one.departures),
            "changed": sentences.listed(f"{d.key}: {d.planned} → {d.now}" for d in one.departures),
            "sha256": one.sha256,
            "evaluated": sentences.listed(one.evaluated),
        }
        for one in (() if panels.frozen is None else panels.frozen.amendments)
    ]
    names = ["frozen_on", "replaced_on", "reason", "keys", "changed", "sha256", "evaluated"]
    return pd.DataFrame(rows, columns=names)


def departed(panels: ImpactPanels) -> pd.DataFrame:
    """A row a setting in which the plan as it is departs from the frozen one: key, planned, now."""
    rows = [(one.key, one.planned, one.now) for one in panels.departures]
    frame = pd.DataFrame(rows, columns=["key", "planned", "now"])
    inputs_changed = [] if panels.frozen is None else panels.frozen.changed_since(panels.inputs)
    frame.attrs.update(_frozen(panels), inputs_changed=list(inputs_changed))
    return frame


# --- what could be detected ---


def how(panels: ImpactPanels) -> dict[str, Any]:
    """The planned test, and how often it is tried."""
    return {
        "strata": strata(panels),
        "alpha": 1 - panels.plan.level,
        "simulations": SIMULATIONS,
        "draws": DRAWS,
        "seed": panels.plan.seed,
    }


@lru_cache(maxsize=8)
def detectable(panels: ImpactPanels, measure: str, gap: bool) -> Power:
    """Power for an outcome under the planned design, from the years before exposure.

    Raises Refused if nothing is identified, or the years before are too few to draw from.
    """
    plan = panels.plan
    return power(
        panels.before(measure, gap),
        panels.scheduled(measure, gap).exposure,
        plan.contrast,
        effects=_effects(plan.smallest_effect),
        **how(panels),
    )


@lru_cache(maxsize=8)
def realised(panels: ImpactPanels, measure: str, gap: bool) -> Power:
    """Power of the planned test of an outcome in the years opened. Raises Refused as its estimate does."""
    plan = panels.plan
    panel = panels.used(measure, gap)
    return realised_power(
        panel, plan.contrast(panel.design), effects=_effects(plan.smallest_effect), **how(panels)
    )


def smallest_found(
    panels: ImpactPanels, outcome: Planned, found: Callable[[ImpactPanels, str, bool], Power]
) -> float:
    """The smallest effect on an outcome that is `detectable` or `realised` often enough; NaN where none is."""
    try:
        return found(panels, outcome.measure, outcome.gap).smallest
    except Refused:
        return float("nan")


def _effects(worth: float) -> list[float]:
    return [times * worth for times in TIMES]


def detectable_effects(panels: ImpactPanels) -> pd.DataFrame:
    """A row a true effect: how often it would be found; in `attrs`: the smallest found often enough, two ways."""
    forecast = detectable(panels, *panels.primary)
    opened = realised(panels, *panels.primary) if panels.exposed else None
    frame = forecast.table.copy()
    if opened is not None:
        frame["realised"] = opened.table["power"]
    frame.attrs = {name: getattr(forecast, name) for name in ("alpha", "simulations", "orders", "size")}
    worth = panels.plan.smallest_effect
    frame.attrs |= {
        "forecast": _smallest(forecast, worth),
        "realised": None if opened is None else _smallest(opened, worth),
    }
    return frame


def _smallest(result: Power, worth: float) -> dict[str, float]:
    """The smallest effect found often enough, its errors and cross-check, and how often the one worth having is found."""
    asked = ("smallest", "smallest_sd", "mc_error", "error", "cross_check")
    chance = result.table.loc[np.isclose(result.table["effect"], worth), "power"].iloc[0]
    return {name: float(getattr(result, name)) for name in asked} | {
        "chance": float(chance),
        "wanted": WANTED,
    }


def calendar_costs(panels: ImpactPanels) -> pd.DataFrame:
    """A row a calendar that could have been: the smallest effect found under it."""
    plan = panels.plan
    return power_costs(
        panels.before(*panels.primary),
        panels.scheduled(*panels.primary).exposure,
        plan.contrast,
        **how(panels),
        planned=detectable(panels, *panels.primary),
        across=across(),
    )
