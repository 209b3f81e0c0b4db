"""A small workbook of its own for every test of a run; and the outputs of the example, each made once for all tests."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import pytest
from tiny_workbook import CLOSE, PARAMETERS, SAY, SETTINGS, Cell


@pytest.fixture(scope="session")
def example_outputs(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Path, str]]:
    """Gives the outputs folder, and what the run printed, of a notebook and period of the example.

    Run as users do, once: workers share the folder, and wait for each other's run.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    outputs = folder / "example outputs"

    def made(period: str, notebook: str = "interim_evaluation") -> tuple[Path, str]:
        printed = folder / f"{notebook} {period}.txt"
        with printed.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not printed.exists():
                asked = ["run", "--period", period, "--notebook", notebook, "--output", str(outputs)]
                command = [sys.executable, "-m", "ci_eval.cli", *asked]
                done = subprocess.run(
                    command, cwd=root, capture_output=True, text=True, check=False, timeout=300
                )
                assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
                printed.write_text(done.stdout, encoding="utf-8")
        return outputs, printed.read_text(encoding="utf-8")

    return made


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of an empty workbook, and the current folder for the length of the test."""
    root = (
        tmp_path / "a workbook {1}"
    )  # blanks and braces are allowed in a folder's name, and papermill fills braces
    for folder in ("data/programme", "notebooks"):
        (root / folder).mkdir(parents=True)
    (root / "data" / "evaluation.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "data" / "programme" / "facts.csv").write_text("fact,source\nnone,invented\n", encoding="utf-8")
    monkeypatch.chdir(root)
    # Somebody may be editing ci_eval while the tests run, which a run would rightly complain of.
    monkeypatch.setattr("ci_eval.runs.provenance.source_sha256", lambda: "0" * 64)
    # A print takes the browser's second, whatever the page.
    monkeypatch.setattr("ci_eval.report.printing.browser", lambda: "")
    return root


@pytest.fixture
def write_notebook(workbook: Path) -> Callable[..., Path]:
    """Writes ``notebooks/<name>.ipynb`` from cells and gives its path."""

    def write(
        cells: Sequence[Cell], name: str = "tiny", parameters: str = PARAMETERS, closed: bool = True
    ) -> Path:
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_markdown_cell("# A tiny notebook", id="title")]
        if parameters:
            cell = nbformat.v4.new_code_cell(parameters, id="given", metadata={"tags": ["parameters"]})
            notebook.cells.append(cell)
        for number, cell in enumerate(cells):
            heading, source = cell if isinstance(cell, tuple) else ("", cell)
            if heading:
                notebook.cells.append(nbformat.v4.new_markdown_cell(f"## {heading}", id=f"heading-{number}"))
            source = (SAY if "say(" in source else "") + source
            source += CLOSE if closed and number == len(cells) - 1 else ""
            notebook.cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
        file = workbook / "notebooks" / f"{name}.ipynb"
        nbformat.write(notebook, file)
        return file

    return write
