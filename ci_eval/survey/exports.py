"""One reader for every export: an untrusted file becomes columns of text, and a description of what it was read as.

Read in one go: open, tell the kind, decode strictly, find the heading, decide which columns are needed, and
only then read the rows, so that the cells of a contact column are never held.
"""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs import personal_data
from ci_eval.inputs.files import OpenFile
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import letter, listed, normalised, one_line, quoted, token
from ci_eval.inputs.workbooks import note_merged
from ci_eval.programme import Questionnaire
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey import heading_notes
from ci_eval.survey.columns import Body, Cells, Gatherer, row_numbers
from ci_eval.survey.completion import (
    DECLARED_UNDER,
    FINISHED,
    Completion,
    completion_of,
    mentions_states,
    without_words,
)
from ci_eval.survey.headings import ColumnMap, Ladder, map_headings, tell_ticks_from_texts
from ci_eval.survey.keys import explained
from ci_eval.survey.layout import Layout, detect, lost
from ci_eval.survey.sources import Rows, read_rows
from ci_eval.survey.tools import FURTHER_IDS, PARTIAL, TOOLS, Tool
from ci_eval.survey.unknown_answers import CROWD

Result = TypeVar("Result")
_ID = re.compile(r"\s*(?:[A-Za-z]{0,3}[-_/# ]?\d[\d./-]*|[0-9a-fA-F-]{32,36})\s*")  # no name fits it


@dataclass
class RawExport:
    """An export as text, before any answer is interpreted.

    Attributes
    ----------
    file, sha256, size : name, hash and bytes of what was read
    layout : tool, heading rows and wording of the columns
    read_as : how the file was read besides that: "UTF-8", "comma" or "workbook sheet 'Sheet1'"
    mapping : which questions the columns answer
    columns : column (from 0) → its cells; contact columns are not among them
    rows : row number in the file of each response
    labels : column → code → label, where the file itself or its key explains codes
    blank_rows : rows without any cell filled
    completion : which responses were not finished, as far as columns say so
    findings : what is known of the file so far, NOTE to REJECT
    """

    file: str
    sha256: str
    size: int
    layout: Layout
    read_as: tuple[str, ...]
    mapping: ColumnMap
    columns: dict[int, Cells]
    rows: NDArray[np.int32]
    findings: Findings
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    blank_rows: int = 0
    completion: Completion = field(default_factory=Completion)

    def dates(self) -> dict[str, int]:
        """The columns of start and end, by ``"started"`` and ``"ended"``, as far as there are such."""
        names = {"started": self.tool.started, "ended": self.tool.ended}
        places = {what: self.layout.column(each, self.completion.columns) for what, each in names.items()}
        return {what: place for what, place in places.items() if place is not None and place in self.columns}

    @property
    def tool(self) -> Tool:
        return self.layout.tool

    @property
    def questions(self) -> int:
        """Number of questions asked; the columns of one question count once."""
        return self.layout.asked()

    @property
    def description(self) -> str:
        """What was detected: ``read as Qualtrics, 3 heading rows, UTF-8, comma``."""
        count = self.tool.heading_rows
        heading = f"{count} heading row{'s' if count > 1 else ''}"
        heading += f" (row {self.layout.top + 1})" if self.layout.top else ""
        parts = (heading, *self.read_as) if len(self.read_as) > 1 else (*self.read_as, heading)
        return ", ".join((f"read as {self.tool.name}", *parts))


def read(
    path: str | os.PathLike[str], questionnaire: Questionnaire, *, declared: SurveySettings | None = None
) -> RawExport:
    """Read an export of any known tool as text.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ci_eval.programme import load_questionnaire
    >>> heading = "ID;Start time;Completion time;What is your job role?"
    >>> with TemporaryDirectory() as folder:
    ...     export = Path(folder) / "export.csv"
    ...     _ = export.write_text(f"{heading}\\n1;;;Teacher\\n", encoding="utf-8")
    ...     raw = read(export, load_questionnaire())
    >>> raw.description
    'read as Microsoft Forms, 1 heading row, UTF-8, semicolon'
    >>> raw.columns[3].texts().tolist()
    ['Teacher']

    Parameters
    ----------
    path : the file, as the tool wrote it
    questionnaire : only columns that answer its questions, and the tool's own, are kept
    declared : what is known of the export

    Raises
    ------
    InputError
        If the file cannot be read as a table at all. What can be read but not trusted is in `findings`.
    """
    declared = declared or SurveySettings()
    if declared.tool and declared.tool not in TOOLS:
        message = f"There is no survey tool called {one_line(declared.tool)!r} here."
        fix = f"Use one of {listed(TOOLS, 20)}, or leave it out."
        Findings(personal_data.name(Path(path).name)).refuse("tool-unknown", message, fix=fix)
    ladder = Ladder(questionnaire)

    def use(source: OpenFile, rows: Rows) -> RawExport:
        return _assembled(source, rows, ladder, declared)

    return read_rows(path, declared, use, ladder)


