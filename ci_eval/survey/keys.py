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

from ci_eval.inputs.files import OpenFile
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import listed, nearest, normalised, one_line
from ci_eval.programme import Questionnaire
from ci_eval.programme.survey_declaration import (
    DATE_ORDERS,
    KEEP_FIRST,
    NOT_ANSWERED,
    NOT_USED,
    SurveySettings,
)
from ci_eval.survey.completion import DECLARED_UNDER, MEANINGS
from ci_eval.survey.headings import OTHER
from ci_eval.survey.layout import Layout
from ci_eval.survey.sources import Rows, read_rows

Labels = dict[int, dict[str, str]]
_QUESTION = re.compile(r"^Q\d+(?:_\w+)*$")  # a question of the key that the export does not have
LARGEST_KEY = 100_000  # rows


def explained(layout: Layout, source: OpenFile, declared: SurveySettings) -> tuple[Layout, Labels | None]:
    """The layout with its headings replaced by the key's wording, and the codes' labels by column.

    Without a key the layout comes back as it is. The labels are None where no heading can be right: a tool that
    always needs a key has none, or the key is of another export.
    """
    if declared.key is None:
        if layout.tool.keyed:
            _note_missing(layout, source, declared)
        return layout, None if layout.tool.keyed else {}
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
        message = f"The key {one_line(declared.key.name)} explains none of the export's headings."
        fix = f"Correct key = under {declared.table()}: it belongs to another export."
        source.findings.add("key-of-another-export", "REJECT", message, fix=fix)
        return layout, None
    return replace(layout, headings=tuple(headings)), {c: given for c, given in labels.items() if given}


def _note_missing(layout: Layout, source: OpenFile, declared: SurveySettings) -> None:
    name = f"{source.path.stem}-key{source.path.suffix}"
    beside = source.path.with_name(name).exists()
    message = f"{layout.tool.name} exports hold codes, explained by a key file that comes with the export."
    message += f" A file {one_line(name)} lies beside it." if beside else ""
    line = declared.fix(f'key = "{one_line(name)}"' if beside else 'key = "…-key.csv"')
    fix = f"Name the key, by its path as seen from the settings file: {line}."
    source.findings.add("key-missing", "ASK", message, fix=fix)


def _entries(path: Path, declared: SurveySettings) -> Iterator[tuple[str, str]]:
    """The key's rows as (heading or code, wording)."""
    listed, name = read_rows(path, declared, _texts)
    for number, row in enumerate(listed, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) < 2 or any(cells[2:]):
            message = f"A row of the key {name} has not two cells."
            fix = "A key has two columns: the heading or code, and its wording."
            Findings(name).refuse("key-shape", message, fix=fix, cells=f"row {number:,}")
        yield cells[0], cells[1]


def _texts(source: OpenFile, rows: Rows) -> tuple[list[list[str]], str]:
    if rows.note:
        rows.note(None)
    as_text = rows.as_text or str
    listed = [
        [as_text(cell) for cell in row] for row in islice(chain(rows.first, rows.rest), LARGEST_KEY + 1)
    ]
    if len(listed) > LARGEST_KEY:
        message = f"{source.name} has more than {LARGEST_KEY:,} rows; that is no key."
        source.refuse("key-too-long", message, "Name the key file, not the export.")
    return listed, source.name


def check_declared(declared: SurveySettings, questionnaire: Questionnaire, findings: Findings) -> None:
    """Note settings that cannot be meant, each with the words that could be."""
    statements = [statement.code for statement in questionnaire.statements]
    questions = [question.code for question in questionnaire.questions]
    others = [f"{question.code}_{OTHER}" for question in questionnaire.questions if question.other]
    options = {question.code: question.options for question in questionnaire.questions if question.options}
    for statement in questionnaire.statements:
        offered = questionnaire.scale_of(statement.code).offered
        options[statement.code] = offered
        options[statement.question] = tuple(dict.fromkeys((*options.get(statement.question, ()), *offered)))
    missing = (*questionnaire.missing, NOT_ANSWERED)
    numbers = [question.code for question in questionnaire.questions if question.kind == "number"]
    given: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("headings", declared.headings.values(), (*statements, *questions, *others, NOT_USED)),
        ("absent", declared.absent, (*statements, *questions)),
        ("changed", declared.changed, statements),
        ("codes", declared.codes, (*options, *numbers, DECLARED_UNDER)),
        (f"codes.{DECLARED_UNDER}", declared.codes.get(DECLARED_UNDER, {}).values(), MEANINGS),
        *(
            (f"codes.{group}", meanings.values(), (*options.get(group, ()), *missing))
            for group, meanings in declared.codes.items()
            if group in options
        ),
        (
            "missing",
            declared.missing.values(),
            (*missing, *(a for one in questionnaire.scales for a in one.not_scale)),
        ),
        ("date_order", filter(None, [declared.date_order]), (*DATE_ORDERS, NOT_USED)),
        ("duplicates", filter(None, [declared.duplicates]), [KEEP_FIRST]),
    ]
    for key, words, known in given:
        forms = {normalised(word): word for word in known}
        wrong = [word for word in words if normalised(word) not in forms]
        if wrong:
            like = nearest(wrong[0], forms.values())
            hint = f' Did you mean "{like}"?' if like else ""
            unknown = listed(f'"{one_line(word)}"' for word in wrong)
            message = f"The setting {key} holds {unknown}, which the questionnaire does not know.{hint}"
            fix = listed((f'"{word}"' for word in forms.values()), 24)
            findings.add(
                "setting-unknown-word", "REJECT", message, declared.table(), f"Use {fix}.", len(wrong)
            )
