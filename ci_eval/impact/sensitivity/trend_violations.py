"""Intervals that hold although trends are not parallel: by relative magnitude, and by smoothness.

Method: docs/methods.md C5; Rambachan & Roth 2023. Relative magnitudes (Δ^RM) use the conditional least-favourable
hybrid test of Andrews, Roth & Pakes 2023; its linear program is solved once and for all by its vertices, which are
few, so that every supposed effect is tested with matrix products. Smoothness (Δ^SD) uses the fixed-length interval
of Armstrong & Kolesár 2018: the linear combination of all coefficients whose worst bias and spread together give
the shortest interval.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from scipy import special

from ci_eval.agreement.refusals import BoolArray, FloatArray, refuse
from ci_eval.impact.inference.statistics_by_order import CELLS_AT_ONCE
from ci_eval.impact.sensitivity.event_coefficients import WHAT, EventCoefficients, square_root

FIRST_STAGE = 0.1  # part of alpha spent on the least-favourable stage, as the authors advise
DRAWS = 50_000  # of the least-favourable distribution; its critical value is then good to three digits
BASES = 20_000  # bases of the linear program that are tried
GRID = 1_000  # supposed effects before the ends are refined
WIDEST = 40  # doublings of the range searched
SMALL = 1e-9
CLOSE = 1e-12  # relative; events of the path so near are one
TIED = 1e-9  # relative; what keeps two events apart
NO_SPREAD = 1e-10  # relative; a variance below is rounding
EVENTS = 1_000  # corners of one path
WRONG = 1e-6  # relative; a corner further from the conditions of the best one is a fault of rounding
STILL = 1e-13  # relative; a slower change is rounding
COARSE = 24  # standard deviations tried before the best one is refined
FAR = 30.0  # bias in standard deviations beyond which only one side of the interval matters


def relative_magnitudes(
    coefficients: EventCoefficients,
    bounds: Iterable[float] = (0.5, 1.0, 1.5, 2.0),
    *,
    weights: FloatArray | None = None,
    alpha: float = 0.05,
    seed: int = 0,
) -> pd.DataFrame:
    """Robust intervals where trends depart after exposure by at most so many times the worst step before.

    A step is the change a year of the difference in trend between two neighbouring collections; a missing year
    is a step of two years.

    Parameters
    ----------
    coefficients : estimates around exposure
    bounds : multiples of the largest step before exposure that a step after it may have
    weights : (after,) weights of exposed years in the effect; by default their mean
    alpha, seed : level, start of the random numbers of the least-favourable stage

    Examples
    --------
    >>> flat = EventCoefficients(np.array([0.0, 1.0, 5.0]), 1e-10 * np.eye(3), np.array([-2.0, -1.0, 1.0]))
    >>> relative_magnitudes(flat, [0.5]).round(2).to_dict("list")
    {'bound': [0.5], 'low': [4.5], 'high': [5.5]}

    Returns
    -------
    One row a bound: bound, low, high. Infinite where no effect on that side is rejected; NaN where every
    effect is.

    Raises
    ------
    Refused
        For a negative bound, a level not in 0 to 0.5, or more exposed years than the vertices can be listed for.

    Validated against R HonestDiD 0.2.8 (Medicaid, method C-LF; half a unit of the third digit).
    """
    chosen = _checked(bounds, alpha)
    target = coefficients.target(weights)
    rows = [
        (bound, *_interval(_tests(coefficients, bound, target, seed, alpha), coefficients, target))
        for bound in chosen
    ]
    return pd.DataFrame(rows, columns=["bound", "low", "high"])


def _checked(bounds: Iterable[float], alpha: float) -> list[float]:
    chosen = [float(bound) for bound in bounds]
    if not all(bound >= 0 and np.isfinite(bound) for bound in chosen) or not 0 < alpha < 0.5:
        text = f"Bounds {chosen} at level {alpha} make no sense."
        refuse(WHAT, "bound", text, fix="give bounds of 0 or more")
    return chosen


@dataclass(frozen=True)
class _Test:
    """The conditional test for one way in which the worst step before may lie.

    The supposed effect θ is rejected when no trend allowed explains the moments `level` − θ `slope` ≤ 0,
    both already combined by the vertices (V,), with covariance (V, V).
    """

    level: FloatArray
    slope: FloatArray
    covariance: FloatArray
    critical: float
    alpha: float

    def accepts(self, effects: FloatArray) -> BoolArray:
        """(effects,) which supposed effects are not rejected."""
        values = self.level - effects[:, None] * self.slope
        best, statistic = values.argmax(axis=1), values.max(axis=1)
        variance = self.covariance[best, best]
        sd = np.sqrt(np.maximum(variance, 0))
        # The vertex stays the best one while the statistic moves between `low` and `high`.
        with np.errstate(divide="ignore", invalid="ignore"):
            share = self.covariance[best] / variance[:, None]
            room = 1 - share
            limit = (values - share * statistic[:, None]) / room
        low = np.where(room > SMALL, limit, -np.inf).max(axis=1)
        high = np.where(room < -SMALL, limit, np.inf).min(axis=1)
        left = (1 - FIRST_STAGE) * self.alpha / (1 - FIRST_STAGE * self.alpha)
        with np.errstate(divide="ignore", invalid="ignore"):
            cut = _truncated_quantile(1 - left, low / sd, np.minimum(high, self.critical) / sd)
            kept = statistic <= np.maximum(cut, 0) * sd
        return np.asarray((statistic <= 0) | ((statistic <= self.critical) & (sd > 0) & kept))


def _tests(
    coefficients: EventCoefficients, bound: float, target: FloatArray, seed: int, alpha: float
) -> list[_Test]:
    """One test for each step before exposure and each sign it may have."""
    nodes, before = coefficients.nodes, coefficients.before
    kept = np.delete(np.arange(len(nodes)), before)
    steps = (np.diff(np.eye(len(nodes)), axis=0) / np.diff(nodes)[:, None])[:, kept]
    after = steps[before:]
    # θ = target'τ leaves the other directions of the effects free.
    particular = target / (target @ target)
    free = np.linalg.svd(target[None])[2][1:].T
    draws = (
        np.random.default_rng(seed).standard_normal((DRAWS, len(kept)))
        @ square_root(coefficients.covariance).T
    )
    tests = []
    for step in range(before):
        for sign in (1.0, -1.0):
            worst = bound * sign * steps[step]
            moments = np.vstack([after - worst, -after - worst])
            covariance = moments @ coefficients.covariance @ moments.T
            on_effects = moments[:, before:]
            vertices = _vertices(on_effects @ free, np.sqrt(np.diag(covariance)))
            combined = vertices @ moments
            # Vertices are few and draws many: the largest is found along the long side, in chunks that fit into memory.
            many = max(1, CELLS_AT_ONCE // len(combined))
            largest = [(combined @ draws[at : at + many].T).max(axis=0) for at in range(0, DRAWS, many)]
            critical = np.quantile(np.concatenate(largest), 1 - FIRST_STAGE * alpha)
            level, slope = combined @ coefficients.estimate, vertices @ on_effects @ particular
            spread = combined @ coefficients.covariance @ combined.T
            tests.append(_Test(level, slope, spread, float(critical), alpha))
    return tests


def _vertices(free: FloatArray, sd: FloatArray) -> FloatArray:
    """(V, m) vertices of {λ ≥ 0, freeᵀ λ = 0, sdᵀ λ = 1}, those of the dual of the test's linear program."""
    rows, size = len(sd), free.shape[1] + 1
    if comb(rows, size) > BASES:
        text = f"{free.shape[1] + 1} exposed years are too many."
        refuse(WHAT, "too-many-years", text, fix="keep the first years from exposure on")
    bases = np.array([*combinations(range(rows), size)])
    # Columns are scaled by the standard deviations, so that the tolerance has no unit.
    scaled = free / sd[:, None]
    systems = np.concatenate([scaled[bases].transpose(0, 2, 1), np.ones((len(bases), 1, size))], axis=1)
    sound = np.linalg.cond(systems) < 1 / SMALL
    wanted = np.broadcast_to(np.eye(size)[:, -1:], (int(sound.sum()), size, 1))
    solved = np.linalg.solve(systems[sound], wanted)[..., 0]
    feasible = (solved >= -SMALL).all(axis=1)
    full = np.zeros((int(feasible.sum()), rows))
    np.put_along_axis(full, bases[sound][feasible], np.maximum(solved[feasible], 0), axis=1)
    return np.unique(full.round(12), axis=0) / sd


