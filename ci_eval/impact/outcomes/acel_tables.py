"""Tables 10 and 11 of the published workbook, each to one entry a value.

Table 10: a row a stage, organiser and council, a column a school year. Table 11: a row a school year, stage,
council and SIMD quintile, a column an organiser.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ci_eval.survey.text import shown

from .acel_words import TOTAL, UNKNOWN, organiser, quintile, stage
from .headings import plain
from .opening import DOWNLOAD_AGAIN
from .places import school_year
from .schema import ALL
from .sheets import Sheet
from .values import Cell

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
    years = _columns(sheet, lambda text: school_year(plain(text)), "school year")
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
            message = f"Two columns of sheet '{shown(sheet.name)}' are {name}."
            sheet.findings.add(
                "column-twice", "REJECT", message, sheet.where(sheet.heading.row, column), DOWNLOAD_AGAIN
            )
        elif name:
            found[column] = name
    if not found:
        message = f"No column of sheet '{shown(sheet.name)}' is a {what}."
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
        message = f"A value stands twice in sheet '{shown(sheet.name)}': one council, year, stage, organiser and quintile."
        mend = "Delete the row that was added, or download the file again."
        sheet.findings.add("value-twice", "REJECT", message, sheet.where(row, column), mend)
    found[key] = cell
