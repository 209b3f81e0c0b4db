"""Two groups on an ordered scale (docs/methods.md A8)."""

from itertools import combinations

import numpy as np
import pytest
from agreement_cases import cases
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ci_eval import agreement
from ci_eval.agreement.ordinal_comparison import doubled_mid_ranks, exact_two_sided, newcombe_superiority
from ci_eval.agreement.refusals import Refused

counts = st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(lambda n: sum(n) > 0)


@pytest.mark.parametrize(("groups", "expected", "tolerance"), cases("superiority_test"))
def test_the_test_is_that_of_brunner_and_munzel(groups, expected, tolerance) -> None:
    found = agreement.superiority(**groups)
    assert (found.estimate - 0.5) / found.se == pytest.approx(expected["statistic"], abs=tolerance)
    assert found.p == pytest.approx(expected["p"], abs=tolerance)
    assert found.test == "Brunner–Munzel"


@pytest.mark.parametrize(("groups", "expected", "tolerance"), cases("superiority_interval"))
def test_the_interval_is_that_of_brunner_and_munzel(groups, expected, tolerance) -> None:
    found = agreement.superiority(**groups)
    assert (found.estimate, found.low, found.high) == pytest.approx(tuple(expected.values()), abs=tolerance)


@pytest.mark.parametrize(("groups", "expected", "tolerance"), cases("superiority_permutation"))
def test_separated_groups_have_the_exact_permutation_p(groups, expected, tolerance) -> None:
    found = agreement.superiority(**groups)
    top, bottom = expected["p_two_sided_as_fraction"]
    assert found.p == pytest.approx(top / bottom, abs=tolerance)
    assert found.estimate == 1
    assert 0.5 < found.low < found.high == 1
    assert found.test == "exact permutation"


@pytest.mark.parametrize(("groups", "expected", "tolerance"), cases("cliff_delta"))
def test_cliffs_delta_is_twice_the_superiority_less_one(groups, expected, tolerance) -> None:
    found = agreement.superiority(groups["lower"], groups["higher"])
    assert 2 * found.estimate - 1 == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("groups", "expected", "tolerance"), cases("superiority_estimate"))
def test_the_estimate_is_that_published(groups, expected, tolerance) -> None:
    # the standard error printed there comes from ranks that were not sorted and changes with the order of rows
    assert agreement.superiority(**groups).estimate == pytest.approx(expected, abs=tolerance)


def test_groups_of_ten_or_more_agree_with_scipy() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.integers(1, 6, 40), rng.integers(2, 6, 55)
    expected = stats.brunnermunzel(x, y)
    found = agreement.superiority(np.bincount(x, minlength=6)[1:], np.bincount(y, minlength=6)[1:])
    assert found.p == pytest.approx(expected.pvalue, rel=1e-10)
    pairs = [(b > a) + (b == a) / 2 for a in x for b in y]
    assert found.estimate == pytest.approx(np.mean(pairs), abs=1e-12)


@pytest.mark.parametrize(
    ("size", "test"), [(9, "exact permutation"), (10, "Brunner–Munzel"), (11, "Brunner–Munzel")]
)
def test_below_ten_people_in_a_group_the_permutation_decides(size, test) -> None:
    assert agreement.superiority([4, size - 4, 0], [10, 10, 10]).test == test
    assert agreement.superiority([10, 10, 10], [4, size - 4, 0]).test == test


def test_nothing_is_nan_for_separated_or_constant_groups() -> None:
    same = agreement.superiority([0, 12, 0], [0, 15, 0])
    assert (same.estimate, same.p) == (0.5, 1.0)
    assert same.low < 0.5 < same.high
    apart = agreement.superiority([0, 500, 0], [0, 0, 700])
    assert apart.estimate == 1
    assert apart.p < 1e-100
    assert apart.test == "permutation bound"
    assert 0.98 < apart.low < 1
    one = agreement.superiority([0, 1, 0], [20, 1, 10])
    assert one.p == pytest.approx(1, abs=0.5)
    assert not np.isnan([one.low, one.high, one.p]).any()


def test_only_a_group_without_answers_has_no_result() -> None:
    found = agreement.superiority([[0, 0], [3, 12]], [[4, 5], [12, 9]])
    assert np.isnan([found.estimate[0], found.low[0], found.p[0]]).all()
    assert found.test.tolist() == ["", "Brunner–Munzel"]
    assert not np.isnan(found.p[1])


@given(counts, counts)
def test_exchanging_the_groups_or_turning_the_scale_mirrors_the_result(x, y) -> None:
    one, other = agreement.superiority(x, y), agreement.superiority(y, x)
    turned = agreement.superiority(x[::-1], y[::-1])
    for mirror in (other, turned):
        assert mirror.estimate == pytest.approx(1 - one.estimate, abs=1e-12)
        assert (mirror.low, mirror.high) == pytest.approx((1 - one.high, 1 - one.low), abs=1e-9)
        assert mirror.p == pytest.approx(one.p, abs=1e-12)
    assert 0 <= one.low <= one.estimate <= one.high <= 1
    assert 0 <= one.p <= 1


