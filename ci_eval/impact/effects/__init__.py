"""Estimators of an effect, each a set of weights on cohort means (docs/methods.md C2).

contrasts        what an estimator is: W, the cells it averages, and the check that it is a contrast
group_time       Callaway & Sant'Anna: one cell, an event study, an overall effect; two that adjust for the base year
imputation       Borusyak, Jaravel & Spiess
regression       Sun & Abraham, two-way fixed effects
cohort_moments   the estimate of a contrast in a panel, its standard error and covariances
"""

from ci_eval.impact.effects.cohort_moments import covariance, estimate, estimates, neyman_se
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.effects.group_time import (
    att,
    base_year_adjusted,
    callaway_santanna,
    event_study,
    roth_santanna,
)
from ci_eval.impact.effects.imputation import borusyak_jaravel_spiess
from ci_eval.impact.effects.regression import sun_abraham, two_way_fixed_effects

__all__ = [
    "Contrast",
    "att",
    "base_year_adjusted",
    "borusyak_jaravel_spiess",
    "callaway_santanna",
    "covariance",
    "estimate",
    "estimates",
    "event_study",
    "neyman_se",
    "roth_santanna",
    "sun_abraham",
    "two_way_fixed_effects",
]
