"""The same effect under other choices: one table of everything that could have been done otherwise.

Method: docs/methods.md C5. Each row repeats the whole test: design, estimate, permutation. What cannot be estimated
under a choice stays in the table with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.impact.bounds import enumerated_bounds
from ci_eval.impact.effects.contrasts import Estimator
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.inference.orders import DRAWS
from ci_eval.impact.inference.permutation_tests import permutation_test
from ci_eval.impact.panel import Panel

COLUMNS = ["kind", "name", "estimate", "low", "high", "p", "exposed_units", "control_units", "note"]
Row = dict[str, Any]
NOT_A_TEST = "bounds over {number:,} assignments that the register allows, not an interval"


@dataclass(frozen=True)
class Choices:
    """What is tried beside the main analysis; everything left empty is left out of the table.

    Attributes
    ----------
    leave_one_out : each unit in turn, whoever takes part in the comparison
    islands : units left out together
    joint_reviews : units exposed by one engagement averaged to one unit
    placebo_years : everybody taken to be exposed one, two, … collections earlier, seen from the years before
        anybody was exposed
    base_years : other estimators by name, e.g. ``{"two collections before": partial(callaway_santanna, lag=2)}``
    months_between : other exposures by name, from `exposure_from_engagements` with other rules; where their dates
        are not certain, bounds over every assignment follow the test
    pupil_weights : other fixed weights by name, one for each unit
    estimators : other estimators by name
    """

    leave_one_out: bool = True
    islands: tuple[str, ...] = ()
    joint_reviews: bool = True
    placebo_years: bool = True
    base_years: Mapping[str, Estimator] | None = None
    months_between: Mapping[str, Exposure] | None = None
    pupil_weights: Mapping[str, Mapping[str, float]] | None = None
    estimators: Mapping[str, Estimator] | None = None


@dataclass(frozen=True)
class _Test:
    strata: Mapping[str, object] | None
    draws: int
    seed: int
    level: float
    names: Mapping[str, str]

    def called(self, units: Iterable[str], between: str = ", ") -> str:
        return between.join(self.names.get(unit, unit) for unit in units)

    def row(self, kind: str, name: str, panel: Panel, estimator: Estimator) -> Row:
        """The row of one choice: the whole test anew, or the reason why there is none."""
        try:
            contrast = estimator(panel.design)
            how: Row = {"strata": self.strata, "draws": self.draws, "seed": self.seed, "level": self.level}
            result = permutation_test(panel, contrast, **how)
        except Refused as refused:
            return _without_test(kind, name, refused.message)
        columns = ("estimate", "low", "high", "p", "exposed_units", "control_units")
        return {"kind": kind, "name": name, "note": ""} | {one: getattr(result, one) for one in columns}


def variations(
    panel: Panel,
    estimator: Estimator,
    choices: Choices | None = None,
    *,
    strata: Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The effect under every choice.

    Parameters
    ----------
    panel : the main analysis, with its exposure and weights
    estimator : makes the contrast from a design, e.g. ``callaway_santanna``
    choices : `Choices()` by default
    strata, draws, seed, level : see `permutation_test`; the same for every row
    names : how units are called in the table, e.g. councils by code; by default as in the panel

    Examples
    --------
    >>> from ci_eval.impact import Years, callaway_santanna, sun_abraham
    >>> cohorts = {unit: 2022 if unit < "D" else None for unit in "ABCDEFG"}
    >>> exposure = Exposure.from_cohorts(cohorts, Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.random.default_rng(1).normal(size=(7, 2)), np.ones(7))
    >>> only = Choices(leave_one_out=False, estimators={"Sun–Abraham": sun_abraham})
    >>> variations(panel, callaway_santanna, only)["name"].tolist()  # Sun–Abraham is the same comparison
    ['As planned']

    Returns
    -------
    One row a choice, the main analysis first. kind: "main", or the word of the plan for the choice; name;
    estimate, low, high, p: NaN where the note says why there is none, and for bounds, whose low and high are no
    interval; exposed_units, control_units: units compared (0 where there is no test); note. A choice whose
    numbers are those of an earlier row, to rounding, is the same comparison and has no row of its own.

    Raises
    ------
    Refused
        If a unit, or an exposure or weight for one, is not known. What cannot be estimated is a row.
    """
    chosen = Choices() if choices is None else choices
    test = _Test(strata, draws, seed, level, names or {})
    rows = [test.row("main", "As planned", panel, estimator)]
    for kind, others in (("estimators", chosen.estimators), ("base years", chosen.base_years)):
        rows += [test.row(kind, name, panel, other) for name, other in (others or {}).items()]
    for name, weights in (chosen.pupil_weights or {}).items():
        rows.append(test.row("pupil weights", name, panel.with_weights(weights), estimator))
    if chosen.islands:
        left = panel.without(chosen.islands)
        rows.append(test.row("islands out", f"Without {test.called(chosen.islands)}", left, estimator))
    if chosen.joint_reviews:
        rows += _joint_reviews(panel, estimator, test)
    for name, exposure in (chosen.months_between or {}).items():
        other = panel.with_exposure(exposure)
        rows.append(test.row("months between", name, other, estimator))
        if not exposure.certain.all():
            rows.append(_bounds("months between", f"{name}: bounds of the effect", other, estimator))
    if chosen.placebo_years:
        rows += [test.row("placebo years", *placebo, estimator) for placebo in placebo_panels(panel)]
    if chosen.leave_one_out:
        rows += [
            test.row("leave one out", f"Without {test.called([unit])}", panel.without([unit]), estimator)
            for unit in _taking_part(panel)
        ]
    return _distinct(pd.DataFrame(rows, columns=COLUMNS))


