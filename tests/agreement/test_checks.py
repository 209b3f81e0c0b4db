"""What is refused before anything is computed, whichever statistic is asked for (docs/methods.md A, opening)."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused

TABLE, MARGINS = [[3, 2], [1, 4]], [[50, 50], [40, 60]]
PAIR = agreement.Pair(46, 50, 40, 50)
COUNTS = agreement.counts(pd.DataFrame({"s": ["A", "B"]}), ["s"], ["A", "B"], ["A", "B"], ["A"])


def test_every_statistic_is_had_from_one_place_by_its_usual_name() -> None:
    coders = {"krippendorff_alpha", "gwet_ac1", "gwet_ac2", "fleiss_kappa", "cohen_kappa", "conger_kappa"}
    assert coders | {"brennan_prediger", "percent_agreement", "masi"} <= set(agreement.__all__)
    assert all(hasattr(agreement, name) for name in agreement.__all__)
    assert agreement.krippendorff_alpha([[1, 1], [2, 2], [1, 2]], interval=None).coefficient == pytest.approx(
        4 / 9
    )


def test_a_masked_count_is_not_known_and_is_never_read_behind_its_mask() -> None:
    masked = np.ma.masked_array([3, 4], mask=[False, True])
    for function in (agreement.share, agreement.word, agreement.interval, agreement.turning_point):
        with pytest.raises(Refused, match="agree must be a whole number of people: nan") as error:
            function(masked, [5, 5])
        assert error.value.where == "position [1]"
    with pytest.raises(Refused, match="whole number"):
        agreement.van_der_eijk(np.ma.masked_array([[1, 2], [3, 4]], mask=[[False, False], [True, False]]))
    # a number asked may be unknown, and an answer may be missing
    asked = np.ma.masked_array([8, 8], mask=[False, True])
    assert agreement.interval(4, 5, asked)[0].tolist() == agreement.interval(4, 5, [8, np.nan])[0].tolist()
    answers = np.ma.masked_equal([[1, 2], [2, 3], [3, 9], [3, 3]], 9)
    assert agreement.cronbach_alpha(answers).respondents == 3
    assert agreement.share(np.ma.masked_array([3, 4]), 5).tolist() == [0.6, 0.8]


def test_columns_with_other_labels_are_refused_rather_than_paired_by_position() -> None:
    agree = pd.Series([3, 4], index=["s01", "s02"])
    turned = pd.Series([9, 5], index=["s02", "s01"])
    for function in (
        partial(agreement.share, agree),
        partial(agreement.interval, agree, [5, 9]),
        lambda other: agreement.word_probabilities(agree, 9, other),
        lambda other: agreement.difference(agreement.Pair(agree, [5, 9], [3, 3], other)),
        lambda other: agreement.word_change(agreement.Pair(agree, [5, 9], [3, 3], other)),
    ):
        with pytest.raises(Refused, match="different row labels, or the same in another order"):
            function(turned)
    assert agreement.share(agree, turned[["s01", "s02"]]).tolist() == [3 / 5, 4 / 9]


@pytest.mark.parametrize("level", ["0.95", None, [0.9, 0.95], True, float("nan"), 95])
@pytest.mark.parametrize(
    "function",
    [
        partial(agreement.interval, 3, 5),
        partial(agreement.clustered_share, [3, 4], [5, 5]),
        partial(agreement.korn_graubard, 0.5, 0.1, 10, 5),
        partial(agreement.difference, PAIR),
        partial(agreement.superiority, [1, 2], [2, 1]),
        partial(agreement.trend, [3, 4, 5], [9, 9, 9]),
        partial(agreement.cronbach_alpha, [[1, 2], [2, 3], [3, 3]]),
        partial(agreement.weighted_words, COUNTS, [1.0]),
        partial(agreement.krippendorff_alpha, [[1, 1], [2, 2], [1, 2]]),
        partial(agreement.gwet_ac1, [[1, 1], [2, 2], [1, 2]]),
    ],
    ids=lambda function: function.func.__name__,
)
def test_a_level_is_one_number_between_0_and_1(function, level) -> None:
    with pytest.raises(Refused, match="level"):
        function(level=level)


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (partial(agreement.word_probabilities, 3, 5, 9, design_effect="2"), "design effect"),
        (partial(agreement.sureness, 3, 5, 9, design_effect=[1, 2]), "design effect"),
        (partial(agreement.hedged_word, 46, 50, 60, sure=float("nan")), "from 0 to 1, not nan"),
        (partial(agreement.hedged_word, 46, 50, 60, sure=80), "from 0 to 1, not 80"),
        (partial(agreement.difference, PAIR, correlation="0"), "correlation"),
        (partial(agreement.rake, TABLE, MARGINS, cap=float("nan")), "cap is a number"),
        (partial(agreement.rake, TABLE, MARGINS, cap=0.5), "cap is a number"),
        (partial(agreement.speeders, [10, 20], part="1/3"), "part"),
        (partial(agreement.straight_lining, [[1, 1]], fewest=None), "two answers or more"),
        (partial(agreement.krippendorff_alpha, [[1, 1], [2, 2], [1, 2]], draws="x"), "at least 2 draws"),
        (partial(agreement.counts, [1], ["s"], ["A"], ["A"], ["A"]), "a frame with one row a respondent"),
    ],
)
def test_an_option_that_cannot_be_is_refused_in_words(function, what) -> None:
    with pytest.raises(Refused, match=what):
        function()


@pytest.mark.parametrize(
    "function",
    [
        partial(agreement.share, [1, 2], [3, 4, 5]),
        partial(agreement.difference, agreement.Pair([1, 2], 5, [1, 2, 3], 5)),
        partial(agreement.difference, agreement.Pair([1, 2], 5, 3, 5), overlap=[1, 1, 1]),
        partial(agreement.word_change, agreement.Pair([1, 2], 5, [1, 2, 3], 5)),
        partial(agreement.superiority, np.ones((2, 3), int), np.ones((3, 3), int)),
        partial(agreement.korn_graubard, [0.5, 0.5], 0.1, [9, 9, 9], 5),
    ],
)
def test_shapes_that_do_not_line_up_are_named(function) -> None:
    with pytest.raises(
        Refused, match=r"do not line up: shapes \(2,\) and \(3,\)|\(2, 3\) and \(3, 3\)|\(2,\) and"
    ):
        function()


def test_what_to_give_is_not_called_a_count_where_it_is_none() -> None:
    with pytest.raises(Refused, match="Fix: give p as numbers"):
        agreement.holm(["small"])
