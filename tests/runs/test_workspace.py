"""A workspace of one's own: made from nothing, run, and never written over."""

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from datetime import date

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.report.printing import BROWSER
from ci_eval.runs import manifest
from ci_eval.runs.input_checks import check
from ci_eval.runs.workspace import init, new_period
from ci_eval.settings import load
from ci_eval.settings.plan_file import read_plan

# The pages whose commands are run, in this order, in one workspace; and the one that begins again.
REPORT = ("first-report.md", "release.md", "working-in-jupyterlab.md", "scheduling.md", "privacy.md")
IMPACT = "impact-report.md"
LITERACY, NUMERACY = "Literacy (P1, P4 and P7 combined)", "Numeracy (P1, P4 and P7 combined)"
MODULES = {"ci-eval": "ci_eval.cli", "papermill": "papermill"}


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "evaluation"
    init(folder)
    return folder


def settings_of(workspace):
    return workspace / "data" / "evaluation.toml"


def test_a_workspace_has_settings_facts_copies_and_a_folder_for_its_owner_alone(workspace, root):
    private = workspace / "data" / "private"
    assert os.name != "posix" or stat.S_IMODE(private.stat().st_mode) == 0o700
    names = {path.name for path in (root / "data" / "programme").iterdir() if not path.name.startswith(".")}
    assert {path.name for path in (workspace / "data" / "programme").iterdir()} == names
    assert (workspace / "work" / "interim_evaluation.ipynb").is_file()
    assert read_plan(workspace / "data" / "private" / "impact_plan.toml").plan.primary
    with pytest.raises(InputError, match="There is something in it"):
        init(workspace)


def test_periods_follow_each_other_and_keep_what_is_in_the_settings(workspace):
    file = settings_of(workspace)
    file.write_text(file.read_text(encoding="utf-8") + "# my own note\n", encoding="utf-8")
    new_period("2022-23", file)
    lines = new_period("2023-24", file)
    first, second = load(file).periods
    assert (first.starts, first.ends) == (date(2022, 7, 1), date(2023, 6, 30))
    assert (second.starts, second.ends) == (date(2023, 7, 1), date(2024, 6, 30))
    assert "# my own note" in file.read_text(encoding="utf-8")
    assert "'private/survey_2023-24.xlsx' beside evaluation.toml" in lines[1]


def test_a_period_for_the_impact_alone_declares_no_survey(workspace):
    file = settings_of(workspace)
    lines = new_period("2021-22", file, survey=False)
    assert load(file).period("2021-22").survey.file is None
    assert not any(line.startswith("Missing") for line in lines)
    rows = [row for row in check(str(file)) if row.check == "survey 2021-22"]
    assert [(row.result, row.message) for row in rows] == [
        ("WARN", "No survey is declared; the report will say what is missing.")
    ]


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        ("2022-23", {}, "has it already"),
        ("../x", {}, "cannot name a folder"),
        ("late", {"starts": date(2023, 1, 1)}, "Give each day to one review period only"),
        ("back", {"starts": date(2025, 1, 1), "ends": date(2024, 1, 1)}, "before it starts"),
    ],
)
def test_a_period_that_cannot_be_added_changes_nothing(workspace, name, days, words):
    file = settings_of(workspace)
    new_period("2022-23", file)
    before = file.read_bytes()
    with pytest.raises(InputError, match=words) as caught:
        new_period(name, file, **days)
    assert ".new" not in str(caught.value)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_name_without_a_year_needs_days(workspace):
    with pytest.raises(InputError, match="Give --starts and --ends"):
        new_period("pilot", settings_of(workspace))


def blocks(file, kinds=r"\w*"):
    """The blocks of a page: what kind each is, what it holds, and the line below it."""
    text = file.read_text(encoding="utf-8")
    return re.findall(rf"^```({kinds})\n(.*?)^```\n\n?([^\n]*)", text, re.DOTALL | re.MULTILINE)


