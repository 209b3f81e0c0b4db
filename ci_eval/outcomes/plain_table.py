"""Outcomes from a plain table that anybody can write: one row a council, school year and measure.

The file (.csv, UTF-8, one heading row, any order of columns):

=============  =====================================================================================
council        name or GSS code; "Scotland" for the national figure
school_year    such as 2021-22
measure        what was measured; the same words in every year
value          a number; empty, or a published mark such as [c], where there is none
numerator      optional: what the value was computed from; both or neither
denominator    optional
unit           optional, the same for all rows of a measure: percent or % (0 to 100), points, …
simd_quintile  optional: 1 (most deprived) to 5, or all; all where there is no such column
=============  =====================================================================================
"""

import os
from dataclasses import dataclass
from math import isnan
from statistics import median
from typing import Any

from ci_eval.inputs.text import listed, one_line
from ci_eval.outcomes.outcome_cells import EXACT, Cell
from ci_eval.outcomes.outcome_table import ALL, FAR_ABOVE, PERCENT, QUINTILES, Outcomes, outcomes_of
from ci_eval.outcomes.places_and_years import Places, school_year
from ci_eval.outcomes.rows_by_heading import Delimited
from ci_eval.programme import Councils

NEEDED = ("council", "school_year", "measure", "value")
OPTIONAL = ("numerator", "denominator", "unit", "simd_quintile")
RATIO = "ratio"
SCALES = {PERCENT: 100.0, RATIO: 1.0}
PERCENTS = (PERCENT, "%", "per cent", "percentage")  # in any case; others would pass unchecked
BLANK_ROW = "blank row"


@dataclass(frozen=True)
class _Row:
    number: int
    code: str
    year: str
    measure: str
    unit: str
    quintile: str
    value: Cell
    numerator: float
    denominator: float

    @property
    def has_parts(self) -> bool:
        return not (isnan(self.value.value) or isnan(self.numerator) or isnan(self.denominator))

    def fits(self, scale: float) -> bool:
        """Whether the value is numerator over denominator, to the decimals it is written with."""
        expected = scale * self.numerator / self.denominator
        rounding = 0.5 * 10.0**-self.value.decimals if self.value.decimals < EXACT else 0.0
        return abs(self.value.value - expected) <= rounding + 1e-9 * max(1.0, abs(expected))

    def as_outcome(self, unit: str) -> dict[str, Any]:
        return {
            "gss_code": self.code,
            "school_year": self.year,
            "measure": self.measure,
            "simd_quintile": self.quintile,
            "value": self.value.value,
            "unit": unit,
            "missing": self.value.missing,
            "low": self.value.low,
            "high": self.value.high,
            "numerator": self.numerator,
            "denominator": self.denominator,
        }


def read_outcomes(path: str | os.PathLike[str], *, councils: Councils | None = None) -> Outcomes:
    """Read a plain table of outcomes, laid out as this module says.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "levels.csv")
    ...     length = file.write_text("council,school_year,measure,value\\nFife,2021-22,Literacy,74.5")
    ...     outcomes = read_outcomes(file)
    >>> outcomes.frame.loc[0, "gss_code"], float(outcomes.frame.loc[0, "value"])
    ('S12000047', 74.5)

    Where rows have a numerator and a denominator, every value has to be numerator / denominator, or 100 times that,
    the same way throughout a measure and exact to the decimals written; that also gives a measure's unit where no
    column does ("percent" or "ratio").

    Returns
    -------
    Outcomes with the measures of the file; national rows kept apart. The record counts rows.

    Raises
    ------
    InputError
        With every problem: headings, councils, years, quintiles or numbers that cannot be read; rows that are
        there twice; units that change within a measure; percentages outside 0 to 100, or that look like fractions; values
        that are not their numerator over their denominator; no row at all.
    """
    source = Delimited(path, NEEDED, OPTIONAL)
    places = Places(source.findings, councils)
    rows = [
        row for number, cells in source.rows() if (row := _read(source, places, number, cells)) is not None
    ]
    if not rows and not source.findings.stop:
        fix = "Write a row for each value."
        source.findings.refuse("no-rows", "There is no row below the headings.", fix=fix)
    _refuse_twice(source, rows)
    measures = dict.fromkeys(row.measure for row in rows)
    units = {name: _unit(source, [row for row in rows if row.measure == name]) for name in measures}
    source.findings.raise_if_stopping()
    _note_unread(source)
    return outcomes_of(
        (row.as_outcome(units[row.measure]) for row in rows),
        places,
        {BLANK_ROW: source.blank},
        sha256=source.opened.sha256,
        size=source.opened.size,
        description=f"read as a plain table of outcomes, {source.opened.read_as}",
        counted="rows",
        rows_in=len(rows) + source.blank,
    )


