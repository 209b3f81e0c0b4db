"""Permutation inference (docs/methods.md C3), by enumeration in plain Python and by simulated nulls."""

from dataclasses import replace
from itertools import combinations, permutations

import campaigns
import numpy as np
import pytest
from impact_cases import panel, random_panel

from ci_eval import impact
from ci_eval.agreement.refusals import Refused
from ci_eval.impact.inference import ManyOutcomes, statistics

YEARS = [2018, 2019, 2021, 2022]


def four() -> impact.Panel:
    """Changes 5 and 4 of the exposed, 1 and 0 of the others: 4, 1, 0, 0, -1, -4 in the six orders."""
    rows = {"A": [0, 5], "B": [0, 4], "C": [0, 1], "D": [0, 0]}
    return panel({"A": 2022, "B": 2022, "C": None, "D": None}, rows, [2021, 2022])


def statistic(
    some: impact.Panel, contrast: impact.Contrast, groups: np.ndarray, tau: float
) -> tuple[float, float]:
    """Estimate and variance in one order, the slow way: W made anew from the cohorts of that order."""
    outcome = some.outcomes - tau * contrast.pattern[some.groups]
    weight = np.bincount(groups, weights=some.weights, minlength=some.design.cohorts)
    rows = contrast.build(weight)
    estimate = variance = 0.0
    for cohort in np.unique(groups):
        inside = groups == cohort
        share = some.weights[inside] / some.weights[inside].sum()
        added = outcome[inside] @ rows[cohort]
        mean = share @ added
        estimate += mean
        size = inside.sum()
        if np.any(rows[cohort]):
            variance += size / (size - 1) * ((share * (added - mean)) ** 2).sum() if size > 1 else np.nan
    return estimate, variance


def slow_p(some, contrast, orders, tau: float, studentised: bool) -> float:
    values = []
    for units in orders.units:
        groups = some.groups.copy()
        groups[units] = orders.cohort
        estimate, variance = statistic(some, contrast, groups, tau)
        values.append(estimate**2 / variance if studentised else estimate**2)
    return float(np.mean(np.array(values) >= values[0] * (1 - 1e-9)))


def test_few_orders_are_enumerated_and_the_one_that_happened_counts() -> None:
    some = four()
    found = impact.permutation_test(some, impact.callaway_santanna(some.design))
    assert (found.kind, found.orders, found.possible) == ("exact", 6, 6)
    assert found.estimate == pytest.approx(4)
    assert found.p_raw == pytest.approx(2 / 6)  # the order and its mirror image
    assert found.p_studentised == pytest.approx(2 / 6)


def test_the_order_that_happened_comes_first_wherever_its_units_stand() -> None:
    rows = {"A": [0, 0], "B": [0, 5], "C": [0, 1], "D": [0, 4]}
    some = panel({"A": None, "B": 2022, "C": None, "D": 2022}, rows, [2021, 2022])
    found = impact.permutation_test(some, impact.callaway_santanna(some.design))
    assert found.kind == "exact"
    assert found.estimate == pytest.approx(4)
    assert found.p_raw == pytest.approx(2 / 6)


def test_p_is_never_smaller_than_one_in_the_number_of_orders() -> None:
    some = random_panel({2021: 4, None: 4}, YEARS, seed=1)
    exposed = some.design.exposed[some.groups] * 1e6
    some = replace(some, outcomes=some.outcomes + exposed)
    exact = impact.permutation_test(some, impact.callaway_santanna(some.design))
    assert exact.p_raw == 2 / 70  # mirror image included
    drawn = impact.permutation_test(
        some, impact.callaway_santanna(some.design), exact_up_to=0, draws=99, seed=5
    )
    assert drawn.orders == 100
    assert drawn.p_raw >= 1 / 100


def test_every_different_order_is_enumerated_once_within_strata() -> None:
    some = random_panel({2021: 2, 2022: 1, None: 2}, YEARS, seed=2)
    orders = impact.rollout_orders(some, seed=0)
    shared_out = {
        tuple(sorted(zip(row.tolist(), orders.cohort.tolist(), strict=True))) for row in orders.units
    }
    assert len(orders) == len(shared_out) == 30  # 5! / (2! 1! 2!)
    plain = {tuple(sorted(enumerate(labels))) for labels in permutations(some.groups.tolist())}
    assert shared_out == plain
    strata = dict(zip(some.units, ["a", "b", "a", "b", "b"], strict=True))
    orders = impact.rollout_orders(some, strata, seed=0)
    assert (len(orders), orders.possible) == (2 * 3, 6)
    for row in orders.units:
        groups = some.groups.copy()
        groups[row] = orders.cohort
        in_a = [0, 2]
        assert sorted(groups[in_a]) == sorted(some.groups[in_a])


