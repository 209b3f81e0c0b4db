"""Stored outputs: made with the notebook's own defaults, the same bytes twice, never with an error."""

import json
import re
import subprocess
import sys

import nbformat
import pytest

from ci_eval.runs import stored_outputs
from ci_eval.runs.execution import unexecuted
from ci_eval.runs.failures import RunFailed


def test_a_notebook_is_stored_with_its_outputs_and_no_injected_cell(write_notebook):
    file = write_notebook([("Who?", "print(period)"), "period"])
    assert stored_outputs.store(file, lambda line: None)
    notebook = nbformat.read(file, as_version=4)
    assert [cell.id for cell in notebook.cells] == ["title", "given", "heading-0", "cell-0", "cell-1"]
    assert notebook.cells[3].outputs[0].text == "2021-22\n"
    assert "papermill" not in notebook.metadata


def test_storing_twice_changes_no_byte(write_notebook):
    file = write_notebook(["print(object())", "import time; time.time()\nNone"])
    stored_outputs.store(file, lambda line: None)
    before = file.read_bytes()
    assert not stored_outputs.store(file, lambda line: None)
    assert file.read_bytes() == before


def test_a_notebook_with_an_error_is_not_stored(write_notebook):
    file = write_notebook([("Who?", "1 / 0")])
    before = file.read_bytes()
    with pytest.raises(RunFailed, match=r"The notebook stopped in section “Who\?”[\s\S]*ZeroDivision"):
        stored_outputs.store(file, lambda line: None)
    assert file.read_bytes() == before


def test_every_notebook_of_the_workbook_is_stored(workbook, write_notebook, capsys):
    files = [write_notebook(["1 + 1"], name=name, closed=False) for name in ("one", "two")]
    assert stored_outputs.main() == 0
    assert all('"text/plain"' in file.read_text(encoding="utf-8") for file in files)
    assert "two: stored" in capsys.readouterr().out


def test_the_workbooks_own_notebooks_are_stored_whole(root):
    # nbval passes on a notebook without outputs, whatever it does.
    files = sorted((root / "notebooks").glob("*.ipynb"))
    assert files
    for file in files:
        assert unexecuted(nbformat.read(file, as_version=4)) == "", file.name


def test_no_stored_output_shows_digits_that_another_processor_would_not_give(root):
    # Sums run in another order on another processor, and differ in the sixteenth digit.
    for file in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(file, as_version=4).cells:
            shown = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
            assert not re.search(r"\d\.\d{9}", "".join(shown)), (file.name, cell.source)


def test_outputs_of_another_survey_are_refused_before_they_are_committed(workbook, write_notebook):
    file = write_notebook(["period"], closed=False)
    stored_outputs.store(file, lambda line: None)
    assert stored_outputs.not_from_examples([file], workbook) == []

    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"][2]["outputs"][0]["data"]["text/plain"] = ["'the words of a respondent'"]
    file.write_text(json.dumps(notebook), encoding="utf-8")

    (line,) = stored_outputs.not_from_examples([file], workbook)
    assert line.startswith("tiny.ipynb: its outputs were not made by `make notebooks`")
    assert "respondent" not in line
    command = [sys.executable, "-m", "ci_eval.runs.stored_outputs", "--check", str(file)]
    assert subprocess.run(command, cwd=workbook, capture_output=True, check=False).returncode == 1


def test_a_notebook_outside_the_workbooks_own_holds_no_outputs(workbook, write_notebook, tmp_path):
    file = write_notebook(["period"], closed=False)
    elsewhere = tmp_path / "mine.ipynb"
    elsewhere.write_bytes(file.read_bytes())
    assert stored_outputs.not_from_examples([elsewhere], workbook) == []
    stored_outputs.store(file, lambda line: None)
    elsewhere.write_bytes(file.read_bytes())
    assert "must not be committed with outputs" in stored_outputs.not_from_examples([elsewhere], workbook)[0]


def test_the_workbooks_own_notebooks_are_made_from_the_example_data(root):
    assert stored_outputs.not_from_examples(sorted((root / "notebooks").glob("*.ipynb")), root) == []
