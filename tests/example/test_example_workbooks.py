"""What the example workbooks are: Forms exports, marked as invented, counted truly, written again alike."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from example_workbooks import FOLDER, MODE, ORGANISATION, PERIODS, STATEMENTS, agreement, book, given, rows

# --- the shape of a Microsoft Forms export ---


def normal(heading: object) -> str:
    return " ".join(str(heading).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("period", PERIODS)
def test_the_headings_are_those_of_a_forms_export(shared: Path, period: str) -> None:
    forms = openpyxl.load_workbook(shared / "exports" / "invented" / "microsoft_forms" / "forms.xlsx")
    expected = [cell.value for cell in forms.worksheets[0][1]]
    sheet = book(period).worksheets[0]
    assert [cell.value for cell in sheet[1]] == expected
    assert sheet.title == forms.worksheets[0].title
    assert [cell.number_format for cell in sheet[2]][1:3] == [
        cell.number_format for cell in forms.worksheets[0][2]
    ][1:3]


@pytest.mark.parametrize("period", PERIODS)
def test_the_headings_match_the_questionnaire(root: Path, period: str) -> None:
    with (root / "data" / "programme" / "questionnaire.toml").open("rb") as file:
        questionnaire = tomllib.load(file)
    wanted = {q["text"] for q in questionnaire["questions"] if q["kind"] != "statements"}
    wanted |= {s["text"] for s in questionnaire["statements"]}
    headings = [normal(cell.value) for cell in book(period).worksheets[0][1]]
    assert set(headings[6:]) == wanted
    answers = {row[i] for row in rows(period) for i in STATEMENTS}
    (scale,) = questionnaire["scales"]
    assert answers - {None} <= {*scale["answers"], *scale["not_scale"]}


@pytest.mark.parametrize("period", PERIODS)
def test_ids_ascend_dates_are_dates_and_nobody_is_named(period: str) -> None:
    table = rows(period)
    assert 100 <= len(table) <= 150
    assert [row[0] for row in table] == list(range(1, len(table) + 1))
    for row in table:
        start, end = row[1], row[2]
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        assert start < end
        assert row[3:6] == ("anonymous", None, None)
    ends = [row[2] for row in table]
    assert ends == sorted(ends)  # type: ignore[type-var]


# --- the marks of invention ---


@pytest.mark.parametrize("period", PERIODS)
def test_a_workbook_says_that_it_is_invented(period: str) -> None:
    opened = book(period)
    assert str(opened.properties.title).startswith("Invented example data")
    assert str(opened.properties.description).startswith("Invented example data")
    assert [p.value for p in opened.custom_doc_props.props if p.name == "Invented"] == [True]
    assert opened.sheetnames == ["Sheet1", "About these data"]
    assert str(opened["About these data"]["A1"].value).startswith("Invented example data")


@pytest.mark.parametrize("period", PERIODS)
def test_the_settings_declare_the_numbers_that_the_workbook_states(root: Path, period: str) -> None:
    with (root / "data" / "evaluation.toml").open("rb") as file:
        declared = tomllib.load(file)["periods"][period]
    about = " ".join(str(row[0]) for row in book(period)["About these data"].iter_rows(values_only=True))
    organisations = ", ".join(
        f"{name} {number}" for name, number in declared["asked_by_organisation"].items()
    )
    assert f"number asked: {declared['asked']} ({organisations})" in about
    assert sum(declared["asked_by_organisation"].values()) == declared["asked"]
    assert declared["invented"] is True
    answered = given(period, ORGANISATION)
    for name, number in declared["asked_by_organisation"].items():
        assert answered[name] <= number


# --- the page and the generator ---


@pytest.mark.parametrize("period", PERIODS)
def test_the_readme_states_the_counts_of_the_workbook(period: str) -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = page.split(f"### {period}")[1].split("###")[0]
    stated = re.findall(
        r"^\| s\d\d \| .*? \| (\d+) \| (\d+) \| .*? \| (\d+) \| (\d+) \|$", section, re.MULTILINE
    )
    counted = []
    for column, (agreeing, answered) in zip(STATEMENTS, agreement(period), strict=True):
        answers = given(period, column)
        counted.append((agreeing, answered, answers["Don’t know"], answers[None]))
    assert [tuple(map(int, row)) for row in stated] == counted
    assert f"Online {given(period, MODE)['Online']}" in section


def test_writing_the_example_again_changes_no_byte(tmp_path: Path) -> None:
    copy = tmp_path / "example"
    copy.mkdir()
    for file in (*FOLDER.glob("*.py"), FOLDER / "README.template.md"):
        shutil.copy(file, copy)
    elsewhere = {
        **os.environ,
        "TZ": "Pacific/Auckland",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "7",
    }
    subprocess.run([sys.executable, copy / "generate.py"], check=True, env=elsewhere, cwd=tmp_path)
    written = {path.name for path in FOLDER.iterdir() if path.suffix in (".xlsx", ".csv")} | {"README.md"}
    written -= {"teams_invented.csv"}  # by hand
    assert written <= {path.name for path in copy.iterdir()}
    for name in written:
        assert (copy / name).read_bytes() == (FOLDER / name).read_bytes(), f"{name}: run `make example`"
