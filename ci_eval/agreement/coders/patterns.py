"""Distinct patterns of codes: what the coders said, and of how many units.

Every coefficient of agreement depends on the units only through how often each pattern of codes occurs, so
all of them are computed on the distinct patterns. Which coder gave which code matters to Cohen's and Conger's
kappa alone; the others take count patterns, in which each row is sorted. Methods: docs/methods.md B.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ci_eval.agreement.arguments import unmasked
from ci_eval.agreement.coders.agreement_result import CODERS
from ci_eval.agreement.coders.codes import Codes, as_array, declared_categories, encode, written
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

KEY = 2**62  # a row of codes is one 64-bit whole number for as long as it fits
DENSE = 4_000_000  # cells of a (pattern, value) table held in full; larger ones are held as a sparse array


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct patterns.

    Attributes
    ----------
    rows : codes (pattern, coder), −1 missing
    times : units with that pattern, positive
    categories : what each code stands for, in order
    declared : whether the categories were declared, or are those that occurred
    units, coders : rows and columns received
    by_coder : whether a column of `rows` is one coder; if not, each row is sorted, the missing last
    remark : what a reader of any coefficient must know of the table as it was given
    """

    rows: IntArray
    times: IntArray
    categories: npt.NDArray[Any]
    declared: bool
    units: int
    coders: int
    by_coder: bool
    remark: str = ""

    @property
    def given(self) -> IntArray:
        """Codes given, for each pattern."""
        return np.asarray((self.rows >= 0).sum(axis=1))

    @property
    def highest(self) -> IntArray:
        """The last category given in each pattern; −1 where none is."""
        return np.asarray(self.rows.max(axis=1, initial=-1))

    @property
    def lowest(self) -> IntArray:
        """The first category given in each pattern."""
        return np.asarray(np.where(self.rows >= 0, self.rows, self.size).min(axis=1, initial=self.size))

    @property
    def pairable(self) -> int:
        """Units with codes from two coders or more."""
        return int(self.times[self.given >= 2].sum())

    @property
    def size(self) -> int:
        """Number of categories."""
        return len(self.categories)

    def counted(self, at_least: int = 1) -> "Patterns":
        """Count patterns of the units with `at_least` so many codes: sorted, the same ones put together."""
        keep = self.given >= at_least
        rows = np.sort(self.rows[keep], axis=1)[:, ::-1]
        rows = rows[:, : int(self.given.max(initial=0))]
        index, times = distinct(rows, self.size, self.times[keep])
        return replace(self, rows=rows[index], times=times, by_coder=False)

    def margins(self, weights: FloatArray) -> FloatArray:
        """How often each value was given (draw, value), under weights (draw, pattern)."""
        return np.asarray(weights @ self._counts)

    def sums(self, scores: FloatArray) -> FloatArray:
        """Sum of the scores (draw, value) of the codes in each pattern (draw, pattern)."""
        return np.asarray(scores @ self._counts.T)

    @property
    def counts(self) -> FloatArray:
        """Codes (pattern, value); refused where that table would be huge."""
        if self.rows.shape[0] * self.size > DENSE * 10:
            text = (
                f"{self.size:,} different codes among {self.units:,} units look like texts or "
                "measurements, not like the codes of a codebook."
            )
            fix = "give the codes; measurements are compared by Krippendorff's alpha, interval or ratio"
            refuse(CODERS, "too-many-codes", text, fix=fix)
        counts = self._counts
        return counts if isinstance(counts, np.ndarray) else np.asarray(counts.toarray())

    @property
    def _counts(self) -> Any:
        shape = (len(self.rows), self.size)
        pattern, coder = np.nonzero(self.rows >= 0)
        code = self.rows[pattern, coder]
        if shape[0] * shape[1] <= DENSE:
            cell = pattern * shape[1] + code
            return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        from scipy.sparse import coo_array  # only for measurements: thousands of values, few a unit

        return coo_array((np.ones(len(code)), (pattern, code)), shape=shape).tocsr()

    def varied(self, weights: FloatArray) -> npt.NDArray[np.bool_]:
        """Whether at least two different codes were given (draw), under weights (draw, pattern)."""
        drawn = weights > 0
        top = np.where(drawn, self.highest, -1).max(axis=1, initial=-1)
        bottom = np.where(drawn, self.lowest, self.size).min(axis=1, initial=self.size)
        return np.asarray(bottom < top)

    def no_variation(self) -> str:
        """The remark where a coefficient is not defined, because chance alone agrees on everything."""
        if self.varied(self.times[None, :].astype(np.float64))[0]:
            return "not defined: chance alone would agree on every unit"
        code = written(self.categories[self.highest.max()])
        return f'no variation: every code is "{code}", so it is not defined; percent agreement is 100%'


def distinct(rows: IntArray, categories: int, times: IntArray) -> tuple[IntArray, IntArray]:
    """(index of one row of each distinct kind, how often it occurs); rows hold −1 to categories − 1."""
    base, size = categories + 1, 1
    key = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        if size * base > KEY:
            found, key = np.unique(key, return_inverse=True)
            size = len(found)
        key = key * base + (column + 1)
        size *= base
    if size <= max(4 * len(rows), 65_536):  # few possible kinds: count them all instead of sorting the rows
        often = np.bincount(key, weights=times, minlength=size)
        kind = np.flatnonzero(often)
        example = np.empty(size, dtype=np.int64)
        example[key] = np.arange(len(rows))
        return example[kind], often[kind].astype(np.int64)
    _, index, inverse = np.unique(key, return_index=True, return_inverse=True)
    return index, np.bincount(inverse, weights=times).astype(np.int64)


