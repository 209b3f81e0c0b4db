"""A workbook looked through before a reader is let near it: its size, and what a reader would not say.

A workbook is a zip archive of XML. A few kilobytes of it can unpack to gigabytes, or name one cell in the
last row and column so that a reader makes room for 17 billion cells. Both are measured here on the packed
data, in blocks that are let go again. Hidden rows, formulas and error values, which a reader passes over
in silence, are noted on the way.
"""

import datetime as dt
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from ci_eval.inputs.files import USUAL_PART, Limits, OpenFile, main_part
from ci_eval.inputs.problems import InputError
from ci_eval.inputs.text import CellTooLongError, column_of

_BLOCK = 1 << 20
_PER_CHARACTER = 12  # bytes of XML that one character of a cell can take, written as &#x1F600; or the like
_MOST = 100_000  # cells of one kind that are noted by name; a message names five
_TAIL = 1 << 14  # bytes repeated at a block's start, so that nothing is missed where two blocks meet
_CORE = "docProps/core.xml"
_KEPT = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", _CORE)
_PROPERTY = re.compile(r"<(?:\w+:)?(creator|lastModifiedBy|created|modified)\b[^<>]*>([^<]{0,200})<")
_MADE_AND_SAVED = dt.timedelta(minutes=1)  # between making and saving by a program that does both at once
_STORED, _DEFLATED = 0, 8
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]*[0-9]+)")
_HIDDEN = re.compile(rb"<(?:\w+:)?(row|col)\s[^<>]*?hidden\s*=\s*[\"'](?:1|true)[\"'][^<>]*>")
_FORMULA = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([A-Z]+[0-9]+)[\"'][^<>]*>\s*<(?:\w+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:\w+:)?f[\s>/].*?(?:<(?:\w+:)?v>([^<]+)</|</(?:\w+:)?c>)", re.S)
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^<>]*?\bt\s*=\s*[\"']e[\"'])[^<>]*?\br\s*=\s*[\"']([A-Z]+[0-9]+)[\"']"
)
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"
)
_LETTERS, _DIGITS = bytes(range(65, 91)) + bytes(range(97, 123)), b"0123456789"
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")


@dataclass
class SheetFacts:
    """What the XML of one sheet says besides its values; cells are named as in the spreadsheet, ``G5``."""

    is_sheet: bool = False
    holds_text: bool = False
    unmarked: int = 0  # bytes since the last markup: the text of one cell
    rows: int = 0
    columns: int = 0
    hidden: set[bytes] = field(default_factory=set)
    formulas: dict[str, bool] = field(
        default_factory=dict
    )  # cell → whether a computed value was saved with it
    errors: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)  # ranges of merged cells, ``A1:F1``

    @property
    def hidden_rows(self) -> int:
        return sum(b"row" in mark[:12] for mark in self.hidden)

    @property
    def hidden_columns(self) -> int:
        return len(self.hidden) - self.hidden_rows


@dataclass
class Archive:
    """A workbook's parts that passed the limits."""

    sheets: dict[str, SheetFacts]
    macros: bool
    external_links: bool
    saved_again: bool = False


def inspect(source: OpenFile, data: bytes) -> Archive:
    """Measure a workbook without trusting what it says of its own size.

    Raises
    ------
    InputError
        If it is damaged, encrypted, or larger than its limits once unpacked.
    """
    limits = source.limits
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            left = limits.unpacked_bytes
            facts: dict[str, SheetFacts] = {}
            small: dict[str, bytes] = {}
            for member in members:
                facts[member.filename] = SheetFacts()
                keep = member.filename in _KEPT
                kept: list[bytes] = []
                tail = b""
                for block in unpacked(source, data, member):
                    left -= len(block)
                    if left < 0:
                        what = f"unpacks to more than {limits.unpacked_bytes:,} bytes"
                        _refuse_large(source, what, "unpacked_bytes")
                    _look(tail + block, facts[member.filename])
                    _check_text(block, facts[member.filename], limits)
                    tail = block[-_TAIL:]
                    if keep and len(kept) < 10:
                        kept.append(block)
                _check_size(source, facts[member.filename])
                if keep:
                    small[member.filename] = b"".join(kept)
    except InputError:
        raise
    except DAMAGED:
        source.refuse("broken-workbook", f"{source.name} is a damaged workbook.")
    names = [member.filename for member in members]
    return Archive(
        sheets=_by_sheet_name(small, facts),
        macros=any(part.endswith("vbaProject.bin") for part in names),
        external_links=any(part.startswith("xl/externalLinks/") for part in names),
        saved_again=_saved_again(_text(small, _CORE)),
    )


