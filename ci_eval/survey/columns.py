"""Rows become columns of text in which each distinct text is held once; columns not needed are dropped.

A survey of a million responses has few distinct answers. Holding a column as distinct texts and one
number a row makes it small, and lets every rule (is this an answer? which date is it?) run once a
distinct text, not once a cell.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.files import OpenFile
from ci_eval.inputs.text import listed, normalised

Numbers = NDArray[np.int32]
MOST_ROWS = 50  # of one cause in a work list
_SPARE = 4  # characters of spaces and punctuation around a word that is looked for
_BATCH = 16_384  # cells
# Small chunks stay in the processor's cache while rows are turned into columns: measured on 200,000 rows of
# 40 cells, 256 rows at a time take three quarters of the time of 4,096.
_CHUNK = 256


def row_numbers(rows: "Sequence[int] | NDArray[np.int32]", names: Sequence[str] = ()) -> str:
    """Numbers of rows in the file, with the ids of the responses where they are given; the first of many."""
    numbers = [f"{row:,}" for row in rows]
    pairs = [f"{one} ({name})" for one, name in zip(numbers, names, strict=True)] if names else numbers
    return f"row {listed(pairs, MOST_ROWS)}"


@dataclass(frozen=True)
class Cells:
    """One column: `distinct` are its texts, each once; `codes` says which of them each row holds."""

    distinct: tuple[str, ...]
    codes: Numbers

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: NDArray[np.bool_]) -> "Cells":
        """The rows where `rows` is True; `distinct` stays as it is, so some of it may no longer occur."""
        return Cells(self.distinct, self.codes[rows])

    def mapped(self, function: Callable[[str], str]) -> "Cells":
        """The column with `function` applied to each distinct text."""
        return Cells(tuple(map(function, self.distinct)), self.codes)

    def texts(self) -> NDArray[np.object_]:
        """One text a row."""
        return self.lookup(self.distinct, object)

    def lookup(self, per_text: Sequence[Any] | NDArray[Any], dtype: Any) -> NDArray[Any]:
        """One item a row, given one item for each of `distinct`."""
        table = np.empty(len(self.distinct), dtype=dtype)
        table[:] = per_text
        return table[self.codes]

    def blank(self) -> NDArray[np.bool_]:
        """Rows that hold nothing, or only spaces."""
        return self.lookup([not text or text.isspace() for text in self.distinct], bool)

    def holding(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Rows that hold one of these words, evened out; texts longer than any of them are not looked into."""
        forms, longest = set(map(normalised, words)), max(map(len, words)) + _SPARE
        # If no word begins with a figure, no date needs evening out, and few ids do.
        figures = any(form[:1].isdigit() for form in forms)
        short = (
            number
            for number, text in enumerate(self.distinct)
            if (figures or not text[:1].isdigit())
            and (len(text.strip()) <= longest or "<" in text or "&" in text)  # HTML lengthens a word
        )
        held = [number for number in short if normalised(self.distinct[number]) in forms]
        return np.isin(self.codes, held) if held else np.zeros(len(self), dtype=bool)

    def counts(self) -> NDArray[np.int64]:
        """Number of rows for each of `distinct`."""
        return np.bincount(self.codes, minlength=len(self.distinct)).astype(np.int64)


class TextIndex(defaultdict[str, int]):
    """Numbers texts in the order in which they are first met; looking up a new text adds it.

    A counter as default keeps looking up inside the interpreter: with a method of ours, an export of which every
    id is different spends a sixth of its time here.
    """

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def in_order(self) -> tuple[str, ...]:
        return tuple(self)


class CellIndex(dict[Any, int]):
    """Like `TextIndex` for cells of any type: `as_text` is called once for each distinct cell."""

    def __init__(self, as_text: Callable[[Any], str]) -> None:
        super().__init__()
        self.as_text = as_text
        self.texts = TextIndex()

    def __missing__(self, cell: Any) -> int:
        number = self[cell] = self.texts[self.as_text(cell)]
        return number

    def in_order(self) -> tuple[str, ...]:
        return self.texts.in_order()


