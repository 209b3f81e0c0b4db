"""Estimators of an effect, each a set of weights on cohort means (docs/methods.md C2).

contrasts        what an estimator is: W, the cells it averages, and the check that it is a contrast
group_time       Callaway & Sant'Anna (a cell, an event study, overall), Sun & Abraham; two that adjust for the base year
imputation       Borusyak, Jaravel & Spiess
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
    sun_abraham,
)
from ci_eval.impact.effects.imputation import borusyak_jaravel_spiess

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
]
