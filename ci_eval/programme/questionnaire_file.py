"""The file of a questionnaire, ``questionnaire.toml``, read and checked.

The wording is the instrument of the survey of summer 2022; the answer options are not published, so they are in the file,
where a user can put those of their own survey. A period whose survey asked something else has a file of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ci_eval.inputs.fact_tables import in_quotes, programme_folder
from ci_eval.inputs.problems import InputError
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import Table, read
from ci_eval.programme.questionnaire import (
    WITH_OPTIONS,
    Overall,
    Question,
    Questionnaire,
    ReportQuestion,
    Scale,
    Statement,
)

CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
TAKEN = ("id", "started", "ended")  # columns of the responses that are no question's
MOST_POINTS = 7  # of a scale that can be drawn


@dataclass(frozen=True)
class _File:
    """The keys of ``questionnaire.toml``."""

    title: str = field(metadata={"prose": True})
    source: str = field(metadata={"prose": True})
    missing: tuple[str, ...]
    scales: tuple[Scale, ...]
    questions: tuple[Question, ...]
    statements: tuple[Statement, ...]
    overall: Overall | None = field(default=None, metadata={"optional": True})
    report: ReportQuestion | None = field(default=None, metadata={"optional": True})


def load_questionnaire(folder: Path | str | None = None, own: Path | None = None) -> Questionnaire:
    """Read ``questionnaire.toml`` of the programme's folder, the workbook's own by default; or `own`, a period's own.

    Examples
    --------
    >>> load_questionnaire().question("mode").options
    ('Online', 'In person', 'A mixture of online and in person')

    Raises
    ------
    InputError
        With every unknown or missing key, repeated code or wording, and answer that does not fit the others.
    """
    path = own or programme_folder(folder) / "questionnaire.toml"
    values, lines = read(path)
    table = Table(values, path, lines)
    file = filled(table, _File, every=True)
    if file is not None and not table.problems:
        _check_codes(table, file)
        _check_scales(table, file)
        _check_questions(table, file)
    if file is None or table.problems:
        raise InputError(f"CANNOT USE {path.name}: nothing was run", table.problems)
    sets = tuple(question for question in file.questions if question.kind == "statements")
    return Questionnaire(
        title=file.title,
        source=file.source,
        statements=tuple(replace(one, question=one.question or sets[0].code) for one in file.statements),
        sets=sets,
        questions=tuple(question for question in file.questions if question.kind != "statements"),
        scales=file.scales,
        missing=file.missing,
        overall=file.overall,
        report=file.report,
    )


def _below(table: Table, name: str, place: int) -> Table:
    """The place of one table of an array, for its problems."""
    return Table({}, table.file, table.lines, (name, str(place)), table.problems)


def _check_codes(table: Table, file: _File) -> None:
    """Questions are numbered in order; they and the statements have codes and wordings of their own."""
    if [question.number for question in file.questions] != list(range(1, len(file.questions) + 1)):
        table.refuse(
            "question-numbers", "questions", "Questions are not 1, 2, … in order.", "Number them so."
        )
    sets = [question.code for question in file.questions if question.kind == "statements"]
    if not sets or not file.statements:
        message = "There are no statements, or no question above them."
        fix = 'Write a question of kind = "statements", and [[statements]].'
        table.refuse("question-codes", "questions", message, fix)
    entries = [("question", place, one.code) for place, one in enumerate(file.questions, start=1)]
    entries += [("statement", place, one.code) for place, one in enumerate(file.statements, start=1)]
    known: set[str] = set()
    for what, place, code in entries:
        below = _below(table, f"{what}s", place)
        if not CODE.fullmatch(code) or code in TAKEN or code.endswith("_other"):
            message = f"{in_quotes(code)} cannot be the code of a {what}."
            fix = "Write up to 20 small letters, figures and _, the first a letter, such as s16; not ending in _other."
            below.refuse(f"{what}-codes", "code", message, fix)
        elif code in known:
            message = f"{in_quotes(code)} is the code of two questions or statements."
            below.refuse(f"{what}-codes", "code", message, "Give each a code of its own.")
        known.add(code)
    for place, statement in enumerate(file.statements, start=1):
        if statement.question not in ("", *sets):
            below = _below(table, "statements", place)
            _refuse_unknown(below, "question", statement.question, 'question of kind "statements"', sets)
    if file.overall is not None:
        codes = [statement.code for statement in file.statements]
        if file.overall.statement not in codes:
            _refuse_unknown(table.table("overall"), "statement", file.overall.statement, "statement", codes)
    if file.report is not None:
        _check_report(table.table("report"), file, file.report)
    _check_distinct(
        table, "questions", [*(one.text for one in file.questions), *(one.text for one in file.statements)]
    )


def _refuse_unknown(table: Table, key: str, code: str, what: str, known: Iterable[str]) -> None:
    message = f"{in_quotes(code)} is the code of no {what}."
    table.refuse(f"unknown-{key}", key, message, f"Name one of {', '.join(known) or 'those you add'}.")


def _check_report(table: Table, file: _File, report: ReportQuestion) -> None:
    """The question on a report is a choice, and what is said of its options is said of options."""
    choices = {one.code: one for one in file.questions if one.kind == "choice"}
    if report.question not in choices:
        _refuse_unknown(table, "question", report.question, "choice", choices)
        return
    options = choices[report.question].options
    for name in report.said:
        if name not in options:
            message = f"{in_quotes(name)} is none of the options of {report.question}."
            table.refuse("unknown-option", "said", message, f"Use {', '.join(options)}.")


def _check_scales(table: Table, file: _File) -> None:
    """Answers that must differ do, and the favourable ones come first."""
    known = [scale.code for scale in file.scales]
    if not known:
        table.refuse("scale-missing", "scales", "There is no scale.", "Write [[scales]].")
    for place, scale in enumerate(file.scales, start=1):
        below = _below(table, "scales", place)
        _check_distinct(below, "answers", [*scale.offered, *file.missing])
        if known.index(scale.code) != place - 1:
            message = f"{in_quotes(scale.code)} is the code of two scales."
            below.refuse("scale-codes", "code", message, "Give each a code of its own.")
        if not 2 <= len(scale.answers) <= MOST_POINTS:
            message = f"A scale of {len(scale.answers)} answers cannot be drawn."
            below.refuse("scale-length", "answers", message, f"Write 2 to {MOST_POINTS} answers.")
        first = scale.answers[: len(scale.favourable)]
        if not scale.favourable or scale.favourable != first or first == scale.answers:
            message = "The favourable answers are not the first answers of the scale, or are all of them."
            below.refuse(
                "favourable", "favourable", message, "Repeat the first answers, in the order of the scale."
            )
    for place, question in enumerate(file.questions, start=1):
        if question.scale and (question.kind != "statements" or question.scale not in known):
            message = f"{in_quotes(question.scale)} is no scale, or the question stands above no statements."
            fix = f"Name one of {', '.join(known)}, or delete it."
            _below(table, "questions", place).refuse("unknown-scale", "scale", message, fix)


def _check_questions(table: Table, file: _File) -> None:
    """A choice has options, and nothing else has; groups are of a choice or of a text."""
    for place, question in enumerate(file.questions, start=1):
        below, choice = _below(table, "questions", place), question.kind in WITH_OPTIONS
        if not choice and (question.options or question.other or question.options_source):
            fix = 'Delete them, or write kind = "choice" or kind = "several".'
            below.refuse("options-of-text", "options", "Only a choice has options.", fix)
        elif choice and not (question.options and question.options_source):
            fix = "Write options and options_source."
            below.refuse("options-missing", "", "A choice needs options, and where they come from.", fix)
        if question.other and question.other not in question.options:
            message = f"{in_quotes(question.other)} is none of the options."
            below.refuse("unknown-other", "other", message, "Name an option.")
        if bool(question.grouping) != bool(question.groups) or (
            question.grouping and question.kind not in ("choice", "text")
        ):
            message = "Groups need grouping and groups, and a question of kind choice or text."
            fix = 'Write both, such as grouping = "job role" and groups = "job roles", or neither.'
            below.refuse("grouping", "grouping", message, fix)
        _check_distinct(below, "options", question.options)


def _check_distinct(table: Table, key: str, texts: Iterable[str]) -> None:
    """Texts must differ by more than case and spaces, or a cell could mean either."""
    first: dict[str, str] = {}
    for text in texts:
        if first.setdefault(" ".join(text.split()).casefold(), text) is not text:
            table.refuse(
                "repeated-text", key, f"{in_quotes(text)} is written more than once.", "Delete or reword one."
            )
