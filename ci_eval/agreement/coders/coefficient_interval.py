"""One coefficient of agreement beyond chance: (observed − expected) / (1 − expected), with its interval.

Units with the same codes are interchangeable, so a sample of units with replacement *is* a multinomial draw
of how often each distinct pattern occurs. 100,000 units by 5 coders with 5 categories have at most 252
patterns: a draw costs 252 numbers, not 500,000.

Observed agreement is the chance that two codes of a unit agree, averaged over the units with two codes or
more. What chance would give is the coefficient's own affair (`Chance`). Methods: docs/methods.md B1, B2.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypedDict

import numpy as np

from ci_eval.agreement.arguments import is_whole
from ci_eval.agreement.coders.agreement_result import (
    CODERS,
    ONE_UNIT,
    Agreement,
    check_options,
    joined,
    limits,
    no_width,
)
from ci_eval.agreement.coders.patterns import Patterns
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

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
    Refused
        Fewer than 2 draws.
    """
    if not is_whole(draws) or draws < 2:
        text = f"A bootstrap needs a whole number of at least 2 draws, not {draws!r}."
        refuse(CODERS, "draws", text, fix="leave draws at 1,000")
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


CERTAIN = 1 - 1e-12  # expected agreement from here on is 1: chance alone agrees on everything


class Options(TypedDict, total=False):
    """How the interval of a coefficient is made.

    level : 0.95 by default
    interval : "analytic" (default): the published standard error and Student's t on units − 1;
        "bootstrap": over units; None
    draws, seed : of the bootstrap
    ddof : 1 (default) divides the variance by units − 1, as Gwet does for ratings; 0 by units, as is usual
        for a table of two coders
    """

    level: float
    interval: Literal["analytic", "bootstrap"] | None
    draws: int
    seed: Seed
    ddof: int


class Chance(Protocol):
    """Agreement expected by chance."""

    def of_draws(self, weights: FloatArray) -> FloatArray:
        """For weights (draw, pattern): expected agreement of each draw."""

    def of_units(self) -> FloatArray:
        """What a unit of each pattern adds to it, to the first order; the mean over units is the whole."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The patterns of units with a code, and how far the codes of each agree.

    agree : (pattern,) agreeing share of the pairs of codes, 0 where there is no pair
    paired : (pattern,) 1 where there is a pair, else 0
    """

    patterns: Patterns
    weights: FloatArray
    agree: FloatArray
    paired: FloatArray

    @classmethod
    def of(cls, patterns: Patterns, weights: FloatArray) -> "Sample":
        """Of patterns in which every unit has a code; weights (category, category)."""
        counts, given = patterns.counts, patterns.given
        alike = (counts * (counts @ weights - 1)).sum(axis=1)
        return cls(
            patterns, weights, alike / np.maximum(given * (given - 1), 1), (given >= 2).astype(np.float64)
        )

    @property
    def times(self) -> FloatArray:
        return self.patterns.times.astype(np.float64)

    @property
    def shares(self) -> FloatArray:
        """Share of the codes of each pattern that are each category (pattern, category)."""
        return np.asarray(self.patterns.counts / self.patterns.given[:, None])

    def observed(self, weights: FloatArray) -> FloatArray:
        """Observed agreement of each draw; NaN where it has no pair."""
        pairs = weights @ self.paired
        return np.where(pairs > 0, weights @ self.agree / np.maximum(pairs, 1), np.nan)

    def coefficient(self, chance: Chance, weights: FloatArray) -> FloatArray:
        """The coefficient of each draw; NaN where it is not defined."""
        expected = chance.of_draws(weights)
        defined = expected < CERTAIN
        beyond = self.observed(weights) - expected
        return np.where(defined, beyond / np.where(defined, 1 - expected, 1.0), np.nan)

    def influence(self, chance: Chance, observed: float, expected: float) -> FloatArray:
        """What a unit of each pattern adds to the coefficient, to the first order (Gwet 2014)."""
        coefficient = (observed - expected) / (1 - expected)
        units, pairs = self.times.sum(), self.times @ self.paired
        own = units / pairs * (self.agree - expected * self.paired) / (1 - expected)
        return np.asarray(own - 2 * (1 - coefficient) * (chance.of_units() - expected) / (1 - expected))


def measured(
    name: str,
    sample: Sample,
    chance: Chance,
    *,
    remark: str = "",
    large_sample: bool = False,
    least: float = -1.0,
    level: float = 0.95,
    interval: Literal["analytic", "bootstrap"] | None = "analytic",
    draws: int = DRAWS,
    seed: Seed = SEED,
    ddof: int = 1,
) -> Agreement:
    """The coefficient of a sample; the rule for data on which it is not defined is `krippendorff_alpha`'s.

    large_sample : limits from the normal distribution instead of Student's t
    least : the least value the coefficient can take where every unit has two codes
    """
    check_options(level, interval, ddof)
    read = sample.patterns
    remark = joined(remark, read.remark)
    found = Agreement(name, level=level, units=read.units, coders=read.coders, pairable=read.pairable)
    if not read.pairable:
        return replace(found, note=joined("not measured: no unit has codes from two coders", read.remark))
    everybody = sample.times[None, :]
    observed, expected = float(sample.observed(everybody)[0]), float(chance.of_draws(everybody)[0])
    found = replace(found, observed=observed, expected=expected)
    if not expected < CERTAIN:
        return replace(found, note=joined(read.no_variation(), read.remark))
    found = replace(found, coefficient=(observed - expected) / (1 - expected))
    if interval is None:
        return replace(found, note=remark)
    units = int(read.times.sum())
    if units < 2:
        return replace(found, note=joined(remark, ONE_UNIT))
    if interval == "bootstrap":
        drawn = resample(lambda weights: sample.coefficient(chance, weights), read.times, draws, seed)
        low, high, se, lost = percentile(drawn, level)
        remark = joined(remark, lost)
    else:
        spread = sample.influence(chance, observed, expected) - found.coefficient
        se = float(np.sqrt(read.times @ spread**2 / (units * (units - ddof))))
        low, high = limits(found.coefficient, se, level, None if large_sample else units - 1, least)
    return replace(found, low=low, high=high, se=se, note=joined(no_width(low, high), remark))
