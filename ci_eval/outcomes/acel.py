"""Achievement of Curriculum for Excellence Levels: the published workbook to outcomes.

Table 10 says "S3 - third level" where Table 11 says "S3 (Level 3 or better)", and Table 11 puts "English" before
every organiser but Numeracy. One name stands here for each; a word that is not listed is not guessed at.

Table 10: a row a stage, organiser and council, a column a school year. Table 11: a row a school year, stage,
council and SIMD quintile, a column an organiser.

Every percentage of Table 10 times its number of pupils is a whole number (checked for each value here), so the
sheet holds the true denominators. They give fixed pupil weights and say how much of a difference is chance.

Source: Scottish Government, "Achievement of Curriculum for Excellence (CfE) Levels", a workbook a year; Table 10
by council, Table 11 by council and SIMD quintile. Read as downloaded: no cell has to be cleaned by hand.
Validated against the edition of 9 December 2025: national figures, totals of Table 11 equal to Table 10, all
councils named, every percentage of Table 10 a whole number of pupils (tests/impact/test_outcomes_acel.py).
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ci_eval.inputs.problems import Findings
from ci_eval.inputs.published import (
    DOWNLOAD_AGAIN,
    comparable,
    find_heading,
    notes_of,
    without_notes,
    workbook,
)
from ci_eval.inputs.text import listed, one_line
from ci_eval.inputs.workbooks import Workbook
from ci_eval.outcomes.outcome_cells import Cell, marks_with
from ci_eval.outcomes.outcome_table import (
    ALL,
    OF_SCOTLAND,
    PERCENT,
    QUINTILES,
    Outcomes,
    OutcomesRecord,
    reasons,
    table_of,
)
from ci_eval.outcomes.places_and_years import SCOTLAND, Places, school_year
from ci_eval.outcomes.sheets import Sheet, locate
from ci_eval.programme import Councils

COMBINED = "P1, P4 and P7 combined"
TOTAL, UNKNOWN = "total", "unknown"  # rows of Table 11 that are no quintile

STAGES = {
    "p1": "P1",
    "p1 (early level)": "P1",
    "p4": "P4",
    "p4 (first level)": "P4",
    "p7": "P7",
    "p7 (second level)": "P7",
    "p1, p4 and p7 combined": COMBINED,
    "s3 - third level": "S3, third level or better",
    "s3 - third level or better": "S3, third level or better",
    "s3 (level 3 or better)": "S3, third level or better",
    "s3 - fourth level": "S3, fourth level",
    "s3 (level 4)": "S3, fourth level",
}
ORGANISERS = {
    "reading": "Reading",
    "writing": "Writing",
    "listening and talking": "Listening and talking",
    "literacy": "Literacy",
    "numeracy": "Numeracy",
}
_QUINTILE = re.compile(r"simd quintile ([1-5])(?: - (?:most|least) deprived)?")


def stage(text: object) -> str:
    """The name used here for a stage, "" where it is not known."""
    return STAGES.get(comparable(text), "")


def organiser(text: object) -> str:
    """The name used here for an organiser, "" where it is not known."""
    return ORGANISERS.get(comparable(text).removeprefix("english "), "")


def quintile(text: object) -> str:
    """``"1"`` (most deprived) to ``"5"``, `TOTAL`, `UNKNOWN`, or "" where it is not known."""
    words = comparable(text)
    if found := _QUINTILE.fullmatch(words):
        return found[1]
    return {"local authority total": TOTAL, "simd unknown": UNKNOWN}.get(words, "")


def measure(organiser_name: str, stage_name: str = COMBINED) -> str:
    """The measure's name in `Outcomes`: ``Literacy (P1, P4 and P7 combined)``."""
    return f"{organiser_name} ({stage_name})"


BY_YEAR = ("Stage", "Organiser", "Local Authority")
BY_QUINTILE = ("Year", "Stage", "Local Authority", "SIMD")
SIMD_UNKNOWN = "SIMD not known"


class Key(NamedTuple):
    """What a value is of."""

    code: str
    year: str
    stage: str
    organiser: str
    quintile: str


