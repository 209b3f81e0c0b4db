"""Who did not answer, and whether it matters: response rates, tipping points, weighted beside unweighted words.

Methods: docs/methods.md A11 and A12 (tipping points). Weights come from `ci_eval.agreement.raking`; a weighted share
rests on fewer effective respondents (Kish 1965), and its word is shown beside the unweighted one, never instead of it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ci_eval.agreement.answer_counts import Counts
from ci_eval.agreement.arguments import as_scalar, level_checked, numbers, people_asked
from ci_eval.agreement.bands import EDUCATION_SCOTLAND, Band, cuts
from ci_eval.agreement.intervals import wilson
from ci_eval.agreement.refusals import FloatArray, refuse
from ci_eval.agreement.shares import share, word

HEADLINE = "CANNOT COMPUTE a weighted share"
ON_THE_EDGE = 1e-9  # weights are not whole numbers: this near to an edge of a band is on it


def response_rate(answered: ArrayLike, asked: ArrayLike) -> Any:
    """Part of those asked who answered; NaN where the number asked is not known or 0.

    Examples
    --------
    >>> response_rate(45, 60)
    0.75

    Raises
    ------
    Refused
        For what is not a count, or fewer asked than answered.
    """
    _, n, big_n, known = people_asked(0, answered, asked, "CANNOT COMPUTE a response rate")
    there = known & (big_n > 0)
    return as_scalar(np.divide(n, big_n, out=np.full(n.shape, np.nan), where=there))


def tipping_point(
    agree: ArrayLike,
    answered: ArrayLike,
    asked: ArrayLike | None = None,
    *,
    bands: Sequence[Band] = EDUCATION_SCOTLAND,
) -> Any:
    """How much less those who did not answer would have to agree for the word to fall, from 0 to 1 (A12).

    Examples
    --------
    >>> round(tipping_point(46, 50, asked=60), 2)
    0.12

    Eight of the other ten would make it 54 of 60, which is 90% and "most": 80% is 12 points less than 92%.

    Parameters
    ----------
    agree, answered : whole numbers of people, broadcast together
    asked : people asked; None or NaN where not known

    Returns
    -------
    float or float array. Infinite where nothing that the others say makes the word fall, as where everybody asked
    answered; NaN where nobody answered or the number asked is not known.

    Raises
    ------
    Refused
        For anything which is not a count, more agreeing than answering, or fewer asked than answered.
    """
    m, n, big_n, known = people_asked(agree, answered, asked, "CANNOT COMPUTE a tipping point")
    scale = cuts(bands)
    if len(scale.words) == 1:
        return as_scalar(np.where(known & (n > 0), np.inf, np.nan))
    own, others = scale.band(m, n), big_n - n
    below = np.take_along_axis(scale.greatest_below(big_n), np.maximum(own - 1, 0)[..., None], axis=-1)[
        ..., 0
    ]
    agreeing = below - m  # of the others, the most with whom the word falls
    falls = (own > 0) & (agreeing >= 0) & (others > 0) & (n > 0)
    less = m / np.maximum(n, 1) - agreeing / np.maximum(others, 1)
    return as_scalar(np.where(known & (n > 0), np.where(falls, less, np.inf), np.nan))


def weighted_words(
    counts: Counts, weights: ArrayLike, level: float = 0.95, *, bands: Sequence[Band] = EDUCATION_SCOTLAND
) -> pd.DataFrame:
    """Shares and words with and without weights, statement by statement.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"s01": ["Yes", "Yes", "No"], "role": ["teacher", "officer", "officer"]})
    >>> from ci_eval.agreement import counts
    >>> table = counts(frame, ["s01"], ["Yes", "No"], ["Yes", "No"], ["Yes"], by="role")
    >>> weighted_words(table, [1.0, 2.0])[["word", "weighted_word"]].iloc[0].tolist()
    ['majority', 'most']

    Parameters
    ----------
    counts : counts by the cells that were raked
    weights : one weight a group of `counts`; NaN allowed where a group has no respondents
    level : level of the interval of the weighted share

    Returns
    -------
    DataFrame indexed by statement: answered, share, word, weighted_share, weighted_word, low, high (Wilson
    at the effective number of respondents), effective, design_effect, same_word. NaN and "" where nobody
    answered.

    Raises
    ------
    Refused
        For weights that are negative or not finite where somebody answered, not one for each group, or a level
        outside 0 to 1.
    """
    w = numbers(weights, "weights", HEADLINE)
    if w.shape != (len(counts.groups),):
        text = f"{len(counts.groups)} weights are needed, one a group, not shape {w.shape}"
        refuse(HEADLINE, "weights", text)
    used = counts.respondents > 0
    if not np.isfinite(w[used]).all() or (w[used] < 0).any():
        refuse(HEADLINE, "weights", "weights must be finite and not negative where somebody answered")
    w = np.where(used, w, 0.0)
    m, n = counts.agreeing, counts.answered
    total = (n * w).sum(axis=1)
    squares = (n * w**2).sum(axis=1)
    some = total > 0
    p = np.divide((m * w).sum(axis=1), total, out=np.full(total.shape, np.nan), where=some)
    effective = np.divide(total**2, squares, out=np.full(total.shape, np.nan), where=some)
    low, high = wilson(np.nan_to_num(p), np.where(some, effective, 0.0), level_checked(level, HEADLINE))
    plain_word = word(m.sum(axis=1), n.sum(axis=1), bands=bands)
    weighted_word = _word_of_share(p, bands)
    return pd.DataFrame(
        {
            "answered": n.sum(axis=1),
            "share": share(m.sum(axis=1), n.sum(axis=1)),
            "word": plain_word,
            "weighted_share": p,
            "weighted_word": weighted_word,
            "low": low,
            "high": high,
            "effective": effective,
            "design_effect": n.sum(axis=1) / effective,
            "same_word": plain_word == weighted_word,
        },
        index=pd.Index(counts.statements, name="statement"),
    )


def _word_of_share(p: FloatArray, bands: Sequence[Band]) -> Any:
    scale = cuts(bands)
    edges = scale.numerator / scale.denominator
    beyond = np.where(scale.included, p[:, None] > edges + ON_THE_EDGE, p[:, None] >= edges - ON_THE_EDGE)
    vocabulary = np.array([*scale.words, ""])
    return vocabulary[np.where(np.isnan(p), len(scale.words), beyond.sum(axis=1))]
