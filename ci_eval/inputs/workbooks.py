"""Rows of a workbook (.xlsx), every cell as text, read by calamine after `archive` has measured it.

Saved values are read, never formulas: a formula that was saved with an error or without a value stops the
load, because its cell looks like an empty answer.
"""

import io
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import Any

from ci_eval.inputs import personal_data
from ci_eval.inputs.archive import Archive, SheetFacts, inspect, with_usual_names
from ci_eval.inputs.files import OpenFile
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import cell_text, column_of, letter, listed

_CHUNK = 256  # rows handed on at once
_MOST_CELLS = 50  # of one cause in a work list


class Workbook:
    """An opened workbook; `rows` gives the rows of one sheet.

    Attributes
    ----------
    sheets : names of the sheets, in order
    """

    def __init__(self, source: OpenFile) -> None:
        # calamine takes a third of a second off every other import, and is needed for workbooks only.
        from python_calamine import CalamineWorkbook

        self.source = source
        self.as_text = partial(cell_text, longest=source.limits.cell_characters)
        data = with_usual_names(source, io.BufferedReader(source.from_start()).read())
        self.archive: Archive = inspect(source, data)
        with _damage_refused(source):
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            self.sheets: list[str] = list(self._book.sheet_names)

    def rows(self, sheet: str) -> Iterator[list[Any]]:
        """The rows of a sheet from row 1 on, all of one width; cells are str, int, float or a date type."""
        with _damage_refused(self.source):
            table = self._book.get_sheet_by_name(sheet)
            # The reader gives empty rows above the first used cell, but not empty columns to its left; these are
            # put back, so that column letters in messages are those of the spreadsheet.
            _, left = table.start or (0, 0)
            every = table.iter_rows()
        blank: list[Any] = [""] * left
        return chain.from_iterable(self._chunks(every, blank))

    def _chunks(self, every: Iterator[list[Any]], blank: list[Any]) -> Iterator[list[list[Any]]]:
        """The rows some at a time, so that what is done for each row is done by the interpreter's own loops."""
        while True:
            with _damage_refused(self.source):
                chunk = list(islice(every, _CHUNK))
            if not chunk:
                return
            # True equals 1 in Python, so flags become words before cells are compared with each other.
            if bool in map(type, chain.from_iterable(chunk)):
                chunk = [[str(c).upper() if isinstance(c, bool) else c for c in row] for row in chunk]
            yield [blank + row for row in chunk] if blank else chunk

    def merged(self, sheet: str) -> list[str]:
        """The merged cells of a sheet, as ranges in the order of their rows; only the first cell of each has a value."""
        facts = self.archive.sheets.get(sheet, SheetFacts())
        return sorted(facts.merged, key=lambda cells: (last_row(cells), cells))

    def note(self, sheet: str, used: Container[int] | None = None) -> None:
        """Note what the workbook holds that its values do not show: hidden rows, formulas, macros, links.

        Formulas count in the columns used only; None stands for all.
        """
        facts = self.archive.sheets.get(sheet, SheetFacts())
        add, where = self.source.findings.add, f"sheet '{personal_data.name(sheet)}'"
        if facts.hidden:
            rows, columns = facts.hidden_rows, facts.hidden_columns
            message = (
                f"{rows:,} hidden rows and {columns:,} groups of hidden columns were loaded like all others."
            )
            add("hidden-cells", "WARN", message, where, "Check that they belong to the survey.")
        if self.archive.macros:
            message = "The workbook holds macros. They were not run."
            add("macros", "WARN", message, fix="Ask where the file comes from.")
        if self.archive.saved_again:
            message = "The workbook was saved again after it was made, perhaps by hand."
            fix = "Use the untouched export if you can; its sha256 is in the load record."
            add("workbook-edited", "WARN", message, fix=fix)
        if self.archive.external_links:
            message = "The workbook refers to other workbooks. They were not opened; saved values were read."
            add("external-links", "WARN", message)
        errors, formulas = (
            [cell for cell in cells if used is None or column_of(cell) in used]
            for cells in (sorted(facts.errors), facts.formulas)
        )
        fix = "Export again: an untouched export holds no formulas. Or put what was answered in their place."
        if errors:
            message = f"Formula errors (such as #DIV/0!) stand in {_columns(errors)}."
            add("formula-error", "REJECT", message, where, fix, len(errors), listed(errors, _MOST_CELLS))
        formulas = [cell for cell in formulas if cell not in facts.errors]
        if empty := [cell for cell in formulas if not facts.formulas[cell]]:
            message = (
                f"Formulas without a value stand in {_columns(empty)}; they read like unanswered questions."
            )
            add(
                "formula-without-value", "REJECT", message, where, fix, len(empty), listed(empty, _MOST_CELLS)
            )
        if computed := [cell for cell in formulas if facts.formulas[cell]]:
            message = f"Formulas stand in {_columns(computed)}; the values saved with them were read."
            add("formulas", "WARN", message, where, fix, len(computed), listed(computed, _MOST_CELLS))


def _columns(cells: Iterable[str]) -> str:
    """The columns of some cells, whose rows are for the work list: ``column G``."""
    letters = sorted({letter(column_of(cell)) for cell in cells}, key=lambda name: (len(name), name))
    return f"column{'s' if len(letters) > 1 else ''} {listed(letters)}"


def last_row(cells: str) -> int:
    """The last row of a range of cells: 3 for ``A1:F3``."""
    return int(cells.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def note_merged(ranges: list[str], first_response: int, findings: Findings) -> None:
    """Note what merged cells mean: headings can be read all the same, answers below them are lost."""
    if above := [cells for cells in ranges if last_row(cells) < first_response]:
        message = (
            f"Heading cells are merged ({listed(above)}); each column was read by the heading in its own row."
        )
        fix = "Check the headings in the load record; better, use the untouched export."
        findings.add("cells-merged", "WARN", message, "", fix, len(above))
    if below := [cells for cells in ranges if last_row(cells) >= first_response]:
        message = "Cells are merged among the responses: only the first cell of each keeps its answer."
        fix = "Use the untouched export: what the other cells held is lost."
        cells = listed(below, _MOST_CELLS)
        findings.add("answers-merged", "REJECT", message, "", fix, len(below), cells)


@contextmanager
def _damage_refused(source: OpenFile) -> Iterator[None]:
    """Whatever the reader stumbles over in a workbook becomes a refusal that names the file."""
    message = f"{source.name} is a damaged workbook."
    try:
        yield
    except MemoryError:
        raise
    except Exception:
        source.refuse("broken-workbook", message)
    except BaseException as error:
        # The reader is written in Rust, whose panics arrive here as a kind of their own, outside Exception.
        if type(error).__module__ != "pyo3_runtime":
            raise
        source.refuse("broken-workbook", message)
