"""Every good export loads to exactly the truth it was written from, cell for cell.

A format that does not keep the start of a response, or keeps days only, is compared to the precision it keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ci_eval import survey
from ci_eval.inputs.problems import InputError
from ci_eval.programme import Questionnaire
from ci_eval.survey import SurveySettings

Written = Callable[[pd.DataFrame], pd.DataFrame]

STATEMENTS = {
    "1": "Strongly agree",
    "2": "Agree",
    "3": "Neither agree nor disagree",
    "4": "Disagree",
    "5": "Strongly disagree",
    "6": "Don’t know",
}
CODES = {
    "statements": STATEMENTS,
    "organisation": {
        "1": "Education Scotland",
        "2": "ADES",
        "3": "Local authority",
        "4": "Other (please specify)",
    },
    "mode": {"1": "Online", "2": "In person", "3": "A mixture of online and in person"},
    "published": {"1": "Yes", "2": "No", "3": "Unsure"},
}
LIMESURVEY_CODES = {
    group: {f"A{code}": answer for code, answer in table.items()} for group, table in CODES.items()
}
LIMESURVEY_HEADINGS = {
    "org": "organisation",
    "org[other]": "organisation_other",
    "role": "role",
    "focus": "focus",
    "mode": "mode",
    "comment": "comment",
    "pub": "published",
    "improve": "improve",
} | {f"agree[SQ{number:03d}]": f"s{number:02d}" for number in range(1, 16)}


@dataclass(frozen=True)
class Good:
    """A good file: the settings it needs, what it was read as, how its ids and dates stand to the truth's."""

    file: str
    read_as: str
    declared: dict[str, Any] = field(default_factory=dict)
    ident: str = "{}"
    started: bool = True
    ended: int = 19  # characters of the moment kept: 19 to the second, 10 to the day
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blank_rows: int = 0


PREVIEW = {"preview or test": ("R_000000000000001P",)}
FULL = {"keep_partials": False}
GOOD = (
    Good("microsoft_forms/forms.xlsx", "read as Microsoft Forms, workbook sheet 'Sheet1', 1 heading row"),
    Good(
        "microsoft_forms/forms_saved_as_csv_cp1252_us_dates.csv",
        "read as Microsoft Forms, 1 heading row, Windows-1252, comma",
    ),
    Good(
        "smartsurvey/smartsurvey_3_header_rows.csv",
        "read as SmartSurvey, 3 heading rows, UTF-8, comma",
        FULL,
        ident="1000000{:0>2}",
        left_out={"not finished": ("100000025",)},
    ),
    Good(
        "citizen_space/citizen_space.csv",
        "read as Citizen Space, 1 heading row, UTF-8, comma",
        ident="ANON-SYNT-{:0>4}-C",
        started=False,
    ),
    Good(
        "qualtrics/qualtrics_choice_text.csv",
        "read as Qualtrics, 3 heading rows, UTF-8, comma",
        FULL,
        ident="R_{:0>15}",
        left_out=PREVIEW | {"not finished": ("R_000000000000025",)},
    ),
    Good(
        "qualtrics/qualtrics_choice_text_utf16.tsv",
        "read as Qualtrics, 3 heading rows, UTF-16, tab",
        ident="R_{:0>15}",
    ),
    Good(
        "qualtrics/qualtrics_numeric.csv",
        "read as Qualtrics, 3 heading rows, UTF-8, comma",
        FULL | {"codes": CODES, "missing": {"-99": "not answered"}},
        ident="R_{:0>15}",
        left_out=PREVIEW | {"not finished": ("R_000000000000025",)},
    ),
    Good(
        "surveymonkey/surveymonkey_condensed.csv",
        "read as SurveyMonkey, 2 heading rows, UTF-8, comma",
        ident="1140000000{:0>2}",
    ),
    Good(
        "surveymonkey/surveymonkey_expanded_one_column_per_option.csv",
        "read as SurveyMonkey, 2 heading rows, UTF-8, comma",
        ident="1140000000{:0>2}",
    ),
    Good(
        "limesurvey/results-survey123456_full_comma.csv",
        "read as LimeSurvey, 1 heading row, UTF-8, comma",
        FULL,
        left_out={"not finished": ("25",)},
        blank_rows=1,
    ),
    Good(
        "limesurvey/results-survey123456_full_semicolon.csv",
        "read as LimeSurvey, 1 heading row, UTF-8, semicolon",
        FULL,
        left_out={"not finished": ("25",)},
        blank_rows=1,
    ),
    Good(
        "limesurvey/results-survey123456_codes.csv",
        "read as LimeSurvey, 1 heading row, UTF-8, comma",
        FULL | {"codes": LIMESURVEY_CODES, "headings": LIMESURVEY_HEADINGS},
        left_out={"not finished": ("25",)},
        blank_rows=1,
    ),
    Good(
        "google_forms/google_uk_dates.csv",
        "read as Google Forms, 1 heading row, UTF-8, comma",
        ident="",
        started=False,
    ),
    Good(
        "google_forms/google_us_dates.csv",
        "read as Google Forms, 1 heading row, UTF-8, comma",
        ident="",
        started=False,
        blank_rows=1,
    ),
    Good(
        "jisc_online_surveys/results-for-survey-2022-09-01-0900.csv",
        "read as Jisc Online Surveys, 1 heading row, UTF-8, comma",
        {"key": "jisc_online_surveys/results-for-survey-2022-09-01-0900-key.csv"},
        ident="900001-900002-650000{:0>2}",
        started=False,
        ended=10,
    ),
    Good("spss/survey_user_missing_6_and_99.sav", "read as SPSS, SPSS file, 2 heading rows", started=False),
)


