"""Intervals robust to trends that are not parallel (docs/methods.md C5), against HonestDiD and by simulation."""

import json
from pathlib import Path

import campaigns
import numpy as np
import pandas as pd
import pytest
from impact_cases import random_panel
from scipy.optimize import linprog

from ci_eval import impact
from ci_eval.agreement.refusals import Refused
from ci_eval.impact.sensitivity import trend_violations
from ci_eval.impact.sensitivity.trend_violations import _truncated_quantile, critical_value

# HonestDiD 0.2.8, README (asheshrambachan/HonestDiD @6813f02e), Medicaid example: first year after 2013. Its limits
# are points of a grid .00037 wide; moderndid prints -.00067 for the last -.00107 and .0669 for .0673.
RELATIVE = {0.5: (0.0241, 0.0673), 1: (0.0171, 0.072), 1.5: (0.00859, 0.0796), 2: (-0.00107, 0.0883)}
# The same example in the authors' README of commits 02b541bb and cc8cf885, same method and settings.
ON_THE_GRID = {
    0.5: ("0.0240", "0.0672"), 1: ("0.0170", "0.0720"), 1.5: ("0.00824", "0.0797"), 2: ("-0.000916", "0.0881")
}  # fmt: skip
SMOOTH = {
    0: (0.0259, 0.0607),
    0.01: (0.0132, 0.0787),
    0.02: (0.00286, 0.0907),
    0.03: (-0.00714, 0.101),
    0.04: (-0.0171, 0.111),
    0.05: (-0.0271, 0.121),
}
FIRST = np.array([1.0, 0.0])


def medicaid(shared: Path) -> impact.EventCoefficients:
    held = json.loads((shared / "data/did/ehec_twfe_betahat_sigma.json").read_text("utf-8"))
    position = np.array([-5, -4, -3, -2, -1, 1, 2], dtype=float)
    return impact.EventCoefficients(np.array(held["betahat"]), np.array(held["sigma"]), position)


def independent(
    estimate: list[float], position: list[float], variance: float = 1e-4
) -> impact.EventCoefficients:
    return impact.EventCoefficients(
        np.array(estimate), np.eye(len(estimate)) * variance, np.array(position, dtype=float)
    )


def test_relative_magnitudes_equal_honestdid(shared: Path) -> None:
    table = impact.relative_magnitudes(medicaid(shared), RELATIVE, weights=FIRST)
    for row, expected in zip(table.itertuples(), RELATIVE.values(), strict=True):
        assert (row.low, row.high) == pytest.approx(expected, abs=0.0005)


def test_on_the_grid_of_honestdid_relative_magnitudes_equal_every_printed_digit(shared: Path) -> None:
    """R tries 1,000 effects within ±20 standard errors of 0 and prints the first and the last it accepts."""
    some = medicaid(shared)
    grid = 20 * np.sqrt(some.covariance[5, 5]) * np.linspace(-1, 1, 1000)
    for bound, printed in ON_THE_GRID.items():
        tests = trend_violations._tests(some, bound, FIRST, 0, 0.05)
        accepted = grid[np.any([test.accepts(grid) for test in tests], axis=0)]
        assert tuple(f"{end:#.3g}" for end in (accepted.min(), accepted.max())) == printed


def test_smoothness_equals_honestdid(shared: Path) -> None:
    table = impact.smoothness(medicaid(shared), SMOOTH, weights=FIRST)
    for row, expected in zip(table.itertuples(), SMOOTH.values(), strict=True):
        # three digits are printed
        assert row.low == pytest.approx(expected[0], abs=1e-4)
        assert row.high == pytest.approx(expected[1], abs=5.1e-4 if row.high > 0.1 else 1e-4)


def test_without_a_bend_the_interval_is_that_of_a_straight_line_taken_off() -> None:
    # Positions -2 -1 | 1: the line through (-2, 2a), (-1, a) by least squares goes through 0; its variance is
    # 1 + 1/(4 + 1), the estimate 5 + (2·2 + 1·1)/5.
    found = impact.smoothness(independent([2, 1, 5], [-2, -1, 1], 1.0), [0])
    assert found["estimate"][0] == pytest.approx(6)
    assert found["sd"][0] == pytest.approx(np.sqrt(1.2), rel=1e-6)
    assert found["high"][0] - 6 == pytest.approx(1.959964 * np.sqrt(1.2), rel=1e-5)


