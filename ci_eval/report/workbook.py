"""What XlsxWriter needs told for a workbook that is safe, the same every time, and readable by everybody.

Text is written as text, whatever it looks like; a table is declared as one; the document has a language. What
stands where is for ``spreadsheet`` to say.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from html import escape
from typing import Any

from ci_eval.report.formats import DECIMALS

EPOCH = dt.datetime(2000, 1, 1)  # a workbook made again must not differ by its date
LONGEST = 32_767  # characters a cell can hold
CUT = " [cut here: the cell is full]"
WIDEST, NARROWEST = 60, 9  # of a column, in characters
LANGUAGE = "en-GB"


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
            base | {"bold": True, "text_wrap": True, "bottom": 1, "align": "right"}
        )
        self.blank = book.add_format(base | {"align": "right"})
        self.link = book.add_format(base | {"font_color": "#0b4f8a", "underline": 1})
        self._base = base

    def number(self, pattern: str) -> Any:
        if pattern not in self._kept:
            self._kept[pattern] = self._book.add_format(
                self._base | {"num_format": pattern, "align": "right"}
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


def with_language(workbook: bytes) -> bytes:
    """The workbook with its language declared, which XlsxWriter cannot do, and undated members."""
    declared = f"<dc:language>{escape(LANGUAGE)}</dc:language></cp:coreProperties>"
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = content.replace(b"</cp:coreProperties>", declared.encode())
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
    return stream.getvalue()
