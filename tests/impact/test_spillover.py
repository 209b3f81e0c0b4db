"""Spillover through officers of authorities not yet hosts (docs/methods.md C6)."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from impact_cases import panel, random_panel

from ci_eval import impact
from ci_eval.agreement.refusals import Refused

YEARS = [2018, 2019, 2021, 2022, 2023, 2024]
LINKS = [("C", "A", 1), ("D", "A", 2), ("D", "B", 1)]


def six() -> impact.Panel:
    """A is exposed in 2021, B in 2022, C in 2023, D to F never."""
    rows = {unit: [0.0, 1, 2, 3] for unit in "ABCDEF"}
    cohorts = {"A": 2021, "B": 2022, "C": 2023, "D": None, "E": None, "F": None}
    return panel(cohorts, rows, [2019, 2021, 2022, 2023])


def frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["council", "engagement", "officers"])


def four_a_team(some: impact.Panel, seed: int) -> impact.Officers:
    """Each team takes one officer of each of four authorities that are not yet hosts."""
    random = np.random.default_rng(seed)
    first = some.exposure.first
    rows = []
    for host in range(len(some.units)):
        later = np.flatnonzero(first > first[host])
        for sender in random.choice(later, min(4, len(later)), replace=False):
            rows.append((some.units[sender], some.units[host], 1))
    return impact.Officers.from_frame(frame(rows), some.exposure)


def half_strength(some: impact.Panel, officers: impact.Officers, effect: float = 1.0) -> np.ndarray:
    """Outcomes without noise: 1 from exposure on, .5 before it once an officer was sent."""
    reached = officers.reached(some.exposure.first, len(some.years)) > 0
    return effect * (some.design.exposed[some.groups] + 0.5 * reached)


def test_officers_count_from_the_hosts_exposure_until_the_own() -> None:
    some = six()
    officers = impact.Officers.from_frame(frame(LINKS), some.exposure)
    reached = officers.reached(some.exposure.first, 4)
    assert reached.tolist() == [[0] * 4, [0] * 4, [0, 1, 1, 0], [0, 2, 3, 3], [0] * 4, [0] * 4]
    both = np.stack([some.exposure.first, some.exposure.first[::-1]])
    assert (officers.reached(both, 4)[0] == reached).all()
    assert (officers.reached(both, 4)[1] != reached).any()


def test_a_joint_engagement_counts_its_officers_once() -> None:
    exposure = six().exposure
    possible = exposure.possible.copy()
    possible[1] = possible[0]
    joint = impact.Exposure(exposure.units, exposure.years, possible, ("AB", "AB", *"CDEF"))
    officers = impact.Officers.from_frame(frame([("D", "AB", 3)]), joint)
    assert officers.reached(joint.first, 4)[3].tolist() == [0, 3, 3, 3]


@pytest.mark.parametrize("row", [("Z", "A", 1), ("D", "Q", 1)])
def test_a_council_or_engagement_that_the_panel_does_not_hold_is_refused(row) -> None:
    with pytest.raises(Refused, match=r"The panel does not hold [ZQ]"):
        impact.Officers.from_frame(frame([row]), six().exposure)


def test_a_table_without_rows_says_that_nobody_was_sent() -> None:
    exposure = six().exposure
    officers = impact.Officers.from_frame(frame([]), exposure)
    assert not officers.reached(exposure.first, 4).any()


def test_the_exposed_share_of_every_comparison_is_counted() -> None:
    some = six()
    table = impact.exposed_share(some, impact.Officers.from_frame(frame(LINKS), some.exposure))
    first = table.iloc[0]
    assert (first["cohort"], first["year"], first["base"]) == ("2021", "2021", "2019")
    assert (first["controls"], first["reached"], first["officers"]) == (5, 2, 3)
    assert first["share"] == pytest.approx(0.4)


def test_a_host_whose_date_is_not_certain_counts_from_its_first_possible_one() -> None:
    some = six()
    possible = some.exposure.possible.copy()
    possible[1] = [False, True, True, False, False]  # B in 2021 or 2022
    unsure = impact.Exposure(some.units, some.years, possible, some.exposure.joint)
    officers = impact.Officers.from_frame(frame([("D", "B", 1)]), unsure)
    table = impact.exposed_share(some.with_exposure(unsure), officers)
    assert table.iloc[0]["reached"] == 1


def test_half_strength_spillover_hides_nearly_half_of_the_effect() -> None:
    # Four cohorts of eight, four sending authorities a team: a true 1.0 is estimated as about 0.53.
    some = random_panel({2021: 8, 2022: 8, 2023: 8, 2024: 8}, YEARS, seed=0)
    contrast = impact.callaway_santanna(some.design)
    found = [
        impact.estimate(replace(some, outcomes=half_strength(some, four_a_team(some, seed))), contrast)
        for seed in range(100)
    ]
    error = np.std(found) / 10
    assert np.mean(found) == pytest.approx(0.53, abs=0.01 + 3 * error)


def test_the_donut_and_the_second_regressor_find_the_whole_effect() -> None:
    some = random_panel({2021: 8, 2022: 8, 2023: 8, 2024: 8}, YEARS, seed=0)
    officers = four_a_team(some, 1)
    outcome = replace(some, outcomes=half_strength(some, officers))
    left = impact.donut(outcome, officers)
    cell = impact.att(left.design, 2021, 2021)
    assert impact.estimate(left, cell) == pytest.approx(1.0)
    never_sent = (officers.reached(some.exposure.first, 6) > 0)[:, 2] == 0
    assert cell.control_units == int(never_sent[8:].sum())
    both = impact.with_spillover(outcome, officers, impact.rollout_orders(some, draws=99, seed=1))
    assert (both.effect, both.spillover) == pytest.approx((1.0, 0.5))
    assert both.effect_alone < 0.6
    assert both.p_effect == both.p_spillover == 1 / 100


def test_without_links_the_donut_changes_nothing() -> None:
    some = random_panel({2021: 5, 2022: 5, None: 5}, YEARS, seed=2)
    officers = impact.Officers.from_frame(frame([(some.units[14], some.units[0], 0)]), some.exposure)
    assert (impact.donut(some, officers).exposure.possible == some.exposure.possible).all()
    with pytest.raises(Refused, match="cannot be separated"):
        impact.with_spillover(some, officers, impact.rollout_orders(some, draws=9, seed=1))


def test_coefficients_and_p_equal_least_squares_in_every_order() -> None:
    some = random_panel({2021: 4, 2022: 3, None: 4}, YEARS, seed=5)
    random = np.random.default_rng(3)
    links = [
        (some.units[sender], some.units[host], int(random.integers(1, 4)))
        for host in range(7)
        for sender in random.choice(np.arange(7, 11), 2, replace=False)
    ]
    officers = impact.Officers.from_frame(frame(links), some.exposure)
    orders = impact.rollout_orders(some, draws=60, seed=1, exact_up_to=0)
    found = impact.with_spillover(some, officers, orders)
    values = []
    for units in orders.units:
        first = np.empty(11, dtype=int)
        first[units] = some.design.first[orders.cohort]
        own = (np.arange(6) >= first[:, None]) * 1.0
        sent = np.zeros((11, 6))
        for sender, host, number in links:
            i, h = some.units.index(sender), some.units.index(host)
            sent[i] += number * own[h] * (1 - own[i])
        reached = (sent > 0) * 1.0
        unit = np.repeat(np.eye(11), 6, axis=0)
        year = np.tile(np.eye(6), (11, 1))
        matrix = np.column_stack([own.ravel(), reached.ravel(), unit, year])
        coefficients, _, rank, _ = np.linalg.lstsq(matrix, some.outcomes.ravel(), rcond=None)
        # Without anybody reached the two cannot be separated: the order counts against both.
        values.append(coefficients[:2] if rank == 11 + 6 - 1 + 2 else [np.inf, np.inf])
    slow = np.array(values)
    assert 0 < np.isinf(slow[:, 0]).sum() < 20
    assert (found.effect, found.spillover) == pytest.approx(tuple(slow[0]))
    p = (np.abs(slow) >= np.abs(slow[0]) * (1 - 1e-9)).mean(axis=0)
    assert (found.p_effect, found.p_spillover) == pytest.approx(tuple(p))


def test_what_spillover_cannot_use_is_refused() -> None:
    some = six()
    officers = impact.Officers.from_frame(frame(LINKS), some.exposure)
    with pytest.raises(Refused, match="other units"):
        impact.donut(some.without(["F"]), officers)
    orders = impact.rollout_orders(some, seed=1)
    with pytest.raises(Refused, match="count the same"):
        impact.with_spillover(
            some.with_weights({unit: 1.0 + place for place, unit in enumerate("ABCDEF")}), officers, orders
        )
