"""Executing a notebook with papermill, in a kernel of this very interpreter, told cell by cell.

What papermill says of its success is not believed: after a dead kernel or a time-out its saved notebook calls
every cell completed, and a cell's sys.exit(0) passes for success. `unexecuted` looks at the cells themselves.
Import this inside `startup.quick_import`.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

from ci_eval.runs.basis import HASH_SEED
from ci_eval.runs.failures import cell_error, explain, plain, unfinished
from ci_eval.runs.folders import KERNEL_LOG
from ci_eval.runs.normalising import INJECTED
from ci_eval.runs.parameters import TAG

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class OwnKernel(AsyncKernelManager):
    """A kernel of the interpreter that runs now, whatever kernels the user has installed under that name.

    What the kernel's process itself writes (never a cell's output) goes to `log_file`: a crash leaves its
    last words there, and a kernel that is stopped leaves a traceback nobody should see on the terminal.
    """

    log_file: Path = Path(os.devnull)

    @default("transport_encryption")
    def _encrypted(self) -> str:
        # Otherwise ipykernel warns on every start that it talks over TCP in the clear.
        return "auto" if zmq.has("curve") else "disabled"

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            env={"PYTHONHASHSEED": HASH_SEED},
            metadata={"supported_encryption": ["curve"]},
        )

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        with self.log_file.open("ab") as log:
            await super().start_kernel(**options, stdout=log, stderr=log)


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


def execute(
    notebook: Any,
    target: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    timeout: int,
    progress: Progress,
) -> Any:
    """Execute a notebook and return it executed; papermill writes it to `target` cell by cell.

    Parameters
    ----------
    notebook : nbformat's NotebookNode, left as it is
    target : file for the executed notebook, there to be looked at whatever happens
    parameters : checked names and values; none, and no cell is injected
    folder : the kernel's working folder
    timeout : seconds a cell may take

    Raises
    ------
    Exception
        papermill's PapermillExecutionError, nbclient's CellTimeoutError and DeadKernelError, and whatever
        else ends it; `reason` says any of them in words.
    """
    return papermill.execute_notebook(
        notebook,
        # papermill fills braces in a path with parameters.
        str(target).replace("{", "{{").replace("}", "}}"),
        parameters=dict(parameters),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        cwd=str(folder),
        execution_timeout=timeout,
        kernel_manager_class=type("Kernel", (OwnKernel,), {"log_file": target.with_name(KERNEL_LOG)}),
        # Whatever the notebook writes is written when its last cell ends. A kernel asked to leave by itself
        # now and then takes five seconds.
        shutdown_kernel="immediate",
        # How often a stream is cut into messages is chance.
        coalesce_streams=True,
        on_cell_start=progress,
    )


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


def reason(error: Exception, target: Path, progress: Progress, timeout: int) -> str:
    """What ended an execution, in words; `target` is what papermill saved of it, if it came so far."""
    if isinstance(error, papermill.PapermillExecutionError) and target.is_file():
        return unexecuted(read(target.read_bytes()))
    return unfinished(type(error).__name__, str(error), progress.place, timeout)
