"""Which rows are responses: previews, unfinished, empty and repeated ones kept apart."""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.personal_data import is_address
from ci_eval.inputs.text import listed, squeezed
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.columns import Cells, row_numbers
from ci_eval.survey.exports import RawExport
from ci_eval.survey.tools import DISQUALIFIED, PARTIAL, PREVIEW

Mask = NDArray[np.bool_]
_TOTALS = ("total", "totals", "grand total", "sum", "average", "mean", "count", "overall", "n")
_PARTS = frozenset({"response", "openendedresponse"})  # what SurveyMonkey writes below its questions
_SHORT = 30  # characters; what it writes there is shorter
_MANY = 10_000  # distinct texts that no closed question has
_NOTE = 3  # words that make an id a note
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+$|#+$", re.IGNORECASE)
_COUNT = re.compile(r"(?:[\d.,]+%?)?$")
_FEWEST = 10  # ids from which their order says something
_LONGEST_NUMBER = 18  # figures that a whole number of 64 bits holds, whatever they are


_WITHOUT_NOTES = "Delete totals and notes below the responses, or use the untouched export."


def _note_no_responses(export: RawExport, identity: Cells, selection: "Selection") -> None:
    """Note headings, totals and notes among the responses; their rows are taken out of those used.

    The load stops for each of them, and what else these rows hold is the same cause.
    """
    for check, rows_of, what, fix in (
        (
            "heading-inside",
            _headings_inside,
            "repeats the heading: two exports were joined",
            "Load the two exports one by one.",
        ),
        (
            "heading-row-inside",
            _parts_inside,
            "is the second row of a heading, not a response",
            "Use the export as the tool wrote it; or delete this row and give every column its question as heading.",
        ),
        ("total-row", _totals, "is no response: it holds totals or averages", _WITHOUT_NOTES),
        ("note-row", _notes, "is no response but a note", _WITHOUT_NOTES),
        (
            "note-row",
            _strays,
            "has no date, which the other rows have, and lacks an id or any choice: it is no response",
            "Delete what was written among the responses, or use the untouched export.",
        ),
    ):
        rows = rows_of(export, identity) & selection.used & ~selection.partial
        if rows.any():
            selection.used &= ~rows
            message = f"A row {what}."
            add = export.findings.add
            add(check, "REJECT", message, "", fix, int(rows.sum()), numbers_of(export, rows))


def _headings_inside(export: RawExport, _: Cells) -> Mask:
    """A second export pasted below the first brings its heading along."""
    matches = np.zeros(len(export.rows), dtype=np.int32)
    for column, cells in export.columns.items():
        headings = {export.layout.headings[column], export.layout.names[column]} - {""}
        if not headings.isdisjoint(cells.distinct):
            repeated = [number for number, text in enumerate(cells.distinct) if text in headings]
            matches += np.isin(cells.codes, repeated)
    return matches > 1


def _parts_inside(export: RawExport, _: Cells) -> Mask:
    """A second heading row left among the responses: it says "Response" where answers should be."""
    matches = np.zeros(len(export.rows), dtype=np.int32)
    for cells in export.columns.values():
        # Ids and dates need no look: such a row shows in the columns of choices too, which have few texts.
        if len(cells.distinct) > _MANY:
            continue
        parts = [
            n for n, text in enumerate(cells.distinct) if len(text) < _SHORT and squeezed(text) in _PARTS
        ]
        if parts:
            matches += np.isin(cells.codes, parts)
    return matches > 1


def _totals(export: RawExport, identity: Cells) -> Mask:
    rows = identity.holding(_TOTALS)
    without = _without_dates(export)
    for place, cells in export.columns.items():
        # A respondent may answer "Total"; a row without a date that says so in any cell is no response.
        if without.any() and place != export.layout.ids:
            rows |= cells.holding(_TOTALS) & without
    alone = _text_alone(export)
    if not alone.any():
        return rows
    for place in export.mapping.targets:
        cells = export.columns[place]
        alone &= cells.lookup([_COUNT.match(text.strip()) is not None for text in cells.distinct], bool)
    return rows | alone  # a count below the comments


def _notes(export: RawExport, identity: Cells) -> Mask:
    """A row with a sentence for an id and nothing else: a note written below the responses."""
    nowhere = np.zeros(len(export.rows), dtype=bool)
    if len("\0".join(identity.distinct).split(maxsplit=_NOTE - 1)) < _NOTE:
        return nowhere  # the usual case: no id has a space
    worded = [len(text.split()) >= _NOTE for text in identity.distinct]
    if not any(worded):
        return nowhere
    rows = identity.lookup(worded, bool)
    for place, cells in export.columns.items():
        if place != export.layout.ids:
            rows &= cells.blank()
    return rows


