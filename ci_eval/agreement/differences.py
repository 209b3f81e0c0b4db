"""How far two shares lie apart, whether a word changed, and many statements compared at once.

Method: docs/methods.md A8. The interval of a difference is Newcombe's (1998, method 10): the limits of the two
shares combined by the method of variance estimates recovery (Zou & Donner 2008), so that a known number of
people asked narrows it as in A3. `compare` puts all of it into one table for two sets of counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ci_eval.agreement.answer_counts import Counts
from ci_eval.agreement.arguments import (
    as_scalar,
    broadcast,
    is_number,
    numbers,
    people,
    refuse_where,
    same_rows,
)
from ci_eval.agreement.bands import EDUCATION_SCOTLAND, Band
from ci_eval.agreement.intervals import interval
from ci_eval.agreement.ordinal_comparison import superiority
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse
from ci_eval.agreement.shares import share, word
from ci_eval.agreement.word_probability import word_probabilities

HEADLINE = "CANNOT COMPUTE a difference of shares"
COMPARISON = "CANNOT COMPUTE a comparison"
ADJUSTED = "CANNOT COMPUTE adjusted p-values"


@dataclass(frozen=True)
class Pair:
    """Counts of two groups or periods, broadcast together: people agreeing, answering, and asked if known."""

    agree_first: ArrayLike
    answered_first: ArrayLike
    agree_second: ArrayLike
    answered_second: ArrayLike
    asked_first: ArrayLike | None = None
    asked_second: ArrayLike | None = None


def difference(
    pair: Pair, level: float = 0.95, overlap: ArrayLike = 0, correlation: float = 0.0
) -> tuple[Any, Any, Any]:
    """Second share minus first, with an interval.

    Examples
    --------
    >>> d, low, high = difference(Pair(40, 50, 46, 50))
    >>> f"{d:.2f} ({low:.2f} to {high:.2f})"
    '0.12 (-0.02 to 0.26)'

    Parameters
    ----------
    pair : counts of the first and second group or period
    level : level of the interval
    overlap : people known to have answered in both, at most the smaller number of answers
    correlation : assumed correlation of a person's two answers. With 0, the default, an overlap changes
        nothing, which is cautious as long as people tend to answer as they did before

    Returns
    -------
    (difference, low, high), floats or float arrays from -1 to 1; NaN where nobody answered in one of the two.

    Raises
    ------
    Refused
        For what is not a count, an overlap larger than either number of answers, a correlation outside -1
        to 1.

    Validated against Newcombe 1998 table II and statsmodels confint_proportions_2indep.
    """
    same_rows(HEADLINE, *vars(pair).values())
    _, n1 = people(pair.agree_first, pair.answered_first, HEADLINE)
    _, n2 = people(pair.agree_second, pair.answered_second, HEADLINE)
    n1, n2, both = broadcast(HEADLINE, n1, n2, numbers(overlap, "overlap", HEADLINE))
    too_many = ~((both >= 0) & (both <= np.minimum(n1, n2)))
    refuse_where(too_many, HEADLINE, "overlap", "more people answered in both than in one of them", both)
    if not (is_number(correlation) and -1 <= correlation <= 1):
        refuse(HEADLINE, "correlation", f"a correlation lies between -1 and 1, not {correlation!r}")
    p1, p2 = np.asarray(share(pair.agree_first, n1)), np.asarray(share(pair.agree_second, n2))
    low1, high1 = interval(pair.agree_first, n1, pair.asked_first, level)
    low2, high2 = interval(pair.agree_second, n2, pair.asked_second, level)
    r = correlation * both / np.sqrt(np.maximum(n1, 1) * np.maximum(n2, 1))
    down = _joined(p2 - low2, high1 - p1, r)
    up = _joined(high2 - p2, p1 - low1, r)
    d = p2 - p1
    return as_scalar(d), as_scalar(np.maximum(d - down, -1.0)), as_scalar(np.minimum(d + up, 1.0))


def word_change(pair: Pair, *, bands: Sequence[Band] = EDUCATION_SCOTLAND) -> Any:
    """The probability that the word of everybody asked truly differs between two groups or periods.

    Both posteriors of A4 are taken as independent; where the same people answered twice, the true probability of a
    change is smaller.

    Examples
    --------
    >>> float(word_change(Pair(40, 50, 46, 50, 50, 50)))  # everybody answered: "most" became "almost all"
    1.0

    Returns
    -------
    float or float array; NaN where nobody answered in one of the two. Errors as `difference`.
    """
    same_rows(HEADLINE, *vars(pair).values())
    first = word_probabilities(pair.agree_first, pair.answered_first, pair.asked_first, bands=bands)
    second = word_probabilities(pair.agree_second, pair.answered_second, pair.asked_second, bands=bands)
    broadcast(HEADLINE, first[..., 0], second[..., 0])  # refuses what does not line up, in the shapes given
    first, second = np.broadcast_arrays(first, second)
    return as_scalar(np.clip(1 - (first * second).sum(axis=-1), 0.0, 1.0))


def holm(p: ArrayLike) -> FloatArray:
    """Holm's adjusted p-values of one family, whatever its shape; NaN is not part of the family and stays
    NaN.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.02]).round(2).tolist()
    [0.03, 0.04, 0.04]

    Raises
    ------
    Refused
        For values outside 0 to 1. Validated against R multtest.
    """
    values = numbers(p, "p", ADJUSTED)
    tested = ~np.isnan(values)
    refuse_where(tested & ~((values >= 0) & (values <= 1)), ADJUSTED, "p", "p lies between 0 and 1", values)
    adjusted = np.full(values.shape, np.nan)
    family = values[tested]
    order = np.argsort(family, kind="stable")
    steps = np.maximum.accumulate(family[order] * np.arange(family.size, 0, -1))
    result = np.empty(family.size)
    result[order] = np.minimum(steps, 1.0)
    adjusted[tested] = result
    return adjusted


def _joined(own: Any, other: Any, r: Any) -> Any:
    return np.sqrt(np.maximum(own**2 + other**2 - 2 * r * own * other, 0.0))


def compare(
    first: Counts,
    second: Counts,
    *,
    asked_first: int | None = None,
    asked_second: int | None = None,
    overlap: ArrayLike = 0,
    correlation: float = 0.0,
    level: float = 0.95,
    bands: Sequence[Band] = EDUCATION_SCOTLAND,
) -> pd.DataFrame:
    """Compare two groups or periods on every statement that either was asked.

    Examples
    --------
    >>> import pandas as pd
    >>> from ci_eval.agreement import counts
    >>> first, second = ["Yes"] * 30 + ["No"] * 20, ["Yes"] * 45 + ["No"] * 5
    >>> declared = [["s01"], ["Yes", "No"], ["Yes", "No"], ["Yes"]]  # statements, answers, scale, agreeing
    >>> before, after = (counts(pd.DataFrame({"s01": given}), *declared) for given in (first, second))
    >>> compare(before, after)[["word_first", "word_second"]].iloc[0].tolist()
    ['majority', 'most']

    Parameters
    ----------
    first, second : counts with one group each, on the same scale
    asked_first, asked_second : people asked, where known
    overlap, correlation : people who answered in both periods, as in `difference`
    level : level of the intervals

    Returns
    -------
    DataFrame indexed by statement: answered_first, answered_second, share_first, share_second, word_first,
    word_second, difference (second - first), low, high, superiority (chance that a person of `second`
    agrees more than one of `first`, equal answers counting half), superiority_low, superiority_high, p,
    p_holm, test, word_changed. A statement asked of one side only has NaN and "", and is not part of the
    Holm family.

    Raises
    ------
    Refused
        If counts hold several groups, scales differ, or agreeing lies at neither end of the scale.
    """
    statements = list(dict.fromkeys([*first.statements, *second.statements]))
    x, y = _rows(first, statements), _rows(second, statements)
    if (first.scale, first.agree) != (second.scale, second.agree):
        refuse(COMPARISON, "scale", "the two have different scales, so that their answers cannot be compared")
    agreeing = [first.scale.index(answer) for answer in first.agree]
    m1, m2 = x[:, agreeing].sum(axis=1), y[:, agreeing].sum(axis=1)
    n1, n2 = x.sum(axis=1), y.sum(axis=1)
    pair = Pair(m1, n1, m2, n2, asked_first, asked_second)
    apart, low, high = difference(pair, level, np.where((n1 > 0) & (n2 > 0), overlap, 0), correlation)
    upwards = _most_agreement_last(first)
    above = superiority(x[:, upwards], y[:, upwards], level)
    return pd.DataFrame(
        {
            "answered_first": n1,
            "answered_second": n2,
            "share_first": share(m1, n1),
            "share_second": share(m2, n2),
            "word_first": word(m1, n1, bands=bands),
            "word_second": word(m2, n2, bands=bands),
            "difference": apart,
            "low": low,
            "high": high,
            "superiority": above.estimate,
            "superiority_low": above.low,
            "superiority_high": above.high,
            "p": above.p,
            "p_holm": holm(above.p),
            "test": above.test,
            "word_changed": word_change(pair, bands=bands),
        },
        index=pd.Index(statements, name="statement"),
    )


def _rows(counts: Counts, statements: list[str]) -> IntArray:
    """Counts on the scale, one row a statement, zeros for a statement that was not asked."""
    if len(counts.groups) != 1:
        text = f"one group a side is compared, not {len(counts.groups)}"
        refuse(COMPARISON, "groups", text, fix="count the rows of one group")
    own = dict(zip(counts.statements, counts.on_scale[:, 0], strict=True))
    nobody = np.zeros(len(counts.scale), dtype=np.int64)
    return np.array([own.get(statement, nobody) for statement in statements])


def _most_agreement_last(counts: Counts) -> list[int]:
    """Order of the scale's answers from least to most agreement."""
    order = list(range(len(counts.scale)))
    place = [counts.scale.index(answer) for answer in counts.agree]
    if place and set(place) == set(order[: len(place)]):
        return order[::-1]
    if place and set(place) == set(order[-len(place) :]):
        return order
    refuse(COMPARISON, "scale", "the answers that agree do not stand at one end of the scale")
