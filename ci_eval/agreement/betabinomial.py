"""The beta-binomial distribution of a count among people not seen, for many cells at once.

It serves two methods (docs/methods.md A3 and A4). With Beta(m + 1/2, n - m + 1/2) it is the posterior of
how many of the R = N - n people who did not answer would agree. With whole parameters it is the waiting time
of a hypergeometric draw: the m-th agreeing person of a sample stands at place t of the population with t - m
~ BetaBinomial(R, m, n - m + 1), so that tail probabilities of the hypergeometric are distribution functions
of it.

A tail is summed over the sample, not over the unseen:

    P(X > t) = P(X = t + 1) (b + s) / b  Σ_j Π_{i<j} (s - i)(a - 1 - i) / ((t + 2 + i)(b + 1 + i)),  s = R - t - 1

which is the sum of P(X = k) over k > t, a terminating 3F2 of argument 1, under Whipple's transformation. Its
terms fade within some spreads of a hypergeometric sample of a + b, so that 50 answers cost the same among 60
people as among a million. From j = a onwards they change sign (they are 0 for a whole a); for t >= (R - 1) / 2
they then shrink, and the weights of Cohen, Rodriguez Villegas & Zagier (2000, Experimental Mathematics 9,
algorithm 1) sum them to rounding with the first 24. Any other t is seen from the other side, as R - X.
"""

import numpy as np
from scipy import special

from ci_eval.agreement.refusals import FloatArray, IntArray

TAIL = 1e-15  # a tail that cannot hold more than this is not summed
TIE = 1e-10  # relative; a tail probability equal to the limit must not pass it by rounding
TERMS = 32  # summed first; most sums need no more, and those that do twice as many each time
TERMS_AT_ONCE = 32_768  # of all cells together
ALTERNATING = 24  # terms of alternating sign: 5.8 ** -24 of the first of them is left
LARGE = 16.0  # from here Stirling's series with five terms is exact to rounding


def distribution(people: IntArray, a: FloatArray, b: FloatArray, at: IntArray) -> FloatArray:
    """P(count <= at) for cells i and thresholds j.

    Parameters
    ----------
    people : (cells,) trials of each cell, at least 0
    a, b : (cells,) parameters, above 0
    at : (cells, thresholds); below 0 gives 0

    Returns
    -------
    (cells, thresholds). Validated against adding up every count in 50 digits, to 1e-12: up to 100,000 people
    in the tests, to a million once by hand.
    """
    result = (at >= people[:, None]).astype(np.float64)
    cell, threshold = np.nonzero((at >= 0) & (at < people[:, None]))
    at_once = TERMS_AT_ONCE // TERMS
    for start in range(0, cell.size, at_once):
        i, j = cell[start : start + at_once], threshold[start : start + at_once]
        size, t = people[i].astype(np.float64), at[i, j].astype(np.float64)
        below = 2 * t + 1 < size
        tail = _tail(
            size, np.where(below, b[i], a[i]), np.where(below, a[i], b[i]), np.where(below, size - t - 1, t)
        )
        result[i, j] = np.clip(np.where(below, tail, 1.0 - tail), 0.0, 1.0)
    return result


def smallest_above(people: IntArray, a: FloatArray, b: FloatArray, probability: float) -> IntArray:
    """Smallest count k of each cell with P(count <= k) > probability; shape (cells,)."""
    low, high = np.full_like(people, -1), people.copy()  # P(count <= high) is above, P(count <= low) is not
    open_ = np.flatnonzero(high - low > 1)
    while open_.size:
        middle = (low[open_] + high[open_]) // 2
        reached = distribution(people[open_], a[open_], b[open_], middle[:, None])[:, 0]
        above = reached > probability * (1.0 + TIE)
        high[open_[above]], low[open_[~above]] = middle[above], middle[~above]
        open_ = open_[high[open_] - low[open_] > 1]
    return high


