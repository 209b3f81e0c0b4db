"""A grid of links: a row a group that sends, a column a group that receives, the number of links in each cell.

Small enough for a telephone: columns bear the letters that the rows explain. Links within a group lie on the outlined
diagonal, so that what crosses from group to group is seen before a number is read.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

WIDE, ROW, AROUND = (
    3.5,
    0.25,
    0.45,
)  # inches: the column of a telephone's page, a row, what stands around the rows
SHADES = ("#ffffff", "#d6e6f4", "#9cc3e4", "#3f83bd", style.ACCENT)


def links_size(names: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``links`` between these groups."""
    return WIDE, AROUND + ROW * len(names)


def links(ax: "Axes", names: Sequence[str], numbers: "ArrayLike", heading: str = "") -> "Axes":
    """Draw the number of links from each group to each other, darker where there are more.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = links(Figure().subplots(), ["North", "South"], [[3, 0], [1, 2]])
    >>> [text.get_text() for text in ax.texts], [label.get_text() for label in ax.get_xticklabels()]
    (['3', '0', '1', '2'], ['A', 'B'])

    Parameters
    ----------
    names : of the groups, at most 26, from the top
    numbers : whole numbers, shape (sends, receives)
    heading : what the columns are

    Raises
    ------
    ValueError
        If the numbers are not a square of the groups, or the groups more than the alphabet has letters.
    """
    from matplotlib.patches import Rectangle

    table = np.asarray(numbers)
    if table.shape != (len(names), len(names)) or not 0 < len(names) <= 26:
        raise ValueError(f"numbers of shape {table.shape} for {len(names)} groups; 1 to 26 can be drawn")
    letters = [chr(ord("A") + place) for place in range(len(names))]
    step = np.ceil(table / max(1, table.max()) * (len(SHADES) - 1)).astype(int)
    for (row, column), number in np.ndenumerate(table):
        fill, within = SHADES[step[row, column]], row == column
        edge, width = (style.INK, 1.4) if within else (style.RULE, 0.6)
        place = (column - 0.47, row - 0.47)
        ax.add_patch(Rectangle(place, 0.94, 0.94, facecolor=fill, edgecolor=edge, linewidth=width))
        colour = "#ffffff" if style.luminance(fill) < 0.3 else style.INK if number else style.QUIET
        ax.text(
            column,
            row,
            f"{number}",
            ha="center",
            va="center_baseline",
            fontsize=chart_rows.SMALL,
            color=colour,
        )
    chart_rows.name_rows(ax, [f"{name} {letter}" for name, letter in zip(names, letters, strict=True)])
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_xticks(range(len(names)), letters)
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0, labelsize=chart_rows.SMALL)
    ax.set_xlabel(heading)
    ax.xaxis.set_label_position("top")
    return ax
