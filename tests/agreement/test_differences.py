"""Differences of shares, change of words, adjusted p (docs/methods.md A8)."""

import numpy as np
import pytest
from agreement_cases import cases

from ci_eval import agreement
from ci_eval.agreement import Pair
from ci_eval.agreement.refusals import Refused


@pytest.mark.parametrize(("given", "expected", "tolerance"), cases("difference"))
def test_the_interval_is_that_of_newcombe(given, expected, tolerance) -> None:
    assert agreement.difference(Pair(**given)) == pytest.approx(tuple(expected), abs=tolerance)


def test_knowing_how_many_were_asked_narrows_the_difference() -> None:
    _, low, high = agreement.difference(Pair(40, 50, 46, 50))
    _, finite_low, finite_high = agreement.difference(Pair(40, 50, 46, 50, 60, 60))
    assert low < finite_low < finite_high < high
    assert agreement.difference(Pair(40, 50, 46, 50, 50, 50)) == pytest.approx((0.12, 0.12, 0.12))


def test_a_declared_overlap_matters_only_with_a_correlation() -> None:
    pair = Pair(40, 50, 46, 50)
    _, low, high = agreement.difference(pair)
    assert agreement.difference(pair, overlap=30) == agreement.difference(pair)
    _, paired_low, paired_high = agreement.difference(pair, overlap=50, correlation=0.6)
    assert paired_high - paired_low < high - low
    # Newcombe's paired method with all respondents in both: cross term 2 r (p1 - l1)(u2 - p2)
    l1, u1 = agreement.interval(40, 50)
    l2, u2 = agreement.interval(46, 50)
    down = np.sqrt((0.92 - l2) ** 2 + (u1 - 0.8) ** 2 - 1.2 * (0.92 - l2) * (u1 - 0.8))
    up = np.sqrt((u2 - 0.92) ** 2 + (0.8 - l1) ** 2 - 1.2 * (u2 - 0.92) * (0.8 - l1))
    assert (paired_low, paired_high) == pytest.approx((0.12 - down, 0.12 + up))


def test_exchanging_the_groups_turns_the_sign() -> None:
    d, low, high = agreement.difference(Pair([40, 3], [50, 9], [46, 8], [50, 9]))
    back, back_low, back_high = agreement.difference(Pair([46, 8], [50, 9], [40, 3], [50, 9]))
    assert (back == -d).all()
    assert back_low == pytest.approx(-high)
    assert back_high == pytest.approx(-low)


def test_without_answers_there_is_no_difference() -> None:
    assert np.isnan(agreement.difference(Pair(0, 0, 3, 4))).all()
    assert np.isnan(agreement.word_change(Pair(0, 0, 3, 4)))


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"overlap": 51}, "answered in both"),
        ({"overlap": -1}, "answered in both"),
        ({"overlap": float("nan")}, "answered in both"),
        ({"overlap": 5, "correlation": 1.5}, "correlation"),
        ({"level": 2}, "level"),
    ],
)
def test_what_cannot_be_is_refused(options, what) -> None:
    with pytest.raises(Refused, match=what):
        agreement.difference(Pair(40, 50, 46, 60), **options)


def test_the_probability_of_a_changed_word_is_summed_over_both_posteriors() -> None:
    pair = Pair(37, 50, 46, 50, 60, 60)
    first = agreement.word_probabilities(37, 50, 60)
    second = agreement.word_probabilities(46, 50, 60)
    joint = np.outer(first, second)
    assert agreement.word_change(pair) == pytest.approx(joint.sum() - np.trace(joint), abs=1e-12)


def test_a_word_known_in_both_periods_has_changed_or_not() -> None:
    certain = agreement.word_change(Pair([40, 46], 50, 46, 50, 50, 50))
    assert certain.tolist() == [1, 0]


@pytest.mark.parametrize(("p", "expected", "tolerance"), cases("holm"))
def test_holm_reproduces_published_values(p, expected, tolerance) -> None:
    assert agreement.holm(p).tolist() == pytest.approx(expected, abs=tolerance)
    assert agreement.holm(p[::-1]).tolist() == pytest.approx(expected[::-1], abs=tolerance)


def test_what_was_not_tested_is_not_in_the_family() -> None:
    found = agreement.holm([0.01, np.nan, 0.02])
    assert found[[0, 2]].tolist() == [0.02, 0.02]
    assert np.isnan(found[1])
    assert agreement.holm([]).size == 0
    with pytest.raises(Refused, match="p lies between"):
        agreement.holm([0.2, 1.2])
