"""Headings are matched by wording, one to one, up a declared ladder; likeness never decides."""

from pathlib import Path

import pytest
import shapes
from small_tables import STEM, column, table, written

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings
from ci_eval.survey.headings import Ladder, Target

S02 = "The purpose for the CI was clearly explained"
S06, S07 = "Discussions in the CI environment were open", "Discussions in the CI environment were honest"
S09 = "I enjoyed participating in the CI"


@pytest.mark.parametrize(
    ("heading", "code", "part", "rung"),
    [
        (S02, "s02", "", "exactly"),
        ("The\u00a0purpose for the CI was  clearly explained ", "s02", "", "after evening out"),
        (
            "<strong>THE PURPOSE for the CI was clearly&nbsp;explained</strong>",
            "s02",
            "",
            "after evening out",
        ),
        ("The pur\u00adpose for the CI was clearly explained\u200b", "s02", "", "after evening out"),
        ("The purpose forthe CI wasclearly explained", "s02", "", "without spaces"),
        ("Q5.2. " + S02, "s02", "", "without its wrapping"),
        (f"{STEM} - {S02}", "s02", "", "without its wrapping"),
        (f"{STEM} [{S02}]", "s02", "", "without its wrapping"),
        (f"Q5. {STEM} - Q5.2. {S02}", "s02", "", "without its wrapping"),
        (f"{STEM}-{S02}", "s02", "", "without its wrapping"),
        (f"{STEM} - {S02} - Don't know", "s02", "Don’t know", "without its wrapping"),
        ("Which organisation do you work for? - Selected Choice", "organisation", "", "without its wrapping"),
        (
            "Which organisation do you work for? - Other (please specify) - Text",
            "organisation",
            "other",
            "without its wrapping",
        ),
        ("Which organisation do you work for? [Other]", "organisation", "other", "without its wrapping"),
        ("Which organisation do you work for? - ADES", "organisation", "ADES", "without its wrapping"),
    ],
)
def test_the_ladder_finds_a_question_behind_its_wrapping(
    heading: str, code: str, part: str, rung: str, questionnaire: Questionnaire
) -> None:
    assert Ladder(questionnaire).match(heading) == (Target(code, part), rung)


@pytest.mark.parametrize(
    "heading",
    [
        "",
        STEM,
        "I did not enjoy participating in the CI",
        "The purpose for the CI was not clearly explained",
        "The purpose of the CI was clearly explained",
        f"How often do you disagree with this? - {S02}",
        "Discussions in the CI environment were",
    ],
)
def test_what_is_only_like_a_question_is_no_question(heading: str, questionnaire: Questionnaire) -> None:
    assert Ladder(questionnaire).match(heading) is None


def problems(
    rows: list[list[str]], folder: Path, questionnaire: Questionnaire, declared: SurveySettings | None = None
) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as stopped:
        survey.load(written(rows, folder), questionnaire, declared=declared)
    return stopped.value.problems


