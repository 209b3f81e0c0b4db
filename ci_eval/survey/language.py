"""What the words of a heading give away: another language than the questionnaire's English, or the opposite meaning.

Told only to word a message: nothing is matched by it.
"""

from collections.abc import Sequence

from ci_eval.survey.text import normalised

# Words that hardly any English question does without, and that no neighbouring language has.
_ENGLISH = frozenset(
    ["the", "and", "you", "your", "what", "which", "with", "did", "how", "have", "this", "that", "were"]
)
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nothing",
        "hardly",
        "didnt",
        "dont",
        "doesnt",
        "wasnt",
        "isnt",
        "werent",
        "cannot",
        "cant",
    ]
)
_WORDY, _SEVERAL = 4, 3  # words of a question, and questions that make a language


def other_language(headings: Sequence[str]) -> bool:
    """Whether headings are questions of another language than English, told by the words they do without."""
    words = [{word for word in normalised(text).split() if word.isalpha()} for text in headings]
    worded = [each for each in words if len(each) >= _WORDY]
    if len(worded) < max(_SEVERAL, len(headings) / 2):
        return False  # names of columns and lists of options are of no language
    return 10 * sum(bool(each & _ENGLISH) for each in worded) <= len(worded)


def opposite(one: str, other: str) -> bool:
    """Whether one of two wordings has a "not" and the other has none."""
    here, there = (bool(_NEGATIONS & set(normalised(text).split())) for text in (one, other))
    return here != there
