"""A contrast: an estimator as weights on cohort means, fixed by the design before any outcome is seen.

Method: docs/methods.md C2, θ = Σ W[g, t] Ȳ[g, t]. W may depend on the cohorts' weights, which change when the
rollout order is permuted and units do not count the same; it is therefore kept as a function of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ci_eval.impact.design import Design
from ci_eval.impact.refusals import FloatArray, refuse

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
            refuse(WHAT, "response", f"An effect of one is not one in {self.name}.", mend="check its pattern")
        return self
