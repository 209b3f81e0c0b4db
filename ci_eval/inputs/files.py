"""Opening an untrusted file: a regular file of a kind that can be read, named when it is not.

The kind is decided by the first bytes, never by the name: a sign-in page saved as survey.csv is a web page.
Whatever stops the reading later (memory, the disk, a cell too long, a file that changes) is refused here too.
"""

import errno
import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, NoReturn

from ci_eval.inputs import personal_data
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import CellTooLongError, listed

Kind = Literal["text", "workbook", "spss", "document"]
KINDS: dict[Kind, tuple[str, str]] = {
    "text": ("a text file", ".csv, .tsv"),
    "workbook": ("a workbook", ".xlsx"),
    "spss": ("an SPSS file", ".sav"),
    "document": ("a Word document", ".docx"),
}
TABLES: tuple[Kind, ...] = ("text", "workbook", "spss")
EXPORT_AGAIN = (
    "Export the responses again from the survey tool and do not open or rename the file in between."
)

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"MIME-Version:", "a web page saved as one file (.mht)"),
)
# Files of other programs that hold a table, which these programs can save again as one that is read.
_OTHER_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"<stata_dta>", "a Stata file (.dta)"),
    *(
        (bytes([version, order, 1, 0]), "a Stata file (.dta)")
        for version in range(110, 119)
        for order in (1, 2)
    ),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", "a SAS file (.sas7bdat)"),
    (b"HEADER RECORD*******", "a SAS transport file (.xpt)"),
    (b"ASCII SPSS PORT FILE", "an SPSS portable file (.por)"),
)
_RESAVE = "Open it in the program that wrote it, and save it as .csv or .sav."
_OTHER_ARCHIVES = {
    "ppt/presentation.xml": "a PowerPoint presentation",
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "mimetype": "an OpenDocument file (.ods, .odt)",
    "Index/Document.iwa": "a document of Apple's Numbers or Pages (.numbers, .pages)",
    "Index.zip": "a document of Apple's Numbers or Pages (.numbers, .pages)",
}
DOCUMENT_PART = "word/document.xml"
USUAL_PART = "xl/workbook.xml"  # the main part of a workbook, unless _rels/.rels names another
_MAIN = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*?/officeDocument[\"'][^<>]*>")
_TARGET = re.compile(r"\bTarget\s*=\s*[\"']/?([^\"']+)[\"']")
_SMALL = 1 << 16  # bytes of a part that names other parts
_FIRST = 64  # bytes: in UTF-16, every other one of English text is NUL
_WEB_PAGE = re.compile(rb"<(?:!doctype html|html|head|body|meta|table|style|div|script|!--)")
_JSON = re.compile(rb"(?:\{\s*\"|\[\s*[\[{])")
_SHEETS = (".xls", ".xlsx")
_LOCKS = ("~$", ".~lock.")  # how the marks begin that Excel and LibreOffice leave beside an open file


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; anything above is refused before it can fill the memory.

    Attributes
    ----------
    file_bytes : size of the file on disk, in bytes
    unpacked_bytes : size of a workbook after unpacking, in bytes (a workbook is a zip archive)
    rows, columns : of one sheet or table
    cells : rows times columns of one workbook sheet, which is held as a full rectangle
    cell_characters : length of one cell; Excel itself stops at 32,767
    """

    file_bytes: int = 2 * 1024**3
    unpacked_bytes: int = 1024**3
    rows: int = 2_000_000
    columns: int = 2_000
    cells: int = 20_000_000
    cell_characters: int = 100_000


class HashingReader(io.RawIOBase):
    """Hands on the bytes of a file and hashes what it hands on."""

    def __init__(self, handle: BinaryIO) -> None:
        self.handle = handle
        self.sha256 = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        count = self.handle.readinto(buffer)  # type: ignore[attr-defined]
        self.sha256.update(memoryview(buffer)[:count])
        return int(count)


@dataclass
class OpenFile:
    """A regular file held open while it is read, so that what is hashed is what is parsed.

    Attributes
    ----------
    name : for messages, without personal data
    status : size, time and place on disk when it was opened
    again : what helps where the file itself cannot be used
    findings : what is known of the file so far
    """

    path: Path
    name: str
    handle: BinaryIO
    status: os.stat_result
    kind: Kind
    limits: Limits
    again: str
    findings: Findings

    @property
    def size(self) -> int:
        return self.status.st_size

    @property
    def sha256(self) -> str:
        """The hash of what was read since `from_start`."""
        return self._hashed.sha256.hexdigest()

    def from_start(self) -> HashingReader:
        """The file's bytes from the first on, hashed while they are read."""
        self.handle.seek(0)
        self._hashed = HashingReader(self.handle)
        return self._hashed

    def refuse(self, check: str, message: str, fix: str = "", where: str = "", cells: str = "") -> NoReturn:
        """Stop with this problem, and every one before it that stops."""
        self.findings.refuse(check, message, where, fix or self.again, cells)

    def unchanged(self) -> bool:
        """Whether the file on disk is still the one that was opened."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        same = ("st_dev", "st_ino", "st_size", "st_mtime_ns")
        return all(getattr(now, part) == getattr(self.status, part) for part in same)


@contextmanager
def open_file(
    path: str | os.PathLike[str],
    limits: Limits,
    kinds: Sequence[Kind] = TABLES,
    again: str = EXPORT_AGAIN,
    findings: Findings | None = None,
) -> Iterator[OpenFile]:
    """Open a file of one of `kinds` for reading; whatever stops the reading is a refusal that names it.

    Problems are noted in `findings`; by default in a new list under the file's name, without personal data.

    Raises
    ------
    InputError
        If it is missing, no regular file (a folder, a device, a pipe), unreadable, empty, larger than
        `limits.file_bytes`, or of another kind, which is named; and, while it is read, for a cell longer than the
        limit, no memory left, a disk that fails, or a file that changes.
    """
    findings = findings or Findings(personal_data.name(Path(path).name) or "the file")
    source = _opened(path, limits, kinds, again, findings)
    with source.handle:
        try:
            yield source
        except CellTooLongError:
            message = f"A cell has more than {limits.cell_characters:,} characters, the most that are read."
            source.refuse("cell-too-long", message, "Shorten the cell, or raise the limit cell_characters.")
        except MemoryError:
            message = f"{source.name} needs more memory than there is."
            source.refuse("file-too-large", message, "Give it in parts.")
        except OSError as error:
            message = (
                f"{source.name} could not be read to its end: {error.strerror or 'no reason was given'}."
            )
            source.refuse("file-unreadable", message, "Copy it to this machine and load the copy.")
        if not source.unchanged():
            message = f"{source.name} changed while it was being read."
            source.refuse("file-changed", message, "Close it in other programs and load it again.")


def read_text(path: Path, most: int, headline: str, again: str) -> str:
    """The text of a small UTF-8 file that the project itself keeps, of at most `most` bytes.

    Raises
    ------
    InputError
        As `open_file`, under `headline` and with the whole path; and where the text is not UTF-8, or holds NUL.
    """
    findings = Findings(str(path), headline)
    with open_file(path, Limits(file_bytes=most), ("text",), again, findings) as source:
        try:
            text = source.from_start().readall().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            message = f"The file is not UTF-8 text (byte {error.start + 1:,})."
            source.refuse("not-utf8", message, "Save it again as UTF-8 (in Excel: CSV UTF-8).")
        if "\0" in text:
            source.refuse("not-text", "The file holds NUL characters.", "Save it again as text.")
    return text


def _opened(
    path: str | os.PathLike[str], limits: Limits, kinds: Sequence[Kind], again: str, findings: Findings
) -> OpenFile:
    name = findings.file
    try:
        # O_NONBLOCK: opening a pipe nobody writes to would otherwise wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        _cannot_open(findings, error)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        findings.refuse("not-a-file", f"{name} is a folder, device or pipe.", fix="Name the file itself.")
    handle = os.fdopen(descriptor, "rb", buffering=0)
    try:
        status = os.fstat(descriptor)
        if status.st_size == 0:
            findings.refuse("empty-file", f"{name} is empty (0 bytes).", fix=again)
        if status.st_size > limits.file_bytes:
            message = f"{name} has {status.st_size:,} bytes; files of up to {limits.file_bytes:,} are read."
            fix = "Give only the table that is needed, or raise the limit file_bytes."
            findings.refuse("file-too-large", message, fix=fix)
        kind, other, fix = _kind(findings, handle, again)
        if kind is None or kind not in kinds:
            wanted = listed((f"{KINDS[one][0]} ({KINDS[one][1]})" for one in kinds), len(KINDS))
            message = f"{name} is {KINDS[kind][0] if kind else other}. What can be read: {wanted}."
            findings.refuse("wrong-kind", message, fix=fix or again)
    except BaseException:
        handle.close()
        raise
    return OpenFile(Path(path), name, handle, status, kind, limits, again, findings)


def _cannot_open(findings: Findings, error: OSError | ValueError) -> NoReturn:
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    name, fix = findings.file, "Check the name and the folder."
    if number in (errno.ENOENT, errno.ENOTDIR):
        findings.refuse("file-missing", f"There is no file {name}.", fix=fix)
    if number in (errno.EACCES, errno.EPERM):
        fix = "Ask for permission to read it, or copy it to your own folder."
        findings.refuse("file-unreadable", f"{name} cannot be read: you have no permission.", fix=fix)
    reason = os.strerror(number) if number else "unknown reason"
    findings.refuse("file-unreadable", f"{name} cannot be opened: {reason}.", fix=fix)


def _kind(findings: Findings, handle: BinaryIO, again: str) -> tuple[Kind | None, str, str]:
    """The kind, or None, what the file is instead, and what to do about it ("" where a new file helps)."""
    try:
        start = handle.read(4096)
    except OSError as error:
        _cannot_open(findings, error)
    handle.seek(0)
    if start.startswith((b"$FL2", b"$FL3")):
        return "spss", "", ""
    if start.startswith(_ZIP):
        return _archive(findings, handle, again)
    if start.startswith(_OLE):
        # A password-protected .xlsx is an old-style container whose folder lists this stream in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in handle.read(8 * 1024**2):
            return None, "a password-protected workbook", "Remove the password and save it as .xlsx."
        return None, "an old Office file (.xls, .doc)", "Open it and save it as .xlsx."
    if findings.file.startswith(_LOCKS):
        what = "no table, but the mark that a spreadsheet program leaves beside a file while it is open"
        return None, what, "Close the file there, and name the file itself."
    for mark, what in _OTHER_KINDS:
        if start.startswith(mark):
            return None, what, ""
    for mark, what in _OTHER_TABLES:
        if start.startswith(mark):
            return None, what, _RESAVE
    page = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if page.startswith(b"<?xml") and b"office:spreadsheet" in page:
        return None, "an XML table of Excel 2003", "Open it in Excel and save it as .xlsx."
    if _WEB_PAGE.match(page) or (page.startswith(b"<?xml") and b"<html" in page):
        sheet = b"<table" in page and findings.file.lower().endswith(_SHEETS)
        if sheet or page.startswith(b"<table") or b"microsoft-com:office" in page:
            what = "a table written as a web page (HTML) under the name of a workbook"
            return None, what, "Open it in Excel and save it as .xlsx."
        return None, "a web page", f"You were probably signed out: sign in. {again}"
    if page.startswith(b"<?xml"):
        return None, "an XML file", ""
    if _JSON.match(page):
        return None, "a JSON file", "Export the responses as .csv or .xlsx."
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        if not any(start[1:_FIRST:2]) or not any(start[0:_FIRST:2]):
            return None, "UTF-16 text without the mark that says so", "Save it as CSV UTF-8."
        return None, "a binary file (it holds NUL bytes)", ""
    return "text", "", ""


def _archive(findings: Findings, handle: BinaryIO, again: str) -> tuple[Kind | None, str, str]:
    try:
        archive = zipfile.ZipFile(handle)
        members = set(archive.namelist())
        is_workbook = main_part(archive) in members
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError):
        message = f"{findings.file} is a damaged workbook or zip archive."
        findings.refuse("broken-workbook", message, fix=again)
    finally:
        handle.seek(0)
    if is_workbook:
        return "workbook", "", ""
    if DOCUMENT_PART in members:
        return "document", "", "Save it as .xlsx or .csv."
    other = next((what for member, what in _OTHER_ARCHIVES.items() if member in members), "")
    if other:
        return None, other, "Save it as .xlsx or .csv."
    return None, "a zip archive", "Unpack it and name the file inside."


def main_part(archive: zipfile.ZipFile) -> str:
    """The part of a workbook that lists its sheets, as ``_rels/.rels`` names it; "" where the archive is no workbook."""
    members = archive.namelist()
    if USUAL_PART in members:
        return USUAL_PART
    named, types = (_start_of(archive, part) for part in ("_rels/.rels", "[Content_Types].xml"))
    main = _MAIN.search(named)
    target = _TARGET.search(main[0]) if main else None
    is_workbook = "spreadsheetml.sheet.main+xml" in types or "ms-excel.sheet.macroEnabled.main" in types
    return target[1] if target and is_workbook and target[1] in members else ""


def _start_of(archive: zipfile.ZipFile, part: str) -> str:
    """The beginning of a part as text; what it claims to unpack to is not believed."""
    if part not in archive.namelist():
        return ""
    with archive.open(part) as opened:
        return opened.read(_SMALL).decode("utf-8", errors="replace")
