"""Columns of text in which each distinct text is held once.

A survey of a million responses has few distinct answers. Holding a column as distinct texts and one
number a row makes it small, and lets every rule (is this an answer? which date is it?) run once a
distinct text, not once a cell.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
_BATCH = 16_384  # cells


class CellTooLongError(Exception):
    """A cell is longer than the limit; holds its length."""


def plain_text(cell: Any, longest: int) -> str:
    """A cell as the text a csv export would hold: 1.0 is "1", a date is in year-month-day order.

    Raises
    ------
    CellTooLongError
        If a text has more than `longest` characters.
    """
    if isinstance(cell, str):
        if len(cell) > longest:
            raise CellTooLongError(len(cell))
        return cell
    if cell is None or cell != cell:  # NaN and NaT are not equal to themselves
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        if cell.microsecond:
            # Excel keeps a moment as a fraction of a day, which misses the second by microseconds.
            whole = (cell + dt.timedelta(milliseconds=500)).replace(microsecond=0)
            return whole.isoformat(" ")
        return cell.isoformat(" ")
    return str(cell)


@dataclass(frozen=True)
class Cells:
    """One column: `distinct` are its texts, each once; `codes` says which of them stands in each row."""

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

    def counts(self) -> NDArray[np.int64]:
        """Number of rows for each of `distinct`."""
        return np.bincount(self.codes, minlength=len(self.distinct)).astype(np.int64)

    def first(self, which: Iterable[int]) -> int:
        """Position of the first row that holds one of the distinct texts with these numbers."""
        wanted = np.zeros(len(self.distinct), dtype=bool)
        wanted[list(which)] = True
        return int(np.argmax(wanted[self.codes]))


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
