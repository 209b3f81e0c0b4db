"""What was done to cells on the way to answers, and answers in columns where they do not belong.

However many cells show a cause it is one message, with its column, the count and the setting that answers it.
Nothing of somebody's own words appears in these messages.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.personal_data import is_address
from ci_eval.inputs.problems import Findings, Level
from ci_eval.inputs.text import normalised, one_line, quoted, repaired, token
from ci_eval.programme.survey_declaration import NOT_ANSWERED, SurveySettings
from ci_eval.survey.answers import AnswerTable, Column
from ci_eval.survey.columns import Cells, row_numbers
from ci_eval.survey.tools import Tool

MOST_CONTACT = 0.2  # share of a question's answers that may hold an e-mail address
FEWEST_CONTACT = 3  # addresses from which a share says something
FEWEST_MARKS, MOST_MARKS = 3, 0.2  # cells and share of a column of free text that may hold one mark
FEWEST_OPTIONS = 3  # the same of options in a column of free text
_PROTECTED = ("'=", "'+", "'-", "'@")
# How a workbook writes a carriage return into XML; programs that read it badly leave it in the text.
_RETURN = re.compile(r"_x000[dD]_\n?")


@dataclass
class Tally:
    """Counts of cells by what was done to them.

    Attributes
    ----------
    evened : answers matched after evening out
    repaired : answers matched after undoing a double encoding
    escapes : cells in which an escape of the tool or of a spreadsheet was undone
    collapsed : columns that were read as one answer, one column for each option
    marks : (the tool's mark, its meaning) → cells
    first : kind of count → where it was met first
    """

    evened: int = 0
    repaired: int = 0
    escapes: int = 0
    collapsed: int = 0
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def answers(self, column: Column, table: AnswerTable, tool: Tool) -> None:
        """Count what was evened out, repaired and read as a mark in the answers of a closed question."""
        counts = column.cells.counts()
        marks = {token(mark): (mark, meaning) for mark, meaning in tool.missing.items()}
        for number, text in enumerate(column.cells.distinct):
            if not counts[number]:
                continue
            if token(text) in marks:
                self.marks[marks[token(text)]] += int(counts[number])
                self.first.setdefault("marks", column.called)
            elif text not in table.answers and table.is_word(text):
                self.evened += int(counts[number])
            elif repaired(text) != text and table.is_word(repaired(text)):
                self.repaired += int(counts[number])
                self.first.setdefault("repaired", column.called)

    def undone(self, cells: Cells, tool: Tool) -> Cells:
        """The cells with line ends made one kind, and with what tools change in an export changed back."""
        patterns = [(re.compile(pattern), replacement) for pattern, replacement in tool.replace]

        def change(text: str) -> str:
            # Tools put an apostrophe before an answer that a spreadsheet would run as a formula.
            if text.startswith(_PROTECTED):
                text = text[1:]
            if "_x000" in text:
                text = _RETURN.sub("\n", text)
            for pattern, replacement in patterns:
                text = pattern.sub(replacement, text)
            return text

        if not (patterns or any(map(_is_marked, cells.distinct))):
            return cells
        lines = cells.mapped(_one_line_end)
        changed = lines.mapped(change)
        counts = cells.counts()
        both = enumerate(zip(lines.distinct, changed.distinct, strict=True))
        self.escapes += sum(int(counts[number]) for number, (before, after) in both if before != after)
        return changed

    def note(self, findings: Findings) -> None:
        """One note for each kind of change that was made."""
        if self.evened:
            message = "Answers were matched after evening out capitals, spaces and punctuation."
            findings.add("answers-evened-out", "NOTE", message, count=self.evened)
        if self.repaired:
            message = "Answers were encoded twice (â€™ for ’); undone, they are answers of the questionnaire."
            fix = "Export again, and do not open the file in between."
            findings.add("double-encoded", "WARN", message, self.first["repaired"], fix, self.repaired)
        if self.escapes:
            message = (
                "Cells in which the export had put a mark before or in place of a letter were changed back."
            )
            findings.add("escapes-undone", "NOTE", message, count=self.escapes)
        if self.collapsed:
            message = "Columns with one option each were read as the answer to one question."
            findings.add("options-collapsed", "NOTE", message, count=self.collapsed)
        for (mark, meaning), count in self.marks.items():
            usual = normalised(meaning) == normalised(NOT_ANSWERED)
            message = f'The tool\'s mark "{one_line(mark)}" was read as {meaning.casefold()}.'
            fix = "If a person typed it, or it means something else, declare it under missing."
            level: Level = "NOTE" if usual else "WARN"
            findings.add("marks-read", level, message, self.first["marks"], "" if usual else fix, count)


def _is_marked(text: str) -> bool:
    return "\r" in text or "_x000" in text or text.startswith(_PROTECTED)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def note_text_beside(
    numbers: NDArray[np.int8],
    texts: Cells,
    other: int,
    column: Column,
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """A text that belongs to "Other" beside another answer: the respondent saw a box that was not for them."""
    odd = (numbers >= 0) & (numbers != other) & (texts.texts() != "")
    if odd.any():
        message = (
            'A text that goes with "Other" stands beside another answer; the answer counts, the text is kept.'
        )
        line = declared.fix('"the answer" = "the listed answer"', "codes", column.code.removesuffix("_other"))
        fix = f"Look at these rows; if the answer itself was changed by the tool, {line}."
        cells = row_numbers(column.rows[odd])
        findings.add("text-beside-answer", "WARN", message, column.called, fix, int(odd.sum()), cells)


def note_options_missing(
    spread: Mapping[str, tuple[Collection[str], int]], codes: Collection[str], findings: Findings
) -> None:
    """Note options without a column, where each option has one: whoever chose it reads as not having answered.

    `spread` gives, for each question or statement (the latter are `codes`), the options without a column, and how many
    rows have no option filled.
    """
    statements = [set(options) for code, (options, _) in spread.items() if code in codes]
    # What no statement has a column for was not offered; one statement alone shows nothing.
    common = set.intersection(*statements) if len(statements) > 1 else set()
    for code, (options, silent) in spread.items():
        for option in options if silent else ():
            if code in codes and option in common:
                message = f'No statement has a column for the answer "{option}": it counts as not answered.'
                fix = "Check that the form did not offer it; else export again with every column."
                findings.add("option-not-offered", "WARN", message, fix=fix)
            else:
                message = f'{code} has no column for the answer "{option}", and {silent:,} responses have none filled in.'
                fix = "Export again with a column for every option; if it was not offered, change questionnaire.toml."
                findings.add("option-missing", "REJECT", message, "", fix, silent)


def note_options_as_text(
    texts: Iterable[Column], tables: Mapping[str, AnswerTable], findings: Findings
) -> None:
    """Note columns of free text whose cells are another question's options: answers stand in the wrong column."""
    words = [word for table in tables.values() for word in table.words]
    for column in texts:
        total = int((~column.cells.blank()).sum())
        if not words or 2 * column.cells.holding(words).sum() <= total:  # the usual case, seen in one pass
            continue
        for code, table in tables.items():
            own = column.cells.holding(table.words)
            count = int(own.sum())
            if count >= FEWEST_OPTIONS and 2 * count > total:
                message = f"{column.code} is asked in words, and {count:,} of {total:,} texts are options of {code}."
                fix = "Look whether columns or headings were moved; better, use the untouched export."
                cells = f"{row_numbers(column.rows[own])}, {column.code}"
                findings.add("options-as-text", "WARN", message, column.called, fix, count, cells)
                break


def note_marks_as_text(column: Column, declared: SurveySettings, findings: Findings) -> None:
    """Note a mark of no answer in many cells of a column of free text: R and its like write one in each empty cell."""
    counts = column.cells.counts()
    filled = int((~column.cells.blank()).sum())
    for number in np.flatnonzero(counts >= max(FEWEST_MARKS, MOST_MARKS * filled)):
        text = column.cells.distinct[number]
        if AnswerTable.is_mark(text):
            count = int(counts[number])
            message = f'"{one_line(text)}" stands in {count:,} of {filled:,} texts and counts as written.'
            line = declared.fix(f'{quoted(text)} = "not answered"', "missing")
            fix = f"If the export wrote it into empty cells, {line}."
            cells = column.rows_with([int(number)])
            findings.add("marks-as-text", "WARN", message, column.called, fix, count, cells)


def note_contact(column: Column, declared: SurveySettings, findings: Findings) -> bool:
    """Note a column of answers that holds e-mail addresses instead; whether it does."""
    counts = column.cells.counts()
    texts = enumerate(column.cells.distinct)
    hits = sum(int(counts[n]) for n, text in texts if is_address(text))
    if hits < FEWEST_CONTACT:
        return False
    filled = int(counts[[bool(text) for text in column.cells.distinct]].sum())
    if hits <= MOST_CONTACT * filled:
        return False
    message = (
        f"{hits:,} of {filled:,} answers hold an e-mail address: {column.called} is no question's column."
    )
    line = declared.fix('"the exported heading" = "not used"', "headings")
    fix = f"Export again without contact details; if the heading stands over the wrong column, {line}."
    findings.add("contact-in-answers", "REJECT", message, column.called, fix, hits)
    return True
