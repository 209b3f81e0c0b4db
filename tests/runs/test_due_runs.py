"""What is due is made, what is not is left, and exit codes tell the endings apart."""

import json
from datetime import date

import nbformat
import pytest

from ci_eval import cli
from ci_eval.runs import notebook_run
from ci_eval.runs.due_runs import due
from ci_eval.runs.many_runs import run_each
from ci_eval.runs.notebook_run import run
from ci_eval.runs.output_folder import locked

BETWEEN, AFTER = date(2022, 12, 1), date(2024, 1, 1)


@pytest.fixture
def scheduled(write_notebook):
    def write(cells, name="tiny"):
        file = write_notebook(cells, name)
        notebook = nbformat.read(file, as_version=4)
        notebook.metadata["ci_eval"] = {"notebook": name, "due_with": "survey"}
        nbformat.write(notebook, file)

    return write


def waiting(today, **options):
    return [(one.period, one.notebook) for one in due(today=today, **options)]


def test_what_has_come_due_is_made_once_and_a_missed_period_is_caught_up(workbook, scheduled, monkeypatch):
    scheduled(["1"])
    assert waiting(date(2022, 6, 29)) == []
    assert waiting(BETWEEN) == [("2021-22", "tiny")]
    assert waiting(AFTER) == [("2021-22", "tiny"), ("2022-23", "tiny")]
    assert waiting(BETWEEN, every=True) == waiting(AFTER)
    assert [one.state for one in run_each(due(today=AFTER), say=lambda line: None)] == ["done", "done"]
    lines = []
    monkeypatch.setattr(notebook_run, "log_line", lines.append)
    assert cli.main(["run", "--due"]) == 0
    assert lines == ["Nothing is due."]


def test_a_notebook_that_says_nothing_and_a_period_without_its_file_wait(workbook, write_notebook, scheduled):
    write_notebook(["1"], "explore_tiny")
    scheduled(["1"])
    settings = workbook / "data" / "evaluation.toml"
    survey = '[periods."2022-23".survey]\nfile = "to come.csv"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + survey, encoding="utf-8")
    assert waiting(AFTER) == [("2021-22", "tiny")]
    (settings.parent / "to come.csv").write_text("a\n", encoding="utf-8")
    assert waiting(AFTER) == [("2021-22", "tiny"), ("2022-23", "tiny")]


def test_one_failure_leaves_the_others_to_be_made_and_the_exit_code_says_so(workbook, scheduled, capsys):
    scheduled(["assert period == '2021-22'"])
    assert cli.main(["run", "--due", "--quiet"]) == 6
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("FAILED tiny for 2022-23")) == ("", 1)
    assert cli.main(["run", "--all"]) == 4
    scheduled(["1"])
    place = workbook / "outputs" / "drafts" / "2022-23" / ".tiny.lock"
    run("2021-22", "tiny", say=lambda line: None)
    with locked(place, "it"):
        assert cli.main(["run", "--due"]) == 5
        assert cli.main(["run", "--period", "2022-23", "--notebook", "tiny"]) == 5
        (_, row) = status(capsys)
        assert row["state"] == "running"
    assert cli.main(["run", "--due"]) == 0
    assert cli.main(["run", "--due", "--period", "2021-22"]) == 2


def test_status_says_killed_until_the_next_run(workbook, scheduled, capsys):
    scheduled(["1"])
    run("2021-22", "tiny", say=lambda line: None)
    drafts = workbook / "outputs" / "drafts" / "2021-22"
    (drafts / ".work-tiny.0badc0de").mkdir()
    (drafts / ".tiny.lock").write_text("process 12, since 2023-01-01 10:00:00 UTC", encoding="utf-8")
    (row, _) = status(capsys)
    assert row["state"] == "killed"
    assert "process 12, since 2023-01-01 10:00:00 UTC" in row["message"]
    run("2021-22", "tiny", say=lambda line: None)
    (row, _) = status(capsys)
    assert row["state"] == "up to date"


def test_between_two_renames_an_output_is_not_called_unmade(workbook, scheduled, capsys):
    scheduled(["1"])
    folder = run("2021-22", "tiny", say=lambda line: None)
    folder.rename(folder.with_name(".old-tiny"))
    (row, _) = status(capsys)
    assert row["state"] == "up to date"


def status(capsys):
    capsys.readouterr()
    cli.main(["status", "--json"])
    return json.loads(capsys.readouterr().out)
