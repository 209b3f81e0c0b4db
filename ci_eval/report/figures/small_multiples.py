"""Small multiples: one small panel a group, the same rows and the same axis in each.

Panels side by side let a reader compare groups that one chart could not hold (Tufte 1983, The Visual Display of
Quantitative Information, chapter 8). Nothing is told by colour: a filled dot with its interval is the group, an
upright stroke is everybody. With more than four groups the rows are numbered and a list names them once.
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

LABELS, NUMBERS = 2.75, 0.32  # inches: texts of the rows; their numbers
NAMED = 4  # panels beside which there is room for the rows' texts
ACROSS = 5  # panels beside which there is room for numbers only
GAP, HEAD, BOTTOM = 0.14, 0.12, 0.42  # inches between panels, over a panel's name, under a panel
ROW = 0.17  # inches of a numbered row
BOLD = 0.88  # names are bold, which is wider than the text measured
GROUP: dict[str, Any] = {"marker": "o", "markerfacecolor": style.ACCENT, "markeredgecolor": style.ACCENT}
EVERYBODY: dict[str, Any] = {
    "marker": "|", "markeredgecolor": style.INK, "markersize": 9, "markeredgewidth": 1.4,
}  # fmt: skip


def size(labels: Sequence[str], groups: Sequence[str]) -> tuple[float, float]:
    """Width and height in inches of the panels of these groups."""
    top = chart_layout.key_height(["", ""]) + _list_height(labels, groups)
    return chart_layout.WIDTH, top + sum(
        _head(groups, band) + _body(labels, groups) + BOTTOM for band in _bands(groups)
    )


def multiples(
    figure: "Figure",
    labels: Sequence[str],
    groups: Sequence[str],
    estimate: "ArrayLike",
    low: "ArrayLike",
    high: "ArrayLike",
    everybody: "ArrayLike",
    *,
    absent: str = "not shown",
    xlabel: str = "Agreed",
) -> None:
    """Draw a panel for each group, with a dot and its interval in each row.

    Parameters
    ----------
    figure : of the size given by ``size(labels, groups)``
    labels : text of each row, from the top
    groups : name of each panel, from the left and the top
    estimate, low, high : fractions 0 to 1, shape (row, group); NaN where nothing may be shown
    everybody : fractions, shape (row,), drawn as a stroke in every panel; NaN leaves it out

    Raises
    ------
    ValueError
        If the shapes do not fit, or an estimate lies outside its interval.
    """
    middle, below, above = (np.asarray(values, dtype=float) for values in (estimate, low, high))
    whole = np.asarray(everybody, dtype=float)
    if not middle.shape == below.shape == above.shape == (len(labels), len(groups)):
        raise ValueError("estimate, low and high need a row for each label and a column for each group")
    if whole.shape != (len(labels),) or not len(groups):
        raise ValueError("everybody needs one share a row, and there must be a group")
    if np.any((middle < below - 1e-9) | (middle > above + 1e-9)):
        raise ValueError("an estimate lies outside its interval")
    key = [
        chart_layout.Swatch("the group, with 95% interval", GROUP),
        chart_layout.Swatch("all respondents", EVERYBODY),
    ]
    top = chart_layout.key(figure, key) + _list(figure, labels, groups, chart_layout.key_height(["", ""]))
    numbered = len(groups) > NAMED
    left = NUMBERS if numbered else LABELS
    across = ACROSS if numbered else len(groups)
    wide = (chart_layout.WIDTH - left - 0.1 - GAP * (across - 1)) / across
    texts = [str(n) for n in range(1, len(labels) + 1)] if numbered else _wrapped(labels)
    least = ROW if numbered else 0.3
    limits = _limits(np.concatenate([below.ravel(), above.ravel(), whole]))
    for band in _bands(groups):
        top += _head(groups, band)
        for place, group in enumerate(band):
            x = left + place * (wide + GAP)
            lines = chart_layout.wrap(groups[group], wide * BOLD, chart_layout.SMALL)
            name = chart_layout.height(chart_layout.lines(lines), chart_layout.SMALL)
            chart_layout.place(figure, x, top - name / 2 - 0.05, lines, chart_layout.SMALL, weight="bold")
            under = float(figure.get_size_inches()[1]) - top - _body(labels, groups)
            axes = chart_layout.panel(figure, x, chart_layout.WIDTH - x - wide, top, under)
            rows = chart_layout.fitted(figure, texts, top, under, least=least)
            _axis(axes, limits, wide, xlabel)
            _panel(axes, rows, middle[:, group], below[:, group], above[:, group], whole, absent)
        for y, text in zip(rows, texts, strict=True):
            chart_layout.place(figure, 0.02, y, text, chart_layout.SMALL if numbered else chart_layout.BODY)
        top += _body(labels, groups) + BOTTOM


def _panel(
    axes: "Axes",
    rows: list[float],
    middle: "NDArray[np.float64]",
    low: "NDArray[np.float64]",
    high: "NDArray[np.float64]",
    whole: "NDArray[np.float64]",
    absent: str,
) -> None:
    heights, shown = np.asarray(rows), ~np.isnan(middle)
    for y in heights[~shown]:
        axes.text(
            axes.get_xlim()[0], y + chart_layout.baseline(7), f" {absent}", fontsize=7, color=style.QUIET
        )
    # One artist for the marks of all rows: a panel of fifteen rows has four of them in place of sixty.
    at = heights[shown]
    across = axes.get_yaxis_transform()
    axes.plot(
        *_spans(0.0, 1.0, at),
        color=style.RULE,
        linewidth=0.6,
        zorder=0,
        transform=across,
        solid_capstyle="butt",
    )
    axes.plot(
        *_spans(low[shown], high[shown], at),
        color=style.ACCENT,
        linewidth=1.3,
        zorder=2,
        solid_capstyle="round",
    )
    axes.plot(whole[shown], at, linestyle="none", zorder=3, **EVERYBODY)
    axes.plot(middle[shown], at, linestyle="none", markersize=4.5, zorder=4, **GROUP)


def _spans(
    left: "NDArray[np.float64] | float", right: "NDArray[np.float64] | float", at: "NDArray[np.float64]"
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Level lines as one broken line, which draws several times as fast as a collection of lines."""
    x, y = np.full((2, len(at), 3), np.nan)
    x[:, 0], x[:, 1] = left, right
    y[:, :2] = at[:, None]
    return x.ravel(), y.ravel()


