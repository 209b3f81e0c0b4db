"""Numbers in a sentence: people and percentages together, words for proportions, lists.

The words come from `ci_eval.agreement.word` (docs/methods.md A2) and numbers are written by `formats`, as in every
table and chart; this module only puts them into English.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ci_eval.report import formats

if TYPE_CHECKING:
    import datetime

    from ci_eval.agreement import Band

ONES = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def percent(part: int, whole: int, *, bands: "Sequence[Band]") -> str:
    """``part`` of ``whole`` as a percentage that does not contradict its word (`formats.percent`).

    Raises
    ------
    ValueError
        If ``whole`` is 0: nobody answered, and there is no percentage to say.
    """
    if whole <= 0:
        raise ValueError(f"a percentage of {whole} people cannot be given: nobody answered")
    return formats.percent(part / whole, bands=bands)


def share_of(part: int, whole: int, *, bands: "Sequence[Band]") -> str:
    """``94% (118 of 125)``."""
    return f"{percent(part, whole, bands=bands)} ({part:,} of {whole:,})"


def count(number: int, noun: str, plural: str = "") -> str:
    """``three authorities``: small numbers in words, larger ones in figures, the noun in agreement."""
    word = ONES[number] if number < len(ONES) else f"{number:,}"
    if number == 0:
        word = "no"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def people(word: str, noun: str = "respondents") -> str:
    """The word before its noun: ``almost all respondents``, ``the majority of respondents``, ``no respondents``."""
    forms = {
        "none": f"no {noun}",
        "few": f"few {noun}",
        "less than half": f"less than half of {noun}",
        "majority": f"the majority of {noun}",
    }
    return forms.get(word, f"{word} {noun}")


def listed(items: Iterable[str], last: str = "and") -> str:
    """``a, b and c``; with semicolons where an item holds a comma of its own."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    separator = "; " if any("," in part for part in parts) else ", "
    before = f"{separator.strip()} {last} " if separator == "; " else f" {last} "
    return separator.join(parts[:-1]) + before + parts[-1]


def opening(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def points(difference: float) -> str:
    """A difference of two shares in percentage points, with a true minus sign: ``+4 points``."""
    number = formats.points(difference)
    return f"{number} point" if number.lstrip(f"+{formats.MINUS}") == "1" else f"{number} points"


def date(day: "datetime.date") -> str:
    """``30 June 2022``."""
    return formats.date(day)
