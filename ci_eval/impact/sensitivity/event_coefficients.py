"""Event-study coefficients with their covariance and true positions: what the robust intervals start from.

Method: docs/methods.md C5. All coefficients share one base year, at position 0; positions are true years from it, so
that a year without a collection makes a step of two.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ci_eval.agreement.refusals import FloatArray, refuse
from ci_eval.impact.design import Cell, cells
from ci_eval.impact.effects import Contrast, covariance, estimate, event_study
from ci_eval.impact.panel import Panel

WHAT = "CANNOT MAKE AN INTERVAL ROBUST TO TRENDS"
DRAWS = 20_000  # of coefficients before exposure, for the power of looking at them


@dataclass(frozen=True)
class EventCoefficients:
    """Estimates around exposure.

    Attributes
    ----------
    estimate : (K,) in order of position
    covariance : (K, K) of the estimates
    position : (K,) years from the base year, which itself is left out: negative before, positive exposed
    """

    estimate: FloatArray
    covariance: FloatArray
    position: FloatArray

    def __post_init__(self) -> None:
        size = len(self.position)
        given = np.asarray(self.estimate).shape, np.asarray(self.covariance).shape
        if given != ((size,), (size, size)):
            text = f"Estimates {given[0]} and covariance {given[1]} do not fit {size} positions."
            refuse(WHAT, "shape", text, fix="give one row of the covariance an estimate")
        if not (np.diff(self.position) > 0).all() or (self.position == 0).any():
            text = f"Positions {list(self.position)} do not increase around a base at 0."
            refuse(WHAT, "positions", text, fix="give years from the base year, the base left out")
        if self.before < 1 or self.after < 1:
            text = "There is no coefficient before the base year, or none after it."
            refuse(WHAT, "one-sided", text, fix="add earlier years: nothing else says how trends may differ")
        numbers = np.isfinite(self.estimate).all() and np.isfinite(self.covariance).all()
        if not numbers or not np.allclose(self.covariance, self.covariance.T, rtol=1e-6, atol=0):
            text = "Estimates must be numbers, and their covariance symmetric."
            refuse(WHAT, "covariance", text, fix="check the covariance")
        values = np.linalg.eigvalsh(self.covariance)
        if not (np.diag(self.covariance) > 0).all() or values[0] < -1e-9 * values[-1]:
            text = "The covariance has a variance that is not positive."
            refuse(WHAT, "covariance", text, fix="check the covariance")

    @property
    def before(self) -> int:
        """Number of coefficients before the base year."""
        return int((np.asarray(self.position) < 0).sum())

    @property
    def after(self) -> int:
        """Number of coefficients after it."""
        return int((np.asarray(self.position) > 0).sum())

    @property
    def nodes(self) -> FloatArray:
        """(K + 1,) positions with that of the base year."""
        return np.sort(np.append(np.asarray(self.position, dtype=np.float64), 0.0))

    def target(self, weights: FloatArray | None) -> FloatArray:
        """(after,) weights of the exposed years in the effect asked for; by default their mean.

        Raises
        ------
        Refused
            If they do not fit or are all 0.
        """
        chosen = np.full(self.after, 1 / self.after) if weights is None else np.asarray(weights, np.float64)
        if chosen.shape != (self.after,) or not np.isfinite(chosen).all() or not chosen.any():
            text = f"Weights {list(np.ravel(chosen))} do not fit {self.after} exposed years."
            refuse(WHAT, "weights", text, fix="give one number for each year from exposure on")
        return chosen

    @classmethod
    def of(cls, panel: Panel, *, lag: int = 1) -> "EventCoefficients":
        """The Callaway–Sant'Anna event study of a panel on one base, with Neyman's covariance.

        Parameters
        ----------
        panel : cohorts of two units or more, which are averaged by time
        lag : the base lies this many observed years before exposure

        Raises
        ------
        Refused
            If nothing is identified, there is no year before the base, or a missing year lies at different
            times from exposure for different cohorts.
        """
        design = panel.design
        usable = cells(design, "not yet exposed", "universal", lag)
        contrasts = event_study(design, base="universal", lag=lag)
        positions = [_position(panel, contrast, usable) for contrast in contrasts]
        value = np.array([estimate(panel, contrast) for contrast in contrasts])
        return cls(
            value,
            covariance(panel, contrasts),
            np.array(positions, dtype=np.float64),
        )

    def detectable_slope(
        self, wanted: float = 0.8, *, alpha: float = 0.05, seed: int = 0
    ) -> tuple[float, float]:
        """The difference in trend that the years before find with a probability, and what it does to the effect.

        Roth 2022: a trend that differs by a slope a year moves every coefficient by slope × position. It is found where
        one of those before the base is significant by itself. What is not found stays in the effect.

        Parameters
        ----------
        wanted, alpha : probability asked for; level of the test of each coefficient
        seed : start of the 20,000 normal draws

        Returns
        -------
        The slope, in the outcome's unit a year, and how far it moves the mean of the exposed years.

        Examples
        --------
        >>> around = EventCoefficients(np.array([0.0, 0.0]), np.eye(2), np.array([-1.0, 2.0]))
        >>> [round(number, 1) for number in around.detectable_slope()]  # 2.8 standard errors over one year
        [2.8, 5.6]

        Validated against the power of a normal test of one coefficient.
        """
        before = np.asarray(self.position) < 0
        position, kept = np.asarray(self.position)[before], self.covariance[np.ix_(before, before)]
        se = np.sqrt(np.diag(kept))
        noise = np.random.default_rng(seed).standard_normal((DRAWS, len(se))) @ square_root(kept).T
        critical = NormalDist().inv_cdf(1 - alpha / 2)

        def power(slope: float) -> float:
            return float((np.abs((noise + slope * position) / se) > critical).any(axis=1).mean())

        low, high = 0.0, float((se / np.abs(position)).min()) * 10
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if power(middle) >= wanted else (middle, high)
        return high, high * float(np.asarray(self.position)[~before].mean())


def square_root(covariance: FloatArray) -> FloatArray:
    """A matrix that gives independent standard normal draws this covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


def _position(panel: Panel, contrast: Contrast, usable: tuple[Cell, ...]) -> int:
    """Years from the base of one time since exposure; refused where cohorts differ."""
    first, numbers = panel.design.first, panel.years.numbers
    years = {
        numbers[cell.year] - numbers[cell.base]
        for cell in usable
        if cell.year - int(first[cell.group]) == contrast.key
    }
    if len(years) > 1:
        text = (
            f"{contrast.name} lies {sorted(years)} years from the base, as a missing year falls differently."
        )
        refuse(WHAT, "mixed-gaps", text, fix="leave cohorts out until one remains: Panel.without")
    return years.pop()
