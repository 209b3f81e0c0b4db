"""The design: cohorts × positions, everything an estimator may know before it sees an outcome.

Method: docs/methods.md C2. Units with the same first possible position form a cohort; those whose date is not
certain form one of their own, which serves as a control until then and never as exposed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .exposure import Exposure
from .refusals import BoolArray, FloatArray, IntArray
from .years import Years

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Design:
    """Cohorts in the order of their first exposed collection.

    Attributes
    ----------
    years : the T observed years
    first : (G,) first position at which the cohort is, or may be, exposed; T if not in the years observed
    certain : (G,) whether that position is certain
    size : (G,) units
    weight : (G,) sum of the units' weights
    """

    years: Years
    first: IntArray
    certain: BoolArray
    size: IntArray
    weight: FloatArray

    @classmethod
    def of(cls, exposure: Exposure, weights: FloatArray | None = None) -> "Design":
        """The design of an exposure; `weights` (units,) are 1 by default."""
        keys = _keys(exposure)
        each = np.ones(len(keys)) if weights is None else weights
        found, index = np.unique(keys, return_inverse=True)
        size = np.bincount(index)
        weight = np.bincount(index, weights=each).astype(np.float64)
        return cls(exposure.years, found // 2, found % 2 == 0, size.astype(np.int64), weight)

    def group_of(self, exposure: Exposure) -> IntArray:
        """(units,) the cohort each unit of the exposure belongs to."""
        return np.searchsorted(self.first * 2 + ~self.certain, _keys(exposure)).astype(np.int64)

    @property
    def cohorts(self) -> int:
        """Number of cohorts, G."""
        return len(self.first)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the cohorts: ``2021-22``, ``2022-23 or later``, ``not by 2023-24``."""
        return tuple(
            self.years.label(int(first)) + ("" if sure else " or later")
            for first, sure in zip(self.first, self.certain, strict=True)
        )

    @property
    def exposed(self) -> BoolArray:
        """(G, T) whether the cohort is certainly exposed; a date that is not certain never counts."""
        return self.certain[:, None] & ~self.not_yet

    @property
    def not_yet(self) -> BoolArray:
        """(G, T) whether the cohort is certainly not yet exposed."""
        return np.asarray(np.arange(len(self.years)) < self.first[:, None])

    @property
    def compared(self) -> BoolArray:
        """(G,) cohorts with a year before exposure; the others were exposed throughout and compare with nothing."""
        return np.asarray(self.first > 0)

    def frame(self) -> "pd.DataFrame":
        """One row a cohort: cohort, certain, units, weight (share of all)."""
        import pandas as pd

        columns = {
            "cohort": self.labels,
            "certain": self.certain,
            "units": self.size,
            "weight": self.weight / self.weight.sum(),
        }
        return pd.DataFrame(columns)


def _keys(exposure: Exposure) -> IntArray:
    """(units,) order of cohorts: by first possible position, certain before not certain."""
    return exposure.first * 2 + ~exposure.certain
