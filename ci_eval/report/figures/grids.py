"""Grids and chains: cohorts by years, and steps from top to bottom.

Boxes and arrows only: a theory of change is read as sentences, so the picture is no more than their order.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows
from ci_eval.report.figures.chart_rows import LINE, SMALL, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS: dict[str, dict[str, Any]] = {
    "effect": {"facecolor": style.ACCENT, "edgecolor": style.QUIET},
    "placebo": {"facecolor": "#d6e6f4", "edgecolor": style.QUIET},
    "control only": {"facecolor": "#ffffff", "edgecolor": style.QUIET},
    "cannot be estimated": {"facecolor": "#eceef0", "edgecolor": style.QUIET, "hatch": "////"},
}
STEP, BESIDE = 54, 48  # characters of a line in a box and beside it


def cells_size(rows: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``cells`` of these rows."""
    return WIDTH, 0.75 + 0.45 * len(rows)


def cells(
    ax: "Axes",
    rows: Sequence[str],
    columns: Sequence[str],
    kind: Mapping[tuple[str, str], str],
    text: Mapping[tuple[str, str], str],
) -> "Axes":
    """Draw a grid of cohorts by years, each cell filled by what can be estimated in it.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> cell = ("2022", "2023")
    >>> ax = cells(Figure().subplots(), ["2022"], ["2023"], {cell: "effect"}, {cell: "11 : 21"})
    >>> [text.get_text() for text in ax.texts]
    ['11 : 21']

    Parameters
    ----------
    rows, columns : names of cohorts, from the top, and of years
    kind : (row, column) → one of `LOOKS`; a pair that is not there is left empty
    text : (row, column) → what stands in the cell, short

    Raises
    ------
    ValueError
        If a kind is none of `LOOKS`.
    """
    import seaborn as sns
    from matplotlib.patches import Patch, Rectangle

    names = list(LOOKS)
    if unknown := sorted(set(kind.values()) - set(names)):
        raise ValueError(f"a cell cannot be {unknown[0]!r}; known: {', '.join(LOOKS)}")
    codes = np.array([[names.index(kind[r, c]) if (r, c) in kind else -1 for c in columns] for r in rows])
    words = np.array([[text.get((r, c), "") for c in columns] for r in rows])
    sns.heatmap(
        codes, mask=codes < 0, cmap=[look["facecolor"] for look in LOOKS.values()], vmin=0, vmax=len(names) - 1,
        cbar=False, annot=words, fmt="", annot_kws={"fontsize": SMALL}, linewidths=0.9, linecolor=style.QUIET,
        xticklabels=list(columns), yticklabels=chart_rows.wrapped(rows), ax=ax,
    )  # fmt: skip
    for name, look in LOOKS.items():
        if "hatch" in look:
            for row, column in np.argwhere(codes == names.index(name)).tolist():
                ax.add_patch(Rectangle((column, row), 1, 1, fill=False, linewidth=0, **look))
    ax.tick_params(length=0, rotation=0)
    chart_rows.key_above(ax, [Patch(label=name, **look) for name, look in LOOKS.items()])
    return ax


def steps_size(steps: Sequence[str], beside: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``steps`` of these texts."""
    lines = max(
        chart_rows.most_lines(chart_rows.wrapped(steps, STEP)),
        chart_rows.most_lines(chart_rows.wrapped(beside, BESIDE)),
    )
    return WIDTH, 0.4 + len(steps) * (LINE * lines + 0.5)


def steps(
    ax: "Axes", texts: Sequence[str], beside: Sequence[str], headings: tuple[str, str] = ("", "")
) -> "Axes":
    """Draw boxes from top to bottom, an arrow from each to the next, and a text beside each.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = steps(Figure().subplots(), ["A report is written.", "Practice changes."], ["Register", "Survey"])
    >>> [text.get_text() for text in ax.texts][:2]
    ['A report is written.', 'Register']

    Parameters
    ----------
    texts : what each box says, from the top
    beside : what stands at its right, one a box
    headings : over the boxes and over the texts beside them

    Raises
    ------
    ValueError
        If there is not one text beside each box.
    """
    if len(texts) != len(beside) or not texts:
        raise ValueError("a chain of steps needs one text beside each box")
    ax.axis("off")
    ax.set(xlim=(-0.005, 1), ylim=(len(texts) - 0.5, -0.5))
    ax.barh(range(len(texts)), 0.5, height=0.66, facecolor="white", edgecolor=style.ACCENT, linewidth=1.4)
    boxes, notes = chart_rows.wrapped(texts, STEP), chart_rows.wrapped(beside, BESIDE)
    for row, (box, note) in enumerate(zip(boxes, notes, strict=True)):
        ax.text(0.015, row, box, va="center")
        ax.text(0.54, row, note, va="center", fontsize=8.5)
        if row:
            arrow = {"arrowstyle": "-|>", "color": style.INK, "linewidth": 1.2, "shrinkA": 1, "shrinkB": 1}
            ax.annotate("", (0.25, row - 0.33), (0.25, row - 0.67), arrowprops=arrow)
    for x, heading in zip((0, 0.54), headings, strict=True):
        ax.text(x, 1, heading, transform=ax.transAxes, va="bottom", fontsize=8.5, fontweight="bold")
    return ax