def _assembled(source: OpenFile, rows: Rows, ladder: Ladder, declared: SurveySettings) -> RawExport:
    widest = max(map(len, rows.head), default=0)
    if widest > declared.limits.columns:
        message = f"The table has {widest:,} columns; up to {declared.limits.columns:,} are read."
        fix = "Export the responses only, or raise the limit columns."
        source.refuse("too-many-columns", message, fix)
    if not any(any(cell.strip() for cell in row) for row in rows.head):
        source.refuse("empty-file", f"{source.name} holds nothing in its first rows.")
    layout = detect(rows.head, ladder.known, rows.tool or declared.tool)
    if layout.problem is None:
        layout = replace(layout, problem=lost(rows.head, layout, ladder.answers))
    layout, labels = explained(layout, source, declared)
    note_merged(rows.merged, layout.first_row + 1, source.findings)
    heading_notes.note_rows(layout, source.findings)
    below = rows.head[layout.first_row :]
    if not labels and heading_notes.is_key(below, layout):
        message = f"{source.name} explains the codes of an export; it holds no responses."
        line = declared.fix(f'key = "{source.name}"')
        source.refuse("key-not-export", message, f"Load the export itself, and name this file: {line}.")
    mapping = map_headings(layout, ladder, declared)
    layout = replace(layout, known=frozenset(mapping.targets))
    # Where heading rows or the key are missing, no heading can be right: one cause, one message.
    if labels is not None and not layout.problem:
        heading_notes.note_mapping(below, layout, mapping, ladder, declared, source.findings)
    kept = _kept(layout, mapping, below, declared)
    if rows.note:
        rows.note(kept)
    gatherer = Gatherer(source, layout.width, kept, rows.as_text)
    body = gatherer.gather(chain(rows.first[layout.first_row :], rows.rest), layout.first_row + 1)
    layout = replace(layout, ids_by_cells=_ids_by_cells(layout, mapping, body.columns))
    said = _completion(layout, mapping, body, declared, source.findings)
    tell_ticks_from_texts(mapping, body.columns, ladder)
    if not layout.problem:
        heading_notes.note_texts_twice(layout, mapping, ladder, source.findings)
    _drop_unused(layout, mapping, body.columns, {*said.columns, layout.ids}, source.findings)
    return RawExport(
        file=source.name,
        sha256=source.sha256,
        size=source.size,
        layout=layout,
        read_as=rows.read_as,
        mapping=mapping,
        columns=body.columns,
        rows=body.rows,
        findings=source.findings,
        labels=rows.labels | (labels or {}),
        blank_rows=body.blank_rows,
        completion=said,
    )


def _completion(
    layout: Layout,
    mapping: ColumnMap,
    body: Body,
    declared: SurveySettings,
    findings: Findings,
) -> Completion:
    """Which responses were not finished; words of this among the dates are emptied."""
    columns = body.columns
    answers = {*mapping.targets, *mapping.set_aside}
    spare = columns.keys() - answers - {layout.ids}
    headings = {place: layout.headings[place] or layout.names[place] for place in sorted(spare)}
    said = completion_of(headings, columns, _meant(declared))
    for place, every in said.unknown.items():
        rules = (rule for rule in layout.tool.leave_out if layout.column((rule.column,)) == place)
        own = {normalised(cell) for rule in rules for cell in rule.cells}
        words = [word for word in every if normalised(word) not in own]
        if not words:
            continue
        _note_unknown_states(words, columns[place], body.rows, layout.called(place), declared, findings)
    dated = (layout.column(names, said.columns) for names in (layout.tool.started, layout.tool.ended))
    for column in dated:
        if column is not None and column in columns:
            columns[column], hit = without_words(columns[column])
            said.add(PARTIAL, hit, column)
    return said


