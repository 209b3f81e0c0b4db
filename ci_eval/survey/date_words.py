"""Dates with words in them: months by name (1 Aug 2022), and times that say their own zone (09:05 GMT+1).

A month by name leaves no doubt about day and month, and an offset none about the hour, so that neither needs a
setting. Zones by other names than UTC, GMT and BST are not read: the same letters stand for several zones.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.survey.settings import DAY_FIRST

HERE = "Europe/London"
# Beyond these years no time zone can be worked out; such a date is told of as unlikely.
EARLIEST, LATEST = np.datetime64("1990-01-01", "s"), np.datetime64("2200-01-01", "s")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
)
_NAMES = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
_WHOLE = frozenset((*_MONTHS, *_LONG, "december", "sept"))
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_DAY_NAME = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[ /.-]{1,2}([A-Za-z]{3,9})\.?,?[ /.-]{1,2}(\d{4}|\d\d)\b,?"
)
_NAME_DAY = re.compile(
    r"^([A-Za-z]{3,9})\.?[ /.-]{1,2}(\d{1,2})(?:st|nd|rd|th)?,?[ /.-]{1,2}(\d{4}|\d\d)\b,?"
)
_ZONE = re.compile(
    r"(?<=[\d:APMapm ])\s*(?P<name>Z|UTC|GMT|BST)?(?P<sign>[+-])?(?P<hours>\d{1,2})?:?(?P<minutes>[0-5]\d)?$"
)
_MINUTES = {"": 0, "Z": 0, "UTC": 0, "GMT": 0, "BST": 60}
_LARGEST = 14 * 60  # minutes: no zone is further from Greenwich
_TIMED = re.compile(r"\d:\d\d")


def plain(text: str, order: str) -> tuple[str, timedelta | None]:
    """The date in figures only, in `order` where it has no month by name; and how far its clock is ahead of UTC.

    Returns
    -------
    (text, None) where the text says no zone; a text without any such words comes back as it is.
    """
    bare, ahead = _without_zone(text.strip())
    return _in_figures(_WEEKDAY.sub("", bare), order), ahead


def _in_figures(text: str, order: str) -> str:
    for pattern, day, name in ((_DAY_NAME, 1, 2), (_NAME_DAY, 2, 1)):
        found = pattern.match(text)
        if found and found[name].lower() in _WHOLE:
            month, rest = _NAMES[found[name][:3].lower()], text[found.end() :]
            both = (int(found[day]), month) if order == DAY_FIRST else (month, int(found[day]))
            return f"{both[0]:02d}/{both[1]:02d}/{found[3]}{rest}"
    return text


def _without_zone(text: str) -> tuple[str, timedelta | None]:
    timed = _TIMED.search(text)
    found = _ZONE.search(text, timed.end()) if timed else None
    if found is None or not (found["name"] or found["sign"]):
        return text, None
    minutes = 60 * int(found["hours"] or 0) + int(found["minutes"] or 0)
    if bool(found["sign"]) != bool(found["hours"]) or minutes > _LARGEST:
        return text, None
    ahead = _MINUTES[found["name"] or ""] + (-minutes if found["sign"] == "-" else minutes)
    return text[: found.start()], timedelta(minutes=ahead)


def here(moments: NDArray[Any], ahead: Sequence[timedelta | None]) -> NDArray[Any]:
    """Moments (datetime64[s]) as clocks in Scotland showed them; where `ahead` is None they stand as they are."""
    moved = moments.copy()
    zoned = np.array([each is not None for each in ahead], dtype=bool)
    zoned &= (moments >= EARLIEST) & (moments < LATEST)
    seconds = [
        int(each.total_seconds()) for each, hit in zip(ahead, zoned, strict=True) if each is not None and hit
    ]
    there = moments[zoned] - np.array(seconds, dtype="timedelta64[s]")
    local = pd.DatetimeIndex(there).tz_localize("UTC").tz_convert(HERE).tz_localize(None)
    moved[zoned] = local.to_numpy().astype("datetime64[s]")
    return moved
