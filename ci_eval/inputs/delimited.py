"""Rows of a text file (.csv, .tsv): decoded strictly, split by its separator, nothing inferred.

The file is read once, in blocks: the bytes that are hashed are the bytes that are parsed, and a file of
any length needs the memory of its distinct texts only. RFC 4180 is taken at its word; where a file breaks
it (a quotation mark that is never closed) the row is named and nothing is loaded.

Almost any bytes can be read as Windows-1252, so that reading them proves nothing. Two things that no word of a
language written in it has give another encoding away: two or more letters none of which is of the plain
alphabet (Cyrillic, Greek, Japanese bytes), and a capital beyond the plain alphabet after a small letter (the
apostrophe, quotation marks and é of Mac Roman).

Text of another encoding hardly ever looks like UTF-8. Where most of its letters beyond ASCII are UTF-8 and some bytes
are not, these are damage: the letters they stood for are lost, and all others are read.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NoReturn, TypeVar

from ci_eval.inputs.files import OpenFile
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import letter, listed

Result = TypeVar("Result")

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODING_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16", "damaged": "damaged UTF-8"}
# A third encoding is never tried: guessers are wrong often, and a wrong guess changes words without an error.
FALLBACK = "cp1252"
_UNDEFINED = re.compile("[\x81\x8d\x8f\x90\x9d]")
LONGEST_RECORD = 20  # cells of the greatest length that one row may hold
_SNIFFED = 200_000  # bytes
_SNIFFED_ROWS = 40
DAMAGED, _LOST = "damaged", "\N{REPLACEMENT CHARACTER}"
_CODECS = {"utf-8": "utf-8-sig", DAMAGED: "utf-8-sig"}
_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII = bytes(range(128))
_BLOCK = 1 << 18  # bytes read at once
_CHUNK = 256  # records handed on at once
_UTF_8 = "Save the table again as CSV UTF-8."
_CAPITALS, _SMALL = "À-ÖØ-ÞŠŒŽŸ", "ß-öø-ÿƒšœž"
_LETTERS = f"A-Za-z{_CAPITALS}{_SMALL}"
_NO_WORD = re.compile(
    f"(?<![{_LETTERS}])[{_CAPITALS}{_SMALL}]{{2,}}(?![A-Za-z])"
    # Gaelic has such capitals after Mac and Nic (MacÀidh), Irish after one small letter (hÉireann).
    f"|(?<=[a-z]{{2}})(?<!Mac)(?<!Nic)(?<!Mhic)[{_CAPITALS}]"
)


class UndecodableError(Exception):
    """The bytes are not of the encoding tried."""


class DelimitedFile:
    """A text file opened with one encoding; `rows` may be gone through once.

    Attributes
    ----------
    encoding : ``"utf-8"``, ``"utf-16"``, ``"cp1252"``, or ``"damaged"``, UTF-8 without the bytes that are not
    separator : the character between cells
    """

    def __init__(self, source: OpenFile, encoding: str | None = None) -> None:
        self.source, self.limits = source, source.limits
        self.encoding = encoding or declared_encoding(source) or "utf-8"
        self.separator = self._sniffed()

    @property
    def read_as(self) -> tuple[str, str]:
        """Encoding and separator, for people: ``("UTF-8", "comma")``."""
        return ENCODING_NAMES[self.encoding], SEPARATORS[self.separator]

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

        The letters that Windows-1252 gives are noted in the file's findings after the last row.

        Raises
        ------
        InputError
            If a quotation mark stays open, a cell or line is longer than the limits allow, or Windows-1252 does
            not make words of a cell.
        UndecodableError
            If the bytes are not of this encoding.
        """
        rows = chain.from_iterable(self._chunks())
        noted = {FALLBACK: self._letters_noted, DAMAGED: self._damage_noted}.get(self.encoding)
        return noted(rows) if noted else rows

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
        read = self.source.from_start().read
        errors = "replace" if self.encoding == DAMAGED else "strict"
        decoder = codecs.getincrementaldecoder(_CODECS.get(self.encoding, self.encoding))(errors)
        while data := read(size):
            yield decoder.decode(data)
        yield decoder.decode(b"", final=True)

    def _refuse_record(self, row: int, error: csv.Error) -> None:
        cells, reason = f"row {row:,}", str(error)
        if "field larger" in reason:
            message = (
                f"A cell is longer than {self.limits.cell_characters:,} characters. Either a "
                "quotation mark opens there and is never closed, or something else was pasted into the cell."
            )
            self.source.refuse("cell-too-long", message, self.source.again, cells=cells)
        if "NUL" in reason or "longer than" in reason:
            self.source.refuse("broken-text", f"A row cannot be right: {reason}.", cells=cells)
        message = (
            "A quotation mark opens in a row and is not closed where the cell ends, "
            "so that rows run into each other."
        )
        self.source.refuse("open-quotation-mark", message, cells=cells)

    def _damage_noted(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows handed on, and the cells counted in which a letter was lost."""
        cells, first = 0, ""
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if _LOST in cell:
                    cells += 1
                    first = first or f"row {number:,}, column {letter(column)}"
            yield row
        message = f"Bytes that are not UTF-8 stand among text that is; each lost letter reads {_LOST}."
        fix = "Export again; do not quote these cells as they are."
        add = self.source.findings.add
        add("letters-damaged", "WARN", message, "", fix, max(1, cells), first)

    def _letters_noted(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows handed on, each letter beyond ASCII counted; single ones, because a cell may hold anything."""
        letters: Counter[str] = Counter()
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if not cell.isascii():
                    if no_word := _NO_WORD.search(cell):
                        refuse_letters(self.source, no_word.group().encode(FALLBACK), number, column)
                    letters.update(char for char in cell if not char.isascii())
            yield row
        # Some letters cannot be seen, a no-break space above all: those are given by their names.
        named = (
            (char if char.isprintable() else unicodedata.name(char, repr(char)).lower(), count)
            for char, count in letters.most_common()
        )
        given = listed((f"{char} ({count:,})" for char, count in named), 12)
        message = f"The text is not UTF-8 and was read as Windows-1252, which gives these letters: {given}."
        fix = f"Check that these are the letters you expect; better: {_UTF_8}"
        self.source.findings.add("encoding-guessed", "WARN", message, "", fix, max(1, letters.total()))


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


def decoded(source: OpenFile, use: Callable[[DelimitedFile], Result]) -> Result:
    """What `use` makes of the file as UTF-8; where its bytes are not, as damaged UTF-8 or as Windows-1252.

    A byte order mark is taken at its word. `use` must go through all rows: only then are the bytes proved.
    """
    encoding: str | None = None
    for _ in range(2):
        source.findings = Findings(source.name)  # what was noted of wrongly decoded text means nothing
        try:
            return use(DelimitedFile(source, encoding))
        except UndecodableError:
            if encoding is not None or declared_encoding(source) == "utf-16":
                break
            encoding = DAMAGED if _mostly_utf_8(source) else FALLBACK
            if declared_encoding(source) and encoding == FALLBACK:
                break
    refuse_bytes(source)


def _mostly_utf_8(source: OpenFile) -> bool:
    """Whether more letters beyond ASCII are UTF-8 than there are other bytes beyond it."""
    letters = others = 0
    read = source.from_start().read
    while block := read(_BLOCK):
        beyond = _LETTER.sub(b"", block)
        letters += len(_LETTER.findall(block))
        others += len(beyond.translate(None, _ASCII))
    return letters > others


def refuse_bytes(source: OpenFile) -> NoReturn:
    """Name the first byte that Windows-1252 does not have, with its row and column."""
    declared = declared_encoding(source)
    if declared:
        name = ENCODING_NAMES[declared]
        message = f"{source.name} says that it is {name}, but holds bytes that are not."
        source.refuse("unknown-encoding", message)
    rows = DelimitedFile(source, "latin-1").rows()
    # Latin-1 gives every byte a character, so the cell that holds the byte can be found.
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if undefined := _UNDEFINED.search(cell):
                refuse_letters(source, undefined.group().encode("latin-1"), number, column)
    source.refuse("unknown-encoding", "The text is neither UTF-8 nor Windows-1252.", _UTF_8)


def refuse_letters(source: OpenFile, undecoded: Sequence[int], row: int, column: int) -> NoReturn:
    """Name the bytes that are text in neither of the encodings tried, with their cell."""
    which = " ".join(f"0x{byte:02X}" for byte in undecoded)
    message = (
        f"The text is neither UTF-8 nor Windows-1252 (byte{'s' if len(undecoded) > 1 else ''} {which}), so its "
        "letters cannot be trusted."
    )
    place = f"column {letter(column)}"
    source.refuse("unknown-encoding", message, _UTF_8, place, f"row {row:,}, {place}")
