"""tables.xlsx: a cover, the contents, one table a sheet, and the notes.

Text is written as text, whatever it looks like; a table is declared as one; the document has a language.

Laid out as the Analysis Function asks of published spreadsheets (https://analysisfunction.civilservice.gov.uk,
"Releasing statistics in spreadsheets"): one real table a sheet from column A, no merged or hidden cells,
shorthand in square brackets, notes on their own sheet. Written with XlsxWriter alone: docs/decisions/0004.
"""

import datetime as dt
import io
import math
import textwrap
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from ci_eval.report.formats import DECIMALS, NUMERIC

EPOCH = dt.datetime(2000, 1, 1)  # a workbook made again must not differ by its date
LONGEST = 32_767  # characters a cell can hold
CUT = " [cut here: the cell is full]"
WIDEST, NARROWEST = 60, 9  # of a column, in characters
LINE = 16  # points of a line of text
SHORTEST = 80  # characters at which a line over a narrow table is broken
LANGUAGE = "en-GB"
BLANK = "[x]"  # the shorthand for "not available"


class Looks:
    """Cell formats; a workbook keeps each once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._kept: dict[str, Any] = {}
        base = {"font_name": "Arial", "font_size": 12, "valign": "top"}
        self.title = book.add_format(base | {"font_size": 16, "bold": True})
        self.line = book.add_format(base)
        self.strong = book.add_format(base | {"bold": True})
        self.text = book.add_format(base | {"text_wrap": True})
        self.head = book.add_format(base | {"bold": True, "text_wrap": True, "bottom": 1})
        self.head_number = book.add_format(
            base | {"bold": True, "text_wrap": True, "bottom": 1, "align": "right", "indent": 1}
        )
        self.blank = book.add_format(base | {"align": "right", "indent": 1})
        self.link = book.add_format(base | {"font_color": "#0b4f8a", "underline": 1})
        self._base = base

    def number(self, pattern: str) -> Any:
        if pattern not in self._kept:
            self._kept[pattern] = self._book.add_format(
                self._base | {"num_format": pattern, "align": "right", "indent": 1}
            )
        return self._kept[pattern]


def pattern(kind: str, decimals: int | None) -> str:
    """Excel's number format of a column's kind; a share has one decimal at least.

    The page adds decimals where a whole number would contradict its word; a cell cannot, so it has one always.
    """
    places = DECIMALS[kind] if decimals is None else decimals
    places = max(1, places) if kind == "percent" else places
    tail = f".{'0' * places}" if places else ""
    if kind == "percent":
        return f"0{tail}%"
    return f"+#,##0{tail};-#,##0{tail};0{tail}" if kind == "points" else f"#,##0{tail}"


def put(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Text as text: XlsxWriter's write() would make formulas and links of what only looks like one."""
    fits = text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
    if sheet.write_string(row, column, fits, look) != 0:
        raise ValueError(f"a text of {len(text):,} characters cannot be written into a cell")


def mark_table(sheet: Any, name: str, top: int, rows: int, headings: Iterable[str], look: Any) -> None:
    """Declare a range to be a table: a screen reader finds its headings, and every column can be sorted."""
    columns = [{"header": heading, "header_format": look} for heading in headings]
    options = {"name": name, "columns": columns, "autofilter": True, "style": None}
    if sheet.add_table(top, 0, top + rows, len(columns) - 1, options) != 0:
        raise ValueError(f"{name} cannot be written as a table of a workbook")


def distinct(headings: list[str]) -> list[str]:
    """Headings which Excel takes: at most 255 characters, none twice whatever its capitals."""
    seen: set[str] = set()
    distinct = []
    for heading in headings:
        text, number = heading[:255], 2
        while text.casefold() in seen:
            text, number = f"{heading[:245]} ({number})", number + 1
        seen.add(text.casefold())
        distinct.append(text)
    return distinct


def width(heading: str, values: list[Any], kind: str) -> float:
    longest = max((len(word) for word in heading.split()), default=0) + 2
    if kind in {"text", "date"}:
        longest = max([longest, *(min(len(str(value)), WIDEST) + 1 for value in values)])
    return max(NARROWEST, min(longest * 1.15, WIDEST))


