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

from ci_eval.problems import Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey.cells import Cells
from ci_eval.survey.settings import NOT_ANSWERED, SurveySettings
from ci_eval.survey.text import listed, nearest, normalised, shown, token

STATEMENTS = "statements"
_CODE = re.compile(r"^[A-Za-z]{0,2}-?\d+(?:\.0+)?$")  # 1, -99, 2.0, A1, AO02: codes, not words
MISSPELT = 0.85  # likeness from which an unknown word is taken for a misspelling, in messages
_MARKS = frozenset(
    {"-", "--", ".", "..", "?", "n/a", "#n/a", "na", "n.a.", "none", "null", "nan", "nil", "no answer"}
)


@dataclass(frozen=True)
class Column:
    """One answered column: where it stands, for messages, and what is in it."""

    code: str
    called: str
    cells: Cells
    rows: NDArray[np.int32]
    labels: Mapping[str, str] = field(default_factory=dict)

    def at(self, values: Iterable[int]) -> str:
        """The first row with one of these values, and the column."""
        return f"row {self.rows[self.cells.first(values)]:,}, {self.called}"


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
        statement = any(item.code == code for item in questionnaire.statements)
        question = None if statement else questionnaire.question(code)
        self.options: tuple[str, ...] = question.options if question else questionnaire.answers
        self.other = question.other if question else ""
        self.answers = (*self.options, *questionnaire.missing)
        self.group = STATEMENTS if statement else code
        self._words = {normalised(answer): number for number, answer in enumerate(self.answers)}
        if self.other:
            # Tools shorten "Other (please specify)", the option that comes with a text.
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
        return self._words.get(normalised(text), -2)

    def is_word(self, text: str) -> bool:
        """Whether the text is one of the answers, however it is written."""
        return normalised(text) in self._words

    @staticmethod
    def is_code(text: str) -> bool:
        """Whether the text is a number, a code or a mark rather than words."""
        return bool(_CODE.match(text.strip())) or token(text) in _MARKS

    def suggestion(self, text: str) -> str:
        """The answer a text is a letter or two away from, ""; a suggestion only."""
        return nearest(text, self.options, MISSPELT)


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


def problems(
    unknown: Iterable[Unknown], tables: Mapping[str, AnswerTable], declared: SurveySettings
) -> list[Problem]:
    """One problem a cause: codes without a key, marks of no declared meaning, unknown words."""
    by_group: dict[str, list[Unknown]] = {}
    for item in unknown:
        by_group.setdefault(tables[item.column.code].group, []).append(item)
    found = []
    for group, items in by_group.items():
        table = tables[items[0].column.code]
        numbers = [item for item in items if _CODE.match(item.text.strip())]
        marks = [item for item in items if token(item.text) in _MARKS]
        words = [item for item in items if item not in numbers and item not in marks]
        worded = {item.column.code for item in numbers if _has_words(item.column, table)}
        mixed = [item for item in numbers if item.column.code in worded]
        coded = [item for item in numbers if item.column.code not in worded]
        explained = group in declared.codes
        keyed = [item for item in coded if explained or item.column.labels]
        coded = [item for item in coded if item not in keyed]
        found += _outside_key(keyed, declared)
        found += _coded(coded, group, table, declared) + _mixed(mixed, group, declared)
        found += _marks(marks, declared) + _words(words, group, table, declared)
    return found


def _has_words(column: Column, table: AnswerTable) -> bool:
    return any(normalised(text) in map(normalised, table.options) for text in column.cells.distinct)


def _where(items: list[Unknown]) -> tuple[str, int]:
    first = items[0]
    return f"{first.column.at([first.number])}: {shown(first.text)}", sum(item.count for item in items)


def _columns(items: list[Unknown]) -> str:
    called = list(dict.fromkeys(item.column.called for item in items))
    return f"{called[0][0].upper()}{called[0][1:]}" if len(called) == 1 else f"{len(called)} columns"


def _texts(items: list[Unknown]) -> list[str]:
    return list(dict.fromkeys(shown(item.text, 40) for item in items))


def _coded(items: list[Unknown], group: str, table: AnswerTable, declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    codes = sorted(_texts(items), key=lambda text: (len(text), text))
    where, count = _where(items)
    verb = "holds" if len({item.column.code for item in items}) == 1 else "hold"
    first, last = table.options[0], table.options[-1 if group != STATEMENTS else 4]
    message = (
        f"{_columns(items)} {verb} the codes {listed(codes, 8)}, not words. "
        f'We cannot tell whether {codes[0]} is "{first}" or "{last}".'
    )
    line = declared.mend(f'"{codes[0]}" = "{first}" and so on', "codes", group)
    mend = f"Export again with answer texts, name the key file with key =, or {line}."
    return [Problem("codes-without-key", "ASK", message, where, count, mend)]


def _outside_key(items: list[Unknown], declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    codes = _texts(items)
    message = f"{_columns(items)}: the key does not explain {listed(codes, 8)}."
    line = declared.mend(f'"{codes[0]}" = "not answered"', "missing")
    mend = f"Use the key of this export; or, if that is what it means, {line}."
    return [Problem("code-outside-key", "REJECT", message, where, count, mend)]


def _mixed(items: list[Unknown], group: str, declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    message = f"{_columns(items)}: numbers ({listed(_texts(items), 8)}) stand among words."
    line = declared.mend(f'"{shown(items[0].text)}" = "…"', "codes", group)
    return [
        Problem(
            "numbers-among-words",
            "REJECT",
            message,
            where,
            count,
            f"Export again with answer texts, or {line}.",
        )
    ]


def _marks(items: list[Unknown], declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    texts = _texts(items)
    message = f"{_columns(items)}: {listed(texts, 8)} can mean not answered, not shown or not applicable."
    line = declared.mend(f'"{texts[0]}" = "not answered"', "missing")
    mend = f"Say which: {line}."
    return [Problem("mark-unknown", "ASK", message, where, count, mend)]


def _words(items: list[Unknown], group: str, table: AnswerTable, declared: SurveySettings) -> list[Problem]:
    """Words a letter or two from an answer are taken for misspellings, the others for another scale."""
    found = []
    misspelt = [item for item in items if table.suggestion(item.text)]
    other = [item for item in items if item not in misspelt]
    for item in misspelt:
        like = table.suggestion(item.text)
        where, count = _where([item])
        text = shown(item.text, 40)
        message = f'"{text}" is no answer of this question. Did you mean "{like}"?'
        line = declared.mend(f'"{text}" = "{like}"', "codes", group)
        mend = f"If so, {line}; nothing is corrected by itself."
        found.append(Problem("answer-misspelt", "REJECT", message, where, count, mend))
    if other:
        where, count = _where(other)
        totals: dict[str, int] = {}
        for item in other:
            totals[shown(item.text, 40)] = totals.get(shown(item.text, 40), 0) + item.count
        texts = listed((f'"{text}" ({count:,})' for text, count in totals.items()), 8)
        message = f"{_columns(other)}: answers that the questionnaire does not have: {texts}."
        line = declared.mend(f'"{next(iter(totals))}" = "…"', "codes", group)
        answers = listed((f'"{option}"' for option in table.options), 8)
        mend = f"Say which of {answers} each stands for: {line}; or change the options in questionnaire.toml."
        found.append(Problem("answer-unknown", "ASK", message, where, count, mend))
    return found
