"""The questionnaire: the exact wording of its questions and statements, and which answers count as what.

The wording is the instrument of the survey of summer 2022; the answer options are not published, so they
stand in ``questionnaire.toml`` where a user can put those of their own survey.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from ci_eval.inputs.fact_tables import in_quotes, programme_folder, read_fact_text
from ci_eval.inputs.problems import InputError, Problem

Kind = Literal["choice", "text", "statements"]
KINDS: tuple[str, ...] = get_args(Kind)
CODES = ("organisation", "role", "focus", "mode", "statements", "comment", "published", "improve")
TOP = ("title", "source", "scale", "agree", "not_scale", "missing", "scale_source", "questions", "statements")
QUESTION = ("number", "code", "kind", "text", "options", "other", "options_source")
STATEMENT = ("code", "text", "reported")


def validate(raw: Mapping[str, Any], file: str) -> None:
    """Raise an InputError with every fault of the file's shape or, where that is sound, of its meaning."""
    faults = _Faults(file)
    _check_shape(raw, faults)
    faults.stop()
    _check_meaning(raw, faults)
    faults.stop()


class _Faults:
    """Collects the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, check: str, message: str, where: str, fix: str) -> None:
        self.found.append(Problem(check, "REJECT", message, f"{self.file}, {where}", fix=fix))

    def stop(self) -> None:
        if self.found:
            raise InputError(f"CANNOT USE {self.file}", self.found)


def _check_shape(raw: Mapping[str, Any], faults: _Faults) -> None:
    """Keys known and present, and every value of its type."""
    lists = ("scale", "agree", "not_scale", "missing")
    _check_keys(raw, TOP, TOP, "top of the file", faults)
    for key in ("title", "source", "scale_source"):
        _check_text(raw.get(key), f'key "{key}"', faults)
    for key in lists:
        _check_texts(raw.get(key), f'key "{key}"', faults, may_be_empty=key in ("not_scale", "missing"))
    for key, keys, needed in (("questions", QUESTION, QUESTION[:4]), ("statements", STATEMENT, STATEMENT)):
        entries = raw.get(key)
        if (
            not isinstance(entries, list)
            or not entries
            or not all(isinstance(entry, dict) for entry in entries)
        ):
            faults.add(
                "bad-value", f"The file needs one or more [[{key}]].", f'key "{key}"', f"write [[{key}]]"
            )
            continue
        for number, entry in enumerate(entries, start=1):
            where = f"[[{key}]] {number}"
            _check_keys(entry, keys, needed, where, faults)
            for name in ("code", "text"):
                _check_text(entry.get(name), f'{where}, key "{name}"', faults)
            if key == "statements":
                _check_text(entry.get("reported"), f'{where}, key "reported"', faults)
            if key == "questions":
                _check_question(entry, where, faults)


def _check_question(entry: Mapping[str, Any], where: str, faults: _Faults) -> None:
    if entry.get("kind") not in KINDS:
        faults.add(
            "unknown-kind",
            f"{in_quotes(entry.get('kind'))} is no kind of question.",
            where,
            f"use {', '.join(KINDS)}",
        )
    if type(entry.get("number")) is not int:
        faults.add("bad-value", "The number of a question is a whole number.", where, "write number = 1")
    if entry.get("kind") == "choice":
        _check_texts(entry.get("options"), f'{where}, key "options"', faults)
        _check_text(entry.get("options_source"), f'{where}, key "options_source"', faults)
        options = entry.get("options")
        if "other" in entry and not (isinstance(options, list) and entry["other"] in options):
            faults.add(
                "unknown-other",
                f"{in_quotes(entry['other'])} is none of the options.",
                where,
                "name an option",
            )
    elif {"options", "other", "options_source"} & set(entry):
        faults.add(
            "options-of-text", "Only a choice has options.", where, 'delete them, or write kind = "choice"'
        )


def _check_meaning(raw: Mapping[str, Any], faults: _Faults) -> None:
    """Codes, wordings and answers that must differ do, and those that must agree do."""
    codes = [entry["code"] for entry in raw["questions"]]
    if [entry["number"] for entry in raw["questions"]] != list(range(1, len(codes) + 1)):
        faults.add(
            "question-numbers", "Questions are not 1, 2, … in order.", "[[questions]]", "number them so"
        )
    wanted = ", ".join(CODES)
    if sorted(codes) != sorted(CODES) or [
        e["code"] for e in raw["questions"] if e["kind"] == "statements"
    ] != ["statements"]:
        message = f"The codes of the questions are {in_quotes(', '.join(codes))}."
        faults.add("question-codes", message, "[[questions]]", f"give each of these codes once: {wanted}")
    expected = [f"s{number:02}" for number in range(1, len(raw["statements"]) + 1)]
    if [entry["code"] for entry in raw["statements"]] != expected:
        faults.add(
            "statement-codes", "Statements are not s01, s02, … in order.", "[[statements]]", "number them so"
        )
    wordings = [entry["text"] for entry in (*raw["questions"], *raw["statements"])]
    _check_distinct(wordings, "[[questions]] and [[statements]]", faults)
    _check_distinct(
        [*raw["scale"], *raw["not_scale"], *raw["missing"]], "scale, not_scale and missing", faults
    )
    for entry in raw["questions"]:
        _check_distinct(entry.get("options", []), f'options of "{entry["code"]}"', faults)
    outside = [answer for answer in raw["agree"] if answer not in raw["scale"]]
    if outside or raw["agree"] != [answer for answer in raw["scale"] if answer in raw["agree"]]:
        message = "The answers that count as agreeing are not answers of the scale, in its order."
        faults.add("agree-outside-scale", message, 'key "agree"', "repeat them as the scale has them")


def _check_keys(
    entry: Mapping[str, Any], known: Sequence[str], needed: Sequence[str], where: str, faults: _Faults
) -> None:
    for key in entry:
        if key not in known:
            faults.add(
                "unknown-key", f"Key {in_quotes(key)} is not known here.", where, f"use {', '.join(known)}"
            )
    for key in needed:
        if key not in entry:
            faults.add("missing-key", f'Key "{key}" is missing.', where, "write it")


def _check_text(value: object, where: str, faults: _Faults) -> None:
    if not isinstance(value, str) or not value.strip():
        faults.add(
            "bad-value", f"{in_quotes(value)} is not a text.", where, "write a text in quotation marks"
        )


def _check_texts(value: object, where: str, faults: _Faults, *, may_be_empty: bool = False) -> None:
    texts = isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
    if not texts or not (value or may_be_empty):
        faults.add("bad-value", "This is not a list of texts.", where, 'write ["Yes", "No"]')


def _check_distinct(texts: Sequence[str], where: str, faults: _Faults) -> None:
    """Texts must differ by more than case and spaces, or a cell could not be told apart."""
    even = [" ".join(text.split()).casefold() for text in texts]
    for text in dict.fromkeys(text for text, plain in zip(texts, even, strict=True) if even.count(plain) > 1):
        faults.add(
            "repeated-text", f"{in_quotes(text)} stands more than once.", where, "delete or reword one"
        )


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
    text = read_fact_text(path)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside its own error, tomllib lets through those of a number too long and of brackets too deep.
        message = f"The file is not TOML that we can read: {error}."
        problem = Problem("malformed-toml", "REJECT", message, path.name, fix="fix the line")
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
