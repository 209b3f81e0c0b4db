"""Intervals for a share (docs/methods.md A3)."""

from math import comb

import numpy as np
import pytest
from agreement_cases import cases

from ci_eval import agreement
from ci_eval.agreement.intervals import hypergeometric_counts
from ci_eval.agreement.refusals import Refused

LARGE = 4_000_000  # people


def counts_not_rejected(agree: int, answered: int, asked: int, level: float) -> list[int]:
    cell = (np.array([agree]), np.array([answered]), np.array([asked]))
    return [int(limit[0]) for limit in hypergeometric_counts(*cell, level)]


def tail(agree: int, answered: int, asked: int, population: int, *, upper: bool) -> int:
    """Numerator over comb(asked, answered) of P(X >= agree) or P(X <= agree), exactly."""
    values = range(agree, answered + 1) if upper else range(agree + 1)
    return sum(comb(population, x) * comb(asked - population, answered - x) for x in values)


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("interval"))
def test_wilson_reproduces_published_values(given, expected, tolerance) -> None:
    found = agreement.interval(given["agree"], given["answered"], level=given["level"])
    assert found == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("interval_large_population"))
def test_the_finite_interval_tends_to_clopper_pearson(given, expected, tolerance) -> None:
    found = agreement.interval(given["agree"], given["answered"], LARGE, given["level"])
    # limits are whole people, and the interval is narrower by about the part n / 2N of its width
    assert found == pytest.approx(expected, abs=tolerance + (2 + given["answered"] / 15) / LARGE)


@pytest.mark.parametrize(("given", "expected", "_tolerance"), cases("hypergeometric_counts"))
def test_exact_limits_reproduce_published_counts(given, expected, _tolerance) -> None:
    assert counts_not_rejected(**given) == expected


@pytest.mark.parametrize(("given", "expected", "_tolerance"), cases("hypergeometric_counts_one_sided"))
def test_one_sided_limits_spend_the_whole_error_on_one_side(given, expected, _tolerance) -> None:
    one_sided = {**given, "level": 1 - 2 * (1 - given["level"])}
    low, high = counts_not_rejected(**one_sided)
    assert [0, high] == expected["upper"]
    assert [low, given["asked"]] == expected["lower"]


@pytest.mark.parametrize(("given", "printed", "_tolerance"), cases("hypergeometric_counts_one_too_wide"))
def test_limits_lie_inside_those_that_stop_one_count_late(given, printed, _tolerance) -> None:
    # samplingbook prints the first count already rejected; the last count not rejected lies one further in
    low, high = counts_not_rejected(**given)
    assert [low, high] == [max(printed[0] + 1, given["agree"]), printed[1] - 1] or low == printed[0] == given[
        "agree"
    ]
    assert high == printed[1] - 1
    m, n, big_n = given["agree"], given["answered"], given["asked"]
    limit = comb(big_n, n)
    assert (
        40 * tail(m, n, big_n, printed[1], upper=False) <= limit < 40 * tail(m, n, big_n, high, upper=False)
    )
    assert 40 * tail(m, n, big_n, low, upper=True) > limit


def test_limits_are_those_of_exact_integer_arithmetic_for_every_population_up_to_18() -> None:
    cells = [(m, n, big_n) for big_n in range(1, 19) for n in range(1, big_n + 1) for m in range(n + 1)]
    least, most = hypergeometric_counts(*np.array(cells).T, 0.95)
    for (m, n, big_n), low, high in zip(cells, least, most, strict=True):
        limit = comb(big_n, n)
        kept = [
            k
            for k in range(m, big_n - n + m + 1)
            if 40 * tail(m, n, big_n, k, upper=True) > limit
            and 40 * tail(m, n, big_n, k, upper=False) > limit
        ]
        assert [low, high] == [kept[0], kept[-1]], (m, n, big_n)


