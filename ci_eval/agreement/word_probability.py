"""How sure the word is: the probability of every word for the whole population, given those who answered.

Method: docs/methods.md A4. Prior: the number agreeing among the N asked is beta-binomial(1/2, 1/2); the
answers are a random sample of it, so those who did not answer follow BetaBinomial(N - n, m + 1/2, n - m +
1/2). For a number asked that is not known the share itself has a Beta(m + 1/2, n - m + 1/2) posterior, the
limit for N without end. Answers that come in clusters are worth fewer than they are (A7): with a design effect D the
posterior rests on m / D and n / D of them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ci_eval.agreement.arguments import as_scalar, is_number, people_asked
from ci_eval.agreement.bands import EDUCATION_SCOTLAND, Band, Cuts, cuts, words
from ci_eval.agreement.betabinomial import distribution
from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, refuse

SURE = 0.8  # below this probability a sentence hedges its word
PRIOR = 0.5  # Jeffreys
HEADLINE = "CANNOT COMPUTE the sureness of a word"


def word_probabilities(
    agree: ArrayLike,
    answered: ArrayLike,
    asked: ArrayLike | None = None,
    *,
    bands: Sequence[Band] = EDUCATION_SCOTLAND,
    design_effect: float = 1.0,
) -> FloatArray:
    """Probability that each word is true of all who were asked.

    Examples
    --------
    >>> word_probabilities(46, 50, asked=60).round(2).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.22, 0.78, 0.0]

    Parameters
    ----------
    agree, answered : whole numbers of people, broadcast together to a shape S
    asked : people asked; None or NaN where not known
    design_effect : by how much clusters inflate the variance; 1 for people drawn one by one

    Returns
    -------
    float array of shape ``(*S, words)``, in the order of `ci_eval.agreement.words()`, lowest first. Each row
    sums to 1; NaN where nobody answered. With `asked` not known "none" and "all" have probability 0,
    because no sample shows what everybody thinks.

    Raises
    ------
    Refused
        For anything which is not a count, more agreeing than answering, fewer asked than answered, or a design
        effect below 1.
    """
    m, n, big_n, known = people_asked(agree, answered, asked, HEADLINE)
    if not (is_number(design_effect) and 1 <= design_effect < np.inf):
        refuse(HEADLINE, "design-effect", f"a design effect is a number of at least 1, not {design_effect!r}")
    scale = cuts(bands)
    flat = np.stack([m.ravel(), n.ravel(), big_n.ravel(), known.ravel()])
    cells, back = np.unique(flat, axis=1, return_inverse=True)
    result = _probabilities(cells[0], cells[1], cells[2], cells[3].astype(bool), scale, design_effect)
    result[cells[1] == 0] = np.nan
    return result[back].reshape(*m.shape, result.shape[-1])


def sureness(
    agree: ArrayLike,
    answered: ArrayLike,
    asked: ArrayLike | None = None,
    *,
    bands: Sequence[Band] = EDUCATION_SCOTLAND,
    design_effect: float = 1.0,
) -> Any:
    """Probability that the word of those who answered is true of all who were asked; NaN without answers.

    Parameters and errors as `word_probabilities`.

    Examples
    --------
    >>> round(sureness(46, 50, asked=60), 2)
    0.78
    """
    probabilities = word_probabilities(agree, answered, asked, bands=bands, design_effect=design_effect)
    own = _own_word(agree, answered, asked, bands)
    chosen = np.take_along_axis(probabilities, np.maximum(own, 0)[..., None], axis=-1)[..., 0]
    return as_scalar(np.asarray(chosen))


def hedged_word(
    agree: ArrayLike,
    answered: ArrayLike,
    asked: ArrayLike | None = None,
    sure: float = SURE,
    *,
    bands: Sequence[Band] = EDUCATION_SCOTLAND,
) -> Any:
    """The word, with the likeliest other word beside it where the word is less sure than `sure`.

    Examples
    --------
    >>> hedged_word(37, 50, asked=60)
    'majority, possibly most'

    Returns
    -------
    str or array of str, such as "most" or "most, possibly almost all"; the empty string where nobody
    answered.

    Raises
    ------
    Refused
        As `word_probabilities`, and for a `sure` outside 0 to 1.
    """
    if not (is_number(sure) and 0 <= sure <= 1):
        refuse(HEADLINE, "sure", f"sure is a probability from 0 to 1, not {sure!r}", fix="give 80% as 0.8")
    probabilities = word_probabilities(agree, answered, asked, bands=bands)
    own = _own_word(agree, answered, asked, bands)
    vocabulary = np.array([*words(bands=bands), ""])
    place = np.maximum(own, 0)[..., None]
    held = np.take_along_axis(probabilities, place, axis=-1)[..., 0]
    others = np.nan_to_num(probabilities)
    np.put_along_axis(others, place, -1.0, axis=-1)
    hedged = np.char.add(np.char.add(vocabulary[own], ", possibly "), vocabulary[others.argmax(axis=-1)])
    return as_scalar(np.where((own >= 0) & (held < sure), hedged, vocabulary[own]))


def _own_word(
    agree: ArrayLike, answered: ArrayLike, asked: ArrayLike | None, bands: Sequence[Band]
) -> IntArray:
    """Index of the word of those who answered among `words()`, -1 where nobody answered."""
    m, n, _, _ = people_asked(agree, answered, asked, HEADLINE)
    return np.where(n == 0, -1, cuts(bands).band(m, n))


def _probabilities(
    m: IntArray, n: IntArray, big_n: IntArray, known: BoolArray, scale: Cuts, effect: float
) -> FloatArray:
    """Probability of each word for each cell; shape (cells, words)."""
    a, b = m / effect + PRIOR, (n - m) / effect + PRIOR
    below = np.empty((m.size, len(scale.words) - 1))
    if known.any():
        unseen_below = scale.greatest_below(big_n[known]) - m[known, None]
        below[known] = distribution((big_n - n)[known], a[known], b[known], unseen_below)
    if not known.all():
        edges = scale.numerator / scale.denominator
        below[~known] = special.betainc(a[~known, None], b[~known, None], edges)
    below = np.maximum.accumulate(below, axis=1)  # rounding must not make a word less than impossible
    result: FloatArray = np.diff(below, axis=1, prepend=0.0, append=1.0)
    return result
