"""Power: which effects the planned test would find, which one the opened years allow, and what missing years cost.

Method: docs/methods.md C7, C7a; Gelman & Carlin 2014 for errors of magnitude and sign. The test simulated is the test
that will be used: the same estimator, orders and level. The forecast draws series from the years before; the realised
one deals out the outcomes that were observed. The plan is compared with itself in a calendar without missing years, and
with its last cohort left unexposed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, named, refuse
from ci_eval.impact.effects.contrasts import Contrast, Estimator
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.inference.many_outcomes import AT_ONCE, ManyOutcomes, SimulatedTests, joined
from ci_eval.impact.inference.orders import EXACT_UP_TO, Orders, rollout_orders
from ci_eval.impact.inference.statistics_by_order import statistics
from ci_eval.impact.panel import Panel
from ci_eval.impact.simulated_series import Series, fitted
from ci_eval.impact.years import Years, is_school_year, school_year

WHAT = "CANNOT COMPUTE POWER"
SIMULATIONS, DRAWS = 1000, 999
WANTED = 0.8  # probability with which the smallest detectable effect is found
FACTOR = 2.8  # 1.96 + 0.84: a normal test at 5% that finds an effect of this many standard errors in 80%
STEPS = 10  # halvings of the range in which the smallest detectable effect lies
SLOPE = 0.1  # half the distance, as part of the effect, over which the slope of the power is taken


@dataclass(frozen=True)
class Power:
    """The effects that a planned test can find.

    Attributes
    ----------
    smallest : effect, in the unit of the outcome, that is found with probability `WANTED`
    mc_error : Monte-Carlo standard error of `smallest`
    error : standard error of a forecast: that of the series before exposure as well, which are few; NaN where nothing is
        forecast
    smallest_sd : `smallest` in standard deviations between authorities in the last year before; NaN if not known
    null_sd : standard deviation of the estimate where there is no effect
    size : share of nulls rejected
    table : one row an effect asked for: effect, power, mc_error, exaggeration (mean absolute estimate of those
        found, over the effect: type M), wrong_sign (share of those found: type S)
    alpha : level of the test
    simulations, orders : series drawn, orders each was tested in
    """

    smallest: float
    mc_error: float
    error: float
    smallest_sd: float
    null_sd: float
    size: float
    table: pd.DataFrame
    alpha: float
    simulations: int
    orders: int

    @property
    def cross_check(self) -> float:
        """2.8 × the standard deviation of the null; the smallest effect should lie within about 5% of it."""
        return FACTOR * self.null_sd


def power(
    history: Panel,
    exposure: Exposure,
    estimator: Estimator,
    *,
    effects: Iterable[float] = (),
    strata: Mapping[str, object] | None = None,
    alpha: float = 0.05,
    simulations: int = SIMULATIONS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Power:
    """Power of the planned test, from real series of the years before.

    Parameters
    ----------
    history : the outcome in years before anybody can have been exposed; nothing later is accepted
    exposure : who is, or is planned to be, exposed when, in the years the evaluation will look at; other units
        than those of the history are refused
    estimator : makes the contrast from a design, e.g. ``callaway_santanna``
    effects : effects, in the unit of the outcome, whose power is asked for; constant in all exposed cells
    strata : see `permutation_test`
    alpha : level of the test
    simulations, draws, seed : series drawn, random orders, start of the random numbers

    Examples
    --------
    >>> from ci_eval.impact import callaway_santanna
    >>> values = np.random.default_rng(1).normal(size=(20, 3))
    >>> units = [str(unit) for unit in range(20)]
    >>> before = Exposure.from_cohorts(dict.fromkeys(units), Years.of([2019, 2020, 2021]))
    >>> cohorts = {unit: 2022 if place < 10 else None for place, unit in enumerate(units)}
    >>> plan = Exposure.from_cohorts(cohorts, Years.of([2021, 2022]))
    >>> history = Panel(before, values, np.ones(20))
    >>> result = power(history, plan, callaway_santanna, simulations=50, draws=99, seed=1)
    >>> 1 < result.smallest < 3
    True

    Raises
    ------
    Refused
        For years of exposure in `history`, nothing identified, or what `Series.of` and `simulated_tests` refuse.
    """
    first = int(exposure.first.min())
    if first < len(exposure.years) and history.years.numbers[-1] >= exposure.years.numbers[first]:
        text = (
            f"{history.years.labels[-1]} is not before the first exposure, in {exposure.years.label(first)}."
        )
        refuse(WHAT, "not-before", text, fix="open the years before exposure only: Panel.in_years")
    shape = len(exposure.units), len(exposure.years)
    panel = Panel(exposure, np.zeros(shape), np.ones(shape[0]))
    lacking = sorted(set(exposure.units) - set(history.units))
    if lacking:
        refuse(WHAT, "no-series", f"No years before are known of {named(lacking)}.", fix="leave them out")
    history = history.select(exposure.units)
    # Who will be hosts together moved together before as well: one series, of their mean.
    before = replace(history, exposure=replace(history.exposure, joint=exposure.joint)).treated_together()[0]
    series = Series.of(before)
    orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=min(EXACT_UP_TO, draws + 1))
    outcomes = series.draw(exposure.years, simulations, seed=seed)[:, orders.member]
    contrast = estimator(panel.design)
    observed = _each(orders, simulations)
    result = simulated_power(
        outcomes, panel, contrast, orders, effects=effects, alpha=alpha, observed=observed
    )
    relative = _relative_error(before, contrast, panel)
    return replace(
        result,
        error=float(np.hypot(result.mc_error, result.smallest * relative)),
        smallest_sd=result.smallest / float(history.outcomes[:, -1].std(ddof=1)),
    )


def realised_power(
    panel: Panel,
    contrast: Contrast,
    *,
    effects: Iterable[float] = (),
    strata: Mapping[str, object] | None = None,
    alpha: float = 0.05,
    simulations: int = SIMULATIONS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Power:
    """Power of the test in the years opened: the outcomes observed, less the effect estimated, under other orders.

    Every simulation takes another of the rollout orders to have happened, adds the effect to those whom it exposes,
    and tests. Parameters and refusals are those of `power`, and of `permutation_test` of the contrast.

    Examples
    --------
    >>> from ci_eval.impact import callaway_santanna
    >>> cohorts = {str(unit): 2022 if unit < 10 else None for unit in range(20)}
    >>> exposure = Exposure.from_cohorts(cohorts, Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.random.default_rng(1).normal(size=(20, 2)), np.ones(20))
    >>> result = realised_power(panel, callaway_santanna(panel.design), simulations=50, draws=99, seed=1)
    >>> abs(result.smallest / result.cross_check - 1) < 0.3
    True
    """
    orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=min(EXACT_UP_TO, draws + 1))
    estimate = float(statistics(panel, contrast, orders).at()[0][0])
    outcomes = (panel.outcomes - estimate * contrast.pattern[panel.groups])[None]
    observed = _each(orders, simulations)
    return simulated_power(outcomes, panel, contrast, orders, effects=effects, alpha=alpha, observed=observed)


def _each(orders: Orders, simulations: int) -> IntArray:
    """(simulations,) the order taken to have happened in each: all of them in turn, which are in random order."""
    return np.arange(simulations, dtype=np.int64) % len(orders)


def _relative_error(history: Panel, contrast: Contrast, plan: Panel) -> float:
    """Standard error of the forecast over the forecast, from units and years left out in turn (jackknife)."""
    number = np.array(history.years.numbers)
    together = plan.treated_together()[0]
    share = together.weights / together.design.weight[together.groups]
    of_cohort = np.bincount(together.groups, weights=share**2)
    gap = np.abs(np.subtract.outer(plan.years.numbers, plan.years.numbers))

    def spread_of_estimate(outcomes: FloatArray, years: IntArray) -> float:
        memory, spread = fitted(outcomes, years)
        kept = np.einsum("g,gs,st,gt->", of_cohort, contrast.weights, memory**gap, contrast.weights)
        return float(spread * np.sqrt(kept))

    whole = spread_of_estimate(history.outcomes, number)
    rows = [np.delete(history.outcomes, row, axis=0) for row in range(len(history.units))]
    by_unit = np.array([spread_of_estimate(row, number) for row in rows])
    columns = range(len(number)) if len(number) > 3 else ()
    by_year = np.array(
        [spread_of_estimate(np.delete(history.outcomes, c, axis=1), np.delete(number, c)) for c in columns]
    )
    variance = sum(
        (len(each) - 1) / len(each) * float(((each - each.mean()) ** 2).sum())
        for each in (by_unit, by_year)
        if len(each)
    )
    return float(np.sqrt(variance)) / whole


def simulated_power(
    outcomes: FloatArray,
    panel: Panel,
    contrast: Contrast,
    orders: Orders,
    *,
    effects: Iterable[float] = (),
    alpha: float = 0.05,
    studentised: bool = True,
    observed: IntArray | None = None,
) -> Power:
    """Power of a test on `outcomes` (S, units, T) simulated without an effect; (1, units, T) for one throughout.

    `observed` (S,) says which order happened in each simulation, by default the first. Every effect is tried on the
    same series, so that the smallest detectable one is found by halving; its error is that of a share of S, with that
    of the level where one outcome is simulated throughout, over the slope of the power. Refused where the test is
    unable to reject at `alpha`, or no effect is found with probability `WANTED`.
    """
    if len(orders) * alpha < 1:
        text = f"With {len(orders)} orders no test at {alpha} can reject."
        refuse(WHAT, "few-orders", text, fix="draw more orders, or plan more units")
    happened = np.zeros(len(outcomes), dtype=np.int64) if observed is None else observed
    runs = len(happened)
    pieces = [
        ManyOutcomes.of(
            outcomes[at : at + AT_ONCE] if len(outcomes) == runs else outcomes,
            panel,
            contrast,
            orders,
            observed=happened[at : at + AT_ONCE],
            effects=True,
            studentised=studentised,
        )
        for at in range(0, runs, AT_ONCE)
    ]

    def tests(effect: float) -> SimulatedTests:
        return joined([piece.tests(effect) for piece in pieces])

    def rejected(tested: SimulatedTests, level: float = alpha) -> FloatArray:
        p = tested.p_raw if tested.p_studentised is None else tested.p_studentised
        # A share of orders: 0.05 itself must count, however it is rounded.
        return (p <= level + 1e-12).astype(np.float64)

    def share(effect: float) -> float:
        return float(rejected(tests(effect)).mean())

    nothing = tests(0.0)
    null_sd = float(nothing.estimate.std())
    low, high = _bracket(share, FACTOR * null_sd)
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if share(middle) >= WANTED else (middle, high)
    smallest = high
    slope = (share(smallest * (1 + SLOPE)) - share(smallest * (1 - SLOPE))) / (2 * SLOPE * smallest)
    error = float(np.sqrt(WANTED * (1 - WANTED) / runs))
    if orders.kind == "random" and len(outcomes) < runs:
        # On one outcome, orders drawn at random reject at a level that is a little off for every simulation alike.
        off, there = float(np.sqrt(alpha * (1 - alpha) / len(orders))), tests(smallest)
        error = float(
            np.hypot(error, (rejected(there, alpha + off) - rejected(there, alpha - off)).mean() / 2)
        )
    rows = []
    for effect in effects:
        tested = tests(float(effect))
        rows.append((float(effect), *_errors(tested.estimate, rejected(tested) > 0, float(effect))))
    columns = ["effect", "power", "mc_error", "exaggeration", "wrong_sign"]
    return Power(
        smallest,
        error / slope if slope > 0 else np.inf,
        np.nan,
        np.nan,
        null_sd,
        float(rejected(nothing).mean()),
        pd.DataFrame(rows, columns=columns, dtype=np.float64),
        alpha,
        runs,
        len(orders),
    )


def _bracket(share: Callable[[float], float], start: float) -> tuple[float, float]:
    low, high = 0.0, start
    for _ in range(12):
        if share(high) >= WANTED:
            return low, high
        low, high = high, high * 2
    text = f"No effect up to {high:.3g} is found with probability {WANTED}."
    refuse(WHAT, "no-power", text, fix="plan more units or years, or use the raw test")


def _errors(estimate: FloatArray, rejected: BoolArray, effect: float) -> tuple[float, ...]:
    """Power, its Monte-Carlo error, exaggeration and share of wrong signs among what was found."""
    share = float(rejected.mean())
    error = float(np.sqrt(share * (1 - share) / len(rejected)))
    if not rejected.any() or effect == 0:
        return share, error, np.nan, np.nan
    kept = estimate[rejected]
    return share, error, float(np.abs(kept).mean() / abs(effect)), float((kept * effect < 0).mean())


def power_costs(
    history: Panel,
    exposure: Exposure,
    estimator: Estimator,
    *,
    planned: Power | None = None,
    across: Callable[..., Iterable[Any]] = map,
    **how: Any,
) -> pd.DataFrame:
    """What the missing years and the exposure of everybody cost: smallest detectable effects side by side.

    Parameters are those of `power`; `planned` is what it gave for this exposure, where that is known; `across` is a function
    like `map`, which may work on several plans at a time. Rows: the plan;
    had every missing year been collected; had the last cohort stayed unexposed (where somebody else is exposed).
    Columns: scenario, smallest, mc_error, ratio (to the plan). All rows use the same random
    numbers, so that their ratios are more certain than each of them.

    Raises
    ------
    Refused
        As `power`.
    """
    plans = {"as planned": exposure}
    missing = [label for label in _all_years(exposure.years).labels if label not in exposure.years.labels]
    if missing:
        plans[f"had {' and '.join(missing)} been collected"] = _with_every_year(exposure)
    kept = _last_unexposed(exposure)
    if kept is not None:
        last = exposure.years.label(int(_exposed_positions(exposure).max()))
        plans[f"had the cohort of {last} stayed unexposed"] = kept
    known = [] if planned is None else [planned]
    one = partial(power, history, estimator=estimator, **how)
    results = [*known, *across(one, list(plans.values())[len(known) :])]
    rows = [(one.smallest, one.mc_error, one.smallest / results[0].smallest) for one in results]
    table = pd.DataFrame(rows, columns=["smallest", "mc_error", "ratio"])
    table.insert(0, "scenario", list(plans))
    return table


def _all_years(years: Years) -> Years:
    """The years with those between them that were not collected."""
    school = is_school_year(years.labels[0])
    numbers = range(years.numbers[0], years.numbers[-1] + 1)
    return Years.of(school_year(number) if school else number for number in numbers)


def _with_every_year(exposure: Exposure) -> Exposure:
    """The exposure in a calendar without missing years, first exposed years kept as they are."""
    every = _all_years(exposure.years)
    places = [every.numbers.index(number) for number in exposure.years.numbers] + [len(every)]
    possible = np.zeros((len(exposure.units), len(every) + 1), dtype=bool)
    possible[:, places] = exposure.possible
    return Exposure(exposure.units, every, possible, exposure.joint)


def _exposed_positions(exposure: Exposure) -> IntArray:
    certain = exposure.first[exposure.certain]
    return certain[certain < len(exposure.years)]


def _last_unexposed(exposure: Exposure) -> Exposure | None:
    """The exposure with the cohort exposed last never exposed; None where it is the only one."""
    exposed = _exposed_positions(exposure)
    if len(np.unique(exposed)) < 2:
        return None
    last = exposure.certain & (exposure.first == exposed.max())
    possible = exposure.possible.copy()
    possible[last] = np.arange(possible.shape[1]) == len(exposure.years)
    return Exposure(exposure.units, exposure.years, possible, exposure.joint)
