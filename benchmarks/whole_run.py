"""The whole ``ci-eval run`` of one period against the floor of the tools it stands on.

Both are whole processes from their start to their end. Ours reads the survey, computes, draws, and writes the
page, the spreadsheet, the results and the manifest; the floor imports three libraries in a notebook and
converts that.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.ratios import Ratio, by_turns
from ci_eval.inputs.fact_tables import workbook_root

NAME = "whole ci-eval run against papermill with imports only and nbconvert"
AIM = 1.5
PERIOD = "2021-22"
PAIRS = 9


def run(pairs: int = PAIRS) -> list[Ratio]:
    """Time both by turns, each into a folder of its own that is removed again."""
    with TemporaryDirectory(prefix="benchmark-") as folder:
        ours, peer = by_turns(lambda: _whole(Path(folder)), lambda: _floor(Path(folder)), pairs)
    return [
        Ratio(
            NAME,
            AIM,
            ours,
            peer,
            ours_is=f"ci-eval run --period {PERIOD} --force, as a process",
            peer_is="papermill's and nbconvert's Python API in one process",
            reaching_counts=True,
        )
    ]


def _whole(folder: Path) -> None:
    with TemporaryDirectory(dir=folder) as output:
        process(
            "ci_eval.cli",
            "run",
            "--period",
            PERIOD,
            "--settings",
            str(workbook_root() / "data" / "evaluation.toml"),
            "--force",
            "--output",
            output,
        )


def _floor(folder: Path) -> None:
    with TemporaryDirectory(dir=folder) as output:
        process("benchmarks.floor", output)


def process(module: str, *arguments: str) -> None:
    """Run a module as a process of this interpreter, in the workbook's root.

    Raises
    ------
    RuntimeError
        If it ends with another code than 0, with what it said.
    """
    # Where Python may not keep compiled modules, a library installed with them has an advantage over code that
    # is edited in place; the advantage is of the set-up, not of the code.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=workbook_root(),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with code {done.returncode}:\n{done.stderr.strip()}")
