"""One export read by itself: what it was taken for, how its rows were used, what is odd about it.

A loader's question is answered by a setting of the period, or here by a flag; the message names both.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ci_eval import programme
from ci_eval.problems import InputError, Problem
from ci_eval.runs.canonical import accounted, as_texts, check_place, formula_like, write
from ci_eval.runs.failures import plain
from ci_eval.runs.settings import load as load_settings
from ci_eval.survey import LoadRecord, SurveySettings, load

Say = Callable[[str], None]

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


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line; "" and None are not given.

    Attributes
    ----------
    file : the export
    period : take what the settings declare of this period's survey
    settings : settings file; "" is the workbook's own
    key, tool, sheet, date_order, keep_partials : as in `SurveySettings`; they go before the period's
    out : csv for the responses
    force : whether `out` may be replaced
    """

    file: str
    period: str = ""
    settings: str = ""
    key: str = ""
    tool: str = ""
    sheet: str = ""
    date_order: str = ""
    keep_partials: bool | None = None
    out: str = ""
    force: bool = False


def read(asked: Request) -> tuple[LoadRecord, list[Problem]]:
    """Load the export and, where wanted, write its responses.

    Returns
    -------
    (record of the load, everything worth knowing that did not stop it)

    Raises
    ------
    InputError
        With every problem; the mend of a question names the flag that answers it. Nothing is written then.
    """
    questionnaire, declared = _declared(asked)
    if asked.out:
        inputs = [asked.file, asked.key, asked.settings, declared.key or ""]
        check_place(Path(asked.out), [Path(given) for given in inputs if given], force=asked.force)
    try:
        responses = load(asked.file, questionnaire, declared=declared)
    except InputError as error:
        raise InputError(
            error.headline, [_with_flag(problem, asked) for problem in error.problems]
        ) from error
    found = list(responses.record.notes)
    if asked.out:
        texts = as_texts(responses.frame)
        write(texts, Path(asked.out), force=asked.force)
        found += formula_like(texts)
    return responses.record, found


def _declared(asked: Request) -> tuple[programme.Questionnaire, SurveySettings]:
    """The questionnaire, and what is known of the export: the period's settings, then the flags."""
    if asked.period or asked.settings:
        settings = load_settings(asked.settings or None)
        questionnaire = programme.load_questionnaire(settings.programme)
        declared = settings.period(asked.period).survey if asked.period else SurveySettings()
    else:
        questionnaire, declared = programme.load_questionnaire(), SurveySettings()
    given: dict[str, Any] = {
        "key": Path(asked.key) if asked.key else None,
        "tool": asked.tool,
        "sheet": asked.sheet,
        "date_order": asked.date_order,
    }
    given = {name: value for name, value in given.items() if value}
    if asked.keep_partials is not None:
        given["keep_partials"] = asked.keep_partials
    return questionnaire, replace(declared, **given)


def _with_flag(problem: Problem, asked: Request) -> Problem:
    flags = [_FLAGS[problem.check]] if problem.check in _FLAGS else []
    if not asked.period and "[periods." in problem.mend:
        flags.append("--period P (and --settings FILE), which reads such settings")
    if not flags:
        return problem
    return replace(problem, mend=f"{problem.mend} With this command: {'; or '.join(flags)}.".lstrip())


def told(record: LoadRecord, found: Iterable[Problem]) -> str:
    """The load as text: what the file was read as, its rows, its days, and what is odd."""
    lines = [f"{record.file}: {record.description}", f"{accounted(record)}."]
    if record.first:
        lines.append(f"Answered from {record.first} to {record.last}.")
    if record.invented:
        lines.append("The answers are declared as invented.")
    lines.append(f"SHA-256 {record.sha256}")
    for problem in found:
        lines.append(f"{problem.level:<4}  {problem.message}")
        if problem.where or problem.count > 1:
            count = f"{problem.count:,} in all" if problem.count > 1 else ""
            first = f"{'first: ' if count else 'where: '}{problem.where}" if problem.where else ""
            lines.append(f"      {'; '.join(filter(None, (first, count)))}")
        if problem.mend:
            lines.append(f"      Mend: {problem.mend}")
    return plain("\n".join(lines))


def as_rows(problems: Iterable[Problem], record: LoadRecord | None = None) -> list[dict[str, Any]]:
    """The problems for another program, one object each; the record of a load is one more, the last.

    Every object has check, level, message, where, count and mend; that of the record has the record besides.
    """
    rows = [problem.as_dict() for problem in problems]
    if record is not None:
        note = Problem("load-record", "NOTE", f"{accounted(record)}.", record.file, record.used)
        values = {key: value for key, value in record.as_dict().items() if key != "notes"}
        rows.append(note.as_dict() | {"record": values})
    return rows


def as_json(rows: list[dict[str, Any]]) -> str:
    """The rows as JSON; headings and ids stand in it as they came, with whatever could steer a terminal escaped."""
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)