@given(
    st.lists(st.integers(0, 4), min_size=3, max_size=4).filter(lambda n: sum(n) > 0),
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
)
def test_the_exact_p_is_that_of_every_choice_counted(x, y) -> None:
    totals = [a + b for a, b in zip(x, y, strict=False)]
    ranks = doubled_mid_ranks(totals)
    pool = [rank for rank, total in zip(ranks, totals, strict=True) for _ in range(total)]
    if len(pool) > 14:
        pool_size = len(pool)
        assert exact_two_sided(x, totals, ranks) is not None, pool_size
        return
    middle = sum(x) * (len(pool) + 1)
    observed = abs(sum(a * r for a, r in zip(x, ranks, strict=True)) - middle)
    every = [abs(sum(choice) - middle) for choice in combinations(pool, sum(x))]
    expected = np.mean([deviation >= observed for deviation in every])
    assert exact_two_sided(x, totals, ranks) == pytest.approx(expected, abs=1e-12)


def test_mid_ranks_are_those_of_scipy() -> None:
    pooled = [1] * 3 + [2] * 4 + [5] * 2
    assert doubled_mid_ranks([3, 4, 0, 0, 2])[0::4] == [2 * r for r in stats.rankdata(pooled)[[0, -1]]]


def test_too_much_work_is_answered_by_none() -> None:
    many = [400] * 9
    assert exact_two_sided([200] * 9, many, list(range(9))) is None


def test_newcombes_interval_solves_its_equation() -> None:
    # every limit t satisfies (estimate - t)² = z² V(t)
    theta, nx, ny = np.array([0.2, 0.5, 0.9, 1.0]), 12, 20
    low, high = newcombe_superiority(theta, nx, ny, 0.95)
    size = (nx + ny) / 2 - 1
    for t, inside in ((low, theta > 0), (high, theta < 1)):
        variance = t * (1 - t) * (1 + size * ((1 - t) / (2 - t) + t / (1 + t))) / (nx * ny)
        assert ((theta - t) ** 2)[inside] == pytest.approx(
            (stats.norm.ppf(0.975) ** 2 * variance)[inside], rel=1e-9
        )
    assert high[-1] == 1


def test_the_interval_covers_between_two_agreeable_groups() -> None:
    rng = np.random.default_rng(5)
    p, q = np.array([0.5, 0.4, 0.06, 0.03, 0.01]), np.array([0.35, 0.5, 0.1, 0.03, 0.02])
    below = np.concatenate([[0], np.cumsum(p)[:-1]]) + p / 2
    true = float(q @ below)
    found = agreement.superiority(rng.multinomial(25, p, 1500), rng.multinomial(30, q, 1500))
    covered = np.mean((found.low <= true) & (true <= found.high))
    assert 0.93 <= covered <= 0.98


@pytest.mark.parametrize(("small", "large", "agreeing"), [(5, 60, 0.9), (9, 40, 0.8), (12, 60, 0.9)])
def test_the_interval_covers_where_a_small_group_often_gives_one_answer(small, large, agreeing) -> None:
    # Brunner–Munzel's own covers 49%, 86% and 75% of the time here: a group that does not vary adds no variance
    i, j = np.arange(small + 1), np.arange(large + 1)
    chance = stats.binom(small, agreeing).pmf(i)[:, None] * stats.binom(large, agreeing).pmf(j)
    first, second = np.meshgrid(i, j, indexing="ij")
    found = agreement.superiority(
        np.stack([small - first, first], axis=-1), np.stack([large - second, second], axis=-1)
    )
    assert chance[(found.low <= 0.5) & (found.high >= 0.5)].sum() >= 0.95


def test_a_group_of_one_answer_is_not_judged_by_its_own_spread() -> None:
    # Brunner–Munzel alone says 0.72 to 0.82 from five people, and 0.57 to 0.66, p < 0.001, from fifteen
    five = agreement.superiority([0, 0, 2, 51, 45], [0, 0, 0, 0, 5])
    assert (five.low, five.high) == pytest.approx((0.51, 0.91), abs=0.005)
    assert five.p == pytest.approx(0.030, abs=0.001)
    fifteen = agreement.superiority([0, 0, 2, 21, 75], [0, 0, 0, 0, 15])
    assert (fifteen.low, fifteen.high) == pytest.approx((0.46, 0.75), abs=0.005)
    assert fifteen.p == pytest.approx(0.040, abs=0.001)
    assert five.test == fifteen.test == "exact permutation"


def test_the_exact_p_does_not_depend_on_where_scores_start_or_on_their_unit() -> None:
    plain = exact_two_sided([1, 2, 4], [4, 5, 4], [0, 1, 3])
    for scores in ([-6, -4, 0], [10**18, 10**18 + 10**9, 10**18 + 3 * 10**9]):
        assert exact_two_sided([1, 2, 4], [4, 5, 4], scores) == plain
    assert exact_two_sided([1, 2, 4], [4, 5, 4], [0, 1, 10**18]) is None  # sums beyond 64 bits


@pytest.mark.filterwarnings("error")
def test_a_large_group_beside_a_small_one_overflows_nothing() -> None:
    # Ways of what is not possible, such as 900 of each thousand at once, are beyond floating point.
    # p checked by counting every choice in whole numbers.
    found = agreement.trend([909, 1, 901], [1000, 1, 1000])
    assert (found.test, found.p) == ("exact permutation", pytest.approx(0.5885644203126879, abs=1e-9))


def test_scales_of_different_length_are_refused() -> None:
    with pytest.raises(Refused, match="one scale"):
        agreement.superiority([1, 2, 3], [1, 2])
