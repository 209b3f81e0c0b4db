"""Estimates, standard errors and covariances, from moments of the outcome within cohorts.

Method: docs/methods.md C2, C3, C4b. Units exposed together, as hosts of one engagement are, are one draw: spread is that
of their means. Moments are computed in one pass, so that they cost the same for 32 authorities
and, in proportion, for 100,000 pupils. A standard error that is 0 or cannot be computed is an error, never printed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import FloatArray, IntArray, Refused, refuse
from ci_eval.impact.design import WHAT
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.panel import Panel

WHAT_ERROR = "CANNOT GIVE A STANDARD ERROR"
FLAT = 1e-24  # a variance this small beside the squared outcome is rounding
COLUMNS = ("name", "estimator", "key", "estimate", "se", "exposed_units", "control_units")


@dataclass(frozen=True)
class Moments:
    """Weighted moments of the outcome within cohorts; shares are w_i / Σ w of the cohort.

    Attributes
    ----------
    size : (G,) units, those exposed together counted as one
    mean : (G, T) weighted means
    second : (G, T, T) Σ share² (Y − mean)(Y − mean)ᵀ
    square : mean square of the outcome, to judge what is rounding
    """

    size: IntArray
    mean: FloatArray
    second: FloatArray
    square: float

    @classmethod
    def of(cls, panel: Panel) -> "Moments":
        """The moments of a panel, cohort by cohort of its design."""
        panel, _ = panel.treated_together()
        design = panel.design
        order = np.argsort(panel.groups, kind="stable")
        ends = np.cumsum(design.size)
        years = len(design.years)
        mean, second = np.empty((design.cohorts, years)), np.empty((design.cohorts, years, years))
        for group in range(design.cohorts):
            rows = order[ends[group] - design.size[group] : ends[group]]
            share = panel.weights[rows] / design.weight[group]
            mean[group] = share @ panel.outcomes[rows]
            weighted = share[:, None] * (panel.outcomes[rows] - mean[group])
            second[group] = weighted.T @ weighted
        return cls(design.size, mean, second, float((panel.outcomes**2).mean()))


def estimate(panel: Panel, contrast: Contrast) -> float:
    """The estimate: Σ W[g, t] Ȳ[g, t].

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years, callaway_santanna
    >>> exposure = Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.array([[1.0, 4.0], [2.0, 3.0]]), np.ones(2))
    >>> estimate(panel, callaway_santanna(panel.design))
    2.0

    Raises
    ------
    Refused
        If the contrast was made for another design.
    """
    same_design(panel, contrast)
    member = (panel.groups == np.arange(panel.design.cohorts)[:, None]) * panel.weights
    mean = member @ panel.outcomes / panel.design.weight[:, None]
    return float((contrast.weights * mean).sum())


def estimates(panel: Panel, contrasts: Iterable[Contrast]) -> pd.DataFrame:
    """One row a contrast: name, estimator, key, estimate, se, exposed_units, control_units.

    se is NaN where `neyman_se` refuses; ask it for the reason.
    """
    moments = Moments.of(panel)
    rows = []
    for contrast in contrasts:
        same_design(panel, contrast)
        try:
            se = _roots(moments, [contrast])[1][0]
        except Refused:
            se = np.nan
        value = float((contrast.weights * moments.mean).sum())
        units = contrast.exposed_units, contrast.control_units
        rows.append((contrast.name, contrast.estimator, contrast.key, value, se, *units))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def neyman_se(panel: Panel, contrast: Contrast) -> float:
    """Neyman's standard error under a random rollout order: √ Σ W_gᵀ S_g W_g / N_g (Roth & Sant'Anna 2023).

    N_g counts units exposed together as one, and S_g is of their means. It is conservative: the part that differences
    between units' effects would take off is left in. With weights, that of the weighted means, W held fixed.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years, callaway_santanna
    >>> exposure = Exposure.from_cohorts(dict(zip("ABCD", [2022, 2022, None, None])), Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.array([[0.0, 4], [0, 2], [0, 1], [0, 1]]), np.ones(4))
    >>> round(neyman_se(panel, callaway_santanna(panel.design)), 9)
    1.0

    Raises
    ------
    Refused
        If a cohort that carries weight has one unit, or the standard error is 0 or not a number.

    Validated against R staggered 1.2.3 (pj_officer; simulated 32 units).
    """
    same_design(panel, contrast)
    return _roots(Moments.of(panel), [contrast])[1][0]


def covariance(panel: Panel, contrasts: Sequence[Contrast]) -> FloatArray:
    """(K, K) Neyman's covariance matrix of K estimates, such as those of an event study.

    Raises
    ------
    Refused
        As `neyman_se` for any of the contrasts.
    """
    for contrast in contrasts:
        same_design(panel, contrast)
    return _roots(Moments.of(panel), contrasts)[0]


def _roots(moments: Moments, contrasts: Sequence[Contrast]) -> tuple[FloatArray, list[float]]:
    """(K, K) covariance matrix of the contrasts, and their K standard errors."""
    weights = np.stack([contrast.weights for contrast in contrasts])
    carries = np.abs(weights).max(axis=(0, 2)) > 0
    alone = np.flatnonzero(carries & (moments.size < 2))
    if len(alone):
        label = contrasts[0].design.labels[int(alone[0])]
        text = f"The cohort {label} has one unit, so that its spread cannot be known."
        fix = "use the raw permutation test, or leave the cohort out"
        refuse(WHAT_ERROR, "one-unit", text, fix=fix)
    weights = weights * np.sqrt(moments.size / np.maximum(moments.size - 1, 1))[:, None]
    spread = np.einsum("kgs,gst->kgt", weights, moments.second, optimize=True)
    matrix = np.asarray(np.tensordot(spread, weights, axes=((1, 2), (1, 2))))
    for contrast, variance in zip(contrasts, np.diag(matrix), strict=True):
        if not variance > FLAT * moments.square:  # NaN too
            text = (
                f"The standard error of {contrast.name} is {'not a number' if np.isnan(variance) else '0'}."
            )
            fix = "check that the outcome varies between units of a cohort"
            refuse(WHAT_ERROR, "no-spread", text, fix=fix)
    return matrix, [float(np.sqrt(variance)) for variance in np.diag(matrix)]


def same_design(panel: Panel, contrast: Contrast) -> None:
    """Refuse a contrast that was made for another design than the panel's."""
    mine, theirs = panel.design, contrast.design
    same = mine.years == theirs.years and all(
        np.array_equal(getattr(mine, part), getattr(theirs, part))
        for part in ("first", "certain", "size", "weight")
    )
    if not same:
        text = f"{contrast.name} was made for another design than the panel has."
        refuse(WHAT, "other-design", text, fix="make it from panel.design")
