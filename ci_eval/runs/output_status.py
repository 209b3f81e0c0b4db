"""Which outputs stand, whether they are still what their run wrote, and whether they are up to date."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ci_eval.inputs.problems import InputError
from ci_eval.runs import manifest
from ci_eval.runs.planning import Plan, notebooks, plan
from ci_eval.settings.evaluation import load

State = Literal["up to date", "out of date", "damaged", "not made", "cannot run"]


@dataclass(frozen=True)
class Row:
    """One notebook's output for one period."""

    period: str
    notebook: str
    state: State
    message: str
    folder: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def status(settings: str = "", outputs: str = "") -> list[Row]:
    """A row for each period and notebook, in order of time; arguments as for `run.run`.

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
                rows.append(Row(period.name, name, "cannot run", message, ""))
            else:
                rows.append(_row(planned))
    return rows


def _row(planned: Plan) -> Row:
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
    return Row(planned.period.name, planned.place.notebook, state, message, str(folder))


def _last_failure(planned: Plan, folder: Path) -> Path | None:
    """The newest failed run, where nothing good has been made after it."""
    kept = sorted(path for path in planned.place.failures.glob("*") if path.is_dir())
    if not kept:
        return None
    made = folder / manifest.FILE
    newest = kept[-1]
    return newest if not made.is_file() or newest.stat().st_mtime > made.stat().st_mtime else None


def listing(rows: list[Row]) -> str:
    """The rows as text."""
    if not rows:
        return "There are no notebooks to run."
    width = max(len(f"{row.period} {row.notebook}") for row in rows)
    return "\n".join(
        f"{row.state:<11}  {f'{row.period} {row.notebook}':<{width}}  {row.message}".rstrip() for row in rows
    )