def _strays(export: RawExport, _: Cells) -> Mask:
    """A row without a date, where every other has one, that has no id either or holds text alone."""
    dateless = _without_dates(export)
    if not dateless.any() or dateless.sum() > len(dateless) // 2:
        return np.zeros(len(export.rows), dtype=bool)
    place = export.layout.ids
    alone = _text_alone(export)
    return dateless & (alone | export.columns[place].blank() if place in export.columns else alone)


def _text_alone(export: RawExport) -> Mask:
    """Rows in which something is written and nothing is chosen."""
    chosen, written = np.zeros((2, len(export.rows)), dtype=bool)
    for place in export.mapping.targets:
        (chosen if place in export.mapping.choices else written)[~export.columns[place].blank()] = True
    alone: Mask = written & ~chosen
    return alone


def _without_dates(export: RawExport) -> Mask:
    """Rows without any date, where the others have one."""
    columns = [export.columns[place] for place in export.dates().values()]
    empty = np.full(len(export.rows), bool(columns))
    for cells in columns:
        empty &= cells.blank()
    return empty & ~empty.all()


def damaged(identity: str) -> bool:
    """Whether a spreadsheet has shortened an id: 1.14E+11 was a number of twelve figures."""
    return bool(_SHORTENED.match(identity))


def _note_doubtful_ids(export: RawExport, identity: Cells, used: Mask) -> None:
    """Note ids that a spreadsheet shortened, and ids out of order, which somebody has sorted by hand."""
    together = "\n".join(identity.distinct)
    marked = any(mark in together for mark in "Ee#")  # every shortened id has one, and looking is quick
    hits = identity.lookup([marked and damaged(text) for text in identity.distinct], bool) & used
    if hits.any():
        message = "Response ids were shortened by a spreadsheet; responses can no longer be looked up."
        fix = "Export again, and do not open the file in between."
        export.findings.add(
            "ids-damaged", "WARN", message, "", fix, int(hits.sum()), numbers_of(export, hits)
        )
    texts = identity.distinct
    if len(texts) < _FEWEST or not (together.isascii() and all(map(str.isdigit, texts))):
        return
    if max(map(len, texts)) > _LONGEST_NUMBER:
        return
    steps = np.diff(identity.lookup(list(map(int, texts)), np.int64)[used])
    turns = int((steps < 0).sum()) if (steps > 0).sum() > (steps < 0).sum() else int((steps > 0).sum())
    if turns:
        message = "Response ids are not in order: the rows were sorted or pasted after the export."
        fix = "Nothing is lost if every row was kept whole; better, use the untouched export."
        export.findings.add("ids-out-of-order", "WARN", message, "", fix, turns)


def numbers_of(export: RawExport, rows: Mask, identity: Cells | None = None) -> str:
    """The numbers of these rows in the file, and their ids, for the work list."""
    names = list(identity.take(rows).texts()) if identity else []
    return row_numbers(export.rows[rows], names)


@dataclass
class Selection:
    """Rows used, and rows left out by reason.

    Attributes
    ----------
    used : one flag a row
    reasons : reason → flags of the rows left out for it; a row has one reason at most
    by : reason → columns that say so of a response
    partial : flags of the responses that were not finished
    """

    used: Mask
    reasons: dict[str, Mask] = field(default_factory=dict)
    by: dict[str, set[int]] = field(default_factory=dict)
    partial: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def leave_out(self, reason: str, rows: Mask) -> None:
        rows = rows & self.used
        if rows.any():
            before = self.reasons.get(reason, np.zeros_like(self.used))
            self.reasons[reason] = before | rows
            self.used &= ~rows


def ids(export: RawExport) -> Cells:
    """The response's id in each row; made from the row's content where the tool gives none."""
    column = export.layout.ids
    if column is None or column not in export.columns:
        fix = "Do not sort or edit the export between two loads."
        message = "The export has no response ids; they were made from the row's number and content."
        export.findings.add("ids-made", "WARN", message, "", fix, len(export.rows))
        return _made(export)
    given = export.columns[column].mapped(str.strip)
    blank = given.blank()
    if not blank.any():
        return given
    message = "Rows without an id were given one, made from the row's number and content."
    fix = "Check that these rows are responses, not notes or totals."
    export.findings.add("ids-made", "WARN", message, "", fix, int(blank.sum()), numbers_of(export, blank))
    return _made_where(export, blank, given)


def nameless(export: RawExport, identity: Cells) -> Cells:
    """The ids as they may be passed on: an e-mail address says who answered, and a made id is put in its place."""
    rows = identity.lookup(list(map(is_address, identity.distinct)), bool)
    if not rows.any():
        return identity
    message = (
        "The ids are e-mail addresses. They were not kept; ids were made from the row's number and content."
    )
    again = int(rows.sum()) - len(np.unique(identity.codes[rows]))
    if again:
        message += f" {again:,} came more than once: somebody may have answered twice."
    fix = "Export again with the tool's own response ids."
    export.findings.add("ids-personal", "WARN", message, "", fix, int(rows.sum()), numbers_of(export, rows))
    return _made_where(export, rows, identity)


