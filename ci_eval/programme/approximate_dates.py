"""Dates known to a day, a month, two months, a period, or only to the plan's years.

A date is kept as the first and the last day on which it can lie, and how precisely it is known, so that
nobody has to invent a day. What follows from the bounds is certain; what does not is called so.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Literal, get_args

Precision = Literal["day", "month", "months", "period", "plan"]
PRECISIONS: tuple[str, ...] = get_args(Precision)
# Written out, because strftime and calendar.month_name follow the machine's language.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def parse_day(text: str) -> date:
    """A day written as year-month-day; ValueError for anything else, above all for ambiguous orders."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(f"not a day written as 2022-06-30: {text}")
    return date.fromisoformat(text)


def bounds(text: str) -> tuple[date, date]:
    """First and last day of ``2022``, ``2022-06`` or ``2022-06-30``; ValueError for anything else."""
    parts = _PARTIAL.fullmatch(text)
    if not parts:
        raise ValueError(f"not a year, month or day written as 2022, 2022-06 or 2022-06-30: {text}")
    year, month, day = parts.groups()
    if day is not None:
        only = date(int(year), int(month), int(day))
        return only, only
    first = date(int(year), int(month or "1"), 1)
    return first, last_of_month(date(int(year), int(month or "12"), 1))


def is_date(text: str, parse: Callable[[str], object]) -> bool:
    """Whether a text is a date, as `parse_day` or `bounds` reads it."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def plain_day(day: date) -> date:
    """`day` without a time of day, so that a timestamp compares with the register's dates."""
    return day.date() if isinstance(day, datetime) else day


def last_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def precision_fault(earliest: date, latest: date, precision: str) -> str:
    """Why two bounds cannot be a date of this precision; empty where they can.

    A day has equal bounds; a month runs from its first day to its last; months from the first day of one to
    the last day of a later one; a period and the plan's years only have to begin before they end.
    """
    whole_months = earliest.day == 1 and latest == last_of_month(latest)
    same_month = (earliest.year, earliest.month) == (latest.year, latest.month)
    if latest < earliest:
        return "the latest day lies before the earliest"
    if precision == "day":
        return "" if earliest == latest else "a date known to the day has the same earliest and latest day"
    if precision == "month":
        return "" if whole_months and same_month else "a month runs from its first day to its last"
    if precision == "months":
        fault = "months run from the first day of one month to the last day of a later one"
        return "" if whole_months and not same_month else fault
    return "" if earliest < latest else "a period ends after it begins"


def spoken(earliest: date, latest: date, precision: str) -> str:
    """The date in words, no more precise than it is known: ``September or October 2022``."""
    if precision == "day":
        return day_in_words(earliest)
    if precision == "month":
        return month_in_words(earliest)
    if precision == "months":
        adjacent = (latest.year - earliest.year) * 12 + latest.month - earliest.month == 1
        first = MONTHS[earliest.month - 1] if earliest.year == latest.year else month_in_words(earliest)
        return f"{first} {'or' if adjacent else 'to'} {month_in_words(latest)}"
    if precision == "plan":
        return f"by {latest.year}, not before {month_in_words(earliest)}; date not known"
    if earliest.day == 1 and latest == last_of_month(latest):
        return f"between {month_in_words(earliest)} and {month_in_words(latest)}"
    return f"between {day_in_words(earliest)} and {day_in_words(latest)}"


def day_in_words(day: date) -> str:
    """``30 June 2022``, whatever the machine's language."""
    return f"{day.day} {month_in_words(day)}"


def month_in_words(day: date) -> str:
    """``June 2022``, whatever the machine's language."""
    return f"{MONTHS[day.month - 1]} {day.year}"
