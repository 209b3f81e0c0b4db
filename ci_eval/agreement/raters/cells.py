"""The cells of a table of units by coders, whatever it came as, and where a wrong one stands."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement.checks import unmasked
from ci_eval.agreement.raters.result import refusal

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
            mend="one row a unit, one column a coder; two lists become one by numpy.column_stack([a, b])",
        )
    if cells.dtype.kind in "US" and not isinstance(ratings, np.ndarray):
        return as_grid(ratings)  # numpy has turned None and nan among text into the words "None" and "nan"
    if cells.dtype.kind in "iu" and cells.size and max(int(cells.max()), -int(cells.min())) >= EXACT:
        raise refusal("large", "Codes are whole numbers of 16 digits or more.", mend="give them as text")
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
            mend="give every unit one cell for each coder, None where that coder did not code it",
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
        raise refusal("categories", f"The categories are one text, {categories!r}.", mend=GIVE_CATEGORIES)
    listed = list(categories)
    strange = [c for c in listed if not isinstance(c, str | Real | Decimal | np.bool_) or c == "" or c != c]
    if not listed or strange or len(set(listed)) < len(listed):
        raise refusal(
            "categories",
            f"The categories are empty, or hold one twice, or one not a number or text: {listed!r}.",
            mend=GIVE_CATEGORIES,
        )
    return listed
