"""The questionnaire: the exact wording of its questions and statements, and which answers count as what.

The wording is the instrument of the survey of summer 2022; the answer options are not published, so they
are in ``questionnaire.toml`` where a user can put those of their own survey. A period whose survey asked something else
has a questionnaire file of its own; a statement keeps its code from one survey to the next, whatever its place, and a
statement with another meaning gets another code: what is compared over time is compared by code.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ci_eval.inputs.fact_tables import in_quotes, programme_folder
from ci_eval.inputs.problems import InputError
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import Table, read

Kind = Literal["choice", "text", "statements"]
CODES = ("organisation", "role", "focus", "mode", "statements", "comment", "published", "improve")
STATEMENT_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
_WORDS: dict[str, Any] = {"prose": True}
_OPTIONAL: dict[str, Any] = {"optional": True}


@dataclass(frozen=True)
class Statement:
    """One statement to agree or disagree with.

    Attributes
    ----------
    code : s01, s02, …, the same in every survey that asks it
    reported : its form after "agreed that"
    reversed : whether agreement with it is the unfavourable answer; it is then no highest or lowest of the report
    topic : its subject after "agreement on"; the statement itself in quotes where none is written
    """

    code: str = field(metadata=_WORDS)
    text: str = field(metadata=_WORDS)
    reported: str = field(default="", metadata=_WORDS)
    topic: str = field(default="", metadata=_WORDS | _OPTIONAL)
    reversed: bool = field(default=False, metadata=_OPTIONAL)

    def __post_init__(self) -> None:
        object.__setattr__(self, "topic", self.topic or f"“{self.text}”")


@dataclass(frozen=True)
class Overall:
    """The statement on the whole; `finding` is what those do who agree with it: "find it worth developing"."""

    statement: str = field(metadata=_WORDS)
    finding: str = field(metadata=_WORDS)


@dataclass(frozen=True)
class Question:
    """One question of the survey, other than the statements.

    Attributes
    ----------
    options : empty for free text; options_source says where they come from
    other : the option that has a text of the respondent's own, if any
    grouping : the words for groups by this question, such as "job role"; "" where nobody is grouped by it
    """

    code: str = field(metadata=_WORDS)
    text: str = field(metadata=_WORDS)
    kind: Kind
    options: tuple[str, ...] = field(default=(), metadata=_OPTIONAL)
    other: str = field(default="", metadata=_OPTIONAL)
    number: int = 0
    options_source: str = field(default="", metadata=_OPTIONAL)
    grouping: str = field(default="", metadata=_OPTIONAL)


@dataclass(frozen=True)
class _File:
    """The keys of ``questionnaire.toml``."""

    title: str = field(metadata=_WORDS)
    source: str = field(metadata=_WORDS)
    scale: tuple[str, ...]
    agree: tuple[str, ...]
    not_scale: tuple[str, ...]
    missing: tuple[str, ...]
    scale_source: str = field(metadata=_WORDS)
    questions: tuple[Question, ...]
    statements: tuple[Statement, ...]
    overall: Overall | None = field(default=None, metadata=_OPTIONAL)


@dataclass(frozen=True)
class Questionnaire:
    """The survey's questions and answers.

    Attributes
    ----------
    statements : in the order of the survey
    questions : the other questions, in the order of the survey
    stem : the question above the statements
    scale : answers a percentage rests on, from most to least agreement
    agree : those of `scale` that count as agreeing
    not_scale : answers that say nothing of agreement, such as "Don’t know"
    missing : texts that mark a cell without an answer, such as "Not shown"
    overall : the statement on the whole; None where there is none
    """

    title: str
    source: str
    stem: str
    statements: tuple[Statement, ...]
    questions: tuple[Question, ...]
    scale: tuple[str, ...]
    agree: tuple[str, ...]
    not_scale: tuple[str, ...]
    missing: tuple[str, ...]
    overall: Overall | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer a person can give to a statement: the scale, then the answers outside it."""
        return self.scale + self.not_scale

    @property
    def groupings(self) -> Mapping[str, str]:
        """Code of each question by which people are grouped, and the words for it, in the survey's order."""
        return {question.code: question.grouping for question in self.questions if question.grouping}

    def question(self, code: str) -> Question:
        """The question with this code; KeyError where there is none."""
        return {question.code: question for question in self.questions}[code]


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
        _check_answers(table, file)
    if file is None or table.problems:
        raise InputError(f"CANNOT USE {path.name}: nothing was run", table.problems)
    return Questionnaire(
        title=file.title,
        source=file.source,
        stem=next(question.text for question in file.questions if question.kind == "statements"),
        statements=file.statements,
        questions=tuple(question for question in file.questions if question.kind != "statements"),
        scale=file.scale,
        agree=file.agree,
        not_scale=file.not_scale,
        missing=file.missing,
        overall=file.overall,
    )


