"""Shares of groups with their intervals, and the change of shares between two periods.

Dots stand on one common scale, which people compare more exactly than lengths or angles (Cleveland and McGill
1984, Graphical perception, JASA 79: 531-554); series differ by shape and filling before by colour.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import formats, style
from ci_eval.report.figures import chart_layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

LABELS, RIGHT = 2.75, 1.15  # inches: the row's text; the text beside it
TOP, BOTTOM = 0.28, 0.45
APART = 0.17  # inches between the series of one row


def intervals_size(labels: Sequence[str], series: Sequence[str] = ()) -> tuple[float, float]:
    """Width and height in inches of ``intervals`` of these rows and series."""
    rows = chart_layout.rows_height(_wrapped(labels), least=_least(max(1, len(series))))
    return chart_layout.WIDTH, TOP + chart_layout.key_height(series) + rows + BOTTOM


def dumbbell_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of a ``dumbbell`` of these rows."""
    return chart_layout.WIDTH, TOP + chart_layout.key_height(["", ""]) + chart_layout.rows_height(
        _wrapped(labels)
    ) + BOTTOM


def _wrapped(labels: Sequence[str]) -> list[str]:
    return [chart_layout.wrap(label, LABELS - 0.15) for label in labels]


def _least(series: int) -> float:
    return max(0.3, series * APART + 0.16)


def intervals(
    figure: "Figure",
    labels: Sequence[str],
    estimate: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    *,
    series: Sequence[str] = (),
    beside: Sequence[str] = (),
    heading: str = "",
    absent: str = "not shown",
    xlabel: str = "Share who agreed or strongly agreed, with 95% interval",
) -> None:
    """Draw a dot with its interval for each group.

    Parameters
    ----------
    figure : of the size given by ``intervals_size(labels, series)``
    labels : text of each row, from the top
    estimate, low, high : fractions 0 to 1, shape (row,) or (row, series); NaN where nothing may be shown,
        which prints `absent` in its place
    series : names of the series, one for each column of the arrays; five at most
    beside : text at the right of each row, such as "37 of 40"; `heading` stands over it
    xlabel : what the dots are

    Raises
    ------
    ValueError
        If the shapes do not fit, or an estimate lies outside its interval.
    """
    middle, below, above = (_columns(values, len(labels)) for values in (estimate, low, high))
    shown = ~np.isnan(middle)
    count = middle.shape[1]
    if not middle.shape == below.shape == above.shape or (series and len(series) != count):
        raise ValueError("estimate, low and high need one shape, and a name for each series")
    if count > len(style.SERIES) or (beside and len(beside) != len(labels)):
        raise ValueError(f"{len(style.SERIES)} series at most, and one text beside each row")
    if np.any((middle < below - 1e-9)[shown] | (middle > above + 1e-9)[shown]):
        raise ValueError("an estimate lies outside its interval")
    end = chart_layout.key(
        figure, [chart_layout.Swatch(name, dict(style.SERIES[n])) for n, name in enumerate(series)]
    )
    wrapped = _wrapped(labels)
    top = TOP + end
    rows = chart_layout.fitted(figure, wrapped, top, BOTTOM, least=_least(count))
    axes = _share_axes(
        figure, np.concatenate([below[shown], above[shown]]), top, RIGHT if beside else 0.15, xlabel
    )
    for row, y in enumerate(rows):
        if count > 1 and row % 2 == 0:
            half = max(_least(count), chart_layout.height(chart_layout.lines(wrapped[row])) + 0.12) / 2
            axes.axhspan(y - half, y + half, color=style.BAND, zorder=0)
        chart_layout.place(figure, 0.02, y, wrapped[row])
        for number in range(count):
            at = y + (number - (count - 1) / 2) * APART
            if not shown[row, number]:
                text = absent if count == 1 else f"{series[number]}: {absent}" if series else absent
                axes.text(
                    axes.get_xlim()[0],
                    at + chart_layout.baseline(8),
                    f" {text}",
                    fontsize=8,
                    color=style.QUIET,
                )
                continue
            colour = style.SERIES[number]["markeredgecolor"]
            axes.plot(
                [below[row, number], above[row, number]], [at, at], color=colour, linewidth=1.4, zorder=2
            )
            axes.plot([middle[row, number]], [at], markersize=6, zorder=3, **style.SERIES[number])
    _beside(figure, beside, heading, rows, top)


