"""One table of a published workbook: its sheet found by its headings, its rows with their numbers and places."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ci_eval.inputs.archive import SheetFacts
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.published import (
    DOWNLOAD_AGAIN,
    Heading,
    comparable,
    find_heading,
    notes_of,
    without_notes,
)
from ci_eval.inputs.text import letter, listed, one_line
from ci_eval.inputs.workbooks import Workbook
from ci_eval.outcomes.outcome_cells import Cell, meaning
from ci_eval.outcomes.places_and_years import Places

_LETTERS = re.compile(r"[A-Z]+")
TEXT_LINE = "line of text"
NO_HEADING = "in a column without a heading"


class Sheet:
    """A table in a sheet.

    Attributes
    ----------
    name : the sheet's name
    heading : its row of headings
    left_out : reason → number of cells
    cells_in : cells with a value, or in a column of values, below the headings
    notes : numbers of the notes the headings refer to
    """

    def __init__(
        self, book: Workbook, name: str, heading: Heading, findings: Findings, places: Places
    ) -> None:
        self.book, self.name, self.heading = book, name, heading
        self.findings, self.places = findings, places
        self.left_out: Counter[str] = Counter()
        self.cells_in = 0
        self.notes: set[int] = set()
        self._said: dict[object, Cell | None] = {}

    def rows(
        self, labels: Sequence[int], values: Sequence[int]
    ) -> Iterator[tuple[int, list[str], Sequence[Any]]]:
        """Number, labels and cells of every row of the table; `labels` and `values` are columns.

        Lines of text and cells without a heading are counted as left out.
        """
        self.notes |= {
            number for column in (*labels, *values) for number in notes_of(self.heading.texts[column])
        }
        self._check_sheet({*labels, *values})
        unnamed = [column for column, text in enumerate(self.heading.keys) if not text]
        every = self.book.rows(self.name)
        for number, row in enumerate(every, start=1):
            if number <= self.heading.row or not any(cell not in ("", None) for cell in row):
                continue
            stray = sum(row[column] not in ("", None) for column in unnamed if column < len(row))
            self.cells_in += len(values) + stray
            self.left_out.update({NO_HEADING: stray} if stray else {})
            if sum(row[column] not in ("", None) for column in (*labels, *values)) < 2:
                self.left_out[TEXT_LINE] += len(values)
                continue
            yield number, [self.book.as_text(row[column]) for column in labels], row

    def where(self, row: int, column: int) -> str:
        """A cell's place in words."""
        heading = one_line(without_notes(self.heading.texts[column]))
        return f"sheet '{one_line(self.name)}', row {row:,}, column {letter(column)} \"{heading}\""

    def code(self, text: str, row: int, column: int) -> str:
        """The GSS code of a row's area, "" where it cannot be told (noted)."""
        return self.places.code(text, self.where(row, column))

    def percent(self, cell: Any, row: int, column: int, marks: Mapping[str, str]) -> Cell | None:
        """What a cell of percentages says, None where it is not understood (noted)."""
        if cell not in self._said:
            said = meaning(cell, marks)
            outside = said is not None and (said.value < 0 or said.value > 100)
            self._said[cell] = None if outside or is_fraction(said) else said
        found = self._said[cell]
        if found is None:
            self._refuse(cell, is_fraction(meaning(cell, marks)), self.where(row, column))
        return found

    def _refuse(self, cell: Any, fraction: bool, where: str) -> None:
        if fraction:
            message = "Percentages of 1 or less, which look like fractions, stand in a table of percent."
            place = f"{where}: {one_line(self.book.as_text(cell), 40)}"
            self.findings.add("fractions", "REJECT", message, place, DOWNLOAD_AGAIN)
            return
        if isinstance(cell, (int, float)):
            message = f"The percentage {cell:g} is not between 0 and 100."
            self.findings.add("not-a-percentage", "REJECT", message, where, DOWNLOAD_AGAIN)
            return
        message = f'We do not know what the cell "{one_line(self.book.as_text(cell), 40)}" means.'
        fix = (
            "Look for it among the symbols on the file's cover sheet; then declare it, as in "
            'marks = {"*" = "suppressed"}.'
        )
        self.findings.add("unknown-mark", "ASK", message, where, fix)

    def unknown(self, what: str, text: str, where: str, cells: int) -> None:
        """Leave out cells whose stage, organiser or quintile has no name here, and show it."""
        self.left_out[f"{what} not known here"] += cells
        message = f'The {what} "{one_line(text, 60)}" is not known here; its values were left out.'
        fix = "If the file is as published its wording is new: add it to impact/outcomes/acel_words.py."
        self.findings.add(f"unknown-{what.replace(' ', '-')}", "WARN", message, where, fix)

    def _check_sheet(self, used: set[int]) -> None:
        """Say what the values do not show: hidden rows, and formulas in the columns that are used."""
        facts = self.book.archive.sheets.get(self.name, SheetFacts())
        where = f"sheet '{one_line(self.name)}'"
        if facts.hidden:
            message = f"{facts.hidden_rows:,} hidden rows and {facts.hidden_columns:,} groups of hidden columns were read."
            self.findings.add("hidden-cells", "WARN", message, where, "Check that they belong to the table.")
        letters = {letter(column) for column in used}
        broken = sorted(name for name in facts.errors if _column(name) in letters)
        formulas = [name for name in facts.formulas if _column(name) in letters and name not in facts.errors]
        empty = [name for name in formulas if not facts.formulas[name]]
        if broken or empty:
            message = f"Formulas without a usable value stand in {listed(broken + empty)}."
            count = len(broken) + len(empty)
            self.findings.add("formula-without-value", "REJECT", message, where, DOWNLOAD_AGAIN, count)
        elif formulas:
            message = f"Formulas stand in {listed(formulas)}; the values saved with them were read."
            fix = "The published tables hold none: check who changed the file."
            self.findings.add("formulas", "WARN", message, where, fix, len(formulas))


