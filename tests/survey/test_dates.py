"""Dates are read in the one order that fits all of them, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapes

from ci_eval import survey
from ci_eval.inputs.problems import Findings, Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings
from ci_eval.survey.answers import Column
from ci_eval.survey.columns import Cells
from ci_eval.survey.dates import Dates, parse


@dataclass
class Read:
    """One column of dates, read, and what was noted of it."""

    dates: Dates
    problems: list[Problem]


def read(texts: Sequence[str], tool_order: str = "", declared: SurveySettings | None = None) -> Read:
    count = len(texts)
    cells = Cells(tuple(texts), np.arange(count, dtype=np.int32))
    column = Column("ended", 'column B "Submitted"', cells, np.arange(2, count + 2, dtype=np.int32))
    findings = Findings("export.csv")
    dates = parse([column], tool_order, declared or SurveySettings(period="2021-22"), findings)
    return Read(dates, list(findings.problems))


def moments(column: Read) -> list[str]:
    return [str(moment) for moment in column.dates.moments[0]]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-08-13 09:05:10", "2022-08-13T09:05:10"),
        # A time that says its zone is moved to Scotland's clocks, an hour ahead of UTC in summer and with it in winter.
        ("2022-08-13T09:05:10Z", "2022-08-13T10:05:10"),
        ("2022-08-13 09:05:10+01:00", "2022-08-13T09:05:10"),
        ("2022/08/13 9:05:10 AM GMT+1", "2022-08-13T09:05:10"),
        ("2022/01/13 11:35:10 PM GMT+5:30", "2022-01-13T18:05:10"),
        ("2022-08-13 23:30 UTC", "2022-08-14T00:30:00"),
        ("2022-01-13 09:05:10.250-0500", "2022-01-13T14:05:10"),
        ("2022-08-13 09:05 BST", "2022-08-13T09:05:00"),
        # A month by name is read in either order of the figures.
        ("13 Aug 2022 09:05:10", "2022-08-13T09:05:10"),
        ("03-Apr-22", "2022-04-03T00:00:00"),
        ("Sat 13 August 2022 9:05 pm", "2022-08-13T21:05:00"),
        ("Apr 3rd, 2022, 14:00", "2022-04-03T14:00:00"),
        # Narrow and no-break spaces, halves of the day with stops, JavaScript's text, long words, other orders of parts.
        ("8/13/2022 9:20:42\u202fPM", "2022-08-13T21:20:42"),
        ("13\u00a0August\u00a02022 9:20 p.m.", "2022-08-13T21:20:00"),
        ("Sat Aug 13 2022 09:20:42 GMT+0100 (British Summer Time)", "2022-08-13T09:20:42"),
        ("Saturday, 13 August 2022 at 09:20:42 Greenwich Mean Time", "2022-08-13T10:20:42"),
        ("13th of August 2022, 9:20", "2022-08-13T09:20:00"),
        ("Sat Aug 13 09:20:42 UTC 2022", "2022-08-13T10:20:42"),
        ("09:20 13/08/2022", "2022-08-13T09:20:00"),
        ("13/08/2022 09.20.42", "2022-08-13T09:20:42"),
        ("2022-08-13 09:20 CEST", "2022-08-13T08:20:00"),
        ("2022-08-13 09:20 EDT", "2022-08-13T14:20:00"),
        ("2022-08-13 09:20 Europe/London", "2022-08-13T09:20:00"),
        ("2022-08-13", "2022-08-13T00:00:00"),
        ("13/08/2022 09:05", "2022-08-13T09:05:00"),
        ("8/13/22 9:05:10", "2022-08-13T09:05:10"),
        ("08/13/2022 09:05:10 PM", "2022-08-13T21:05:10"),
        ("08/13/2022 12:05:10 AM", "2022-08-13T00:05:10"),
        ("13.08.2022", "2022-08-13T00:00:00"),
        ("2022-08-13 09:05:10.250", "2022-08-13T09:05:10"),
        (" 13/08/2022 ", "2022-08-13T00:00:00"),
    ],
)
def test_a_date_is_read_to_the_precision_it_has(text: str, moment: str) -> None:
    assert moments(read([text])) == [moment]


@pytest.mark.parametrize(
    "text", ["3/4/22", "03-Apr-22", "3 Apr 22", "Apr 3rd, 22", "Sun 3 April 22, 9:05 pm"]
)
def test_a_year_of_two_figures_is_told_however_the_month_is_written(text: str) -> None:
    found = read([text], tool_order="day first")
    assert "two-digit-years" in [problem.check for problem in found.problems]
    assert not read([text.replace("22", "2022")], tool_order="day first").problems


def test_one_date_above_12_decides_for_all() -> None:
    assert moments(read(["03/04/2022", "13/04/2022"])) == ["2022-04-03T00:00:00", "2022-04-13T00:00:00"]
    assert moments(read(["03/04/2022", "04/13/2022"])) == ["2022-03-04T00:00:00", "2022-04-13T00:00:00"]


@pytest.mark.parametrize(("last", "asked"), [("12/12/2022", True), ("13/12/2022", False)])
def test_dates_that_read_both_ways_are_asked_about(last: str, asked: bool) -> None:
    """On the boundary: 12 can be a month, 13 cannot."""
    problems = read(["03/04/2022", last]).problems
    assert [problem.check for problem in problems] == (["dates-ambiguous"] if asked else [])
    if asked:
        assert 'date_order = "day first" under [periods."2021-22".survey]' in problems[0].fix


def test_the_settings_the_tool_or_the_fieldwork_answer_what_is_ambiguous() -> None:
    texts = ["01/08/2022", "02/08/2022"]
    day = ["2022-08-01T00:00:00", "2022-08-02T00:00:00"]
    assert moments(read(texts, declared=SurveySettings(date_order="day first"))) == day
    assert moments(read(texts, declared=SurveySettings(date_order="month first")))[1] == "2022-02-08T00:00:00"
    assert moments(read(texts, tool_order="month first"))[1] == "2022-02-08T00:00:00"
    assert moments(read(texts, "month first", SurveySettings(date_order="day first"))) == day
    assert (
        moments(read(texts, declared=SurveySettings(fieldwork=(date(2022, 8, 1), date(2022, 8, 31))))) == day
    )
    wide = SurveySettings(fieldwork=(date(2022, 1, 1), date(2022, 12, 31)))
    assert [problem.check for problem in read(texts, declared=wide).problems] == ["dates-ambiguous"]


def test_a_date_that_is_the_same_both_ways_asks_nothing() -> None:
    assert read(["08/08/2022", "09/09/2022"]).problems == []


def test_mixed_orders_are_refused_with_a_row_against_each() -> None:
    (problem,) = read(["08/23/2022", "13/08/2022", "01/02/2022"]).problems
    assert problem.check == "dates-mixed"
    first, second = problem.cells.split("; ")
    assert first.startswith("day first fails at row 2")
    assert first.endswith(": 08/23/2022")
    assert second.startswith("month first fails at row 3")
    assert "2022" not in problem.message


@pytest.mark.parametrize(
    ("texts", "checks"),
    [
        (["2022-09-08 09:06:11", "08/13/2022 09:10:15"], ["dates-mixed"]),
        (["2022-09-08 09:06:11", "13/08/2022 09:10:15"], ["dates-mixed"]),
        (["2022-09-08 09:06:11", "13 August 2022"], []),
        (["2022-08-14", "2022-08-15", "16/08/2022", "2022-08-18"], []),  # no month is the 14th
        (["2022-09-08 09:06:11", ""], []),
    ],
)
def test_dates_of_a_spreadsheet_beside_texts_of_one_order_are_refused(
    texts: list[str], checks: list[str]
) -> None:
    assert [problem.check for problem in read(texts).problems] == checks


def test_a_declared_order_that_cannot_be_right_stops() -> None:
    problems = read(["08/23/2022"], declared=SurveySettings(date_order="day first")).problems
    assert [problem.check for problem in problems] == ["dates-ambiguous"]
    assert "as declared" in problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2022", "yesterday", "44774.378", "2022-13-01", "13/08/2022 25:00", "1/2/3/4", "31 Feb 2022"),
        # Hours that no zone has, and words that are none.
        *("2022-08-13 09:05+15:00", "2022-08-13 09:05+", "13 Maybe 2022", "2022-08-13 09:05 or so"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    (problem,) = read(["2022-08-01", text]).problems
    assert (problem.check, problem.level) == ("dates-unreadable", "ASK")
    assert 'date_order = "not used"' in problem.fix
    assert (problem.cells.startswith("row 3"), problem.count) == (True, 1)


def test_numbers_are_no_dates_until_the_fieldwork_says_so() -> None:
    (problem,) = read(["44774.378"]).problems
    assert problem.check == "dates-unreadable"
    assert "fieldwork = [2022-08-01, 2022-08-31]" in problem.fix


def test_months_by_name_do_not_settle_the_order_of_the_others() -> None:
    assert [p.check for p in read(["3 Apr 2022", "03/04/2022"]).problems] == ["dates-ambiguous"]
    assert moments(read(["3 Apr 2022", "13/04/2022"])) == ["2022-04-03T00:00:00", "2022-04-13T00:00:00"]


def test_a_zone_in_the_text_goes_before_the_heading_s(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = shapes.qualtrics(questionnaire, zone="America/Chicago")
    for row in rows[3:]:
        row[0], row[1] = "2022-08-13T22:00:00Z", "2022-08-13T23:30:00Z"
    responses = survey.load(shapes.save(rows, tmp_path / "export.csv"), questionnaire)
    assert str(responses.frame["ended"][0]) == "2022-08-14 00:30:00"
    assert "time-zone" in {note.check for note in responses.record.notes}


def test_an_empty_cell_is_no_date_and_no_problem() -> None:
    column = read(["", "2022-08-01", "  "])
    assert column.problems == []
    assert np.isnat(column.dates.moments[0]).tolist() == [True, False, True]


def test_letters_that_stand_for_several_zones_move_no_time() -> None:
    read_so = read(["2022-08-13 09:05 CST", "2022-08-13 09:05 IST"])
    assert moments(read_so) == ["2022-08-13T09:05:00"] * 2
    assert read_so.dates.unknown == ("CST", "IST")


def test_dates_not_used_read_nothing_and_ask_nothing() -> None:
    read_so = read(["yesterday", "03/04/2022"], declared=SurveySettings(date_order="not used"))
    assert (moments(read_so), read_so.problems) == (["NaT", "NaT"], [])


def test_the_fieldwork_goes_before_the_tool_s_usual_order() -> None:
    texts = ["01/09/2022", "12/09/2022"]
    inside = SurveySettings(fieldwork=(date(2022, 9, 1), date(2022, 9, 12)))
    read_so = read(texts, "month first", inside)
    assert moments(read_so) == ["2022-09-01T00:00:00", "2022-09-12T00:00:00"]
    assert read_so.dates.reason.startswith("which puts them into the fieldwork")


@pytest.mark.parametrize(("last", "asked"), [("02/09/2022", False), ("12/09/2022", True)])
def test_a_tool_s_order_that_spreads_days_over_months_is_asked_about(last: str, asked: bool) -> None:
    texts = ["01/09/2022", last]
    assert [problem.check for problem in read(texts, "month first").problems] == ["dates-ambiguous"] * asked


def test_a_heading_s_zone_may_be_z(tmp_path: Path, questionnaire: Questionnaire) -> None:
    rows = shapes.qualtrics(questionnaire, zone="Z")
    for row in rows[3:]:
        row[1] = "2022-08-13 08:20:42"
    responses = survey.load(shapes.save(rows, tmp_path / "export.csv"), questionnaire)
    assert str(responses.frame["ended"][0]) == "2022-08-13 09:20:42"
    assert {note.level for note in responses.record.notes if note.check == "time-zone"} == {"NOTE"}


def test_a_declaration_loads_answers_whose_dates_cannot_be_read(
    tmp_path: Path, questionnaire: Questionnaire
) -> None:
    rows = shapes.qualtrics(questionnaire)
    rows[3][1] = "some day"
    path = shapes.save(rows, tmp_path / "export.csv")
    responses = survey.load(path, questionnaire, declared=SurveySettings(date_order="not used"))
    assert responses.frame["ended"].isna().all()
    assert "dates-not-used" in {note.check for note in responses.record.notes}
