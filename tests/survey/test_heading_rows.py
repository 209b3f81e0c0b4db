"""No response is lost above a heading or inside it, whatever was deleted or sorted by hand."""

from pathlib import Path

import pytest
import shapes
from small_tables import table, written

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire

Rows = list[list[str]]


def problem_of(rows: Rows, folder: Path, questionnaire: Questionnaire) -> Problem:
    with pytest.raises(InputError) as stopped:
        survey.load(shapes.save(rows, folder / "export.csv"), questionnaire)
    (problem,) = stopped.value.problems
    return problem


def test_smartsurvey_without_its_empty_third_row_does_not_lose_the_first_response(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = shapes.smartsurvey(questionnaire)
    assert problem_of(rows[:2] + rows[3:], tmp_path, questionnaire).check == "heading-row-missing"


@pytest.mark.parametrize("above", [1, 2])
@pytest.mark.parametrize("shape", [shapes.plain, shapes.qualtrics, shapes.surveymonkey, shapes.limesurvey])
def test_responses_sorted_above_their_heading_stop_the_load(
    shape: object, above: int, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows: Rows = shape(questionnaire)  # type: ignore[operator]
    answers = rows[-above:]
    problem = problem_of([*answers, *rows[:-above]], tmp_path, questionnaire)
    assert (problem.check, problem.count, problem.cells) == (
        "responses-above-heading",
        above,
        "row 1" if above == 1 else "row 1 and 2",
    )


def test_titles_sections_and_numbers_above_a_heading_are_no_responses(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    width = len(rows[0])
    above = [["Survey"], ["Statements"] * width, [str(number) for number in range(1, width + 1)]]
    assert survey.load(written(above + rows, tmp_path), questionnaire).record.used == 2


def test_a_deleted_heading_is_told_without_showing_anybodys_answers(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = [[*row, "jane.smith@example.org", "Jane Smith"] for row in table(questionnaire)[1:]]
    problem = problem_of(rows, tmp_path, questionnaire)
    assert problem.check == "heading-missing"
    assert "Smith" not in str(problem)
    other = problem_of([["jane.smith@example.org", "Jane Smith"], ["a", "b"]], tmp_path, questionnaire)
    assert (other.check, "Smith" in str(other)) == ("heading-missing", False)


@pytest.mark.parametrize("gone", ["Status", "Finished", "StartDate", "IPAddress"])
def test_qualtrics_is_told_by_its_import_ids_where_columns_were_left_out(
    gone: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = shapes.qualtrics(questionnaire)
    place = rows[0].index(gone)
    rows = [row[:place] + row[place + 1 :] for row in rows]
    record = survey.load(shapes.save(rows, tmp_path / "export.csv"), questionnaire).record
    assert (record.tool, record.used) == ("Qualtrics", 3)
    # Nothing else says whether a response was finished: that it is not known is said.
    assert ("partials-untold" in {note.check for note in record.notes}) == (gone == "Finished")


def test_import_ids_below_headings_of_no_tool_are_no_response(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = shapes.qualtrics(questionnaire)
    place = rows[0].index("ResponseId")
    rows[0][place], rows[1][place] = "id", "Identity"
    problem = problem_of(rows, tmp_path, questionnaire)
    assert (problem.check, problem.where, problem.cells) == ("heading-row-missing", "export.csv", "row 3")


def test_previews_and_unfinished_responses_are_told_though_only_the_wordings_are_left(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """Qualtrics with its first and third heading rows deleted by hand."""
    rows = shapes.qualtrics(questionnaire)
    texts = {"Status": "Response Type", "ResponseId": "Response ID"}
    rows[1] = [texts.get(text, text) for text in rows[1]]
    rows[3][rows[0].index("Status")] = "Survey Preview"
    rows[4][rows[0].index("Finished")] = "False"
    problem = problem_of([rows[1], *rows[3:]], tmp_path, questionnaire)
    assert (problem.check, problem.level) == ("partials-undecided", "ASK")
    assert "1 of 2 responses" in problem.message
