"""Roth & Sant'Anna 2023: the most precise estimator when the rollout order is random.

Method: docs/methods.md C2. θ̂ = θ̂₀ − β X̂: a difference in differences takes off the whole difference between
cohorts before exposure (β = 1); here β is what makes the estimate least variable. Its weights are learnt from
the outcome, so that the permutation test learns them again in every order.
"""

from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import FloatArray, refuse
from ci_eval.impact.design import IDENTIFIED, WHAT, Design, cells
from ci_eval.impact.effects.cohort_moments import Moments
from ci_eval.impact.effects.contrasts import Aggregate, sorted_into_bins
from ci_eval.impact.inference.orders import Orders
from ci_eval.impact.inference.permutation_tests import share_as_extreme
from ci_eval.impact.inference.statistics_by_order import paired_statistics
from ci_eval.impact.panel import Panel


@dataclass(frozen=True)
class EfficientResult:
    """Result of the efficient estimator.

    Attributes
    ----------
    estimate, beta : effect, and the part of the difference before exposure that is taken off
    se : Neyman's standard error, conservative
    p_raw, p_studentised : of the permutation test, the order that happened counted in; None without orders
    """

    estimate: float
    beta: float
    se: float
    p_raw: float | None = None
    p_studentised: float | None = None


def roth_santanna(
    panel: Panel,
    aggregate: Aggregate = "simple",
    *,
    exposed: int | None = None,
    beta: float | None = None,
    orders: Orders | None = None,
) -> EfficientResult:
    """The efficient estimate of an aggregate, with its standard error and permutation test.

    Parameters
    ----------
    panel : units that all count the same
    aggregate : "simple", "group", "calendar", or "dynamic" with `exposed`
    exposed : collections since exposure began, for "dynamic"
    beta : part of the difference before exposure to take off; the most precise one by default, 1 for
        Callaway & Sant'Anna
    orders : from `rollout_orders`; without them there is no test

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> exposure = Exposure.from_cohorts(dict(zip("ABCD", [2022, 2022, None, None])), Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.array([[0.0, 4], [1, 2], [0, 1], [3, 1]]), np.ones(4))
    >>> round(roth_santanna(panel, beta=1).estimate, 9)  # (4 + 1) / 2 − (1 − 2) / 2
    3.0

    Raises
    ------
    Refused
        If units have unequal weights, nothing is identified, or a cohort has one unit or no spread.

    Validated against R staggered 1.2.3 (pj_officer).
    """
    effect, before = _weights(panel.design, aggregate, exposed)
    moments = Moments.of(panel)
    if not panel.equal_weights or (moments.size[panel.design.compared] < 2).any():
        text = "The efficient estimator needs equal weights and at least two units in every cohort."
        refuse(WHAT, "efficient", text, fix="use Callaway–Sant’Anna")
    spread = _covariances(moments, effect, before)
    if not (spread[0] > 0 and spread[2] > 0):
        refuse(WHAT, "no-spread", "The outcome does not vary within cohorts.", fix="check the outcome")
    slope = spread[1] / spread[2] if beta is None else beta
    value = float(((effect - slope * before) * moments.mean).sum())
    variance = spread[0] - 2 * slope * spread[1] + slope**2 * spread[2]
    if not variance > 0:
        refuse("CANNOT GIVE A STANDARD ERROR", "no-spread", "The standard error is 0 or not a number.")
    p_raw = p_studentised = None
    if orders is not None:
        every = paired_statistics(panel, effect, before, orders)
        slopes = every.cross / every.response_variance if beta is None else np.full(len(orders), beta)
        squared = (every.estimate - slopes * every.response) ** 2
        variances = every.variance - 2 * slopes * every.cross + slopes**2 * every.response_variance
        p_raw, p_studentised = share_as_extreme(squared), share_as_extreme(squared / variances)
    return EfficientResult(value, slope, float(np.sqrt(variance)), p_raw, p_studentised)


def _weights(design: Design, aggregate: Aggregate, exposed: int | None) -> tuple[FloatArray, FloatArray]:
    """(G, T) weights of θ̂₀ in the years exposed and of X̂, the same comparisons in their base years."""
    identified = tuple(cell for cell in cells(design) if cell.status == IDENTIFIED)
    bins = sorted_into_bins(design, identified, aggregate)
    if exposed is not None:
        bins = bins.only(np.array(bins.key) == exposed)
    elif aggregate == "dynamic":
        refuse(WHAT, "exposed", "Say how many collections since exposure.", fix="give exposed=0")
    if not bins.key:
        refuse(WHAT, "not-identified", f"Nobody can be compared {exposed} collections after exposure.")
    effect = np.zeros((design.cohorts, len(design.years)))
    before = np.zeros_like(effect)
    for cell, part in zip(identified, bins.shares(design.weight), strict=True):
        controls = design.weight * (design.first > cell.year)
        for weights, year in ((effect, cell.year), (before, cell.base)):
            weights[cell.group, year] += part
            weights[:, year] -= part * controls / controls.sum()
    return effect, before


def _covariances(moments: Moments, effect: FloatArray, before: FloatArray) -> tuple[float, float, float]:
    """Variance of θ̂₀, covariance with X̂, variance of X̂, units of a cohort being a random sample of all."""
    scale = moments.size / np.maximum(moments.size - 1, 1)
    products = [
        float(np.einsum("g,gs,gst,gt->", scale, left, moments.second, right, optimize=True))
        for left, right in ((effect, effect), (effect, before), (before, before))
    ]
    return products[0], products[1], products[2]