def by_year(sheet: Sheet, marks: Mapping[str, str]) -> dict[Key, Cell]:
    """The values of Table 10, of councils and of Scotland."""
    years = _columns(sheet, lambda text: school_year(without_notes(text)), "school year")
    labels = [sheet.heading.column(text) for text in BY_YEAR]
    found: dict[Key, Cell] = {}
    for number, (stage_text, organiser_text, area), row in sheet.rows(labels, list(years)):
        checks = [
            ("stage", stage_text, stage, labels[0]),
            ("organiser", organiser_text, organiser, labels[1]),
        ]
        known = _known(sheet, number, len(years), checks)
        if not known:
            continue
        code = sheet.code(area, number, labels[2])
        for column, year in years.items():
            cell = sheet.percent(row[column], number, column, marks)
            if code and cell:
                _enter(found, Key(code, year, known[0], known[1], ALL), cell, sheet, number, column)
    return found


def by_quintile(sheet: Sheet, marks: Mapping[str, str]) -> tuple[dict[Key, Cell], dict[Key, Cell]]:
    """The values of Table 11 by quintile; and its totals of councils, which repeat Table 10."""
    organisers = _columns(sheet, organiser, "organiser")
    labels = [sheet.heading.column(text) for text in BY_QUINTILE]
    found: dict[Key, Cell] = {}
    totals: dict[Key, Cell] = {}
    for number, (year_text, stage_text, area, simd_text), row in sheet.rows(labels, list(organisers)):
        checks = [
            ("school year", year_text, school_year, labels[0]),
            ("stage", stage_text, stage, labels[1]),
            ("SIMD quintile", simd_text, quintile, labels[3]),
        ]
        known = _known(sheet, number, len(organisers), checks)
        if not known:
            continue
        year, stage_name, simd = known
        code = sheet.code(area, number, labels[2])
        if simd == UNKNOWN:
            sheet.left_out[SIMD_UNKNOWN] += len(organisers)
            continue
        for column, organiser_name in organisers.items():
            cell = sheet.percent(row[column], number, column, marks)
            if not code or not cell:
                continue
            if simd == TOTAL:
                _enter(totals, Key(code, year, stage_name, organiser_name, ALL), cell, sheet, number, column)
            else:
                _enter(found, Key(code, year, stage_name, organiser_name, simd), cell, sheet, number, column)
    return found, totals


def _columns(sheet: Sheet, read: Callable[[str], str], what: str) -> dict[int, str]:
    """Columns of values and what each is of; noted where there are none, or two of one."""
    found: dict[int, str] = {}
    for column, text in enumerate(sheet.heading.texts):
        name = read(text)
        if name in found.values():
            message = f"Two columns of sheet '{one_line(sheet.name)}' are {name}."
            sheet.findings.add(
                "column-twice", "REJECT", message, sheet.where(sheet.heading.row, column), DOWNLOAD_AGAIN
            )
        elif name:
            found[column] = name
    if not found:
        message = f"No column of sheet '{one_line(sheet.name)}' is a {what}."
        where = f"row {sheet.heading.row:,}"
        sheet.findings.add("no-values", "REJECT", message, where, DOWNLOAD_AGAIN)
    return found


def _known(
    sheet: Sheet, row: int, cells: int, checks: Sequence[tuple[str, str, Callable[[str], str], int]]
) -> list[str]:
    """The names used here for the row's labels; empty, and the row left out, where one of them has none."""
    names = []
    for what, text, read, column in checks:
        name = read(text)
        if not name:
            sheet.unknown(what, text, sheet.where(row, column), cells)
            return []
        names.append(name)
    return names


def _enter(found: dict[Key, Cell], key: Key, cell: Cell, sheet: Sheet, row: int, column: int) -> None:
    if key in found:
        message = f"A value comes twice in sheet '{one_line(sheet.name)}': one council, year, stage, organiser and quintile."
        fix = "Delete the row that was added, or download the file again."
        sheet.findings.add("value-twice", "REJECT", message, sheet.where(row, column), fix)
    found[key] = cell


TITLE = "pivotchart 10 data"
HEADINGS = ("year", "LA", "cohort", "stage", "organiser", "percent")
SAME_PERCENT = 1e-4  # percentage points; both are published with eight decimals
WHOLE = 0.01  # pupils