def placebo_panels(panel: Panel) -> Iterator[tuple[str, Panel]]:
    """Panels in which everybody is taken to be exposed earlier, seen from the years before anybody was.

    Nobody was exposed in them, so that the effect is nothing, whatever the programme does. The name says how
    much earlier; nothing comes where there are fewer than two years before.
    """
    before = int(panel.exposure.first.min())
    for earlier in range(1, before):
        possible = np.zeros((len(panel.units), before + 1), dtype=bool)
        for position in range(len(panel.years)):
            possible[:, min(max(position - earlier, 0), before)] |= panel.exposure.possible[:, position]
        # Who is not exposed in the years observed may be so much later: the placebo leaves them unexposed.
        possible[:, before] |= panel.exposure.possible[:, -1]
        exposure = Exposure(panel.units, panel.years.keep(range(before)), possible, panel.exposure.joint)
        label = panel.years.label(before - earlier)
        name = f"As if exposed {earlier} collection{'s' if earlier > 1 else ''} earlier, from {label}"
        yield name, replace(panel, exposure=exposure, outcomes=panel.outcomes[:, :before])


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    """The rows without those whose estimate, interval, p and units are those of an earlier row, to rounding.

    Each unit that is left out keeps its row, as the rows are counted.
    """
    numbers = table[COLUMNS[2:8]].astype(np.float64)
    width = float(numbers["high"].iloc[0] - numbers["low"].iloc[0])
    outcome = ["estimate", "low", "high"]
    numbers[outcome] /= width if np.isfinite(width) and width > 0 else 1.0
    repeated = numbers.round(9).duplicated() & table["estimate"].notna() & (table["kind"] != "leave one out")
    return table[~repeated].reset_index(drop=True)


def _taking_part(panel: Panel) -> list[str]:
    """Units with a year before exposure; leaving out the others changes nothing."""
    takes = panel.design.compared[panel.groups]
    return [unit for unit, part in zip(panel.units, takes, strict=True) if part]


def _joint_reviews(panel: Panel, estimator: Estimator, test: _Test) -> list[Row]:
    """Hosts of one engagement as one unit, with the stratum of its members if they share one."""
    groups: dict[str, list[str]] = {}
    for unit, together in zip(panel.units, panel.exposure.joint, strict=True):
        groups.setdefault(together, []).append(unit)
    several = {" + ".join(units): units for units in groups.values() if len(units) > 1}
    if not several:
        return []
    strata = None
    if test.strata is not None:
        strata = dict(test.strata)
        for name, units in several.items():
            theirs = {str(strata.get(unit)) for unit in units}
            strata[name] = strata.get(units[0]) if len(theirs) == 1 else " or ".join(sorted(theirs))
    count = len(several)
    name = test.called(next(iter(several.values())), " + ") if count == 1 else f"{count} joint engagements"
    joined = replace(test, strata=strata)
    return [joined.row("joint reviews", f"Counted once: {name}", panel.joined(several), estimator)]


def _bounds(kind: str, name: str, panel: Panel, estimator: Estimator) -> Row:
    """Bounds of the effect over all dates that are possible."""
    try:
        bounds = enumerated_bounds(panel, estimator)
    except Refused as refused:
        return _without_test(kind, name, refused.message)
    note = NOT_A_TEST.format(number=bounds.assignments)
    if bounds.not_estimable:
        note += f"; in {bounds.not_estimable:,} of them the effect cannot be estimated"
    return _without_test(kind, name, note) | {"low": bounds.low, "high": bounds.high}


def _without_test(kind: str, name: str, note: str) -> Row:
    """A row without an estimate, whose note says why."""
    numbers = dict.fromkeys(COLUMNS[2:6], np.nan)
    return {"kind": kind, "name": name} | numbers | {"exposed_units": 0, "control_units": 0, "note": note}
