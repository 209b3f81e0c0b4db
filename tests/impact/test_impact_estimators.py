"""Estimators as weights on cohort means (docs/methods.md C2), by hand and against other software."""

from dataclasses import replace

import numpy as np
import pytest
from impact_cases import dataset, expected, five, panel, random_panel, simulated

from ci_eval import impact
from ci_eval.agreement.refusals import Refused
from ci_eval.impact.design import cells
from ci_eval.impact.effects.group_time import Blocks, elements
from ci_eval.impact.inference import statistics

SIMULATED = (
    "sim_32_gap_notyettreated_none_varying_bal",
    "sim_32_always_notyettreated_none_varying_bal",
    "sim_32_gap_notyettreated_pop_varying_bal",
)


@pytest.mark.parametrize(
    ("cohort", "year", "by_hand"),
    [(2022, 2022, 3 - 4 / 3), (2022, 2023, 6 - 1), (2023, 2023, 5 - 0), (2023, 2022, 2 - 1)],
)
def test_an_effect_is_a_change_less_that_of_everybody_not_yet_exposed(cohort, year, by_hand) -> None:
    five_units = five()
    found = impact.estimate(five_units, impact.att(five_units.design, cohort, year))
    assert found == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize(
    ("aggregate", "by_hand"),
    [("simple", 11 / 3), ("group", 35 / 9), ("dynamic", 35 / 9), ("calendar", 10 / 3)],
)
def test_aggregates_by_hand(aggregate, by_hand) -> None:
    five_units = five()
    found = impact.estimate(five_units, impact.callaway_santanna(five_units.design, aggregate))
    assert found == pytest.approx(by_hand, abs=1e-12)


def test_event_study_by_hand() -> None:
    five_units = five()
    found = impact.event_study(five_units.design)
    values = {contrast.key: impact.estimate(five_units, contrast) for contrast in found}
    assert values == pytest.approx({-1: 1, 0: 25 / 9, 1: 5}, abs=1e-12)


def test_imputation_by_hand() -> None:
    # Year effects of those not yet exposed: 0, 4/3, 7/6; effects 5/3 and 29/6 (two units), 11/2 (one).
    five_units = five()
    found = impact.estimate(five_units, impact.borusyak_jaravel_spiess(five_units.design))
    assert found == pytest.approx((2 * 5 / 3 + 2 * 29 / 6 + 11 / 2) / 5, abs=1e-12)


def test_two_way_fixed_effects_by_hand() -> None:
    # Exposure less unit and year means, times cohort means: 0.7466… over 0.2133…
    five_units = five()
    found = impact.estimate(five_units, impact.two_way_fixed_effects(five_units.design))
    assert found == pytest.approx(3.5, abs=1e-12)


def test_standard_errors_by_hand() -> None:
    # Changes 4 and 2 of the exposed, 1 and 1 of the controls: variance 2 / 2.
    five_units = five()
    contrast = impact.att(five_units.design, 2022, 2022, controls="never exposed")
    assert impact.estimate(five_units, contrast) == pytest.approx(2, abs=1e-12)
    assert impact.neyman_se(five_units, contrast) == pytest.approx(1, abs=1e-12)


def test_weights_make_cohort_means_weighted() -> None:
    five_units = five().with_weights({"A": 3.0, "B": 1.0, "C": 2.0, "D": 1.0, "E": 3.0})
    found = impact.estimate(five_units, impact.att(five_units.design, 2022, 2022))
    assert found == pytest.approx((3 * 4 + 1 * 2) / 4 - (2 * 2 + 1 * 1 + 3 * 1) / 6, abs=1e-12)


