"""The statistic of every rollout order at once, and the effects the test does not reject.

Method: docs/methods.md C3. Z = Y·Wᵀ holds what each unit would add in each cohort, so that an order is a gather
and a sum. With unequal weights the cohorts' weights change with the order, and W is made anew for all
orders together. Nothing loops over orders.

Method: docs/methods.md C3. A supposed effect τ is taken off the outcome of the exposed and the test repeated. The
statistic of each order is a ratio of polynomials in τ, so that the values of τ at which an order counts
are found from polynomial roots, for all orders at once, and p(τ) by adding up steps. The interval is the
smallest that holds every τ with p(τ) above 1 − level.
"""

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
    if panel.equal_weights:
        # Means of years cancel in a contrast; taken out first they cost no digits.
        values = panel.outcomes - panel.outcomes.mean(axis=0)
        outcome, effect = values @ contrast.weights.T, pattern @ contrast.weights.T
        width = orders.units.shape[1]
    else:
        width = orders.units.shape[1] * len(panel.years)
    step = max(1, CELLS_AT_ONCE // width)
    parts = []
    for start in range(0, len(orders), step):
        units = orders.units[start : start + step]
        if panel.equal_weights:
            gathered = outcome[units, orders.cohort], effect[units, orders.cohort]
            parts.append(_equal(*gathered, carries, orders))
        else:
            parts.append(_weighted(panel, contrast, pattern, units, carries, orders))
    return Statistics(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def paired_statistics(panel: Panel, first: FloatArray, second: FloatArray, orders: Orders) -> Statistics:
    """Estimates by two sets of weights (G, T), their variances and covariance, in all orders; equal weights."""
    values = panel.outcomes - panel.outcomes.mean(axis=0)
    sides = values @ first.T, values @ second.T
    present = orders.cohort[orders.starts]
    carries = np.abs(first).max(axis=1)[present] + np.abs(second).max(axis=1)[present] > 0
    step = max(1, CELLS_AT_ONCE // orders.units.shape[1])
    parts = []
    for start in range(0, len(orders), step):
        units = orders.units[start : start + step]
        gathered = sides[0][units, orders.cohort], sides[1][units, orders.cohort]
        parts.append(_equal(*gathered, carries, orders))
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
    values = panel.outcomes - panel.outcomes.mean(axis=0)
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


TIE = 1e-9  # relative; orders that differ from the one that happened by rounding count as ties
REAL = 1e-7  # relative imaginary part below which a root is real


def not_rejected(found: Statistics, level: float, *, studentised: bool) -> tuple[float, float]:
    """Limits of the effects not rejected at 1 − level; infinite where no effect on that side is rejected.

    Parameters
    ----------
    found : statistics of every order, the one that happened first; its response must be 1
    studentised : compare estimates over their standard errors, or estimates
    """
    centre = float(found.estimate[0])
    spread = float(np.sqrt(found.variance[0])) if studentised else float(np.std(found.estimate))
    polynomials = _polynomials(found, centre, spread, studentised)
    low, high = _hull(polynomials, 1 - level)
    return centre + low * spread, centre + high * spread


def _polynomials(found: Statistics, centre: float, spread: float, studentised: bool) -> FloatArray:
    """(B, degree + 1) polynomials in u = (τ − estimate) / spread, highest first; an order counts where ≥ 0."""
    # estimate − τ response, as a polynomial in u
    gap = np.stack([-found.response * spread, found.estimate - centre * found.response], axis=1)
    own = np.array([-spread, 0.0])
    squared = _square(gap)
    if not studentised:
        return squared - _square(own)
    variance = np.stack(
        [
            found.response_variance * spread**2,
            2 * spread * (centre * found.response_variance - found.cross),
            found.variance - 2 * centre * found.cross + centre**2 * found.response_variance,
        ],
        axis=1,
    )
    # The order that happened: exposure is the same throughout a cohort, so that its variance ignores τ.
    left = np.concatenate([np.zeros((len(squared), 2)), squared * found.variance[0]], axis=1)
    right = np.zeros_like(left)
    for power in range(3):
        right[:, power] += variance[:, power] * spread**2
    return np.asarray(left - right)


def _square(linear: FloatArray) -> FloatArray:
    slope, constant = linear[..., 0], linear[..., 1]
    return np.stack([slope**2, 2 * slope * constant, constant**2], axis=-1)


def _hull(polynomials: FloatArray, alpha: float) -> tuple[float, float]:
    """Smallest and largest u at which the share of orders that count exceeds alpha."""
    size = np.abs(polynomials).max(axis=1)
    # An order that shares out the cohorts as they were, or ties with it for every τ, always counts.
    always = size <= TIE * size.max()
    rest = polynomials[~always] / np.where(size[~always] > 0, size[~always], 1)[:, None]
    total, base = len(polynomials), int(always.sum())
    if not len(rest):
        return -np.inf, np.inf
    roots = np.sort(_real_roots(rest), axis=1)
    outside = 1 + np.abs(roots[:, [0, -1]])
    between = (roots[:, 1:] + roots[:, :-1]) / 2
    points = np.column_stack([roots[:, 0] - outside[:, 0], between, roots[:, -1] + outside[:, 1]])
    counts = _value(rest, points) >= 0
    steps = np.diff(counts.astype(np.int64), axis=1).ravel()
    place = np.argsort(roots, axis=None)
    where = roots.ravel()[place]
    p = (base + int(counts[:, 0].sum()) + np.concatenate([[0], np.cumsum(steps[place])])) / total
    kept = np.flatnonzero(p > alpha + TIE)
    low = -np.inf if kept[0] == 0 else float(where[kept[0] - 1])
    high = np.inf if kept[-1] == len(where) else float(where[kept[-1]])
    return low, high


def _real_roots(polynomials: FloatArray) -> FloatArray:
    """(B, degree) real roots; what is complex, or at infinity, is replaced by 0, where nothing then changes."""
    degree = polynomials.shape[1] - 1
    lead = polynomials[:, 0]
    # A leading coefficient of nearly nothing has a root far out; it is found as a root of the reversed
    # polynomial near 0 and left out.
    companion = np.zeros((len(polynomials), degree, degree))
    companion[:, np.arange(1, degree), np.arange(degree - 1)] = 1.0
    safe = np.where(np.abs(lead) > 1e-13, lead, 1e-13)
    companion[:, 0, :] = -polynomials[:, 1:] / safe[:, None]
    roots = np.linalg.eigvals(companion)
    real = np.abs(roots.imag) <= REAL * (1 + np.abs(roots))
    return np.where(real, roots.real, 0.0)


def _value(polynomials: FloatArray, points: FloatArray) -> FloatArray:
    """(B, points) values by Horner's rule."""
    total = np.zeros_like(points)
    for power in range(polynomials.shape[1]):
        total = total * points + polynomials[:, power : power + 1]
    return total
