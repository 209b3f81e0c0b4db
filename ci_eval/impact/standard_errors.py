"""Estimates, their standard errors and covariances, from moments of the outcome within cohorts.

Method: docs/methods.md C2. Computed in one pass, so that they cost the same for 32 authorities and, in
proportion, for 100,000 pupils.

Method: docs/methods.md C2, C3. All of them are forms in the moments of cohorts. A standard error that is 0 or
cannot be computed is an error, never printed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, Refused, refuse
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.effects.imputation import ESTIMATOR as IMPUTATION
from ci_eval.impact.panel import Panel

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Moments:
    """Weighted moments of the outcome within cohorts; shares are w_i / Σ w of the cohort.

    Attributes
    ----------
    size : (G,) units
    weight : (G,) sums of weights
    mean : (G, T) weighted means
    share2 : (G,) Σ share²
    first : (G, T) Σ share² (Y − mean)
    second : (G, T, T) Σ share² (Y − mean)(Y − mean)ᵀ
    square : mean square of the outcome, to judge what is rounding
    """

    size: IntArray
    weight: FloatArray
    mean: FloatArray
    share2: FloatArray
    first: FloatArray
    second: FloatArray
    square: float

    @classmethod
    def of(cls, panel: Panel) -> "Moments":
        """The moments of a panel, cohort by cohort of its design."""
        design, groups = panel.design, panel.groups
        order = np.argsort(groups, kind="stable")
        ends = np.cumsum(design.size)
        years = len(design.years)
        mean, first = np.empty((design.cohorts, years)), np.empty((design.cohorts, years))
        second, share2 = np.empty((design.cohorts, years, years)), np.empty(design.cohorts)
        for group in range(design.cohorts):
            rows = order[ends[group] - design.size[group] : ends[group]]
            outcomes = panel.outcomes[rows]
            share = panel.weights[rows] / design.weight[group]
            mean[group] = share @ outcomes
            away = outcomes - mean[group]
            weighted = share[:, None] * away
            share2[group] = share @ share
            first[group] = share @ weighted
            second[group] = weighted.T @ weighted
        square = float((panel.outcomes**2).mean())
        return cls(design.size, design.weight, mean, share2, first, second, square)


WHAT = "CANNOT GIVE A STANDARD ERROR"
FLAT = 1e-24  # a variance this small beside the squared outcome is rounding
COLUMNS = (
    "name", "estimator", "key", "estimate", "se_neyman", "se_analytic", "exposed_units", "control_units",
)  # fmt: skip
Kind = Literal["neyman", "analytic"]


def estimate(panel: Panel, contrast: Contrast) -> float:
    """The estimate: Σ W[g, t] Ȳ[g, t]."""
    same_design(panel, contrast)
    return float((contrast.weights * Moments.of(panel).mean).sum())


def estimates(panel: Panel, contrasts: Iterable[Contrast] | Contrast) -> "pd.DataFrame":
    """One row a contrast: name, estimator, key, estimate, se_neyman, se_analytic, exposed_units, control_units.

    Standard errors are NaN where `neyman_se` or `analytic_se` refuses; ask those for the reason.
    """
    import pandas as pd

    moments = Moments.of(panel)
    rows = []
    for contrast in [contrasts] if isinstance(contrasts, Contrast) else list(contrasts):
        same_design(panel, contrast)
        errors = []
        for compute in (_neyman, _analytic):
            try:
                errors.append(_root(compute(moments, [contrast]), moments, contrast))
            except Refused:
                errors.append(np.nan)
        value = float((contrast.weights * moments.mean).sum())
        shown = (contrast.name, contrast.estimator, contrast.key, value, *errors)
        rows.append((*shown, contrast.exposed_units, contrast.control_units))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def neyman_se(panel: Panel, contrast: Contrast) -> float:
    """Neyman's standard error under a random rollout order: √ Σ W_gᵀ S_g W_g / N_g (Roth & Sant'Anna 2023).

    It is conservative: the part that differences between units' effects would take off is left in. With
    weights, that of the weighted means, W held fixed.

    Raises
    ------
    Refused
        If a cohort that carries weight has one unit, or the standard error is 0 or not a number.

    Validated against R staggered 1.2.3 (pj_officer; simulated 32 units).
    """
    same_design(panel, contrast)
    moments = Moments.of(panel)
    return _root(_neyman(moments, [contrast]), moments, contrast)


def analytic_se(panel: Panel, contrast: Contrast) -> float:
    """Standard error from the influence function, units a sample (Callaway & Sant'Anna 2021, theorem 2).

    Cohort shares count as estimated. Validated against R did 2.5.1 to 1e-6, weighted too.

    Raises
    ------
    Refused
        If it is not derived for the estimator, or is 0 or not a number.
    """
    same_design(panel, contrast)
    moments = Moments.of(panel)
    return _root(_analytic(moments, [contrast]), moments, contrast)


def covariance(panel: Panel, contrasts: Sequence[Contrast], kind: Kind = "neyman") -> FloatArray:
    """(K, K) covariance matrix of K estimates, such as those of an event study.

    Parameters
    ----------
    kind : "neyman" under a random rollout order, or "analytic" with units a sample

    Raises
    ------
    Refused
        As `neyman_se` and `analytic_se` do for any of the contrasts.
    """
    if kind not in ("neyman", "analytic"):
        refuse(WHAT, "kind", f"There is no covariance {kind!r}.", fix="use 'neyman' or 'analytic'")
    for contrast in contrasts:
        same_design(panel, contrast)
    moments = Moments.of(panel)
    found = (_neyman if kind == "neyman" else _analytic)(moments, contrasts)
    for place, contrast in enumerate(contrasts):
        _root(found[place : place + 1, place : place + 1], moments, contrast)
    return found


def imputation_se(panel: Panel, contrast: Contrast) -> float:
    """Clustered standard error of an imputation effect (Borusyak, Jaravel & Spiess 2024, with cohort-year means).

    Validated against R didimputation (df_het, effects by time since exposure and overall).

    Raises
    ------
    Refused
        If the contrast is another estimator's, or the standard error is 0 or not a number.
    """
    same_design(panel, contrast)
    if contrast.estimator != IMPUTATION:
        text = f"This is the standard error of {IMPUTATION}, not of {contrast.estimator}."
        refuse(WHAT, "other-estimator", text, fix="use neyman_se or analytic_se")
    moments, design = Moments.of(panel), panel.design
    # Deviations of cohort means from the fitted unit and year effects stay in the residual of years before.
    weights, fitted = contrast.weights, design.not_yet & design.compared[:, None]
    misfit = np.where(fitted, weights * _residual(moments, fitted), 0.0).sum(axis=1)
    return _root(_forms(moments, weights[None], misfit[None]), moments, contrast)


def _residual(moments: Moments, fitted: BoolArray) -> FloatArray:
    """(G, T) cohort means less unit and year effects fitted to the cells `fitted`."""
    cells = moments.weight[:, None] * fitted
    years = np.maximum(fitted.sum(axis=1), 1)
    own = (moments.mean * fitted).sum(axis=1) / years
    matrix = np.diag(cells.sum(axis=0)) - (cells / years[:, None]).T @ fitted
    effect = np.linalg.lstsq(matrix, (cells * (moments.mean - own[:, None])).sum(axis=0), rcond=1e-9)[0]
    left = moments.mean - effect
    return np.asarray(left - (left * fitted).sum(axis=1, keepdims=True) / years[:, None])


def _neyman(moments: Moments, contrasts: Sequence[Contrast]) -> FloatArray:
    weights = np.stack([contrast.weights for contrast in contrasts])
    carries = np.abs(weights).max(axis=(0, 2)) > 0
    alone = np.flatnonzero(carries & (moments.size < 2))
    if len(alone):
        label = contrasts[0].design.labels[int(alone[0])]
        text = f"The cohort {label} has one unit, so that its spread cannot be known."
        refuse(WHAT, "one-unit", text, fix="use the raw permutation test, or leave the cohort out")
    scale = np.sqrt(moments.size / np.maximum(moments.size - 1, 1))
    return _forms(moments, weights * scale[:, None], np.zeros(weights.shape[:2]))


def _analytic(moments: Moments, contrasts: Sequence[Contrast]) -> FloatArray:
    shifts = []
    for contrast in contrasts:
        if contrast.influence is None:
            text = f"The influence function of {contrast.estimator} is not derived."
            refuse(WHAT, "no-influence", text, fix="use Neyman's standard error and the permutation test")
        centre, slope = contrast.influence(moments.weight, moments.mean)
        shifts.append((contrast.weights * moments.mean).sum(axis=1) - centre + moments.weight * slope)
    return _forms(moments, np.stack([contrast.weights for contrast in contrasts]), np.stack(shifts))


def _forms(moments: Moments, weights: FloatArray, shift: FloatArray) -> FloatArray:
    """(K, K) sums over units of share² (W_j (Y − mean) + shift_j) (W_k (Y − mean) + shift_k).

    `weights` are (K, G, T), `shift` (K, G).
    """
    spread = np.einsum("kgs,gst->kgt", weights, moments.second, optimize=True)
    crossed = shift @ (weights * moments.first).sum(axis=2).T
    squared = np.tensordot(spread, weights, axes=((1, 2), (1, 2)))
    return np.asarray(squared + crossed + crossed.T + (shift * moments.share2) @ shift.T)


def _root(variance: FloatArray, moments: Moments, contrast: Contrast) -> float:
    """Square root of a (1, 1) variance."""
    value = float(variance[0, 0])
    if not value > FLAT * moments.square:  # NaN too
        text = f"The standard error of {contrast.name} is {'not a number' if np.isnan(value) else '0'}."
        refuse(WHAT, "no-spread", text, fix="check that the outcome varies between units of a cohort")
    return float(np.sqrt(value))


def same_design(panel: Panel, contrast: Contrast) -> None:
    """Refuse a contrast that was made for another design than the panel's."""
    mine, theirs = panel.design, contrast.design
    same = mine.years == theirs.years and all(
        np.array_equal(getattr(mine, part), getattr(theirs, part))
        for part in ("first", "certain", "size", "weight")
    )
    if not same:
        text = f"{contrast.name} was made for another design than the panel has."
        refuse("CANNOT ESTIMATE AN EFFECT", "other-design", text, fix="make it from panel.design")
