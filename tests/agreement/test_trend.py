"""Trends over three or more periods (docs/methods.md A8)."""

from itertools import product
from math import comb

import numpy as np
import pytest
from agreement_cases import cases
from scipy import stats

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("trend"))
def test_trends_reproduce_published_values(given, expected, tolerance) -> None:
    found = agreement.trend(**given)
    values = {**vars(found), "chi2": found.z**2}
    assert {name: values[name] for name in expected} == pytest.approx(expected, abs=tolerance)


def test_with_a_small_period_the_p_counts_every_way_to_agree() -> None:
    agree, answered = [3, 4, 7], [8, 6, 8]
    found = agreement.trend(agree, answered)
    assert found.test == "exact permutation"
    centre = sum(agree) * (6 + 2 * 8) / 22
    observed = abs(4 + 14 - centre)
    ways = as_far = 0
    for x in product(range(9), range(7), range(9)):
        if sum(x) == sum(agree):
            weight = comb(8, x[0]) * comb(6, x[1]) * comb(8, x[2])
            ways += weight
            as_far += weight * (abs(x[1] + 2 * x[2] - centre) >= observed - 1e-9)
    assert found.p == pytest.approx(as_far / ways, abs=1e-12)


@pytest.mark.parametrize(("size", "test"), [(9, "exact permutation"), (10, "Cochran–Armitage")])
def test_below_ten_answers_in_a_period_the_permutation_decides(size, test) -> None:
    assert agreement.trend([5, 8, 9], [size, 20, 20]).test == test


def test_turning_time_round_turns_the_sign() -> None:
    agree, answered = [20, 25, 31, 30], [40, 41, 42, 40]
    forward = agreement.trend(agree, answered)
    back = agreement.trend(agree[::-1], answered[::-1])
    assert (back.slope, back.z, back.p) == pytest.approx((-forward.slope, -forward.z, forward.p))
    assert (back.low, back.high) == pytest.approx((-forward.high, -forward.low))


def test_a_straight_line_has_its_slope() -> None:
    found = agreement.trend([10, 20, 30], [40, 40, 40], scores=[2022, 2023, 2024])
    assert found.slope == pytest.approx(0.25)
    assert found.low < 0.25 < found.high


def test_a_missed_year_is_told_by_the_scores() -> None:
    even = agreement.trend([10, 20, 40], [50, 50, 50])
    missed = agreement.trend([10, 20, 40], [50, 50, 50], scores=[0, 1, 3])
    assert missed.slope == pytest.approx(0.2)
    assert even.slope == pytest.approx(0.3)


def test_answers_which_do_not_vary_show_no_trend() -> None:
    for agree in ([12, 15, 20], [0, 0, 0]):
        found = agreement.trend(agree, [12, 15, 20])
        assert (found.slope, found.z, found.p) == (0, 0, 1)


def test_where_all_agree_the_slope_is_not_certain() -> None:
    found = agreement.trend([12, 15, 20], [12, 15, 20])
    assert found.low < -0.03 < 0.03 < found.high
    assert agreement.trend([12, 15, 20], [12, 15, 20], added=0).low == 0


def test_the_interval_covers_where_the_last_periods_are_small() -> None:
    # Wald's covers 77% of the time here
    people, p, scores = np.array([60, 20, 10]), np.array([0.98, 0.95, 0.9]), np.arange(3)
    from_mean = scores - people @ scores / people.sum()
    true = (people * from_mean) @ p / (people @ from_mean**2)
    counts = np.stack(np.meshgrid(*(np.arange(n + 1) for n in people), indexing="ij"), axis=-1)
    chance = stats.binom(people, p).pmf(counts).prod(axis=-1)
    likely = chance > 1e-7  # all but a thousandth of what can happen
    found = agreement.trend(counts[likely], people)
    assert chance[likely][(found.low <= true) & (true <= found.high)].sum() >= 0.95


@pytest.mark.parametrize("added", [-1, "2", float("nan"), float("inf")])
def test_people_added_are_a_number_of_people(added) -> None:
    with pytest.raises(Refused, match="0 or more"):
        agreement.trend([5, 6, 7], [9, 9, 9], added=added)


def test_fewer_than_three_periods_with_answers_show_nothing() -> None:
    found = agreement.trend([[5, 0, 9, 9], [5, 0, 9, 0]], [[11, 0, 12, 13], [11, 0, 12, 0]])
    assert np.isnan([found.p[1], found.slope[1]]).all()
    assert found.test.tolist() == ["Cochran–Armitage", ""]
    dropped = agreement.trend([5, 9, 9], [11, 12, 13], scores=[0, 2, 3])
    assert (found.slope[0], found.p[0]) == pytest.approx((dropped.slope, dropped.p))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (([5, 6], [9, 9]), "3 periods"),
        ((5, 9), "3 periods"),
        (([5, 6, 7], [9, 9, 9], [1, 2]), "scores"),
        (([5, 6, 7], [9, 9, 9], [1, 2, 2]), "scores"),
        (([5, 6, 7], [9, 9, 9], [1, 2, np.nan]), "scores"),
        (([5, 6, 10], [9, 9, 9]), "more people agree"),
    ],
)
def test_what_cannot_be_a_trend_is_refused(arguments, what) -> None:
    with pytest.raises(Refused, match=what):
        agreement.trend(*arguments)
