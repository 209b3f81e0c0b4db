"""Shares, words, fragility and bounds (docs/methods.md A1, A2, A5, A6)."""

from fractions import Fraction

import numpy as np
import pytest
from agreement_cases import cases

from ci_eval import agreement
from ci_eval.agreement import EDUCATION_SCOTLAND, Band
from ci_eval.agreement.refusals import Refused


def test_a_share_is_the_part_of_those_who_answered() -> None:
    assert agreement.share(46, 50) == 0.92
    assert agreement.share([[1, 0], [3, 3]], [[4, 1], [3, 4]]).tolist() == [[0.25, 0.0], [1.0, 0.75]]


def test_a_statement_nobody_answered_has_no_share_word_or_fragility() -> None:
    assert np.isnan(agreement.share(0, 0))
    assert agreement.word(0, 0) == ""
    assert np.isnan(agreement.turning_point(0, 0)[0])
    assert np.isnan(agreement.bounds(0, 0, 20)).all()


@pytest.mark.parametrize(
    ("agree", "answered", "expected"),
    [
        (0, 100, "none"),
        (1, 100, "few"),
        (14, 100, "few"),
        (15, 100, "few"),
        (16, 100, "less than half"),
        (3, 20, "few"),
        (4, 20, "less than half"),
        (49, 100, "less than half"),
        (50, 100, "majority"),
        (51, 100, "majority"),
        (499, 1000, "less than half"),
        (74, 100, "majority"),
        (749, 1000, "majority"),
        (75, 100, "most"),
        (3, 4, "most"),
        (89, 100, "most"),
        (9, 10, "most"),
        (90, 100, "most"),
        (91, 100, "almost all"),
        (10, 11, "almost all"),
        (99, 100, "almost all"),
        (100, 100, "all"),
        (1, 1, "all"),
    ],
)
def test_words_at_each_boundary_and_one_person_to_each_side(agree, answered, expected) -> None:
    assert agreement.word(agree, answered) == expected