def test_two_way_fixed_effects_and_imputation_agree_with_regressions() -> None:
    some = random_panel({2021: 4, 2022: 3, 2023: 5}, [2018, 2019, 2021, 2022], seed=4, weights=True)
    exposed = some.design.exposed[some.groups]
    units, years = exposed.shape
    dummies = np.column_stack(
        [np.kron(np.eye(units), np.ones((years, 1))), np.tile(np.eye(years), (units, 1))]
    )
    root = np.sqrt(np.repeat(some.weights, years))
    outcome = some.outcomes.ravel()
    both = np.column_stack([exposed.ravel(), dummies])
    coefficient = np.linalg.lstsq(both * root[:, None], outcome * root, rcond=None)[0][0]
    found = impact.estimate(some, impact.two_way_fixed_effects(some.design))
    assert found == pytest.approx(coefficient, abs=1e-10)
    free = ~exposed.ravel()
    fitted = np.linalg.lstsq(dummies[free] * root[free, None], outcome[free] * root[free], rcond=None)[0]
    left = outcome - dummies @ fitted
    imputed = np.average(left[~free], weights=np.repeat(some.weights, years)[~free])
    found = impact.estimate(some, impact.borusyak_jaravel_spiess(some.design))
    assert found == pytest.approx(imputed, abs=1e-10)


@pytest.mark.parametrize("case", SIMULATED)
def test_cells_equal_r_did(shared, case) -> None:
    some, want = simulated(shared, case), expected(case)
    cells = [impact.att(some.design, g, t) for g, t in zip(want["g"], want["t"], strict=True)]
    found = impact.estimates(some, cells)
    assert found["estimate"].to_list() == pytest.approx(want["att"], abs=1e-9)


@pytest.mark.parametrize("aggregate", ["simple", "group", "calendar"])
@pytest.mark.parametrize("case", SIMULATED)
def test_aggregates_equal_r_did(shared, case, aggregate) -> None:
    # Times since exposure are left out: R counts them in years, across the missing one.
    some, want = simulated(shared, case), expected(case)[aggregate]
    overall = impact.estimate(some, impact.callaway_santanna(some.design, aggregate))
    assert overall == pytest.approx(want["overall"], abs=1e-9)
    if want["egt"] is not None:
        found = impact.estimates(some, impact.event_study(some.design, aggregate))
        assert found["key"].to_list() == want["egt"]
        assert found["estimate"].to_list() == pytest.approx(want["att"], abs=1e-9)


def test_other_estimators_on_the_simulated_authorities(shared) -> None:
    some, want = simulated(shared, SIMULATED[0]), expected("sim_32_gap_other_estimators")
    imputed = impact.estimate(some, impact.borusyak_jaravel_spiess(some.design))
    assert imputed == pytest.approx(want["borusyak_jaravel_spiess"], abs=1e-6)
    neyman = impact.neyman_se(some, impact.callaway_santanna(some.design))
    assert neyman == pytest.approx(want["callaway_santanna_simple_neyman_se"], abs=1e-6)


@pytest.mark.slow  # imports another package
@pytest.mark.filterwarnings("ignore::UserWarning")  # cells it leaves out, as ours does
def test_diff_diff_gives_the_same_estimates(shared) -> None:
    """With a missing year too. What it does not give is named here: its standard errors are not Neyman's."""
    diff_diff = pytest.importorskip("diff_diff")
    some, frame = simulated(shared, SIMULATED[0]), dataset(shared, SIMULATED[0])
    columns = {"outcome": "y", "unit": "id", "time": "year", "first_treat": "g"}
    pairs = (
        (diff_diff.CallawaySantAnna(control_group="not_yet_treated"), impact.callaway_santanna),
        (diff_diff.ImputationDiD(), impact.borusyak_jaravel_spiess),
    )
    for theirs, ours in pairs:
        fitted = theirs.fit(frame, **columns)
        assert impact.estimate(some, ours(some.design)) == pytest.approx(fitted.overall_att, abs=1e-9)
        assert abs(impact.neyman_se(some, ours(some.design)) / fitted.overall_se - 1) > 0.01


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Rank-deficient")
def test_diff_diff_goes_wrong_across_the_missing_year_in_sun_abraham(shared) -> None:
    """Its times are raw years, so that the base of cohorts after the gap is a year without data; positions agree."""
    diff_diff = pytest.importorskip("diff_diff")
    frame = dataset(shared, SIMULATED[0])
    frame["g"] = frame["g"].where(frame["g"] < 2024, 0)  # it needs units never exposed
    some = impact.Panel.from_frame(frame, "g", unit="id", value="y", never=[0])
    columns = {"outcome": "y", "unit": "id", "time": "year", "first_treat": "g"}
    place = {year: number for number, year in enumerate(sorted(frame["year"].unique()), start=1)} | {0: 0}
    positions = frame.assign(year=frame["year"].map(place), g=frame["g"].map(place))
    ours = impact.estimate(some, impact.sun_abraham(some.design))
    theirs = [diff_diff.SunAbraham().fit(each, **columns).overall_att for each in (positions, frame)]
    assert theirs[0] == pytest.approx(ours, abs=1e-9)
    assert not abs(theirs[1] - ours) <= 0.01  # 3.13 gives no number at all


