"""When each authority was first exposed: the position of its first exposed collection, or the set of positions it
may be.

Method: docs/methods.md C1. A date that is not known exactly gives several possible positions; nothing is
guessed. An authority is certainly not yet exposed in the years before its first possible position.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .refusals import BoolArray, IntArray, named, refuse
from .years import Years, year_number

if TYPE_CHECKING:
    import pandas as pd

WHAT = "CANNOT SAY WHO WAS EXPOSED WHEN"


@dataclass(frozen=True)
class Exposure:
    """Possible first exposed collections of every unit.

    Attributes
    ----------
    units : names, all different
    years : the observed years, T of them
    possible : (units, T + 1) whether the unit can have been exposed first at each position; the last column
        is "not in the years observed" (later, or never). Every row has at least one True.
    joint : units with the same name here were exposed together, as the hosts of one engagement are
    """

    units: tuple[str, ...]
    years: Years
    possible: BoolArray
    joint: tuple[str, ...]

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.years) + 1)
        if self.possible.shape != shape or len(self.joint) != len(self.units):
            refuse(WHAT, "shape", f"Possible exposures have the shape {self.possible.shape}, not {shape}.")
        if len(set(self.units)) < len(self.units):
            twice = sorted(unit for unit, times in Counter(self.units).items() if times > 1)
            refuse(WHAT, "unit-twice", f"Listed more than once: {named(twice)}.", mend="one row a unit")
        if not self.possible.any(axis=1).all():
            without = [self.units[row] for row in np.flatnonzero(~self.possible.any(axis=1))]
            text = f"No first exposed year is possible for {named(without)}."
            refuse(WHAT, "no-possible-year", text, mend="add the position 'not in the years observed'")

    @classmethod
    def from_cohorts(
        cls, cohorts: Mapping[str, object], years: Years, never: Iterable[object] = ()
    ) -> "Exposure":
        """Exposure known for every unit.

        Parameters
        ----------
        cohorts : first exposed year of each unit, written like the years; None or NaN for never. A year
            that was not observed counts from the first observed year after it, a year after the last one as
            not in the years observed.
        never : other values that mean never, e.g. ``[0]``

        Raises
        ------
        InputError
            For values that are not years.
        """
        codes = {year_number(value) for value in never}
        read: dict[object, int] = {}
        for value in set(cohorts.values()):
            number = None if _missing(value) else year_number(value)
            read[value] = len(years) if number is None or number in codes else years.from_number(number)
        places = np.array([read[value] for value in cohorts.values()], dtype=np.int64)
        possible = np.arange(len(years) + 1) == places[:, None]
        units = tuple(str(unit) for unit in cohorts)
        return cls(units, years, possible, units)

    @property
    def first(self) -> IntArray:
        """(units,) first possible position; before it the unit is certainly not yet exposed."""
        return np.asarray(self.possible.argmax(axis=1), dtype=np.int64)

    @property
    def last(self) -> IntArray:
        """(units,) last possible position; T where it may not be exposed in the years observed."""
        return np.asarray(len(self.years) - self.possible[:, ::-1].argmax(axis=1), dtype=np.int64)

    @property
    def certain(self) -> BoolArray:
        """(units,) whether only one position is possible."""
        return np.asarray(self.possible.sum(axis=1) == 1)

    def select(self, units: Iterable[str]) -> "Exposure":
        """The exposure of some units, in the order given.

        Raises
        ------
        InputError
            If a unit is not known.
        """
        place = {unit: row for row, unit in enumerate(self.units)}
        wanted = [str(unit) for unit in units]
        unknown = [unit for unit in wanted if unit not in place]
        if unknown:
            mend = "use the same names in outcomes and register"
            refuse(WHAT, "unknown-unit", f"No exposure is known for {named(unknown)}.", mend=mend)
        rows = [place[unit] for unit in wanted]
        return Exposure(tuple(wanted), self.years, self.possible[rows], tuple(self.joint[i] for i in rows))

    def in_years(self, positions: Iterable[int]) -> "Exposure":
        """The exposure seen from fewer years: first exposed in a year left out counts from the next one kept."""
        kept = sorted(set(positions))
        possible = np.zeros((len(self.units), len(kept) + 1), dtype=bool)
        for old in range(len(self.years) + 1):
            possible[:, sum(position < old for position in kept)] |= self.possible[:, old]
        return Exposure(self.units, self.years.keep(kept), possible, self.joint)

    def assigned(self, positions: Iterable[int]) -> "Exposure":
        """Exposure made certain: one position for each unit, which must be among its possible ones.

        Raises
        ------
        InputError
            If a position is not possible, or units exposed together get different ones.
        """
        chosen = np.asarray(list(positions), dtype=np.int64)
        possible = np.zeros_like(self.possible)
        possible[np.arange(len(self.units)), chosen] = True
        impossible = np.flatnonzero((possible & ~self.possible).any(axis=1))
        wrong = [self.units[row] for row in impossible]
        pairs = set(zip(self.joint, chosen.tolist(), strict=True))
        if wrong or len(pairs) != len(set(self.joint)):
            text = f"Not possible for {named(wrong)}." if wrong else "Units exposed together were separated."
            refuse(WHAT, "assignment", text, mend="choose among the possible years of each unit")
        return Exposure(self.units, self.years, possible, self.joint)

    def frame(self) -> "pd.DataFrame":
        """One row a unit: unit, exposed (in words), certain, not_yet_until (last year certainly not exposed), joint."""
        import pandas as pd

        words = [
            " or ".join(self.years.label(int(position)) for position in np.flatnonzero(row))
            for row in self.possible
        ]
        before = [self.years.label(int(first) - 1) if first > 0 else "" for first in self.first]
        columns = {
            "unit": self.units,
            "exposed": words,
            "certain": self.certain,
            "not_yet_until": before,
            "joint": self.joint,
        }
        return pd.DataFrame(columns)


def _missing(value: object) -> bool:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float | np.floating) and not np.isfinite(value)
