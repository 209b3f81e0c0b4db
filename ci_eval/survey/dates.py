"""Dates read the one way in which all of them can be read: numbers, words, and day or month first.

44774.38 is a day of Excel's calendar, 1697862600 a number of seconds since 1970. Either could be any number
at all, so that nothing but the dates between which the survey ran can tell.

A column's dates are decided together: 13/08/2022 among them settles the order for all. Where two orders
fit every date, the settings, the fieldwork dates or the tool's own order decide, in this order; nothing is guessed
row by row. Where the tool's order spreads the answers over months and the other puts them into days, it is asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.personal_data import value
from ci_eval.inputs.problems import Findings
from ci_eval.programme.survey_declaration import DATE_ORDERS, DAY_FIRST, NOT_USED, SurveySettings
from ci_eval.survey.answers import Column
from ci_eval.survey.written_dates import in_figures, in_scottish_time

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
# Days over which one order spreads the answers, and the other does not, from which the tool's order is doubted.
_MONTHS_APART, _DAYS_TOGETHER = 60, 15
MONTHS = 12
_OWN_DAY = re.compile(
    r"\d{4}\D\d{1,2}\D(\d{1,2})(?!\d)"
)  # of a spreadsheet's date, which begins with the year


@dataclass
class Dates:
    """Columns of dates, read.

    Attributes
    ----------
    moments : one array a column, datetime64[s]; NaT where the cell was empty or nothing could be read
    order : ``"day first"`` or ``"month first"``; "" where the dates start with the year, or are numbers
    reason : why this order
    zoned : number of distinct texts that say their own time zone; their times are those of Scotland's clocks
    unknown : letters of zones that are not known; these times are as they were
    """

    moments: list[Any]
    order: str = ""
    reason: str = ""
    zoned: int = 0
    unknown: tuple[str, ...] = ()


def parse(columns: Sequence[Column], tool_order: str, declared: SurveySettings, findings: Findings) -> Dates:
    """Read the dates of all columns in one order; those that fit no order, or both, are NaT (ASK)."""
    empty = [np.full(len(column.cells), np.datetime64("NaT", "s")) for column in columns]
    if declared.date_order == NOT_USED:
        return Dates(empty)
    fits: dict[str, list[_Moved]] = {}
    # Dates that start with the year read the same in either order and are read once.
    year_first = all(_year_first(column.cells.distinct) for column in columns)
    for order in DATE_ORDERS[:1] if year_first else DATE_ORDERS:
        read = [_values(column.cells.distinct, order) for column in columns]
        if not any(_unread(column, each.left) for column, each in zip(columns, read, strict=True)):
            fits[order] = read
    if not fits:
        numbers = _from_numbers(columns, declared, findings)
        if numbers is None:
            _note_unreadable(columns, declared, findings)
        return numbers or Dates(empty)
    if len(fits) == 1 and (half := _half_changed(columns, next(iter(fits)))):
        _note_half_changed(half, next(iter(fits)), declared, findings)
        return Dates(empty)
    by_order = {order: [each.moments for each in read] for order, read in fits.items()}
    chosen = _chosen(by_order, columns, tool_order, declared)
    if chosen is None:
        _note_ambiguous(columns, declared, findings)
        return Dates(empty)
    moments = [
        column.cells.lookup(values, "datetime64[s]")
        for column, values in zip(columns, by_order[chosen], strict=True)
    ]
    if tool_order and chosen != tool_order and not year_first:
        message = f"The dates are {chosen}, unlike this tool's usual {tool_order}."
        findings.add("date-order-unusual", "WARN", message, columns[0].called)
    short = [one for one in columns if not year_first and any(map(_has_short_year, one.cells.distinct))]
    if short:
        message = "Years have two digits; 22 was read as 2022."
        fix = "Export again with four digits where the tool can."
        findings.add("two-digit-years", "WARN", message, short[0].called, fix, len(short))
    zoned = sum(each.zoned for each in fits[chosen])
    unknown = tuple(sorted({zone for each in fits[chosen] for zone in each.unknown}))
    return Dates(
        moments, "" if year_first else chosen, _reason(by_order, chosen, tool_order, declared), zoned, unknown
    )


def _half_changed(columns: Sequence[Column], order: str) -> Column | None:
    """The column in which dates of a spreadsheet's own stand beside texts that fit one order only.

    A spreadsheet set to the other order makes dates of what it can read, day and month exchanged, and leaves the rest.
    """
    (other,) = set(DATE_ORDERS) - {order}
    for column in columns:
        texts = [text for text in map(str.strip, column.cells.distinct) if text]
        own = [text for text in texts if text[:4].isdigit()]
        # The day of an exchanged date was a month, so that it is 12 at most.
        exchanged = all((day := _OWN_DAY.match(text)) is not None and int(day[1]) <= MONTHS for text in own)
        if (
            own
            and exchanged
            and len(own) < len(texts)
            and _unread(column, _values(column.cells.distinct, other).left)
        ):
            return column
    return None


def _note_half_changed(column: Column, order: str, declared: SurveySettings, findings: Findings) -> None:
    (other,) = set(DATE_ORDERS) - {order}
    numbers = _unread(column, _values(column.cells.distinct, other).left)
    message = (
        f"Dates that a spreadsheet made stand beside texts that fit {order} only. It read them {other}, so that "
        "day and month are probably exchanged in those it made."
    )
    line = declared.fix('date_order = "not used"')
    fix = (
        "Export again, and do not open the file in a spreadsheet; or open the untouched file with the language of "
        f"its dates ({order}). To load the answers without dates, {line}."
    )
    cells, count = _cells(column, numbers), int(column.cells.counts()[numbers].sum())
    findings.add("dates-mixed", "REJECT", message, column.called, fix, count, cells)


def _has_short_year(text: str) -> bool:
    figures = in_figures(text, DAY_FIRST).figures if _NAME.search(text) else text
    return _TWO_DIGITS.match(figures) is not None


def _reason(fits: dict[str, list[Moments]], chosen: str, tool_order: str, declared: SurveySettings) -> str:
    if len(fits) == 1:
        return "the only order that reads them all"
    if declared.date_order:
        return "as declared"
    if tool_order == chosen and _inside(fits, declared) != chosen:
        return "as this tool writes them"
    return "which puts them into the fieldwork, or is all the same"


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
    findings.add("dates-from-numbers", "WARN", message, columns[0].called, "Export again with dates.", count)
    both = zip(columns, values, strict=True)
    return Dates([column.cells.lookup(each, "datetime64[s]") for column, each in both])


def _chosen(
    fits: dict[str, list[Moments]], columns: Sequence[Column], tool_order: str, declared: SurveySettings
) -> str | None:
    """The order to use: the only one that reads all dates, the declared, the fieldwork's, the tool's."""
    one, *others = fits.values()
    if not others or all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, others[0], strict=True)):
        # Declared day first, and only month first fits: the declaration or the file is wrong.
        order = next(iter(fits))
        wrong = declared.date_order and declared.date_order not in fits
        return None if wrong and not all(_year_first(column.cells.distinct) for column in columns) else order
    if declared.date_order:
        return declared.date_order
    if inside := _inside(fits, declared):
        return inside
    if tool_order:
        spread = {order: max(map(_days, read)) for order, read in fits.items()}
        together = min(spread.values())
        if spread[tool_order] > _MONTHS_APART and together < _DAYS_TOGETHER:
            return None
    return tool_order or None


def _inside(fits: dict[str, list[Moments]], declared: SurveySettings) -> str:
    """The only order that puts every date into the fieldwork, "" where none or both do."""
    if declared.fieldwork is None:
        return ""
    first, last = (np.datetime64(day, "D") for day in declared.fieldwork)
    inside = [order for order, read in fits.items() if all(_within(v, first, last) for v in read)]
    return inside[0] if len(inside) == 1 else ""


def _days(values: Moments) -> int:
    """Days from the first moment to the last."""
    known = values[~np.isnat(values)].astype("datetime64[D]")
    return int((known.max() - known.min()).astype(int)) if len(known) else 0


def _year_first(texts: Sequence[str]) -> bool:
    # A million moments start in a handful of ways.
    other = {start for start in set(map(itemgetter(slice(4)), texts)) if not start.isdigit()}
    return not other or all(not text.strip() for text in texts if text[:4] in other)


def _within(values: Moments, first: np.datetime64, last: np.datetime64) -> bool:
    days = values[~np.isnat(values)].astype("datetime64[D]")
    return bool(((days >= first) & (days <= last)).all())


@dataclass(frozen=True)
class _Moved:
    """Texts as moments, NaT where empty; numbers of those unread, of those with a zone, and letters of zones not known."""

    moments: Moments
    left: list[int]
    zoned: int = 0
    unknown: frozenset[str] = frozenset()


def _values(texts: Sequence[str], order: str) -> _Moved:
    stripped = list(map(str.strip, texts))
    moments, left = _by_shape(stripped, order)
    if not left:
        return _Moved(moments, left)
    # The usual dates are figures only; months by name and zones are looked for where that is not enough.
    written = [in_figures(stripped[number], order) for number in left]
    again, unread = _by_shape([each.figures for each in written], order)
    moments[left] = in_scottish_time(again, [each.ahead for each in written])
    zoned = sum(each.ahead is not None for each in written)
    return _Moved(
        moments, [left[number] for number in unread], zoned, frozenset(each.zone for each in written) - {""}
    )


def _by_shape(stripped: Sequence[str], order: str) -> tuple[Moments, list[int]]:
    """Texts of one shape after the other as moments; and the numbers of those that have no shape of a date."""
    moments = np.full(len(stripped), np.datetime64("NaT", "s"))
    texts = np.array(stripped, dtype=object)
    left = np.flatnonzero(texts != "")
    for _ in range(_MOST_SHAPES):
        form = _form(texts[left[0]], order) if len(left) else None
        if form is None:
            break
        # A text is read as a whole or not at all, in this form only.
        values = pd.to_datetime(pd.Series(texts[left]), format=form, errors="coerce", exact=True)
        moments[left] = values.to_numpy().astype("datetime64[s]")
        unread = values.isna().to_numpy()
        if unread.all():
            break
        left = left[unread]
    return moments, left.tolist()


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


def _cells(column: Column, numbers: Sequence[int] | None = None) -> str:
    """The first of these texts (None: of all) and its rows, for the work list."""
    if numbers is None:
        numbers = [number for number, text in enumerate(column.cells.distinct) if text.strip()]
    return (
        f"{column.rows_with(numbers[:1])}: {value(column.cells.distinct[numbers[0]], 30)}" if numbers else ""
    )


def _filled(columns: Sequence[Column]) -> int:
    """Number of cells that hold something."""
    return sum(int((~column.cells.blank()).sum()) for column in columns)


def _note_unreadable(columns: Sequence[Column], declared: SurveySettings, findings: Findings) -> None:
    fix = "Export again with dates as year-month-day; do not let a spreadsheet change them."
    line = declared.fix('date_order = "not used"')
    unused = f" To load the answers without dates, {line}."
    if all(are_numbers(column.cells.distinct) for column in columns):
        line = declared.fix("fieldwork = [2022-08-01, 2022-08-31]")
        message = "The dates are numbers, and nothing says what they count."
        fix += (
            f" Numbers are read as dates where they all fall into the fieldwork: {line}, with your own days."
        )
        called, cells = columns[0].called, _cells(columns[0])
        findings.add("dates-unreadable", "ASK", message, called, fix + unused, _filled(columns), cells)
        return
    orders: list[str] = []
    for column in columns:
        failed = [set(_unread(column, _values(column.cells.distinct, order).left)) for order in DATE_ORDERS]
        neither = sorted(set.intersection(*failed))
        if neither:
            count = int(column.cells.counts()[neither].sum())
            message, cells = "Dates are written in no form that is read.", _cells(column, neither)
            findings.add("dates-unreadable", "ASK", message, column.called, fix + unused, count, cells)
            return
    for order in DATE_ORDERS:
        for column in columns:
            bad = _unread(column, _values(column.cells.distinct, order).left)
            if bad:
                orders.append(f"{order} fails at {_cells(column, bad)}")
                break
    message, cells = "The dates follow no single order.", "; ".join(orders)
    findings.add("dates-mixed", "REJECT", message, columns[0].called, fix + unused, _filled(columns), cells)


def _note_ambiguous(columns: Sequence[Column], declared: SurveySettings, findings: Findings) -> None:
    if declared.date_order:
        message = f'Not all dates can be read "{declared.date_order}", as declared.'
        fix = f"Correct date_order under {declared.table()}."
    else:
        message = "Every date can be read day first or month first: 03/04 is in March or in April."
        line = declared.fix('date_order = "day first"')
        fix = f'Say which: {line} (or "month first").'
    findings.add("dates-ambiguous", "ASK", message, columns[0].called, fix, _filled(columns))
