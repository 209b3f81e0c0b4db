"""The years in which an outcome was observed: positions 1…T in order, with true year and gap kept.

Method: docs/methods.md C1. Estimators count in positions, so that a year without a collection moves nothing;
labels and gaps remain for the reader.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .refusals import named, refuse

WHAT = "CANNOT READ THE YEARS"
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})", re.ASCII)
_PLAIN_YEAR = re.compile(r"(\d+)(?:\.0*)?", re.ASCII)


def year_number(value: object) -> int:
    """The number a year is ordered by: 2022 for the school year ``2021-22``, the number itself otherwise.

    A school year may be written 2021-22, 2021/22 or 2021-2022; it is numbered by the year it ends in, in
    which its collection lies. Whole numbers come as int, float or text.

    Raises
    ------
    InputError
        For anything else, and for a school year that does not end one year after it begins.
    """
    if isinstance(value, str):
        text = value.strip()
        if found := _SCHOOL_YEAR.fullmatch(text):
            start, end = int(found[1]), found[2]
            ends = int(end) if len(end) == 4 else start // 100 * 100 + int(end)
            ends += 100 if len(end) == 2 and ends < start else 0
            if ends == start + 1:
                return ends
        elif found := _PLAIN_YEAR.fullmatch(text):
            return int(found[1])
    elif not isinstance(value, bool):
        try:
            number = float(value)  # type: ignore[arg-type]  # numpy scalars of every kind
        except (TypeError, ValueError):
            number = math.nan
        if number.is_integer():
            return int(number)
    mend = "write school years as 2021-22, other years as whole numbers"
    refuse(WHAT, "year", f"{value!r} is not a year.", mend=mend)


def is_school_year(label: str) -> bool:
    """Whether a label is a school year such as 2021-22, so that the day of its collection is known."""
    return _SCHOOL_YEAR.fullmatch(label.strip()) is not None


@dataclass(frozen=True)
class Years:
    """The observed years in order.

    Attributes
    ----------
    labels : as given, e.g. ``2021-22``; numbers are written without decimals
    numbers : `year_number` of each, strictly increasing
    """

    labels: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, values: Iterable[object]) -> "Years":
        """The distinct years among `values`, in any order; two spellings of one year are one year.

        Raises
        ------
        InputError
            For values that are not years, a mixture of school years and plain numbers, or no year at all.
        """
        found: dict[int, str] = {}
        for value in values:
            label = value.strip() if isinstance(value, str) else ""
            number = year_number(value)
            found.setdefault(number, label if label and is_school_year(label) else str(number))
        if not found:
            refuse(WHAT, "no-years", "There is no year.", mend="give an outcome with at least one year")
        kinds = {is_school_year(label) for label in found.values()}
        if len(kinds) > 1:
            text = f"School years and plain years are mixed: {named(sorted(found.values()))}."
            refuse(WHAT, "mixed-years", text, mend="write every year the same way")
        numbers = tuple(sorted(found))
        return cls(tuple(found[number] for number in numbers), numbers)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Years since the observation before; 1 where none is missing, 0 for the first."""
        earlier = (self.numbers[0], *self.numbers[:-1])
        return tuple(number - before for number, before in zip(self.numbers, earlier, strict=True))

    def position(self, year: object) -> int:
        """Where a year stands, counted from 0.

        Raises
        ------
        InputError
            If the year was not observed.
        """
        number = year_number(year)
        if number not in self.numbers:
            text = f"{year} is not among the years observed: {named(self.labels)}."
            refuse(WHAT, "year-not-observed", text, mend="choose a year in which the outcome was collected")
        return self.numbers.index(number)

    def from_number(self, number: float) -> int:
        """The first position at or after a year's number; `len(self)` where there is none."""
        return sum(observed < number for observed in self.numbers)

    def label(self, position: int) -> str:
        """The label at a position; ``not by 2023-24`` beyond the last."""
        return self.labels[position] if position < len(self) else f"not by {self.labels[-1]}"

    def keep(self, positions: Iterable[int]) -> "Years":
        """The years at some positions, in order."""
        chosen = sorted(set(positions))
        return Years(tuple(self.labels[i] for i in chosen), tuple(self.numbers[i] for i in chosen))
