"""Agreement beyond chance for any number of coders, when it does not matter who gave which code.

All share one observed agreement and differ in what chance would give (docs/methods.md B1). Read several side
by side: where one category is rare, Fleiss' kappa is low and AC1 high on the same codes.

Sources: Gwet (2008) for AC1 and AC2; Fleiss (1971); Brennan & Prediger (1981); standard errors by
linearisation, Gwet (2014); the adjusted interval, Bonett (2022). Validated against R's irrCAC and statpsych,
statsmodels and the papers' examples.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np

from ci_eval.agreement.raters.coefficient import Options, Sample, measured
from ci_eval.agreement.raters.reading import from_ratings
from ci_eval.agreement.raters.result import Agreement, FloatArray, limits, refusal
from ci_eval.agreement.raters.weights import weight_table, weighted

Categories = Iterable[Any] | None


def percent_agreement(
    ratings: Any, categories: Categories = None, *, weights: Any = None, **options: Unpack[Options]
) -> Agreement:
    """Share of the pairs of codes of a unit that agree, averaged over units; 0 to 1, chance not taken out.

    Parameters
    ----------
    ratings : units × coders (one row a unit, one column a coder), or `Patterns` from `from_ratings`,
        `from_counts` or `from_table`. Missing is None, NaN or "".
    categories : every category a coder may use, in order; a code outside them is refused
    weights : near agreement (`weights.weight_table`); None counts only the same category
    options : level, interval, draws, seed, ddof (`coefficient.Options`)

    Returns
    -------
    Agreement
        Not measured, and the note says so, where no unit has two codes.

    Raises
    ------
    InputError
        Ratings that are not codes, weights that do not fit them, options that cannot be.
    """
    sample, _ = _sample(ratings, categories, weights)
    constant = Constant(0.0, len(sample.agree))
    return measured(weighted("percent agreement", weights), sample, constant, least=0.0, **options)


def brennan_prediger(
    ratings: Any, categories: Categories = None, *, weights: Any = None, **options: Unpack[Options]
) -> Agreement:
    """Brennan and Prediger's coefficient (free-marginal kappa): chance picks every category equally often.

    Parameters, missing codes and errors as `percent_agreement`. The number of categories matters: declare
    those that a coder could have used, or the note says that they are those that occurred.
    """
    sample, remark = _sample(ratings, categories, weights)
    size = sample.patterns.size
    expected = float(sample.weights.sum()) / max(size, 1) ** 2
    constant = Constant(expected, len(sample.agree))
    return measured(weighted("Brennan–Prediger", weights), sample, constant, remark=remark, **options)


def gwet_ac1(ratings: Any, categories: Categories = None, **options: Unpack[Options]) -> Agreement:
    """Gwet's AC1: chance is the guessing of hard units, so a rare category does not pull it down.

    Parameters, missing codes and errors as `percent_agreement`; declare the categories (see
    `brennan_prediger`).
    """
    return _gwet("Gwet's AC1", ratings, categories, None, options)


def gwet_ac2(
    ratings: Any, weights: Any, categories: Categories = None, **options: Unpack[Options]
) -> Agreement:
    """Gwet's AC2: AC1 with weights for near agreement, for ordered categories.

    Parameters, missing codes and errors as `percent_agreement`; `weights` is a name or a table.
    """
    return _gwet(weighted("Gwet's AC2", weights), ratings, categories, weights, options)


def fleiss_kappa(
    ratings: Any, categories: Categories = None, *, weights: Any = None, **options: Unpack[Options]
) -> Agreement:
    """Fleiss' kappa (for two coders Scott's pi): chance picks each category as often as all coders together
    did.

    Parameters, missing codes and errors as `percent_agreement`. Missing codes are allowed (Gwet's extension:
    a unit counts once, however many coded it). Not defined where every code is the same: "no variation".
    """
    sample, _ = _sample(ratings, categories, weights)
    return measured(weighted("Fleiss' kappa", weights), sample, Pooled(sample), **options)


def adjusted(found: Agreement) -> Agreement:
    """Percent agreement or Brennan–Prediger of two coders with an interval that keeps a width at full
    agreement.

    Adds two agreements and two disagreements to the units both have coded (Bonett 2022); the standard error
    stays that of the share itself. Choose it for two coders and few units; the other intervals shrink to a
    point when all agree.

    Raises
    ------
    InputError
        A coefficient other than these two, weights, more than two coders, or nothing measured.
    """
    plain = found.name in ("percent agreement", "Brennan–Prediger")
    if not plain or found.coders != 2 or not found.defined:
        raise refusal(
            "adjusted",
            "The adjusted interval is for percent agreement or Brennan–Prediger of two coders, not for "
            f"{found.name} of {found.coders}.",
            mend='use the coefficient\'s own interval, or interval="bootstrap"',
        )
    units, share, scale = found.pairable, found.observed, 1 / (1 - found.expected)
    centre = (share * units + 2) / (units + 4)
    spread = float(np.sqrt(centre * (1 - centre) / (units + 4)))
    low, high = limits(centre, spread, found.level, None, least=0.0)
    ends = [(end - found.expected) * scale for end in (low, high)]
    se = scale * float(np.sqrt(share * (1 - share) / units))
    return replace(found, low=ends[0], high=ends[1], se=se, note="adjusted interval: two of each added")


@dataclass(frozen=True)
class Constant:
    """Expected agreement that does not depend on the codes."""

    expected: float
    patterns: int

    def of_draws(self, weights: FloatArray) -> FloatArray:
        return np.full(len(weights), self.expected)

    def of_units(self) -> FloatArray:
        return np.full(self.patterns, self.expected)


@dataclass(frozen=True, eq=False)
class Pooled:
    """Σ_kl w_kl π_k π_l, π the categories' shares averaged over units."""

    sample: Sample

    def of_draws(self, weights: FloatArray) -> FloatArray:
        pi = _shares(self.sample, weights)
        return np.asarray(((pi @ self.sample.weights) * pi).sum(axis=1))

    def of_units(self) -> FloatArray:
        pi = _shares(self.sample, self.sample.times[None, :])[0]
        return np.asarray(self.sample.shares @ (self.sample.weights @ pi))


