"""Estimates and their standard errors from cohort moments.

Method: docs/methods.md C2, C3. All standard errors are quadratic forms in the spread of units within cohorts,
so that they cost the same for 32 authorities and for 100,000 pupils. One that is 0 or cannot be
computed is an error, never printed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .effects.contrast import Contrast
from .panel import Panel
from .refusals import BoolArray, FloatArray, IntArray, refuse

if TYPE_CHECKING:
    import pandas as pd

WHAT = "CANNOT GIVE A STANDARD ERROR"
FLAT = 1e-24  # a variance this small beside the spread of the outcome is rounding


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
    spread : mean square of the outcome about its years' means, to judge what is rounding
    """

    size: IntArray
    weight: FloatArray
    mean: FloatArray
    share2: FloatArray
    first: FloatArray
    second: FloatArray
    spread: float

    @classmethod
    def of(cls, panel: Panel) -> "Moments":
        """The moments of a panel, cohort by cohort of its design."""
        design, groups = panel.design, panel.groups
        order = np.argsort(groups, kind="stable")
        ends = np.cumsum(design.size)
        years = len(design.years)
        mean, first = np.empty((design.cohorts, years)), np.empty((design.cohorts, years))
        second, share2 = np.empty((design.cohorts, years, years)), np.empty(design.cohorts)
        spread = 0.0
        for group in range(design.cohorts):
            rows = order[ends[group] - design.size[group] : ends[group]]
            outcomes = panel.outcomes[rows]
            share = panel.weights[rows] / design.weight[group]
            mean[group] = share @ outcomes
            away = outcomes - mean[group]
            spread += float((away**2).sum())
            weighted = share[:, None] * away
            share2[group] = share @ share
            first[group] = share @ weighted
            second[group] = weighted.T @ weighted
        return cls(design.size, design.weight, mean, share2, first, second, spread / panel.outcomes.size)


def estimate(panel: Panel, contrast: Contrast) -> float:
    """The estimate: Σ W[g, t] Ȳ[g, t]."""
    same_design(panel, contrast)
    return float((contrast.weights * Moments.of(panel).mean).sum())


def estimates(panel: Panel, contrasts: Iterable[Contrast] | Contrast) -> "pd.DataFrame":
    """One row a contrast: name, estimator, key, estimate, se_neyman, se_analytic, exposed_units, control_units.

    Standard errors are NaN where `neyman_se` or `analytic_se` refuses; ask those for the reason.
    """
    import pandas as pd

    from ci_eval.problems import InputError

    moments = Moments.of(panel)
    rows = []
    for contrast in [contrasts] if isinstance(contrasts, Contrast) else list(contrasts):
        same_design(panel, contrast)
        errors = []
        for compute in (_neyman, _analytic):
            try:
                errors.append(compute(moments, contrast))
            except InputError:
                errors.append(np.nan)
        value = float((contrast.weights * moments.mean).sum())
        shown = (contrast.name, contrast.estimator, contrast.key, value, *errors)
        rows.append((*shown, contrast.exposed_units, contrast.control_units))
    columns = [
        "name",
        "estimator",
        "key",
        "estimate",
        "se_neyman",
        "se_analytic",
        "exposed_units",
        "control_units",
    ]
    return pd.DataFrame(rows, columns=columns)


def neyman_se(panel: Panel, contrast: Contrast) -> float:
    """Neyman's standard error under a random rollout order: √ Σ W_gᵀ S_g W_g / N_g (Roth & Sant'Anna 2023).

    It is conservative: the part that differences between units' effects would take off is left in. With
    weights, that of the weighted means, W held fixed.

    Raises
    ------
    InputError
        If a cohort that carries weight has one unit, or the standard error is 0 or not a number.

    Validated against R staggered 1.2.3 (pj_officer; simulated 32 units).
    """
    same_design(panel, contrast)
    return _neyman(Moments.of(panel), contrast)


def analytic_se(panel: Panel, contrast: Contrast) -> float:
    """Standard error from the influence function, units a sample (Callaway & Sant'Anna 2021, theorem 2).

    Cohort shares count as estimated. Validated against R did 2.5.1 to 1e-6, weighted too.

    Raises
    ------
    InputError
        If it is not derived for the estimator, or is 0 or not a number.
    """
    same_design(panel, contrast)
    return _analytic(Moments.of(panel), contrast)


