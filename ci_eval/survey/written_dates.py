"""Dates as people and programs write them, brought into figures: months by name, a.m. and p.m., words around, zones.

A month by name leaves no doubt about day and month, and an offset none about the hour, so that neither needs a
setting. Zones by letters are read where the letters stand for one zone only: CST and IST do not.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.programme.survey_declaration import DAY_FIRST

SCOTLAND = "Europe/London"
# Beyond these years no time zone can be worked out; such a date is noted as unlikely.
EARLIEST, LATEST = np.datetime64("1990-01-01", "s"), np.datetime64("2200-01-01", "s")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = "january february march april june july august september october november december sept"
_NAMES = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
_WHOLE = frozenset((*_MONTHS, *_LONG.split()))
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.IGNORECASE)
_DAY_NAME = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[ /.-]{1,2}([A-Za-z]{3,9})\.?,?[ /.-]{1,2}(\d{4}|\d\d)\b,?"
)
_NAME_DAY = re.compile(
    r"^([A-Za-z]{3,9})\.?[ /.-]{1,2}(\d{1,2})(?:st|nd|rd|th)?,?[ /.-]{1,2}(\d{4}|\d\d)\b,?"
)
_YEAR_LAST = re.compile(r"^([A-Za-z]{3} +\d{1,2}) (\d\d:\d\d:\d\d)((?: [A-Z]{1,5})?) (\d{4})$")
_TIME_FIRST = re.compile(r"^(\d{1,2}:\d\d(?::\d\d)?(?: ?[APap][Mm])?),? (\D{0,4}\d.*)$")
_DOTTED_TIME = re.compile(r"(?<=\d[ ,])( ?\d{1,2})\.(\d\d)(?:\.(\d\d))?(?=$| )")
_HALF = re.compile(r"(?<=\d)( ?)([ap])\.? ?m\b\.?", re.IGNORECASE)
_FILLING = re.compile(r" (?:at|of|on)(?= )|\s*\([^()]*\)$|(?<=\d) ?Europe/London$", re.IGNORECASE)
_TIMED = re.compile(r"\d:\d\d")
_TAIL = re.compile(
    r"(?P<rest>(?::\d\d)?(?:\.\d+)?(?: ?[APap][Mm]\b)?)\s*(?P<name>[A-Za-z][A-Za-z ]*)?"
    r"(?P<sign>[+-])?(?P<hours>\d{1,2})?:?(?P<minutes>[0-5]\d)?"
)
_LETTERS = re.compile(r"[A-Z]{2,5}")
_AHEAD = {  # minutes ahead of UTC
    **dict.fromkeys(("", "z", "utc", "gmt", "wet", "greenwich mean time", "coordinated universal time"), 0),
    **dict.fromkeys(("bst", "west", "cet", "british summer time", "central european standard time"), 60),
    **dict.fromkeys(("cest", "eet", "central european summer time"), 120),
    "eest": 180,
    **{"edt": -240, "est": -300, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480},
}
_LARGEST = 14 * 60  # minutes: no zone is further from Greenwich


class Written(NamedTuple):
    """A date in figures; how far its clock is ahead of UTC, None where it does not say; letters of a zone not known."""

    figures: str
    ahead: timedelta | None = None
    zone: str = ""


def in_figures(text: str, order: str) -> Written:
    """The date in figures only, in `order` where it has a month by name; a text without such words comes back as it is.

    Examples
    --------
    >>> in_figures("Saturday, 13 August 2022 at 9:20 p.m. British Summer Time", "day first")
    Written(figures='13/08/2022 9:20 PM', ahead=datetime.timedelta(seconds=3600), zone='')
    """
    even = " ".join(unicodedata.normalize("NFKC", text).split())
    even = _FILLING.sub("", _HALF.sub(lambda half: f"{half[1]}{half[2].upper()}M", _WEEKDAY.sub("", even)))
    even = _TIME_FIRST.sub(r"\2 \1", _YEAR_LAST.sub(r"\1 \4 \2\3", even))
    if ":" not in even:
        even = _DOTTED_TIME.sub(lambda time: ":".join(filter(None, time.groups())), even)
    bare, ahead, zone = _without_zone(even)
    return Written(_in_figures(_WEEKDAY.sub("", bare), order), ahead, zone)


def _in_figures(text: str, order: str) -> str:
    for pattern, day, name in ((_DAY_NAME, 1, 2), (_NAME_DAY, 2, 1)):
        match = pattern.match(text)
        if match and match[name].lower() in _WHOLE:
            month, rest = _NAMES[match[name][:3].lower()], text[match.end() :]
            both = (int(match[day]), month) if order == DAY_FIRST else (month, int(match[day]))
            return f"{both[0]:02d}/{both[1]:02d}/{match[3]}{rest}"
    return text


def _without_zone(text: str) -> Written:
    timed = _TIMED.search(text)
    tail = _TAIL.fullmatch(text, timed.end()) if timed else None
    if tail is None or not (tail["name"] or tail["sign"]):
        return Written(text)
    minutes = 60 * int(tail["hours"] or 0) + int(tail["minutes"] or 0)
    if bool(tail["sign"]) != bool(tail["hours"]) or minutes > _LARGEST:
        return Written(text)
    name, bare = (tail["name"] or "").strip(), text[: tail.end("rest")]
    if name.casefold() not in _AHEAD:
        return Written(bare, zone=name) if _LETTERS.fullmatch(name) and not minutes else Written(text)
    ahead = _AHEAD[name.casefold()] + (-minutes if tail["sign"] == "-" else minutes)
    return Written(bare, timedelta(minutes=ahead))


def in_scottish_time(moments: NDArray[Any], ahead: Sequence[timedelta | None]) -> NDArray[Any]:
    """Moments (datetime64[s]) as clocks in Scotland showed them; where `ahead` is None they stay as they are."""
    moved = moments.copy()
    zoned = np.array([each is not None for each in ahead], dtype=bool)
    zoned &= (moments >= EARLIEST) & (moments < LATEST)
    seconds = [
        int(each.total_seconds()) for each, hit in zip(ahead, zoned, strict=True) if each is not None and hit
    ]
    there = moments[zoned] - np.array(seconds, dtype="timedelta64[s]")
    local = pd.DatetimeIndex(there).tz_localize("UTC").tz_convert(SCOTLAND).tz_localize(None)
    moved[zoned] = local.to_numpy().astype("datetime64[s]")
    return moved