def is_fraction(said: Cell | None) -> bool:
    """Whether a percentage above 0 is so small that it can only be a fraction: no published one is below 2."""
    return said is not None and 0 < said.value <= 1


def _column(cell: str) -> str:
    found = _LETTERS.match(cell)
    return found[0] if found else ""


def locate(
    book: Workbook,
    title: str,
    wanted: Sequence[str],
    findings: Findings,
    places: Places,
    *,
    needed: bool = True,
) -> Sheet | None:
    """The sheet whose headings include all of `wanted`; the one named after `title` is looked at first.

    Not found, or found twice: noted, and None.
    """
    named = [sheet for sheet in book.sheets if comparable(sheet).replace("_", " ") == comparable(title)]
    nearest, lacking = "", tuple(wanted)
    found: list[Sheet] = []
    for sheet in (*named, *(sheet for sheet in book.sheets if sheet not in named)):
        heading, missing = find_heading(book.rows(sheet), wanted)
        if heading is not None:
            found.append(Sheet(book, sheet, heading, findings, places))
            if sheet in named:
                return found[0]
        elif len(missing) < len(lacking):
            nearest, lacking = sheet, missing
    if len(found) == 1:
        return found[0]
    if needed and found:
        sheets = listed(f"'{one_line(sheet.name)}'" for sheet in found)
        message = f"{title} could be in any of the sheets {sheets}."
        findings.add("table-unclear", "REJECT", message, fix=f"Name the right sheet {title}.")
    elif needed:
        message = f"No sheet holds {title}: a row with the headings {_quoted(wanted)}."
        if nearest:
            message += f" The nearest, '{one_line(nearest)}', lacks {_quoted(lacking)}."
        findings.add("table-missing", "REJECT", message, fix=DOWNLOAD_AGAIN)
    return None


def _quoted(headings: Sequence[str]) -> str:
    return listed([f'"{heading}"' for heading in headings], 20)
