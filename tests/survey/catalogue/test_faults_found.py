"""Faults that the catalogue does not list, found by trying exports that people had cut, sorted and saved again."""

from collections.abc import Callable
from pathlib import Path

from faults import fault, loads, note, only
from shapes import limesurvey, plain, qualtrics, with_column

from ci_eval.programme import Questionnaire

Save = Callable[..., Path]


@fault(
    "header-21",
    "REJECT",
    "Responses above the heading",
    "how many rows, and the first",
    "responses-above-heading",
)
def test_responses_above_the_heading(save: Save, questionnaire: Questionnaire) -> None:
    """A sheet was sorted with its heading: what stands above it would not be counted."""
    heading, *answers = plain(questionnaire)
    problem = only(save([answers[0], answers[1], heading, answers[2]]))
    assert (problem.count, problem.cells) == (2, "row 1 and 2")


@fault(
    "header-22",
    "REJECT",
    "No heading",
    "the row that holds answers, none of which is shown",
    "heading-missing",
)
def test_no_heading(save: Save, questionnaire: Questionnaire) -> None:
    rows = with_column(plain(questionnaire), "Name", ["Jo Bloggs"] * 3)
    assert "loggs" not in str(only(save(rows[1:])))


@fault(
    "header-23",
    "ASK",
    "Names of columns in place of the questions",
    "key =, and the headings that are names",
    "headings-without-key",
)
def test_names_in_place_of_questions(save: Save, questionnaire: Questionnaire) -> None:
    rows = limesurvey(questionnaire)
    both = [cell.split(". ", 1) for cell in rows[0]]
    path = save([[name for name, _ in both], *rows[1:]])
    assert "key =" in only(path).fix
    assert loads(path, key=save(both[5:], "key.csv")).record.used == 3


@fault(
    "rows-13",
    "WARN",
    "No column that says which responses were finished",
    "the column that would",
    "partials-untold",
)
def test_nothing_says_what_was_finished(save: Save, questionnaire: Questionnaire) -> None:
    rows = qualtrics(questionnaire)
    place = rows[0].index("Finished")
    told = note(loads(save([row[:place] + row[place + 1 :] for row in rows])), "partials-untold")
    assert "column Finished" in told.message


@fault("dates-07", "ASK", "Dates in a form that is not read", "the first of them", "dates-unreadable")
def test_dates_of_no_form(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, submitted=["the 1st at 9"] * 3))
    assert only(path).cells.startswith("row 2")
    assert loads(path, date_order="not used").record.first == ""
    for day in ("1 Aug 2022 09:00", "2022/08/01 9:00 AM GMT+1", "2022-08-01T08:00:00Z"):
        ended = loads(save(plain(questionnaire, submitted=[day] * 3))).frame["ended"]
        assert f"{ended[0]:%Y-%m-%d %H:%M}" == "2022-08-01 09:00"


@fault(
    "privacy-05",
    "WARN",
    "Response ids that are e-mail addresses",
    "how many; others are put in their place",
    "ids-personal",
)
def test_ids_that_are_addresses(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    for number, row in enumerate(rows[1:]):
        row[0] = f"jo.bloggs{number}@example.org"
    responses = loads(save(rows))
    assert note(responses, "ids-personal").count == 3
    assert not any("loggs" in text for text in (*responses.frame["id"], str(responses.record)))


@fault(
    "answers-26",
    "ASK",
    "A statement or question that nobody answered",
    "which, and absent =",
    "question-unanswered",
)
def test_a_statement_nobody_answered(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, s09=[""] * 3))
    problem = only(path)
    assert "Nobody answered s09" in problem.message
    assert 'absent = ["s09"]' in problem.fix
    assert loads(path, absent=("s09",)).frame["s09"].isna().all()
