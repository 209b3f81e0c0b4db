"""Where a notebook is, and whether it is whole, read from its cells."""

import nbformat
import pytest

from ci_eval.runs.execution import Progress, heading, unexecuted


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
    assert said == "The notebook ended early: section “Two” (cell 2 of 2) was never executed."


def test_an_error_an_author_allowed_is_an_error_all_the_same():
    allowed = code("1 / 0", 1, [error("ZeroDivisionError", "division by zero")], ["raises-exception"])
    said = unexecuted(notebook("## One", allowed))
    assert said == "The notebook stopped in section “One” (cell 1 of 1):\nZeroDivisionError: division by zero"


def test_the_last_line_of_an_error_is_enough():
    failed = code("x", 1, [error("ValueError", "first line\n\nlast line\n")])
    assert unexecuted(notebook(failed)).endswith("\nValueError: last line")
    silent = code("x", 1, [error("StopIteration", "")])
    assert unexecuted(notebook(silent)).endswith(":\nStopIteration")


def test_parameters_are_not_counted_and_two_cells_of_a_section_are():
    lines = []
    cells = ["# Title", code("p", tags=["parameters"]), code("p", tags=["injected-parameters"])]
    whole = notebook(*cells, code("1"), "## Two", "text alone", code("2"), code("3"))
    progress = Progress(whole, lines.append)
    assert progress.place == "the start, before its first section"
    for index, cell in enumerate(whole.cells):
        progress(cell, index)
    assert lines == ["[1/3] Title", "[2/3] Two", "[3/3] Two"]
    assert progress.place == "section “Two” (cell 3 of 3)"


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
