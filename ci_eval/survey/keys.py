"""Key files: two columns that say what an export's headings and codes stand for.

A row whose first cell is a heading of the export gives that column's question; the rows below it, up to the next
such row, give the meaning of its codes. Jisc Online Surveys writes its keys this way; for other tools a key of
the same form can be written by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from ci_eval.problems import Problem
from ci_eval.survey.files import OpenFile, refuse
from ci_eval.survey.incoming import Rows
from ci_eval.survey.layout import Layout
from ci_eval.survey.settings import SurveySettings
from ci_eval.survey.sources import read_rows
from ci_eval.survey.text import shown

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
        mend = f"Correct key = under {declared.table()}: it belongs to another export."
        return layout, {}, [Problem("key-of-another-export", "REJECT", message, source.name, mend=mend)]
    return replace(layout, headings=tuple(headings)), {c: given for c, given in labels.items() if given}, []


def _missing(layout: Layout, source: OpenFile, declared: SurveySettings) -> Problem:
    name = f"{source.path.stem}-key{source.path.suffix}"
    beside = source.path.with_name(name).exists()
    message = f"{layout.tool.name} exports hold codes, explained by a key file that comes with the export."
    found = f" A file {shown(name)} lies beside it." if beside else ""
    line = declared.mend(f'key = "{shown(name)}"' if beside else 'key = "…-key.csv"')
    return Problem(
        "key-missing",
        "ASK",
        message + found,
        source.name,
        mend=f"Name the key, by its path as seen from the settings file: {line}.",
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
            mend = "A key has two columns: the heading or code, and its wording."
            refuse(name, "key-shape", message, mend, f"{name}, row {number:,}")
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
