"""Faults of rows and dates: what is no response, what stands twice, when it came in."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from faults import fault, loads, note, only, refused
from shapes import COMMENT, jisc, limesurvey, plain, qualtrics, smartsurvey, with_column

from ci_eval.programme import Questionnaire

Save = Callable[..., Path]
SUMMER = (date(2022, 8, 1), date(2022, 8, 26))


@fault(
    "rows-01",
    "WARN",
    "Previews and tests among the responses",
    "their ids, left out and counted",
    "rows-left-out",
)
def test_previews(save: Save, questionnaire: Questionnaire) -> None:
    rows = qualtrics(questionnaire)
    rows[4][2] = "Survey Preview"
    path = save(rows)
    responses = loads(path)
    assert dict(responses.record.left_out_ids) == {"preview or test": ("R_2",)}
    left = note(responses, "rows-left-out")
    assert "R_2" in left.cells
    assert left.message == 'Left out as preview or test, by column C "Status".'
    assert len(loads(path, keep_previews=True).frame) == 3


@fault(
    "rows-02",
    "ASK",
    "Responses that were not finished",
    "both counts, and keep_partials =",
    "partials-undecided",
)
def test_unfinished_responses(save: Save, questionnaire: Questionnaire) -> None:
    rows = limesurvey(questionnaire)
    rows[2][1] = ""
    path = save(rows)
    problem = only(path)
    assert "keep_partials = true" in problem.fix
    assert "for 3 responses" in problem.fix
    assert "= false for 2" in problem.fix
    assert len(loads(path, keep_partials=True).frame) == 3
    assert dict(loads(path, keep_partials=False).record.left_out) == {"not finished": 1}


@fault(
    "rows-03", "WARN", "Disqualified or deleted responses", "their ids, left out and counted", "rows-left-out"
)
def test_disqualified_responses(save: Save, questionnaire: Questionnaire) -> None:
    rows = smartsurvey(questionnaire)
    rows[4][9] = "disqualified"
    assert dict(loads(save(rows)).record.left_out) == {"disqualified": 1}


@fault("rows-04", "WARN", "A response that answers nothing", "how many, out of the base", "nothing-answered")
def test_a_response_without_an_answer(save: Save, tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows, key = jisc(questionnaire, tmp_path)
    rows[2][1:-1] = [""] * (len(rows[0]) - 2)
    record = loads(save(rows), key=key).record
    assert record.left_out_ids == {"opened, nothing answered": ("90-90-2",)}


@fault("rows-05", "REJECT", "The same row twice", "both rows, and duplicates =", "duplicate-rows")
def test_the_same_row_twice(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    path = save([*rows, rows[1]])
    problem = only(path)
    assert problem.cells == "row 2 and 5"
    assert 'duplicates = "keep first"' in problem.fix
    responses = loads(path, duplicates="keep first")
    assert note(responses, "duplicate-rows").level == "WARN"
    assert dict(responses.record.left_out) == {"exact duplicate": 1}


@fault(
    "rows-06",
    "REJECT",
    "One id with two different responses",
    "the rows and the columns that differ",
    "id-twice",
)
def test_one_id_with_two_responses(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire, comment=["Good", "A secret of mine", "Good"])
    rows[2][0] = "1"
    problem = only(save(rows))
    assert problem.cells == "row 2 (1) and 3 (1)"
    assert f'column V "{COMMENT[:40]}' in problem.message
    assert "secret" not in str(problem)


@fault(
    "rows-07",
    "WARN",
    "One person under two ids",
    "responses with the same words, or the same times and answers",
    "same-text-twice responses-copied",
)
def test_one_person_under_two_ids(save: Save, questionnaire: Questionnaire) -> None:
    words = "We would have liked some more time."
    found = note(loads(save(plain(questionnaire, comment=[words, "Good", words]))), "same-text-twice")
    assert found.cells == "row 2 and 4"
    assert words not in str(found)
    others = (replace(one, code="why") if one.code == "comment" else one for one in questionnaire.questions)
    renamed = replace(questionnaire, questions=tuple(others))
    note(
        loads(save(plain(questionnaire, comment=[words, "Good", words])), questionnaire=renamed),
        "same-text-twice",
    )
    times = ["2022-08-01 09:00:01", "2022-08-01 09:00:02", "2022-08-01 09:00:01"]
    assert note(loads(save(plain(questionnaire, submitted=times))), "responses-copied").count == 2
    short = loads(save(plain(questionnaire)))
    assert "same-text-twice" not in {each.check for each in short.record.notes}  # "Good" is no copy


@fault("rows-08", "WARN", "No ids", "that they were made from row and content", "ids-made")
def test_no_ids(save: Save, questionnaire: Questionnaire) -> None:
    rows = [row[1:] for row in plain(questionnaire)]
    first, again = (loads(save(rows)).frame["id"] for _ in range(2))
    assert first.is_unique
    assert list(first) == list(again)


@fault(
    "rows-09", "WARN", "Ids shortened by a spreadsheet", "how many; refused where they collide", "ids-damaged"
)
def test_ids_shortened_by_a_spreadsheet(save: Save, questionnaire: Questionnaire) -> None:
    rows = plain(questionnaire)
    rows[1][0] = "1.14E+11"
    assert note(loads(save(rows)), "ids-damaged").cells == "row 2"
    rows[2][0], rows[2][-1] = "1.14E+11", "Different"
    problem = only(save(rows))
    assert problem.check == "id-twice"
    assert "shortened the ids" in problem.fix
    zeros = plain(questionnaire)
    zeros[1][0] = "0001"
    assert loads(save(zeros)).frame["id"][0] == "0001"


@fault(
    "rows-10", "REJECT", "One row for each answer", "the column that holds the questions", "row-per-answer"
)
def test_one_row_for_each_answer(save: Save, questionnaire: Questionnaire) -> None:
    heading, first, *_ = plain(questionnaire)
    rows = [["Response ID", "Question", "Answer"]]
    rows += [[first[0], question, answer] for question, answer in zip(heading[2:], first[2:], strict=True)]
    assert "column B" in only(save(rows)).where


@fault(
    "rows-11",
    "ASK",
    "Fewer responses than the tool reports",
    "both numbers, and expected =",
    "count-unexpected",
)
def test_fewer_responses_than_the_tool_reports(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire))
    problem = only(path, expected=5)
    assert "5 responses" in problem.message
    assert "holds 3" in problem.message
    assert "expected" in problem.fix
    assert len(loads(path, expected=3).frame) == 3


@fault(
    "rows-12",
    "WARN",
    "The same answer throughout, or answers in no time",
    "how many; none is left out",
    "same-answer-throughout answered-in-seconds",
)
def test_the_same_answer_throughout(save: Save, questionnaire: Questionnaire) -> None:
    rows = qualtrics(questionnaire)
    rows[3][1] = "2022-08-01 09:00:14"  # fourteen seconds for fifteen statements
    rows[4][1] = "2022-08-02 09:00:15"
    responses = loads(save(rows))
    assert "(R_1)" in note(responses, "answered-in-seconds").cells
    assert note(responses, "same-answer-throughout").count == 3
    assert len(responses.frame) == 3


@fault(
    "dates-01",
    "REJECT",
    "Day first in some rows, month first in others",
    "a row against each order",
    "dates-mixed",
)
def test_mixed_dates(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, submitted=["13/03/2022", "03/04/2022", "03/14/2022"]))
    problem = only(path)
    assert loads(path, date_order="not used").record.first == ""
    assert "day first fails at row 4" in problem.cells
    assert "month first fails at row 2" in problem.cells


@fault("dates-02", "ASK", "Dates that read both ways", "date_order =", "dates-ambiguous")
def test_ambiguous_dates(save: Save, questionnaire: Questionnaire) -> None:
    path = save(plain(questionnaire, submitted=["03/04/2022"] * 3))
    assert 'date_order = "day first"' in only(path).fix
    assert loads(path, date_order="day first").record.first == "2022-04-03"
    assert loads(path, date_order="month first").record.first == "2022-03-04"
    assert loads(path, fieldwork=(date(2022, 4, 1), date(2022, 4, 30))).record.first == "2022-04-03"


@fault("dates-03", "NOTE", "Month first from a British survey", "the order and what decided it", "date-order")
def test_month_first(save: Save, questionnaire: Questionnaire) -> None:
    responses = loads(save(plain(questionnaire, submitted=["8/1/2022 15:33:45", "8/20/2022 15:33:45", ""])))
    assert responses.record.first == "2022-08-01"
    assert "month first, the only order" in note(responses, "date-order").message


@fault(
    "dates-04",
    "WARN",
    "Dates as numbers, or with two figures for the year",
    "what they were read as, within the fieldwork only",
    "dates-from-numbers two-digit-years",
)
@pytest.mark.parametrize(
    "texts", [["44774.5", "44775", "44798.99"], ["1659355200", "1659441600", "1659528000"]]
)
def test_dates_as_numbers(save: Save, questionnaire: Questionnaire, texts: list[str]) -> None:
    path = save(plain(questionnaire, submitted=texts))
    assert note(loads(path, fieldwork=SUMMER), "dates-from-numbers").count == 3
    assert loads(path, fieldwork=SUMMER).record.first == "2022-08-01"
    assert "fieldwork =" in only(path).fix
    assert only(path, fieldwork=(date(2023, 8, 1), date(2023, 8, 31))).check == "dates-unreadable"
    short = loads(save(plain(questionnaire, submitted=["13/8/22", "14/8/22", ""])))
    assert short.record.first == "2022-08-13"
    assert note(short, "two-digit-years").level == "WARN"


@fault(
    "dates-05",
    "NOTE",
    "Times of another time zone",
    "the zone, and that times were changed to Scotland's",
    "time-zone",
)
def test_another_time_zone(save: Save, questionnaire: Questionnaire) -> None:
    rows = qualtrics(questionnaire, zone="America/Chicago")
    rows[3][1] = "2022-08-01 23:30:00"  # already the next day in Scotland
    responses = loads(save(rows))
    assert str(responses.frame["ended"][0]) == "2022-08-02 05:30:00"
    assert "America/Chicago" in responses.record.notes[0].message + str(responses.record.notes)
    unknown = loads(save(qualtrics(questionnaire, zone="Mars/Olympus")))
    assert {each.level for each in unknown.record.notes if each.check == "time-zone"} == {"WARN"}
    every = plain(questionnaire, submitted=[f"2022-08-0{day} 09:10:30Z" for day in (1, 2, 3)])
    assert note(loads(save(every)), "time-zone").level == "NOTE"
    every[2][every[0].index("Submitted")] = "2022-08-02 09:10:30"
    some = note(loads(save(every)), "time-zone")
    assert (some.level, some.count, "others do not" in some.message) == ("WARN", 2, True)


@fault(
    "dates-06",
    "WARN",
    "Responses before the start, after the close or in the future",
    "how many; their ids in the work list",
    "dates-unlikely",
)
def test_unlikely_dates(save: Save, questionnaire: Questionnaire) -> None:
    rows = qualtrics(questionnaire, rows=4)
    rows[3][1] = "2022-08-01 08:00:00"
    rows[4][0:2] = ["2022-07-31 09:00:00", "2022-07-31 09:10:30"]
    rows[5][0:2] = ["2022-08-27 00:00:00", "2022-08-27 00:10:30"]
    rows[6][1] = "2222-08-04 09:10:30"
    responses = loads(save(rows), fieldwork=SUMMER)
    found = [each.cells for each in responses.record.notes if each.check == "dates-unlikely"]
    assert [re.findall(r"R_\d", cells) for cells in found] == [["R_1"], ["R_4"], ["R_2"], ["R_3", "R_4"]]
    assert len(responses.frame) == 4


def test_the_last_and_the_first_day_are_part_of_the_fieldwork(
    save: Save, questionnaire: Questionnaire
) -> None:
    path = save(plain(questionnaire, submitted=["2022-08-01 00:00:00", "2022-08-26 23:59:59", ""]))
    assert "dates-unlikely" not in {each.check for each in loads(path, fieldwork=SUMMER).record.notes}


def test_an_earlier_periods_export_is_noticed_by_the_day_its_answers_came_in(
    save: Save, questionnaire: Questionnaire
) -> None:
    path = save(plain(questionnaire, submitted=["2022-06-30 23:59:59", "2022-07-01 00:00:00", ""]))
    later = loads(path, starts=date(2022, 7, 1))
    (noticed,) = [each for each in later.record.notes if each.check == "dates-unlikely"]
    assert noticed.count == 1
    assert "came in before the review period began. They were used" in noticed.message
    assert "an earlier period" in noticed.fix
    assert "dates-unlikely" not in {each.check for each in loads(path, starts=date(2022, 6, 30)).record.notes}


def test_several_faults_are_one_page_with_one_message_a_cause(
    save: Save, questionnaire: Questionnaire
) -> None:
    """Seven causes, seventeen cells: seven messages, numbered, each with its place, count and fix."""
    rows = plain(
        questionnaire, rows=6, s01=["Stongly agree"] * 3 + ["Agree"] * 3, s02=["N/A", "-", *["Agree"] * 4]
    )
    rows[4][rows[0].index("How was your CI undertaken?")] = "Hybrid"
    rows[5][0] = "1"
    rows[6][-2] = "3"
    for row in rows[1:]:
        row[1] = "01/02/2022"
    problems = refused(save(with_column(rows, "", ["lost"] * 6)))
    assert [
        (problem.check, problem.count) for problem in sorted(problems, key=lambda found: found.check)
    ] == [
        ("answer-misspelt", 3),
        ("answer-unknown", 1),
        ("dates-ambiguous", 6),
        ("heading-empty", 1),
        ("id-twice", 2),
        ("mark-unknown", 2),
        ("numbers-among-words", 1),
    ]
    assert all(problem.where and problem.fix for problem in problems)
