"""Exact permutation test of two groups on scores, from counts.

Method: docs/methods.md A8. Under exchangeability every choice of the first group's people from all people
is equally likely; the sum of their scores then has a distribution that depends on counts alone and is found
exactly by adding one score at a time. With mid-ranks it is the Wilcoxon test with ties; with periods as
scores the exact test of a trend.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import comb, gcd, lgamma

import numpy as np

from ci_eval.agreement.checks import FloatArray

MOST_SUMS = 2_000_000  # sums held at once; beyond, the exact distribution is too much work
LARGEST_SUM = 2**62  # of scores times people, in 64 bits
LARGEST_LOG_WAYS = 700.0  # natural logarithm; the number of choices must stay inside floating point


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
