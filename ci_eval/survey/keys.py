"""What explains an export: key files, and declared codes held against the questionnaire.

A row whose first cell is a heading of the export gives that column's question; the rows below it, up to the next
such row, give the meaning of its codes. Jisc Online Surveys writes its keys this way; for other tools a key of
the same form can be written by hand.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from ci_eval.inputs.files import OpenFile, refuse
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import listed, nearest, normalised, shown
from ci_eval.programme import Questionnaire
from ci_eval.programme.survey_declaration import (
    DATE_ORDERS,
    KEEP_FIRST,
    NOT_ANSWERED,
    NOT_USED,
    SurveySettings,
)
from ci_eval.survey.answers import STATEMENTS
from ci_eval.survey.body import Rows
from ci_eval.survey.headings import OTHER
from ci_eval.survey.layout import Layout
from ci_eval.survey.sources import read_rows

Labels = dict[int, dict[str, str]]
_QUESTION = re.compile(r"^Q\d+(?:_\w+)*$")  # a question of the key that the export does not have
LARGEST_KEY = 100_000  # rows


def explained(
    layout: Layout, source: OpenFile, declared: SurveySettings
) -> tuple[Layout, Labels, list[Problem]]:
    """The layout with its headings replaced by the key's wording, and the codes' labels by column.

    Without a key the layout comes back as it is; a tool that always needs one asks for it.
    """
    if declared.key is None:
        return layout, {}, [_missing(layout, source, declared)] if layout.tool.keyed else []
    places = {name.strip(): column for column, name in enumerate(layout.names) if name.strip()}
    headings = list(layout.headings)
    labels: Labels = {}
    current: int | None = None
    matched = 0
    for name, wording in _entries(declared.key, declared):
        if name in places:
            current = places[name]
            headings[current] = wording
            labels[current] = {}
            matched += 1
        elif _QUESTION.match(name):
            current = None
        elif current is not None:
            labels[current][name] = wording
    if not matched:
        message = f"The key {shown(declared.key.name)} explains none of the export's headings."
        fix = f"Correct key = under {declared.table()}: it belongs to another export."
        return layout, {}, [Problem("key-of-another-export", "REJECT", message, source.name, fix=fix)]
    return replace(layout, headings=tuple(headings)), {c: given for c, given in labels.items() if given}, []


def _missing(layout: Layout, source: OpenFile, declared: SurveySettings) -> Problem:
    name = f"{source.path.stem}-key{source.path.suffix}"
    beside = source.path.with_name(name).exists()
    message = f"{layout.tool.name} exports hold codes, explained by a key file that comes with the export."
    found = f" A file {shown(name)} lies beside it." if beside else ""
    line = declared.fix(f'key = "{shown(name)}"' if beside else 'key = "…-key.csv"')
    return Problem(
        "key-missing",
        "ASK",
        message + found,
        source.name,
        fix=f"Name the key, by its path as seen from the settings file: {line}.",
    )


def _entries(path: Path, declared: SurveySettings) -> Iterator[tuple[str, str]]:
    """The key's rows as (heading or code, wording)."""
    listed, name = read_rows(path, declared, _texts)
    for number, row in enumerate(listed, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) < 2 or any(cells[2:]):
            message = f"Row {number:,} of the key {name} has not two cells."
            fix = "A key has two columns: the heading or code, and its wording."
            refuse(name, "key-shape", message, fix, f"{name}, row {number:,}")
        yield cells[0], cells[1]


def _texts(source: OpenFile, rows: Rows) -> tuple[list[list[str]], str]:
    as_text = rows.as_text or str
    listed = [
        [as_text(cell) for cell in row] for row in islice(chain(rows.first, rows.rest), LARGEST_KEY + 1)
    ]
    if len(listed) > LARGEST_KEY:
        message = f"{source.name} has more than {LARGEST_KEY:,} rows; that is no key."
        refuse(source.name, "key-too-long", message, "Name the key file, not the export.")
    return listed, source.name


def check_declared(declared: SurveySettings, questionnaire: Questionnaire) -> list[Problem]:
    """Settings that cannot be meant, each with the words that could be."""
    statements = [statement.code for statement in questionnaire.statements]
    questions = [question.code for question in questionnaire.questions]
    others = [f"{question.code}_{OTHER}" for question in questionnaire.questions if question.other]
    closed = [question.code for question in questionnaire.questions if question.options]
    missing = (*questionnaire.missing, NOT_ANSWERED)
    found = _known(
        "headings", declared.headings.values(), (*statements, *questions, *others, NOT_USED), declared
    )
    found += _known("absent", declared.absent, (*statements, *questions), declared)
    found += _known("changed", declared.changed, statements, declared)
    found += _known("codes", declared.codes, (STATEMENTS, *closed, *statements), declared)
    for group, meanings in declared.codes.items():
        question = next((question for question in questionnaire.questions if question.code == group), None)
        answers = question.options if question else questionnaire.answers
        found += _known(f"codes.{group}", meanings.values(), (*answers, *missing), declared)
    found += _known("missing", declared.missing.values(), (*missing, *questionnaire.not_scale), declared)
    if declared.date_order:
        found += _known("date_order", [declared.date_order], DATE_ORDERS, declared)
    if declared.duplicates:
        found += _known("duplicates", [declared.duplicates], [KEEP_FIRST], declared)
    return found


def _known(key: str, given: Iterable[str], known: Iterable[str], declared: SurveySettings) -> list[Problem]:
    known = tuple(dict.fromkeys(known))
    forms = set(map(normalised, known))
    wrong = [text for text in given if normalised(text) not in forms]
    if not wrong:
        return []
    like = nearest(wrong[0], known)
    hint = f' Did you mean "{like}"?' if like else ""
    words = listed(f'"{shown(text)}"' for text in wrong)
    message = f"The setting {key} holds {words}, which the questionnaire does not know.{hint}"
    words = listed((f'"{word}"' for word in known), 24)
    fix = f"Use {words}."
    return [Problem("setting-unknown-word", "REJECT", message, declared.table(), len(wrong), fix)]
