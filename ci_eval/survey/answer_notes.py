"""What was done to cells on the way to answers, and texts that are no answer, by cause.

Nothing a respondent wrote appears in these messages.

However many cells show a cause it is one message, with the first cell, the count and the setting that answers it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.columns import Cells
from ci_eval.inputs.personal_data import KINDS, value
from ci_eval.inputs.problems import Level, Problem
from ci_eval.inputs.text import listed, normalised, quoted, repaired, shown, token
from ci_eval.programme.survey_declaration import NOT_ANSWERED, SurveySettings
from ci_eval.survey.answers import STATEMENTS, AnswerTable, Column, Unknown
from ci_eval.survey.tools import Tool

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
                fix,
            )
            for n, check, level, message, fix in said
            if n
        ]
        for (mark, meaning), count in self.marks.items():
            level: Level = "NOTE" if normalised(meaning) == normalised(NOT_ANSWERED) else "WARN"
            message = f'The tool\'s mark "{shown(mark)}" was read as {meaning.casefold()}.'
            fix = (
                ""
                if level == "NOTE"
                else "If a person typed it, or it means something else, declare it under missing."
            )
            found.append(Problem("marks-read", level, message, self.first.get("marks", file), count, fix))
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
    line = declared.fix('"the answer" = "the listed answer"', "codes", column.code.removesuffix("_other"))
    fix = f"Look at these rows; if the answer itself was changed by the tool, {line}."
    return [Problem("text-beside-answer", "WARN", message, where, int(odd.sum()), fix)]


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
    line = declared.fix('"the exported heading" = "not used"', "headings")
    fix = f"Export again without contact details; if the heading stands over the wrong column, {line}."
    return [Problem("contact-in-answers", "REJECT", message, column.called, hits, fix)]


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
        numbers = [item for item in items if table.is_code(item.text)]
        marks = [item for item in items if table.is_mark(item.text)]
        both = [item for item in items if several(item.text, table.options)]
        twice = [item for item in items if repaired(item.text) != item.text]
        words = [item for item in items if not any(item in named for named in (numbers, marks, both, twice))]
        worded = {item.column.code for item in numbers if _has_words(item.column, table)}
        mixed = [item for item in numbers if item.column.code in worded]
        coded = [item for item in numbers if item.column.code not in worded]
        explained = group in declared.codes
        keyed = [item for item in coded if explained or item.column.labels]
        coded = [item for item in coded if item not in keyed]
        found += _outside_key(keyed, group, declared)
        found += _coded(coded, group, table, declared) + _mixed(mixed, group, declared)
        found += _several(both, table) + _twice(twice)
        found += _marks(marks, declared) + _words(words, group, table, declared)
    return found


def _has_words(column: Column, table: AnswerTable) -> bool:
    return any(normalised(text) in map(normalised, table.options) for text in column.cells.distinct)


def _where(items: list[Unknown]) -> tuple[str, int]:
    first = items[0]
    return f"{first.column.at([first.number])}: {value(first.text)}", sum(item.count for item in items)


def _columns(items: list[Unknown]) -> str:
    called = list(dict.fromkeys(item.column.called for item in items))
    return f"{called[0][0].upper()}{called[0][1:]}" if len(called) == 1 else f"{len(called)} columns"


def _texts(items: list[Unknown]) -> list[str]:
    return list(dict.fromkeys(value(item.text, 40) for item in items))


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
    # A line that could be copied as it stands would be copied, and turn a scale round.
    line = declared.fix(f'{quoted(codes[0])} = "…" and so on for each code', "codes", group)
    fix = f"Export again with answer texts, name the key file with key =, or {line}, with the answer it stands for."
    return [Problem("codes-without-key", "ASK", message, where, count, fix)]


def _outside_key(items: list[Unknown], group: str, declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    codes = _texts(items)
    message = f"{_columns(items)}: the key does not explain {listed(codes, 8)}."
    line = declared.fix(f'{quoted(codes[0])} = "…"', "codes", group)
    missing = declared.fix(f'{quoted(codes[0])} = "not answered"', "missing")
    fix = f"Use the key of this export; or {line}, with the answer it stands for; or, if it means no answer, {missing}."
    return [Problem("code-outside-key", "REJECT", message, where, count, fix)]


def _mixed(items: list[Unknown], group: str, declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    message = f"{_columns(items)}: numbers ({listed(_texts(items), 8)}) stand among words."
    line = declared.fix(f'"{value(items[0].text)}" = "…"', "codes", group)
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
    message = f"{_columns(items)}: {listed(texts, 20)} can mean not answered, not shown or not applicable."
    line = declared.fix(f'{quoted(texts[0])} = "not answered"', "missing")
    fix = f"Say which, for each of them: {line}."
    return [Problem("mark-unknown", "ASK", message, where, count, fix)]


def _several(items: list[Unknown], table: AnswerTable) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    given = said_several([item.text for item in items], table.options)
    message = f"{_columns(items)}: more than one answer in a cell, where one is possible: {given}."
    fix = "Export again; a cell with two answers to one question cannot be counted."
    return [Problem("two-answers", "REJECT", message, where, count, fix)]


def _twice(items: list[Unknown]) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    message = (
        f"{_columns(items)}: answers were encoded twice, and are no answers of the questionnaire when that is "
        f"undone: {listed(_texts(items), 8)}."
    )
    fix = "Export again, and do not open the file in a spreadsheet in between."
    return [Problem("double-encoded", "REJECT", message, where, count, fix)]


def _words(items: list[Unknown], group: str, table: AnswerTable, declared: SurveySettings) -> list[Problem]:
    """Words a letter or two from an answer are taken for misspellings, the others for another scale."""
    found = []
    misspelt = [item for item in items if table.suggestion(item.text)]
    other = [item for item in items if item not in misspelt]
    for item in misspelt:
        like = table.suggestion(item.text)
        where, count = _where([item])
        text = value(item.text, 40)
        message = f'"{text}" is no answer of this question. Did you mean "{like}"?'
        line = declared.fix(f'{quoted(value(item.text))} = "{like}"', "codes", group)
        fix = f"If so, {line}; nothing is corrected by itself."
        found.append(Problem("answer-misspelt", "REJECT", message, where, count, fix))
    if other:
        where, count = _where(other)
        totals: dict[str, int] = {}
        for item in other:
            totals[value(item.text, 40)] = totals.get(value(item.text, 40), 0) + item.count
        texts = listed((f'"{text}" ({count:,})' for text, count in totals.items()), 8)
        message = f"{_columns(other)}: answers that the questionnaire does not have: {texts}."
        line = declared.fix(f'{quoted(value(other[0].text))} = "…"', "codes", group)
        answers = listed((f'"{option}"' for option in table.options), 8)
        fix = f"Say which of {answers} each stands for: {line}; or change the options in questionnaire.toml."
        found.append(Problem("answer-unknown", "ASK", message, where, count, fix))
    return found
