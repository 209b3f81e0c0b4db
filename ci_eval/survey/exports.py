"""One reader for every export: an untrusted file becomes columns of text, and what it was read as is said.

Read in one go: open, tell the kind, decode strictly, find the heading, decide which columns are needed,
and only then read the rows, so that the cells of a contact column are never held.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_eval.problems import InputError, Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey.body import Body, Gatherer
from ci_eval.survey.cells import Cells
from ci_eval.survey.delimited import (
    ENCODING_NAMES,
    FALLBACK,
    SEPARATORS,
    DelimitedFile,
    UndecodableError,
    declared_encoding,
    refuse_bytes,
)
from ci_eval.survey.files import EXPORT_AGAIN, OpenFile, headline, open_export, refuse
from ci_eval.survey.headings import ColumnMap, Ladder, map_headings
from ci_eval.survey.layout import HEAD, Layout, detect
from ci_eval.survey.settings import SurveySettings
from ci_eval.survey.text import listed, shown
from ci_eval.survey.tools import TOOLS, Tool
from ci_eval.survey.workbook import CellTooLongError, Workbook


@dataclass
class RawExport:
    """An export as text, before any answer is interpreted.

    Attributes
    ----------
    file, sha256, size : name, hash and bytes of what was read
    layout : tool, heading rows and wording of the columns
    read_as : how the file was read besides that: "UTF-8", "comma" or "workbook sheet 'Sheet1'"
    mapping : which questions the columns answer; None when read without a questionnaire
    columns : column (from 0) → its cells; contact columns are not among them
    rows : row number in the file of each response
    labels : column → code → label, where the file itself or its key explains codes
    blank_rows : rows without any cell filled
    problems : everything found so far, NOTE to REJECT
    """

    file: str
    sha256: str
    size: int
    layout: Layout
    read_as: tuple[str, ...]
    mapping: ColumnMap | None
    columns: dict[int, Cells]
    rows: NDArray[np.int32]
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    blank_rows: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def tool(self) -> Tool:
        return self.layout.tool

    @property
    def description(self) -> str:
        """What was detected: ``read as Qualtrics, 3 heading rows, UTF-8, comma``."""
        count = self.tool.heading_rows
        heading = f"{count} heading row{'s' if count > 1 else ''}"
        heading += f" (row {self.layout.top + 1})" if self.layout.top else ""
        if self.read_as and self.read_as[0].startswith("workbook"):
            return ", ".join((f"read as {self.tool.name}", *self.read_as, heading))
        return ", ".join((f"read as {self.tool.name}", heading, *self.read_as))


@dataclass
class _Rows:
    """Rows on their way in: the first ones as texts, the rest as they come."""

    head: list[list[str]]
    first: list[Sequence[Any]]
    rest: Iterator[Sequence[Any]]
    read_as: tuple[str, ...]
    as_text: Any = None
    labels: dict[int, dict[str, str]] = field(default_factory=dict)


def read(
    path: str | os.PathLike[str],
    *,
    tool: str | None = None,
    questionnaire: Questionnaire | None = None,
    declared: SurveySettings | None = None,
) -> RawExport:
    """Read an export of any known tool as text.

    Parameters
    ----------
    path : the file, as the tool wrote it
    tool : the tool's name, if it should not be detected
    questionnaire : with it, only columns that answer its questions (and the tool's own) are kept; without it,
        all but contact columns
    declared : what is known of the export

    Raises
    ------
    InputError
        If the file cannot be read as a table at all. What can be read but not trusted is in `problems`.
    """
    declared = declared or SurveySettings()
    forced = tool or declared.tool
    if forced and forced not in TOOLS:
        message = f"There is no tool called {shown(forced)!r}."
        mend = f"Use one of {listed(TOOLS, 20)}, or leave it out."
        raise InputError(
            "CANNOT READ the export: nothing was loaded",
            [Problem("tool-unknown", "REJECT", message, mend=mend)],
        )
    ladder = Ladder(questionnaire) if questionnaire else None
    with open_export(path, declared.limits) as source:
        try:
            export = _read(source, forced, ladder, declared)
        except MemoryError:
            refuse(
                source.name, "file-too-large", f"{source.name} needs more memory than there is.", EXPORT_AGAIN
            )
        except OSError as error:
            reason = error.strerror or "an unknown reason"
            refuse(
                source.name,
                "file-unreadable",
                f"{source.name} could not be read to its end: {reason}.",
                EXPORT_AGAIN,
            )
        if not source.unchanged():
            message = f"{source.name} changed while it was being read."
            refuse(
                source.name,
                "file-changed",
                message,
                "Wait until it is written, close it elsewhere, and load it again.",
            )
    return export


def _read(source: OpenFile, forced: str, ladder: Ladder | None, declared: SurveySettings) -> RawExport:
    if source.kind == "workbook":
        book = Workbook(source, declared.limits)
        try:
            sheet, problems = _sheet(source, book, ladder, forced, declared)
            export = _assemble(source, _workbook_rows(book, sheet), forced, ladder, declared)
        except CellTooLongError as error:
            most = declared.limits.cell_characters
            message = f"A cell of the workbook has {error.args[0]:,} characters; up to {most:,} are read."
            refuse(
                source.name, "cell-too-long", message, "Shorten the cell, or raise the limit cell_characters."
            )
        export.problems[:0] = [*problems, *book.notes(sheet)]
        export.sha256 = book.hashed.sha256.hexdigest()
        return export
    return _read_text(source, forced, ladder, declared)


def _read_text(source: OpenFile, forced: str, ladder: Ladder | None, declared: SurveySettings) -> RawExport:
    for encoding in (None, FALLBACK):
        try:
            table = DelimitedFile(source, declared.limits, encoding)
            rows = table.rows()
            first: list[Sequence[Any]] = list(islice(rows, HEAD))
            named = ENCODING_NAMES[table.encoding], SEPARATORS[table.separator]
            head = [list(row) for row in first]
            export = _assemble(source, _Rows(head, first, rows, named), forced, ladder, declared)
        except UndecodableError:
            if encoding is None and not declared_encoding(source):
                continue
            refuse_bytes(source, declared.limits)
        export.sha256 = table.hashed.sha256.hexdigest()
        if encoding:
            message = "The text is not UTF-8 and was read as Windows-1252."
            mend = "Check quotation marks, dashes and the pound sign; better, export again as CSV UTF-8."
            export.problems.append(Problem("encoding-guessed", "WARN", message, source.name, mend=mend))
        return export
    refuse_bytes(source, declared.limits)


def _workbook_rows(book: Workbook, sheet: str) -> _Rows:
    rows = book.rows(sheet)
    first: list[Sequence[Any]] = list(islice(rows, HEAD))
    head = [[book.as_text(cell) for cell in row] for row in first]
    return _Rows(head, first, rows, (f"workbook sheet '{shown(sheet)}'",), book.as_text)


def _sheet(
    source: OpenFile, book: Workbook, ladder: Ladder | None, forced: str, declared: SurveySettings
) -> tuple[str, list[Problem]]:
    """The sheet with the responses: the one declared, or the only one with a heading that is known."""
    if declared.sheet:
        if declared.sheet in book.sheets:
            return declared.sheet, []
        sheets = listed(map(shown, book.sheets), 20)
        message = f'There is no sheet "{shown(declared.sheet)}"; the sheets are {sheets}.'
        refuse(source.name, "sheet-missing", message, f"Correct sheet = under {declared.table()}.")
    if len(book.sheets) == 1:
        return book.sheets[0], []
    fitting = []
    for sheet in book.sheets:
        head = _workbook_rows(book, sheet).head
        layout = detect(head, ladder.known if ladder else None, forced)
        known = sum(map(ladder.known, layout.headings)) if ladder else 0
        if known > 1 or layout.tool.fingerprint or (ladder is None and layout.width > 1):
            fitting.append(sheet)
    names = listed((f"'{shown(sheet)}'" for sheet in book.sheets), 20)
    if len(fitting) == 1:
        message = f"Of {len(book.sheets)} sheets ({names}), '{shown(fitting[0])}' holds the responses."
        return fitting[0], [Problem("sheet-chosen", "NOTE", message, source.name)]
    which = "more than one of them could" if fitting else "none of them seems to"
    message = f"The workbook has {len(book.sheets)} sheets ({names}); {which} hold the responses."
    choose = declared.mend('sheet = "…"')
    problem = Problem("sheet-unclear", "ASK", message, source.name, mend=f"To choose, {choose}.")
    raise InputError(headline(source.name), [problem])


def _assemble(
    source: OpenFile, rows: _Rows, forced: str, ladder: Ladder | None, declared: SurveySettings
) -> RawExport:
    layout = detect(rows.head, ladder.known if ladder else None, forced)
    problems = [layout.problem] if layout.problem else []
    if layout.width > declared.limits.columns:
        message = f"The heading has {layout.width:,} columns; up to {declared.limits.columns:,} are read."
        refuse(
            source.name, "too-many-columns", message, "Export the responses only, or raise the limit columns."
        )
    mapping = map_headings(layout, ladder, declared) if ladder else None
    keep = _kept(layout, mapping)
    gatherer = Gatherer(source.name, layout.width, keep, rows.as_text, declared.limits)
    below = chain(rows.first[layout.first_row :], rows.rest)
    body: Body = gatherer.gather(below, layout.first_row + 1)
    problems += mapping.problems if mapping else []
    return RawExport(
        file=source.name,
        sha256="",
        size=source.size,
        layout=layout,
        read_as=rows.read_as,
        mapping=mapping,
        columns=body.columns,
        rows=body.rows,
        labels=rows.labels,
        blank_rows=body.blank_rows,
        problems=problems + body.problems,
    )


def _kept(layout: Layout, mapping: ColumnMap | None) -> set[int]:
    """Columns worth holding: answers, ids, dates, and what tells previews and unfinished responses apart."""
    if mapping is None:
        return set(range(layout.width)) - layout.contact()
    tool = layout.tool
    own = [layout.column(names) for names in (tool.ids, tool.started, tool.ended)]
    own += [layout.column((rule.column,)) for rule in tool.leave_out]
    unnamed = {column for column in mapping.unused if not layout.headings[column].strip()}
    return {column for column in own if column is not None} | set(mapping.targets) | unnamed
