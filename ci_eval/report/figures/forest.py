"""A forest: one estimate with its interval a row, in blocks, against a line of no difference.

Lewis and Clarke (2001), Forest plots: trying to see the wood and the trees, BMJ 322: 1479-1480.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

REACH = 1.6  # times the widest of the first row's limits: further intervals run off the chart, with an arrow


def estimates_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``estimates`` of these rows."""
    return chart_rows.rows_size(labels, around=0.7, gap=0.09)


def estimates(
    ax: "Axes",
    labels: Sequence[str],
    estimate: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    *,
    beside: Sequence[str] = (),
    heading: str = "",
) -> "Axes":
    """Draw each row's estimate and interval; the first row is the planned one, and a band marks its interval.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = estimates(Figure().subplots(), ["As planned", "Without islands"], [-0.3, -1.4], [-3, -4], [2.5, 1.3])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['As planned', 'Without islands']

    Parameters
    ----------
    labels : text of each row, from the top; the first is what the others are compared with
    estimate, low, high : points, shape (row,); NaN limits where a row has no interval, infinite ones run off
    beside : text at the right of each row; `heading` stands over it

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no row.
    """
    middle, below, above = (np.asarray(values, dtype=float) for values in (estimate, low, high))
    if not middle.shape == below.shape == above.shape == (len(labels),) or not len(labels):
        raise ValueError("a forest needs an estimate and two limits for each row")
    rows = np.arange(len(labels))
    known = np.concatenate([middle, below[:1], above[:1], [0.0]])
    known = known[np.isfinite(known)]
    left, right = float(known.min()), float(known.max())
    pad = max(right - left, 1.0) * (REACH - 1)
    left, right = left - pad, right + pad
    if np.isfinite(below[0]) and np.isfinite(above[0]):
        ax.axvspan(below[0], above[0], color="#eef3f8", linewidth=0, zorder=0)
    ax.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    ax.hlines(
        rows,
        np.clip(below, left, right),
        np.clip(above, left, right),
        color=style.ACCENT,
        linewidth=1.4,
        zorder=2,
    )
    for limits, edge, mark in ((below < left, left, "<"), (above > right, right, ">")):
        ax.plot(np.full(limits.sum(), edge), rows[limits], mark, color=style.ACCENT, markersize=5, zorder=3)
    first = rows == 0
    for these, fill in ((first, style.ACCENT), (~first, "white")):
        ax.scatter(
            middle[these], rows[these], s=38, facecolor=fill, edgecolor=style.ACCENT, linewidth=1.3, zorder=3
        )
    chart_rows.name_rows(ax, labels)
    ax.set_xlim(left, right)
    ax.grid(axis="x")
    ax.set_xlabel("Difference, percentage points")
    chart_rows.write_beside(ax, beside, 10, heading)
    return ax
