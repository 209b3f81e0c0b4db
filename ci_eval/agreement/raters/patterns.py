"""Distinct patterns of codes: what the coders said, and of how many units.

Every coefficient of agreement depends on the units only through how often each pattern of codes occurs, so
all of them are computed on the distinct patterns. Which coder gave which code matters to Cohen's and Conger's
kappa alone; the others take count patterns, in which each row is sorted. Methods: docs/methods.md B.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ci_eval.agreement.raters.cells import written
from ci_eval.agreement.raters.result import FloatArray, IntArray, refusal

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

    @cached_property
    def given(self) -> IntArray:
        """Codes given, for each pattern."""
        return np.asarray((self.rows >= 0).sum(axis=1))

    @cached_property
    def highest(self) -> IntArray:
        """The last category given in each pattern; −1 where none is."""
        return np.asarray(self.rows.max(axis=1, initial=-1))

    @cached_property
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
            raise refusal(
                "too-many-codes",
                f"{self.size:,} different codes among {self.units:,} units look like texts or "
                "measurements, not like the codes of a codebook.",
                mend="give the codes; measurements are compared by Krippendorff's alpha, interval or ratio",
            )
        counts = self._counts
        return counts if isinstance(counts, np.ndarray) else np.asarray(counts.toarray())

    @cached_property
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
