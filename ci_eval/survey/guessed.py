"""Windows-1252 believed only where it makes words, and what it made shown letter by letter.

Almost any bytes can be read as Windows-1252, so that reading them proves nothing. Two things that no word of a
language written in it has give another encoding away: two or more letters none of which is of the plain
alphabet (Cyrillic, Greek, Japanese bytes), and a capital beyond the plain alphabet after a small letter (the
apostrophe, quotation marks and é of Mac Roman).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from ci_eval.problems import Problem
from ci_eval.survey.files import OpenFile, refuse
from ci_eval.survey.text import letter, listed

ENCODING = "cp1252"
MEND = "Export again as a workbook (.xlsx) or as CSV UTF-8."
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
                        refuse_letters(self.source, found.group().encode(ENCODING), number, column)
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
        mend = "Check that these are the letters you expect; better, export again as CSV UTF-8."
        count = max(1, self.letters.total())
        return [Problem("encoding-guessed", "WARN", message, self.source.name, count, mend)]


def refuse_letters(source: OpenFile, found: Sequence[int], row: int, column: int) -> NoReturn:
    """Name the bytes that are text in neither of the encodings tried, with their cell."""
    which = " ".join(f"0x{byte:02X}" for byte in found)
    message = (
        f"The text is neither UTF-8 nor Windows-1252 (byte{'s' if len(found) > 1 else ''} {which}), so its "
        "letters cannot be trusted."
    )
    where = f"{source.name}, row {row:,}, column {letter(column)}"
    refuse(source.name, "unknown-encoding", message, MEND, where)
