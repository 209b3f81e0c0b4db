"""What the sections share: what is said where a frame has no rows, of blank cells, of evidence and of sources."""

from typing import TYPE_CHECKING

from ci_eval.inputs.problems import InputError, Problem
from ci_eval.report.book import recording
from ci_eval.report.pieces import Sentence

if TYPE_CHECKING:
    import pandas as pd

EVIDENCE = 0.05  # a p adjusted by Holm's method that is smaller is called evidence
REGISTER = "Register of engagements, data/programme/register.csv"
NOBODY = "nobody answered, or too few to show"
NO_ROW_LEFT = ("No row of this frame is left.", "filter less, or ask the evidence for the frame again.")


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
    """Why there are no rows and how to supply them; nothing where there are some."""
    if not nothing_in(frame):
        return []
    return [Sentence.missing(key, *frame.attrs.get("missing", NO_ROW_LEFT))]


def without_zeros(frame: "pd.DataFrame", *columns: str) -> "pd.DataFrame":
    """The frame with nothing in place of 0 people: answers of too few to show are taken out, and may not be none."""
    return frame.assign(**{column: frame[column].where(frame[column] > 0) for column in columns})


def level_of(frame: "pd.DataFrame") -> str:
    """The level of the frame's intervals: ``95%``."""
    return f"{100 * frame.attrs['level']:g}%"