def _tail(size: FloatArray, a: FloatArray, b: FloatArray, t: FloatArray) -> FloatArray:
    """P(count > t) for 0 <= t < size and 2t + 1 >= size; all arrays (cells,)."""
    edge = np.exp(_log_probability(size, a, b, t + 1.0))
    tail = (t < size * a / (a + b)).astype(np.float64)
    # with one peak, the tail away from it holds at most its first count times the number of counts
    summed = np.flatnonzero(edge * size > TAIL)
    size, a, b, t, edge = size[summed], a[summed], b[summed], t[summed], edge[summed]
    tail[summed] = edge * (b + size - t - 1.0) / b * _series(size - t - 1.0, a, b, t)
    return tail


def _series(left: FloatArray, a: FloatArray, b: FloatArray, t: FloatArray) -> FloatArray:
    """The sum over j in the module's formula, where s is `left`; shape (cells,)."""
    total, term = np.ones_like(left), np.ones_like(left)
    last = np.maximum(np.ceil(a - 1.0), 0.0)  # the terms after this one alternate in sign
    open_, start, more = np.arange(left.size), 0, TERMS
    while open_.size:
        i = np.arange(start, start + more, dtype=np.float64)
        s, a_, b_, t_ = (values[open_, None] for values in (left, a, b, t))
        terms = s - i
        terms *= (a_ - 1.0) - i
        terms /= (t_ + 2.0) + i
        terms /= (b_ + 1.0) + i
        terms[:, 0] *= term[open_]
        np.cumprod(terms, axis=1, out=terms)
        term[open_] = terms[:, -1]
        if (start + more > last[open_]).any():
            place = np.clip(i + 1.0 - last[open_, None], 0, ALTERNATING)
            terms *= WEIGHTS[place.astype(np.intp)]
        total[open_] += terms.sum(axis=1)
        start += more
        more = min(2 * more, TERMS_AT_ONCE // left.size)
        counts_on = np.abs(term[open_]) > TAIL * np.abs(total[open_])
        open_ = open_[counts_on & (start < last[open_] + ALTERNATING)]
    return total


def _log_probability(size: FloatArray, a: FloatArray, b: FloatArray, k: FloatArray) -> FloatArray:
    """log P(count = k): the deviance of k of `size` and a of a + b, and what Stirling's formula leaves.

    Logarithms of gamma functions would cancel: for a million people only nine digits were left.
    """
    both, rest = a + b, size - k
    apart = k * b - a * rest  # k (a + b) - a size
    deviance = (
        special.xlog1py(k, apart / ((k + a) * size))
        + special.xlog1py(a, -apart / ((k + a) * both))
        + special.xlog1py(rest, -apart / ((rest + b) * size))
        + special.xlog1py(b, apart / ((rest + b) * both))
    )
    left = _beyond_stirling(np.stack([k + a, rest + b, both, size, a, b, k, rest, size + both]))
    signs = np.array([1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0])
    odds = np.log(a * b * (size + both) / ((k + a) * (rest + b) * both))
    return np.asarray(signs @ left + odds - deviance)


def _beyond_stirling(x: FloatArray) -> FloatArray:
    """log Γ(x + 1) - x log x + x, for x >= 0."""
    large = np.maximum(x, LARGE)
    per = 1.0 / large**2
    series = 1 / 12 - per * (1 / 360 - per * (1 / 1260 - per * (1 / 1680 - per / 1188)))
    small = np.minimum(x, LARGE)
    exact = special.gammaln(small + 1.0) - special.xlogy(small, small) + small
    return np.where(x < LARGE, exact, 0.5 * np.log(2.0 * np.pi * large) + series / large)


def _weights(terms: int) -> FloatArray:
    """Weights of the first `terms` terms of an alternating series, and 0 for the others."""
    weights = np.zeros(terms + 1)
    scale = np.cosh(terms * np.log(3.0 + np.sqrt(8.0)))
    part, rest = -1.0, -scale
    for k in range(terms):
        rest = part - rest
        weights[k] = abs(rest) / scale
        part *= (k + terms) * (k - terms) / ((k + 0.5) * (k + 1.0))
    return weights


WEIGHTS = _weights(ALTERNATING)
