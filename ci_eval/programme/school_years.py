"""School years: how they are written, and the number they are ordered by."""

import math
import re

from ci_eval.inputs.problems import refuse

WHAT = "CANNOT READ THE YEARS"
_SCHOOL_YEAR = re.compile(r"(\d{4})\s*[-/–]\s*(\d{2}|\d{4})", re.ASCII)
_PLAIN_YEAR = re.compile(r"(\d+)(?:\.0*)?", re.ASCII)


def year_number(value: object) -> int:
    """The number a year is ordered by: 2022 for the school year ``2021-22``, the number itself otherwise.

    A school year may be written 2021-22, 2021/22 or 2021-2022; it is numbered by the year it ends in, in
    which its collection lies. Whole numbers come as int, float or text.

    Raises
    ------
    Refused
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
    fix = "write school years as 2021-22, other years as whole numbers"
    refuse(WHAT, "year", f"{value!r} is not a year.", fix=fix)


def is_school_year(label: str) -> bool:
    """Whether a label is a school year such as 2021-22, so that the day of its collection is known."""
    return _SCHOOL_YEAR.fullmatch(label.strip()) is not None
