"""The tool is told by its own column names and the heading by its wording, wherever they stand."""

import csv
import io
import re
from dataclasses import fields
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from small_tables import STEM, as_csv, table, written

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings, layout, tools
from ci_eval.survey.tools import LeaveOut, Tool


def text_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.parametrize("tool", tools.DETECTED, ids=lambda tool: tool.name)
def test_every_tool_is_a_small_declaration(tool: Tool) -> None:
    """No declaration sets more than a dozen things, and none of them is code."""
    default = Tool(tool.name)
    given = {
        field.name for field in fields(Tool) if getattr(tool, field.name) != getattr(default, field.name)
    }
    assert 2 <= len(given) <= 12
    assert not any(callable(getattr(tool, name)) for name in given)


def test_a_new_tool_is_a_declaration_and_nothing_else(
    tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool invented here: two heading rows, its own names, its own mark for "not shown", tests to leave out."""
    new = Tool(
        "Ask & Tell",
        fingerprint=("answer_no", "state"),
        heading_rows=2,
        texts=(1,),
        ids=("answer_no",),
        ended=("sent",),
        missing={"#": "Not shown"},
        date_order="day first",
        leave_out=(LeaveOut("test", "state", ("trial",)),),
        replace=((r"\[nl\]", "\n"),),
    )
    monkeypatch.setattr(layout, "DETECTED", (new, *tools.DETECTED))
    monkeypatch.setattr(layout, "TOOLS", {**tools.TOOLS, new.name: new})
    rows = table(questionnaire, "one[nl]two", rows=3)
    rows = [[*row, "" if place == 0 else "done"] for place, row in enumerate(rows)]
    names = ["answer_no", "sent", *(f"v{place}" for place in range(len(rows[0]) - 3)), "state"]
    rows[1][1], rows[2][1], rows[3][-1] = "01/02/2022", "02/02/2022", "Trial"
    rows[1][rows[0].index("I enjoyed participating in the CI")] = "#"
    responses = survey.load(written([names, *rows], tmp_path), questionnaire)
    assert responses.record.description == "read as Ask & Tell, 2 heading rows, UTF-8, comma"
    assert dict(responses.record.left_out_ids) == {"test": ("3",)}
    assert list(responses.frame["s09"]) == ["Not shown", "Agree"]
    assert responses.frame["comment"][0] == "one\ntwo"
    assert str(responses.frame["ended"][1]) == "2022-02-02 00:00:00"


def test_titles_above_the_heading_are_passed_over_and_said(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / "titles.csv"
    path.write_text(
        'Survey of 2022\n\n"Exported, by hand"\n' + as_csv(table(questionnaire)), encoding="utf-8"
    )
    record = survey.load(path, questionnaire).record
    assert record.description == "read as a plain table, 1 heading row (row 4), UTF-8, comma"
    assert (record.rows_in, record.used) == (2, 2)
    note = next(note for note in record.notes if note.check == "rows-above-heading")
    assert note.count == 2


def test_qualtrics_legacy_exports_have_their_names_in_the_second_row(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire, truth: pd.DataFrame
) -> None:
    """V1 to V10 above ResponseID, ResponseSet …; "question-statement" without spaces; a separator at each end.

    The shape is that of qualtRics' sample_legacy.csv (ropensci/qualtRics, MIT); its answers are not used.
    """
    rows = text_of(invented / "qualtrics" / "qualtrics_choice_text.csv")
    names, texts, responses = (
        rows[0],
        rows[1],
        [row for row in rows[3:] if row[6] == "True" and row[2] != "Survey Preview"],
    )
    own = ["ResponseID", "ResponseSet", "IPAddress", "StartDate", "EndDate", "Finished"]
    first = names.index("Q1")
    legacy = [
        [*(f"V{place}" for place in range(1, 7)), *names[first:], ""],
        [*own, *(text.replace("? - The", "?-The") for text in texts[first:]), ""],
    ]
    for row in responses:
        legacy.append([row[8], "Default Response Set", row[3], row[0], row[1], "1", *row[first:], ""])
    legacy.append(["R_unfinished", "", "", legacy[-1][3], "", "0", *legacy[-1][6:]])
    path = written(legacy, tmp_path)
    responses_ = survey.load(path, questionnaire, declared=SurveySettings(keep_partials=False))
    assert responses_.record.description == "read as Qualtrics (legacy), 2 heading rows, UTF-8, comma"
    assert len(responses_.frame) == 24
    assert list(responses_.frame["s02"].astype(object).fillna("")) == list(truth["s02"])
    assert dict(responses_.record.left_out_ids) == {"not finished": ("R_unfinished",)}


def test_a_heading_row_deleted_by_hand_is_one_problem(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire
) -> None:
    rows = text_of(invented / "qualtrics" / "qualtrics_choice_text.csv")
    with pytest.raises(InputError) as stopped:
        survey.load(written([rows[0], *rows[2:]], tmp_path), questionnaire)
    (problem,) = stopped.value.problems
    assert problem.check == "heading-row-missing"
    assert "3 heading rows" in problem.message


def test_limesurvey_headings_may_be_the_questions_alone(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire
) -> None:
    rows = text_of(invented / "limesurvey" / "results-survey123456_full_comma.csv")
    rows[0] = [re.sub(r"^[A-Za-z]\w*(\[\w+\])?\. ", "", heading) for heading in rows[0]]
    responses = survey.load(
        written(rows, tmp_path), questionnaire, declared=SurveySettings(keep_partials=False)
    )
    assert responses.record.tool == "LimeSurvey (question text)"
    assert responses.record.used == 24


def test_a_tool_declared_wrongly_is_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = written(table(questionnaire), tmp_path)
    for name, check in (("Qualtrics", "tool-not-found"), ("Qualtricks", "tool-unknown")):
        with pytest.raises(InputError) as stopped:
            survey.load(path, questionnaire, declared=SurveySettings(tool=name))
        assert stopped.value.problems[0].check == check
    assert survey.load(path, questionnaire, declared=SurveySettings(tool="a plain table")).record.used == 2


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
)
def test_the_separator_is_told_from_the_heading(
    separator: str, name: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """Comments full of the other separators do not mislead."""
    path = tmp_path / "separated.csv"
    path.write_text(as_csv(table(questionnaire, "a,b;c|d, e; f"), separator), encoding="utf-8")
    responses = survey.load(path, questionnaire)
    assert responses.record.description.endswith(f"UTF-8, {name}")
    assert set(responses.frame["comment"]) == {"a,b;c|d, e; f"}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_declared_or_one_of_two(
    encoding: str, name: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = tmp_path / "encoded.csv"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path.write_bytes(mark + as_csv(table(questionnaire, "£200 – “enough”, è")).encode(encoding))
    responses = survey.load(path, questionnaire)
    assert name in responses.record.description
    assert set(responses.frame["comment"]) == {"£200 – “enough”, è"}
    guessed = [note for note in responses.record.notes if note.check == "encoding-guessed"]
    assert bool(guessed) == (encoding == "cp1252")


def sheets(path: Path, *contents: tuple[str, list[list[str]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in contents:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_the_only_sheet_with_known_headings_is_taken_and_named(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    contents = (("Summary", [["Question", "Count"]]), ("Data", table(questionnaire)))
    record = survey.load(sheets(tmp_path / "two.xlsx", *contents), questionnaire).record
    assert "workbook sheet 'Data'" in record.description
    assert "sheet-chosen" in {note.check for note in record.notes}


def test_two_sheets_that_could_be_it_are_asked_about(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = sheets(tmp_path / "two.xlsx", ("One", table(questionnaire)), ("Two", table(questionnaire, rows=1)))
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    assert stopped.value.problems[0].check == "sheet-unclear"
    assert len(survey.load(path, questionnaire, declared=SurveySettings(sheet="Two")).frame) == 1
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire, declared=SurveySettings(sheet="Three"))
    assert stopped.value.problems[0].check == "sheet-missing"


def test_a_table_that_starts_further_down_and_right_keeps_the_spreadsheets_names(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """Row and column in a message are those the user sees."""
    rows = table(questionnaire)
    rows[2][rows[0].index("How was your CI undertaken?")] = "Hybrid"
    book = openpyxl.Workbook()
    for down, row in enumerate(rows):
        for right, cell in enumerate(row):
            book.active.cell(down + 4, right + 3, cell)
    book.save(tmp_path / "moved.xlsx")
    with pytest.raises(InputError) as stopped:
        survey.load(tmp_path / "moved.xlsx", questionnaire)
    assert "row 6, mode" in stopped.value.problems[0].cells


def test_a_question_stands_over_its_parts_until_the_next_question(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire
) -> None:
    """SurveyMonkey's two heading rows: a blank above a part means "the same question"."""
    export = survey.read(
        invented / "surveymonkey" / "surveymonkey_condensed.csv", questionnaire=questionnaire
    )
    assert export.layout.headings[10] == "Which organisation do you work for? - Other (please specify)"
    assert (
        export.layout.headings[16]
        == f"<strong>{STEM}</strong> - The process for the CI was clearly explained"
    )
    assert (
        export.layout.headings[29]
        == "Please use the box below to provide any comments on the statements in question above."
    )