MANY_CODERS = 4  # and more than there are units look like a table with coders in rows
LARGEST = 50_000_000  # codes in all that a table of counts may stand for


def from_ratings(ratings: Any, categories: Iterable[Any] | None = None) -> Patterns:
    """The distinct patterns of ratings, units × coders: one row a unit, one column a coder.

    Examples
    --------
    >>> read = from_ratings([["a", "b"], ["a", "b"], ["b", None]])
    >>> read.times.tolist(), read.pairable
    ([2, 1], 2)

    Parameters
    ----------
    ratings : array-like or DataFrame of numbers or text; None, NaN or "" is a missing code. Patterns are
        passed through, so that several coefficients cost one reading.
    categories : every category a coder may use, in order; a code outside them is refused. Without them they
        are the ones that occurred.

    Raises
    ------
    Refused
        The ratings are not a table of codes (`codes.encode`).
    """
    if isinstance(ratings, Patterns):
        if categories is not None:
            text = "These ratings have been read already, with their categories."
            fix = "give categories to from_ratings(), where the ratings are read"
            refuse(CODERS, "patterns", text, fix=fix)
        return ratings
    return read_codes(encode(ratings, categories))


def from_counts(counts: Any, categories: Iterable[Any] | None = None) -> Patterns:
    """Patterns from a table units × categories of how many coders gave each category (who is not known).

    Categories are those of the columns: their names, for a DataFrame, else 1, 2, 3, …

    Examples
    --------
    >>> from_counts([[2, 0], [1, 1]]).pairable
    2
    """
    table = _whole(counts, "counts")
    names = declared_categories(
        categories if categories is not None else list(getattr(counts, "columns", ())) or None
    )
    values = _named(names, table.shape[1])
    if table.size:  # units with the same counts are unfolded once
        index, times = distinct(table - 1, int(table.max()), np.ones(len(table), dtype=np.int64))
        table = table[index]
    else:
        times = np.ones(len(table), dtype=np.int64)
    given = table.sum(axis=1)
    most = int(given.max(initial=0))
    if len(table) * most > LARGEST:
        text = f"The counts hold up to {most:,} codes a unit."
        refuse(CODERS, "counts", text, fix="give numbers of coders")
    rows = np.full((len(table), most), -1, dtype=np.int64)
    # the highest category first, so that what is not given stands last
    codes = np.repeat(np.tile(np.arange(table.shape[1])[::-1], len(table)), table[:, ::-1].ravel())
    rows[np.arange(most) < given[:, None]] = codes
    return replace(read_codes(Codes(rows, values, declared=True), times, by_coder=False), coders=most)


def from_table(table: Any, categories: Iterable[Any] | None = None) -> Patterns:
    """Patterns from a square table of two coders: rows the first coder's category, columns the second's.

    Examples
    --------
    >>> from_table([[20, 5], [10, 15]]).units
    50
    """
    counts = _whole(table, "table")
    if counts.shape[0] != counts.shape[1]:
        text = (
            f"A table of two coders has as many rows as columns, not {counts.shape[0]} by {counts.shape[1]}."
        )
        refuse(CODERS, "table", text, fix="give both coders every category, with 0 where they never used one")
    values = _named(declared_categories(categories), len(counts))
    first, second = np.nonzero(counts)
    coded = Codes(np.column_stack([first, second]), values, declared=True)
    return read_codes(coded, counts[first, second])


def read_codes(coded: Codes, times: IntArray | None = None, by_coder: bool = True) -> Patterns:
    """The distinct patterns of codes, each row standing for `times` units, 1 by default."""
    times = np.ones(len(coded.codes), dtype=np.int64) if times is None else times
    units, coders = int(times.sum()), coded.codes.shape[1]
    present = times > 0
    codes, times = (coded.codes, times) if present.all() else (coded.codes[present], times[present])
    index, times = distinct(codes, len(coded.categories), times)
    rows = codes[index]
    remark = turned(units, coders) if by_coder else ""
    return Patterns(rows, times, coded.categories, coded.declared, units, coders, by_coder, remark)


def turned(units: int, coders: int) -> str:
    """The remark where rows look like coders and columns like units, as some packages take them."""
    if not (coders >= MANY_CODERS and coders > units >= 1):
        return ""
    return f"{coders} coders of {units} units: a row is a unit; turn the table if a row is a coder"


def _whole(given: Any, what: str) -> IntArray:
    try:
        table = np.asarray(unmasked(given), dtype=np.float64)
    except (TypeError, ValueError):
        refuse(CODERS, what, f"The {what} are not numbers.", fix="give whole numbers, 0 or more")
    if table.ndim != 2:
        text = f"The {what} must be n by n whole numbers, 0 or more; received shape {table.shape}."
        refuse(CODERS, what, text, fix="give one row a unit and one column a category")
    wrong = ~(np.isfinite(table) & (table >= 0) & (table == np.floor(table)))
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        text = f"The {what} must be whole numbers, 0 or more, not {written(float(table[row, column]))}."
        where, fix = f"row {row + 1}, column {column + 1}", "give numbers of units or of coders, not shares"
        refuse(CODERS, what, text, where=where, count=int(wrong.sum()), fix=fix)
    return table.astype(np.int64)


def _named(names: list[Any] | None, number: int) -> npt.NDArray[Any]:
    if names is None:
        return np.arange(1, number + 1, dtype=np.float64)
    if len(names) != number:
        text = f"{len(names)} categories are named for {number} columns."
        refuse(CODERS, "categories", text, fix="name each once")
    return as_array(names)
