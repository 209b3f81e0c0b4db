"""Sun & Abraham 2021: cohort effects against the cohort exposed last, or never, averaged by cohort size.

Method: docs/methods.md C2. The regression with a term for every cohort and time since exposure, saturated on a
balanced panel, is the difference in differences against the reference cohort with one base for all years.
Validated against R fixest `sunab` (base_stagg, the covariate taken out with its own coefficient).
"""

from ci_eval.impact.design import Design
from ci_eval.impact.identification import cells

from .aggregates import Aggregate, Clock
from .blocks import Blocks, elements, overall
from .contrast import Contrast

ESTIMATOR = "Sun–Abraham"


def sun_abraham(design: Design, aggregate: Aggregate = "simple", *, clock: Clock = "collections") -> Contrast:
    """The overall effect; "simple" is the average over exposed units and years that fixest calls ATT.

    Raises
    ------
    InputError
        If no effect is identified.
    """
    return overall(_blocks(design), aggregate, clock, ESTIMATOR)


def sun_abraham_elements(
    design: Design, aggregate: Aggregate = "dynamic", *, clock: Clock = "collections"
) -> tuple[Contrast, ...]:
    """Effects by time since exposure, cohort or year; times before exposure against the same base."""
    return elements(_blocks(design), aggregate, clock, ESTIMATOR)


def _blocks(design: Design) -> Blocks:
    return Blocks(design, cells(design, "last exposed", "universal"))
