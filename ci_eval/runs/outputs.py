"""The outputs there are: whether each is still what its run wrote, whether it is up to date, and what is released."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ci_eval.inputs.problems import InputError
from ci_eval.inputs.text import printable
from ci_eval.runs import manifest
from ci_eval.runs.output_folder import RECORD, RELEASED, TIME, Place, last_holder
from ci_eval.runs.planning import OWN, Notebook, Plan, notebooks, plan
from ci_eval.runs.provenance import Basis, Library
from ci_eval.settings.declared_files import Checksum, sha256
from ci_eval.settings.evaluation import load

State = Literal[
    "up to date", "out of date", "running", "killed", "damaged", "not made", "cannot run", "released", "withdrawn"
]  # fmt: skip


@dataclass(frozen=True)
class OutputState:
    """One notebook's output for one period: what state it is in, and why."""

    period: str
    notebook: str
    state: State
    message: str
    folder: str


def up_to_date(folder: Path, basis: Basis) -> bool:
    """Whether the output in the folder was made from this basis and is still what its run wrote."""
    content = manifest.read(folder)
    if content is None or content.get("fingerprint") != basis.fingerprint:
        return False
    return not any(problem.stops for problem in manifest.verify(folder))


def status(settings: str = "", outputs: str = "") -> list[OutputState]:
    """A row for each output and each released version, in order of time; arguments as for `notebook_run.run`.

    Each period and notebook has a row, made or not. Other keys, such as other authorities, and an analyst's own copies
    have one where there is an output.

    Raises
    ------
    InputError
        If the settings cannot be used.
    """
    known = load(settings)
    folder = Path(outputs).resolve() if outputs else known.outputs
    library, checksum, read = Library.installed(), cache(sha256), cache(Notebook.read)
    rows: list[OutputState] = []
    for period in known.periods:
        for name in notebooks():
            of_one: dict[str, OutputState] = {}  # by its folder
            for asked, parameters in [(name, {}), *_others(folder, period.name, name)]:
                try:
                    planned = plan(known, period.name, read(asked), outputs=outputs, parameters=parameters)
                    row = state_of(planned, library, checksum)
                except InputError as error:
                    message = "; ".join(problem.message for problem in error.problems)
                    row = OutputState(period.name, asked, "cannot run", message, "")
                of_one[row.folder or asked] = row
            rows += [*of_one.values(), *_releases(folder / RELEASED / period.name / name, period.name)]
    return rows


def _others(outputs: Path, period: str, notebook: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What was run, and with which parameters, of a notebook's outputs for its keys and of its copies'."""
    for pattern in (f"{notebook}/*", f"*{OWN}", f"*{OWN}/*"):
        for folder in sorted((outputs / "drafts" / period).glob(pattern)):
            content = manifest.read(folder)
            if content is not None and content["basis"]["notebook"] == notebook:
                own = str(outputs / content["file"]) if content["file"] else notebook
                yield own, content["basis"]["parameters"]


def _releases(folder: Path, period: str) -> list[OutputState]:
    """The released versions of a report, its copies' among them; `ci-eval verify` says whether one has changed."""
    rows = []
    for file in folder.glob(f"v*.kept/{RECORD}"):
        record = json.loads(file.read_text(encoding="utf-8"))
        version = file.parent.with_suffix("")
        state: State = "withdrawn" if version.with_suffix(".withdrawn").is_dir() else "released"
        message = f"on {record['released_on']}, made by {record['notebook']}"
        rows.append(OutputState(period, f"{folder.name}/{version.name}", state, message, str(version)))
    return sorted(rows, key=lambda row: int(row.notebook.rpartition("/v")[2]))


def state_of(planned: Plan, library: Library, checksum: Checksum) -> OutputState:
    """The state of one output; other arguments as for `provenance.basis_of`."""
    place = planned.place
    folder = place.published
    content = manifest.read(folder)
    state: State = "not made"
    message = ""
    if content is not None:
        problems = [problem for problem in manifest.verify(folder) if problem.stops]
        changed = planned.basis(library, checksum).changed(content.get("basis") or {})
        made = f"made {_finished(content) or 'at a time not known'}"
        if problems:
            state, message = "damaged", " ".join(problem.message for problem in problems)
        elif changed:
            state, message = "out of date", f"{made}; changed since: {', '.join(changed)}"
        else:
            state, message = "up to date", f"{made}; every file as its run wrote it"
    parts = [message]
    if (failure := _last_failure(place)) and _time(failure.name) >= _time(_finished(content)):
        parts.append(f"a later run failed: {failure}")
    holder, held = last_holder(place.lock)
    if held:
        state = "running"
        parts.insert(0, holder)
    elif place.unfinished():
        state = "killed"
        parts.insert(0, f"the run of {holder or 'an unknown process'} ended without a word")
    text = "; ".join(part for part in parts if part)
    name = f"{place.notebook}/{place.key}" if place.key else place.notebook
    return OutputState(planned.period.name, name, state, text, str(place.destination))


def _finished(content: Mapping[str, Any] | None) -> str:
    return str(((content or {}).get("times") or {}).get("finished", ""))


def _time(written: str) -> float:
    """The moment that a manifest or the name of a failed run's folder gives; the beginning of time for none."""
    name = written.partition("-")[0] if written[8:9] == "T" else written
    try:
        return datetime.strptime(name, TIME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        try:
            return datetime.fromisoformat(written).timestamp()
        except ValueError:
            return 0.0


def _last_failure(place: Place) -> Path | None:
    """The newest failed run."""
    return max((path for path in place.failures.glob("*") if path.is_dir()), default=None)


def listing(rows: list[OutputState]) -> str:
    """The rows as text."""
    if not rows:
        return "There are no notebooks to run."
    width = max(len(f"{row.period} {row.notebook}") for row in rows)
    lines = "\n".join(
        f"{row.state:<11}  {f'{row.period} {row.notebook}':<{width}}  {row.message}".rstrip() for row in rows
    )
    return printable(lines)
