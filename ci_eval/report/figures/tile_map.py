"""A tile map: one square of equal size for each authority, filled by what is known of it.

On a map of areas Highland would hide the rest; here each authority counts once. Kinds differ by filling and
edge before by colour, and each tile bears its name.
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ci_eval.report import style
from ci_eval.report.figures import chart_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACROSS, DOWN = 1.0, 0.46  # inches of a tile
GAP = 0.05  # of a tile, between neighbours
NAME = 13  # characters of a name in a line
LONG, LETTERS, FEWER = 12, 7.5, 6.6  # a word over so many characters is set smaller; points


def tiles_size(places: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Width and height in inches of a map of tiles at these rows and columns."""
    rows, columns = ([place[side] for place in places] for side in (0, 1))
    return ACROSS * (max(columns) - min(columns) + 1), 0.4 + DOWN * (max(rows) - min(rows) + 1)


def tiles(
    ax: "Axes",
    names: Sequence[str],
    places: Sequence[tuple[int, int]],
    kinds: Sequence[str],
    looks: Mapping[str, Mapping[str, Any]],
) -> "Axes":
    """Draw a named tile at each place, filled by its kind, and the key of the kinds that occur.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> looks = {"Hosted": {"facecolor": "#0b4f8a"}, "Planned": {"facecolor": "#ffffff"}}
    >>> ax = tiles(Figure().subplots(), ["Fife", "Moray"], [(5, 7), (3, 4)], ["Hosted", "Planned"], looks)
    >>> [text.get_text() for text in ax.texts]
    ['Fife', 'Moray']

    Parameters
    ----------
    names : what each tile says, broken between words
    places : row and column of each tile, the first row at the top
    kinds : what each tile is, a key of `looks`
    looks : kind → how matplotlib fills it (facecolor as #rrggbb, hatch …), in the order of the key

    Raises
    ------
    ValueError
        If the lengths differ, two tiles share a place, or a kind has no look.
    """
    from matplotlib.patches import Patch, Rectangle

    if not len(names) == len(places) == len(kinds) or not len(names):
        raise ValueError(f"{len(names)} names, {len(places)} places and {len(kinds)} kinds are no map")
    if len(set(places)) < len(places):
        raise ValueError("two tiles share a place")
    if unknown := sorted(set(kinds) - set(looks)):
        raise ValueError(f"no look for {unknown[0]!r}; known: {', '.join(looks)}")
    for name, (row, column), kind in zip(names, places, kinds, strict=True):
        look = _look(looks[kind])
        ax.add_patch(Rectangle((column, row), 1 - GAP, 1 - GAP, **look))
        dark = style.luminance(look["facecolor"]) < 0.3
        small = max(map(len, name.replace("-", "- ").split())) > LONG
        ax.text(
            column + (1 - GAP) / 2, row + (1 - GAP) / 2, textwrap.fill(name, NAME, break_long_words=False), ha="center",
            va="center", fontsize=FEWER if small else LETTERS, color="#ffffff" if dark else style.INK,
            bbox=chart_rows.PAPER if look.get("hatch") else None, in_layout=False,
        )  # fmt: skip
    rows, columns = ([place[side] for place in places] for side in (0, 1))
    ax.set(xlim=(min(columns) - GAP, max(columns) + 1), ylim=(max(rows) + 1, min(rows) - GAP))
    ax.axis("off")
    entries = [Patch(label=name, **_look(look)) for name, look in looks.items() if name in kinds]
    chart_rows.key_above(ax, entries)
    return ax


def _look(look: Mapping[str, Any]) -> dict[str, Any]:
    return {"edgecolor": style.INK, "linewidth": 0.8, **look}
