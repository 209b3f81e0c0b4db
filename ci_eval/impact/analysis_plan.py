"""The analysis plan: everything decided before an outcome of an exposed year is opened, as values.

Method: docs/methods.md C8. The plan is written as a file and frozen by its hash. This module holds its settings, the
contrast they mean in a design, and how two plans are compared setting by setting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import cast

from ci_eval.agreement.refusals import refuse
from ci_eval.impact.design import Controls, Design
from ci_eval.impact.effects import (
    Contrast,
    att,
    base_year_adjusted,
    borusyak_jaravel_spiess,
    callaway_santanna,
    roth_santanna,
    sun_abraham,
)
from ci_eval.impact.effects.contrasts import Aggregate
from ci_eval.impact.exposure import ASSUMPTIONS, ExposureRule
from ci_eval.impact.years import year_number

WHAT = "CANNOT USE THE ANALYSIS PLAN"

# The choices that a plan can make, each as it is written in the file.
EFFICIENT, BASE_YEAR = "Roth–Sant’Anna", "Base-year adjusted"
ESTIMATORS = ("Callaway–Sant’Anna", "Borusyak–Jaravel–Spiess", "Sun–Abraham", EFFICIENT, BASE_YEAR)
AGGREGATES = ("simple", "group", "dynamic", "calendar", "cell")
CONTROLS = ("not yet exposed", "never exposed")
WEIGHTS = ("equal authorities",)  # pupil weights are a sensitivity: the question is about authorities
STRATA = ("none", "collaborative")
MULTIPLICITY = ("Holm over secondary outcomes", "none")
SENSITIVITY: Mapping[str, str] = {
    "leave one out": "each authority left out in turn",
    "islands out": "without the authorities that are islands",
    "joint reviews": "hosts of one joint engagement counted as one",
    "placebo years": "the same comparison in years before anybody was exposed",
    "base years": "other base years",
    "months between": "more months between engagement and collection",
    "unknown dates": "bounds over every assignment the register allows",
    "relative magnitudes": "violations of parallel trends as large as those before exposure",
    "smoothness": "violations of parallel trends that change slowly",
    "pupil weights": "authorities weighted by pupils before exposure",
    "estimators": "other estimators on the same cells",
    "matched outcome": "each engagement on the outcome that belongs to its area of focus",
    "spillover": "officers of authorities not yet hosts sent to earlier teams",
}
FEWEST_DRAWS = 99
_ONE_CELL = {"table": "estimate", "optional": True, "valid": year_number}


@dataclass(frozen=True)
class ImpactPlan:
    """What was decided beforehand; the plan file's keys are these fields, in the table that each names.

    Attributes
    ----------
    question, estimand : in words
    primary : the one measure that answers the question
    primary_gap : whether its gap between SIMD quintiles 5 and 1 is the primary outcome, rather than its level
    secondary : measures tested under the multiplicity rule
    gaps : measures whose gap between SIMD quintiles 5 and 1 is an outcome of its own
    estimator, aggregate, controls, base_lag : of `ESTIMATORS`, `AGGREGATES`, `CONTROLS`; the base lies that many
        observed years before exposure
    cohort, year : of the one cell estimated where the aggregate is "cell", else ""
    exposure : which collection an engagement exposes first
    weights, strata, multiplicity : of `WEIGHTS`, `STRATA`, `MULTIPLICITY`
    draws, seed, level : random orders of the permutation test, their start, and the level of intervals
    sensitivity : keys of `SENSITIVITY`, in the order reported
    no_evidence : what will be called no evidence of an effect, in words
    smallest_effect : smallest effect worth having, in percentage points, above 0
    """

    question: str = field(metadata={"prose": True})
    primary: str = field(metadata={"table": "outcomes", "prose": True})
    primary_gap: bool = field(default=False, metadata={"table": "outcomes"})
    secondary: tuple[str, ...] = field(default=(), metadata={"table": "outcomes"})
    gaps: tuple[str, ...] = field(default=(), metadata={"table": "outcomes"})
    estimand: str = field(default="", metadata={"table": "estimate", "prose": True})
    estimator: str = field(default=ESTIMATORS[0], metadata={"table": "estimate", "choices": ESTIMATORS})
    aggregate: str = field(default="simple", metadata={"table": "estimate", "choices": AGGREGATES})
    cohort: str = field(default="", metadata=_ONE_CELL)
    year: str = field(default="", metadata=_ONE_CELL)
    controls: str = field(default=CONTROLS[0], metadata={"table": "estimate", "choices": CONTROLS})
    base_lag: int = field(default=1, metadata={"table": "estimate"})
    weights: str = field(default=WEIGHTS[0], metadata={"table": "estimate", "choices": WEIGHTS})
    exposure: ExposureRule = field(default_factory=ExposureRule)
    strata: str = field(default=STRATA[0], metadata={"table": "inference", "choices": STRATA})
    draws: int = field(default=1999, metadata={"table": "inference", "at_least": FEWEST_DRAWS})
    seed: int = field(default=2021, metadata={"table": "inference", "at_least": 0})
    level: float = field(default=0.95, metadata={"table": "inference", "between": (0.5, 1)})
    sensitivity: tuple[str, ...] = field(
        default=tuple(SENSITIVITY), metadata={"table": "reading", "choices": tuple(SENSITIVITY)}
    )
    multiplicity: str = field(default=MULTIPLICITY[0], metadata={"table": "reading", "choices": MULTIPLICITY})
    no_evidence: str = field(default="", metadata={"table": "reading", "prose": True})
    smallest_effect: float = field(default=1.0, metadata={"table": "reading", "between": (0, 100)})

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure the plan names, the primary first, each once."""
        return tuple(dict.fromkeys((self.primary, *self.secondary, *self.gaps)))

    def contrast(self, design: Design) -> Contrast:
        """The planned effect in a design.

        Raises
        ------
        Refused
            If it cannot be estimated there, saying why, or the plan asks for a cell without naming it.
        """
        controls = cast("Controls", self.controls)
        adjusted = {EFFICIENT: roth_santanna, BASE_YEAR: base_year_adjusted}.get(self.estimator)
        if self.aggregate == "cell":
            if adjusted is not None:
                text = f"{self.estimator} averages over cells, and the plan asks for one."
                refuse(
                    WHAT, "cell", text, fix='choose the estimator "Callaway–Sant’Anna", or another aggregate'
                )
            if not (self.cohort and self.year):
                text = 'The aggregate is "cell", but the plan does not say which.'
                refuse(WHAT, "cell", text, fix='add cohort = "2021-22" and year = "2021-22"')
            if self.year < self.cohort:  # both are written as 2021-22
                text = f"The plan asks for the cell of {self.year}, before {self.cohort} were exposed: that is a placebo."
                refuse(WHAT, "cell", text, fix="name a year from the cohort’s own on")
            return att(design, self.cohort, self.year, controls=controls, lag=self.base_lag)
        aggregate = cast("Aggregate", self.aggregate)
        if adjusted is not None:
            return adjusted(design, aggregate, controls=controls, lag=self.base_lag)
        if self.estimator == ESTIMATORS[1]:
            return borusyak_jaravel_spiess(design, aggregate)
        if self.estimator == ESTIMATORS[2]:
            return sun_abraham(design, aggregate)
        return callaway_santanna(design, aggregate, controls=controls, lag=self.base_lag)


