"""The change of shares between two periods, as dots on one scale.

People compare positions on a common scale more exactly than lengths or angles (Cleveland and McGill 1984,
Graphical perception, JASA 79: 531-554); series differ by shape and filling before by colour.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

OFFSET = 0.16  # of a row: how far the two periods of a row stand above and below its middle


def dumbbell_size(labels: Sequence[str], beside: Sequence[str] = ()) -> tuple[float, float]:
    """Width and height in inches of a ``dumbbell`` of these rows and the texts beside them."""
    return chart_rows.rows_size(labels, 0.95, beside)


def dumbbell(
    ax: "Axes",
    labels: Sequence[str],
    shares: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    *,
    periods: tuple[str, str],
    beside: Sequence[str] = (),
    said: str = "",
) -> "Axes":
    """Draw each row's share in two periods with its interval, joined; the earlier period stands above.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> ax = dumbbell(ax, ["Clear"], [[0.9, 0.5]], [[0.8, 0.4]], [[0.95, 0.6]], periods=("2021-22", "2022-23"))
    >>> [text.get_text() for text in ax.get_legend().texts]
    ['2021-22', '2022-23']

    Parameters
    ----------
    labels : text of each row, from the top
    shares, low, high : fractions 0 to 1, shape (row, 2), the earlier period first; NaN where a period has no
        share, and then only the other is drawn
    periods : names of the earlier and the later period
    said : what those did whose share it is: "agreed or strongly agreed"
    beside : text at the right of each row, such as the change with its interval; "Change" stands over it

    Raises
    ------
    ValueError
        If the shapes do not fit, or a share lies outside its interval.
    """
    both, below, above = (chart_rows.fractions(values, len(labels)) for values in (shares, low, high))
    if both.shape != (len(labels), 2) or len(beside) not in (0, len(labels)):
        raise ValueError("a dumbbell needs two shares and one text for each row")
    chart_rows.check_inside(both, below, above)
    rows = np.arange(len(labels))
    ax.plot(both.T, [rows - OFFSET, rows + OFFSET], color=style.QUIET, linewidth=1.0, zorder=1)
    looks = ({"marker": "o", "color": "white", "edgecolor": style.INK}, style.SERIES[0])
    for period, (look, offset) in enumerate(zip(looks, (-OFFSET, OFFSET), strict=True)):
        chart_rows.dots(
            ax,
            rows + offset,
            both[:, period],
            below[:, period],
            above[:, period],
            look,
            label=periods[period],
        )
    chart_rows.name_rows(ax, labels)
    chart_rows.share_axis(
        ax, np.concatenate([below.ravel(), above.ravel()]), f"Share who {said}" if said else "Share"
    )
    chart_rows.write_beside(ax, beside, 10, "Change")
    chart_rows.key_above(ax)
    return ax
