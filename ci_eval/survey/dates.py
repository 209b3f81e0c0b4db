"""Dates read the one way in which all of them can be read: numbers, words, and day or month first.

A month by name leaves no doubt about day and month, and an offset none about the hour, so that neither needs a
setting. Zones by other names than UTC, GMT and BST are not read: the same letters stand for several zones.

44774.38 is a day of Excel's calendar, 1697862600 a number of seconds since 1970. Either could be any number
at all, so that nothing but the dates between which the survey ran can tell.

A column's dates are decided together: 13/08/2022 among them settles the order for all. Where two orders
fit every date, the tool's own order, the fieldwork dates or the settings decide; nothing is guessed row
by row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.personal_data import value
from ci_eval.inputs.problems import Findings
from ci_eval.programme.survey_declaration import DATE_ORDERS, DAY_FIRST, SurveySettings
from ci_eval.survey.answers import Column

SCOTLAND = "Europe/London"
# Beyond these years no time zone can be worked out; such a date is noted as unlikely.
EARLIEST, LATEST = np.datetime64("1990-01-01", "s"), np.datetime64("2200-01-01", "s")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = "january february march april june july august september october november december sept"
_NAMES = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
_WHOLE = frozenset((*_MONTHS, *_LONG.split()))
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


def in_figures(text: str, order: str) -> tuple[str, timedelta | None]:
    """The date in figures only, in `order` where it has no month by name; and how far its clock is ahead of UTC.

    Returns
    -------
    (text, None) where the text says no zone; a text without any such words comes back as it is.
    """
    bare, ahead = _without_zone(text.strip())
    return _in_figures(_WEEKDAY.sub("", bare), order), ahead


def _in_figures(text: str, order: str) -> str:
    for pattern, day, name in ((_DAY_NAME, 1, 2), (_NAME_DAY, 2, 1)):
        match = pattern.match(text)
        if match and match[name].lower() in _WHOLE:
            month, rest = _NAMES[match[name][:3].lower()], text[match.end() :]
            both = (int(match[day]), month) if order == DAY_FIRST else (month, int(match[day]))
            return f"{both[0]:02d}/{both[1]:02d}/{match[3]}{rest}"
    return text


def _without_zone(text: str) -> tuple[str, timedelta | None]:
    timed = _TIMED.search(text)
    match = _ZONE.search(text, timed.end()) if timed else None
    if match is None or not (match["name"] or match["sign"]):
        return text, None
    minutes = 60 * int(match["hours"] or 0) + int(match["minutes"] or 0)
    if bool(match["sign"]) != bool(match["hours"]) or minutes > _LARGEST:
        return text, None
    ahead = _MINUTES[match["name"] or ""] + (-minutes if match["sign"] == "-" else minutes)
    return text[: match.start()], timedelta(minutes=ahead)


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


Moments = NDArray[Any]
_SHAPE = re.compile(
    r"^(?P<a>\d{1,4})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<c>\d{2,4})"
    r"(?P<gap>[T ]+|, )?(?P<time>\d{1,2}:\d{2}(?P<sec>:\d{2})?(?P<frac>\.\d{1,9})?)?"
    r"(?P<half>\s?[AaPp][Mm])?$"
)
_TWO_DIGITS = re.compile(r"\s*\d{1,2}([-/.])\d{1,2}\1\d\d(?!\d)")
_NAME = re.compile("[A-Za-z]{3}")
_MOST_SHAPES = 24


@dataclass
class Dates:
    """Columns of dates, read.

    Attributes
    ----------
    moments : one array a column, datetime64[s]; NaT where the cell was empty or nothing could be read
    order : ``"day first"`` or ``"month first"``; "" where the dates start with the year, or are numbers
    reason : why this order
    zoned : number of distinct texts that say their own time zone; their times are those of Scotland's clocks
    """

    moments: list[Any]
    order: str = ""
    reason: str = ""
    zoned: int = 0


def parse(columns: Sequence[Column], tool_order: str, declared: SurveySettings, findings: Findings) -> Dates:
    """Read the dates of all columns in one order; those that fit no order (REJECT), or both (ASK), are NaT."""
    fits: dict[str, list[Moments]] = {}
    zoned = 0
    # Dates that start with the year read the same in either order and are read once.
    year_first = all(_year_first(column.cells.distinct) for column in columns)
    for order in DATE_ORDERS[:1] if year_first else DATE_ORDERS:
        read = [_values(column.cells.distinct, order) for column in columns]
        if not any(_unread(column, left) for column, (_, left, _) in zip(columns, read, strict=True)):
            fits[order] = [moments for moments, _, _ in read]
            zoned = sum(count for _, _, count in read)
    empty = [np.full(len(column.cells), np.datetime64("NaT", "s")) for column in columns]
    if not fits:
        numbers = _from_numbers(columns, declared, findings)
        if numbers is None:
            _note_unreadable(columns, declared, findings)
        return numbers or Dates(empty)
    chosen = _chosen(fits, columns, tool_order, declared)
    if chosen is None:
        _note_ambiguous(columns, declared, findings)
        return Dates(empty)
    moments = [
        column.cells.lookup(values, "datetime64[s]")
        for column, values in zip(columns, fits[chosen], strict=True)
    ]
    if tool_order and chosen != tool_order and not year_first:
        message = f"The dates are {chosen}, unlike this tool's usual {tool_order}."
        findings.add("date-order-unusual", "WARN", message, _first(columns[0]))
    short = [column for column in columns if any(map(_has_short_year, column.cells.distinct))]
    if short:
        message = "Years have two digits; 22 was read as 2022."
        fix = "Export again with four digits where the tool can."
        findings.add("two-digit-years", "WARN", message, _first(short[0]), fix, len(short))
    return Dates(moments, "" if year_first else chosen, _reason(fits, tool_order, declared), zoned)


def _has_short_year(text: str) -> bool:
    figures = in_figures(text, DAY_FIRST)[0] if _NAME.search(text) else text
    return _TWO_DIGITS.match(figures) is not None


def _reason(fits: dict[str, list[Moments]], tool_order: str, declared: SurveySettings) -> str:
    if len(fits) == 1:
        return "the only order that reads them all"
    if declared.date_order:
        return "as declared"
    return (
        "as this tool writes them" if tool_order else "which puts them into the fieldwork, or is all the same"
    )


def _from_numbers(columns: Sequence[Column], declared: SurveySettings, findings: Findings) -> Dates | None:
    """Dates written as numbers, if the fieldwork proves what they mean."""
    texts = [column.cells.distinct for column in columns]
    if declared.fieldwork is None or not all(map(are_numbers, texts)):
        return None
    numbers = read(texts, declared.fieldwork)
    if numbers is None:
        return None
    values, unit = numbers
    message = f"The dates are numbers. Read as {unit}, all fall into the fieldwork, and were used."
    count = sum(len(column.cells) for column in columns)
    findings.add("dates-from-numbers", "WARN", message, _first(columns[0]), "Export again with dates.", count)
    both = zip(columns, values, strict=True)
    return Dates([column.cells.lookup(each, "datetime64[s]") for column, each in both])


def _chosen(
    fits: dict[str, list[Moments]], columns: Sequence[Column], tool_order: str, declared: SurveySettings
) -> str | None:
    """The order to use: the only one that reads all dates, the declared, the tool's, the fieldwork's."""
    one, *others = fits.values()
    if not others or all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, others[0], strict=True)):
        # Declared day first, and only month first fits: the declaration or the file is wrong.
        order = next(iter(fits))
        wrong = declared.date_order and declared.date_order not in fits
        return None if wrong and not all(_year_first(column.cells.distinct) for column in columns) else order
    if declared.date_order:
        return declared.date_order
    if tool_order:
        return tool_order
    if declared.fieldwork:
        first, last = (np.datetime64(day, "D") for day in declared.fieldwork)
        inside = [order for order, read in fits.items() if all(_within(v, first, last) for v in read)]
        return inside[0] if len(inside) == 1 else None
    return None


def _year_first(texts: Sequence[str]) -> bool:
    # A million moments start in a handful of ways.
    other = {start for start in {text[:4] for text in texts} if not start.isdigit()}
    return not other or all(not text.strip() for text in texts if text[:4] in other)


def _within(values: Moments, first: np.datetime64, last: np.datetime64) -> bool:
    days = values[~np.isnat(values)].astype("datetime64[D]")
    return bool(((days >= first) & (days <= last)).all())


def _values(texts: Sequence[str], order: str) -> tuple[Moments, list[int], int]:
    """Each text as a moment, NaT where it is empty.

    Returns
    -------
    (moments, texts by number that do not fit the order, how many texts say their own time zone)
    """
    stripped = list(map(str.strip, texts))
    moments, left = _by_shape(stripped, order)
    if not left:
        return moments, left, 0
    # The usual dates are figures only; months by name and zones are looked for where that is not enough.
    figures = [in_figures(stripped[number], order) for number in left]
    again, unread = _by_shape([text for text, _ in figures], order)
    moments[left] = in_scottish_time(again, [ahead for _, ahead in figures])
    zoned = sum(ahead is not None for _, ahead in figures)
    return moments, [left[number] for number in unread], zoned


def _by_shape(stripped: Sequence[str], order: str) -> tuple[Moments, list[int]]:
    """Texts of one shape after the other as moments; and the numbers of those that have no shape of a date."""
    moments = np.full(len(stripped), np.datetime64("NaT", "s"))
    left = [number for number, text in enumerate(stripped) if text]
    for _ in range(_MOST_SHAPES):
        form = _form(stripped[left[0]], order) if left else None
        if form is None:
            break
        batch = pd.Series(list(map(stripped.__getitem__, left)), dtype=object)
        # A text is read as a whole or not at all, in this form only.
        values = pd.to_datetime(batch, format=form, errors="coerce", exact=True)
        moments[left] = values.to_numpy().astype("datetime64[s]")
        unread = np.flatnonzero(values.isna().to_numpy())
        if len(unread) == len(left):
            break
        left = [left[number] for number in unread]
    return moments, left


def _form(text: str, order: str) -> str | None:
    match = _SHAPE.match(text)
    if match is None:
        return None
    mark = match["s"]
    if len(match["a"]) == 4:
        day = f"%Y{mark}%m{mark}%d"
    elif len(match["a"]) > 2 or len(match["c"]) == 3:
        return None
    else:
        year = "%Y" if len(match["c"]) == 4 else "%y"
        day = mark.join(("%d", "%m", year) if order == DAY_FIRST else ("%m", "%d", year))
    if not match["time"]:
        return day if not (match["gap"] or match["half"]) else None
    if not match["gap"]:
        return None
    hours = "%I" if match["half"] and int(match["time"].split(":")[0]) <= 12 else "%H"
    time = hours + ":%M" + (":%S" if match["sec"] else "") + (".%f" if match["frac"] else "")
    half = (" %p" if match["half"][0] == " " else "%p") if match["half"] else ""
    return f"{day}{match['gap']}{time}{half}"


def _unread(column: Column, left: list[int]) -> list[int]:
    """Texts that could not be read and do occur in the rows looked at."""
    return [number for number in left if column.cells.counts()[number]] if left else []


def _first(column: Column) -> str:
    filled = [number for number, text in enumerate(column.cells.distinct) if text.strip()]
    return f"{column.at(filled[:1])}: {_dated(column.cells.distinct[filled[0]])}" if filled else column.called


def _filled(columns: Sequence[Column]) -> int:
    """Number of cells that hold something."""
    return sum(
        int(count)
        for column in columns
        for text, count in zip(column.cells.distinct, column.cells.counts(), strict=True)
        if text.strip()
    )


def _dated(text: str) -> str:
    """A date for a message; a text without a figure is no date and may be anything."""
    return value(text, 30) if any(map(str.isdigit, text)) else f"(a text of {len(text):,} characters)"


def _note_unreadable(columns: Sequence[Column], declared: SurveySettings, findings: Findings) -> None:
    fix = "Export again with dates as year-month-day; do not let a spreadsheet change them."
    if all(are_numbers(column.cells.distinct) for column in columns):
        line = declared.fix("fieldwork = [2022-08-01, 2022-08-31]")
        message = "The dates are numbers, and nothing says what they count."
        fix += (
            f" Numbers are read as dates where they all fall into the fieldwork: {line}, with your own days."
        )
        findings.add("dates-unreadable", "REJECT", message, _first(columns[0]), fix, _filled(columns))
        return
    orders: list[str] = []
    for column in columns:
        failed = [set(_unread(column, _values(column.cells.distinct, order)[1])) for order in DATE_ORDERS]
        neither = sorted(set.intersection(*failed))
        if neither:
            count = int(column.cells.counts()[neither].sum())
            text = column.cells.distinct[neither[0]]
            message = f"Dates are written in no form that is read, such as {_dated(text)}."
            where = f"{column.at(neither[:1])}: {_dated(text)}"
            findings.add("dates-unreadable", "REJECT", message, where, fix, count)
            return
    for order in DATE_ORDERS:
        for column in columns:
            bad = _unread(column, _values(column.cells.distinct, order)[1])
            if bad:
                text = _dated(column.cells.distinct[bad[0]])
                orders.append(f"{order} fails at {column.at(bad[:1])}: {text}")
                break
    message = f"The dates follow no single order: {'; '.join(orders)}."
    findings.add("dates-mixed", "REJECT", message, _first(columns[0]), fix, _filled(columns))


def _note_ambiguous(columns: Sequence[Column], declared: SurveySettings, findings: Findings) -> None:
    if declared.date_order:
        message = f'Not all dates can be read "{declared.date_order}", as declared.'
        fix = f"Correct date_order under {declared.table()}."
    else:
        message = "Every date can be read day first or month first: 03/04 is in March or in April."
        line = declared.fix('date_order = "day first"')
        fix = f'Say which: {line} (or "month first").'
    findings.add("dates-ambiguous", "ASK", message, _first(columns[0]), fix, _filled(columns))
