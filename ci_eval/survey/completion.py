"""Which responses were finished: any column that says so in a closed list of words, whatever the tool calls it.

Tools write Complete and Partial, completed and started, Yes and No below "Completed", or how many per cent were
answered. A column counts only if all of its cells are such words, so that no answer is taken for one of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.text import normalised, squeezed
from ci_eval.survey.columns import Cells
from ci_eval.survey.tools import DISQUALIFIED, PARTIAL, PREVIEW

FINISHED = "finished"
_YES, _NO, _ENTERED = "yes", "no", "entered"
_STATES = {
    FINISHED: (
        *("complete", "completed", "completes", "finished", "submitted", "done", "closed", "full"),
        *("complete response", "fully completed", "survey completed", "form complete"),
    ),
    PARTIAL: (
        *(
            "partial",
            "partials",
            "partially",
            "incomplete",
            "unfinished",
            "started",
            "opened",
            "open",
            "saved",
        ),
        *("draft", "pending", "suspended", "abandoned", "ongoing", "viewed", "unsubmitted", "interrupted"),
        *(
            "dropout",
            "breakoff",
            "unverified",
            "not completed",
            "not complete",
            "not finished",
            "not submitted",
        ),
        *("in progress", "partially completed", "partially complete", "partial complete", "partial response"),
        *("incomplete response", "dropped out", "break off", "timed out", "not yet submitted"),
    ),
    DISQUALIFIED: (
        *("disqualified", "terminated", "ineligible", "screenout", "screenedout", "screened out"),
        *("overquota", "over quota", "quotafull", "quota full", "quota met"),
    ),
    PREVIEW: ("preview", "test", "survey preview", "survey test", "test response"),
    _YES: ("yes", "y", "true", "1"),
    _NO: ("no", "n", "false", "0"),
    _ENTERED: ("2",),  # REDCap's code of a form that is complete; its 1 is one not yet verified
}
_WORDS = {word: state for state, words in _STATES.items() for word in words}
_ANSWERS = frozenset(
    {_YES, _NO, _ENTERED}
)  # words that say something of a response by the column's heading only
_LONGEST = 24  # characters; no such word is longer
_MOST = 200  # distinct texts of one column; percentages have some, states few
_FINISHED_HEADING = re.compile("(?<!in)complete|finish|submitted")
_UNFINISHED_HEADING = re.compile("partial|incomplete|unfinished")
_HOW_FAR = re.compile("progress|percentcomplete|complet(?:ed|ion)(?:percent|rate)")
_PER_CENT = re.compile(r"\d{1,3}(?:\.\d+)? ?%?$")


@dataclass
class Completion:
    """What an export says of its responses besides their answers.

    Attributes
    ----------
    columns : columns that say which responses were finished
    told : whether one of them says it of every response; how far somebody came does not
    rows : reason to leave a response out (not finished, disqualified, preview) → one flag a row
    """

    columns: frozenset[int] = frozenset()
    told: bool = False
    rows: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def add(self, state: str, hit: NDArray[np.bool_]) -> None:
        if state != FINISHED and hit.any():
            self.rows[state] = self.rows.get(state, np.zeros_like(hit)) | hit


def states(heading: str, texts: Iterable[str]) -> dict[str, str] | None:
    """Each text that is not blank, and what it says of its response; None where the column says no such thing.

    Examples
    --------
    >>> states("Completed", ["Yes", "No"])
    {'Yes': 'finished', 'No': 'not finished'}
    >>> states("Did the host publish a report?", ["Yes", "No"]) is None
    True
    """
    form, filled = squeezed(heading), [text for text in texts if text.strip()]
    if filled and _HOW_FAR.search(form) and all(_PER_CENT.match(text.strip()) for text in filled):
        far = {text: float(text.strip().rstrip("% ")) for text in filled}
        whole = max(far.values()) == 100
        return {text: FINISHED if far[text] == 100 else PARTIAL for text in filled} if whole else None
    given = {text: _WORDS.get(normalised(text), "") if len(text) <= _LONGEST else "" for text in filled}
    kinds = set(given.values())
    if not kinds or "" in kinds or kinds == {PREVIEW}:
        return None
    if not kinds & _ANSWERS:
        return given
    unfinished = _UNFINISHED_HEADING.search(form)
    if not kinds <= _ANSWERS or not (unfinished or _FINISHED_HEADING.search(form)):
        return None
    finished = _ENTERED if _ENTERED in kinds else _NO if unfinished else _YES
    return {text: FINISHED if state == finished else PARTIAL for text, state in given.items()}


def completion_of(headings: Mapping[int, str], columns: Mapping[int, Cells]) -> Completion:
    """What the columns with these headings say, none of which answers a question.

    An empty cell says that a response was not finished where other cells say that theirs were.
    """
    read = {
        place: given
        for place, heading in headings.items()
        if len(columns[place].distinct) <= _MOST and (given := states(heading, columns[place].distinct))
    }
    # How far somebody came is asked only where nothing else says who finished.
    far = {place for place in read if _HOW_FAR.search(squeezed(headings[place]))}
    said = Completion(frozenset(read), len(far) < len(read))
    for place, given in read.items():
        if place in far and len(far) < len(read):
            continue
        blank = PARTIAL if FINISHED in given.values() else FINISHED
        cells = columns[place]
        of_row = cells.lookup([given.get(text, blank) for text in cells.distinct], object)
        for state in {*given.values(), blank}:
            said.add(state, of_row == state)
    return said


def without_words(cells: Cells) -> tuple[Cells, NDArray[np.bool_]]:
    """A column of dates with words such as "[not completed]" emptied, and the rows that held one."""
    hit = cells.holding(_STATES[PARTIAL])
    words = set(cells.codes[hit])
    bare = ("" if number in words else text for number, text in enumerate(cells.distinct))
    return Cells(tuple(bare), cells.codes) if words else cells, hit
