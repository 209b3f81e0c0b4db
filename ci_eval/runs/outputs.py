"""The outputs there are: whether each is still what its run wrote, and whether it is up to date."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ci_eval.inputs.problems import InputError
from ci_eval.runs import manifest
from ci_eval.runs.planning import Plan, notebooks, plan
from ci_eval.runs.provenance import Basis
from ci_eval.settings.evaluation import load

State = Literal["up to date", "out of date", "damaged", "not made", "cannot run"]


@dataclass(frozen=True)
class OutputState:
    """One notebook's output for one period: what state it is in, and why."""

    period: str
    notebook: str
    state: State
    message: str
    folder: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def up_to_date(folder: Path, basis: Basis) -> bool:
    """Whether the output in the folder was made from this basis and is still what its run wrote."""
    content = manifest.read(folder)
    if content is None or content.get("fingerprint") != basis.fingerprint:
        return False
    return not any(problem.stops for problem in manifest.verify(folder))


def status(settings: str = "", outputs: str = "") -> list[OutputState]:
    """A row for each period and notebook, in order of time; arguments as for `notebook_run.run`.

    Raises
    ------
    InputError
        If the settings cannot be used.
    """
    rows = []
    for period in load(settings).periods:
        for name in notebooks():
            try:
                planned = plan(period.name, name, settings=settings, outputs=outputs, parameters={})
            except InputError as error:
                message = "; ".join(problem.message for problem in error.problems)
                rows.append(OutputState(period.name, name, "cannot run", message, ""))
            else:
                rows.append(_state(planned))
    return rows


def _state(planned: Plan) -> OutputState:
    folder = planned.place.destination
    content = manifest.read(folder)
    state: State = "not made"
    message = ""
    if content is not None:
        problems = [problem for problem in manifest.verify(folder) if problem.stops]
        changed = planned.basis().changed(content.get("basis") or {})
        made = f"made {(content.get('times') or {}).get('finished', 'at a time not known')}"
        if problems:
            state, message = "damaged", " ".join(problem.message for problem in problems)
        elif changed:
            state, message = "out of date", f"{made}; changed since: {', '.join(changed)}"
        else:
            state, message = "up to date", f"{made}; every file as its run wrote it"
    failure = _last_failure(planned, folder)
    if failure is not None:
        message = "; ".join(part for part in (message, f"a later run failed: {failure}") if part)
    return OutputState(planned.period.name, planned.place.notebook, state, message, str(folder))


def _last_failure(planned: Plan, folder: Path) -> Path | None:
    """The newest failed run, where nothing good has been made after it."""
    kept = sorted(path for path in planned.place.failures.glob("*") if path.is_dir())
    if not kept:
        return None
    made = folder / manifest.FILE
    newest = kept[-1]
    return newest if not made.is_file() or newest.stat().st_mtime > made.stat().st_mtime else None


def listing(rows: list[OutputState]) -> str:
    """The rows as text."""
    if not rows:
        return "There are no notebooks to run."
    width = max(len(f"{row.period} {row.notebook}") for row in rows)
    return "\n".join(
        f"{row.state:<11}  {f'{row.period} {row.notebook}':<{width}}  {row.message}".rstrip() for row in rows
    )
