"""Two regression estimators that other software reports: Sun and Abraham's, and two-way fixed effects.

Method: docs/methods.md C2; Goodman-Bacon 2021. Sun and Abraham's regression has a term for every cohort and time
since exposure; on a balanced panel it is the difference in differences against the cohort exposed last, with one
base for all years. The coefficient of two-way fixed effects also compares newly exposed cohorts with cohorts
exposed earlier, so that it is wrong where effects differ or grow. It is never relied on.
"""

import numpy as np

from ci_eval.agreement.refusals import FloatArray, refuse
from ci_eval.impact.design import WHAT, Design, cells
from ci_eval.impact.effects.contrasts import Aggregate, Contrast
from ci_eval.impact.effects.group_time import Blocks, overall

SUN_ABRAHAM, TWO_WAY = "Sun–Abraham", "Two-way fixed effects"


def sun_abraham(design: Design, aggregate: Aggregate = "simple") -> Contrast:
    """The overall effect; "simple" is the average over exposed units and years that fixest calls ATT.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> cohorts = {"A": 2022, "B": 2023, "C": None}
    >>> design = Design.of(Exposure.from_cohorts(cohorts, Years.of([2021, 2022, 2023])))
    >>> sun_abraham(design).control_units  # C alone, which is exposed last
    1

    Raises
    ------
    Refused
        If no effect is identified.

    Validated against R fixest `sunab` (base_stagg, the covariate taken out with its own coefficient).
    """
    return overall(Blocks(design, cells(design, "last exposed", "universal")), aggregate, SUN_ABRAHAM)


def two_way_fixed_effects(design: Design) -> Contrast:
    """The coefficient of exposure in a regression with unit and year effects on a balanced panel.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> design = Design.of(Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022])))
    >>> two_way_fixed_effects(design).weights.tolist()
    [[-1.0, 1.0], [1.0, -1.0]]

    Raises
    ------
    Refused
        If some cohort's exposure is not certain, or exposure does not vary within units and years.
    """
    if not design.certain.all():
        text = "Two-way fixed effects need to know who is exposed in every year."
        refuse(WHAT, "not-certain", text, fix="keep the years in which that is certain: Panel.in_years")
    exposed = design.exposed.astype(np.float64)

    def build(weight: FloatArray) -> FloatArray:
        share = (weight / weight.sum(axis=-1, keepdims=True))[..., None]
        own = exposed - exposed.mean(axis=1, keepdims=True)
        left = own - (share * own).sum(axis=-2, keepdims=True)
        scale = (share * left**2).sum(axis=(-2, -1), keepdims=True)
        return np.asarray(share * left / np.where(scale > 1e-12, scale, np.nan))

    if not np.isfinite(build(design.weight)).all():
        text = "Exposure does not differ between cohorts and years."
        refuse(WHAT, "no-variation", text, fix="compare years before and after exposure")
    sides = design.exposed.any(axis=1), ~exposed.all(axis=1)
    units = [int(design.size[side].sum()) for side in sides]
    return Contrast(
        "Effect, two-way fixed effects", TWO_WAY, design, build, exposed, None, units[0], units[1]
    )
