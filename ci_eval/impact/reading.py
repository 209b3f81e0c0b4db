"""From a long frame to units × years, checked: what `Panel.from_frame` begins with."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from .panel import Incomplete, LeftOut
from .refusals import FloatArray, named, refuse
from .years import Years, year_number

WHAT = "CANNOT MAKE A PANEL"


def wide(
    frame: pd.DataFrame, unit: str, year: str, value: str, incomplete: Incomplete
) -> tuple[FloatArray, Years, tuple[str, ...], tuple[LeftOut, ...]]:
    """Values (units, years), the years, the units sorted by name, and what was left out."""
    _columns(frame, (unit, year, value))
    units = _names(frame, unit)
    spelt = list(pd.unique(frame[year]))
    numbers = frame[year].map({spelling: year_number(spelling) for spelling in spelt})
    twice = pd.DataFrame({"unit": units, "year": numbers}).duplicated()
    if twice.any():
        row = frame.loc[twice.to_numpy()].iloc[0]
        where = f"{row[unit]}, {row[year]}"
        text = "A unit has more than one value in a year."
        refuse(WHAT, "twice", text, where=where, count=int(twice.sum()), mend="give one row a unit and year")
    rows, place = np.unique(units.to_numpy(dtype=str), return_inverse=True)
    columns, column = np.unique(numbers.to_numpy(dtype=np.int64), return_inverse=True)
    table = np.full((len(rows), len(columns)), np.nan)
    table[place, column] = _numbers(frame, value, unit, year)
    grid = pd.DataFrame(table, index=rows, columns=columns)
    all_years = Years.of(spelt)
    labels = dict(zip(all_years.numbers, all_years.labels, strict=True))
    unobserved = grid.columns[grid.isna().all(axis=0)]
    left_out = [LeftOut(labels[int(number)], "no value of any unit") for number in unobserved]
    grid = grid.drop(columns=unobserved)
    if grid.isna().to_numpy().any():
        grid, more = _without_gaps(grid, labels, incomplete)
        left_out += more
    if grid.empty:
        refuse(WHAT, "empty", "No unit has values.", mend="give units observed in every year")
    years = Years.of(labels[int(number)] for number in grid.columns)
    return grid.to_numpy(dtype=np.float64), years, tuple(map(str, grid.index)), tuple(left_out)


def constant(frame: pd.DataFrame, unit: str, column: str, units: Iterable[str]) -> dict[str, float]:
    """The one value a column has in each unit, for the units wanted; refused where it varies."""
    _columns(frame, (column,))
    values = frame[column].groupby(_names(frame, unit).to_numpy())
    varies = values.nunique(dropna=False)
    bad = varies.index[varies > 1]
    if len(bad):
        text = f'"{column}" differs between the years of {named([str(name) for name in bad])}.'
        mend = "give one value a unit; a weight must be fixed before exposure"
        refuse(WHAT, "not-constant", text, count=len(bad), mend=mend)
    found = values.first().to_dict()
    return {name: found[name] for name in units}


def _columns(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        have = named([str(column) for column in frame.columns])
        refuse(WHAT, "no-column", f'There is no column "{lacking[0]}", only {have}.', mend="name the columns")


def _names(frame: pd.DataFrame, unit: str) -> "pd.Series[str]":
    """Unit names as text, whole numbers without decimals; refused where one is missing."""
    column = frame[unit]
    if column.isna().any():
        where = f"row {int(np.argmax(column.isna())) + 1} of the frame"
        refuse(WHAT, "no-unit", "A row does not say which unit it is.", where=where, mend="name the unit")
    if pd.api.types.is_float_dtype(column) and (column % 1 == 0).all():
        column = column.astype("int64")
    names = {name: str(name).strip() for name in pd.unique(column)}
    return column.map(names)


def _numbers(frame: pd.DataFrame, value: str, unit: str, year: str) -> FloatArray:
    """The outcome as floats with NaN for missing; text and infinite numbers are refused."""
    numbers = pd.to_numeric(frame[value], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = (np.isnan(numbers) & frame[value].notna().to_numpy()) | np.isinf(numbers)
    if bad.any():
        row = frame.iloc[int(np.argmax(bad))]
        text = f'"{value}" must be a finite number, not {row[value]!r}.'
        mend = "turn suppressed values into missing ones and count them"
        refuse(WHAT, "not-a-number", text, where=f"{row[unit]}, {row[year]}", count=int(bad.sum()), mend=mend)
    return numbers


def _without_gaps(
    grid: pd.DataFrame, labels: dict[int, str], incomplete: Incomplete
) -> tuple[pd.DataFrame, list[LeftOut]]:
    gaps = grid.isna()
    if incomplete == "leave out units":
        bad = gaps.any(axis=1)
        lost = [
            LeftOut(str(name), "no value in " + named([labels[int(number)] for number in row.index[row]]))
            for name, row in gaps[bad].iterrows()
        ]
        return grid[~bad], lost
    if incomplete == "leave out years":
        late = gaps.any(axis=0)
        lost = [LeftOut(labels[int(number)], "no value of some unit") for number in grid.columns[late]]
        return grid.loc[:, ~late], lost
    row, column = np.argwhere(gaps.to_numpy())[0]
    where = f"{grid.index[row]}, {labels[int(grid.columns[column])]}"
    mend = 'set incomplete to "leave out units" or "leave out years"; the panel then lists what it lost'
    count = int(gaps.to_numpy().sum())
    refuse(WHAT, "gap", "A unit has no value in an observed year.", where=where, count=count, mend=mend)