def test_mpdta_equals_the_published_tables(shared) -> None:
    case = "did_mpdta_never_nocov_attgt"
    frame = dataset(shared, case)
    some = impact.Panel.from_frame(frame, "first.treat", unit="countyreal", value="lemp", never=[0])
    rows = expected(case)["att_gt"]
    cells = [impact.att(some.design, row["g"], row["t"], controls="never exposed") for row in rows]
    found = impact.estimates(some, cells)
    assert found["estimate"].to_list() == pytest.approx([row["att"] for row in rows], abs=5e-5)
    # The published errors are bootstrapped: 15% of noise.
    published = [row["se_bootstrap"] for row in rows]
    assert found["se"].to_list() == pytest.approx(published, rel=0.15)
    for aggregate, part, overall in (("dynamic", "event", 5e-5), ("group", "group", 5e-4)):
        want = expected(f"did_mpdta_never_nocov_{aggregate}")
        whole = impact.callaway_santanna(some.design, aggregate, controls="never exposed")
        assert impact.estimate(some, whole) == pytest.approx(want["overall"], abs=overall)
        parts = impact.event_study(some.design, aggregate, controls="never exposed")
        values = {str(contrast.key): impact.estimate(some, contrast) for contrast in parts}
        assert values == pytest.approx(want[part], abs=5e-5)


def test_imputation_equals_didimputation(shared) -> None:
    case = "didimputation_df_het"
    some = impact.Panel.from_frame(dataset(shared, case), "g", unit="unit", value="dep_var", never=[0])
    overall = impact.estimate(some, impact.borusyak_jaravel_spiess(some.design))
    assert overall == pytest.approx(expected(case)["static"][0], abs=5e-6)


def test_sun_abraham_equals_fixest_once_the_covariate_is_taken_out(shared) -> None:
    # fixest published the regression with a covariate. Its coefficient, found here by the same saturated
    # regression, is taken off the outcome; what is left is the estimator without covariates, exactly.
    # The published standard errors treat cohort shares as known and are not comparable.
    case = "fixest_sunab_base_stagg"
    frame, want = dataset(shared, case), expected(case)
    columns = [frame["x1"].to_numpy()]
    columns += [(frame["id"] == unit).to_numpy() * 1.0 for unit in frame["id"].unique()]
    columns += [(frame["year"] == year).to_numpy() * 1.0 for year in sorted(frame["year"].unique())[1:]]
    exposed = frame[(frame["year_treated"] < 10000) & (frame["time_to_treatment"] != -1)]
    for cohort, since in exposed.groupby(["year_treated", "time_to_treatment"]).size().index:
        cell = (frame["year_treated"] == cohort) & (frame["time_to_treatment"] == since)
        columns.append(cell.to_numpy() * 1.0)
    slope = np.linalg.lstsq(np.column_stack(columns), frame["y"].to_numpy(), rcond=None)[0][0]
    assert slope == pytest.approx(want["x1"][0], abs=5e-7)
    some = impact.Panel.from_frame(
        frame.assign(y=frame["y"] - slope * frame["x1"]), "year_treated", unit="id", value="y"
    )
    # printed with six decimals
    assert impact.estimate(some, impact.sun_abraham(some.design)) == pytest.approx(want["ATT"][0], abs=5e-7)
    blocks = Blocks(some.design, cells(some.design, "last exposed", "universal"))
    for aggregate, part, place in (("dynamic", "event", 5e-4), ("group", "cohort", 5e-8)):
        found = elements(blocks, aggregate, "Sun–Abraham")
        values = {str(contrast.key): impact.estimate(some, contrast) for contrast in found}
        values.pop("-1", None)  # the base, not printed
        assert values == pytest.approx({key: pair[0] for key, pair in want[part].items()}, abs=place)


@pytest.fixture(scope="module")
def officers(shared):
    frame = dataset(shared, "staggered_pj_cs")
    return impact.Panel.from_frame(frame, "first_trained", unit="uid", year="period", value="complaints")