def test_a_straight_line_does_not_move_a_smooth_interval_whatever_the_gaps(monkeypatch) -> None:
    monkeypatch.setattr(trend_violations, "COARSE", 6)
    for position in ([-3, -2, -1, 1, 2], [-4, -3, -2, 1, 3]):
        line = 0.7 * np.array(position)
        flat = impact.smoothness(independent([0, 0, 0, 3, 3], position), [0, 0.1])
        sloped = impact.smoothness(independent(list(line + np.array([0, 0, 0, 3, 3])), position), [0, 0.1])
        assert sloped[["low", "high"]].to_numpy() == pytest.approx(flat[["low", "high"]].to_numpy(), abs=1e-6)


def least_bias(frontier: trend_violations._Frontier, limit: float) -> float:
    """The least worst-case bias within a standard deviation, by linear programs with ever more cutting planes."""
    size, bends = frontier.before, len(frontier.allowed)
    own, fixed = frontier.loading[:-1], frontier.fixed[:-1]
    rows, right = np.block([[own, -np.eye(bends)], [-own, -np.eye(bends)]]), np.concatenate([-fixed, fixed])
    line = np.append(frontier.loading[-1], np.zeros(bends))[None]
    costs, free = (
        np.concatenate([np.zeros(size), frontier.allowed]),
        [(None, None)] * size + [(0, None)] * bends,
    )
    for _ in range(200):
        solved = linprog(costs, A_ub=rows, b_ub=right, A_eq=line, b_eq=[-frontier.fixed[-1]], bounds=free)
        chosen = solved.x[:size]
        if frontier._sd(chosen) <= limit * (1 + 1e-5):
            return float(solved.fun)
        cut = (frontier.spread @ chosen + frontier.spread_fixed) / frontier._sd(chosen)
        rows = np.vstack([rows, np.append(cut @ frontier.spread, np.zeros(bends))])
        right = np.append(right, limit - cut @ frontier.spread_fixed)
    raise AssertionError("not solved")


