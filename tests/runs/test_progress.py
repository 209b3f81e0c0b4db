"""Where a notebook is, and whether it is whole, read from its cells."""

import nbformat
import pytest

from ci_eval.runs.execution import Progress, heading, unexecuted
from ci_eval.runs.failures import without_texts


def code(source, count=1, outputs=(), tags=()):
    cell = nbformat.v4.new_code_cell(source, execution_count=count, outputs=list(outputs))
    cell.metadata["tags"] = list(tags)
    return cell


def error(name, text):
    return nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[])


def notebook(*cells):
    made = [nbformat.v4.new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    return nbformat.v4.new_notebook(cells=made)


def test_a_notebook_executed_to_its_end_is_whole():
    cells = [
        "# Title",
        code("period: str = ''", tags=["parameters"]),
        "## One",
        code("1", 2),
        code(" ", None),
    ]
    assert unexecuted(notebook(*cells)) == ""


def test_a_cell_never_executed_is_named_though_papermill_calls_it_completed():
    skipped = code("2", None)
    skipped.metadata["papermill"] = {"status": "completed", "exception": False}
    said = unexecuted(notebook("## One", code("1"), "## Two", skipped))
    assert said == "The notebook ended early: section “Two” (cell 4 of 4) was never executed."


def test_an_error_an_author_allowed_is_an_error_all_the_same():
    allowed = code("1 / 0", 1, [error("ZeroDivisionError", "division by zero")], ["raises-exception"])
    said = unexecuted(notebook("## One", allowed))
    assert said.startswith("The notebook stopped in section “One” (cell 2 of 2):\nZeroDivisionError\nFix: ")


FRAMES = [
    "Cell In[1], line 1\n----> 1 load()",
    "File \x1b[32m/anywhere/ci_eval/survey/rows.py:12\x1b[39m, in select(export)\n 12 raise",
    "File /anywhere/pandas/core/frame.py:99, in __getitem__(self, key)",
]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ValueError", "somebody wrote this", "ValueError in ci_eval/survey/rows.py, line 12"),
        ("KeyError", "'R_1abc'", "KeyError in ci_eval/survey/rows.py, line 12"),
        ("NameError", "name 'share' is not defined", "share' is not defined"),
        ("OSError", "[Errno 28] No space left on device: 'somebody'", "[Errno 28] No space left on device"),
    ],
)
def test_an_error_nobody_foresaw_is_its_class_and_place_and_never_its_text(name, text, said, monkeypatch):
    monkeypatch.delenv("CI_EVAL_DEBUG", raising=False)
    output = nbformat.v4.new_output("error", ename=name, evalue=text, traceback=FRAMES)
    failed = notebook(code("load(export)", 1, [output]))
    where, stopped, fix = unexecuted(failed).splitlines()[1:]
    assert where.endswith(said)
    assert stopped == "It stopped at: load(export)"
    assert fix.startswith("Fix: correct that cell; CI_EVAL_DEBUG=1")
    kept = nbformat.writes(without_texts(failed))
    for text in (unexecuted(failed), kept):
        assert "somebody" not in text
        assert "R_1abc" not in text
    assert failed.cells[0].outputs[0]["evalue"] == output["evalue"]
    monkeypatch.setenv("CI_EVAL_DEBUG", "1")
    assert output["evalue"] in unexecuted(failed)
    assert without_texts(failed) is failed


def test_what_an_input_is_refused_for_is_said_and_kept_whole():
    failed = notebook(code("x", 1, [error("InputError", "CANNOT LOAD export.csv")]))
    assert unexecuted(failed) == "CANNOT LOAD export.csv"
    assert without_texts(failed) == failed


def test_parameters_are_not_counted_and_two_cells_of_a_section_are():
    lines = []
    cells = ["# Title", code("p", tags=["parameters"]), code("p", tags=["injected-parameters"])]
    whole = notebook(*cells, code("1"), "## Two", "text alone", code("2"), code("3"))
    progress = Progress(whole, lines.append, "cells")
    assert progress.place == "the start, before its first section"
    for index, cell in enumerate(whole.cells):
        progress(cell, index)
    assert lines == ["[1/3] Title", "[2/3] Two", "[3/3] Two"]
    assert progress.place == "section “Two” (cell 7 of 7)"


def test_sections_are_said_once_with_the_time_left_by_the_last_run():
    whole = notebook("# Title", code("1"), code("2"), "## Two", code("3"))
    for before, left in (
        ({"seconds": 40.4, "cells": [0, 5, 30.2]}, " (about {} s left)"),
        ({"cells": [1]}, ""),
    ):
        lines = []
        progress = Progress(whole, lines.append, "sections", before)
        for index, cell in enumerate(whole.cells):
            progress(cell, index)
        assert lines == [f"[1/3] Title{left.format(40)}", f"[3/3] Two{left.format(10)}"]
        assert len(progress.started) == 3


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## What did they say?\n\nText.", "What did they say?"),
        ("text\n# One\n### Two ##\n", "Two"),
        ("no heading, #hashtag", ""),
        ("# \x1b[31mred", "red"),
    ],
)
def test_a_section_is_named_by_its_last_heading(markdown, expected):
    assert heading(markdown) == expected
