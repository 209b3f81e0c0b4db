"""Make the outputs stored in the notebooks again: ``python -m ci_eval.runs.stored_outputs``.

Every notebook of the workbook is executed with its own default parameters and stored with its outputs, so
that nbval has something to compare with; on a notebook without stored outputs it passes whatever happens.
Running this twice changes no byte.

The notebook's metadata then hold a checksum of its outputs. JupyterLab saves outputs and leaves metadata alone, so a
notebook whose outputs were made any other way, such as from a survey of real people, is found before it is committed:
``python -m ci_eval.runs.stored_outputs --check [FILE …]``.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import InputError
from ci_eval.runs import execution
from ci_eval.runs.failures import RunFailed
from ci_eval.runs.normalising import machine_paths, normalise
from ci_eval.runs.planning import notebooks
from ci_eval.runs.provenance import sha256_of

MARKS, CHECKSUM = "ci_eval", "outputs_sha256"
TIMEOUT = 600  # seconds a cell may take


def store(file: Path, say: Callable[[str], None] = print) -> bool:
    """Execute one notebook in place; whether that changed the file.

    Raises
    ------
    RunFailed
        If a cell fails or is never executed; the file is left as it was.
    """
    before = file.read_bytes()
    notebook = execution.read(before)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / file.name
        executed = execution.execute(
            notebook, target, {}, file=file, timeout=TIMEOUT, start_timeout=TIMEOUT,
            progress=execution.Progress(notebook, say),
        )  # fmt: skip
    normalise(executed, machine_paths(None, workbook_root()))
    executed["metadata"].setdefault(MARKS, {})[CHECKSUM] = outputs_sha256(executed)
    if execution.content(executed) == before:
        return False
    execution.write(executed, file)
    return True


def outputs_sha256(notebook: Any) -> str:
    """Checksum over what the cells of a notebook show."""
    return sha256_of([cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"])


def not_from_examples(files: Sequence[Path], root: Path) -> list[str]:
    """A line for each notebook that must not be committed as it is; none where all may be.

    The workbook's own notebooks hold the outputs of the invented example data, any other notebook holds none.
    """
    lines = []
    for file in files:
        notebook = execution.read(file.read_bytes())
        own = file.resolve().parent == (root / "notebooks").resolve()
        if own and notebook["metadata"].get(MARKS, {}).get(CHECKSUM) != outputs_sha256(notebook):
            lines.append(
                f"{file.name}: its outputs were not made by `make notebooks` from the invented example data.\n"
                "Fix: run make notebooks; explore your own survey in a copy under work/ (make lab)."
            )
        elif not own and any(cell.get("outputs") for cell in notebook["cells"]):
            lines.append(
                f"{file.name}: a notebook outside notebooks/ must not be committed with outputs.\n"
                "Fix: clear all its outputs, or leave it out of git."
            )
    return lines


def check(files: Sequence[Path]) -> int:
    """Refuse notebooks whose outputs were not made from the example data; 1 where there is one."""
    root = workbook_root()
    lines = not_from_examples(files or sorted((root / "notebooks").glob("*.ipynb")), root)
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


def main() -> int:
    """Store all notebooks; stops at the first that fails."""
    for name, file in notebooks().items():
        print(f"{name}: executing with its default parameters", flush=True)
        try:
            changed = store(file, lambda line: print(f"  {line}", flush=True))
        except (RunFailed, InputError) as error:
            print(f"NOT STORED {file.name}\n{error}", file=sys.stderr)
            return 1
        print(f"{name}: {'stored' if changed else 'as it was'}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        sys.exit(check([Path(name) for name in sys.argv[2:]]))
    sys.exit(main())
