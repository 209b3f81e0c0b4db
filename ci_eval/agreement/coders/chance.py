"""Agreement beyond chance: of coders taken together, and where each has a habit of their own.

All share one observed agreement and differ in what chance would give (docs/methods.md B1, B2). Read several side
by side: where one category is rare, Fleiss' kappa is low and AC1 high on the same codes.

Sources: Gwet (2008) for AC1 and AC2; Fleiss (1971); Brennan & Prediger (1981); Cohen (1960, 1968); Conger (1980);
standard errors: Gwet (2014), for Cohen's Fleiss, Cohen & Everitt (1969); the adjusted interval, Bonett (2022).
Validated against R's irrCAC and statpsych, SAS PROC FREQ, statsmodels and the papers' examples.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack

import numpy as np

from ci_eval.agreement.coders.agreement_result import CODERS, Agreement, limits
from ci_eval.agreement.coders.category_weights import weight_table, weighted
from ci_eval.agreement.coders.coefficient_interval import DRAWS, SEED, Options, Sample, Seed, measured
from ci_eval.agreement.coders.patterns import Patterns, from_ratings
from ci_eval.agreement.refusals import FloatArray, refuse

Categories = Iterable[Any] | None


def percent_agreement(
    ratings: Any, categories: Categories = None, *, weights: Any = None, **options: Unpack[Options]
) -> Agreement:
    """Share of the pairs of codes of a unit that agree, averaged over units; 0 to 1, chance not taken out.

    Examples
    --------
    >>> round(percent_agreement([["a", "a"], ["b", "b"], ["a", "b"], ["b", None]]).coefficient, 2)
    0.67

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
    Refused
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

    Examples
    --------
    >>> round(brennan_prediger([["a", "a"], ["b", "b"], ["a", "b"]], ["a", "b"]).coefficient, 2)
    0.33
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

    Examples
    --------
    >>> round(gwet_ac1([["a", "a"], ["a", "a"], ["a", "b"]], ["a", "b"]).coefficient, 2)
    0.54
    """
    return _gwet("Gwet's AC1", ratings, categories, None, options)


def gwet_ac2(
    ratings: Any, weights: Any, categories: Categories = None, **options: Unpack[Options]
) -> Agreement:
    """Gwet's AC2: AC1 with weights for near agreement, for ordered categories.

    Parameters, missing codes and errors as `percent_agreement`; `weights` is a name or a table.

    Examples
    --------
    >>> round(gwet_ac2([[1, 1], [3, 2], [2, 2]], "linear", [1, 2, 3]).coefficient, 2)
    0.66
    """
    return _gwet(weighted("Gwet's AC2", weights), ratings, categories, weights, options)


def fleiss_kappa(
    ratings: Any, categories: Categories = None, *, weights: Any = None, **options: Unpack[Options]
) -> Agreement:
    """Fleiss' kappa (for two coders Scott's pi): chance picks each category as often as all coders together
    did.

    Parameters, missing codes and errors as `percent_agreement`. Missing codes are allowed (Gwet's extension:
    a unit counts once, however many coded it). Not defined where every code is the same: "no variation".

    Examples
    --------
    >>> round(fleiss_kappa([["a", "a"], ["b", "b"], ["a", "b"]]).coefficient, 2)
    0.33
    """
    sample, _ = _sample(ratings, categories, weights)
    return measured(weighted("Fleiss' kappa", weights), sample, Pooled(sample), **options)


def adjusted(found: Agreement) -> Agreement:
    """Percent agreement or Brennan–Prediger of two coders with an interval that keeps a width at full
    agreement.

    Adds two agreements and two disagreements to the units both have coded (Bonett 2022); the standard error
    stays that of the share itself. Choose it for two coders and few units; the other intervals shrink to a
    point when all agree.

    Examples
    --------
    >>> result = adjusted(percent_agreement([["a", "a"], ["b", "b"], ["a", "a"]]))
    >>> f"{result.coefficient:.0f} ({result.low:.2f} to {result.high:.2f})"
    '1 (0.38 to 1.00)'

    Raises
    ------
    Refused
        A coefficient other than these two, weights, more than two coders, or nothing measured.
    """
    plain = found.name in ("percent agreement", "Brennan–Prediger")
    if not plain or found.coders != 2 or not found.defined:
        text = (
            "The adjusted interval is for percent agreement or Brennan–Prediger of two coders, not for "
            f"{found.name} of {found.coders}."
        )
        refuse(CODERS, "adjusted", text, fix='use the coefficient\'s own interval, or interval="bootstrap"')
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


def cohen_kappa(
    ratings: Any,
    categories: Iterable[Any] | None = None,
    *,
    weights: Any = None,
    level: float = 0.95,
    interval: Literal["analytic", "bootstrap"] | None = "analytic",
    draws: int = DRAWS,
    seed: Seed = SEED,
) -> Agreement:
    """Cohen's kappa of two coders, weighted or not, over the units both have coded.

    Examples
    --------
    >>> round(cohen_kappa([["a", "a"], ["b", "b"], ["a", "b"]]).coefficient, 2)
    0.4

    Parameters
    ----------
    ratings : units × 2 coders, or `Patterns` from `from_ratings` or `from_table`. Missing is None, NaN or "";
        units coded by one coder are left out, and the note counts them.
    categories : every category a coder may use, in order; unused ones matter only to weights
    weights : None, a name ("linear", "quadratic", …) or a table (`weights.weight_table`)
    interval : "analytic": Fleiss, Cohen & Everitt's large-sample standard error with normal limits, as SAS
        prints; "bootstrap" over units; None

    Raises
    ------
    Refused
        Other than two coders; patterns that do not say who gave which code; otherwise as `percent_agreement`.
    """
    read = _by_coder(from_ratings(ratings, categories), "Cohen's kappa")
    if read.coders != 2:
        text = f"Cohen's kappa compares two coders; there are {read.coders}."
        refuse(CODERS, "coders", text, fix="use conger_kappa")
    both = read.given == 2
    single = int(read.times[read.given == 1].sum())
    kept = replace(read, rows=read.rows[both], times=read.times[both])
    return measured(
        weighted("Cohen's kappa", weights),
        *_parts(kept, weights),
        remark=f"units coded by one coder only, left out: {single}" if single else "",
        large_sample=True,
        level=level,
        interval=interval,
        draws=draws,
        seed=seed,
        ddof=0,
    )


def conger_kappa(
    ratings: Any, categories: Iterable[Any] | None = None, *, weights: Any = None, **options: Unpack[Options]
) -> Agreement:
    """Conger's kappa: Cohen's for any number of coders, each with their own margins; missing codes allowed.

    Examples
    --------
    >>> round(conger_kappa([["a", "a", "a"], ["b", "b", "a"]]).coefficient, 2)
    0.33

    Parameters
    ----------
    ratings : units × coders (one row a unit, one column a coder), or `Patterns` that know who gave each code.
        Missing is None, NaN or "". A coder without any code is left out, and the note says so.
    categories, weights, options : as `percent_agreement`

    Returns
    -------
    Agreement
        Not defined ("no variation") where every coder gives the same single code.

    Raises
    ------
    Refused
        As `percent_agreement`; and for counts, which do not say who gave which code.
    """
    read = _by_coder(from_ratings(ratings, categories), "Conger's kappa")
    coded = read.given >= 1
    active = (read.rows >= 0).any(axis=0)
    silent = int((~active).sum())
    kept = replace(read, rows=read.rows[coded][:, active], times=read.times[coded])
    remark = f"coders without any code, left out: {silent}" if silent else ""
    return measured(weighted("Conger's kappa", weights), *_parts(kept, weights), remark=remark, **options)


@dataclass(frozen=True, eq=False)
class Margins:
    """Mean over pairs of coders of Σ_kl w_kl p_gk p_hl, p_g the categories' shares in coder g's codes."""

    sample: Sample

    @property
    def pairs(self) -> int:
        coders = self.sample.patterns.rows.shape[1]
        return max(int(coders * (coders - 1)), 1)

    def of_draws(self, weights: FloatArray) -> FloatArray:
        total = np.zeros((len(weights), self.sample.patterns.size))
        alone = np.zeros(len(weights))
        for coder in range(self.sample.patterns.rows.shape[1]):
            own = self.shares(coder, weights)
            total += own
            alone += ((own @ self.sample.weights) * own).sum(axis=1)
        return np.asarray((((total @ self.sample.weights) * total).sum(axis=1) - alone) / self.pairs)

    def of_units(self) -> FloatArray:
        everybody = self.sample.times[None, :]
        rows, units = self.sample.patterns.rows, everybody.sum()
        shares = [self.shares(coder, everybody)[0] for coder in range(rows.shape[1])]
        unit = np.zeros(len(rows))
        for coder, own in enumerate(shares):
            against = self.sample.weights @ (np.sum(shares, axis=0) - own)
            coded = rows[:, coder] >= 0
            codes = everybody[0] @ coded
            mean = own @ against
            unit += np.where(coded, units / codes * (against[rows[:, coder]] - mean), 0.0) + mean
        return unit / self.pairs

    def shares(self, coder: int, weights: FloatArray) -> FloatArray:
        """Shares of the categories in a coder's codes (draw, category); NaN where the coder gave none."""
        codes = self.sample.patterns.rows[:, coder]
        given = (codes[:, None] == np.arange(self.sample.patterns.size)).astype(np.float64)
        counts = weights @ given
        total = counts.sum(axis=1, keepdims=True)
        return np.asarray(np.where(total > 0, counts / np.maximum(total, 1), np.nan))


def _parts(read: Patterns, weights: Any) -> tuple[Sample, Margins]:
    sample = Sample.of(read, weight_table(weights, read))
    return sample, Margins(sample)


def _by_coder(read: Patterns, name: str) -> Patterns:
    if not read.by_coder:
        text = f"{name} needs to know who gave which code; these are counts of codes."
        refuse(CODERS, "who", text, fix="give ratings, one column a coder, or use fleiss_kappa")
    return read
