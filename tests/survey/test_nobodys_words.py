"""Whatever is wrong with an export, no message, page or record holds a row number, an id or words of a respondent."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
import small_tables

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire, load_codebook
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.unknown_answers import CROWD

MARK = re.compile(r"zq\d+|\brows? \d", re.IGNORECASE)  # a text of one cell only, or the number of a row
Rows = list[list[str]]


def own_words(rows: Rows, first: int = 1) -> Rows:
    """The rows with every cell of a free text, and every id, a text that comes once."""
    free = [place for place in range(len(rows[0])) if rows[1][place] in ("Good", rows[1][0])]
    for number, row in enumerate(rows[first:]):
        for place in free:
            row[place] = f"zq{number * 100 + place}" if place == 0 else f"We zq{number * 100 + place} saw it."
    return rows


def shifted(rows: Rows) -> Rows:
    return [rows[0], *([*row[3:], *row[:3]] for row in rows[1:])]


def one_cell_wider(rows: Rows) -> Rows:
    return [rows[0], *(["zq9", *row] for row in rows[1:])]


def without_heading(rows: Rows) -> Rows:
    return rows[1:]


def another_survey_without_heading(rows: Rows) -> Rows:
    return [[f"I zq{number}{place} enjoyed" for place in range(8)] for number in range(5)]


def first_response_above(rows: Rows) -> Rows:
    return [rows[1], rows[0], *rows[2:]]


def repeated(rows: Rows) -> Rows:
    return [*rows, rows[2], [rows[1][0], *rows[2][1:]]]


def words_for_answers(rows: Rows) -> Rows:
    place = next(number for number, cell in enumerate(rows[1]) if cell == "Agree")
    for number, row in enumerate(rows[1:]):
        row[place] = f"Strongly agreed zq{number}"
        row[place + 1] = f"Agre{'e' * number}zq"[:6]
        row[1] = f"on zq{number} 2022"
    return rows


def other_headings(rows: Rows) -> Rows:
    return [[f"Heading zq{place}" if place % 3 else text for place, text in enumerate(rows[0])], *rows[1:]]


def said_of(path: Path, questionnaire: Questionnaire) -> tuple[str, tuple[Problem, ...]]:
    """Everything printed or recorded of a file, and its problems."""
    try:
        responses = survey.load(path, questionnaire)
    except InputError as error:
        return f"{error} {error.problems}", error.problems
    record = responses.record
    return f"{json.dumps(record.as_dict(), default=str)} {record.notes}", record.notes


@pytest.mark.parametrize(
    "change",
    [
        shifted,
        one_cell_wider,
        without_heading,
        another_survey_without_heading,
        first_response_above,
        repeated,
        words_for_answers,
        other_headings,
    ],
)
def test_nothing_of_a_respondent_is_printed_of_a_damaged_export(
    change, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = change(own_words(small_tables.table(questionnaire, rows=6)))
    text, problems = said_of(small_tables.written(rows, tmp_path), questionnaire)
    assert problems
    assert MARK.findall(text) == []


def test_the_work_list_has_what_the_message_leaves_out(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = words_for_answers(own_words(small_tables.table(questionnaire, rows=6)))
    _, problems = said_of(small_tables.written(rows, tmp_path), questionnaire)
    assert any("zq" in problem.cells and "row 2" in problem.cells for problem in problems)


@pytest.mark.parametrize(
    ("rows", "checks"),
    [
        ([["zq1", "comment", "A", "time"], ["2", "comment", "A", ""]], {"unknown-column", "missing-column"}),
        ([["id", "question", "coder", "code"], ["zq1", "comment", "A", "time", "zq2"]], {"row-length"}),
    ],
)
def test_a_damaged_coding_file_names_neither_row_nor_words(
    rows: Rows, checks: set[str], tmp_path: Path
) -> None:
    frame = pd.DataFrame({"id": ["zq1"], "comment": ["We zq2 saw it."], "improve": [""]})
    record = survey.LoadRecord("export.csv", "", 0, "", "", 1, 1, {})
    responses = survey.Responses(frame, record, pd.DataFrame(), ("comment", "improve"))
    file = small_tables.written(rows, tmp_path)
    with pytest.raises(InputError) as caught:
        survey.load_coding(file, responses, load_codebook())
    assert {problem.check for problem in caught.value.problems} == checks
    assert MARK.findall(str(caught.value)) == []
    assert any(MARK.search(problem.cells) for problem in caught.value.problems)


@pytest.mark.parametrize(("smallest", "quoted"), [(5, True), (20, True), (21, False)])
def test_a_text_is_quoted_only_where_as_many_gave_it_as_make_a_group(
    smallest: int, quoted: bool, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = small_tables.table(questionnaire, rows=CROWD)
    place = next(number for number, cell in enumerate(rows[1]) if cell == "Agree")
    for row in rows[1:]:
        row[place] = "Quite so"
    declared = SurveySettings(smallest_group=smallest)
    with pytest.raises(InputError) as caught:
        survey.load(small_tables.written(rows, tmp_path), questionnaire, declared=declared)
    assert ("Quite so" in str(caught.value)) is quoted
    assert "Quite so" in str([problem.cells for problem in caught.value.problems])
