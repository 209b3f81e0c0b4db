"""Two groups or periods, statement by statement (docs/methods.md A8)."""

import numpy as np
import pandas as pd
import pytest

from ci_eval import agreement
from ci_eval.agreement import Pair
from ci_eval.agreement.refusals import Refused

SCALE = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree")


def counted(answers: dict[str, list[int]], scale=SCALE, agree=None) -> agreement.Counts:
    """Counts of one group from numbers of answers by statement, in the order of the scale."""
    columns = {name: np.repeat(scale, numbers) for name, numbers in answers.items()}
    longest = max(map(len, columns.values()))
    frame = pd.DataFrame({n: [*c, *[None] * (longest - len(c))] for n, c in columns.items()})
    return agreement.counts(frame, list(answers), scale, scale, agree or scale[:2])


BEFORE = counted({"s01": [20, 17, 5, 6, 2], "s02": [30, 16, 2, 1, 1]})
AFTER = counted({"s01": [30, 16, 2, 1, 1], "s02": [28, 17, 3, 1, 1], "s03": [10, 10, 0, 0, 0]})


def test_each_column_is_that_of_its_own_function() -> None:
    found = agreement.compare(BEFORE, AFTER, asked_first=60, asked_second=60)
    assert list(found.index) == ["s01", "s02", "s03"]
    first = found.loc["s01"]
    assert (first.answered_first, first.share_first, first.word_first) == (50, 0.74, "majority")
    assert (first.share_second, first.word_second) == (0.92, "almost all")
    pair = Pair(37, 50, 46, 50, 60, 60)
    assert (first.difference, first.low, first.high) == pytest.approx(agreement.difference(pair))
    assert first.word_changed == pytest.approx(agreement.word_change(pair))
    above = agreement.superiority([2, 6, 5, 17, 20], [1, 1, 2, 16, 30])
    assert (first.superiority, first.p, first.test) == pytest.approx((above.estimate, above.p, above.test))
    assert first.superiority > 0.5
    assert found.p_holm.iloc[:2].tolist() == agreement.holm(found.p.iloc[:2]).tolist()


def test_a_statement_asked_once_is_shown_and_not_tested() -> None:
    found = agreement.compare(BEFORE, AFTER, asked_first=60, asked_second=60, overlap=20)
    only = found.loc["s03"]
    assert (only.answered_first, only.answered_second, only.word_first, only.word_second) == (
        0,
        20,
        "",
        "all",
    )
    assert only[["difference", "p", "p_holm", "word_changed"]].isna().all()
    assert only.test == ""


def test_the_direction_does_not_depend_on_how_the_scale_is_written() -> None:
    turned = SCALE[::-1]
    before = counted({"s01": [2, 6, 5, 17, 20]}, turned, SCALE[:2])
    after = counted({"s01": [1, 1, 2, 16, 30]}, turned, SCALE[:2])
    again, first = agreement.compare(before, after), agreement.compare(BEFORE, AFTER)
    columns = ["difference", "superiority", "p"]
    assert again.loc["s01", columns].tolist() == pytest.approx(first.loc["s01", columns].tolist())


def test_counts_of_several_groups_are_no_side_of_a_comparison() -> None:
    frame = pd.DataFrame({"s01": ["Agree", "Agree", "Disagree"], "role": ["x", "y", "y"]})
    table = agreement.counts(frame, ["s01"], SCALE, SCALE, SCALE[:2], by="role")
    with pytest.raises(Refused, match="one group a side"):
        agreement.compare(table, table)


def test_scales_which_differ_or_agree_in_the_middle_are_refused() -> None:
    other = counted({"s01": [1, 2, 3]}, ("Yes", "Perhaps", "No"), ("Yes",))
    with pytest.raises(Refused, match="different scales"):
        agreement.compare(BEFORE, other)
    middle = counted({"s01": [1, 2, 3]}, ("Low", "Right", "High"), ("Right",))
    with pytest.raises(Refused, match="one end of the scale"):
        agreement.compare(middle, middle)
