"""Achievement of Curriculum for Excellence Levels: the published workbook to outcomes.

Source: Scottish Government, "Achievement of Curriculum for Excellence (CfE) Levels", a workbook a year. Read as
downloaded: no cell has to be cleaned by hand. Method: docs/methods.md C9.

- Table 10: a row a stage, organiser and council, a column a school year.
- Table 11: a row a school year, stage, council and SIMD quintile, a column an organiser. Its totals repeat Table 10.
- The data of pivot chart 10: the number of pupils behind each value of Table 10. Every percentage times its number is
  a whole number (checked for each value), so these are the true denominators.

Table 10 says "S3 - third level" where Table 11 says "S3 (Level 3 or better)", and Table 11 puts "English" before
every organiser but Numeracy. `STAGES` and `ORGANISERS` give each one name; a word that is not listed is not guessed at.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from ci_eval.outcomes.outcome_table import ALL, PERCENT, QUINTILES, Outcomes, outcomes_of
from ci_eval.outcomes.places_and_years import SCOTLAND, Places, school_year
from ci_eval.outcomes.sheets import Sheet, locate
from ci_eval.programme import Councils

COMBINED = "P1, P4 and P7 combined"
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
UNKNOWN = "unknown"  # rows of Table 11 of pupils whose quintile is not known
_QUINTILE = re.compile(r"simd quintile ([1-5])(?: - (?:most|least) deprived)?")

PUPILS_SHEET = "pivotchart 10 data"
PUPILS_HEADINGS = ("year", "LA", "cohort", "stage", "organiser", "percent")
SAME_PERCENT = 1e-4  # percentage points; both sheets are published with eight decimals
WHOLE = 0.01  # pupils
SAME = 0.05  # percentage points by which Tables 10 and 11 may differ: a rounding to one decimal

SIMD_UNKNOWN = "SIMD not known"
REPEATS = "repeats Table 10"
INVENTED = "invented example data"


def stage(text: object) -> str:
    """The name of a stage in `Outcomes`, "" where it is not known."""
    return STAGES.get(comparable(text), "")


def organiser(text: object) -> str:
    """The name of an organiser in `Outcomes`, "" where it is not known."""
    return ORGANISERS.get(comparable(text).removeprefix("english "), "")


def quintile(text: object) -> str:
    """``"1"`` (most deprived) to ``"5"``, `ALL` for a council's total, `UNKNOWN`, or "" for another text."""
    words = comparable(text)
    if numbered := _QUINTILE.fullmatch(words):
        return numbered[1]
    return {"local authority total": ALL, "simd unknown": UNKNOWN}.get(words, "")


# Heading of each label of a row → what it is, and the function that gives its name.
Labels = Mapping[str, tuple[str, Callable[[str], str]]]
BY_YEAR: Labels = {"Stage": ("stage", stage), "Organiser": ("organiser", organiser)}
BY_QUINTILE: Labels = {
    "Year": ("school year", school_year),
    "Stage": ("stage", stage),
    "SIMD": ("SIMD quintile", quintile),
}
AREA = "Local Authority"


class Key(NamedTuple):
    """What a value is of."""

    code: str
    year: str
    stage: str
    organiser: str
    quintile: str


Values = dict[Key, Cell]


