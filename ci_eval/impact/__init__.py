"""Impact on outcomes: who was exposed when, what can be estimated, estimators, permutation inference.

Frames, arrays and the register in; nothing here opens a file. Methods: docs/methods.md, section C.
"""

from .design import Design
from .effects import (
    Contrast,
    att,
    borusyak_jaravel_spiess,
    callaway_santanna,
    event_study,
    sun_abraham,
    two_way_fixed_effects,
)
from .exposure import Exposure
from .identification import identification_map
from .inference.orders import Orders, rollout_orders
from .inference.permutation import PermutationResult, permutation_test
from .panel import Panel
from .rollout import ExposureRule, exposure_from_register
from .standard_errors import analytic_se, estimate, estimates, imputation_se, neyman_se
from .years import Years

__all__ = [
    "Contrast",
    "Design",
    "Exposure",
    "ExposureRule",
    "Orders",
    "Panel",
    "PermutationResult",
    "Years",
    "analytic_se",
    "att",
    "borusyak_jaravel_spiess",
    "callaway_santanna",
    "estimate",
    "estimates",
    "event_study",
    "exposure_from_register",
    "identification_map",
    "imputation_se",
    "neyman_se",
    "permutation_test",
    "rollout_orders",
    "sun_abraham",
    "two_way_fixed_effects",
]
