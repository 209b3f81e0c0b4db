"""The workbook in which one person codes: a row a text, a column a code, and the same workbook read back.

Each coder fills in a copy of her own, so that nobody sees another's codes. Every text is written as text, whatever it
looks like; ids and texts are protected. For the team only: it holds what respondents wrote.
"""

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ci_eval.inputs.fact_tables import in_quotes
from ci_eval.inputs.files import Limits, open_file
from ci_eval.inputs.problems import Findings, refuse
from ci_eval.inputs.workbooks import Workbook
from ci_eval.programme import codes_of
from ci_eval.programme.codebook import MATCHED
from ci_eval.report.spreadsheet import LANGUAGE, put, repacked, set_rows

COVER, SUGGESTED, COMMENTS = "Read me", "Suggestions", "comments"
CODER = "Your pseudonym"
CODER_ROW = 2
FIXED = ("ID", "Question", "Text")
NONE = "None of these"
MARK = "yes"
TOP = 3  # rows above the texts: names, definitions, examples
IDS = "; "
LIMITS = Limits(file_bytes=20_000_000)


@dataclass(frozen=True)
class Given:
    """What one coder's workbook holds: her pseudonym, and by id and question the keys she gave."""

    file: str
    coder: str
    codes: Mapping[tuple[str, str], frozenset[str]]


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; one that exists is never overwritten.

    Raises
    ------
    InputError
        If the file exists, or its folder cannot be made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fix = "Move it away, or name another file with --out."
        refuse(f"CANNOT WRITE {path.name}", "file-exists", "The file is there already.", fix=fix)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def workbook(
    rows: pd.DataFrame,
    codebook: pd.DataFrame,
    lines: Sequence[str],
    coder: str = "",
    suggestions: Sequence[Sequence[str]] = (),
) -> bytes:
    """The workbook as bytes.

    Parameters
    ----------
    rows : one row a text: ids (a tuple), question, text, and further columns that are shown beside it as they are
    lines : what the cover says of it
    coder : the pseudonym it is filled in under, where that is known already
    suggestions : groups of words, for a sheet of their own
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    text = {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 11}
    # with its quotation mark a text that begins with = stays one, whoever edits the cell
    looks = {
        "text": book.add_format(text | {"quote_prefix": True}),
        "head": book.add_format(text | {"bold": True, "bg_color": "#e8eef4", "quote_prefix": True}),
        "open": book.add_format(text | {"locked": False, "border": 1, "border_color": "#b0b8c0"}),
    }
    _cover(book, looks, lines, coder)
    sheet_of = rows["question"].where(rows["question"].isin(MATCHED), COMMENTS)
    for name, codes in _sheets(codebook).items():
        part = rows[sheet_of == name.casefold()]
        if len(part):
            _sheet(book.add_worksheet(name), looks, part, codes)
    if suggestions:
        sheet = book.add_worksheet(SUGGESTED)
        sheet.set_column(0, 0, 100)
        about = (
            "Words that come together in these comments. They help to draft a codebook and are never codes."
        )
        for row, line in enumerate((about, *(", ".join(group) for group in suggestions))):
            put(sheet, row, 0, line, looks["head" if row == 0 else "text"])
    book.close()
    return repacked(stream.getvalue(), LANGUAGE)


def _sheets(codebook: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Sheet → the codes on it: one for all comments, one for each question that is matched by wording."""
    asked = {question for questions in codebook["questions"] for question in questions}
    codes = {COMMENTS.capitalize(): codes_of(codebook, *asked.difference(MATCHED))}
    return codes | {question.capitalize(): codes_of(codebook, question) for question in MATCHED}


def _cover(book: Any, looks: Mapping[str, Any], lines: Sequence[str], coder: str) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    put(sheet, 0, 0, "For the team only", looks["head"])
    put(
        sheet,
        0,
        1,
        "This workbook holds what respondents wrote. Keep it where only the team can read it.",
        looks["text"],
    )
    put(sheet, CODER_ROW, 0, CODER, looks["head"])
    put(sheet, CODER_ROW, 1, coder, looks["text"] if coder else looks["open"])
    for row, line in enumerate(lines, start=CODER_ROW + 2):
        put(sheet, row, 1, line, looks["text"])
    sheet.protect()


