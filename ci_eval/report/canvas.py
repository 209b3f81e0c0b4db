"""A Figure as bytes: PNG for the page, PNG and SVG as files.

The same figure gives the same bytes: no dates, no program's version, a fixed salt for SVG's ids. Nothing here
touches pyplot, whose global state would let one chart change the next.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from ci_eval.report import style
from ci_eval.report.pieces import Figure

DPI = 200  # sharp in print
PAGE_DPI = 96  # CSS pixels in an inch: the width at which the page shows the picture


@dataclass(frozen=True)
class Drawn:
    """A chart as PNG bytes and, where asked for, SVG bytes."""

    png: bytes
    svg: bytes = b""


def render(figure: Figure, svg: bool = False) -> Drawn:
    """Draw a figure once in house style and save it.

    Raises
    ------
    Whatever the figure's own ``draw`` raises.
    """
    with mpl.rc_context(style.settings() | {"svg.hashsalt": figure.key}):  # type: ignore[arg-type]
        canvas = Canvas(figsize=figure.size, dpi=DPI, layout="constrained")
        FigureCanvasAgg(canvas)
        figure.draw(canvas)
        png = _saved(canvas, "png", {"Software": None})
        if not svg:
            return Drawn(png)
        described = {"Date": None, "Creator": None, "Title": figure.title, "Description": figure.alt}
        return Drawn(png, _saved(canvas, "svg", described))


def write(drawn: Drawn, folder: Path, key: str) -> None:
    """Write ``<key>.png`` and ``<key>.svg`` into a folder, made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key}.png").write_bytes(drawn.png)
    if drawn.svg:
        (folder / f"{key}.svg").write_bytes(drawn.svg)


def _saved(canvas: Canvas, form: str, metadata: dict[str, str | None]) -> bytes:
    stream = io.BytesIO()
    canvas.savefig(stream, format=form, metadata=metadata)
    return stream.getvalue()
