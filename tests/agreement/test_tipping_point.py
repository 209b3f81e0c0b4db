"""How much less the others would have to agree for a word to fall (docs/methods.md A12)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval import agreement
from ci_eval.agreement import EDUCATION_SCOTLAND
from ci_eval.agreement.refusals import Refused


@pytest.mark.parametrize(
    ("agree", "answered", "asked", "less"),
    [
        (46, 50, 60, Fraction(46, 50) - Fraction(8, 10)),  # 54 of 60 is 90%: most
        (47, 50, 60, Fraction(47, 50) - Fraction(7, 10)),  # one more among those who answered
        (30, 40, 50, Fraction(30, 40) - Fraction(7, 10)),  # 37 of 50 is 74%: majority
        (52, 104, 156, Fraction(52, 104) - Fraction(25, 52)),  # 77 of 156: less than half
        (112, 112, 156, Fraction(1, 44)),  # one of the other 44 ends "all"
        (16, 100, 156, Fraction(16, 100) - Fraction(7, 56)),  # 23 of 156 is 14.7%: few
    ],
)
def test_the_others_tip_the_word_by_hand(agree: int, answered: int, asked: int, less: Fraction) -> None:
    assert agreement.tipping_point(agree, answered, asked) == pytest.approx(float(less), abs=1e-12)


@pytest.mark.parametrize(
    ("agree", "answered", "asked"),
    [
        (46, 50, 50),  # everybody answered
        (48, 50, 53),  # 48 of 53 is 90.6% whatever the three say
        (0, 50, 60),  # nothing is below none
        (5, 50, 60),  # nor below few, once somebody agrees
    ],
)
def test_some_words_fall_whatever_nobody_says(agree: int, answered: int, asked: int) -> None:
    assert agreement.tipping_point(agree, answered, asked) == np.inf


def test_without_answers_or_the_number_asked_nothing_can_be_said() -> None:
    assert np.isnan(agreement.tipping_point(0, 0, 60))
    assert np.isnan(agreement.tipping_point(46, 50))
    assert np.isnan(agreement.tipping_point([46, 0], [50, 0], [np.nan, 9])).all()


def test_fewer_asked_than_answered_is_refused() -> None:
    with pytest.raises(Refused, match="fewer people were asked than answered"):
        agreement.tipping_point(46, 50, 49)


@given(st.integers(1, 60), st.integers(0, 40), st.data())
def test_it_is_the_smallest_loss_of_whole_people_with_another_word(
    answered: int, others: int, data: st.DataObject
) -> None:
    agree = data.draw(st.integers(0, answered))

    def place(share: Fraction) -> int:
        return next(n for n, band in enumerate(EDUCATION_SCOTLAND) if band.holds(share))

    own = Fraction(agree, answered)
    losses = [
        own - Fraction(agreeing, others)
        for agreeing in range(others + 1 if others else 0)
        if place(Fraction(agree + agreeing, answered + others)) < place(own)
    ]
    expected = float(min(losses)) if losses else np.inf
    assert agreement.tipping_point(agree, answered, answered + others) == pytest.approx(expected)
