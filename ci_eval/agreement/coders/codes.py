"""From what coders wrote to whole numbers: one code for every category, −1 for a missing one.

Only numbers or only text, never both: the number 1 and the text "1" would count as a disagreement nobody
meant. Methods: docs/methods.md B (opening).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement.arguments import unmasked
from ci_eval.agreement.coders.agreement_result import CODERS
from ci_eval.agreement.refusals import IntArray, refuse

GIVE_CATEGORIES = "give every category a coder may use, in order, as categories=[...]"
ONE_CODE = 'several codes for a unit are compared with metric="masi"'
NUMBER = (Real, Decimal, np.bool_)
LONGEST = 40  # letters of a cell in a message: a code, never a whole comment put in the wrong column
EXACT = 2**53  # whole numbers from here on are no longer different as floats
TRAPS = ("nan", "None", "<NA>")  # what some readers make of an empty cell


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes (unit, coder), −1 missing; the category each stands for, in order; whether those were declared."""

    codes: IntArray
    categories: NDArray[Any]
    declared: bool


def encode(ratings: Any, categories: Iterable[Any] | None = None) -> Codes:
    """Ratings (units × coders) as codes.

    Missing is None, NaN, pandas.NA, empty or blank text, or masked; blanks around a code make no other one.
    Categories that are not declared are those that occurred: text in alphabetical order, numbers in their own.

    Raises
    ------
    Refused
        Not two-dimensional; text among numbers; infinite; neither number nor text; not a declared category.
    """
    known = declared_categories(categories)
    cells, columns = _table(ratings)
    try:
        flat, values = pd.factorize(cells.ravel())
    except TypeError:
        refuse(CODERS, "cells", "Cells hold lists or sets, not one code each.", fix=ONE_CODE)
    codes = flat.reshape(cells.shape).astype(np.int64, copy=False)
    if values.dtype.kind not in "iufb":
        codes, values = _of_one_kind(codes, values, columns)
    numeric = values.dtype.kind in "iufb"
    values = values.astype(np.float64) if numeric else values
    if numeric and np.isinf(values).any():
        cause, fix = "A code is infinite.", "correct it, or leave the cell empty"
        _refuse_cells(np.isin(codes, np.flatnonzero(np.isinf(values))), columns, "infinite", cause, fix)
    for trap in TRAPS:
        if values.dtype == object and trap in values and trap not in (known or ()):
            cause = f'A code is the text "{trap}": a missing code has been turned into a word.'
            fix = "build the array with dtype=object, or read the file so that empty cells stay empty"
            _refuse_cells(
                codes == int(np.flatnonzero(values == trap)[0]), columns, "missing-as-text", cause, fix
            )
    if known is None:
        order, place = np.unique(values, return_inverse=True)
        return Codes(np.append(place, -1)[codes], order, declared=False)
    if numeric and len(values) and any(isinstance(one, str) for one in known):
        text = f"The codes are numbers and the categories are not: {known!r}."
        refuse(CODERS, "categories", text, fix="give the categories as the numbers the coders wrote")
    order = as_array(known)
    position = {category: number for number, category in enumerate(order.tolist())}
    place = np.array([position.get(one, -2) for one in values.tolist()] + [-1], dtype=np.int64)
    undeclared = place[codes] == -2
    if undeclared.any():
        code = values[codes[tuple(np.argwhere(undeclared)[0])]]
        cause = (
            f'The code "{written(code)}" is not one of the declared categories: '
            f"{', '.join(written(category) for category in known)}."
        )
        _refuse_cells(
            undeclared, columns, "undeclared-code", cause, "correct the code, or add it to the categories"
        )
    return Codes(place[codes], order, declared=True)


def declared_categories(categories: Iterable[Any] | None) -> list[Any] | None:
    """The declared categories, or None; refused where empty, repeated, or neither number nor text."""
    if categories is None:
        return None
    if isinstance(categories, str):
        refuse(CODERS, "categories", f"The categories are one text, {categories!r}.", fix=GIVE_CATEGORIES)
    listed = [one.strip() if isinstance(one, str) else one for one in categories]
    strange = [one for one in listed if not isinstance(one, (str, *NUMBER)) or one == "" or one != one]
    if not listed or strange or len(set(listed)) < len(listed):
        text = f"The categories are empty, or hold one twice, or one not a number or text: {listed!r}."
        refuse(CODERS, "categories", text, fix=GIVE_CATEGORIES)
    return listed


def as_array(categories: Sequence[Any]) -> NDArray[Any]:
    """Categories as numbers where all are, else as objects."""
    if any(isinstance(category, str) for category in categories):
        return np.array(categories, dtype=object)
    return np.array([float(category) for category in categories])


