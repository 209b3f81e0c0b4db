"""The effects that the permutation test does not reject: its interval, by inversion.

Method: docs/methods.md C3, C4c. A supposed effect τ is taken off the outcome of the exposed and the test repeated. The
statistic of each order is a ratio of polynomials in τ, so that the values of τ at which an order counts
are roots of polynomials, for all orders at once, and p(τ) follows by adding up steps. The interval is the
smallest that holds every τ with p(τ) above 1 − level. An adjusted estimate learns its coefficient anew for each τ:
there p(τ) is worked out on a grid, and each end by halving.
"""

import numpy as np
from numpy.polynomial.polynomial import polyval

from ci_eval.agreement.refusals import FloatArray
from ci_eval.impact.inference.statistics_by_order import TIE, Statistics

REAL = 1e-7  # relative imaginary part below which a root is real
GRID = np.linspace(
    -8, 8, 161
)  # standard errors from the estimate at which p of an adjusted one is worked out
FAR = 1e6  # standard errors; what is not rejected there is never rejected
HALVINGS = 40


def not_rejected(by_order: Statistics, level: float, *, studentised: bool) -> tuple[float, float]:
    """Limits of the effects not rejected at 1 − level; infinite where no effect on that side is rejected.

    Parameters
    ----------
    by_order : statistics of every order, the one that happened first; its response must be 1
    studentised : compare estimates over their standard errors, or estimates
    """
    value, variance, _ = by_order.at()
    centre = float(value[0])
    spread = float(np.sqrt(variance[0])) if studentised else float(np.std(value))
    if by_order.coefficient is not None:
        return _on_a_grid(by_order, centre, spread, 1 - level, studentised)
    if not studentised:
        return raw_limits(by_order.total[:, 0], by_order.total[:, 1], level)
    low, high = _hull(_studentised(by_order, centre, spread), 1 - level)
    return centre + low * spread, centre + high * spread


def raw_limits(estimate: FloatArray, response: FloatArray, level: float) -> tuple[float, float]:
    """Limits of the effects not rejected by comparing estimates, of which an effect of τ is τ times the response.

    Parameters
    ----------
    estimate, response : (B,) of every order, the one that happened first; its response must be 1
    """
    centre, spread = float(estimate[0]), float(np.std(estimate)) or 1.0
    own = np.array([-spread, 0.0])
    low, high = _hull(_square(_gap(estimate, response, centre, spread)) - _square(own), 1 - level)
    return centre + low * spread, centre + high * spread


def _gap(estimate: FloatArray, response: FloatArray, centre: float, spread: float) -> FloatArray:
    """(B, 2) estimate − τ response as polynomials in u = (τ − centre) / spread, highest first."""
    return np.stack([-response * spread, estimate - centre * response], axis=1)


def _on_a_grid(
    by_order: Statistics, centre: float, spread: float, alpha: float, studentised: bool
) -> tuple[float, float]:
    """The outermost effects of the grid that are not rejected, each end then found by halving."""

    def kept(steps: float) -> bool:
        return by_order.p(centre + steps * spread, studentised=studentised) > alpha + TIE

    ends = []
    for sign in (-1, 1):
        steps = sign * GRID[GRID >= 0]
        last = max(
            place for place, one in enumerate(steps) if kept(float(one))
        )  # the estimate itself always is
        if last + 1 == len(steps) or kept(sign * FAR):
            ends.append(sign * np.inf)
            continue
        inside, outside = float(steps[last]), float(steps[last + 1])
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if kept(middle) else (inside, middle)
        ends.append(centre + inside * spread)
    return ends[0], ends[1]


def _studentised(by_order: Statistics, centre: float, spread: float) -> FloatArray:
    """(B, degree + 1) polynomials in u = (τ − estimate) / spread, highest first; an order counts where ≥ 0."""
    squared = _square(_gap(by_order.total[:, 0], by_order.total[:, 1], centre, spread))
    of_outcome, cross, of_response = (
        by_order.spread[:, one, other] for one, other in ((0, 0), (0, 1), (1, 1))
    )
    variance = np.stack(
        [
            of_response * spread**2,
            2 * spread * (centre * of_response - cross),
            of_outcome - 2 * centre * cross + centre**2 * of_response,
        ],
        axis=1,
    )
    # The order that happened: exposure is the same throughout a cohort, so that its variance ignores τ.
    left = np.concatenate([np.zeros((len(squared), 2)), squared * of_outcome[0]], axis=1)
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
    counts = polyval(points, rest[:, ::-1].T[..., None], tensor=False) >= 0
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
