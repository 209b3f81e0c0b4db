"""The rank of each unit by its share, with an interval: how much of a league table is chance.

Method: docs/methods.md C11. Each share has the Beta distribution of Jeffreys' prior, Beta(x + 1/2, n - x + 1/2). The
distribution of a rank follows without any draw. Why ranks need it: Goldstein and Spiegelhalter (1996), JRSS A 159: 385-443.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import level_checked
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

HEADLINE = "CANNOT RANK"
END = 1e-12  # of a unit's distribution, left off at either end
NODES = 200  # points of each unit's own distribution over which its rank is averaged
POINTS = 500  # of each other one, between which it is straight; off by less than 0.0001


def rank_interval(
    achieved: ArrayLike, of: ArrayLike, level: float = 0.95
) -> tuple[IntArray, IntArray, IntArray]:
    """Rank of each unit, the largest share first, and the interval of that rank.

    Examples
    --------
    >>> rank, low, high = rank_interval([900, 505, 500, 100], [1000, 1000, 1000, 1000])
    >>> rank.tolist(), low.tolist(), high.tolist()
    ([1, 2, 3, 4], [1, 2, 2, 4], [1, 3, 3, 4])

    Parameters
    ----------
    achieved, of : whole numbers, shape (unit,); `of` at least 1
    level : share of the rank's distribution that the interval holds at least

    Returns
    -------
    (rank, low, high), each of shape (unit,): 1 is the largest share, and units of equal share have the same rank.

    Raises
    ------
    Refused
        If the shapes differ, a value is missing or no count, or a level lies outside 0 to 1.

    Validated against draws from the same distributions and by hand (tests/agreement/test_rank_intervals.py).
    """
    x, n = np.asarray(achieved, dtype=float), np.asarray(of, dtype=float)
    if x.shape != n.shape or x.ndim != 1 or not np.all((x >= 0) & (x <= n) & (n >= 1)):
        fix = "Leave out units without both numbers."
        refuse(HEADLINE, "not-a-count", "A rank needs two counts of each unit, the first no larger.", fix=fix)
    tail = (1 - level_checked(level, HEADLINE)) / 2
    share = x / n
    rank = 1 + (share[None, :] > share[:, None]).sum(axis=1)
    cumulative = np.cumsum(rank_probabilities(x, n), axis=1)
    low = 1 + (cumulative < tail).sum(axis=1)
    high = 1 + (cumulative < 1 - tail).sum(axis=1)
    return rank, np.minimum(low, rank), np.maximum(high, rank)


def rank_probabilities(achieved: FloatArray, of: FloatArray) -> FloatArray:
    """Probability that a unit has each rank, shape (unit, rank); every row sums to 1.

    Given a unit's own share, each other one lies above it or not, independently: a Poisson binomial distribution. It is
    averaged over the middles of equal parts of the unit's own distribution.
    """
    a, b = achieved + 0.5, of - achieved + 0.5
    size = len(a)
    middles = (np.arange(NODES) + 0.5) / NODES
    own = special.betaincinv(a[:, None], b[:, None], middles)
    ends = special.betaincinv(a, b, END), special.betaincinv(a, b, 1 - END)
    grid = np.linspace(*ends, POINTS)  # (point, other)
    higher = special.betaincc(a, b, grid)
    above = np.stack([np.interp(own, grid[:, other], higher[:, other]) for other in range(size)])
    above[np.arange(size), np.arange(size)] = 0  # (other, unit, node)
    # The rank stands first, so that one step touches only the ranks that are possible by then.
    chances = np.zeros((size, size, NODES))  # (rank, unit, node)
    chances[0] = 1
    for other, chance in enumerate(above):
        possible = chances[: other + 1]
        moved = possible[: size - 1] * chance
        possible *= 1 - chance
        chances[1 : other + 2] += moved
    return np.asarray(chances.mean(axis=2).T)
