"""The effect on outcomes matched to the focus of engagements (docs/methods.md C4d)."""

from itertools import permutations

import numpy as np
import pytest

from ci_eval.agreement.refusals import Refused
from ci_eval.impact.matched_outcomes import matched_effect

MATCH = np.array([0, 1, 1, -1, -1, -1])
CHANGES = np.array([[3.0, 0], [0, 5], [1, 2], [1, 0], [0, 1], [2, 1.0]])


def test_the_estimate_by_hand() -> None:
    """(3 − 1) in the first outcome, (5 − 2/3) and (2 − 2/3) in the second, their mean."""
    found = matched_effect(CHANGES, MATCH, draws=99)
    assert found.estimate == pytest.approx((2 + 13 / 3 + 4 / 3) / 3)
    assert (found.exposed, found.controls) == (3, 3)


def test_the_p_is_that_of_every_order_up_to_chance() -> None:
    every = []
    for order in permutations(range(6)):
        moved = CHANGES[list(order)]
        every.append(np.mean([moved[i, MATCH[i]] - moved[3:, MATCH[i]].mean() for i in range(3)]))
    exact = np.mean(np.abs(every) >= abs(every[0]) - 1e-9)
    found = matched_effect(CHANGES, MATCH, draws=4000, seed=3)
    assert found.p == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 4000) ** 0.5)


def test_the_interval_holds_what_the_test_does_not_reject() -> None:
    random = np.random.default_rng(5)
    changes = random.normal(size=(30, 2))
    match = np.array([0] * 4 + [1] * 5 + [-1] * 21)
    found = matched_effect(changes, match, draws=999)
    own = np.zeros_like(changes)
    own[np.arange(9), match[:9]] = 1
    for end, outward in ((found.low, -0.01), (found.high, 0.01)):
        assert matched_effect(changes - (end + outward) * own, match, draws=999).p <= 0.05
        assert matched_effect(changes - (end - outward) * own, match, draws=999).p > 0.05


def test_a_constant_rise_moves_estimate_and_interval_alike() -> None:
    changes = np.random.default_rng(6).normal(size=(30, 2))
    match = np.array([0] * 4 + [1] * 5 + [-1] * 21)
    own = np.zeros_like(changes)
    own[np.arange(9), match[:9]] = 1
    before, after = matched_effect(changes, match), matched_effect(changes + 2 * own, match)
    assert np.array([after.estimate, after.low, after.high]) == pytest.approx(
        np.array([before.estimate, before.low, before.high]) + 2
    )


@pytest.mark.parametrize("match", [np.array([-1] * 6), np.array([0] * 6)])
def test_without_engagements_or_controls_it_is_refused(match) -> None:
    with pytest.raises(Refused):
        matched_effect(CHANGES, match)


def test_a_missing_change_is_refused() -> None:
    with pytest.raises(Refused, match="missing"):
        matched_effect(np.where(CHANGES == 5, np.nan, CHANGES), MATCH)