def pupils(sheet: Sheet, values: Mapping[Key, Cell]) -> dict[Key, int]:
    """Number of pupils of each value of Table 10; numbers that do not give its percentage are noted, not used."""
    columns = [sheet.heading.column(text) for text in HEADINGS]
    found: dict[Key, int] = {}
    for number, row in enumerate(sheet.book.rows(sheet.name), start=1):
        if number <= sheet.heading.row:
            continue
        year, area, count, stage_text, organiser_text, percent = (row[column] for column in columns)
        code = sheet.places.look_up(str(area))
        # A year without a collection repeats the number of the year before, beside an empty percentage.
        if not isinstance(code, str) or not _number(count) or not _number(percent):
            continue
        key = Key(code, school_year(year), stage(stage_text), organiser(organiser_text), ALL)
        if key not in values:
            continue
        if _agrees(values[key].value, percent, count):
            found[key] = round(count)
        else:
            message = "Numbers of pupils do not give the percentage of Table 10 and were not used."
            fix = "Download the file again; if it is as published, ask who published it."
            sheet.findings.add("pupils-disagree", "WARN", message, sheet.where(number, columns[2]), fix)
    return found


def _number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _agrees(value: float, percent: float, count: float) -> bool:
    """Whether both percentages are the same and give a whole number of pupils."""
    achieved = percent * count / 100
    return count > 0 and abs(value - percent) <= SAME_PERCENT and abs(achieved - round(achieved)) <= WHOLE


REPEATS = "repeats Table 10"
SAME = 0.05  # percentage points by which Tables 10 and 11 may differ: a rounding to one decimal
INVENTED = "invented example data"


def read_acel(
    path: str | os.PathLike[str],
    *,
    marks: Mapping[str, str] | None = None,
    councils: Councils | None = None,
) -> Outcomes:
    """Read Tables 10 and 11 of the published workbook.

    Parameters
    ----------
    path : the workbook as downloaded (.xlsx)
    marks : what symbols mean that the reader does not know, e.g. ``{"*": "suppressed"}``
    councils : default the programme's

    Returns
    -------
    Outcomes in percent of pupils. Measures are named ``Literacy (P1, P4 and P7 combined)``; stage is P1, P4, P7,
    "P1, P4 and P7 combined", "S3, third level or better" or "S3, fourth level"; organiser Reading, Writing,
    "Listening and talking", Literacy or Numeracy. Quintile "all" is Table 10, "1" to "5" Table 11. Suppressed,
    banded and uncollected values are NaN with their reason; quintiles without pupils may have no row at all.
    numerator and denominator are pupils where the workbook holds them (quintile "all").
    The record counts cells.

    Raises
    ------
    InputError
        With every problem found: not a workbook, tables or headings missing, councils not known, symbols not
        known, values that are no percentage or look like fractions, values that stand twice.
    """
    known = marks_with(marks)
    with workbook(path) as book:
        findings = Findings(book.source.name)
        places = Places(findings, councils)
        tables = [
            locate(book, "Table 10", BY_YEAR, findings, places),
            locate(book, "Table 11", BY_QUINTILE, findings, places),
        ]
        findings.raise_if_stopping()
        first, second = (table for table in tables if table)
        values = by_year(first, known)
        quintiles, totals = by_quintile(second, known)
        findings.raise_if_stopping()
        _check(values, quintiles, totals, findings, places)
        third = locate(book, TITLE, HEADINGS, findings, places, needed=False)
        counts = pupils(third, values) if third else {}
        notes = _published_notes(book, first.notes | second.notes)
        size, sha256, invented = book.source.size, book.source.sha256, _invented(book)
    every = {**values, **quintiles}
    council = table_of(
        _columns_acel({key: cell for key, cell in every.items() if key.code != SCOTLAND}, counts, places)
    )
    nation = table_of(
        _columns_acel({key: cell for key, cell in every.items() if key.code == SCOTLAND}, counts, places)
    )
    left_out = first.left_out + second.left_out
    left_out[REPEATS] += len(totals)
    left_out[OF_SCOTLAND] += len(nation)
    record = OutcomesRecord(
        file=findings.file,
        sha256=sha256,
        size=size,
        description=f"read as the published workbook, sheets '{first.name}' and '{second.name}'",
        counted="cells",
        rows_in=first.cells_in + second.cells_in,
        used=len(council),
        left_out={reason: count for reason, count in left_out.items() if count},
        missing=reasons(council),
        published_notes=notes,
        notes=findings.problems,
        invented=invented,
    )
    return Outcomes(council, nation, record)


