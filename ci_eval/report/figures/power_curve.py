"""A power curve: how often effects of each size would be found, beside the smallest effect worth having."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows
from ci_eval.report.figures.chart_rows import SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

POWER_SIZE = (chart_rows.WIDTH, 2.4)  # inches


def chances(
    ax: "Axes",
    effects: "ArrayLike",
    found: "ArrayLike",
    *,
    series: Sequence[str],
    worth: float,
    wanted: float,
    reached: Sequence[float] = (),
) -> "Axes":
    """Draw a line a series through how often each effect is found; the smallest worth having is a dashed line.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = chances(Figure().subplots(), [1, 2], [[0.3, 0.8]], series=["By forecast"], worth=1, wanted=0.8)
    >>> tuple(map(float, ax.get_ylim()))
    (0.0, 1.0)

    Parameters
    ----------
    effects : sizes, shape (effect,), increasing
    found : shares of evaluations that find them, 0 to 1, shape (series, effect)
    worth, wanted : the smallest effect worth having; the share that is wanted, a line across
    reached : effects at which each series has that share, a point more of its line; none is drawn where left out

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    sizes, table = np.asarray(effects, dtype=float), np.atleast_2d(np.asarray(found, dtype=float))
    if table.shape != (len(series), len(sizes)):
        raise ValueError(f"shares of shape {table.shape} for {len(series)} series and {len(sizes)} effects")
    for place, (name, row, look) in enumerate(zip(series, table, style.SERIES, strict=False)):
        more = reached[place : place + 1]
        x, y = np.append(sizes, more), np.append(row, [wanted] * len(more))
        order = np.argsort(x, kind="stable")
        ax.plot(x[order], y[order], color=look["edgecolor"], linewidth=1.4, zorder=2)
        ax.scatter(x, y, s=38, linewidth=1.2, zorder=3, label=name, **look)
    ax.axhline(wanted, color=style.QUIET, linewidth=0.8)
    ax.axvline(worth, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)))
    height = 0.9 if max(np.interp(worth, sizes, row) for row in table) < 0.5 else 0.02  # clear of the lines
    ax.annotate("smallest worth having", (worth, height), (4, 0), textcoords="offset points", fontsize=SMALL)
    ax.set(
        xlim=(0, max(*sizes.tolist(), *reached) * 1.05),
        ylim=(0, 1),
        xlabel="True effect, percentage points",
        ylabel="Found, of such evaluations",
    )
    ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.grid(axis="y")
    chart_rows.key_above(ax)
    return ax
