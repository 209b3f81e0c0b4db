"""Where the heading of a plain table is: the row with the questionnaire's wordings, or two rows that share them.

People merge heading cells, so that some wordings stand in one row and the others in the row below; some tools
write a short name of each column above its wording. Both are told from what stands there and said.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

Known = Callable[[str], bool] | None
Rows = Sequence[Sequence[str]]

LONG, SHORT, FULL = 25, 12, 0.9  # characters of a wording and of a name, and the share of cells they fill
_NAME = re.compile(r"[A-Za-z][\w .\[\]#-]*$")


@dataclass(frozen=True)
class Heading:
    """The heading's first row (from 0), how many rows it has, and whether two rows share the wordings."""

    top: int
    rows: int = 1
    merged: bool = False


def find(rows: Rows, known: Known) -> Heading:
    """The heading among the first rows.

    It is the row with most of the questionnaire's wordings; failing that, the first row that is about full.
    """
    if known:
        scores = [sum(map(known, row)) for row in rows]
        best = scores.index(max(scores)) if scores and max(scores) > 1 else -1
        if best >= 0:
            shared = _shared(rows, scores, best, known)
            if shared is not None:
                return Heading(shared, 2, merged=True)
            named = best > 0 and names_above(rows, best - 1)
            return Heading(best - 1, 2) if named else Heading(best)
    filled = [sum(cell != "" for cell in row) for row in rows]
    most = max(filled, default=0)
    top = next((place for place, count in enumerate(filled) if count and 2 * count >= most), 0)
    return Heading(top, 2) if names_above(rows, top) else Heading(top)


def _shared(rows: Rows, scores: Sequence[int], best: int, known: Callable[[str], bool]) -> int | None:
    """The upper of two rows that have the wordings between them, None where one row has them all."""
    for upper, other in ((best - 1, best - 1), (best, best + 1)):
        if not 0 <= other < len(rows) or not scores[other]:
            continue
        here = rows[best]
        beside = (
            place
            for place, cell in enumerate(rows[other])
            if known(cell) and (place >= len(here) or not here[place].strip())
        )
        if any(True for _ in beside):
            return upper
    return None


def names_above(rows: Rows, top: int) -> bool:
    """Whether this row holds short names, and the next one the wordings of the questions they stand for."""
    if top + 1 >= len(rows):
        return False
    names, wordings = rows[top], [cell for cell in rows[top + 1] if cell.strip()]
    if len(names) < 2 or not all(len(name) <= SHORT and _NAME.match(name) for name in names):
        return False
    if len(set(names)) < len(names) or len(wordings) < FULL * len(names):
        return False
    below = [len(cell) for row in rows[top + 2 :] for cell in row if cell.strip()]
    # Answers are shorter than questions; where they are not, the second row may be somebody's answers.
    longest = median(map(len, wordings))
    return longest > LONG and (not below or longest > 2 * median(below))


def merged(upper: Sequence[str], lower: Sequence[str], known: Known) -> tuple[str, ...]:
    """One wording a column from two rows: the one that is a wording, else the lower, else the upper."""
    both = zip(upper, lower, strict=True)
    return tuple(
        above if known and known(above) and not known(below) else below or above for above, below in both
    )
