"""Free text screened for personal data: e-mail addresses, telephone numbers, postcodes.

A screen finds patterns, not people: it flags cells for a person to look at before anything is quoted. It
shows where a flag stands, never the text.
"""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ci_eval.problems import Problem
from ci_eval.survey.answers import Column
from ci_eval.survey.text import listed

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail address", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    # UK numbers: 0 or +44, then nine or ten digits with any grouping.
    ("telephone number", re.compile(r"(?<![\d.])(?:\+44|0044|0)(?:[\s().-]{0,3}\d){9,10}(?!\d)")),
    (
        "postcode",
        re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}|GIR\s?0AA)\b", re.IGNORECASE),
    ),
)
_WORTH_A_LOOK = re.compile(r"[@\d]")  # every kind has a digit or an @, most comments have neither
FLAG_COLUMNS = ("row", "column", "kinds")


def kinds(text: str) -> str:
    """The kinds of personal data a text seems to hold, "" where none."""
    if not _WORTH_A_LOOK.search(text):
        return ""
    return ", ".join(kind for kind, pattern in KINDS if pattern.search(text))


def screen(columns: Iterable[Column]) -> tuple[pd.DataFrame, list[Problem]]:
    """Cells that may hold personal data.

    Returns
    -------
    (frame with columns row (in the file), column (question code), kinds; one problem for all of them)
    """
    flags = []
    for column in columns:
        found = np.array([kinds(text) for text in column.cells.distinct], dtype=object)
        if not found.size or not any(found):
            continue
        per_row = found[column.cells.codes]
        hit = per_row != ""
        flags.append(pd.DataFrame({"row": column.rows[hit], "column": column.code, "kinds": per_row[hit]}))
    if not flags:
        return pd.DataFrame({name: [] for name in FLAG_COLUMNS}), []
    frame = pd.concat(flags, ignore_index=True).sort_values(["row", "column"], ignore_index=True)
    if frame.empty:
        return frame, []
    message = f"Comments may hold personal data ({listed(sorted(set(frame['kinds'])))})."
    where = f"row {frame['row'][0]:,}, question {frame['column'][0]}"
    mend = "Have a person read these cells before any comment is quoted or shared."
    return frame, [Problem("personal-data", "WARN", message, where, len(frame), mend)]
