"""How cells are averaged: simple, by cohort, by time since exposure, by calendar year.

Method: docs/methods.md C2; Callaway & Sant'Anna 2021, section 3.2. Cells are averaged within bins, and bins into
one number: cells count by the weight of their cohort, bins equally, except that cohorts keep their weight.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ci_eval.impact.design import Design
from ci_eval.impact.identification import Cell
from ci_eval.impact.refusals import BoolArray, FloatArray, IntArray, refuse

Aggregate = Literal["simple", "group", "dynamic", "calendar"]
Clock = Literal["collections", "years"]
WHAT = "CANNOT ESTIMATE AN EFFECT"


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
    InputError
        For an aggregate or clock that does not exist.
    """
    if aggregate not in ("simple", "group", "dynamic", "calendar") or clock not in ("collections", "years"):
        text = f"There is no aggregate {aggregate!r} by {clock!r}."
        refuse(WHAT, "aggregate", text, mend="use simple, group, dynamic or calendar; collections or years")
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
