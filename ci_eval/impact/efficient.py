"""Roth & Sant'Anna 2023: the most precise estimator when the rollout order is random.

Method: docs/methods.md C2. θ̂ = θ̂₀ − β X̂: a difference in differences takes off the whole difference between
cohorts before exposure (β = 1); here β is what makes the estimate least variable. Its weights are learnt from
the outcome, so that the permutation test learns them again in every order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import FloatArray, refuse
from ci_eval.impact.design import IDENTIFIED, Design, cells
from ci_eval.impact.effects.contrasts import Aggregate, bins
from ci_eval.impact.inference.gather import paired_statistics
from ci_eval.impact.inference.orders import DRAWS, EXACT_UP_TO, Orders, rollout_orders
from ci_eval.impact.inference.permutation import share_as_extreme
from ci_eval.impact.panel import Panel
from ci_eval.impact.standard_errors import Moments

WHAT = "CANNOT ESTIMATE AN EFFECT"


@dataclass(frozen=True)
class EfficientResult:
    """What the efficient estimator found.

    Attributes
    ----------
    estimate, beta : effect, and the part of the difference before exposure that is taken off
    se_neyman : conservative standard error
    se : the same less the part that differences between cohorts let one know (Roth & Sant'Anna, section 3.4)
    p_raw, p_studentised : of the permutation test, the order that happened counted in; None without orders
    """

    estimate: float
    beta: float
    se_neyman: float
    se: float
    p_raw: float | None = None
    p_studentised: float | None = None


def roth_santanna(
    panel: Panel,
    aggregate: Aggregate = "simple",
    *,
    exposed: int | None = None,
    beta: float | None = None,
    strata: Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    exact_up_to: int = EXACT_UP_TO,
    orders: Orders | None = None,
) -> EfficientResult:
    """The efficient estimate of an aggregate, with standard errors and permutation test.

    Parameters
    ----------
    panel : units that all count the same
    aggregate : "simple", "group", "calendar", or "dynamic" with `exposed`
    exposed : collections since exposure began, for "dynamic"
    beta : part of the difference before exposure to take off; the most precise one by default, 1 for
        Callaway & Sant'Anna
    strata, draws, seed, exact_up_to, orders : see `permutation_test`; `draws=0` leaves the test out

    Raises
    ------
    Refused
        If units have unequal weights, nothing is identified, or a cohort has one unit or no spread.

    Validated against R staggered 1.2.3 (pj_officer).
    """
    effect, before = _weights(panel.design, aggregate, exposed)
    moments = _moments(panel)
    spread = _covariances(moments, effect, before)
    if not (spread[0] > 0 and spread[2] > 0):
        text = "The outcome does not vary within cohorts."
        refuse(WHAT, "no-spread", text, fix="check the outcome")
    slope = spread[1] / spread[2] if beta is None else beta
    value = float(((effect - slope * before) * moments.mean).sum())
    variance = spread[0] - 2 * slope * spread[1] + slope**2 * spread[2]
    refined = variance - _known_heterogeneity(moments, panel.design, effect)
    p_raw = p_studentised = None
    if draws or orders is not None:
        if orders is None:
            orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=exact_up_to)
        found = paired_statistics(panel, effect, before, orders)
        slopes = found.cross / found.response_variance if beta is None else np.full(len(orders), beta)
        squared = (found.estimate - slopes * found.response) ** 2
        variances = found.variance - 2 * slopes * found.cross + slopes**2 * found.response_variance
        p_raw, p_studentised = share_as_extreme(squared), share_as_extreme(squared / variances)
    return EfficientResult(value, slope, _root(variance), _root(refined), p_raw, p_studentised)


def _weights(design: Design, aggregate: Aggregate, exposed: int | None) -> tuple[FloatArray, FloatArray]:
    """(G, T) weights of θ̂₀ in the years exposed and of X̂, the same comparisons in their base years."""
    found = tuple(cell for cell in cells(design) if cell.status == IDENTIFIED)
    sorted_cells = bins(design, found, aggregate)
    if exposed is not None:
        sorted_cells = sorted_cells.only(np.array(sorted_cells.key) == exposed)
    elif aggregate == "dynamic":
        refuse(WHAT, "exposed", "Say how many collections since exposure.", fix="give exposed=0")
    if not sorted_cells.key:
        refuse(WHAT, "not-identified", f"Nobody can be compared {exposed} collections after exposure.")
    share = sorted_cells.across(design.weight) @ sorted_cells.within(design.weight)
    effect = np.zeros((design.cohorts, len(design.years)))
    before = np.zeros_like(effect)
    for cell, part in zip(found, share, strict=True):
        controls = design.weight * (design.first > cell.year)
        for weights, year in ((effect, cell.year), (before, cell.base)):
            weights[cell.group, year] += part
            weights[:, year] -= part * controls / controls.sum()
    return effect, before


def _moments(panel: Panel) -> Moments:
    moments = Moments.of(panel)
    if not panel.equal_weights or (moments.size[panel.design.compared] < 2).any():
        text = "The efficient estimator needs equal weights and at least two units in every cohort."
        refuse(WHAT, "efficient", text, fix="use Callaway–Sant’Anna")
    return moments


def _covariances(moments: Moments, effect: FloatArray, before: FloatArray) -> tuple[float, float, float]:
    """Variance of θ̂₀, covariance with X̂, variance of X̂, units of a cohort being a random sample of all."""
    scale = moments.size / np.maximum(moments.size - 1, 1)
    products = [
        float(np.einsum("g,gs,gst,gt->", scale, left, moments.second, right, optimize=True))
        for left, right in ((effect, effect), (effect, before), (before, before))
    ]
    return products[0], products[1], products[2]


def _known_heterogeneity(moments: Moments, design: Design, effect: FloatArray) -> float:
    """Lower bound of the variance of effects between units, as far as outcomes before any exposure predict it."""
    carries = np.abs(effect).max(axis=1) > 0
    from_cohort = int(np.flatnonzero(carries)[0])
    early = int(design.first[from_cohort])
    later = slice(from_cohort, None)
    scale = (moments.size**2 / np.maximum(moments.size - 1, 1))[later, None, None]
    spread = scale * moments.second[later]
    inside = spread[:, :early, :early]
    slopes = np.linalg.pinv(inside, hermitian=True) @ spread[:, :early] @ effect[later, :, None]
    slope = slopes.sum(axis=0)[:, 0]
    return float(slope @ inside.mean(axis=0) @ slope) / int(moments.size.sum())


def _root(variance: float) -> float:
    if not variance > 0:
        refuse("CANNOT GIVE A STANDARD ERROR", "no-spread", "The standard error is 0 or not a number.")
    return float(np.sqrt(variance))