@pytest.mark.parametrize("seed", range(4))
def test_the_path_of_least_bias_is_that_of_linear_programs(seed: int) -> None:
    random = np.random.default_rng(seed)
    before, after = 2 + seed, 1 + seed % 3
    position = [*sorted(random.choice(np.arange(-9, 0), before, replace=False)), *range(1, after + 1)]
    root = random.normal(size=(before + after, 3 * (before + after)))
    # Equal variances make several events of the path fall together.
    covariance = np.eye(before + after) if seed % 2 else root @ root.T
    some = impact.EventCoefficients(np.zeros(len(position)), covariance, np.array(position, dtype=float))
    frontier = trend_violations._Frontier(some, some.target(None))
    ends = frontier._sd(frontier.least), frontier._sd(frontier._at(frontier.corners[-1]))
    for limit in [*np.linspace(*ends, 5)[1:], 2 * ends[1]]:
        chosen = frontier._least_biased(limit)
        assert frontier._sd(chosen) <= limit * (1 + 1e-9)
        assert frontier._bias(chosen) == pytest.approx(least_bias(frontier, limit), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_estimates_that_hardly_vary_in_some_combination_are_refused_or_right(seed: int) -> None:
    position = np.array([-9.0, -7, -6, -5, -4, -3, -1, 3])
    root = np.random.default_rng(seed).normal(size=(8, 6))
    some = impact.EventCoefficients(np.zeros(8), root @ root.T + 1e-12 * np.eye(8), position)
    try:
        frontier = trend_violations._Frontier(some, some.target(None))
    except Refused:
        return
    last = frontier._bias(frontier._at(frontier.corners[-1]))
    assert last == pytest.approx(least_bias(frontier, np.inf), rel=1e-4)


def test_a_missing_year_widens_what_a_bend_may_do() -> None:
    near = impact.smoothness(independent([0, 0, 3], [-2, -1, 1]), [1.0])
    far = impact.smoothness(independent([0, 0, 3], [-2, -1, 2]), [1.0])  # nothing collected a year after
    # Without noise: bend 1 at the base of steps 1 and 1, or of steps 1 and 2 (1.5 × 2 years).
    assert near["bias"][0] == pytest.approx(1.0, rel=1e-3)
    assert far["bias"][0] == pytest.approx(3.0, rel=1e-3)


def test_relative_magnitudes_count_a_missing_year_as_two_steps() -> None:
    # Noise of nearly nothing: the interval is the identified set, effect ± bound × step a year × years.
    for position, steps in (([-2, -1, 1], 1), ([-2, -1, 2], 2)):
        found = impact.relative_magnitudes(independent([0.0, 1.0, 5.0], position, 1e-10), [0.5])
        assert found["low"][0] == pytest.approx(5 - 0.5 * steps, abs=1e-3)
        assert found["high"][0] == pytest.approx(5 + 0.5 * steps, abs=1e-3)
    # A step of 1 over two years before exposure is half a step a year.
    found = impact.relative_magnitudes(independent([1.0, 5.0], [-2, 1], 1e-10), [1.0])
    assert (found["low"][0], found["high"][0]) == pytest.approx((4.5, 5.5), abs=1e-3)


def test_departures_add_up_over_the_exposed_years() -> None:
    some = independent([1.0, 5.0, 5.0], [-1, 1, 2], 1e-10)
    for weights, width in (([1, 0], 1), ([0, 1], 2), ([0.5, 0.5], 1.5), ([-1, 1], 1)):
        found = impact.relative_magnitudes(some, [1.0], weights=np.array(weights, dtype=float))
        assert found["high"][0] - found["low"][0] == pytest.approx(2 * width, abs=1e-3)


def test_intervals_grow_with_the_bound() -> None:
    some = independent([0.02, 0.01, 0.05, 0.06, 0.04], [-2, -1, 1, 2, 4])
    for table in (
        impact.relative_magnitudes(some, [0.0, 0.5, 1.0]),
        impact.smoothness(some, [0.0, 0.01, 0.05]),
    ):
        width = table["high"] - table["low"]
        assert (width.diff().dropna() > 0).all()


def test_intervals_move_with_the_unit_of_the_outcome() -> None:
    some = independent([0.02, 0.01, 0.05, 0.06], [-2, -1, 1, 2])
    scaled = impact.EventCoefficients(some.estimate * 1e4, some.covariance * 1e8, some.position)
    one, other = (impact.relative_magnitudes(each, [1.0]) for each in (some, scaled))
    assert other.loc[0, ["low", "high"]].tolist() == pytest.approx(
        [one["low"][0] * 1e4, one["high"][0] * 1e4], rel=1e-6
    )
    one, other = impact.smoothness(some, [0.01]), impact.smoothness(scaled, [100.0])
    assert other["low"][0] == pytest.approx(one["low"][0] * 1e4, rel=1e-4)


def test_a_smooth_interval_covers_95_per_cent_at_the_worst_bend_allowed(monkeypatch) -> None:
    monkeypatch.setattr(
        trend_violations, "COARSE", 6
    )  # any combination of its class covers; the shortest takes longer to find
    position, covariance = np.array([-3.0, -2, -1, 1, 2]), 0.5 * (np.eye(5) + 1)

    def row(estimate: np.ndarray) -> pd.Series:
        some = impact.EventCoefficients(estimate, covariance, position)
        return impact.smoothness(some, [1.0], weights=FIRST).iloc[0]

    # Its length is fixed, and its centre linear: ask for the weights, then simulate all at once.
    half = (row(np.zeros(5))["high"] - row(np.zeros(5))["low"]) / 2
    combination = np.array([row(unit)["estimate"] for unit in np.eye(5)])
    noise = np.random.default_rng(4).multivariate_normal(np.zeros(5), covariance, 100_000)
    line = combination @ (3 + 2 * position) - 3 * combination.sum()
    assert line == pytest.approx(0, abs=1e-6)  # a straight line does no harm
    trends = {"none": np.zeros(5), "bent": 0.5 * position**2, "bent the other way": -0.5 * position**2}
    covered = {name: (np.abs((noise + trend) @ combination) <= half).mean() for name, trend in trends.items()}
    assert min(covered.values()) >= 0.95 - 0.003
    assert covered["none"] > 0.95


@campaigns.campaign(100, 600)
def test_relative_intervals_cover_95_per_cent_at_the_worst_trend_allowed(monkeypatch, request) -> None:
    monkeypatch.setattr(trend_violations, "DRAWS", 4_000)
    position, covariance = np.array([-3.0, -2, -1, 1, 2]), 0.5 * (np.eye(5) + 1)
    random = np.random.default_rng(4)
    runs, covered = campaigns.size(100, 600), 0
    for _ in range(runs):
        # A straight line: its step after exposure equals those before.
        noise = random.multivariate_normal(np.zeros(5), covariance)
        some = impact.EventCoefficients(3 * position + noise, covariance, position)
        tests = trend_violations._tests(some, 1.0, FIRST, 0, 0.05)
        covered += any(test.accepts(np.zeros(1))[0] for test in tests)
    campaigns.result(request, f"{covered / runs:.1%} covered")
    assert covered / runs >= 0.95 - 3 * (0.05 * 0.95 / runs) ** 0.5


def test_truncated_quantiles_hold_far_in_the_tail() -> None:
    low, high = np.array([-np.inf, 0.0, 8.0, 40.0]), np.array([np.inf, np.inf, 9.0, 41.0])
    found = _truncated_quantile(0.95, low, high)
    assert found[:2] == pytest.approx([1.6448536, 1.9599640], abs=1e-6)
    assert found[2:] == pytest.approx([8.36, 40.0746], abs=0.01)


def test_critical_values_run_from_two_sided_to_one_sided() -> None:
    assert critical_value(0, 0.05) == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(29.9, 0.05) == pytest.approx(29.9 + 1.644854, abs=1e-4)
    assert critical_value(30.1, 0.05) == pytest.approx(30.1 + 1.644854, abs=1e-6)


def test_coefficients_of_a_panel_share_a_base_and_know_their_years() -> None:
    years = [2017, 2018, 2019, 2021, 2022, 2023]
    some = random_panel({2022: 8, None: 10}, years, seed=3)
    found = impact.EventCoefficients.of(some)
    assert found.position.tolist() == [-4, -3, -2, 1, 2]
    contrasts = impact.event_study(some.design, base="universal")
    for place, contrast in enumerate(contrasts):
        assert found.estimate[place] == pytest.approx(impact.estimate(some, contrast))
        assert found.covariance[place, place] == pytest.approx(impact.neyman_se(some, contrast) ** 2)
    # Covariances: that of a difference of coefficients, computed on the differenced outcome.
    difference = some.outcomes[:, 5] - some.outcomes[:, 4]
    sides = [difference[some.groups == cohort] for cohort in (0, 1)]
    variance = sum(side.var(ddof=1) / len(side) for side in sides)
    direction = np.array([0, 0, 0, -1, 1])
    assert direction @ found.covariance @ direction == pytest.approx(variance)


def test_a_missing_year_at_different_times_from_exposure_asks_for_one_cohort() -> None:
    years = [2017, 2018, 2019, 2021, 2022]
    some = random_panel({2021: 4, 2022: 4, None: 4}, years, seed=3)
    with pytest.raises(Refused, match="missing year falls differently"):
        impact.EventCoefficients.of(some)
    for cohort, positions in ((0, [-2, -1, 2, 3]), (1, [-4, -3, -2, 1])):
        others = [unit for unit, own in zip(some.units, some.groups, strict=True) if own == 1 - cohort]
        assert impact.EventCoefficients.of(some.without(others)).position.tolist() == positions


def test_what_cannot_be_made_robust_is_refused() -> None:
    some = independent([0.0, 1.0, 5.0], [-2, -1, 1])
    with pytest.raises(Refused, match="make no sense"):
        impact.relative_magnitudes(some, [-1.0])
    with pytest.raises(Refused, match="make no sense"):
        impact.smoothness(some, [-1.0])
    with pytest.raises(Refused, match="do not fit 1 exposed"):
        impact.smoothness(some, [1.0], weights=np.array([1.0, 2.0]))
    with pytest.raises(Refused, match="no coefficient before"):
        independent([1.0, 2.0], [1, 2])
    with pytest.raises(Refused, match="do not increase"):
        independent([1.0, 2.0], [-1, 0])
    with pytest.raises(Refused, match="not positive"):
        impact.EventCoefficients(np.zeros(2), np.zeros((2, 2)), np.array([-1.0, 1.0]))
    many = independent([0.0] * 14, [-1, *range(1, 14)])
    with pytest.raises(Refused, match="too many"):
        impact.relative_magnitudes(many, [1.0])
