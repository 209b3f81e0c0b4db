"""A balanced panel: one outcome of every unit in every observed year, with who was exposed when.

Method: docs/methods.md C1. Order of rows, spelling of years and kind of numbers change nothing; a gap in the
outcome is never filled: units or years are left out by name, or the panel is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, named, refuse
from ci_eval.impact.design import Design
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.years import Years, year_number

WHAT = "CANNOT MAKE A PANEL"
Incomplete = Literal["refuse", "leave out units"]


@dataclass(frozen=True)
class LeftOut:
    """A unit or year that is not in the panel, and why."""

    what: str
    reason: str


@dataclass(frozen=True)
class LongFrame:
    """Rows of a frame, with the unit each belongs to.

    Attributes
    ----------
    frame : as given
    unit : column of the units
    units : names, sorted, numbers without decimals
    row : (rows,) place of each row's unit among `units`
    """

    frame: pd.DataFrame
    unit: str
    units: tuple[str, ...]
    row: IntArray

    @classmethod
    def of(cls, frame: pd.DataFrame, unit: str) -> "LongFrame":
        """The frame by units; refused where a row does not say which."""
        _column(frame, unit)
        codes, values = pd.factorize(frame[unit])
        if (codes < 0).any():
            where = f"row {int(np.argmax(codes < 0)) + 1} of the frame"
            refuse(WHAT, "no-unit", "A row does not say which unit it is.", where=where, fix="name the unit")
        names = [_name(value) for value in values.tolist()]  # Python's own numbers become text far quicker
        units, place = np.unique(np.array(names, dtype=object), return_inverse=True)
        return cls(frame, unit, tuple(units.tolist()), place[codes].astype(np.int64))

    def constant(self, column: str) -> dict[str, object]:
        """The one value a column has in each unit, None where it is missing; refused where it varies."""
        _column(self.frame, column)
        codes, distinct = pd.factorize(self.frame[column])
        first = np.full(len(self.units), -1, dtype=np.int64)
        first[self.row[::-1]] = codes[::-1]
        varies = np.unique(self.row[codes != first[self.row]])
        if len(varies):
            text = f'"{column}" differs between the years of {named([self.units[at] for at in varies])}.'
            fix = "give one value a unit; a weight must be fixed before exposure"
            refuse(WHAT, "not-constant", text, count=len(varies), fix=fix)
        values = [*distinct, None]  # code -1 is the last: missing
        return {unit: values[code] for unit, code in zip(self.units, first.tolist(), strict=True)}

    def wide(
        self, year: str, value: str, incomplete: Incomplete
    ) -> tuple[FloatArray, Years, tuple[str, ...], tuple[LeftOut, ...]]:
        """Values (units, years), the years, the units kept, and what was left out."""
        for column in (year, value):
            _column(self.frame, column)
        codes, spelt = pd.factorize(self.frame[year], use_na_sentinel=False)
        years = Years.of(spelt.tolist())
        number = np.array([year_number(one) for one in spelt.tolist()], dtype=np.int64)
        at = np.searchsorted(years.numbers, number)[codes]
        self._refuse_twice(self.row * len(years) + at, year)
        grid = np.full((len(self.units), len(years)), np.nan)
        grid[self.row, at] = self._numbers(year, value)
        gap = np.isnan(grid)
        observed = ~gap.all(axis=0)
        left_out = [LeftOut(years.labels[i], "no value of any unit") for i in np.flatnonzero(~observed)]
        gap = gap & observed
        if gap.any() and incomplete == "refuse":
            row, column = np.argwhere(gap)[0]
            where = f"{self.units[row]}, {years.labels[column]}"
            fix = 'set incomplete="leave out units"; the panel then lists whom it lost'
            text = "A unit has no value in an observed year."
            refuse(WHAT, "gap", text, where=where, count=int(gap.sum()), fix=fix)
        for row in np.flatnonzero(gap.any(axis=1)):
            years_lost = named([years.labels[place] for place in np.flatnonzero(gap[row])])
            left_out.append(LeftOut(self.units[row], f"no value in {years_lost}"))
        units = ~gap.any(axis=1)
        if not units.any() or not observed.any():
            refuse(WHAT, "empty", "No unit has values.", fix="give units observed in every year")
        names = tuple(name for name, kept in zip(self.units, units.tolist(), strict=True) if kept)
        return grid[np.ix_(units, observed)], years.keep(np.flatnonzero(observed)), names, tuple(left_out)

    def _refuse_twice(self, place: IntArray, year: str) -> None:
        """Refuse two rows of a unit and year, whatever their spelling."""
        twice = pd.Series(place).duplicated().to_numpy()
        if twice.any():
            fix = "give one row a unit and year"
            text, where = "A unit has more than one value in a year.", self._where(twice, year)
            refuse(WHAT, "twice", text, where=where, count=int(twice.sum()), fix=fix)

    def _numbers(self, year: str, value: str) -> FloatArray:
        """The outcome as floats with NaN for missing; text and infinite numbers are refused."""
        column = self.frame[value]
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        bad = (np.isnan(numbers) & column.notna().to_numpy()) | np.isinf(numbers)
        if bad.any():
            first = column.iloc[[int(np.argmax(bad))]].tolist()[0]
            text = f'"{value}" must be a finite number, not {first!r}.'
            fix, where = "turn suppressed values into missing ones and count them", self._where(bad, year)
            refuse(WHAT, "not-a-number", text, where=where, count=int(bad.sum()), fix=fix)
        return numbers

    def _where(self, bad: BoolArray, year: str) -> str:
        first = int(np.argmax(bad))
        return f"{self.units[self.row[first]]}, {self.frame[year].iloc[first]}"


def _column(frame: pd.DataFrame, column: str) -> None:
    if column not in frame.columns:
        have = named([str(name) for name in frame.columns])
        refuse(WHAT, "no-column", f'There is no column "{column}", only {have}.', fix="name the columns")


def _name(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


@dataclass(frozen=True)
class Panel:
    """Outcomes of units by years.

    Attributes
    ----------
    exposure : units, years and when each unit was first exposed
    outcomes : (units, years) finite numbers
    weights : (units,) fixed positive weights; all 1 gives every unit the same weight
    left_out : what was given and is not in the panel
    design : cohorts × positions, without the outcomes
    """

    exposure: Exposure
    outcomes: FloatArray
    weights: FloatArray
    left_out: tuple[LeftOut, ...] = ()
    design: Design = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.years))
        if self.outcomes.shape != shape or self.weights.shape != shape[:1]:
            text = f"Outcomes {self.outcomes.shape} and weights {self.weights.shape} do not fit {shape}."
            refuse(WHAT, "shape", text, fix="give units × years outcomes and one weight a unit")
        if not len(self.units):
            refuse(WHAT, "no-units", "No unit is left.", fix="give units observed in every year")
        if not np.isfinite(self.outcomes).all():
            row, column = np.argwhere(~np.isfinite(self.outcomes))[0]
            where = f"{self.units[row]}, {self.years.labels[column]}"
            text = "A value is missing or infinite."
            refuse(WHAT, "not-finite", text, where=where, fix="see from_frame")
        if not (np.isfinite(self.weights) & (self.weights > 0)).all():
            bad = self.units[int(np.argmin(np.isfinite(self.weights) & (self.weights > 0)))]
            text = "A weight must be a positive number."
            refuse(WHAT, "weight", text, where=bad, fix="correct the weight")
        object.__setattr__(self, "design", Design.of(self.exposure, self.weights))

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        exposure: Exposure | str,
        *,
        unit: str = "unit",
        year: str = "year",
        value: str = "value",
        weights: "str | Mapping[str, float] | None" = None,
        never: Iterable[object] = (),
        incomplete: Incomplete = "refuse",
    ) -> "Panel":
        """A panel from a long frame, one row a unit and year.

        Parameters
        ----------
        frame : rows in any order; a year without any value was not observed and is left out
        exposure : `Exposure` holding every unit of the frame (its years may be others), or the column of the
            first exposed year, constant within units
        unit, year, value : columns
        weights : column constant within units, or a mapping; by default every unit counts the same
        never : values of the exposure column that mean never, e.g. ``[0]``
        incomplete : what to do where a unit lacks a value of an observed year

        Examples
        --------
        >>> long = pd.DataFrame({"unit": [*"AABB"], "year": [2021, 2022] * 2, "value": [1.0, 4.0, 2.0, 3.0]})
        >>> panel = Panel.from_frame(long.assign(first=[2022, 2022, None, None]), "first")
        >>> panel.outcomes.tolist(), panel.design.labels
        ([[1.0, 4.0], [2.0, 3.0]], ('2022', 'not by 2022'))

        Raises
        ------
        Refused
            For a column that is not there, a unit twice in a year, values that are not numbers, exposure or
            weight that differs within a unit, or gaps (unless `incomplete` leaves out units).
        """
        rows = LongFrame.of(frame, unit)
        outcomes, years, units, left_out = rows.wide(year, value, incomplete)
        if isinstance(exposure, str):
            cohorts = rows.constant(exposure)
            seen = Exposure.from_cohorts({name: cohorts[name] for name in units}, years, never)
        else:
            seen = _in_the_years(exposure.select(units), years)
        each = rows.constant(weights) if isinstance(weights, str) else weights
        given = np.ones(len(units)) if each is None else _weights(units, each)
        return cls(seen, outcomes, given, left_out)

    @property
    def units(self) -> tuple[str, ...]:
        return self.exposure.units

    @property
    def years(self) -> Years:
        return self.exposure.years

    @property
    def equal_weights(self) -> bool:
        return bool((self.weights == self.weights[0]).all())

    @property
    def groups(self) -> IntArray:
        """(units,) the cohort of the design each unit belongs to."""
        return self.design.group_of(self.exposure)

    def select(self, units: Iterable[str]) -> "Panel":
        """The panel of some units, in the order given; refused where one is not in it."""
        chosen = self.exposure.select(units)
        place = {unit: row for row, unit in enumerate(self.units)}
        rows = [place[unit] for unit in chosen.units]
        return replace(self, exposure=chosen, outcomes=self.outcomes[rows], weights=self.weights[rows])

    def without(self, units: Iterable[str], reason: str = "left out on request") -> "Panel":
        """The panel without some units, which are listed in `left_out` with the reason."""
        gone = self.exposure.select(units).units
        kept = self.select(unit for unit in self.units if unit not in set(gone))
        return replace(kept, left_out=(*self.left_out, *(LeftOut(unit, reason) for unit in gone)))

    def in_years(self, years: Iterable[object]) -> "Panel":
        """The panel of some years; exposure after the last of them counts as not in the years observed."""
        places = sorted({self.years.position(year) for year in years})
        return replace(self, exposure=self.exposure.in_years(places), outcomes=self.outcomes[:, places])

    def treated_together(self) -> tuple["Panel", IntArray]:
        """The panel with units exposed together as one, and the place in it of every unit of this one.

        Hosts of one engagement were treated once: they become their weighted mean, with the weight of all of them,
        so that estimates stay what they are. Units that can have been exposed at different times stay apart.

        Examples
        --------
        >>> years, always = Years.of([2021, 2022]), np.array([[False, True, False]] * 3)
        >>> exposure = Exposure(("A", "B", "C"), years, always, ("one", "two", "two"))
        >>> together, place = Panel(exposure, np.array([[0.0, 5], [1, 4], [3, 0]]), np.ones(3)).treated_together()
        >>> together.units, together.outcomes.tolist(), together.weights.tolist(), place.tolist()
        (('A', 'B + C'), [[0.0, 5.0], [2.0, 2.0]], [1.0, 2.0], [0, 1, 1])
        """
        joint = self.exposure.joint
        place = np.arange(len(joint), dtype=np.int64)
        if len(set(joint)) == len(joint):
            return self, place
        keys = zip(joint, (row.tobytes() for row in self.exposure.possible), strict=True)
        members: dict[tuple[str, bytes], list[int]] = {}
        for row, key in enumerate(keys):
            members.setdefault(key, []).append(row)
        for number, rows in enumerate(members.values()):
            place[rows] = number
        first = [rows[0] for rows in members.values()]
        weight = np.bincount(place, weights=self.weights).astype(np.float64)
        outcomes = np.zeros((len(members), len(self.years)))
        np.add.at(outcomes, place, self.outcomes * self.weights[:, None])
        exposure = Exposure(
            tuple(" + ".join(self.units[row] for row in rows) for rows in members.values()),
            self.years,
            self.exposure.possible[first],
            tuple(joint[row] for row in first),
        )
        together = replace(self, exposure=exposure, outcomes=outcomes / weight[:, None], weights=weight)
        return together, place

    def with_exposure(self, exposure: Exposure) -> "Panel":
        """The same outcomes under another exposure of the same units and years."""
        return replace(self, exposure=_in_the_years(exposure.select(self.units), self.years))

    def with_weights(self, weights: Mapping[str, float]) -> "Panel":
        """The same outcomes with other fixed weights, one for every unit."""
        return replace(self, weights=_weights(self.units, weights))


def _weights(units: tuple[str, ...], weights: Mapping[str, Any]) -> FloatArray:
    """(units,) the weight of each unit; refused where one is not given or not a number."""
    lacking = [unit for unit in units if weights.get(unit) is None]
    if lacking:
        refuse(WHAT, "no-weight", f"No weight is given for {named(lacking)}.", fix="weigh every unit")
    try:
        return np.array([weights[unit] for unit in units], dtype=np.float64)
    except (TypeError, ValueError):
        refuse(WHAT, "weight", "A weight must be a positive number.", fix="correct the weights")


def _in_the_years(exposure: Exposure, years: Years) -> Exposure:
    """Exposure in the panel's years, all of which must be among its own."""
    places = [exposure.years.position(number) for number in years.numbers]
    return exposure if exposure.years == years else exposure.in_years(places)
