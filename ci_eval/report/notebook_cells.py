"""The cells of the notebook a book is written by: those of its file, and those that have been run.

A kernel does not know its notebook's file. `ci-eval run` names it in an environment variable; otherwise it is the
notebook of that name which the project ships.
"""

import difflib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ci_eval.inputs.fact_tables import workbook_root

FILE_VARIABLE = "CI_EVAL_NOTEBOOK"  # set by ci_eval.runs in the kernels it starts
NOT_IN_REPORT = "not-in-report"  # a text cell with this tag is for the person at the notebook only
BEFORE_THE_FIRST = -1


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook's file: ``kind`` is "code" or "markdown"."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """The notebook a book was made by.

    Attributes
    ----------
    name : of the file, without its ending
    cells : of the file, in order; () where there is none
    sha256, shipped_sha256 : checksums of the file and of the notebook that the project ships; "" where there is none
    difference : "2 cells changed, 1 added" against the shipped notebook; "" where no cell differs
    """

    name: str
    cells: tuple[Cell, ...] = ()
    sha256: str = ""
    shipped_sha256: str = ""
    difference: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "notebook": self.name,
            "sha256": self.sha256,
            "shipped_sha256": self.shipped_sha256,
            "difference": self.difference,
        }


def origin(name: str) -> Origin:
    """The notebook that is being run, which the project ships under this name or which was made from it."""
    shipped = workbook_root() / "notebooks" / f"{name}.ipynb"
    ours = shipped.read_bytes() if name and shipped.is_file() else b""
    named = os.environ.get(FILE_VARIABLE, "")
    own = Path(named).read_bytes() if named else b""
    if ours and not named:
        cells = read(ours)
        # Run by other means, such as papermill on a copy: the cells that ran say whether they are the shipped ones.
        run = [Cell("code", source) for source in cells_run() if not source.startswith("# Parameters")]
        changed = difference(run, [cell for cell in cells if cell.kind == "code"]) if run else ""
        return Origin(name, cells, "" if changed else _sha256(ours), _sha256(ours), changed)
    return compared(own, Path(named).stem, ours) if named else Origin(name)


def compared(content: bytes, name: str, shipped: bytes) -> Origin:
    """A notebook file's content beside that of the notebook which the project ships; b"" where there is none.

    Values in the cell of the parameters are no difference: a run replaces them, and records which it took.
    """
    cells = read(content)
    changed = difference(_without_parameters(cells), _without_parameters(read(shipped))) if shipped else ""
    return Origin(name, cells, _sha256(content), _sha256(shipped), changed)


def _without_parameters(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if "parameters" not in cell.tags]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest() if content else ""


def read(content: bytes) -> tuple[Cell, ...]:
    """The cells of a notebook file of format 4, without those that hold nothing."""
    return tuple(
        Cell(cell["cell_type"], _source(cell).strip(), tuple(cell.get("metadata", {}).get("tags", ())))
        for cell in holding_text(json.loads(content)["cells"])
    )


def holding_text(cells: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cells of a notebook's file that count: code and text, without those that hold nothing."""
    return (cell for cell in cells if cell["cell_type"] in ("code", "markdown") and _source(cell).strip())


def _source(cell: dict[str, Any]) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def difference(own: Sequence[Cell], shipped: Sequence[Cell]) -> str:
    """How many cells of a notebook differ from the shipped one, in words; "" where none does.

    Examples
    --------
    >>> difference([Cell("code", "a"), Cell("code", "c")], [Cell("code", "a"), Cell("code", "b"), Cell("code", "d")])
    '1 cell changed, 1 removed'
    """
    changed = added = removed = 0
    mine, theirs = ([(cell.kind, cell.source) for cell in cells] for cells in (own, shipped))
    for kind, a, b, c, d in difflib.SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes():
        if kind != "equal":
            both = min(b - a, d - c)
            changed, removed, added = changed + both, removed + b - a - both, added + d - c - both
    counts = [(changed, "changed"), (added, "added"), (removed, "removed")]
    parts = [f"{number:,} {what}" for number, what in counts if number]
    if parts:
        first = next(number for number, _ in counts if number)
        parts[0] = parts[0].replace(" ", f" cell{'s' if first > 1 else ''} ", 1)
    return ", ".join(parts)


def shell() -> Any:
    """IPython's shell, where this process has one."""
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()


def cells_run() -> list[str]:
    """The sources of the cells run so far in this kernel, the running one included; [] outside IPython."""
    current = shell()
    history = [] if current is None else current.history_manager.input_hist_raw[1:]
    return [source.strip() for source in history if source.strip()]


def place_of(source: str, cells: Sequence[Cell], after: int) -> int:
    """Where a code cell with this source stands in a notebook's file.

    Parameters
    ----------
    source : of the cell that was run
    cells : of the file
    after : place of the cell that was run before it, or `BEFORE_THE_FIRST`

    Returns
    -------
    The first place from `after` on that holds this source, else the first of all; `after` where none does.
    """
    same = [place for place, cell in enumerate(cells) if cell.kind == "code" and cell.source == source]
    later = [place for place in same if place >= after]
    return (later or same or [after])[0]
