"""The command ``ci-eval read``: one export loaded, told of, and written in the questionnaire's own words."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from ci_eval import cli
from ci_eval.inputs.problems import Problem
from ci_eval.runs import export_reading
from ci_eval.survey import LoadRecord

CODES = """\
[periods."2021-22".survey.codes.statements]
{0}1 = "Strongly agree"
{0}2 = "Agree"
{0}3 = "Neither agree nor disagree"
{0}4 = "Disagree"
{0}5 = "Strongly disagree"
{0}6 = "Don’t know"
[periods."2021-22".survey.codes.organisation]
{0}1 = "Education Scotland"
{0}2 = "ADES"
{0}3 = "Local authority"
{0}4 = "Other (please specify)"
[periods."2021-22".survey.codes.mode]
{0}1 = "Online"
{0}2 = "In person"
{0}3 = "A mixture of online and in person"
[periods."2021-22".survey.codes.published]
{0}1 = "Yes"
{0}2 = "No"
{0}3 = "Unsure"
"""
NUMERIC = CODES.format("") + '[periods."2021-22".survey.missing]\n"-99" = "not answered"\n'
_COLUMNS = ("org", "org[other]", "role", "focus", "mode", "comment", "pub", "improve")
_ASKED = ("organisation", "organisation_other", "role", "focus", "mode", "comment", "published", "improve")
LIMESURVEY = CODES.format("A") + '[periods."2021-22".survey.headings]\n'
LIMESURVEY += "".join(f'"{name}" = "{code}"\n' for name, code in zip(_COLUMNS, _ASKED, strict=True))
LIMESURVEY += "".join(f'"agree[SQ{n:03}]" = "s{n:02}"\n' for n in range(1, 16))
PARTIALS = ("--partials", "leave-out")
KEY = "jisc_online_surveys/results-for-survey-2022-09-01-0900-key.csv"


class Good(NamedTuple):
    """A good file: the flags and settings it needs, and how its ids and dates stand to the truth's."""

    file: str
    flags: tuple[str, ...] = ()
    settings: str = ""
    ident: str = "{}"  # "" where the tool gives no ids
    started: bool = True
    day: bool = False  # whether the format keeps the day only


GOOD = (
    Good("microsoft_forms/forms.xlsx"),
    Good("microsoft_forms/forms_saved_as_csv_cp1252_us_dates.csv"),
    Good("smartsurvey/smartsurvey_3_header_rows.csv", PARTIALS, ident="1000000{:0>2}"),
    Good("citizen_space/citizen_space.csv", ident="ANON-SYNT-{:0>4}-C", started=False),
    Good("qualtrics/qualtrics_choice_text.csv", PARTIALS, ident="R_{:0>15}"),
    Good("qualtrics/qualtrics_choice_text_utf16.tsv", ident="R_{:0>15}"),
    Good("qualtrics/qualtrics_numeric.csv", PARTIALS, NUMERIC, ident="R_{:0>15}"),
    Good("surveymonkey/surveymonkey_condensed.csv", ident="1140000000{:0>2}"),
    Good("surveymonkey/surveymonkey_expanded_one_column_per_option.csv", ident="1140000000{:0>2}"),
    Good("limesurvey/results-survey123456_full_comma.csv", PARTIALS),
    Good("limesurvey/results-survey123456_full_semicolon.csv", PARTIALS),
    Good("limesurvey/results-survey123456_codes.csv", PARTIALS, LIMESURVEY),
    Good("google_forms/google_uk_dates.csv", ident="", started=False),
    Good("google_forms/google_us_dates.csv", ident="", started=False),
    Good(
        "jisc_online_surveys/results-for-survey-2022-09-01-0900.csv",
        ("--key", KEY),
        ident="900001-900002-650000{:0>2}",
        started=False,
        day=True,
    ),
    Good("spss/survey_user_missing_6_and_99.sav", started=False),
)


@pytest.fixture(scope="module")
def invented(shared: Path) -> Path:
    return shared / "exports" / "invented"


@pytest.fixture(scope="module")
def truth(invented: Path) -> pd.DataFrame:
    """The 24 responses as text; a comment of spaces only is not answered."""
    table = pd.read_csv(invented / "truth.csv", dtype=str, keep_default_na=False)
    return table.map(lambda text: text if text.strip() else "")


@pytest.fixture
def forms(root: Path) -> Path:
    """An export that loads without a setting."""
    return root / "data" / "example" / "survey_2022-23.xlsx"