@dataclass(frozen=True, eq=False)
class Guessing:
    """T Σ π_k (1 − π_k) / (q (q − 1)), T the sum of the weights of q categories; 1 for a single category."""

    sample: Sample

    @property
    def scale(self) -> float:
        size = self.sample.patterns.size
        return float(self.sample.weights.sum()) / (size * (size - 1)) if size > 1 else 0.0

    def of_draws(self, weights: FloatArray) -> FloatArray:
        if self.sample.patterns.size < 2:
            return np.ones(len(weights))
        pi = _shares(self.sample, weights)
        return np.asarray(self.scale * (pi * (1 - pi)).sum(axis=1))

    def of_units(self) -> FloatArray:
        pi = _shares(self.sample, self.sample.times[None, :])[0]
        return np.asarray(self.scale * (self.sample.shares @ (1 - pi)))


def _shares(sample: Sample, weights: FloatArray) -> FloatArray:
    return np.asarray(weights @ sample.shares / weights.sum(axis=1, keepdims=True))


def _sample(ratings: Any, categories: Categories, weights: Any) -> tuple[Sample, str]:
    read = from_ratings(ratings, categories).counted()
    remark = (
        "" if read.declared else f"categories not declared: the {read.size} that occurred are taken for all"
    )
    return Sample.of(read, weight_table(weights, read)), remark


def _gwet(name: str, ratings: Any, categories: Categories, weights: Any, options: Options) -> Agreement:
    sample, remark = _sample(ratings, categories, weights)
    return measured(name, sample, Guessing(sample), remark=remark, **options)
