"""Contrasts: estimators as weights on cohort means, and how cells are averaged into one number.

Method: docs/methods.md C2, θ = Σ W[g, t] Ȳ[g, t]. W may depend on the cohorts' weights, which change when the
rollout order is permuted and units do not count the same; it is therefore made by a function of them. Cells are
averaged within bins, and bins into one number: cells count by the weight of their cohort, bins equally, except
that cohorts keep their weight.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, refuse
from ci_eval.impact.design import WHAT, Cell, Design

ONE = 1e-8  # how far the response of a contrast to an effect of one may lie from one
Builder = Callable[[FloatArray], FloatArray]
Aggregate = Literal["simple", "group", "dynamic", "calendar"]
Coefficient = Literal["efficient", "base year"]


@dataclass(frozen=True)
class Contrast:
    """One estimator in one design; refused unless it ignores levels and gives an effect of one as one.

    Attributes
    ----------
    name : what is estimated, in words
    estimator : "Callaway–Sant’Anna", …
    design : the design it was made for
    build : cohort weights (..., G) -> W (..., G, T)
    pattern : (G, T) cells which an effect of one is added to when the test is inverted; W then gives one
    key : year or collections since exposure for elements of an aggregate; None for an overall one
    exposed_units, control_units : units on either side, counted once
    before, coefficient : of an adjusted estimate, Σ W Ȳ − b X: X compares the same units in their base years, with
        weights that `before` makes; b is learnt from the outcome, anew in every rollout order
    weights : (G, T) W of the design itself
    """

    name: str
    estimator: str
    design: Design
    build: Builder
    pattern: FloatArray
    key: int | None = None
    exposed_units: int = 0
    control_units: int = 0
    before: Builder | None = None
    coefficient: Coefficient | None = None
    weights: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        weights = self.build(self.design.weight)
        size = max(1.0, float(np.abs(weights).sum()))
        levels = max(np.abs(weights.sum(axis=1)).max(), np.abs(weights.sum(axis=0)).max())
        if not np.isfinite(weights).all() or levels > ONE * size:
            refuse(WHAT, "not-a-contrast", f"The weights of {self.name} do not sum to zero.")
        if not abs(float((weights * self.pattern).sum()) - 1) <= ONE * size:  # NaN too
            refuse(WHAT, "response", f"An effect of one is not one in {self.name}.", fix="check its pattern")
        object.__setattr__(self, "weights", weights)


Estimator = Callable[[Design], Contrast]


@dataclass(frozen=True)
class Bins:
    """Cells sorted into bins.

    Attributes
    ----------
    group : (K,) cohort of each cell
    member : (bins, K) which cells a bin holds
    key : (bins,) what the bin is: cohort's first year, collections since exposure, or year, as a number
    bins_by_weight : bins are averaged by the weight of their cohort, otherwise equally
    """

    group: IntArray
    member: BoolArray
    key: tuple[int, ...]
    bins_by_weight: bool

    def shares(self, weight: FloatArray) -> FloatArray:
        """(..., K) share of each cell in the overall number, where cohorts have the weights (..., G)."""
        within = weight[..., None, self.group] * self.member
        within = within / within.sum(axis=-1, keepdims=True)
        across = np.full((*weight.shape[:-1], len(self.member)), 1 / len(self.member))
        if self.bins_by_weight:
            each = weight[..., self.group[self.member.argmax(axis=1)]]
            across = each / each.sum(axis=-1, keepdims=True)
        return np.asarray(np.einsum("...b,...bk->...k", across, within))

    @property
    def used(self) -> list[int]:
        """Places of the cells that some bin holds."""
        return [int(place) for place in np.flatnonzero(self.member.any(axis=0))]

    def each(self) -> tuple["Bins", ...]:
        """Every bin by itself."""
        return tuple(self.only(row) for row in np.eye(len(self.key), dtype=bool))

    def only(self, bins: BoolArray) -> "Bins":
        """Some of the bins."""
        keys = tuple(key for key, wanted in zip(self.key, bins, strict=True) if wanted)
        return Bins(self.group, self.member[bins], keys, self.bins_by_weight)


def sorted_into_bins(design: Design, cells: tuple[Cell, ...], aggregate: Aggregate) -> Bins:
    """Sort cells into the bins of an aggregate; placebos belong to "dynamic" only.

    Raises
    ------
    Refused
        For an aggregate that does not exist.
    """
    if aggregate not in ("simple", "group", "dynamic", "calendar"):
        text = f"There is no aggregate {aggregate!r}."
        refuse(WHAT, "aggregate", text, fix="use simple, group, dynamic or calendar")
    group = np.array([cell.group for cell in cells], dtype=np.int64)
    year = np.array([cell.year for cell in cells], dtype=np.int64)
    exposed = year >= design.first[group]
    number = np.array(design.years.numbers)
    keys = {
        "simple": np.zeros_like(group),
        "group": number[design.first[group]],
        "dynamic": year - design.first[group],
        "calendar": number[year],
    }[aggregate]
    used = np.ones_like(exposed) if aggregate == "dynamic" else exposed
    distinct = np.unique(keys[used])
    member = (keys == distinct[:, None]) & used
    return Bins(group, member, tuple(int(key) for key in distinct), bins_by_weight=aggregate == "group")


def bin_name(design: Design, aggregate: Aggregate, key: int) -> str:
    """A bin in words: ``Effect in 2021-22``, ``Placebo, -2 collections from exposure``."""
    if aggregate == "dynamic":
        return f"{'Effect' if key >= 0 else 'Placebo'}, {key:+d} collections from exposure"
    if aggregate == "simple":
        return "Effect, simple average"
    label = design.years.labels[design.years.numbers.index(key)]
    return f"Effect, cohort {label}" if aggregate == "group" else f"Effect in {label}"
