"""Where a table begins: the row with its headings, looked for among the first rows of a sheet.

Published headings carry references to notes, line breaks and spare spaces ("English Reading \\n[note 1]
[note 2]"), and the rows above them change from year to year, so neither is relied on.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