def _note_unknown_states(
    words: Sequence[str],
    cells: Cells,
    rows: NDArray[np.int32],
    called: str,
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """Ask what words mean. One that few rows hold may be somebody's own, and stands in the work list alone."""
    held = {word: cells.codes == cells.distinct.index(word) for word in words}
    crowd = max(CROWD, declared.smallest_group)
    shown = [word for word in words if held[word].sum() >= crowd]
    values = [personal_data.value(word, 40) for word in shown]
    if len(shown) < len(words):
        values.append(f"{len(words) - len(shown):,} in the work list")
    message = f"C{called[1:]} says who finished, in words some of which are not known: {listed(values, 8)}."
    line = declared.fix(f'{quoted(shown[0] if shown else "the word")} = "{PARTIAL}"', "codes", DECLARED_UNDER)
    unused = declared.fix('"the exported heading" = "not used"', "headings")
    fix = f'Say what each means: {line} (or "{FINISHED}"); if it says no such thing, {unused}.'
    listing = "; ".join(
        f"{row_numbers(rows[hit])}: {personal_data.value(word)}" for word, hit in held.items()
    )
    findings.add("states-unknown", "ASK", message, called, fix, len(words), listing)


def _meant(declared: SurveySettings) -> dict[str, str]:
    """Words that the settings declare to say who finished."""
    return {
        normalised(word): normalised(means) for word, means in declared.codes.get(DECLARED_UNDER, {}).items()
    }


def _may_be_ids(heading: str) -> bool:
    return token(heading) in FURTHER_IDS


def _ids_by_cells(layout: Layout, mapping: ColumnMap, columns: Mapping[int, Cells]) -> int | None:
    """A column headed "No." or the like whose cells are ids: all filled, and different but for copies of whole rows."""
    if layout.ids is not None:
        return None
    for place in mapping.unused:
        cells = columns.get(place)
        if cells is None or not _may_be_ids(layout.headings[place]):
            continue
        if not cells.distinct or not all(map(_ID.fullmatch, cells.distinct)):
            continue
        codes = pd.DataFrame({place: each.codes for place, each in columns.items()})
        again = codes[place].duplicated(keep=False)
        if not again.any() or bool(codes[again].duplicated(keep=False).all()):
            return place
    return None


def _kept(
    layout: Layout, mapping: ColumnMap, below: Sequence[Sequence[str]], declared: SurveySettings
) -> set[int]:
    """Columns worth holding: answers, ids, dates, and what tells previews and unfinished responses apart."""
    tool = layout.tool
    own = [layout.ids, *(layout.column((name,)) for name in (*tool.started, *tool.ended))]
    own += [layout.column((rule.column,)) for rule in tool.leave_out]
    unnamed = {column for column in mapping.unused if not layout.headings[column].strip()}
    spare = {*mapping.unused, *layout.metadata()} - layout.contact() - mapping.set_aside
    says = {
        column
        for column in spare
        if mentions_states(
            layout.headings[column] or layout.names[column],
            (row[column] for row in below if column < len(row)),
            _meant(declared),
        )
    }
    ids = {column for column in mapping.unused if _may_be_ids(layout.headings[column])}
    return {column for column in own if column is not None} | set(mapping.targets) | unnamed | says | ids


def _drop_unused(
    layout: Layout,
    mapping: ColumnMap,
    columns: dict[int, Cells],
    read: Collection[int | None],
    findings: Findings,
) -> None:
    """Columns that answer no question: named ones are listed; one without a heading may hold lost answers."""
    named = [column for column in mapping.unused if layout.headings[column].strip() and column not in read]
    if named:
        message = f"Columns that answer no question were not used: {listed(map(layout.called, named), 8)}."
        texts = listed((f"{letter(place)} {one_line(layout.headings[place])}" for place in named), 50)
        findings.add("columns-unused", "WARN", message, count=len(named), cells=texts)
    unnamed = [
        column for column in mapping.unused if column in columns and not layout.headings[column].strip()
    ]
    filled = [column for column in unnamed if any(text.strip() for text in columns[column].distinct)]
    if filled[:1] == [0] and _are_row_numbers(columns[0]):
        message = f"Column {letter(0)} has no heading and numbers the rows; it was passed over."
        findings.add("row-numbers", "NOTE", message, count=len(columns[0]))
        filled = filled[1:]
    for column in unnamed:
        del columns[column]
    if filled:
        message = f"Columns without a heading hold something: {listed(map(letter, filled), 8)}."
        fix = "Give them their heading, or delete them; their cells were not used."
        findings.add("heading-empty", "REJECT", message, "", fix, len(filled))


def _are_row_numbers(cells: Cells) -> bool:
    """Whether a column counts the rows from 0 or 1, as pandas and R write it."""
    texts = cells.texts().tolist()
    return texts in ([str(n + first) for n in range(len(texts))] for first in (0, 1))
