"""Grids and chains: cohorts by years, and steps from top to bottom.

Boxes and arrows only: a theory of change is read as sentences, so the picture is no more than their order.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ci_eval.report import style
from ci_eval.report.figures import chart_layout

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


def cells_size(rows: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``cells`` of these rows."""
    return chart_layout.WIDTH, TOP + chart_layout.key_height(list(LOOKS)) + ROW * len(rows) + BOTTOM


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
    end = chart_layout.key(figure, [chart_layout.Swatch(name, look) for name, look in LOOKS.items()])
    axes = chart_layout.panel(figure, LABELS, 0.1, end + TOP, BOTTOM)
    axes.set_xlim(0, len(columns))
    axes.set_xticks([place + 0.5 for place in range(len(columns))], list(columns))
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)
    for number, row in enumerate(rows):
        top = end + TOP + number * ROW
        chart_layout.place(figure, 0.02, top + ROW / 2, chart_layout.wrap(row, LABELS - 0.15))
        for place, column in enumerate(columns):
            found = kind.get((row, column))
            if found is None:
                continue
            axes.add_patch(Rectangle((place + 0.03, top + 0.04), 0.94, ROW - 0.08, **LOOKS[found]))
            ink, paper = style.label_on({"hatch": None} | LOOKS[found])
            at = top + ROW / 2 + chart_layout.baseline(8)
            words = text.get((row, column), "")
            axes.text(
                place + 0.5, at, words, fontsize=8, color=ink, ha="center", bbox=paper if words else None
            )


BOX, GAP, HEAD = 3.6, 0.3, 0.32  # inches: width of a box, between boxes, of the headings
BESIDE = BOX + 0.35
PAD = 0.1


def steps_size(steps: Sequence[str], beside: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``steps`` of these texts."""
    return chart_layout.WIDTH, HEAD + sum(_heights(*_wrapped(steps, beside))) + GAP * (len(steps) - 1) + 0.05


def steps(
    figure: "Figure", texts: Sequence[str], beside: Sequence[str], headings: tuple[str, str] = ("", "")
) -> None:
    """Draw the steps.

    Parameters
    ----------
    figure : of the size given by ``steps_size(texts, beside)``
    texts : what each box says, from the top
    beside : what stands at its right, one a box
    headings : over the boxes and over the texts beside them

    Raises
    ------
    ValueError
        If there is not one text beside each box.
    """
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    if len(texts) != len(beside) or not texts:
        raise ValueError("a chain of steps needs one text beside each box")
    figure.set_layout_engine("none")
    boxes, notes = _wrapped(texts, beside)
    tall, inches = float(figure.get_size_inches()[1]), figure.dpi_scale_trans
    chart_layout.place(figure, 0.02, HEAD / 2, headings[0], chart_layout.SMALL, weight="bold")
    chart_layout.place(figure, BESIDE, HEAD / 2, headings[1], chart_layout.SMALL, weight="bold")
    top = HEAD
    for place, (box, note, high) in enumerate(zip(boxes, notes, _heights(boxes, notes), strict=True)):
        shape = FancyBboxPatch(
            (0.05, tall - top - high + 0.03),
            BOX - 0.1,
            high - 0.06,
            boxstyle="round,pad=0.02,rounding_size=0.06",
            transform=inches,
            facecolor="white",
            edgecolor=style.ACCENT,
            linewidth=1.4,
        )
        figure.add_artist(shape)
        chart_layout.place(figure, 0.05 + PAD, top + high / 2, box)
        chart_layout.place(figure, BESIDE, top + high / 2, note, chart_layout.SMALL)
        if place + 1 < len(boxes):
            start, end = tall - top - high + 0.01, tall - top - high - GAP - 0.01
            arrow = FancyArrowPatch(
                (BOX / 2, start),
                (BOX / 2, end),
                transform=inches,
                arrowstyle="-|>",
                mutation_scale=14,
                color=style.INK,
                linewidth=1.2,
            )
            figure.add_artist(arrow)
        top += high + GAP


def _wrapped(texts: Sequence[str], beside: Sequence[str]) -> tuple[list[str], list[str]]:
    room = (
        chart_layout.WIDTH - BESIDE - 0.3
    )  # letters drawn at the page's size are a little wider than measured
    return (
        [chart_layout.wrap(text, BOX - 0.1 - 2 * PAD) for text in texts],
        [chart_layout.wrap(text, room, chart_layout.SMALL) for text in beside],
    )


def _heights(boxes: Sequence[str], notes: Sequence[str]) -> list[float]:
    return [
        max(
            chart_layout.height(chart_layout.lines(box)),
            chart_layout.height(chart_layout.lines(note), chart_layout.SMALL),
        )
        + 2 * PAD
        + 0.06
        for box, note in zip(boxes, notes, strict=True)
    ]
