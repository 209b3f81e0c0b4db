"""The rows of a text file below its headings: columns by name, every row as wide as the heading."""

import os
import re
from collections.abc import Iterator, Sequence

from ci_eval.inputs.published import CSV_AGAIN, find_heading, table
from ci_eval.inputs.text import letter, listed, one_line
from ci_eval.outcomes.outcome_cells import Cell, meaning

# Where semicolons separate cells, commas are often decimal; three figures after one can also be thousands.
_UNCLEAR = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3} ?%?", re.ASCII)


class Delimited:
    """A text file with headings.

    Attributes
    ----------
    findings : problems so far; stopping ones about the headings are there at once
    blank : rows without any filled cell, so far
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        needed: Sequence[str],
        optional: Sequence[str] = (),
        fix: str = CSV_AGAIN,
    ) -> None:
        self.opened = table(path, fix)
        self.findings = self.opened.findings
        self.blank = 0
        heading, lacking = find_heading(iter(self.opened.rows), needed)
        if heading is None:
            quoted = listed([f'"{name}"' for name in needed], 20)
            message = f"The file needs a row with the headings {quoted}; the nearest row lacks {listed(lacking, 20)}."
            fix = "Give the columns these headings, as the layout says." if fix == CSV_AGAIN else fix
            self.findings.refuse("headings-missing", message, fix=fix)
        self.heading = heading
        self.columns = {name: heading.column(name) for name in (*needed, *optional)}
        for name, column in self.columns.items():
            if column >= 0 and heading.keys.count(heading.keys[column]) > 1:
                message = f'The column "{name}" is there twice.'
                where = f"row {heading.row}"
                self.findings.add("column-twice", "REJECT", message, where, "Delete one of the two.")
        self.findings.raise_if_stopping()

    def has(self, name: str) -> bool:
        return self.columns[name] >= 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of every row that is not blank; one of another width is noted and passed over."""
        width = len(self.heading.keys)
        for number, row in enumerate(self.opened.rows[self.heading.row :], start=self.heading.row + 1):
            if not any(cell.strip() for cell in row):
                self.blank += 1
            elif len(row) != width:
                message = "A row does not have as many cells as the heading row."
                where = f"row {number:,} ({len(row)} cells, headings {width})"
                fix = "Put texts and numbers that hold a comma in quotation marks."
                self.findings.add("row-length", "REJECT", message, where, fix)
            else:
                yield number, row

    def text(self, row: list[str], name: str) -> str:
        """A cell's text without outer spaces; "" where the column is not there."""
        column = self.columns[name]
        return row[column].strip() if column >= 0 else ""

    def where(self, number: int, name: str) -> str:
        """A cell's place in words."""
        return f'row {number:,}, column {letter(self.columns[name])} "{name}"'

    def number(self, number: int, row: list[str], name: str) -> Cell:
        """What a cell holds; what is not understood is noted and reads as blank."""
        text = self.text(row, name)
        if "semicolon" in self.opened.read_as and _UNCLEAR.fullmatch(text):
            message = (
                f'Numbers of "{name}" hold a comma: 74,512 can be 74.512, or more than seventy thousand.'
            )
            fix = (
                "Write them with a decimal point (74.512), or without any sign between the thousands (74512)."
            )
            self.findings.add("comma-unclear", "REJECT", message, f"{self.where(number, name)}: {text}", fix)
            return Cell()
        cell = meaning(text)
        if cell is None:
            message = f'A cell of "{name}" is neither a number nor a mark that we know.'
            place = f'{self.where(number, name)}: "{one_line(text, 40)}"'
            fix = "Write a plain number such as 74.5; leave the cell of a missing value empty, or write [c] or [w]."
            self.findings.add("not-a-number", "REJECT", message, place, fix)
            return Cell()
        return cell
