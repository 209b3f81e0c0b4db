"""``ci-eval coding``: a workbook goes out to coders, comes back, and is merged; nothing is overwritten or run."""

import os
import shutil
import stat
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.runs.coding_commands import export, take_in

PERIOD = """
[periods."2022-23"]
starts = 2022-07-01
ends = 2023-06-30
[periods."2022-23".survey]
file = "survey_2022-23.xlsx"
"""
TIME, MODE, NONE = "Time and timetable", "Online or in person", "None of these"
Marks = dict[str, tuple[str, ...]]


class Evaluation:
    """A settings file of one period beside its export, and what the commands say."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.settings = folder, folder / "evaluation.toml"
        shutil.copy(root / "data" / "example" / "survey_2022-23.xlsx", folder)
        self.settings.write_text(PERIOD, encoding="utf-8")
        self.lines: list[str] = []

    @property
    def workbook(self) -> Path:
        return self.folder / "private" / "coding_2022-23.xlsx"

    @property
    def coding(self) -> Path:
        return self.folder / "private" / "coding_2022-23.csv"

    def export(self, out: str = "") -> None:
        export("2022-23", str(self.settings), out, self.lines.append)

    def filled(self, coder: str, marks: Marks, change=None) -> str:
        """A copy of the workbook with these marks, by the id of a comment."""
        book = openpyxl.load_workbook(self.workbook)
        book["Read me"]["B3"] = coder
        sheet = book["Comments"]
        names = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=4):
            if row[1].value == "comment":
                for name in marks.get(row[0].value, ()):
                    row[names.index(name)].value = "yes"
        if change:
            change(sheet)
        file = self.folder / f"{coder or 'nobody'}.xlsx"
        book.save(file)
        return str(file)

    def take_in(self, *files: str) -> str:
        self.lines.clear()
        take_in(files, "2022-23", str(self.settings), "", self.lines.append)
        return "\n".join(self.lines)


@pytest.fixture
def evaluation(tmp_path: Path, root: Path) -> Evaluation:
    one = Evaluation(tmp_path, root)
    one.export()
    return one


def problems_of(evaluation: Evaluation, *files: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        evaluation.take_in(*files)
    assert not evaluation.coding.exists()
    return [problem.check for problem in caught.value.problems]


def test_texts_that_look_like_formulas_are_texts_and_only_marks_can_be_changed(
    evaluation: Evaluation,
) -> None:
    sheet = openpyxl.load_workbook(evaluation.workbook)["Comments"]
    rows = list(sheet.iter_rows(min_row=4))
    risky = [row[2] for row in rows if str(row[2].value).startswith(("=", "+", "-", "@"))]
    assert len(risky) >= 4
    assert {(cell.data_type, cell.quotePrefix) for cell in risky} == {("s", True)}
    with zipfile.ZipFile(evaluation.workbook) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist() if "worksheets" in name)
    assert sheet.protection.sheet
    assert {cell.protection.locked for row in rows for cell in row[:3]} == {True}
    assert {cell.protection.locked for row in rows for cell in row[3:]} == {False}
    assert sheet.data_validations.dataValidation[0].formula1 == '"yes"'


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_is_written_is_the_owners_alone_and_never_overwritten(evaluation: Evaluation) -> None:
    assert stat.S_IMODE(evaluation.workbook.stat().st_mode) == 0o600
    assert stat.S_IMODE(evaluation.workbook.parent.stat().st_mode) == 0o700
    before = evaluation.workbook.read_bytes()
    with pytest.raises(InputError, match="there already"):
        evaluation.export()
    assert evaluation.workbook.read_bytes() == before
    evaluation.take_in(evaluation.filled("A", {"4": (TIME,)}))
    assert stat.S_IMODE(evaluation.coding.stat().st_mode) == 0o600


def test_codes_of_two_coders_are_merged_and_differences_go_to_a_third_person(evaluation: Evaluation) -> None:
    a = evaluation.filled("A", {"4": (TIME, MODE), "5": (NONE,), "37": (TIME,)})
    b = evaluation.filled("B", {"4": (TIME, MODE), "5": (NONE,), "37": (MODE,)})
    text = evaluation.take_in(a, b)
    assert evaluation.coding.read_text(encoding="utf-8").splitlines() == [
        "id,question,coder,code",
        "4,comment,A,mode;time",
        "5,comment,A,",
        "37,comment,A,time",
        "4,comment,B,mode;time",
        "5,comment,B,",
        "37,comment,B,mode",
    ]
    assert "Most often confused, in one pair of codings:" in text
    assert "one answer for a third person" in text
    third = evaluation.folder / "private" / "coding_2022-23_third_person.xlsx"
    sheet = openpyxl.load_workbook(third)["Comments"]
    assert [cell.value for cell in sheet[1]][3:5] == ["Coder a", "Coder b"]
    assert [cell.value for cell in sheet[4]][3:5] == [TIME, MODE]
    # the third person's workbook comes back like the others, as the agreed code
    book = openpyxl.load_workbook(third)
    names = [cell.value for cell in book["Comments"][1]]
    book["Comments"].cell(4, names.index(TIME) + 1).value = "yes"
    book.save(third)
    settings = evaluation.settings.read_text(encoding="utf-8")
    evaluation.settings.write_text(f'{settings}coding = "private/coding_2022-23.csv"\n', encoding="utf-8")
    assert "No answer waits for a third person." in evaluation.take_in(str(third))
    rows = evaluation.coding.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 8  # every coder's code is kept
    assert rows[-1] == "37,comment,agreed,time"


def test_the_same_workbook_twice_adds_nothing_and_other_codes_of_a_coder_are_refused(
    evaluation: Evaluation,
) -> None:
    evaluation.take_in(evaluation.filled("A", {"4": (TIME,)}))
    before = evaluation.coding.read_bytes()
    evaluation.take_in(evaluation.filled("A", {"4": (TIME,)}))
    assert evaluation.coding.read_bytes() == before
    with pytest.raises(InputError, match="other codes than its coder gave before"):
        evaluation.take_in(evaluation.filled("a", {"4": (MODE,)}))
    assert evaluation.coding.read_bytes() == before


def test_a_row_without_a_mark_was_not_coded(evaluation: Evaluation) -> None:
    text = evaluation.take_in(evaluation.filled("A", {"4": (TIME,)}))
    assert len(evaluation.coding.read_text(encoding="utf-8").splitlines()) == 2
    assert "agreement cannot be measured" in text


def swapped(sheet) -> None:
    sheet["C4"].value, sheet["C5"].value = sheet["C5"].value, sheet["C4"].value


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda sheet: setattr(sheet["D4"], "value", "maybe"), "mark"),
        (lambda sheet: [setattr(sheet.cell(4, at), "value", "yes") for at in (4, 13)], "mark-and-none"),
        (lambda sheet: setattr(sheet["A4"], "value", "999"), "unknown-response"),
        (swapped, "another-text"),
        (lambda sheet: setattr(sheet["D1"], "value", "Another theme"), "headings"),
    ],
)
def test_a_workbook_in_doubt_is_refused_and_nothing_is_written(
    evaluation: Evaluation, change, check: str
) -> None:
    marked = dict.fromkeys(map(str, range(1, 119)), (TIME,))
    assert set(problems_of(evaluation, evaluation.filled("A", marked, change))) >= {check}


def test_a_workbook_without_a_pseudonym_or_of_another_kind_is_refused(evaluation: Evaluation) -> None:
    assert problems_of(evaluation, evaluation.filled("", {"4": (TIME,)})) == ["no-coder"]
    other = evaluation.folder / "survey_2022-23.xlsx"
    assert problems_of(evaluation, str(other)) == ["another-workbook"]


def test_no_message_holds_what_a_respondent_wrote(evaluation: Evaluation) -> None:
    sheet = openpyxl.load_workbook(evaluation.workbook)["Comments"]
    written = [str(row[2].value) for row in sheet.iter_rows(min_row=4)]
    a, b = (evaluation.filled(coder, {"4": (name,)}) for coder, name in (("A", TIME), ("B", MODE)))
    text = evaluation.take_in(a, b)
    with pytest.raises(InputError) as caught:
        evaluation.take_in(evaluation.filled("C", {"4": (TIME,), "5": (TIME,)}, swapped))
    for words in written:
        assert words not in text + str(caught.value)