def repacked(package: bytes, language: str = "") -> bytes:
    """An office file with undated members, and with its language declared where one is given.

    Neither XlsxWriter nor python-docx leaves out the clock everywhere, and XlsxWriter cannot declare a language.
    """
    declared = f"<dc:language>{escape(language)}</dc:language></cp:coreProperties>"
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if language and name == "docProps/core.xml":
                content = content.replace(b"</cp:coreProperties>", declared.encode())
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
    return stream.getvalue()


def write(results: Mapping[str, Any], path: Path) -> None:
    """Write the tables of a results.json as a workbook.

    Parameters
    ----------
    results : as ``Book.results`` gives it
    path : of the workbook; the same results give the same bytes

    Text is always written as text, so that nothing from a survey becomes a formula or a link. A blank becomes
    "[x]", and the sheet says what it means there.
    """
    import xlsxwriter

    tables = [record for record in results["pieces"].values() if record["piece"] == "table"]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties(
        {
            "title": _title(results),
            "subject": results["status"],
            "comments": results["mark"],
            "created": EPOCH,
        }
    )
    looks = Looks(book)
    notes = _Notes()
    _cover(book, looks, results, bool(tables))
    contents = book.add_worksheet("Contents")
    noted = book.add_worksheet("Notes")
    for record in tables:
        _table(book, looks, record, results, notes)
    _contents(contents, looks, tables, results["mark"])
    _listed(
        noted, looks, "Notes", "Notes on the tables of this workbook.", ("Note", "Table", "Text"), notes.rows
    )
    for sheet in (contents, noted):
        set_paper(sheet, results, heading=2)
    book.close()
    path.write_bytes(repacked(stream.getvalue(), LANGUAGE))


def set_rows(sheet: Any, top: int, lines: Iterable[Iterable[str]], widths: Sequence[float]) -> None:
    """Give each row the height its texts need: not every program grows a row by itself."""
    for row, texts in enumerate(lines, start=top):
        parts = zip(texts, widths, strict=True)
        most = max((_lines(text, wide) for text, wide in parts), default=1)
        sheet.set_row(row, min(most * LINE + 2, 409))  # the highest there is


def _lines(text: str, wide: float) -> int:
    """Lines of a text in a column; a little more than its letters would take, since words do not break."""
    return sum(max(1, math.ceil(len(line) * 1.05 / wide)) for line in text.split("\n"))


def set_paper(sheet: Any, results: Mapping[str, Any], heading: int | None = None) -> None:
    """Print on A4 turned sideways, as wide as one page; the row of headings is repeated on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    if heading is not None:
        sheet.repeat_rows(heading)
    status = f"{results['mark'] and 'Invented data. '}{results['status']}".replace("&", "&&")
    sheet.set_footer(f"&L&8{status}&R&8&A, page &P of &N")


def _title(results: Mapping[str, Any]) -> str:
    return f"{results['title']}: tables"


@dataclass
class _Notes:
    """The notes of all tables, numbered in the order in which they come."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, table: str, text: str) -> str:
        self.rows.append((f"note {len(self.rows) + 1}", table, text))
        return f"[note {len(self.rows)}]"


def _cover(book: Any, looks: Looks, results: Mapping[str, Any], any_tables: bool) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 90)
    lines = [(_title(results), looks.title)]
    lines += [(text, looks.text) for text in (results["subtitle"],) if text]
    lines += [(f"Review period: {results['period']}", looks.text)] if results["period"] else []
    lines += [(results["mark"], looks.head)] if results["mark"] else []
    lines += [(results["status"], looks.text)] if results["status"] else []
    about = "Each worksheet after Contents and Notes holds one table, numbered as in the report; A stands for the annex."
    lines.append((about if any_tables else "There are no tables.", looks.text))
    shorthand = f"{BLANK} in place of a value means that there is none to show; the worksheet says why."
    lines.append((shorthand, looks.text))
    for row, (text, look) in enumerate(lines):
        put(sheet, row, 0, text, look)
    set_rows(sheet, 1, ([text] for text, _ in lines[1:]), [90])
    set_paper(sheet, results)


def _contents(sheet: Any, looks: Looks, tables: list[dict[str, Any]], mark: str) -> None:
    rows = [("Notes", "Notes on the tables"), *((_name(record), record["title"]) for record in tables)]
    _listed(sheet, looks, "Contents", mark or "Worksheets of this workbook.", ("Worksheet", "Title"), rows)
    for place, (name, _) in enumerate(rows):
        sheet.write_url(3 + place, 0, f"internal:'{name}'!A1", looks.link, name)