def settings(good: Good, invented: Path) -> SurveySettings:
    declared = dict(good.declared)
    if "key" in declared:
        declared["key"] = invented / declared["key"]
    return SurveySettings(period="2021-22", **declared)


def differences(got: pd.DataFrame, truth: pd.DataFrame) -> list[str]:
    assert list(got.columns) == list(truth.columns)
    assert len(got) == len(truth)
    return [
        f"{name} {row}: {a!r} / {b!r}"
        for name in truth.columns
        for row, (a, b) in enumerate(zip(got[name], truth[name], strict=True))
        if a != b
    ]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.file)
def test_a_good_file_gives_the_truth_cell_for_cell(
    good: Good, invented: Path, questionnaire: Questionnaire, truth: pd.DataFrame, as_written: Written
) -> None:
    if good.file.endswith(".sav"):
        pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    responses = survey.load(invented / good.file, questionnaire, declared=settings(good, invented))
    expected, got = truth.copy(), as_written(responses.frame)
    expected["id"] = [good.ident.format(name) for name in truth["id"]] if good.ident else got["id"]
    expected["started"] = truth["started"] if good.started else ""
    expected["ended"] = truth["ended"].str[: good.ended]
    got["ended"] = got["ended"].str[: good.ended]
    assert differences(got, expected) == []
    assert got["id"].is_unique
    statements = [statement.code for statement in questionnaire.statements]
    assert responses.frame[statements].notna().sum().sum() == 344  # shared/exports: answers in truth.csv


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.file)
def test_the_record_accounts_for_every_row(good: Good, invented: Path, questionnaire: Questionnaire) -> None:
    if good.file.endswith(".sav"):
        pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    record = survey.load(invented / good.file, questionnaire, declared=settings(good, invented)).record
    left_out = {reason: len(ids) for reason, ids in good.left_out.items()}
    left_out |= {"blank row": good.blank_rows} if good.blank_rows else {}
    assert record.description == good.read_as
    assert dict(record.left_out) == left_out
    assert dict(record.left_out_ids) == good.left_out
    assert record.used == 24
    assert record.rows_in == record.used + sum(record.left_out.values())
    assert len(record.sha256) == 64
    assert (record.first, record.last) == ("2022-08-01", "2022-08-24")


def test_previews_and_unfinished_responses_are_kept_where_the_settings_say_so(
    invented: Path, questionnaire: Questionnaire
) -> None:
    file = invented / "qualtrics" / "qualtrics_choice_text.csv"
    declared = SurveySettings(keep_partials=True, keep_previews=True)
    responses = survey.load(file, questionnaire, declared=declared)
    assert len(responses.frame) == 26
    assert {"R_000000000000001P", "R_000000000000025"} <= set(responses.frame["id"])


