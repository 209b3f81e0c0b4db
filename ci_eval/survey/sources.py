"""Where an export's rows come from: a text file, a sheet of a workbook, or an SPSS file, all handed on alike."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from ci_eval.inputs import personal_data
from ci_eval.inputs.columns import CellTooLongError
from ci_eval.inputs.delimited import (
    ENCODING_NAMES,
    FALLBACK,
    SEPARATORS,
    DelimitedFile,
    Guess,
    UndecodableError,
    declared_encoding,
    refuse_bytes,
)
from ci_eval.inputs.files import EXPORT_AGAIN, OpenFile, open_export, refuse
from ci_eval.inputs.problems import InputError, Problem, headline
from ci_eval.inputs.text import listed, shown
from ci_eval.inputs.workbooks import Workbook
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.body import Rows
from ci_eval.survey.headings import Ladder
from ci_eval.survey.layout import HEAD, detect

Result = TypeVar("Result")


def read_rows(
    path: str | os.PathLike[str],
    declared: SurveySettings,
    use: Callable[[OpenFile, Rows], Result],
    ladder: Ladder | None = None,
    forced: str = "",
) -> Result:
    """Open a file, read its rows and hand them to `use`, once more where its bytes are not what they seemed.

    Raises
    ------
    InputError
        If the file cannot be read as a table.
    """
    with open_export(path, declared.limits) as source, _readable(source, declared):
        if source.kind == "workbook":
            return use(source, _workbook(source, ladder, forced, declared))
        if source.kind == "spss":
            # Imported here: it needs an optional package.
            from ci_eval.survey.spss import spss_rows

            return use(source, spss_rows(source, declared))
        for encoding in (None,) if declared_encoding(source) else (None, FALLBACK):
            try:
                return use(source, _text(source, declared, encoding))
            except UndecodableError:
                continue
        refuse_bytes(source, declared.limits)


def _text(source: OpenFile, declared: SurveySettings, encoding: str | None) -> Rows:
    table = DelimitedFile(source, declared.limits, encoding)
    guess = Guess(source) if encoding else None
    rows = guess.watched(table.rows()) if guess else table.rows()
    first: list[Sequence[Any]] = list(islice(rows, HEAD))
    read_as = ENCODING_NAMES[table.encoding], SEPARATORS[table.separator]
    after = guess.problems if guess else list
    return Rows([list(row) for row in first], first, rows, read_as, table.hashed, after=after)


def _workbook(source: OpenFile, ladder: Ladder | None, forced: str, declared: SurveySettings) -> Rows:
    book = Workbook(source, declared.limits)
    sheet, found = _sheet(source, book, ladder, forced, declared)
    rows = _of_sheet(book, sheet)
    rows.problems = [*found, *book.notes(sheet)]
    rows.merged = book.merged(sheet)
    return rows


def _of_sheet(book: Workbook, sheet: str) -> Rows:
    rows = book.rows(sheet)
    first: list[Sequence[Any]] = list(islice(rows, HEAD))
    head = [[book.as_text(cell) for cell in row] for row in first]
    return Rows(
        head, first, rows, (f"workbook sheet '{personal_data.name(sheet)}'",), book.hashed, book.as_text
    )


def _sheet(
    source: OpenFile, book: Workbook, ladder: Ladder | None, forced: str, declared: SurveySettings
) -> tuple[str, list[Problem]]:
    """The sheet with the responses: the one declared, or the only one with a heading that is known."""
    names = listed((f"'{personal_data.name(sheet)}'" for sheet in book.sheets), 20)
    if declared.sheet:
        if declared.sheet in book.sheets:
            return declared.sheet, []
        message = f"There is no sheet '{shown(declared.sheet)}'; the sheets are {names}."
        refuse(source.name, "sheet-missing", message, f"Correct sheet = under {declared.table()}.")
    if len(book.sheets) == 1:
        return book.sheets[0], []
    fitting = []
    for sheet in book.sheets:
        layout = detect(_of_sheet(book, sheet).head, ladder.known if ladder else None, forced)
        known = sum(map(ladder.known, layout.headings)) if ladder else 0
        if known > 1 or layout.tool.fingerprint or (ladder is None and layout.width > 1):
            fitting.append(sheet)
    if len(fitting) == 1:
        message = (
            f"Of {len(book.sheets)} sheets ({names}), '{personal_data.name(fitting[0])}' holds the responses."
        )
        return fitting[0], [Problem("sheet-chosen", "NOTE", message, source.name)]
    which = "more than one of them could" if fitting else "none of them seems to"
    message = f"The workbook has {len(book.sheets)} sheets ({names}); {which} hold the responses."
    choose = declared.fix('sheet = "…"')
    problem = Problem("sheet-unclear", "ASK", message, source.name, fix=f"To choose, {choose}.")
    raise InputError(headline(source.name), [problem])


@contextmanager
def _readable(source: OpenFile, declared: SurveySettings) -> Iterator[None]:
    """Whatever stops the reading of a file becomes a refusal that names the file."""
    name = source.name
    try:
        yield
    except CellTooLongError as error:
        most = declared.limits.cell_characters
        message = f"A cell has {error.args[0]:,} characters; up to {most:,} are read."
        refuse(name, "cell-too-long", message, "Shorten the cell, or raise the limit cell_characters.")
    except MemoryError:
        refuse(name, "file-too-large", f"{name} needs more memory than there is.", "Load it in parts.")
    except OSError as error:
        message = f"{name} could not be read to its end: {error.strerror or 'no reason was given'}."
        refuse(name, "file-unreadable", message, "Copy it to this machine and load the copy.")
    if not source.unchanged():
        message = f"{name} changed while it was being read."
        fix = f"Close it in other programs and load it again. {EXPORT_AGAIN}"
        refuse(name, "file-changed", message, fix)
