"""An analyst's own copy makes a report of its own, which says how it differs; papermill makes the same documents."""

import json
import subprocess
import sys

import nbformat
import pytest
from tiny_workbook import MADE

from ci_eval.inputs.problems import InputError
from ci_eval.runs.notebook_run import run
from ci_eval.runs.outputs import status

OPEN = """from ci_eval.report import Book, Sentence
book = Book("A tiny report", period=period, notebook="tiny", folder=output)"""
SHOW = 'book.show(Sentence("said", "Almost all agreed."))\nbook.annex(Sentence("test", "A test."))'
CELLS = [OPEN, ("What did they say?", SHOW), "book.close()"]


@pytest.fixture
def shipped(write_notebook):
    return write_notebook(CELLS, closed=False)


def copy_of(shipped, workbook, change=lambda notebook: None, **metadata):
    notebook = nbformat.read(shipped, as_version=4)
    notebook.metadata["ci_eval"] = metadata or {"notebook": "tiny"}
    change(notebook)
    file = workbook / "work" / "my_tiny.ipynb"
    file.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, file)
    return file


def papermill(notebook, tmp_path, cwd, *more):
    (tmp_path / "in.ipynb").write_bytes(
        notebook.read_bytes()
    )  # papermill fills the braces of a folder's name
    command = [sys.executable, "-m", "papermill", str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb")]
    command += ["-p", "output", str(tmp_path / "made"), "-k", "python3", "-l", "python", *more]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def results_of(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_a_copy_makes_its_own_output_and_says_how_it_differs(workbook, shipped):
    def change(notebook):
        notebook.cells[4].source += '\nbook.show(Sentence("more", "And more."))'
        notebook.cells.insert(5, nbformat.v4.new_code_cell('book.show(Sentence("new", "A new cell."))'))

    file = copy_of(shipped, workbook, change)
    folder = run("2021-22", str(file.relative_to(workbook)), say=lambda line: None)
    assert folder.name == "my_tiny-own"
    made_by = results_of(folder)["made_by"]
    assert (made_by["notebook"], made_by["difference"]) == ("my_tiny", "1 cell changed, 1 added")
    assert made_by["sha256"] != made_by["shipped_sha256"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Made by the notebook my_tiny" in page
    assert "not as shipped: 1 cell changed, 1 added" in page
    assert (
        page.index('<h2 id="section-what-did-they-say"') < page.index("And more.") < page.index("A new cell.")
    )
    basis = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["basis"]
    assert basis["own_copy"] == made_by
    assert basis["notebook"] == "tiny"


def test_the_output_of_a_copy_has_a_state_too(workbook, shipped):
    file = copy_of(shipped, workbook)
    folder = run("2022-23", str(file), say=lambda line: None)
    states = {row.notebook: row.state for row in status() if row.period == "2022-23"}
    assert states == {"tiny": "not made", folder.name: "up to date"}
    file.unlink()
    assert [row.state for row in status()] == ["not made", "not made", "cannot run"]


def test_a_copy_that_names_its_own_period_only_differs_in_nothing(workbook, shipped):
    def change(notebook):
        cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
        cell.source = cell.source.replace("2021-22", "2022-23")
        assert "2022-23" in cell.source

    folder = run("2021-22", str(copy_of(shipped, workbook, change)), say=lambda line: None)
    assert results_of(folder)["made_by"]["difference"] == ""
    assert "not as shipped" not in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("metadata", "message"),
    [({"other": 1}, "does not say which notebook"), ({"notebook": "unknown"}, "does not say which notebook")],
)
def test_a_copy_of_nobody_knows_what_is_refused(workbook, shipped, metadata, message):
    with pytest.raises(InputError, match=message):
        run("2021-22", str(copy_of(shipped, workbook, **metadata)))


@pytest.mark.parametrize("name", ["work/none.ipynb", "../tiny.ipynb"])
def test_a_path_to_nothing_is_refused(workbook, shipped, name):
    with pytest.raises(InputError, match="there is no such file"):
        run("2021-22", name)


def test_papermill_from_another_folder_leaves_the_same_documents(workbook, shipped, tmp_path):
    folder = run("2022-23", "tiny", say=lambda line: None)
    elsewhere = workbook / "data" / "programme"
    papermill(shipped, tmp_path, elsewhere, "-p", "period", "2022-23")
    for name in MADE - {"manifest.json", "notebook.ipynb"}:
        assert (tmp_path / "made" / name).read_bytes() == (folder / name).read_bytes(), name
    assert "What did they say?" in (folder / "report.html").read_text(encoding="utf-8")


def test_papermill_on_a_changed_notebook_is_not_called_the_shipped_one(workbook, shipped, tmp_path):
    other = copy_of(shipped, workbook, lambda notebook: notebook.cells[4].update(source=SHOW + "\n1 + 1"))
    papermill(other, tmp_path, workbook)
    made_by = results_of(tmp_path / "made")["made_by"]
    assert (made_by["sha256"], made_by["difference"]) == ("", "1 cell changed")
