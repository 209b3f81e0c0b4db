"""The questionnaire: the exact wording of its questions and statements, and which answers count as what.

The wording is the instrument of the survey of summer 2022; the answer options are not published, so they
are in ``questionnaire.toml`` where a user can put those of their own survey. A period whose survey asked something else
has a questionnaire file of its own; a statement keeps its code from one survey to the next, whatever its place, and a
statement with another meaning gets another code: what is compared over time is compared by code.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ci_eval.inputs.fact_tables import in_quotes, programme_folder
from ci_eval.inputs.problems import InputError
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import Table, read

Kind = Literal["choice", "several", "number", "text", "statements"]
WITH_OPTIONS = ("choice", "several")
FOCUS = "focus"  # the code of the question on the area of focus, matched with the codebook
CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
TAKEN = ("id", "started", "ended")  # columns of the responses that are no question's
MOST_POINTS = 7  # of a scale that can be drawn
_WORDS: dict[str, Any] = {"prose": True}
_OPTIONAL: dict[str, Any] = {"optional": True}


@dataclass(frozen=True)
class Scale:
    """The answers to a set of statements, which of them a share counts, and the words a report has for them.

    Attributes
    ----------
    answers : what a percentage rests on, the most favourable first
    favourable : the first of them: those a share counts
    not_scale : further answers, which say nothing on the scale, such as "Don’t know"
    said : what those did who gave a favourable answer: "agreed or strongly agreed"
    short : the same in a word or two, for the main points
    link : what joins that to the `reported` form of a statement
    measure : what there is more or less of: "agreement"
    """

    code: str = field(metadata=_WORDS)
    answers: tuple[str, ...]
    favourable: tuple[str, ...]
    said: str = field(metadata=_WORDS)
    measure: str = field(metadata=_WORDS)
    source: str = field(metadata=_WORDS)
    short: str = field(default="", metadata=_WORDS | _OPTIONAL)
    link: str = field(default="that", metadata=_WORDS | _OPTIONAL)
    not_scale: tuple[str, ...] = field(default=(), metadata=_OPTIONAL)

    def __post_init__(self) -> None:
        object.__setattr__(self, "short", self.short or self.said)

    @property
    def offered(self) -> tuple[str, ...]:
        """Every answer a person can give: the scale, then the answers outside it."""
        return self.answers + self.not_scale

    def same_as(self, other: "Scale") -> bool:
        """Whether shares on the two can be compared: the same answers, of which the same are favourable."""
        return (self.answers, self.favourable) == (other.answers, other.favourable)


@dataclass(frozen=True)
class Statement:
    """One statement, answered on a scale.

    Attributes
    ----------
    code : s01, s02, …, the same in every survey that asks it
    reported : its form after "agreed that"
    reversed : whether agreement with it is the unfavourable answer; it is then no highest or lowest of the report
    topic : its subject after "agreement on"; the statement itself in quotes where none is written
    question : code of the question above it, the first of kind "statements" where none is written
    """

    code: str = field(metadata=_WORDS)
    text: str = field(metadata=_WORDS)
    reported: str = field(default="", metadata=_WORDS)
    topic: str = field(default="", metadata=_WORDS | _OPTIONAL)
    reversed: bool = field(default=False, metadata=_OPTIONAL)
    question: str = field(default="", metadata=_OPTIONAL)

    def __post_init__(self) -> None:
        object.__setattr__(self, "topic", self.topic or f"“{self.text}”")


@dataclass(frozen=True)
class Overall:
    """The statement on the whole; `finding` is what those do who agree with it: "find it worth developing"."""

    statement: str = field(metadata=_WORDS)
    finding: str = field(metadata=_WORDS)


@dataclass(frozen=True)
class ReportQuestion:
    """The choice that asks whether a report was written and published.

    Attributes
    ----------
    about : what it asks, after "when asked"
    said : option → what those did who chose it; an option without one is quoted
    """

    question: str = field(metadata=_WORDS)
    about: str = field(metadata=_WORDS)
    said: Mapping[str, str] = field(default_factory=dict, metadata=_OPTIONAL)

    def did(self, answer: str) -> str:
        """What those did who gave this answer, in words."""
        return self.said.get(answer, f"answered “{answer}” when asked {self.about}")


@dataclass(frozen=True)
class Question:
    """One question of the survey; a question of kind "statements" stands above statements.

    Attributes
    ----------
    options : of a choice, of one or of several; options_source says where they come from
    other : the option that has a text of the respondent's own, if any
    grouping : the words for groups by this question, such as "job role"; "" where nobody is grouped by it
    groups : the plural: "job roles"
    described : whether groups are described and not tested: a property of the engagement, not of the person
    scale : of statements, code of their scale; the first where none is written
    title : its short name as a heading; the question itself where none is written
    wrote, who : of a text, what people wrote and who they are: "a comment", "who commented"
    unit : of a number: "days"
    """

    code: str = field(metadata=_WORDS)
    text: str = field(metadata=_WORDS)
    kind: Kind
    options: tuple[str, ...] = field(default=(), metadata=_OPTIONAL)
    other: str = field(default="", metadata=_OPTIONAL)
    number: int = 0
    options_source: str = field(default="", metadata=_OPTIONAL)
    grouping: str = field(default="", metadata=_OPTIONAL)
    groups: str = field(default="", metadata=_OPTIONAL)
    described: bool = field(default=False, metadata=_OPTIONAL)
    scale: str = field(default="", metadata=_OPTIONAL)
    title: str = field(default="", metadata=_WORDS | _OPTIONAL)
    wrote: str = field(default="", metadata=_WORDS | _OPTIONAL)
    who: str = field(default="", metadata=_WORDS | _OPTIONAL)
    unit: str = field(default="", metadata=_WORDS | _OPTIONAL)

    def __post_init__(self) -> None:
        title = self.title or self.text
        for name, words in (
            ("title", title),
            ("wrote", f"something under “{title}”"),
            ("who", f"who wrote something under “{title}”"),
        ):
            object.__setattr__(self, name, getattr(self, name) or words)


@dataclass(frozen=True)
class _File:
    """The keys of ``questionnaire.toml``."""

    title: str = field(metadata=_WORDS)
    source: str = field(metadata=_WORDS)
    missing: tuple[str, ...]
    scales: tuple[Scale, ...]
    questions: tuple[Question, ...]
    statements: tuple[Statement, ...]
    overall: Overall | None = field(default=None, metadata=_OPTIONAL)
    report: ReportQuestion | None = field(default=None, metadata=_OPTIONAL)


@dataclass(frozen=True)
class Questionnaire:
    """The survey's questions and answers.

    Attributes
    ----------
    statements : in the order of the survey
    sets : the questions above statements
    questions : the other questions, in the order of the survey
    scales : what statements are answered on
    missing : texts that mark a cell without an answer, such as "Not shown"
    overall : the statement on the whole; None where there is none
    report : the question on a report; None where there is none
    """

    title: str
    source: str
    statements: tuple[Statement, ...]
    sets: tuple[Question, ...]
    questions: tuple[Question, ...]
    scales: tuple[Scale, ...]
    missing: tuple[str, ...]
    overall: Overall | None = None
    report: ReportQuestion | None = None

    @property
    def scale(self) -> tuple[str, ...]:
        """The answers of the first scale, which is the only one of most surveys and of each of `by_scale`."""
        return self.scales[0].answers

    @property
    def agree(self) -> tuple[str, ...]:
        """The favourable answers of the first scale."""
        return self.scales[0].favourable

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer a person can give on the first scale, and beside it."""
        return self.scales[0].offered

    @property
    def groupings(self) -> Mapping[str, str]:
        """Code of each question by which people are grouped, and the words for it, in the survey's order."""
        return {question.code: question.grouping for question in self.questions if question.grouping}

    @property
    def comments(self) -> tuple[Question, ...]:
        """The free texts that are coded with themes: all but groupings and the area of focus."""
        return tuple(
            one for one in self.questions if one.kind == "text" and not one.grouping and one.code != FOCUS
        )

    @property
    def further(self) -> tuple[Question, ...]:
        """The choices and numbers that no section of their own reports: no groupings, not the question on a report."""
        report = self.report.question if self.report else ""
        kinds = (*WITH_OPTIONS, "number")
        return tuple(
            one for one in self.questions if one.kind in kinds and not one.grouping and one.code != report
        )

    @property
    def by_scale(self) -> "tuple[Questionnaire, ...]":
        """The questionnaire once for each scale that has statements, with these statements only."""
        parts = []
        for scale in self.scales:
            own = tuple(one for one in self.statements if self.scale_of(one.code) is scale)
            if own:
                parts.append(replace(self, statements=own, scales=(scale,)))
        return tuple(parts) or (self,)

    def question(self, code: str) -> Question:
        """The question with this code; KeyError where there is none."""
        return {question.code: question for question in self.questions}[code]

    def asks(self, code: str) -> bool:
        """Whether a statement or question of this code is asked."""
        return code in {*(one.code for one in self.statements), *(one.code for one in self.questions)}

    def scale_of(self, code: str) -> Scale:
        """The scale on which a statement is answered; KeyError where there is no such statement."""
        above = {one.code: one.question for one in self.statements}[code]
        name = {one.code: one.scale for one in self.sets}.get(above, "")
        return next((scale for scale in self.scales if scale.code == name), self.scales[0])

    def without(self, codes: Collection[str]) -> "Questionnaire":
        """The same without these statements."""
        return replace(self, statements=tuple(one for one in self.statements if one.code not in codes))


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
