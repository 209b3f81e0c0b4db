"""Answers that are none, said by cause: codes without a key, numbers among words, marks, misspellings, other words.

However many cells show a cause it is one message, with the first cell, the count and the setting that answers it.
"""

from collections.abc import Iterable, Mapping

from ci_eval.problems import Problem
from ci_eval.survey.answer_notes import said_several, several
from ci_eval.survey.answers import STATEMENTS, AnswerTable, Column, Unknown
from ci_eval.survey.personal import value
from ci_eval.survey.settings import SurveySettings
from ci_eval.survey.text import listed, normalised, quoted, repaired


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
    line = declared.mend(f'{quoted(codes[0])} = "…" and so on for each code', "codes", group)
    mend = f"Export again with answer texts, name the key file with key =, or {line}, with the answer it stands for."
    return [Problem("codes-without-key", "ASK", message, where, count, mend)]


def _outside_key(items: list[Unknown], group: str, declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    codes = _texts(items)
    message = f"{_columns(items)}: the key does not explain {listed(codes, 8)}."
    line = declared.mend(f'{quoted(codes[0])} = "…"', "codes", group)
    missing = declared.mend(f'{quoted(codes[0])} = "not answered"', "missing")
    mend = f"Use the key of this export; or {line}, with the answer it stands for; or, if it means no answer, {missing}."
    return [Problem("code-outside-key", "REJECT", message, where, count, mend)]


def _mixed(items: list[Unknown], group: str, declared: SurveySettings) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    message = f"{_columns(items)}: numbers ({listed(_texts(items), 8)}) stand among words."
    line = declared.mend(f'"{value(items[0].text)}" = "…"', "codes", group)
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
    line = declared.mend(f'{quoted(texts[0])} = "not answered"', "missing")
    mend = f"Say which, for each of them: {line}."
    return [Problem("mark-unknown", "ASK", message, where, count, mend)]


def _several(items: list[Unknown], table: AnswerTable) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    given = said_several([item.text for item in items], table.options)
    message = f"{_columns(items)}: more than one answer in a cell, where one is possible: {given}."
    mend = "Export again; a cell with two answers to one question cannot be counted."
    return [Problem("two-answers", "REJECT", message, where, count, mend)]


def _twice(items: list[Unknown]) -> list[Problem]:
    if not items:
        return []
    where, count = _where(items)
    message = (
        f"{_columns(items)}: answers were encoded twice, and are no answers of the questionnaire when that is "
        f"undone: {listed(_texts(items), 8)}."
    )
    mend = "Export again, and do not open the file in a spreadsheet in between."
    return [Problem("double-encoded", "REJECT", message, where, count, mend)]


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
        line = declared.mend(f'{quoted(value(item.text))} = "{like}"', "codes", group)
        mend = f"If so, {line}; nothing is corrected by itself."
        found.append(Problem("answer-misspelt", "REJECT", message, where, count, mend))
    if other:
        where, count = _where(other)
        totals: dict[str, int] = {}
        for item in other:
            totals[value(item.text, 40)] = totals.get(value(item.text, 40), 0) + item.count
        texts = listed((f'"{text}" ({count:,})' for text, count in totals.items()), 8)
        message = f"{_columns(other)}: answers that the questionnaire does not have: {texts}."
        line = declared.mend(f'{quoted(value(other[0].text))} = "…"', "codes", group)
        answers = listed((f'"{option}"' for option in table.options), 8)
        mend = f"Say which of {answers} each stands for: {line}; or change the options in questionnaire.toml."
        found.append(Problem("answer-unknown", "ASK", message, where, count, mend))
    return found
