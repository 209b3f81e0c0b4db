"""The years in which an outcome was observed: positions 1…T in order, with true year and gap kept.

Method: docs/methods.md C1. Estimators count in positions, so that a year without a collection moves nothing;
labels and gaps remain for the reader.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ci_eval.agreement.refusals import named, refuse
from ci_eval.programme.school_years import is_school_year, year_number

WHAT = "CANNOT READ THE YEARS"


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
        Refused
            For values that are not years, a mixture of school years and plain numbers, or no year at all.
        """
        found: dict[int, str] = {}
        for value in values:
            label = value.strip() if isinstance(value, str) else ""
            number = year_number(value)
            found.setdefault(number, label if label and is_school_year(label) else str(number))
        if not found:
            refuse(WHAT, "no-years", "There is no year.", fix="give an outcome with at least one year")
        kinds = {is_school_year(label) for label in found.values()}
        if len(kinds) > 1:
            text = f"School years and plain years are mixed: {named(sorted(found.values()))}."
            refuse(WHAT, "mixed-years", text, fix="write every year the same way")
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
        Refused
            If the year was not observed.
        """
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
