"""Differences in differences as blocks: a cohort and its controls, two years; averaged into contrasts.

Method: docs/methods.md C2. What Callaway & Sant'Anna and Sun & Abraham share; they differ in whom a cohort is
compared with and in the base of the years before exposure.
"""

import numpy as np

from ci_eval.impact.design import Design
from ci_eval.impact.identification import PLACEBO, Cell
from ci_eval.impact.refusals import FloatArray

from .aggregates import Aggregate, Bins, Clock, bin_name, bins
from .contrast import Contrast


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