def _made_where(export: RawExport, rows: Mask, identity: Cells) -> Cells:
    texts = np.where(rows, _made(export).texts(), identity.texts())
    return Cells(tuple(texts), np.arange(len(texts), dtype=np.int32))


def _made(export: RawExport) -> Cells:
    """An id for each row: its number, and a hash of its cells that stays the same from load to load."""
    rows = len(export.rows)
    mixed = np.zeros(rows, dtype=np.uint64)
    for place in sorted(export.columns):
        cells = export.columns[place]
        hashes = pd.util.hash_array(np.array(cells.distinct, dtype=object), categorize=False)
        mixed = mixed * np.uint64(1_000_003) + cells.lookup(hashes, np.uint64) if len(hashes) else mixed
    made = tuple(
        f"row-{number}-{int(mark) & 0xFFFFFFFF:08x}" for number, mark in zip(export.rows, mixed, strict=True)
    )
    return Cells(made, np.arange(rows, dtype=np.int32))


def select(export: RawExport, identity: Cells, declared: SurveySettings) -> Selection:
    """Apply the tool's rules and the settings to every row."""
    by = {reason: set(columns) for reason, columns in export.completion.by.items()}
    selection = Selection(np.ones(len(export.rows), dtype=bool), by=by)
    said = export.completion.rows
    partial = said.get(PARTIAL, np.zeros(len(export.rows), dtype=bool))
    selection.leave_out(DISQUALIFIED, said.get(DISQUALIFIED, np.zeros_like(partial)))
    if not declared.keep_previews:
        selection.leave_out(PREVIEW, said.get(PREVIEW, np.zeros_like(partial)))
    unmarked = {rule.reason: rule.column for rule in export.tool.leave_out}
    untold = not (export.completion.told or export.tool.only_finished)
    for rule in export.tool.leave_out:
        column = export.layout.column((rule.column,))
        if column is None or column not in export.columns:
            continue
        untold &= rule.reason != PARTIAL
        rows = export.columns[column].holding(rule.cells)
        if rule.reason == PARTIAL:
            partial = partial | rows
        elif rule.reason != PREVIEW or not declared.keep_previews:
            selection.leave_out(rule.reason, rows)
        if rows.any():
            selection.by.setdefault(rule.reason, set()).add(column)
    if untold:
        message = "No column says which responses were finished, so unfinished ones cannot be distinguished."
        if PARTIAL in unmarked:
            message += f" In other exports of {export.tool.name} the column {unmarked[PARTIAL]} does."
        fix = "Export again with all of the tool's own columns, or finished responses only."
        export.findings.add("partials-untold", "WARN", message, fix=fix)
    for reason, rows in selection.reasons.items():
        _note_left_out(reason, rows, selection, identity, export)
    selection.partial = partial & selection.used
    _partials(selection, selection.partial, identity, export, declared)
    return selection


def _called(selection: Selection, reason: str, export: RawExport) -> str:
    """The columns that say so of a response, as one phrase."""
    return listed(map(export.layout.called, sorted(selection.by.get(reason, ()))))


def _note_left_out(reason: str, rows: Mask, selection: Selection, identity: Cells, export: RawExport) -> None:
    cells = numbers_of(export, rows, identity)
    by = _called(selection, reason, export)
    message = f"Left out as {reason}, by {by}." if by else f"Left out as {reason}."
    export.findings.add("rows-left-out", "WARN", message, count=int(rows.sum()), cells=cells)


def _partials(
    selection: Selection, partial: Mask, identity: Cells, export: RawExport, declared: SurveySettings
) -> None:
    if not partial.any():
        return
    count, whole = int(partial.sum()), int((selection.used & ~partial).sum())
    cells = numbers_of(export, partial, identity)
    if declared.keep_partials is None:
        message = f"{count:,} of {count + whole:,} responses were not finished"
        fix = (
            f"Say whether their answers count: {declared.fix('keep_partials = true')} "
            f"for {count + whole:,} responses, or keep_partials = false for {whole:,}."
        )
        if by := _called(selection, PARTIAL, export):
            # A question of the survey's own may be answered in such words.
            message += f", by {by}"
            unused = declared.fix('"the exported heading" = "not used"', "headings")
            fix += f" If a column named here asks something else, {unused}."
        export.findings.add("partials-undecided", "ASK", f"{message}.", "", fix, count, cells)
    elif declared.keep_partials:
        message = "Unfinished responses were kept, as declared."
        export.findings.add("partials-kept", "WARN", message, count=count, cells=cells)
    else:
        selection.leave_out(PARTIAL, partial)
        _note_left_out(PARTIAL, partial, selection, identity, export)


def check(export: RawExport, identity: Cells, selection: Selection) -> None:
    """Note rows that cannot be responses, and ids that somebody or a spreadsheet has changed."""
    _note_no_responses(export, identity, selection)
    _note_doubtful_ids(export, identity, selection.used)