def test_46_of_50_from_60_asked_lies_between_53_and_56_people() -> None:
    low, high = agreement.interval(46, 50, 60)
    assert (low, high) == (53 / 60, 56 / 60)
    assert agreement.interval(46, 50) == pytest.approx((0.8116, 0.9685), abs=5e-5)


def test_when_everybody_answered_the_interval_is_the_share() -> None:
    m = np.arange(51)
    low, high = agreement.interval(m, 50, 50)
    assert (low == m / 50).all()
    assert (high == m / 50).all()


def test_the_finite_interval_is_narrow_and_covers_where_wilson_is_wide() -> None:
    # 50 of 60 answered; averaged over true shares of 50% to 99%
    m = np.arange(51)
    low, high = agreement.interval(m, 50, 60)
    wilson_low, wilson_high = agreement.interval(m, 50)
    widths, wilson_widths, coverage = [], [], []
    for population in range(30, 60):
        p = np.array([comb(population, x) * comb(60 - population, 50 - x) for x in m]) / comb(60, 50)
        widths.append(p @ (high - low))
        wilson_widths.append(p @ (wilson_high - wilson_low))
        coverage.append(p @ ((low <= population / 60) & (population / 60 <= high)))
    assert np.mean(widths) == pytest.approx(0.088, abs=0.002)
    assert np.mean(wilson_widths) == pytest.approx(0.219, abs=0.002)
    assert min(coverage) >= 0.965


def test_the_exact_interval_covers_at_its_level_for_every_population_up_to_60() -> None:
    choose = np.array([[comb(a, b) for b in range(61)] for a in range(61)], dtype=np.float64)
    for big_n in range(1, 61):
        sizes = [n for n in range(1, big_n + 1) for _ in range(n + 1)]
        agreeing = [m for n in range(1, big_n + 1) for m in range(n + 1)]
        k = np.arange(big_n + 1)  # agreeing in the population, one row each
        ways = [choose[k][:, : n + 1] * choose[big_n - k][:, n::-1] for n in range(1, big_n + 1)]
        for level in (0.8, 0.95):
            low, high = agreement.interval(agreeing, sizes, big_n, level)
            least, most = np.rint(low * big_n), np.rint(high * big_n)
            place = 0
            for n, chance in enumerate(ways, start=1):
                own = slice(place, place + n + 1)
                held = (least[own] <= k[:, None]) & (k[:, None] <= most[own])
                covered = (chance * held).sum(axis=1) / choose[big_n, n]
                assert covered.min() >= level - 1e-14, (big_n, n, int(covered.argmin()))
                place += n + 1


def test_an_interval_holds_the_share_and_grows_with_its_level() -> None:
    m = np.arange(31)
    for asked in (None, 45):
        inner, outer = agreement.interval(m, 30, asked, 0.8), agreement.interval(m, 30, asked, 0.99)
        assert (outer[0] <= inner[0]).all()
        assert (outer[1] >= inner[1]).all()
    low, high = agreement.interval(m, 30)
    assert ((low <= m / 30) & (m / 30 <= high)).all()
    assert low[0] == 0
    assert high[-1] == 1


def test_agreeing_and_not_agreeing_mirror_each_other() -> None:
    m = np.arange(41)
    for asked in (None, 70):
        low, high = agreement.interval(m, 40, asked)
        assert low == pytest.approx(1 - high[::-1], abs=1e-12)


def test_known_and_unknown_numbers_asked_may_stand_side_by_side() -> None:
    low, high = agreement.interval([46, 46, 0], [50, 50, 0], [60, np.nan, 10])
    assert (low[0], high[0]) == agreement.interval(46, 50, 60)
    assert (low[1], high[1]) == agreement.interval(46, 50)
    assert np.isnan([low[2], high[2]]).all()


def test_a_level_outside_0_to_1_is_refused() -> None:
    for level in (0, 1, 95, float("nan")):
        with pytest.raises(Refused, match="level"):
            agreement.interval(1, 2, level=level)
