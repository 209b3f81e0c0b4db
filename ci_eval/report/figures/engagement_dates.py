"""When each engagement took place, drawn as exactly as it is known and no more so.

A bar runs from the earliest to the latest day on which the engagement can have been; how it is filled says
what the bar means, because a date known only to the year must not look like an engagement of a year.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ci_eval.report import formats, style
from ci_eval.report.figures import chart_layout

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LABELS, WHEN = 2.2, 2.15
TOP, BOTTOM, ROW = 0.95, 0.45, 0.235
EXACT = frozenset({"day", "month"})  # precisions at which a solid bar claims nothing that is not known

LOOKS: dict[str, dict[str, Any]] = {
    "Took place, day or month known": {"facecolor": style.ACCENT, "edgecolor": style.ACCENT, "linewidth": 0.9},
    "Took place at some time in these months": {
        "facecolor": "#d6e6f4", "edgecolor": style.ACCENT, "hatch": "////", "linewidth": 0.9,
    },
    "Planned": {"facecolor": "white", "edgecolor": style.INK, "linewidth": 0.9},
    "Planned in these years, no date known": {
        "facecolor": "white", "edgecolor": style.QUIET, "linewidth": 0.9, "linestyle": (0, (2, 2)),
    },
}  # fmt: skip


def size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of a timeline of these rows."""
    return chart_layout.WIDTH, TOP + BOTTOM + chart_layout.rows_height(
        _wrapped(labels), chart_layout.SMALL, ROW
    )


def _wrapped(labels: Sequence[str]) -> list[str]:
    return [chart_layout.wrap(label, LABELS - 0.12, chart_layout.SMALL) for label in labels]


def timeline(figure: "Figure", rows: "pd.DataFrame", end: dt.date, end_label: str = "") -> None:
    """Draw one row for each host.

    Parameters
    ----------
    figure : of the size given by ``size(rows["label"])``
    rows : columns ``label`` (text), ``earliest`` and ``latest`` (``datetime.date``), ``precision`` (day,
        month, months, period or plan) and ``status`` (took place, planned or not known); drawn in their order
        from the top. ``when``, if there, is the date in words, printed at the right. A row without dates
        keeps its place, without a bar.
    end : the period's last day, drawn as a line across all rows
    end_label : what the line is called; "End of the period, 30 June 2022" where empty

    Raises
    ------
    ValueError
        If no row has dates, or a latest day is before its earliest.
    """
    records = rows.to_dict("records")
    dated = [
        row for row in records if not (formats.is_blank(row["earliest"]) or formats.is_blank(row["latest"]))
    ]
    if not dated:
        raise ValueError("a timeline needs at least one row with dates")
    if turned := [str(row["label"]) for row in dated if row["latest"] < row["earliest"]]:
        raise ValueError(f"latest day before the earliest: {', '.join(turned)}")
    first = min([end, *(row["earliest"] for row in dated)])
    last = max([end, *(row["latest"] for row in dated)])

    used = [kind for kind in LOOKS if kind in {_kind(row) for row in dated}]
    chart_layout.key(figure, [chart_layout.Swatch(kind, LOOKS[kind]) for kind in used])
    axes = chart_layout.panel(figure, LABELS, WHEN, TOP, BOTTOM)
    axes.set_xlim(_number(first) - 12, _number(last) + 20)
    labels = _wrapped([str(row["label"]) for row in records])
    dates = [chart_layout.wrap(_when(row), WHEN - 0.12, 8) for row in records]
    higher = [max(pair, key=chart_layout.lines) for pair in zip(labels, dates, strict=True)]
    centres = chart_layout.fitted(figure, higher, TOP, BOTTOM, chart_layout.SMALL, ROW)
    for y, label, date, row in zip(centres, labels, dates, records, strict=True):
        chart_layout.place(figure, chart_layout.EDGE, y, label, chart_layout.SMALL)
        chart_layout.place(figure, chart_layout.WIDTH - WHEN + 0.1, y, date, 8)
        if row in dated:
            start, stop = _number(row["earliest"]), _number(row["latest"]) + 1
            stop = max(stop, start + (_number(last) - _number(first)) * 0.012)  # one day would be a hair
            axes.barh(y, stop - start, left=start, height=ROW * 0.6, zorder=2, **LOOKS[_kind(row)])
    _years(axes, first, last)
    axes.axvline(_number(end) + 1, color=style.INK, linewidth=1.4, zorder=3)
    named = end_label or f"End of the period, {formats.date(end)}"
    left, right = axes.get_xlim()
    share = (_number(end) + 1 - left) / (right - left)
    at = LABELS + share * (chart_layout.WIDTH - LABELS - WHEN)
    chart_layout.place(figure, at, TOP - 0.13, named, 8, ha="right" if share > 0.5 else "left", weight="bold")


def _kind(row: "dict[Any, Any]") -> str:
    solid, loose, planned, unknown = LOOKS
    if row["status"] == "took place":
        return solid if row["precision"] in EXACT else loose
    return unknown if row["status"] == "not known" or row["precision"] == "plan" else planned


def _number(day: dt.date) -> float:
    """The day as a number; ordinals suffice, and need none of matplotlib's date machinery."""
    return float(day.toordinal())


def _years(axes: Any, first: dt.date, last: dt.date) -> None:
    """A tick and a grid line at each January and, where there is room, each July."""
    days = [dt.date(year, month, 1) for year in range(first.year, last.year + 2) for month in (1, 7)]
    left, right = axes.get_xlim()
    if right - left > 7 * 366:
        days = [day for day in days if day.month == 1]
    days = [day for day in days if left <= _number(day) <= right]
    named = [f"{day:%b}\n{day.year}" if day.month == 1 or day == days[0] else f"{day:%b}" for day in days]
    axes.set_xticks([_number(day) for day in days], named)
    axes.grid(axis="x", zorder=0)
    axes.set_axisbelow(True)


def _when(row: "dict[Any, Any]") -> str:
    """The date in words, as exact as its precision."""
    if not formats.is_blank(row.get("when")):
        return str(row["when"])
    early, late = row["earliest"], row["latest"]
    if formats.is_blank(early) or formats.is_blank(late):
        return "date not known"
    if row["precision"] == "day" and early == late:
        return formats.date(early)
    if row["precision"] == "plan":
        return f"{early.year} to {late.year}, not dated"
    if (early.year, early.month) == (late.year, late.month):
        return f"{early:%B %Y}"
    return f"{early:%b %Y} to {late:%b %Y}"
