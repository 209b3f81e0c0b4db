"""The pieces a report is made of: Sentence, Table and Figure.

A piece carries its own title, note, source, alternative text and the numbers behind it. Its ``record`` holds all of
that as results.json does; the page, the Word file and the spreadsheet are written from records alone. As the last line
of a cell a piece displays itself; ``book.Book`` displays and records it.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from ci_eval.inputs.text import printable
from ci_eval.report import formats, markup

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ci_eval.agreement import Band
    from ci_eval.report.canvas import Drawn

SentenceLevel = Literal["text", "key", "warning", "missing"]
Bundle = tuple[dict[str, str], dict[str, Any]]  # what IPython displays, by MIME type, and its metadata

LONGEST_ALT = 200  # characters: a screen reader says it in one go, and the numbers stand in a table
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def _check_key(key: str) -> None:
    """Refuse a key that cannot name a file, an HTML element and a JSON member alike."""
    if not KEY.fullmatch(key):
        raise ValueError(
            f"{key!r} cannot be a piece's key: use 1 to 80 small letters, digits, hyphens and underscores"
        )


def _cleaned(piece: Any) -> None:
    """Take out of a piece's texts what steers a terminal or turns the direction of writing: they may quote people."""
    for name in ("title", "text", "alt", "note", "source"):
        if hasattr(piece, name):
            object.__setattr__(piece, name, printable(getattr(piece, name)))


