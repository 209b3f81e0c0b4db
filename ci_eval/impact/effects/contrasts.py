"""Estimators as weights on cohort means: cells, how they are averaged, and the contrast they make.

Method: docs/methods.md C2, θ = Σ W[g, t] Ȳ[g, t]. W may depend on the cohorts' weights, which change when the
rollout order is permuted and units do not count the same; it is therefore kept as a function of them.

Method: docs/methods.md C2; Callaway & Sant'Anna 2021, section 3.2. Cells are averaged within bins, and bins into
one number: cells count by the weight of their cohort, bins equally, except that cohorts keep their weight.

Method: docs/methods.md C2. What Callaway & Sant'Anna and Sun & Abraham share; they differ in whom a cohort is
compared with and in the base of the years before exposure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, refuse
from ci_eval.impact.design import PLACEBO, Cell, Design

WHAT = "CANNOT ESTIMATE AN EFFECT"
ONE = 1e-8  # how far the response of a contrast to an effect of one may lie from one
Builder = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Contrast:
    """One estimator in one design.

    Attributes
    ----------
    name : what is estimated, in words
    estimator : "Callaway–Sant’Anna", …
    design : the design it was made for
    build : cohort weights (..., G) -> W (..., G, T)
    pattern : (G, T) cells which an effect of one is added to when the test is inverted; W then gives one
    key : year or collections since exposure for elements of an aggregate; None for an overall one
    exposed_units, control_units : units on either side, counted once
    influence : cohort weights and means (G, T) -> (κ, d), see `standard_errors`; None where it is not derived
    """

    name: str
    estimator: str
    design: Design
    build: Builder
    pattern: FloatArray
    key: int | None = None
    exposed_units: int = 0
    control_units: int = 0
    influence: Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]] | None = None

    @cached_property
    def weights(self) -> FloatArray:
        """(G, T) weights on the cohort means of the design itself."""
        return self.build(self.design.weight)

    def checked(self) -> "Contrast":
        """The contrast, refused unless it ignores units' and years' levels and gives an effect of one as one."""
        weights = self.weights
        size = max(1.0, float(np.abs(weights).sum()))
        levels = max(np.abs(weights.sum(axis=1)).max(), np.abs(weights.sum(axis=0)).max())
        if not np.isfinite(weights).all() or levels > ONE * size:
            refuse(WHAT, "not-a-contrast", f"The weights of {self.name} do not sum to zero.")
        if not abs(float((weights * self.pattern).sum()) - 1) <= ONE * size:  # NaN too
            refuse(WHAT, "response", f"An effect of one is not one in {self.name}.", fix="check its pattern")
        return self


Aggregate = Literal["simple", "group", "dynamic", "calendar"]
Clock = Literal["collections", "years"]
WHAT_AGGREGATES = "CANNOT ESTIMATE AN EFFECT"


@dataclass(frozen=True)
class Bins:
    """Cells sorted into bins.

    Attributes
    ----------
    group : (K,) cohort of each cell
    member : (bins, K) which cells a bin holds
    key : (bins,) what the bin is: cohort's first year, time since exposure, or year, as a number
    bins_by_weight : bins are averaged by the weight of their cohort, otherwise equally
    """

    group: IntArray
    member: BoolArray
    key: tuple[int, ...]
    bins_by_weight: bool

    def within(self, weight: FloatArray) -> FloatArray:
        """(..., bins, K) shares of the cells in each bin: each counts by the weight of its cohort, (..., G)."""
        shares = weight[..., None, self.group] * self.member
        return np.asarray(shares / shares.sum(axis=-1, keepdims=True))

    def across(self, weight: FloatArray) -> FloatArray:
        """(..., bins) shares of the bins in the overall number."""
        if not self.bins_by_weight:
            return np.full((*weight.shape[:-1], len(self.member)), 1 / len(self.member))
        each = weight[..., self.group[self.member.argmax(axis=1)]]
        return np.asarray(each / each.sum(axis=-1, keepdims=True))

    def within_slope(self, weight: FloatArray, effects: FloatArray) -> FloatArray:
        """(bins, G) derivative of each bin's average of `effects` (K,) by the cohort weights."""
        slope = np.zeros((len(self.member), len(weight)))
        total = (weight[self.group] * self.member).sum(axis=1, keepdims=True)
        average = self.within(weight) @ effects
        away = (effects - average[:, None]) * self.member / total
        np.add.at(slope.T, self.group, away.T)
        return slope

    def across_slope(self, weight: FloatArray, averages: FloatArray) -> FloatArray:
        """(G,) derivative of the overall number by the cohort weights, averages of the bins held fixed."""
        slope = np.zeros(len(weight))
        if self.bins_by_weight:
            owner = self.group[self.member.argmax(axis=1)]
            overall = self.across(weight) @ averages
            np.add.at(slope, owner, (averages - overall) / weight[owner].sum())
        return slope

    @property
    def used(self) -> list[int]:
        """Places of the cells that some bin holds."""
        return [int(place) for place in np.flatnonzero(self.member.any(axis=0))]

    def each(self) -> tuple["Bins", ...]:
        """Every bin by itself."""
        one = np.eye(len(self.key), dtype=bool)
        return tuple(self.only(row) for row in one)

    def only(self, bins: BoolArray) -> "Bins":
        """Some of the bins."""
        keys = tuple(key for key, wanted in zip(self.key, bins, strict=True) if wanted)
        return Bins(self.group, self.member[bins], keys, self.bins_by_weight)


