"""Whether questions are in another language than the questionnaire, which is in English.

Told only to word a message: translations are never matched by machine.
"""

from collections.abc import Sequence

from ci_eval.survey.text import normalised

# Words that hardly any English question does without, and that no neighbouring language has.
_ENGLISH = frozenset(
    ["the", "and", "you", "your", "what", "which", "with", "did", "how", "have", "this", "that", "were"]
)
_WORDY, _SEVERAL = 4, 3  # words of a question, and questions that make a language


def other_language(headings: Sequence[str]) -> bool:
    """Whether headings are questions of another language than English, told by the words they do without."""
    words = [{word for word in normalised(text).split() if word.isalpha()} for text in headings]
    worded = [each for each in words if len(each) >= _WORDY]
    if len(worded) < max(_SEVERAL, len(headings) / 2):
        return False  # names of columns and lists of options are of no language
    return 10 * sum(bool(each & _ENGLISH) for each in worded) <= len(worded)
