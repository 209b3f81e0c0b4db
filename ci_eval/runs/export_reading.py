"""What ``ci-eval read`` does: one export read by itself, its rows accounted for, its responses as one table.

The cells are what was answered, unaltered: a comment that begins like a formula stays as it was written, because
a table that other programs read must not hold what nobody wrote. Whoever opens it in a spreadsheet is warned.

A loader's question is answered by a setting of the period, or here by a flag; the message names both.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from ci_eval import programme
from ci_eval.inputs.personal_data import name as shown_name
from ci_eval.inputs.problems import InputError, Problem, refuse
from ci_eval.inputs.text import printable
from ci_eval.runs import work_lists
from ci_eval.settings.evaluation import load as load_settings
from ci_eval.survey import LoadRecord, SurveySettings, load

FORMULA_STARTS = ("=", "+", "-", "@", "\t")
# RFC 4180; it also makes the writer put a cell with a line end of either kind between quotation marks.
LINE_END = "\r\n"
_TIMESTAMPS = ("started", "ended")
_DATE_ORDER = "--date-order day-first (or month-first)"
_FLAGS = {
    "dates-ambiguous": _DATE_ORDER,
    "partials-undecided": "--partials keep (or leave-out)",
    "sheet-unclear": "--sheet NAME",
    "sheet-missing": "--sheet NAME",
    "key-missing": "--key FILE",
    "key-of-another-export": "--key FILE",
    "codes-without-key": "--key FILE",
    "headings-without-key": "--key FILE",
    "tool-unknown": "--tool NAME",
    "tool-not-found": "--tool NAME",
}
"""Check → the flag of the command that answers it."""


def read(
    file: str,
    *,
    period: str = "",
    settings: str = "",
    flags: Mapping[str, Any],
    out: str = "",
    force: bool = False,
) -> tuple[LoadRecord, list[Problem]]:
    """Load the export and, where wanted, write its responses.

    Parameters
    ----------
    file : the export
    period : take what the settings declare of this period's survey
    settings : settings file; "" is the workbook's own
    flags : fields of `SurveySettings` given on the command line; they go before the period's
    out : csv for the responses; the work list is written beside it
    force : whether `out` may be replaced

    Returns
    -------
    (record of the load, every problem that did not stop it)

    Raises
    ------
    InputError
        With every problem; the fix of a question names the flag that answers it. Nothing but the work list is written.
    """
    questionnaire, declared = _declared(period, settings)
    declared = replace(declared, **flags)
    if out:
        inputs = [file, settings, declared.key or ""]
        check_place(Path(out), [Path(given) for given in inputs if given], force=force)
    try:
        responses = load(file, questionnaire, declared=declared)
    except InputError as error:
        problems = [_with_flag(problem, period) for problem in error.problems]
        raise InputError(error.headline, problems, _work_list(out, problems)) from error
    problems = list(responses.record.notes)
    if out:
        texts = as_texts(responses.frame)
        write(texts, Path(out), force=force)
        problems += formula_like(texts)
    if any(problem.cells for problem in problems):
        message = f"Rows and cells: in {_work_list(out, problems)}."
        problems.append(Problem("work-list", "NOTE", message))
    return responses.record, problems


def _work_list(out: str, problems: Iterable[Problem]) -> str:
    """Where the rows and texts of the problems are: in a list beside the responses, made anew for its owner alone."""
    if not out:
        return "a list beside the csv, where --out names one"
    beside = Path(out).with_name(f"{Path(out).name}.work_list.txt")
    work_lists.write_list(beside, work_lists.of_problems(problems))
    return f"{shown_name(Path(out).name)}.work_list.txt"


def _declared(period: str, settings: str) -> tuple[programme.Questionnaire, SurveySettings]:
    """The questionnaire, and what the period's settings say of the export."""
    if not period and not settings:
        return programme.load_questionnaire(), SurveySettings()
    known = load_settings(settings or None)
    if not period:
        return programme.load_questionnaire(known.programme), SurveySettings()
    chosen = known.period(period)
    return programme.load_questionnaire(known.programme, chosen.questionnaire), chosen.survey


