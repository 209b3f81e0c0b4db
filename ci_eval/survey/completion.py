"""Which responses were finished: any column that says so in a closed list of words, whatever the tool calls it.

Tools write Complete and Partial, completed and started, Yes and No below "Completed", or how many per cent were
answered. A column counts only if all of its cells are such words, so that no answer is taken for one of them; where
its heading or most of its cells say so, the words that are not known are asked about.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.text import normalised, squeezed
from ci_eval.survey.columns import Cells
from ci_eval.survey.tools import DISQUALIFIED, PARTIAL, PREVIEW

FINISHED = "finished"
_YES, _NO, _ENTERED, _LIVE = "yes", "no", "entered", "live"
_STATES = {
    FINISHED: (
        *("complete", "completed", "completes", "finished", "submitted", "done", "closed", "full"),
        *("complete response", "fully complete", "fully completed", "survey completed", "form complete"),
    ),
    PARTIAL: (
        *("partial", "partials", "partially", "incomplete", "unfinished", "started", "opened", "open"),
        *("saved", "draft", "pending", "suspended", "abandoned", "ongoing", "viewed", "unsubmitted"),
        *("interrupted", "dropout", "breakoff", "unverified", "quit", "not completed", "not complete"),
        *("not finished", "not submitted", "in progress", "partially completed", "partially complete"),
        *("partial complete", "part complete", "part completed", "partial response", "incomplete response"),
        *("dropped out", "break off", "timed out", "exited early", "not yet submitted"),
        "started but not completed",
    ),
    DISQUALIFIED: (
        *("disqualified", "terminated", "ineligible", "screenout", "screenedout", "screened out"),
        *("overquota", "over quota", "quotafull", "quota full", "quota met"),
    ),
    PREVIEW: (
        *("preview", "test", "survey preview", "survey test", "test response", "offline survey preview"),
    ),
    _LIVE: ("live", "real"),  # no preview or test; whether it was finished is not said
    _YES: ("yes", "y", "true", "1", "wahr", "vrai"),
    _NO: ("no", "n", "false", "0", "falsch", "faux"),
    _ENTERED: ("2",),  # REDCap's code of a form that is complete; its 1 is one not yet verified
}
_WORDS = {word: state for state, words in _STATES.items() for word in words}
MEANINGS = (FINISHED, PARTIAL, DISQUALIFIED, PREVIEW)  # what a word of such a column can be declared to mean
DECLARED_UNDER = "completion"  # the table of codes that declares it
# Words that say something of a response by the column's heading only.
_ANSWERS = frozenset({_YES, _NO, _ENTERED})
_LONGEST = 40  # characters; no such word is longer
_MOST = 200  # distinct texts of one column; percentages have some, states few
_FINISHED_HEADING = re.compile("(?<!in)complete|finish|submitted")
_UNFINISHED_HEADING = re.compile("partial|incomplete|unfinished")
_TEST_HEADING = re.compile("(?:is)?(?:test|preview)(?:response|mode|data|entry|record|survey)?$")
_STATE_HEADING = re.compile(
    "(?:^|response|survey|form|interview)(?:status|state|completion|disposition|completed?|finished|submitted)$"
)
_HOW_FAR = re.compile("progress|percent(?:age)?complete|complet(?:ed|ion)(?:percent|rate)|^completion$")
_PER_CENT = re.compile(r"\d{1,3}(?:[.,]\d+)? ?%?$")
_PAGE = re.compile(r" (?:at |on )?(?:page|question) \d{1,3}(?: of \d{1,3})?$")
_NO_WORD = re.compile(r"\W*\d")  # dates and numbers


@dataclass
class Completion:
    """What an export says of its responses besides their answers.

    Attributes
    ----------
    columns : columns that say which responses were finished
    told : whether one of them says it of every response; how far somebody came does not
    rows : reason to leave a response out (not finished, disqualified, preview) → one flag a row
    by : the same reason → columns that gave it
    unknown : columns of such words → those that are not known
    """

    columns: frozenset[int] = frozenset()
    told: bool = False
    rows: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    by: dict[str, set[int]] = field(default_factory=dict)
    unknown: dict[int, list[str]] = field(default_factory=dict)

    def add(self, state: str, hit: NDArray[np.bool_], place: int) -> None:
        if state not in (FINISHED, _LIVE) and hit.any():
            self.rows[state] = self.rows.get(state, np.zeros_like(hit)) | hit
            self.by.setdefault(state, set()).add(place)


def states(heading: str, texts: Iterable[str], meant: Mapping[str, str]) -> dict[str, str] | None:
    """Each text that is not blank, and what it says of its response; None where the column says no such thing.

    `meant` holds the words that the settings declare.

    Examples
    --------
    >>> states("Completed", ["Yes", "No"], {})
    {'Yes': 'finished', 'No': 'not finished'}
    >>> states("Did the host publish a report?", ["Yes", "No"], {}) is None
    True
    """
    form, filled = squeezed(heading), [text for text in texts if text.strip()]
    if (far := _how_far(heading, filled)) is not None:
        return far
    given = {text: _state(text, meant) for text in filled}
    kinds = set(given.values())
    if not kinds or "" in kinds:
        return None
    if _TEST_HEADING.match(form) and kinds <= {PREVIEW, _LIVE, _YES, _NO}:
        return {text: PREVIEW if state in (PREVIEW, _YES) else _LIVE for text, state in given.items()}
    if kinds == {PREVIEW}:
        return None
    if not kinds & _ANSWERS:
        return given
    unfinished = _UNFINISHED_HEADING.search(form)
    if not (unfinished or _FINISHED_HEADING.search(form)):
        return None
    finished = _ENTERED if _ENTERED in kinds else _NO if unfinished else _YES
    means = {answer: FINISHED if answer == finished else PARTIAL for answer in _ANSWERS}
    return {text: means.get(state, state) for text, state in given.items()}


def _state(text: str, meant: Mapping[str, str]) -> str:
    """What one text says, "" where that is not known; on which page somebody stopped does not matter."""
    if len(text) > _LONGEST:
        return ""
    word = normalised(text)
    return meant.get(word) or _WORDS.get(word) or _WORDS.get(_PAGE.sub("", word), "")


def _how_far(heading: str, filled: Sequence[str]) -> dict[str, str] | None:
    """Who came to the end, where a column says how much of it each answered: up to 100, or up to 1."""
    form = squeezed(heading)
    asked = _HOW_FAR.search(form) or ("%" in heading and _FINISHED_HEADING.search(form))
    if not filled or not asked or not all(_PER_CENT.match(text.strip()) for text in filled):
        return None
    far = {text: float(text.strip().rstrip("% ").replace(",", ".")) for text in filled}
    whole = max(far.values())
    if whole != 100 and (whole != 1 or any("%" in text for text in filled)):
        return None
    return {text: FINISHED if far[text] == whole else PARTIAL for text in filled}


def mentions_states(heading: str, texts: Iterable[str], meant: Mapping[str, str]) -> bool:
    """Whether a column may say who finished, as far as some of its cells show."""
    every = list(texts)
    if states(heading, every, meant) or _STATE_HEADING.search(squeezed(heading)):
        return True
    return any(_state(text, meant) in MEANINGS for text in every)


def _unknown(heading: str, cells: Cells, meant: Mapping[str, str]) -> list[str]:
    """The words that are not known of a column that says who finished: by its heading, or in most of its cells."""
    given = {text: _state(text, meant) for text in cells.distinct if text.strip()}
    unknown = [text for text, state in given.items() if not state]
    if not unknown or any(map(_NO_WORD.match, unknown)):
        return []
    headed = _STATE_HEADING.search(squeezed(heading)) is not None
    if not set(given.values()) & {FINISHED, PARTIAL, *(_ANSWERS if headed else ())}:
        return []
    most = cells.lookup([2 if given.get(text) else -2 if text.strip() else 0 for text in cells.distinct], int)
    return unknown if headed or most.sum() > 0 else []


def completion_of(
    headings: Mapping[int, str], columns: Mapping[int, Cells], meant: Mapping[str, str]
) -> Completion:
    """What the columns with these headings say, none of which answers a question.

    An empty cell says that a response was not finished where other cells say that theirs were.
    """
    few = {place: heading for place, heading in headings.items() if len(columns[place].distinct) <= _MOST}
    read = {
        place: given
        for place, heading in few.items()
        if (given := states(heading, columns[place].distinct, meant))
    }
    live = {place for place, given in read.items() if set(given.values()) <= {PREVIEW, _LIVE}}
    # How far somebody came is asked only where nothing else says who finished.
    far = {place for place in read if _how_far(headings[place], list(read[place])) is not None}
    said = Completion(frozenset(read), bool(read.keys() - far - live))
    said.unknown = {
        place: words
        for place, heading in few.items()
        if place not in read and (words := _unknown(heading, columns[place], meant))
    }
    for place, given in read.items():
        if place in far and said.told:
            continue
        blank = PARTIAL if FINISHED in given.values() else FINISHED
        cells = columns[place]
        of_row = cells.lookup([given.get(text, blank) for text in cells.distinct], object)
        for state in {*given.values(), blank}:
            said.add(state, of_row == state, place)
    return said


def without_words(cells: Cells) -> tuple[Cells, NDArray[np.bool_]]:
    """A column of dates with words such as "[not completed]" emptied, and the rows that held one."""
    hit = cells.holding(_STATES[PARTIAL])
    words = set(cells.codes[hit])
    bare = ("" if number in words else text for number, text in enumerate(cells.distinct))
    return Cells(tuple(bare), cells.codes) if words else cells, hit
