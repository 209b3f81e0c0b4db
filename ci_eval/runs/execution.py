"""Executing a notebook with papermill, in a kernel of this very interpreter, followed cell by cell.

papermill's own word is not taken: after a dead kernel or a time-out its saved notebook calls every cell completed,
and a cell's sys.exit(0) passes for success.
"""

import re
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

# jsonschema, where JupyterLab is installed, builds a grammar of international addresses when it is imported: a
# second for every run, and nothing a notebook needs. Without the grammar's module it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat  # noqa: E402
import papermill  # noqa: E402
from papermill.execute import ERROR_MARKER_TAG  # noqa: E402

from ci_eval.inputs.text import printable  # noqa: E402
from ci_eval.runs.failures import RunFailed, cell_error, explain, unfinished, without_texts  # noqa: E402
from ci_eval.runs.kernel import OwnKernel  # noqa: E402
from ci_eval.runs.normalising import INJECTED  # noqa: E402
from ci_eval.runs.output_folder import KERNEL_LOG  # noqa: E402
from ci_eval.runs.parameters import TAG  # noqa: E402

BETWEEN_SAVES = 5.0  # seconds; a run that is killed loses no more of what it can tell

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


Detail = Literal["notes", "sections", "cells"]  # what is said of a run: what is odd alone, or where it is too


class Progress:
    """Says each section as it starts, or each cell, and remembers where it was; the parameters are not counted.

    `before` is what `started` and `seconds` were in the last run; from these comes the time left.
    """

    def __init__(
        self,
        notebook: Any,
        say: Callable[[str], None],
        detail: Detail = "cells",
        before: Mapping[str, Any] | None = None,
    ) -> None:
        self._say, self._detail = say, detail
        self.total = sum(_counts(cell) for cell in notebook["cells"])
        self.number, self.section = 0, "Start"
        self._place, self._cells = 0, sum(not _injected(cell) for cell in notebook["cells"])
        self.started: list[float] = []  # seconds from the start of the run to the start of each cell
        self._since, self._last_section = time.monotonic(), ""
        starts = (before or {}).get("cells") or ()
        # Of a notebook with other cells, nothing is known.
        self._left = (
            [before["seconds"] - start for start in starts] if before and len(starts) == self.total else []
        )

    @property
    def place(self) -> str:
        """Where the notebook is, in words; cells are counted as JupyterLab counts them, texts included."""
        if not self.number:
            return "the start, before its first section"
        return f"section “{self.section}” (cell {self._place} of {self._cells})"

    def __call__(self, cell: Any, cell_index: int) -> None:
        self._place += not _injected(cell)
        if cell["cell_type"] == "markdown":
            self.section = heading(cell["source"]) or self.section
        elif _counts(cell):
            self.started.append(round(time.monotonic() - self._since, 2))
            self.number += 1
            if self._detail == "cells" or (self._detail == "sections" and self.section != self._last_section):
                self._say(f"[{self.number}/{self.total}] {self.section}{self._time_left()}")
            self._last_section = self.section

    def _time_left(self) -> str:
        """In words, by the last run; "" where there was none."""
        left = self._left[self.number - 1] if self._left else 0.0
        return f" (about {left:.0f} s left)" if left >= 1 else ""


def heading(markdown: str) -> str:
    """The last heading of a markdown cell; "" where there is none."""
    headings = _HEADING.findall(markdown)
    return printable(headings[-1]) if headings else ""


def _injected(cell: Mapping[str, Any]) -> bool:
    """Whether papermill put the cell in: the parameters, or where an error was."""
    return not {INJECTED, ERROR_MARKER_TAG}.isdisjoint(cell["metadata"].get("tags", ()))


def _counts(cell: Mapping[str, Any]) -> bool:
    given = TAG in cell["metadata"].get("tags", ())
    return cell["cell_type"] == "code" and bool(cell["source"].strip()) and not given and not _injected(cell)