def test_a_share_exactly_on_a_boundary_is_exact_for_every_number_of_people() -> None:
    # 0.15 * 20 and 0.9 * 30 are not whole numbers in floating point
    for n in range(20, 4001, 20):
        edges = np.array([n * 15 // 100, n // 2, n * 3 // 4, n * 9 // 10])
        assert agreement.word(edges, n).tolist() == ["few", "majority", "most", "most"]
        assert agreement.word(edges + 1, n).tolist()[0] == "less than half"
        assert agreement.word(edges - 1, n).tolist()[1:3] == ["less than half", "majority"]
        assert agreement.word(edges + 1, n).tolist()[3] == ("all" if n == 10 else "almost all")


def test_words_agree_with_exact_fractions_for_every_share_up_to_60_people() -> None:
    bands = EDUCATION_SCOTLAND
    for n in range(1, 61):
        expected = [next(b.word for b in bands if b.holds(Fraction(m, n))) for m in range(n + 1)]
        assert agreement.word(np.arange(n + 1), n).tolist() == expected


@pytest.mark.parametrize(("_input", "published", "_tolerance"), cases("word"))
def test_words_are_those_published_for_whole_percentages(_input, published, _tolerance) -> None:
    spoken = {word: agreement.word(np.arange(101), 100) == word for word in published}
    assert published["almost all"] == "over 90%"
    assert np.flatnonzero(spoken["almost all"]).tolist() == list(range(91, 100))  # 100% is "all"
    assert published["most"] == "75% to 90%"
    assert np.flatnonzero(spoken["most"]).tolist() == list(range(75, 91))
    assert published["majority"] == "50% to 74%"
    assert np.flatnonzero(spoken["majority"]).tolist() == list(range(50, 75))
    assert published["less than half"] == "15% to 49%"
    assert np.flatnonzero(spoken["less than half"]).tolist() == list(range(16, 50))  # 15% is "few"
    assert published["few"] == "up to 15%"
    assert np.flatnonzero(spoken["few"]).tolist() == list(range(1, 16))  # 0% is "none"


def test_a_user_may_bring_other_bands() -> None:
    low, high = Fraction(0), Fraction(1)
    half = (Band("minority", low, True, high / 2, True), Band("more", high / 2, False, high, True))
    assert agreement.word([0, 1, 2], 2, bands=half).tolist() == ["minority", "minority", "more"]
    assert agreement.words(bands=half) == ("minority", "more")
    assert agreement.turning_point([0, 1, 2], 2, bands=half)[0].tolist() == [2, 1, -1]


@pytest.mark.parametrize(
    "bands",
    [
        (),
        (
            Band("a", Fraction(0), True, Fraction(1, 2), True),
            Band("b", Fraction(1, 2), True, Fraction(1), True),
        ),
        (
            Band("a", Fraction(0), True, Fraction(1, 2), False),
            Band("b", Fraction(1, 2), False, Fraction(1), True),
        ),
        (
            Band("a", Fraction(0), True, Fraction(2, 5), True),
            Band("b", Fraction(1, 2), False, Fraction(1), True),
        ),
        (Band("a", Fraction(0), False, Fraction(1), True),),
        (Band("a", Fraction(0), True, Fraction(9, 10), True),),
    ],
    ids=["none", "overlap", "gap at a point", "gap", "0% has no word", "ends too early"],
)
def test_bands_with_a_gap_or_an_overlap_are_refused(bands) -> None:
    with pytest.raises(Refused, match="words for proportions"):
        agreement.word(1, 2, bands=bands)


@pytest.mark.parametrize(
    ("agree", "answered", "expected"),
    [
        (46, 50, 1),  # 45 of 50 is exactly 90%, "most"
        (138, 150, 3),
        (58, 60, 4),  # reaching 60 of 60 leaves "almost all" true
        (37, 50, 1),  # 38 of 50 is "most"
        (60, 60, 1),
        (0, 60, 1),
        (1, 60, 9),  # 10 of 60 is over 15%; nobody would leave "few" true
        (45, 50, 1),
        (40, 50, 3),  # 37 of 50 is under 75%
        (1, 1, 1),
    ],
)
def test_fragility_is_the_fewest_people_who_make_the_word_untrue(agree, answered, expected) -> None:
    assert abs(agreement.turning_point(agree, answered)[0]) == expected


def test_fragility_is_what_trying_every_change_finds() -> None:
    bands = EDUCATION_SCOTLAND
    for n in range(1, 41):
        shares = [Fraction(m, n) for m in range(n + 1)]
        true_of = [{b.word for b in bands if b.holds(s)} for s in shares]
        true_of[0].add("few")
        true_of[n].add("almost all")
        own = [next(b.word for b in bands if b.holds(s)) for s in shares]
        fewest = [min(abs(k - m) for k in range(n + 1) if own[m] not in true_of[k]) for m in range(n + 1)]
        assert np.abs(agreement.turning_point(np.arange(n + 1), n)[0]).tolist() == fewest


@pytest.mark.parametrize(
    ("agree", "answered", "change", "then"),
    [
        (46, 50, -1, "most"),  # 45 of 50 is exactly 90%
        (37, 50, 1, "most"),
        (40, 50, -3, "majority"),
        (60, 60, -1, "almost all"),
        (0, 60, 1, "few"),
        (4, 5, -1, "majority"),  # 3 of 5 and 5 of 5 are as near: the one with fewer is told
        (1, 1, -1, "none"),
    ],
)
def test_what_would_change_the_word_has_a_direction_and_the_word_then(agree, answered, change, then) -> None:
    assert agreement.turning_point(agree, answered) == (change, then)
    assert agreement.word(agree + change, answered) == then


def test_the_word_then_is_another_for_every_count() -> None:
    for n in range(1, 41):
        m = np.arange(n + 1)
        change, then = agreement.turning_point(m, n)
        assert then.tolist() == agreement.word((m + change).astype(int), n).tolist()
        assert (then != agreement.word(m, n)).all()


def test_nothing_changes_a_word_without_answers_or_a_scale_of_one_word() -> None:
    change, then = agreement.turning_point([0, 3], [0, 4])
    assert (np.isnan(change[0]), then[0], then[1]) == (True, "", "majority")
    one = [Band("some", Fraction(0), True, Fraction(1), True)]
    assert agreement.turning_point(3, 4, bands=one)[1] == ""
    assert np.isnan(agreement.turning_point(3, 4, bands=one)[0])


def test_bounds_hold_whatever_the_others_would_have_said() -> None:
    low, high = agreement.bounds(46, 50, 60)
    assert (low, high) == (46 / 60, 56 / 60)
    assert agreement.bounds(46, 50, 50) == (0.92, 0.92)
    lows, highs = agreement.bounds([46, 1], [50, 2], [60, np.nan])
    assert np.isnan(lows[1])
    assert np.isnan(highs[1])
    assert lows[0] == low


@pytest.mark.parametrize(
    ("agree", "answered", "what"),
    [
        (-1, 5, "negative"),
        (6, 5, "more people agree"),
        (1.5, 5, "whole number"),
        (np.nan, 5, "whole number"),
        (None, 5, "whole number"),
        (np.inf, 5, "whole number"),
        ("3", 5, "must be numbers"),
        (True, 5, "must be numbers"),
        ([1, 2], [5, 5, 5], "do not line up"),
        (1, 10**11, "whole number"),
    ],
)
@pytest.mark.parametrize(
    "function", [agreement.share, agreement.word, agreement.turning_point, agreement.interval]
)
def test_what_is_not_a_count_of_people_is_refused(function, agree, answered, what) -> None:
    with pytest.raises(Refused, match=what):
        function(agree, answered)


def test_an_error_names_the_position_and_how_many() -> None:
    with pytest.raises(Refused) as caught:
        agreement.share([[1, 2], [9, 8]], 5)
    problem = caught.value
    assert problem.where == "position [1, 0]"
    assert problem.count == 2
    assert problem.message.endswith(": 9")


def test_fewer_asked_than_answered_is_refused() -> None:
    for function in (agreement.bounds, agreement.interval, agreement.word_probabilities):
        with pytest.raises(Refused, match="fewer people were asked"):
            function(4, 5, 4)


def test_whole_numbers_in_a_float_or_nullable_column_are_counts() -> None:
    import pandas as pd

    assert agreement.share(pd.Series([3.0]), pd.Series([4], dtype="Int64")).tolist() == [0.75]
    low, _ = agreement.interval([3, 3], [4, 4], pd.Series([8, pd.NA], dtype="Int64"))
    assert low.tolist() == [agreement.interval(3, 4, 8)[0], agreement.interval(3, 4)[0]]
