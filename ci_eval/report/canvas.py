"""A Figure as bytes: PNG for the page, PNG and SVG as files.

The same figure gives the same bytes: no dates, no program's version, a fixed salt for SVG's ids. Nothing here
touches pyplot, whose global state would let one chart change the next. The page has its captions as text, so
only the files, which are passed on by themselves, carry the title in the picture; every picture carries the
mark of invented data.
"""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

from ci_eval.report import style
from ci_eval.report.figures import chart_layout
from ci_eval.report.figures.chart_layout import DPI
from ci_eval.report.pieces import Figure

PAGE_DPI = 96  # CSS pixels in an inch: the width at which the page shows the picture
NEARLY_WHITE = 253  # of 255
COLOURS = 192  # of the PNG's palette: a chart has few, and a palette is a third of the size
TITLE, MARK = 11.0, 8.5  # points
SVG_SIZE = re.compile(r'( width="[\d.]+pt)" height="[\d.]+pt" viewBox="[\d. ]+"')
GAP = 0.1  # inches above and below a title and a mark


@dataclass(frozen=True)
class Drawn:
    """A chart as the page's PNG and, where files were asked for, as a PNG and an SVG file with its title."""

    page: bytes
    png: bytes = b""
    svg: bytes = b""


@dataclass(frozen=True)
class Strip:
    """Text over or under a chart, wrapped to its width, with the height it takes in inches."""

    text: str
    size: float
    weight: str

    @property
    def height(self) -> float:
        return chart_layout.height(chart_layout.lines(self.text), self.size) + GAP if self.text else 0.0


def render(figure: Figure, mark: str = "", files: bool = False, vector: bool = True) -> Drawn:
    """Draw a figure in house style and save it.

    Parameters
    ----------
    mark : printed under the chart in every picture, such as that its data are invented
    files : whether the PNG and SVG files are wanted beside the page's picture
    vector : whether the SVG is among them; it is a third of the time

    Raises
    ------
    Whatever the figure's own ``draw`` raises.
    """
    with mpl.rc_context(style.settings() | {"svg.hashsalt": figure.key}):  # type: ignore[arg-type]
        canvas = Canvas(figsize=figure.size, dpi=DPI, layout="constrained")
        figure.draw(canvas)
        room = figure.size[0] - 2 * chart_layout.EDGE
        title = Strip(chart_layout.wrap(figure.title, room * 0.93, TITLE), TITLE, "bold")
        below = Strip(chart_layout.wrap(mark, room * 0.93, MARK) if mark else "", MARK, "bold")
        head = _strip(title, figure.size[0])
        foot = [_strip(below, figure.size[0])] if mark else []
        pixels = np.concatenate([head, _pixels(canvas), *foot])
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Pillow works outside the interpreter's lock: it packs the pictures while the SVG is drawn.
            pictures = beside.submit(_pictures, pixels, head.shape[0], files)
            svg = _svg(canvas, figure, title, below) if files and vector else b""
            page, png = pictures.result()
        return Drawn(page, png, svg)


def write(drawn: Drawn, folder: Path, key: str) -> None:
    """Write ``<key>.png`` and ``<key>.svg`` into a folder, made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key}.png").write_bytes(drawn.png)
    (folder / f"{key}.svg").write_bytes(drawn.svg)


def _pixels(canvas: Canvas) -> NDArray[np.uint8]:
    agg = FigureCanvasAgg(canvas)
    agg.draw()  # type: ignore[no-untyped-call]
    return np.asarray(agg.buffer_rgba(), dtype=np.uint8)[:, :, :3]  # type: ignore[no-untyped-call]


def _strip(strip: Strip, wide: float) -> NDArray[np.uint8]:
    small = Canvas(figsize=(wide, strip.height), dpi=DPI)
    chart_layout.place(
        small, chart_layout.EDGE, strip.height / 2, strip.text, strip.size, weight=strip.weight
    )
    return _pixels(small)


def _pictures(pixels: NDArray[np.uint8], head: int, files: bool) -> tuple[bytes, bytes]:
    """The page's PNG, which leaves out the title's `head` rows, and the file's."""
    picture = _palette(pixels)
    return _png(picture.crop((0, head, *picture.size))), _png(picture) if files else b""


def _palette(pixels: NDArray[np.uint8]) -> Image.Image:
    """The picture with few colours; paper stays pure white, which the means of an octree would grey a little."""
    few = Image.fromarray(pixels).quantize(
        COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    colours = np.array(few.getpalette() or [], dtype=np.uint8).reshape(-1, 3)
    colours[(colours >= NEARLY_WHITE).all(axis=1)] = 255
    few.putpalette(colours.tobytes())
    return few


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", dpi=(DPI, DPI))
    return stream.getvalue()


def _svg(canvas: Canvas, figure: Figure, title: Strip, mark: Strip) -> bytes:
    """The chart as SVG with the strips outside its own area; the view box is then opened to take them in."""
    wide, tall = figure.size
    inches = canvas.dpi_scale_trans
    box = ((0, -mark.height), wide, tall + title.height + mark.height)
    paper = Rectangle(*box, transform=inches, facecolor="white", edgecolor="none", zorder=-1)
    canvas.add_artist(paper)
    chart_layout.place(canvas, chart_layout.EDGE, -title.height / 2, title.text, TITLE, weight=title.weight)
    if mark.text:
        chart_layout.place(
            canvas, chart_layout.EDGE, tall + mark.height / 2, mark.text, MARK, weight=mark.weight
        )
    stream = io.BytesIO()
    about = {"Date": None, "Creator": None, "Title": figure.title, "Description": figure.alt}
    FigureCanvasSVG(canvas).print_svg(stream, metadata=about)  # type: ignore[no-untyped-call]
    text = stream.getvalue().decode("utf-8")
    high, up = (tall + title.height + mark.height) * 72, -title.height * 72
    opened = f'\\1" height="{high:.3f}pt" viewBox="0 {up:.3f} {wide * 72:g} {high:.3f}"'
    text, found = SVG_SIZE.subn(opened, stream.getvalue().decode("utf-8"), count=1)
    if not found:
        raise RuntimeError("matplotlib writes the size of an SVG in a form this module does not know")
    return text.encode("utf-8")
