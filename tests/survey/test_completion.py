"""Unfinished and disqualified responses are asked about or left out, whatever the tool calls them."""

from pathlib import Path

import pytest
from small_tables import table, written

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings


def with_column(questionnaire: Questionnaire, heading: str, *cells: str) -> list[list[str]]:
    rows = table(questionnaire, rows=len(cells))
    return [[*row, cell] for row, cell in zip(rows, (heading, *cells), strict=True)]


@pytest.mark.parametrize(
    ("heading", "finished", "not_finished"),
    [
        ("Status", "Complete", "Partial"),
        ("Response Type", "completed", "started"),
        ("Complete?", "Complete", "Incomplete"),
        ("Completed", "Yes", "No"),
        ("survey_complete", "2", "0"),
        ("survey_complete", "2", "1"),
        ("Finished", "TRUE", "FALSE"),
        ("Is partial", "no", "yes"),
        ("State", "Submitted", "In progress"),
        ("Respondent state", "[completed]", "[not completed]"),
        ("Form", "complete", ""),
        ("Progress", "100%", "45%"),
        ("Percent complete", "100", "67.5"),
        ("% complete", "100", "45"),
        ("Percentage complete", "100,0", "67,5"),
        ("Completion", "1", "0.45"),
        ("Progress", "1", "0,45"),
        ("Status", "Complete", "Part complete"),
        ("Status", "Fully complete", "Started but not completed"),
        ("Status", "Completed", "Partial (page 2)"),
        ("Status", "Completed", "incomplete - page 3"),
        ("Status", "Completed", "Exited early"),
        ("Completed", "Yes", "Partial"),
        ("Finished", "WAHR", "FALSCH"),
        ("Finished", "VRAI", "FAUX"),
    ],
)
def test_a_closed_list_of_states_is_asked_about_in_any_spelling(
    heading: str, finished: str, not_finished: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = written(with_column(questionnaire, heading, finished, not_finished, finished), tmp_path)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    assert [problem.check for problem in stopped.value.problems] == ["partials-undecided"]
    kept = survey.load(path, questionnaire, declared=SurveySettings(keep_partials=False)).record
    assert (kept.used, kept.left_out) == (2, {"not finished": 1})


@pytest.mark.parametrize(
    "words", [("Disqualified", "Complete"), ("Screened out", "Complete"), ("Over quota", "Done")]
)
def test_who_was_disqualified_is_left_out(
    words: tuple[str, str], tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = written(with_column(questionnaire, "Status", *words), tmp_path)
    assert survey.load(path, questionnaire).record.left_out == {"disqualified": 1}


@pytest.mark.parametrize(
    ("heading", "live", "test"),
    [
        ("is_test", "FALSE", "TRUE"),
        ("Test response", "No", "Yes"),
        ("Mode", "Live", "Test"),
        ("Response type", "Real", "Test"),
        ("Status", "Live", "Preview"),
        ("Status", "Complete", "Offline Survey Preview"),
    ],
)
def test_a_test_is_left_out_as_a_preview(
    heading: str, live: str, test: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = written(with_column(questionnaire, heading, live, test, live), tmp_path)
    assert survey.load(path, questionnaire).record.left_out == {"preview or test": 1}
    assert survey.load(path, questionnaire, declared=SurveySettings(keep_previews=True)).record.used == 3


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Took part before", ("Yes", "No")),
        ("Region", ("Complete", "Borders")),
        ("Progress", ("40", "60")),
        ("Progress", ("1%", "0%")),
        ("Mode", ("Live", "Live")),
        ("Thoughts on completing", ("Complete and useful, all of it", "No")),
    ],
)
def test_other_columns_say_nothing_of_it(
    heading: str, cells: tuple[str, ...], tmp_path: Path, questionnaire: Questionnaire
) -> None:
    record = survey.load(written(with_column(questionnaire, heading, *cells), tmp_path), questionnaire).record
    assert record.used == 2
    assert "partials-untold" in {note.check for note in record.notes}


def test_a_column_declared_not_used_says_nothing(tmp_path: Path, questionnaire: Questionnaire) -> None:
    path = written(with_column(questionnaire, "Coding", "Complete", "Partial"), tmp_path)
    declared = SurveySettings(headings={"Coding": "not used"})
    assert survey.load(path, questionnaire, declared=declared).record.used == 2


def test_states_below_completed_are_no_dates(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = with_column(questionnaire, "Completed", "Yes", "Yes")
    rows[0][1] = "Date"
    record = survey.load(written(rows, tmp_path), questionnaire).record
    assert (record.first, record.used) == ("2022-08-01", 2)


def test_words_in_place_of_a_date_mark_what_was_not_finished(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=3)
    rows[0][1], rows[2][1] = "Survey Timestamp", "[not completed]"
    path = written(rows, tmp_path)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    assert [problem.check for problem in stopped.value.problems] == ["partials-undecided"]
    responses = survey.load(path, questionnaire, declared=SurveySettings(keep_partials=True))
    assert responses.frame["ended"].isna().tolist() == [False, True, False]


def test_the_column_that_says_who_finished_is_named_with_the_way_out(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    heading = "Have you completed the CI training?"
    path = written(with_column(questionnaire, heading, "Yes", "No"), tmp_path)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    (problem,) = stopped.value.problems
    assert "not finished, by column " in problem.message
    assert '= "not used"' in problem.fix
    declared = SurveySettings(headings={heading: "not used"})
    assert survey.load(path, questionnaire, declared=declared).record.used == 2


@pytest.mark.parametrize("word", ["Incomplete 3/5", "Stopped on 12/08/2022"])
def test_an_unknown_word_with_figures_is_asked_about_too(
    word: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    path = written(with_column(questionnaire, "Status", "Complete", "Complete", word), tmp_path)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    (problem,) = stopped.value.problems
    assert problem.check == "states-unknown"
    assert word in problem.cells  # the team's work list
    assert word not in problem.message + problem.fix, "one person may have written it"
