"""The book a notebook writes: what is shown is recorded, and the documents are made from what was recorded.

``results.json`` holds every piece in the order of the notebook's cells, with the values behind it. Page, annex and
spreadsheet are written from it, so they cannot disagree. A book that is opened without a folder only displays.
"""

import os
import shlex
import sys
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.text import printable
from ci_eval.report import notebook_cells
from ci_eval.report.markup import INVENTED, INVENTED_SHORT
from ci_eval.report.notebook_cells import BEFORE_THE_FIRST
from ci_eval.report.pieces import Figure, Piece, Sentence, Table

if TYPE_CHECKING:
    from ci_eval.report.canvas import Drawn

UNATTENDED = "CI_EVAL_UNATTENDED"  # set by ci_eval.runs in the kernels it starts
IN_LAB = "JPY_SESSION_NAME"  # set by Jupyter's server in the kernels it starts: the notebook's path

SCHEMA = 2
SMALLEST_GROUP = 5
DRAFT = "Draft: not for publication until it is released"
NO_FOLDER = (
    "Displayed only. To make the report: ci-eval run --period {period} --notebook {notebook}{settings}"
)

Place = Literal["report", "annex"]

Pieces = Piece | Iterable["Pieces"] | None


def attended() -> bool:
    """Whether a person sits before this notebook, in JupyterLab; False in a run started by ``ci-eval``."""
    return bool(os.environ.get(IN_LAB)) and not os.environ.get(UNATTENDED)


def _own_copy() -> str:
    """The notebook open in JupyterLab, named from the workbook's folder; "" for a shipped one and outside it."""
    file, root = Path(os.environ.get(IN_LAB, "")), workbook_root()
    inside = attended() and file.is_relative_to(root) and not file.is_relative_to(root / "notebooks")
    return shlex.quote(file.relative_to(root).as_posix()) if inside else ""


@dataclass
class _Shown:
    """A record, the number of the cell run that showed it, and a figure's pictures."""

    record: dict[str, Any]
    run: int
    drawn: "Drawn | None" = None


