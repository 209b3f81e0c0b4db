"""Answers as bars: counts of one question, and a diverging bar for each statement of a scale.

Heiberger and Robbins (2014), Design of diverging stacked bar charts for Likert scales, Journal of Statistical
Software 57(5): the neutral answer is split at zero, and an answer that is no point of the scale stands apart.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report import formats, style
from ci_eval.report.figures import chart_layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


LABELS, NUMBERS, MARGIN = 2.75, 1.1, 0.06
BAR = 0.2


def bars_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of bars for these answers."""
    return chart_layout.WIDTH, 2 * MARGIN + chart_layout.rows_height(_wrapped(labels))


def _wrapped(labels: Sequence[str]) -> list[str]:
    return [chart_layout.wrap(label, LABELS - 0.15) for label in labels]


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
    rows = chart_layout.fitted(figure, wrapped, MARGIN, MARGIN)
    axes = chart_layout.panel(figure, LABELS, NUMBERS, MARGIN, MARGIN)
    lengths = np.where(masked, 0.0, people)
    barplot(
        x=lengths, y=rows, orient="h", native_scale=True, width=BAR / min(np.diff(rows), default=1.0),
        color=style.ACCENT, saturation=1, errorbar=None, ax=axes,
    )  # fmt: skip
    axes.set_xlim(0, max(1.0, float(lengths.max(initial=0.0))))
    axes.set_ylim(float(figure.get_size_inches()[1]) - MARGIN, MARGIN)
    for y, label, count, hidden in zip(rows, wrapped, people, masked, strict=True):
        chart_layout.place(figure, 0.02, y, label)
        text = "not shown" if hidden else _numbers(int(count), base)
        ink = style.QUIET if hidden else style.INK
        end = (0.0 if hidden else count, y + chart_layout.baseline(chart_layout.SMALL))
        axes.annotate(
            text,
            end,
            (4, 0),
            textcoords="offset points",
            fontsize=chart_layout.SMALL,
            color=ink,
            annotation_clip=False,
        )
    axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=style.INK, linewidth=0.8)


def _numbers(count: int, base: float) -> str:
    share = f" ({formats.percent(count / base, bands=())})" if base > 0 else ""
    return f"{count:,}{share}"


LABELS_LIKERT, COUNT, APART, WORD = (
    2.72,
    0.48,
    0.62,
    0.95,
)  # inches: statement; n; answers off the scale; word
TOP, BOTTOM = 0.4, 0.45
BAR_LIKERT = 0.26  # inches


def likert_size(
    statements: Sequence[str], scale: Sequence[str] = ("",), words: Sequence[str] = ()
) -> tuple[float, float]:
    """Width and height in inches of a chart of these statements, points of the scale and words.

    Without the scale the key is taken to be one line.
    """
    rows = chart_layout.rows_height(_higher(statements, words))
    return chart_layout.WIDTH, TOP + chart_layout.key_height(scale) + rows + BOTTOM


def _wrapped_likert(statements: Sequence[str], words: Sequence[str]) -> tuple[list[str], list[str]]:
    left = [chart_layout.wrap(text, LABELS_LIKERT - 0.15) for text in statements]
    return left, [chart_layout.wrap(word, WORD, chart_layout.SMALL) for word in words] or [""] * len(left)


def _higher(statements: Sequence[str], words: Sequence[str]) -> list[str]:
    """Of each row's two texts the one with more lines, which gives the row its height."""
    left, right = _wrapped_likert(statements, words)
    return [max(pair, key=chart_layout.lines) for pair in zip(left, right, strict=True)]


def likert(
    figure: "Figure",
    counts: "ArrayLike",
    statements: Sequence[str],
    answers: Sequence[str],
    scale: Sequence[str],
    words: Sequence[str] = (),
) -> None:
    """Draw a diverging stacked bar for each statement.

    Parameters
    ----------
    figure : of the size given by ``size(statements, scale, words)``
    counts : whole numbers (statement, answer), answers in the order of `answers`
    statements : text of each row, from the top
    answers : every declared answer, in the questionnaire's order
    scale : the answers that are points of the scale, and so the base of the percentages; from left to right
    words : the word for each statement's share, printed at the right margin

    A statement nobody answered on the scale keeps its row, with "no answers shown" in place of a bar. Answers off
    the scale are drawn at the right as a share of everybody who gave any declared answer.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a point of the scale is not among the answers.
    """
    table = np.asarray(counts, dtype=np.int64)
    if table.shape != (len(statements), len(answers)) or (words and len(words) != len(statements)):
        raise ValueError(
            f"counts of shape {table.shape} for {len(statements)} statements, {len(answers)} answers"
        )
    if absent := set(scale) - set(answers):
        raise ValueError(f"not among the declared answers: {', '.join(sorted(absent))}")
    on = table[:, [answers.index(answer) for answer in scale]]
    off = table[:, [place for place, answer in enumerate(answers) if answer not in scale]]
    aside = [answer for answer in answers if answer not in scale]
    looks = style.scale_looks(len(scale))
    wide = float(figure.get_size_inches()[0])
    margin = COUNT + (WORD + 0.04 if words else 0.0)
    right = margin + (APART + 0.15 if aside else 0.0)

    top = TOP + chart_layout.key(
        figure, [chart_layout.Swatch(answer, look) for answer, look in zip(scale, looks, strict=True)]
    )
    rows = chart_layout.fitted(figure, _higher(statements, words), top, BOTTOM)
    _bars(
        chart_layout.panel(figure, LABELS_LIKERT, right, top, BOTTOM),
        on,
        rows,
        looks,
        wide - LABELS_LIKERT - right,
    )
    left, wrapped_words = _wrapped_likert(statements, words)
    for y, text in zip(rows, left, strict=True):
        chart_layout.place(figure, 0.02, y, text)
    if aside:
        _aside(chart_layout.panel(figure, wide - margin - APART, margin, top, BOTTOM), off, table, rows)
        given = [answer for answer, people in zip(aside, off.sum(axis=0), strict=True) if people] or aside[:1]
        heading = (
            given[0] if len(given) == 1 and chart_layout.width(given[0], 8, True) < APART + 0.2 else "Other"
        )
        chart_layout.place(figure, wide - margin - APART, top - 0.14, heading, 8, weight="bold")
    _margin(figure, on.sum(axis=1), wrapped_words if words else (), rows, wide - margin, top)


