"""Rows that cannot be responses, and response ids that a spreadsheet may have changed."""

import re
from collections.abc import Sequence
from operator import not_

import numpy as np
from numpy.typing import NDArray

from ci_eval.problems import Problem
from ci_eval.survey.cells import Cells
from ci_eval.survey.exports import RawExport
from ci_eval.survey.personal import value
from ci_eval.survey.text import normalised, squeezed

Mask = NDArray[np.bool_]
_SPARE = 4  # characters of spaces and punctuation around a word that is looked for
_TOTALS = ("total", "totals", "grand total", "sum", "average", "mean", "count", "overall", "n")
_PARTS = frozenset({"response", "openendedresponse"})  # what SurveyMonkey writes below its questions
_SHORT = 30  # characters; what it writes there is shorter
_MANY = 10_000  # distinct texts that no closed question has
_NOTE = 3  # words that make an id a note
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+$|#+$", re.IGNORECASE)
_FEWEST = 10  # ids from which their order says something
_LONGEST_NUMBER = 18  # figures that a whole number of 64 bits holds, whatever they are


def no_responses(export: RawExport, identity: Cells, used: Mask) -> list[Problem]:
    """Headings, totals and notes among the responses; their rows are taken out of `used`."""
    return [
        *_headings_inside(export, used),
        *_parts_inside(export, used),
        *_totals(export, identity, used),
        *_notes(export, identity, used),
        *_strays(export, used),
    ]


