"""Callaway & Sant'Anna 2021: ATT(g, t) and its aggregates, as weights on cohort means.

Method: docs/methods.md C2; section 3.2 of the paper. ATT(g, t) is the change of cohort g from its base to t, less
the change of everybody certainly not yet exposed, who are pooled by weight. Without covariates the
outcome-regression, weighting and doubly robust versions are the same number. Sun & Abraham's estimator averages
the same blocks; it differs in whom a cohort is compared with. Two estimates adjust for the base year beside it:
Roth & Sant'Anna 2023, and analysis of covariance (C4c).
"""

from dataclasses import replace

import numpy as np

from ci_eval.agreement.refusals import FloatArray
from ci_eval.impact.design import IDENTIFIED, PLACEBO, Base, Cell, Controls, Design, cell, cells
from ci_eval.impact.effects.contrasts import (
    Aggregate,
    Bins,
    Builder,
    Coefficient,
    Contrast,
    bin_name,
    sorted_into_bins,
)

ESTIMATOR = "Callaway–Sant’Anna"


def callaway_santanna(
    design: Design,
    aggregate: Aggregate = "simple",
    *,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
) -> Contrast:
    """The overall effect by an aggregate: "simple", "group", "dynamic" (times from exposure on) or "calendar".

    Parameters
    ----------
    design : `Panel.design`
    controls, base, lag : see `design.all_cells`

    Examples
    --------
    >>> import pandas as pd
    >>> from ci_eval.impact import Panel, estimate
    >>> long = pd.DataFrame({"unit": [*"AABB"], "year": [2021, 2022] * 2, "value": [1.0, 4.0, 2.0, 3.0]})
    >>> panel = Panel.from_frame(long.assign(first=[2022, 2022, None, None]), "first")
    >>> estimate(panel, callaway_santanna(panel.design))
    2.0

    Raises
    ------
    Refused
        If no effect is identified.

    Validated against R did 2.5.1 (mpdta; simulated 32 units with a missing year, weighted too).
    """
    return overall(Blocks(design, cells(design, controls, base, lag)), aggregate, ESTIMATOR)


def event_study(
    design: Design,
    aggregate: Aggregate = "dynamic",
    *,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
) -> tuple[Contrast, ...]:
    """The elements of an aggregate in order: by time since exposure, cohort ("group") or year ("calendar").

    `Contrast.key` is the number of collections since exposure, or of the year. Placebos have negative keys.
    Parameters and refusals are those of `callaway_santanna`.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> design = Design.of(Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2020, 2021, 2022])))
    >>> [contrast.name for contrast in event_study(design)]
    ['Placebo, -1 collections from exposure', 'Effect, +0 collections from exposure']
    """
    return elements(Blocks(design, cells(design, controls, base, lag)), aggregate, ESTIMATOR)


def att(
    design: Design,
    cohort: object,
    year: object,
    *,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
) -> Contrast:
    """The effect on the cohort first exposed in `cohort`, in `year`; refused where it is not identified.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> design = Design.of(Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022])))
    >>> att(design, 2022, 2022).weights.tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """
    one = cell(design, cohort, year, controls, base, lag)
    kind, labels = "Placebo" if one.status == PLACEBO else "Effect", design.years.labels
    name = f"{kind} in {labels[one.year]} since {labels[one.base]}, cohort {design.labels[one.group]}"
    return Blocks(design, (one,)).contrast(
        name, ESTIMATOR, sorted_into_bins(design, (one,), "dynamic"), key=None
    )


def roth_santanna(
    design: Design, aggregate: Aggregate = "simple", *, controls: Controls = "not yet exposed", lag: int = 1
) -> Contrast:
    """Roth & Sant'Anna 2023: as `callaway_santanna`, less the part of the difference in base years that makes it surest.

    A difference in differences takes off the whole difference in base years. Where the order is as good as random,
    another part of it makes the estimate less variable. That part is learnt from the outcome, anew in every order of
    `permutation_test`.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> design = Design.of(Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022])))
    >>> roth_santanna(design).before(design.weight).tolist()  # the difference in the base year
    [[1.0, 0.0], [-1.0, 0.0]]

    Raises
    ------
    Refused
        As `callaway_santanna`.

    Validated against R staggered 1.2.3 (pj_officer).
    """
    return _adjusted(design, aggregate, controls, lag, "Roth–Sant’Anna", "efficient")