def _sheet(sheet: Any, looks: Mapping[str, Any], rows: pd.DataFrame, codes: pd.DataFrame) -> None:
    beside = [name for name in rows.columns if name not in ("ids", "question", "text")]
    names = [*FIXED, *beside, *codes["name"], NONE]
    definitions = [
        "",
        "",
        "What it holds",
        *[""] * len(beside),
        *codes["definition"],
        "Read, and no code fits",
    ]
    examples = ["", "", "For example", *[""] * len(beside), *codes["example"], ""]
    widths = [10, 10, 60, *[18] * (len(names) - len(FIXED))]
    first, last = len(FIXED) + len(beside), TOP + len(rows) - 1
    texts = [
        [IDS.join(record["ids"]), record["question"], record["text"], *(str(record[name]) for name in beside)]
        for record in rows.to_dict("records")
    ]
    for row, line in enumerate((names, definitions, examples, *texts)):
        for column, text in enumerate(line):
            put(sheet, row, column, text, looks["head" if row < TOP else "text"])
    for row in range(TOP, last + 1):
        for column in range(first, len(names)):
            sheet.write_blank(row, column, None, looks["open"])
    fitting = [width - 2 for width in widths]  # words do not break, and these columns are narrow
    set_rows(sheet, 0, (names, definitions, examples), fitting)
    set_rows(sheet, TOP, texts, fitting[:first])
    sheet.data_validation(
        TOP,
        first,
        last,
        len(names) - 1,
        {
            "validate": "list",
            "source": [MARK],
            "error_title": "Not a mark",
            "error_message": f"Choose {MARK}, or leave the cell empty.",
        },
    )
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(TOP, len(FIXED))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def read_workbook(path: Path, texts: Mapping[tuple[str, str], str], codebook: pd.DataFrame) -> Given:
    """What a coder filled in; a row without a mark was not coded.

    `texts` hold, by id and question, what respondents wrote.

    Raises
    ------
    InputError
        All problems at once: no pseudonym, a heading that is no code, an id or question that is not known, a text that
        is not that response's, a mark that is neither "yes" nor empty, a code beside "None of these". None holds a text.
    """
    with open_file(path, LIMITS, ("workbook",), "Export the workbook again.") as source:
        findings = Findings(source.name, f"CANNOT USE {source.name}: no code was taken")
        book = Workbook(source)
        if COVER not in book.sheets:
            fix = "Give a workbook that ci-eval coding export wrote."
            findings.refuse("another-workbook", f'It has no sheet "{COVER}".', fix=fix)
        cover = list(book.rows(COVER))
        coder = (
            str(cover[CODER_ROW][1]).strip() if len(cover) > CODER_ROW and len(cover[CODER_ROW]) > 1 else ""
        )
        if not coder:
            fix = f'Write one, such as A, beside "{CODER}".'
            findings.add("no-coder", "REJECT", "The workbook does not say who coded.", f"sheet {COVER}", fix)
        codes: dict[tuple[str, str], frozenset[str]] = {}
        for name, chosen in _sheets(codebook).items():
            if name in book.sheets:
                cells = [[str(cell).strip() for cell in row] for row in book.rows(name)]
                keys = dict(zip(chosen["name"], chosen["key"], strict=True))
                codes.update(_read_sheet(name, cells, keys, texts, findings))
        findings.raise_if_stopping()
    return Given(path.name, coder, codes)


def _read_sheet(
    sheet: str,
    cells: Sequence[Sequence[str]],
    keys: Mapping[str, str],
    texts: Mapping[tuple[str, str], str],
    findings: Findings,
) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    heading = list(cells[0]) if cells else []
    columns = [at for at, name in enumerate(heading) if name in keys or name == NONE]
    if heading[: len(FIXED)] != list(FIXED) or {heading[at] for at in columns} != {*keys, NONE}:
        message = "The headings are not those of the codebook as it is now."
        fix = "Export again after a change of codebook.csv, and move the marks over."
        findings.add("headings", "REJECT", message, f"sheet {sheet}, row 1", fix)
        return
    for number, row in enumerate(cells[TOP:], start=TOP + 1):
        where = f"sheet {sheet}, row {number:,}"
        marked = [heading[at] for at in columns if row[at]]
        wrong = [at for at in columns if row[at] and row[at].casefold() != MARK]
        if wrong:
            message = f"A mark is neither {MARK} nor empty."
            place = f"{where}, column {in_quotes(heading[wrong[0]])}"
            findings.add("mark", "REJECT", message, place, f"Write {MARK}, or empty the cell.", len(wrong))
        if NONE in marked and len(marked) > 1:
            message = f'A code stands beside "{NONE}".'
            findings.add("mark-and-none", "REJECT", message, where, "Keep one of them.")
        if not marked:
            continue
        ids = [row[0]] if row[1] not in MATCHED else [part.strip() for part in row[0].split(IDS.strip())]
        for identity in ids:
            cell = (identity, row[1])
            if cell not in texts:
                message = "A row names a response or question that has no text."
                findings.add("unknown-response", "REJECT", message, where, "Export again; ids are protected.")
            elif _evened(texts[cell]) != _evened(row[2]) and row[1] not in MATCHED:
                message = "A text is not that of its response."
                fix = "Export again: the rows were sorted apart, or the text was changed."
                findings.add("another-text", "REJECT", message, where, fix)
            else:
                yield cell, frozenset(keys[name] for name in marked if name != NONE)


def _evened(text: str) -> str:
    """Without what a spreadsheet changes: kinds of white space, characters that cannot be written, the longest cell."""
    return "".join(letter for letter in text if letter.isprintable() and not letter.isspace())[:10_000]