def holding(wanted: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Which texts are one of those wanted, evened out; texts longer than any of them are not looked into."""
    forms = set(map(normalised, wanted))
    longest = max(map(len, wanted)) + _SPARE
    return [len(text) <= longest and normalised(text) in forms for text in texts]


def _headings_inside(export: RawExport, used: Mask) -> list[Problem]:
    """A second export pasted below the first brings its heading along."""
    matches = np.zeros(len(export.rows), dtype=np.int32)
    for column, cells in export.columns.items():
        headings = {export.layout.headings[column], export.layout.names[column]} - {""}
        if not headings.isdisjoint(cells.distinct):
            found = [number for number, text in enumerate(cells.distinct) if text in headings]
            matches += np.isin(cells.codes, found)
    rows = matches > 1
    if not rows.any():
        return []
    used &= ~rows  # the load stops; what else these rows hold is the same cause
    message = f"Row {export.rows[rows][0]:,} repeats the heading: two exports were joined."
    mend = "Load the two exports one by one."
    return [Problem("heading-inside", "REJECT", message, first_of(export, rows), int(rows.sum()), mend)]


def _parts_inside(export: RawExport, used: Mask) -> list[Problem]:
    """A second heading row left among the responses: it says "Response" where answers should be."""
    matches = np.zeros(len(export.rows), dtype=np.int32)
    for cells in export.columns.values():
        # Ids and dates need no look: such a row shows in the columns of choices too, which have few texts.
        if len(cells.distinct) > _MANY:
            continue
        found = [
            n for n, text in enumerate(cells.distinct) if len(text) < _SHORT and squeezed(text) in _PARTS
        ]
        if found:
            matches += np.isin(cells.codes, found)
    rows = (matches > 1) & used
    if not rows.any():
        return []
    used &= ~rows
    message = f"Row {export.rows[rows][0]:,} is the second row of a heading, not a response."
    mend = "Use the export as the tool wrote it; or delete this row and give every column its question as heading."
    return [Problem("heading-row-inside", "REJECT", message, first_of(export, rows), int(rows.sum()), mend)]


def _totals(export: RawExport, identity: Cells, used: Mask) -> list[Problem]:
    rows = identity.lookup(holding(_TOTALS, identity.distinct), bool) & used
    without = _without_dates(export)
    for place, cells in export.columns.items():
        # A respondent may answer "Total"; a row without a date that says so in any cell is no response.
        if without.any() and place != export.layout.column(export.tool.ids):
            rows |= cells.lookup(holding(_TOTALS, cells.distinct), bool) & without & used
    if not rows.any():
        return []
    used &= ~rows
    message = f"Row {export.rows[rows][0]:,} is no response: it holds totals or averages."
    mend = "Delete totals and notes below the responses, or use the untouched export."
    return [Problem("total-row", "REJECT", message, first_of(export, rows), int(rows.sum()), mend)]


def _notes(export: RawExport, identity: Cells, used: Mask) -> list[Problem]:
    """A row with a sentence for an id and nothing else: a note written below the responses."""
    if len("\0".join(identity.distinct).split(maxsplit=_NOTE - 1)) < _NOTE:
        return []  # the usual case: no id has a space
    worded = [len(text.split()) >= _NOTE for text in identity.distinct]
    if not any(worded):
        return []
    alone = np.ones(len(export.rows), dtype=bool)
    for place, cells in export.columns.items():
        if place != export.layout.column(export.tool.ids):
            alone &= cells.lookup([not text.strip() for text in cells.distinct], bool)
    rows = identity.lookup(worded, bool) & alone & used
    if not rows.any():
        return []
    used &= ~rows
    message = f"Row {export.rows[rows][0]:,} is no response but a note."
    mend = "Delete totals and notes below the responses, or use the untouched export."
    return [Problem("note-row", "REJECT", message, first_of(export, rows), int(rows.sum()), mend)]


def _strays(export: RawExport, used: Mask) -> list[Problem]:
    """A row that the tool gave neither an id nor a date, where it gave every other row both."""
    place = export.layout.column(export.tool.ids)
    if place is None or place not in export.columns:
        return []
    cells = export.columns[place]
    nameless = cells.lookup([not text.strip() for text in cells.distinct], bool)
    if not nameless.any() or nameless.sum() > len(nameless) // 2:
        return []
    rows = nameless & _without_dates(export) & used
    if not rows.any():
        return []
    used &= ~rows
    message = (
        f"Row {export.rows[rows][0]:,} has neither id nor date, which the other rows have: it is no response."
    )
    mend = "Delete what was written among the responses, or use the untouched export."
    return [Problem("note-row", "REJECT", message, first_of(export, rows), int(rows.sum()), mend)]


def _without_dates(export: RawExport) -> Mask:
    """Rows without any date, where the others have one."""
    places = (export.layout.column(names) for names in (export.tool.started, export.tool.ended))
    columns = [export.columns[place] for place in places if place is not None and place in export.columns]
    empty = np.full(len(export.rows), bool(columns))
    for cells in columns:
        empty &= cells.lookup(list(map(not_, map(str.strip, cells.distinct))), bool)
    return empty & ~empty.all()


def damaged(identity: str) -> bool:
    """Whether a spreadsheet has shortened an id: 1.14E+11 was a number of twelve figures."""
    return bool(_SHORTENED.match(identity))


def doubtful_ids(export: RawExport, identity: Cells, used: Mask) -> list[Problem]:
    """Ids that a spreadsheet shortened, and ids out of order, which somebody has sorted by hand."""
    found = []
    together = "\n".join(identity.distinct)
    marked = any(mark in together for mark in "Ee#")  # every shortened id has one, and looking is quick
    hits = identity.lookup([marked and damaged(text) for text in identity.distinct], bool) & used
    if hits.any():
        first = value(identity.take(hits).texts()[0], 20)
        message = (
            f"Response ids were shortened by a spreadsheet ({first}); responses can no longer be looked up."
        )
        mend = "Export again, and do not open the file in between."
        found.append(Problem("ids-damaged", "WARN", message, first_of(export, hits), int(hits.sum()), mend))
    texts = identity.distinct
    if len(texts) < _FEWEST or not (together.isascii() and all(map(str.isdigit, texts))):
        return found
    if max(map(len, texts)) > _LONGEST_NUMBER:
        return found
    steps = np.diff(identity.lookup(list(map(int, texts)), np.int64)[used])
    turns = int((steps < 0).sum()) if (steps > 0).sum() > (steps < 0).sum() else int((steps > 0).sum())
    if turns:
        message = "Response ids do not stand in order: the rows were sorted or pasted after the export."
        mend = "Nothing is lost if every row was kept whole; better, use the untouched export."
        found.append(Problem("ids-out-of-order", "WARN", message, export.file, turns, mend))
    return found


def first_of(export: RawExport, rows: Mask) -> str:
    """The place of the first of these rows, for a message."""
    return f"{export.file}, row {export.rows[int(np.argmax(rows))]:,}"
