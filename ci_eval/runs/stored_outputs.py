"""Make the outputs stored in the notebooks again: ``python -m ci_eval.runs.stored_outputs``.

Every notebook of the workbook is executed with its own default parameters and stored with its outputs, so
that nbval has something to compare with; on a notebook without stored outputs it passes whatever happens.
Running this twice changes no byte.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import InputError
from ci_eval.runs import execution
from ci_eval.runs.failures import RunFailed
from ci_eval.runs.normalising import machine_paths, normalise
from ci_eval.runs.planning import notebooks

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
        executed = execution.execute(notebook, target, {}, folder=file.parent, timeout=TIMEOUT, say=say)
    normalise(executed, machine_paths(None, workbook_root()))
    if execution.content(executed) == before:
        return False
    execution.write(executed, file)
    return True


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
    sys.exit(main())
