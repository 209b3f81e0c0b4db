"""Faults of closed answers: other words, codes, marks, scales; nothing is guessed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from faults import fault, loads, note, only
from shapes import MODE, PUBLISHED, limesurvey, plain, with_column, without

from ci_eval.programme import Questionnaire

Save = Callable[..., Path]


@fault(
    "answers-01",
    "REJECT",
    "A misspelt answer",
    "the answer it is like, and the line that would map it",
    "answer-misspelt",
)
def test_a_misspelt_answer(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, s02=["Agree", "Stongly agree", "Agree"]))
    problem = only(path)
    assert "Stongly" not in str(problem)
    assert problem.cells == "row 3, s02: Stongly agree"
    assert 'add "the text" = "Strongly agree"' in problem.fix
    assert (
        loads(path, codes={"statements": {"Stongly agree": "Strongly agree"}}).frame["s02"][1]
        == "Strongly agree"
    )


@fault(
    "answers-02",
    "NOTE",
    "Capitals, spaces and apostrophes that differ",
    "how many were evened out",
    "answers-evened-out",
)
def test_capitals_and_apostrophes(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire, s02=["STRONGLY  agree", "Don't know", "agree."])))
    assert list(responses.frame["s02"]) == ["Strongly agree", "Don’t know", "Agree"]
    assert note(responses, "answers-evened-out").count == 3


@fault(
    "answers-03",
    "ASK",
    "Another scale",
    "each word with its count, and the line that maps it",
    "answer-unknown",
)
def test_another_scale(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, s02=["Very satisfied", "Tend to agree", "Very satisfied"]))
    problem = only(path)
    assert "does not have: 2 in the work list" in problem.message
    assert problem.cells == "row 2 and 4, s02: Very satisfied; row 3, s02: Tend to agree"
    assert "survey.codes.statements]" in problem.fix
    mapped = {"Very satisfied": "Strongly agree", "Tend to agree": "Agree"}
    assert list(loads(path, codes={"statements": mapped}).frame["s02"])[1] == "Agree"
    assert only(path, codes={"statements": {"Very satisfied": "Strongly agree"}}).count == 1


@fault("answers-11", "NOTE", "NA, None, null and nan typed by people", "nothing: comments keep them")
def test_words_that_look_missing_in_comments(save: Save, questionnaire: Questionnaire) -> None:
    texts = ["NA", "None", "null", "nan", "N/A", "#N/A"]
    assert list(loads(save(plain(questionnaire, rows=6, comment=texts))).frame["comment"]) == texts


@fault(
    "answers-12",
    "ASK",
    "Marks that can mean several kinds of no answer",
    "the marks, and missing",
    "mark-unknown",
)
def test_marks_of_no_answer(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, s02=["N/A", "-", "."]))
    problem = only(path)
    assert problem.count == 3
    assert "survey.missing]" in problem.fix
    meanings = {"N/A": "Not applicable", "-": "not answered", ".": "Not shown"}
    frame = loads(path, missing=meanings).frame
    assert list(frame["s02"].astype(object).fillna("")) == ["Not applicable", "", "Not shown"]
    assert only(path, missing={"-": "not answered"}).count == 2


@fault(
    "answers-13",
    "WARN",
    "LimeSurvey's N/A for a question not shown",
    "the mark and what it was read as",
    "marks-read",
)
def test_limesurveys_not_shown(save: Save, questionnaire: Questionnaire) -> None:
    rows = limesurvey(questionnaire)
    rows[2][rows[0].index(next(text for text in rows[0] if PUBLISHED in text))] = "N/A"
    responses = loads(save(rows))
    assert list(responses.frame["published"]) == ["Yes", "Not shown", "Yes"]
    assert "column Z" in note(responses, "marks-read").where


@fault(
    "answers-14",
    "WARN",
    "An answer where none should be",
    "the rows; answer and text are kept",
    "text-beside-answer",
)
def test_an_answer_where_none_should_be(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire, organisation=["ADES", "", "Other (please specify)"])
    rows = with_column(
        rows, "Which organisation do you work for? - Other", ["Ed Scot", "A college", ""], before="role"
    )
    responses = loads(save(rows))
    assert list(responses.frame["organisation"]) == [
        "ADES",
        "Other (please specify)",
        "Other (please specify)",
    ]
    assert list(responses.frame["organisation_other"]) == ["Ed Scot", "A college", ""]
    assert "row 2" in note(responses, "text-beside-answer").cells


def expanded(questionnaire: Questionnaire, *ticks: tuple[str, str, str]) -> list[list[str]]:
    """The question of the mode as one column for each option."""
    rows = without(plain(questionnaire, rows=len(ticks)), "mode")
    for place, option in enumerate(questionnaire.question("mode").options):
        rows = with_column(rows, f"{MODE} - {option}", [tick[place] for tick in ticks])
    return rows


@fault(
    "answers-15",
    "NOTE",
    "One answer spread over a column for each option",
    "how many columns; refused where two are filled",
    "options-collapsed",
)
def test_one_answer_over_several_columns(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(expanded(questionnaire, ("Online", "", ""), ("", "In person", ""))))
    assert list(responses.frame["mode"]) == ["Online", "In person"]
    assert note(responses, "options-collapsed").count == 3
    problem = only(save(expanded(questionnaire, ("Online", "", ""), ("Online", "In person", ""))))
    assert (problem.check, problem.cells) == ("two-answers", "row 3")


@fault(
    "answers-16",
    "NOTE",
    "Lists of answers in one cell",
    "answers evened out; two in one cell are refused",
    "answers-evened-out",
)
def test_lists_of_answers(save: Save, questionnaire: Questionnaire) -> None:
    texts = ["Online;", "A mixture of online and in person;", "In person"]
    responses = loads(save(plain(questionnaire, mode=texts)))
    assert list(responses.frame["mode"]) == ["Online", "A mixture of online and in person", "In person"]
    problem = only(save(plain(questionnaire, mode=["Online;In person;", "Online", "Online"])))
    assert "In person + Online" in problem.message
    problem = only(save(plain(questionnaire, organisation=["ADES, Local authority", "ADES", "ADES"])))
    assert problem.check == "two-answers"  # not the text of "Other"


@fault("answers-17", "NOTE", "Ticks in a column for each option", "how many columns", "options-collapsed")
@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("Yes", "No"), ("Y", ""), ("true", "false")])
def test_ticks(save: Save, questionnaire: Questionnaire, yes: str, no: str) -> None:
    responses = loads(save(expanded(questionnaire, (no, yes, no), (no, no, no))))
    assert list(responses.frame["mode"].astype(object).fillna("")) == ["In person", ""]


@fault(
    "answers-18",
    "WARN",
    'The text of "Other" in the place of the answer',
    "that it was counted as Other and kept",
    "answers-as-other",
)
def test_the_text_of_other(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire, organisation=["Northern Alliance", "ADES", "ADES"])))
    assert responses.frame["organisation"][0] == "Other (please specify)"
    assert responses.frame["organisation_other"][0] == "Northern Alliance"
    assert "Northern" not in str(note(responses, "answers-as-other"))


@fault(
    "answers-19",
    "ASK",
    "A way of meeting that is no option",
    "the word, the options, and the line that maps it",
    "answer-unknown",
)
def test_an_unknown_mode(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, mode=["Hybrid", "Teams", "Online"]))
    problem = only(path)
    assert problem.count == 2
    assert "survey.codes.mode]" in problem.fix
    mapped = {"Hybrid": "A mixture of online and in person", "Teams": "Online"}
    assert loads(path, codes={"mode": mapped}).frame["mode"][0] == "A mixture of online and in person"


@fault(
    "answers-20",
    "ASK",
    "Yes and no in other words",
    "the words, and the line that maps them",
    "answer-unknown",
)
@pytest.mark.parametrize(("yes", "maybe"), [("TRUE", "Maybe"), ("Y", "Probably")])
def test_yes_and_no_in_other_words(save: Save, questionnaire: Questionnaire, yes: str, maybe: str) -> None:
    path = save(plain(questionnaire, published=[yes, maybe, "No"]))
    assert only(path).count == 2
    assert list(loads(path, codes={"published": {yes: "Yes", maybe: "Unsure"}}).frame["published"]) == [
        "Yes",
        "Unsure",
        "No",
    ]
    assert only(save(plain(questionnaire, published=["1", "2", "1"]))).check == "codes-without-key"


def test_a_spread_question_is_not_read_from_one_of_its_columns_alone(
    save: Save, questionnaire: Questionnaire
) -> None:
    rows = with_column(plain(questionnaire), f"{MODE} - Online", ["1", "", ""])
    assert only(save(rows)).check == "heading-twice"