def imputation_se(panel: Panel, contrast: Contrast) -> float:
    """Clustered standard error of an imputation effect (Borusyak, Jaravel & Spiess 2024, with cohort-year means).

    Validated against R didimputation (df_het, effects by time since exposure and overall).

    Raises
    ------
    InputError
        If it is 0 or not a number.
    """
    same_design(panel, contrast)
    moments, design = Moments.of(panel), panel.design
    # Deviations of cohort means from the fitted unit and year effects stay in the residual of years before.
    weights, fitted = contrast.weights, design.not_yet & design.compared[:, None]
    misfit = np.where(fitted, weights * _residual(moments, fitted), 0.0).sum(axis=1)
    return _root(_quadratic(moments, weights, misfit), moments, contrast)


def _residual(moments: Moments, fitted: BoolArray) -> FloatArray:
    """(G, T) cohort means less unit and year effects fitted to the cells `fitted`."""
    cells = moments.weight[:, None] * fitted
    years = np.maximum(fitted.sum(axis=1), 1)
    own = (moments.mean * fitted).sum(axis=1) / years
    matrix = np.diag(cells.sum(axis=0)) - (cells / years[:, None]).T @ fitted
    effect = np.linalg.lstsq(matrix, (cells * (moments.mean - own[:, None])).sum(axis=0), rcond=1e-9)[0]
    left = moments.mean - effect
    return np.asarray(left - (left * fitted).sum(axis=1, keepdims=True) / years[:, None])


def _neyman(moments: Moments, contrast: Contrast) -> float:
    weights = contrast.weights
    carries = np.abs(weights).max(axis=1) > 0
    if (moments.size[carries] < 2).any():
        alone = contrast.design.labels[int(np.flatnonzero(carries & (moments.size < 2))[0])]
        text = f"The cohort {alone} has one unit, so that its spread cannot be known."
        refuse(WHAT, "one-unit", text, mend="use the raw permutation test, or leave the cohort out")
    correction = moments.size / np.maximum(moments.size - 1, 1)
    parts = np.einsum("gs,gst,gt->g", weights, moments.second, weights)
    return _root(float((correction * parts)[carries].sum()), moments, contrast)


def _analytic(moments: Moments, contrast: Contrast) -> float:
    if contrast.influence is None:
        text = f"The influence function of {contrast.estimator} is not derived."
        refuse(WHAT, "no-influence", text, mend="use Neyman's standard error and the permutation test")
    centre, slope = contrast.influence(moments.weight, moments.mean)
    shift = (contrast.weights * moments.mean).sum(axis=1) - centre + moments.weight * slope
    return _root(_quadratic(moments, contrast.weights, shift), moments, contrast)


def _quadratic(moments: Moments, weights: FloatArray, shift: FloatArray) -> float:
    """Σ over units of (share (W (Y − mean) + shift))²."""
    squared = np.einsum("gs,gst,gt->g", weights, moments.second, weights)
    crossed = 2 * shift * (weights * moments.first).sum(axis=1)
    return float((squared + crossed + shift**2 * moments.share2).sum())


def _root(variance: float, moments: Moments, contrast: Contrast) -> float:
    if not variance > FLAT * moments.spread:  # NaN too
        text = f"The standard error of {contrast.name} is {'0' if variance >= 0 else 'not a number'}."
        refuse(WHAT, "no-spread", text, mend="check that the outcome varies between units of a cohort")
    return float(np.sqrt(variance))


def same_design(panel: Panel, contrast: Contrast) -> None:
    mine, theirs = panel.design, contrast.design
    same = mine.years == theirs.years and all(
        np.array_equal(getattr(mine, part), getattr(theirs, part))
        for part in ("first", "certain", "size", "weight")
    )
    if not same:
        text = f"{contrast.name} was made for another design than the panel has."
        refuse("CANNOT ESTIMATE AN EFFECT", "other-design", text, mend="make it from panel.design")
