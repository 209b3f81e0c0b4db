"""Outcomes as they might have come without any effect, drawn from the real series of the years before.

Method: docs/methods.md C7. Series before exposure are few years long; a plan spans more. The years before
show how far authorities drift apart with time and how each one varies; new series are made of their own real changes.
Which authority was exposed when is drawn beside it, from the rollout orders.
"""

from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import FloatArray, IntArray, refuse
from ci_eval.impact.panel import Panel
from ci_eval.impact.years import Years

WHAT = "CANNOT DRAW SERIES FROM THE YEARS BEFORE"
MEMORY = np.linspace(0, 0.99, 100)  # values of the memory tried; beyond, the series would have no level


@dataclass(frozen=True)
class Series:
    """How an outcome moves without exposure.

    Attributes
    ----------
    units : names
    changes : (units, H - 1) real changes between collections less the year's mean, each divided by the standard
        deviation the model gives a change over that gap: about 1 on average over units
    memory : part of a departure from an authority's own level that is left a year later
    spread : standard deviation of departures from the level
    """

    units: tuple[str, ...]
    changes: FloatArray
    memory: float
    spread: float

    @classmethod
    def of(cls, history: Panel) -> "Series":
        """The series of a panel whose years all lie before anybody can have been exposed.

        Squared differences between two years of an authority, year means taken off, are on average
        2 spread² (1 - memory^gap): unit levels cancel, and a missing year is only a larger gap. `memory` is
        the value that fits them best.

        Examples
        --------
        >>> from ci_eval.impact import Exposure
        >>> exposure = Exposure.from_cohorts({"A": None, "B": None}, Years.of([2019, 2020, 2021]))
        >>> series = Series.of(Panel(exposure, np.array([[0.0, 1, 3], [1, 0, 0]]), np.ones(2)))
        >>> series.draw(Years.of([2021, 2023]), 5, seed=1).shape
        (5, 2, 2)

        Raises
        ------
        Refused
            If somebody can have been exposed in these years, there are fewer than three of them, or the outcome
            does not vary.
        """
        if (history.exposure.first < len(history.years)).any():
            text = "Somebody can have been exposed in the years given as years before."
            refuse(WHAT, "exposed", text, fix="keep the years before the first exposure: Panel.in_years")
        if len(history.years) < 3 or len(history.units) < 2:
            text = f"{len(history.units)} units in {len(history.years)} years do not show how they vary."
            refuse(WHAT, "short", text, fix="give at least three years of two units")
        number = np.array(history.years.numbers)
        memory, spread = fitted(history.outcomes, number)
        if not spread > 0:
            refuse(WHAT, "constant", "The outcome does not vary between years.", fix="check the outcome")
        outcomes = history.outcomes - history.outcomes.mean(axis=0)
        changes = np.diff(outcomes, axis=1) / (spread * np.sqrt(2 * (1 - memory ** np.diff(number))))
        return cls(history.units, changes, memory, spread)

    def draw(self, years: Years, simulations: int, *, seed: int = 0) -> FloatArray:
        """(simulations, units, T) departures from levels and year means in the years asked for.

        Each year's news is one of the unit's own changes with a random sign, so that authorities that vary more than
        others still do. Years without a collection pass too. The same seed gives the same series in all calendars that
        begin and end alike.
        """
        random = np.random.default_rng(seed)
        span = years.numbers[-1] - years.numbers[0] + 1
        # Small samples of changes: their mean square over all units and years is brought to one.
        news = self.changes / np.sqrt((self.changes**2).mean())
        pick = random.integers(0, news.shape[1], (simulations, len(self.units), span))
        sign = random.integers(0, 2, pick.shape) * 2.0 - 1.0
        series = news[np.arange(len(self.units))[:, None], pick] * sign
        step = np.sqrt(1 - self.memory**2)
        for year in range(1, span):
            series[:, :, year] = self.memory * series[:, :, year - 1] + step * series[:, :, year]
        return np.asarray(self.spread * series[:, :, np.array(years.numbers) - years.numbers[0]])


def fitted(outcomes: FloatArray, number: IntArray) -> tuple[float, float]:
    """Memory and spread that fit squared differences between the years of (units, H) outcomes best."""
    outcomes = outcomes - outcomes.mean(axis=0)
    early, late = np.triu_indices(len(number), 1)
    gap = number[late] - number[early]
    squared = ((outcomes[:, late] - outcomes[:, early]) ** 2).sum(axis=0) / (len(outcomes) - 1)
    shape = 2 * (1 - MEMORY[:, None] ** gap)
    scale = (shape @ squared) / (shape**2).sum(axis=1)
    misfit = ((squared - scale[:, None] * shape) ** 2).sum(axis=1)
    best = int(misfit.argmin())
    return float(MEMORY[best]), float(np.sqrt(max(scale[best], 0.0)))
