"""Pieces that the analyst made herself: a frame or a figure, with the people behind each row or mark.

Rule: docs/methods.md, "Exact and releasable". A frame made from releasable ones passes. Anything else needs `base`,
and no number of it may be smaller than the smallest group that is shown. It stands in the report as her own.
"""

import io
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd

from ci_eval.inputs.problems import refuse
from ci_eval.inputs.text import printable
from ci_eval.report import formats
from ci_eval.report.canvas import Drawn, cleaned
from ci_eval.report.pieces import LONGEST_ALT, Column, Figure, Piece, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

OWN_NOTE = "The analyst's own, not checked by the workbook."
PIXELS = 150  # in an inch
PERCENTAGES = ("share", "low", "high")  # columns of the workbook's frames that hold fractions from 0 to 1


@dataclass(frozen=True)
class OwnFigure(Figure):
    """A figure that is drawn already; ``picture`` is matplotlib's."""

    picture: "Canvas | None" = None

    def drawn(self, mark: str = "", vector: bool = False) -> Drawn:
        """The picture as it is, with the mark under it."""
        if self.picture is None:
            raise ValueError(f"figure {self.key!r} has no picture")
        under = [self.picture.text(0.01, -0.01, mark, va="top", weight="bold", size=8.5)] if mark else []
        try:
            with mpl.rc_context({"svg.hashsalt": self.key, "svg.fonttype": "none"}):
                png = _saved(self.picture, "png", {"Software": None})
                svg = cleaned(_saved(self.picture, "svg", {"Date": None, "Creator": None})) if vector else b""
        finally:
            for text in under:
                text.remove()
        return Drawn(png, svg)


def _saved(figure: "Canvas", form: str, about: dict[str, None]) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format=form, dpi=PIXELS, bbox_inches="tight", metadata=about)
    return stream.getvalue()


def own_piece(
    thing: Any, *, title: str, alt: str, base: Any, key: str, note: str, smallest: int
) -> tuple[Piece, dict[str, Any]]:
    """A frame or figure as a piece, and what its record holds besides.

    Parameters
    ----------
    thing : a DataFrame, or a figure, axes or grid of matplotlib or seaborn
    title, alt, note : its texts; a figure needs both, a frame its title
    base : people behind each row or mark: a number, a list, or the name of a column of the frame
    key : names it in results.json; made of the title where empty
    smallest : the fewest people that may stand behind a row or mark

    Raises
    ------
    InputError
        If a text is missing, or `base` is missing where it is needed or holds a number that is too small.
    """
    if not title.strip():
        _refuse("own-title", "It has no title.", 'Add title="…": its finding, in a few words.')
    key = key or _key(title)
    texts = " ".join(text for text in (note, OWN_NOTE) if text)
    if isinstance(thing, pd.DataFrame):
        people = _people(thing, base, smallest, getattr(thing, "exact", None))
        piece: Piece = _table(key, title, thing, texts)
    else:
        if not alt.strip():
            _refuse(
                "own-alt", "A figure has no alternative text.", 'Add alt="…": what it shows, in one sentence.'
            )
        if len(alt) > LONGEST_ALT:
            message = f"The alternative text has {len(alt):,} characters; {LONGEST_ALT} is the most."
            _refuse("own-alt", message, "Say what it shows in one sentence; numbers go into a table.")
        figure = thing if hasattr(thing, "savefig") and hasattr(thing, "text") else thing.figure
        people = _people(None, base, smallest, None)
        numbers = pd.DataFrame({"base": people if isinstance(people, list) else [people]})
        size = tuple(float(side) for side in figure.get_size_inches())
        piece = OwnFigure(key, title, _drawn_already, alt, numbers, size, texts, picture=figure)  # type: ignore[arg-type]
        if mpl.get_backend() and "matplotlib.pyplot" in sys.modules:
            import matplotlib.pyplot as plt

            plt.close(figure)  # or the cell would display it once more at its end
    return piece, {"own": True, "base": people}


def _drawn_already(canvas: Any) -> None:
    raise RuntimeError("the analyst's own figure is drawn already")


def _people(
    frame: pd.DataFrame | None, base: Any, smallest: int, exact: bool | None
) -> int | list[int] | None:
    """The people behind each row, checked; None for a releasable frame without `base`."""
    if base is None:
        if exact is False:
            return None
        what = "This figure" if frame is None else "This frame is exact and" if exact else "This frame"
        _refuse(
            "own-base",
            f"{what} does not say how many people stand behind each row or mark.",
            "Add base=: a number, a list, or the name of a column that holds it.",
        )
    if isinstance(base, str):
        if frame is None or base not in frame.columns:
            _refuse(
                "own-base",
                f"base names no column: {base!r}.",
                "Give a number, a list, or a column of the frame.",
            )
        values = list(frame[base])  # type: ignore[index]
    else:
        values = [base] if isinstance(base, int | float) else list(base)
        if frame is not None and not isinstance(base, int | float) and len(values) != len(frame):
            message = f"base has {len(values):,} numbers, the frame {len(frame):,} rows."
            _refuse("own-base", message, "Give one number a row.")
    if not values:
        _refuse("own-base", "base is empty.", "Give the people behind each row or mark.")
    for row, people in enumerate(values, start=1):
        if formats.is_blank(people) or isinstance(people, str | bool) or people != int(people):
            _refuse(
                "own-base",
                f"Row {row}: {people!r} is no number of people.",
                f"Give whole numbers; leave out rows that have none: frame[frame[column] >= {smallest}].",
            )
        if people < smallest:
            _refuse(
                "own-too-few",
                f"Row {row} rests on {int(people):,} people; the smallest group that is shown is {smallest}.",
                "Put it together with another group, or leave it out.",
            )
    whole = [int(people) for people in values]
    return whole[0] if isinstance(base, int | float) else whole


def _table(key: str, title: str, frame: pd.DataFrame, note: str) -> Table:
    """The frame as a table; an index with a name, or of texts, becomes its first columns."""
    table = pd.DataFrame(frame)
    if not isinstance(table.index, pd.RangeIndex):
        table = table.reset_index()
    given: list[Any] = table.columns.tolist()
    names = [printable(" ".join(map(str, name)) if isinstance(name, tuple) else str(name)) for name in given]
    table = table.set_axis(names, axis=1)
    return Table(key, title, table, tuple(_column(table, name) for name in names), note=note, bands=())


def _column(frame: pd.DataFrame, name: str) -> Column:
    values = frame[name]
    heading = name.replace("_", " ").capitalize()
    if values.dtype.kind not in "iuf":
        return Column(name, heading, "date" if values.dtype.kind == "M" else "text")
    known = values.dropna()
    if name in PERCENTAGES and known.between(0, 1).all():
        return Column(name, heading, "percent")
    return Column(name, heading, "count" if (known == known.round()).all() else "number")


def _key(title: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    return f"own-{words}"[:80].rstrip("-")


def _refuse(check: str, message: str, fix: str) -> None:
    refuse("CANNOT SHOW your own piece", check, message, fix=fix)
