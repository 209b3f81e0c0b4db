"""Coders who give a unit several codes at once: sets, compared by MASI distance.

1 − Jaccard × monotonicity: 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where
they share nothing. Two empty sets (both coders found no theme) are equal.

Methods: docs/methods.md B1. Source: Passonneau (2006), Measuring Agreement on Set-valued Items (MASI).
"""

from collections.abc import Collection, Iterable
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from ci_eval.agreement.coders.agreement_result import CODERS
from ci_eval.agreement.coders.codes import Codes, declared_categories, object_table, place_of, written
from ci_eval.agreement.coders.metrics import Blocks
from ci_eval.agreement.coders.patterns import Patterns, read_codes
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse


def masi(first: Collection[Any], second: Collection[Any]) -> float:
    """MASI distance of two sets of codes, 0 (equal) to 1 (nothing in common).

    Examples
    --------
    >>> round(masi({"attainment", "inclusion"}, {"inclusion"}), 2)
    0.67

    Raises
    ------
    Refused
        For one text instead of a set, which would be taken for the set of its letters, or a single code.
    """
    for one in (first, second):
        if isinstance(one, str) or not isinstance(one, Collection):
            _refuse_one_code(one)
    a, b = set(first), set(second)
    if a == b:
        return 0.0
    common = len(a & b)
    monotonicity = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1.0 - common / len(a | b) * monotonicity


def from_sets(ratings: Any, codes: Iterable[Any] | None = None) -> Patterns:
    """The distinct patterns of ratings, units × coders, whose cells are sets, tuples or lists of codes.

    A missing cell is None, NaN or ""; an empty set is a code. `codes` are those a set may hold.

    Examples
    --------
    >>> from_sets([[{"attainment"}, set()], [None, {"attainment"}]]).pairable
    1

    Raises
    ------
    Refused
        A cell holds one text or number instead of a set, or a code outside the declared ones.
    """
    if isinstance(ratings, Patterns):
        return ratings
    grid, columns = object_table(ratings)
    declared = declared_categories(codes)
    seen: dict[frozenset[Any], int] = {}
    coded = np.full(grid.shape, -1, dtype=np.int64)
    for (row, column), cell in np.ndenumerate(grid):
        if isinstance(cell, set | frozenset | tuple | list):
            one = frozenset(cell)
            if declared is not None and (strange := one.difference(declared)):
                text = (
                    f'The code "{written(min(strange, key=str))}" is not one of the declared codes: '
                    f"{', '.join(map(str, declared))}."
                )
                fix = "correct the code, or add it to the categories"
                refuse(CODERS, "undeclared-code", text, where=place_of(row, column, columns), fix=fix)
            coded[row, column] = seen.setdefault(one, len(seen))
        elif not (cell is None or cell is pd.NA or cell == "" or cell != cell):
            _refuse_one_code(cell, place_of(row, column, columns))
    values = np.empty(len(seen), dtype=object)
    values[:] = list(seen)
    return read_codes(Codes(coded, values, declared=True))


def _refuse_one_code(cell: Any, where: str = "") -> NoReturn:
    text = f'MASI compares sets of codes; a cell holds "{written(cell)}".'
    fix = "give every cell as a set, such as {'attainment', 'inclusion'}; set() for no code"
    refuse(CODERS, "not-a-set", text, where=where, fix=fix)


class Masi(Blocks):
    """δ = MASI distance of the sets that stand behind the codes."""

    def __init__(self, patterns: Patterns) -> None:
        for value in patterns.categories:
            if not isinstance(value, frozenset):
                text = f"MASI compares sets; a code is {written(value)}."
                refuse(CODERS, "not-a-set", text, fix="use from_sets()")
        every = sorted({code for value in patterns.categories for code in value}, key=str)
        held = [[code in value for code in every] for value in patterns.categories]
        self.members = np.array(held, dtype=np.float64).reshape(len(patterns.categories), len(every))
        self.sizes = self.members.sum(axis=1)
        super().__init__(patterns)

    def distance(self, first: IntArray, second: IntArray) -> FloatArray:
        common = (self.members[first] * self.members[second]).sum(axis=-1)
        return self._distance(common, self.sizes[first], self.sizes[second])

    def block(self, values: slice) -> FloatArray:
        common = self.members[values] @ self.members.T
        return self._distance(common, self.sizes[values, None], self.sizes)

    @staticmethod
    def _distance(common: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
        held = common == np.minimum(a, b)
        equal = held & (a == b)
        monotonicity = np.where(held, 2 / 3, 1 / 3)
        either = np.maximum(a + b - common, 1.0)
        return np.where(equal, 0.0, 1.0 - common / either * monotonicity)
