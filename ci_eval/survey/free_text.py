"""Free text looked over: what may be personal data, and letters, ends and encodings that were lost.

A screen finds patterns, not people: it flags cells for a person to look at before anything is quoted. It
lists where a flag is for the work list, never the text.

Nothing is changed and nothing is left out: these are counts, with the first cell. No text is ever shown.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

from ci_eval.inputs.personal_data import kinds
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import listed, repaired
from ci_eval.survey.answers import Column, is_error
from ci_eval.survey.columns import MOST_ROWS, row_numbers

FLAG_COLUMNS = ("row", "column", "kinds")


def screen(columns: Iterable[Column], findings: Findings) -> pd.DataFrame:
    """Cells that may hold personal data: row (in the file), column (question code), kinds; noted as one problem."""
    flags = []
    for column in columns:
        per_text = [kinds(text) for text in column.cells.distinct]
        if not any(per_text):
            continue
        per_row = column.cells.lookup(per_text, object)
        hit = per_row != ""
        flags.append(pd.DataFrame({"row": column.rows[hit], "column": column.code, "kinds": per_row[hit]}))
    if not flags:
        return pd.DataFrame({name: [] for name in FLAG_COLUMNS})
    frame = pd.concat(flags, ignore_index=True).sort_values(["row", "column"], ignore_index=True)
    if not frame.empty:
        message = f"Comments may hold personal data ({listed(sorted(set(frame['kinds'])))})."
        both = zip(frame["row"], frame["column"], strict=True)
        cells = listed((f"row {row:,} {column}" for row, column in both), MOST_ROWS)
        fix = "Have a person read these cells before any comment is quoted or shared."
        findings.add("personal-data", "WARN", message, "", fix, len(frame), cells)
    return frame


# Lengths at which tools and spreadsheets cut a text: one byte, a thousand, Excel's cell.
CUT_LENGTHS = frozenset({255, 256, 1000, 1024, 4000, 32767})
LOST, ENCODED, CUT = "letters-lost", "text-double-encoded", "comments-cut"
LONG_ENOUGH = 25  # characters from which the same words in two responses are worth a look
_LOST = re.compile(r"\ufffd|(?<=[A-Za-z])\?(?=[a-z])(?!\w*=)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_LOSSES = {
    LOST: (
        "Comments in which a letter was lost (\ufffd, or ? inside a word); it cannot be brought back.",
        "Export again as .xlsx or CSV UTF-8; do not quote these comments as they are.",
    ),
    ENCODED: (
        "Comments were encoded twice (â€™ for ’) and are kept as they are, because nothing proves a repair.",
        "Export again, and do not open the file in between; do not quote these comments as they are.",
    ),
    CUT: (
        f"Comments may be cut: they have exactly {listed((f'{n:,}' for n in sorted(CUT_LENGTHS)), 9)} characters, "
        "or end in …",
        "Compare with the survey tool; if they are cut, export in another format.",
    ),
}
_SURE = re.compile("â€|Ã©|Ã¨|Â£|Â ")
_LEAD = re.compile(
    "[\u00c2-\u00f4]"
)  # every doubly encoded letter starts with one; few English texts have any


def note_errors(column: Column, findings: Findings) -> None:
    """Note errors of a spreadsheet in a column of text; those in a workbook's own cells are noted with the workbook."""
    if "formula-error" in {problem.check for problem in findings.problems if problem.where != column.called}:
        return
    errors = [number for number, text in enumerate(column.cells.distinct) if is_error(text)]
    if count := int(column.cells.counts()[errors].sum()) if errors else 0:
        message = (
            f"Spreadsheet errors (such as #NAME?) stand in {column.called}: what was written there is lost."
        )
        fix = "Export again, and do not open the file in a spreadsheet; or put what was answered in their place."
        cells = column.rows_with(errors)
        findings.add("formula-error", "REJECT", message, column.called, fix, count, cells)


def check(columns: Sequence[Column], comments: Collection[str], findings: Findings) -> None:
    """Note what seems to be lost in the free text, one problem a cause; `comments` are codes of these columns."""
    counts: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for column in columns:
        hits = _hits(column.cells.distinct)
        rows = column.cells.counts()
        for kind, numbers in hits.items():
            occurring = [number for number in numbers if rows[number]]
            if occurring:
                counts[kind] += int(rows[occurring].sum())
                places.setdefault(kind, []).append(column.rows_with(occurring))
    for kind, (message, fix) in _LOSSES.items():
        if counts[kind]:
            findings.add(kind, "WARN", message, "", fix, counts[kind], "; ".join(places[kind]))
    _note_copies([column for column in columns if column.code in comments], findings)


def _hits(texts: Sequence[str]) -> dict[str, list[int]]:
    """Numbers of the texts by what they show. One pass: there may be a million comments, and most show nothing."""
    hits: dict[str, list[int]] = {kind: [] for kind in _LOSSES}
    for number, text in enumerate(texts):
        if ("?" in text or "\ufffd" in text) and _LOST.search(_ADDRESS.sub(" ", text)):
            hits[LOST].append(number)
        if not text.isascii() and _LEAD.search(text) and (_SURE.search(text) or repaired(text) != text):
            hits[ENCODED].append(number)
        if len(text) in CUT_LENGTHS or text.endswith("…"):
            hits[CUT].append(number)
    return hits


def _note_copies(columns: Sequence[Column], findings: Findings) -> None:
    """Note the same words in two responses: perhaps one person twice, perhaps a text handed round."""
    rows: list[int] = []
    called = ""
    for column in columns:
        counts = column.cells.counts()
        hits = [
            number
            for number in np.flatnonzero(counts > 1)
            if len(column.cells.distinct[number].strip()) >= LONG_ENOUGH
        ]
        if hits:
            called = called or column.called
            rows += map(int, column.rows[np.isin(column.cells.codes, hits)])
    if rows:
        message = "Responses share a comment word for word."
        fix = "Look whether somebody answered twice; nothing was left out."
        cells = row_numbers(sorted(set(rows)))
        findings.add("same-text-twice", "WARN", message, called, fix, len(set(rows)), cells)