def test_drawn_orders_stay_within_strata_and_follow_the_seed() -> None:
    some = random_panel({2021: 5, 2022: 5, None: 6}, YEARS, seed=2)
    strata = {unit: place % 3 for place, unit in enumerate(some.units)}
    orders = impact.rollout_orders(some, strata, draws=50, seed=9, exact_up_to=10)
    stratum = np.array([strata[unit] for unit in some.units])
    groups = np.empty((51, 16), dtype=int)
    np.put_along_axis(groups, orders.units, np.tile(orders.cohort, (51, 1)), axis=1)
    assert (groups[0] == some.groups).all()
    assert len(np.unique(groups, axis=0)) > 40
    for one in range(3):
        inside = np.sort(groups[:, stratum == one], axis=1)
        assert (inside == inside[0]).all()
    again = impact.rollout_orders(some, strata, draws=50, seed=9, exact_up_to=10)
    assert (again.units == orders.units).all()
    other = impact.rollout_orders(some, strata, draws=50, seed=10, exact_up_to=10)
    assert (other.units != orders.units).any()


def test_drawn_orders_are_as_likely_as_each_other() -> None:
    orders = impact.rollout_orders(four(), draws=60_000, seed=3, exact_up_to=0)
    _, counts = np.unique(np.sort(orders.units[1:, :2], axis=1), axis=0, return_counts=True)
    assert len(counts) == 6
    assert np.abs(counts - 10_000).max() < 5 * np.sqrt(60_000 * 5 / 36)


@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        impact.callaway_santanna,
        impact.borusyak_jaravel_spiess,
        impact.two_way_fixed_effects,
        impact.sun_abraham,
    ],
)
def test_p_and_interval_equal_the_slow_way(make, weights) -> None:
    some = random_panel({2021: 4, 2022: 3, None: 4}, YEARS, seed=6, weights=weights)
    contrast = make(some.design)
    orders = impact.rollout_orders(some, draws=199, seed=1, exact_up_to=10)
    found = impact.permutation_test(some, contrast, orders=orders, level=0.9)
    assert found.p_raw == pytest.approx(slow_p(some, contrast, orders, 0.0, False), abs=1e-12)
    assert found.p_studentised == pytest.approx(slow_p(some, contrast, orders, 0.0, True), abs=1e-12)
    raw = impact.permutation_test(some, contrast, orders=orders, level=0.9, studentised=False)
    for studentised, (low, high) in {True: (found.low, found.high), False: (raw.low, raw.high)}.items():
        assert low < found.estimate < high
        for limit, inwards in ((low, 1e-6), (high, -1e-6)):
            assert slow_p(some, contrast, orders, limit + inwards, studentised) > 0.1
            assert slow_p(some, contrast, orders, limit - inwards, studentised) <= 0.1
        for far in (1.0, 4.0):
            assert slow_p(some, contrast, orders, high + far, studentised) <= 0.1


def test_the_interval_moves_with_the_effect() -> None:
    some = random_panel({2021: 6, 2022: 5, None: 6}, YEARS, seed=7)
    contrast = impact.callaway_santanna(some.design)
    moved = replace(some, outcomes=some.outcomes + 2.5 * some.design.exposed[some.groups])
    one, other = (impact.permutation_test(each, contrast, seed=1, draws=499) for each in (some, moved))
    assert (other.low, other.high) == pytest.approx((one.low + 2.5, one.high + 2.5), abs=1e-7)
    assert other.se == pytest.approx(one.se, abs=1e-12)


def test_the_interval_holds_zero_exactly_when_p_exceeds_alpha() -> None:
    for seed in range(20):
        some = random_panel({2021: 4, None: 4}, YEARS, seed=seed)
        found = impact.permutation_test(some, impact.callaway_santanna(some.design), level=0.8)
        assert (found.low <= 0 <= found.high) == (found.p_studentised > 0.2)
        contrast = impact.callaway_santanna(some.design)
        raw = impact.permutation_test(some, contrast, level=0.8, studentised=False)
        assert (raw.low <= 0 <= raw.high) == (raw.p_raw > 0.2)


def test_with_too_few_orders_the_interval_has_no_end() -> None:
    some = four()
    found = impact.permutation_test(some, impact.callaway_santanna(some.design), level=0.95)
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_placebos_are_tested_too() -> None:
    some = random_panel({2021: 4, 2022: 4, None: 4}, YEARS, seed=8)
    for contrast in impact.event_study(some.design):
        found = impact.permutation_test(some, contrast, draws=99, seed=1, exact_up_to=0)
        assert found.low < found.estimate < found.high


