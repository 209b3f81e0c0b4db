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
from ci_eval.impact.inference.orders import DRAWS, rollout_orders
from ci_eval.impact.inference.permutation_tests import permutation_test
from ci_eval.impact.inference.statistics_by_order import statistics
from ci_eval.impact.panel import Panel

COLUMNS = ["kind", "name", "estimate", "low", "high", "p", "exposed_units", "control_units", "note"]
Row = dict[str, Any]
NOT_A_TEST = "bounds over {number:,} assignments that the register allows, not an interval"


@dataclass(frozen=True)
class Choices:
    """What is tried beside the main analysis and what can be done with any panel; what is left empty is not tried.

    Attributes
    ----------
    islands : units left out together
    base_years : other estimators by name, e.g. ``{"two collections before": partial(callaway_santanna, lag=2)}``
    months_between : other exposures by name, from `exposure_from_engagements` with other rules; where their dates
        are not certain, bounds over every assignment follow the test
    pupil_weights : other fixed weights by name, one for each unit
    estimators : other estimators by name
    """

    islands: tuple[str, ...] = ()
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
    """The effect under every choice: those given, and those that any panel allows.

    These are: units exposed by one engagement counted as one; everybody taken to be exposed one, two, … collections
    earlier, seen from the years before anybody was (placebos); and each unit left out in turn, the smallest and the
    largest estimate tested.

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
    >>> other = Choices(estimators={"Sun–Abraham": sun_abraham})
    >>> variations(panel, callaway_santanna, other)["kind"].tolist()  # Sun–Abraham is the same comparison
    ['main', 'leave one out', 'leave one out']

    Returns
    -------
    One row a choice, the main analysis first. kind: "main", or the word of the plan for the choice; name;
    estimate, low, high, p: NaN where the note says why there is none, and for bounds, whose low and high are no
    interval; exposed_units, control_units: units compared (0 where there is no test); note. A choice whose estimate
    and units are those of an earlier row, to rounding, is the same contrast and has no row of its own.

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
    rows += _joint_reviews(panel, estimator, test)
    for name, exposure in (chosen.months_between or {}).items():
        other = panel.with_exposure(exposure)
        rows.append(test.row("months between", name, other, estimator))
        if not exposure.certain.all():
            rows.append(_bounds("months between", f"{name}: bounds of the effect", other, estimator))
    rows += [test.row("placebo years", *placebo, estimator) for placebo in placebo_panels(panel)]
    rows += _leave_one_out(panel, estimator, test)
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
    """The rows without those whose estimate and units are those of an earlier row, to rounding: the same contrast."""
    width = float(table["high"].iloc[0] - table["low"].iloc[0])
    numbers = table[["estimate", "exposed_units", "control_units"]].astype(np.float64)
    numbers["estimate"] = (numbers["estimate"] / (width if np.isfinite(width) and width > 0 else 1.0)).round(
        9
    )
    repeated = numbers.duplicated() & table["estimate"].notna()
    return table[~repeated].reset_index(drop=True)


def _leave_one_out(panel: Panel, estimator: Estimator, test: _Test) -> list[Row]:
    """The smallest and the largest estimate without one unit: all of them in one table would hide the two that matter."""
    takes = panel.design.compared[panel.groups]
    found: list[tuple[float, str, Panel]] = []
    for unit in (unit for unit, part in zip(panel.units, takes, strict=True) if part):
        fewer = panel.without([unit])
        try:
            orders = rollout_orders(fewer, test.strata, draws=1, seed=test.seed, exact_up_to=0)
            value = statistics(fewer, estimator(fewer.design), orders).at()[0][0]
        except Refused:
            continue
        found.append((float(value), unit, fewer))
    found.sort(key=lambda each: each[:2])
    ends = list(zip(("Smallest", "Largest"), (found[:1], found[1:][-1:]), strict=True))
    return [
        test.row("leave one out", f"{word} of {len(found)}: Without {test.called([unit])}", fewer, estimator)
        for word, end in ends
        for _, unit, fewer in end
    ]


def _joint_reviews(panel: Panel, estimator: Estimator, test: _Test) -> list[Row]:
    """Hosts of one engagement as one unit that counts once; everywhere else each of them counts."""
    together, member = panel.treated_together()
    several = np.flatnonzero(np.bincount(member) > 1)
    if not len(several):
        return []
    hosts = [unit for unit, place in zip(panel.units, member, strict=True) if place == several[0]]
    name = test.called(hosts, " + ") if len(several) == 1 else f"{len(several)} joint engagements"
    once = replace(together, weights=np.ones(len(together.units)))
    strata = None
    if test.strata is not None:
        strata = {unit: test.strata.get(unit) for unit in panel.units}
        for place in several:
            # Their stratum is that of their members.
            theirs = {
                str(strata[unit]) for unit, own in zip(panel.units, member, strict=True) if own == place
            }
            strata[together.units[place]] = " or ".join(sorted(theirs))
    row = replace(test, strata=strata).row("joint reviews", f"Counted once: {name}", once, estimator)
    return [row]


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
