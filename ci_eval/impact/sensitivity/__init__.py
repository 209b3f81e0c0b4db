"""How far a conclusion rests on choices and on parallel trends (docs/methods.md C5).

other_choices        one table of everything that could have been done otherwise
event_coefficients   estimates around exposure with their covariance, what the robust intervals start from
trend_violations     intervals that hold although trends are not parallel
"""

from ci_eval.impact.sensitivity.event_coefficients import EventCoefficients
from ci_eval.impact.sensitivity.other_choices import Choices, placebo_panels, variations
from ci_eval.impact.sensitivity.trend_violations import relative_magnitudes, smoothness

__all__ = [
    "Choices",
    "EventCoefficients",
    "placebo_panels",
    "relative_magnitudes",
    "smoothness",
    "variations",
]
