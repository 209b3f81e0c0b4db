"""The responses' frame, question by question; a question with "Other" has a second column for its text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.problems import Findings, Level
from ci_eval.inputs.text import listed, normalised, token
from ci_eval.programme import Question, Questionnaire
from ci_eval.programme.survey_declaration import NOT_ANSWERED, SurveySettings
from ci_eval.survey import free_text, question_types
from ci_eval.survey.answer_notes import (
    Tally,
    note_contact,
    note_marks_as_text,
    note_options_as_text,
    note_options_missing,
    note_text_beside,
)
from ci_eval.survey.answers import AnswerTable, Column, Unknown, categorical, closed
from ci_eval.survey.columns import Cells, row_numbers
from ci_eval.survey.exports import RawExport
from ci_eval.survey.headings import OTHER, TICKED, UNTICKED, is_option
from ci_eval.survey.unknown_answers import note_unknown, several

Flags = NDArray[np.bool_]
_LONGEST_MARK = 40  # characters; what says that nothing was written is shorter
_SPARE = 8  # characters by which a mark can be longer before it is evened out


class Answers:
    """Interprets the cells of an export's rows; what cannot be interpreted is noted in the export's findings.

    Attributes
    ----------
    frame : column name → answers, in the order of the responses' frame
    texts : the columns of free text, for the screen
    answered : rows in which at least one question was answered
    all_read : whether every answer was interpreted
    """

    def __init__(
        self, export: RawExport, used: Flags, questionnaire: Questionnaire, declared: SurveySettings
    ) -> None:
        self.export, self.used, self.declared = export, used, declared
        self.questionnaire = questionnaire
        self.mapping = export.mapping
        self.rows = export.rows[used]
        self.frame: dict[str, Any] = {}
        self.texts: list[Column] = []
        self.answered = np.zeros(len(self.rows), dtype=bool)
        self.findings: Findings = export.findings
        self.all_read = True
        self.tally = Tally()
        self._unknown: list[Unknown] = []
        self._tables: dict[str, AnswerTable] = {}
        self._without_column: dict[str, tuple[list[str], int]] = {}
        questions = {question.code: question for question in questionnaire.questions}
        for code in _order(questionnaire):
            question = questions.get(code)
            if question is None or question.kind == "choice":
                self._put(code, self._choice(code, question))
            elif question.kind == "several":
                self._several(question)
            elif question.kind == "number":
                self._number(code)
            else:
                self._free_text(code)
        self.all_read &= not self._unknown
        note_unknown(self._unknown, self._tables, declared, self.findings)
        codes = [statement.code for statement in questionnaire.statements]
        note_options_missing(self._without_column, codes, self.findings)
        note_options_as_text(
            self.texts, {c: t for c, t in self._tables.items() if c not in codes[1:]}, self.findings
        )
        if self.all_read:
            self._note_unanswered()
        self.tally.note(self.findings)

    def column(self, code: str, place: int) -> Column:
        """A column of the file, for the rows used, with what the tool's export changed undone."""
        cells = self.tally.undone(self.export.columns[place].take(self.used), self.export.tool)
        labels = self.export.labels.get(place, {})
        return Column(code, self.export.layout.called(place), cells, self.rows, labels)

    def _is_contact(self, column: Column) -> bool:
        contact = note_contact(column, self.declared, self.findings)
        self.all_read &= not contact
        return contact

    def _put(self, code: str, numbers: NDArray[np.int8]) -> None:
        table = self._tables[code]
        # "Not shown" and its like are kept, but answer nothing.
        self.answered |= (numbers >= 0) & (numbers < len(table.options))
        self.frame[code] = categorical(numbers, table)
        if f"{code}_{OTHER}" in self.frame:  # the text given with "Other" comes after its question
            self.frame[f"{code}_{OTHER}"] = self.frame.pop(f"{code}_{OTHER}")

    def _choice(self, code: str, question: Question | None) -> NDArray[np.int8]:
        table = AnswerTable(code, self.questionnaire, self.declared, self.export.tool.missing)
        self._tables[code] = table
        places, options = self.mapping.columns(code), self.mapping.options(code)
        numbers = np.full(len(self.rows), -1, dtype=np.int8)
        unknown: list[Unknown] = []
        column = self.column(code, places[0]) if places else None
        if column is not None and not self._is_contact(column):
            numbers, unknown = closed(column, table)
            self.tally.answers(column, table, self.export.tool)
        elif options:
            numbers = self._spread(code, options, table)
        if question is not None and question.other:
            unknown = self._other(question, numbers, column, unknown, table)
        self._unknown += unknown
        return np.maximum(numbers, -1)

    def _spread(self, code: str, options: dict[int, str], table: AnswerTable) -> NDArray[np.int8]:
        """One answer exported as one column for each option, at most one of them filled."""
        numbers = np.full(len(self.rows), -1, dtype=np.int8)
        ticked = self._ticked(code, options, table)
        filled = ticked.sum(axis=1)
        for option in options.values():
            place = table.options.index(option)
            numbers[ticked[:, place]] = place
        if (filled > 1).any():
            called = listed(map(self.export.layout.called, options), 2)
            message = f"More than one answer is filled in where one is possible ({called})."
            fix = "Export again; a row with two answers to one question cannot be counted."
            self.findings.add(
                "two-answers",
                "REJECT",
                message,
                "",
                fix,
                int((filled > 1).sum()),
                row_numbers(self.rows[filled > 1]),
            )
            self.all_read = False
        return numbers

    def _ticked(self, code: str, options: dict[int, str], table: AnswerTable) -> Flags:
        """Whether each option of `table` is filled, where each has a column: (response, option)."""
        ticked = np.zeros((len(self.rows), len(table.options)), dtype=bool)
        for place, option in options.items():
            column = self.column(code, place)
            ticks = [self._tick(text, option) for text in column.cells.distinct]
            ticked[:, table.options.index(option)] |= column.cells.lookup(ticks, np.int8) > 0
            counts = column.cells.counts()
            self._unknown += [
                Unknown(column, text, number, int(counts[number]))
                for number, text in enumerate(column.cells.distinct)
                if ticks[number] < 0 and counts[number]
            ]
        self.tally.collapsed += len(options)
        there = {*options.values(), table.other if self.mapping.columns(code, OTHER) else ""}
        missing = [option for option in table.options if option not in there]
        self._without_column[code] = missing, int((~ticked.any(axis=1)).sum())
        return ticked

    def _several(self, question: Question) -> None:
        """A choice of several: one column with all options chosen, or a column an option."""
        code = question.code
        table = self._tables[code] = AnswerTable(
            code, self.questionnaire, self.declared, self.export.tool.missing
        )
        places, options = self.mapping.columns(code), self.mapping.options(code)
        chosen = np.zeros((len(self.rows), len(table.options)), dtype=bool)
        if options:
            chosen = self._ticked(code, options, table)
        elif places and not self._is_contact(column := self.column(code, places[0])):
            chosen, unknown = question_types.chosen(column, table)
            self._unknown += unknown
        if question.other and (beside := self.mapping.columns(code, OTHER)):
            texts = self._beside(self.column(f"{code}_{OTHER}", beside[0]), table)
            chosen[texts.texts() != "", table.options.index(question.other)] = True
            self.texts.append(
                Column(f"{code}_{OTHER}", self.called_other(question, beside), texts, self.rows)
            )
        self.answered |= chosen.any(axis=1)
        self.frame[code] = question_types.as_options(chosen, table.options)

    def _number(self, code: str) -> None:
        places = self.mapping.columns(code)
        values = np.full(len(self.rows), np.nan)
        if places and not self._is_contact(column := self.column(code, places[0])):
            missing = {
                **self.export.tool.missing,
                **self.declared.missing,
                **self.declared.codes.get(code, {}),
            }
            values = question_types.numbers(column, missing, self.declared, self.findings)
        self.answered |= ~np.isnan(values)
        self.frame[code] = values

    def _note_unanswered(self) -> None:
        """Note questions and statements that are there and that nobody answered, though others were."""
        there = {target.code for target in self.mapping.targets.values() if target.part != OTHER}
        silent: dict[Level, list[str]] = {"ASK": [], "WARN": []}
        for code in there - set(self.declared.absent) if self.answered.any() else ():
            if not any(pd.notna(answer) and answer != "" for answer in self.frame[code]):
                silent["ASK" if code in self._tables else "WARN"].append(code)
        for level, codes in silent.items():
            if codes:
                which = listed(sorted(codes), len(codes))
                message = (
                    f"Nobody answered {which}, though others were answered: was the column emptied or hidden?"
                )
                line = self.declared.fix(f'absent = ["{min(codes)}"]')
                fix = f"Export again; if it was not asked, {line}."
                self.findings.add("question-unanswered", level, message, "", fix, len(codes))

    @staticmethod
    def _tick(text: str, option: str) -> int:
        mark = token(text)
        if mark in UNTICKED:
            return 0
        return 1 if mark in TICKED or is_option(text, option) else -1

    def _other(
        self,
        question: Question,
        numbers: NDArray[np.int8],
        column: Column | None,
        unknown: list[Unknown],
        table: AnswerTable,
    ) -> list[Unknown]:
        """Fill in the text given with "Other": in a column of its own, or in the answer's place.

        Returns the unknown answers that are left.
        """
        other = table.answers.index(question.other)
        beside = self.mapping.columns(question.code, OTHER)
        name = f"{question.code}_{OTHER}"
        texts = Cells(("",), np.zeros(len(self.rows), dtype=np.int32))
        if beside:
            own = self.column(name, beside[0])
            texts = self._beside(own, table)
            note_text_beside(numbers, texts, other, own, self.declared, self.findings)
            self._is_contact(own)
            numbers[(numbers == -1) & (texts.texts() != "")] = other
        elif column is not None:
            taken = {item.number for item in unknown if could_be_other(item, table)}
            unknown = [item for item in unknown if item.number not in taken]
            if taken:
                numbered = enumerate(column.cells.distinct)
                texts = Cells(tuple(text if n in taken else "" for n, text in numbered), column.cells.codes)
                self._note_other(question, column, sorted(taken), texts, table.options)
                numbers[texts.texts() != ""] = other
        self.texts.append(Column(name, self.called_other(question, beside), texts, self.rows))
        self.frame[name] = as_text(texts.texts())
        return unknown

    def _beside(self, column: Column, table: AnswerTable) -> Cells:
        """The texts given with "Other", without cells that say only that nothing was written there."""
        written = self._written(column)
        missing = {"0", *map(normalised, table.missing)}
        marks = {
            number
            for number, text in enumerate(written.distinct)
            if len(text) <= _LONGEST_MARK and (table.gives_none(text) or normalised(text) in missing)
        }
        if count := int(written.counts()[list(marks)].sum()):
            message = (
                f'Marks of no answer stand beside "{table.other}"; they are no text, and choose nothing.'
            )
            cells = column.rows_with(marks)
            self.findings.add("marks-beside-other", "NOTE", message, column.called, count=count, cells=cells)
        return Cells(
            tuple("" if n in marks else text for n, text in enumerate(written.distinct)), written.codes
        )

    def called_other(self, question: Question, beside: list[int]) -> str:
        return self.export.layout.called(beside[0]) if beside else f"the text with {question.code}"

    def _note_other(
        self,
        question: Question,
        column: Column,
        taken: list[int],
        texts: Cells,
        options: Sequence[str],
    ) -> None:
        """The texts themselves are not shown: people write who they are."""
        message = f'Answers outside the list were counted as "{question.other}", their texts kept beside it.'
        forms = {f"{normalised(option)} ": option for option in options}
        starts = ["" if n not in taken else begun(text, forms) for n, text in enumerate(texts.distinct)]
        if begin := int(texts.lookup([bool(start) for start in starts], bool).sum()):
            which = listed((f'"{option}"' for option in dict.fromkeys(filter(None, starts))), 8)
            message += f" {begin:,} of them begin with a listed answer and go on: {which}."
        line = self.declared.fix('"the text" = "the listed answer"', "codes", question.code)
        fix, count = f"If one stands for a listed answer, {line}.", int((texts.texts() != "").sum())
        self.findings.add(
            "answers-as-other", "WARN", message, column.called, fix, count, column.rows_with(taken)
        )

    def _free_text(self, code: str) -> None:
        places = self.mapping.columns(code)
        if not places:
            self.frame[code] = as_text(np.full(len(self.rows), "", dtype=object))
            return
        column = self.column(code, places[0])
        self._is_contact(column)
        cells = self._written(column)
        note_marks_as_text(Column(code, column.called, cells, self.rows), self.declared, self.findings)
        self.texts.append(Column(code, column.called, cells, self.rows))
        self.answered |= ~cells.blank()
        self.frame[code] = as_text(cells.texts())

    def _written(self, column: Column) -> Cells:
        """Free text without marks of no answer: those declared, and the tool's own as far as nobody would type them."""
        tools = (
            token(mark)
            for mark, meaning in self.export.tool.missing.items()
            if normalised(meaning) == normalised(NOT_ANSWERED)
        )
        # People write "N/A" and "None": with letters, a tool's mark is a text until the settings say otherwise.
        marks = {mark for mark in tools if not any(map(str.isalpha, mark))} | set(
            map(token, self.declared.missing)
        )
        longest = max(map(len, marks), default=0) + _SPARE

        def written(text: str) -> str:
            bare = text.strip()
            if len(bare) > longest:  # most free text is too long to be a mark, and need not be evened out
                return text
            return "" if not bare or token(bare) in marks else text

        texts = column.cells.mapped(written)
        free_text.note_errors(replace(column, cells=texts), self.findings)
        return texts


def _order(questionnaire: Questionnaire) -> list[str]:
    """Codes of questions and statements as the frame has them: the statements stand before the comments on them."""
    questions = [question.code for question in questionnaire.questions]
    comments = questionnaire.comments
    place = questions.index(comments[0].code) if comments else len(questions)
    return [
        *questions[:place],
        *(statement.code for statement in questionnaire.statements),
        *questions[place:],
    ]


def could_be_other(item: Unknown, table: AnswerTable) -> bool:
    """Whether an unknown answer can be the text of "Other": words that are no misspelling, code or mark."""
    text = item.text
    return not (
        table.is_code(text)
        or table.gives_none(text)
        or table.suggestion(text)
        or several(text, table.options)
    )


def begun(text: str, forms: Mapping[str, str]) -> str:
    """The listed answer that a text begins with before it goes on, ""; `forms` are evened out, with a space behind."""
    form = normalised(text)
    return next((option for start, option in forms.items() if form.startswith(start)), "")


def as_text(texts: NDArray[np.object_] | Sequence[str]) -> "pd.Series[str]":
    return pd.Series(texts, dtype="str")
