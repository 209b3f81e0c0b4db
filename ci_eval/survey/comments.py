"""Free text screened for personal data: e-mail addresses, telephone numbers, postcodes.

A screen finds patterns, not people: it flags cells for a person to look at before anything is quoted. It
shows where a flag stands, never the text.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ci_eval.problems import Problem
from ci_eval.survey.answers import Column
from ci_eval.survey.personal import kinds
from ci_eval.survey.text import listed

FLAG_COLUMNS = ("row", "column", "kinds")


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