def test_units_exposed_throughout_take_no_part() -> None:
    with_always = random_panel({2018: 2, 2021: 4, None: 4}, YEARS, seed=9)
    orders = impact.rollout_orders(with_always, seed=1)
    assert set(orders.units.ravel().tolist()) == set(range(2, 10))
    assert orders.possible == 70


def test_a_raw_test_does_without_a_standard_error() -> None:
    some = random_panel({2021: 1, 2022: 5, None: 6}, YEARS, seed=3)
    contrast = impact.callaway_santanna(some.design)
    with pytest.raises(Refused, match="one unit"):
        impact.permutation_test(some, contrast, seed=1)
    found = impact.permutation_test(some, contrast, seed=1, draws=199, studentised=False)
    assert found.se is None
    assert found.p_studentised is None
    assert found.p == found.p_raw


def test_a_cohort_of_one_unit_without_weight_does_no_harm() -> None:
    for weights in (False, True):
        some = random_panel({2021: 4, 2022: 1, None: 5}, YEARS, seed=3, weights=weights)
        contrast = impact.att(some.design, 2021, 2021, controls="never exposed")
        found = impact.permutation_test(some, contrast, seed=1, draws=199, exact_up_to=0)
        assert found.low < found.estimate < found.high
        orders = impact.rollout_orders(some, draws=199, seed=1, exact_up_to=0)
        assert found.p_studentised == pytest.approx(slow_p(some, contrast, orders, 0.0, True), abs=1e-12)


def test_what_cannot_be_permuted_is_refused() -> None:
    some = four()
    contrast = impact.callaway_santanna(some.design)
    apart = {"A": 1, "B": 1, "C": 2, "D": 2}
    with pytest.raises(Refused, match="Only one rollout order"):
        impact.permutation_test(some, contrast, strata=apart)
    with pytest.raises(Refused, match="No stratum is given for D"):
        impact.permutation_test(some, contrast, strata={"A": 1, "B": 1, "C": 2})
    with pytest.raises(Refused, match="level"):
        impact.permutation_test(some, contrast, level=95)
    with pytest.raises(Refused, match="0 orders"):
        impact.permutation_test(some, contrast, draws=0)


def test_an_outcome_that_never_varies_is_an_error() -> None:
    some = four()
    flat = replace(some, outcomes=np.zeros((4, 2)))
    with pytest.raises(Refused, match="is 0"):
        impact.permutation_test(flat, impact.callaway_santanna(some.design))


def test_simulated_tests_equal_single_ones() -> None:
    some = random_panel({2021: 5, 2022: 4, None: 6}, YEARS, seed=2)
    contrast = impact.callaway_santanna(some.design)
    orders = impact.rollout_orders(some, draws=299, seed=1)
    outcomes = np.random.default_rng(1).normal(size=(7, 15, 4)).cumsum(axis=2)
    found = impact.simulated_tests(outcomes, some, contrast, orders)
    for place, outcome in enumerate(outcomes):
        single = impact.permutation_test(replace(some, outcomes=outcome), contrast, orders=orders)
        assert found.estimate[place] == pytest.approx(single.estimate, abs=1e-12)
        assert found.p_raw[place] == single.p_raw
        assert found.p_studentised[place] == single.p_studentised
    raw = impact.simulated_tests(outcomes, some, contrast, orders, studentised=False)
    assert raw.p_studentised is None
    assert (raw.p_raw == found.p_raw).all()


@pytest.mark.parametrize(
    "estimator", [impact.callaway_santanna, impact.roth_santanna, impact.base_year_adjusted]
)
def test_an_effect_added_later_gives_the_tests_of_outcomes_that_hold_it(estimator) -> None:
    some = with_joint_hosts(seed=4)
    contrast = estimator(some.design)
    orders = impact.rollout_orders(some, draws=149, seed=1)
    outcomes = np.random.default_rng(1).normal(size=(6, 18, 4)).cumsum(axis=2)
    many = ManyOutcomes.of(outcomes, some, contrast, orders, effects=True).tests(0.7)
    for place, outcome in enumerate(outcomes + 0.7 * contrast.pattern[some.groups]):
        single = impact.permutation_test(replace(some, outcomes=outcome), contrast, orders=orders)
        assert many.estimate[place] == pytest.approx(single.estimate, abs=1e-10)
        assert many.p_raw[place] == single.p_raw
        assert many.p_studentised[place] == single.p_studentised