def test_staggered_callaway_santanna_on_officers(officers) -> None:
    want = expected("staggered_pj_cs")
    contrast = impact.callaway_santanna(officers.design)
    assert impact.estimate(officers, contrast) == pytest.approx(want["est"], abs=5e-10)
    assert impact.neyman_se(officers, contrast) == pytest.approx(want["se_neyman"], abs=5e-10)


@pytest.mark.parametrize(
    ("aggregate", "part"), [("simple", "simple"), ("group", "cohort"), ("calendar", "calendar")]
)
def test_efficient_estimator_on_officers(officers, aggregate, part) -> None:
    want = expected("staggered_pj_efficient")[part]
    orders = impact.rollout_orders(officers, draws=1, seed=1)
    value, variance, _ = statistics(officers, impact.roth_santanna(officers.design, aggregate), orders).at()
    # printed with seven digits
    assert [value[0], variance[0] ** 0.5] == pytest.approx([want["est"], want["se_neyman"]], abs=6e-10)


def test_efficient_permutation_test_on_officers(officers) -> None:
    want = expected("staggered_pj_efficient")["fisher_500"]
    orders = impact.rollout_orders(officers, draws=500, seed=1)
    by_order = statistics(officers, impact.roth_santanna(officers.design), orders)
    p = [by_order.p(studentised=False), by_order.p(studentised=True)]
    assert p == pytest.approx([want["p"], want["p_neyman"]], abs=0.05)


def test_raw_years_and_positions_give_the_same(shared) -> None:
    frame = dataset(shared, SIMULATED[0])
    place = {year: number for number, year in enumerate(sorted(frame["year"].unique()), start=1)}
    recoded = frame.assign(year=frame["year"].map(place), g=frame["g"].map(place))
    for make in (
        impact.callaway_santanna,
        impact.borusyak_jaravel_spiess,
        impact.sun_abraham,
        impact.two_way_fixed_effects,
    ):
        raw, positions = (
            impact.Panel.from_frame(some, "g", unit="id", value="y") for some in (frame, recoded)
        )
        one, other = (impact.estimate(some, make(some.design)) for some in (raw, positions))
        assert one == pytest.approx(other, abs=1e-12)


def test_every_estimator_ignores_levels_and_answers_an_effect_of_one_with_one() -> None:
    some = random_panel({2019: 4, 2021: 3, 2023: 5, None: 2}, [2017, 2018, 2019, 2021, 2022, 2023], seed=1)
    design = some.design
    effect = design.exposed[some.groups] * 1.0
    moved = replace(some, outcomes=effect + np.arange(14)[:, None] * 3.0 + np.arange(6) ** 2)
    whole = [impact.callaway_santanna(design, kind) for kind in ("simple", "group", "dynamic", "calendar")]
    whole += [
        impact.sun_abraham(design),
        impact.borusyak_jaravel_spiess(design),
        impact.two_way_fixed_effects(design),
    ]
    assert [impact.estimate(moved, contrast) for contrast in whole] == pytest.approx([1.0] * 7, abs=1e-10)


def test_weights_of_a_contrast_follow_the_cohorts_weights() -> None:
    some = random_panel({2021: 4, 2022: 3, 2023: 5}, [2018, 2019, 2021, 2022], seed=4)
    heavier = some.design.weight * np.array([1.0, 2.0, 5.0])
    other = replace(some.design, weight=heavier)
    for make in (impact.callaway_santanna, impact.borusyak_jaravel_spiess, impact.two_way_fixed_effects):
        together = make(some.design).build(np.stack([some.design.weight, heavier]))
        assert together[0] == pytest.approx(make(some.design).weights, abs=1e-12)
        assert together[1] == pytest.approx(make(other).weights, abs=1e-12)


def test_a_universal_base_compares_every_year_with_the_last_before_exposure() -> None:
    some = panel({"A": 2022, "B": None}, {"A": [1, 2, 4, 9], "B": [0, 0, 1, 1]}, [2019, 2020, 2021, 2022])
    found = impact.event_study(some.design, base="universal")
    values = {contrast.key: impact.estimate(some, contrast) for contrast in found}
    assert values == pytest.approx({-3: -2, -2: -1, 0: 5}, abs=1e-12)


