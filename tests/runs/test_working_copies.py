"""An evaluator's copies: made where missing, without outputs, never written over."""

import json

from ci_eval.runs import stored_outputs
from ci_eval.runs.working_copies import make_copies


def test_a_copy_has_the_cells_and_no_outputs(workbook, write_notebook):
    file = write_notebook([("Who?", "period"), "1"])
    stored_outputs.store(file, lambda line: None)
    assert make_copies(workbook) == [workbook / "work" / "tiny.ipynb"]
    shipped, copy = (json.loads(path.read_text("utf-8")) for path in (file, workbook / "work" / "tiny.ipynb"))
    assert [cell["source"] for cell in copy["cells"]] == [cell["source"] for cell in shipped["cells"]]
    assert not any(cell.get("outputs") for cell in copy["cells"])
    assert any(cell.get("outputs") for cell in shipped["cells"])


def test_a_copy_that_is_there_is_left_as_it_is(workbook, write_notebook):
    write_notebook(["1"], name="one")
    mine = workbook / "work" / "one.ipynb"
    mine.parent.mkdir()
    mine.write_text("what I wrote, of whatever kind", encoding="utf-8")
    write_notebook(["2"], name="two")
    assert make_copies(workbook) == [workbook / "work" / "two.ipynb"]
    assert mine.read_text("utf-8") == "what I wrote, of whatever kind"
    assert make_copies(workbook) == []


def test_git_ignores_the_copies(root):
    assert "work/" in (root / ".gitignore").read_text("utf-8").splitlines()
