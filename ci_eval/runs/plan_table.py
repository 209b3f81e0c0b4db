"""The plan file's tables as an `ImpactPlan`: every key known, typed and within its choices, each refusal with its line.

Nothing may be left to a default that somebody did not see: the keys that decide an analysis must all be written.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ci_eval.impact import ExposureRule
from ci_eval.impact.plan import (
    AGGREGATES,
    CONTROLS,
    ESTIMATORS,
    MULTIPLICITY,
    SENSITIVITY,
    STRATA,
    WEIGHTS,
    ImpactPlan,
)
from ci_eval.impact.years import year_number
from ci_eval.problems import InputError
from ci_eval.runs.toml_file import KeyPath
from ci_eval.runs.toml_tables import Table

KEYS: dict[str, tuple[str, ...]] = {
    "outcomes": ("primary", "secondary", "gaps"),
    "estimate": ("estimand", "estimator", "aggregate", "cohort", "year", "controls", "base_lag", "weights"),
    "exposure": ("months_between", "first_year", "collection_month", "collection_day", "trust_plans"),
    "inference": ("strata", "draws", "seed", "level"),
    "reading": ("sensitivity", "multiplicity", "no_evidence", "smallest_effect"),
}
OPTIONAL = frozenset({("estimate", "cohort"), ("estimate", "year"), ("exposure", "trust_plans")})
FEWEST_DRAWS = 99


def plan_of(values: dict[str, Any], file: Path, lines: dict[KeyPath, int]) -> ImpactPlan:
    """The plan that a file's values mean.

    Raises
    ------
    InputError
        For every key that is not known, missing, of the wrong type or none of its choices, at once.
    """
    top = Table(values, file, lines)
    top.only(("question", *KEYS))
    tables = {name: top.table(name) for name in KEYS}
    for name, table in tables.items():
        table.only(KEYS[name])
        for key in KEYS[name]:
            if key not in table.values and (name, key) not in OPTIONAL:
                message = f"The plan does not say {key}."
                table.refuse("plan-incomplete", "", message, f"Write {key} under [{name}].")
    outcomes, estimate, inference, reading = (
        tables[name] for name in ("outcomes", "estimate", "inference", "reading")
    )
    plan = ImpactPlan(
        question=_said(top, "question"),
        primary=_said(outcomes, "primary"),
        secondary=outcomes.texts("secondary"),
        gaps=outcomes.texts("gaps"),
        estimand=_said(estimate, "estimand"),
        estimator=estimate.choice("estimator", ESTIMATORS) or ESTIMATORS[0],
        aggregate=estimate.choice("aggregate", AGGREGATES) or AGGREGATES[0],
        cohort=_year(estimate, "cohort"),
        year=_year(estimate, "year"),
        controls=estimate.choice("controls", CONTROLS) or CONTROLS[0],
        base_lag=estimate.whole("base_lag", 1, 1) or 1,
        weights=estimate.choice("weights", WEIGHTS) or WEIGHTS[0],
        exposure=_rule(tables["exposure"]),
        strata=inference.choice("strata", STRATA) or STRATA[0],
        draws=inference.whole("draws", FEWEST_DRAWS, FEWEST_DRAWS) or FEWEST_DRAWS,
        seed=inference.whole("seed", 0, 0) or 0,
        level=_number(inference, "level", 0.5, 1.0, 0.95),
        sensitivity=_known(reading, "sensitivity", SENSITIVITY),
        multiplicity=reading.choice("multiplicity", MULTIPLICITY) or MULTIPLICITY[0],
        no_evidence=_said(reading, "no_evidence"),
        smallest_effect=_number(reading, "smallest_effect", 0.0, 100.0, 1.0),
    )
    if plan.primary and plan.primary in plan.secondary:
        message = "The primary outcome is listed among the secondary ones too."
        outcomes.refuse("plan-twice", "secondary", message, "List it once.")
    if (plan.aggregate == "cell") != bool(plan.cohort and plan.year):
        message = 'cohort and year name the one cell of aggregate = "cell", and of no other.'
        estimate.refuse("plan-cell", "aggregate", message, "Write both with it, or neither.")
    if plan.estimator != ESTIMATORS[0] and (plan.base_lag != 1 or plan.aggregate == "cell"):
        message = f"{plan.estimator} has neither base_lag nor single cells."
        estimate.refuse("plan-estimator", "estimator", message, f'Write base_lag = 1, or "{ESTIMATORS[0]}".')
    if top.problems:
        raise InputError(f"CANNOT USE {file.name}: nothing was run", top.problems)
    return plan


def _rule(table: Table) -> ExposureRule:
    first = _year(table, "first_year") or "2021-22"
    month, day = table.whole("collection_month", 6, 1), table.whole("collection_day", 30, 1)
    try:
        return ExposureRule(
            month=month or 6,
            day=day or 30,
            months_between=table.whole("months_between", 0, 0) or 0,
            first_year=first,
            trust_plans=table.flag("trust_plans", default=False),
        )
    except InputError as error:
        for problem in error.problems:
            table.refuse(problem.check, "collection_day", problem.message, problem.mend)
        return ExposureRule()


def _said(table: Table, key: str) -> str:
    text = " ".join(table.text(key).split())
    if not text and isinstance(table.values.get(key, ""), str):
        table.refuse("plan-incomplete", key, f"The plan leaves {key} empty.", "Write it in words.")
    return text


def _year(table: Table, key: str) -> str:
    text = table.text(key)
    if text:
        try:
            year_number(text)
        except InputError as error:
            table.refuse("plan-year", key, f'{key} is "{text}".', error.problems[0].mend)
            return ""
    return text


def _number(table: Table, key: str, above: float, up_to: float, default: float) -> float:
    value = table.values.get(key, default)
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not above < number < up_to:
        message = f"{key} is {value!r}; it is a number above {above:g} and below {up_to:g}."
        table.refuse("settings-out-of-range", key, message, "Correct the number.")
        return default
    return number


def _known(table: Table, key: str, known: Iterable[str]) -> tuple[str, ...]:
    items, there = table.texts(key), tuple(known)
    for item in items:
        if item not in there:
            message = f'"{item}" is no analysis known here.'
            table.refuse("settings-out-of-range", key, message, f"Known: {', '.join(there)}.")
    return items
