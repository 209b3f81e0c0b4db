"""A file somebody else published, opened under limits, and the row in which its table begins.

The same hostile files reach both floors: a zip bomb, a sheet that claims a billion cells, a web page saved as
csv. What differs is what to do about them: a published file is downloaded again, not exported again.

Published headings carry references to notes, line breaks and spare spaces ("English Reading \n[note 1]
[note 2]"), and the rows above them change from year to year, so neither is relied on.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ci_eval.inputs.columns import CellTooLongError
from ci_eval.inputs.delimited import (
    ENCODING_NAMES,
    FALLBACK,
    SEPARATORS,
    DelimitedFile,
    UndecodableError,
    declared_encoding,
    refuse_bytes,
)
from ci_eval.inputs.files import READ, OpenFile, open_export, refuse
from ci_eval.inputs.limits import Limits
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.workbooks import Workbook

LIMITS = Limits(
    file_bytes=256 * 1024**2,
    unpacked_bytes=256 * 1024**2,
    rows=1_000_000,
    columns=500,
    cells=20_000_000,
    cell_characters=32_767,
)
DOWNLOAD_AGAIN = "Download the file again from where it was published, and give it as it came."
CSV_AGAIN = "Save the table again as CSV UTF-8."
_NAMES = {"workbook": "a workbook (.xlsx)", "text": "a text file (.csv)"}
# Their fixes speak of exports from a survey tool; the fixes of other checks hold for any file.
_REWORDED = frozenset(
    {
        "empty-file",
        "wrong-kind",
        "file-too-large",
        "broken-workbook",
        "workbook-too-large",
        "cell-too-long",
        "open-quotation-mark",
        "broken-text",
        "unknown-encoding",
    }
)


@contextmanager
def reading(path: str | os.PathLike[str], kind: str, fix: str, limits: Limits = LIMITS) -> Iterator[OpenFile]:
    """Open a file of one kind (``"workbook"`` or ``"text"``); whatever stops the reading is said in our words.

    Raises
    ------
    InputError
        As `ci_eval.inputs.files.open_export`; and for another kind, a cell too long, no memory left, or a
        file that changes meanwhile.
    """
    with _our_words(kind, fix), open_export(path, limits) as source:
        name = source.name
        if source.kind != kind:
            what = {"workbook": "a workbook", "text": "a text file", "spss": "an SPSS file"}[source.kind]
            refuse(name, "wrong-kind", f"{name} is {what}. Read is {_NAMES[kind]}.", fix)
        try:
            yield source
        except CellTooLongError as error:
            message = f"A cell has {error.args[0]:,} characters; up to {limits.cell_characters:,} are read."
            refuse(name, "cell-too-long", message, fix)
        except MemoryError:
            refuse(name, "file-too-large", f"{name} needs more memory than there is.", fix)
        except OSError as error:
            message = f"{name} could not be read to its end: {error.strerror or 'no reason was given'}."
            refuse(name, "file-unreadable", message, "Copy it to this machine and load the copy.")
        if not source.unchanged():
            message = f"{name} changed while it was being read."
            refuse(name, "file-changed", message, "Close it in other programs and load it again.")


@contextmanager
def _our_words(kind: str, fix: str) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(
            error.headline, [_reworded(problem, kind, fix) for problem in error.problems]
        ) from None


def _reworded(problem: Problem, kind: str, fix: str) -> Problem:
    if problem.check not in _REWORDED:
        return problem
    message = problem.message.replace(f"Read are {READ}", f"Read is {_NAMES[kind]}").replace(
        ", not an export", ""
    )
    return replace(problem, message=message, fix=fix)


@contextmanager
def workbook(path: str | os.PathLike[str]) -> Iterator[Workbook]:
    """A published workbook, measured before a reader is let near it."""
    with reading(path, "workbook", DOWNLOAD_AGAIN) as source:
        yield Workbook(source, LIMITS)


@dataclass(frozen=True)
class Table:
    """A text file as rows of texts, in the order of the file, blank lines as empty rows."""

    file: str
    sha256: str
    size: int
    read_as: str
    rows: list[list[str]]
    problems: tuple[Problem, ...]


def table(path: str | os.PathLike[str], fix: str = CSV_AGAIN) -> Table:
    """A text file, decoded strictly as UTF-8, or as Windows-1252 with a warning, never as anything else."""
    with reading(path, "text", fix) as source:
        for encoding in (None,) if declared_encoding(source) else (None, FALLBACK):
            try:
                opened = DelimitedFile(source, LIMITS, encoding)
                rows = []
                for row in opened.rows():
                    rows.append(row)
                    if len(rows) > LIMITS.rows:
                        message = f"{source.name} has more than {LIMITS.rows:,} rows."
                        refuse(source.name, "file-too-large", message, fix)
            except UndecodableError:
                continue
            read_as = f"{ENCODING_NAMES[opened.encoding]}, {SEPARATORS[opened.separator]}"
            found = [_guessed(source.name)] if encoding else []
            digest = opened.hashed.sha256.hexdigest()
            return Table(source.name, digest, source.size, read_as, rows, tuple(found))
        refuse_bytes(source, LIMITS)


def _guessed(name: str) -> Problem:
    message = "The text is not UTF-8 and was read as Windows-1252."
    return Problem("encoding-guessed", "WARN", message, name, fix=CSV_AGAIN)


HEAD = 30  # rows among which the headings are looked for
_NOTES = re.compile(r"\[\s*notes?\s*([0-9][0-9,\s and]*)\]", re.IGNORECASE)


def plain(text: object) -> str:
    """A heading without references to notes, on one line."""
    return " ".join(unicodedata.normalize("NFKC", _NOTES.sub(" ", str(text))).split())


def key(text: object) -> str:
    """The form in which headings are compared: `plain`, small letters, "and" for "&"."""
    return plain(text).casefold().replace("&", "and")


def notes_of(text: object) -> tuple[int, ...]:
    """The numbers of the notes that a heading refers to."""
    return tuple(
        int(number) for found in _NOTES.findall(str(text)) for number in re.findall(r"[0-9]+", found)
    )


@dataclass(frozen=True)
class Heading:
    """The row of headings.

    Attributes
    ----------
    row : its number in the file, counted from 1
    texts : the headings as they stand
    keys : the same, evened out
    """

    row: int
    texts: tuple[str, ...]
    keys: tuple[str, ...]

    def column(self, wanted: str) -> int:
        """The place of a heading, counted from 0; -1 where it is not there."""
        return self.keys.index(key(wanted)) if key(wanted) in self.keys else -1


def find(rows: Iterator[Sequence[Any]], wanted: Sequence[str]) -> tuple[Heading | None, tuple[str, ...]]:
    """The first row that holds every heading wanted, and what the nearest row lacked.

    The iterator is left behind the row found, so that what follows are the table's rows.
    """
    keys = [key(heading) for heading in wanted]
    lacking = tuple(wanted)
    for number, row in zip(range(1, HEAD + 1), rows, strict=False):
        texts = tuple("" if cell is None else str(cell) for cell in row)
        heading = Heading(number, texts, tuple(map(key, texts)))
        missing = tuple(text for text, wish in zip(wanted, keys, strict=True) if wish not in heading.keys)
        if not missing:
            return heading, ()
        lacking = min(lacking, missing, key=len)
    return None, lacking