class ColumnBuilder:
    """Collects one column chunk by chunk.

    A column of which most cells differ (ids, dates) is numbered many cells at once, and one in which nothing has
    come twice at the very end: both measured on a million rows, together a tenth of the time of a load.
    """

    def __init__(self, as_text: Callable[[Any], str] | None) -> None:
        self.index: TextIndex | CellIndex = CellIndex(as_text) if as_text else TextIndex()
        self.chunks: list[Numbers] = []
        self.rows = 0
        self.waiting: list[Any] = []
        self.compared = 0  # how many of those waiting have been looked through
        self.repeats = as_text is not None

    def add(self, cells: Sequence[Any]) -> None:
        if 2 * len(self.index) <= self.rows:
            self._number(cells)
            return
        self.waiting.extend(cells)
        if len(self.waiting) - self.compared < _BATCH:
            return
        newest = self.waiting[self.compared :]
        self.repeats = self.repeats or len(set(newest)) < len(newest)
        self.compared = len(self.waiting)
        if self.repeats:
            self._catch_up()

    def _number(self, cells: Sequence[Any]) -> None:
        numbers = map(self.index.__getitem__, cells)
        self.chunks.append(np.fromiter(numbers, dtype=np.int32, count=len(cells)))
        self.rows += len(cells)

    def _catch_up(self) -> None:
        self._number(self.waiting)
        self.waiting, self.compared = [], 0

    def finished(self) -> Cells:
        """The column; the chunks are let go, so that two copies are held for one column at a time only."""
        distinct = self.index.in_order()
        every = distinct if self.repeats else (*distinct, *self.waiting)
        if self.repeats or len(set(every)) < len(every):
            self._catch_up()
            distinct = self.index.in_order()
        else:
            self.chunks.append(np.arange(len(distinct), len(every), dtype=np.int32))
            distinct = every
        codes = np.concatenate(self.chunks) if self.chunks else np.empty(0, dtype=np.int32)
        self.chunks, self.index, self.waiting = [], TextIndex(), []
        return Cells(distinct, codes)


@dataclass
class Body:
    """The responses' cells.

    Attributes
    ----------
    columns : column → its cells, for the columns kept
    rows : row number in the file (from 1, as a spreadsheet counts) of each row kept
    blank_rows : number of rows without a single cell filled
    """

    columns: dict[int, Cells]
    rows: NDArray[np.int32]
    blank_rows: int


class Gatherer:
    """Collects rows into columns.

    Parameters
    ----------
    width : number of columns of the heading
    keep : columns to keep; the cells of all others are let go as soon as their row is read
    as_text : turns a cell into text, None where cells are texts already
    """

    def __init__(
        self, source: OpenFile, width: int, keep: Iterable[int], as_text: Callable[[Any], str] | None
    ) -> None:
        self.source, self.width, self.as_text = source, width, as_text
        self.builders = {column: ColumnBuilder(as_text) for column in sorted(keep)}
        self.numbers: list[NDArray[np.int32]] = []
        self.blank = 0
        self.wider: dict[int, int] = {}
        self.narrower: dict[int, int] = {}
        self.spare: dict[int, int] = {}  # rows whose additional cells are all empty

    def gather(self, rows: Iterator[Sequence[Any]], first: int) -> Body:
        """Read all rows; `first` is the row number of the next one. Rows of another width stop the load in the end."""
        width, most = {self.width}, self.source.limits.rows
        while chunk := list(islice(rows, _CHUNK)):
            numbers = np.arange(first, first + len(chunk), dtype=np.int32)
            first += len(chunk)
            if first - 1 > most:
                message = f"{self.source.name} has more than {most:,} rows."
                self.source.refuse("too-many-rows", message, "Load it in parts, or raise the limit rows.")
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
        refused = self._widths_noted(len(rows_kept))
        if self.spare and refused:
            # One cell too many, and empty: which one it is cannot be told where other rows have none.
            fit = ~np.isin(rows_kept, list(self.spare))
            rows_kept = rows_kept[fit]
            columns_kept = {column: cells.take(fit) for column, cells in columns_kept.items()}
        return Body(columns_kept, rows_kept, self.blank)

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

    def _widths_noted(self, total: int) -> bool:
        """Note rows of another width than the heading; whether they stop the load."""
        add = self.source.findings.add
        fix = "Export again; if rows were edited by hand, look for a lost separator or quotation mark."
        wider = dict(sorted((self.wider | self.spare).items())) if self.wider else {}
        for check, rows, more in (
            ("row-too-wide", wider, "more"),
            ("row-too-narrow", self.narrower, "fewer"),
        ):
            if rows:
                first = next(iter(rows))
                message = (
                    f"Rows have {more} cells than the heading: {rows[first]:,} against {self.width:,}. "
                    "Their answers would slip into other columns."
                )
                cells = row_numbers(list(rows))
                add(check, "REJECT", message, "", fix, len(rows), cells)
        if self.spare and len(self.spare) == total:
            message = (
                "Every row ends in a separator that the heading has not; the empty cells were passed over."
            )
            add("separator-at-end", "NOTE", message, count=total)
        elif self.spare and not self.wider:
            message = (
                f"Some rows, not all, have more cells than the heading's {self.width:,}; the cells are empty."
            )
            cells = row_numbers(list(self.spare))
            add("row-too-wide", "REJECT", message, "", fix, len(self.spare), cells)
            return True
        return bool(wider or self.narrower)