def test_a_reversed_statement_is_refused_and_only_suggested(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[0][column(rows, S09)] = "I did not enjoy participating in the CI"
    (problem,) = problems(rows, tmp_path, questionnaire)
    assert problem.check == "question-missing"
    assert "nearest heading, not used: column O; it says the opposite" in problem.message
    assert "O I did not enjoy participating in the CI" in problem.cells
    assert 'add "the exported heading" = "s09" under' in problem.fix
    assert "say what each answer to it means" in problem.fix


def test_a_reworded_heading_loads_once_the_settings_say_what_it_is(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[0][column(rows, S09)] = "It was fun"
    declared = SurveySettings(headings={"it was fun ": "s09"})
    responses = survey.load(written(rows, tmp_path), questionnaire, declared=declared)
    assert list(responses.frame["s09"]) == ["Agree", "Agree"]
    assert responses.record.matched["s09"][1:] == ("It was fun", "as declared")


def test_a_statement_declared_absent_is_not_answered_by_anybody(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    place = column(rows, S09)
    rows = [row[:place] + row[place + 1 :] for row in rows]
    declared = SurveySettings(absent=("s09",))
    frame = survey.load(written(rows, tmp_path), questionnaire, declared=declared).frame
    assert frame["s09"].isna().all()
    assert list(frame["s10"]) == ["Agree", "Agree"]


def test_two_columns_with_one_statement_are_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    rows = [[*row, row[column(rows, S02)]] for row in rows]
    (problem,) = problems(rows, tmp_path, questionnaire)
    assert problem.check == "heading-twice"
    assert "column H" in problem.where


def test_a_question_exported_whole_and_by_option_is_claimed_twice(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    heading = "How was your CI undertaken?"
    rows = [
        [*row, f"{heading} - Online" if place == 0 else ""] for place, row in enumerate(table(questionnaire))
    ]
    (problem,) = problems(rows, tmp_path, questionnaire)
    assert problem.check == "heading-twice"


def test_a_declared_heading_that_is_not_there_is_said(tmp_path: Path, questionnaire: Questionnaire) -> None:
    declared = SurveySettings(headings={"It was fun": "s09"})
    record = survey.load(written(table(questionnaire), tmp_path), questionnaire, declared=declared).record
    assert "heading-declared-absent" in {note.check for note in record.notes}


def test_columns_in_another_order_keep_their_answers(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire)
    rows[1][column(rows, S02)] = "Strongly disagree"
    rows = [list(reversed(row)) for row in rows]
    frame = survey.load(written(rows, tmp_path), questionnaire).frame
    assert list(frame["s02"]) == ["Strongly disagree", "Agree"]


def cut(rows: list[list[str]], length: int) -> list[list[str]]:
    return [[heading[:length] for heading in rows[0]], *rows[1:]]


def test_headings_cut_where_two_begin_alike_are_refused(tmp_path: Path, questionnaire: Questionnaire) -> None:
    (problem,) = problems(cut(table(questionnaire), 30), tmp_path, questionnaire)
    assert problem.check == "heading-cut"
    assert S06 in problem.message
    assert S07 in problem.message


@pytest.mark.parametrize(("length", "loads"), [(24, False), (25, True)])
def test_a_beginning_counts_from_25_characters(
    length: int, loads: bool, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[0][column(rows, S02)] = S02[:length] + "…"
    if loads:
        record = survey.load(written(rows, tmp_path), questionnaire).record
        assert record.matched["s02"][2] == "by its beginning"
    else:
        assert problems(rows, tmp_path, questionnaire)[0].check == "question-missing"


def test_a_heading_that_is_short_but_not_cut_is_no_beginning(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    rows[0][column(rows, S02)] = "The purpose for the CI was clearly"
    assert problems(rows, tmp_path, questionnaire)[0].check == "question-missing"


def test_an_export_of_another_survey_is_called_so_in_one_problem(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = [["Response ID", "Your favourite colour", "Why?"], ["1", "Green", "It is"], ["1", "Red", ""]]
    (problem,) = problems(rows, tmp_path, questionnaire)
    assert "This is an export of another survey." in problem.message
    assert "B Your favourite colour" in problem.cells
    assert all(statement.code in problem.message for statement in questionnaire.statements)


def test_a_column_without_heading_that_holds_something_is_refused(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = [[*row, "" if place == 0 else "lost"] for place, row in enumerate(table(questionnaire))]
    assert problems(rows, tmp_path, questionnaire)[0].check == "heading-empty"
    rows = [[*row[:-1], ""] for row in rows]
    assert len(survey.load(written(rows, tmp_path), questionnaire).frame) == 2


def test_an_export_whose_headings_are_codes_asks_for_their_key(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    """LimeSurvey's "question code" headings: the fix, followed, loads the file."""
    rows = shapes.limesurvey(questionnaire)
    wordings = [cell.partition(". ") for cell in rows[0]]
    rows[0] = [code for code, _, _ in wordings]
    path = shapes.save(rows, tmp_path / "export.csv")
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire)
    (problem,) = stopped.value.problems
    assert (problem.check, problem.level, problem.count) == ("headings-without-key", "ASK", 22)
    assert "key =" in problem.fix
    key = shapes.save([[code, text] for code, _, text in wordings[5:]], tmp_path / "key.csv")
    assert survey.load(path, questionnaire, declared=SurveySettings(key=key)).record.used == 3
    some = {code: "role" for code, _, text in wordings if text == "What is your job role?"}
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire, declared=SurveySettings(headings=some))
    assert stopped.value.problems[0].check == "headings-without-key"


@pytest.mark.parametrize(
    "heading",
    [
        "Roedd y diben yn glir i mi ac i'r tim: jane@example.org",
        "jane@example.org",
        "The purpose of the CI, jane@example.org",
    ],
)
def test_an_address_in_a_heading_is_in_no_line_to_add(
    heading: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire)
    for place in range(3, 9):
        rows[0][place] = heading.replace("jane", f"jane{place}")
    with pytest.raises(InputError) as stopped:
        survey.load(written(rows, tmp_path), questionnaire)
    assert "jane" not in str(stopped.value)


@pytest.mark.parametrize(
    "heading",
    [
        f"{S02}:{STEM}",
        f"5b. {S02}",
        f"Q5_2. {S02}",
        f"5 (ii) {S02}",
        f"b) {S02}",
        f"{S02} (Required)",
        f"{S02} *",
        f"Your views/{S02}",
        f"Part 2 > Statements > {S02}",
        f"Statements: {S02}",
        f"5. {STEM} - b. {S02}",
    ],
)
def test_what_tools_put_around_a_statement_does_not_hide_it(
    heading: str, questionnaire: Questionnaire
) -> None:
    match = Ladder(questionnaire).match(heading)
    assert match is not None
    assert (match[0].code, match[0].part) == ("s02", "")


@pytest.mark.parametrize(
    "group", ["Comments on", "I do not think", "Other", "Why", "They don’t see that", "Do you disagree?"]
)
def test_words_that_change_what_is_asked_are_no_group(group: str, questionnaire: Questionnaire) -> None:
    assert Ladder(questionnaire).match(f"{group}: {S02}") is None


def test_an_option_may_stand_before_its_question(questionnaire: Questionnaire) -> None:
    match = Ladder(questionnaire).match("Online:How was your CI undertaken?")
    assert match is not None
    assert (match[0].code, match[0].part) == ("mode", "Online")


@pytest.mark.parametrize("name", ["Q5_DO", "Q5_DO_3", "Q5_First Click", "Q5_Page Submit"])
def test_qualtrics_own_columns_of_order_and_time_ask_nothing(
    name: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = shapes.qualtrics(questionnaire)
    more = (name, f"{STEM} - Display Order - {S02}", '{"ImportId":"QID9_DO"}', "1", "2", "3")
    rows = [[*row, cell] for row, cell in zip(rows, more, strict=True)]
    record = survey.load(shapes.save(rows, tmp_path / "export.csv"), questionnaire).record
    assert "columns-unused" not in {note.check for note in record.notes}
