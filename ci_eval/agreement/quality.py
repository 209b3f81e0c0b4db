"""Responses that may not have been given with care: flagged and counted, never dropped.

Method: docs/methods.md A10. In this programme most people agree strongly with most statements, so one
answer throughout can be an honest one; a flag is a reason to look, and the evaluator decides.
"""

import numpy as np
from numpy.typing import ArrayLike

from ci_eval.agreement.checks import BoolArray, is_number, is_whole, numbers, refuse, refuse_where

WHAT = "the quality of responses"
FEWEST_ANSWERS = 10  # one answer throughout means little over fewer statements
FAST_PART = 1 / 3  # of the median time


def straight_lining(answers: ArrayLike, fewest: int = FEWEST_ANSWERS) -> BoolArray:
    """Respondents who gave one and the same answer to every statement they answered.

    Parameters
    ----------
    answers : (respondents, statements) numbers such as places on the scale, NaN where not answered
    fewest : answers below which nobody is flagged

    Returns
    -------
    bool (respondents,).

    Raises
    ------
    InputError
        For what is not a table of numbers, or `fewest` below 2.
    """
    x = numbers(answers, "answers", WHAT)
    if x.ndim != 2 or not is_whole(fewest) or fewest < 2:
        refuse(WHAT, "answers", "a table of respondents × statements and two answers or more are needed")
    given = ~np.isnan(x)
    low = np.where(given, x, np.inf).min(axis=1, initial=np.inf)
    high = np.where(given, x, -np.inf).max(axis=1, initial=-np.inf)
    return np.asarray((given.sum(axis=1) >= fewest) & (low == high))


def speeders(seconds: ArrayLike, part: float = FAST_PART) -> BoolArray:
    """Respondents who took less than `part` of the median time.

    Parameters
    ----------
    seconds : (respondents,) time from start to end; NaN where not known, which is never flagged
    part : share of the median

    Returns
    -------
    bool (respondents,).

    Raises
    ------
    InputError
        For negative times or a part outside 0 to 1.
    """
    time = numbers(seconds, "seconds", WHAT)
    refuse_where(time < 0, WHAT, "negative-time", "a response cannot end before it starts; seconds", time)
    if not (is_number(part) and 0 < part < 1):
        refuse(WHAT, "part", f"the part of the median lies between 0 and 1, not {part!r}")
    known = ~np.isnan(time)
    if not known.any():
        return np.zeros(time.shape, dtype=bool)
    return np.asarray(known & (time < part * np.median(time[known])))