def settings_file(folder: Path, export: Path, tables: str) -> Path:
    file = folder / "evaluation.toml"
    period = '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n'
    survey = f'[periods."2021-22".survey]\nfile = {json.dumps(str(export))}\n'
    file.write_text(period + survey + tables, encoding="utf-8")
    return file


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.file)
def test_every_good_export_is_written_as_the_truth_cell_for_cell(good, invented, truth, tmp_path, capsys):
    if good.file.endswith(".sav"):
        pytest.importorskip("pyreadstat", reason="the optional package for SPSS files is not installed")
    out = tmp_path / "responses.csv"
    flags = [str(invented / flag) if flag == KEY else flag for flag in good.flags]
    if good.settings:
        file = settings_file(tmp_path, invented / good.file, good.settings)
        flags += ["--settings", str(file), "--period", "2021-22"]
    assert cli.main(["read", str(invented / good.file), *flags, "--out", str(out)]) == 0, (
        capsys.readouterr().err
    )
    got = pd.read_csv(out, dtype=str, keep_default_na=False)
    expected = truth.copy()
    expected["id"] = [good.ident.format(name) for name in truth["id"]] if good.ident else got["id"]
    expected["started"] = truth["started"] if good.started else ""
    expected["ended"] = truth["ended"].str[:10] if good.day else truth["ended"]
    pd.testing.assert_frame_equal(got, expected)


