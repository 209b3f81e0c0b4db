"""Shares of respondents who come in engagements (docs/methods.md A7)."""

import numpy as np
import pytest
from agreement_cases import cases
from scipy import stats

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused

AGREE, ANSWERED = [9, 3, 8, 5, 10], [10, 8, 9, 10, 12]


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("korn_graubard"))
def test_korn_graubard_reproduces_published_values(given, expected, tolerance) -> None:
    assert agreement.korn_graubard(**given) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("logit_interval"))
def test_logit_limits_reproduce_published_values(given, expected, tolerance) -> None:
    assert agreement.logit_interval(**given) == pytest.approx(expected, abs=tolerance)


def test_one_person_a_cluster_gives_the_plain_variance_and_no_design_effect() -> None:
    found = agreement.clustered_share([1] * 30 + [0] * 10, [1] * 40)
    assert found.se == pytest.approx(np.sqrt(0.75 * 0.25 / 39))
    assert found.design_effect == pytest.approx(1)
    assert found.clusters == 40
    assert np.isnan(found.icc)  # nobody can be compared with a person of the same cluster


def test_statistics_by_hand_for_two_clusters_of_two() -> None:
    # clusters (2 of 2) and (0 of 2): p = 1/2, residuals 1 and -1, variance 2/1 * 2 / 16
    found = agreement.clustered_share([2, 0], [2, 2])
    assert found.share == 0.5
    assert found.se == pytest.approx(0.5)
    assert found.design_effect == pytest.approx(0.25 / (0.25 / 3))
    assert found.icc == pytest.approx(1)


def test_the_intraclass_correlation_by_hand_for_clusters_of_unequal_size() -> None:
    # 2 of 2 and 1 of 4: between 0.75, within 0.1875, typical size 6 - 20 / 6
    found = agreement.clustered_share([2, 1], [2, 4])
    assert found.icc == pytest.approx((0.75 - 0.1875) / (0.75 + (6 - 20 / 6 - 1) * 0.1875))
    # 3 of 3 and 1 of 3: between 2/3, within 1/6, size 3
    assert agreement.clustered_share([3, 1], [3, 3]).icc == pytest.approx(0.5)


def test_copying_every_respondent_within_clusters_leaves_the_standard_error_alone() -> None:
    once = agreement.clustered_share(AGREE, ANSWERED)
    thrice = agreement.clustered_share(3 * np.array(AGREE), 3 * np.array(ANSWERED))
    assert thrice.se == pytest.approx(once.se)
    assert thrice.design_effect > 2.9 * once.design_effect


def test_the_order_of_clusters_and_clusters_without_answers_change_nothing() -> None:
    base = agreement.clustered_share(AGREE, ANSWERED)
    turned = agreement.clustered_share([*AGREE[::-1], 0], [*ANSWERED[::-1], 0])
    for name in vars(base):
        assert getattr(turned, name) == pytest.approx(getattr(base, name), abs=1e-12)


def test_the_interval_is_wider_than_for_respondents_drawn_one_by_one() -> None:
    found = agreement.clustered_share(AGREE, ANSWERED)
    low, high = agreement.interval(sum(AGREE), sum(ANSWERED))
    assert found.design_effect > 1
    assert found.low < low < found.share < high < found.high


def test_the_finite_population_correction_closes_the_interval_on_all_clusters() -> None:
    widths = []
    for asked in (None, 50, 10, 6, 5):
        found = agreement.clustered_share(AGREE, ANSWERED, clusters_asked=asked)
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0


def test_everybody_agreeing_in_half_of_all_clusters_counts_as_twice_as_many_people() -> None:
    half = agreement.clustered_share([10] * 6, [10] * 6, clusters_asked=12)
    # Clopper–Pearson with 60 / (1 - 1/2) people times the squared ratio of the t quantiles
    people = 120 * (stats.t.ppf(0.025, 59) / stats.t.ppf(0.025, 5)) ** 2
    assert half.low == pytest.approx(0.025 ** (1 / people))


def test_everybody_agreeing_has_an_interval() -> None:
    found = agreement.clustered_share([5, 6, 7, 8], [5, 6, 7, 8])
    assert found.high == 1
    assert 0.5 < found.low < 1
    assert np.isnan([found.icc, found.design_effect]).all()
    mirrored = agreement.clustered_share([0] * 4, [5, 6, 7, 8])
    assert mirrored.low == 0
    assert mirrored.high == pytest.approx(1 - found.low)


def test_clusters_with_equal_shares_are_held_to_the_number_of_respondents() -> None:
    found = agreement.clustered_share([5, 5, 5, 5], [10, 10, 10, 10])
    assert found.se == 0
    assert found.low < 0.4
    assert found.high > 0.6
    assert found.icc < 0


def test_statements_and_groups_are_done_at_once() -> None:
    agree, answered = np.array([[AGREE, [0] * 5]]), np.array([[ANSWERED, [0] * 5]])
    found = agreement.clustered_share(agree, answered)
    assert found.share.shape == (1, 2)
    assert found.low[0, 0] == agreement.clustered_share(AGREE, ANSWERED).low
    assert all(np.isnan(getattr(found, name)[0, 1]) for name in vars(found))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (([5, 0], [9, 0]), "one cluster"),
        ((5, 9), "by cluster"),
        (([5, 3], [9, 9], 1), "clusters were asked"),
        (([5, 3], [9, 2]), "more people agree"),
        (([5, 3], [9, 9], None, 95), "level"),
    ],
)
def test_what_cannot_be_computed_is_refused(arguments, what) -> None:
    with pytest.raises(Refused, match=what):
        agreement.clustered_share(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [(1.2, 0.1, 50, 5), (0.5, -0.1, 50, 5), (0.5, 0.1, 0, 5), (0.5, 0.1, 50, 0), (np.nan, 0, 1, 1)],
)
def test_designs_that_do_not_exist_are_refused(arguments) -> None:
    with pytest.raises(Refused):
        agreement.korn_graubard(*arguments)
