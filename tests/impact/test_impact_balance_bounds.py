"""Balance of the rollout order (docs/methods.md C4) and bounds where dates are not known (C1, C5)."""

from dataclasses import replace
from itertools import combinations

import campaigns
import numpy as np
import pandas as pd
import pytest
from impact_cases import five, random_panel

from ci_eval import impact
from ci_eval.agreement.refusals import Refused

YEARS = [2018, 2019, 2021, 2022]


def test_level_and_trend_use_only_years_before_anybody_is_exposed() -> None:
    some = random_panel({2021: 2, 2022: 2}, YEARS, seed=1)
    found = impact.pre_exposure(some)
    assert found["level"].to_list() == pytest.approx(some.outcomes[:, :2].mean(axis=1).tolist())
    assert found["trend"].to_list() == pytest.approx((some.outcomes[:, 1] - some.outcomes[:, 0]).tolist())
    later = some.outcomes.copy()
    later[:, 2:] = 99
    assert impact.pre_exposure(replace(some, outcomes=later)).equals(found)


def test_the_trend_is_a_true_year_across_a_missing_one() -> None:
    some = random_panel({2022: 2, None: 2}, [2018, 2019, 2021, 2022], seed=1)
    straight = replace(some, outcomes=np.tile([0.0, 1, 3, 4], (4, 1)) * 2)
    assert impact.pre_exposure(straight)["trend"].to_list() == pytest.approx([2.0] * 4)


def orders(some: impact.Panel, strata: dict[str, bool] | None = None) -> impact.Orders:
    return impact.rollout_orders(some, strata, draws=999, seed=1)


def test_the_single_p_of_balance_by_enumeration() -> None:
    some = random_panel({2021: 3, None: 3}, YEARS, seed=1)
    values = np.array([9.0, 8, 4, 5, 2, 1])
    found = impact.balance(some, pd.DataFrame({"size": values}, index=list(some.units)), orders(some))
    gaps = [abs(values[list(rows)].sum() - values.sum() / 2) for rows in combinations(range(6), 3)]
    observed = abs(values[:3].sum() - values.sum() / 2)
    assert found.table["p"][0] == pytest.approx(np.mean([gap >= observed - 1e-9 for gap in gaps]))
    assert found.p == found.table["p"][0]
    assert (found.kind, found.orders, found.covariates) == ("exact", 20, 1)
    assert found.table.loc[0, ["2021", "not by 2022"]].to_list() == pytest.approx([7, 8 / 3])
    assert found.table["difference_sd"][0] == pytest.approx((7 - 8 / 3) / values.std(ddof=1))


def test_the_joint_test_does_not_depend_on_units_of_measurement() -> None:
    some = random_panel({2021: 6, 2022: 5, None: 6}, YEARS, seed=1)
    random = np.random.default_rng(4)
    table = pd.DataFrame(random.normal(size=(17, 3)), index=list(some.units), columns=["a", "b", "c"])
    mixed = pd.DataFrame({"a": table["a"] * 1000 + 5, "b": table["b"] - table["a"], "c": -table["c"]})
    one, other = (impact.balance(some, each, orders(some)) for each in (table, mixed))
    assert one.p == other.p


def test_words_are_covariates_too_and_repeat_nothing() -> None:
    some = random_panel({2021: 6, 2022: 5, None: 6}, YEARS, seed=1)
    region = ["north", "south", "west"] * 5 + ["north", "south"]
    table = pd.DataFrame({"region": region, "again": region}, index=list(some.units))
    found = impact.balance(some, table, orders(some))
    alone = impact.balance(some, table[["region"]], orders(some))
    assert found.covariates == 4
    assert found.p == alone.p


def test_an_order_by_size_is_found_out_and_within_strata_excused() -> None:
    some = random_panel({2021: 10, None: 10}, YEARS, seed=1)
    # Large authorities went first: eight of ten in the first cohort, two of ten in the other.
    large = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    random = np.random.default_rng(3)
    columns = {"size": 5.0 * large + random.normal(size=20), "noise": random.normal(size=20)}
    table = pd.DataFrame(columns, index=list(some.units))
    assert impact.balance(some, table, orders(some)).p < 0.05
    strata = dict(zip(some.units, large.tolist(), strict=True))
    assert impact.balance(some, table, orders(some, strata)).p > 0.2


