"""Consensus among those who answered (docs/methods.md A9)."""

from itertools import product
from math import factorial, prod

import numpy as np
import pytest
from agreement_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ci_eval import agreement
from ci_eval.agreement.consensus import null_variance
from ci_eval.agreement.refusals import Refused

MEASURES = [agreement.van_der_eijk, agreement.tastle_wierman, agreement.rwg]
five_counts = st.lists(st.integers(0, 60), min_size=5, max_size=5).filter(lambda n: sum(n) > 1)


@pytest.mark.parametrize(("counts", "expected", "tolerance"), cases("van_der_eijk"))
def test_van_der_eijk_reproduces_published_values(counts, expected, tolerance) -> None:
    assert agreement.van_der_eijk(counts) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("counts", "expected", "tolerance"), cases("tastle_wierman"))
def test_tastle_wierman_reproduces_published_values(counts, expected, tolerance) -> None:
    assert agreement.tastle_wierman(counts) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("counts", "expected", "tolerance"), cases("tastle_wierman_formula"))
def test_answers_nobody_gave_count_in_the_width_of_the_scale(counts, expected, tolerance) -> None:
    p = np.array([0.5, 0.25, 0.25])
    dissent = -(p * np.log2(1 - np.abs(np.array([1, 2, 3]) - 1.75) / expected["steps"])).sum()
    assert 1 - agreement.tastle_wierman(counts) == pytest.approx(dissent, abs=tolerance)


@pytest.mark.parametrize(("arguments", "expected", "tolerance"), cases("null_variance"))
def test_uniform_nulls_have_the_published_variance(arguments, expected, tolerance) -> None:
    assert null_variance(**arguments) == pytest.approx(expected, abs=tolerance + 1e-12)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.05, 0.15, 0.20, 0.35, 0.25], 1.34),  # slight skew
        ([0.00, 0.10, 0.15, 0.40, 0.35], 0.90),  # moderate skew
        ([0.00, 0.00, 0.10, 0.40, 0.50], 0.44),  # heavy skew
        ([0.11, 0.22, 0.34, 0.22, 0.11], 1.32),  # triangular
    ],
)
def test_declared_nulls_have_the_variance_of_lebreton_and_senter_2008(shares, expected) -> None:
    assert null_variance(5, shares) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("given_", "expected", "_tolerance"), cases("rwg_critical"))
def test_the_critical_rwg_of_random_answers_is_the_published_one(given_, expected, _tolerance) -> None:
    k, people = given_["response_options"], given_["group_size"]
    tables = [c for c in product(range(people + 1), repeat=k) if sum(c) == people]
    chance = np.array([factorial(people) // prod(map(factorial, c)) for c in tables]) / k**people
    value = agreement.rwg(tables).round(9)
    critical = min(v for v in np.unique(value) if chance[value >= v].sum() <= given_["p"])
    assert round(critical, 2) == expected


def test_rwg_by_hand() -> None:
    # answers 4, 4, 5, 5: variance 1/3, uniform null 2
    assert agreement.rwg([0, 0, 0, 2, 2]) == pytest.approx(1 - 1 / 6)
    assert agreement.rwg([3, 0, 0, 0, 3]) == 0
    assert agreement.rwg([0, 0, 0, 2, 2], null=[0, 0, 0.1, 0.4, 0.5]) == pytest.approx(1 - (1 / 3) / 0.44)


@pytest.mark.parametrize("measure", MEASURES)
def test_one_answer_by_all_is_full_consensus_and_the_two_ends_are_none(measure) -> None:
    assert measure(np.diag([7] * 5)).tolist() == [1] * 5
    assert measure([6, 0, 0, 0, 6]) <= 0


@pytest.mark.parametrize("measure", MEASURES)
@given(five_counts)
def test_turning_the_scale_or_copying_every_person_changes_nothing(measure, counts) -> None:
    n = np.array(counts)
    value = measure(n)
    assert -1 - 1e-12 <= value <= 1 + 1e-12
    assert measure(n[::-1]) == pytest.approx(value, abs=1e-12)
    if measure is not agreement.rwg:  # whose variance has n - 1
        assert measure(7 * n) == pytest.approx(value, abs=1e-12)


@given(five_counts)
def test_van_der_eijk_is_the_sum_over_layers_taken_off_one_by_one(counts) -> None:
    left, total, expected = np.array(counts), sum(counts), 0.0
    while left.any():
        pattern = (left > 0).astype(int)
        depth = left[left > 0].min()
        expected += depth * pattern.sum() / total * agreement.van_der_eijk(pattern)
        left = left - depth * pattern
    assert agreement.van_der_eijk(counts) == pytest.approx(expected, abs=1e-12)


def test_nobody_answering_has_no_consensus() -> None:
    for measure in MEASURES:
        assert np.isnan(measure([0, 0, 0, 0, 0]))
        assert np.isnan(measure([[0, 0, 0], [1, 2, 1]])).tolist() == [True, False]
    assert np.isnan(agreement.rwg([0, 1, 0]))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("counts", [3, [4], [1, -1], [1.5, 2], [np.nan, 2]])
def test_what_is_not_counts_over_a_scale_is_refused(measure, counts) -> None:
    with pytest.raises(Refused):
        measure(counts)


@pytest.mark.parametrize(
    "null", ["skewed", [0.5, 0.5], [0.2, 0.2, 0.2, 0.2, 0.3], [1.2, -0.2, 0, 0, 0], [0, 0, 1, 0, 0]]
)
def test_nulls_that_do_not_fit_are_refused(null) -> None:
    with pytest.raises(Refused, match="null"):
        agreement.rwg([1, 2, 3, 4, 5], null=null)
