"""The statistic of a contrast in every rollout order at once.

Method: docs/methods.md C3. Z = Y·Wᵀ holds what each unit would add in each cohort, so that an order is a gather
and a sum. With unequal weights the cohorts' weights change with the order, and W is made anew for all
orders together. Nothing loops over orders.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.inference.orders import Orders
from ci_eval.impact.panel import Panel

CELLS_AT_ONCE = 4_000_000  # numbers held by one gather, 32 MB


@dataclass(frozen=True)
class Statistics:
    """Estimate and Neyman variance in every order, outcome less τ times the effect pattern.

    The estimate is `estimate` − τ `response`; its variance `variance` − 2 τ `cross` + τ² `response_variance`.
    All are (B,), the order that happened first. Variances are NaN where a cohort has one unit.
    """

    estimate: FloatArray
    response: FloatArray
    variance: FloatArray
    cross: FloatArray
    response_variance: FloatArray


def statistics(panel: Panel, contrast: Contrast, orders: Orders) -> Statistics:
    """The statistics of a contrast in all orders, in chunks that fit into memory."""
    # The pattern belongs to the unit: it is what exposure added to its outcome, whatever order is tried.
    pattern = contrast.pattern[panel.groups]
    carries = (np.abs(contrast.weights).max(axis=1) > 0)[orders.cohort[orders.starts]]
    # Means of years cancel in a contrast; taken out first they cost no digits.
    values = panel.outcomes - panel.outcomes.mean(axis=0)
    if panel.equal_weights:
        return _gathered((values @ contrast.weights.T, pattern @ contrast.weights.T), carries, orders)
    return _in_chunks(
        lambda units: _weighted(panel, contrast, values, pattern, units, carries, orders),
        orders,
        orders.units.shape[1] * len(panel.years),
    )


def paired_statistics(panel: Panel, first: FloatArray, second: FloatArray, orders: Orders) -> Statistics:
    """Estimates by two sets of weights (G, T), their variances and covariance, in all orders; equal weights."""
    values = panel.outcomes - panel.outcomes.mean(axis=0)
    present = orders.cohort[orders.starts]
    carries = np.abs(first).max(axis=1)[present] + np.abs(second).max(axis=1)[present] > 0
    return _gathered((values @ first.T, values @ second.T), carries, orders)


def _gathered(sides: tuple[FloatArray, FloatArray], carries: BoolArray, orders: Orders) -> Statistics:
    """Statistics from what each unit would add in each cohort, (units, G), on both sides."""

    def chunk(units: IntArray) -> tuple[FloatArray, ...]:
        return _equal(sides[0][units, orders.cohort], sides[1][units, orders.cohort], carries, orders)

    return _in_chunks(chunk, orders, orders.units.shape[1])


def _in_chunks(chunk: Callable[[IntArray], tuple[FloatArray, ...]], orders: Orders, width: int) -> Statistics:
    step = max(1, CELLS_AT_ONCE // width)
    parts = [chunk(orders.units[start : start + step]) for start in range(0, len(orders), step)]
    return Statistics(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _equal(
    outcome: FloatArray, effect: FloatArray, carries: BoolArray, orders: Orders
) -> tuple[FloatArray, ...]:
    """Statistics from what each unit adds, (B, n), in the cohort its place belongs to."""
    size = _sizes(orders)
    sums, effects = _by_cohort(outcome, orders), _by_cohort(effect, orders)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 / (size * (size - 1.0))
        variance = (_by_cohort(outcome**2, orders) - sums**2 / size) * scale
        cross = (_by_cohort(outcome * effect, orders) - sums * effects / size) * scale
        response = (_by_cohort(effect**2, orders) - effects**2 / size) * scale
    total = [part[:, carries].sum(axis=1) for part in (variance, cross, response)]
    estimate, answer = (sums / size).sum(axis=1), (effects / size).sum(axis=1)
    return estimate, answer, np.maximum(total[0], 0), total[1], np.maximum(total[2], 0)


def _weighted(
    panel: Panel,
    contrast: Contrast,
    values: FloatArray,
    pattern: FloatArray,
    units: IntArray,
    carries: BoolArray,
    orders: Orders,
) -> tuple[FloatArray, ...]:
    """As `_equal` where units have weights: W follows from the weights of the cohorts in each order."""
    present = orders.cohort[orders.starts]
    each = panel.weights[units]
    sums = _by_cohort(each, orders)
    # Cohorts that take no part keep their weight, which no contrast uses.
    weight = np.tile(contrast.design.weight, (len(units), 1))
    weight[:, present] = sums
    rows = contrast.build(weight)[:, present]
    place = np.searchsorted(present, orders.cohort)
    share = each / sums[:, place]
    outcome = np.einsum("bnt,bnt->bn", values[units], rows[:, place])
    effect = np.einsum("bnt,bnt->bn", pattern[units], rows[:, place])
    size = _sizes(orders)
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = (size / (size - 1.0))[place]
    means = [_by_cohort(share * part, orders) for part in (outcome, effect)]
    left = [share * (part - mean[:, place]) for part, mean in zip((outcome, effect), means, strict=True)]
    counted = np.where(carries[place], correction, 0.0)
    spread = [
        (first * second * counted).sum(axis=1)
        for first, second in ((left[0], left[0]), (left[0], left[1]), (left[1], left[1]))
    ]
    return means[0].sum(axis=1), means[1].sum(axis=1), *spread


def _by_cohort(values: FloatArray, orders: Orders) -> FloatArray:
    """(B, cohorts present) sums over the places of each cohort."""
    return np.asarray(np.add.reduceat(values, orders.starts, axis=1))


def _sizes(orders: Orders) -> FloatArray:
    return np.diff(orders.starts, append=len(orders.cohort)).astype(np.float64)
