"""When responses were started and ended, in Scotland's time, and times that are hard to believe.

Doubtful times are listed and never lead to a response being left out.
"""

import datetime as dt
from datetime import timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import listed, one_line
from ci_eval.programme.survey_declaration import NOT_USED, SurveySettings
from ci_eval.survey import dates
from ci_eval.survey.answers import Column
from ci_eval.survey.columns import Cells, row_numbers
from ci_eval.survey.exports import RawExport
from ci_eval.survey.written_dates import EARLIEST, LATEST, SCOTLAND, in_figures

Times = tuple[NDArray[Any], NDArray[Any]]  # start and end of each response, datetime64[s]


def read(export: RawExport, used: NDArray[np.bool_], declared: SurveySettings) -> Times:
    """Start and end of each response used, in Scotland's time; NaT where the tool does not say."""
    columns: dict[str, Column] = {}
    places = export.dates()
    for name, place in places.items():
        cells = export.columns[place].take(used)
        columns[name] = Column(name, export.layout.called(place), cells, export.rows[used])
    add = export.findings.add
    dated = dates.parse(list(columns.values()), export.tool.date_order, declared, export.findings)
    if dated.order:
        message = f"Dates were read {dated.order}, {dated.reason}."
        add("date-order", "NOTE", message, count=len(columns))
    times = dict(zip(columns, dated.moments, strict=True))
    if declared.date_order == NOT_USED and columns:
        add("dates-not-used", "NOTE", "The dates were not used, as declared.", count=len(columns))
        return _unknown(used, times)
    if dated.unknown:
        message = f"Times say zones whose letters stand for several ({listed(dated.unknown)}); they were used as they are."
        add("time-zone", "WARN", message, fix="Export again with times of Scotland or of UTC.")
    if dated.zoned:
        distinct = [text for column in columns.values() for text in column.cells.distinct if text.strip()]
        if dated.zoned < len(distinct):
            message = "Some times say their own zone (such as GMT+1) and were changed; others do not: they were not."
            fix = "Look where the others come from, or use the untouched export."
            add("time-zone", "WARN", message, "", fix, dated.zoned)
        else:
            message = f"Times say their own zone (such as GMT+1); they were changed to those of {SCOTLAND}."
            add("time-zone", "NOTE", message, count=dated.zoned)
    else:
        for name, values in times.items():
            zone = export.layout.zones.get(places[name], SCOTLAND)
            times[name] = _in_scotland(values, zone, columns[name], export.findings)
    return _unknown(used, times)


def _unknown(used: NDArray[np.bool_], times: dict[str, NDArray[Any]]) -> Times:
    """Start and end, NaT where there is no such column."""
    unknown = np.full(int(used.sum()), np.datetime64("NaT", "s"))
    return times.get("started", unknown), times.get("ended", unknown)


def _in_scotland(values: NDArray[Any], zone: str, column: Column, findings: Findings) -> NDArray[Any]:
    """Times of another zone as clocks in Scotland showed them, so that days begin at midnight there."""
    if zone == SCOTLAND:
        return values
    ahead = in_figures(f"0:00 {zone}", "").ahead  # Z, UTC, GMT+1
    try:
        away = timezone(ahead) if ahead is not None else ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f'The time zone "{one_line(zone, 40)}" is not known; times were used as they are.'
        findings.add("time-zone", "WARN", message, column.called)
        return values
    usual = (values >= EARLIEST) & (values < LATEST)
    there = pd.DatetimeIndex(values[usual])
    local = there.tz_localize(away, ambiguous="NaT", nonexistent="shift_forward")
    # An hour that comes twice when clocks go back cannot be told apart: the first is taken.
    again = there.tz_localize(away, ambiguous=np.ones(len(there), dtype=bool), nonexistent="shift_forward")
    moved = local.where(pd.notna(local), again).tz_convert(SCOTLAND).tz_localize(None)
    values = values.copy()
    values[usual] = moved.to_numpy().astype("datetime64[s]")
    message = f"Times are those of {zone} in the export; they were changed to those of {SCOTLAND}."
    findings.add("time-zone", "NOTE", message, column.called, count=len(values))
    return values


def check(
    times: Times,
    identity: Cells,
    rows: NDArray[np.int32],
    statements: NDArray[np.int64],
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """Note responses that ended before they began, outside the fieldwork or the period, in the future, or in no time at all.

    `statements` is the number of statements each response answered: nobody reads one a second.
    """
    started, ended = times
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
    for what, hit in odd.items():
        if hit.any():
            message = f"Responses {what}. They were used."
            cells = row_numbers(rows[hit], list(identity.take(hit).texts()))
            fix = "Look at the survey tool's clock, the date order and the fieldwork dates."
            if what.endswith("review period began"):
                fix = "Look whether this is the export of an earlier period."
            findings.add("dates-unlikely", "WARN", message, "", fix, int(hit.sum()), cells)
    # Where no time has seconds, a response of half a minute may seem to take none.
    seconds = np.concatenate([started, ended]).astype("int64") % 60
    if np.isnat(started).all() or not seconds[~np.isnat(np.concatenate([started, ended]))].any():
        return
    took = (ended - started).astype("timedelta64[s]")
    quick = (took >= np.timedelta64(0, "s")) & (took < statements.astype("timedelta64[s]"))
    if quick.any():
        message = "Responses took less than a second for each statement. They were used."
        cells = row_numbers(rows[quick], list(identity.take(quick).texts()))
        findings.add("answered-in-seconds", "WARN", message, count=int(quick.sum()), cells=cells)
