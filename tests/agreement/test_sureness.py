"""Probability of each word for everybody asked (docs/methods.md A4)."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from agreement_cases import cases
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ci_eval import agreement
from ci_eval.agreement import EDUCATION_SCOTLAND, Band
from ci_eval.agreement.betabinomial import distribution, smallest_above
from ci_eval.agreement.refusals import Refused


@pytest.mark.parametrize(("asked", "expected"), [(50, 1.0), (60, 0.78), (150, 0.68), (400, 0.67)])
def test_46_of_50_is_the_surer_the_fewer_are_missing(asked, expected) -> None:
    assert agreement.sureness(46, 50, asked) == pytest.approx(expected, abs=0.005)


def test_37_of_50_from_60_asked_stands_between_two_words() -> None:
    probability = dict(zip(agreement.words(), agreement.word_probabilities(37, 50, 60), strict=True))
    assert probability["majority"] == pytest.approx(0.51, abs=0.005)
    assert probability["most"] == pytest.approx(0.49, abs=0.005)


def test_the_posterior_is_likelihood_times_prior_over_every_population() -> None:
    bands = EDUCATION_SCOTLAND
    for m, n, big_n in [(3, 5, 9), (0, 4, 11), (6, 6, 7), (2, 3, 3), (7, 20, 31)]:
        k = np.arange(big_n + 1)
        weight = stats.betabinom(big_n, 0.5, 0.5).pmf(k) * stats.hypergeom(big_n, k, n).pmf(m)
        said = [next(b.word for b in bands if b.holds(Fraction(int(i), big_n))) for i in k]
        expected = [weight[[s == b.word for s in said]].sum() / weight.sum() for b in bands]
        assert agreement.word_probabilities(m, n, big_n) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("given", "limits", "tolerance"), cases("word_probabilities_jeffreys"))
def test_without_a_number_asked_the_posterior_is_jeffreys(given, limits, tolerance) -> None:
    low, high = (Fraction(limit).limit_denominator(10**7) for limit in limits)
    bands = [Band("inside", low, True, high, True)]
    bands += [Band("below", Fraction(0), True, low, False)] if low else []
    bands += [Band("above", high, False, Fraction(1), True)] if high < 1 else []
    names = agreement.words(bands=bands)
    found = dict(
        zip(names, agreement.word_probabilities(given["agree"], given["answered"], bands=bands), strict=True)
    )
    for side in set(names) - {"inside"}:
        assert found[side] == pytest.approx((1 - given["level"]) / 2, abs=5 * tolerance)


@given(st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(n, 4000))))
def test_probabilities_sum_to_one(cell) -> None:
    for asked in (cell[2], None):
        probability = agreement.word_probabilities(cell[0], cell[1], asked)
        assert probability.sum() == pytest.approx(1, abs=1e-12)
        assert (probability >= 0).all()


def test_probabilities_tend_to_the_beta_limit_as_more_are_asked() -> None:
    m, n = np.array([0, 3, 46, 37, 50]), np.array([50, 50, 50, 50, 50])
    limit = agreement.word_probabilities(m, n)
    gaps = [
        np.abs(agreement.word_probabilities(m, n, asked) - limit).max()
        for asked in (10**3, 10**4, 10**5, 10**6)
    ]
    assert gaps[0] > gaps[1] > gaps[2] > gaps[3]
    assert gaps[3] < 0.01  # "all" for 50 of 50 keeps a little probability, falling with the root of N
    inner = np.abs(agreement.word_probabilities(46, 50, 10**6) - limit[2]).max()
    assert inner < 1e-5


def test_nobody_knows_what_everybody_thinks_without_a_number_asked() -> None:
    probability = dict(zip(agreement.words(), agreement.word_probabilities([24, 0], 24).T, strict=True))
    assert probability["all"].tolist() == [0, 0]
    assert probability["none"].tolist() == [0, 0]


def test_a_sentence_hedges_below_four_in_five() -> None:
    assert agreement.hedged_word(46, 50, 50) == "almost all"
    assert agreement.hedged_word(46, 50, 60) == "almost all, possibly most"
    assert agreement.hedged_word(45, 50, 60) == "most, possibly almost all"
    assert agreement.hedged_word(37, 50, 60) == "majority, possibly most"
    assert agreement.hedged_word(46, 50, 60, sure=0.7) == "almost all"
    assert agreement.hedged_word([24, 30, 0], [24, 50, 0]).tolist() == [
        "all, possibly almost all",
        "majority",
        "",
    ]


def test_a_statement_nobody_answered_has_no_probabilities() -> None:
    assert np.isnan(agreement.word_probabilities(0, 0, [0, 5, np.nan])).all()
    assert np.isnan(agreement.sureness(0, 0))
    assert agreement.word_probabilities([0, 1], [0, 1], [5, 5]).shape == (2, len(agreement.words()))


def test_shapes_are_broadcast_and_scalars_stay_scalars() -> None:
    assert isinstance(agreement.sureness(3, 4), float)
    assert isinstance(agreement.hedged_word(3, 4), str)
    assert agreement.sureness([[1], [2]], 4, [8, 9, np.nan]).shape == (2, 3)
    assert agreement.hedged_word([[1], [2]], 4, [8, 9, np.nan]).shape == (2, 3)


def test_the_distribution_agrees_with_scipy_small_and_large() -> None:
    rng = np.random.default_rng(20)
    people = np.concatenate([rng.integers(0, 900, 60), rng.integers(1500, 60_000, 40)])
    a, b = rng.uniform(0.5, 60, 100), rng.uniform(0.5, 60, 100)
    a[::7], b[::5] = 0.5, 0.5
    a[-10:] *= 500
    a[-20:-10], b[-20:-10] = 4e6, 1e6  # nearly binomial: the counts that matter follow from the people
    at = np.floor(people[:, None] * rng.uniform(-0.1, 1.1, (100, 4))).astype(np.int64)
    near = a / (a + b) + 0.01 * rng.normal(size=100)
    at[:, 0] = np.floor(people * np.clip(near, 0, 1))
    expected = stats.betabinom(people[:, None], a[:, None], b[:, None]).cdf(np.clip(at, -1, people[:, None]))
    # scipy's logarithms of beta functions cancel to about 1e-8 here
    assert distribution(people, a, b, at) == pytest.approx(expected, abs=2e-8)


def test_a_quantile_is_the_first_count_above_its_probability() -> None:
    people, ones = np.arange(0, 2500, 37), np.ones(68)
    assert people.shape == ones.shape
    # BetaBinomial(R, 1, 1) is uniform on 0..R
    expected = [
        next(k for k in range(r + 1) if Fraction(k + 1, r + 1) > Fraction(1, 40)) for r in people.tolist()
    ]
    assert smallest_above(people, ones, ones, 0.025).tolist() == expected


def test_the_distribution_is_exact_where_fractions_can_say() -> None:
    # whole parameters: P(count = k) = C(k + a - 1, k) C(R - k + b - 1, R - k) / C(R + a + b - 1, R)
    for people, a, b in [(7, 3, 2), (40, 12, 5), (1200, 46, 5)]:
        ways = [comb(k + a - 1, k) * comb(people - k + b - 1, people - k) for k in range(people + 1)]
        total = comb(people + a + b - 1, people)
        below = [
            float(Fraction(sum(ways[: k + 1]), total)) for k in range(0, people + 1, max(1, people // 7))
        ]
        at = np.arange(0, people + 1, max(1, people // 7))[None, :]
        found = distribution(np.array([people]), np.array([float(a)]), np.array([float(b)]), at)
        assert found[0] == pytest.approx(below, abs=1e-13)


def test_a_design_effect_counts_answers_as_fewer() -> None:
    assert agreement.word_probabilities(46, 50, 60, design_effect=1.0).tolist() == (
        agreement.word_probabilities(46, 50, 60).tolist()
    )
    # with nobody's number asked, twice the people at a design effect of 2 are worth the half
    halved = agreement.word_probabilities(92, 100, design_effect=2.0)
    assert halved == pytest.approx(agreement.word_probabilities(46, 50), abs=1e-12)
    k = np.arange(11)
    weight = stats.betabinom(10, 46 / 1.5 + 0.5, 4 / 1.5 + 0.5).pmf(k)
    almost_all = [54 < 46 + i < 60 for i in k.tolist()]
    assert agreement.sureness(46, 50, 60, design_effect=1.5) == pytest.approx(
        weight[almost_all].sum(), abs=1e-12
    )


def test_a_word_is_certain_whatever_the_design_effect_where_everybody_answered() -> None:
    assert agreement.sureness(46, 50, 50, design_effect=4.0) == 1.0


@pytest.mark.parametrize("effect", [0.99, 0.0, -1.0, float("nan"), float("inf")])
def test_a_design_effect_below_one_is_refused(effect) -> None:
    with pytest.raises(Refused, match="at least 1"):
        agreement.sureness(46, 50, 60, design_effect=effect)
