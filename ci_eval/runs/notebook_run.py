"""One run of a notebook for a review period: plan, lock, copy, execute, check, manifest, one rename.

A failed run of any kind leaves the last good output as it was, and keeps its notebook and the reason under ``failed/``.
"""

import errno
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import InputError
from ci_eval.inputs.text import printable
from ci_eval.report import printing
from ci_eval.runs import manifest
from ci_eval.runs.failures import RunFailed, of_exception
from ci_eval.runs.normalising import drop_unpublished, machine_paths, normalise
from ci_eval.runs.output_folder import DOCUMENTS, KERNEL_LOG, NOTEBOOK, PAGE, PDF, locked
from ci_eval.runs.outputs import up_to_date
from ci_eval.runs.planning import Plan, plan
from ci_eval.runs.snapshot import FOLDER, copy_inputs
from ci_eval.settings.evaluation import load

if TYPE_CHECKING:
    from ci_eval.runs.execution import Detail

Say = Callable[[str], None]

LOG_WAIT = 1.0  # seconds a line of the log waits for its reader before it is left out
COMMAND_LIMIT = 60  # seconds a command of the settings may take
FULL = (errno.ENOSPC, errno.EDQUOT)


def run(
    period: str = "",
    notebook: str = "interim_evaluation",
    *,
    settings: str = "",
    outputs: str = "",
    force: bool = False,
    parameters: Mapping[str, object] | None = None,
    detail: "Detail" = "sections",
    say: Say | None = None,
) -> Path:
    """Make one notebook's output for one period, unless it is up to date; gives the output's folder.

    Parameters
    ----------
    period : name of the period; "" takes the latest declared
    notebook : name of a notebook in the workbook's ``notebooks`` folder, or the path of a copy (.ipynb)
    settings : settings file; "" takes the workbook's own
    outputs : folder to hold ``drafts/`` and ``failed/``; "" takes the settings' own
    force : run even if the output is up to date
    parameters : the notebook's further parameters
    detail : what is said: only what is out of the ordinary, or each section or cell as it starts, too
    say : takes each line; default prints it

    Raises
    ------
    InputError
        If the settings, the notebook or a parameter cannot be used; nothing was run.
    RunFailed
        If the outputs folder cannot be written, or the run gave no output.
    Locked
        If another run of it is under way.
    """
    say = say or log_line
    usual: Say = (lambda line: None) if detail == "notes" else say
    planned = plan(load(settings), period, notebook, outputs=outputs, parameters=parameters)
    planned.place.prepare()
    with locked(planned.place.lock, planned.title):
        for kept in planned.place.recover():
            say(f"An earlier run had ended without a word; what is left of it: {_from_here(kept)}")
        if not force and up_to_date(planned.place.destination, planned.basis()):
            usual(f"{planned.title} is up to date; nothing was run. (--force runs it all the same.)")
        else:
            _make(planned, say, usual, detail)
        page = planned.place.destination / PAGE
        usual(f"Open {_from_here(page)}  ({page.resolve().as_uri()})")
    return planned.place.destination