def _truncated_quantile(p: float, low: FloatArray, high: FloatArray) -> FloatArray:
    """Quantile of a standard normal between two limits, from the logarithm of its upper tail."""
    tail = np.logaddexp(np.log1p(-p) + special.log_ndtr(-low), np.log(p) + special.log_ndtr(-high))
    return np.asarray(np.clip(-special.ndtri_exp(tail), low, high))


def _interval(tests: list[_Test], coefficients: EventCoefficients, target: FloatArray) -> tuple[float, float]:
    """Smallest and largest effect that some test does not reject."""
    exposed = slice(coefficients.before, None)
    centre = float(target @ coefficients.estimate[exposed])
    sd = float(np.sqrt(target @ coefficients.covariance[exposed, exposed] @ target))

    def accepted(effects: FloatArray) -> BoolArray:
        return np.asarray(np.any([test.accepts(effects) for test in tests], axis=0))

    width, ends = 10 * sd, np.array([True, True])
    for _ in range(WIDEST):
        ends = accepted(np.array([centre - width, centre + width]))
        if not ends.any():
            break
        width *= 2
    grid = centre + np.linspace(-width, width, GRID + 1)
    inside = np.flatnonzero(accepted(grid))
    if not len(inside):
        return np.nan, np.nan
    low = -np.inf if ends[0] else _edge(accepted, grid[inside[0] - 1], grid[inside[0]])
    high = np.inf if ends[1] else _edge(accepted, grid[inside[-1] + 1], grid[inside[-1]])
    return low, high