def unexecuted(notebook: Any) -> str:
    """Why an executed notebook is not whole: an error or a cell never executed; "" where it is."""
    progress = Progress(notebook, lambda line: None, "notes")
    for index, cell in enumerate(notebook["cells"]):
        progress(cell, index)
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        if error := cell_error(cell["outputs"]):
            return explain(error, progress.place, cell["source"])
        if not isinstance(cell["execution_count"], int):
            return f"The notebook ended early: {progress.place} was never executed."
    return ""


class _Watch:
    """What the client reports of a run: each cell as it starts, and the notebook as it fills with outputs."""

    def __init__(self, progress: Progress, target: Path) -> None:
        self.progress, self.target = progress, target
        self.notebook: Any = None
        self._saved = float("-inf")

    def opened(self, notebook: Any) -> None:
        self.notebook = notebook

    def sent(self, cell: Any, cell_index: int) -> None:
        # nbclient calls this once the cell is with the kernel, so writing costs little. papermill would write
        # before and after every cell, markdown included, while the kernel waits: half a second a report.
        if time.monotonic() - self._saved > BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        if self.notebook is not None:
            write(without_texts(self.notebook), self.target)
            self._saved = time.monotonic()


def execute(
    notebook: Any,
    target: Path,
    parameters: Mapping[str, Any],
    *,
    file: Path,
    timeout: int,
    start_timeout: int,
    progress: Progress,
) -> Any:
    """Execute a notebook and return it executed, every cell of it and without an error.

    Parameters
    ----------
    notebook : nbformat's NotebookNode, left as it is
    target : file for what has been executed so far, there to be looked at should the run end badly
    parameters : checked names and values; none, and no cell is injected
    file : the notebook's own, which the kernel reads its text cells from; the kernel works in its folder
    timeout, start_timeout : seconds a cell may take, and the kernel to start
    progress : of this notebook; follows it

    Raises
    ------
    RunFailed
        If a cell fails or is never executed, the kernel dies or does not start, or time is up; says which.
    """
    watch = _Watch(progress, target)
    profile = target.with_name(".ipython")
    sockets = TemporaryDirectory(prefix="ci-eval-kernel-", ignore_cleanup_errors=True)
    kernel = type(
        "Kernel",
        (OwnKernel,),
        {
            "log_file": target.with_name(KERNEL_LOG),
            "profile": profile,
            "notebook": file,
            "sockets": Path(sockets.name),
        },
    )
    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=str(file.parent),
            execution_timeout=timeout,
            start_timeout=start_timeout,
            kernel_manager_class=kernel,
            # Whatever the notebook writes is written when its last cell ends. A kernel asked to leave by itself
            # now and then takes five seconds.
            shutdown_kernel="immediate",
            # How often a stream is cut into messages is chance.
            coalesce_streams=True,
            on_notebook_start=watch.opened,
            on_cell_start=watch.progress,
            on_cell_complete=watch.sent,
        )
    except Exception as error:
        watch.save()
        raise RunFailed(_reason(error, watch, timeout)) from error
    except BaseException:
        watch.save()
        raise
    finally:
        shutil.rmtree(profile, ignore_errors=True)
        sockets.cleanup()
    if why := unexecuted(executed):
        watch.save()
        raise RunFailed(why)
    return executed


def _reason(error: Exception, watch: _Watch, timeout: int) -> str:
    """What ended an execution, in words."""
    if isinstance(error, papermill.PapermillExecutionError) and watch.notebook is not None:
        return unexecuted(watch.notebook)
    return unfinished(error, watch.progress.place, timeout)


def read(content: bytes) -> Any:
    """A notebook file's bytes as nbformat's NotebookNode."""
    return nbformat.reads(content.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]


def content(notebook: Any) -> bytes:
    """A notebook as the bytes of its file, as JupyterLab writes them."""
    return f"{nbformat.writes(notebook)}\n".encode()  # type: ignore[no-untyped-call]


def write(notebook: Any, file: Path) -> None:
    """Write a notebook in place of the file that is there, in one step."""
    aside = file.with_name(f".{file.name}.new")
    aside.write_bytes(content(notebook))
    aside.replace(file)
