"""Ratings, tables of counts and tables of two coders, read into distinct patterns (docs/methods.md B, opening)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ci_eval.agreement.checks import unmasked
from ci_eval.agreement.raters import cells
from ci_eval.agreement.raters.codes import Codes, encode
from ci_eval.agreement.raters.patterns import Patterns, distinct
from ci_eval.agreement.raters.result import IntArray, refusal

MANY_CODERS = 4  # and more than there are units look like a table with coders in rows
LARGEST = 50_000_000  # codes in all that a table of counts may stand for


def from_ratings(ratings: Any, categories: Iterable[Any] | None = None, times: Any = None) -> Patterns:
    """The distinct patterns of ratings, units × coders: one row a unit, one column a coder.

    Parameters
    ----------
    ratings : array-like or DataFrame of numbers or text; None, NaN or "" is a missing code. Patterns are
        passed through, so that several coefficients cost one reading.
    categories : every category a coder may use, in order; a code outside them is refused. Without them they
        are the ones that occurred.
    times : whole number of units each row stands for, one by default

    Raises
    ------
    InputError
        The ratings are not a table of codes (`codes.encode`), or `times` is not a count for every row.
    """
    if isinstance(ratings, Patterns):
        if categories is not None or times is not None:
            raise refusal(
                "patterns",
                "These ratings have been read already, with their categories.",
                mend="give categories and times to from_ratings(), where the ratings are read",
            )
        return ratings
    coded = encode(ratings, categories)
    units = len(coded.codes)
    return read_codes(coded, None if times is None else _whole(times, (units,), "times"))


def from_counts(counts: Any, categories: Iterable[Any] | None = None) -> Patterns:
    """Patterns from a table units × categories of how many coders gave each category (who is not known).

    Categories are those of the columns: their names, for a DataFrame, else 1, 2, 3, …
    """
    table = _whole(counts, (None, None), "counts")
    names = cells.declared(
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
        raise refusal(
            "counts", f"The counts hold up to {most:,} codes a unit.", mend="give numbers of coders"
        )
    rows = np.full((len(table), most), -1, dtype=np.int64)
    # the highest category first, so that what is not given stands last
    codes = np.repeat(np.tile(np.arange(table.shape[1])[::-1], len(table)), table[:, ::-1].ravel())
    rows[np.arange(most) < given[:, None]] = codes
    return replace(read_codes(Codes(rows, values, declared=True), times, by_coder=False), coders=most)


def from_table(table: Any, categories: Iterable[Any] | None = None) -> Patterns:
    """Patterns from a square table of two coders: rows the first coder's category, columns the second's."""
    counts = _whole(table, (None, None), "table")
    if counts.shape[0] != counts.shape[1]:
        raise refusal(
            "table",
            f"A table of two coders has as many rows as columns, not {counts.shape[0]} by {counts.shape[1]}.",
            mend="give both coders every category, with 0 where they never used one",
        )
    values = _named(cells.declared(categories), len(counts))
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
    rows, values = codes[index], coded.categories
    if not coded.declared:  # a range of whole numbers may hold some that nobody gave
        used = np.flatnonzero(np.bincount(rows.ravel() + 1, minlength=1)[1:])  # no sorting
        place = np.full(len(values) + 1, -1, dtype=np.int64)  # the last is looked up by −1, missing
        place[used] = np.arange(len(used))
        rows, values = place[rows], values[used]
    remark = turned(units, coders) if by_coder else ""
    return Patterns(rows, times, values, coded.declared, units, coders, by_coder, remark)


def turned(units: int, coders: int) -> str:
    """The remark where rows look like coders and columns like units, as some packages take them."""
    if not (coders >= MANY_CODERS and coders > units >= 1):
        return ""
    return f"{coders} coders of {units} units: a row is a unit; turn the table if a row is a coder"


def _whole(given: Any, shape: tuple[int | None, ...], what: str) -> IntArray:
    try:
        table = np.asarray(unmasked(given), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise refusal(what, f"The {what} are not numbers.", mend="give whole numbers, 0 or more") from error
    fits = table.ndim == len(shape) and all(
        s is None or s == t for s, t in zip(shape, table.shape, strict=True)
    )
    if not fits:
        wanted = " by ".join("n" if size is None else str(size) for size in shape)
        raise refusal(
            what,
            f"The {what} must be {wanted} whole numbers, 0 or more; received shape {table.shape}.",
            mend="give one row a unit and one column a category"
            if len(shape) > 1
            else "give one number a unit",
        )
    wrong = ~(np.isfinite(table) & (table >= 0) & (table == np.floor(table)))
    if wrong.any():
        at = np.argwhere(wrong)[0]
        names = zip(("row", "column"), at.tolist(), strict=False)
        raise refusal(
            what,
            f"The {what} must be whole numbers, 0 or more, not {cells.written(float(table[tuple(at)]))}.",
            ", ".join(f"{name} {place + 1}" for name, place in names),
            int(wrong.sum()),
            "give numbers of units or of coders, not shares",
        )
    return table.astype(np.int64)


def _named(names: list[Any] | None, number: int) -> npt.NDArray[Any]:
    if names is None:
        return np.arange(1, number + 1, dtype=np.float64)
    if len(names) != number:
        raise refusal(
            "categories", f"{len(names)} categories are named for {number} columns.", mend="name each once"
        )
    return cells.as_array(names)
