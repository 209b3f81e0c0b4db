"""``ci-eval run`` over the real interim notebook, for both periods of the example data, as users type it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ci_eval.report import printing
from ci_eval.runs import manifest
from ci_eval.runs.draft_claims import check_draft

pytestmark = pytest.mark.slow

PERIODS = ("2021-22", "2022-23")
NOTEBOOK = "interim_evaluation"
# Times and the folder's own name are the manifest's to tell; everything else is the same bytes.
TOLD_ONCE = {"manifest.json"}


def ci_eval(root, *arguments):
    called = [sys.executable, "-m", "ci_eval.cli", *arguments]
    return subprocess.run(called, cwd=root, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def runs(example_outputs):
    """Outputs folder, and what the run of each period printed."""
    said = {period: example_outputs(period) for period in PERIODS}
    return said["2021-22"][0], {period: printed for period, (_, printed) in said.items()}


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_gives_its_report_and_says_which_page_to_open(runs, period):
    outputs, said = runs
    folder = outputs / "drafts" / period / NOTEBOOK
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        "report.html",
        "report.docx",
        "annex.docx",
        "tables.xlsx",
        "results.json",
        "figures",
        "notebook.ipynb",
        "manifest.json",
    }
    assert any((folder / "figures").iterdir())
    assert ("report.pdf" in names) == bool(printing.browser())
    assert ("No PDF was made" in said[period]) == (not printing.browser())
    last = said[period].splitlines()[-1]
    assert last.startswith("Open ")
    assert (folder / "report.html").as_uri() in last
    assert manifest.verify(folder) == ()


@pytest.mark.parametrize(
    ("notebook", "period", "most"),
    [(NOTEBOOK, "2021-22", 8), (NOTEBOOK, "2022-23", 8), ("impact_evaluation", "2022-23", 4)],
)
def test_a_report_prints_on_no_more_sheets_than_its_readers_have_time_for(
    notebook, period, most, example_outputs, browser
):
    outputs, _ = example_outputs(period, notebook)
    printed = (outputs / "drafts" / period / notebook / "report.pdf").read_bytes()
    assert 1 < int(re.search(rb"/Type /Pages\n/Count (\d+)", printed)[1]) <= most


@pytest.mark.parametrize("period", PERIODS)
def test_progress_names_every_section(runs, period):
    _, said = runs
    for question in ("Main points", "What did they say?", "How was this made?"):
        assert f"] {question}" in said[period]


@pytest.mark.parametrize("period", PERIODS)
def test_a_report_shows_no_folder_of_this_machine(root, runs, period):
    folder = runs[0] / "drafts" / period / NOTEBOOK
    for file in folder.rglob("*"):
        if file.suffix in (".html", ".json", ".ipynb", ".svg"):
            text = file.read_text(encoding="utf-8")
            for path in (root, Path(sys.prefix), runs[0]):
                assert str(path) not in text, file.name


def test_the_results_of_a_period_are_its_own(runs):
    results = {
        period: json.loads(
            (runs[0] / "drafts" / period / NOTEBOOK / "results.json").read_text(encoding="utf-8")
        )
        for period in PERIODS
    }
    assert {period: content["period"] for period, content in results.items()} == {p: p for p in PERIODS}
    assert all(content["invented"] for content in results.values())


def test_running_again_does_nothing(root, runs):
    outputs, _ = runs
    folder = outputs / "drafts" / "2021-22" / NOTEBOOK
    before = (folder / "manifest.json").read_bytes()
    called = ci_eval(root, "run", "--period", "2021-22", "--output", str(outputs))
    assert called.returncode == 0
    assert "up to date; nothing was run" in called.stdout
    assert (folder / "manifest.json").read_bytes() == before


def test_two_runs_give_the_same_bytes(root, runs, tmp_path, monkeypatch):
    # Another folder, another time zone and another hash seed: none of them may show.
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    called = ci_eval(root, "run", "--period", "2022-23", "--output", str(tmp_path / "elsewhere"))
    assert called.returncode == 0, called.stdout + called.stderr
    first = contents(runs[0] / "drafts" / "2022-23" / NOTEBOOK)
    second = contents(tmp_path / "elsewhere" / "drafts" / "2022-23" / NOTEBOOK)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in TOLD_ONCE
    }


def test_check_passes_on_the_example_data(root):
    called = ci_eval(root, "check", "--json")
    rows = json.loads(called.stdout)
    assert called.returncode == 0, called.stdout
    assert {row["check"] for row in rows} >= {"settings", "programme", "survey 2021-22", "survey 2022-23"}


def test_status_calls_both_outputs_up_to_date(root, runs):
    called = ci_eval(root, "status", "--json", "--output", str(runs[0]))
    states = {row["period"]: row["state"] for row in json.loads(called.stdout) if row["notebook"] == NOTEBOOK}
    assert states == dict.fromkeys(PERIODS, "up to date")


def test_a_survey_that_cannot_be_loaded_is_its_page_and_leaves_no_output(root, tmp_path):
    (tmp_path / "survey.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "evaluation.toml").write_text(
        '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n'
        '[periods."2021-22".survey]\nfile = "survey.csv"\n',
        encoding="utf-8",
    )
    called = ci_eval(root, "run", "--settings", str(tmp_path / "evaluation.toml"))
    assert called.returncode == 4
    assert "survey.csv" in called.stderr
    assert "Fix: " in called.stderr
    assert "Traceback" not in called.stderr
    assert not (tmp_path / "outputs" / "drafts" / "2021-22" / NOTEBOOK).exists()
    assert len(list((tmp_path / "outputs" / "failed" / "2021-22" / NOTEBOOK).iterdir())) == 1


def test_a_period_without_a_survey_still_gives_a_report(root, tmp_path, monkeypatch):
    monkeypatch.setenv(printing.BROWSER, "none")
    (tmp_path / "evaluation.toml").write_text(
        '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n', encoding="utf-8"
    )
    called = ci_eval(root, "run", "--settings", str(tmp_path / "evaluation.toml"))
    assert called.returncode == 0, called.stdout + called.stderr
    page = (tmp_path / "outputs" / "drafts" / "2021-22" / NOTEBOOK / "report.html").read_text(
        encoding="utf-8"
    )
    assert "survey" in page


@pytest.mark.parametrize("period", PERIODS)
def test_no_sentence_of_the_report_is_contradicted_by_its_own_results(runs, period):
    outputs, _ = runs
    draft = outputs / "drafts" / period / NOTEBOOK / "report.docx"
    rows = check_draft(str(draft), period, outputs=str(outputs))
    assert [row for row in rows if row.result == "contradicted"] == []
    assert sum(row.result == "supported" for row in rows) > 20