def place_of(row: int, column: int, columns: Sequence[Any]) -> str:
    """Where a cell is, as the owner of the ratings counts: from 1."""
    return f"unit (row) {row + 1}, coder (column) {columns[column]!r}"


def written(value: Any) -> str:
    """A code as a person writes it: 3, not 3.0; {attainment, inclusion} for a set; cut after 40 letters."""
    if isinstance(value, frozenset):
        text = f"{{{', '.join(sorted(map(str, value)))}}}"
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def object_table(ratings: Any) -> tuple[NDArray[Any], list[Any]]:
    """Ratings as an object array (unit, coder), sets included, with the coders' names."""
    if isinstance(ratings, pd.DataFrame):
        return ratings.to_numpy(dtype=object), list(ratings.columns)
    rows = [list(row) for row in unmasked(ratings)]
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        text = f"The units have different numbers of coders: {min(widths)} to {max(widths)}."
        fix = "give every unit one cell for each coder, None where that coder did not code it"
        refuse(CODERS, "ragged", text, fix=fix)
    cells = np.empty((len(rows), widths.pop() if widths else 0), dtype=object)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            cells[number, column] = cell  # one by one, or numpy takes lists in cells for a third axis
    return cells, list(range(1, cells.shape[1] + 1))


def _table(ratings: Any) -> tuple[NDArray[Any], list[Any]]:
    """Ratings as an array of numbers where every cell is one, else of objects, with the coders' names."""
    if isinstance(ratings, pd.DataFrame):
        kinds = pd.api.types
        numeric = all(
            kinds.is_numeric_dtype(one) and not kinds.is_complex_dtype(one) for one in ratings.dtypes
        )
        kind = np.float64 if numeric and len(ratings.columns) else object
        return ratings.to_numpy(dtype=kind, na_value=np.nan), list(ratings.columns)
    ratings = unmasked(ratings)
    if not isinstance(ratings, np.ndarray) and not len(ratings):
        return np.empty((0, 0)), []
    try:
        cells = np.asarray(ratings)
    except ValueError:  # rows of different lengths, which object_table names
        return object_table(ratings)
    if cells.ndim != 2:
        text = (
            f"Ratings are a table of units (rows) by coders (columns), not an array of shape {cells.shape}."
        )
        fix = "one row a unit, one column a coder; two lists become one by numpy.column_stack([a, b])"
        refuse(CODERS, "shape", text, fix=fix)
    if cells.dtype.kind in "US":
        # numpy has turned None and nan among text into the words "None" and "nan"
        return object_table(ratings)
    if cells.dtype.kind in "iu" and cells.size and max(int(cells.max()), -int(cells.min())) >= EXACT:
        refuse(CODERS, "large", "Codes are whole numbers of 16 digits or more.", fix="give them as text")
    return cells, list(range(1, cells.shape[1] + 1))


def _first(marked: NDArray[np.bool_], columns: list[Any]) -> str:
    """Where the first of the marked cells is."""
    row, column = np.argwhere(marked)[0]
    return place_of(int(row), int(column), columns)


def _refuse_cells(
    marked: NDArray[np.bool_], columns: list[Any], check: str, cause: str, fix: str
) -> NoReturn:
    refuse(CODERS, check, cause, where=_first(marked, columns), count=int(marked.sum()), fix=fix)


def _of_one_kind(codes: IntArray, values: NDArray[Any], columns: list[Any]) -> tuple[IntArray, NDArray[Any]]:
    """Codes and values without empty text and blanks around text; numbers where all are, refused where of two kinds."""
    bare = np.empty(len(values), dtype=object)
    bare[:] = [one.strip() if isinstance(one, str) else one for one in values]
    place, values = pd.factorize(bare)
    codes = np.append(place, -1)[codes]
    filled = np.array([not (isinstance(one, str) and one == "") for one in values], dtype=bool)
    codes, values = np.append(np.where(filled, filled.cumsum() - 1, -1), -1)[codes], values[filled]
    texts = np.array([isinstance(one, str) for one in values], dtype=bool)
    strange = [one for one in values if not isinstance(one, (str, *NUMBER))]
    if strange:
        cause = (
            f'Codes are numbers or text; a cell holds {type(strange[0]).__name__}: "{written(strange[0])}".'
        )
        refuse(CODERS, "cells", cause, fix=ONE_CODE)
    if not texts.any():
        numbers = np.array([float(one) for one in values])
        once, place = np.unique(numbers, return_inverse=True)  # 2 and Decimal("2.0") are one code
        return np.append(place, -1)[codes], once
    if not texts.all():
        number, word = values[~texts][0], values[texts][0]
        text = f'Some codes are numbers ({number}) and some are text ("{written(word)}").'
        fix = "write every code as text, or every code as a number"
        refuse(CODERS, "mixed", text, where=_first(codes == int(texts.argmax()), columns), fix=fix)
    return codes, values
