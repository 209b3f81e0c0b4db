"""Where an export's rows come from: a text file, a sheet of a workbook, or an SPSS file, all handed on alike."""

import os
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import Any, TypeVar

from ci_eval.inputs import personal_data
from ci_eval.inputs.delimited import DelimitedFile, decoded
from ci_eval.inputs.files import OpenFile, open_file
from ci_eval.inputs.spss import read_spss
from ci_eval.inputs.text import listed, one_line
from ci_eval.inputs.workbooks import Workbook
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.headings import Ladder
from ci_eval.survey.layout import CONTACT_FORMS, HEAD, detect, responses_among
from ci_eval.survey.tools import SPSS

Result = TypeVar("Result")


@dataclass
class Rows:
    """The rows of an export on their way in.

    Attributes
    ----------
    head : the first rows as texts, for finding the heading
    first : the same rows as they came
    rest : the rows after them, gone through once
    read_as : how the file was read, for people
    as_text : turns a cell into text; None where cells are texts
    tool : the only tool that writes such files, "" for any
    labels : column → code → label, where the file holds them
    merged : ranges of merged cells
    note : notes what a workbook's values do not show in the columns used (None: in all); None for other files
    """

    head: list[list[str]]
    first: list[Sequence[Any]]
    rest: Iterator[Sequence[Any]]
    read_as: tuple[str, ...]
    as_text: Callable[[Any], str] | None = None
    tool: str = ""
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    note: Callable[[Container[int] | None], None] | None = None


def read_rows(
    path: str | os.PathLike[str],
    declared: SurveySettings,
    use: Callable[[OpenFile, Rows], Result],
    ladder: Ladder | None = None,
) -> Result:
    """Open a file, read its rows and hand them to `use`, once more where its bytes are not what they seemed.

    Raises
    ------
    InputError
        If the file cannot be read as a table.
    """
    with open_file(path, declared.limits) as source:
        if source.kind == "workbook":
            return use(source, _workbook_rows(source, ladder, declared))
        if source.kind == "spss":
            return use(source, _spss_rows(source))
        return decoded(source, lambda table: use(source, _text_rows(table)))


def _text_rows(table: DelimitedFile) -> Rows:
    rows = table.rows()
    first: list[Sequence[Any]] = list(islice(rows, HEAD))
    return Rows([list(row) for row in first], first, rows, table.read_as)


def _spss_rows(source: OpenFile) -> Rows:
    """Names and labels of the variables as two heading rows; contact columns stay unread."""
    file = read_spss(source, CONTACT_FORMS)
    rows: Iterator[Sequence[Any]] = chain((file.names, file.labels), zip(*file.columns, strict=True))
    first = list(islice(rows, HEAD + 2))
    head = [list(row) for row in first]
    return Rows(head, first, rows, ("SPSS file",), tool=SPSS.name, labels=file.codes)


def _workbook_rows(source: OpenFile, ladder: Ladder | None, declared: SurveySettings) -> Rows:
    book = Workbook(source)
    sheet = _sheet(source, book, ladder, declared)
    rows = _sheet_rows(book, sheet)
    rows.note = partial(book.note, sheet)
    rows.merged = book.merged(sheet)
    return rows


def _sheet_rows(book: Workbook, sheet: str) -> Rows:
    rows = book.rows(sheet)
    first: list[Sequence[Any]] = list(islice(rows, HEAD))
    head = [[book.as_text(cell) for cell in row] for row in first]
    return Rows(head, first, rows, (f"workbook sheet '{personal_data.name(sheet)}'",), book.as_text)


def _sheet(source: OpenFile, book: Workbook, ladder: Ladder | None, declared: SurveySettings) -> str:
    """The sheet with the responses: the one declared, or the only one with a heading that is known."""
    names = listed((f"'{personal_data.name(sheet)}'" for sheet in book.sheets), 20)
    if declared.sheet:
        if declared.sheet in book.sheets:
            return declared.sheet
        message = f"There is no sheet '{one_line(declared.sheet)}'; the sheets are {names}."
        source.refuse("sheet-missing", message, f"Correct sheet = under {declared.table()}.")
    if len(book.sheets) == 1:
        return book.sheets[0]
    fitting = []
    for sheet in book.sheets:
        head = _sheet_rows(book, sheet).head
        layout = detect(head, ladder.known, declared.tool) if ladder else detect(head, None)
        known = sum(map(ladder.known, layout.headings)) if ladder else 0
        if known > 1 or layout.tool.fingerprint or (ladder is None and layout.width > 1):
            fitting.append(sheet)
    if len(fitting) == 1:
        message = (
            f"Of {len(book.sheets)} sheets ({names}), '{personal_data.name(fitting[0])}' holds the responses."
        )
        source.findings.add("sheet-chosen", "NOTE", message)
        _note_other_sheets(source, book, fitting[0], ladder, declared)
        return fitting[0]
    which = "more than one of them could" if fitting else "none of them seems to"
    message = f"The workbook has {len(book.sheets)} sheets ({names}); {which} hold the responses."
    choose = declared.fix('sheet = "…"')
    source.findings.add("sheet-unclear", "ASK", message, fix=f"To choose, {choose}.")
    source.findings.raise_if_stopping()
    return book.sheets[0]


def _note_other_sheets(
    source: OpenFile, book: Workbook, chosen: str, ladder: Ladder | None, declared: SurveySettings
) -> None:
    """Note sheets without a heading that hold responses all the same: the end of a long export, or what was pasted."""
    if ladder is None:
        return
    for sheet in book.sheets:
        if sheet == chosen:
            continue
        every = islice(book.rows(sheet), declared.limits.rows)
        rows = ([cell for cell in row if isinstance(cell, str)] for row in every)
        if count := responses_among(rows, ladder.answers):
            name = f"'{personal_data.name(sheet)}'"
            message = (
                f"The sheet {name} was not read, and {count:,} of its rows hold answers of the questionnaire."
            )
            fix = "If they are responses, put them below the others, or export again into one sheet."
            source.findings.add("sheet-with-answers", "WARN", message, f"sheet {name}", fix, count)
