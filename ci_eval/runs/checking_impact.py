"""The inputs of the impact evaluation, checked without estimating anything: outcomes, plan, and other facts of councils.

Rows are (check, result, message, source), as `checking.Row` takes them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

from ci_eval import programme
from ci_eval.impact.plan import departures
from ci_eval.problems import InputError, Problem
from ci_eval.runs.council_facts import read_covariates, read_officers
from ci_eval.runs.impact_table import Impact, OutcomesFile
from ci_eval.runs.opening_impact import read_file
from ci_eval.runs.plan_command import usable_plan
from ci_eval.runs.plan_file import COMMAND, read_frozen
from ci_eval.runs.settings import Settings

Result = Literal["PASS", "WARN", "FAIL"]
Found = tuple[str, Result, str, str]
Loaded = TypeVar("Loaded")

_RESULTS: dict[str, Result] = {"NOTE": "PASS", "WARN": "WARN", "ASK": "FAIL", "REJECT": "FAIL"}


def impact(settings: Settings, declared: Impact) -> Iterator[Found]:
    """Every row of the impact's inputs."""
    rows: list[Found] = []
    register = _stage([], "programme", lambda: programme.load_register(settings.programme))
    if register is None:
        yield "impact", "FAIL", "Not looked at: the register cannot be read.", ""
        return
    councils = register.councils
    for file in declared.outcomes:
        rows.extend(_outcomes(file, councils))
    unread = any(result == "FAIL" for _, result, _, _ in rows)
    yield from rows
    if unread:
        yield "plan", "FAIL", "Not looked at: an outcomes file cannot be read.", declared.plan.name
    else:
        yield from _plan(settings, declared.plan)
    facts: list[tuple[str, Path | None, Callable[[Path], object]]] = [
        ("officers", declared.officers, lambda file: read_officers(file, register)),
        ("covariates", declared.covariates, lambda file: read_covariates(file, councils)),
    ]
    for name, given, reader in facts:
        if given is not None:
            yield from _fact(name, given, reader)


def _outcomes(file: OutcomesFile, councils: programme.Councils) -> Iterator[Found]:
    rows: list[Found] = []
    name = f"outcomes {file.name}"
    read = _stage(rows, name, lambda: read_file(file, councils))
    if read is not None:
        record = read.record
        lacking = sum(record.missing.values())
        message = (
            f"{record.rows_in:,} {record.counted}, {record.used:,} used, {lacking:,} of them without a number; "
            f"{len(read.measures):,} measures; {record.description}."
        )
        rows.append((name, "PASS", message, file.file.name))
        rows.extend(_row(name, note) for note in record.notes)
    yield from rows


def _plan(settings: Settings, file: Path) -> Iterator[Found]:
    rows: list[Found] = []
    plan = _stage(rows, "plan", lambda: usable_plan(settings))
    if plan is not None:
        rows.append(
            ("plan", "PASS", "Every setting is there, and the planned effect can be estimated.", file.name)
        )
        before = len(rows)
        frozen = _stage(rows, "plan", lambda: read_frozen(file))
        if frozen is not None:
            changed = [one.key for one in departures(frozen.plan, plan.plan)]
            message = f"Frozen on {frozen.frozen_on}"
            message += (
                f"; since then changed: {', '.join(changed)}." if changed else ", and not departed from."
            )
            rows.append(("plan: frozen", "WARN" if changed else "PASS", message, file.name))
        elif len(rows) == before:
            mend = f"{COMMAND}, with --settings where they are your own."
            message = f"Not frozen: outcomes of exposed years stay closed.\nMend: {mend}"
            rows.append(("plan: frozen", "WARN", message, file.name))
    yield from rows


def _fact(name: str, file: Path, reader: Callable[[Path], object]) -> Iterator[Found]:
    rows: list[Found] = []
    if _stage(rows, name, lambda: reader(file)) is not None:
        rows.append((name, "PASS", "Can be read.", file.name))
    yield from rows


def _stage(rows: list[Found], name: str, loader: Callable[[], Loaded]) -> Loaded | None:
    try:
        return loader()
    except InputError as error:
        rows.extend(_row(name, problem) for problem in error.problems)
        return None


def _row(name: str, problem: Problem) -> Found:
    mend = f"\nMend: {problem.mend}" if problem.mend else ""
    return f"{name}: {problem.check}", _RESULTS[problem.level], f"{problem.message}{mend}", problem.where