def _from_here(path: Path) -> str:
    """A path as a person in the current folder would write it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def log_line(line: str) -> None:
    """Print a line, unless nobody reads it: no report depends on its log."""
    try:
        if os.name == "posix" and not select.select([], [sys.stdout.fileno()], [], LOG_WAIT)[1]:
            return
        print(printable(line), flush=True)
    except (OSError, ValueError):
        return


def _make(planned: Plan, say: Say, usual: Say, detail: "Detail") -> None:
    place, started = planned.place, datetime.now(UTC)
    stopped = f"Stopped after the output was in its place: {_from_here(place.destination)}"
    usual(f"{planned.title}, with the settings of {_from_here(planned.settings.file)}")
    work, copies = place.new_work(), {str(place.drafts / "none"): ""}
    try:
        copy, copies = copy_inputs(planned, work)
        planned = replace(planned, settings=replace(load(copy), outputs=planned.settings.outputs))
        basis = planned.basis()
        cells = _execute(planned, work, say, detail)
        _check(work)
        if reason := printing.print_page(work / PAGE, work / PDF):
            say(reason)
        if changed := planned.basis().changed(basis.as_dict()):
            raise RunFailed(f"While the run was under way, this changed: {', '.join(changed)}. Run it again.")
        shutil.rmtree(work / FOLDER)
        times = _times(started)
        about = {"git": manifest.commit(workbook_root()), "times": times | {"cells": cells}}
        manifest.write(work, basis, file=planned.own_file, period=planned.period.name, **about)
        if aside := place.publish(work):
            say(
                f"Somebody had changed the last output or put files beside it; it is kept: {_from_here(aside)}"
            )
    except BaseException as error:
        times = _times(started)
        if work.exists() or not manifest.read(place.destination):
            _fail(planned, work, _reason(error, copies), times, say, error)
        say(stopped)
    try:
        _record(planned, "done", times)
        _tell(planned, planned.settings.on_success, "done", say)
    except (KeyboardInterrupt, SystemExit, OSError):
        say(stopped)
    usual(f"Done in {times['seconds']} s: {_from_here(place.destination)}")


def _fail(
    planned: Plan, work: Path, reason: str, times: Mapping[str, object], say: Say, error: BaseException
) -> None:
    """Keep what is left of a run, and raise what ended it."""
    place = planned.place
    try:
        kept = f"Kept: {_from_here(place.keep_failure(work, reason))}"
        place.prune_failures(planned.settings.keep_failures)
        _record(planned, "failed", times)
    except OSError as problem:
        kept = f"Nothing could be kept of it: {problem.strerror or problem}."
        shutil.rmtree(work, ignore_errors=True)
    _tell(planned, planned.settings.on_failure, "failed", say)
    ending = "The last good output is as it was." if manifest.read(place.destination) else ""
    page = f"FAILED {planned.title}\n{reason}\n{kept}\n{ending}".rstrip()
    if isinstance(error, Exception):
        raise RunFailed(page) from error
    say(page)
    raise error


def _times(started: datetime) -> dict[str, object]:
    finished = datetime.now(UTC)
    return {
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 1),
    }


def _record(planned: Plan, state: str, times: Mapping[str, object]) -> None:
    """Add the run to the history: one line a run, no data."""
    about = {"period": planned.period.name, "notebook": planned.place.notebook, "state": state, **times}
    with planned.place.history.open("a", encoding="utf-8") as history:
        history.write(json.dumps(about) + "\n")


def _tell(planned: Plan, command: tuple[str, ...], state: str, say: Say) -> None:
    """Run a command of the settings, which learns the run's state, period and notebook, and nothing else."""
    if not command:
        return
    about = {
        "CI_EVAL_STATE": state,
        "CI_EVAL_PERIOD": planned.period.name,
        "CI_EVAL_NOTEBOOK": planned.place.notebook,
    }
    try:
        done = subprocess.run(  # noqa: S603 (the person's own command)
            command, env={**os.environ, **about}, timeout=COMMAND_LIMIT, check=False, capture_output=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"The command {command[0]!r} of the settings could not be run: {type(error).__name__}.")
    else:
        if done.returncode:
            say(f"The command {command[0]!r} of the settings ended with {done.returncode}.")


def _execute(planned: Plan, work: Path, say: Say, detail: "Detail") -> list[float]:
    """Run the notebook; gives the seconds after which each cell started."""
    from ci_eval.runs import (
        execution,  # papermill takes half a second that an up-to-date output does not need
    )

    notebook = execution.read(planned.content)
    last = (manifest.read(planned.place.destination) or {}).get("times")
    progress = execution.Progress(notebook, say, detail, last)
    executed = execution.execute(
        notebook,
        work / NOTEBOOK,
        planned.parameters | {"settings": str(planned.settings.file), "output": str(work)},
        file=planned.file,
        timeout=planned.settings.cell_timeout,
        start_timeout=planned.settings.start_timeout,
        progress=progress,
    )
    (work / KERNEL_LOG).unlink(missing_ok=True)
    if cells := drop_unpublished(executed):
        say(
            f"Left out, because only pieces and releasable frames are kept: the outputs of {'; '.join(cells)}"
        )
    normalise(executed, machine_paths(work, workbook_root()), planned.parameters)
    execution.write(executed, work / NOTEBOOK)
    return progress.started


def _reason(error: BaseException, copies: Mapping[str, str]) -> str:
    """Why a run ended, with the person's own files for the run's copies of them."""
    if isinstance(error, OSError) and error.errno in FULL:
        return f"The disk is full: {error.filename or 'a file of the run'} could not be written."
    if isinstance(error, RunFailed | InputError):
        text = str(error)
    elif isinstance(error, Exception):
        text = of_exception(error)
    else:
        return f"The run was stopped from outside ({type(error).__name__})."
    for copied, own in copies.items():
        text = text.replace(copied, own)
    full = any(f"[Errno {number}]" in text for number in FULL)
    return f"{text}\nThe disk is full. Fix: free some of it, and run again." if full else text


def _check(work: Path) -> None:
    """The documents are there, no file is empty, and what calls itself JSON is JSON."""
    if missing := [name for name in DOCUMENTS if not (work / name).is_file()]:
        raise RunFailed(
            f"The notebook left no {' and no '.join(missing)}.\nFix: end it with a cell that calls book.close()."
        )
    made = (file for file in work.rglob("*") if FOLDER not in file.relative_to(work).parts)
    for file in sorted(file for file in made if file.is_file()):
        if file.stat().st_size == 0:
            raise RunFailed(f"{file.relative_to(work)} is empty.")
        if file.suffix == ".json":
            try:
                json.loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise RunFailed(f"{file.relative_to(work)} is not valid JSON: {error}.") from error
