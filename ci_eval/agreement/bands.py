"""The words for proportions as cut points, compared by whole numbers only.

Rule: docs/methods.md A2. The bands are data (`ci_eval.programme.load_bands`); this module checks that they
close without gap or overlap and turns them into integer comparisons, so that 9 of 10 lies exactly on 90%.
"None" and "all" are bands of a single point, 0 and 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ci_eval.agreement.arguments import refuse
from ci_eval.agreement.refusals import BoolArray, IntArray
from ci_eval.programme import Band, load_bands

LARGEST_DENOMINATOR = 10**8  # six decimals of a per cent; with checks.MOST_PEOPLE inside 64 bits

__all__ = ["Band", "Cuts", "cuts", "words"]


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


def cuts(bands: Sequence[Band] | None = None) -> Cuts:
    """The cut points of `bands`, of the programme's own bands by default.

    Raises
    ------
    Refused
        If the bands leave a gap, overlap, or do not run from 0 to 1.
    """
    return _cuts(load_bands() if bands is None else tuple(bands))


def words(bands: Sequence[Band] | None = None) -> tuple[str, ...]:
    """Every word a share can have, lowest first: "none", "few" … "almost all", "all"."""
    return cuts(bands).words


@lru_cache(maxsize=16)
def _cuts(bands: tuple[Band, ...]) -> Cuts:
    what = "words for proportions"
    ordered = sorted(bands, key=lambda band: (band.above, band.up_to))
    if not ordered or ordered[0].above != 0 or ordered[-1].up_to != 1:
        refuse(what, "bands", "the bands do not run from 0% to 100%", fix="add the missing band")
    if not (ordered[0].above_included and ordered[-1].up_to_included):
        refuse(what, "bands", "a share of 0% or 100% has no word", fix="include 0% and 100% in a band")
    for lower, upper in pairwise(ordered):
        if lower.up_to != upper.above or lower.up_to_included == upper.above_included:
            refuse(
                what,
                "bands",
                f"'{lower.word}' ends at {float(lower.up_to):.6g} and '{upper.word}' begins at "
                f"{float(upper.above):.6g}: a share there has no word, or two",
                fix="let the two bands meet, and exactly one of them include the edge",
            )
    edges = [band.up_to for band in ordered[:-1]]
    if any(edge.denominator > LARGEST_DENOMINATOR for edge in edges):
        refuse(
            what,
            "bands",
            "an edge is too fine to compare",
            fix="give edges in per cent, six decimals at most",
        )
    return Cuts(
        tuple(band.word for band in ordered),
        np.array([edge.numerator for edge in edges], dtype=np.int64),
        np.array([edge.denominator for edge in edges], dtype=np.int64),
        np.array([band.up_to_included for band in ordered[:-1]], dtype=bool),
    )
