"""Kappas that know who gave which code: each coder's own habit is part of what chance would give.

Methods: docs/methods.md B1, B2.

Sources: Cohen (1960, 1968); Conger (1980) for more coders; standard errors: Fleiss, Cohen & Everitt (1969),
Gwet (2014). Validated against SAS PROC FREQ, statsmodels, psych and R's irrCAC.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack

import numpy as np

from ci_eval.agreement.raters.bootstrap import DRAWS, SEED, Seed
from ci_eval.agreement.raters.coefficient import Options, Sample, measured
from ci_eval.agreement.raters.patterns import Patterns
from ci_eval.agreement.raters.reading import from_ratings
from ci_eval.agreement.raters.result import Agreement, FloatArray, refusal
from ci_eval.agreement.raters.weights import weight_table, weighted


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
    InputError
        Other than two coders; patterns that do not say who gave which code; otherwise as `percent_agreement`.
    """
    read = _by_coder(from_ratings(ratings, categories), "Cohen's kappa")
    if read.coders != 2:
        raise refusal(
            "coders", f"Cohen's kappa compares two coders; there are {read.coders}.", mend="use conger_kappa"
        )
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
    InputError
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
        raise refusal(
            "who",
            f"{name} needs to know who gave which code; these are counts of codes.",
            mend="give ratings, one column a coder, or use fleiss_kappa",
        )
    return read
