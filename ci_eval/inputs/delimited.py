"""Rows of a text file (.csv, .tsv): decoded strictly, split by its separator, nothing inferred.

The file is read once, in blocks: the bytes that are hashed are the bytes that are parsed, and a file of
any length needs the memory of its distinct texts only. RFC 4180 is taken at its word; where a file breaks
it (a quotation mark that is never closed) the row is named and nothing is loaded.

Almost any bytes can be read as Windows-1252, so that reading them proves nothing. Two things that no word of a
language written in it has give another encoding away: two or more letters none of which is of the plain
alphabet (Cyrillic, Greek, Japanese bytes), and a capital beyond the plain alphabet after a small letter (the
apostrophe, quotation marks and é of Mac Roman).
"""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NoReturn

from ci_eval.inputs.files import EXPORT_AGAIN, HashingReader, OpenFile, refuse
from ci_eval.inputs.limits import Limits
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import letter, listed

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODING_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
# A third encoding is never tried: guessers are wrong often, and a wrong guess changes words without an error.
FALLBACK = "cp1252"
_UNDEFINED = re.compile("[\x81\x8d\x8f\x90\x9d]")
LONGEST_RECORD = 20  # cells of the greatest length that one row may hold
_SNIFFED = 200_000  # bytes
_SNIFFED_ROWS = 40
_CODECS = {"utf-8": "utf-8-sig"}
_BLOCK = 1 << 18  # bytes read at once
_CHUNK = 256  # records handed on at once


class UndecodableError(Exception):
    """The bytes are not of the encoding tried."""


class DelimitedFile:
    """A text file opened with one encoding; `rows` may be gone through once.

    Attributes
    ----------
    encoding : ``"utf-8"``, ``"utf-16"`` or ``"cp1252"``
    separator : the character between cells
    """

    def __init__(self, source: OpenFile, limits: Limits, encoding: str | None = None) -> None:
        self.source, self.limits = source, limits
        self.encoding = encoding or declared_encoding(source) or "utf-8"
        self.separator = self._sniffed()

    def _sniffed(self) -> str:
        """The separator that gives the widest rows; commas in a semicolon file give narrow, uneven ones."""
        try:
            start = "".join(islice(self._blocks(_SNIFFED), 1))
        except (UnicodeError, OSError) as error:
            raise UndecodableError(str(error)) from error
        best, width = ",", 1
        for separator in SEPARATORS:
            lines = io.StringIO(start, newline="")
            widths: Counter[int] = Counter()
            try:
                for _, row in zip(range(_SNIFFED_ROWS), csv.reader(lines, delimiter=separator), strict=False):
                    widths[len(row)] += bool(row)
            except csv.Error:
                continue
            usual = max(widths, key=lambda cells: (widths[cells], cells), default=0)
            if usual > width:
                best, width = separator, usual
        return best

    def rows(self) -> Iterator[list[str]]:
        """Each record of the file as a list of cells; a blank line is an empty list.

        Raises
        ------
        InputError
            If a quotation mark stays open, or a cell or line is longer than the limits allow.
        UndecodableError
            If the bytes are not of this encoding.
        """
        return chain.from_iterable(self._chunks())

    def _chunks(self) -> Iterator[list[list[str]]]:
        """The records some at a time: lines and records then pass through the interpreter's own loops only."""
        reader = csv.reader(chain.from_iterable(self._lines()), delimiter=self.separator, strict=True)
        # The csv module keeps one limit for the whole process; it is put back even if the caller stops early.
        before = csv.field_size_limit(self.limits.cell_characters)
        self._whole = 0
        try:
            while True:
                self._chunk: list[list[str]] = []
                # Where the reader stops with an error, the records before it have arrived and are counted.
                self._chunk.extend(islice(reader, _CHUNK))
                if not self._chunk:
                    return
                yield self._chunk
                self._whole += len(self._chunk)
        except csv.Error as error:
            self._refuse_record(self._whole + len(self._chunk) + 1, error)
        except UnicodeError as error:
            raise UndecodableError(str(error)) from error
        finally:
            csv.field_size_limit(before)

    def _lines(self) -> Iterator[Iterable[str]]:
        """The lines of one block of the file after the other, with their ends."""
        longest = self.limits.cell_characters * LONGEST_RECORD
        pending, records, rest = 0, 0, ""
        for text in self._blocks(min(_BLOCK, longest)):
            # A record may run over any number of lines; one that never ends must not fill the memory.
            now = self._whole + len(self._chunk)
            pending, records = (pending + len(text) if now == records else len(text)), now
            if pending > longest:
                raise csv.Error(f"it is longer than {longest:,} characters")
            lines, rest = _whole_lines(rest + text)
            yield _without_nul(lines) if "\0" in lines else io.StringIO(lines, newline="")
        yield _without_nul(rest)

    def _blocks(self, size: int) -> Iterator[str]:
        self.source.handle.seek(0)
        self.hashed = HashingReader(self.source.handle)
        decoder = codecs.getincrementaldecoder(_CODECS.get(self.encoding, self.encoding))("strict")
        while data := self.hashed.read(size):
            yield decoder.decode(data)
        yield decoder.decode(b"", final=True)

    def _refuse_record(self, row: int, error: csv.Error) -> None:
        name, where = self.source.name, f"{self.source.name}, row {row:,}"
        reason = str(error)
        if "field larger" in reason:
            message = (
                f"A cell in row {row:,} is longer than {self.limits.cell_characters:,} characters. Either a "
                "quotation mark opens there and is never closed, or something else was pasted into the cell."
            )
            fix = f"Look at row {row:,}; {EXPORT_AGAIN[0].lower()}{EXPORT_AGAIN[1:]}"
            refuse(name, "cell-too-long", message, fix, where)
        if "NUL" in reason or "longer than" in reason:
            refuse(name, "broken-text", f"Row {row:,} cannot be right: {reason}.", EXPORT_AGAIN, where)
        message = (
            f"A quotation mark opens in row {row:,} and is not closed where the cell ends, "
            "so that rows run into each other."
        )
        refuse(name, "open-quotation-mark", message, EXPORT_AGAIN, where)


