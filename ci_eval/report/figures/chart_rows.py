"""What charts of rows share: the rows' texts, columns of text beside them, the axis of shares, and the key.

Everything is a tick label, an annotation or a legend of the axes, so matplotlib's constrained layout makes room
for it: ``plt.subplots(layout="constrained")``. A row is one unit high, the first at 0, and the axis runs down.
"""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

WIDTH = 8.0  # inches: the width of the page's column
SMALL = 8.0  # points: text beside rows and on bars
CHARACTERS = 42  # of a row's text before it is broken
LINE = 0.165  # inches of a line of text
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # behind a text that lies on grid lines
KEY, GAP = 104, 6  # characters of a line of the key; what the mark before a name takes of them


def wrapped(texts: Sequence[str], characters: int = CHARACTERS) -> list[str]:
    """Texts in lines of so many characters, broken between words; a longer word is cut."""
    return [textwrap.fill(text, characters) for text in texts]


def most_lines(texts: Sequence[str]) -> int:
    """Lines of the longest of these texts; 1 where there are none."""
    return max((text.count("\n") + 1 for text in texts), default=1)


def rows_size(
    labels: Sequence[str], around: float, beside: Sequence[str] = (), gap: float = 0.11
) -> tuple[float, float]:
    """Width and height in inches of a chart of rows as high as their longest text, with so much around them."""
    lines = max(most_lines(wrapped(labels)), most_lines(beside))
    return WIDTH, around + len(labels) * (LINE * lines + gap)


def name_rows(ax: "Axes", labels: Sequence[str], characters: int = CHARACTERS) -> None:
    """Write each row's text at its left, the first at the top."""
    ax.set_yticks(range(len(labels)), wrapped(labels, characters))
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set(xlabel="", ylabel="")


def write_beside(ax: "Axes", texts: Sequence[str], at: float, heading: str = "", align: str = "left") -> None:
    """Write one text a row `at` points to the right of the axes, under a bold heading."""
    for row, text in enumerate(texts):
        ax.annotate(
            text, (1, row), (at, 0), xycoords=ax.get_yaxis_transform(), textcoords="offset points", va="center",
            ha=align, fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
    if heading:
        ax.annotate(
            heading, (1, 1), (at, 5), xycoords="axes fraction", textcoords="offset points", va="bottom", ha=align,
            fontsize=SMALL, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def key_above(ax: "Axes", handles: Sequence[Any] | None = None, points: float = 4.0) -> None:
    """The key over the axes, `points` above them, in as many lines as its names need."""
    entries = list(ax.get_legend_handles_labels()[0] if handles is None else handles)
    names = [str(entry.get_label()) for entry in entries]
    one_line = sum(map(len, names)) + GAP * len(names) <= KEY
    across = len(names) if one_line else max(1, KEY // (max(map(len, names)) + GAP))
    ax.legend(
        entries, names, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=across, borderaxespad=points / 8.5,
        borderpad=0, handlelength=1.6, columnspacing=1.4,
    )  # fmt: skip


def fractions(values: "ArrayLike", rows: int) -> "NDArray[np.float64]":
    """Shares from 0 to 1 as an array of one row for each row of the chart; NaN is a share that is not shown.

    Raises
    ------
    ValueError
        If there is not one row of values a row, or a value is no fraction.
    """
    table = np.asarray(values, dtype=float)
    if not table.ndim or table.shape[0] != rows:
        raise ValueError(f"values of shape {table.shape} for {rows} rows")
    if np.any((table < -1e-9) | (table > 1 + 1e-9)):
        raise ValueError("shares are fractions from 0 to 1")
    return table


def check_inside(middle: "NDArray[np.float64]", low: "ArrayLike", high: "ArrayLike") -> None:
    """Refuse a share outside its interval.

    Raises
    ------
    ValueError
        If the shapes differ, or a share lies outside its interval.
    """
    below, above = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if not middle.shape == below.shape == above.shape:
        raise ValueError(
            f"shares of shape {middle.shape} need an interval each, not {below.shape} and {above.shape}"
        )
    if np.any((middle < below - 1e-9) | (middle > above + 1e-9)):
        raise ValueError("a share lies outside its interval")


def share_axis(ax: "Axes", values: "NDArray[np.float64]", xlabel: str) -> None:
    """An axis of shares over whole tenths around all values, with a label at each fifth where there are many."""
    step = 0.1
    known = values[~np.isnan(values)]
    low = max(0.0, np.floor(float(known.min(initial=1.0)) / step - 0.2) * step)
    high = min(1.0, np.ceil(float(known.max(initial=0.0)) / step + 0.2) * step)
    low, high = (0.0, 1.0) if high - low < step else (low, high)
    pad = (high - low) * 0.03
    ax.set_xlim(low - pad, high + pad)
    apart = step if high - low <= 6 * step else 2 * step
    ticks = np.arange(np.ceil(low / apart - 1e-9), np.floor(high / apart + 1e-9) + 1) * apart
    ax.set_xticks(ticks, [f"{abs(tick) * 100:.0f}%" for tick in ticks])
    ax.grid(axis="x")
    ax.set_xlabel(xlabel)


def dots(
    ax: "Axes", at: "ArrayLike", middle: "ArrayLike", low: "ArrayLike", high: "ArrayLike", look: dict[str, Any],
    label: str = "",
) -> None:  # fmt: skip
    """A dot with its interval at each height of `at`; nothing where the share is NaN."""
    import seaborn as sns

    ax.hlines(at, low, high, color=look["edgecolor"], linewidth=1.4, zorder=2)
    sns.scatterplot(
        x=np.asarray(middle), y=np.asarray(at), s=38, linewidth=1.2, zorder=3, label=label or None, legend=False,
        ax=ax, **look,
    )  # fmt: skip


def not_shown(ax: "Axes", rows: "ArrayLike", text: str = "not shown") -> None:
    """Say at the left of these rows that they have nothing to show."""
    for row in np.asarray(rows).tolist():
        ax.text(
            0.01,
            row,
            text,
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize=SMALL,
            color=style.QUIET,
            bbox=PAPER,
        )
