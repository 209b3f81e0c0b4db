"""Weights (docs/methods.md A11)."""

import numpy as np
import pandas as pd
import pytest
from agreement_cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused

tables = st.lists(st.lists(st.integers(1, 40), min_size=3, max_size=3), min_size=2, max_size=4)
shares = st.lists(st.integers(5, 20), min_size=3, max_size=3)


def counted_by(frame: pd.DataFrame, by: list[str]) -> agreement.Counts:
    return agreement.counts(frame.assign(s="Yes"), ["s"], ["Yes"], ["Yes"], ["Yes"], by=by)


@pytest.mark.parametrize(("given_", "expected", "tolerance"), cases("rake"))
def test_weights_reproduce_published_values(given_, expected, tolerance) -> None:
    found = agreement.rake(given_["sample"], given_["margins"])
    assert found.weights == pytest.approx(np.array(expected), abs=tolerance)


@pytest.mark.parametrize(("given_", "_expected", "_tolerance"), cases("rake_refused"))
def test_a_group_nobody_answered_from_is_refused_by_name(given_, _expected, _tolerance) -> None:
    rows = [label for label, people in given_["sample"].items() for _ in range(people)]
    with pytest.raises(Refused, match="'Other' has no respondent: 0 respondents, 20 people"):
        agreement.rake_counts(counted_by(pd.DataFrame({"org": rows}), ["org"]), {"org": given_["margin"]})


@given(tables, shares, st.randoms())
def test_raked_margins_match_and_order_changes_nothing(table, across, rng) -> None:
    n = np.array(table)
    down = np.array([rng.randint(5, 20) for _ in table], dtype=float)
    margins = [down, np.array(across) * down.sum() / sum(across)]
    found = agreement.rake(n, margins, cap=1000)
    weighted = n * found.weights
    assert weighted.sum(axis=1) == pytest.approx(margins[0], rel=1e-8)
    assert weighted.sum(axis=0) == pytest.approx(margins[1], rel=1e-8)
    turned = agreement.rake(n.T, margins[::-1], cap=1000)
    assert pytest.approx(found.weights, rel=1e-6) == turned.weights.T
    backwards = agreement.rake(n[::-1], [margins[0][::-1], margins[1]], cap=1000)
    assert backwards.weights[::-1] == pytest.approx(found.weights, rel=1e-6)
    doubled = agreement.rake(2 * n, margins, cap=1000)
    assert doubled.weights == pytest.approx(found.weights / 2, rel=1e-6)
    assert doubled.design_effect == pytest.approx(found.design_effect, rel=1e-6)


def test_one_margin_is_plain_stratification() -> None:
    found = agreement.rake([30, 20], [[60, 60]])
    assert found.weights.tolist() == pytest.approx([2, 3])
    assert found.largest == pytest.approx(3 / 2.4)
    assert found.design_effect == pytest.approx(50 * (30 * 4 + 20 * 9) / 120**2)
    assert found.effective == pytest.approx(50 / found.design_effect)


def test_a_sample_like_its_population_needs_no_weights() -> None:
    found = agreement.rake([[10, 20], [30, 40]], [[60, 140], [80, 120]])
    assert found.weights == pytest.approx(np.full((2, 2), 2.0))
    assert found.design_effect == pytest.approx(1)


def test_cells_without_respondents_have_no_weight() -> None:
    found = agreement.rake([[10, 0], [10, 10]], [[30, 70], [50, 50]])
    assert np.isnan(found.weights[0, 1])
    assert np.nansum(found.weights * [[10, 0], [10, 10]]) == pytest.approx(100)


def test_weights_of_counts_bring_every_margin_to_its_total() -> None:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "organisation": rng.choice(["A", "B", "C"], 90, p=[0.5, 0.3, 0.2]),
            "mode": pd.Categorical(
                rng.choice(["Online", "In person"], 90), categories=["In person", "Online"]
            ),
        },
    )
    margins = {"mode": {"Online": 90, "In person": 60}, "organisation": {"C": 60, "B": 50, "A": 40}}
    table = counted_by(frame, ["organisation", "mode"])
    raked = agreement.rake_counts(table, margins)
    weight = dict(zip(table.groups, raked.weights, strict=True))
    rows = pd.Series([weight[cell] for cell in zip(frame["organisation"], frame["mode"], strict=True)])
    for name, totals in margins.items():
        assert rows.groupby(frame[name], observed=True).sum().to_dict() == pytest.approx(totals, rel=1e-8)


def test_words_with_and_without_weights_stand_side_by_side() -> None:
    frame = pd.DataFrame(
        {
            "s01": ["Yes"] * 19 + ["No"] + ["Yes"] * 14 + ["No"] * 6,
            "s02": ["Yes"] * 20 + [None] * 20,
            "s03": [None] * 40,
            "organisation": ["A"] * 20 + ["B"] * 20,
        }
    )
    names = ["s01", "s02", "s03"]
    table = agreement.counts(frame, names, ["Yes", "No"], ["Yes", "No"], ["Yes"], by="organisation")
    raked = agreement.rake_counts(table, {"organisation": {"A": 20, "B": 100}})
    found = agreement.weighted_words(table, raked.weights)
    first = found.loc["s01"]
    assert (first.share, first.word) == (33 / 40, "most")
    assert first.weighted_share == pytest.approx((19 + 5 * 14) / 120)
    assert first.weighted_word == "majority"
    assert not first.same_word
    assert first.effective == pytest.approx(40 / raked.design_effect)
    assert first.low < first.weighted_share < first.high
    second = found.loc["s02"]
    assert (second.word, second.weighted_word, second.high, second.design_effect) == ("all", "all", 1, 1)
    third = found.loc["s03"]
    assert (third.word, third.weighted_word) == ("", "")
    assert third[["share", "weighted_share", "low", "high", "effective"]].isna().all()


