"""The questionnaire: the exact wording of its questions and statements, and which answers count as what.

The wording is the instrument of the survey of summer 2022; the answer options are not published, so they
stand in ``questionnaire.toml`` where a user can put those of their own survey.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ci_eval.problems import InputError, Problem

from .places import programme_folder
from .questionnaire_rules import Kind, validate
from .tables import read_text


@dataclass(frozen=True)
class Statement:
    """One statement to agree or disagree with: s01, s02, …; `reported` is its form after "agreed that"."""

    code: str
    text: str
    reported: str = ""


@dataclass(frozen=True)
class Question:
    """One question of the survey, other than the statements.

    `options` is empty for free text; `other` is the option that has a text of the respondent's own, if any.
    """

    code: str
    text: str
    kind: Kind
    options: tuple[str, ...] = ()
    other: str = ""
    number: int = 0


@dataclass(frozen=True)
class Questionnaire:
    """The survey's questions and answers.

    Attributes
    ----------
    statements : in the order of the survey
    questions : the other questions, in the order of the survey
    stem : the question that stands above the statements
    scale : answers a percentage rests on, from most to least agreement
    agree : those of `scale` that count as agreeing
    not_scale : answers that say nothing of agreement, such as "Don’t know"
    missing : texts that mark a cell without an answer, such as "Not shown"
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

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer a person can give to a statement: the scale, then the answers outside it."""
        return self.scale + self.not_scale

    def question(self, code: str) -> Question:
        """The question with this code; KeyError where there is none."""
        found = {question.code: question for question in self.questions}
        return found[code]


def load_questionnaire(folder: Path | str | None = None) -> Questionnaire:
    """Read ``questionnaire.toml`` of the programme's folder.

    Raises
    ------
    InputError
        With every unknown or missing key, repeated code or wording, and answer that does not fit the others.
    """
    path = programme_folder(folder) / "questionnaire.toml"
    text = read_text(path)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside its own error, tomllib lets through those of a number too long and of brackets too deep.
        message = f"The file is not TOML that we can read: {error}."
        problem = Problem("malformed-toml", "REJECT", message, path.name, mend="mend the line")
        raise InputError(f"CANNOT READ {path.name}", [problem]) from error
    validate(raw, path.name)
    questions = [_question(entry) for entry in raw["questions"]]
    return Questionnaire(
        title=raw["title"],
        source=raw["source"],
        stem=next(question.text for question in questions if question.kind == "statements"),
        statements=tuple(
            Statement(entry["code"], entry["text"], entry["reported"]) for entry in raw["statements"]
        ),
        questions=tuple(question for question in questions if question.kind != "statements"),
        scale=tuple(raw["scale"]),
        agree=tuple(raw["agree"]),
        not_scale=tuple(raw["not_scale"]),
        missing=tuple(raw["missing"]),
    )


def _question(entry: Mapping[str, Any]) -> Question:
    options, other = tuple(entry.get("options", ())), entry.get("other", "")
    return Question(entry["code"], entry["text"], entry["kind"], options, other, entry["number"])