def _columns_acel(
    cells: Mapping[Key, Cell], counts: Mapping[Key, int], places: Places
) -> dict[str, list[object]]:
    keys, said = list(cells), list(cells.values())
    pupils = [counts.get(key) for key in keys]
    return {
        "gss_code": [key.code for key in keys],
        "council": [places.name(key.code) for key in keys],
        "school_year": [key.year for key in keys],
        "measure": [measure(key.organiser, key.stage) for key in keys],
        "stage": [key.stage for key in keys],
        "organiser": [key.organiser for key in keys],
        "simd_quintile": [key.quintile for key in keys],
        "value": [cell.value for cell in said],
        "unit": [PERCENT] * len(keys),
        "missing": [cell.missing for cell in said],
        "low": [cell.low for cell in said],
        "high": [cell.high for cell in said],
        "numerator": [
            None if count is None else round(cell.value * count / 100)
            for cell, count in zip(said, pupils, strict=True)
        ],
        "denominator": list(pupils),
    }


def _check(
    values: Mapping[Key, Cell],
    quintiles: Mapping[Key, Cell],
    totals: Mapping[Key, Cell],
    findings: Findings,
    places: Places,
) -> None:
    """Tables that do not agree with each other, or lack councils, are used and shown as such."""
    for table, cells in (("Table 10", values), ("Table 11", quintiles)):
        if absent := places.lacking({key.code for key in cells}):
            message = f"{table} has no row of {listed(absent, 32)}."
            findings.add("councils-absent", "WARN", message, fix=DOWNLOAD_AGAIN, count=len(absent))
    if SCOTLAND not in {key.code for key in values}:
        message = "Table 10 has no row of Scotland, so there are no national figures."
        findings.add("nation-absent", "WARN", message, fix=DOWNLOAD_AGAIN)
    for lost in _without_row(quintiles):
        message = "Table 11 has no row of some council, year, stage and SIMD quintile; nothing was put in its place."
        where = f"{places.name(lost.code)}, {lost.year}, {lost.stage}, quintile {lost.quintile}"
        findings.add("rows-absent", "NOTE", message, where)
    for of, total in totals.items():
        same = values.get(of)
        if same is not None and abs(total.value - same.value) > SAME:
            message = "Totals of Table 11 differ from Table 10; Table 10 was used."
            where = f"{places.name(of.code)}, {of.year}, {of.stage}, {of.organiser}"
            fix = "Check that both tables are of one edition."
            findings.add("tables-disagree", "WARN", message, where, fix)


def _without_row(quintiles: Mapping[Key, Cell]) -> list[Key]:
    """The quintiles that have no row though others of the same council, year and stage have one."""
    there = {key._replace(organiser="") for key in quintiles}
    every = {key._replace(quintile=quintile): None for key in sorted(there) for quintile in QUINTILES}
    return [key for key in every if key not in there]


def _published_notes(book: Workbook, numbers: set[int]) -> dict[int, str]:
    """The text of the notes that the tables' headings refer to, from the sheet of notes."""
    for name in book.sheets:
        if name.strip().casefold() != "notes":
            continue
        rows = book.rows(name)
        heading, _ = find_heading(rows, ("Note number", "Note text"))
        if heading is None:
            continue
        number, text = heading.column("Note number"), heading.column("Note text")
        found = {note: book.as_text(row[text]).strip() for row in rows for note in notes_of(row[number])}
        return {note: found[note] for note in sorted(numbers) if note in found}
    return {}


def _invented(book: Workbook) -> bool:
    """Whether the cover sheet says that the numbers are invented."""
    if not book.sheets:
        return False
    cells = (str(cell) for row, _ in zip(book.rows(book.sheets[0]), range(30), strict=False) for cell in row)
    return any(INVENTED in cell.casefold() for cell in cells)
