"""Opening an untrusted file: a regular file of a kind that can be read, named when it is not.

The kind is told from the first bytes, never from the name: a sign-in page saved as survey.csv is a web
page.
"""

import errno
import hashlib
import io
import os
import stat
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, NoReturn

from ci_eval.inputs import personal_data
from ci_eval.inputs.limits import Limits
from ci_eval.inputs.problems import InputError, Problem, headline

Kind = Literal["text", "workbook", "spss"]
READ = "a text file (.csv, .tsv), a workbook (.xlsx) or an SPSS file (.sav)"
EXPORT_AGAIN = (
    "Export the responses again from the survey tool and do not open or rename the file in between."
)

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_NOT_EXPORTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"PAR1", "a Parquet file"),
)
_FIRST = 64  # bytes: in UTF-16, every other one of English text is NUL
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")


def refuse(name: str, check: str, message: str, fix: str, where: str = "") -> NoReturn:
    """Stop with one problem that leaves nothing else to look at."""
    raise InputError(headline(name), [Problem(check, "REJECT", message, where or name, fix=fix)])


def placed(problem: Problem, name: str) -> Problem:
    """The problem with the file's name in its place, so that it can be found by itself."""
    if problem.where.startswith(name):
        return problem
    return replace(problem, where=f"{name}, {problem.where}" if problem.where else name)


@dataclass
class OpenFile:
    """A regular file held open while it is read, so that what is hashed is what is parsed."""

    path: Path
    name: str
    handle: BinaryIO
    size: int
    kind: Kind
    start: os.stat_result

    def unchanged(self) -> bool:
        """Whether the file on disk is still the one that was opened."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        same = ("st_dev", "st_ino", "st_size", "st_mtime_ns")
        return all(getattr(now, part) == getattr(self.start, part) for part in same)

    def __enter__(self) -> "OpenFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.handle.close()


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


def open_export(path: str | os.PathLike[str], limits: Limits) -> OpenFile:
    """Open an export for reading and tell its kind.

    Raises
    ------
    InputError
        If it is missing, no regular file (a folder, a device, a pipe), unreadable, empty, larger than
        `limits.file_bytes`, or of a kind that holds no responses; the kind found is named.
    """
    name = personal_data.name(Path(path).name) or "the file"
    try:
        # O_NONBLOCK: opening a pipe nobody writes to would otherwise wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        _cannot_open(name, error)
    handle = os.fdopen(descriptor, "rb", buffering=0) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
    if handle is None:
        os.close(descriptor)
        refuse(
            name, "not-a-file", f"{name} is no file but a folder, device or pipe.", "Name the export's file."
        )
    try:
        status = os.fstat(descriptor)
        if status.st_size == 0:
            refuse(name, "empty-file", f"{name} is empty (0 bytes).", EXPORT_AGAIN)
        if status.st_size > limits.file_bytes:
            message = f"{name} has {status.st_size:,} bytes; files of up to {limits.file_bytes:,} are read."
            refuse(
                name, "file-too-large", message, "Export the responses only, or raise the limit file_bytes."
            )
        kind = _kind(name, handle)
    except BaseException:
        handle.close()
        raise
    return OpenFile(Path(path), name, handle, status.st_size, kind, status)


def _cannot_open(name: str, error: OSError | ValueError) -> NoReturn:
    number = error.errno if isinstance(error, OSError) else errno.EINVAL
    if number in (errno.ENOENT, errno.ENOTDIR):
        refuse(name, "file-missing", f"There is no file {name}.", "Check the name and the folder.")
    if number in (errno.EACCES, errno.EPERM):
        message = f"{name} cannot be read: you have no permission."
        refuse(
            name, "file-unreadable", message, "Ask for permission to read it, or copy it to your own folder."
        )
    reason = os.strerror(number) if number else "unknown reason"
    refuse(name, "file-unreadable", f"{name} cannot be opened: {reason}.", "Check the name and the folder.")


def _kind(name: str, handle: BinaryIO) -> Kind:
    try:
        start = handle.read(4096)
    except OSError as error:
        _cannot_open(name, error)
    handle.seek(0)
    if start.startswith((b"$FL2", b"$FL3")):
        return "spss"
    if start.startswith(_ZIP):
        return _archive(name, handle)
    if start.startswith(_OLE):
        _old_office(name, handle)
    for mark, what in _NOT_EXPORTS:
        if start.startswith(mark):
            _wrong_kind(name, what, EXPORT_AGAIN)
    page = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if page.startswith(_WEB_PAGE) or (page.startswith(b"<?xml") and b"<html" in page):
        _wrong_kind(
            name, "a web page, not an export", "You were probably signed out: sign in and export again."
        )
    if page.startswith(b"<?xml"):
        _wrong_kind(name, "an XML file", EXPORT_AGAIN)
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        if not any(start[1:_FIRST:2]) or not any(start[0:_FIRST:2]):
            _wrong_kind(name, "UTF-16 text without the mark that says so", "Save it as CSV UTF-8.")
        _wrong_kind(name, "a binary file (it holds NUL bytes)", EXPORT_AGAIN)
    return "text"


def _archive(name: str, handle: BinaryIO) -> Kind:
    try:
        members = set(zipfile.ZipFile(handle).namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError):
        refuse(name, "broken-workbook", f"{name} is a damaged workbook or zip archive.", EXPORT_AGAIN)
    finally:
        handle.seek(0)
    if "xl/workbook.xml" in members:
        return "workbook"
    others = {
        "word/document.xml": "a Word document",
        "ppt/presentation.xml": "a PowerPoint presentation",
        "xl/workbook.bin": "a binary workbook (.xlsb)",
        "mimetype": "an OpenDocument file (.ods, .odt)",
    }
    what = next((what for member, what in others.items() if member in members), "a zip archive")
    fix = "Unpack it and name the export inside." if what == "a zip archive" else "Save it as .xlsx or .csv."
    _wrong_kind(name, what, fix)


def _old_office(name: str, handle: BinaryIO) -> NoReturn:
    # A password-protected .xlsx is an old-style container whose folder lists this stream in UTF-16.
    locked = "EncryptedPackage".encode("utf-16-le") in handle.read(8 * 1024**2)
    if locked:
        _wrong_kind(
            name, "a password-protected workbook", "Open it, remove the password, and save it as .xlsx."
        )
    _wrong_kind(name, "an old Office file (.xls, .doc)", "Open it and save it as .xlsx.")


def _wrong_kind(name: str, what: str, fix: str) -> NoReturn:
    refuse(name, "wrong-kind", f"{name} is {what}. Read are {READ}.", fix)
