"""Flags on responses (docs/methods.md A10)."""

import numpy as np
import pytest

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused

NAN = np.nan


@pytest.mark.parametrize(("given", "flagged"), [(9, False), (10, True), (15, True)])
def test_one_answer_throughout_is_flagged_from_ten_statements_on(given, flagged) -> None:
    row = [5.0] * given + [NAN] * (15 - given)
    assert agreement.straight_lining([row]).tolist() == [flagged]


def test_one_other_answer_is_enough_not_to_be_flagged() -> None:
    assert agreement.straight_lining([[5] * 14 + [4], [5] * 15]).tolist() == [False, True]
    assert agreement.straight_lining([[1, 1, 1]], fewest=3).tolist() == [True]
    assert agreement.straight_lining(np.empty((0, 15))).size == 0


def test_a_speeder_takes_less_than_a_third_of_the_median() -> None:
    seconds = [300, 300, 300, 100, 99.9, NAN]
    assert agreement.speeders(seconds).tolist() == [False, False, False, False, True, False]
    assert agreement.speeders([NAN, NAN]).tolist() == [False, False]


def test_impossible_times_and_parts_are_refused() -> None:
    with pytest.raises(Refused, match="before it starts"):
        agreement.speeders([10, -1])
    with pytest.raises(Refused, match="part"):
        agreement.speeders([10], part=2)
    with pytest.raises(Refused):
        agreement.straight_lining([1, 2, 3])
    with pytest.raises(Refused):
        agreement.straight_lining([[1, 2, 3]], fewest=1)
