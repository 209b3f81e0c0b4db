"""What was answered: exported texts looked up in declared tables, once for each distinct text.

An answer is one of the questionnaire's words, or it is declared in the settings, or the load stops. Marks
for "no answer" are kept apart by what they mean: not answered, not shown, not applicable, don't know.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.text import nearest, normalised, repaired, token
from ci_eval.programme import Questionnaire
from ci_eval.programme.survey_declaration import NOT_ANSWERED, SurveySettings
from ci_eval.survey.columns import Cells, row_numbers

_CODE = re.compile(r"^[A-Za-z]{0,2}-?\d+(?:\.0+)?$")
_ERROR = re.compile(
    r"\s*#(?:NAME\?|DIV/0!|REF!|VALUE!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA)\s*", re.IGNORECASE
)
MISSPELT = 0.85  # likeness from which an unknown word is taken for a misspelling, in messages
_MARKS = frozenset({"-", "--", ".", "..", "?", "n/a", "#n/a", "na", "n.a.", "none", "null", "nan", "nil"})
_DONT_KNOW = frozenset({"dont know", "do not know"})  # an answer on many scales, and no organisation or role
# The same in words, evened out: whoever writes them where an answer should be gives none, or keeps it back.
_WORDED_MARKS = frozenset(
    {
        *("no answer", "no response", "no reply", "not answered", "unanswered", "not applicable", "blank"),
        *("not stated", "skipped"),
        *("prefer not to say", "prefer not to answer", "rather not say", "refused"),
    }
)


@dataclass(frozen=True)
class Column:
    """One answered column: where it is, for messages, and what is in it."""

    code: str
    called: str
    cells: Cells
    rows: NDArray[np.int32]
    labels: Mapping[str, str] = field(default_factory=dict)

    def rows_with(self, values: Iterable[int]) -> str:
        """The rows with one of these values, and the column's code, for the work list."""
        hit = np.isin(self.cells.codes, list(values))
        return f"{row_numbers(self.rows[hit])}, {self.code}"


@dataclass(frozen=True)
class Unknown:
    """A text that is no answer: how often it occurs and where first."""

    column: Column
    text: str
    number: int  # of the text among the column's values
    count: int


class AnswerTable:
    """The answers one question takes, and everything that is declared to stand for one of them."""

    def __init__(
        self, code: str, questionnaire: Questionnaire, declared: SurveySettings, missing: Mapping[str, str]
    ) -> None:
        above = {item.code: item.question for item in questionnaire.statements}.get(code, "")
        question = None if above else questionnaire.question(code)
        scale = questionnaire.scale_of(code) if above else None
        self.options: tuple[str, ...] = scale.offered if scale else question.options if question else ()
        self.last = scale.answers[-1] if scale else self.options[-1] if self.options else ""
        self.other = question.other if question else ""
        self.missing = questionnaire.missing
        self.answers = (*self.options, *self.missing)
        self.group = above or code
        # Tools shorten "Other (please specify)", the option that comes with a text.
        self.words = (*self.answers, "Other") if self.other else self.answers
        self._words = {normalised(answer): number for number, answer in enumerate(self.answers)}
        if self.other:
            self._words.setdefault(normalised("Other"), self.answers.index(self.other))
        self._declared: dict[str, int] = {}
        tables = [missing, declared.missing, declared.codes.get(self.group, {}), declared.codes.get(code, {})]
        for table in tables:
            for text, meaning in table.items():
                self._declared[token(text)] = self._meaning(meaning)

    def _meaning(self, meaning: str) -> int:
        number = self._words.get(normalised(meaning))
        if number is None and normalised(meaning) != normalised(NOT_ANSWERED):
            return -2
        return -1 if number is None else number

    def number(self, text: str, labels: Mapping[str, str]) -> int:
        """Number of the answer a text stands for; -1 not answered, -2 unknown."""
        mark = token(text)
        if not mark:
            return -1
        if mark in self._declared:
            return self._declared[mark]
        label = labels.get(text.strip())
        if label is not None:
            return self.number(label, {}) if label.strip() != text.strip() else -2
        number = self._words.get(normalised(text))
        # Undoing a double encoding is safe only because the result is one of the answers.
        return self._words.get(normalised(repaired(text)), -2) if number is None else number

    def is_word(self, text: str) -> bool:
        """Whether the text is one of the answers, however it is written."""
        return normalised(text) in self._words

    @staticmethod
    def is_code(text: str) -> bool:
        """Whether the text is a number or a code: 1, -99, 2.0, A1."""
        return bool(_CODE.match(text.strip()))

    @staticmethod
    def is_mark(text: str) -> bool:
        """Whether the text is a mark that people and tools put where no answer is."""
        return token(text) in _MARKS or normalised(text) in _WORDED_MARKS

    def gives_none(self, text: str) -> bool:
        """Whether the text is a mark, an error, or says that no answer is known: never the text of "Other"."""
        return self.is_mark(text) or is_error(text) or normalised(text) in _DONT_KNOW

    def suggestion(self, text: str) -> str:
        """The answer a text is a letter or two away from, ""; a suggestion only."""
        return nearest(text, self.options, MISSPELT)


def is_error(text: str) -> bool:
    """Whether the text is what a spreadsheet shows in place of a value: #NAME? where an answer began with "=" or "-"."""
    return _ERROR.fullmatch(text) is not None


def closed(column: Column, table: AnswerTable) -> tuple[NDArray[np.int8], list[Unknown]]:
    """The answers of a closed question, one number a row (-1 not answered), and what is no answer."""
    numbers = np.array(
        [table.number(text, column.labels) for text in column.cells.distinct] or [-1], dtype=np.int8
    )
    counts = column.cells.counts()
    unknown = [
        Unknown(column, text, number, int(counts[number]))
        for number, text in enumerate(column.cells.distinct)
        if numbers[number] == -2 and counts[number]
    ]
    return column.cells.lookup(numbers[: len(column.cells.distinct)], np.int8), unknown


def categorical(numbers: NDArray[np.int8], table: AnswerTable) -> Any:
    """The answers as pandas' categories, in the questionnaire's order; NaN is not answered."""
    return pd.Categorical.from_codes(np.maximum(numbers, -1), categories=pd.Index(list(table.answers)))
