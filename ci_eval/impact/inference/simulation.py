"""The permutation test of many outcomes at once: what power and size are computed with.

Method: docs/methods.md C3, C7. All outcomes go through the same orders, so that a statistic of every outcome in
every order is a product of two matrices: which unit has which cohort, and what it then adds.
"""

from dataclasses import dataclass

import numpy as np

from ci_eval.impact.effects.contrast import Contrast
from ci_eval.impact.panel import Panel
from ci_eval.impact.refusals import FloatArray, IntArray, refuse
from ci_eval.impact.standard_errors import same_design

from .inversion import TIE
from .orders import Orders

WHAT = "CANNOT SIMULATE THE TEST"
AT_ONCE = 500  # outcomes; their statistics in 2,000 orders take 8 MB an array


@dataclass(frozen=True)
class SimulatedTests:
    """One entry for each simulated outcome.

    Attributes
    ----------
    estimate : (S,) estimates
    p_raw : (S,) as in `PermutationResult`
    p_studentised : (S,) likewise; None where it was not asked for
    """

    estimate: FloatArray
    p_raw: FloatArray
    p_studentised: FloatArray | None


def simulated_tests(
    outcomes: FloatArray, panel: Panel, contrast: Contrast, orders: Orders, *, studentised: bool = True
) -> SimulatedTests:
    """Test a contrast on many outcomes of the same units in the same orders.

    Parameters
    ----------
    outcomes : (S, units, T) simulated outcomes, units and years as in the panel
    panel : gives units and cohorts; its own outcome is not used
    contrast : made from `panel.design`
    orders : from `rollout_orders`; the first is the one that happened
    studentised : also compare estimates over Neyman's standard errors, at about twice the time

    Returns
    -------
    SimulatedTests; the same numbers as `permutation_test` gives one by one.

    Raises
    ------
    InputError
        If units have unequal weights (W then differs between orders), the shape does not fit, a value is not
        finite, or a cohort that carries weight has one unit while `studentised`.
    """
    same_design(panel, contrast)
    outcomes = np.asarray(outcomes, dtype=np.float64)
    if outcomes.ndim != 3 or outcomes.shape[1:] != panel.outcomes.shape or not np.isfinite(outcomes).all():
        text = f"Outcomes of shape {outcomes.shape} are not finite simulations × {panel.outcomes.shape}."
        refuse(WHAT, "shape", text, mend="give an array simulations × units × years without gaps")
    if not panel.equal_weights:
        text = "Units have unequal weights, so that the weights of cohorts change with the order."
        refuse(WHAT, "weights", text, mend="simulate with equal weights, or test one by one")
    live = np.flatnonzero(np.abs(contrast.weights).max(axis=1) > 0).astype(np.int64)
    size = contrast.design.size[live].astype(np.float64)
    if studentised and (size < 2).any():
        text = "A cohort has one unit, so that its spread cannot be known."
        refuse(WHAT, "one-unit", text, mend="use the raw test")
    member = _membership(orders, live, len(panel.units))
    centred = outcomes - outcomes.mean(axis=1, keepdims=True)
    wide = member.transpose(1, 0, 2).reshape(len(orders), -1)
    added = centred @ contrast.weights[live].T
    parts = [
        _block(added[start : start + AT_ONCE], member, wide, size, studentised)
        for start in range(0, len(outcomes), AT_ONCE)
    ]
    estimate, p_raw, p_studentised = (np.concatenate(column) for column in zip(*parts, strict=True))
    return SimulatedTests(estimate, p_raw, p_studentised if studentised else None)


def _membership(orders: Orders, live: IntArray, units: int) -> FloatArray:
    """(live cohorts, B, units) 1 where the unit has the cohort in the order."""
    label = np.full((len(orders), units), -1, dtype=np.int64)
    np.put_along_axis(label, orders.units, np.broadcast_to(orders.cohort, orders.units.shape), axis=1)
    return np.stack([(label == cohort).astype(np.float64) for cohort in live])


def _block(
    added: FloatArray, member: FloatArray, wide: FloatArray, size: FloatArray, studentised: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Estimate and p of some outcomes; `added` is (outcomes, units, live cohorts), `wide` (B, cohorts × units)."""
    groups, _, units = member.shape
    by_group = np.ascontiguousarray(added.transpose(2, 1, 0))  # (cohorts, units, outcomes)
    scale = size[:, None, None]
    estimate = wide @ (by_group / scale).reshape(groups * units, -1)
    squared = estimate * estimate
    p_raw = _p(squared)
    if not studentised:
        return estimate[0].copy(), p_raw, np.empty(0)
    # Σ of squares less n × mean², over n (n − 1), of every cohort; the scale is put on what goes in.
    variance = wide @ (by_group**2 / (scale * (scale - 1))).reshape(groups * units, -1)
    by_group /= scale * np.sqrt(scale - 1)
    total = np.empty_like(variance)
    for group in range(groups):
        np.matmul(member[group], by_group[group], out=total)
        np.multiply(total, total, out=total)
        variance -= total
    with np.errstate(divide="ignore", invalid="ignore"):
        squared /= variance
    # An order without any spread within its cohorts is as extreme as can be.
    if not (variance.min() > 0):
        squared[~(variance > 0)] = np.inf
    return estimate[0].copy(), p_raw, _p(squared)


def _p(squared: FloatArray) -> FloatArray:
    """Share of orders at least as extreme as the first, ties up to rounding counted."""
    return np.asarray(np.count_nonzero(squared >= squared[0] * (1 - 2 * TIE), axis=0) / len(squared))
