"""Faults of workbooks and other containers: sheets, merged and hidden cells, formulas, locks."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from faults import fault, loads, note, only, refused
from shapes import (
    S02,
    plain,
    workbook,
)

from ci_eval.programme import Questionnaire

Save = Callable[..., Path]


@fault(
    "file-19", "ASK", "Several sheets could hold the responses", "their names, and sheet =", "sheet-unclear"
)
def test_several_sheets(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    path = workbook(tmp_path / "two.xlsx", ("June", rows), ("July", rows))
    problem = only(path)
    assert "'June' and 'July'" in problem.message
    assert 'sheet = "…"' in problem.fix
    assert len(loads(path, sheet="July").frame) == 3
    summary = workbook(tmp_path / "one.xlsx", ("Summary", [["Question", "Count"]]), ("Data", rows))
    assert note(loads(summary), "sheet-chosen").level == "NOTE"


@fault(
    "file-20", "WARN", "Merged heading cells", "the headings that came out", "headings-merged cells-merged"
)
def test_merged_heading_cells(tmp_path: Path, save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    asked = {statement.text for statement in questionnaire.statements}
    upper = ["" if text in asked else text for text in rows[0]]
    upper[6] = "To what extent do you agree with the following statements?"
    lower = [text if text in asked else "" for text in rows[0]]
    path = workbook(
        tmp_path / "merged.xlsx",
        ("Sheet1", [upper, lower, *rows[1:]]),
        change=lambda book: book.active.merge_cells("G1:U1"),
    )
    responses = loads(path)
    assert responses.record.matched["s02"][1] == S02
    assert "G1:U1" in note(responses, "cells-merged").message
    assert "rows 1 and 2" in note(responses, "headings-merged").message
    path = workbook(
        tmp_path / "below.xlsx", ("Sheet1", rows), change=lambda book: book.active.merge_cells("G2:H2")
    )
    assert only(path).check == "answers-merged"


@fault("file-21", "WARN", "Hidden rows and columns", "how many were loaded all the same", "hidden-cells")
def test_hidden_rows_and_columns(tmp_path: Path, questionnaire: Questionnaire) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["D"].hidden = True

    responses = loads(workbook(tmp_path / "hidden.xlsx", ("Sheet1", plain(questionnaire)), change=hide))
    assert "1 hidden row" in note(responses, "hidden-cells").message
    assert len(responses.frame) == 3


@fault(
    "file-22",
    "REJECT",
    "Formulas without a value, and error values",
    "their columns; their cells in the work list",
    "formula-without-value formula-error",
)
def test_formulas(tmp_path: Path, questionnaire: Questionnaire) -> None:
    def write(book: openpyxl.Workbook) -> None:
        book.active["G3"] = "=1/0"
        book.active["H2"] = "#REF!"
        book.active["H2"].data_type = "e"

    problems = refused(workbook(tmp_path / "formula.xlsx", ("Sheet1", plain(questionnaire)), change=write))
    assert {problem.check: problem.cells for problem in problems} == {
        "formula-error": "H2",
        "formula-without-value": "G3",
    }


@fault("file-23", "REJECT", "A locked, old or packed file", "the kind found and the kinds read", "wrong-kind")
def test_locked_old_and_packed_files(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for content, kind in (
        (old + bytes(600), ".xls"),
        (old + "EncryptedPackage".encode("utf-16-le"), "password"),
    ):
        (tmp_path / "old.xlsx").write_bytes(content)
        problem = only(tmp_path / "old.xlsx")
        assert kind in problem.message
        assert ".sav" in problem.message
    for member, kind in (("mimetype", ".ods"), ("survey.csv", "zip archive")):
        with zipfile.ZipFile(tmp_path / "packed.xlsx", "w") as archive:
            archive.writestr(member, "x")
        assert kind in only(tmp_path / "packed.xlsx").message


@fault(
    "file-24",
    "NOTE",
    "A workbook's escape for a line end in the text",
    "cells changed back",
    "escapes-undone",
)
def test_escaped_line_ends(save: Save, tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire, comment=["one_x000D_\ntwo", "Good", "Good"])
    responses = loads(save(rows))
    assert responses.frame["comment"][0] == "one\ntwo"
    assert note(responses, "escapes-undone").count == 1
    assert loads(workbook(tmp_path / "book.xlsx", ("Sheet1", rows))).frame["comment"][0] == "one\ntwo"


@fault(
    "file-34",
    "WARN",
    "Responses on a second sheet, without a heading",
    "the sheet, and how many of its rows hold answers",
    "sheet-with-answers",
)
def test_responses_on_a_second_sheet(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    path = workbook(tmp_path / "two.xlsx", ("Sheet1", rows[:2]), ("Rest", rows[2:]))
    found = note(loads(path), "sheet-with-answers")
    assert (found.count, "'Rest'" in found.message) == (2, True)
    counts = [["", "Agree", "Disagree"], ["Time", "3", "0"], ["Purpose", "3", "3"], ["All", "3", "3", "3"]]
    counts = [[*row, *["3"] * (4 - len(row))] for row in counts]
    responses = loads(workbook(tmp_path / "counts.xlsx", ("Sheet1", rows), ("Counts", counts)))
    assert "sheet-with-answers" not in {one.check for one in responses.record.notes}
