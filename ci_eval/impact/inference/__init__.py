"""Inference by permuting the rollout order (docs/methods.md C3, C4b).

orders                which orders there are, or a random sample of them
statistics_by_order   estimate and variance in every order at once
inversion             the interval: every effect that the test does not reject
permutation_tests     the test of one outcome
many_outcomes         the test of many simulated ones
"""

from ci_eval.impact.inference.many_outcomes import ManyOutcomes, SimulatedTests, simulated_tests
from ci_eval.impact.inference.orders import Orders, rollout_orders
from ci_eval.impact.inference.permutation_tests import PermutationResult, permutation_test, uniform_width
from ci_eval.impact.inference.statistics_by_order import Statistics, statistics

__all__ = [
    "ManyOutcomes",
    "Orders",
    "PermutationResult",
    "SimulatedTests",
    "Statistics",
    "permutation_test",
    "rollout_orders",
    "simulated_tests",
    "statistics",
    "uniform_width",
]
