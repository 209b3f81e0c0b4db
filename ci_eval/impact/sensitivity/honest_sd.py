"""Intervals that hold although trends are not parallel: differences in trend that bend only so much a year.

Method: docs/methods.md C5; Rambachan & Roth 2023, Δ^SD, by the fixed-length interval of Armstrong & Kolesár 2018: the
linear combination of all coefficients whose worst bias and spread together give the shortest interval.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.impact.refusals import FloatArray, refuse

from .coefficients import WHAT, EventCoefficients

if TYPE_CHECKING:
    import pandas as pd

CLOSE = 1e-7  # relative; how far the standard deviation may exceed its limit
CUTS = 500  # cuts of one program
COARSE = 24  # standard deviations tried before the best one is refined
FAR = 30.0  # bias in standard deviations beyond which only one side of the interval matters


def smoothness(
    coefficients: EventCoefficients,
    bounds: Iterable[float],
    *,
    weights: FloatArray | None = None,
    alpha: float = 0.05,
) -> "pd.DataFrame":
    """Robust intervals where the difference in trend changes its slope by at most so much a year.

    Parameters
    ----------
    coefficients : estimates around exposure
    bounds : largest change of slope from one year to the next, in the unit of the outcome; 0 lets trends differ
        by a straight line. Across a missing year it may be one and a half times, between two of them twice,
        as large: slopes are compared between the middles of neighbouring steps.
    weights : (after,) weights of exposed years in the effect; by default their mean
    alpha : level

    Returns
    -------
    One row a bound: bound, low, high, estimate (centre), bias (worst), sd.

    Raises
    ------
    InputError
        For a negative bound, a level not in 0 to 1, or a program that is not solved.

    Validated against R HonestDiD 0.2.8 (Medicaid, method FLCI; half a unit of the third digit).
    """
    import pandas as pd

    chosen = [float(bound) for bound in bounds]
    if not all(bound >= 0 and np.isfinite(bound) for bound in chosen) or not 0 < alpha < 1:
        refuse(
            WHAT, "bound", f"Bounds {chosen} at level {alpha} make no sense.", mend="give bounds of 0 or more"
        )
    frontier = _Frontier(coefficients, coefficients.target(weights))
    rows = [(bound, *frontier.interval(bound, alpha)) for bound in chosen]
    return pd.DataFrame(rows, columns=["bound", "low", "high", "estimate", "bias", "sd"])


class _Frontier:
    """The least worst-case bias of a linear combination whose standard deviation is at most h.

    The bias is M times an absolute sum, linear programming; the limit on the standard deviation is met by
    cutting planes, kept from one h to the next because they bound a norm.
    """

    def __init__(self, coefficients: EventCoefficients, target: FloatArray) -> None:
        nodes, self.before = coefficients.nodes, coefficients.before
        kept = np.delete(np.arange(len(nodes)), self.before)
        gaps = np.diff(nodes)
        slopes = np.diff(np.eye(len(nodes)), axis=0) / gaps[:, None]
        bends = np.diff(slopes, axis=0)[:, kept]
        # A trend is its bends and one slope; a combination a has the loadings a·inverse on them.
        inverse = np.linalg.inv(np.vstack([bends, slopes[self.before : self.before + 1, kept]]))
        exposed = slice(self.before, None)
        self.scale = float(np.sqrt(target @ coefficients.covariance[exposed, exposed] @ target))
        self.estimate, self.target = coefficients.estimate, target
        self.allowed = (gaps[1:] + gaps[:-1]) / 2
        self.loading, self.fixed = inverse[: self.before].T, target @ inverse[exposed]
        values, vectors = np.linalg.eigh(coefficients.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0)) / self.scale
        self.spread, self.spread_fixed = root[: self.before].T, target @ root[exposed]
        self.cuts: list[FloatArray] = []

    def interval(self, bound: float, alpha: float) -> tuple[float, float, float, float, float]:
        """low, high, estimate, bias, sd of the shortest interval for a bound on the bends."""
        from scipy.optimize import minimize_scalar

        least = self._least_spread()
        steady = self._solve(None)
        most = max(self._sd(steady), self._sd(least))
        chosen = least
        if bound > 0 and most > self._sd(least) * (1 + CLOSE):

            def length(limit: float) -> float:
                return self._half(self._solve(limit), bound, alpha)

            tried = np.linspace(self._sd(least) * (1 + CLOSE), most, COARSE)
            place = int(np.argmin([length(limit) for limit in tried]))
            around = tried[max(place - 1, 0)], tried[min(place + 1, COARSE - 1)]
            best = minimize_scalar(length, bounds=around, method="bounded", options={"xatol": 1e-6})
            options = [least, steady, self._solve(float(best.x)), self._solve(float(tried[place]))]
            chosen = min(options, key=lambda each: self._half(each, bound, alpha))
        centre = float(np.append(chosen, self.target) @ self.estimate)
        half = self._half(chosen, bound, alpha) * self.scale
        return centre - half, centre + half, centre, self._bias(chosen) * bound, self._sd(chosen) * self.scale

    def _half(self, chosen: FloatArray, bound: float, alpha: float) -> float:
        sd = self._sd(chosen)
        return sd * critical_value(bound * self._bias(chosen) / self.scale / sd, alpha)

    def _sd(self, chosen: FloatArray) -> float:
        return float(np.linalg.norm(self.spread @ chosen + self.spread_fixed))

    def _bias(self, chosen: FloatArray) -> float:
        """Worst bias a unit of the bound."""
        return float(self.allowed @ np.abs((self.loading @ chosen + self.fixed)[:-1]))

    def _least_spread(self) -> FloatArray:
        """The combination with the smallest standard deviation that a straight line does not bias."""
        size = self.before
        line = self.loading[-1]
        matrix = np.block([[2 * self.spread.T @ self.spread, line[:, None]], [line[None], np.zeros((1, 1))]])
        right = np.append(-2 * self.spread.T @ self.spread_fixed, -self.fixed[-1])
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0][:size])

    def _solve(self, limit: float | None) -> FloatArray:
        """The combination of least worst-case bias with a standard deviation of at most `limit`."""
        from scipy.optimize import linprog

        size, bends = self.before, len(self.allowed)
        cost = np.concatenate([np.zeros(size), self.allowed])
        own, fixed = self.loading[:-1], self.fixed[:-1]
        sides = np.block([[own, -np.eye(bends)], [-own, -np.eye(bends)]])
        for _ in range(CUTS):
            matrix, right = sides, np.concatenate([-fixed, fixed])
            if limit is not None and self.cuts:
                cuts = np.array(self.cuts)
                rows = np.hstack([cuts @ self.spread, np.zeros((len(cuts), bends))])
                matrix = np.vstack([matrix, rows])
                right = np.concatenate([right, limit - cuts @ self.spread_fixed])
            found = linprog(
                cost,
                A_ub=matrix,
                b_ub=right,
                A_eq=np.append(self.loading[-1], np.zeros(bends))[None],
                b_eq=[-self.fixed[-1]],
                bounds=[(None, None)] * size + [(0, None)] * bends,
                method="highs",
                options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
            )
            if found.x is None:
                refuse(WHAT, "program", f"The linear program was not solved: {found.message}")
            chosen = np.asarray(found.x[:size])
            sd = self._sd(chosen)
            if limit is None or sd <= limit * (1 + CLOSE):
                return chosen
            self.cuts.append((self.spread @ chosen + self.spread_fixed) / sd)
        refuse(WHAT, "program", f"The linear program needs more than {CUTS} cuts.")


def critical_value(bias: float, alpha: float) -> float:
    """The 1 − alpha quantile of |N(bias, 1)|."""
    from scipy.special import chndtrix, ndtri

    if bias > FAR:
        return float(bias + ndtri(1 - alpha))
    return float(np.sqrt(chndtrix(1 - alpha, 1.0, bias**2)))
