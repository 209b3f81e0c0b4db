"""Impact on outcomes: who was exposed when, what can be estimated, estimators, permutation inference.

Frames, arrays and the register in; nothing here opens a file. Methods: docs/methods.md, section C.
"""

from ci_eval.impact.bounds import Bounds, cell_bounds, enumerated_bounds
from ci_eval.impact.cohort_balance import Balance, balance, pre_exposure
from ci_eval.impact.design import Design, identification_map
from ci_eval.impact.detectable import Power, power, power_costs, simulated_power
from ci_eval.impact.effects import (
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
from ci_eval.impact.efficient import EfficientResult, roth_santanna
from ci_eval.impact.exposure import Exposure, ExposureRule, exposure_from_register
from ci_eval.impact.inference.orders import Orders, rollout_orders
from ci_eval.impact.inference.permutation import (
    PermutationResult,
    SimulatedTests,
    permutation_test,
    simulated_tests,
)
from ci_eval.impact.panel import Panel
from ci_eval.impact.sensitivity import (
    Choices,
    EventCoefficients,
    placebo_panels,
    relative_magnitudes,
    smoothness,
    variations,
)
from ci_eval.impact.series import Series
from ci_eval.impact.spillover import Officers, SpilloverResult, donut, exposed_share, with_spillover
from ci_eval.impact.standard_errors import (
    analytic_se,
    covariance,
    estimate,
    estimates,
    imputation_se,
    neyman_se,
)
from ci_eval.impact.years import Years

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
