"""Bootstrap over units, drawn as one multinomial over the distinct patterns (docs/methods.md B2).

Units with the same codes are interchangeable, so a sample of units with replacement *is* a multinomial draw
of how often each distinct pattern occurs. 100,000 units by 5 coders with 5 categories have at most 252
patterns: a draw costs 252 numbers, not 500,000.
"""

from collections.abc import Callable

import numpy as np

from ci_eval.agreement.checks import is_whole
from ci_eval.agreement.raters.result import FloatArray, IntArray, refusal

DRAWS = 1_000
SEED = 20_230_124  # fixed, so that a report made twice from one export is byte-identical
CELLS = 4_000_000  # numbers held at a time: 32 MB for each array of a batch

Seed = int | np.random.Generator
Statistic = Callable[[FloatArray], FloatArray]


def resample(statistic: Statistic, times: IntArray, draws: int = DRAWS, seed: Seed = SEED) -> FloatArray:
    """The statistic of `draws` samples of units, with replacement.

    Parameters
    ----------
    statistic : takes weights (draw, pattern), how often each pattern was drawn, and gives one number a draw
    times : how often each pattern occurs in the data, positive
    seed : the same seed gives the same draws, however they are cut into batches

    Raises
    ------
    InputError
        Fewer than 2 draws.
    """
    if not is_whole(draws) or draws < 2:
        raise refusal(
            "draws",
            f"A bootstrap needs a whole number of at least 2 draws, not {draws!r}.",
            mend="leave draws at 1,000",
        )
    generator = np.random.default_rng(seed)
    units = int(times.sum())
    shares = times / units
    batch = max(1, CELLS // len(times))
    parts = [
        statistic(generator.multinomial(units, shares, size=min(batch, draws - start)).astype(np.float64))
        for start in range(0, draws, batch)
    ]
    return np.concatenate(parts)


def percentile(values: FloatArray, level: float) -> tuple[float, float, float, str]:
    """(low, high, standard error, remark) of bootstrap draws.

    Draws in which the coefficient is not defined (NaN: every unit drawn had the same code) are left out, and
    the remark counts them.
    """
    defined = values[np.isfinite(values)]
    lost = len(values) - len(defined)
    remark = f"{lost:,} of {len(values):,} bootstrap draws had no variation and were left out" if lost else ""
    if len(defined) < 2:
        return float("nan"), float("nan"), float("nan"), remark
    low, high = np.quantile(defined, [(1 - level) / 2, 1 - (1 - level) / 2])
    return float(low), float(high), float(defined.std(ddof=1)), remark
