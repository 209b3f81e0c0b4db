"""Small multiples: one small panel a group, the same rows and the same axis in each.

Panels side by side let a reader compare groups that one chart could not hold (Tufte 1983, The Visual Display of
Quantitative Information, chapter 8). Colour carries nothing: a filled dot with its interval is the group, an
upright stroke is everybody.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows
from ci_eval.report.figures.chart_rows import WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

ACROSS = 6  # panels beside each other, at most
ROOM = 76  # characters of the names over one line of panels
LABEL, TINY = 42, 7.5  # characters of a row's text in a line, and its size in points
KEY = 0.25  # inches
EVERYBODY: dict[str, Any] = {"marker": "|", "color": style.INK, "markersize": 9, "markeredgewidth": 1.4}


def multiples_size(labels: Sequence[str], groups: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of the panels of these groups."""
    names = chart_rows.most_lines(_names(groups))
    rows = len(labels) * (0.12 * chart_rows.most_lines(chart_rows.wrapped(labels, LABEL)) + 0.06)
    return WIDTH, KEY + _shape(groups)[0] * (rows + 0.6 + 0.15 * names)


def multiples(
    ax: "Axes",
    labels: Sequence[str],
    groups: Sequence[str],
    estimate: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    everybody: "ArrayLike",
    level: str = "95%",
) -> "list[Axes]":
    """Draw a panel for each group, with a dot and its interval in each row.

    One axes cannot hold the panels: they are drawn in a grid in the place of `ax`, which moves to the top for the
    key and any title. So `ax` must stand in a grid, as those of ``plt.subplots`` do.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> panels = multiples(ax, ["Clear"], ["Online", "In person"], [[0.8, 0.5]], [[0.7, 0.4]], [[0.9, 0.6]], [0.6])
    >>> [panel.get_title(loc="left") for panel in panels]
    ['Online', 'In person']

    Parameters
    ----------
    labels : text of each row, from the top
    groups : name of each panel, from the left and the top
    estimate, low, high : fractions 0 to 1, shape (row, group); NaN where nothing may be shown, which the row says
    everybody : fractions, shape (row,), drawn as a stroke in every panel; NaN leaves it out
    level : of the intervals, for the key

    Returns
    -------
    The axes of the panels, in the order of `groups`.

    Raises
    ------
    ValueError
        If the shapes do not fit, or an estimate lies outside its interval.
    """
    from matplotlib.lines import Line2D

    middle, below, above, whole = (
        chart_rows.fractions(values, len(labels)) for values in (estimate, low, high, everybody)
    )
    if middle.shape != (len(labels), len(groups)) or whole.shape != (len(labels),) or not len(groups):
        raise ValueError("shares need a row for each label and a column for each group")
    chart_rows.check_inside(middle, below, above)
    spec, figure = ax.get_subplotspec(), ax.get_figure()
    if spec is None or figure is None:
        raise ValueError("multiples need axes that stand in a grid, such as those of plt.subplots")
    ax.axis("off")
    rows = np.arange(len(labels))
    down, across = _shape(groups)
    outer = spec.subgridspec(2, 1, height_ratios=(KEY, multiples_size(labels, groups)[1] - KEY))
    ax.set_subplotspec(outer[0])
    grid = outer[1].subgridspec(down, across)
    panels: list[Axes] = []
    for group, name in enumerate(_names(groups)):
        panel = figure.add_subplot(grid[divmod(group, across)])
        known = ~np.isnan(middle[:, group])
        chart_rows.dots(
            panel, rows, middle[:, group], below[:, group], above[:, group], style.SERIES[0], size=22
        )
        panel.plot(whole[known], rows[known], linestyle="none", zorder=2, **EVERYBODY)
        chart_rows.not_shown(panel, rows[~known], size=7)
        chart_rows.name_rows(panel, labels, LABEL)
        chart_rows.share_axis(
            panel, np.concatenate([below.ravel(), above.ravel(), whole]), "Agreed", step=0.5
        )
        panel.tick_params(labelsize=TINY, labelleft=group % across == 0)
        panel.grid(axis="y", linewidth=0.5)
        panel.set_title(name, loc="left", fontsize=TINY)
        panels.append(panel)
    dot: dict[str, Any] = {"marker": "o", "color": style.ACCENT, "markersize": 5, "linewidth": 1.4}
    entries = [
        Line2D([], [], label=f"the group, with {level} interval", **dot),
        Line2D([], [], label="all respondents", linestyle="none", **EVERYBODY),
    ]
    ax.legend(handles=entries, loc="center", ncols=2)
    return panels


def _shape(groups: Sequence[str]) -> tuple[int, int]:
    """Lines of panels, and panels in a line."""
    down = math.ceil(len(groups) / ACROSS)
    return down, math.ceil(len(groups) / down)


def _names(groups: Sequence[str]) -> list[str]:
    return chart_rows.wrapped(groups, ROOM // _shape(groups)[1])