def test_unfinished_responses_are_asked_about_with_both_counts(
    invented: Path, questionnaire: Questionnaire
) -> None:
    file = invented / "limesurvey" / "results-survey123456_full_comma.csv"
    with pytest.raises(InputError) as stopped:
        survey.load(file, questionnaire, declared=SurveySettings(period="2021-22"))
    (problem,) = stopped.value.problems
    assert problem.check == "partials-undecided"
    assert problem.level == "ASK"
    assert 'keep_partials = true under [periods."2021-22".survey] for 25 responses' in problem.fix
    assert "keep_partials = false for 24" in problem.fix


def test_a_question_not_shown_is_kept_apart_from_one_not_answered(
    invented: Path, questionnaire: Questionnaire
) -> None:
    """LimeSurvey writes N/A for a question the respondent never saw."""
    file = invented / "limesurvey" / "results-survey123456_full_comma.csv"
    frame = survey.load(file, questionnaire, declared=SurveySettings(keep_partials=True)).frame
    last = frame.set_index("id").loc["25"]
    assert last["published"] == "Not shown"
    assert pd.isna(last["s15"])
    assert frame.set_index("id").loc["6", "comment"] == "N/A"  # typed by a respondent


def test_codes_without_a_key_are_asked_about_once_for_all_statements(
    invented: Path, questionnaire: Questionnaire
) -> None:
    file = invented / "qualtrics" / "qualtrics_numeric.csv"
    with pytest.raises(InputError) as stopped:
        survey.load(file, questionnaire, declared=SurveySettings(keep_partials=False))
    asked = [problem for problem in stopped.value.problems if problem.check == "codes-without-key"]
    assert len(asked) == 4  # statements, organisation, mode, published
    assert any(problem.message.startswith("15 columns hold the codes") for problem in asked)


def test_a_key_that_lies_beside_the_export_is_named_not_used(
    invented: Path, questionnaire: Questionnaire
) -> None:
    file = invented / "jisc_online_surveys" / "results-for-survey-2022-09-01-0900.csv"
    with pytest.raises(InputError) as stopped:
        survey.load(file, questionnaire)
    (problem,) = stopped.value.problems
    assert problem.check == "key-missing"
    assert "results-for-survey-2022-09-01-0900-key.csv" in problem.fix


def test_a_key_written_by_hand_explains_limesurvey_codes(
    tmp_path: Path, invented: Path, questionnaire: Questionnaire, truth: pd.DataFrame, as_written: Written
) -> None:
    """The same form of key serves every tool: headings, each followed by the meaning of its codes."""
    wordings = {question.code: question.text for question in questionnaire.questions}
    wordings |= {statement.code: statement.text for statement in questionnaire.statements}
    lines = []
    for heading, code in LIMESURVEY_HEADINGS.items():
        lines.append(f'"{heading}","{wordings.get(code, "Other (please specify)")}"')
        group = "statements" if code.startswith("s") else code
        lines += [f'"{name}","{answer}"' for name, answer in LIMESURVEY_CODES.get(group, {}).items()]
    key = tmp_path / "key.csv"
    key.write_text("\n".join(lines), encoding="utf-8")
    file = invented / "limesurvey" / "results-survey123456_codes.csv"
    declared = SurveySettings(keep_partials=False, key=key)
    frame = as_written(survey.load(file, questionnaire, declared=declared).frame)
    assert differences(frame, truth) == []


def test_contact_columns_are_dropped_while_reading(invented: Path, questionnaire: Questionnaire) -> None:
    """Only their headings are known; no address or name is anywhere among the cells."""
    for good in GOOD:
        if good.file.endswith(".sav"):
            continue
        export = survey.read(invented / good.file, questionnaire)
        cells = {text for column in export.columns.values() for text in column.distinct}
        assert not any(text.startswith("192.0.2.") for text in cells), good.file
        if good.file.startswith("microsoft_forms"):
            assert "anonymous" not in cells  # in the column Email