@campaigns.campaign(150, 1_000)
def test_balance_has_its_size(request) -> None:
    some = random_panel({2021: 8, 2022: 8, 2023: 8, None: 8}, [2018, 2019, 2021, 2022, 2023], seed=1)
    tried = impact.rollout_orders(some, draws=199, seed=5)
    random, runs = np.random.default_rng(1), campaigns.size(150, 1_000)
    p = [
        impact.balance(some, pd.DataFrame(random.normal(size=(32, 5)), index=list(some.units)), tried).p
        for _ in range(runs)
    ]
    campaigns.result(request, f"{np.mean(np.array(p) <= 0.05):.1%}")
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / runs) ** 0.5)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"x": [1.0, 2, 3]}, index=list("ABC")), "no row for D, E"),
        (pd.DataFrame({"x": [1.0, 2, 3, 4, np.nan]}, index=list("ABCDE")), "not known for E"),
        (pd.DataFrame({"x": [1.0] * 5}, index=list("ABCDE")), "does not vary"),
        (pd.DataFrame({"x": ["a"] * 5}, index=list("ABCDE")), "does not vary"),
        (pd.DataFrame(np.eye(5)[:, :4], index=list("ABCDE")), "too many"),
        (pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]}, index=list("ABCDEE")), "more than one row"),
    ],
)
def test_covariates_that_cannot_be_tested_are_refused(table, message) -> None:
    with pytest.raises(Refused, match=message):
        impact.balance(five(), table, orders(five()))


def unsure() -> impact.Panel:
    """C may be exposed in 2022 or 2023, D in 2023 or not at all; changes to 2022: A 4, B 2, C 2, D 1, E 1."""
    some = five()
    possible = some.exposure.possible.copy()
    possible[2] = [False, True, True, False]
    possible[3] = [False, False, True, True]
    return some.with_exposure(replace(some.exposure, possible=possible))


def test_bounds_of_a_cell_by_hand() -> None:
    # C exposed: (4 + 2 + 2) / 3 - 1; C a control: 3 - (2 + 1 + 1) / 3
    found = impact.cell_bounds(unsure(), 2022, 2022)
    assert (found.low, found.high) == pytest.approx((8 / 3 - 1, 3 - 4 / 3))
    # to 2023 A 6, B 6, C 7, D 2, E 0: low with C 2023 and D a control
    found = impact.cell_bounds(unsure(), 2022, 2023)
    assert found.low == pytest.approx(6 - (2 + 0) / 2)
    assert found.high == pytest.approx((6 + 6 + 7) / 3 - 0)
    assert found.assignments == 4


def test_bounds_by_integer_program_equal_those_by_enumeration() -> None:
    random = np.random.default_rng(5)
    for seed in range(4):
        some = random_panel({2021: 3, 2022: 4, None: 3}, YEARS, seed=seed)
        possible = some.exposure.possible.copy()
        possible[2] |= [False, False, True, True, True]
        possible[4] |= [False, False, True, False, True]
        possible[5] |= [False, False, False, True, True]
        possible[8] |= [False, False, False, True, True]
        joint = list(some.exposure.joint)
        possible[7] = possible[8]
        joint[7] = joint[8] = "together"
        some = some.with_exposure(replace(some.exposure, possible=possible, joint=tuple(joint)))
        year = int(random.choice([2021, 2022]))
        exact = impact.cell_bounds(some, 2021, year)
        tried = impact.enumerated_bounds(some, lambda design, year=year: impact.att(design, 2021, year))
        assert (exact.low, exact.high) == pytest.approx((tried.low, tried.high), abs=1e-8)
        assert exact.assignments == tried.assignments == 3 * 3 * 2 * 2
        assert tried.not_estimable == 0


def test_certain_dates_have_bounds_that_meet() -> None:
    some = five()
    found = impact.enumerated_bounds(some, impact.callaway_santanna)
    assert (found.low, found.high, found.assignments) == (pytest.approx(11 / 3), pytest.approx(11 / 3), 1)
    cell = impact.cell_bounds(some, 2022, 2022)
    assert (cell.low, cell.high) == pytest.approx((5 / 3, 5 / 3))


def test_what_cannot_be_bounded_is_refused() -> None:
    some = unsure()
    with pytest.raises(Refused, match="more than 3"):
        impact.enumerated_bounds(some, impact.callaway_santanna, cap=3)
    with pytest.raises(Refused, match="not linear"):
        impact.cell_bounds(some.with_weights(dict(zip("ABCDE", range(1, 6), strict=True))), 2022, 2022)
    with pytest.raises(Refused, match="no effect in 2021"):
        impact.cell_bounds(some, 2022, 2021)
    all_exposed = some.select(["A", "B"])
    with pytest.raises(Refused, match="In no assignment"):
        impact.cell_bounds(all_exposed, 2022, 2022)
    with pytest.raises(Refused, match="in no assignment"):
        impact.enumerated_bounds(all_exposed, impact.callaway_santanna)
