"""Estimators of an effect, each a set of weights on cohort means (docs/methods.md C2)."""

from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.effects.group_time import att, callaway_santanna, event_study
from ci_eval.impact.effects.imputation import borusyak_jaravel_spiess, imputation_elements
from ci_eval.impact.effects.regression import sun_abraham, sun_abraham_elements, two_way_fixed_effects

__all__ = [
    "Contrast",
    "att",
    "borusyak_jaravel_spiess",
    "callaway_santanna",
    "event_study",
    "imputation_elements",
    "sun_abraham",
    "sun_abraham_elements",
    "two_way_fixed_effects",
]