def _with_flag(problem: Problem, period: str) -> Problem:
    flags = [_FLAGS[problem.check]] if problem.check in _FLAGS else []
    if not period and "[periods." in problem.fix:
        flags.append("--period P (and --settings FILE), which reads such settings")
    if not flags:
        return problem
    return replace(problem, fix=f"{problem.fix} With this command: {'; or '.join(flags)}.".lstrip())


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The responses as texts: one row a response, columns as in `Responses.frame`; "" is not answered.

    Times are written as precisely as the export keeps them: to the second, or to the minute where none has
    seconds, or to the day where none has a time of day.
    """
    texts = {}
    for column in frame.columns:
        values = frame[column]
        texts[column] = (
            _timestamps(values) if column in _TIMESTAMPS else values.astype(object).where(values.notna(), "")
        )
    return pd.DataFrame(texts, index=frame.index)


def _timestamps(values: pd.Series) -> pd.Series:
    known = values.dropna()
    form = "%Y-%m-%d"
    if (known != known.dt.normalize()).any():
        form += " %H:%M:%S" if (known.dt.second != 0).any() else " %H:%M"
    written: pd.Series = values.dt.strftime(form).astype(object).where(values.notna(), "")
    return written


def formula_like(texts: pd.DataFrame) -> list[Problem]:
    """A warning where a spreadsheet would take cells for formulas; their texts are not shown."""
    starts = texts.apply(lambda column: column.astype(str).str.startswith(FORMULA_STARTS))
    if not starts.to_numpy().any():
        return []
    columns = ", ".join(starts.columns[starts.any()])
    message = (
        f"Cells begin with =, +, -, @ or a tab, and a spreadsheet may run them as formulas (in {columns})."
    )
    fix = "Open the csv with a spreadsheet's import and take every column as text, or read it with a program."
    return [Problem("formula-like", "WARN", message, count=int(starts.to_numpy().sum()), fix=fix)]


def check_place(out: Path, inputs: Iterable[Path], *, force: bool) -> None:
    """Whether responses may be written there.

    Raises
    ------
    InputError
        If it is one of the inputs, also by another name; or exists, unless `force` is given and it is a file; or
        lies in no folder.
    """
    name = shown_name(out.name) or str(out)
    try:
        exists = os.path.lexists(out)
        if exists and any(_same(out, given) for given in inputs):
            message = f"{name} is an input, and inputs are never changed."
            _refuse(name, "out-is-input", message, "Give the responses a name of their own with --out.")
        if exists and not (out.is_file() or out.is_symlink()):
            _refuse(
                name, "out-no-file", f"{name} is no file but a folder or device.", "Name a file with --out."
            )
        if exists and not force:
            fix = "Choose another name, or add --force to replace it."
            _refuse(name, "out-exists", f"{name} exists already.", fix)
        if not out.parent.is_dir():
            message = f"There is no folder to write {name} into."
            _refuse(name, "out-no-folder", message, "Make the folder first, or correct the path of --out.")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        _refuse_error(name, error)


def write(texts: pd.DataFrame, out: Path, *, force: bool) -> None:
    """Write the table as UTF-8, whole or not at all, readable by its owner only: it holds people's own words.

    Raises
    ------
    InputError
        If the file came to exist meanwhile and `force` is not given, or it cannot be written.
    """
    name = shown_name(out.name)
    made, reserved = "", False
    try:
        if not force:
            out.open("x").close()
            reserved = True
        handle, made = tempfile.mkstemp(dir=out.parent, prefix=".responses-", suffix=".csv")
        with os.fdopen(handle, "w", encoding="utf-8", errors="strict", newline="") as file:
            texts.to_csv(file, index=False, lineterminator=LINE_END)
        Path(made).replace(out)
    except (OSError, ValueError) as error:
        for leftover in (made, str(out) if reserved else ""):
            if leftover:
                with suppress(OSError):
                    Path(leftover).unlink()
        _refuse_error(name, error)


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and one.samefile(other)


def _refuse_error(name: str, error: OSError | ValueError) -> NoReturn:
    reason = (error.strerror if isinstance(error, OSError) else "") or "its name or content cannot be written"
    _refuse(name, "out-not-written", f"{name} cannot be written: {reason}.", "Name another file with --out.")


def _refuse(name: str, check: str, message: str, fix: str) -> NoReturn:
    refuse(f"CANNOT WRITE {name}: nothing was written", check, message, where=name, fix=fix)


def accounted(record: LoadRecord) -> str:
    """The rows of the export as a sum: ``26 rows = 24 responses + 1 preview or test + 1 not finished``."""
    left = "".join(f" + {number:,} {reason}" for reason, number in record.left_out.items())
    return f"{record.rows_in:,} rows = {record.used:,} responses{left}"


def account(record: LoadRecord, problems: Iterable[Problem]) -> str:
    """The load as text: what the file was read as, its rows, its days, and what is odd."""
    lines = [f"{record.file}: {record.description}", f"{accounted(record)}."]
    if record.first:
        lines.append(f"Answered from {record.first} to {record.last}.")
    if record.invented:
        lines.append("The answers are declared as invented.")
    lines.append(f"SHA-256 {record.sha256}")
    for problem in problems:
        lines.append(f"{problem.level:<4}  {problem.message}")
        if problem.where or problem.count > 1:
            count = f"{problem.count:,} in all" if problem.count > 1 else ""
            first = f"{'first: ' if count else 'where: '}{problem.where}" if problem.where else ""
            lines.append(f"      {'; '.join(filter(None, (first, count)))}")
        if problem.fix:
            lines.append(f"      Fix: {problem.fix}")
    return printable("\n".join(lines))


def as_rows(problems: Iterable[Problem], record: LoadRecord | None = None) -> list[dict[str, Any]]:
    """The problems for another program, one object each; the record of a load is one more, the last.

    Every object has check, level, message, where, count and fix; that of the record has the record besides.
    """
    rows = [problem.as_dict() for problem in problems]
    if record is not None:
        note = Problem("load-record", "NOTE", f"{accounted(record)}.", record.file, record.used)
        values = {key: value for key, value in record.as_dict().items() if key != "notes"}
        rows.append(note.as_dict() | {"record": values})
    return rows


def as_json(rows: list[dict[str, Any]]) -> str:
    """The rows as JSON; headings and ids are in it as they came, with whatever could steer a terminal escaped."""
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)