def read_acel(
    path: str | os.PathLike[str],
    *,
    marks: Mapping[str, str] | None = None,
    councils: Councils | None = None,
) -> Outcomes:
    """Read Tables 10 and 11 of the published workbook.

    Examples
    --------
    >>> from ci_eval.inputs.fact_tables import workbook_root
    >>> outcomes = read_acel(workbook_root() / "data" / "example" / "levels_invented_2016-17_to_2024-25.xlsx")
    >>> outcomes.series("Numeracy (P1)").loc[0, ["council", "school_year", "unit"]].tolist()
    ['Clackmannanshire', '2016-17', 'percent']

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
        With every problem: not a workbook, tables or headings missing, councils not known, symbols not known, values
        that are no percentage or look like fractions, values that are there twice.

    Validated against the edition of 9 December 2025: national figures, totals of Table 11 equal to Table 10, all
    councils named, every percentage of Table 10 a whole number of pupils (tests/outcomes/test_outcomes_acel.py).
    """
    known_marks = marks_with(marks)
    with workbook(path) as book:
        findings = Findings(book.source.name)
        places = Places(findings, councils)
        tables = [
            locate(book, title, (*labels, AREA), findings, places)
            for title, labels in (("Table 10", BY_YEAR), ("Table 11", BY_QUINTILE))
        ]
        findings.raise_if_stopping()
        ten, eleven = (table for table in tables if table)
        values = _by_year(ten, known_marks)
        quintiles, totals = _by_quintile(eleven, known_marks)
        findings.raise_if_stopping()
        _compare(values, quintiles, totals, findings, places)
        counts_sheet = locate(book, PUPILS_SHEET, PUPILS_HEADINGS, findings, places, needed=False)
        pupils = _pupils(counts_sheet, values) if counts_sheet else {}
        notes = _published_notes(book, ten.notes | eleven.notes)
        size, sha256, invented = book.source.size, book.source.sha256, _invented(book)
    return outcomes_of(
        (_row(key, cell, pupils.get(key)) for key, cell in (values | quintiles).items()),
        places,
        {**(ten.left_out + eleven.left_out), REPEATS: len(totals)},
        sha256=sha256,
        size=size,
        description=f"read as the published workbook, sheets '{ten.name}' and '{eleven.name}'",
        counted="cells",
        rows_in=ten.cells_in + eleven.cells_in,
        published_notes=notes,
        invented=invented,
    )


def _by_year(sheet: Sheet, marks: Mapping[str, str]) -> Values:
    """The values of Table 10, of councils and of Scotland."""
    years = _columns(sheet, BY_YEAR, lambda text: school_year(without_notes(text)), "school year", marks)
    values: Values = {}
    for number, code, (stage_name, organiser_name), row in _rows(sheet, BY_YEAR, list(years)):
        for column, year in years.items():
            key = Key(code, year, stage_name, organiser_name, ALL)
            _enter(values, key, sheet, number, column, row[column], marks)
    return values


def _by_quintile(sheet: Sheet, marks: Mapping[str, str]) -> tuple[Values, Values]:
    """The values of Table 11 by quintile; and its totals of councils, which repeat Table 10."""
    organisers = _columns(sheet, BY_QUINTILE, organiser, "organiser", marks)
    quintiles: Values = {}
    totals: Values = {}
    for number, code, (year, stage_name, simd), row in _rows(sheet, BY_QUINTILE, list(organisers)):
        if simd == UNKNOWN:
            sheet.left_out[SIMD_UNKNOWN] += len(organisers)
            continue
        values = totals if simd == ALL else quintiles
        for column, organiser_name in organisers.items():
            key = Key(code, year, stage_name, organiser_name, simd)
            _enter(values, key, sheet, number, column, row[column], marks)
    return quintiles, totals


def _columns(
    sheet: Sheet, labels: Labels, read: Callable[[str], str], what: str, marks: Mapping[str, str]
) -> dict[int, str]:
    """Columns of values and what each is of; noted where there are none, two of one, or one that is not understood."""
    names: dict[int, str] = {}
    beside = {sheet.heading.column(heading) for heading in (*labels, AREA)}
    for column, text in enumerate(sheet.heading.texts):
        name = read(text)
        if not name and column not in beside and text.strip():
            sheet.unread(column, what, marks)
        if name in names.values():
            message = f"Two columns of sheet '{one_line(sheet.name)}' are {name}."
            where = sheet.where(sheet.heading.row, column)
            sheet.findings.add("column-twice", "REJECT", message, where, DOWNLOAD_AGAIN)
        elif name:
            names[column] = name
    if not names:
        message = f"No column of sheet '{one_line(sheet.name)}' is a {what}."
        where = f"row {sheet.heading.row:,}"
        sheet.findings.add("no-values", "REJECT", message, where, DOWNLOAD_AGAIN)
    return names


