"""Outcomes and effects over school years, the years without a collection left as gaps.

Years stand at their true distances: a line is broken where a collection is missing, and the gap is named, so that
nobody reads a step over two years as a step over one.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

TALL = 3.4
LEFT, RIGHT, TOP, BOTTOM = 0.75, 0.25, 0.3, 0.75  # inches


def years_size(series: Sequence[str] = ()) -> tuple[float, float]:
    """Width and height in inches of either chart with these series."""
    return chart_layout.WIDTH, TALL + chart_layout.key_height(series)


def courses(
    figure: "Figure",
    numbers: Sequence[int],
    labels: Sequence[str],
    means: "ArrayLike",
    *,
    series: Sequence[str],
    exposed_from: int | None = None,
    ylabel: str = "Mean over authorities",
) -> None:
    """Draw the course of groups of authorities, a broken line where a year has no collection.

    Parameters
    ----------
    figure : of the size given by ``years_size(series)``
    numbers, labels : the calendar year each observed school year ends in, and its name; increasing
    means : (series, years) values; NaN is not drawn
    series : names, five at most
    exposed_from : number of the first year of exposure, marked by a line before it

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    table = np.atleast_2d(np.asarray(means, dtype=float))
    if table.shape != (len(series), len(numbers)) or len(labels) != len(numbers):
        raise ValueError(f"means of shape {table.shape} for {len(series)} series and {len(numbers)} years")
    if len(series) > len(style.SERIES):
        raise ValueError(f"{len(style.SERIES)} series at most")
    end = chart_layout.key(
        figure, [chart_layout.Swatch(name, dict(style.SERIES[n])) for n, name in enumerate(series)]
    )
    axes = _axes(figure, end, numbers, labels, ylabel)
    for row, look in zip(table, style.SERIES, strict=False):
        for run in _runs(numbers):
            axes.plot(
                [numbers[i] for i in run], row[run], color=look["markeredgecolor"], linewidth=1.4, zorder=2
            )
        axes.plot(list(numbers), row, markersize=6, zorder=3, linestyle="none", **look)
    _exposure(axes, exposed_from)


def effects(
    figure: "Figure",
    numbers: Sequence[int],
    labels: Sequence[str],
    estimate: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    *,
    exposed_from: int | None = None,
    base: int | None = None,
    ylabel: str = "Difference, percentage points",
) -> None:
    """Draw a difference and its interval for each school year.

    Parameters
    ----------
    figure : of the size given by ``years_size()``
    numbers, labels : as for `courses`
    estimate, low, high : (years,); NaN where there is none, a limit may be infinite and then runs off the chart
    exposed_from : number of the first year of exposure
    base : number of the year compared with, where the difference is 0 by definition

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    middle, below, above = (np.asarray(values, dtype=float) for values in (estimate, low, high))
    if not middle.shape == below.shape == above.shape == (len(numbers),) or len(labels) != len(numbers):
        raise ValueError("estimate, low and high need one value for each year")
    axes = _axes(figure, 0.0, numbers, labels, ylabel)
    finite = np.concatenate(
        [values[np.isfinite(values)] for values in (middle, below, above)] or [np.zeros(1)]
    )
    reach = float(np.abs(finite).max(initial=1.0)) * 1.15
    axes.set_ylim(-reach, reach)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    look = style.SERIES[0]
    for number, value, under, over in zip(numbers, middle, below, above, strict=True):
        if np.isnan(value):
            continue
        limits = [max(under, -2 * reach), min(over, 2 * reach)]
        axes.plot([number, number], limits, color=look["markeredgecolor"], linewidth=1.6, zorder=2)
        axes.plot([number], [value], markersize=6.5, zorder=3, **look)
    if base is not None:
        axes.plot(
            [base],
            [0],
            marker="o",
            markersize=6.5,
            markerfacecolor="white",
            markeredgecolor=style.INK,
            zorder=3,
        )
        axes.annotate("compared with", (base, 0), (0, 9), textcoords="offset points", ha="center", fontsize=8)
    _exposure(axes, exposed_from)


def _axes(figure: "Figure", top: float, numbers: Sequence[int], labels: Sequence[str], ylabel: str) -> "Axes":
    figure.set_layout_engine("none")
    wide, tall = (float(inches) for inches in figure.get_size_inches())
    above = top + TOP
    axes = figure.add_axes(
        (LEFT / wide, BOTTOM / tall, (wide - LEFT - RIGHT) / wide, (tall - above - BOTTOM) / tall)
    )
    axes.set_xlim(min(numbers) - 0.6, max(numbers) + 0.6)
    missing = [year for year in range(min(numbers), max(numbers)) if year not in set(numbers)]
    axes.set_xticks(list(numbers), list(labels), fontsize=8)
    for year in missing:
        axes.axvspan(year - 0.45, year + 0.45, color=style.RULE, zorder=0)
        axes.text(
            year, 0.02, "not\ncollected", transform=axes.get_xaxis_transform(), ha="center", va="bottom",
            fontsize=8, color=style.QUIET,
        )  # fmt: skip
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.set_ylabel(ylabel, fontsize=chart_layout.SMALL)
    axes.set_xlabel("School year", fontsize=chart_layout.SMALL)
    return axes


def _runs(numbers: Sequence[int]) -> "list[NDArray[np.int64]]":
    """Positions of years that follow each other without a gap."""
    breaks = np.flatnonzero(np.diff(np.asarray(numbers)) > 1) + 1
    return list(np.split(np.arange(len(numbers)), breaks))


def _exposure(axes: "Axes", exposed_from: int | None) -> None:
    if exposed_from is None:
        return
    axes.axvline(exposed_from - 0.5, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)))
    axes.annotate(
        "first exposed", (exposed_from - 0.5, 1), (4, 3), xycoords=axes.get_xaxis_transform(),
        textcoords="offset points", fontsize=8, va="bottom",
    )  # fmt: skip