def _axis(axes: "Axes", limits: tuple[float, float], wide: float, xlabel: str) -> None:
    low, high = limits
    pad = (high - low) * 0.05
    axes.set_xlim(low - pad, high + pad)
    step = 0.25 if high - low > 0.5 or wide < 1.2 else 0.1
    ticks = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    ticks = ticks[:: -2 if len(ticks) > wide / 0.42 else -1]  # from the end, so that 100% keeps its label
    axes.set_xticks(ticks, [formats.percent(abs(float(tick)), bands=()) for tick in ticks])
    axes.tick_params(axis="x", labelsize=7.5)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel(xlabel, fontsize=7.5, labelpad=1)


def _limits(values: "NDArray[np.float64]") -> tuple[float, float]:
    """Ends of the axis shared by all panels: whole quarters around every interval."""
    known = values[~np.isnan(values)]
    low = np.floor(float(known.min(initial=1.0)) * 4 + 1e-9) / 4
    high = np.ceil(float(known.max(initial=0.0)) * 4 - 1e-9) / 4
    return (float(low), float(high)) if high > low else (0.0, 1.0)


def _bands(groups: Sequence[str]) -> list[range]:
    """Which panels stand side by side."""
    across = NAMED if len(groups) <= NAMED else ACROSS
    return [range(start, min(start + across, len(groups))) for start in range(0, len(groups), across)]


def _head(groups: Sequence[str], band: range) -> float:
    """Height of the names over a band of panels, which depends on the longest."""
    numbered = len(groups) > NAMED
    left, across = (NUMBERS, ACROSS) if numbered else (LABELS, len(groups))
    wide = (chart_layout.WIDTH - left - 0.1 - GAP * (across - 1)) / across
    lines = max(
        chart_layout.lines(chart_layout.wrap(groups[group], wide * BOLD, chart_layout.SMALL))
        for group in band
    )
    return HEAD + chart_layout.height(lines, chart_layout.SMALL) + 0.05


def _body(labels: Sequence[str], groups: Sequence[str]) -> float:
    return ROW * len(labels) if len(groups) > NAMED else chart_layout.rows_height(_wrapped(labels))


def _wrapped(labels: Sequence[str]) -> list[str]:
    return [chart_layout.wrap(label, LABELS - 0.15) for label in labels]


def _listed(labels: Sequence[str]) -> list[str]:
    return [
        chart_layout.wrap(label, chart_layout.WIDTH / 2 - NUMBERS - 0.2, chart_layout.SMALL)
        for label in labels
    ]


def _list_height(labels: Sequence[str], groups: Sequence[str]) -> float:
    """Height of the list that says what the numbered rows are, in two columns."""
    if len(groups) <= NAMED:
        return 0.0
    half = (len(labels) + 1) // 2
    texts = _listed(labels)
    return 0.12 + max(sum(_line(text) for text in part) for part in (texts[:half], texts[half:]))


def _line(text: str) -> float:
    return chart_layout.height(chart_layout.lines(text), chart_layout.SMALL) + 0.04


def _list(figure: "Figure", labels: Sequence[str], groups: Sequence[str], top: float) -> float:
    tall = _list_height(labels, groups)
    if not tall:
        return 0.0
    half, y = (len(labels) + 1) // 2, top + 0.1
    for number, text in enumerate(_listed(labels)):
        y = top + 0.1 if number == half else y
        x = 0.02 if number < half else chart_layout.WIDTH / 2
        chart_layout.place(figure, x, y + _line(text) / 2, str(number + 1), chart_layout.SMALL, weight="bold")
        chart_layout.place(figure, x + NUMBERS, y + _line(text) / 2, text, chart_layout.SMALL)
        y += _line(text)
    return tall
