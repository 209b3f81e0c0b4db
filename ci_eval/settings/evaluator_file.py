"""What only people can judge of a review period: the evaluator's own texts, each with its source and date.

The texts are shown as hers, with her name. None is read as anything but plain text, and none may be longer than a page
can hold (docs/methods.md A13).
"""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from ci_eval.inputs.problems import InputError
from ci_eval.inputs.toml_fields import filled
from ci_eval.inputs.toml_tables import Table, read

LONGEST = {"sentence": 200, "passage": 700}  # characters


def _sentence(text: str) -> None:
    _check_length(text, "sentence")


def _passage(text: str) -> None:
    _check_length(text, "passage")


def _check_length(text: str, kind: str) -> None:
    if len(text) > LONGEST[kind]:
        raise ValueError(f"The text has {len(text):,} characters; a {kind} has {LONGEST[kind]} at most.")


SENTENCE: dict[str, Any] = {"prose": True, "valid": _sentence}
PASSAGE: dict[str, Any] = {"prose": True, "valid": _passage}


@dataclass(frozen=True)
class Judgement:
    """A passage, what it rests on, and the day it was written."""

    text: str = field(metadata=PASSAGE)
    source: str = field(metadata=SENTENCE)
    written_on: date


@dataclass(frozen=True)
class Decision:
    """What the Group is asked to decide, and why: codes of statements whose numbers are added, evidence in words."""

    ask: str = field(metadata=SENTENCE)
    statements: tuple[str, ...] = ()
    evidence: str = field(default="", metadata=SENTENCE)


@dataclass(frozen=True)
class Limits:
    """What was agreed on the size of teams (people) and the time to a report (weeks), and who agreed it.

    None is what nobody agreed.
    """

    source: str = field(metadata=SENTENCE)
    team_size_least: int | None = None
    team_size_most: int | None = None
    report_weeks_most: int | None = None

    def __post_init__(self) -> None:
        if self.team_size_least and self.team_size_most and self.team_size_least > self.team_size_most:
            raise ValueError(
                f"The least size of a team, {self.team_size_least}, is above the most, {self.team_size_most}."
            )

    def meets(self, name: str, value: float) -> bool | None:
        """Whether a ``team_size`` or ``report_weeks`` lies within what was agreed; None where nothing was."""
        least, most = getattr(self, f"{name}_least", None), getattr(self, f"{name}_most")
        return None if least is None and most is None else (least or 0) <= value <= (most or float("inf"))


@dataclass(frozen=True)
class EvaluatorTexts:
    """The evaluator's own texts for the report of one review period.

    Attributes
    ----------
    name, written_on : who judges, and the day of the report
    verdict : one sentence in place of the derived one; "" leaves that in place
    strengths, improvements, guidance, pace, governance : what only people can judge; None where nothing is written
    limits : what was agreed on teams and reports; None where nothing was
    decisions : asked of the Strategic Group, in order
    """

    name: str = field(metadata=SENTENCE)
    written_on: date
    verdict: str = field(default="", metadata=SENTENCE)
    strengths: Judgement | None = None
    improvements: Judgement | None = None
    guidance: Judgement | None = None
    pace: Judgement | None = None
    governance: Judgement | None = None
    limits: Limits | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def judgements(self) -> dict[str, Judgement | None]:
        """Each passage by its key; None where nothing is written."""
        return {key: getattr(self, key) for key in JUDGED}


JUDGED = tuple(item.name for item in fields(EvaluatorTexts) if item.type == Judgement | None)
MOST_DECISIONS = 5


def read_evaluator_file(path: str | Path, statements: Collection[str]) -> EvaluatorTexts:
    """Read and check the evaluator's texts; `statements` are the codes that a decision may name.

    Examples
    --------
    >>> from ci_eval.settings import load
    >>> texts = read_evaluator_file(load().period("2022-23").evaluator, ["s04", "s08"])
    >>> [decision.statements for decision in texts.decisions]
    [('s04',), ('s08',), ()]

    Raises
    ------
    InputError
        With every key that is unknown, missing, empty or too long, and every code of no statement, each with its line.
    """
    file = Path(path)
    values, lines = read(file)
    table = Table(values, file, lines)
    texts = filled(table, EvaluatorTexts)
    for number, decision in enumerate(texts.decisions if texts else (), start=1):
        below = Table({}, file, lines, ("decisions", str(number)), table.problems)
        unknown = [code for code in decision.statements if code not in statements]
        if unknown:
            message = f"{', '.join(map(repr, unknown))} is the code of no statement."
            below.refuse("unknown-statement", "statements", message, "Name codes of questionnaire.toml.")
        if not decision.statements and not decision.evidence:
            fix = "Add statements, evidence or both."
            below.refuse("decision-without-evidence", "", "The decision has no evidence.", fix)
    if texts and len(texts.decisions) > MOST_DECISIONS:
        message = f"{len(texts.decisions)} decisions are asked; the page has room for {MOST_DECISIONS}."
        table.refuse("too-many-decisions", "decisions", message, "Keep the most important ones.")
    if texts is None or table.problems:
        raise InputError(f"CANNOT USE {file.name}: nothing was run", table.problems)
    return texts