def _bars(
    axes: "Axes", on: "NDArray[np.int64]", rows: list[float], looks: list[dict[str, Any]], inches: float
) -> None:
    """The bars, neutral answer astride zero; a percentage is printed where its segment is wide enough."""
    base = on.sum(axis=1, keepdims=True)
    shares = np.divide(on, base, out=np.zeros(on.shape), where=base > 0)
    middle = on.shape[1] // 2
    before = shares[:, :middle].sum(axis=1) + (shares[:, middle] / 2 if on.shape[1] % 2 else 0.0)
    starts = np.cumsum(shares, axis=1) - shares - before[:, None]
    low, high = _limits(starts, shares)
    axes.set_xlim(low, high)
    for point, look in enumerate(looks):
        axes.barh(rows, shares[:, point], left=starts[:, point], height=BAR_LIKERT, **look)
    for row, y in enumerate(rows):
        if base[row, 0] == 0:
            axes.text(
                -0.02,
                y + chart_layout.baseline(8),
                "no answers shown",
                ha="right",
                fontsize=8,
                color=style.QUIET,
            )
        for point in np.flatnonzero(on[row]).tolist():
            text = formats.percent(float(shares[row, point]), bands=())
            if chart_layout.width(text, 8) + 0.05 <= shares[row, point] / (high - low) * inches:
                ink, paper = style.label_on(looks[point])
                at = starts[row, point] + shares[row, point] / 2
                axes.text(
                    at, y + chart_layout.baseline(8), text, ha="center", fontsize=8, color=ink, bbox=paper
                )
    axes.axvline(0, color=style.INK, linewidth=0.8, zorder=0)
    ticks = np.arange(round(low * 4), round(high * 4) + 1) / 4
    axes.set_xticks(ticks, [f"{abs(tick) * 100:.0f}%" for tick in ticks])
    axes.set_xlabel("Share of those who answered", fontsize=chart_layout.SMALL)


def _limits(starts: "NDArray[np.float64]", shares: "NDArray[np.float64]") -> tuple[float, float]:
    """Ends of the axis on whole quarters, wide enough for every bar; zero is always inside."""
    low = np.floor(starts.min(initial=-0.01) * 4 + 1e-9) / 4
    high = np.ceil((starts + shares).max(initial=0.01) * 4 - 1e-9) / 4
    return float(low), float(high)


def _aside(axes: "Axes", off: "NDArray[np.int64]", table: "NDArray[np.int64]", rows: list[float]) -> None:
    """The answers off the scale: a small open bar for their share, and the number of people."""
    people, everybody = off.sum(axis=1), table.sum(axis=1)
    shares = np.divide(people, everybody, out=np.zeros(people.shape), where=everybody > 0)
    widest = max(0.25, float(shares.max(initial=0.0)))
    axes.set_xlim(0, widest * 1.8)
    axes.barh(rows, shares, height=BAR_LIKERT, facecolor="white", edgecolor=style.INK, linewidth=0.8)
    for y, share, count in zip(rows, shares, people, strict=True):
        ink = style.INK if count else style.QUIET
        axes.text(share + widest * 0.08, y + chart_layout.baseline(8), f"{count:,}", fontsize=8, color=ink)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=style.INK, linewidth=0.8)


def _margin(
    figure: "Figure",
    answered: "NDArray[np.int64]",
    words: Sequence[str],
    rows: list[float],
    left: float,
    top: float,
) -> None:
    """Number of people on the scale and the word for the share, at the right."""
    edge = left + COUNT - 0.12
    chart_layout.place(figure, edge, top - 0.14, "n", 8, weight="bold", ha="right")
    for y, count in zip(rows, answered, strict=True):
        chart_layout.place(figure, edge, y, f"{count:,}", chart_layout.SMALL, ha="right")
    for y, word in zip(rows, words, strict=False):
        chart_layout.place(figure, left + COUNT, y, word, chart_layout.SMALL)
    if words:
        chart_layout.place(figure, left + COUNT, top - 0.14, "Agree", 8, weight="bold")
