"""Statistics on panels: who was exposed when, what can be estimated, effects, inference, sensitivity, power.

Frames and arrays in; nothing here opens a file. Methods: docs/methods.md, section C. Data walk through it so:

years, exposure        school years become positions; dates of engagements become possible first exposed positions
panel, design          outcomes of units by years; cohorts, and which cells can be compared with whom
effects/               estimators as weights on cohort means: estimates and standard errors
inference/             the test and the interval by permuting the rollout order
cohort_balance         was the order as good as random?
matched_outcomes       the effect on the outcome of each engagement's area of focus
bounds                 what dates that are not known leave possible
sensitivity/           other choices, and trends that are not parallel
spillover              officers sent to earlier teams
simulated_series, detectable_effects     which effects the planned test would find
analysis_plan          what was decided beforehand, as values
"""

from ci_eval.impact.bounds import Bounds, cell_bounds, enumerated_bounds
from ci_eval.impact.cohort_balance import Balance, balance, pre_exposure
from ci_eval.impact.design import Design, identification_map
from ci_eval.impact.detectable_effects import Power, power, power_costs, realised_power
from ci_eval.impact.effects import (
    Contrast,
    att,
    base_year_adjusted,
    borusyak_jaravel_spiess,
    callaway_santanna,
    covariance,
    estimate,
    estimates,
    event_study,
    neyman_se,
    roth_santanna,
    sun_abraham,
    two_way_fixed_effects,
)
from ci_eval.impact.exposure import Exposure, ExposureRule, assumed, exposure_from_engagements
from ci_eval.impact.inference import (
    Orders,
    PermutationResult,
    SimulatedTests,
    permutation_test,
    rollout_orders,
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
from ci_eval.impact.simulated_series import Series
from ci_eval.impact.spillover import Officers, SpilloverResult, donut, exposed_share, with_spillover
from ci_eval.impact.years import Years

__all__ = [  # noqa: RUF022  by question
    # Who was exposed when?
    "Years", "Exposure", "ExposureRule", "exposure_from_engagements", "assumed",
    # Who can be compared with whom?
    "Panel", "Design", "identification_map",
    # What is the effect?
    "Contrast", "att", "event_study", "callaway_santanna", "borusyak_jaravel_spiess", "sun_abraham",
    "two_way_fixed_effects", "estimate", "estimates", "neyman_se", "covariance",
    "roth_santanna", "base_year_adjusted",
    # Could an order as good as random have produced it?
    "Orders", "rollout_orders", "PermutationResult", "permutation_test", "SimulatedTests", "simulated_tests",
    # Was the order as good as random?
    "Balance", "balance", "pre_exposure",
    # Does it hold under other choices, dates and trends?
    "Choices", "variations", "placebo_panels", "Bounds", "cell_bounds", "enumerated_bounds",
    "EventCoefficients", "relative_magnitudes", "smoothness",
    # Have those who are compared with learnt already?
    "Officers", "SpilloverResult", "exposed_share", "donut", "with_spillover",
    # Which effects would be found?
    "Power", "power", "realised_power", "power_costs", "Series",
]  # fmt: skip