def test_simulated_tests_refuse_what_they_cannot_do() -> None:
    some = random_panel({2021: 5, None: 6}, YEARS, seed=2, weights=True)
    orders = impact.rollout_orders(some, draws=9, seed=1)
    contrast = impact.callaway_santanna(some.design)
    with pytest.raises(Refused, match="shape"):
        impact.simulated_tests(np.zeros((2, 10, 4)), some, contrast, orders)


@campaigns.campaign(2_000, 20_000)
def test_size_is_five_per_cent_over_simulated_nulls(request) -> None:
    # 32 authorities, 4 cohorts of 8, errors that remember half of the year before.
    years = [2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024]
    some = random_panel({2021: 8, 2022: 8, 2023: 8, 2024: 8}, years, seed=0)
    contrast = impact.callaway_santanna(some.design)
    orders = impact.rollout_orders(some, seed=11)
    random = np.random.default_rng(20)
    runs = campaigns.size(2_000, 20_000)
    outcomes = random.normal(size=(runs, 32, 8))
    for year in range(1, 8):
        outcomes[:, :, year] += 0.5 * outcomes[:, :, year - 1]
    found = impact.simulated_tests(outcomes, some, contrast, orders)
    error = (0.05 * 0.95 / runs) ** 0.5
    rates = [
        f"{(p <= 0.05).mean():.1%} {kind}"
        for p, kind in ((found.p_raw, "raw"), (found.p_studentised, "studentised"))
    ]
    campaigns.result(request, ", ".join(rates))
    assert (found.p_raw <= 0.05).mean() == pytest.approx(0.05, abs=3 * error)
    assert (found.p_studentised <= 0.05).mean() == pytest.approx(0.05, abs=3 * error)


@campaigns.campaign(200, 2_000)
def test_the_interval_covers_95_per_cent_of_constant_effects(request) -> None:
    some = random_panel({2021: 8, 2022: 8, 2023: 8, 2024: 8}, [2018, 2019, 2021, 2022, 2023, 2024], seed=0)
    contrast = impact.callaway_santanna(some.design)
    orders = impact.rollout_orders(some, draws=399, seed=11)
    random = np.random.default_rng(2)
    covered = 0
    runs = campaigns.size(200, 2_000)
    for _ in range(runs):
        outcome = random.normal(size=(32, 6)).cumsum(axis=1) + 1.5 * some.design.exposed[some.groups]
        found = impact.permutation_test(replace(some, outcomes=outcome), contrast, orders=orders)
        covered += found.low <= 1.5 <= found.high
    campaigns.result(request, f"{covered / runs:.1%} covered")
    assert covered / runs == pytest.approx(0.95, abs=3 * (0.05 * 0.95 / runs) ** 0.5)


# --- hosts of one engagement (C4b) ---


def with_joint_hosts(seed: int, exposed: int = 8, others: int = 10) -> impact.Panel:
    """Units of which the first three were exposed together, over four years."""
    cohorts = {f"{place:02}": 2022 if place < exposed else None for place in range(exposed + others)}
    exposure = impact.Exposure.from_cohorts(cohorts, impact.Years.of([2019, 2020, 2021, 2022]))
    joint = ("together",) * 3 + exposure.units[3:]
    values = np.random.default_rng(seed).normal(size=(exposed + others, 4)).cumsum(axis=1)
    return impact.Panel(replace(exposure, joint=joint), values, np.ones(exposed + others))


def test_joint_hosts_change_places_together_and_units_count_the_same() -> None:
    some = with_joint_hosts(seed=1, exposed=4, others=4)
    contrast = impact.callaway_santanna(some.design)
    result = impact.permutation_test(some, contrast)
    assert result.possible == 15  # 2 of 6 treated apart, where 4 of 8 would be 70
    change = some.outcomes[:, 3] - some.outcomes[:, 2]
    assert result.estimate == pytest.approx(change[:4].mean() - change[4:].mean())
    assert (result.exposed_units, result.control_units) == (4, 4)
    # Every order by hand: the block is the first of six, with three members.
    members = [[0, 1, 2], [3], [4], [5], [6], [7]]
    ratios, estimates = [], []
    for pair in combinations(range(6), 2):
        sides = [
            [members[place] for place in range(6) if (place in pair) == exposed] for exposed in (True, False)
        ]
        means = [change[[unit for block in side for unit in block]].mean() for side in sides]
        variance = 0.0
        for side, mean in zip(sides, means, strict=True):
            units, blocks = sum(map(len, side)), len(side)
            parts = [(len(block) / units) ** 2 * (change[block].mean() - mean) ** 2 for block in side]
            variance += blocks / (blocks - 1) * sum(parts)
        estimates.append((means[0] - means[1]) ** 2)
        ratios.append((means[0] - means[1]) ** 2 / variance)
        if pair == (0, 1):
            assert result.se == pytest.approx(variance**0.5)
    assert result.p_raw == pytest.approx(np.mean(np.array(estimates) >= estimates[0] * (1 - 1e-9)))
    assert result.p_studentised == pytest.approx(np.mean(np.array(ratios) >= ratios[0] * (1 - 1e-9)))