def test_equal_weights_change_no_word_not_even_on_an_edge() -> None:
    scale = ["Yes", "No"]
    for yes in range(21):
        frame = pd.DataFrame({"s": ["Yes"] * yes + ["No"] * (20 - yes), "g": ["A", "B"] * 10})
        table = agreement.counts(frame, ["s"], scale, scale, ["Yes"], by="g")
        found = agreement.weighted_words(table, [1 / 3, 1 / 3])
        assert found.same_word.all(), yes
        assert (found.low.iloc[0], found.high.iloc[0]) == pytest.approx(agreement.interval(yes, 20))


@pytest.mark.parametrize(
    ("sample", "margins", "what"),
    [
        ([[5, 0], [0, 5]], [[60, 40], [50, 50]], "contradict"),
        ([[5, 5], [5, 5]], [[60, 40], [50, 60]], "add up to different"),
        ([[5, 5], [5, 5]], [[100, 0], [50, 50]], "'2' has no margin: 10 respondents"),
        ([[5, 5], [0, 0]], [[60, 40], [50, 50]], "'2' has no respondent"),
        ([[5, 5], [5, 5]], [[60, 40]], "one margin an axis"),
        ([[5, 5], [5, 5]], [[60, 40], [50, 25, 25]], "one margin an axis"),
        ([5, 5], [[60, np.nan]], "finite"),
        ([5, 5], [[-60, 160]], "not negative"),
        ([0, 0], [[0, 0]], "nobody responded"),
        ([99, 1], [[60, 40]], "the cap is 5"),
        ([-1, 5], [[60, 40]], "negative"),
    ],
)
def test_weights_without_meaning_are_refused(sample, margins, what) -> None:
    with pytest.raises(Refused, match=what):
        agreement.rake(sample, margins)


@pytest.mark.parametrize(("cap", "fits"), [(2.0001, True), (2.0, True), (1.9999, False)])
def test_the_cap_is_the_largest_weight_allowed(cap, fits) -> None:
    # 25 of 100 respondents stand for half the people: twice the mean weight
    if fits:
        assert agreement.rake([75, 25], [[100, 100]], cap=cap).largest == pytest.approx(2)
    else:
        with pytest.raises(Refused, match="the cap is"):
            agreement.rake([75, 25], [[100, 100]], cap=cap)


def test_respondents_in_no_group_of_the_margin_are_refused() -> None:
    frame = pd.DataFrame({"org": ["A", "B", None]})
    with pytest.raises(Refused, match="'not stated' has no margin"):
        agreement.rake_counts(counted_by(frame, ["org"]), {"org": {"A": 5, "B": 5}})
    table = counted_by(frame, ["org"])
    with pytest.raises(Refused, match="made by org"):
        agreement.rake_counts(table, {"role": {"A": 5}})


@pytest.mark.parametrize("weights", [[1], [1, np.nan], [1, -1], [[1, 1]]])
def test_weights_that_do_not_fit_the_groups_are_refused(weights) -> None:
    frame = pd.DataFrame({"s": ["Yes", "No"], "g": ["A", "B"]})
    table = agreement.counts(frame, ["s"], ["Yes", "No"], ["Yes", "No"], ["Yes"], by="g")
    with pytest.raises(Refused, match="weights"):
        agreement.weighted_words(table, weights)


def test_the_response_rate_is_known_where_the_number_asked_is() -> None:
    assert agreement.response_rate(50, 60) == 50 / 60
    assert np.isnan(agreement.response_rate([5, 0], [np.nan, 0])).all()
    with pytest.raises(Refused, match="fewer people were asked"):
        agreement.response_rate(5, 4)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ABC")), min_size=1, max_size=30), st.integers(1, 4))
def test_a_whole_weight_is_as_good_as_copies_of_the_rows(rows, times) -> None:
    copies = {"A": 1, "B": times, "C": 2 * times}
    frame = pd.DataFrame(rows, columns=["s", "g"]).replace({"s": {True: "Yes", False: "No"}})
    copied = frame.loc[frame.index.repeat(frame.g.map(copies))]
    scale = ["Yes", "No"]
    table = agreement.counts(frame, ["s"], scale, scale, ["Yes"], by="g")
    plain = agreement.counts(copied, ["s"], scale, scale, ["Yes"])
    weighted = agreement.weighted_words(table, [copies[group] for group in table.groups])
    assert weighted.weighted_share.iloc[0] == pytest.approx(
        agreement.share(plain.agreeing, plain.answered)[0, 0]
    )
    assert weighted.weighted_word.iloc[0] == agreement.word(plain.agreeing, plain.answered)[0, 0]
