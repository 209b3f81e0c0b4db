"""Two groups, or two periods, statement by statement, in one table.

Method: docs/methods.md A8. Each statement gets the difference of shares, the probability of superiority
over the whole scale with its p, p-values adjusted for looking at all statements, and the probability that
the word truly differs.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ci_eval.agreement.bands import Band
from ci_eval.agreement.checks import IntArray, refuse
from ci_eval.agreement.counts import Counts
from ci_eval.agreement.differences import Pair, difference, holm, word_change
from ci_eval.agreement.shares import share, word
from ci_eval.agreement.superiority import superiority

WHAT = "a comparison"


def compare(
    first: Counts,
    second: Counts,
    *,
    asked_first: int | None = None,
    asked_second: int | None = None,
    overlap: ArrayLike = 0,
    correlation: float = 0.0,
    level: float = 0.95,
    bands: Sequence[Band] | None = None,
) -> pd.DataFrame:
    """Compare two groups or periods on every statement that either was asked.

    Parameters
    ----------
    first, second : counts with one group each (`Counts.only`, `Counts.together`) on the same scale
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
    InputError
        If counts hold several groups, scales differ, or agreeing lies at neither end of the scale.
    """
    statements = list(dict.fromkeys([*first.statements, *second.statements]))
    x, y = _rows(first, statements), _rows(second, statements)
    if (first.scale, first.agree) != (second.scale, second.agree):
        refuse(WHAT, "scale", "the two have different scales, so that their answers cannot be compared")
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
            "word_first": word(m1, n1, bands),
            "word_second": word(m2, n2, bands),
            "difference": apart,
            "low": low,
            "high": high,
            "superiority": above.estimate,
            "superiority_low": above.low,
            "superiority_high": above.high,
            "p": above.p,
            "p_holm": holm(above.p),
            "test": above.test,
            "word_changed": word_change(pair, bands).changed,
        },
        index=pd.Index(statements, name="statement"),
    )


def _rows(counts: Counts, statements: list[str]) -> IntArray:
    """Counts on the scale, one row a statement, zeros for a statement that was not asked."""
    if len(counts.groups) != 1:
        refuse(
            WHAT,
            "groups",
            f"one group a side is compared, not {len(counts.groups)}",
            mend="choose with only()",
        )
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
    refuse(WHAT, "scale", "the answers that agree do not stand at one end of the scale")
