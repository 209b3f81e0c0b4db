"""The report a notebook opens: what is shown is recorded, and what is recorded was shown.

``results.json`` holds every piece in the order shown, with the values behind it; the spreadsheet is written
from it, so page, spreadsheet and results cannot disagree. Opened without a folder, a report only displays.
"""

import base64
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ci_eval.report import formats, markup
from ci_eval.report.pieces import Figure, Sentence, Table

UNATTENDED = "CI_EVAL_UNATTENDED"  # set by ci_eval.runs in the kernels it starts


def attended() -> bool:
    """Whether this process may have a person before it; False in a run started by ``ci-eval``."""
    return not os.environ.get(UNATTENDED)


SCHEMA = 1
DRAFT = "Draft: not for publication until it is released"
INVENTED = (
    "Invented data: every answer behind these figures was made up to try the workbook. Quote nothing from it."
)

INVENTED_SHORT = "Invented data, made up to try the workbook: quote nothing from it."

Piece = Sentence | Table | Figure
Pieces = Piece | Iterable["Pieces"]


class Report:
    """A report of one period, written by one notebook.

    Parameters
    ----------
    title, subtitle : the page's heading and the line under it
    period : review period, a text such as ``2021-22``
    notebook : name of the notebook that shows the pieces
    folder : where results.json and figures/ go; None only displays
    invented : whether any input was made up; marks every output
    status : the sensitivity label printed on every output
    programme : name of what is evaluated, printed above the title
    """

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        period: str = "",
        notebook: str = "",
        folder: Path | str | None = None,
        invented: bool = False,
        status: str = DRAFT,
        programme: str = "",
    ) -> None:
        self.title, self.subtitle, self.period, self.notebook = title, subtitle, period, notebook
        self.folder = None if folder is None else Path(folder)
        self.invented, self.status, self.programme = invented, status, programme
        self._records: dict[str, dict[str, Any]] = {}
        self._numbers = {"table": 0, "figure": 0}
        self._closed = False

    def show(self, *pieces: Pieces) -> None:
        """Display pieces in their order and record them; takes pieces and nested lists of pieces.

        Raises
        ------
        ValueError
            If a key was shown before, or the report is closed.
        TypeError
            If something is not a Sentence, Table or Figure.
        """
        if self._closed:
            raise ValueError("the report is closed; nothing more can be shown")
        for piece in flatten(pieces):
            if piece.key in self._records:
                raise ValueError(
                    f"a piece with the key {piece.key!r} has been shown already; keys are unique"
                )
            if isinstance(piece, Sentence):
                self._sentence(piece)
            elif isinstance(piece, Table):
                self._table(piece)
            else:
                self._figure(piece)

    def close(self) -> None:
        """Write results.json. Does nothing without a folder; figures are written as they are shown."""
        self._closed = True
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.results(), ensure_ascii=False, indent=1, allow_nan=False)
        (self.folder / "results.json").write_text(text + "\n", encoding="utf-8", newline="\n")

    def results(self) -> dict[str, Any]:
        """What results.json holds: the report's marks, then every piece by its key, in the order shown."""
        return {
            "schema": SCHEMA,
            "programme": self.programme,
            "title": self.title,
            "subtitle": self.subtitle,
            "period": self.period,
            "notebook": self.notebook,
            "status": self.status,
            "invented": self.invented,
            "mark": INVENTED if self.invented else "",
            "pieces": self._records,
        }

    def _sentence(self, piece: Sentence) -> None:
        numbers = {name: formats.plain_value(value) for name, value in piece.numbers.items()}
        self._records[piece.key] = {
            "piece": "sentence",
            "level": piece.level,
            "text": piece.text,
            "numbers": numbers,
            "blanks": {name: formats.DEFAULT_REASON for name, value in numbers.items() if value is None},
            "source": piece.source,
        }
        _display({"text/html": markup.sentence_html(piece), "text/plain": piece.text})

    def _table(self, piece: Table) -> None:
        number = self._next("table")
        html = markup.table_html(piece, number)  # before the record: it refuses values that cannot be shown
        self._records[piece.key] = {
            "piece": "table",
            "number": number,
            "title": piece.title,
            "columns": [
                {"name": c.name, "heading": c.heading, "kind": c.kind, "decimals": c.decimals}
                for c in piece.columns
            ],
            "row_heading": piece.row_heading,
            "rows": [
                {c.name: _recorded(value, c.kind) for c, value in zip(piece.columns, row, strict=True)}
                for row in piece.values()
            ],
            "blanks": piece.blanks(),
            "note": piece.note,
            "source": piece.source,
        }
        _display({"text/html": html, "text/plain": markup.table_plain(piece, number)})

    def _figure(self, piece: Figure) -> None:
        from ci_eval.report import canvas

        number = self._next("figure")
        caption = markup.figure_caption(piece, number)
        drawn = canvas.render(
            piece, INVENTED_SHORT if self.invented and piece.invented else "", files=self.folder is not None
        )
        self._records[piece.key] = {
            "piece": "figure",
            "number": number,
            "title": piece.title,
            "alt": piece.alt,
            "rows": [
                {str(name): formats.plain_value(value) for name, value in row.items()}
                for row in piece.frame.to_dict("records")
            ],
            "note": piece.note,
            "source": piece.source,
        }
        if self.folder is not None:
            canvas.write(drawn, self.folder / "figures", piece.key)
        picture = {"alt": piece.alt, "width": round(piece.size[0] * canvas.PAGE_DPI)}
        about = {"key": piece.key, "caption": caption, "note": piece.note, "source": piece.source}
        # a notebook shows no metadata, so the caption is shown apart; the page makes its own of the metadata
        caption_of = {"ci_eval": {"caption_of": piece.key}}
        _display({"text/html": markup.caption_html(caption), "text/plain": caption}, caption_of)
        _display(
            {
                "image/png": base64.b64encode(drawn.page).decode(),
                "text/plain": piece.alt,
            },
            {"image/png": picture, "ci_eval": about},
        )

    def _next(self, what: str) -> int:
        self._numbers[what] += 1
        return self._numbers[what]


def flatten(pieces: Iterable[Any]) -> list[Piece]:
    """Pieces and nested lists of pieces as one list; None is passed over."""
    flat: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Sentence | Table | Figure):
            flat.append(piece)
        elif isinstance(piece, Iterable) and not isinstance(piece, str | bytes):
            flat.extend(flatten(piece))
        elif piece is not None:
            raise TypeError(f"show() takes Sentence, Table and Figure, not {type(piece).__name__}")
    return flat


def _recorded(value: Any, kind: str) -> Any:
    """A value of a table; a count stays a whole number though a blank beside it made its column a float."""
    plain = formats.plain_value(value)
    return int(plain) if kind == "count" and plain is not None else plain


def _display(bundle: dict[str, str], metadata: dict[str, Any] | None = None) -> None:
    from IPython.display import display

    display(bundle, raw=True, metadata=metadata or {})  # type: ignore[no-untyped-call]
