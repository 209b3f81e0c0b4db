"""The share that agrees, its word, how many people hold the word up, and its bounds.

Methods: docs/methods.md A1 (share), A2 (word), A5 (fragility), A6 (bounds). All functions broadcast their
arguments; scalars give Python scalars. Where nobody answered there is no share: NaN, and the word is the
empty string.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ci_eval.agreement.arguments import as_scalar, people, people_asked
from ci_eval.agreement.bands import EDUCATION_SCOTLAND, Band, cuts


def share(agree: ArrayLike, answered: ArrayLike) -> Any:
    """Proportion of those who answered that agree, from 0 to 1 (A1).

    Examples
    --------
    >>> share(46, 50)
    0.92

    Parameters
    ----------
    agree, answered : whole numbers of people, broadcast together

    Returns
    -------
    float or float array; NaN where nobody answered.

    Raises
    ------
    Refused
        For anything which is not a count, or more agreeing than answering.
    """
    m, n = people(agree, answered, "CANNOT COMPUTE a share")
    return as_scalar(np.divide(m, n, out=np.full(m.shape, np.nan), where=n > 0))


def word(agree: ArrayLike, answered: ArrayLike, *, bands: Sequence[Band] = EDUCATION_SCOTLAND) -> Any:
    """The word for the share: "none", "few" … "almost all", "all" (A2).

    The share is compared as an exact fraction, never rounded: 9 of 10 is "most", 10 of 11 "almost all".

    Examples
    --------
    >>> word(9, 10), word(10, 11)
    ('most', 'almost all')
    >>> word(15, 100)
    'few'

    Returns
    -------
    str or array of str; the empty string where nobody answered.

    Raises
    ------
    Refused
        For anything which is not a count, more agreeing than answering, or bands with a gap or overlap.
    """
    m, n = people(agree, answered, "CANNOT COMPUTE a word")
    scale = cuts(bands)
    vocabulary = np.array([*scale.words, ""])
    return as_scalar(vocabulary[np.where(n == 0, len(scale.words), scale.band(m, n))])


def turning_point(
    agree: ArrayLike, answered: ArrayLike, *, bands: Sequence[Band] = EDUCATION_SCOTLAND
) -> tuple[Any, Any]:
    """The fewest people who, answering otherwise, would make the word untrue, and the word then (A5).

    Everybody is also "almost all" and nobody also "few", so reaching "all" or "none" does not make the word
    untrue, while one person is enough to make "all" or "none" untrue.

    Examples
    --------
    >>> turning_point(46, 50)
    (-1.0, 'most')

    Returns
    -------
    (change, word): float or float array of whole numbers of people, below 0 where fewer agree, which is also taken
    where both are as near; str or array of str. NaN and "" where nobody answered or a single band leaves nothing
    to change.

    Raises
    ------
    Refused
        As `word`.
    """
    m, n = people(agree, answered, "CANNOT COMPUTE what would change a word")
    scale = cuts(bands)
    if len(scale.words) == 1:
        return as_scalar(np.full(m.shape, np.nan)), as_scalar(np.full(m.shape, ""))
    below, m_, n_ = scale.greatest_below(n), m[..., None], n[..., None]
    at_an_end = (scale.numerator == 0) | (scale.numerator == scale.denominator)
    counts_here = (n_ > 0) & (~at_an_end | (m_ == 0) | (m_ == n_))
    beyond = np.where(below < m_, below, below + 1)  # the nearest count on the other side of each edge
    steps = np.where(counts_here, np.abs(beyond - m_), np.inf)
    nearest = steps.argmin(axis=-1)[..., None]
    there = np.take_along_axis(beyond, nearest, axis=-1)[..., 0]
    known = np.isfinite(np.take_along_axis(steps, nearest, axis=-1)[..., 0])
    change = np.where(known, there - m, np.nan)
    vocabulary = np.array([*scale.words, ""])
    return as_scalar(change), as_scalar(vocabulary[np.where(known, scale.band(there, n), len(scale.words))])


def bounds(agree: ArrayLike, answered: ArrayLike, asked: ArrayLike) -> tuple[Any, Any]:
    """Least and greatest share among all who were asked, whatever the others would have said (A6).

    Examples
    --------
    >>> low, high = bounds(46, 50, asked=60)
    >>> f"{low:.3f} to {high:.3f}"
    '0.767 to 0.933'

    Parameters
    ----------
    asked : whole numbers of people; NaN where not known

    Returns
    -------
    (low, high), floats or float arrays; NaN where nobody answered or the number asked is not known. Equal
    when all answered. A proof, not a probability: no assumption about those who did not answer.

    Raises
    ------
    Refused
        For anything which is not a count, or fewer asked than answered.
    """
    m, n, big_n, known = people_asked(agree, answered, asked, "CANNOT COMPUTE bounds")
    there = known & (n > 0)
    low = np.divide(m, big_n, out=np.full(m.shape, np.nan), where=there)
    high = np.divide(m + big_n - n, big_n, out=np.full(m.shape, np.nan), where=there)
    return as_scalar(low), as_scalar(high)
