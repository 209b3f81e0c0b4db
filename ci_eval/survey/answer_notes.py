"""What was done to cells on the way to answers, counted; and answers that stand where none should be.

Nothing a respondent wrote appears in these messages.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ci_eval.problems import Level, Problem
from ci_eval.survey.answers import AnswerTable, Column
from ci_eval.survey.cells import Cells
from ci_eval.survey.personal import KINDS
from ci_eval.survey.settings import NOT_ANSWERED, SurveySettings
from ci_eval.survey.text import listed, normalised, repaired, shown, token
from ci_eval.survey.tool import Tool

MOST_CONTACT = 0.2  # share of a question's answers that may hold an e-mail address
FEWEST_CONTACT = 3  # addresses from which a share says something
_EMAIL = dict(KINDS)["e-mail address"]
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
                self.first.setdefault("marks", column.at([number]))
            elif text not in table.answers and table.is_word(text):
                self.evened += int(counts[number])
            elif repaired(text) != text and table.is_word(repaired(text)):
                self.repaired += int(counts[number])
                self.first.setdefault("repaired", column.at([number]))

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

    def problems(self, file: str) -> list[Problem]:
        """One note for each kind of change that was made."""
        said: tuple[tuple[int, str, Level, str, str], ...] = (
            (
                self.evened,
                "answers-evened-out",
                "NOTE",
                "Answers were matched after evening out capitals, spaces and punctuation.",
                "",
            ),
            (
                self.repaired,
                "double-encoded",
                "WARN",
                "Answers were encoded twice (â€™ for ’); undone, they are answers of the questionnaire.",
                "Export again, and do not open the file in between.",
            ),
            (
                self.escapes,
                "escapes-undone",
                "NOTE",
                "Cells in which the export had put a mark before or in place of a letter were changed back.",
                "",
            ),
            (
                self.collapsed,
                "options-collapsed",
                "NOTE",
                "Columns with one option each were read as the answer to one question.",
                "",
            ),
        )
        found = [
            Problem(
                check,
                level,
                message,
                self.first.get("repaired", file) if check == "double-encoded" else file,
                n,
                mend,
            )
            for n, check, level, message, mend in said
            if n
        ]
        for (mark, meaning), count in self.marks.items():
            level: Level = "NOTE" if normalised(meaning) == normalised(NOT_ANSWERED) else "WARN"
            message = f'The tool\'s mark "{shown(mark)}" was read as {meaning.casefold()}.'
            mend = (
                ""
                if level == "NOTE"
                else "If a person typed it, or it means something else, declare it under missing."
            )
            found.append(Problem("marks-read", level, message, self.first.get("marks", file), count, mend))
        return found


def _is_marked(text: str) -> bool:
    return "\r" in text or "_x000" in text or text.startswith(_PROTECTED)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def text_beside_answer(
    numbers: NDArray[np.int8], texts: Cells, other: int, column: Column, declared: SurveySettings
) -> list[Problem]:
    """A text that belongs to "Other" beside another answer: the respondent saw a box that was not for them."""
    odd = (numbers >= 0) & (numbers != other) & (texts.texts() != "")
    if not odd.any():
        return []
    message = (
        'A text that goes with "Other" stands beside another answer; the answer counts, the text is kept.'
    )
    where = f"row {column.rows[int(np.argmax(odd))]:,}, {column.called}"
    line = declared.mend('"the answer" = "the listed answer"', "codes", column.code.removesuffix("_other"))
    mend = f"Look at these rows; if the answer itself was changed by the tool, {line}."
    return [Problem("text-beside-answer", "WARN", message, where, int(odd.sum()), mend)]


def contact(column: Column, declared: SurveySettings) -> list[Problem]:
    """A column of answers that holds e-mail addresses instead."""
    counts = column.cells.counts()
    texts = enumerate(column.cells.distinct)
    hits = sum(int(counts[n]) for n, text in texts if "@" in text and _EMAIL.search(text))
    if hits < FEWEST_CONTACT:
        return []
    filled = int(counts[[bool(text) for text in column.cells.distinct]].sum())
    if hits <= MOST_CONTACT * filled:
        return []
    message = (
        f"{hits:,} of {filled:,} answers hold an e-mail address: {column.called} is no question's column."
    )
    line = declared.mend('"the exported heading" = "not used"', "headings")
    mend = f"Export again without contact details; if the heading stands over the wrong column, {line}."
    return [Problem("contact-in-answers", "REJECT", message, column.called, hits, mend)]


def several(text: str, options: tuple[str, ...]) -> list[str]:
    """The options a text is made of, if it is made of two or more and nothing else; the longest are found first."""
    rest, found = f" {normalised(text)} ", []
    for option in sorted(options, key=len, reverse=True):
        form = f" {normalised(option)} "
        if form in rest:
            rest = rest.replace(form, " ", 1)
            found.append(option)
    return found if len(found) > 1 and not rest.strip() else []


def said_several(texts: list[str], options: tuple[str, ...]) -> str:
    """The options that cells with several of them hold."""
    return listed((" + ".join(several(text, options)) for text in dict.fromkeys(texts)), 3)
