"""The years in which an outcome was observed: positions 1…T in order, with the true year kept.

Method: docs/methods.md C1. Estimators count in positions, so that a year without a collection moves nothing;
labels and numbers remain for the reader.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ci_eval.agreement.refusals import named, refuse

WHAT = "CANNOT READ THE YEARS"
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})", re.ASCII)
_SINGLE_YEAR = re.compile(r"(\d+)(?:\.0*)?", re.ASCII)


def year_number(value: object) -> int:
    """The number a year is ordered by: 2022 for the school year ``2021-22``, the number itself otherwise.

    A school year may be written 2021-22, 2021/22 or 2021-2022; its number is the year it ends in, in which
    its collection lies. Whole numbers come as int, float or text.

    Examples
    --------
    >>> year_number("2021/22"), year_number(2022.0)
    (2022, 2022)

    Raises
    ------
    Refused
        For anything else, and for a school year that does not end one year after it begins.
    """
    if isinstance(value, str):
        text = value.strip()
        if match := _SCHOOL_YEAR.fullmatch(text):
            start, end = int(match[1]), match[2]
            ends = int(end) if len(end) == 4 else start // 100 * 100 + int(end)
            ends += 100 if len(end) == 2 and ends < start else 0
            if ends == start + 1:
                return ends
        elif match := _SINGLE_YEAR.fullmatch(text):
            return int(match[1])
    elif not isinstance(value, bool):
        try:
            number = float(value)  # type: ignore[arg-type]  # numpy scalars of every kind
        except (TypeError, ValueError):
            number = math.nan
        if number.is_integer():
            return int(number)
    fix = "write school years as 2021-22, other years as whole numbers"
    refuse(WHAT, "year", f"{value!r} is not a year.", fix=fix)


def school_year(number: int) -> str:
    """The school year that ends in a calendar year: 2022 is ``2021-22``."""
    return f"{number - 1}-{number % 100:02d}"


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

    Examples
    --------
    >>> years = Years.of(["2021-22", "2018-19", "2020-21"])
    >>> years.labels
    ('2018-19', '2020-21', '2021-22')
    >>> years.position("2020/21")
    1
    """

    labels: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, values: Iterable[object]) -> "Years":
        """The distinct years among `values`, in any order; two spellings of one year are one year.

        Raises
        ------
        Refused
            For values that are not years, a mixture of school years and numbers, or no year at all.
        """
        label_of: dict[int, str] = {}
        for value in values:
            label = value.strip() if isinstance(value, str) else ""
            number = year_number(value)
            label_of.setdefault(number, label if label and is_school_year(label) else str(number))
        if not label_of:
            refuse(WHAT, "no-years", "There is no year.", fix="give an outcome with at least one year")
        if len({is_school_year(label) for label in label_of.values()}) > 1:
            text = f"School years and other years are mixed: {named(sorted(label_of.values()))}."
            refuse(WHAT, "mixed-years", text, fix="write every year the same way")
        numbers = tuple(sorted(label_of))
        return cls(tuple(label_of[number] for number in numbers), numbers)

    def __len__(self) -> int:
        return len(self.labels)

    def position(self, year: object) -> int:
        """Where a year is among those observed, counted from 0; refused where it was not observed."""
        number = year_number(year)
        if number not in self.numbers:
            text = f"{year} is not among the years observed: {named(self.labels)}."
            refuse(WHAT, "year-not-observed", text, fix="choose a year in which the outcome was collected")
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
