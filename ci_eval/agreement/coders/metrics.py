"""How far two codes are apart: the metrics of Krippendorff's alpha.

Each gives, for patterns drawn with any weights, the distances within units and between all codes, without an
array units × values × values: nominal from the margins, interval from sums of squares, ordinal as the
interval metric of mid-ranks, ratio and tables of distances by blocks of values.

Methods: docs/methods.md B1. Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from ci_eval.agreement.coders.agreement_result import CODERS
from ci_eval.agreement.coders.category_weights import ratio_distance
from ci_eval.agreement.coders.codes import GIVE_CATEGORIES, written
from ci_eval.agreement.coders.patterns import Patterns
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

BLOCK = 4_000_000  # distances held at a time


class Metric(ABC):
    """Distances δ between the codes of count patterns, each of at least two codes.

    Weights are (draw, pattern): how often each pattern occurs. r codes are given in a unit, r_k of them k;
    n_k codes are k over all units. `unit` turns δ back into the unit of the values.
    """

    unit = 1.0

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns

    @abstractmethod
    def within(self, weights: FloatArray) -> FloatArray:
        """Σ over units of Σ_{kl} r_k r_l δ_kl / (r − 1), for each draw."""

    @abstractmethod
    def between(self, weights: FloatArray) -> FloatArray:
        """Σ_{kl} n_k n_l δ_kl, for each draw."""


class Fixed(Metric):
    """A metric whose distances are the same in every draw."""

    def __init__(self, patterns: Patterns) -> None:
        super().__init__(patterns)
        rows = patterns.rows
        total = np.zeros(len(rows))
        for shift in range(1, rows.shape[1]):
            first, second = rows[:, :-shift], rows[:, shift:]  # sorted, so a given second has a given first
            both = second >= 0
            total += 2 * np.where(both, self.distance(first, np.where(both, second, first)), 0.0).sum(axis=1)
        self.unit_within: FloatArray = total / (patterns.given - 1)

    @abstractmethod
    def distance(self, first: IntArray, second: IntArray) -> FloatArray:
        """δ of the codes at the same places of two arrays."""

    @abstractmethod
    def to_all(self, margins: FloatArray) -> FloatArray:
        """Σ_l n_l δ_kl for each value k (draw, value), from margins n (draw, value)."""

    def within(self, weights: FloatArray) -> FloatArray:
        return np.asarray(weights @ self.unit_within)

    def between(self, weights: FloatArray) -> FloatArray:
        margins = self.patterns.margins(weights)
        return np.asarray((margins * self.to_all(margins)).sum(axis=1))

    def unit_between(self) -> FloatArray:
        """Σ_k r_k Σ_l n_l δ_kl for each pattern, from the margins of the data."""
        margins = self.patterns.margins(self.patterns.times[None, :].astype(np.float64))
        return np.asarray(self.patterns.sums(self.to_all(margins))[0])


class Nominal(Fixed):
    """δ = 1 where the codes differ."""

    def distance(self, first: IntArray, second: IntArray) -> FloatArray:
        return np.asarray(first != second, dtype=np.float64)

    def to_all(self, margins: FloatArray) -> FloatArray:
        return np.asarray(margins.sum(axis=1, keepdims=True) - margins)


class Interval(Fixed):
    """δ = (v_k − v_l)², the values taken from their middle and scaled lest squares vanish or overflow."""

    def __init__(self, patterns: Patterns) -> None:
        values = numbers(patterns, "interval")
        largest = float(np.abs(values).max(initial=0)) or 1.0
        centred = values / largest - np.median(values / largest) if len(values) else values
        widest = float(np.abs(centred).max(initial=0)) or 1.0
        self.scores = centred / widest
        self.unit = (largest * widest) * (largest * widest)  # inf, where ** would raise
        super().__init__(patterns)
        given, codes = patterns.rows >= 0, np.maximum(patterns.rows, 0)
        scores = np.where(given, self.scores[codes] if len(values) else 0.0, 0.0)
        self.first, self.second = scores.sum(axis=1), (scores**2).sum(axis=1)

    def distance(self, first: IntArray, second: IntArray) -> FloatArray:
        return np.asarray((self.scores[first] - self.scores[second]) ** 2)

    def to_all(self, margins: FloatArray) -> FloatArray:
        v, codes = self.scores, margins.sum(axis=1, keepdims=True)
        return np.asarray(codes * v**2 - 2 * v * (margins @ v)[:, None] + (margins @ v**2)[:, None])

    def between(self, weights: FloatArray) -> FloatArray:
        codes = weights @ self.patterns.given
        return np.asarray(2 * (codes * (weights @ self.second) - (weights @ self.first) ** 2))


class Ordinal(Metric):
    """δ = (Σ n_g for g from k to l − (n_k + n_l) / 2)²: the interval metric of the mid-ranks of each draw."""

    def ranks(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        margins = self.patterns.margins(weights)
        codes = np.maximum(margins.sum(axis=1, keepdims=True), 1.0)
        return margins, (margins.cumsum(axis=1) - margins / 2) / codes - 0.5

    def within(self, weights: FloatArray) -> FloatArray:
        _, rank = self.ranks(weights)
        first, second, given = self.patterns.sums(rank), self.patterns.sums(rank**2), self.patterns.given
        differ = self.patterns.lowest < self.patterns.highest  # what agrees is 0, not 0 give or take rounding
        return np.asarray((weights * differ * 2 * (given * second - first**2) / (given - 1)).sum(axis=1))

    def between(self, weights: FloatArray) -> FloatArray:
        margins, rank = self.ranks(weights)
        first, second = (margins * rank).sum(axis=1), (margins * rank**2).sum(axis=1)
        return np.asarray(2 * (margins.sum(axis=1) * second - first**2))


class Blocks(Fixed):
    """A metric without a closed form: distances of a block of values to all values, block after block."""

    def block(self, values: slice) -> FloatArray:
        """δ (value of the block, value)."""
        every = np.arange(self.patterns.size)
        return self.distance(every[values, None], every)

    def to_all(self, margins: FloatArray) -> FloatArray:
        size = self.patterns.size
        step = max(1, BLOCK // max(size, 1))
        parts = [margins @ self.block(slice(start, start + step)).T for start in range(0, size, step)]
        return np.concatenate(parts, axis=1) if parts else margins


class Ratio(Blocks):
    """δ = ((v_k − v_l) / (v_k + v_l))², for numbers from 0 upwards; 0 between 0 and 0."""

    def __init__(self, patterns: Patterns) -> None:
        values = numbers(patterns, "ratio")
        if len(values) and values.min() < 0:
            least = written(float(values.min()))
            text = f'The ratio metric is for quantities of 0 or more; a code is "{least}".'
            fix = 'use metric="interval" where 0 is not the absence of the quantity'
            refuse(CODERS, "negative", text, fix=fix)
        self.scores = values / (float(values.max(initial=0)) or 1.0)
        super().__init__(patterns)

    def distance(self, first: IntArray, second: IntArray) -> FloatArray:
        return ratio_distance(self.scores[first], self.scores[second])


class Table(Blocks):
    """δ from a declared table of distances between the declared categories."""

    def __init__(self, patterns: Patterns, table: Any) -> None:
        try:
            distances = np.asarray(table, dtype=np.float64)
        except (TypeError, ValueError):
            distances = np.empty(0)
        size = (patterns.size, patterns.size)
        right = (
            distances.shape == size and bool(np.isfinite(distances).all()) and bool((distances >= 0).all())
        )
        if not right or np.diagonal(distances).any() or (distances != distances.T).any():
            text = (
                f"The distances are not a symmetric {size[0]} by {size[1]} table for the categories in use, "
                "0 on its diagonal and never negative."
            )
            fix = 'give one distance for every pair of categories, or a metric by name, such as "ordinal"'
            refuse(CODERS, "distances", text, fix=fix)
        if not patterns.declared:
            text = "A table of distances needs to know whose distances they are."
            refuse(CODERS, "distances", text, fix=GIVE_CATEGORIES)
        self.distances = distances
        super().__init__(patterns)

    def distance(self, first: IntArray, second: IntArray) -> FloatArray:
        return np.asarray(self.distances[first, second])


def numbers(patterns: Patterns, metric: str) -> FloatArray:
    """The values as numbers; refused where the codes are text."""
    if patterns.categories.dtype.kind not in "iuf" and len(patterns.categories):
        text = f'The {metric} metric compares numbers; a code is "{patterns.categories[0]}".'
        refuse(CODERS, "not-numbers", text, fix='give the numbers, or use metric="nominal" or "ordinal"')
    return patterns.categories.astype(np.float64)
