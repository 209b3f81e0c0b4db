"""The rows of an export on their way in: gathered column by column, what is not needed dropped."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.columns import Cells, ColumnBuilder
from ci_eval.inputs.files import HashingReader, refuse
from ci_eval.inputs.limits import Limits
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import listed


@dataclass
class Rows:
    """The rows of an export on their way in.

    Attributes
    ----------
    head : the first rows as texts, for finding the heading
    first : the same rows as they came
    rest : the rows after them, gone through once
    read_as : how the file was read, for people
    hashed : hashes the file while it is read
    as_text : turns a cell into text; None where cells are texts
    tool : the only tool that writes such files, "" for any
    labels : column → code → label, where the file holds them
    problems : what was noted so far
    merged : ranges of merged cells
    after : what there is to note once all rows were gone through
    """

    head: list[list[str]]
    first: list[Sequence[Any]]
    rest: Iterator[Sequence[Any]]
    read_as: tuple[str, ...]
    hashed: HashingReader
    as_text: Callable[[Any], str] | None = None
    tool: str = ""
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    after: Callable[[], list[Problem]] = list
    merged: list[str] = field(default_factory=list)


# Small chunks stay in the processor's cache while rows are turned into columns: measured on 200,000 rows of
# 40 cells, 256 rows at a time take three quarters of the time of 4,096.
CHUNK = 256


@dataclass
class Body:
    """The responses' cells.

    Attributes
    ----------
    columns : column → its cells, for the columns kept
    rows : row number in the file (from 1, as a spreadsheet counts) of each row kept
    blank_rows : number of rows without a single cell filled
    problems : rows that are wider or narrower than the heading
    """

    columns: dict[int, Cells]
    rows: NDArray[np.int32]
    blank_rows: int = 0
    problems: list[Problem] = field(default_factory=list)


class Gatherer:
    """Collects rows into columns.

    Parameters
    ----------
    width : number of columns of the heading
    keep : columns to keep; the cells of all others are let go as soon as their row is read
    as_text : turns a cell into text, None where cells are texts already
    """

    def __init__(
        self, name: str, width: int, keep: Iterable[int], as_text: Callable[[Any], str] | None, limits: Limits
    ) -> None:
        self.name, self.width, self.limits = name, width, limits
        self.as_text = as_text
        self.builders = {column: ColumnBuilder(as_text) for column in sorted(keep)}
        self.numbers: list[NDArray[np.int32]] = []
        self.blank = 0
        self.wider: dict[int, int] = {}
        self.narrower: dict[int, int] = {}
        self.spare: dict[int, int] = {}  # rows whose additional cells are all empty

    def gather(self, rows: Iterator[Sequence[Any]], first: int) -> Body:
        """Read all rows; `first` is the row number of the next one."""
        width = {self.width}
        while chunk := list(islice(rows, CHUNK)):
            numbers = np.arange(first, first + len(chunk), dtype=np.int32)
            first += len(chunk)
            if first - 1 > self.limits.rows:
                message = f"{self.name} has more than {self.limits.rows:,} rows."
                refuse(self.name, "too-many-rows", message, "Load it in parts, or raise the limit rows.")
            filled = (
                list(map(any, chunk))
                if self.as_text is None
                else [any(c != "" for c in row) for row in chunk]
            )
            if not all(filled):
                chunk = [row for row, used in zip(chunk, filled, strict=True) if used]
                numbers = numbers[filled]
                self.blank += filled.count(False)
                if not chunk:
                    continue
            if set(map(len, chunk)) != width:
                fitted = [self._fitted(row, int(number)) for row, number in zip(chunk, numbers, strict=True)]
                numbers = numbers[[row is not None for row in fitted]]
                chunk = [row for row in fitted if row is not None]
                if not chunk:
                    continue
            columns = tuple(zip(*chunk, strict=True))
            for column, builder in self.builders.items():
                builder.add(columns[column])
            self.numbers.append(numbers)
        rows_kept = np.concatenate(self.numbers) if self.numbers else np.empty(0, dtype=np.int32)
        columns_kept = {column: builder.finished() for column, builder in self.builders.items()}
        found = self._problems(len(rows_kept))
        if self.spare and any(problem.stops for problem in found):
            # One cell too many, and empty: which one it is cannot be told where other rows have none.
            fit = ~np.isin(rows_kept, list(self.spare))
            rows_kept = rows_kept[fit]
            columns_kept = {column: cells.take(fit) for column, cells in columns_kept.items()}
        return Body(columns_kept, rows_kept, self.blank, found)

    def _fitted(self, row: Sequence[Any], number: int) -> Sequence[Any] | None:
        """The row at the heading's width, None where it cannot be told which cell belongs to which heading.

        Such a row stops the load in the end. Nothing else is said of it: its cells may stand under wrong headings,
        where a name would be taken for an answer and shown.
        """
        if len(row) > self.width:
            if any(cell != "" for cell in row[self.width :]):
                self.wider[number] = len(row)
                return None
            self.spare[number] = len(row)
            return row[: self.width]
        if len(row) < self.width:
            self.narrower[number] = len(row)
            return None
        return row

    def _problems(self, total: int) -> list[Problem]:
        found = []
        fix = "Export again; if rows were edited by hand, look for a lost separator or quotation mark."
        wider = dict(sorted((self.wider | self.spare).items())) if self.wider else {}
        for check, rows, more in (
            ("row-too-wide", wider, "more"),
            ("row-too-narrow", self.narrower, "fewer"),
        ):
            if rows:
                first = next(iter(rows))
                message = (
                    f"Rows have {more} cells than the heading: {rows[first]:,} against {self.width:,} "
                    f"in row {first:,}. Their answers would slip into other columns."
                )
                numbers = listed(f"{number:,}" for number in rows)
                found.append(Problem(check, "REJECT", message, f"{self.name}, row {numbers}", len(rows), fix))
        if self.spare and len(self.spare) == total:
            message = (
                "Every row ends in a separator that the heading has not; the empty cells were passed over."
            )
            found.append(Problem("separator-at-end", "NOTE", message, self.name, len(self.spare)))
        elif self.spare and not self.wider:
            message = (
                f"Some rows, not all, have more cells than the heading's {self.width:,}; the cells are empty."
            )
            where = f"{self.name}, row {listed(f'{number:,}' for number in self.spare)}"
            found.append(Problem("row-too-wide", "REJECT", message, where, len(self.spare), fix))
        return found
