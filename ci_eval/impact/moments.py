"""Moments of the outcome within cohorts: all that an estimate and its standard errors need to know of it.

Method: docs/methods.md C2. Computed in one pass, so that they cost the same for 32 authorities and, in
proportion, for 100,000 pupils.
"""

from dataclasses import dataclass

import numpy as np

from .panel import Panel
from .refusals import FloatArray, IntArray


@dataclass(frozen=True)
class Moments:
    """Weighted moments of the outcome within cohorts; shares are w_i / Σ w of the cohort.

    Attributes
    ----------
    size : (G,) units
    weight : (G,) sums of weights
    mean : (G, T) weighted means
    share2 : (G,) Σ share²
    first : (G, T) Σ share² (Y − mean)
    second : (G, T, T) Σ share² (Y − mean)(Y − mean)ᵀ
    square : mean square of the outcome, to judge what is rounding
    """

    size: IntArray
    weight: FloatArray
    mean: FloatArray
    share2: FloatArray
    first: FloatArray
    second: FloatArray
    square: float

    @classmethod
    def of(cls, panel: Panel) -> "Moments":
        """The moments of a panel, cohort by cohort of its design."""
        design, groups = panel.design, panel.groups
        order = np.argsort(groups, kind="stable")
        ends = np.cumsum(design.size)
        years = len(design.years)
        mean, first = np.empty((design.cohorts, years)), np.empty((design.cohorts, years))
        second, share2 = np.empty((design.cohorts, years, years)), np.empty(design.cohorts)
        for group in range(design.cohorts):
            rows = order[ends[group] - design.size[group] : ends[group]]
            outcomes = panel.outcomes[rows]
            share = panel.weights[rows] / design.weight[group]
            mean[group] = share @ outcomes
            away = outcomes - mean[group]
            weighted = share[:, None] * away
            share2[group] = share @ share
            first[group] = share @ weighted
            second[group] = weighted.T @ weighted
        square = float((panel.outcomes**2).mean())
        return cls(design.size, design.weight, mean, share2, first, second, square)