def _rows(
    sheet: Sheet, labels: Labels, columns: Sequence[int]
) -> Iterator[tuple[int, str, list[str], Sequence[Any]]]:
    """Number, council's code, names of the labels and cells of each row; left out where a label has no name."""
    places = [sheet.heading.column(heading) for heading in (*labels, AREA)]
    for number, (*texts, area), row in sheet.rows(places, columns):
        names: list[str] = []
        for text, column, (what, read) in zip(texts, places[:-1], labels.values(), strict=True):
            if not (name := read(text)):
                sheet.unknown(what, text, sheet.where(number, column), len(columns))
                break
            names.append(name)
        else:
            yield number, sheet.code(area, number, places[-1]), names, row


def _enter(
    values: Values, key: Key, sheet: Sheet, number: int, column: int, content: Any, marks: Mapping[str, str]
) -> None:
    """Add a cell's value; what is not understood, or is there twice, is noted."""
    cell = sheet.percent(content, number, column, marks)
    if not key.code or cell is None:
        return
    if key in values:
        message = f"Sheet '{one_line(sheet.name)}' has two values of one council, year, stage, organiser and quintile."
        fix = "Delete the row that was added, or download the file again."
        sheet.findings.add("value-twice", "REJECT", message, sheet.where(number, column), fix)
    values[key] = cell


def _pupils(sheet: Sheet, values: Values) -> dict[Key, int]:
    """Number of pupils of each value of Table 10; numbers that do not give its percentage are noted, not used."""
    columns = [sheet.heading.column(text) for text in PUPILS_HEADINGS]
    pupils: dict[Key, int] = {}
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
            pupils[key] = round(count)
        else:
            message = "Numbers of pupils do not give the percentage of Table 10 and were not used."
            fix = "Download the file again; if it is as published, ask who published it."
            sheet.findings.add("pupils-disagree", "WARN", message, sheet.where(number, columns[2]), fix)
    return pupils


def _number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _agrees(value: float, percent: float, count: float) -> bool:
    """Whether both percentages are the same and give a whole number of pupils."""
    achieved = percent * count / 100
    return count > 0 and abs(value - percent) <= SAME_PERCENT and abs(achieved - round(achieved)) <= WHOLE


def _row(key: Key, cell: Cell, pupils: int | None) -> dict[str, Any]:
    """A row of the table of outcomes."""
    return {
        "gss_code": key.code,
        "school_year": key.year,
        "measure": f"{key.organiser} ({key.stage})",
        "stage": key.stage,
        "organiser": key.organiser,
        "simd_quintile": key.quintile,
        "value": cell.value,
        "unit": PERCENT,
        "missing": cell.missing,
        "low": cell.low,
        "high": cell.high,
        "numerator": None if pupils is None else round(cell.value * pupils / 100),
        "denominator": pupils,
    }


def _compare(values: Values, quintiles: Values, totals: Values, findings: Findings, places: Places) -> None:
    """Note councils that a table lacks, and tables that do not agree with each other; all of it is used."""
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
    for key, total in totals.items():
        same = values.get(key)
        if same is not None and abs(total.value - same.value) > SAME:
            message = "Totals of Table 11 differ from Table 10; Table 10 was used."
            where = f"{places.name(key.code)}, {key.year}, {key.stage}, {key.organiser}"
            fix = "Check that both tables are of one edition."
            findings.add("tables-disagree", "WARN", message, where, fix)


def _without_row(quintiles: Values) -> list[Key]:
    """The quintiles that have no row though others of the same council, year and stage have one."""
    present = {key._replace(organiser="") for key in quintiles}
    every = {key._replace(quintile=number): None for key in sorted(present) for number in QUINTILES}
    return [key for key in every if key not in present]


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
        texts = {note: book.as_text(row[text]).strip() for row in rows for note in notes_of(row[number])}
        return {note: texts[note] for note in sorted(numbers) if note in texts}
    return {}


def _invented(book: Workbook) -> bool:
    """Whether the cover sheet says that the numbers are invented."""
    if not book.sheets:
        return False
    cells = (str(cell) for row, _ in zip(book.rows(book.sheets[0]), range(30), strict=False) for cell in row)
    return any(INVENTED in cell.casefold() for cell in cells)
