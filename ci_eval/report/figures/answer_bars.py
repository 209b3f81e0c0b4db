"""Answers as bars: counts of one question, and a diverging bar for each statement of a scale.

Heiberger and Robbins (2014), Design of diverging stacked bar charts for Likert scales, Journal of Statistical
Software 57(5): the neutral answer is split at zero, and an answer that is no point of the scale stands apart.
"""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report import formats, style
from ci_eval.report.figures import chart_rows
from ci_eval.report.figures.chart_rows import SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

APART, COUNT, WORD = 48, 78, 88  # points right of the axes: answers off the scale, n, the word
WORD_CHARACTERS = 14
LEAST_SEGMENT = 0.085  # of the axis: a percentage is printed on a segment as wide as this


def bars_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of ``bars`` for these answers."""
    return chart_rows.rows_size(labels, around=0.1)


def bars(ax: "Axes", labels: Sequence[str], counts: "ArrayLike", total: int | None = None) -> "Axes":
    """Draw one bar for each answer, and at its end its number of people and their share.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = bars(Figure().subplots(), ["Online", "In person"], [30, 10])
    >>> [text.get_text() for text in ax.texts]
    ['30 (75%)', '10 (25%)']

    Parameters
    ----------
    labels : text of each answer, from the top
    counts : people (answer,); NaN where it may not be shown, which is written in place of a bar
    total : the base of the shares, where it is not the sum of the counts (several answers a person); None and
        a count that is not shown together leave the shares out, because the sum is not known

    Raises
    ------
    ValueError
        If the shapes do not fit, or a count is negative or over the total.
    """
    import seaborn as sns

    people = np.asarray(counts, dtype=float)
    hidden = np.isnan(people)
    if people.shape != (len(labels),):
        raise ValueError(f"counts of shape {people.shape} for {len(labels)} answers")
    base = float(people.sum()) if total is None else float(total)
    if np.any(people[~hidden] < 0) or np.any(people[~hidden] > base):
        raise ValueError("a count is negative or over the total")
    lengths = np.where(hidden, 0.0, people)
    sns.barplot(
        x=lengths, y=np.arange(len(labels)), orient="h", native_scale=True, width=0.6, color=style.ACCENT,
        saturation=1, errorbar=None, ax=ax,
    )  # fmt: skip
    chart_rows.name_rows(ax, labels)
    ax.set(xlim=(0, max(1.0, float(lengths.max(initial=0.0)))), xticks=[])
    ax.spines["bottom"].set_visible(False)
    ax.axvline(0, color=style.INK, linewidth=0.8)
    chart_rows.not_shown(ax, np.flatnonzero(hidden))
    for row in np.flatnonzero(~hidden).tolist():
        share = f" ({formats.percent(people[row] / base, bands=())})" if base > 0 else ""
        ax.annotate(
            f"{people[row]:,.0f}{share}", (people[row], row), (4, 0), textcoords="offset points", va="center",
            fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
    return ax


def likert_size(statements: Sequence[str], words: Sequence[str] = ()) -> tuple[float, float]:
    """Width and height in inches of ``likert`` for these statements and the words beside them."""
    return chart_rows.rows_size(statements, 1.15, chart_rows.wrapped(words, WORD_CHARACTERS))


def likert(
    ax: "Axes",
    counts: "ArrayLike",
    statements: Sequence[str],
    answers: Sequence[str],
    scale: Sequence[str],
    words: Sequence[str] = (),
    said: str = "",
) -> "Axes":
    """Draw one diverging bar for each statement, the middle of the scale at zero.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = likert(Figure().subplots(), [[3, 1, 2]], ["It was clear"], ["Yes", "No", "Don't know"], ["Yes", "No"])
    >>> [text.get_text() for text in ax.texts]
    ['75%', '25%', '2', "Don't know", '4', 'n']

    Parameters
    ----------
    counts : people who gave each answer, shape (statement, answer); a statement of zeros is drawn as "no
        answers shown"
    statements : text of each row, from the top
    answers : the answers in the order of the second axis of `counts`
    scale : the answers that form the scale, from the first to the last; the others are counted beside the bars
        and are part of no percentage
    words : the word for each statement's share, printed at the right; none where empty
    said : what those did whose share has the word, over the words: "agreed"

    Raises
    ------
    ValueError
        If the shapes do not fit, a point of the scale is not among the answers, or a count is negative.
    """
    from matplotlib.patches import Patch

    table = np.asarray(counts, dtype=np.int64)
    if table.shape != (len(statements), len(answers)) or (words and len(words) != len(statements)):
        raise ValueError(
            f"counts of shape {table.shape} for {len(statements)} statements, {len(answers)} answers and "
            f"{len(words)} words"
        )
    if unknown := [point for point in scale if point not in answers]:
        raise ValueError(f"the scale's {unknown[0]!r} is not among the answers")
    if np.any(table < 0):
        raise ValueError("a count is negative")
    on = table[:, [answers.index(point) for point in scale]]
    looks = style.scale_looks(len(scale))
    _segments(ax, on, looks)
    chart_rows.name_rows(ax, statements)
    ax.set_xlabel("Share of those who answered")
    apart = [number for number, answer in enumerate(answers) if answer not in scale]
    if apart:
        given = [number for number in apart if table[:, number].any()] or apart[:1]
        heading = textwrap.fill(answers[given[0]], 12) if len(given) == 1 else "Other"
        others = [f"{people:,}" for people in table[:, apart].sum(axis=1)]
        chart_rows.write_beside(ax, others, APART, heading, "right")
    chart_rows.write_beside(ax, [f"{people:,}" for people in on.sum(axis=1)], COUNT, "n", "right")
    if words:
        chart_rows.write_beside(
            ax,
            chart_rows.wrapped(words, WORD_CHARACTERS),
            WORD,
            textwrap.fill(said.capitalize(), WORD_CHARACTERS),
        )
    entries = [Patch(label=answer, **look) for answer, look in zip(scale, looks, strict=True)]
    chart_rows.key_above(ax, entries, points=28)
    return ax


def _segments(ax: "Axes", on: "NDArray[np.int64]", looks: list[dict[str, Any]]) -> None:
    """The bars, the neutral answer astride zero; a percentage is printed where its segment is wide enough."""
    base = on.sum(axis=1, keepdims=True)
    shares = np.divide(on, base, out=np.zeros(on.shape), where=base > 0)
    middle = on.shape[1] // 2
    before = shares[:, :middle].sum(axis=1) + (shares[:, middle] / 2 if on.shape[1] % 2 else 0.0)
    starts = np.cumsum(shares, axis=1) - shares - before[:, None]
    low = float(np.floor(starts.min(initial=-0.01) * 4 + 1e-9) / 4)
    high = float(np.ceil((starts + shares).max(initial=0.01) * 4 - 1e-9) / 4)
    for point, look in enumerate(looks):
        ax.barh(range(len(on)), shares[:, point], left=starts[:, point], height=0.64, **look)
        ink, paper = style.label_on(look)
        for row in np.flatnonzero(shares[:, point] >= LEAST_SEGMENT * (high - low)).tolist():
            text = formats.percent(float(shares[row, point]), bands=())
            centre = starts[row, point] + shares[row, point] / 2
            ax.text(
                centre, row, text, ha="center", va="center_baseline", fontsize=SMALL, color=ink, bbox=paper,
                in_layout=False,
            )  # fmt: skip
    chart_rows.not_shown(ax, np.flatnonzero(base == 0), "no answers shown")
    ax.axvline(0, color=style.INK, linewidth=0.8, zorder=0)
    ticks = np.arange(round(low * 4), round(high * 4) + 1) / 4
    ax.set_xticks(ticks, [f"{abs(tick) * 100:.0f}%" for tick in ticks])
    ax.set_xlim(low, high)
