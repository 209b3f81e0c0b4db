"""From a long frame to units × years, checked: what `Panel.from_frame` begins with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .gaps import Incomplete, LeftOut
from .refusals import BoolArray, FloatArray, IntArray, named, refuse
from .years import Years, year_number

WHAT = "CANNOT MAKE A PANEL"


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
        codes, found = pd.factorize(frame[unit])
        if (codes < 0).any():
            where = f"row {int(np.argmax(codes < 0)) + 1} of the frame"
            refuse(WHAT, "no-unit", "A row does not say which unit it is.", where=where, mend="name the unit")
        names = [_name(value) for value in found.tolist()]  # Python's own numbers become text far quicker
        units, place = np.unique(np.array(names, dtype=object), return_inverse=True)
        return cls(frame, unit, tuple(units.tolist()), place[codes].astype(np.int64))

    def constant(self, column: str) -> dict[str, object]:
        """The one value a column has in each unit, None where it is missing; refused where it varies."""
        _column(self.frame, column)
        codes, found = pd.factorize(self.frame[column])
        first = np.full(len(self.units), -1, dtype=np.int64)
        first[self.row[::-1]] = codes[::-1]
        varies = np.unique(self.row[codes != first[self.row]])
        if len(varies):
            text = f'"{column}" differs between the years of {named([self.units[at] for at in varies])}.'
            mend = "give one value a unit; a weight must be fixed before exposure"
            refuse(WHAT, "not-constant", text, count=len(varies), mend=mend)
        values = [*found, None]  # code -1 is the last: missing
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
        units = np.ones(len(self.units), dtype=bool)
        if gap[:, observed].any():
            lost, units, observed = self._without(gap, observed, years, incomplete)
            left_out += lost
        if not units.any() or not observed.any():
            refuse(WHAT, "empty", "No unit has values.", mend="give units observed in every year")
        names = tuple(name for name, kept in zip(self.units, units.tolist(), strict=True) if kept)
        return grid[np.ix_(units, observed)], years.keep(np.flatnonzero(observed)), names, tuple(left_out)

    def _refuse_twice(self, place: IntArray, year: str) -> None:
        """Refuse two rows of a unit and year, whatever their spelling."""
        twice = pd.Series(place).duplicated().to_numpy()
        if twice.any():
            mend = "give one row a unit and year"
            text, where = "A unit has more than one value in a year.", self._where(twice, year)
            refuse(WHAT, "twice", text, where=where, count=int(twice.sum()), mend=mend)

    def _numbers(self, year: str, value: str) -> FloatArray:
        """The outcome as floats with NaN for missing; text and infinite numbers are refused."""
        column = self.frame[value]
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        bad = (np.isnan(numbers) & column.notna().to_numpy()) | np.isinf(numbers)
        if bad.any():
            found = column.iloc[[int(np.argmax(bad))]].tolist()[0]
            text = f'"{value}" must be a finite number, not {found!r}.'
            mend, where = "turn suppressed values into missing ones and count them", self._where(bad, year)
            refuse(WHAT, "not-a-number", text, where=where, count=int(bad.sum()), mend=mend)
        return numbers

    def _without(
        self, gap: BoolArray, observed: BoolArray, years: Years, incomplete: Incomplete
    ) -> tuple[list[LeftOut], BoolArray, BoolArray]:
        """What is lost, the units kept (units,) and the years kept (years,) where values are missing."""
        gap = gap & observed
        everything = np.ones(len(self.units), dtype=bool)
        if incomplete == "leave out units":
            bad = np.flatnonzero(gap.any(axis=1))
            lost = [LeftOut(self.units[i], f"no value in {_labels(years, gap[i])}") for i in bad]
            return lost, np.asarray(~gap.any(axis=1)), observed
        if incomplete == "leave out years":
            late = gap.any(axis=0)
            lost = [LeftOut(years.labels[i], "no value of some unit") for i in np.flatnonzero(late)]
            return lost, everything, observed & ~late
        row, column = np.argwhere(gap)[0]
        where = f"{self.units[row]}, {years.labels[column]}"
        mend = 'set incomplete to "leave out units" or "leave out years"; the panel then lists what it lost'
        text = "A unit has no value in an observed year."
        refuse(WHAT, "gap", text, where=where, count=int(gap.sum()), mend=mend)

    def _where(self, bad: BoolArray, year: str) -> str:
        first = int(np.argmax(bad))
        return f"{self.units[self.row[first]]}, {self.frame[year].iloc[first]}"


def _column(frame: pd.DataFrame, column: str) -> None:
    if column not in frame.columns:
        have = named([str(name) for name in frame.columns])
        refuse(WHAT, "no-column", f'There is no column "{column}", only {have}.', mend="name the columns")


def _name(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _labels(years: Years, wanted: BoolArray) -> str:
    return named([years.labels[place] for place in np.flatnonzero(wanted)])
