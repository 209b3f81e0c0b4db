"""Estimators of an effect, each a set of weights on cohort means (docs/methods.md C2)."""

from .callaway_santanna import att, callaway_santanna, event_study
from .contrast import Contrast
from .imputation import borusyak_jaravel_spiess, imputation_elements
from .sun_abraham import sun_abraham, sun_abraham_elements
from .two_way import two_way_fixed_effects

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
