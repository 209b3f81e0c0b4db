"""Do people of one group tend to answer higher than people of another? Estimate, interval and p from counts.

Method: docs/methods.md A8. The probability of superiority P(second above first) + P(equal) / 2, with the
Brunner & Munzel (2000) variance and t. Small groups, separated groups and groups of which everybody gives
one answer get their p from an exact permutation test and their interval from Newcombe 2006 (method 5): a
group that does not vary says nothing of how else its people might have answered, and no answer is NaN.

The exact test: under exchangeability every choice of the first group's people from all people is equally
likely. The sum of their scores then has a distribution that depends on counts alone, and is built up one score at a
time. With mid-ranks it is the Wilcoxon test with ties; with periods as scores the exact test of a trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, gcd, lgamma
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import as_scalar, broadcast, count_array, level_checked
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

MOST_SUMS = 2_000_000  # sums held at once; beyond, the exact distribution is too much work
LARGEST_SUM = 2**62  # of scores times people, in 64 bits
LARGEST_LOG_WAYS = 700.0  # natural logarithm; the number of choices must stay inside floating point
SMALL_GROUP = 10  # with fewer people in either group p and interval do not rest on its variance
HEADLINE = "CANNOT COMPUTE a probability of superiority"
BRUNNER_MUNZEL, PERMUTATION, BOUND = "Brunner–Munzel", "exact permutation", "permutation bound"


@dataclass(frozen=True)
class Superiority:
    """Statistics of each cell, scalars or arrays of the shape before the axis of answers.

    Attributes
    ----------
    estimate : P(second above first) + P(equal) / 2; 0.5 is no difference. Cliff's delta is 2 * estimate - 1
    se, df : Brunner–Munzel standard error and degrees of freedom; df NaN where se is 0 or a group is one
        person
    low, high : interval, within 0 to 1; Brunner–Munzel's, or Newcombe's where a group is small or of one answer
    p : two-sided
    test : "Brunner–Munzel", "exact permutation", or "permutation bound" where only an upper bound of p was
        feasible
    """

    estimate: Any
    se: Any
    df: Any
    low: Any
    high: Any
    p: Any
    test: Any


def superiority(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> Superiority:
    """Compare two independent groups by their counts over an ordered scale, lowest answer first.

    Examples
    --------
    >>> result = superiority([1, 4, 10, 20, 15], [0, 1, 4, 20, 25])
    >>> round(float(result.estimate), 2), round(float(result.p), 3), result.test
    (0.64, 0.007, 'Brunner–Munzel')

    Parameters
    ----------
    first, second : whole numbers of people, last axis the answers of the scale from lowest to highest
    level : level of the interval

    Returns
    -------
    Superiority; NaN and "" only where one of the groups gave no answer.

    Raises
    ------
    Refused
        For what is not a count, or scales of different length.

    Validated against scipy and R lawstat (test), statsmodels rank_compare_2ordinal (interval), R effsize and
    statpsych (estimate).
    """
    x, y = count_array(first, "first", HEADLINE), count_array(second, "second", HEADLINE)
    if x.ndim == 0 or y.ndim == 0 or x.shape[-1] != y.shape[-1]:
        text = f"both groups need counts over one scale, not shapes {x.shape} and {y.shape}"
        refuse(HEADLINE, "scale", text)
    x, y = broadcast(HEADLINE, x, y)
    level = level_checked(level, HEADLINE)
    nx, ny = x.sum(axis=-1), y.sum(axis=-1)
    some_x, some_y = np.maximum(nx, 1), np.maximum(ny, 1)
    estimate, part_x, part_y = brunner_munzel(x, y)
    variance = part_x + part_y
    usable = (variance > 1e-15) & (nx > 1) & (ny > 1)
    safe = np.where(usable, variance, 1.0)
    df = safe**2 / np.where(
        usable, part_x**2 / np.maximum(nx - 1, 1) + part_y**2 / np.maximum(ny - 1, 1), 1.0
    )
    se = np.where(usable, np.sqrt(safe), 0.0)
    half = special.stdtrit(df, (1 + level) / 2) * se
    one_answer = ((x > 0).sum(axis=-1) == 1) | ((y > 0).sum(axis=-1) == 1)
    trusted = usable & ~one_answer & (np.minimum(nx, ny) >= SMALL_GROUP)
    low, high = newcombe_superiority(estimate, some_x, some_y, level)
    low = np.where(trusted, np.maximum(estimate - half, 0.0), low)
    high = np.where(trusted, np.minimum(estimate + half, 1.0), high)
    p = np.array(2 * special.stdtr(df, -np.abs(estimate - 0.5) / np.where(usable, se, 1.0)))
    test = np.full(p.shape, BRUNNER_MUNZEL, dtype="<U17")
    _replace_by_permutation(p, test, x, y, ~trusted)
    empty = (nx == 0) | (ny == 0)
    numbers = (estimate, se, np.where(usable, df, np.nan), low, high, p)
    estimate, se, df, low, high, p = (as_scalar(np.where(empty, np.nan, value)) for value in numbers)
    return Superiority(estimate, se, df, low, high, p, as_scalar(np.where(empty, "", test)))


def newcombe_superiority(estimate: Any, nx: Any, ny: Any, level: float) -> tuple[FloatArray, FloatArray]:
    """Newcombe's method 5: all values t with (estimate - t)² <= z² V(t), V the variance under exponential
    models.

    It gives an interval of sensible width even at 0 and 1, where estimated variances vanish.
    """
    theta = np.asarray(estimate, dtype=float)
    z2 = float(special.ndtri((1 + level) / 2)) ** 2
    size = (nx + ny) / 2 - 1

    def outside(t: FloatArray) -> Any:
        spread = t * (1 - t) * (1 + size * ((1 - t) / (2 - t) + t / (1 + t))) / (nx * ny)
        return (theta - t) ** 2 > z2 * spread

    limits = []
    for end in (np.zeros(theta.shape), np.ones(theta.shape)):
        out, inside = end, theta.copy()
        for _ in range(60):
            middle = (out + inside) / 2
            is_out = outside(middle)
            out, inside = np.where(is_out, middle, out), np.where(is_out, inside, middle)
        limits.append(np.where(theta == end, end, inside))
    return limits[0], limits[1]


def brunner_munzel(x: IntArray, y: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The estimate of `superiority`, and the two parts of its variance; the last axis is the answers.

    Where a group is empty it counts as one person, so that nothing is divided by 0: the caller leaves it out.
    """
    nx, ny = np.maximum(x.sum(axis=-1), 1), np.maximum(y.sum(axis=-1), 1)
    above_x = 1 - _mid_distribution(y, ny)  # chance that a person of y is above each answer of x
    below_y = _mid_distribution(x, nx)
    estimate = np.asarray((x * above_x).sum(axis=-1) / nx)
    return estimate, _variance(x, above_x, nx) / nx, _variance(y, below_y, ny) / ny


