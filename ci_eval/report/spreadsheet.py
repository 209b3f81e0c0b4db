"""tables.xlsx: a cover, the contents, one table a sheet, and the notes.

Laid out as the Analysis Function asks of published spreadsheets (https://analysisfunction.civilservice.gov.uk,
"Releasing statistics in spreadsheets"): one real table a sheet from column A, no merged or hidden cells,
shorthand in square brackets, notes on their own sheet. Written with XlsxWriter alone: docs/decisions/0004.
"""

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ci_eval.report import workbook
from ci_eval.report.formats import NUMERIC

BLANK = "[x]"  # the shorthand for "not available"


def write(results: dict[str, Any], path: Path) -> None:
    """Write the tables of a results.json as a workbook.

    Parameters
    ----------
    results : as ``Report.results`` gives it
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
            "created": workbook.EPOCH,
        }
    )
    looks = workbook.Looks(book)
    notes = _Notes()
    _cover(book, looks, results, bool(tables))
    contents = book.add_worksheet("Contents")
    noted = book.add_worksheet("Notes")
    for record in tables:
        _table(book, looks, record, results["mark"], notes)
    _contents(contents, looks, tables, results["mark"])
    _listed(
        noted, looks, "Notes", "Notes on the tables of this workbook.", ("Note", "Table", "Text"), notes.rows
    )
    book.close()
    path.write_bytes(workbook.with_language(stream.getvalue()))


def _title(results: dict[str, Any]) -> str:
    return f"{results['title']}: tables"


@dataclass
class _Notes:
    """The notes of all tables, numbered in the order in which they come."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, table: str, text: str) -> str:
        self.rows.append((f"note {len(self.rows) + 1}", table, text))
        return f"[note {len(self.rows)}]"


def _cover(book: Any, looks: workbook.Looks, results: dict[str, Any], any_tables: bool) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 90)
    lines = [(_title(results), looks.title)]
    lines += [(text, looks.text) for text in (results["subtitle"],) if text]
    lines += [(f"Review period: {results['period']}", looks.text)] if results["period"] else []
    lines += [(results["mark"], looks.head)] if results["mark"] else []
    lines += [(results["status"], looks.text)] if results["status"] else []
    about = "Each worksheet after Contents and Notes holds one table, with the number it has in the report."
    lines.append((about if any_tables else "The report has no tables.", looks.text))
    shorthand = f"{BLANK} in place of a value means that there is none to show; the worksheet says why."
    lines.append((shorthand, looks.text))
    for row, (text, look) in enumerate(lines):
        workbook.put(sheet, row, 0, text, look)


def _contents(sheet: Any, looks: workbook.Looks, tables: list[dict[str, Any]], mark: str) -> None:
    rows = [("Notes", "Notes on the tables"), *((_name(record), record["title"]) for record in tables)]
    _listed(sheet, looks, "Contents", mark or "Worksheets of this workbook.", ("Worksheet", "Title"), rows)
    for place, (name, _) in enumerate(rows):
        sheet.write_url(3 + place, 0, f"internal:'{name}'!A1", looks.link, name)


def _listed(
    sheet: Any,
    looks: workbook.Looks,
    title: str,
    under: str,
    headings: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
) -> None:
    """A sheet of texts: its title, a line, and a table; "none" where no row is, since a table needs one."""
    lines = list(rows) or [("none", *[BLANK] * (len(headings) - 1))]
    sheet.hide_gridlines(2)
    workbook.put(sheet, 0, 0, title, looks.title)
    workbook.put(sheet, 1, 0, under, looks.line)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, workbook.WIDEST if column == len(headings) - 1 else 14)
        for row, line in enumerate(lines):
            workbook.put(sheet, 3 + row, column, line[column], looks.text)
        workbook.put(sheet, 2, column, heading, looks.head)
    workbook.mark_table(sheet, f"{title}_list", 2, len(lines), headings, looks.head)


def _table(book: Any, looks: workbook.Looks, record: dict[str, Any], mark: str, notes: _Notes) -> None:
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
    workbook.put(sheet, 0, 0, f"{name}: {record['title']}{note}", looks.title)
    if mark:
        workbook.put(sheet, 1, 0, mark, looks.strong)
    top = 1 + bool(mark)
    for row, line in enumerate(lines, start=top):
        workbook.put(sheet, row, 0, line, looks.line)
    top += len(lines)
    headings = workbook.distinct([column["heading"] for column in columns])
    for place, column in enumerate(columns):
        values = [row[column["name"]] for row in record["rows"]]
        sheet.set_column(place, place, workbook.width(headings[place], values, column["kind"]))
        for row, value in enumerate(values, start=top + 1):
            _cell(sheet, row, place, value, column, looks)
    workbook.mark_table(sheet, name.replace(" ", "_"), top, len(record["rows"]), headings, looks.head)
    for place, column in enumerate(columns):
        look = looks.head_number if column["kind"] in NUMERIC else looks.head
        workbook.put(sheet, top, place, headings[place], look)
    sheet.freeze_panes(top + 1, 1)


def _name(record: dict[str, Any]) -> str:
    return f"Table {record['number']}"


def _cell(
    sheet: Any, row: int, place: int, value: Any, column: dict[str, Any], looks: workbook.Looks
) -> None:
    kind = column["kind"]
    if value is None:
        workbook.put(sheet, row, place, BLANK, looks.blank if kind in NUMERIC else looks.text)
    elif kind in NUMERIC:
        shown = round(value * 100, 10) if kind == "points" else value
        sheet.write_number(row, place, shown, looks.number(workbook.pattern(kind, column["decimals"])))
    elif kind == "date" and (day := _day(value)):
        sheet.write_datetime(row, place, day, looks.number("d mmmm yyyy"))
    else:
        workbook.put(sheet, row, place, str(value), looks.text)


def _day(value: str) -> dt.date | None:
    """The day of an ISO date; None for a date known only in words."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