def _check_codes(table: Table, file: _File) -> None:
    """Questions are numbered in order; they and the statements have codes and wordings of their own."""
    if [question.number for question in file.questions] != list(range(1, len(file.questions) + 1)):
        table.refuse(
            "question-numbers", "questions", "Questions are not 1, 2, … in order.", "Number them so."
        )
    codes = [question.code for question in file.questions]
    groups = [question.code for question in file.questions if question.kind == "statements"]
    if sorted(codes) != sorted(CODES) or groups != ["statements"]:
        message = f"The codes of the questions are {in_quotes(', '.join(codes))}."
        table.refuse(
            "question-codes", "questions", message, f"Give each of these codes once: {', '.join(CODES)}."
        )
    known: dict[str, int] = {}
    for place, statement in enumerate(file.statements, start=1):
        below = Table({}, table.file, table.lines, ("statements", str(place)), table.problems)
        if not STATEMENT_CODE.fullmatch(statement.code) or statement.code in CODES:
            message = f"{in_quotes(statement.code)} cannot be the code of a statement."
            fix = "Write up to 20 small letters, figures and _, the first a letter, such as s16; no question's code."
            below.refuse("statement-codes", "code", message, fix)
        elif known.setdefault(statement.code, place) != place:
            message = f"{in_quotes(statement.code)} is the code of two statements."
            below.refuse("statement-codes", "code", message, "Give each statement a code of its own.")
    if file.overall is not None and file.overall.statement not in known:
        message = f"{in_quotes(file.overall.statement)} is the code of no statement."
        fix = f"Name one of {', '.join(known)}."
        table.table("overall").refuse("unknown-statement", "statement", message, fix)
    _check_distinct(
        table, "questions", [*(one.text for one in file.questions), *(one.text for one in file.statements)]
    )


def _check_answers(table: Table, file: _File) -> None:
    """Answers that must differ do, and those that must be answers of a list are."""
    _check_distinct(table, "scale", [*file.scale, *file.not_scale, *file.missing])
    if not file.agree or list(file.agree) != [answer for answer in file.scale if answer in file.agree]:
        message = "The answers that count as agreeing are not answers of the scale, in its order."
        table.refuse("agree-outside-scale", "agree", message, "Repeat them as the scale has them.")
    for place, question in enumerate(file.questions, start=1):
        below = Table({}, table.file, table.lines, ("questions", str(place)), table.problems)
        if question.kind != "choice" and (question.options or question.other or question.options_source):
            fix = 'Delete them, or write kind = "choice".'
            below.refuse("options-of-text", "options", "Only a choice has options.", fix)
        elif question.kind == "choice" and not (question.options and question.options_source):
            fix = "Write options and options_source."
            below.refuse("options-missing", "", "A choice needs options, and where they come from.", fix)
        if question.other and question.other not in question.options:
            message = f"{in_quotes(question.other)} is none of the options."
            below.refuse("unknown-other", "other", message, "Name an option.")
        _check_distinct(below, "options", question.options)


def _check_distinct(table: Table, key: str, texts: Iterable[str]) -> None:
    """Texts must differ by more than case and spaces, or a cell could mean either."""
    first: dict[str, str] = {}
    for text in texts:
        if first.setdefault(" ".join(text.split()).casefold(), text) is not text:
            table.refuse(
                "repeated-text", key, f"{in_quotes(text)} is written more than once.", "Delete or reword one."
            )
