"""When each engagement took place, drawn as exactly as it is known and no more so.

A bar runs from the earliest to the latest day on which the engagement can have been; how it is filled says
what the bar means, because a date known only to the year must not look like an engagement of a year.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ci_eval.report import formats, style
from ci_eval.report.figures import chart_rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

EXACT = frozenset({"day", "month"})  # precisions at which a solid bar claims nothing that is not known
WHEN_CHARACTERS = 34
THINNEST = 0.012  # of the axis: one day would be a hair

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


def timeline_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of a timeline of these rows."""
    return chart_rows.rows_size(labels, around=1.1, gap=0.03)


def timeline(ax: "Axes", rows: "pd.DataFrame", end: dt.date) -> "Axes":
    """Draw one row for each host, and the period's last day as a line across all rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> day = dt.date(2022, 5, 4)
    >>> host = {"label": "Fife", "earliest": day, "latest": day, "precision": "day", "status": "took place"}
    >>> ax = timeline(Figure().subplots(), pd.DataFrame([host | {"when": "4 May 2022"}]), dt.date(2022, 6, 30))
    >>> [text.get_text() for text in ax.texts]
    ['4 May 2022', 'End of the period, 30 June 2022']

    Parameters
    ----------
    rows : columns ``label`` (text), ``earliest`` and ``latest`` (``datetime.date``), ``precision`` (day,
        month, months, period or plan), ``status`` (took place, planned or not known) and ``when`` (the date in
        words, printed at the right); drawn in their order from the top. A row without dates keeps its place,
        without a bar.
    end : the period's last day

    Raises
    ------
    ValueError
        If no row has dates, or a latest day is before its earliest.
    """
    from matplotlib.patches import Patch

    records = list(enumerate(rows.to_dict("records")))
    dated = [
        (place, row)
        for place, row in records
        if not (formats.is_blank(row["earliest"]) or formats.is_blank(row["latest"]))
    ]
    if not dated:
        raise ValueError("a timeline needs at least one row with dates")
    if turned := [str(row["label"]) for _, row in dated if row["latest"] < row["earliest"]]:
        raise ValueError(f"latest day before the earliest: {', '.join(turned)}")
    first = min([end, *(row["earliest"] for _, row in dated)])
    last = max([end, *(row["latest"] for _, row in dated)])
    thinnest = (last - first).days * THINNEST
    for place, row in dated:
        start, stop = row["earliest"].toordinal(), row["latest"].toordinal() + 1
        ax.barh(place, max(stop - start, thinnest), left=start, height=0.55, zorder=2, **LOOKS[_kind(row)])
    chart_rows.name_rows(ax, [str(row["label"]) for _, row in records])
    ax.set_xlim(first.toordinal() - 12, last.toordinal() + 20)
    _years(ax, first, last)
    chart_rows.write_beside(
        ax, chart_rows.wrapped([str(row["when"]) for _, row in records], WHEN_CHARACTERS), 8
    )
    _end(ax, end)
    used = {_kind(row) for _, row in dated}
    chart_rows.key_above(ax, [Patch(label=kind, **look) for kind, look in LOOKS.items() if kind in used], 20)
    return ax


def _kind(row: "dict[Any, Any]") -> str:
    solid, loose, planned, unknown = LOOKS
    if row["status"] == "took place":
        return solid if row["precision"] in EXACT else loose
    return unknown if row["status"] == "not known" or row["precision"] == "plan" else planned


def _end(ax: "Axes", end: dt.date) -> None:
    at = end.toordinal() + 1
    ax.axvline(at, color=style.INK, linewidth=1.4, zorder=3)
    right = at > sum(ax.get_xlim()) / 2
    ax.annotate(
        f"End of the period, {formats.date(end)}", (at, 1), (0, 4), xycoords=ax.get_xaxis_transform(),
        textcoords="offset points", ha="right" if right else "left", fontsize=chart_rows.SMALL, fontweight="bold",
    )  # fmt: skip


def _years(ax: "Axes", first: dt.date, last: dt.date) -> None:
    """A tick and a grid line at each January and, where there is room, each July."""
    left, right = ax.get_xlim()
    months = (1, 7) if right - left <= 7 * 366 else (1,)
    days = [dt.date(year, month, 1) for year in range(first.year, last.year + 2) for month in months]
    days = [day for day in days if left <= day.toordinal() <= right]
    names = [f"{day:%b}\n{day.year}" if day.month == 1 or day == days[0] else f"{day:%b}" for day in days]
    ax.set_xticks([day.toordinal() for day in days], names)
    ax.grid(axis="x")
