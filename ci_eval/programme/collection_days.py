"""The days on which outcomes of each school year are gathered: census days, or the span of a school year.

Method: docs/methods.md C4a. A census has one day a school year. What is gathered over a year has its first and its
last day. A school year without a row was not collected.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ci_eval.inputs.fact_tables import programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme.approximate_dates import parse_day

COLUMNS = ("collection", "school_year", "first_day", "last_day", "source", "note")
FILE = "collection_days.csv"
CENSUS, OVER_THE_YEAR = (
    "pupil census of levels",
    "over the school year",
)  # names of the file that readers of outcomes use

CollectionDays = Mapping[str, Mapping[str, tuple[date, date]]]


def load_collection_days(folder: Path | str | None = None) -> CollectionDays:
    """Collection → school year → first and last day on which its outcomes are gathered.

    Examples
    --------
    >>> load_collection_days()[CENSUS]["2021-22"]
    (datetime.date(2022, 6, 13), datetime.date(2022, 6, 13))

    Raises
    ------
    InputError
        With every cell that is no day, a last day before the first one, and a school year that stands twice.
    """
    days: dict[str, dict[str, tuple[date, date]]] = {}
    problems: list[Problem] = []
    for row in read_rows(programme_folder(folder) / FILE, COLUMNS, filled=COLUMNS[:-1]):
        year = row["school_year"]
        known = days.setdefault(row["collection"], {})
        bounds = []
        for column in ("first_day", "last_day"):
            try:
                bounds.append(parse_day(row[column]))
            except ValueError:
                fix = "write year-month-day, such as 2022-06-13"
                problems.append(row.problem("bad-date", "This is not a day of the calendar.", column, fix))
        if len(bounds) == 2 and bounds[1] < bounds[0]:
            fix = "put the earlier day first"
            problems.append(row.problem("bounds", "The last day is before the first.", "last_day", fix))
        if year in known:
            message = "A collection has two rows of one school year."
            problems.append(row.problem("year-twice", message, "school_year", "keep one of the rows"))
        elif len(bounds) == 2:
            known[year] = (bounds[0], bounds[1])
    if problems:
        raise InputError(f"CANNOT USE {FILE}: nothing was loaded", problems)
    return days
