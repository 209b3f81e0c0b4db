"""The beta-binomial distribution of a count among people not seen, for many cells at once.

It serves two methods (docs/methods.md A3 and A4). With Beta(m + 1/2, n - m + 1/2) it is the posterior of
how many of the N - n people who did not answer would agree. With whole parameters it is the waiting time of
a hypergeometric draw: the m-th agreeing person of a sample stands at place t of the population with t - m ~
BetaBinomial(N - n, m, n - m + 1), so that tail probabilities of the hypergeometric are distribution
functions of it.
"""

from collections.abc import Iterator

import numpy as np
from scipy import special

from ci_eval.agreement.checks import FloatArray, IntArray

WHOLE_RANGE = 1024  # up to here every possible count is summed; beyond, only those that can matter
TAIL = 1e-15  # probability that may lie outside the counts summed
CELLS_AT_ONCE = 2_000_000
TIE = 1e-10  # relative; a tail probability equal to the limit must not pass it by rounding


def distribution(people: IntArray, a: FloatArray, b: FloatArray, at: IntArray) -> FloatArray:
    """P(count <= at) for cells i and thresholds j.

    Parameters
    ----------
    people : (cells,) trials of each cell, at least 0
    a, b : (cells,) parameters, above 0
    at : (cells, thresholds); below 0 gives 0

    Returns
    -------
    (cells, thresholds). Validated against scipy.stats.betabinom to its own 1e-8, and by exact fractions.
    """
    first, last = _counts_that_matter(people, a, b)
    result = (at >= last[:, None]).astype(np.float64)
    # a threshold beyond the counts that matter needs no sum; in large groups that is most of them
    within = np.flatnonzero(((at >= first[:, None]) & (at < last[:, None])).any(axis=1))
    for rows, table in _tables(people[within], a[within], b[within], first[within], last[within]):
        cells = within[rows]
        place = np.clip(at[cells] - first[cells, None], -1, table.shape[1] - 1)
        value = np.take_along_axis(table, np.maximum(place, 0), axis=1)
        result[cells] = np.where(place < 0, 0.0, value)
    return result


def smallest_above(people: IntArray, a: FloatArray, b: FloatArray, probability: float) -> IntArray:
    """Smallest count k of each cell with P(count <= k) > probability; shape (cells,)."""
    first, last = _counts_that_matter(people, a, b)
    result = np.empty(people.shape, dtype=np.int64)
    for rows, table in _tables(people, a, b, first, last):
        result[rows] = first[rows] + (table <= probability * (1.0 + TIE)).sum(axis=1)
    return result


def _tables(
    people: IntArray, a: FloatArray, b: FloatArray, first: IntArray, last: IntArray
) -> Iterator[tuple[slice, FloatArray]]:
    """Chunks of cells that fit into memory: their slice, and distribution function (cells, counts)."""
    start = 0
    while start < people.size:
        width = int((last - first)[start:].max()) + 1
        rows = slice(start, start + max(1, CELLS_AT_ONCE // width))
        yield rows, _cumulative(people[rows], a[rows], b[rows], first[rows], last[rows])
        start = rows.stop


def _cumulative(
    people: IntArray, a: FloatArray, b: FloatArray, first: IntArray, last: IntArray
) -> FloatArray:
    """Distribution function from ratios of neighbouring probabilities: no gamma function needed."""
    width = int((last - first).max()) + 1
    k = first[:, None] + np.arange(width - 1, dtype=np.float64)
    left = people[:, None] - k
    inside = k < last[:, None]
    ratio = left * (a[:, None] + k)
    np.divide(ratio, (k + 1.0) * (b[:, None] + left - 1.0), out=ratio, where=inside)
    ratio[~inside] = 1.0
    log_weight = np.zeros((people.size, width))
    np.cumsum(np.log(ratio, out=ratio), axis=1, out=log_weight[:, 1:])
    log_weight -= log_weight.max(axis=1, keepdims=True)
    weight = np.exp(log_weight, out=log_weight)
    weight[:, 1:][~inside] = 0.0
    np.cumsum(weight, axis=1, out=weight)
    weight /= weight[:, -1:]
    return weight


def _counts_that_matter(people: IntArray, a: FloatArray, b: FloatArray) -> tuple[IntArray, IntArray]:
    """First and last count worth summing: all of them, or in large cells all but a tail of about 1e-15."""
    first, last = np.zeros_like(people), people.copy()
    large = people > WHOLE_RANGE
    if large.any():
        size, left, right = people[large], a[large], b[large]
        low = np.asarray(special.betaincinv(left, right, TAIL), dtype=np.float64)
        high = 1.0 - np.asarray(special.betaincinv(right, left, TAIL), dtype=np.float64)
        first[large] = np.maximum(0, np.floor(size * low - _reach(size, low)))
        last[large] = np.minimum(size, np.ceil(size * high + _reach(size, high)))
    return first, last


def _reach(size: IntArray, p: FloatArray) -> FloatArray:
    """How far a binomial count strays from its mean with probability 1e-15 at most."""
    reach: FloatArray = 8.5 * np.sqrt(size * p * (1.0 - p)) + 45.0
    return reach
