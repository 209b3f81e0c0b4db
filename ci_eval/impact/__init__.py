"""Impact on outcomes: who was exposed when, what can be estimated, estimators, permutation inference.

Frames, arrays and the register in; nothing here opens a file. Methods: docs/methods.md, section C.
"""

from .balance import Balance, balance, pre_exposure
from .bounds import Bounds, cell_bounds, enumerated_bounds
from .design import Design
from .effects import (
    Contrast,
    att,
    borusyak_jaravel_spiess,
    callaway_santanna,
    event_study,
    imputation_elements,
    sun_abraham,
    sun_abraham_elements,
    two_way_fixed_effects,
)
from .efficient import EfficientResult, roth_santanna
from .exposure import Exposure
from .identification import identification_map
from .inference.orders import Orders, rollout_orders
from .inference.permutation import PermutationResult, permutation_test
from .inference.simulation import SimulatedTests, simulated_tests
from .officers import Officers
from .panel import Panel
from .power import Power, power, simulated_power
from .power_costs import power_costs
from .rollout import ExposureRule, exposure_from_register
from .sensitivity import (
    Choices,
    EventCoefficients,
    placebo_panels,
    relative_magnitudes,
    smoothness,
    variations,
)
from .series import Series
from .spillover import SpilloverResult, donut, exposed_share, with_spillover
from .standard_errors import analytic_se, covariance, estimate, estimates, imputation_se, neyman_se
from .years import Years

__all__ = [
    "Balance",
    "Bounds",
    "Choices",
    "Contrast",
    "Design",
    "EfficientResult",
    "EventCoefficients",
    "Exposure",
    "ExposureRule",
    "Officers",
    "Orders",
    "Panel",
    "PermutationResult",
    "Power",
    "Series",
    "SimulatedTests",
    "SpilloverResult",
    "Years",
    "analytic_se",
    "att",
    "balance",
    "borusyak_jaravel_spiess",
    "callaway_santanna",
    "cell_bounds",
    "covariance",
    "donut",
    "enumerated_bounds",
    "estimate",
    "estimates",
    "event_study",
    "exposed_share",
    "exposure_from_register",
    "identification_map",
    "imputation_elements",
    "imputation_se",
    "neyman_se",
    "permutation_test",
    "placebo_panels",
    "power",
    "power_costs",
    "pre_exposure",
    "relative_magnitudes",
    "rollout_orders",
    "roth_santanna",
    "simulated_power",
    "simulated_tests",
    "smoothness",
    "sun_abraham",
    "sun_abraham_elements",
    "two_way_fixed_effects",
    "variations",
    "with_spillover",
]
