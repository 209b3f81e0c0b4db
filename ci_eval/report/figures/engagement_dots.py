"""A number of each engagement as a dot above its value, with what was agreed as lines.

Dots of one value stand on one another, so that each engagement is seen and none is averaged away.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_eval.report import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOTS_SIZE = (8.0, 2.4)
LEAST_ROOM = 4  # dots: fewer would float far above one another
NOW, BEFORE = "This period", "Earlier"


def stacked_dots(
    ax: "Axes", values: Sequence[float], now: Sequence[bool], limits: Sequence[tuple[str, float]], xlabel: str
) -> "Axes":
    """Draw a dot an engagement, those of this period filled, and a line a limit with its words.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = stacked_dots(Figure().subplots(), [6, 9, 9], [True, True, False], [("at most 8", 8)], "People in the team")
    >>> [line.get_xdata()[0] for line in ax.get_lines()]
    [8]

    Parameters
    ----------
    values : one an engagement, in any unit
    now : whether each is of this period
    limits : words and value of each line
    """
    from matplotlib.ticker import MaxNLocator

    height: Counter[float] = Counter()
    places = []
    for value, _ in sorted(zip(values, now, strict=True), key=lambda pair: not pair[1]):
        height[value] += 1
        places.append((value, height[value]))
    ordered = sorted(now, reverse=True)
    for own, label, inside in ((True, NOW, style.ACCENT), (False, BEFORE, "white")):
        part = [place for place, mine in zip(places, ordered, strict=True) if mine == own]
        if part:
            across, up = zip(*part, strict=True)
            ax.scatter(across, up, s=70, facecolor=inside, edgecolor=style.INK, label=label, zorder=2)
    top = max(LEAST_ROOM, max(height.values(), default=1) + 1)
    for words, value in limits:
        ax.axvline(value, color=style.INK, linestyle=(0, (4, 2)), linewidth=1.2, zorder=1)
        ax.annotate(
            words, (value, top), xytext=(4, -2), textcoords="offset points", va="top", fontsize="small"
        )
    ax.set_ylim(0.3, top + 0.2)
    ax.set_yticks([])
    ax.set_xlim(0, max([*values, *(value for _, value in limits)]) * 1.1)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(xlabel)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 1.02), frameon=False)
    return ax
