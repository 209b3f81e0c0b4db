"""Schedules: what is printed can be installed, what is installed can be removed, and nothing of the person's is touched."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ci_eval import cli
from ci_eval.inputs.problems import InputError
from ci_eval.runs import schedules

FAKE = """#!/bin/sh
if [ "$1" = "-l" ]; then cat "$CRONTAB" 2>/dev/null; exit $?; fi
cat > "$CRONTAB"
"""
ODD = Path("/an evaluation/50% of it/evaluation.toml")


@pytest.fixture
def crontab(tmp_path, monkeypatch):
    """A crontab of the test's own behind the name of the real command."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "crontab").write_text(FAKE, encoding="utf-8")
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    file = tmp_path / "table"
    monkeypatch.setenv("CRONTAB", str(file))
    return file


def test_cron_gets_one_line_however_often_it_is_installed_and_keeps_the_persons_own(crontab, tmp_path):
    crontab.write_text("0 1 * * * my-own-job\n", encoding="utf-8")
    for _ in range(2):
        schedules.install("cron", tmp_path / "evaluation.toml")
    lines = crontab.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "0 1 * * * my-own-job"
    assert len(lines) == 2
    schedules.remove("cron")
    assert crontab.read_text(encoding="utf-8") == "0 1 * * * my-own-job\n"


def test_the_line_of_cron_is_a_command_that_a_shell_can_run():
    line = schedules.crontab_line(ODD)
    assert "%" not in line.replace(r"\%", "")  # cron ends a command at a bare one
    command = line.split(" * * * ", 1)[1].replace(r"\%", "%")
    done = subprocess.run(["sh", "-n", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_the_unit_files(tmp_path):
    settings = tmp_path / "50% of it" / "evaluation.toml"
    settings.parent.mkdir()
    for name, text in schedules.systemd(settings).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / name) for name in schedules.systemd(settings)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *files],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_timer_makes_up_for_a_day_when_the_machine_was_off():
    timer = schedules.systemd(ODD)["ci-eval.timer"]
    assert "Persistent=true" in timer
    assert "50%% of it" in schedules.systemd(ODD)["ci-eval.service"]


def refused(file: Path) -> str:
    """What the published schema of workflow files has against one; "" for nothing."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_the_workflow_keeps_to_the_published_schema(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "reports.yml"
    text = schedules.workflow(tmp_path / "it's: #1" / "evaluation.toml")
    file.write_text(text, encoding="utf-8")
    assert refused(file) == ""
    file.write_text(text.replace("runs-on", "runs-where"), encoding="utf-8")
    assert "runs-where" in refused(file)
    steps = yaml.safe_load(text)["jobs"]["due"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert shlex.split(commands[-1])[-1] == "it's: #1/evaluation.toml"


def test_a_machine_without_the_scheduler_is_told_so_and_nothing_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="This machine has no crontab"):
        schedules.install("cron", tmp_path / "evaluation.toml")


def test_the_command_prints_all_three(workbook, capsys):
    assert cli.main(["schedule"]) == 0
    printed = capsys.readouterr().out
    for words in ("ci-eval.timer", "crontab -e", "reports.yml", "run --due"):
        assert words in printed
