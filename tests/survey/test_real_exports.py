"""Public exports of other surveys: the tool is told, responses and questions are counted, ours are missed by name.

The numbers stand with their reason; where it can be had, they are worked out again here by csv or pyreadstat alone,
without a line of the reader.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings

Counted = Callable[[list[list[str]]], int]
KEY = "jisc_online_surveys/results-for-idrc-surveyin-2020-11-06-1612-key.en.csv"

pytestmark = pytest.mark.usefixtures("quick_spss")


@dataclass(frozen=True)
class Real:
    """A file: what it is read as, its responses and questions, and why these numbers; `declared` loads it."""

    file: str
    read_as: str
    responses: int
    questions: int
    why: str
    declared: dict[str, Any] = field(default_factory=dict)
    heading_rows: int = 1
    count: Counted | None = None


def distinct(pattern: str, row: int) -> Counted:
    """How many different texts a pattern finds in one row of a file."""
    return lambda rows: len({match[0] for cell in rows[row] if (match := re.search(pattern, cell))})


def filled(row: int, less: int) -> Counted:
    """Filled cells of a heading row, less those that are no questions."""
    return lambda rows: sum(bool(cell.strip()) for cell in rows[row]) - less


REAL = (
    Real(
        "google_forms/ssi_2014_google_forms_trimmed.csv",
        "read as Google Forms, 1 heading row, UTF-8, comma",
        88,
        12,
        "89 rows kept by the publisher, the first of them blank; 13 columns, one of them the time stamp",
        count=filled(0, 1),
    ),
    Real(
        "jisc_online_surveys/results-for-idrc-surveyin-2021-03-05-0807.en.csv",
        "read as Jisc Online Surveys, 1 heading row, UTF-8, comma",
        68,
        62,
        "the key explains Q1 to Q62; 376 columns are parts of these",
        {"key": KEY},
        count=distinct(r"^Q\d+", 0),
    ),
    Real(
        "jisc_online_surveys/results-for-idrc-surveyin-2021-03-05-0810.fr.csv",
        "read as Jisc Online Surveys, 1 heading row, UTF-8, comma",
        12,
        62,
        "the French version of the same 62 questions",
        {"key": KEY},
        count=distinct(r"^Q\d+", 0),
    ),
    Real(
        "jisc_online_surveys/results-for-idrc-surveyin-2021-03-05-0811.pt.csv",
        "read as Jisc Online Surveys, 1 heading row, UTF-8, comma",
        3,
        62,
        "the Portuguese version of the same 62 questions",
        {"key": KEY},
        count=distinct(r"^Q\d+", 0),
    ),
    Real(
        "qualtrics/QualtricsTools_better_sample_insights.csv",
        "read as Qualtrics, 3 heading rows, UTF-8, comma",
        10,
        11,
        "ImportIds name 11 questions, QID1 to QID13 with gaps, in single quotes",
        heading_rows=3,
        count=distinct(r"QID\d+", 2),
    ),
    Real(
        "qualtrics/QualtricsTools_side_by_side_insights.csv",
        "read as Qualtrics, 3 heading rows, UTF-8, comma",
        25,
        8,
        "ImportIds name QID1 to QID8",
        heading_rows=3,
        count=distinct(r"QID\d+", 2),
    ),
    Real(
        "qualtrics/QualtricsTools_side_by_side_legacy_bom.csv",
        "read as Qualtrics (legacy), 2 heading rows, UTF-8, comma",
        25,
        8,
        "the same survey as the file above; Q1 to Q7, and six columns of a question whose rows were renamed",
        heading_rows=2,
        count=lambda rows: distinct(r"^Q\d+", 0)(rows) + any(": 1" in cell for cell in rows[0]),
    ),
    Real(
        "qualtrics/QualtricsTools_survey_logic_legacy.csv",
        "read as Qualtrics (legacy), 2 heading rows, UTF-8, comma",
        10,
        5,
        "Q1 to Q5, the last with three parts",
        heading_rows=2,
        count=distinct(r"^Q\d+", 0),
    ),
    Real(
        "qualtrics/excluder_qualtrics_raw_simulated.csv",
        "read as Qualtrics, 3 heading rows, UTF-8, comma",
        100,
        0,
        "every column is Qualtrics' own: dates, status, places and browser",
        heading_rows=3,
    ),
    Real(
        "qualtrics/qualtRics_sample_legacy_bom_trailing_comma.csv",
        "read as Qualtrics (legacy), 2 heading rows, UTF-8, comma",
        1,
        2,
        "Q1 and Q2",
        heading_rows=2,
        count=distinct(r"^Q\d+", 0),
    ),
    Real(
        "qualtrics/qualtRics_sample_v3_three_header_rows.csv",
        "read as Qualtrics, 3 heading rows, UTF-8, comma",
        1,
        2,
        'Q1 and Q2; "Q2 - Topics" is made from Q2 by the tool',
        heading_rows=3,
        count=distinct(r"QID\d+", 2),
    ),
    Real(
        "smartsurvey/ons_cars_dummy_first57.csv",
        "read as SmartSurvey, 3 heading rows, UTF-8, comma",
        57,
        46,
        "57 responses kept by the publisher; Q1 to Q46; written again by R, which put NA and a column of row numbers",
        heading_rows=3,
        count=distinct(r"^Q\d+", 0),
    ),
    Real(
        "surveymonkey/SOUTH_first200_expanded_single_choice.csv",
        "read as SurveyMonkey, 2 heading rows, UTF-8, comma",
        200,
        7,
        "200 rows kept by the publisher; seven wordings in the first row besides the id, one column an option",
        heading_rows=2,
        count=filled(0, 1),
    ),
    Real(
        "surveymonkey/steak-risk-survey.csv",
        "read as SurveyMonkey, 2 heading rows, UTF-8, comma",
        550,
        14,
        "15 columns, one of them the id; HTML in one heading",
        heading_rows=2,
        count=filled(0, 1),
    ),
    Real(
        "uk_gov_consult/responses_biomass_format.csv",
        "read as a plain table, 2 heading rows, UTF-8, comma",
        5,
        3,
        "short names above five wordings, of which two ask for name and address",
        heading_rows=2,
        count=filled(1, 2),
    ),
    Real(
        "uk_gov_consult/responses_lgr_format.csv",
        "read as a plain table, 1 heading row, UTF-8, comma",
        5,
        8,
        "eight columns, all of them questions",
        count=filled(0, 0),
    ),
    Real(
        "uk_gov_consult/responses_scr_format.csv",
        "read as a plain table, 1 heading row, UTF-8, comma",
        5,
        5,
        "five columns, all of them questions; a blank row below the heading",
        count=filled(0, 0),
    ),
    Real("spss/hebrews.sav", "read as SPSS, SPSS file, 2 heading rows", 99, 1, "one variable"),
    Real("spss/missing_char.sav", "read as SPSS, SPSS file, 2 heading rows", 2, 1, "one variable"),
    Real("spss/sample_missing.sav", "read as SPSS, SPSS file, 2 heading rows", 7, 7, "seven variables"),
    Real(
        "spss/simple_alltypes.sav",
        "read as SPSS, SPSS file, 2 heading rows",
        6,
        11,
        'twelve variables; "date" is taken for the day of the response',
    ),
)


@pytest.fixture(scope="session")
def real(shared: Path) -> Path:
    return shared / "exports" / "real"


def as_declared(case: Real, real: Path) -> SurveySettings:
    declared = dict(case.declared)
    if "key" in declared:
        declared["key"] = real / declared["key"]
    return SurveySettings(**declared)


@pytest.mark.parametrize("case", REAL, ids=lambda case: case.file)
def test_tool_responses_and_questions_are_told(case: Real, real: Path, questionnaire: Questionnaire) -> None:
    if case.file.endswith(".sav"):
        pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    export = survey.read(real / case.file, questionnaire)
    assert export.description == case.read_as
    assert (len(export.rows), export.questions) == (case.responses, case.questions), case.why


@pytest.mark.parametrize(
    "case", [case for case in REAL if case.file.endswith(".csv")], ids=lambda case: case.file
)
def test_the_numbers_are_those_of_another_reader(case: Real, real: Path) -> None:
    with (real / case.file).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert sum(any(row) for row in rows) - case.heading_rows == case.responses
    if case.count:
        assert case.count(rows) == case.questions


@pytest.mark.parametrize(
    "case", [case for case in REAL if case.file.endswith(".sav")], ids=lambda case: case.file
)
def test_the_numbers_of_sav_files_are_those_of_their_reader(case: Real, real: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="the optional package is not installed")
    table, facts = pyreadstat.read_sav(str(real / case.file), user_missing=True)
    assert len(table) == case.responses
    assert len([name for name in facts.column_names if name != "date"]) == case.questions


@pytest.mark.parametrize("case", REAL, ids=lambda case: case.file)
def test_an_export_of_another_survey_is_refused_with_every_statement_missed(
    case: Real, real: Path, questionnaire: Questionnaire
) -> None:
    with pytest.raises(InputError) as stopped:
        survey.load(real / case.file, questionnaire, declared=as_declared(case, real))
    (missing,) = (found for found in stopped.value.problems if found.check == "question-missing")
    assert missing.count == 22
    assert all(f'{statement.code} "' in missing.message for statement in questionnaire.statements)
    # What was detected is told too: it says which survey was taken for ours.
    detected = case.read_as[0].upper() + case.read_as[1:]
    counted = f"{case.responses:,} responses to {case.questions:,} questions"
    assert missing.message.startswith(f"{detected}: {counted}. ")


def test_codes_without_their_key_are_asked_for_it(real: Path, questionnaire: Questionnaire) -> None:
    for case in (case for case in REAL if case.declared):
        with pytest.raises(InputError) as stopped:
            survey.load(real / case.file, questionnaire)
        assert [(found.check, found.level) for found in stopped.value.problems] == [("key-missing", "ASK")]


def test_a_key_is_no_export(real: Path, questionnaire: Questionnaire) -> None:
    with pytest.raises(InputError) as stopped:
        survey.read(real / KEY, questionnaire)
    assert [found.check for found in stopped.value.problems] == ["key-not-export"]


def test_star_wars_is_refused_for_its_bytes(real: Path, questionnaire: Questionnaire) -> None:
    """0x8C 0xE6 after "Expanded Universe?": no UTF-8, and no word in Windows-1252. The heading of column AF."""
    path = real / "surveymonkey" / "StarWars.csv"
    line = path.read_bytes().splitlines()[0]
    assert line[: line.index(b"\x8c\xe6")].decode("ascii").count("Expanded Universe") == 2
    for act in (lambda: survey.read(path, questionnaire), lambda: survey.load(path, questionnaire)):
        with pytest.raises(InputError) as stopped:
            act()
        (problem,) = stopped.value.problems
        assert (problem.check, problem.level) == ("unknown-encoding", "REJECT")
        assert problem.where == "StarWars.csv, column AF"
        assert "0x8C 0xE6" in problem.message


def test_every_real_export_is_tried(real: Path) -> None:
    files = {str(path.relative_to(real)) for path in real.rglob("*.*") if path.name != "SOURCES.csv"}
    assert files == {case.file for case in REAL} | {KEY, "surveymonkey/StarWars.csv"}
