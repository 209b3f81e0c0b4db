"""A grid of cohorts by years: which comparisons can be made, told by fill, hatch and a word, never by colour alone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ci_eval.report import style
from ci_eval.report.figures import layout

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LABELS, ROW, TOP, BOTTOM = 2.3, 0.46, 0.15, 0.4

LOOKS: dict[str, dict[str, Any]] = {
    "effect": {"facecolor": style.ACCENT, "edgecolor": "white", "linewidth": 1.5},
    "placebo": {"facecolor": "#d6e6f4", "edgecolor": style.ACCENT, "linewidth": 0.9},
    "control only": {"facecolor": "#ffffff", "edgecolor": style.QUIET, "linewidth": 0.9},
    "cannot be estimated": {
        "facecolor": "#eceef0",
        "edgecolor": style.QUIET,
        "hatch": "////",
        "linewidth": 0.6,
    },
}


def size(rows: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``cells`` of these rows."""
    return layout.WIDTH, TOP + layout.key_height(list(LOOKS)) + ROW * len(rows) + BOTTOM


def cells(
    figure: "Figure",
    rows: Sequence[str],
    columns: Sequence[str],
    kind: Mapping[tuple[str, str], str],
    text: Mapping[tuple[str, str], str],
) -> None:
    """Draw the grid.

    Parameters
    ----------
    figure : of the size given by ``cells_size(rows)``
    rows, columns : names of cohorts, from the top, and of years
    kind : (row, column) → one of `LOOKS`; a pair that is not there is left empty
    text : (row, column) → what stands in the cell, short

    Raises
    ------
    ValueError
        If a kind is none of `LOOKS`.
    """
    from matplotlib.patches import Rectangle

    unknown = sorted(set(kind.values()) - set(LOOKS))
    if unknown:
        raise ValueError(f"a cell cannot be {unknown[0]!r}; known: {', '.join(LOOKS)}")
    end = layout.key(figure, [layout.Swatch(name, look) for name, look in LOOKS.items()])
    axes = layout.panel(figure, LABELS, 0.1, end + TOP, BOTTOM)
    axes.set_xlim(0, len(columns))
    axes.set_xticks([place + 0.5 for place in range(len(columns))], list(columns))
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)
    for number, row in enumerate(rows):
        top = end + TOP + number * ROW
        layout.place(figure, 0.02, top + ROW / 2, layout.wrap(row, LABELS - 0.15))
        for place, column in enumerate(columns):
            found = kind.get((row, column))
            if found is None:
                continue
            axes.add_patch(Rectangle((place + 0.03, top + 0.04), 0.94, ROW - 0.08, **LOOKS[found]))
            ink, paper = style.label_on({"hatch": None} | LOOKS[found])
            at = top + ROW / 2 + layout.baseline(8)
            words = text.get((row, column), "")
            axes.text(
                place + 0.5, at, words, fontsize=8, color=ink, ha="center", bbox=paper if words else None
            )
