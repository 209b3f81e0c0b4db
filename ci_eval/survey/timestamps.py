"""When responses were started and ended, in Scotland's time, and moments that are hard to believe.

Doubtful moments are listed and never lead to a response being left out.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.columns import Cells
from ci_eval.inputs.personal_data import value
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import listed, shown
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey import dates
from ci_eval.survey.answers import Column
from ci_eval.survey.dates import EARLIEST, HERE, LATEST
from ci_eval.survey.exports import RawExport

Both = tuple[NDArray[Any], NDArray[Any]]


def read(export: RawExport, used: NDArray[np.bool_], declared: SurveySettings) -> tuple[Both, list[Problem]]:
    """Start and end of each response used (datetime64[s], NaT where the tool does not say), and what to note."""
    nothing = np.full(int(used.sum()), np.datetime64("NaT", "s"))
    columns: dict[str, Column] = {}
    places: dict[str, int] = {}
    for name, headings in (("started", export.tool.started), ("ended", export.tool.ended)):
        place = export.layout.column(headings)
        if place is not None and place in export.columns:
            cells = export.columns[place].take(used)
            columns[name] = Column(name, export.layout.called(place), cells, export.rows[used])
            places[name] = place
    found = dates.parse(list(columns.values()), export.tool.date_order, declared)
    problems = list(found.problems)
    if found.order and not any(problem.stops for problem in problems):
        message = f"Dates were read {found.order}, {found.reason}."
        problems.append(Problem("date-order", "NOTE", message, export.file, len(columns)))
    moments = dict(zip(columns, found.moments, strict=True))
    if found.zoned:
        message = f"Times say their own zone (such as GMT+1); they were changed to those of {HERE}."
        distinct = [text for column in columns.values() for text in column.cells.distinct if text.strip()]
        if found.zoned < len(distinct):
            message = "Some times say their own zone (such as GMT+1) and were changed; others do not: they were not."
            fix = "Look where the others come from, or use the untouched export."
            problems.append(Problem("time-zone", "WARN", message, export.file, found.zoned, fix))
        else:
            problems.append(Problem("time-zone", "NOTE", message, export.file, found.zoned))
        return (moments.get("started", nothing), moments.get("ended", nothing)), problems
    for name, values in moments.items():
        moments[name], noted = _here(values, export.layout.zones.get(places[name], HERE), columns[name])
        problems += noted
    return (moments.get("started", nothing), moments.get("ended", nothing)), problems


def _here(values: NDArray[Any], zone: str, column: Column) -> tuple[NDArray[Any], list[Problem]]:
    """Moments of another time zone as clocks in Scotland showed them, so that days begin here at midnight."""
    if zone == HERE:
        return values, []
    try:
        away = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f'The time zone "{shown(zone, 40)}" is not known; times were used as they stand.'
        return values, [Problem("time-zone", "WARN", message, column.called)]
    usual = (values >= EARLIEST) & (values < LATEST)
    there = pd.DatetimeIndex(values[usual])
    local = there.tz_localize(away, ambiguous="NaT", nonexistent="shift_forward")
    # An hour that comes twice when clocks go back cannot be told apart: the first is taken.
    again = there.tz_localize(away, ambiguous=np.ones(len(there), dtype=bool), nonexistent="shift_forward")
    moved = local.where(pd.notna(local), again).tz_convert(HERE).tz_localize(None)
    values = values.copy()
    values[usual] = moved.to_numpy().astype("datetime64[s]")
    message = f"Times are those of {zone} in the export; they were changed to those of {HERE}."
    return values, [Problem("time-zone", "NOTE", message, column.called, len(values))]


def check(
    moments: Both,
    identity: Cells,
    rows: NDArray[np.int32],
    statements: NDArray[np.int64],
    declared: SurveySettings,
) -> list[Problem]:
    """Responses that ended before they began, outside the fieldwork or the period, in the future, or in no time at all.

    `statements` is the number of statements each response answered: nobody reads one a second.
    """
    started, ended = moments
    now = np.datetime64(dt.datetime.now().replace(microsecond=0), "s") + np.timedelta64(1, "D")
    odd = {
        "ended before they were started": ended < started,
        "ended in the future": ended > now,
        "ended before there were such surveys": ended < EARLIEST,
    }
    if declared.fieldwork:
        first, last = (np.datetime64(day, "D") for day in declared.fieldwork)
        days = ended.astype("datetime64[D]")
        odd["came in before the fieldwork began"] = days < first
        odd["came in after the fieldwork ended"] = days > last
    elif declared.starts:
        # An earlier period's export under a new period loads without a fault, and every number would be of then.
        odd["came in before the review period began"] = ended < np.datetime64(declared.starts, "D")
    found = []
    for what, hit in odd.items():
        if hit.any():
            message = f"Responses {what}: {_ids(identity, hit)}. They were used."
            where = f"row {rows[int(np.argmax(hit))]:,}"
            fix = "Look at the survey tool's clock, the date order and the fieldwork dates."
            if what.endswith("review period began"):
                fix = "Look whether this is the export of an earlier period."
            found.append(Problem("dates-unlikely", "WARN", message, where, int(hit.sum()), fix))
    # Where no moment has seconds, a response of half a minute may seem to take none.
    seconds = np.concatenate([started, ended]).astype("int64") % 60
    if np.isnat(started).all() or not seconds[~np.isnat(np.concatenate([started, ended]))].any():
        return found
    took = (ended - started).astype("timedelta64[s]")
    quick = (took >= np.timedelta64(0, "s")) & (took < statements.astype("timedelta64[s]"))
    if quick.any():
        message = (
            f"Responses took less than a second for each statement: {_ids(identity, quick)}. They were used."
        )
        where = f"row {rows[int(np.argmax(quick))]:,}"
        found.append(Problem("answered-in-seconds", "WARN", message, where, int(quick.sum())))
    return found


def _ids(identity: Cells, hit: NDArray[np.bool_]) -> str:
    return listed((value(text, 30) for text in identity.take(hit).texts()), 5)