def _edge(accepted: Callable[[FloatArray], BoolArray], outside: float, inside: float) -> float:
    """Where acceptance begins between a rejected and an accepted effect."""
    for _ in range(40):
        middle = (outside + inside) / 2
        inside, outside = (middle, outside) if accepted(np.array([middle]))[0] else (inside, middle)
    return float(inside)


def smoothness(
    coefficients: EventCoefficients,
    bounds: Iterable[float],
    *,
    weights: FloatArray | None = None,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Robust intervals where the difference in trend changes its slope by at most so much a year.

    Parameters
    ----------
    coefficients : estimates around exposure
    bounds : largest change of slope from one year to the next, in the unit of the outcome; 0 lets trends differ
        by a straight line. Across a missing year it may be one and a half times, between two of them twice,
        as large: slopes are compared between the middles of neighbouring steps.
    weights, alpha : see `relative_magnitudes`

    Examples
    --------
    >>> some = EventCoefficients(np.array([2.0, 1.0, 5.0]), np.eye(3), np.array([-2.0, -1.0, 1.0]))
    >>> smoothness(some, [0.0])["estimate"].round(6).tolist()  # 5 less the line through the years before
    [6.0]

    Returns
    -------
    One row a bound: bound, low, high, estimate (centre), bias (worst), sd.

    Raises
    ------
    Refused
        For a negative bound, a level not in 0 to 0.5, or a path that is lost in rounding.

    Validated against R HonestDiD 0.2.8 (Medicaid, method FLCI; half a unit of the third digit).
    """
    chosen = _checked(bounds, alpha)
    frontier = _Frontier(coefficients, coefficients.target(weights))
    rows = [(bound, *frontier.interval(bound, alpha)) for bound in chosen]
    return pd.DataFrame(rows, columns=["bound", "low", "high", "estimate", "bias", "sd"])


class _Frontier:
    """The linear combinations of least worst-case bias, one for each standard deviation.

    The bias is M times a sum of absolute values, the standard deviation a norm. The best combinations therefore lie on
    a path of straight pieces, as those of the lasso do: on each, some terms of the sum stay at zero and the others keep
    their signs. The path begins at the least spread and ends where the bias falls no further.
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
        root = square_root(coefficients.covariance) / self.scale
        self.spread, self.spread_fixed = root[: self.before].T, target @ root[exposed]
        self.least = self._least_spread()
        self.moves, self.corners = self._path()

    def interval(self, bound: float, alpha: float) -> tuple[float, float, float, float, float]:
        """low, high, estimate, bias, sd of the shortest interval for a bound on the bends."""
        from scipy.optimize import minimize_scalar

        least, steady = self.least, self._at(self.corners[-1])
        most = max(self._sd(steady), self._sd(least))
        chosen = least
        if bound > 0 and most > self._sd(least) * (1 + CLOSE):

            def length(limit: float) -> float:
                return self._half(self._least_biased(limit), bound, alpha)

            tried = np.linspace(self._sd(least) * (1 + CLOSE), most, COARSE)
            place = int(np.argmin([length(limit) for limit in tried]))
            around = tried[max(place - 1, 0)], tried[min(place + 1, COARSE - 1)]
            best = minimize_scalar(length, bounds=around, method="bounded", options={"xatol": 1e-6})
            options = [least, steady, *(self._least_biased(float(limit)) for limit in (best.x, tried[place]))]
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

    def _path(self) -> tuple[FloatArray, FloatArray]:
        """How a place moves the combination, and the corners of the path as places; spread grows with a place's length.

        With Σ |a_j u + b_j| for the bias, the place u at τ solves min Σ |a_j u + b_j| + |u|² / 2τ. There u = −τ Σ y_j a_j,
        where y_j is the sign of a term, or lies within −1 and 1 for a term at zero.
        """
        free = np.linalg.svd(self.loading[-1][None])[2][1:].T
        spread, turn = np.linalg.eigh(free.T @ self.spread.T @ self.spread @ free)
        moves = free @ (turn / np.sqrt(np.maximum(spread, spread.max(initial=0.0) * NO_SPREAD)))
        apart = TIED * np.sqrt(np.arange(2.0, len(self.allowed) + 2))  # so that no two events come at once
        allowed = self.allowed * (1 + apart)
        terms = allowed[:, None] * (self.loading[:-1] @ moves)
        start = allowed * (self.loading[:-1] @ self.least + self.fixed[:-1])
        start = start + np.abs(start).max() * apart
        sign, zero = np.sign(start), np.zeros(len(start), dtype=bool)
        length = np.linalg.norm(terms, axis=1)
        corners, now = [np.zeros(moves.shape[1])], 0.0
        for _ in range(EVENTS):
            own, others = terms[zero], terms[~zero].T @ sign[~zero]
            # Signs of terms at zero are early / τ + late, and the place is fixed + τ way.
            inverse = np.linalg.pinv(own.T)
            early, late = inverse @ (inverse.T @ start[zero]), -inverse @ others
            fixed, way = -early @ own, -others - late @ own
            rate = terms @ way
            rate[(np.abs(rate) <= STILL * length * np.linalg.norm(others)) | (zero.sum() == len(way))] = 0.0
            with np.errstate(divide="ignore", invalid="ignore"):
                enter = -(start + terms @ fixed) / rate
                leave = np.array([early / (1 - late), early / (-1 - late)])
            times = np.full(len(start), np.inf)
            times[zero] = np.where(leave > now * (1 + CLOSE), leave, np.inf).min(axis=0)
            times[~zero] = np.where((enter > now * (1 + CLOSE)) & (rate != 0), enter, np.inf)[~zero]
            event = int(np.argmin(times))
            if not np.isfinite(times[event]):
                break
            now = float(times[event])
            corners.append(fixed + now * way)
            sign[zero] = early / now + late
            value = start + terms @ corners[-1]
            off = np.abs(value) - sign * value  # nothing, for the best combination
            if off.max() > WRONG * np.abs(start).max() or np.abs(sign).max() > 1 + WRONG:
                break
            sign[event] = np.sign(sign[event])
            zero[event] = not zero[event]
        if np.isfinite(times[event]) or np.linalg.norm(way) > WRONG * np.linalg.norm(others):
            text = (
                "The path of least bias is lost in rounding; some combination of the estimates hardly varies."
            )
            refuse(WHAT, "path", text, fix="leave out a year, or give more units")
        return moves, np.array(corners)

    def _at(self, place: FloatArray) -> FloatArray:
        return np.asarray(self.least + self.moves @ place)

    def _least_biased(self, limit: float) -> FloatArray:
        """The combination of least worst-case bias with a standard deviation of at most `limit`."""
        room = max(limit**2 - self._sd(self.least) ** 2, 0.0)
        after = int(np.searchsorted((self.corners**2).sum(axis=1), room))
        if after == len(self.corners):
            return self._at(self.corners[-1])
        if after == 0:
            return self.least
        one, way = self.corners[after - 1], self.corners[after] - self.corners[after - 1]
        square, both = way @ way, one @ way
        share = (np.sqrt(max(both**2 - square * (one @ one - room), 0.0)) - both) / square
        return self._at(one + share * way)


def critical_value(bias: float, alpha: float) -> float:
    """The 1 − alpha quantile of |N(bias, 1)|."""
    if bias > FAR:
        return float(bias + special.ndtri(1 - alpha))
    return float(np.sqrt(special.chndtrix(1 - alpha, 1.0, bias**2)))
