"""Where things stand on a chart, in inches from the left and the top.

The charts lay themselves out from measured text, not by trial: the same input gives the same picture, long
statements are wrapped, and nothing is drawn where it would not fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ci_eval.report import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 72.0
DPI = 200  # of the picture; letters are fitted to its grid, so their widths depend on it
BODY = 9.5  # points; the smallest text of a chart is SMALL
SMALL = 8.5
LINE = 1.25  # line spacing, in text heights
WIDTH = 8.0  # inches; every chart is as wide as the page's column
EDGE = 0.02  # a swatch at the very edge would lose half its outline
KEY_BOX, KEY_LINE = 0.22, 0.24
CLOSE = 0.02  # of the room: a line as near to it is measured as a whole


@lru_cache(maxsize=4)
def _font(bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))


@lru_cache(maxsize=4096)
def width(text: str, size: float = BODY, bold: bool = False) -> float:
    """Width of one line of text in inches, as matplotlib will draw it."""
    font = _font(bold)
    font.set_size(size, DPI)
    font.set_text(text, 0.0)
    return float(font.get_width_height()[0]) / 64 / DPI


def height(lines: int, size: float = BODY) -> float:
    """Height of a block of lines in inches."""
    return lines * size * LINE / POINTS


def wrap(text: str, room: float, size: float = BODY) -> str:
    """Text in lines no wider than `room` inches, broken between words; a word wider than that is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and _fits(f"{line} {word}", room, size):
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, size) > room and len(line) > 1:
            fits = next((n for n in range(len(line) - 1, 1, -1) if width(line[:n], size) <= room), 1)
            lines.append(line[:fits])
            line = line[fits:]
    return "\n".join([*lines, line])


def _fits(text: str, room: float, size: float) -> bool:
    """Whether a line is no wider than `room`.

    To measure a line takes a third of a millisecond, and a chart wraps hundreds. Its words, most of them
    measured before, tell its width well enough unless the line comes close to the room.
    """
    words = text.split(" ")
    about = sum(width(word, size) for word in words) + (len(words) - 1) * _space(size)
    return about < room if abs(about - room) > CLOSE * room else width(text, size) <= room


@lru_cache(maxsize=64)
def _space(size: float) -> float:
    """What a space adds to the width of a line, in inches."""
    return width("n n", size) - 2 * width("n", size)


def lines(text: str) -> int:
    return text.count("\n") + 1


@dataclass(frozen=True)
class Swatch:
    """One entry of a key: what a mark looks like, and what it means."""

    label: str
    look: dict[str, Any] = field(default_factory=dict)  # of a patch, or of a marker where it names one


def _spots(labels: Sequence[str], room: float) -> list[tuple[float, float]]:
    """Where each entry of a key stands, in inches from the left and the top, wrapped to the room there is."""
    spots: list[tuple[float, float]] = []
    x, y = EDGE, EDGE + KEY_LINE / 2
    for label in labels:
        needed = KEY_BOX + 0.07 + width(label, SMALL)
        if x > EDGE and x + needed > room:
            x, y = EDGE, y + KEY_LINE
        spots.append((x, y))
        x += needed + 0.22
    return spots


def key_height(labels: Sequence[str], room: float = WIDTH) -> float:
    """How far down from the top a key of these labels reaches, in inches; 0 without labels."""
    return _spots(labels, room)[-1][1] + KEY_LINE / 2 if labels else 0.0


def key(figure: "Figure", entries: Sequence[Swatch]) -> float:
    """Draw a key at the top, in as many lines as it needs; gives where it ends, in inches."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    wide, tall = (float(inches) for inches in figure.get_size_inches())
    inches = figure.dpi_scale_trans
    labels = [entry.label for entry in entries]
    for entry, (x, y) in zip(entries, _spots(labels, wide), strict=True):
        if "marker" in entry.look:
            at = ([x + KEY_BOX / 2], [tall - y])
            figure.add_artist(Line2D(*at, linestyle="none", transform=inches, **entry.look))
        else:
            box = (x, tall - y - 0.065)
            figure.add_artist(Rectangle(box, KEY_BOX - 0.02, 0.13, transform=inches, **entry.look))
        place(figure, x + KEY_BOX + 0.07, y, entry.label, SMALL)
    return key_height(labels, wide)


def place(figure: "Figure", x: float, y: float, text: str, size: float = BODY, **how: Any) -> None:
    """Text at `x` inches from the left and `y` from the top, its lines centred on that height.

    Each line is set on its own baseline, so that texts of one row are level whatever letters they have.
    """
    tall = float(figure.get_size_inches()[1])
    parts = text.split("\n")
    first = y - height(len(parts) - 1, size) / 2 + baseline(size)
    for number, part in enumerate(parts):
        at = tall - first - height(number, size)
        figure.text(
            x, at, part, fontsize=size, transform=figure.dpi_scale_trans, **({"color": style.INK} | how)
        )


def baseline(size: float) -> float:
    """How far below the middle of a line its baseline stands, in inches: half the height of a capital."""
    return 0.36 * size / POINTS


def panel(figure: "Figure", left: float, right: float, top: float, bottom: float) -> "Axes":
    """Axes between margins given in inches; y runs in inches from the top, so a row stands where it is put.

    Raises
    ------
    ValueError
        If the figure is too small to leave room for them.
    """
    figure.set_layout_engine("none")  # these charts measure; a layout engine would move what was measured
    wide, tall = (float(inches) for inches in figure.get_size_inches())
    if wide - left - right < 0.5 or tall - top - bottom < 0.1:
        raise ValueError(
            f"a figure of {wide} by {tall} inches is too small for this chart; use its size() function"
        )
    axes = figure.add_axes(
        (left / wide, bottom / tall, (wide - left - right) / wide, (tall - top - bottom) / tall)
    )
    axes.set_ylim(tall - bottom, top)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=SMALL, length=3)
    return axes


def fitted(
    figure: "Figure", texts: Sequence[str], top: float, bottom: float, size: float = BODY, least: float = 0.3
) -> list[float]:
    """Centre of each row in inches from the top, sharing the height between the margins by their lines."""
    room = float(figure.get_size_inches()[1]) - top - bottom
    scale = room / rows_height(texts, size, least)
    centres, y = [], top
    for text in texts:
        tall = max(least, height(lines(text), size) + 0.12) * scale
        centres.append(y + tall / 2)
        y += tall
    return centres


def rows_height(texts: Sequence[str], size: float = BODY, least: float = 0.3) -> float:
    """Height of all rows together, in inches."""
    return sum(max(least, height(lines(text), size) + 0.12) for text in texts)
