"""Ranks with their intervals, one unit a row: where intervals overlap, the order may be chance.

Goldstein and Spiegelhalter (1996), League tables and their limitations, JRSS A 159: 385-443.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


def ranks_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``ranks`` of these rows."""
    return chart_rows.rows_size(labels, around=0.7, gap=0.09)


def ranks(
    ax: "Axes",
    labels: Sequence[str],
    rank: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    *,
    of: int,
    picked: int,
    beside: Sequence[str] = (),
    heading: str = "",
) -> "Axes":
    """Draw each row's rank with its interval, 1 at the left; the picked row is filled.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = ranks(Figure().subplots(), ["Angus", "Fife"], [3, 9], [1, 6], [7, 14], of=32, picked=1)
    >>> ax.get_xlabel()
    'Rank among 32, 1 the largest value'

    Parameters
    ----------
    labels : text of each row, from the top
    rank, low, high : shape (row,); NaN where a row has no rank
    of : number of units ranked
    picked : position of the row that the chart is about
    beside : text at the right of each row; `heading` stands over it

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    middle, below, above = (np.asarray(values, dtype=float) for values in (rank, low, high))
    if not middle.shape == below.shape == above.shape == (len(labels),):
        raise ValueError("ranks need a rank and two limits for each row")
    rows = np.arange(len(labels))
    for these, fill in ((rows == picked, style.ACCENT), (rows != picked, "white")):
        look = {"marker": "o", "color": fill, "edgecolor": style.ACCENT}
        chart_rows.dots(ax, rows[these], middle[these], below[these], above[these], look)
    chart_rows.not_shown(ax, rows[np.isnan(middle)], "no rank")
    chart_rows.name_rows(ax, labels)
    ax.set_xlim(0.2, of + 0.8)
    ax.set_xticks(sorted({1, *range(5, of, 5), of}))
    ax.grid(axis="x")
    ax.set_xlabel(f"Rank among {of}, 1 the largest value")
    chart_rows.write_beside(ax, beside, 10, heading)
    return ax
