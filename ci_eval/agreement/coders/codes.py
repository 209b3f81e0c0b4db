"""From what coders wrote to whole numbers: one code for every category, −1 for a missing one.

Only numbers or only text, never both: the number 1 and the text "1" would count as a disagreement nobody
meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement.arguments import unmasked
from ci_eval.agreement.coders.agreement_result import FloatArray, IntArray, refusal

GIVE_CATEGORIES = "give every category a coder may use, in order, as categories=[...]"
SHOWN = 40  # letters of a cell that a message may show: a code, never a whole comment put in the wrong column
EXACT = 2**53  # whole numbers from here on are no longer told apart as floats


def grid(ratings: Any) -> tuple[NDArray[Any], list[Any]]:
    """Ratings as a numeric array where every cell is a number, else as objects, with the coders' names."""
    if isinstance(ratings, pd.DataFrame):
        numeric = all(
            pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind)
            for kind in ratings.dtypes
        )
        kind = np.float64 if numeric and len(ratings.columns) else object
        return ratings.to_numpy(dtype=kind, na_value=np.nan), list(ratings.columns)
    ratings = unmasked(ratings)
    if not isinstance(ratings, np.ndarray) and not len(ratings):
        return np.empty((0, 0)), []
    try:
        cells = np.asarray(ratings)
    except ValueError:  # cells of different lengths: as_grid says which
        return as_grid(ratings)
    if cells.ndim != 2:
        raise refusal(
            "shape",
            f"Ratings are a table of units (rows) by coders (columns), not an array of shape {cells.shape}.",
            fix="one row a unit, one column a coder; two lists become one by numpy.column_stack([a, b])",
        )
    if cells.dtype.kind in "US" and not isinstance(ratings, np.ndarray):
        return as_grid(ratings)  # numpy has turned None and nan among text into the words "None" and "nan"
    if cells.dtype.kind in "iu" and cells.size and max(int(cells.max()), -int(cells.min())) >= EXACT:
        raise refusal("large", "Codes are whole numbers of 16 digits or more.", fix="give them as text")
    return cells, list(range(1, cells.shape[1] + 1))


def place(row: int, column: int, columns: Sequence[Any]) -> str:
    """Where a cell stands, as the owner of the ratings counts: from 1."""
    return f"unit (row) {row + 1}, coder (column) {columns[column]!r}"


def written(value: Any) -> str:
    """A code as a person writes it: 3, not 3.0; {attainment, inclusion} for a set; cut after 40 letters."""
    if isinstance(value, frozenset):
        text = f"{{{', '.join(sorted(map(str, value)))}}}"
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    else:
        text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def as_grid(ratings: Any) -> tuple[NDArray[Any], list[Any]]:
    """Ratings as an object array (unit, coder), sets included, with the coders' names."""
    if isinstance(ratings, pd.DataFrame):
        return ratings.to_numpy(dtype=object), list(ratings.columns)
    rows = [list(row) for row in unmasked(ratings)]
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise refusal(
            "ragged",
            f"The units have different numbers of coders: {min(widths)} to {max(widths)}.",
            fix="give every unit one cell for each coder, None where that coder did not code it",
        )
    cells = np.empty((len(rows), widths.pop() if widths else 0), dtype=object)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            cells[number, column] = cell  # one by one, or numpy takes lists in cells for a third axis
    return cells, list(range(1, cells.shape[1] + 1))


def first(cells: NDArray[np.bool_], columns: list[Any]) -> str:
    """Where the first of the marked cells stands."""
    row, column = np.argwhere(cells)[0]
    return place(int(row), int(column), columns)


def as_array(categories: Sequence[Any]) -> NDArray[Any]:
    """Categories as numbers where all are, else as objects."""
    if any(isinstance(category, str) for category in categories):
        return np.array(categories, dtype=object)
    return np.array([float(category) for category in categories])


def declared(categories: Iterable[Any] | None) -> list[Any] | None:
    """The declared categories, or None; refused where empty, repeated, or neither number nor text."""
    if categories is None:
        return None
    if isinstance(categories, str):
        raise refusal("categories", f"The categories are one text, {categories!r}.", fix=GIVE_CATEGORIES)
    listed = list(categories)
    strange = [c for c in listed if not isinstance(c, str | Real | Decimal | np.bool_) or c == "" or c != c]
    if not listed or strange or len(set(listed)) < len(listed):
        raise refusal(
            "categories",
            f"The categories are empty, or hold one twice, or one not a number or text: {listed!r}.",
            fix=GIVE_CATEGORIES,
        )
    return listed