def dumbbell(
    figure: "Figure",
    labels: Sequence[str],
    before: "ArrayLike",
    after: "ArrayLike",
    *,
    periods: tuple[str, str],
    low: "ArrayLike | None" = None,
    high: "ArrayLike | None" = None,
    beside: Sequence[str] = (),
    xlabel: str = "Share who agreed or strongly agreed",
) -> None:
    """Draw each row's share in two periods, joined; the change in percentage points stands at the right.

    Parameters
    ----------
    figure : of the size given by ``dumbbell_size(labels)``
    labels : text of each row, from the top
    before, after : fractions 0 to 1, shape (row,); NaN where a period has no share, and then only the other
        is drawn
    periods : names of the earlier and the later period
    low, high : intervals of the two shares, shape (row, 2); each lies in a line of its own, the earlier period
        above, so that neither hides the other
    beside : text at the right in place of the change, two lines at most

    Raises
    ------
    ValueError
        If the shapes do not fit, or a share lies outside its interval.
    """
    first, second = (_columns(values, len(labels))[:, 0] for values in (before, after))
    shares = np.column_stack([first, second])
    below = shares if low is None else _columns(low, len(labels))
    above = shares if high is None else _columns(high, len(labels))
    if below.shape != shares.shape or above.shape != shares.shape or len(beside) not in (0, len(labels)):
        raise ValueError("a dumbbell needs an interval for each of its two shares, and one text a row")
    if np.any((shares < below - 1e-9) | (shares > above + 1e-9)):
        raise ValueError("a share lies outside its interval")
    looks = (dict(style.SERIES[1]) | {"marker": "o", "markeredgecolor": style.INK}, dict(style.SERIES[0]))
    end = chart_layout.key(
        figure, [chart_layout.Swatch(name, look) for name, look in zip(periods, looks, strict=True)]
    )
    wrapped = _wrapped(labels)
    top = TOP + end
    rows = chart_layout.fitted(figure, wrapped, top, BOTTOM)
    axes = _share_axes(figure, np.concatenate([below.ravel(), above.ravel()]), top, RIGHT, xlabel)
    offset = 0.0 if low is None else APART / 2.4
    sizes = (9, 6) if low is None else (6.5, 6)  # on one line, equal shares show as a ringed dot
    for row, (y, label) in enumerate(zip(rows, wrapped, strict=True)):
        chart_layout.place(figure, 0.02, y, label)
        heights = (y - offset, y + offset)
        axes.plot(shares[row], heights, color=style.QUIET, linewidth=1.6 if low is None else 1.0, zorder=2)
        for period, (look, wide) in enumerate(zip(looks, sizes, strict=True)):
            colour, at = look["markeredgecolor"], heights[period]
            axes.plot(
                [below[row, period], above[row, period]], [at, at], color=colour, linewidth=1.4, zorder=2
            )
            axes.plot([shares[row, period]], [at], markersize=wide, zorder=3, **look)
    changes = beside or [_change(float(new - old)) for old, new in zip(first, second, strict=True)]
    _beside(figure, changes, "Change", rows, top)


def _change(difference: float) -> str:
    if np.isnan(difference):
        return formats.BLANK
    text = formats.points(difference)
    return f"{text} point" if text.lstrip(f"+{formats.MINUS}") == "1" else f"{text} points"


def _columns(values: "ArrayLike", rows: int) -> "NDArray[np.float64]":
    table = np.asarray(values, dtype=float)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or table.shape[0] != rows:
        raise ValueError(f"values of shape {table.shape} for {rows} rows")
    if np.any((table < -1e-9) | (table > 1 + 1e-9)):
        raise ValueError("shares are fractions from 0 to 1")
    return table


def _share_axes(
    figure: "Figure", values: "NDArray[np.float64]", top: float, right: float, xlabel: str
) -> "Axes":
    """Axes of shares from a whole tenth below the least value to 100% or a tenth above the greatest."""
    axes = chart_layout.panel(figure, LABELS, right, top, BOTTOM)
    known = values[~np.isnan(values)]
    low = max(0.0, np.floor(float(known.min(initial=1.0)) * 10 - 0.2) / 10)
    high = min(1.0, np.ceil(float(known.max(initial=0.0)) * 10 + 0.2) / 10)
    low, high = (0.0, 1.0) if high - low < 0.1 else (low, high)
    pad = (high - low) * 0.025
    axes.set_xlim(low - pad, high + pad)
    step = 0.1 if high - low <= 0.6 else 0.2
    ticks = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    axes.set_xticks(ticks, [f"{abs(tick) * 100:.0f}%" for tick in ticks])
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel(xlabel, fontsize=chart_layout.SMALL)
    return axes


def _beside(figure: "Figure", texts: Sequence[str], heading: str, rows: list[float], top: float) -> None:
    wide = float(figure.get_size_inches()[0])
    if texts and heading:
        chart_layout.place(figure, wide - RIGHT + 0.12, top - 0.12, heading, 8, weight="bold")
    for y, text in zip(rows, texts, strict=False):
        chart_layout.place(figure, wide - RIGHT + 0.12, y, text, chart_layout.SMALL)
