"""Inference by permuting the rollout order (docs/methods.md C3).

orders                which orders there are, or a random sample of them
statistics_by_order   estimate and variance in every order at once
inversion             the interval: every effect that the test does not reject
permutation_tests     the test of one outcome, and of many simulated ones
"""

from ci_eval.impact.inference.orders import Orders, rollout_orders
from ci_eval.impact.inference.permutation_tests import (
    PermutationResult,
    SimulatedTests,
    permutation_test,
    simulated_tests,
)

__all__ = [
    "Orders",
    "PermutationResult",
    "SimulatedTests",
    "permutation_test",
    "rollout_orders",
    "simulated_tests",
]