def _whole_lines(text: str) -> tuple[str, str]:
    """The text up to its last line end, and what comes after. A carriage return at the very end may be half of one."""
    end = max(text.rfind("\n"), text.rfind("\r", 0, len(text) - 1)) + 1
    return text[:end], text[end:]


def _without_nul(text: str) -> Iterator[str]:
    """The lines one by one, up to one that holds a NUL character, so that its row can be named."""
    for line in io.StringIO(text, newline=""):
        if "\0" in line:
            raise csv.Error("it holds a NUL character")
        yield line


def declared_encoding(source: OpenFile) -> str:
    """The encoding a byte order mark declares, "" without one; a declared encoding is the only one tried."""
    source.handle.seek(0)
    start = source.handle.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""


def refuse_bytes(source: OpenFile, limits: Limits) -> NoReturn:
    """Name the first byte that Windows-1252 does not have, with its row and column."""
    declared = declared_encoding(source)
    if declared:
        name = ENCODING_NAMES[declared]
        message = f"{source.name} says that it is {name}, but holds bytes that are not."
        refuse(source.name, "unknown-encoding", message, EXPORT_AGAIN)
    rows = DelimitedFile(source, limits, "latin-1").rows()
    # Latin-1 gives every byte a character, so the cell that holds the byte can be found.
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            found = _UNDEFINED.search(cell)
            if found:
                refuse_letters(source, found.group().encode("latin-1"), number, column)
    refuse(source.name, "unknown-encoding", "The text is neither UTF-8 nor Windows-1252.", FIX)


FIX = "Export again as a workbook (.xlsx) or as CSV UTF-8."
_CAPITALS, _SMALL = "À-ÖØ-ÞŠŒŽŸ", "ß-öø-ÿƒšœž"
_LETTERS = f"A-Za-z{_CAPITALS}{_SMALL}"
_NO_WORD = re.compile(
    f"(?<![{_LETTERS}])[{_CAPITALS}{_SMALL}]{{2,}}(?![A-Za-z])"
    # Gaelic has such capitals after Mac and Nic (MacÀidh), Irish after one small letter (hÉireann).
    f"|(?<=[a-z]{{2}})(?<!Mac)(?<!Nic)(?<!Mhic)[{_CAPITALS}]"
)


@dataclass
class Guess:
    """The letters beyond ASCII met so far, with how often each occurs."""

    source: OpenFile
    letters: Counter[str] = field(default_factory=Counter)

    def watched(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows handed on, each cell looked at.

        Raises
        ------
        InputError
            At the first cell that Windows-1252 does not make words of, with its row, column and bytes.
        """
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if not cell.isascii():
                    found = _NO_WORD.search(cell)
                    if found:
                        refuse_letters(self.source, found.group().encode(FALLBACK), number, column)
                    self.letters.update(char for char in cell if not char.isascii())
            yield row

    def problems(self) -> list[Problem]:
        """What to check by eye: single letters, because a cell may hold somebody's own words."""
        # Some letters cannot be seen, a no-break space above all: those are given by their names.
        named = (
            (char if char.isprintable() else unicodedata.name(char, repr(char)).lower(), count)
            for char, count in self.letters.most_common()
        )
        letters = listed((f"{char} ({count:,})" for char, count in named), 12)
        message = f"The text is not UTF-8 and was read as Windows-1252, which gives these letters: {letters}."
        fix = "Check that these are the letters you expect; better, export again as CSV UTF-8."
        count = max(1, self.letters.total())
        return [Problem("encoding-guessed", "WARN", message, self.source.name, count, fix)]


def refuse_letters(source: OpenFile, found: Sequence[int], row: int, column: int) -> NoReturn:
    """Name the bytes that are text in neither of the encodings tried, with their cell."""
    which = " ".join(f"0x{byte:02X}" for byte in found)
    message = (
        f"The text is neither UTF-8 nor Windows-1252 (byte{'s' if len(found) > 1 else ''} {which}), so its "
        "letters cannot be trusted."
    )
    where = f"{source.name}, row {row:,}, column {letter(column)}"
    refuse(source.name, "unknown-encoding", message, FIX, where)
