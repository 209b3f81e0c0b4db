"""One run of a notebook for a review period: plan, lock, execute, check, manifest, one rename.

A failed run of any kind leaves the last good output as it was, and keeps its notebook and the reason under ``failed/``.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import InputError
from ci_eval.report import printing
from ci_eval.runs import manifest
from ci_eval.runs.failures import RunFailed
from ci_eval.runs.normalising import drop_unpublished, machine_paths, normalise
from ci_eval.runs.output_folder import DOCUMENTS, KERNEL_LOG, NOTEBOOK, PAGE, PDF, locked
from ci_eval.runs.outputs import up_to_date
from ci_eval.runs.planning import Plan, plan
from ci_eval.runs.provenance import Basis

Say = Callable[[str], None]


def run(
    period: str = "",
    notebook: str = "interim_evaluation",
    *,
    settings: str = "",
    outputs: str = "",
    force: bool = False,
    parameters: Mapping[str, object] | None = None,
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
    say : takes each line of progress; default prints it

    Raises
    ------
    InputError
        If the settings, the notebook or a parameter cannot be used; nothing was run.
    RunFailed
        If the outputs folder cannot be written, another run of it is under way, or the run gave no output.
    """
    say = say or _print
    planned = plan(period, notebook, settings=settings, outputs=outputs, parameters=parameters or {})
    planned.place.prepare()
    with locked(planned.place.lock, planned.title):
        for kept in planned.place.recover():
            say(f"An earlier run had ended without a word; what is left of it: {_from_here(kept)}")
        basis = planned.basis()
        if not force and up_to_date(planned.place.destination, basis):
            say(f"{planned.title} is up to date; nothing was run. (--force runs it all the same.)")
        else:
            _make(planned, basis, say)
        page = planned.place.destination / PAGE
        say(f"Open {_from_here(page)}  ({page.resolve().as_uri()})")
    return planned.place.destination


def _from_here(path: Path) -> str:
    """A path as a person in the current folder would write it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _print(line: str) -> None:
    print(line, flush=True)


def _make(planned: Plan, basis: Basis, say: Say) -> None:
    place, started = planned.place, datetime.now(UTC)
    say(f"{planned.title}, with the settings of {_from_here(planned.settings.file)}")
    work = place.new_work()
    try:
        _execute(planned, work, say)
        _check(work)
        if reason := printing.print_page(work / PAGE, work / PDF):
            say(reason)
        if changed := planned.basis().changed(basis.as_dict()):
            raise RunFailed(f"While the run was under way, this changed: {', '.join(changed)}. Run it again.")
        finished = datetime.now(UTC)
        times = {
            "started": started.isoformat(timespec="seconds"),
            "finished": finished.isoformat(timespec="seconds"),
            "seconds": round((finished - started).total_seconds(), 1),
        }
        git = manifest.commit(workbook_root())
        manifest.write(work, basis, period=planned.period.name, git=git, times=times)
        place.publish(work)
    except BaseException as error:
        reason = _reason(error)
        kept = place.keep_failure(work, reason)
        ending = "The last good output is as it was." if manifest.read(place.destination) else ""
        page = f"FAILED {planned.title}\n{reason}\nKept: {_from_here(kept)}\n{ending}".rstrip()
        if isinstance(error, Exception):
            raise RunFailed(page) from error
        say(page)
        raise
    say(f"Done in {times['seconds']} s: {_from_here(place.destination)}")


def _execute(planned: Plan, work: Path, say: Say) -> None:
    from ci_eval.runs import (
        execution,  # papermill takes half a second that an up-to-date output does not need
    )

    executed = execution.execute(
        execution.read(planned.content),
        work / NOTEBOOK,
        planned.parameters | {"settings": str(planned.settings.file), "output": str(work)},
        file=planned.file,
        timeout=planned.settings.cell_timeout,
        say=say,
    )
    (work / KERNEL_LOG).unlink(missing_ok=True)
    if cells := drop_unpublished(executed):
        say(
            f"Left out, because only pieces and releasable frames are kept: the outputs of {'; '.join(cells)}"
        )
    normalise(executed, machine_paths(work, workbook_root()), planned.parameters)
    execution.write(executed, work / NOTEBOOK)


def _reason(error: BaseException) -> str:
    if isinstance(error, RunFailed | InputError):
        return str(error)
    if isinstance(error, Exception):
        return f"{type(error).__name__}: {error}"
    return f"The run was stopped from outside ({type(error).__name__})."


def _check(work: Path) -> None:
    """The documents are there, no file is empty, and what calls itself JSON is JSON."""
    if missing := [name for name in DOCUMENTS if not (work / name).is_file()]:
        raise RunFailed(
            f"The notebook left no {' and no '.join(missing)}.\nFix: end it with a cell that calls book.close()."
        )
    for file in sorted(file for file in work.rglob("*") if file.is_file()):
        if file.stat().st_size == 0:
            raise RunFailed(f"{file.relative_to(work)} is empty.")
        if file.suffix == ".json":
            try:
                json.loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise RunFailed(f"{file.relative_to(work)} is not valid JSON: {error}.") from error
