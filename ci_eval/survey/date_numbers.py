"""Dates that a spreadsheet or a tool wrote as numbers: believed only where they fall into the fieldwork.

44774.38 is a day of Excel's calendar, 1697862600 a number of seconds since 1970. Either could be any number
at all, so that nothing but the dates between which the survey ran can tell.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBER = re.compile(r"\d{4,13}(?:\.\d+)?$")
_EXCEL_DAY_0 = np.datetime64("1899-12-30", "s")
_SECONDS = {"days of Excel's calendar": 86_400.0, "seconds since 1970": 1.0, "milliseconds since 1970": 0.001}


def are_numbers(texts: Sequence[str]) -> bool:
    """Whether every filled text is a number that could be a date."""
    filled = [text.strip() for text in texts if text.strip()]
    return bool(filled) and all(NUMBER.match(text) for text in filled)


def read(
    columns: Sequence[Sequence[str]], fieldwork: tuple[date, date]
) -> tuple[list[NDArray[Any]], str] | None:
    """The moments, one array a column (NaT where empty), and the name of their unit; None where no unit fits.

    A unit fits if it puts every number of every column between the first and the last day of `fieldwork`.
    """
    first, last = (np.datetime64(day, "D") for day in fieldwork)
    for unit, seconds in _SECONDS.items():
        start = _EXCEL_DAY_0 if "Excel" in unit else np.datetime64("1970-01-01", "s")
        moments = [_moments(texts, start, seconds) for texts in columns]
        days = np.concatenate(moments).astype("datetime64[D]")
        days = days[~np.isnat(days)]
        if ((days >= first) & (days <= last)).all():
            return moments, unit
    return None


def _moments(texts: Sequence[str], start: np.datetime64, seconds: float) -> NDArray[Any]:
    values = [round(float(text) * seconds) if text.strip() else None for text in texts]
    # Further than this from the start, numpy's seconds would overflow; such a number is no date of a survey.
    farthest = 10**11
    return np.array(
        [
            np.datetime64("NaT", "s") if value is None else start + np.timedelta64(min(value, farthest), "s")
            for value in values
        ],
        dtype="datetime64[s]",
    )