def _read(source: Delimited, places: Places, number: int, cells: list[str]) -> _Row | None:
    """A row; None, and noted, where it cannot be read."""
    add, where = source.findings.add, source.where
    code = places.code(source.text(cells, "council"), where(number, "council"))
    year_text, measure = source.text(cells, "school_year"), source.text(cells, "measure")
    year = school_year(year_text)
    if not year:
        message = "A school year is not written as the two years it begins and ends in."
        place = f'{where(number, "school_year")}: "{one_line(year_text, 40)}"'
        add("year-unknown", "REJECT", message, place, "Write it like 2021-22.")
    if not measure:
        fix = "Write what was measured, the same way in every row."
        add("measure-blank", "REJECT", "A row does not say what was measured.", where(number, "measure"), fix)
    quintile = source.text(cells, "simd_quintile") or ALL
    if quintile not in (ALL, *QUINTILES):
        message = "A SIMD quintile is none of 1 to 5."
        fix = "Write 1 (most deprived) to 5, or all."
        place = f'{where(number, "simd_quintile")}: "{one_line(quintile, 40)}"'
        add("quintile-unknown", "REJECT", message, place, fix)
    value, over, under = (
        source.number(number, cells, name) for name in ("value", "numerator", "denominator")
    )
    if bool(over.missing) != bool(under.missing):
        fix = "Give both, or neither."
        message = "A row has a numerator without a denominator, or the other way round."
        add("one-part", "REJECT", message, f"row {number:,}", fix)
    if under.value <= 0:
        message = "A denominator is not above 0."
        fix = "Leave a group without members out."
        add("denominator", "REJECT", message, where(number, "denominator"), fix)
        return None
    if not (code and year and measure):
        return None
    unit = source.text(cells, "unit")
    unit = PERCENT if unit.casefold() in PERCENTS else unit
    return _Row(number, code, year, measure, unit, quintile, value, over.value, under.value)


def _refuse_twice(source: Delimited, rows: list[_Row]) -> None:
    first: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        before = first.setdefault((row.code, row.year, row.measure, row.quintile), row.number)
        if before != row.number:
            message = "A council, school year and measure is there twice."
            where = f"row {row.number:,} (and row {before:,})"
            source.findings.add("value-twice", "REJECT", message, where, "Keep one of the two rows.")


