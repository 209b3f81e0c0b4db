"""A file somebody else published, opened under limits, and the row in which its table begins.

The same hostile files come as exports and as published files: a zip bomb, a web page saved as csv. What differs is
what to do about them: a published file is downloaded again, not exported again.

Published headings carry references to notes, line breaks and spare spaces ("English Reading \n[note 1]
[note 2]"), and the rows above them change from year to year, so neither is relied on.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ci_eval.inputs.delimited import DelimitedFile, decoded
from ci_eval.inputs.files import Limits, open_file
from ci_eval.inputs.problems import Findings
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


@contextmanager
def workbook(path: str | os.PathLike[str]) -> Iterator[Workbook]:
    """A published workbook, measured before a reader is let near it."""
    with open_file(path, LIMITS, ("workbook",), DOWNLOAD_AGAIN) as source:
        yield Workbook(source)


@dataclass(frozen=True)
class Table:
    """A text file as rows of texts, in the order of the file, blank lines as empty rows."""

    file: str
    sha256: str
    size: int
    read_as: str
    rows: list[list[str]]
    findings: Findings


def table(path: str | os.PathLike[str], fix: str = CSV_AGAIN) -> Table:
    """A text file, decoded strictly as UTF-8, or as Windows-1252 with a warning, never as anything else."""
    with open_file(path, LIMITS, ("text",), fix) as source:

        def rows_of(opened: DelimitedFile) -> tuple[str, list[list[str]]]:
            rows = []
            for row in opened.rows():
                rows.append(row)
                if len(rows) > LIMITS.rows:
                    source.refuse("file-too-large", f"{source.name} has more than {LIMITS.rows:,} rows.")
            return ", ".join(opened.read_as), rows

        read_as, rows = decoded(source, rows_of)
        return Table(source.name, source.sha256, source.size, read_as, rows, source.findings)


HEAD = 30  # rows among which the headings are looked for
_NOTES = re.compile(r"\[\s*notes?\s*([0-9][0-9,\s and]*)\]", re.IGNORECASE)
# [r] and [p] say revised and provisional; raised figures and signs at the end refer to notes below the table.
_MARKS = re.compile(r"[\[(]\s*[a-z]\s*[\])]|[⁰¹²³⁴-⁹*†‡§]+\s*$", re.IGNORECASE)


@lru_cache(maxsize=4096, typed=True)  # a table names the same few hundred things in every row
def without_notes(text: object) -> str:
    """A heading without references to notes and marks such as [r], on one line."""
    bare = _MARKS.sub(" ", _NOTES.sub(" ", str(text)))
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def comparable(text: object) -> str:
    """The form in which headings are compared: `without_notes`, small letters, "and" for "&"."""
    return without_notes(text).casefold().replace("&", "and")


def notes_of(text: object) -> tuple[int, ...]:
    """The numbers of the notes that a heading refers to."""
    return tuple(
        int(number) for numbers in _NOTES.findall(str(text)) for number in re.findall(r"[0-9]+", numbers)
    )


@dataclass(frozen=True)
class Heading:
    """The row of headings.

    Attributes
    ----------
    row : its number in the file, counted from 1
    texts : the headings as they are
    keys : the same, evened out
    """

    row: int
    texts: tuple[str, ...]
    keys: tuple[str, ...]

    def column(self, wanted: str) -> int:
        """The place of a heading, counted from 0; -1 where it is not there."""
        return self.keys.index(comparable(wanted)) if comparable(wanted) in self.keys else -1


def find_heading(
    rows: Iterator[Sequence[Any]], wanted: Sequence[str]
) -> tuple[Heading | None, tuple[str, ...]]:
    """The first row that holds every heading wanted, and what the nearest row lacked.

    The iterator is left behind the row found, so that what follows are the table's rows.
    """
    keys = [comparable(heading) for heading in wanted]
    lacking = tuple(wanted)
    for number, row in zip(range(1, HEAD + 1), rows, strict=False):
        texts = tuple("" if cell is None else str(cell) for cell in row)
        heading = Heading(number, texts, tuple(map(comparable, texts)))
        missing = tuple(text for text, wish in zip(wanted, keys, strict=True) if wish not in heading.keys)
        if not missing:
            return heading, ()
        lacking = min(lacking, missing, key=len)
    return None, lacking
