"""The questionnaire: the exact wording of its questions and statements, and which answers count as what.

A statement keeps its code from one survey to the next, whatever its place, and a statement with another meaning gets
another code: what is compared over time is compared by code.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal["choice", "several", "number", "text", "statements"]
WITH_OPTIONS = ("choice", "several")
FOCUS = "focus"  # the code of the question on the area of focus, matched with the codebook
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
