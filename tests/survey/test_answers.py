"""Answers are the questionnaire's words, or declared, or the load stops and says which words they were."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_tables import column, table, written

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey import Responses, SurveySettings

S02, S03 = "The purpose for the CI was clearly explained", "The process for the CI was clearly explained"
ORGANISATION, MODE = "Which organisation do you work for?", "How was your CI undertaken?"
COMMENT = "Please use the box below to provide any comments on the statements in question above."


def loaded(
    folder: Path, questionnaire: Questionnaire, cells: dict[str, list[str]], **declared: Any
) -> Responses:
    """A small table with the cells of some columns replaced."""
    rows = table(questionnaire, rows=max(map(len, cells.values())))
    for heading, texts in cells.items():
        place = column(rows, heading)
        for row, text in zip(rows[1:], texts, strict=True):
            row[place] = text
    return survey.load(
        written(rows, folder), questionnaire, declared=SurveySettings(period="2021-22", **declared)
    )


def stopped(
    folder: Path, questionnaire: Questionnaire, cells: dict[str, list[str]], **declared: Any
) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        loaded(folder, questionnaire, cells, **declared)
    return error.value.problems


def test_capitals_spaces_and_apostrophes_do_not_matter(tmp_path: Path, questionnaire: Questionnaire) -> None:
    texts = [
        "STRONGLY AGREE",
        " strongly\u00a0agree ",
        "Don't know",
        "don\u2019t know",
        "Don\u00b4t know",
        "Don\u02bct know",
        "Don\u2032t know",
        "Neither agree nor disagree.",
    ]
    frame = loaded(tmp_path, questionnaire, {S02: texts}).frame
    assert list(frame["s02"]) == [
        "Strongly agree",
        "Strongly agree",
        *["Don’t know"] * 5,
        "Neither agree nor disagree",
    ]


def test_closed_questions_have_the_questionnaires_categories_in_its_order(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    frame = loaded(tmp_path, questionnaire, {S02: ["Agree", ""]}).frame
    assert list(frame["s02"].cat.categories) == [*questionnaire.answers, *questionnaire.missing]
    assert frame["s02"].isna().tolist() == [False, True]


def test_one_letter_less_is_refused_with_a_suggestion(tmp_path: Path, questionnaire: Questionnaire) -> None:
    (problem,) = stopped(tmp_path, questionnaire, {S02: ["Agree", "Stongly agree"]})
    assert problem.check == "answer-misspelt"
    assert 'Did you mean "Strongly agree"?' in problem.message
    assert problem.where == 'export.csv, column H "The purpose for the CI was clearly explained"'
    assert problem.cells == "row 3, s02: Stongly agree"
    declared = {"codes": {"statements": {"Stongly agree": "Strongly agree"}}}
    frame = loaded(tmp_path, questionnaire, {S02: ["Agree", "Stongly agree"]}, **declared).frame
    assert list(frame["s02"]) == ["Agree", "Strongly agree"]


def test_another_scale_is_asked_about_once_with_its_counts(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    cells = {S02: ["Very satisfied", "Satisfied", "Very satisfied"], S03: ["Satisfied"] * 3}
    (problem,) = stopped(tmp_path, questionnaire, cells)
    assert problem.check == "answer-unknown"
    assert problem.level == "ASK"
    assert "does not have: 2 in the work list" in problem.message
    assert ("Very satisfied" in problem.cells, "Very satisfied" in str(problem)) == (True, False)
    assert problem.count == 6


def test_numbers_among_words_are_refused_even_with_a_plausible_meaning(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    (problem,) = stopped(tmp_path, questionnaire, {S02: ["Agree", "2"]})
    assert problem.check == "numbers-among-words"


def test_codes_take_the_meaning_the_settings_give_them_and_never_another(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    codes = {"1": "Strongly disagree", "2": "Disagree"}
    frame = loaded(tmp_path, questionnaire, {S02: ["1", "2"]}, codes={"statements": codes}).frame
    assert list(frame["s02"]) == ["Strongly disagree", "Disagree"]
    one = {"statements": codes, "s02": {"1": "Agree", "2": "Agree"}}
    assert list(loaded(tmp_path, questionnaire, {S02: ["1", "2"]}, codes=one).frame["s02"]) == ["Agree"] * 2
    (problem,) = stopped(tmp_path, questionnaire, {S02: ["1", "3"]}, codes={"statements": codes})
    assert problem.check == "code-outside-key"


@pytest.mark.parametrize("mark", ["N/A", "-", "None", "null", "nan", ".", "NA"])
def test_a_mark_is_asked_about_until_its_meaning_is_declared(
    mark: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    (problem,) = stopped(tmp_path, questionnaire, {S02: [mark, "Agree"]})
    assert problem.check == "mark-unknown"
    for meaning, value in (("not answered", None), ("Not shown", "Not shown"), ("Don't know", "Don’t know")):
        frame = loaded(tmp_path, questionnaire, {S02: [mark, "Agree"]}, missing={mark: meaning}).frame
        got = frame["s02"][0]
        assert pd.isna(got) if value is None else got == value


def test_marks_typed_into_a_comment_stay_there_until_declared(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    texts = ["N/A", "None", "null", "NA", "nan", "-", "  "]
    frame = loaded(tmp_path, questionnaire, {COMMENT: texts}).frame
    assert list(frame["comment"]) == ["N/A", "None", "null", "NA", "nan", "-", ""]
    frame = loaded(
        tmp_path, questionnaire, {COMMENT: texts}, missing={"-": "not answered", "None": "not answered"}
    ).frame
    assert list(frame["comment"]) == ["N/A", "", "null", "NA", "nan", "", ""]


def test_a_row_of_declared_marks_answers_nothing(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = table(questionnaire, rows=3)
    rows[0].append(f"{ORGANISATION} - Other (please specify)")
    rows[2][2:] = ["NA"] * len(rows[2][2:])
    rows = [row + ["NA"] * (len(rows[0]) - len(row)) for row in rows]
    declared = SurveySettings(missing={"NA": "not answered"})
    record = survey.load(written(rows, tmp_path), questionnaire, declared=declared).record
    assert (record.used, record.left_out) == (2, {"opened, nothing answered": 1})


def test_a_text_outside_the_list_is_other_and_is_kept_beside_it(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    responses = loaded(tmp_path, questionnaire, {ORGANISATION: ["ADES", "Northern Alliance", "Other"]})
    assert list(responses.frame["organisation"]) == [
        "ADES",
        "Other (please specify)",
        "Other (please specify)",
    ]
    assert list(responses.frame["organisation_other"]) == ["", "Northern Alliance", ""]
    note = next(note for note in responses.record.notes if note.check == "answers-as-other")
    assert note.count == 1
    assert "Northern Alliance" not in str(note)  # people write who they are


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("Local authorty", "answer-misspelt"),
        ("3", "numbers-among-words"),
        *((mark, "mark-unknown") for mark in ("N/A", "Prefer not to say", "No response", "(blank)")),
        *((mark, "answer-unknown") for mark in ("Don’t know", "Do not know")),
    ],
)
def test_a_misspelling_a_code_or_a_mark_is_not_taken_for_other(
    text: str, check: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    assert stopped(tmp_path, questionnaire, {ORGANISATION: ["ADES", text]})[0].check == check


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("ADES, SEIC", '"ADES"'),
        ("ADES and local authority", '"ADES"'),
        ("Local authority - Fife Council", '"Local authority"'),
        ("Adesso", ""),
        ("Former ADES", ""),
    ],
)
def test_a_text_that_begins_with_a_listed_answer_is_named(
    text: str, begins: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    record = loaded(tmp_path, questionnaire, {ORGANISATION: ["ADES", text]}).record
    message = next(note.message for note in record.notes if note.check == "answers-as-other")
    assert message.endswith(f"1 of them begin with a listed answer and go on: {begins}.") == bool(begins)


def test_an_unknown_answer_to_a_question_without_other_is_asked_about(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    (problem,) = stopped(tmp_path, questionnaire, {MODE: ["Online", "Hybrid"]})
    assert problem.check == "answer-unknown"
    assert '"the text" = "…" under [periods."2021-22".survey.codes.mode]' in problem.fix


def test_two_options_filled_for_one_question_are_refused(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=2)
    place = column(rows, MODE)
    options = ["Online", "In person", "A mixture of online and in person"]
    spread = [[f"{MODE} - {option}" for option in options], ["Online", "", ""], ["", "1", ""]]
    rows = [row[:place] + new + row[place + 1 :] for row, new in zip(rows, spread, strict=True)]
    assert list(survey.load(written(rows, tmp_path), questionnaire).frame["mode"]) == ["Online", "In person"]
    rows[1][place + 1] = "In person"
    with pytest.raises(InputError) as error:
        survey.load(written(rows, tmp_path), questionnaire)
    assert [problem.check for problem in error.value.problems] == ["two-answers"]


@pytest.mark.parametrize("other", ["Other (please specify)", "Other"])
@pytest.mark.parametrize("text", [None, ["", "", "Northern Alliance", "0"]])
@pytest.mark.parametrize(
    ("on", "off"), [("1", "0"), ("TRUE", "FALSE"), ("Yes", "No"), ("Selected", "Not selected"), ("", "")]
)
def test_a_tick_below_other_is_a_tick_and_a_text_is_a_text(
    other: str, text: list[str] | None, on: str, off: str, tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = table(questionnaire, rows=4)
    options = questionnaire.question("organisation").options
    place = column(rows, ORGANISATION)
    spread = [[f"{ORGANISATION} - {each}" for each in (*options[:-1], other)]]
    spread += [[off] * len(options) for _ in rows[1:]]
    for row, option in ((1, 0), (2, 1), (3, len(options) - 1)):
        spread[row][option] = on or (*options[:-1], other)[option]
    for new, cell in zip(spread, [f"{ORGANISATION} - {other} - Text", *text] if text else [], strict=False):
        new.append(cell)
    rows = [row[:place] + new + row[place + 1 :] for row, new in zip(rows, spread, strict=True)]
    frame = survey.load(written(rows, tmp_path), questionnaire).frame
    expected = [options[0], options[1], options[-1], None]
    assert (
        frame["organisation"].astype(object).where(frame["organisation"].notna(), None).tolist() == expected
    )
    assert frame["organisation_other"].tolist() == ["", "", text[2] if text else "", ""]


def test_personal_data_in_a_comment_is_flagged_and_never_printed(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    texts = ["Ring 07700 900123", "Write to jo.bloggs@example.org", "At EH1 1AA", "On 12 May, 90% of S2"]
    responses = loaded(tmp_path, questionnaire, {COMMENT: texts})
    flags = responses.flagged
    assert list(zip(flags["row"], flags["column"], flags["kinds"], strict=True)) == [
        (2, "comment", "telephone number"),
        (3, "comment", "e-mail address"),
        (4, "comment", "postcode"),
    ]
    assert not any(text in str(responses.record.as_dict()) for text in ("900123", "bloggs", "EH1"))


@pytest.mark.parametrize(
    "declared",
    [
        {"headings": {"It was fun": "s99"}},
        {"codes": {"s99": {"1": "Agree"}}},
        {"codes": {"statements": {"1": "Agrees"}}},
        {"missing": {"-": "nothing"}},
        {"absent": ("s99",)},
    ],
)
def test_a_setting_the_questionnaire_does_not_know_is_refused(
    declared: dict[str, Any], tmp_path: Path, questionnaire: Questionnaire
) -> None:
    problems = stopped(tmp_path, questionnaire, {S02: ["Agree"]}, **declared)
    assert [problem.check for problem in problems] == ["setting-unknown-word"]


def test_problems_of_one_file_come_together(tmp_path: Path, questionnaire: Questionnaire) -> None:
    """A misspelling, an unknown mode, doubtful dates and a repeated id: one page, four problems."""
    rows = table(questionnaire, rows=3)
    rows[1][column(rows, S02)] = "Agre"
    rows[2][column(rows, MODE)] = "Hybrid"
    for row in rows[1:]:
        row[1] = "01/02/2022"
    rows[3][0] = "1"
    with pytest.raises(InputError) as error:
        survey.load(written(rows, tmp_path), questionnaire)
    assert {problem.check for problem in error.value.problems} == {
        "answer-misspelt",
        "answer-unknown",
        "dates-ambiguous",
        "id-twice",
    }
    assert "4 of 4" in str(error.value)
