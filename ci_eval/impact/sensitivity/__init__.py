"""How far a conclusion rests on choices and on parallel trends (docs/methods.md C5)."""

from ci_eval.impact.sensitivity.coefficients import EventCoefficients
from ci_eval.impact.sensitivity.honest import relative_magnitudes, smoothness
from ci_eval.impact.sensitivity.other_choices import Choices, placebo_panels, variations

__all__ = [
    "Choices",
    "EventCoefficients",
    "placebo_panels",
    "relative_magnitudes",
    "smoothness",
    "variations",
]
