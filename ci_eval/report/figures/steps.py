"""A chain of steps from top to bottom, each a box with an arrow to the next, and beside it what is looked at.

Boxes and arrows only: a theory of change is read as sentences, so the picture is no more than their order.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_eval.report import style
from ci_eval.report.figures import layout

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BOX, GAP, HEAD = 3.6, 0.3, 0.32  # inches: width of a box, between boxes, of the headings
BESIDE = BOX + 0.35
PAD = 0.1


def size(steps: Sequence[str], beside: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``steps`` of these texts."""
    return layout.WIDTH, HEAD + sum(_heights(*_wrapped(steps, beside))) + GAP * (len(steps) - 1) + 0.05


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
    layout.place(figure, 0.02, HEAD / 2, headings[0], layout.SMALL, weight="bold")
    layout.place(figure, BESIDE, HEAD / 2, headings[1], layout.SMALL, weight="bold")
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
        layout.place(figure, 0.05 + PAD, top + high / 2, box)
        layout.place(figure, BESIDE, top + high / 2, note, layout.SMALL)
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
    room = layout.WIDTH - BESIDE - 0.3  # letters drawn at the page's size are a little wider than measured
    return (
        [layout.wrap(text, BOX - 0.1 - 2 * PAD) for text in texts],
        [layout.wrap(text, room, layout.SMALL) for text in beside],
    )


def _heights(boxes: Sequence[str], notes: Sequence[str]) -> list[float]:
    return [
        max(layout.height(layout.lines(box)), layout.height(layout.lines(note), layout.SMALL))
        + 2 * PAD
        + 0.06
        for box, note in zip(boxes, notes, strict=True)
    ]