def _listed(
    sheet: Any,
    looks: Looks,
    title: str,
    under: str,
    headings: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
) -> None:
    """A sheet of texts: its title, a line, and a table; "none" where no row is, since a table needs one."""
    lines = list(rows) or [("none", *[BLANK] * (len(headings) - 1))]
    sheet.hide_gridlines(2)
    put(sheet, 0, 0, title, looks.title)
    put(sheet, 1, 0, under, looks.line)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, WIDEST if column == len(headings) - 1 else 14)
        for row, line in enumerate(lines):
            put(sheet, 3 + row, column, line[column], looks.text)
        put(sheet, 2, column, heading, looks.head)
    set_rows(sheet, 3, lines, [14] * (len(headings) - 1) + [WIDEST])
    mark_table(sheet, f"{title}_list", 2, len(lines), headings, looks.head)


def _table(
    book: Any, looks: Looks, record: dict[str, Any], results: Mapping[str, Any], notes: _Notes
) -> None:
    """One table: title, what the sheet holds, the reasons for blanks, the source, then the table itself."""
    name = _name(record)
    columns = record["columns"]
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    note = f" {notes.add(name, record['note'])}" if record["note"] else ""
    lines = [f"This worksheet contains one table.{' Notes are on the worksheet Notes.' if note else ''}"]
    heading = {column["name"]: column["heading"] for column in columns}
    lines += [f"{BLANK} in {heading[column]}: {reason}" for column, reason in record["blanks"].items()]
    lines += [f"Source: {record['source']}"] if record["source"] else []
    headings = distinct([column["heading"] for column in columns])
    values = [[row[column["name"]] for row in record["rows"]] for column in columns]
    widths = [
        width(*one) for one in zip(headings, values, (column["kind"] for column in columns), strict=True)
    ]
    # A line over the table runs on to the right of its cell; broken at the table's edge, it prints with it.
    across = max(SHORTEST, int(sum(widths)))
    opening = [
        (line, looks.title) for line in textwrap.wrap(f"{name}: {record['title']}{note}", int(across * 0.7))
    ]
    opening += [(line, looks.strong) for line in textwrap.wrap(results["mark"], across)]
    opening += [(part, looks.line) for line in lines for part in textwrap.wrap(line, across)]
    for row, (line, look) in enumerate(opening):
        put(sheet, row, 0, line, look)
        sheet.set_row(row, (1.5 if look is looks.title else 1) * LINE)
    top = len(opening)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, widths[place])
        for row, value in enumerate(values[place], start=top + 1):
            _cell(sheet, row, place, value, column, looks)
    mark_table(sheet, name.replace(" ", "_"), top, len(record["rows"]), headings, looks.head)
    for place, column in enumerate(columns):
        look = looks.head_number if column["kind"] in NUMERIC else looks.head
        put(sheet, top, place, headings[place], look)
    texts = [["" if value is None else str(value) for value in row] for row in zip(*values, strict=True)]
    numeric = [column["kind"] != "text" for column in columns]
    texts = [["" if plain else text for text, plain in zip(row, numeric, strict=True)] for row in texts]
    set_rows(sheet, top, [headings, *texts], [wide - 2 for wide in widths])  # a heading has a button
    sheet.freeze_panes(top + 1, 1)
    set_paper(sheet, results, heading=top)


def _name(record: dict[str, Any]) -> str:
    return str(record["label"])


def _cell(sheet: Any, row: int, place: int, value: Any, column: dict[str, Any], looks: Looks) -> None:
    kind = column["kind"]
    if value is None:
        put(sheet, row, place, BLANK, looks.blank if kind in NUMERIC else looks.text)
    elif kind in NUMERIC:
        number = round(value * 100, 10) if kind == "points" else value
        sheet.write_number(row, place, number, looks.number(pattern(kind, column["decimals"])))
    elif kind == "date" and (day := _day(value)):
        sheet.write_datetime(row, place, day, looks.number("d mmmm yyyy"))
    else:
        put(sheet, row, place, str(value), looks.text)


def _day(value: str) -> dt.date | None:
    """The day of an ISO date; None for a date known only in words."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
