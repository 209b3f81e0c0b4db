"""Callaway & Sant'Anna 2021: ATT(g, t) and its aggregates, as weights on cohort means.

Method: docs/methods.md C2. ATT(g, t) is the change of cohort g from its base to t, less the change of everybody
certainly not yet exposed, who are pooled by weight. Without covariates the outcome-regression, weighting
and doubly robust versions are the same number.
"""

from ci_eval.impact.design import PLACEBO, Base, Cell, Controls, Design, cells
from ci_eval.impact.design import cell as one_cell
from ci_eval.impact.effects.contrasts import Aggregate, Blocks, Clock, Contrast, bins, elements, overall

ESTIMATOR = "Callaway–Sant’Anna"


def callaway_santanna(
    design: Design,
    aggregate: Aggregate = "simple",
    *,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
    clock: Clock = "collections",
) -> Contrast:
    """The overall effect by an aggregate: "simple", "group", "dynamic" (times from exposure on) or "calendar".

    Parameters
    ----------
    design : `Panel.design`
    controls, base, lag : see `identification.all_cells`
    clock : see `aggregates.bins`

    Raises
    ------
    Refused
        If no effect is identified.

    Validated against R did 2.5.1 (mpdta; simulated 32 units with a missing year, weighted too).
    """
    return overall(Blocks(design, cells(design, controls, base, lag)), aggregate, clock, ESTIMATOR)


def event_study(
    design: Design,
    aggregate: Aggregate = "dynamic",
    *,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
    clock: Clock = "collections",
) -> tuple[Contrast, ...]:
    """The elements of an aggregate in order: by time since exposure, cohort ("group") or year ("calendar").

    `Contrast.key` is the time since exposure, or the number of the year. Placebos have negative keys.
    """
    return elements(Blocks(design, cells(design, controls, base, lag)), aggregate, clock, ESTIMATOR)


def att(
    design: Design,
    cohort: object,
    year: object,
    *,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
) -> Contrast:
    """The effect on the cohort first exposed in `cohort`, in `year`; refused where it is not identified."""
    return cell_contrast(design, one_cell(design, cohort, year, controls, base, lag))


def cell_contrast(design: Design, cell: Cell) -> Contrast:
    """The contrast of one cell."""
    kind = "Placebo" if cell.status == PLACEBO else "Effect"
    since = design.years.labels[cell.base]
    name = f"{kind} in {design.years.labels[cell.year]} since {since}, cohort {design.labels[cell.group]}"
    parts = Blocks(design, (cell,))
    return parts.contrast(name, ESTIMATOR, bins(design, (cell,), "dynamic"), key=None)
