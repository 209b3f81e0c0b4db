"""A Figure piece as bytes: an SVG and a PNG, each drawn once.

The same figure gives the same bytes: no dates, no program's version, a fixed salt for SVG's ids. Nothing here
touches pyplot, whose global state would let one chart change the next. Files are passed on by themselves, so they
carry the title in a strip over the chart. Page and Word file have it as a caption and leave out that strip. Every
picture carries the mark of invented data.
"""

import io
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray
from PIL import Image

from ci_eval.inputs.text import printable
from ci_eval.report import style

DPI = 200  # of the pictures
NEARLY_WHITE = 253  # of 255
COLOURS = 192  # of the PNG's palette: a chart has few, and a palette is a third of the size
TITLE, MARK = 11.0, 8.5  # points
LETTER = 0.62  # of its size: how wide a bold letter is, on average and rounded up
POSITION = 10  # decimals of where axes stand, as fractions of the picture
TITLE_ID = "title"  # of the title's group in the SVG
EDGE = 0.04  # inches beside the chart, and above and below each strip of text


class Chart(Protocol):
    """What is drawn: a piece of the kind `Figure`."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def alt(self) -> str: ...
    @property
    def size(self) -> tuple[float, float]: ...
    @property
    def draw(self) -> Callable[[Axes], Any]: ...


@dataclass(frozen=True)
class Drawn:
    """A chart as a PNG and, where it was asked for, as an SVG; `head` is the inches at the top that hold the title."""

    png: bytes
    svg: bytes = b""
    head: float = 0.0


def render(figure: Chart, mark: str = "", vector: bool = True) -> Drawn:
    """Draw a figure in house style and save it.

    The title and the mark stand in strips of their own over and under the chart.

    Parameters
    ----------
    mark : printed under the chart in every picture, such as that its data are invented
    vector : whether the SVG is wanted beside the PNG; it is a third of the time

    Raises
    ------
    Whatever the figure's own ``draw`` raises.
    """
    wide, tall = figure.size
    title, head = _strip(figure.title, wide, TITLE)
    below, foot = _strip(mark, wide, MARK)
    whole = head + tall + foot
    with mpl.rc_context(style.settings() | {"svg.hashsalt": figure.key}):  # type: ignore[arg-type]
        layout = ConstrainedLayoutEngine(rect=(0, foot / whole, 1, tall / whole), w_pad=EDGE, h_pad=EDGE)
        canvas = Canvas(figsize=(wide, whole), dpi=DPI, layout=layout)
        figure.draw(canvas.subplots())
        canvas.text(
            EDGE / wide, 1 - EDGE / whole, title, fontsize=TITLE, fontweight="bold", va="top", gid=TITLE_ID
        )
        canvas.text(EDGE / wide, EDGE / whole, below, fontsize=MARK, fontweight="bold", va="bottom")
        for axis in (axis for ax in canvas.axes for axis in (ax.xaxis, ax.yaxis)):
            if not axis.get_label_text():
                axis.set_label_coords(
                    0, 0
                )  # or every drawing measures all tick labels to place an empty label
        agg = FigureCanvasAgg(canvas)
        _lay_out(canvas, layout)
        agg.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(agg.buffer_rgba(), dtype=np.uint8)[:, :, :3]  # type: ignore[no-untyped-call]
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Pillow works outside the interpreter's lock: it packs the picture while the SVG is drawn.
            picture = beside.submit(_png, pixels)
            svg = _svg(canvas, figure) if vector else b""
            return Drawn(picture.result(), svg, head)


def cleaned(svg: bytes) -> bytes:
    """An SVG with its texts cleaned as those of pieces are: labels may quote people."""
    return printable(svg.decode()).encode()


def write(drawn: Drawn, folder: Path, key: str) -> None:
    """Write ``<key>.png`` and ``<key>.svg`` into a folder, made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key}.png").write_bytes(drawn.png)
    (folder / f"{key}.svg").write_bytes(drawn.svg)


def read(folder: Path, key: str, title: str, wide: float) -> Drawn:
    """What `write` wrote; `title` and `wide`, in inches, are the figure's own."""
    png, svg = ((folder / f"{key}.{form}").read_bytes() for form in ("png", "svg"))
    return Drawn(png, svg, _strip(title, wide, TITLE)[1])


def _lay_out(canvas: Canvas, layout: ConstrainedLayoutEngine) -> None:
    """Place the axes once; rounded, because the layout's last bits differ between runs and an SVG holds them."""
    layout.execute(canvas)
    canvas.set_layout_engine("none")
    for ax in canvas.axes:
        ax.set_position([round(part, POSITION) for part in ax.get_position().bounds])  # type: ignore[arg-type]


def _strip(text: str, wide: float, size: float) -> tuple[str, float]:
    """A text in lines as wide as the chart, and the inches its strip is high; 0 where there is no text."""
    lines = textwrap.wrap(text, int((wide - 2 * EDGE) * 72 / (size * LETTER)))
    return "\n".join(lines), (len(lines) * size * 1.25 / 72 + 2 * EDGE) if lines else 0.0


def _palette(pixels: NDArray[np.uint8]) -> Image.Image:
    """The picture with few colours; paper stays pure white, which the means of an octree would grey a little."""
    few = Image.fromarray(pixels).quantize(
        COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    colours = np.array(few.getpalette() or [], dtype=np.uint8).reshape(-1, 3)
    colours[(colours >= NEARLY_WHITE).all(axis=1)] = 255
    few.putpalette(colours.tobytes())
    return few


def _png(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    _palette(pixels).save(stream, "PNG", dpi=(DPI, DPI))
    return stream.getvalue()


def _svg(canvas: Canvas, figure: Chart) -> bytes:
    stream = io.BytesIO()
    about = {"Date": None, "Creator": None, "Title": figure.title, "Description": figure.alt}
    FigureCanvasSVG(canvas).print_svg(stream, metadata=about)  # type: ignore[no-untyped-call]
    return cleaned(stream.getvalue())
