"""The permutation test of many simulated outcomes at once, and of the same outcomes with an effect added.

Method: docs/methods.md C3, C7. All outcomes go through the same orders, so that a statistic of every outcome in every
order is a product of two matrices: which unit has which cohort, and what it then adds. An effect that is added enters
means by its first power and variances by its second: they are worked out once, for every size of effect.
"""

from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import FloatArray, IntArray, refuse
from ci_eval.impact.effects.cohort_moments import same_design
from ci_eval.impact.effects.contrasts import Coefficient, Contrast
from ci_eval.impact.inference.orders import Orders
from ci_eval.impact.inference.statistics_by_order import SAME, TIE, cohort_weights
from ci_eval.impact.panel import Panel

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
    panel : gives units, weights and cohorts; its own outcome is not used
    contrast : made from `panel.design`
    orders : from `rollout_orders`; the first is the one that happened
    studentised : also compare estimates over Neyman's standard errors, at about twice the time

    Returns
    -------
    SimulatedTests; the same numbers as `permutation_test` gives one by one.

    Raises
    ------
    Refused
        If the shape does not fit, a value is not finite, or a cohort that carries weight has one unit while
        `studentised` or the contrast is adjusted.
    """
    outcomes = np.asarray(outcomes, dtype=np.float64)
    pieces = [
        ManyOutcomes.of(
            outcomes[start : start + AT_ONCE], panel, contrast, orders, studentised=studentised
        ).tests()
        for start in range(0, max(len(outcomes), 1), AT_ONCE)
    ]
    return joined(pieces)


def joined(pieces: list[SimulatedTests]) -> SimulatedTests:
    """The tests of several sets of outcomes as one."""
    studentised = [one.p_studentised for one in pieces if one.p_studentised is not None]
    return SimulatedTests(
        np.concatenate([one.estimate for one in pieces]),
        np.concatenate([one.p_raw for one in pieces]),
        np.concatenate(studentised) if studentised else None,
    )


@dataclass(frozen=True)
class ManyOutcomes:
    """Sums of cohort means of many outcomes in every order, and their covariances, as polynomials in an added effect.

    Attributes
    ----------
    total : for the contrast, then the base years of an adjusted one: coefficients (B, S) of powers 0 and 1
    spread, pooled : Neyman's covariance, and products within cohorts, of pairs of those: powers 0, 1 and 2
    coefficient : as in `Contrast`
    observed : (S,) the order that happened, for each outcome
    studentised : whether variances were asked for
    """

    total: list[list[FloatArray]]
    spread: dict[tuple[int, int], list[FloatArray]]
    pooled: dict[tuple[int, int], list[FloatArray]]
    coefficient: Coefficient | None
    observed: IntArray
    studentised: bool

    @classmethod
    def of(
        cls,
        outcomes: FloatArray,
        panel: Panel,
        contrast: Contrast,
        orders: Orders,
        *,
        observed: IntArray | None = None,
        effects: bool = False,
        studentised: bool = True,
    ) -> "ManyOutcomes":
        """The statistics of outcomes (S, units, T), to which an effect can be added where `effects`.

        `observed` says which order happened for each outcome, the first by default; the effect is added to those
        whom that order exposes. The rest is as in `simulated_tests`.
        """
        same_design(panel, contrast)
        if (
            outcomes.ndim != 3
            or outcomes.shape[1:] != panel.outcomes.shape
            or not np.isfinite(outcomes).all()
        ):
            text = f"Outcomes of shape {outcomes.shape} are not finite simulations × {panel.outcomes.shape}."
            refuse(WHAT, "shape", text, fix="give an array simulations × units × years without gaps")
        together, place = panel.treated_together()
        live = np.flatnonzero(np.abs(contrast.weights).max(axis=1) > 0).astype(np.int64)
        spreads = studentised or contrast.coefficient is not None
        if spreads and (together.design.size[live] < 2).any():
            text = "A cohort has one unit, so that its spread cannot be known."
            refuse(WHAT, "one-unit", text, fix="use the raw test")
        happened = np.zeros(len(outcomes), dtype=np.int64) if observed is None else observed
        mean = np.zeros((len(together.units), len(panel.units)))
        mean[place, np.arange(len(place))] = panel.weights / together.weights[place]
        sides = [mean @ (outcomes - outcomes.mean(axis=1, keepdims=True))]
        if effects:
            label = orders.cohorts[happened]
            sides.append(mean @ contrast.pattern[np.where(label < 0, panel.groups, label)])
        label = np.full((len(orders), len(together.units)), -1, dtype=np.int64)
        np.put_along_axis(label, orders.units, np.broadcast_to(orders.cohort, orders.units.shape), axis=1)
        weight = cohort_weights(together, orders, orders.units)
        distinct, which = np.unique(weight.round(SAME), axis=0, return_inverse=True)
        rows = [np.flatnonzero(which.ravel() == one) for one in range(len(distinct))]
        parts = [
            _Part(together, contrast, label[row], one, live, sides, spreads)
            for one, row in zip(distinct, rows, strict=True)
        ]
        back = np.argsort(np.concatenate(rows))

        def whole(pieces: list[FloatArray]) -> FloatArray:
            return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)[back]

        builders = 1 if contrast.before is None else 2
        total = [
            [whole([part.total[m][power] for part in parts]) for power in range(len(sides))]
            for m in range(builders)
        ]
        spread, pooled = (
            {
                pair: [
                    whole([getattr(part, name)[pair][power] for part in parts])
                    for power in range(2 * len(sides) - 1)
                ]
                for pair in getattr(parts[0], name)
            }
            for name in ("spread", "pooled")
        )
        return cls(total, spread, pooled, contrast.coefficient, happened, studentised)

    def tests(self, effect: float = 0.0) -> SimulatedTests:
        """The test of every outcome, the effect added to those exposed in the order that happened."""
        value = _at(self.total[0], effect).copy()
        variance = _at(self.spread[0, 0], effect).copy() if self.spread else None
        if self.coefficient is not None and variance is not None:
            both, of_before = (_at(self.spread[pair], effect) for pair in ((0, 1), (1, 1)))
            learnt = self.pooled if self.coefficient == "base year" else self.spread
            with np.errstate(divide="ignore", invalid="ignore"):
                slope = _at(learnt[0, 1], effect) / _at(learnt[1, 1], effect)
                value -= slope * _at(self.total[1], effect)
                variance += slope * (slope * of_before - 2 * both)
        estimate = value[self.observed, np.arange(value.shape[1])]
        squared = np.square(value, out=value)
        p_raw = self._p(squared)
        if not self.studentised or variance is None:
            return SimulatedTests(estimate, p_raw, None)
        with np.errstate(divide="ignore", invalid="ignore"):
            squared /= variance
        # An order without any spread within its cohorts is as extreme as can be.
        if not (variance.min() > 0):
            squared[~(variance > 0)] = np.inf
        return SimulatedTests(estimate, p_raw, self._p(squared))

    def _p(self, squared: FloatArray) -> FloatArray:
        """Share of orders at least as extreme as the one that happened, ties up to rounding counted."""
        happened = squared[self.observed, np.arange(squared.shape[1])]
        return np.asarray(np.count_nonzero(squared >= happened * (1 - 2 * TIE), axis=0) / len(squared))


class _Part:
    """The orders in which cohorts have the same weights: W is the same, and shares differ between units alone."""

    def __init__(
        self,
        panel: Panel,
        contrast: Contrast,
        label: IntArray,
        weight: FloatArray,
        live: IntArray,
        sides: list[FloatArray],
        spreads: bool,
    ) -> None:
        builders = [contrast.build] if contrast.before is None else [contrast.build, contrast.before]
        built = [build(weight)[live] for build in builders]
        # (cohorts, units, S) what each unit adds in each cohort, for every builder and power of the effect
        adds = [
            [np.ascontiguousarray((side @ rows.T).transpose(2, 1, 0)) for side in sides] for rows in built
        ]
        pairs = [(m, n) for m in range(len(builders)) for n in range(m, len(builders))] if spreads else []
        self.total = [[np.zeros(0)] * len(sides) for _ in builders]
        self.spread = {pair: [np.zeros(0)] * (2 * len(sides) - 1) for pair in pairs}
        self.pooled = {pair: list(self.spread[pair]) for pair in pairs if contrast.coefficient == "base year"}
        size = panel.design.size[live].astype(np.float64)
        for group, cohort in enumerate(live):
            member = (label == cohort).astype(np.float64)
            share = panel.weights / weight[cohort]
            own = [[of[group] for of in powers] for powers in adds]
            means = [[member @ (share[:, None] * one) for one in powers] for powers in own]
            for m, powers in enumerate(means):
                for power, mean in enumerate(powers):
                    self.total[m][power] = _plus(self.total[m][power], mean)
            if spreads:
                scale = size[group] / (size[group] - 1)
                self._products(self.spread, member, scale * share**2, own, means, panel.equal_weights)
            if self.pooled:
                self._products(self.pooled, member, panel.weights, own, means, panel.equal_weights)

    @staticmethod
    def _products(
        into: dict[tuple[int, int], list[FloatArray]],
        member: FloatArray,
        counted: FloatArray,
        own: list[list[FloatArray]],
        means: list[list[FloatArray]],
        equal: bool,
    ) -> None:
        """Add Σ counted (a − mean a)(b − mean b) of one cohort for every pair, by powers of the effect."""
        all_of = member @ counted[:, None]
        sums = [
            [
                all_of * mean if equal else member @ (counted[:, None] * one)
                for one, mean in zip(each, average, strict=True)
            ]
            for each, average in zip(own, means, strict=True)
        ]
        for (m, n), powers in into.items():
            for i, first in enumerate(own[m]):
                for j, second in enumerate(own[n]):
                    product = member @ (counted[:, None] * first * second)
                    product -= means[m][i] * sums[n][j]
                    if not equal:
                        product -= means[n][j] * (sums[m][i] - all_of * means[m][i])
                    powers[i + j] = _plus(powers[i + j], product)


def _plus(total: FloatArray, more: FloatArray) -> FloatArray:
    if not total.size:
        return more.copy()
    total += more
    return total


def _at(powers: list[FloatArray], effect: float) -> FloatArray:
    """A polynomial in the effect, by Horner's rule."""
    value = powers[-1]
    for one in powers[-2::-1]:
        value = value * effect + one
    return value