def with_usual_names(source: OpenFile, data: bytes) -> bytes:
    """The workbook with its parts where readers look for them; measured first where they are elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            main = main_part(archive)
            if main == USUAL_PART:
                return data
            inspect(source, data)
            folder, name = main[: main.rfind("/") + 1], main[main.rfind("/") + 1 :]
            moved = {main: USUAL_PART, f"{folder}_rels/{name}.rels": "xl/_rels/workbook.xml.rels"}
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as renamed:
                for part in archive.namelist():
                    inside = part.startswith(folder) and not part.startswith(("_rels/", "[Content_Types]"))
                    usual = f"xl/{part.removeprefix(folder)}" if inside else part
                    content = archive.read(part)
                    if part.endswith((".rels", "[Content_Types].xml")):  # they name parts by their old places
                        content = content.replace(main.encode(), USUAL_PART.encode())
                        content = content.replace(f'"/{folder}'.encode(), b'"/xl/')
                    renamed.writestr(moved.get(part, usual), content)
            return stream.getvalue()
    except DAMAGED:
        source.refuse("broken-workbook", f"{source.name} is a damaged workbook.")


def unpacked(source: OpenFile, data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes in blocks, however many there really are: its declared size may be a lie."""
    if member.flag_bits & 0x1:
        fix = "Remove the password and save it again."
        source.refuse("wrong-kind", f"{source.name} is password-protected.", fix)
    start = member.header_offset
    start += (
        30
        + int.from_bytes(data[start + 26 : start + 28], "little")
        + int.from_bytes(data[start + 28 : start + 30], "little")
    )
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == _STORED:
        for at in range(0, len(packed), _BLOCK):
            yield bytes(packed[at : at + _BLOCK])
        return
    if member.compress_type != _DEFLATED:
        message = f"{source.name} is packed in a way no office program uses."
        source.refuse("broken-workbook", message)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), _BLOCK):
        block = unpacker.decompress(packed[at : at + _BLOCK], _BLOCK)
        while block:
            yield block
            block = unpacker.decompress(unpacker.unconsumed_tail, _BLOCK)


def _look(block: bytes, facts: SheetFacts) -> None:
    # Sheets may have any name in the archive; other parts have references of other kinds.
    facts.is_sheet = facts.is_sheet or b"sheetData" in block
    if not facts.is_sheet:
        return
    references = b" ".join(_REFERENCE.findall(block))
    if references:
        letters = max(
            set(references.translate(None, _DIGITS).split()), key=lambda run: (len(run), run), default=b""
        )
        facts.columns = max(facts.columns, column_of(letters[:8].decode()) + 1)
        facts.rows = max(facts.rows, max(map(int, set(references.translate(None, _LETTERS).split()))))
    if max(len(facts.merged), len(facts.hidden), len(facts.formulas), len(facts.errors)) > _MOST:
        return
    if b"mergeCell" in block:
        facts.merged.update(cells.decode() for cells in _MERGED.findall(block))
    if b"hidden" in block:
        facts.hidden.update(match.group(0)[:200] for match in _HIDDEN.finditer(block))
    if b"<f" in block or b":f" in block:
        for match in _FORMULA.finditer(block):
            value = _VALUE.match(block, block.rindex(b"<", match.start(), match.end()))
            facts.formulas[match.group(1).decode()] = bool(value and value.group(1))
    if b'"e"' in block or b"'e'" in block:
        facts.errors.update(cell.decode() for cell in _ERROR.findall(block))


def _check_text(block: bytes, facts: SheetFacts, limits: Limits) -> None:
    """Stop at a text longer than any cell may be, before a reader makes one string of it."""
    facts.holds_text = facts.holds_text or facts.is_sheet or b"<sst" in block or b":sst" in block
    first, last = block.find(b"<"), block.rfind(b"<")
    longest = facts.unmarked + (len(block) if first < 0 else first)
    facts.unmarked = longest if first < 0 else len(block) - last
    if facts.holds_text and max(longest, facts.unmarked) > limits.cell_characters * _PER_CHARACTER:
        raise CellTooLongError


def _check_size(source: OpenFile, facts: SheetFacts) -> None:
    limits = source.limits
    if facts.rows > limits.rows:
        _refuse_large(source, f"uses row {facts.rows:,}; up to {limits.rows:,} rows are read", "rows")
    if facts.columns > limits.columns:
        what = f"uses column {facts.columns:,}; up to {limits.columns:,} columns are read"
        _refuse_large(source, what, "columns")
    if facts.rows * facts.columns > limits.cells:
        cells = f"{facts.rows:,} rows of {facts.columns:,} columns"
        _refuse_large(source, f"reaches over {cells}; up to {limits.cells:,} cells are read", "cells")


def _refuse_large(source: OpenFile, what: str, limit: str) -> None:
    fix = f"Delete empty rows and columns beyond the table and save again, or raise the limit {limit}."
    source.refuse("workbook-too-large", f"A sheet of {source.name} {what}.", fix)


def _by_sheet_name(parts: dict[str, bytes], facts: dict[str, SheetFacts]) -> dict[str, SheetFacts]:
    """The facts by the sheet's name; parts a workbook does not list as sheets are left out."""
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^<>]*>", _text(parts, "xl/_rels/workbook.xml.rels")):
        given = dict(_ATTRIBUTE.findall(tag))
        target = given.get("Target", "").lstrip("/")
        targets[given.get("Id")] = target if target.startswith("xl/") else f"xl/{target}"
    sheets = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^<>]*>", _text(parts, "xl/workbook.xml")):
        given = dict(_ATTRIBUTE.findall(tag))
        link = next((value for key, value in given.items() if key.endswith(":id")), None)
        sheets[html.unescape(given.get("name", ""))] = facts.get(targets.get(link, ""), SheetFacts())
    return sheets


def _text(parts: dict[str, bytes], part: str) -> str:
    return parts.get(part, b"").decode("utf-8", errors="replace")


def _saved_again(core: str) -> bool:
    """Whether the properties (``docProps/core.xml``) name another last author, or a later saving.

    Authors are people: who they are stays in the file.
    """
    parts = dict(_PROPERTY.findall(core))
    last = parts.get("lastModifiedBy", "").strip()
    if last and last != parts.get("creator", "").strip():
        return True
    try:
        made, saved = (dt.datetime.fromisoformat(parts[name].strip()) for name in ("created", "modified"))
        return saved - made > _MADE_AND_SAVED
    except (KeyError, ValueError, TypeError, OverflowError):
        return False