@dataclass(frozen=True)
class Departure:
    """One setting that is not as it was planned; `planned` and `now` in words."""

    key: str
    planned: str
    now: str


@dataclass(frozen=True)
class Amendment:
    """A plan that was frozen before and then replaced: when it was frozen, its hash, when and why it was replaced.

    `evaluated` names the review periods of which an evaluation had been made by the day it was replaced.
    """

    frozen_on: date
    sha256: str
    replaced_on: date
    reason: str
    departures: tuple[Departure, ...] = ()
    evaluated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frozen:
    """A plan as it was frozen.

    Attributes
    ----------
    plan : its settings
    sha256 : of the plan file's text as frozen
    frozen_on : the day
    amendments : earlier frozen plans, the oldest first
    inputs : name and SHA-256 of the register and the outcomes files on that day; () where they were not written down
    evaluated : review periods of which an evaluation had been made when it was frozen
    """

    plan: ImpactPlan
    sha256: str
    frozen_on: date
    amendments: tuple[Amendment, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    evaluated: tuple[str, ...] = ()

    def changed_since(self, inputs: Iterable[tuple[str, str]]) -> list[str]:
        """Names of the inputs of that day that are another file now, or are not used any more."""
        now = dict(inputs)
        return [name for name, sha256 in self.inputs if now.get(name) != sha256]


def described(plan: ImpactPlan) -> dict[str, str]:
    """Every setting of a plan by its key in the file, in words; "none" where nothing is listed."""
    words = {}
    for item in fields(plan):
        value, table = getattr(plan, item.name), item.metadata.get("table")
        if isinstance(value, ExposureRule):
            for below in fields(value):
                key = f"{item.name}.{below.metadata.get('key', below.name)}"
                words[key] = _in_words(getattr(value, below.name))
            words["exposure.assumption"] += f": {ASSUMPTIONS[value.assumption]}"
        else:
            # A seed is a name of random orders rather than an amount.
            text = str(value) if item.name == "seed" else _in_words(value)
            words[f"{table}.{item.name}" if table else item.name] = text
    return words


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value) or "none"
    if isinstance(value, str):
        return value or "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def departures(frozen: ImpactPlan, now: ImpactPlan) -> list[Departure]:
    """The settings in which `now` differs from the frozen plan, in the order of the file; [] where none does."""
    planned, present = described(frozen), described(now)
    return [Departure(key, planned[key], present[key]) for key in planned if planned[key] != present[key]]