WIDEST = 65_536  # whole numbers within so narrow a range need no sorting


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes (unit, coder), −1 missing, and the category each stands for, in order.

    `declared` is False where the categories are those that occurred, or a range of whole numbers round them.
    """

    codes: IntArray
    categories: NDArray[Any]
    declared: bool


def encode(ratings: Any, categories: Iterable[Any] | None = None) -> Codes:
    """Ratings (units × coders) as codes.

    Missing is None, NaN, pandas.NA, "" or masked. A DataFrame whose columns share one Categorical dtype declares its
    categories; otherwise text is put in alphabetical order and numbers in their own.

    Raises
    ------
    Refused
        Not two-dimensional; text among numbers; infinite; neither number nor text; not a declared category.
    """
    known = declared(categories)
    table, columns = grid(ratings)
    if known is None and (own := _categorical(ratings)) is not None:
        return own
    if table.dtype.kind in "iufb":
        return _numbers(table.astype(np.float64, copy=False), known, columns)
    return _objects(table, known, columns)


def _categorical(ratings: Any) -> Codes | None:
    if not isinstance(ratings, pd.DataFrame) or not len(ratings.columns):
        return None
    kind = ratings.dtypes.iloc[0]
    if not isinstance(kind, pd.CategoricalDtype) or any(other != kind for other in ratings.dtypes):
        return None
    codes = np.column_stack([ratings.iloc[:, c].cat.codes for c in range(ratings.shape[1])]).astype(np.int64)
    return Codes(codes, kind.categories.to_numpy(), declared=True)


def _objects(grid: NDArray[Any], declared: list[Any] | None, columns: list[Any]) -> Codes:
    try:
        flat, found = pd.factorize(grid.astype(object).ravel())
    except TypeError as error:
        raise refusal(
            "cells",
            "Cells hold lists or sets, not one code each.",
            fix='several codes for a unit are compared with metric="masi"',
        ) from error
    numbers = [isinstance(value, Real | Decimal | np.bool_) for value in found]
    text = [isinstance(value, str) for value in found]
    empty = [value == "" if is_text else False for value, is_text in zip(found, text, strict=True)]
    flat = np.append(np.where(empty, -1, np.arange(len(found))), -1)[flat]  # −1, missing, looks up the last
    codes = flat.reshape(grid.shape)
    if (codes < 0).all():
        return Codes(codes, as_array(declared or []), declared is not None)
    strange = [value for value, one, two in zip(found, numbers, text, strict=True) if not one and not two]
    if strange:
        raise refusal(
            "cells",
            f'Codes are numbers or text; a cell holds {type(strange[0]).__name__}: "{written(strange[0])}".',
            fix='several codes for a unit are compared with metric="masi"',
        )
    if any(numbers):
        if any(one and not blank for one, blank in zip(text, empty, strict=True)):
            number = next(value for value, one in zip(found, numbers, strict=True) if one)
            word = next(v for v, one, blank in zip(found, text, empty, strict=True) if one and not blank)
            raise refusal(
                "mixed",
                f'Some codes are numbers ({number}) and some are text ("{written(word)}").',
                first(codes == int(np.flatnonzero(found == word)[0]), columns),
                fix="write every code as text, or every code as a number",
            )
        lookup = np.array(
            [float(v) if one else np.nan for v, one in zip(found, numbers, strict=True)] + [np.nan]
        )
        return _numbers(lookup[codes], declared, columns)
    return _text(codes, found, declared, columns)


def _text(codes: IntArray, found: NDArray[Any], declared: list[Any] | None, columns: list[Any]) -> Codes:
    for trap in ("nan", "None", "<NA>"):
        if trap in found and trap not in (declared or []):
            raise refusal(
                "missing-as-text",
                f'A code is the text "{trap}": a missing code has been turned into a word.',
                first(codes == int(np.flatnonzero(found == trap)[0]), columns),
                fix="build the array with dtype=object, or read the file so that empty cells stay empty",
            )
    values = [v for v in found if v != ""]
    order = sorted(values) if declared is None else declared
    position = {value: number for number, value in enumerate(order)}
    lookup = np.array([position.get(value, -2) for value in found] + [-1], dtype=np.int64)
    coded = np.where(codes >= 0, lookup[codes], -1)
    _refuse_undeclared(coded == -2, lambda row, column: written(found[codes[row, column]]), order, columns)
    return Codes(coded, np.array(order, dtype=object), declared is not None)


def _numbers(grid: FloatArray, declared: list[Any] | None, columns: list[Any]) -> Codes:
    codes, values = _ranked(grid, columns)
    if declared is None:
        return Codes(codes, values, declared=False)
    if not all(isinstance(value, Real | Decimal | np.bool_) for value in declared):
        raise refusal(
            "categories",
            f"The codes are numbers and the categories are not: {declared!r}.",
            fix="give the categories as the numbers the coders wrote",
        )
    position = {float(value): number for number, value in enumerate(declared)}
    lookup = np.array([position.get(value, -2) for value in values.tolist()] + [-1], dtype=np.int64)
    coded = lookup[codes]
    _refuse_undeclared(coded == -2, lambda row, column: written(float(grid[row, column])), declared, columns)
    return Codes(coded, as_array(declared), declared=True)


def _ranked(grid: FloatArray, columns: list[Any]) -> tuple[IntArray, FloatArray]:
    """Codes in the order of the numbers, −1 missing, and the numbers they stand for."""
    missing = np.isnan(grid)
    if missing.all():
        return np.full(grid.shape, -1), np.empty(0)
    low, high = float(np.fmin.reduce(grid, axis=None)), float(np.fmax.reduce(grid, axis=None))
    if not np.isfinite([low, high]).all():
        raise refusal(
            "infinite",
            "A code is infinite.",
            first(np.isinf(grid), columns),
            int(np.isinf(grid).sum()),
            "correct it, or leave the cell empty",
        )
    if low.is_integer() and high - low < WIDEST:
        shifted = grid - low
        np.copyto(shifted, -1, where=missing)
        codes = shifted.astype(np.int64)
        if (codes == shifted).all():
            return codes, np.arange(int(high - low) + 1, dtype=np.float64) + low
    values, inverse = np.unique(grid[~missing], return_inverse=True)
    codes = np.full(grid.shape, -1)
    codes[~missing] = inverse
    return codes, values


def _refuse_undeclared(
    wrong: NDArray[np.bool_], value: Any, declared: Sequence[Any], columns: list[Any]
) -> None:
    if not wrong.any():
        return
    row, column = np.argwhere(wrong)[0]
    raise refusal(
        "undeclared-code",
        f'The code "{value(row, column)}" is not one of the declared categories: '
        f"{', '.join(written(category) for category in declared)}.",
        place(row, column, columns),
        int(wrong.sum()),
        "correct the code, or add it to the categories",
    )