def test_what_was_detected_and_how_the_rows_were_used_is_printed(invented, capsys):
    file = invented / "qualtrics" / "qualtrics_choice_text.csv"
    assert cli.main(["read", str(file), "--partials", "leave-out"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "qualtrics_choice_text.csv: read as Qualtrics, 3 heading rows, UTF-8, comma"
    assert lines[1] == "26 rows = 24 responses + 1 preview or test + 1 not finished."
    assert lines[2] == "Answered from 2022-08-01 to 2022-08-24."
    assert any(line.startswith("WARN  Contact columns were dropped") for line in lines)


def test_without_out_nothing_is_written(forms, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["read", str(forms)]) == 0
    assert "Written" not in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("answer", "code"), [("leave-out", 0), ("", 3)])
def test_rows_are_in_a_list_beside_the_csv_and_nowhere_else(answer, code, invented, tmp_path, capsys):
    export, out = (
        str(invented / "limesurvey" / "results-survey123456_full_comma.csv"),
        tmp_path / "responses.csv",
    )
    flags = ["--partials", answer] if answer else []
    assert cli.main(["read", export, *flags, "--out", str(out)]) == code
    said = capsys.readouterr()
    assert "Rows and cells: in responses.csv.work_list.txt." in said.out + said.err
    text = (tmp_path / "responses.csv.work_list.txt").read_text(encoding="utf-8")
    (row,) = re.findall(r"row \d+ \([\w-]+\)", text)[:1]
    assert row not in said.out + said.err
    assert cli.main(["read", export, *flags]) == code
    said = capsys.readouterr()
    assert "Rows and cells: in a list beside the csv, where --out names one." in said.out + said.err


def test_a_refusal_is_a_page_on_standard_error_and_names_flag_and_setting(invented, capsys):
    file = invented / "limesurvey" / "results-survey123456_full_comma.csv"
    assert cli.main(["read", str(file)]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        "CANNOT LOAD results-survey123456_full_comma.csv: nothing was loaded\n1 of 1  "
    )
    assert 'keep_partials = true under [periods."…".survey]' in said.err
    assert "--partials keep" in said.err


@pytest.mark.parametrize(
    ("file", "check", "flag"),
    [
        ("bad/b09_ambiguous_dates_only.csv", "dates-ambiguous", "--date-order"),
        ("bad/b06_numeric_codes_no_key.csv", "codes-without-key", "--key"),
        ("jisc_online_surveys/results-for-survey-2022-09-01-0900.csv", "key-missing", "--key"),
        ("bad/b29_na_text_answers.csv", "mark-unknown", "--period"),
    ],
)
def test_every_question_names_the_flag_that_answers_it(file, check, flag, invented, capsys):
    assert cli.main(["read", str(invented / file), "--json"]) == 3
    rows = json.loads(capsys.readouterr().out)
    (fix,) = {row["fix"] for row in rows if row["check"] == check}
    assert f"With this command: {flag}" in fix
    assert "periods." in fix


def test_a_flag_goes_before_the_periods_setting(invented, tmp_path, capsys):
    file = invented / "limesurvey" / "results-survey123456_full_comma.csv"
    declared = settings_file(tmp_path, file, "keep_partials = true\n")
    asked = ["read", str(file), "--settings", str(declared), "--period", "2021-22"]
    assert cli.main(asked) == 0
    assert "= 25 responses" in capsys.readouterr().out
    assert cli.main([*asked, "--partials", "leave-out"]) == 0
    assert "= 24 responses" in capsys.readouterr().out


def test_the_date_order_flag_answers_the_question(invented, tmp_path):
    file, out = invented / "bad" / "b09_ambiguous_dates_only.csv", tmp_path / "out.csv"
    ended = {}
    for order in ("day-first", "month first"):
        assert cli.main(["read", str(file), "--date-order", order, "--out", str(out), "--force"]) == 0
        ended[order] = pd.read_csv(out, dtype=str)["ended"].dropna().iloc[0]
    assert ended["day-first"] != ended["month first"]


def test_an_unknown_period_names_those_there_are(invented, tmp_path, capsys):
    file = invented / "google_forms" / "google_uk_dates.csv"
    declared = settings_file(tmp_path, file, "")
    assert cli.main(["read", str(file), "--settings", str(declared), "--period", "1999-00"]) == 3
    assert "Use one of 2021-22" in capsys.readouterr().err


def test_json_is_a_list_of_problems_and_the_record_is_the_last(forms, capsys):
    assert cli.main(["read", str(forms), "--json"]) == 0
    *problems, last = json.loads(capsys.readouterr().out)
    keys = {"check", "level", "message", "where", "count", "fix"}
    assert problems
    assert all(row.keys() == keys and row["level"] in ("NOTE", "WARN") for row in problems)
    assert last.keys() == keys | {"record"}
    record = last["record"]
    assert record["rows_in"] == record["used"] + sum(record["left_out"].values()) == last["count"]


def test_json_holds_the_problems_of_a_refusal_too(tmp_path, capsys):
    file = tmp_path / "empty.csv"
    file.touch()
    assert cli.main(["read", str(file), "--json"]) == 3
    said = capsys.readouterr()
    (row,) = json.loads(said.out)
    assert (row["check"], row["level"], row["where"]) == ("empty-file", "REJECT", "empty.csv")
    assert json.loads(said.err) == [row]  # what stops a load stands on standard error, in this form too


@pytest.mark.parametrize(
    "name",
    ["missing.csv", "", "a\0b", "x" * 5000, "/dev/zero", "/", "\x1b[31mred.csv", "~/nobody", "\udcff.csv"],
)
def test_a_hostile_path_gives_a_page_and_no_traceback(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["read", name]) == 3
    said = capsys.readouterr()
    assert "CANNOT LOAD" in said.err
    assert "fault of the program" not in said.err
    assert "\x1b" not in said.err


def test_control_characters_in_a_record_do_not_reach_the_terminal():
    record = LoadRecord("a\x1b[2Jb.csv", "0" * 64, 1, "read as a plain table", "a plain table", 1, 1, {})
    printed = export_reading.account(record, [Problem("x", "WARN", "m\x07", "w", 2, "do")])
    assert "\x1b" not in printed
    assert "\x07" not in printed
    assert "WARN  m\n      first: w; 2 in all\n      Fix: do" in printed


def test_json_holds_headings_as_they_came_and_cannot_steer_a_terminal(forms, tmp_path, capsys):
    odd = "What is your job\u200b role?\x9b31m\u202e\x1b[2J"
    rows = pd.read_excel(forms, dtype=str, engine="calamine").fillna("")
    rows = rows.rename(columns={"What is your job role?": odd})
    rows.to_csv(tmp_path / "export.csv", index=False)
    given = tmp_path / "evaluation.toml"
    named = f'[periods."2021-22".survey.headings]\n{json.dumps(odd)} = "role"\n'
    file = settings_file(given.parent, tmp_path / "export.csv", named)
    asked = ["read", str(tmp_path / "export.csv"), "--settings", str(file), "--period", "2021-22", "--json"]
    assert cli.main(asked) == 0
    said = capsys.readouterr().out
    assert not any(char in said for char in "\x9b\u202e\x1b\u200b")
    assert json.loads(said)[-1]["record"]["matched"]["role"][1] == odd
