"""Achievement of Curriculum for Excellence Levels: the published workbook to outcomes.

Source: Scottish Government, "Achievement of Curriculum for Excellence (CfE) Levels", a workbook a year; Table 10
by council, Table 11 by council and SIMD quintile. Read as downloaded: no cell has to be cleaned by hand.
Validated against the edition of 9 December 2025: national figures, totals of Table 11 equal to Table 10, all
councils named, every percentage of Table 10 a whole number of pupils (tests/impact/test_outcomes_acel.py).
"""

import os
from collections.abc import Mapping

from ci_eval.programme import Councils
from ci_eval.survey.text import listed
from ci_eval.survey.workbook import Workbook

from . import acel_pupils
from .acel_tables import BY_QUINTILE, BY_YEAR, Key, by_quintile, by_year
from .acel_words import measure
from .findings import Findings
from .headings import find, notes_of
from .opening import DOWNLOAD_AGAIN, workbook
from .places import SCOTLAND, Places
from .schema import OF_SCOTLAND, PERCENT, QUINTILES, Outcomes, OutcomesRecord, reasons, table_of
from .sheets import locate
from .values import Cell, marks_with

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
        third = locate(book, acel_pupils.TITLE, acel_pupils.HEADINGS, findings, places, needed=False)
        counts = acel_pupils.pupils(third, values) if third else {}
        notes = _published_notes(book, first.notes | second.notes)
        size, sha256, invented = book.source.size, book.hashed.sha256.hexdigest(), _invented(book)
    every = {**values, **quintiles}
    council = table_of(
        _columns({key: cell for key, cell in every.items() if key.code != SCOTLAND}, counts, places)
    )
    nation = table_of(
        _columns({key: cell for key, cell in every.items() if key.code == SCOTLAND}, counts, places)
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


def _columns(cells: Mapping[Key, Cell], counts: Mapping[Key, int], places: Places) -> dict[str, list[object]]:
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
            findings.add("councils-absent", "WARN", message, mend=DOWNLOAD_AGAIN, count=len(absent))
    if SCOTLAND not in {key.code for key in values}:
        message = "Table 10 has no row of Scotland, so there are no national figures."
        findings.add("nation-absent", "WARN", message, mend=DOWNLOAD_AGAIN)
    for key in _without_row(quintiles):
        message = "Table 11 has no row of some council, year, stage and SIMD quintile; nothing was put in its place."
        where = f"{places.name(key.code)}, {key.year}, {key.stage}, quintile {key.quintile}"
        findings.add("rows-absent", "NOTE", message, where)
    for key, total in totals.items():
        same = values.get(key)
        if same is not None and abs(total.value - same.value) > SAME:
            message = "Totals of Table 11 differ from Table 10; Table 10 was used."
            where = f"{places.name(key.code)}, {key.year}, {key.stage}, {key.organiser}"
            mend = "Check that both tables are of one edition."
            findings.add("tables-disagree", "WARN", message, where, mend)


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
        heading, _ = find(rows, ("Note number", "Note text"))
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
