"""What the interim notebook's own cells show of some evidence: the tests read the notebook, not a list of functions."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ci_eval.evidence import Evidence
from ci_eval.report import Figure, Sentence, Table
from ci_eval.report.pieces import KEY

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "interim_evaluation.ipynb"
Piece = Sentence | Table | Figure


class RecordedPieces:
    """Takes the place of the book: holds the pieces by key, and where each was put."""

    def __init__(self) -> None:
        self.pieces: dict[str, Piece] = {}
        self.places: dict[str, str] = {}

    def show(self, *pieces: Any) -> None:
        self._take(pieces, "report")

    def annex(self, *pieces: Any) -> None:
        self._take(pieces, "annex")

    def close(self) -> None:
        """Nothing is written."""

    def _take(self, pieces: Iterable[Any], place: str) -> None:
        for piece in flat(pieces):
            assert KEY.fullmatch(piece.key)
            assert piece.key not in self.pieces, f"{piece.key} is shown twice"
            self.pieces[piece.key], self.places[piece.key] = piece, place


def flat(pieces: Iterable[Any]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, Sentence | Table | Figure):
            yield piece
        elif piece is not None:
            yield from flat(piece)


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """Heading → the code of its cells, from the first section after the opening on."""
    code: dict[str, list[str]] = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            heading = source.splitlines()[0].lstrip("# ")
            code[heading] = []
        else:
            code[heading].append(source)
    return {heading: tuple(cells) for heading, cells in list(code.items())[1:]}


@cache
def names() -> dict[str, Any]:
    """What the notebook imports."""
    sources = ["".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]]
    (opening,) = [source for source in sources if "open_interim(" in source]
    namespace: dict[str, Any] = {}
    exec(opening.partition("\nevidence, book")[0], namespace)  # noqa: S102 (the notebook is ours)
    return namespace


def recorded(evidence: Evidence, *modules: str) -> RecordedPieces:
    """What the sections show that use one of these modules; all of them where none is given."""
    book = RecordedPieces()
    namespace = {**names(), "evidence": evidence, "book": book}
    for cells in sections().values():
        used = set(re.findall(r"\w+", " ".join(cells)))
        if not modules or used & set(modules):
            for cell in cells:
                exec(cell, namespace)  # noqa: S102 (the notebook is ours)
    return book


def pieces_of(evidence: Evidence, *modules: str) -> dict[str, Piece]:
    """The same, by key."""
    return recorded(evidence, *modules).pieces
