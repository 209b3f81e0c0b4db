"""A heat map of groups: a row a statement, a column a group, coloured only where there is evidence.

Every cell says its share; colour and hatching say evidence alone, so that a small group's chance share catches nobody's eye.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report import style
from ci_eval.report.figures import chart_rows
from ci_eval.report.figures.chart_rows import SMALL, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

ROW, LETTER = 0.115, 0.072  # inches of a line of a row, and of a letter of a name over a column
NAME, LABEL = 24, 46  # characters in a line of a column's name, and of a row's
NO_COLOUR: dict[str, Any] = {"facecolor": "#ffffff"}


def heat_size(labels: Sequence[str], columns: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``heat`` of these rows and columns."""
    names = chart_rows.wrapped(columns, NAME)
    head = max((len(line) for name in names for line in name.split("\n")), default=0) * LETTER
    rows = sum(0.1 + ROW * (text.count("\n") + 1) for text in chart_rows.wrapped(labels, LABEL))
    return WIDTH, 0.45 + head + rows


def heat(
    ax: "Axes",
    labels: Sequence[str],
    columns: Sequence[str],
    shares: "ArrayLike",
    kinds: Sequence[Sequence[str]],
    looks: Mapping[str, Mapping[str, Any]],
    breaks: Sequence[int] = (),
) -> "Axes":
    """Draw a cell for each share with its whole per cent, filled where its kind has a look.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> looks = {"less agreement": {"facecolor": "#f6cfa0"}}
    >>> kinds = [["", "less agreement"]]
    >>> ax = heat(Figure().subplots(), ["Clear"], ["Online", "In person"], [[0.92, 0.4]], kinds, looks)
    >>> [text.get_text() for text in ax.texts]
    ['92', '40']

    Parameters
    ----------
    labels, columns : texts of the rows, from the top, and of the columns
    shares : fractions 0 to 1, shape (row, column); NaN leaves a cell empty
    kinds : (row, column), what each cell is; one that is no key of `looks` stays white
    looks : kind → how matplotlib fills it, in the order of the key
    breaks : columns before which a gap is drawn, where another grouping begins

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    from matplotlib.patches import Patch, PathPatch
    from matplotlib.path import Path

    table = chart_rows.fractions(shares, len(labels))
    if table.shape != (len(labels), len(columns)) or np.shape(kinds) != table.shape:
        raise ValueError(f"shares of shape {table.shape} for {len(labels)} rows and {len(columns)} columns")
    cells: dict[str, list[Path]] = {}
    for row, column in np.argwhere(~np.isnan(table)).tolist():
        kind = kinds[row][column] if kinds[row][column] in looks else ""
        left, right, top, foot = column - 0.5, column + 0.5, row - 0.5, row + 0.5
        corners = [(left, top), (right, top), (right, foot), (left, foot), (left, top)]
        cells.setdefault(kind, []).append(Path(corners, closed=True))
        paper = chart_rows.PAPER if looks.get(kind, NO_COLOUR).get("hatch") else None
        ax.text(
            column, row, f"{table[row, column] * 100:.0f}", ha="center", va="center_baseline", fontsize=SMALL,
            bbox=paper, zorder=3, in_layout=False,
        )  # fmt: skip
    # One shape for all cells of a kind: a shape for each cell takes four times as long.
    for kind in sorted(cells):
        look = {"edgecolor": style.RULE, "linewidth": 0.6, **looks.get(kind, NO_COLOUR)}
        ax.add_patch(PathPatch(Path.make_compound_path(*cells[kind]), **look))
    for column in breaks:
        ax.axvline(column - 0.5, color=style.INK, linewidth=1.2, zorder=4)
    chart_rows.name_rows(ax, labels, LABEL)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_xticks(range(len(columns)), chart_rows.wrapped(columns, NAME), rotation=90, fontsize=SMALL)
    ax.tick_params(axis="both", length=0, labelsize=SMALL)
    ax.xaxis.tick_top()
    entries = [Patch(label=name, **{"edgecolor": style.QUIET, **look}) for name, look in looks.items()]
    ax.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0, 0),
        ncols=len(entries),
        borderaxespad=0.4,
        borderpad=0,
    )
    return ax
