"""The words for proportions, and their edges compared by whole numbers only.

Rule: docs/methods.md A2. A scale of words is a sequence of `Band`, given to every function that needs one;
`EDUCATION_SCOTLAND` is the published scale. This module checks that bands close without gap or overlap and
turns them into comparisons of whole numbers, so that 9 of 10 lies exactly on 90%.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ci_eval.agreement.refusals import BoolArray, IntArray, refuse

HEADLINE = "CANNOT COMPUTE words for proportions"
LARGEST_DENOMINATOR = 10**8  # six decimals of a per cent; with arguments.MOST_PEOPLE inside 64 bits


class Band(NamedTuple):
    """A word and the shares it is used for, from `above` to `up_to` (fractions of 1)."""

    word: str
    above: Fraction
    above_included: bool
    up_to: Fraction
    up_to_included: bool

    def holds(self, share: Fraction) -> bool:
        """Whether a share, as an exact fraction, lies in the band."""
        over = share >= self.above if self.above_included else share > self.above
        under = share <= self.up_to if self.up_to_included else share < self.up_to
        return over and under


# The published scale leaves 49-50% and 74-75% open and puts 15% in two bands; these edges close it (A2).
FEW, HALF, THREE_QUARTERS, NINE_TENTHS = Fraction(15, 100), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)
EDUCATION_SCOTLAND = (
    Band("none", Fraction(0), True, Fraction(0), True),
    Band("few", Fraction(0), False, FEW, True),
    Band("less than half", FEW, False, HALF, False),
    Band("majority", HALF, True, THREE_QUARTERS, False),
    Band("most", THREE_QUARTERS, True, NINE_TENTHS, True),
    Band("almost all", NINE_TENTHS, False, Fraction(1), False),
    Band("all", Fraction(1), True, Fraction(1), True),
)


@dataclass(frozen=True)
class Cuts:
    """The edges between neighbouring bands, lowest first.

    Attributes
    ----------
    words : word of each band, lowest first
    numerator, denominator : int64 (edges,), the edges as fractions
    included : bool (edges,), whether a share exactly on the edge belongs to the lower band
    """

    words: tuple[str, ...]
    numerator: IntArray
    denominator: IntArray
    included: BoolArray

    def band(self, agree: IntArray, answered: IntArray) -> IntArray:
        """Index of the band in which agree/answered lies; meaningless where nobody answered."""
        left = agree[..., None] * self.denominator
        right = answered[..., None] * self.numerator
        passed: IntArray = np.where(self.included, left > right, left >= right).sum(axis=-1)
        return passed

    def greatest_below(self, people: IntArray) -> IntArray:
        """Greatest count of `people` still below each edge; shape (..., edges)."""
        scaled = people[..., None] * self.numerator
        below: IntArray = np.where(
            self.included, scaled // self.denominator, (scaled - 1) // self.denominator
        )
        return below


def words(*, bands: Sequence[Band] = EDUCATION_SCOTLAND) -> tuple[str, ...]:
    """Every word a share can have, lowest first.

    Examples
    --------
    >>> words()
    ('none', 'few', 'less than half', 'majority', 'most', 'almost all', 'all')
    """
    return cuts(bands).words


def cuts(bands: Sequence[Band]) -> Cuts:
    """The cut points of `bands`.

    Raises
    ------
    Refused
        If the bands leave a gap, overlap, or do not run from 0 to 1.
    """
    return _cuts(tuple(bands))


@lru_cache(maxsize=16)
def _cuts(bands: tuple[Band, ...]) -> Cuts:
    ordered = sorted(bands, key=lambda band: (band.above, band.up_to))
    if not ordered or ordered[0].above != 0 or ordered[-1].up_to != 1:
        refuse(HEADLINE, "bands", "the bands do not run from 0% to 100%", fix="add the missing band")
    if not (ordered[0].above_included and ordered[-1].up_to_included):
        refuse(HEADLINE, "bands", "a share of 0% or 100% has no word", fix="include 0% and 100% in a band")
    for lower, upper in pairwise(ordered):
        if lower.up_to != upper.above or lower.up_to_included == upper.above_included:
            text = (
                f"'{lower.word}' ends at {float(lower.up_to):.6g} and '{upper.word}' begins at "
                f"{float(upper.above):.6g}: a share there has no word, or two"
            )
            fix = "let the two bands meet, and exactly one of them include the edge"
            refuse(HEADLINE, "bands", text, fix=fix)
    edges = [band.up_to for band in ordered[:-1]]
    if any(edge.denominator > LARGEST_DENOMINATOR for edge in edges):
        text = "an edge is too fine to compare"
        refuse(HEADLINE, "bands", text, fix="give edges in per cent, six decimals at most")
    return Cuts(
        tuple(band.word for band in ordered),
        np.array([edge.numerator for edge in edges], dtype=np.int64),
        np.array([edge.denominator for edge in edges], dtype=np.int64),
        np.array([band.up_to_included for band in ordered[:-1]], dtype=bool),
    )
