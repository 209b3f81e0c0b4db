"""Where a notebook is while it runs, and whether it is whole when it has run, told by the cells themselves.

papermill's own word is not taken: after a dead kernel or a time-out its saved notebook calls every cell completed,
and a cell's sys.exit(0) passes for success.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ci_eval.runs.failures import cell_error, explain, plain
from ci_eval.runs.normalising import INJECTED
from ci_eval.runs.parameters import TAG

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class Progress:
    """Says each cell as it starts, and remembers which it was; the parameters are not counted."""

    def __init__(self, notebook: Any, say: Callable[[str], None]) -> None:
        self._say = say
        self.total = sum(_counts(cell) for cell in notebook["cells"])
        self.number, self.section = 0, "Start"

    @property
    def place(self) -> str:
        """Where the notebook is, in words."""
        if not self.number:
            return "the start, before its first section"
        return f"section “{self.section}” (cell {self.number} of {self.total})"

    def __call__(self, cell: Any, cell_index: int) -> None:
        if cell["cell_type"] == "markdown":
            self.section = heading(cell["source"]) or self.section
        elif _counts(cell):
            self.number += 1
            self._say(f"[{self.number}/{self.total}] {self.section}")


def heading(markdown: str) -> str:
    """The last heading of a markdown cell; "" where there is none."""
    found = _HEADING.findall(markdown)
    return plain(found[-1]) if found else ""


def _counts(cell: Mapping[str, Any]) -> bool:
    tags = cell["metadata"].get("tags", ())
    return cell["cell_type"] == "code" and bool(cell["source"].strip()) and not {TAG, INJECTED} & set(tags)


def unexecuted(notebook: Any) -> str:
    """Why an executed notebook is not whole: an error or a cell never executed; "" where it is."""
    progress = Progress(notebook, lambda line: None)
    for index, cell in enumerate(notebook["cells"]):
        progress(cell, index)
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        if error := cell_error(cell["outputs"]):
            return explain(*error, progress.place)
        if not isinstance(cell["execution_count"], int):
            return f"The notebook ended early: {progress.place} was never executed."
    return ""
