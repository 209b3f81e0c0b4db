"""One table of a published workbook: its sheet found by its headings, its rows with their numbers and places."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
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
        self._cells: dict[object, Cell | None] = {}

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
        """The GSS code of a row's area, "" where it is not certain (noted)."""
        code = self.places.look_up(text)  # the place in words costs more than the look-up
        return code if isinstance(code, str) else self.places.code(text, self.where(row, column))

    def percent(self, content: Any, row: int, column: int, marks: Mapping[str, str]) -> Cell | None:
        """What a cell of percentages holds, None where it is not understood (noted)."""
        if content not in self._cells:
            cell = meaning(content, marks)
            outside = cell is not None and (cell.value < 0 or cell.value > 100)
            self._cells[content] = None if outside or _is_fraction(cell) else cell
        if self._cells[content] is None:
            self._refuse(content, _is_fraction(meaning(content, marks)), self.where(row, column))
        elif content == 0:
            message = (
                "A table of percent holds values of exactly 0, which may stand for values not collected."
            )
            self.findings.add("value-of-zero", "WARN", message, self.where(row, column), DOWNLOAD_AGAIN)
        return self._cells[content]

    def _refuse(self, content: Any, fraction: bool, where: str) -> None:
        text = one_line(self.book.as_text(content), 40)
        if fraction:
            message = "A table of percent holds values of 1 or less, which look like fractions."
            self.findings.add("fractions", "REJECT", message, f"{where}: {text}", DOWNLOAD_AGAIN)
        elif isinstance(content, (int, float)):
            message = f"The percentage {content:g} is not between 0 and 100."
            self.findings.add("not-a-percentage", "REJECT", message, where, DOWNLOAD_AGAIN)
        else:
            message = f'We do not know what the cell "{text}" means.'
            fix = "Look for it among the symbols on the file's cover sheet; then declare it, as in "
            fix += 'marks = {"*" = "suppressed"}.'
            self.findings.add("unknown-mark", "ASK", message, where, fix)

    def unread(self, column: int, what: str, marks: Mapping[str, str]) -> None:
        """Refuse a column of numbers whose heading is not understood: a year or organiser would be lost in silence."""
        rows = islice(self.book.rows(self.name), self.heading.row, None)
        cells = (meaning(row[column], marks) for row in rows if column < len(row))
        if any(cell is not None and not cell.missing for cell in cells):
            message = (
                f"A column of sheet '{one_line(self.name)}' holds numbers, and its heading is no {what}."
            )
            fix = f"Write the {what} alone in the heading, or delete the column if it is of something else."
            where = self.where(self.heading.row, column)
            self.findings.add("heading-unknown", "REJECT", message, where, fix)

    def unknown(self, what: str, text: str, where: str, cells: int) -> None:
        """Leave out cells whose stage, organiser or quintile is not among the names known, and note it."""
        self.left_out[f"{what} not known"] += cells
        message = f'The {what} "{one_line(text, 60)}" is not known; its values were left out.'
        fix = "If the file is as published its wording is new: add it to ci_eval/outcomes/acel.py."
        self.findings.add(f"unknown-{what.replace(' ', '-')}", "WARN", message, where, fix)

    def _check_sheet(self, used: set[int]) -> None:
        """Note what the values do not show: hidden rows, and formulas in the columns that are used."""
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
            message = f"Cells hold formulas without a usable value: {listed(broken + empty)}."
            count = len(broken) + len(empty)
            self.findings.add("formula-without-value", "REJECT", message, where, DOWNLOAD_AGAIN, count)
        elif formulas:
            message = f"Cells hold formulas: {listed(formulas)}. The values saved with them were read."
            fix = "The published tables hold none: check who changed the file."
            self.findings.add("formulas", "WARN", message, where, fix, len(formulas))


def _is_fraction(cell: Cell | None) -> bool:
    """Whether a percentage above 0 is so small that it can only be a fraction: no published one is below 2."""
    return cell is not None and 0 < cell.value <= 1


def _column(cell: str) -> str:
    letters = _LETTERS.match(cell)
    return letters[0] if letters else ""


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

    None, and noted, where no sheet has them or several do.
    """
    named = [sheet for sheet in book.sheets if comparable(sheet).replace("_", " ") == comparable(title)]
    nearest, lacking = "", tuple(wanted)
    candidates: list[Sheet] = []
    for sheet in (*named, *(sheet for sheet in book.sheets if sheet not in named)):
        heading, missing = find_heading(book.rows(sheet), wanted)
        if heading is not None:
            candidates.append(Sheet(book, sheet, heading, findings, places))
            if sheet in named:
                return candidates[0]
        elif len(missing) < len(lacking):
            nearest, lacking = sheet, missing
    if len(candidates) == 1:
        return candidates[0]
    if needed and candidates:
        sheets = listed(f"'{one_line(sheet.name)}'" for sheet in candidates)
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
