"""Outcomes and effects over school years, the years without a collection left as gaps.

Years stand at their true distances: a line is broken where a collection is missing, and the gap is named, so that
nobody reads a step over two years as a step over one.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows
from ci_eval.report.figures.chart_rows import SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

YEARS_SIZE = (chart_rows.WIDTH, 3.4)  # inches, of either chart


def courses(
    ax: "Axes",
    numbers: Sequence[int],
    labels: Sequence[str],
    means: "ArrayLike",
    *,
    series: Sequence[str],
    exposed_from: int | None = None,
    ylabel: str = "Mean over authorities",
) -> "Axes":
    """Draw the course of groups of authorities, a broken line where a year has no collection.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> years = ["2017-18", "2018-19", "2020-21"]
    >>> ax = courses(Figure().subplots(), [2018, 2019, 2021], years, [[61.0, 62.0, 60.5]], series=["Hosts"])
    >>> [text.get_text() for text in ax.texts]
    ['not\\ncollected']

    Parameters
    ----------
    numbers, labels : the calendar year each observed school year ends in, and its name; increasing
    means : (series, years) values; NaN is not drawn
    series : names, five at most
    exposed_from : number of the first year of exposure, marked by a line before it

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    import seaborn as sns

    table = np.atleast_2d(np.asarray(means, dtype=float))
    if table.shape != (len(series), len(numbers)) or len(labels) != len(numbers):
        raise ValueError(f"means of shape {table.shape} for {len(series)} series and {len(numbers)} years")
    if len(series) > len(style.SERIES):
        raise ValueError(f"{len(style.SERIES)} series at most")
    years = np.asarray(numbers)
    unbroken = np.cumsum(
        np.diff(years, prepend=years[0] - 1) > 1
    )  # a number for each run of years without a gap
    for name, row, look in zip(series, table, style.SERIES, strict=False):
        sns.lineplot(
            x=years, y=row, units=unbroken, estimator=None, errorbar=None, color=look["edgecolor"], linewidth=1.4,
            legend=False, ax=ax,
        )  # fmt: skip
        sns.scatterplot(
            x=years, y=row, s=38, linewidth=1.2, zorder=3, clip_on=False, label=name, legend=False, ax=ax, **look
        )  # fmt: skip
    _school_years(ax, numbers, labels, ylabel, exposed_from)
    chart_rows.key_above(ax, points=16)
    return ax


def effects(
    ax: "Axes",
    numbers: Sequence[int],
    labels: Sequence[str],
    estimate: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    *,
    band_low: "ArrayLike | None" = None,
    band_high: "ArrayLike | None" = None,
    exposed_from: int | None = None,
    base: int | None = None,
) -> "Axes":
    """Draw a difference and its interval for each school year.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = effects(Figure().subplots(), [2021, 2022], ["2020-21", "2021-22"], [0, 2], [-1, 1], [1, 3])
    >>> [round(float(limit), 2) for limit in ax.get_ylim()]
    [-3.45, 3.45]

    Parameters
    ----------
    numbers, labels : as for `courses`
    estimate, low, high : (years,); NaN where there is none, a limit may be infinite and then runs off the chart
    band_low, band_high : (years,) limits that hold for all years together, drawn wide and pale behind
    exposed_from : number of the first year of exposure
    base : number of the year compared with, where the difference is 0 by definition

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    import seaborn as sns

    middle, below, above = (np.asarray(values, dtype=float) for values in (estimate, low, high))
    if not middle.shape == below.shape == above.shape == (len(numbers),) or len(labels) != len(numbers):
        raise ValueError("estimate, low and high need one value for each year")
    known = ~np.isnan(middle)
    nothing = np.full(middle.shape, np.nan)
    bands = [nothing if one is None else np.asarray(one, dtype=float) for one in (band_low, band_high)]
    each = np.concatenate([middle, below, above, *bands])
    reach = float(np.abs(each[np.isfinite(each)]).max(initial=1.0)) * 1.15
    years, look = np.asarray(numbers)[known], style.SERIES[0]
    inside = (np.clip(limits[known], -2 * reach, 2 * reach) for limits in (below, above))
    ax.axhline(0, color=style.INK, linewidth=0.8)
    ax.vlines(years, *(band[known] for band in bands), color=style.RULE, linewidth=9, zorder=1)
    ax.vlines(years, *inside, color=look["edgecolor"], linewidth=1.6, zorder=2)
    sns.scatterplot(x=years, y=middle[known], s=42, zorder=3, legend=False, ax=ax, **look)
    if base is not None:
        ax.plot([base], [0], "o", markersize=6.5, color=style.INK, markerfacecolor="white", zorder=3)
        ax.annotate(
            "compared with", (base, 0), (0, 9), textcoords="offset points", ha="center", fontsize=SMALL
        )
    ax.set_ylim(-reach, reach)
    _school_years(ax, numbers, labels, "Difference, percentage points", exposed_from)
    return ax


def _school_years(
    ax: "Axes", numbers: Sequence[int], labels: Sequence[str], ylabel: str, exposed_from: int | None
) -> None:
    """The axis of years, a grey band for each without a collection, and a line before the first of exposure."""
    ax.set(xlim=(min(numbers) - 0.6, max(numbers) + 0.6), xlabel="School year", ylabel=ylabel)
    ax.set_xticks(list(numbers), list(labels))
    ax.tick_params(axis="y", labelsize=8.5)
    ax.grid(axis="y")
    for year in sorted(set(range(min(numbers), max(numbers))) - set(numbers)):
        ax.axvspan(year - 0.45, year + 0.45, color=style.RULE, zorder=0)
        ax.text(
            year, 0.02, "not\ncollected", transform=ax.get_xaxis_transform(), ha="center", va="bottom",
            fontsize=SMALL, color=style.QUIET,
        )  # fmt: skip
    if exposed_from is not None:
        ax.axvline(exposed_from - 0.5, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)))
        ax.annotate(
            "first exposed", (exposed_from - 0.5, 1), (4, 3), xycoords=ax.get_xaxis_transform(),
            textcoords="offset points", fontsize=SMALL, va="bottom",
        )  # fmt: skip
