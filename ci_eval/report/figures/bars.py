"""Counts and shares of the answers to one question: horizontal bars with their numbers beside them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.report import formats, style
from ci_eval.report.figures import layout

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

LABELS, NUMBERS, MARGIN = 2.75, 1.1, 0.06
BAR = 0.2


def size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of bars for these answers."""
    return layout.WIDTH, 2 * MARGIN + layout.rows_height(_wrapped(labels))


def _wrapped(labels: Sequence[str]) -> list[str]:
    return [layout.wrap(label, LABELS - 0.15) for label in labels]


def bars(figure: "Figure", labels: Sequence[str], counts: "ArrayLike", total: int | None = None) -> None:
    """Draw one bar for each answer; its number of people and their share are written at its end.

    Parameters
    ----------
    figure : of the size given by ``size(labels)``
    labels : text of each answer, from the top
    counts : people (answer,); NaN where it may not be shown, which is written in place of a bar
    total : the base of the shares, where it is not the sum of the counts (several answers a person); None and
        a masked count together leave the shares out, because the sum is not known

    Raises
    ------
    ValueError
        If the shapes do not fit, or a count is negative or over the total.
    """
    from seaborn import barplot

    people = np.asarray(counts, dtype=float)
    masked = np.isnan(people)
    if people.shape != (len(labels),):
        raise ValueError(f"counts of shape {people.shape} for {len(labels)} answers")
    base = float(people.sum()) if total is None else float(total)
    if np.any(people[~masked] < 0) or np.any(people[~masked] > base):
        raise ValueError("a count is negative or over the total")
    wrapped = _wrapped(labels)
    rows = layout.fitted(figure, wrapped, MARGIN, MARGIN)
    axes = layout.panel(figure, LABELS, NUMBERS, MARGIN, MARGIN)
    lengths = np.where(masked, 0.0, people)
    barplot(
        x=lengths, y=rows, orient="h", native_scale=True, width=BAR / min(np.diff(rows), default=1.0),
        color=style.ACCENT, saturation=1, errorbar=None, ax=axes,
    )  # fmt: skip
    axes.set_xlim(0, max(1.0, float(lengths.max(initial=0.0))))
    axes.set_ylim(float(figure.get_size_inches()[1]) - MARGIN, MARGIN)
    for y, label, count, hidden in zip(rows, wrapped, people, masked, strict=True):
        layout.place(figure, 0.02, y, label)
        text = "not shown" if hidden else _numbers(int(count), base)
        ink = style.QUIET if hidden else style.INK
        end = (0.0 if hidden else count, y + layout.baseline(layout.SMALL))
        axes.annotate(
            text,
            end,
            (4, 0),
            textcoords="offset points",
            fontsize=layout.SMALL,
            color=ink,
            annotation_clip=False,
        )
    axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=style.INK, linewidth=0.8)


def _numbers(count: int, base: float) -> str:
    share = f" ({formats.percent(count / base)})" if base > 0 else ""
    return f"{count:,}{share}"
