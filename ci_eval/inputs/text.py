"""Texts made comparable, and made safe to print.

Two texts are the same answer or heading when they are equal after evening out what tools and spreadsheets
change: HTML, kinds of space, kinds of quotation mark and dash, invisible characters, case, punctuation.
Nothing here measures likeness; `nearest` only helps to word a message.
"""

import datetime as dt
import difflib
import html
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

_TAGS = re.compile(r"<[^<>]{0,200}>")
_APOSTROPHES = re.compile(r"[’‘'`´ʼ′＇]")
_NOT_WORDS = re.compile(r"[\W_]+")
_TWICE = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
_SPACES = re.compile(r"\s+")
# Escapes move the cursor and change colours; marks of writing direction turn what is read into something else.
_CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_INVISIBLE = frozenset({"Cf", "Cc"})
LONGEST_LINE = 80
LONGEST_QUOTED = 400


def normalised(text: str) -> str:
    """The text in lower case with single spaces, without HTML, punctuation or invisible characters."""
    if text.isascii() and text.isalnum():  # one plain word or number: nothing to even out, and the usual id
        return text.lower()
    if "<" in text or "&" in text:
        text = _TAGS.sub(" ", html.unescape(text))
    # NFKC makes a space and an accent of ´, so that the apostrophes go first.
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text))
    if not text.isprintable():
        # Soft hyphens, zero-width and control characters are invisible and never part of a wording.
        text = "".join(
            letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE
        )
    return _NOT_WORDS.sub(" ", text).strip().casefold()


def repaired(text: str) -> str:
    """The text before its UTF-8 bytes were taken for Windows-1252 (``Donâ€™t`` was ``Don’t``); else as it is.

    Bytes that happen to be UTF-8 are next to impossible in Windows-1252 text: what decodes was encoded twice.
    """
    if text.isascii() or not _TWICE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        pass
    # Windows-1252 leaves five bytes open, which programs read as control characters of the same number.
    try:
        mixed = b"".join(c.encode("latin-1") if "\x80" <= c <= "\x9f" else c.encode("cp1252") for c in text)
        return mixed.decode("utf-8")
    except UnicodeError:
        return text


def squeezed(text: str) -> str:
    """`normalised` without any space, for wordings whose words were glued together."""
    return normalised(text).replace(" ", "")


def token(text: str) -> str:
    """A mark (``-``, ``N/A``, ``-99``) made comparable: punctuation counts, spaces and case do not."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def letter(column: int) -> str:
    """The spreadsheet's letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_of(cell: str) -> int:
    """The column, counted from 0, of a cell named as in a spreadsheet: 26 for ``AA7``."""
    number = 0
    for figure in cell.rstrip("0123456789").upper():
        number = number * 26 + ord(figure) - ord("A") + 1
    return number - 1


def printable(text: str) -> str:
    """Text without control characters and marks of writing direction, safe on a terminal, a page and in a file.

    Examples
    --------
    >>> printable("\\x1b[31mred")
    'red'
    """
    return _CONTROL.sub("", text)


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """The text for a message: one line, cut when long, no control characters (they can steer a terminal)."""
    line = _SPACES.sub(" ", text).strip()
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def quoted(text: str) -> str:
    """The text as a settings file holds it, in quotation marks: what a message tells people to write."""
    line = one_line(text, LONGEST_QUOTED).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{line}"'


def listed(items: Iterable[str], most: int = 5) -> str:
    """Items as one phrase: ``a, b, c and 4 more``."""
    given = list(items)
    if len(given) > most:
        return ", ".join(given[:most]) + f" and {len(given) - most:,} more"
    return " and ".join(filter(None, (", ".join(given[:-1]), given[-1]))) if given else ""


def nearest(text: str, known: Iterable[str], least: float = 0.75) -> str:
    """The known wording most like this one, "" where none is; for a message, never for a decision."""
    by_form = {normalised(item): item for item in known}
    close = difflib.get_close_matches(normalised(text)[:300], list(by_form), n=1, cutoff=least)
    return by_form[close[0]] if close else ""


class CellTooLongError(Exception):
    """A cell is longer than the limit."""


def cell_text(cell: Any, longest: int) -> str:
    """A cell as the text a csv export would hold: 1.0 is "1", a date is in year-month-day order.

    Raises
    ------
    CellTooLongError
        If a text has more than `longest` characters.
    """
    if isinstance(cell, str):
        if len(cell) > longest:
            raise CellTooLongError
        return cell
    if cell is None or cell != cell:  # NaN and NaT are not equal to themselves
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        if cell.microsecond:
            # Excel keeps a moment as a fraction of a day, which misses the second by microseconds.
            whole = (cell + dt.timedelta(milliseconds=500)).replace(microsecond=0)
            return whole.isoformat(" ")
        return cell.isoformat(" ")
    return str(cell)
