"""What the sections share: who agreed, what is said where a frame has no rows, and of blank cells."""

from typing import TYPE_CHECKING, Any

from ci_eval.agreement.word_probability import SURE
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.report import formats, sentences
from ci_eval.report.book import recording
from ci_eval.report.pieces import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

EVIDENCE = 0.05  # a p adjusted by Holm's method that is smaller is called evidence
REGISTER = "Register of engagements, data/programme/register.csv"
NOBODY = "not asked, or answered by nobody or by too few to show"
NO_ROW_LEFT = ("No row of this frame is left.", "filter less, or ask the evidence for the frame again.")


def rank_intervals(frame: "pd.DataFrame") -> list[str]:
    """``3 to 9`` for each row's rank_low and rank_high; "" where there is no rank."""
    limits = zip(frame["rank_low"], frame["rank_high"], strict=True)
    return ["" if formats.is_blank(low) else f"{int(low)} to {int(high)}" for low, high in limits]


def who_agreed(word: str, agreeing: int, answered: int, sureness: float, asked: int | None) -> str:
    """Who agreed, as a key message, headline or title may say it: a word under 80% sure gives way to the number.

    "All" is said bare only where everybody asked answered.

    Examples
    --------
    >>> who_agreed("almost all", 118, 125, 0.97, 156)
    'almost all respondents'
    >>> who_agreed("majority", 52, 104, 0.51, 156)
    '52 of 104 respondents'
    >>> who_agreed("all", 112, 112, 0.6, 156)
    'all 112 who answered'
    """
    if agreeing in (0, answered):
        number = f"{answered:,} {'asked' if answered == asked else 'who answered'}"
        return f"all {number}" if agreeing else f"none of the {number}"
    return sentences.people(word) if sureness >= SURE else f"{agreeing:,} of {answered:,} respondents"


def answerable(about: "Mapping[Any, Any]") -> Sentence | None:
    """Who answers for a report, when it was written, and how to reach them; None where nobody is named."""
    parts = [
        about["author"] and f"Author: {about['author']}",
        about["contact"] and f"Contact: {about['contact']}",
        about["written_on"] and f"Written on {sentences.date(about['written_on'])}",
    ]
    text = ". ".join(str(part) for part in parts if part)
    return Sentence("main-author", f"{text}.") if text else None


def nothing_in(frame: "pd.DataFrame") -> bool:
    """Whether a frame has no rows.

    Raises
    ------
    InputError
        If the frame is exact and a run is recorded: what is said of it would be published.
    """
    if getattr(frame, "exact", None) and recording() is not None:
        message = "This frame is exact, and this notebook is run to make a report."
        fix = "Ask the evidence for the frame without exact=True."
        raise InputError("CANNOT SHOW THIS", [Problem("exact-frame", "REJECT", message, fix=fix)])
    return frame.empty


def missing(frame: "pd.DataFrame", key: str) -> list[Sentence]:
    """What is missing where there are no rows; nothing where there are some. `ci-eval check` says how to supply it."""
    if not nothing_in(frame):
        return []
    return [Sentence(key, frame.attrs.get("missing", NO_ROW_LEFT)[0], level="missing")]


def without_zeros(frame: "pd.DataFrame", *columns: str) -> "pd.DataFrame":
    """The frame with nothing in place of 0 people: answers of too few to show are taken out, and may not be none."""
    return frame.assign(**{column: frame[column].where(frame[column] > 0) for column in columns})


def level_of(frame: "pd.DataFrame") -> str:
    """The level of the frame's intervals: ``95%``."""
    return f"{100 * frame.attrs['level']:g}%"
