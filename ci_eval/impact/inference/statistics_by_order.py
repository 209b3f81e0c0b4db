"""The statistic of a contrast in every rollout order at once, and how it answers to a supposed effect.

Method: docs/methods.md C3, C4b, C4c. Y·Wᵀ holds what each unit would add in each cohort, so that an order is a gather
and a sum. Where units do not count the same, W follows from the weights of the cohorts in each order; orders with the
same cohort weights share it. Nothing loops over orders.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ci_eval.agreement.refusals import FloatArray, IntArray
from ci_eval.impact.effects.contrasts import Builder, Coefficient, Contrast
from ci_eval.impact.inference.orders import Orders
from ci_eval.impact.panel import Panel

CELLS_AT_ONCE = 4_000_000  # numbers held by one gather, 32 MB
SAME = 9  # decimals to which cohort weights are the same
TIE = 1e-9  # relative; orders that differ from the one that happened by rounding count as ties


def share_as_extreme(squared: FloatArray) -> float:
    """Share of orders whose squared statistic is at least that of the first; ties up to rounding count."""
    return float((squared >= squared[0] * (1 - 2 * TIE)).mean())


@dataclass(frozen=True)
class Statistics:
    """Weighted sums of cohort means and their covariance in every order, the order that happened first.

    Attributes
    ----------
    total : (B, K) sums: the contrast of the outcome and of the effect pattern; of an adjusted contrast then the same of
        the base years
    spread : (B, K, K) Neyman's covariance; NaN where a cohort that carries weight has one unit
    pooled : (B, K, K) sums of squares and products within cohorts
    coefficient : how an adjusted estimate learns its coefficient; None for a contrast as it is
    """

    total: FloatArray
    spread: FloatArray
    pooled: FloatArray
    coefficient: Coefficient | None

    def at(self, effect: float = 0.0) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(B,) estimates, variances and coefficients of the outcome less a supposed effect of the exposed."""
        value, variance = self._less(effect, 0, 0)
        if self.coefficient is None:
            return value, np.maximum(variance, 0), np.zeros_like(value)
        before, of_before = self._less(effect, 1, 1)
        both = self._less(effect, 0, 1)[1]
        own, other = both, of_before
        if self.coefficient == "base year":
            own, other = self._product(self.pooled, effect, 0, 1), self._product(self.pooled, effect, 1, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = own / other
            adjusted = variance - 2 * slope * both + slope**2 * of_before
        return value - slope * before, np.maximum(adjusted, 0), slope

    def p(self, effect: float = 0.0, *, studentised: bool) -> float:
        """Share of orders at least as extreme as the one that happened, of the outcome less a supposed effect."""
        value, variance, _ = self.at(effect)
        if not studentised:
            return share_as_extreme(value**2)
        # An order without any spread within its cohorts is as extreme as can be: it counts against the effect.
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = value**2 / variance
        return share_as_extreme(np.where(np.isnan(ratio), np.inf, ratio))

    def _less(self, effect: float, one: int, other: int) -> tuple[FloatArray, FloatArray]:
        total = self.total[:, 2 * one] - effect * self.total[:, 2 * one + 1]
        return total, self._product(self.spread, effect, one, other)

    def _product(self, of: FloatArray, effect: float, one: int, other: int) -> FloatArray:
        """(B,) covariance of two sums, each less the effect times its pattern."""
        y, p, x, q = 2 * one, 2 * one + 1, 2 * other, 2 * other + 1
        return np.asarray(of[:, y, x] - effect * (of[:, y, q] + of[:, p, x]) + effect**2 * of[:, p, q])


def statistics(
    panel: Panel, contrast: Contrast, orders: Orders, across: Callable[..., Iterable[Any]] = map
) -> Statistics:
    """The statistics of a contrast in all orders, in chunks that fit into memory.

    Parameters
    ----------
    panel : of the units the contrast was made for; those exposed together are taken together
    contrast : made from `panel.design`
    orders : from `rollout_orders` of the same panel
    across : a function like `map`, which may work on several chunks at a time
    """
    together, _ = panel.treated_together()
    # The pattern belongs to the unit: it is what exposure added to its outcome, whatever order is tried.
    pattern = contrast.pattern[together.groups]
    # Means of years cancel in a contrast; taken out first they cost no digits.
    values = together.outcomes - together.outcomes.mean(axis=0)
    sides = np.stack([values, pattern])
    builders = [contrast.build] if contrast.before is None else [contrast.build, contrast.before]
    width = orders.units.shape[1] * 2 * len(builders)
    if not together.equal_weights:
        width *= together.design.cohorts
    step = max(1, CELLS_AT_ONCE // width)
    chunks = [replace(orders, units=orders.units[at : at + step]) for at in range(0, len(orders), step)]
    parts = across(partial(_chunk, together, builders, sides), chunks)
    total, spread, pooled = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Statistics(total, spread, pooled, contrast.coefficient)


def cohort_weights(panel: Panel, orders: Orders, units: IntArray) -> FloatArray:
    """(B, G) weight of every cohort in some orders; cohorts that take no part keep theirs, which no contrast uses."""
    weight = np.tile(panel.design.weight, (len(units), 1))
    weight[:, orders.cohort[orders.starts]] = np.add.reduceat(panel.weights[units], orders.starts, axis=1)
    return weight


def _chunk(
    panel: Panel, builders: list[Builder], sides: FloatArray, orders: Orders
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Totals, Neyman's covariance and pooled products of some orders; `sides` is (2, units, T)."""
    units = orders.units
    weight = cohort_weights(panel, orders, units)
    distinct, which = np.unique(weight.round(SAME), axis=0, return_inverse=True)
    if panel.equal_weights:
        distinct, which = panel.design.weight[None], np.zeros(len(units), dtype=np.int64)
    built = np.stack([build(distinct) for build in builders])  # (builders, distinct, G, T)
    adds = np.einsum("mdgt,sut->dugms", built, sides, optimize=True)
    adds = adds.reshape(len(distinct), len(panel.units), -1, len(builders) * 2)
    added = adds[which.reshape(-1, 1), units, orders.cohort]  # (b, n, K)
    sizes = np.diff(orders.starts, append=len(orders.cohort))
    place = np.repeat(np.arange(len(sizes)), sizes)
    each = panel.weights[units]
    share = each / np.add.reduceat(each, orders.starts, axis=1)[:, place]
    means = np.add.reduceat(share[..., None] * added, orders.starts, axis=1)
    left = added - means[:, place]
    carries = np.abs(built[0, 0]).max(axis=1)[orders.cohort[orders.starts]] > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        # One unit alone has no spread to be known: 0 times infinity.
        correction = np.where(carries, sizes / (sizes - 1.0), 0.0)[place]
        neyman = left * (share * np.sqrt(correction))[..., None]
    pooled = left * np.sqrt(each)[..., None]
    return (
        means.sum(axis=1),
        np.swapaxes(neyman, 1, 2) @ neyman,
        np.swapaxes(pooled, 1, 2) @ pooled,
    )