def _mid_distribution(counts: IntArray, people: IntArray) -> FloatArray:
    """Share of people below each answer plus half of those giving it."""
    return np.asarray((counts.cumsum(axis=-1) - counts / 2) / people[..., None])


def _variance(counts: IntArray, placement: FloatArray, people: IntArray) -> FloatArray:
    own = (counts * placement).sum(axis=-1) / people
    squares = (counts * (placement - own[..., None]) ** 2).sum(axis=-1)
    return np.asarray(squares / np.maximum(people - 1, 1))


def _replace_by_permutation(p: FloatArray, test: Any, x: IntArray, y: IntArray, cells: Any) -> None:
    """Put the exact permutation p into the chosen cells of `p`, and its name into `test`."""
    for cell in np.argwhere(np.atleast_1d(cells)):
        place = tuple(cell) if p.ndim else ()
        taken, other = x[place], y[place]
        if not taken.sum() or not other.sum():
            continue
        totals = taken + other
        exact = exact_two_sided(taken.tolist(), totals.tolist(), doubled_mid_ranks(totals.tolist()))
        if exact is not None:
            p[place], test[place] = exact, PERMUTATION
        elif _separated(taken, other):
            # the one arrangement observed and at most one other are as extreme
            p[place], test[place] = 2 / comb(int(totals.sum()), int(taken.sum())), BOUND


def _separated(x: IntArray, y: IntArray) -> bool:
    used_x, used_y = np.flatnonzero(x), np.flatnonzero(y)
    return bool(used_x[-1] < used_y[0] or used_y[-1] < used_x[0])


def exact_two_sided(taken: Sequence[int], totals: Sequence[int], scores: Sequence[int]) -> float | None:
    """P(|sum of scores - expected| at least as large as observed), or None where that is too much work.

    Parameters
    ----------
    taken : people of the first group with each score
    totals : people of both groups with each score
    scores : whole-number scores

    Returns
    -------
    float from 0 to 1; 1 where the scores do not vary. Validated against enumeration of every choice.
    """
    return _exact(tuple(map(int, taken)), tuple(map(int, totals)), tuple(map(int, scores)))


def doubled_mid_ranks(totals: Sequence[int]) -> list[int]:
    """Twice the mid-rank of each answer, a whole number; `totals` are the people with each answer in
    order."""
    below = np.concatenate([[0], np.cumsum(totals)[:-1]])
    return [int(b) * 2 + int(t) + 1 for b, t in zip(below, totals, strict=True)]


@lru_cache(maxsize=4096)
def _exact(taken: tuple[int, ...], totals: tuple[int, ...], scores: tuple[int, ...]) -> float | None:
    people, chosen = sum(totals), sum(taken)
    if 2 * chosen > people:  # the others' sum deviates by as much
        taken, chosen = tuple(t - a for t, a in zip(totals, taken, strict=True)), people - chosen
    log_ways = lgamma(people + 1) - lgamma(chosen + 1) - lgamma(people - chosen + 1)
    if log_ways > LARGEST_LOG_WAYS:
        return None
    least = min(scores)
    unit = gcd(*(s - least for s in scores)) or 1
    used = [(a, t, (s - least) // unit) for a, t, s in zip(taken, totals, scores, strict=True) if t > 0]
    if max(s for *_, s in used) * (chosen + 1) * people > LARGEST_SUM:
        return None
    count = score = np.zeros(1, dtype=np.int64)
    ways: FloatArray = np.ones(1)
    left = people
    for _, total, value in used:
        left -= total
        more = np.arange(min(total, chosen) + 1)
        if count.size * more.size > MOST_SUMS:
            return None
        new_count = count + more[:, None]
        step, place = np.nonzero((new_count <= chosen) & (new_count + left >= chosen))
        times = np.array([comb(total, int(j)) for j in more], dtype=float)
        # only of what is possible: the ways of other sums may be beyond floating point
        new_ways = ways[place] * times[step]
        new_score = score[place] + more[step] * value
        # one number for both: numpy sorts numbers several times as fast as pairs
        sums, place = np.unique(new_score * (chosen + 1) + new_count[step, place], return_inverse=True)
        score, count = np.divmod(sums, chosen + 1)
        ways = np.bincount(place, weights=new_ways).astype(np.float64)
    observed = sum(a * s for a, _, s in used)
    expected = chosen * sum(t * s for _, t, s in used)  # times people
    as_far = np.abs(score * people - expected) >= abs(observed * people - expected)
    return min(1.0, float(ways[as_far].sum() / ways.sum()))
