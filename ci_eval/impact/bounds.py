"""Bounds on an effect over everything the register allows, where dates are not known.

Method: docs/methods.md C1, C5. Every unit whose date is not certain may be exposed in each of its possible years;
the bounds are the smallest and largest estimate over all ways of choosing. They are a statement about
the estimate; the uncertainty of a test comes on top.
"""

from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, Refused, refuse
from ci_eval.impact.design import Design
from ci_eval.impact.effects.cohort_moments import estimate
from ci_eval.impact.effects.contrasts import Contrast, Estimator
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.panel import Panel

WHAT = "CANNOT BOUND AN EFFECT"
CAP = 5_000  # assignments that are enumerated
TREATED, CONTROL, NEITHER = range(3)  # the roles a unit may have


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest estimate.

    Attributes
    ----------
    low, high : of the estimate
    assignments : ways of choosing that the bounds hold for
    not_estimable : among them, ways in which the effect cannot be estimated; None where that is not counted
    """

    low: float
    high: float
    assignments: int
    not_estimable: int | None


def enumerated_bounds(panel: Panel, estimator: Estimator, *, cap: int = CAP) -> Bounds:
    """Bounds of any estimator by trying every assignment.

    Parameters
    ----------
    panel : with possible years of exposure; units exposed together keep together
    estimator : makes the contrast from a design, e.g. ``callaway_santanna``
    cap : assignments tried at most

    Examples
    --------
    >>> from ci_eval.impact import Years, callaway_santanna
    >>> years, maybe = Years.of([2021, 2022]), [False, True, True]  # B in 2022, or later
    >>> possible = np.array([[False, True, False], maybe, [False, False, True]])
    >>> exposure = Exposure(tuple("ABC"), years, possible, tuple("ABC"))
    >>> panel = Panel(exposure, np.array([[0.0, 4], [0, 2], [0, 1]]), np.ones(3))
    >>> found = enumerated_bounds(panel, callaway_santanna)
    >>> found.low, found.high
    (2.0, 2.5)

    Raises
    ------
    Refused
        If there are more assignments than `cap`, or the effect can be estimated in none.
    """
    exposure = panel.exposure
    place = np.unique(exposure.joint, return_inverse=True)[1]
    choices = _choices(exposure, place)
    total = prod(len(choice) for choice in choices)
    if total > cap:
        text = f"The register allows {total:,} assignments, more than {cap:,}."
        refuse(WHAT, "too-many", text, fix="bound one cell with cell_bounds, or keep fewer years")
    values: list[float] = []
    contrasts: dict[
        bytes, Contrast | None
    ] = {}  # most assignments share their numbers a cohort, and so the design
    for chosen in product(*choices):
        candidate = panel.with_exposure(exposure.assigned(np.array(chosen, dtype=np.int64)[place]))
        design = candidate.design
        key = np.concatenate([design.first, design.certain, design.size, design.weight]).tobytes()
        if key not in contrasts:
            contrasts[key] = _contrast(estimator, design)
        if contrast := contrasts[key]:
            values.append(estimate(candidate, contrast))
    if not values:
        text = "The effect can be estimated in no assignment that the register allows."
        refuse(WHAT, "nothing-identified", text, fix="look at identification_map(panel.design)")
    return Bounds(min(values), max(values), total, total - len(values))


def _contrast(estimator: Estimator, design: Design) -> Contrast | None:
    try:
        return estimator(design)
    except Refused:
        return None


def cell_bounds(panel: Panel, cohort: object, year: object, *, lag: int = 1) -> Bounds:
    """Bounds of ATT(cohort, year) against units not yet exposed, exact for any number of assignments.

    For each number of exposed and of controls the estimate is a sum over units, so that adding them one after another
    finds its extremes; the bounds are the extremes over all numbers.

    Parameters
    ----------
    cohort, year : first exposed year and year of the effect
    lag : the base lies this many observed years before exposure

    Examples
    --------
    The panel of `enumerated_bounds`, for which B may be exposed in 2022 or later.

    >>> from ci_eval.impact import Years
    >>> possible = np.array([[False, True, False], [False, True, True], [False, False, True]])
    >>> exposure = Exposure(tuple("ABC"), Years.of([2021, 2022]), possible, tuple("ABC"))
    >>> found = cell_bounds(Panel(exposure, np.array([[0.0, 4], [0, 2], [0, 1]]), np.ones(3)), 2022, 2022)
    >>> found.low, found.high
    (2.0, 2.5)

    Raises
    ------
    Refused
        If units have unequal weights, the year lies before exposure, there is no base, or in no assignment
        there are both exposed and controls.
    """
    first, at = panel.years.position(cohort), panel.years.position(year)
    if not panel.equal_weights:
        text = "With unequal weights the estimate is not linear in the assignment."
        refuse(WHAT, "weights", text, fix="use equal weights, or enumerated_bounds")
    if at < first or first < lag:
        text = f"There is no effect in {year} of exposure in {cohort} with a base {lag} before."
        refuse(WHAT, "cell", text, fix="choose a year from exposure on, and a cohort with a year before")
    exposure = panel.exposure
    change = panel.outcomes[:, at] - panel.outcomes[:, first - lag]
    place = np.unique(exposure.joint, return_inverse=True)[1]
    places = np.arange(len(panel.years) + 1)
    kinds = np.array([places == first, places > at, (places != first) & (places <= at)])
    allowed = np.array([(exposure.possible[:, kind]).any(axis=1) for kind in kinds]).T
    allowed = allowed[np.unique(place, return_index=True)[1]]
    size = np.bincount(place).astype(np.float64)
    total = np.bincount(place, weights=change).astype(np.float64)
    least, most = (_extreme(allowed, size, total, sign) for sign in (1.0, -1.0))
    if least is None or most is None:
        text = f"In no assignment are there both units exposed first in {cohort} and controls in {year}."
        refuse(WHAT, "nothing-identified", text, fix="look at identification_map(panel.design)")
    count = prod(len(choice) for choice in _choices(exposure, place))
    return Bounds(least, -most, count, None)


def _extreme(allowed: BoolArray, size: FloatArray, total: FloatArray, sign: float) -> float | None:
    """Least of sign × estimate; None where no assignment has an estimate.

    For given numbers of exposed and of controls, each group in turn adds what its best role adds: `best[n, m]` is the
    least sum so far with n exposed and m controls.
    """
    sizes = size.astype(int)
    most = [int(sizes[allowed[:, role]].sum()) for role in (TREATED, CONTROL)]
    only = allowed & (allowed.sum(axis=1) == 1)[:, None]
    sure = [(int(sizes[only[:, role]].sum()), total[only[:, role]].sum()) for role in (TREATED, CONTROL)]
    free = np.flatnonzero(allowed.sum(axis=1) > 1)
    answers = []
    ranges = [range(max(1, number), upto + 1) for (number, _), upto in zip(sure, most, strict=True)]
    for treated, controls in product(*ranges):
        gains = sign * total[:, None] * np.array([1 / treated, -1 / controls, 0.0])
        best = np.full((treated + 1, controls + 1), np.inf)
        best[sure[TREATED][0], sure[CONTROL][0]] = sign * (
            sure[TREATED][1] / treated - sure[CONTROL][1] / controls
        )
        for group in free:
            n = sizes[group]
            after = best.copy() if allowed[group, NEITHER] else np.full_like(best, np.inf)
            if allowed[group, TREATED] and n <= treated:
                after[n:] = np.minimum(after[n:], best[: treated + 1 - n] + gains[group, TREATED])
            if allowed[group, CONTROL] and n <= controls:
                after[:, n:] = np.minimum(after[:, n:], best[:, : controls + 1 - n] + gains[group, CONTROL])
            best = after
        answers.append(best[treated, controls])
    least = min(answers, default=np.inf)
    return float(least) if np.isfinite(least) else None


def _choices(exposure: Exposure, place: IntArray) -> list[list[int]]:
    """Possible positions of everything that is assigned together."""
    return [
        np.flatnonzero(exposure.possible[place == group].all(axis=0)).tolist() for group in np.unique(place)
    ]