def follow(page, place, root):
    """Runs every command of a page as it is written there, and adds its TOML to the settings; gives the last folder."""
    for kind, block, _ in blocks(root / "docs" / page, "console|toml"):
        if kind == "toml":
            file, heading = settings_of(place), "\n" + block.splitlines(keepends=True)[0]
            text = file.read_text(encoding="utf-8")
            text = text.replace(heading, f"\n{block}", 1) if heading in text else text + block
            file.write_text(text, encoding="utf-8")
            continue
        for command in (line[2:] for line in block.splitlines() if line.startswith("$ ")):
            words = shlex.split(command)
            if words[0] == "cd":
                place = place / words[1]
                continue
            words = [sys.executable, "-m", MODULES[words[0]], *words[1:]] if words[0] in MODULES else words
            # A print takes the browser's second, whatever the page.
            own = {**os.environ, "PYTHONPATH": str(root), BROWSER: "none"}
            done = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False, env=own)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return place


def test_every_command_on_a_page_is_run_or_the_page_says_why_not(root):
    for file in (root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").glob("*.md")):
        for kind, block, below in blocks(file):
            if kind == "console":
                assert file.name in (*REPORT, IMPACT), f"no test runs the commands of {file.name}"
            elif kind == "sh":
                assert below.startswith("<!-- No test runs "), (
                    f"no comment says why no test runs {block} of {file.name}"
                )
            else:
                command = re.search(r"^(\$ )?(ci-eval|make|python|pip|papermill) .*", block, re.MULTILINE)
                assert command is None, f"{file.name}: {command}"


@pytest.mark.slow
def test_the_pages_lead_from_an_empty_folder_to_a_release(tmp_path, root):
    shutil.copyfile(root / "data" / "example" / "survey_2022-23.xlsx", tmp_path / "export.xlsx")
    place = tmp_path
    for page in REPORT:
        place = follow(page, place, root)
    assert (place / "DIR" / "report.html").is_file()
    released = place / "outputs" / "released" / "2022-23" / "interim_evaluation"
    assert {one.name for one in released.glob("v?*") if "." not in one.name} == {"v1", "v2"}
    assert "wrong year" in (released / "v1.withdrawn" / "report.html").read_text(encoding="utf-8")
    assert not (place / "data" / "private").exists(), (
        "the last page removes the survey, and leaves the releases"
    )


@pytest.mark.slow
def test_the_page_leads_from_a_plan_to_the_impact_report_on_the_published_levels(tmp_path, root, shared):
    """Achievement of CfE Levels 2024-25, Scottish Government, 9 December 2025: tables 10 and 11.

    The differences are the plain ones of means over authorities, worked out apart from this workbook: literacy −0.30
    from 2020-21 and +1.59 from 2018-19, numeracy −0.48 from 2020-21.
    """
    shutil.copyfile(shared / "data" / "acel" / "cfe_levels_2024_25.xlsx", tmp_path / "levels.xlsx")
    shutil.copyfile(root / "data" / "example" / "impact_plan.toml", tmp_path / "impact_plan.toml")
    place = follow(IMPACT, tmp_path, root)
    folder = place / "outputs" / "drafts" / "2022-23" / "impact_evaluation"
    assert manifest.verify(folder) == ()
    assert "invented" not in (folder / "report.html").read_text(encoding="utf-8").lower()
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert not results["invented"]
    pieces = results["pieces"]
    assert pieces["departures"]["numbers"] == {"departures": 0}
    found = {row["outcome"]: row for row in pieces["all-outcomes"]["rows"]}
    assert (found[LITERACY]["exposed"], found[LITERACY]["controls"]) == (11, 21)
    assert found[LITERACY]["estimate"] == pytest.approx(-0.30, abs=0.005)
    assert found[NUMERACY]["estimate"] == pytest.approx(-0.48, abs=0.005)
    varied = pieces["robust-table"]["rows"]
    base = next(row for row in varied if row["kind"] == "base years" and "2018-19" in row["how"])
    assert base["estimate"] == pytest.approx(1.59, abs=0.005)
    kinds = {row["kind"] for row in varied if row["estimate"] is not None}
    assert {"leave one out", "islands out", "joint reviews", "placebo years", "pupil weights"} <= kinds
    said = pieces["answer"]["text"]
    assert "no evidence of an effect" in said
    assert "not evidence that there is none" in said
    assert pieces["answer"]["numbers"]["smallest_detectable"] > 3


def test_a_new_period_brings_the_file_of_its_assurance_for_its_owner_alone(workspace):
    new_period("2022-23", settings_of(workspace))
    file = workspace / "data" / "private" / "assurance_2022-23.toml"
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("mine", encoding="utf-8")
    new_period("2023-24", settings_of(workspace))
    assert file.read_text(encoding="utf-8") == "mine"
