"""Whether the rows taken for a heading are one: a response above or inside a heading is lost without a word.

A response is told by what repeats: fifteen statements have six answers between them, so that some answer, or some
code, stands in at least three cells of its row. Titles, notes, section names and numbers of questions do not.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from ci_eval.problems import Problem
from ci_eval.survey.layout import Layout
from ci_eval.survey.personal import is_address
from ci_eval.survey.text import normalised
from ci_eval.survey.tools import IMPORT_ID

_REPEATED = 3  # cells of one row with the same answer
_SEVERAL = 3  # ImportIds that make a row Qualtrics' own
_CODE = re.compile(r"-?\d{1,3}$")
_UNTOUCHED = "Use the export as the tool wrote it, its heading rows first and none of them deleted."


def lost(head: Sequence[Sequence[str]], layout: Layout, answers: Iterable[str]) -> Problem | None:
    """Why the heading rows cannot be trusted with the responses around them, None if they can.

    Parameters
    ----------
    head : the first rows of the file, as texts
    answers : the questionnaire's answers
    """
    known = frozenset(map(normalised, answers))
    above = [row for row, cells in enumerate(head[: layout.top], start=1) if _is_response(cells, known)]
    if above:
        message = f"Responses stand above the heading in row {layout.top + 1}; they would not be counted."
        where = f"row {above[0]:,}"
        return Problem("responses-above-heading", "REJECT", message, where, len(above), _UNTOUCHED)
    if _is_response(layout.headings, known) or any(map(_is_whole_address, layout.headings)):
        # What stands there may be anybody's words, so none of it is shown.
        message = (
            f"Row {layout.top + 1} holds answers where the headings should be: the heading row is missing."
        )
        where = f"row {layout.top + 1:,}"
        return Problem("heading-missing", "REJECT", message, where, mend=_UNTOUCHED)
    for row, cells in enumerate(head[layout.first_row :], start=layout.first_row + 1):
        if sum(bool(re.match(IMPORT_ID, cell)) for cell in cells) >= _SEVERAL:
            message = (
                f"Row {row} looks like Qualtrics' ImportIds, the last of its 3 heading rows, but the rows above "
                "are not the other two."
            )
            return Problem("heading-row-missing", "REJECT", message, f"row {row:,}", mend=_UNTOUCHED)
    return None


def _is_whole_address(heading: str) -> bool:
    return is_address(heading) and len(heading.split()) == 1


def _is_response(cells: Sequence[str], answers: Collection[str]) -> bool:
    counts = Counter(cell.strip() for cell in cells)
    likely = (text for text, count in counts.items() if count >= _REPEATED and text)
    return any(_CODE.match(text) or normalised(text) in answers for text in likely)
