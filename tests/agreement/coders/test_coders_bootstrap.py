"""The bootstrap over units: a multinomial over distinct patterns is resampling rows, and says what it lost."""

import numpy as np
import pytest

from ci_eval.agreement.coders import (
    conger_kappa,
    fleiss_kappa,
    from_ratings,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from ci_eval.agreement.coders.codes import encode
from ci_eval.agreement.coders.coefficient_interval import percentile, resample
from ci_eval.agreement.coders.patterns import read_codes
from ci_eval.agreement.refusals import Refused


def ratings(units, coders=3, seed=1):
    generator = np.random.default_rng(seed)
    truth = generator.integers(1, 4, (units, 1))
    codes = np.where(
        generator.random((units, coders)) < 0.7, truth, generator.integers(1, 4, (units, coders))
    )
    return np.where(generator.random(codes.shape) < 0.1, np.nan, codes)


def test_the_spread_is_that_of_resampled_rows():
    # of the metrics the one whose distances change with the draw; the others are held draw by draw, below
    metric, table = "ordinal", ratings(40)
    table = table[(~np.isnan(table)).sum(axis=1) >= 2]
    generator = np.random.default_rng(8)
    rows = [
        krippendorff_alpha(
            table[generator.integers(0, len(table), len(table))], metric, interval=None
        ).coefficient
        for _ in range(800)
    ]

    found = krippendorff_alpha(table, metric, draws=6000)

    assert found.se == pytest.approx(np.std(rows), rel=0.08)
    assert found.low == pytest.approx(np.quantile(rows, 0.025), abs=0.03)
    assert found.high == pytest.approx(np.quantile(rows, 0.975), abs=0.03)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_every_draw_has_the_alpha_of_its_own_units(metric):
    table = ratings(12)
    table = table[(~np.isnan(table)).sum(axis=1) >= 2]
    pairs = from_ratings(table).counted(at_least=2)
    drawn = []
    resample(lambda weights: drawn.extend(weights) or weights.sum(axis=1), pairs.times, draws=60, seed=3)
    rows = np.where(pairs.rows >= 0, pairs.categories[pairs.rows], np.nan)
    alphas = [
        krippendorff_alpha(read_codes(encode(rows), times.astype(int)), metric, interval=None).coefficient
        for times in drawn
    ]

    found = krippendorff_alpha(table, metric, draws=60, seed=3)

    assert (found.low, found.high) == pytest.approx(np.quantile(alphas, [0.025, 0.975]), abs=1e-12)
    assert found.se == pytest.approx(np.std(alphas, ddof=1), abs=1e-12)


@pytest.mark.parametrize(
    "coefficient", [krippendorff_alpha, fleiss_kappa, gwet_ac1, conger_kappa, percent_agreement]
)
def test_with_many_units_bootstrap_and_formula_agree(coefficient):
    read = from_ratings(ratings(2000, 4), [1, 2, 3])

    drawn, formula = (
        coefficient(read, interval="bootstrap", draws=3000),
        coefficient(read, interval="analytic"),
    )

    assert drawn.coefficient == formula.coefficient
    assert drawn.se == pytest.approx(formula.se, rel=0.06)
    assert (drawn.low, drawn.high) == pytest.approx((formula.low, formula.high), abs=0.005)


def test_one_seed_gives_one_interval_and_another_another():
    table = ratings(30)

    first, again, other = (krippendorff_alpha(table, draws=200, seed=seed) for seed in (7, 7, 8))

    assert first == again
    assert first.low != other.low


def test_batches_change_nothing(monkeypatch):
    table = ratings(30)
    whole = krippendorff_alpha(table, draws=300)

    monkeypatch.setattr("ci_eval.agreement.coders.coefficient_interval.CELLS", 100)

    assert krippendorff_alpha(table, draws=300) == whole


def test_a_wider_level_gives_a_wider_interval():
    table = ratings(30)

    narrow, wide = (krippendorff_alpha(table, level=level) for level in (0.8, 0.99))

    assert wide.low < narrow.low < narrow.high < wide.high


def test_draws_without_variation_are_left_out_and_counted():
    # four units, one of them different: (3/4)^4 of the draws miss it
    found = krippendorff_alpha([[1, 1], [1, 1], [1, 1], [1, 2]], draws=1000)
    lost = int(found.note.split(" of ")[0].replace(",", ""))

    assert "of 1,000 bootstrap draws had no variation and were left out" in found.note
    assert lost == pytest.approx(1000 * 0.75**4, abs=60)
    assert np.isfinite([found.low, found.high, found.se]).all()


def test_draws_that_are_all_undefined_leave_no_interval_and_say_so():
    low, high, se, remark = percentile(np.full(50, np.nan), 0.95)

    assert np.isnan([low, high, se]).all()
    assert remark == "50 of 50 bootstrap draws had no variation and were left out"


def test_every_draw_has_as_many_units_as_the_data():
    sizes = resample(lambda weights: weights.sum(axis=1), np.array([5, 3, 1]), draws=20)

    assert sizes.tolist() == [9.0] * 20


def test_fewer_than_two_draws_are_refused():
    with pytest.raises(Refused, match="at least 2 draws, not 1"):
        resample(lambda weights: weights.sum(axis=1), np.array([5, 3, 1]), draws=1)
