"""Borusyak, Jaravel & Spiess 2024: effects as differences from an imputed outcome without exposure.

Method: docs/methods.md C2. Unit and year effects are fitted to the years not yet exposed alone; the imputed
outcome is their sum; the effect of a cell is what is left of its mean. On a balanced panel all of it is a
set of weights on cohort means.
"""

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, refuse
from ci_eval.impact.design import IDENTIFIED, WHAT, Cell, Design
from ci_eval.impact.effects.contrasts import Aggregate, Contrast, sorted_into_bins

ESTIMATOR = "Borusyak–Jaravel–Spiess"
SMALL = 1e-9


def borusyak_jaravel_spiess(design: Design, aggregate: Aggregate = "simple") -> Contrast:
    """The overall imputation effect by an aggregate, as `callaway_santanna` averages.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> design = Design.of(Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2020, 2021, 2022])))
    >>> (2 * borusyak_jaravel_spiess(design).weights).round().tolist()  # against the mean of both years before
    [[-1.0, -1.0, 2.0], [1.0, 1.0, -2.0]]

    Raises
    ------
    Refused
        If no exposed cell can be imputed.

    Validated against R didimputation (df_het) and diff-diff 3.13 (simulated 32 units).
    """
    exposed, fitted = _imputable(design), _fitted(design)
    bins = sorted_into_bins(design, exposed, aggregate)
    mean = fitted / np.maximum(fitted.sum(axis=1, keepdims=True), 1)
    groups, years = [cell.group for cell in exposed], [cell.year for cell in exposed]

    def build(weight: FloatArray) -> FloatArray:
        share = bins.shares(weight)
        wanted = np.zeros((*share.shape[:-1], *fitted.shape))
        wanted[..., groups, years] = share
        # What remains after the cohort's own mean is taken out asks for these combinations of year effects.
        own = wanted - wanted.sum(axis=-1, keepdims=True) * mean
        inverse = np.linalg.pinv(_normal(weight, fitted), rcond=SMALL, hermitian=True)
        loading = np.einsum("...st,...t->...s", inverse, own.sum(axis=-2))[..., None, :]
        centred = fitted * (loading - (loading * mean).sum(axis=-1, keepdims=True))
        return np.asarray(own - weight[..., None] * centred)

    used = [exposed[place] for place in bins.used]
    sides = {cell.group for cell in used}, {group for cell in used for group in cell.controls}
    units = [int(design.size[sorted(side)].sum()) for side in sides]
    pattern, name = design.exposed.astype(np.float64), f"Effect, {aggregate} average"
    return Contrast(name, ESTIMATOR, design, build, pattern, None, units[0], units[1])


def _imputable(design: Design) -> tuple[Cell, ...]:
    """The exposed cells of cohorts with a year before exposure, in years when somebody is certainly not yet exposed."""
    fitted = _fitted(design)
    imputed = []
    for group in np.flatnonzero(design.compared & design.certain):
        for year in range(int(design.first[group]), len(design.years)):
            # Whoever is not yet exposed then was not in any year before either: all years are connected.
            against = tuple(int(index) for index in np.flatnonzero(fitted[:, year]))
            if against:
                imputed.append(Cell(int(group), year, int(design.first[group]) - 1, against, IDENTIFIED))
    if not imputed:
        text = "No exposed cell can be imputed: nobody is certainly not yet exposed in those years."
        refuse(WHAT, "nothing-identified", text, fix="look at identification_map(design)")
    return tuple(imputed)


def _fitted(design: Design) -> BoolArray:
    """(G, T) the cells unit and year effects are fitted to: certainly not yet exposed."""
    return design.not_yet & design.compared[:, None]


def _normal(weight: FloatArray, fitted: BoolArray) -> FloatArray:
    """(..., T, T) normal equations of the year effects, unit effects taken out."""
    cells = weight[..., None] * fitted
    years = np.maximum(fitted.sum(axis=1), 1)
    return np.asarray(
        np.eye(fitted.shape[1]) * cells.sum(axis=-2)[..., None, :]
        - np.einsum("...gs,gt->...st", cells / years[:, None], fitted * 1.0)
    )
