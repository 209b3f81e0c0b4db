"""The ladder of words: each statement's share on the bands of the words, with its interval and the period before.

A word is a band of shares; a bar that reaches into two bands is a word that is not sure.
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

BAR = 0.44  # of a row: the height of an interval
NARROWEST = 0.06  # of the axis: a narrower band has no name over it


def ladder_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``ladder`` of these rows."""
    return chart_rows.rows_size(labels, around=1.0)


def ladder(
    ax: "Axes",
    labels: Sequence[str],
    shares: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    bands: Sequence[tuple[str, float, float]],
    *,
    before: "ArrayLike" = (),
    periods: tuple[str, str] = ("before", "now"),
    beside: Sequence[str] = (),
    level: str = "95%",
    said: str = "",
) -> "Axes":
    """Draw each row's share and interval over the bands of the words, and its share of the period before as a ring.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> bands = [("few", 0, 0.15), ("less than half", 0.15, 0.5), ("majority", 0.5, 1)]
    >>> ax = ladder(Figure().subplots(), ["Clear"], [0.6], [0.45], [0.7], bands)
    >>> [text.get_text() for text in ax.texts]
    ['few', 'less than\\nhalf', 'majority']

    Parameters
    ----------
    labels : text of each row, from the top
    shares, low, high : fractions 0 to 1, shape (row,); NaN where nobody answered
    bands : word, lower and upper edge of each band, as fractions; a band of one share has no width and no name
    before : shares of the period before, shape (row,), NaN where there is none; empty where there was no period
    periods : names of the period before and of this one
    beside : text at the right of each row, such as "95 of 112"
    said : what those did whose share it is: "agreed or strongly agreed"

    Raises
    ------
    ValueError
        If the shapes do not fit, or a share lies outside its interval.
    """
    middle, below, above = (chart_rows.fractions(values, len(labels)) for values in (shares, low, high))
    chart_rows.check_inside(middle, below, above)
    rows = np.arange(len(labels))
    chart_rows.name_rows(ax, labels)
    for place, (word, start, end) in enumerate(bands):
        ax.axvspan(start, end, color="#e9eef4" if place % 2 else "#ffffff", linewidth=0, zorder=0)
        ax.axvline(end, color=style.RULE, linewidth=0.8, zorder=0)
        if end - start >= NARROWEST:
            ax.annotate(
                word.replace(" than ", " than\n").replace("almost ", "almost\n"), ((start + end) / 2, 1), (0, 3),
                xycoords=ax.get_xaxis_transform(), textcoords="offset points", ha="center", va="bottom",
                fontsize=SMALL, annotation_clip=False,
            )  # fmt: skip
    ax.barh(
        rows, above - below, left=below, height=BAR, color="#9cc3e4", linewidth=0, zorder=2,
        label=f"{level} interval",
    )  # fmt: skip
    ax.scatter(middle, rows, s=34, color=style.ACCENT, zorder=4, label=periods[1])
    if len(np.asarray(before)):
        earlier = chart_rows.fractions(before, len(labels))
        ax.plot(np.stack([earlier, middle]), [rows, rows], color=style.QUIET, linewidth=0.8, zorder=1)
        ax.scatter(
            earlier,
            rows,
            s=34,
            facecolor="white",
            edgecolor=style.INK,
            linewidth=1.1,
            zorder=3,
            label=periods[0],
        )
    ax.set_xlim(-0.015, 1.015)
    ticks = sorted({0.0, 1.0, *(edge for _, *edges in bands for edge in edges)})
    ax.set_xticks(ticks, [f"{tick * 100:.0f}%" for tick in ticks])
    ax.set_xlabel(f"Share who {said}" if said else "Share")
    chart_rows.not_shown(ax, rows[np.isnan(middle)], "no answer")
    chart_rows.write_beside(ax, beside, 10)
    chart_rows.key_above(ax, points=26)
    return ax