def bins(design: Design, cells: tuple[Cell, ...], aggregate: Aggregate, clock: Clock = "collections") -> Bins:
    """Sort cells into the bins of an aggregate; placebos belong to "dynamic" only.

    Parameters
    ----------
    clock : time since exposure in observed "collections" (positions) or in true "years"; the two differ only
        across a missing year

    Raises
    ------
    Refused
        For an aggregate or clock that does not exist.
    """
    if aggregate not in ("simple", "group", "dynamic", "calendar") or clock not in ("collections", "years"):
        text = f"There is no aggregate {aggregate!r} by {clock!r}."
        refuse(
            WHAT_AGGREGATES,
            "aggregate",
            text,
            fix="use simple, group, dynamic or calendar; collections or years",
        )
    group = np.array([cell.group for cell in cells], dtype=np.int64)
    year = np.array([cell.year for cell in cells], dtype=np.int64)
    exposed = year >= design.first[group]
    number = np.array(design.years.numbers)
    since = (
        year - design.first[group] if clock == "collections" else number[year] - number[design.first[group]]
    )
    keys = {
        "simple": np.zeros_like(group),
        "group": number[design.first[group]],
        "dynamic": since,
        "calendar": number[year],
    }[aggregate]
    used = np.ones_like(exposed) if aggregate == "dynamic" else exposed
    found = np.unique(keys[used])
    member = (keys == found[:, None]) & used
    key = tuple(int(value) for value in found)
    return Bins(group, member, key, bins_by_weight=aggregate == "group")


def bin_name(design: Design, aggregate: Aggregate, clock: Clock, key: int) -> str:
    """A bin in words: ``Effect in 2021-22``, ``Placebo, -2 collections from exposure``."""
    if aggregate == "dynamic":
        return f"{'Effect' if key >= 0 else 'Placebo'}, {key:+d} {clock} from exposure"
    if aggregate == "simple":
        return "Effect, simple average"
    label = design.years.labels[design.years.numbers.index(key)]
    return f"Effect, cohort {label}" if aggregate == "group" else f"Effect in {label}"


class Blocks:
    """Cells as arrays: who is compared (K, G), with whom (K, G), and which years (K, T)."""

    def __init__(self, design: Design, found: tuple[Cell, ...]) -> None:
        self.design, self.cells = design, found
        groups, years = np.arange(design.cohorts), np.arange(len(design.years))
        self.own = np.array([groups == cell.group for cell in found])
        self.against = np.array([np.isin(groups, cell.controls) for cell in found])
        self.change = np.array([(years == cell.year) * 1.0 - (years == cell.base) for cell in found])

    def contrast(self, name: str, estimator: str, found: Bins, key: int | None) -> Contrast:
        """The contrast that averages cells within bins, and bins into one number."""

        def build(weight: FloatArray) -> FloatArray:
            share = np.einsum("...b,...bk->...k", found.across(weight), found.within(weight))
            side = self.own - self._pool(weight)
            return np.asarray(np.swapaxes(share[..., None] * side, -1, -2) @ self.change)

        def influence(weight: FloatArray, means: FloatArray) -> tuple[FloatArray, FloatArray]:
            return self._influence(found, weight, means)

        used = [self.cells[place] for place in found.used]
        pattern = self.design.exposed.astype(np.float64)
        if any(cell.status == PLACEBO for cell in used):
            # Years before exposure: a departure in the cells averaged, scaled because some of them are also
            # base or control of others.
            pattern = np.zeros_like(pattern)
            pattern[[cell.group for cell in used], [cell.year for cell in used]] = 1.0
            pattern /= float((build(self.design.weight) * pattern).sum())
        sides = [side[found.used].any(axis=0) for side in (self.own, self.against)]
        units = [int(self.design.size[side].sum()) for side in sides]
        return Contrast(
            name, estimator, self.design, build, pattern, key, units[0], units[1], influence
        ).checked()

    def _pool(self, weight: FloatArray) -> FloatArray:
        """(..., K, G) share of each control cohort in the pool of its cell."""
        pool = weight[..., None, :] * self.against
        return np.asarray(pool / pool.sum(axis=-1, keepdims=True))

    def _influence(self, found: Bins, weight: FloatArray, means: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What the influence function needs beside W: κ (G,), its centre, and d (G,), that of the weights."""
        changes = self.change @ means.T  # (K, G) change of each cohort between the years of each cell
        pool = self._pool(weight)
        treated, control = (changes * self.own).sum(axis=1), (changes * pool).sum(axis=1)
        effects = treated - control
        within, across = found.within(weight), found.across(weight)
        averages = within @ effects
        share = across @ within
        centre = share @ (self.own * treated[:, None] - pool * control[:, None])
        slope = across @ found.within_slope(weight, effects) + found.across_slope(weight, averages)
        return centre, slope


def overall(parts: Blocks, aggregate: Aggregate, clock: Clock, estimator: str) -> Contrast:
    """The overall number of an aggregate; of "dynamic", the times from exposure on."""
    found = bins(parts.design, parts.cells, aggregate, clock)
    if aggregate == "dynamic":
        found = found.only(np.array(found.key) >= 0)
    return parts.contrast(f"Effect, {aggregate} average", estimator, found, key=None)


def elements(parts: Blocks, aggregate: Aggregate, clock: Clock, estimator: str) -> tuple[Contrast, ...]:
    """One contrast for each bin of an aggregate."""
    found = bins(parts.design, parts.cells, aggregate, clock)
    return tuple(
        parts.contrast(bin_name(parts.design, aggregate, clock, one.key[0]), estimator, one, one.key[0])
        for one in found.each()
    )
