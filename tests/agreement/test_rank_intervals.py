"""Ranks with intervals: by hand, against draws, and what cannot be ranked (docs/methods.md C11)."""

import numpy as np
import pytest

from ci_eval.agreement import rank_interval
from ci_eval.agreement.rank_intervals import rank_probabilities
from ci_eval.agreement.refusals import Refused


def test_two_equal_units_are_first_half_of_the_time() -> None:
    chances = rank_probabilities(np.array([50.0, 50.0]), np.array([100.0, 100.0]))
    assert chances == pytest.approx(np.full((2, 2), 0.5), abs=1e-9)


def test_three_equal_units_have_every_rank_a_third_of_the_time() -> None:
    chances = rank_probabilities(np.full(3, 70.0), np.full(3, 200.0))
    assert chances == pytest.approx(np.full((3, 3), 1 / 3), abs=2e-3)


def test_one_pupil_beside_one_pupil_by_hand() -> None:
    """Beta(3/2, 1/2) beside Beta(1/2, 3/2): P(the first is larger) is 1/2 + 4/pi^2."""
    chances = rank_probabilities(np.array([1.0, 0.0]), np.array([1.0, 1.0]))
    assert chances[0, 0] == pytest.approx(0.5 + 4 / np.pi**2, abs=1e-3)


def test_ranks_agree_with_draws() -> None:
    x, n = np.array([340.0, 700.0, 66.0, 51.0, 1300.0]), np.array([500.0, 1000.0, 100.0, 70.0, 2000.0])
    draws = np.random.default_rng(7).beta(x + 0.5, n - x + 0.5, size=(40_000, 5))
    ranks = 1 + (draws[:, None, :] > draws[:, :, None]).sum(axis=2)
    drawn = np.array([[(ranks[:, unit] == place).mean() for place in range(1, 6)] for unit in range(5)])
    assert rank_probabilities(x, n) == pytest.approx(drawn, abs=0.01)


def test_far_apart_ranks_are_certain_and_few_pupils_widen_them() -> None:
    rank, low, high = rank_interval([9000, 5000, 1000], [10_000] * 3)
    assert rank.tolist() == low.tolist() == high.tolist() == [1, 2, 3]
    _, low, high = rank_interval([9, 5, 1], [10] * 3, level=0.99)
    assert (low.tolist(), high.tolist()) == ([1, 1, 2], [2, 3, 3])


def test_equal_shares_have_the_same_rank() -> None:
    assert rank_interval([10, 20, 5], [20, 40, 20])[0].tolist() == [1, 1, 3]


@pytest.mark.parametrize(
    ("x", "n"), [([3], [2]), ([np.nan, 1], [2, 2]), ([0], [0]), ([1, 2], [3]), ([-1], [2])]
)
def test_what_is_no_count_is_refused(x: list[float], n: list[float]) -> None:
    with pytest.raises(Refused, match="two counts"):
        rank_interval(x, n)
