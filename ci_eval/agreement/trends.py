"""Does the share that agrees rise or fall over three or more periods?

Method: docs/methods.md A8. Cochran–Armitage test with N (not N - 1) in the variance, as R prop.trend.test;
the exact permutation test of the same statistic where a period has fewer than 10 answers; the slope with the
interval of Price & Bonett (2004), which adds a few people to every period, because Wald's has no width where
all agree.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import as_scalar, is_number, level_checked, numbers, people
from ci_eval.agreement.ordinal_comparison import exact_two_sided
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

FEWEST_PERIODS = 3
SMALL_PERIOD = 10
ADDED = 2.0  # people who agree, and as many who do not, added over all periods for the interval
HEADLINE = "CANNOT COMPUTE a trend"
ASYMPTOTIC, PERMUTATION = "Cochran–Armitage", "exact permutation"


@dataclass(frozen=True)
class Trend:
    """Statistics of each cell, scalars or arrays of the shape before the axis of periods.

    Attributes
    ----------
    slope, low, high : change of the share for one unit of the scores, with interval
    z : Cochran–Armitage statistic, positive for a rise; 0 where answers do not vary
    p : two-sided; 1 where answers do not vary
    test : "Cochran–Armitage" or "exact permutation"
    """

    slope: Any
    low: Any
    high: Any
    z: Any
    p: Any
    test: Any


def trend(
    agree: ArrayLike,
    answered: ArrayLike,
    scores: ArrayLike | None = None,
    level: float = 0.95,
    added: float = ADDED,
) -> Trend:
    """Trend of the share over the last axis.

    Examples
    --------
    >>> result = trend([30, 35, 45], [50, 50, 50])
    >>> round(result.slope, 2), round(result.p, 4), result.test
    (0.15, 0.0007, 'Cochran–Armitage')

    Parameters
    ----------
    agree, answered : whole numbers of people, last axis the periods in order; a period without answers says
        nothing
    scores : place of each period in time, 0, 1, 2 … by default; give years where one was missed
    level : level of the slope's interval
    added : people who agree, and as many who do not, that the interval adds, shared out over the periods with
        answers (Price & Bonett 2004); 0 gives Wald's interval

    Returns
    -------
    Trend; NaN and "" where fewer than three periods have answers.

    Raises
    ------
    Refused
        For what is not a count, fewer than three periods, scores that are not finite or do not differ, or fewer
        than 0 people added.

    Validated against R prop.trend.test, SAS PROC FREQ, contingencytables and statpsych (interval).
    """
    m, n = people(agree, answered, HEADLINE)
    if m.ndim == 0 or m.shape[-1] < FEWEST_PERIODS:
        text = f"a trend needs {FEWEST_PERIODS} periods or more"
        refuse(HEADLINE, "periods", text, fix="compare two periods instead")
    s = np.arange(m.shape[-1], dtype=float) if scores is None else numbers(scores, "scores", HEADLINE)
    if s.shape != m.shape[-1:] or not np.isfinite(s).all() or len(set(s.tolist())) < s.size:
        text = f"{m.shape[-1]} different scores are needed, one a period, not {s.tolist()}"
        refuse(HEADLINE, "scores", text)
    level = level_checked(level, HEADLINE)
    if not (is_number(added) and 0 <= added < np.inf):
        refuse(HEADLINE, "added", f"the people added are 0 or more, not {added!r}", fix="leave it at 2")
    total = np.maximum(n.sum(axis=-1), 1)
    p_all = m.sum(axis=-1) / total
    from_mean = s - ((n * s).sum(axis=-1) / total)[..., None]
    spread = (n * from_mean**2).sum(axis=-1)
    periods = (n > 0).sum(axis=-1)
    usable = periods >= FEWEST_PERIODS
    safe = np.where(usable, spread, 1.0)
    slope = (m * from_mean).sum(axis=-1) / safe
    variance = p_all * (1 - p_all)
    z = np.divide(slope * np.sqrt(safe), np.sqrt(variance), out=np.zeros(slope.shape), where=variance > 0)
    p = np.array(2 * special.ndtr(-np.abs(z)))
    low, high = _slope_limits(m, n, n * from_mean / safe[..., None], added / np.maximum(periods, 1), level)
    test = np.full(p.shape, ASYMPTOTIC, dtype="<U17")
    smallest = np.where(n > 0, n, SMALL_PERIOD).min(axis=-1)
    if (s == np.round(s)).all():
        for cell in np.argwhere(np.atleast_1d(usable & (smallest < SMALL_PERIOD))):
            place = tuple(cell) if p.ndim else ()
            exact = exact_two_sided(m[place].tolist(), n[place].tolist(), s.astype(np.int64).tolist())
            if exact is not None:
                p[place], test[place] = exact, PERMUTATION
    statistics = (np.where(usable, value, np.nan) for value in (slope, low, high, z, p))
    return Trend(*map(as_scalar, (*statistics, np.where(usable, test, ""))))


def _slope_limits(
    m: IntArray, n: IntArray, part: FloatArray, more: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Limits of the sum of `part` times share over the periods, `more` agreeing and not agreeing added to each."""
    people = np.where(n > 0, n + 2 * more[..., None], 1.0)
    own = np.where(n > 0, m + more[..., None], 0.0) / people
    middle = (part * own).sum(axis=-1)
    se = np.sqrt((part**2 * own * (1 - own) / people).sum(axis=-1))
    half = float(special.ndtri((1 + level) / 2)) * se
    return middle - half, middle + half