class _Displayed:
    """A piece as the last line of a cell: it displays itself and is not recorded."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        return self.bundle()  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True)
class Sentence(_Displayed):
    """One or more sentences of a report, with the numbers they state.

    Attributes
    ----------
    key : names the piece in results.json and as an HTML id; unique in a report
    text : plain text, never markup; an empty line begins a new paragraph, and one whose lines all begin with "- "
        or with "1. ", "2. " … is a list
    numbers : every number the text states, by name; a blank one becomes null in results.json
    source : where the numbers come from, empty where the text says it
    level : ``text``; ``key`` a key message; ``warning`` to be read before the numbers; ``missing`` what is not
        there
    """

    key: str
    text: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    level: SentenceLevel = "text"

    def __post_init__(self) -> None:
        _check_key(self.key)
        _cleaned(self)
        if not self.text.strip():
            raise ValueError(f"sentence {self.key!r} has no text")
        if self.level not in get_args(SentenceLevel):
            raise ValueError(
                f"sentence {self.key!r}: level {self.level!r} is not one of {get_args(SentenceLevel)}"
            )

    def record(self) -> dict[str, Any]:
        """The sentence as results.json holds it."""
        numbers = {name: formats.recorded_value(value) for name, value in self.numbers.items()}
        return {
            "piece": "sentence",
            "level": self.level,
            "text": self.text,
            "numbers": numbers,
            "blanks": {name: formats.DEFAULT_REASON for name, value in numbers.items() if value is None},
            "source": self.source,
        }

    def bundle(self, label: str = "") -> Bundle:
        """What a cell displays; `label` is "", since sentences are not numbered."""
        html = markup.sentence_html(self.key, self.record())
        return {"text/html": html, "text/plain": self.text}, {"ci_eval": {"key": self.key}}


@dataclass(frozen=True)
class Column:
    """A column of a Table.

    Attributes
    ----------
    name : the frame's column
    heading : what the reader sees; a unit belongs in it
    kind : ``text``; ``count`` whole numbers; ``percent`` shares as fractions 0 to 1; ``points``
        differences of shares as fractions -1 to 1; ``number``; ``date`` days, or text where no day is known
    blank : why a value of this column may be missing; printed under the table where one is
    decimals : decimals shown, where not the kind's own (0; 2 for ``number``)
    """

    name: str
    heading: str
    kind: formats.Kind = "text"
    blank: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in formats.KINDS:
            raise ValueError(f"column {self.name!r}: kind {self.kind!r} is not one of {formats.KINDS}")

    def record(self) -> dict[str, Any]:
        """The column as results.json holds it."""
        heading = printable(self.heading)
        return {"name": self.name, "heading": heading, "kind": self.kind, "decimals": self.decimals}


@dataclass(frozen=True)
class Table(_Displayed):
    """A table as a reader sees it: one row a thing, one column a fact.

    Attributes
    ----------
    key, title, note, source : as of a Sentence; the title is the caption
    frame : the values, one row a row, in the order shown; its index is not shown
    columns : the columns shown, in order; other columns of the frame are left out everywhere
    row_heading : name of the column that names each row; the first where empty
    bands : the words for shares, which a percentage must not contradict; () where the shares have none

    Raises
    ------
    ValueError
        If percentages are to be shown and `bands` is not given.
        If a column is not in the frame, named twice, or there is no row: a sentence of the level
        ``missing`` says what is missing, not an empty table.
    """

    key: str
    title: str
    frame: "pd.DataFrame"
    columns: tuple[Column, ...]
    note: str = ""
    source: str = ""
    row_heading: str = ""
    bands: "Sequence[Band] | None" = None

    def __post_init__(self) -> None:
        _check_key(self.key)
        _cleaned(self)
        object.__setattr__(self, "columns", tuple(self.columns))
        names = [column.name for column in self.columns]
        absent = [name for name in names if name not in self.frame.columns]
        if absent or not names:
            raise ValueError(f"table {self.key!r}: its frame has no column {', '.join(absent) or 'at all'}")
        if len(set(names)) < len(names) or not self.frame.columns.is_unique:
            raise ValueError(f"table {self.key!r}: a column is named twice")
        if self.frame.empty:
            raise ValueError(f"table {self.key!r} has no rows; say in a sentence what is missing")
        if self.bands is None and any(column.kind == "percent" for column in self.columns):
            raise ValueError(f"table {self.key!r} shows percentages; give the bands of the words, or ()")
        if not self.row_heading:
            object.__setattr__(self, "row_heading", names[0])
        elif self.row_heading not in names:
            raise ValueError(f"table {self.key!r}: row heading {self.row_heading!r} is not among its columns")

    def blanks(self) -> dict[str, str]:
        """Why values are missing: column name → reason, for the columns that have a blank."""
        return {
            column.name: printable(column.blank) or self.note or formats.DEFAULT_REASON
            for column in self.columns
            if any(formats.is_blank(value) for value in self.frame[column.name].tolist())
        }

    def record(self) -> dict[str, Any]:
        """The table as results.json holds it.

        Raises
        ------
        ValueError
            If a value cannot be shown as its column's kind.
        """
        return {
            "piece": "table",
            "title": self.title,
            "columns": [column.record() for column in self.columns],
            "row_heading": self.row_heading,
            "rows": [
                {c.name: _recorded(value, c.kind) for c, value in zip(self.columns, row, strict=True)}
                for row in _values(self.frame, self.columns)
            ],
            "cells": _cells(self.frame, self.columns, self.bands or ()),
            "blanks": self.blanks(),
            "note": self.note,
            "source": self.source,
        }

    def bundle(self, label: str = "") -> Bundle:
        """What a cell displays; `label` such as "Table 1" stands before the title."""
        record = self.record() | {"label": label}
        html = markup.table_html(self.key, record)
        return {"text/html": html, "text/plain": markup.table_text(record)}, {"ci_eval": {"key": self.key}}


def _values(frame: "pd.DataFrame", columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """The rows, as Python values in the order of the columns."""
    return list(zip(*(frame[column.name].tolist() for column in columns), strict=True))


def _cells(frame: "pd.DataFrame", columns: Sequence[Column], bands: "Sequence[Band]") -> list[list[str]]:
    """The rows as a reader sees them."""
    return [
        [
            formats.cell_text(value, c.kind, c.decimals, bands=bands)
            for value, c in zip(row, columns, strict=True)
        ]
        for row in _values(frame, columns)
    ]


def _recorded(value: Any, kind: str) -> Any:
    """A value of a table; a count stays a whole number though a blank beside it made its column a float."""
    number = formats.recorded_value(value)
    return int(number) if kind == "count" and number is not None else number


@dataclass(frozen=True)
class Figure(_Displayed):
    """A chart.

    Attributes
    ----------
    key, title, note, source : as of a Table
    draw : draws on the matplotlib Axes it is given; the charts of ``figures`` fit
    alt : for somebody who cannot see the chart: its message in one sentence of at most `LONGEST_ALT` characters
    frame : the numbers behind the chart, one row a mark
    size : width and height in inches
    invented : False for a chart of real facts only; it is then not marked in a report of invented data
    columns : of the frame, those that the page shows as numbers behind the chart; the first names each row
    bands : as of a Table, where a column holds percentages
    """

    key: str
    title: str
    draw: "Callable[[Axes], Any]"
    alt: str
    frame: "pd.DataFrame"
    size: tuple[float, float] = (8.0, 5.0)
    note: str = ""
    source: str = ""
    invented: bool = True
    columns: tuple[Column, ...] = ()
    bands: "Sequence[Band]" = ()

    def __post_init__(self) -> None:
        _check_key(self.key)
        _cleaned(self)
        if not self.alt.strip():
            raise ValueError(
                f"figure {self.key!r} has no alternative text: state its message and its numbers"
            )
        if len(self.alt) > LONGEST_ALT:
            raise ValueError(
                f"figure {self.key!r}: its alternative text has {len(self.alt):,} characters; {LONGEST_ALT} is the most"
            )
        if not self.title.strip():
            raise ValueError(f"figure {self.key!r} has no title")

    def record(self) -> dict[str, Any]:
        """The figure's texts and the numbers behind it, as results.json holds them."""
        return {
            "piece": "figure",
            "title": self.title,
            "alt": self.alt,
            "width": round(self.size[0] * markup.CSS_PIXELS),
            "rows": [
                {str(name): formats.recorded_value(value) for name, value in row.items()}
                for row in self.frame.to_dict("records")
            ],
            "columns": [column.record() for column in self.columns],
            "row_heading": self.columns[0].name if self.columns else "",
            "cells": _cells(self.frame, self.columns, self.bands),
            "note": self.note,
            "source": self.source,
        }

    def drawn(self, mark: str = "", vector: bool = False) -> "Drawn":
        """The pictures, with the title in them and `mark` under them; the SVG only where `vector` asks for it."""
        from ci_eval.report import canvas

        return canvas.render(self, mark if self.invented else "", vector)

    def bundle(self, label: str = "", drawn: "Drawn | None" = None) -> Bundle:
        """What a cell displays: the picture with its title, and the alternative text."""
        record = self.record()
        picture = (drawn or self.drawn()).png
        caption = markup.caption(record | {"label": label})
        data = {"image/png": base64.b64encode(picture).decode(), "text/plain": f"{caption}\n{self.alt}"}
        about = {"alt": self.alt, "width": record["width"]}
        return data, {"image/png": about, "ci_eval": {"key": self.key}}


Piece = Sentence | Table | Figure