def _unit(source: Delimited, rows: list[_Row]) -> str:
    """The unit of one measure: as given, else as numerators and denominators give it."""
    measure = one_line(rows[0].measure, 60)
    given = list(dict.fromkeys(row.unit for row in rows))
    if len(given) > 1:
        message = f'The unit of "{measure}" changes between rows: {listed([f"{unit!r}" for unit in given])}.'
        fix = "Give every row of a measure the same unit, or make it two measures."
        source.findings.add("unit-changes", "REJECT", message, f"row {rows[0].number:,}", fix)
        return ""
    parts = [row for row in rows if row.has_parts]
    if given[0]:
        wrong = {given[0]: [row for row in parts if not row.fits(SCALES.get(given[0], 1.0))]}
    else:
        wrong = {unit: [row for row in parts if not row.fits(scale)] for unit, scale in SCALES.items()}
    unit = min(wrong, key=lambda name: len(wrong[name])) if parts else given[0]
    signed = [row for row in rows if row.value.percent]
    if signed and unit != PERCENT:
        if unit or any(not (row.value.percent or isnan(row.value.value)) for row in rows):
            message = f'Some values of "{measure}" have a % sign, and others, or the unit, have none.'
            fix = "Write all values in percent and the unit percent, or all without the sign."
            source.findings.add(
                "percent-signs", "REJECT", message, f"row {signed[0].number:,}", fix, len(signed)
            )
        unit = unit or PERCENT
    if parts and wrong[unit]:
        scale = "100 times its" if SCALES.get(unit) == 100 else "its"
        message = f'A value of "{measure}" is not {scale} numerator over its denominator.'
        fix = "Correct the value or its parts; a percentage is 100 × numerator / denominator."
        first = wrong[unit][0]
        where = f"row {first.number:,}: {first.value.value:g}, {first.numerator:g} / {first.denominator:g}"
        source.findings.add("value-and-parts", "REJECT", message, where, fix, len(wrong[unit]))
    outside = [
        row for row in rows if unit == PERCENT and not (isnan(row.value.value) or 0 <= row.value.value <= 100)
    ]
    if outside:
        message = f'A value of "{measure}" is not between 0 and 100, and its unit is percent.'
        where = f"row {outside[0].number:,}: {outside[0].value.value:g}"
        fix = "Correct it; for a difference of percentages write the unit percentage points."
        source.findings.add("not-a-percentage", "REJECT", message, where, fix, len(outside))
    _doubt_scale(source, measure, unit, rows)
    # Without a unit and without more than zeros both scales fit, and neither is known.
    both = not given[0] and len(wrong) > 1 and not any(wrong.values())
    return "" if both and not signed else unit


def _doubt_scale(source: Delimited, measure: str, unit: str, rows: list[_Row]) -> None:
    """Values of 1 or less that no numerator bears out, as fractions among percentages; and zeros far below the rest."""
    values = [row.value.value for row in rows if row.value.value > 0]
    small = [row for row in rows if 0 < row.value.value <= 1 and not row.has_parts]
    mixed = (
        bool(small)
        and max(values) > FAR_ABOVE
        and (median(values) > FAR_ABOVE or 2 * len(small) >= len(values))
    )
    if mixed or (small and unit == PERCENT and len(small) == len(values)):
        message = f'Values of "{measure}" of 1 or less look like fractions, and '
        message += (
            "its unit is percent." if unit == PERCENT else "others are far above: two scales in one measure."
        )
        where = f"row {small[0].number:,}: {small[0].value.value:g}"
        fix = "Write all on one scale, percentages from 0 to 100. If so little is meant, give "
        fix += "the unit." if not unit else "numerator and denominator."
        known = unit not in ("", PERCENT, RATIO)
        source.findings.add("fractions", "WARN" if known else "REJECT", message, where, fix, len(small))
    zeros = [row for row in rows if row.value.value == 0 and not row.has_parts]
    if zeros and values and median(values) > FAR_ABOVE:
        message = f'Values of "{measure}" are exactly 0, and the others are far above.'
        fix = "Check whether 0 stands for a value that was not collected; leave the cell empty, or write [w], if so."
        source.findings.add("value-of-zero", "WARN", message, f"row {zeros[0].number:,}", fix, len(zeros))


def _note_unread(source: Delimited) -> None:
    unread = [
        text
        for text in source.heading.texts
        if text.strip() and text.strip().casefold() not in (*NEEDED, *OPTIONAL)
    ]
    if unread:
        message = f"Columns that are not part of the layout were not read: {listed(map(one_line, unread))}."
        source.findings.add("columns-not-read", "NOTE", message, count=len(unread))