def base_year_adjusted(
    design: Design, aggregate: Aggregate = "simple", *, controls: Controls = "not yet exposed", lag: int = 1
) -> Contrast:
    """Analysis of covariance: as `callaway_santanna`, less what the base year's level predicts of the change.

    The coefficient is the slope of change on base-year level within cohorts. It takes off regression to the mean:
    units that begin low tend to rise. Choose `roth_santanna` where spreads differ between cohorts.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> design = Design.of(Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022])))
    >>> base_year_adjusted(design).coefficient
    'base year'

    Raises
    ------
    Refused
        As `callaway_santanna`.

    Validated against ordinary least squares of the outcome on exposure and its base year.
    """
    return _adjusted(design, aggregate, controls, lag, "Base-year adjusted", "base year")


def _adjusted(
    design: Design, aggregate: Aggregate, controls: Controls, lag: int, name: str, how: Coefficient
) -> Contrast:
    usable = cells(design, controls, "varying", lag)
    blocks = Blocks(design, tuple(one for one in usable if one.status == IDENTIFIED))
    contrast = overall(blocks, aggregate, name)
    bins = sorted_into_bins(design, blocks.cells, aggregate)
    return replace(contrast, before=blocks.builder(bins, blocks.base), coefficient=how)


class Blocks:
    """Cells as arrays: who is compared (K, G), with whom (K, G), and which years (K, T)."""

    def __init__(self, design: Design, cells: tuple[Cell, ...]) -> None:
        self.design, self.cells = design, cells
        groups, years = np.arange(design.cohorts), np.arange(len(design.years))
        self.own = np.array([groups == cell.group for cell in cells])
        self.against = np.array([np.isin(groups, cell.controls) for cell in cells])
        self.base = np.array([(years == cell.base) * 1.0 for cell in cells])
        self.change = np.array([(years == cell.year) * 1.0 for cell in cells]) - self.base

    def builder(self, bins: Bins, years: FloatArray) -> Builder:
        """Cohort weights -> W of the cells in bins, each seen in its `years` (K, T)."""

        def build(weight: FloatArray) -> FloatArray:
            pool = weight[..., None, :] * self.against
            side = self.own - pool / pool.sum(axis=-1, keepdims=True)
            share = bins.shares(weight)
            return np.asarray(np.swapaxes(share[..., None] * side, -1, -2) @ years)

        return build

    def contrast(self, name: str, estimator: str, bins: Bins, key: int | None) -> Contrast:
        """The contrast that averages cells within bins, and bins into one number."""
        build = self.builder(bins, self.change)
        used = [self.cells[place] for place in bins.used]
        pattern = self.design.exposed.astype(np.float64)
        if any(cell.status == PLACEBO for cell in used):
            # Years before exposure: a departure in the cells averaged, scaled because some of them are also
            # base or control of others.
            pattern = np.zeros_like(pattern)
            pattern[[cell.group for cell in used], [cell.year for cell in used]] = 1.0
            pattern /= float((build(self.design.weight) * pattern).sum())
        sides = [side[bins.used].any(axis=0) for side in (self.own, self.against)]
        units = [int(self.design.size[side].sum()) for side in sides]
        return Contrast(name, estimator, self.design, build, pattern, key, units[0], units[1])


def overall(blocks: Blocks, aggregate: Aggregate, estimator: str) -> Contrast:
    """The overall number of an aggregate; of "dynamic", the times from exposure on."""
    bins = sorted_into_bins(blocks.design, blocks.cells, aggregate)
    if aggregate == "dynamic":
        bins = bins.only(np.array(bins.key) >= 0)
    return blocks.contrast(f"Effect, {aggregate} average", estimator, bins, key=None)


def elements(blocks: Blocks, aggregate: Aggregate, estimator: str) -> tuple[Contrast, ...]:
    """One contrast for each bin of an aggregate."""
    bins = sorted_into_bins(blocks.design, blocks.cells, aggregate)
    return tuple(
        blocks.contrast(bin_name(blocks.design, aggregate, one.key[0]), estimator, one, one.key[0])
        for one in bins.each()
    )
