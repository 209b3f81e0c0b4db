"""How far a conclusion rests on choices and on parallel trends (docs/methods.md C5)."""

from .coefficients import EventCoefficients
from .honest_rm import relative_magnitudes
from .honest_sd import smoothness
from .variations import Choices, placebo_panels, variations

__all__ = [
    "Choices",
    "EventCoefficients",
    "placebo_panels",
    "relative_magnitudes",
    "smoothness",
    "variations",
]
