"""An interval for the share of a population that agrees.

Method: docs/methods.md A3. The number of people asked decides: not known, Wilson's score interval (Wilson
1927; Brown, Cai & DasGupta 2001); known, the exact interval for a finite population from inverting two
one-sided hypergeometric tests (Wang 2015), which closes to a point when everybody answered.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import as_scalar, level_checked, people_asked
from ci_eval.agreement.betabinomial import smallest_above
from ci_eval.agreement.refusals import FloatArray, IntArray

HEADLINE = "CANNOT COMPUTE an interval"


def interval(
    agree: ArrayLike, answered: ArrayLike, asked: ArrayLike | None = None, level: float = 0.95
) -> tuple[Any, Any]:
    """Interval (low, high) for the share of the population that agrees.

    Examples
    --------
    >>> low, high = interval(46, 50)
    >>> f"{low:.3f} to {high:.3f}"
    '0.812 to 0.968'
    >>> low, high = interval(46, 50, asked=60)
    >>> f"{low:.3f} to {high:.3f}"
    '0.883 to 0.933'

    Parameters
    ----------
    agree, answered : whole numbers of people, broadcast together
    asked : people asked, the population the interval speaks of; None or NaN where not known, which is taken
        as a population without end
    level : share of such intervals that should hold the truth

    Returns
    -------
    (low, high) from 0 to 1, floats or float arrays; NaN where nobody answered. With `asked` known the
    limits are whole people over `asked`, hold the truth at least as often as `level` for every population,
    and assume that those who answered are like a random sample of those asked; use
    `ci_eval.agreement.bounds` to assume nothing.

    Raises
    ------
    Refused
        For anything which is not a count, more agreeing than answering, fewer asked than answered, a level
        outside 0 to 1.

    Validated against R binom, R 3.6 prop.test and statsmodels (Wilson), statlab/permute and full enumeration
    (finite population).
    """
    m, n, big_n, known = people_asked(agree, answered, asked, HEADLINE)
    low, high = wilson(m / np.maximum(n, 1), n.astype(float), level_checked(level, HEADLINE))
    finite = known & (n > 0)
    if finite.any():
        cells, back = np.unique(np.stack([m[finite], n[finite], big_n[finite]]), axis=1, return_inverse=True)
        least, most = hypergeometric_counts(cells[0], cells[1], cells[2], level)
        low[finite], high[finite] = (least / cells[2])[back], (most / cells[2])[back]
    return as_scalar(low), as_scalar(high)


def hypergeometric_counts(
    m: IntArray, n: IntArray, big_n: IntArray, level: float
) -> tuple[IntArray, IntArray]:
    """Least and greatest number agreeing in populations of `big_n` that m of n does not reject; (cells,).

    M agreeing is rejected when P(X >= m | M) or P(X <= m | M) is at most (1 - level) / 2. Both are monotone
    in M, and are beta-binomial distribution functions of M, so each limit is one quantile.
    """
    tail = (1.0 - level) / 2.0
    unseen = big_n - n
    least, most = m.copy(), m + unseen
    some, lacking = m > 0, m < n
    if some.any():
        size, a, b = unseen[some], m[some].astype(float), (n - m + 1)[some].astype(float)
        least[some] += smallest_above(size, a, b, tail)
    if lacking.any():  # the mirror image: those who do not agree
        size, a, b = unseen[lacking], (n - m)[lacking].astype(float), (m + 1)[lacking].astype(float)
        most[lacking] -= smallest_above(size, a, b, tail)
    return least, most


def wilson(share: FloatArray, answered: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Wilson's score interval without continuity correction; exactly 0 and 1 at the ends, NaN without
    answers.

    `answered` need not be whole, so that an effective number of respondents can stand there.
    """
    z2 = float(special.ndtri((1.0 + level) / 2.0)) ** 2
    size = np.where(answered > 0, answered, 1.0)
    centre = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = np.sqrt(z2 * (share * (1 - share) + z2 / (4 * size)) / size) / (1 + z2 / size)
    low = np.where(share <= 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(share >= 1, 1.0, np.minimum(centre + half, 1.0))
    return np.where(answered > 0, low, np.nan), np.where(answered > 0, high, np.nan)
