"""How much the people who answered agree with each other, whatever it is they say.

Methods: docs/methods.md A9. van der Eijk's agreement A (2001) is the headline; Tastle & Wierman's consensus
(2007) and rwg with a declared null (James, Demaree & Wolf 1984) stand beside it. All take counts over the
*declared* answers of an ordered scale on the last axis: answers nobody gave matter, because they say how
far apart people could have been.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ci_eval.agreement.arguments import as_scalar, count_array, numbers
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

HEADLINE = "CANNOT COMPUTE a consensus"


def van_der_eijk(counts: ArrayLike) -> Any:
    """Agreement A: 1 everybody gives one answer, 0 all answers equally often, -1 half at each end.

    Examples
    --------
    >>> van_der_eijk([0, 0, 0, 0, 9]), van_der_eijk([5, 0, 0, 0, 5])
    (1.0, -1.0)

    Parameters
    ----------
    counts : whole numbers of people, last axis the answers of an ordered scale (two or more)

    Returns
    -------
    float or float array; NaN where nobody answered.

    Raises
    ------
    Refused
        For what is not a count, or fewer than two answers on the scale.

    Validated against R agrmt and the table of layers in van der Eijk 2001.
    """
    n = _on_scale(counts)
    steps = np.sort(n, axis=-1)
    height = np.diff(steps, axis=-1, prepend=0)
    # the layer at each height covers the answers given at least that often
    pattern = n[..., None, :] >= steps[..., :, None]
    people_in_layer = height * pattern.sum(axis=-1)
    return _per_person((people_in_layer * _pattern_agreement(pattern)).sum(axis=-1), n)


def tastle_wierman(counts: ArrayLike) -> Any:
    """Consensus: 1 everybody gives one answer, 0 half at each end of the scale.

    Parameters, NaN rule and errors as `van_der_eijk`. Validated against R agrmt and stan-dev/posterior.

    Examples
    --------
    >>> round(tastle_wierman([0, 0, 1, 4, 4]), 2)
    0.76
    """
    n = _on_scale(counts)
    place = np.arange(n.shape[-1], dtype=float)
    middle = np.asarray(_per_person((n * place).sum(axis=-1), n))
    distance = np.abs(place - np.nan_to_num(middle)[..., None]) / (n.shape[-1] - 1)
    # at distance 1 everybody else is at distance 0, so that the answer carries no weight
    nearness = np.log2(np.maximum(1 - distance, np.finfo(float).tiny))
    total = np.maximum(n.sum(axis=-1), 1)
    value = 1 + (n * nearness).sum(axis=-1) / total
    return as_scalar(np.where(n.sum(axis=-1) > 0, value, np.nan))


def rwg(counts: ArrayLike, null: Literal["uniform"] | ArrayLike = "uniform") -> Any:
    """rwg: 1 - variance / variance expected of people answering as in the null, 0 at the least.

    Examples
    --------
    >>> round(rwg([0, 0, 1, 4, 4]), 2)
    0.75

    Parameters
    ----------
    counts : whole numbers of people, last axis the answers of an ordered scale
    null : "uniform", or the share of each answer expected without agreement (such as a skewed one, where
        people tend to be polite); the choice must be reported

    Returns
    -------
    float or float array; NaN where fewer than two people answered.

    Raises
    ------
    Refused
        For what is not a count, or a null that does not fit the scale, does not sum to 1, or has no variance.

    Validated against the expected variances of LeBreton & Senter 2008.
    """
    n = _on_scale(counts)
    place = np.arange(n.shape[-1], dtype=float)
    total = n.sum(axis=-1)
    mean = (n * place).sum(axis=-1) / np.maximum(total, 1)
    squares = (n * (place - mean[..., None]) ** 2).sum(axis=-1)
    variance = squares / np.maximum(total - 1, 1)
    value = np.maximum(0.0, 1 - variance / null_variance(n.shape[-1], null))
    return as_scalar(np.where(total > 1, value, np.nan))


def null_variance(answers: int, null: Literal["uniform"] | ArrayLike = "uniform") -> float:
    """Variance of answers 1, 2, … `answers` under the null of `rwg`; (answers² - 1) / 12 for "uniform"."""
    if isinstance(null, str):
        if null != "uniform":
            text = f"there is no null '{null}'"
            refuse(HEADLINE, "null", text, fix="give 'uniform' or the share of each answer")
        return (answers**2 - 1) / 12
    share = numbers(null, "null", HEADLINE)
    if share.shape != (answers,) or not (share >= 0).all() or abs(float(share.sum()) - 1) > 1e-6:
        refuse(HEADLINE, "null", f"the null must give {answers} shares, none negative, which sum to 1")
    place = np.arange(answers)
    variance = float(share @ (place - share @ place) ** 2)
    if variance <= 0:
        refuse(HEADLINE, "null", "the null has no variance, so that nothing can be compared with it")
    return variance


def _pattern_agreement(pattern: NDArray[np.bool_]) -> FloatArray:
    """A of layers in which an answer is either used (by equally many) or not; last axis the answers.

    Triplets of answers in order tell unimodal (used, used, not; not, used, used) from bimodal (used, not,
    used).
    """
    k = pattern.shape[-1]
    used = pattern.astype(np.int64)
    size = used.sum(axis=-1)
    left = used.cumsum(axis=-1) - used
    right = size[..., None] - left - used
    empty = 1 - used
    bimodal = (empty * left * right).sum(axis=-1)
    unimodal = (empty * (left * (left - 1) + right * (right - 1)) // 2).sum(axis=-1)
    both = (k - 2) * (unimodal + bimodal)
    top = (k - 2) * unimodal - (k - 1) * bimodal
    unimodality = np.divide(top, both, out=np.ones(size.shape), where=both > 0)
    return np.asarray(unimodality * (1 - (size - 1) / (k - 1)))


def _on_scale(counts: ArrayLike) -> IntArray:
    n = count_array(counts, "counts", HEADLINE)
    if n.ndim == 0 or n.shape[-1] < 2:
        refuse(HEADLINE, "scale", "counts over at least two answers of an ordered scale are needed")
    return n


def _per_person(total: FloatArray, n: IntArray) -> Any:
    people = n.sum(axis=-1)
    return as_scalar(np.divide(total, people, out=np.full(people.shape, np.nan), where=people > 0))
