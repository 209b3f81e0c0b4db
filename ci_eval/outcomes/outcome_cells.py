"""What one cell of a published table holds: a number, a band with its bounds, or why there is no number.

Published tables mark cells without a number by symbols, which the file's cover sheet explains and which change
from year to year ("[c]", "c", "c  "). A mark that is not known is never taken for a number or passed over:
the reader says where it is and asks (docs/methods.md C9).
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ci_eval.inputs.problems import refuse
from ci_eval.inputs.text import listed

SUPPRESSED = "suppressed"
NOT_COLLECTED = "not collected"
BANDED = "banded"
NO_PUPILS = "no pupils"
BLANK = "blank"
REASONS = (SUPPRESSED, NOT_COLLECTED, BANDED, NO_PUPILS, BLANK)

# As the tables of December 2025 use them; "*" had several meanings over the years and is asked about.
MARKS: Mapping[str, str] = MappingProxyType(
    {
        "[c]": SUPPRESSED,
        "c": SUPPRESSED,
        "[w]": NOT_COLLECTED,
        "w": NOT_COLLECTED,
        "[z]": NO_PUPILS,
        "z": NO_PUPILS,
        "-": NO_PUPILS,
        "na": NO_PUPILS,
        "": BLANK,
    }
)

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?"
# Whole numbers of four figures or more may be written with commas between the thousands.
_PLAIN = re.compile(
    rf"({_NUMBER}|[+-]?[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?) ?(%?)(?: ?\[[rp]\])?", re.ASCII
)
_BAND = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) ?%? ?- ?([0-9]{1,3}(?:\.[0-9]+)?) ?%", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
LONGEST = 40
EXACT = 15  # decimals of a number that was not rounded for print


@dataclass(frozen=True)
class Cell:
    """What a cell holds.

    Attributes
    ----------
    value : the number; NaN where there is none
    missing : one of `REASONS`, "" where there is a number
    low, high : the bounds of a band, both included; NaN otherwise
    decimals : figures written after the decimal point; `EXACT` where a spreadsheet held the number itself
    percent : whether a % sign follows the number
    """

    value: float = math.nan
    missing: str = ""
    low: float = math.nan
    high: float = math.nan
    decimals: int = EXACT
    percent: bool = False


def evened(text: str) -> str:
    """A mark made comparable: one kind of dash and space, small letters."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split()).casefold()


def meaning(cell: object, marks: Mapping[str, str] = MARKS) -> Cell | None:
    """What a cell holds, None where that is not known.

    Parameters
    ----------
    cell : text, or a number as a workbook holds it
    marks : evened mark → reason (see `marks_with`)

    A number may be followed by % or by [r] or [p], for revised and provisional. Flags, dates
    and numbers that are not finite are not known.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Cell(float(cell)) if math.isfinite(cell) else None
    if not isinstance(cell, str) or len(cell) > LONGEST:
        return None
    text = evened(cell)
    if text in marks:
        return Cell(missing=marks[text])
    if match := _PLAIN.fullmatch(text):
        number = match[1].replace(",", "")
        decimals = EXACT if "e" in number else len(number.partition(".")[2])
        if math.isfinite(float(number)):
            return Cell(float(number), decimals=decimals, percent=bool(match[2]))
        return None
    if match := _BAND.fullmatch(text):
        low, high = float(match[1]), float(match[2])
        return Cell(missing=BANDED, low=low, high=high) if low < high <= 100 else None
    return None


def marks_with(declared: Mapping[str, str] | None) -> Mapping[str, str]:
    """The known marks and those declared for one file.

    Raises
    ------
    InputError
        If a mark is declared to mean something that is none of `REASONS`, or to be a band.
    """
    more = {evened(mark): reason for mark, reason in (declared or {}).items()}
    wrong = sorted({reason for reason in more.values() if reason not in REASONS or reason == BANDED})
    if wrong:
        possible = ", ".join(reason for reason in REASONS if reason != BANDED)
        text = f"A mark cannot mean {listed(wrong)}."
        refuse("CANNOT READ OUTCOMES", "mark-meaning", text, fix=f"Say that it means {possible}.")
    return MappingProxyType({**MARKS, **more})