class Book:
    """A report and its annex for one period, written by one notebook.

    Parameters
    ----------
    title, subtitle : the page's heading and the line under it
    period : review period, a text such as ``2021-22``
    notebook : name of the shipped notebook whose pieces these are
    folder : where `close` writes the documents; None or "" only displays
    invented : whether any input was made up; marks every output
    status : the sensitivity label printed on every output
    programme : name of what is evaluated, printed above the title
    settings : the settings file as the notebook was given it, for the command that makes the report
    smallest_group : the fewest people that a row or mark of the analyst's own may rest on
    author : who answers for the report, a property of its Word files; "" names the programme there
    watermark : a word across every page, such as Rehearsal; "" for none

    Examples
    --------
    >>> book = Book("Interim evaluation", period="2021-22")
    >>> book.show(Sentence("opening", "Almost all agreed.", {"share": 0.92}))
    Almost all agreed.
    >>> book.results()["pieces"]["opening"]["place"]
    'report'
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
        smallest_group: int = SMALLEST_GROUP,
        programme: str = "",
        settings: str = "",
        author: str = "",
        watermark: str = "",
    ) -> None:
        self.title, self.subtitle, self.period, self.notebook = map(
            printable, (title, subtitle, period, notebook)
        )
        self.folder = Path(folder) if folder else None
        self.invented, self.status, self.smallest_group = invented, status, smallest_group
        self.programme, self.settings, self.author = map(printable, (programme, settings, author))
        self.watermark = watermark
        self._shown: dict[str, _Shown] = {}
        if self.folder is not None:
            _recording.append(weakref.ref(self))

    def show(
        self, *pieces: Any, title: str = "", alt: str = "", base: Any = None, key: str = "", note: str = ""
    ) -> None:
        """Display pieces in their order and record them for the report.

        Parameters
        ----------
        pieces : Sentence, Table and Figure, lists of them, or one frame or figure of the analyst's own; None is passed
            over. A key shown before is replaced, its place included.
        title, alt, key, note : of an analyst's own piece; a figure needs alternative text
        base : people behind each row or mark of it: a number, a list, or the name of a column. A frame made of
            releasable ones needs none.

        Raises
        ------
        TypeError
            If something is neither a piece nor a frame nor a figure.
        InputError
            If an own piece has no title, or rests on too few people or on nobody knows how many.

        Examples
        --------
        >>> Book("Trial").show([Sentence("one", "One."), None], Sentence("two", "Two."))
        One.
        Two.
        """
        self._put("report", pieces, {"title": title, "alt": alt, "base": base, "key": key, "note": note})

    def annex(
        self, *pieces: Any, title: str = "", alt: str = "", base: Any = None, key: str = "", note: str = ""
    ) -> None:
        """Display pieces in their order and record them for the annex; all else as `show`.

        Examples
        --------
        >>> Book("Trial").annex(Sentence("test", "A test."))
        A test.
        """
        self._put("annex", pieces, {"title": title, "alt": alt, "base": base, "key": key, "note": note})

    def close(self) -> None:
        """Write results.json, the figures, report and annex as page and Word file, and tables.xlsx; and name them.

        Without a folder it says how a report is made. It may be called again: it writes what is recorded by then.

        Examples
        --------
        >>> Book("Trial", period="2021-22", notebook="interim_evaluation").close()
        Displayed only. To make the report: ci-eval run --period 2021-22 --notebook interim_evaluation
        """
        if self.folder is None:
            text = NO_FOLDER.format(
                period=self.period or "P",
                notebook=_own_copy() or self.notebook or "N",
                settings=f" --settings {shlex.quote(self.settings)}" if self.settings else "",
            )
        else:
            from ci_eval.report import documents

            origin = notebook_cells.origin(self.notebook)
            placed = self._placed(origin.cells)
            drawn = {key: one.drawn for key, one in self._shown.items() if one.drawn is not None}
            names = documents.write(self.folder, self.results(), origin.cells, placed, drawn)
            text = f"Made for {self.period or 'no period'}: {', '.join(names)}"
        _display({"text/plain": text}, {"ci_eval": {"display": "book"}})

    def results(self) -> dict[str, Any]:
        """What results.json holds: the book's marks, then every piece by its key, in the notebook's order."""
        origin = notebook_cells.origin(self.notebook)
        placed = self._placed(origin.cells)
        keys = sorted(self._shown, key=lambda key: placed[key])
        return {
            "schema": SCHEMA,
            "programme": self.programme,
            "title": self.title,
            "subtitle": self.subtitle,
            "period": self.period,
            "notebook": self.notebook,
            "author": self.author,
            "made_by": origin.as_dict(),
            "status": self.status,
            "invented": self.invented,
            "mark": INVENTED if self.invented else "",
            "watermark": self.watermark,
            "pieces": self._labelled(keys),
        }

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        counts = dict.fromkeys(("report", "annex"), 0)
        for one in self._shown.values():
            counts[one.record["place"]] += 1
        holds = ", ".join(f"{number:,} in the {place}" for place, number in counts.items())
        text = f"{self.title}, {self.period or 'no period'}: pieces recorded: {holds}."
        return {"text/plain": text}, {"ci_eval": {"display": "book"}}

    def _put(self, place: Place, pieces: Iterable[Any], own: dict[str, Any]) -> None:
        given = flatten(pieces)
        theirs = [piece for piece in given if isinstance(piece, Sentence | Table | Figure)]
        described = any(own[name] for name in ("title", "alt", "key", "note")) or own["base"] is not None
        if described and (len(given) != 1 or theirs):
            raise TypeError(
                "title, alt, base, key and note belong to one frame or figure of your own; show it alone"
            )
        if not given and self.folder is None:
            print("Nothing to show: no row is left, or there is nothing to say of these.")
        for piece in given:
            if isinstance(piece, Sentence | Table | Figure):
                self._record(place, piece, {})
            else:
                from ci_eval.report import own_pieces

                made, more = own_pieces.own_piece(piece, smallest=self.smallest_group, **own)
                self._record(place, made, more)

    def _record(self, place: Place, piece: Piece, more: dict[str, Any]) -> None:
        drawn = None
        record = piece.record()
        record = {"piece": record.pop("piece"), "place": place, **record, **more}
        if isinstance(piece, Figure):
            drawn = piece.drawn(INVENTED_SHORT if self.invented else "", vector=self.folder is not None)
        self._shown[piece.key] = _Shown(record, len(notebook_cells.cells_run()), drawn)
        label = self._labelled(list(self._shown))[piece.key].get("label", "")
        data, about = piece.bundle(label, drawn) if isinstance(piece, Figure) else piece.bundle(label)
        about["ci_eval"]["place"] = place
        _display(data, about)

    def _labelled(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The records in this order; tables and figures numbered apart, those of the annex with an A."""
        counts: dict[tuple[str, str], int] = {}
        records = {}
        for key in keys:
            record = dict(self._shown[key].record)
            if record["piece"] != "sentence":
                kind = (record["piece"], record["place"])
                counts[kind] = counts.get(kind, 0) + 1
                letter = "A" if record["place"] == "annex" else ""
                label = f"{record['piece'].capitalize()} {letter}{counts[kind]}"
                record = {"piece": record["piece"], "place": record["place"], "label": label} | record
            records[key] = record
        return records

    def _placed(self, cells: tuple[notebook_cells.Cell, ...]) -> dict[str, int]:
        """Key → place in the notebook's file of the cell that showed the piece.

        The pieces of a cell that is not in the file stand after those of the cell that ran before it.
        """
        places = [BEFORE_THE_FIRST]
        for source in notebook_cells.cells_run():
            places.append(notebook_cells.place_of(source, cells, places[-1]))
        return {key: places[one.run] for key, one in self._shown.items()}


_recording: "list[weakref.ref[Book]]" = []


def recording() -> Book | None:
    """The book that is open with a folder, so that what cells display is kept; None where there is none.

    Examples
    --------
    >>> recording() is None
    True
    """
    books = [book for reference in _recording if (book := reference()) is not None]
    return books[-1] if books else None


def flatten(pieces: Iterable[Any]) -> list[Any]:
    """Pieces and nested lists of pieces as one list, and frames and figures as they are; None is passed over."""
    flat: list[Any] = []
    for piece in pieces:
        if isinstance(piece, Sentence | Table | Figure) or _is_own(piece):
            flat.append(piece)
        elif isinstance(piece, Iterable) and not isinstance(piece, str | bytes | dict):
            flat.extend(flatten(piece))
        elif piece is not None:
            raise TypeError(
                f"show() takes Sentence, Table and Figure, frames and figures, not {type(piece).__name__}"
            )
    return flat


def _is_own(thing: Any) -> bool:
    """Whether it is a frame, or a figure or axes of matplotlib; neither library is imported to see that."""
    frame = getattr(sys.modules.get("pandas"), "DataFrame", None)
    return (
        (frame is not None and isinstance(thing, frame))
        or hasattr(thing, "savefig")
        or hasattr(thing, "figure")
    )


def _display(data: dict[str, str], metadata: dict[str, Any]) -> None:
    if notebook_cells.shell() is None:  # a plain Python process
        print(data["text/plain"])
        return
    from IPython.display import display

    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]
