"""Statistics on counts: shares, words, intervals, comparisons, consensus, raters, scales and non-response.

Arrays and frames in, arrays and frames out; nothing here knows files, surveys or notebooks. Every method is
described in docs/methods.md, sections A and B.
"""

from ci_eval.agreement.bands import words
from ci_eval.agreement.counts import Counts, counts
from ci_eval.agreement.intervals import interval
from ci_eval.agreement.shares import bounds, fragility, share, word
from ci_eval.agreement.sureness import hedged_word, sureness, word_probabilities

__all__ = [
    "Counts",
    "bounds",
    "counts",
    "fragility",
    "hedged_word",
    "interval",
    "share",
    "sureness",
    "word",
    "word_probabilities",
    "words",
]