def test_a_placebo_on_a_universal_base_has_controls_not_yet_exposed_in_the_base() -> None:
    # C from 2022 back to 2021: -2; A and B are exposed in 2022, so that D and E remain: -1.
    five_units = five()
    contrast = impact.att(five_units.design, 2023, 2021, base="universal")
    assert impact.estimate(five_units, contrast) == pytest.approx(-2 + 1, abs=1e-12)
    assert contrast.control_units == 2


def test_an_older_base_skips_the_year_before_exposure() -> None:
    some = panel({"A": 2022, "B": None}, {"A": [1, 2, 4], "B": [0, 0, 1]}, [2019, 2021, 2022])
    assert impact.estimate(some, impact.att(some.design, 2022, 2022, lag=2)) == pytest.approx(2)


@pytest.mark.parametrize(("cohort", "year"), [(2022, 2023), (2021, 2021), (2023, 2022)])
def test_cells_without_a_comparison_are_refused(cohort, year) -> None:
    cohorts = {"A": 2021, "B": 2022, "C": 2023}
    some = panel(cohorts, {"A": [1, 2, 3], "B": [1, 2, 4], "C": [1, 2, 5]}, [2021, 2022, 2023])
    with pytest.raises(Refused, match="cannot be estimated"):
        impact.att(some.design, cohort, year)


def test_a_design_without_any_effect_is_refused() -> None:
    some = panel({"A": 2022, "B": 2022}, {"A": [1, 2], "B": [1, 3]}, [2021, 2022])
    for make in (impact.callaway_santanna, impact.borusyak_jaravel_spiess, impact.sun_abraham):
        with pytest.raises(Refused, match="not yet exposed"):
            make(some.design)
    with pytest.raises(Refused, match="does not differ"):
        impact.two_way_fixed_effects(some.design)


def test_a_standard_error_of_nothing_is_an_error() -> None:
    flat = panel(
        {"A": 2022, "B": 2022, "C": None, "D": None},
        {"A": [1, 3], "B": [2, 4], "C": [5, 5], "D": [7, 7]},
        [2021, 2022],
    )
    contrast = impact.att(flat.design, 2022, 2022)
    assert impact.estimate(flat, contrast) == 2
    with pytest.raises(Refused, match="is 0"):
        impact.neyman_se(flat, contrast)
    # The same with numbers that are not exact in binary
    uneven = replace(flat, outcomes=flat.outcomes * 0.1 + 53.1)
    with pytest.raises(Refused, match="is 0"):
        impact.neyman_se(uneven, contrast)
    assert impact.estimates(flat, [contrast])["se"].isna().all()


def test_covariances_of_an_event_study_are_those_of_sums() -> None:
    some = random_panel({2021: 4, 2022: 3, None: 5}, [2018, 2019, 2021, 2022], seed=4)
    parts = impact.event_study(some.design)
    found = impact.covariance(some, parts)
    each = [impact.neyman_se(some, part) for part in parts]
    assert np.sqrt(np.diag(found)) == pytest.approx(each, rel=1e-12)
    # "dynamic" is the plain mean of the times from exposure on
    after = np.array([(part.key or 0) >= 0 for part in parts])
    mean = after / after.sum()
    whole = impact.neyman_se(some, impact.callaway_santanna(some.design, "dynamic"))
    assert mean @ found @ mean == pytest.approx(whole**2, rel=1e-12)


def test_a_cohort_of_one_unit_has_no_neyman_error() -> None:
    five_units = five()
    with pytest.raises(Refused, match="2023 has one unit"):
        impact.neyman_se(five_units, impact.att(five_units.design, 2022, 2022))


def test_a_contrast_of_another_design_is_refused() -> None:
    five_units = five()
    other = five_units.without(["E"])
    with pytest.raises(Refused, match="another design"):
        impact.estimate(other, impact.callaway_santanna(five_units.design))


def test_two_way_fixed_effects_need_certain_dates() -> None:
    five_units = five()
    possible = five_units.exposure.possible.copy()
    possible[4, 2] = True
    unsure = five_units.with_exposure(replace(five_units.exposure, possible=possible))
    with pytest.raises(Refused, match="who is exposed in every year"):
        impact.two_way_fixed_effects(unsure.design)