def test_the_interval_with_joint_hosts_holds_the_effects_that_are_not_rejected() -> None:
    some = with_joint_hosts(seed=2, exposed=5, others=5)
    contrast = impact.callaway_santanna(some.design)
    result = impact.permutation_test(some, contrast, level=0.8)
    exposed = some.design.exposed[some.groups]
    for end, side in ((result.low, -1), (result.high, 1)):
        p = [
            impact.permutation_test(replace(some, outcomes=some.outcomes - effect * exposed), contrast).p
            for effect in (end - side * 1e-6, end + side * 1e-6)
        ]
        assert p[0] > 0.2 >= p[1]


@campaigns.campaign(1_000, 10_000)
def test_size_holds_with_shocks_that_joint_hosts_share(request) -> None:
    runs = campaigns.size(1_000, 10_000)
    some = with_joint_hosts(seed=0, exposed=11, others=21)
    random = np.random.default_rng(5)
    outcomes = random.normal(size=(runs, 32, 4))
    outcomes[:, :3] += 1.5 * random.normal(size=(runs, 1, 4))
    contrast = impact.callaway_santanna(some.design)
    # The order that happened is one of those that might have: another in each run, as in the design.
    orders = impact.rollout_orders(some, draws=499, seed=3)
    observed = np.arange(runs) % len(orders)
    apart = replace(some, exposure=replace(some.exposure, joint=some.units))
    tested = ManyOutcomes.of(outcomes, some, contrast, orders, observed=observed).tests()
    error = (0.05 * 0.95 / runs) ** 0.5
    campaigns.result(request, f"{(tested.p_studentised <= 0.05).mean():.1%}")
    assert (tested.p_studentised <= 0.05).mean() < 0.05 + 3 * error
    authorities = impact.simulated_tests(
        outcomes, apart, contrast, impact.rollout_orders(apart, draws=499, seed=3)
    )
    assert (authorities.p_studentised <= 0.05).mean() > 0.05 + 2 * error


# --- adjusted for the base year (C4c) ---


def test_base_year_adjustment_is_least_squares_on_exposure_and_base_year() -> None:
    some = with_joint_hosts(seed=3)
    apart = replace(some, exposure=replace(some.exposure, joint=some.units))
    result = impact.permutation_test(apart, impact.base_year_adjusted(some.design), draws=99, seed=1)
    exposed = (apart.exposure.first < 4).astype(float)
    matrix = np.column_stack([np.ones(18), exposed, apart.outcomes[:, 2]])
    slopes = np.linalg.lstsq(matrix, apart.outcomes[:, 3], rcond=None)[0]
    assert result.estimate == pytest.approx(slopes[1])
    assert result.coefficient == pytest.approx(slopes[2] - 1)


@pytest.mark.parametrize("estimator", [impact.roth_santanna, impact.base_year_adjusted])
def test_the_coefficient_is_learnt_anew_in_every_order_and_for_every_effect(estimator) -> None:
    some = with_joint_hosts(seed=6)
    contrast = estimator(some.design)
    orders = impact.rollout_orders(some, draws=199, seed=1)
    result = impact.permutation_test(some, contrast, orders=orders, level=0.9)
    each = statistics(some, contrast, orders).at()[2]
    assert result.coefficient == each[0]
    assert len(np.unique(each.round(9))) > 150
    pattern = contrast.pattern[some.groups]
    for end, side in ((result.low, -1), (result.high, 1)):
        p = [
            impact.permutation_test(
                replace(some, outcomes=some.outcomes - effect * pattern), contrast, orders=orders
            ).p
            for effect in (end - side * 1e-6, end + side * 1e-6)
        ]
        assert p[0] > 0.1 >= p[1]


def test_small_cohorts_have_no_adjusted_estimate() -> None:
    some = with_joint_hosts(seed=1, exposed=6)  # four treated apart
    with pytest.raises(Refused, match="2022 has 4 units treated apart, too few"):
        impact.permutation_test(some, impact.base_year_adjusted(some.design))
