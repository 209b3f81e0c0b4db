"""The numbers of pupils behind Table 10, which the published workbook keeps in the sheet of its pivot chart.

Every percentage of Table 10 times its number of pupils is a whole number (checked for each value here), so the
sheet holds the true denominators. They give fixed pupil weights and say how much of a difference is chance.
"""

from collections.abc import Mapping
from typing import Any

from .acel_tables import Key
from .acel_words import organiser, stage
from .places import school_year
from .schema import ALL
from .sheets import Sheet
from .values import Cell

TITLE = "pivotchart 10 data"
HEADINGS = ("year", "LA", "cohort", "stage", "organiser", "percent")
SAME_PERCENT = 1e-4  # percentage points; both are published with eight decimals
WHOLE = 0.01  # pupils


def pupils(sheet: Sheet, values: Mapping[Key, Cell]) -> dict[Key, int]:
    """Number of pupils of each value of Table 10; numbers that do not give its percentage are noted, not used."""
    columns = [sheet.heading.column(text) for text in HEADINGS]
    found: dict[Key, int] = {}
    for number, row in enumerate(sheet.book.rows(sheet.name), start=1):
        if number <= sheet.heading.row:
            continue
        year, area, count, stage_text, organiser_text, percent = (row[column] for column in columns)
        code = sheet.places.look_up(str(area))
        # A year without a collection repeats the number of the year before, beside an empty percentage.
        if not isinstance(code, str) or not _number(count) or not _number(percent):
            continue
        key = Key(code, school_year(year), stage(stage_text), organiser(organiser_text), ALL)
        if key not in values:
            continue
        if _agrees(values[key].value, percent, count):
            found[key] = round(count)
        else:
            message = "Numbers of pupils do not give the percentage of Table 10 and were not used."
            mend = "Download the file again; if it is as published, ask who published it."
            sheet.findings.add("pupils-disagree", "WARN", message, sheet.where(number, columns[2]), mend)
    return found


def _number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _agrees(value: float, percent: float, count: float) -> bool:
    """Whether both percentages are the same and give a whole number of pupils."""
    achieved = percent * count / 100
    return count > 0 and abs(value - percent) <= SAME_PERCENT and abs(achieved - round(achieved)) <= WHOLE
