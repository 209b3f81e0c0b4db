"""Schedules for ``ci-eval run --due``, on what a machine has: a systemd user timer, cron, or a CI service's workflow.

A run missed while the machine was off is made at the next: the timer is persistent, and ``--due`` goes by the outputs.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ci_eval.inputs.problems import refuse

NAME = "ci-eval"
MARK = "# ci-eval: made by ci-eval schedule"
HOUR, MINUTE = 6, 30
_SERVICE, _TIMER = f"{NAME}.service", f"{NAME}.timer"


def command(settings: Path) -> list[str]:
    """What a schedule runs: this interpreter's ci-eval, for these settings."""
    return [sys.executable, "-m", "ci_eval.cli", "run", "--due", "--quiet", "--settings", str(settings)]


def systemd(settings: Path) -> dict[str, str]:
    """The two unit files by name: a service that runs what is due, and a timer for it every day.

    Examples
    --------
    >>> "Persistent=true" in systemd(Path("/evaluation/evaluation.toml"))["ci-eval.timer"]
    True
    """
    words = " ".join(f'"{word}"'.replace("%", "%%").replace("$", "$$") for word in command(settings))
    service = f"""\
[Unit]
Description=Make the reports of the evaluation that are due

[Service]
Type=oneshot
WorkingDirectory={str(settings.parent).replace("%", "%%")}
ExecStart={words}
"""
    timer = f"""\
[Unit]
Description=Look every day whether a report of the evaluation is due

[Timer]
OnCalendar=*-*-* {HOUR:02d}:{MINUTE:02d}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {_SERVICE: service, _TIMER: timer}


def crontab_line(settings: Path) -> str:
    """One line of a crontab; a day on which the machine is off is made up for by the next.

    Examples
    --------
    >>> crontab_line(Path("/evaluation/evaluation.toml")).startswith("30 6 * * * cd /evaluation && ")
    True
    """
    run = f"cd {shlex.quote(str(settings.parent))} && {shlex.join(command(settings))}"
    return f"{MINUTE} {HOUR} * * * {run}  {MARK}".replace("%", r"\%")


def workflow(settings: Path) -> str:
    """A workflow file for a CI service that reads those of GitHub: every Monday, and by hand.

    `settings` is named relative to the repository, since nothing of this machine is there.
    """
    named = settings.relative_to(Path.cwd()) if settings.is_relative_to(Path.cwd()) else Path(settings.name)
    install = "pip install --constraint constraints.txt ."
    if not Path("constraints.txt").is_file():
        install = "pip install ./*.whl  # the workbook's wheel, which you keep in this repository"
    return f"""\
name: Reports that are due
on:
  schedule:
    - cron: "{MINUTE} {HOUR} * * 1"
  workflow_dispatch:
permissions:
  contents: read
jobs:
  due:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: {install}
      - run: {json.dumps("ci-eval run --due --settings " + shlex.quote(named.as_posix()))}
      - uses: actions/upload-artifact@v4
        with:
          name: drafts
          path: outputs/drafts
"""


def listing(settings: Path) -> str:
    """All three, each under the place where it belongs."""
    units = [f"# ~/.config/systemd/user/{name}\n{text}" for name, text in systemd(settings).items()]
    cron = f"# a line of your crontab (crontab -e)\n{crontab_line(settings)}\n"
    return "\n".join([*units, cron, f"# .github/workflows/reports.yml\n{workflow(settings)}"])


def install(kind: str, settings: Path) -> list[str]:
    """Install a schedule for the person who runs this; gives what was done, a line each.

    Raises
    ------
    InputError
        If the machine has no such scheduler.
    """
    if kind == "cron":
        _crontab([*_without_ours(), crontab_line(settings)])
        return ["One line was added to your crontab."]
    done = []
    folder = _unit_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in systemd(settings).items():
        (folder / name).write_text(text, encoding="utf-8")
        done.append(f"Written: {folder / name}")
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", _TIMER)
    return [*done, f"The timer {_TIMER} is on."]


def remove(kind: str) -> list[str]:
    """Remove what `install` made, and nothing else; gives what was done, a line each."""
    if kind == "cron":
        _crontab(_without_ours())
        return ["The line of ci-eval is out of your crontab."]
    _systemctl("disable", "--now", _TIMER)
    for name in (_SERVICE, _TIMER):
        (_unit_folder() / name).unlink(missing_ok=True)
    return [f"The timer {_TIMER} is off, and its files are removed."]


def _unit_folder() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(home) if home else Path.home() / ".config") / "systemd" / "user"


def _systemctl(*arguments: str) -> None:
    _called(["systemctl", "--user", *arguments], "systemd")


def _without_ours() -> list[str]:
    """The lines of the person's crontab, without ours."""
    listed = _called(["crontab", "-l"], "cron", may_fail=True)
    return [line for line in listed.splitlines() if not line.endswith(MARK)]


def _crontab(lines: list[str]) -> None:
    _called(["crontab", "-"], "cron", text="".join(f"{line}\n" for line in lines))


def _called(words: list[str], kind: str, *, text: str | None = None, may_fail: bool = False) -> str:
    """What a scheduler's own command says; InputError where it is not there or refuses."""
    environment: Mapping[str, str] = {**os.environ, "LC_ALL": "C"}
    if shutil.which(words[0]) is None:
        _refuse(kind, f"This machine has no {words[0]}.")
    done = subprocess.run(words, input=text, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    if done.returncode and not may_fail:
        said = (done.stderr or done.stdout).strip().splitlines()
        _refuse(kind, f"{' '.join(words)} ended with {done.returncode}{f': {said[0]}' if said else ''}.")
    return done.stdout


def _refuse(kind: str, message: str) -> None:
    fix = "Leave --install out, and put what is printed where your scheduler reads it."
    refuse(f"CANNOT INSTALL a schedule with {kind}: nothing was changed", "schedule", message, fix=fix)
