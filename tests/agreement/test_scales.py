"""Reliability of the scale (docs/methods.md A10)."""

import numpy as np
import pandas as pd
import pytest
from agreement_cases import cases

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused


@pytest.mark.parametrize(("answers", "expected", "tolerance"), cases("cronbach_alpha"))
def test_alpha_reproduces_published_values(answers, expected, tolerance) -> None:
    x = np.array(answers, dtype=float)
    listwise = agreement.cronbach_alpha(x)
    assert listwise.alpha == pytest.approx(expected["listwise"], abs=tolerance)
    assert (listwise.respondents, listwise.left_out, listwise.items) == (9, 3, 11)
    pairwise = agreement.cronbach_alpha(x, missing="pairwise")
    assert pairwise.alpha == pytest.approx(expected["pairwise"], abs=tolerance)
    assert np.isnan(pairwise.low)
    assert "no interval" in pairwise.note
    filled = agreement.cronbach_alpha(np.where(np.isnan(x), np.nanmedian(x, axis=0), x))
    assert filled.alpha == pytest.approx(expected["median_imputed"], abs=tolerance)
    assert [round(filled.low, 3), round(filled.high, 3)] == expected["median_imputed_feldt_ci"]


@pytest.mark.parametrize(("answers", "expected", "tolerance"), cases("omega_total"))
def test_omega_reproduces_published_values(answers, expected, tolerance) -> None:
    found = agreement.omega_total(answers)
    assert found.omega == pytest.approx(expected, abs=tolerance)
    assert found.note == ""


def test_feldts_interval_counts_only_respondents_used() -> None:
    # the same rows with or without incomplete ones beside them
    rng = np.random.default_rng(1)
    x = rng.integers(1, 6, (9, 1)) + rng.integers(0, 2, (9, 4))
    with_gaps = np.vstack([x, [[1, 2, np.nan, 3]] * 5])
    one, other = agreement.cronbach_alpha(x), agreement.cronbach_alpha(with_gaps)
    assert (one.alpha, one.low, one.high) == (other.alpha, other.low, other.high)
    assert other.left_out == 5


def test_alpha_of_items_that_repeat_each_other_has_no_certain_interval() -> None:
    found = agreement.cronbach_alpha([[1, 1], [2, 2], [4, 4]])
    assert (found.alpha, found.low, found.high) == pytest.approx((1, 1, 1))
    assert "no width" in found.note


def test_alpha_of_copies_is_one_and_of_noise_near_zero() -> None:
    rng = np.random.default_rng(8)
    same = np.repeat(rng.integers(1, 6, (50, 1)), 4, axis=1)
    assert agreement.cronbach_alpha(same).alpha == pytest.approx(1)
    noise = agreement.cronbach_alpha(rng.normal(size=(4000, 6)))
    assert abs(noise.alpha) < 0.1
    assert noise.low < noise.alpha < noise.high


def test_alpha_equals_omega_when_every_item_loads_alike() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(20_000, 1)) + rng.normal(size=(20_000, 6))
    omega, alpha = agreement.omega_total(x), agreement.cronbach_alpha(x)
    assert omega.omega == pytest.approx(6 / 7, abs=0.005)
    assert omega.omega == pytest.approx(alpha.alpha, abs=0.001)
    assert omega.loadings == pytest.approx([np.sqrt(0.5)] * 6, abs=0.02)


def test_omega_finds_the_loadings_that_made_the_data() -> None:
    loading = np.array([0.9, 0.8, 0.6, 0.4])
    correlation = np.outer(loading, loading)
    np.fill_diagonal(correlation, 1.0)
    # data whose sample covariance is exactly the model's
    rng = np.random.default_rng(0)
    z = rng.normal(size=(200, 4))
    z -= z.mean(axis=0)
    z = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z, rowvar=False))).T
    found = agreement.omega_total(z @ np.linalg.cholesky(correlation).T)
    assert found.loadings == pytest.approx(loading, abs=1e-5)
    assert found.omega == pytest.approx(2.7**2 / (2.7**2 + 4 - (loading**2).sum()), abs=1e-6)


@pytest.mark.parametrize("function", [agreement.cronbach_alpha, agreement.omega_total])
def test_order_of_people_and_items_changes_nothing(function) -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 5))
    turned = x[rng.permutation(60)][:, [3, 1, 4, 0, 2]]
    name = "alpha" if function is agreement.cronbach_alpha else "omega"
    assert getattr(function(turned), name) == pytest.approx(getattr(function(x), name), abs=1e-7)


def test_answers_that_do_not_vary_have_no_reliability_and_say_so() -> None:
    constant = agreement.cronbach_alpha(np.full((20, 5), 4))
    assert np.isnan(constant.alpha)
    assert "no variation" in constant.note
    one_item = np.column_stack([np.full(20, 5), np.arange(20), np.arange(20) % 7])
    omega = agreement.omega_total(one_item)
    assert np.isnan(omega.omega)
    assert omega.note == "no variation in item 1"


def test_items_which_repeat_each_other_have_no_omega() -> None:
    x = np.random.default_rng(3).normal(size=(30, 3))
    found = agreement.omega_total(np.column_stack([x, x[:, 0]]))
    assert np.isnan(found.omega)
    assert "depend on each other" in found.note
    few = agreement.omega_total(np.random.default_rng(3).normal(size=(4, 6)))
    assert "fewer than items" in few.note


def test_a_heywood_case_is_named() -> None:
    rng = np.random.default_rng(6)
    f = rng.normal(size=400)
    x = np.column_stack([f, 0.9 * f + rng.normal(size=400), 0.2 * rng.normal(size=400) + 0.05 * f])
    assert agreement.omega_total(x).note.startswith("item 1 has no variance of its own")


def test_answers_become_places_on_the_scale() -> None:
    frame = pd.DataFrame(
        {"a": ["Agree", "Disagree", None], "b": pd.Categorical(["Don’t know", "Agree", "Agree"])}
    )
    found = agreement.positions(frame, ["a", "b"], ["Disagree", "Agree"])
    assert np.array_equal(found, [[2, np.nan], [1, 2], [np.nan, 2]], equal_nan=True)


@pytest.mark.parametrize(
    ("function", "answers"),
    [
        (agreement.cronbach_alpha, [[1], [2]]),
        (agreement.cronbach_alpha, [[1, 2]]),
        (agreement.cronbach_alpha, [[1, np.nan], [np.nan, 2], [3, 4]]),
        (agreement.cronbach_alpha, [1, 2, 3]),
        (agreement.cronbach_alpha, [[1, np.inf], [1, 2]]),
        (agreement.cronbach_alpha, [["a", "b"]]),
        (agreement.omega_total, [[1, 2], [2, 3], [3, 5]]),
    ],
)
def test_too_few_items_or_people_are_refused(function, answers) -> None:
    with pytest.raises(Refused):
        function(answers)


def test_an_unknown_rule_for_gaps_is_refused() -> None:
    with pytest.raises(Refused, match="no rule 'mean'"):
        agreement.cronbach_alpha([[1, 2], [2, 1]], missing="mean")
