"""The permutation test of an effect, of one outcome or of many simulated ones.

Method: docs/methods.md C3, C7. Under no effect for anybody, and an order as good as random within strata, every
order is equally likely, whatever the outcome's distribution and its correlation over years. Simulated outcomes
go through the same orders, so that a statistic of every outcome in every order is a product of two matrices:
which unit has which cohort, and what it then adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import FloatArray, IntArray, refuse
from ci_eval.impact.effects.cohort_moments import neyman_se, same_design
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.inference.inversion import TIE, not_rejected
from ci_eval.impact.inference.orders import DRAWS, EXACT_UP_TO, WHAT, Orders, rollout_orders
from ci_eval.impact.inference.statistics_by_order import statistics
from ci_eval.impact.panel import Panel

WHAT_SIMULATED = "CANNOT SIMULATE THE TEST"
AT_ONCE = 500  # outcomes; their statistics in 2,000 orders take 8 MB an array


@dataclass(frozen=True)
class PermutationResult:
    """Result of the permutation test of one contrast.

    Attributes
    ----------
    estimate : in the unit of the outcome
    se : Neyman's standard error; None in a raw test
    p_raw, p_studentised : two-sided, the order that happened counted in; p_studentised None in a raw test
    low, high : effects not rejected at the level asked for by the studentised test (raw in a raw test), constant for all;
        infinite where the orders are too few to reject
    null_sd : standard deviation of the estimate over the orders
    orders, kind, possible : orders tried, "exact" or "random", different orders there are
    exposed_units, control_units : units compared
    """

    estimate: float
    se: float | None
    p_raw: float
    p_studentised: float | None
    low: float
    high: float
    null_sd: float
    orders: int
    kind: str
    possible: int
    exposed_units: int
    control_units: int

    @property
    def p(self) -> float:
        """The studentised p where there is one, otherwise the raw."""
        return self.p_raw if self.p_studentised is None else self.p_studentised


def permutation_test(
    panel: Panel,
    contrast: Contrast,
    *,
    strata: Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
    studentised: bool = True,
    exact_up_to: int = EXACT_UP_TO,
    orders: Orders | None = None,
) -> PermutationResult:
    """Test a contrast by permuting the rollout order within strata.

    Parameters
    ----------
    panel, contrast : the contrast must be made from `panel.design`
    strata : stratum of each unit; the order was as good as random within them
    draws, seed, exact_up_to : see `rollout_orders`
    level : of the interval
    studentised : compare estimate over Neyman's standard error, which keeps the size where effects differ
    orders : orders made before, so that many contrasts are tested on the same ones

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years, callaway_santanna
    >>> exposure = Exposure.from_cohorts(dict(zip("ABCD", [2022, 2022, None, None])), Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.array([[0.0, 5], [0, 4], [0, 1], [0, 0]]), np.ones(4))
    >>> found = permutation_test(panel, callaway_santanna(panel.design), studentised=False)
    >>> found.orders, round(found.p, 3)  # the order that happened and its mirror image, of six
    (6, 0.333)

    Returns
    -------
    PermutationResult; p is (number of orders at least as extreme) / (orders), never 0.

    Raises
    ------
    Refused
        If only one order is possible, the level is not between 0 and 1, or the standard error is 0, NaN or
        unknown because a cohort has one unit (`studentised=False` then still tests).
    """
    if not 0 < level < 1:
        refuse(WHAT, "level", f"There is no interval of level {level}.", fix="give 95% as 0.95")
    same_design(panel, contrast)
    se = neyman_se(panel, contrast) if studentised else None
    if orders is None:
        orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=exact_up_to)
    by_order = statistics(panel, contrast, orders)
    p_studentised = None
    if studentised:
        # An order without any spread within its cohorts is as extreme as can be: it counts against the effect.
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = by_order.estimate**2 / by_order.variance
        p_studentised = share_as_extreme(np.where(np.isnan(ratio), np.inf, ratio))
    low, high = not_rejected(by_order, level, studentised=studentised)
    return PermutationResult(
        float(by_order.estimate[0]),
        se,
        share_as_extreme(by_order.estimate**2),
        p_studentised,
        low,
        high,
        float(np.std(by_order.estimate)),
        len(orders),
        orders.kind,
        orders.possible,
        contrast.exposed_units,
        contrast.control_units,
    )


def share_as_extreme(squared: FloatArray) -> float:
    """Share of orders whose squared statistic is at least that of the first; ties up to rounding count."""
    return float((squared >= squared[0] * (1 - 2 * TIE)).mean())


@dataclass(frozen=True)
class SimulatedTests:
    """One entry for each simulated outcome.

    Attributes
    ----------
    estimate : (S,) estimates
    p_raw : (S,) as in `PermutationResult`
    p_studentised : (S,) likewise; None where it was not asked for
    """

    estimate: FloatArray
    p_raw: FloatArray
    p_studentised: FloatArray | None


def simulated_tests(
    outcomes: FloatArray, panel: Panel, contrast: Contrast, orders: Orders, *, studentised: bool = True
) -> SimulatedTests:
    """Test a contrast on many outcomes of the same units in the same orders.

    Parameters
    ----------
    outcomes : (S, units, T) simulated outcomes, units and years as in the panel
    panel : gives units and cohorts; its own outcome is not used
    contrast : made from `panel.design`
    orders : from `rollout_orders`; the first is the one that happened
    studentised : also compare estimates over Neyman's standard errors, at about twice the time

    Returns
    -------
    SimulatedTests; the same numbers as `permutation_test` gives one by one.

    Raises
    ------
    Refused
        If units have unequal weights (W then differs between orders), the shape does not fit, a value is not
        finite, or a cohort that carries weight has one unit while `studentised`.
    """
    same_design(panel, contrast)
    outcomes = np.asarray(outcomes, dtype=np.float64)
    if outcomes.ndim != 3 or outcomes.shape[1:] != panel.outcomes.shape or not np.isfinite(outcomes).all():
        text = f"Outcomes of shape {outcomes.shape} are not finite simulations × {panel.outcomes.shape}."
        refuse(WHAT_SIMULATED, "shape", text, fix="give an array simulations × units × years without gaps")
    if not panel.equal_weights:
        text = "Units have unequal weights, so that the weights of cohorts change with the order."
        refuse(WHAT_SIMULATED, "weights", text, fix="simulate with equal weights, or test one by one")
    live = np.flatnonzero(np.abs(contrast.weights).max(axis=1) > 0).astype(np.int64)
    size = contrast.design.size[live].astype(np.float64)
    if studentised and (size < 2).any():
        text = "A cohort has one unit, so that its spread cannot be known."
        refuse(WHAT_SIMULATED, "one-unit", text, fix="use the raw test")
    member = _membership(orders, live, len(panel.units))
    centred = outcomes - outcomes.mean(axis=1, keepdims=True)
    wide = member.transpose(1, 0, 2).reshape(len(orders), -1)
    added = centred @ contrast.weights[live].T
    parts = [
        _block(added[start : start + AT_ONCE], member, wide, size, studentised)
        for start in range(0, len(outcomes), AT_ONCE)
    ]
    estimate, p_raw, p_studentised = (np.concatenate(column) for column in zip(*parts, strict=True))
    return SimulatedTests(estimate, p_raw, p_studentised if studentised else None)


def _membership(orders: Orders, live: IntArray, units: int) -> FloatArray:
    """(live cohorts, B, units) 1 where the unit has the cohort in the order."""
    label = np.full((len(orders), units), -1, dtype=np.int64)
    np.put_along_axis(label, orders.units, np.broadcast_to(orders.cohort, orders.units.shape), axis=1)
    return np.stack([(label == cohort).astype(np.float64) for cohort in live])


def _block(
    added: FloatArray, member: FloatArray, wide: FloatArray, size: FloatArray, studentised: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Estimate and p of some outcomes; `added` is (outcomes, units, live cohorts), `wide` (B, cohorts × units)."""
    groups, _, units = member.shape
    by_group = np.ascontiguousarray(added.transpose(2, 1, 0))  # (cohorts, units, outcomes)
    scale = size[:, None, None]
    estimate = wide @ (by_group / scale).reshape(groups * units, -1)
    squared = estimate * estimate
    p_raw = _p(squared)
    if not studentised:
        return estimate[0].copy(), p_raw, np.empty(0)
    # Σ of squares less n × mean², over n (n − 1), of every cohort; the scale is put on what goes in.
    variance = wide @ (by_group**2 / (scale * (scale - 1))).reshape(groups * units, -1)
    by_group /= scale * np.sqrt(scale - 1)
    total = np.empty_like(variance)
    for group in range(groups):
        np.matmul(member[group], by_group[group], out=total)
        np.multiply(total, total, out=total)
        variance -= total
    with np.errstate(divide="ignore", invalid="ignore"):
        squared /= variance
    # An order without any spread within its cohorts is as extreme as can be.
    if not (variance.min() > 0):
        squared[~(variance > 0)] = np.inf
    return estimate[0].copy(), p_raw, _p(squared)


def _p(squared: FloatArray) -> FloatArray:
    """Share of orders at least as extreme as the first, ties up to rounding counted."""
    return np.asarray(np.count_nonzero(squared >= squared[0] * (1 - 2 * TIE), axis=0) / len(squared))
