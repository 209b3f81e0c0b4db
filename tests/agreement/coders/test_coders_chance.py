"""Agreement beyond chance: by definition on random data, standard errors by numerical derivative, and edges."""

from functools import partial
from itertools import permutations
from math import isfinite, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval.agreement.coders import (
    adjusted,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    from_counts,
    from_distances,
    from_ratings,
    from_table,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    percent_agreement,
)
from ci_eval.agreement.coders.category_weights import FORMULAS, weight_table
from ci_eval.agreement.coders.codes import encode
from ci_eval.agreement.coders.patterns import read_codes
from ci_eval.agreement.refusals import Refused

CATEGORIES = [1, 2, 3]
ALL = (percent_agreement, brennan_prediger, gwet_ac1, fleiss_kappa, conger_kappa)


def tables(most_units=8, most_coders=4):
    cell = st.sampled_from([None, 1, 2, 3])
    return st.integers(2, most_coders).flatmap(
        lambda coders: st.lists(
            st.lists(cell, min_size=coders, max_size=coders), min_size=1, max_size=most_units
        )
    )


def definition(ratings, expected):
    """(observed − expected) / (1 − expected) counted pair by pair; None where undefined."""
    units = [[code for code in row if code is not None] for row in ratings]
    units = [unit for unit in units if unit]
    pairs = [[one == other for one, other in permutations(unit, 2)] for unit in units if len(unit) > 1]
    if not pairs:
        return None
    observed = np.mean([np.mean(pair) for pair in pairs])
    pi = np.mean([[unit.count(category) / len(unit) for category in CATEGORIES] for unit in units], axis=0)
    chance = expected(ratings, pi)
    return None if chance > 1 - 1e-12 else (observed - chance) / (1 - chance)


def between_coders(ratings, _):
    columns = [[code for code in column if code is not None] for column in zip(*ratings, strict=True)]
    shares = [[column.count(c) / len(column) for c in CATEGORIES] for column in columns if column]
    agreeing = [np.dot(one, other) for one, other in permutations(shares, 2)]
    return float(np.mean(agreeing)) if agreeing else 0.0


EXPECTED = {
    percent_agreement: lambda ratings, pi: 0.0,
    brennan_prediger: lambda ratings, pi: 1 / 3,
    gwet_ac1: lambda ratings, pi: float((pi * (1 - pi)).sum() / 2),
    fleiss_kappa: lambda ratings, pi: float((pi**2).sum()),
    conger_kappa: between_coders,
}


@pytest.mark.parametrize("coefficient", ALL)
@given(ratings=tables())
def test_a_coefficient_is_its_definition(coefficient, ratings):
    expected = definition(ratings, EXPECTED[coefficient])
    found = coefficient(ratings, CATEGORIES, interval=None)

    if expected is None:
        assert not found.defined
        assert found.note
    else:
        assert found.coefficient == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("coefficient", [*ALL, cohen_kappa])
@given(ratings=tables(most_coders=2), interval=st.sampled_from(["analytic", "bootstrap"]))
def test_nothing_is_undefined_without_a_note(coefficient, ratings, interval):
    found = coefficient(ratings, CATEGORIES, interval=interval, draws=10)

    finite = all(map(isfinite, (found.coefficient, found.low, found.high, found.se)))
    assert finite or found.note
    if finite:
        assert found.low <= found.high <= 1
        assert interval == "bootstrap" or found.low <= found.coefficient <= found.high


SAMPLE = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 1, 3], [2, 2, 2, 2], [1, 2, 3, 1],
    [1, 1, 1, 1], [1, 1, 2, 1], [2, 2, None, 2], [None, 3, 3, 3], [None, None, 1, 1],
]  # fmt: skip


@pytest.mark.parametrize(
    "coefficient",
    [
        *ALL,
        partial(gwet_ac2, weights="linear"),
        partial(fleiss_kappa, weights="quadratic"),
        partial(conger_kappa, weights="ordinal"),
        partial(brennan_prediger, weights="linear"),
        partial(krippendorff_alpha, metric="nominal"),
        partial(krippendorff_alpha, metric="interval"),
        partial(krippendorff_alpha, metric="ratio"),
    ],
)
def test_the_standard_error_is_what_each_unit_moves_the_coefficient_by(coefficient):
    # a million copies of each unit, one more of unit i: the change, times all units, is the influence of i
    def repeated(times):
        return read_codes(encode(SAMPLE, CATEGORIES), times)

    copies = 10**6
    units = len(SAMPLE)
    base = coefficient(repeated(np.full(units, copies)), interval=None).coefficient
    influence = []
    for unit in range(units):
        one_more = np.full(units, copies) + (np.arange(units) == unit)
        moved = coefficient(repeated(one_more), interval=None).coefficient
        influence.append((moved - base) * copies * units)
    expected = sqrt(sum(value**2 for value in influence) / (units * (units - 1)))

    found = coefficient(from_ratings(SAMPLE, CATEGORIES), interval="analytic")

    assert found.se == pytest.approx(expected, rel=1e-4)


def test_a_unit_with_one_code_widens_the_interval_of_gwets_formula():
    # the published formula counts it among the units, agreeing on nothing (docs/methods.md B2)
    with_one, without = ([*SAMPLE, [None, None, None, 1]], SAMPLE)

    assert percent_agreement(with_one).coefficient == percent_agreement(without).coefficient
    assert percent_agreement(with_one).se > percent_agreement(without).se


def test_missing_codes_can_take_fleiss_kappa_below_minus_one():
    # one pair, which disagrees; chance (1/4)² + (3/4)² = 5/8
    found = fleiss_kappa([[None, 1], [1, 2]])

    assert found.coefficient == pytest.approx(-(5 / 8) / (3 / 8))
    assert found.low <= found.coefficient <= found.high


def test_agreement_by_hand():
    # two coders, four units: yes yes, yes yes, yes no, no no. Observed 3/4; pi yes 5/8, no 3/8.
    ratings = [["yes", "yes"], ["yes", "yes"], ["yes", "no"], ["no", "no"]]

    assert percent_agreement(ratings).coefficient == 0.75
    assert brennan_prediger(ratings).coefficient == pytest.approx((0.75 - 1 / 2) / (1 / 2))
    assert gwet_ac1(ratings).coefficient == pytest.approx((0.75 - 30 / 64) / (34 / 64))
    assert fleiss_kappa(ratings).coefficient == pytest.approx((0.75 - 34 / 64) / (30 / 64))
    # coder 1 says yes 3 of 4, coder 2 says yes 2 of 4: chance 3/8 + 1/8
    assert cohen_kappa(ratings).coefficient == pytest.approx((0.75 - 0.5) / 0.5)
    assert conger_kappa(ratings).coefficient == pytest.approx(0.5)


def test_a_rare_theme_makes_kappa_low_and_ac1_high_on_the_same_codes():
    codes = from_table([[1, 2], [2, 95]], ["yes", "no"])

    assert percent_agreement(codes).coefficient == pytest.approx(0.96)
    assert fleiss_kappa(codes).coefficient < 0.35
    assert gwet_ac1(codes).coefficient > 0.95
    assert brennan_prediger(codes).coefficient == pytest.approx(0.92)


def test_categories_nobody_used_count_where_chance_depends_on_their_number():
    ratings = [["a", "a"], ["a", "b"], ["b", "b"]]

    three = brennan_prediger(ratings, ["a", "b", "c"])
    occurred = brennan_prediger(ratings)

    assert three.expected == pytest.approx(1 / 3)
    assert occurred.expected == pytest.approx(1 / 2)
    assert three.note == ""
    assert occurred.note == "categories not declared: the 2 that occurred are taken for all"
    assert fleiss_kappa(ratings, ["a", "b", "c"]).coefficient == fleiss_kappa(ratings).coefficient


@pytest.mark.parametrize("coefficient", [fleiss_kappa, conger_kappa, cohen_kappa])
def test_kappas_are_not_defined_where_every_code_is_the_same(coefficient):
    found = coefficient([["a", "a"]] * 5, ["a", "b"])

    assert isnan(found.coefficient)
    assert found.note == 'no variation: every code is "a", so it is not defined; percent agreement is 100%'
    assert (found.observed, found.pairable) == (1.0, 5)


def test_full_agreement_on_one_of_two_declared_categories_is_full_ac1():
    for coefficient in (percent_agreement, gwet_ac1, brennan_prediger):
        found = coefficient([["a", "a"]] * 5, ["a", "b"])
        assert found.coefficient == found.low == found.high == 1.0
        assert "no width" in found.note


def test_a_single_category_leaves_nothing_to_disagree_about():
    for coefficient in (gwet_ac1, brennan_prediger):
        assert coefficient([["a", "a"]] * 5).note.startswith('no variation: every code is "a"')


def test_nothing_to_compare_is_said_in_words():
    for coefficient in (*ALL, cohen_kappa):
        found = coefficient([["a", None], [None, "b"]])
        assert isnan(found.coefficient)
        assert found.note.startswith("not measured: no unit has codes from two coders")


@pytest.mark.parametrize("coefficient", [*ALL, cohen_kappa])
@pytest.mark.parametrize("interval", ["analytic", "bootstrap"])
def test_one_unit_has_no_interval(coefficient, interval):
    found = coefficient([[1, 2]], CATEGORIES, interval=interval)

    assert not isfinite(found.se)
    assert "one unit only: no standard error" in found.note


@pytest.mark.parametrize("coefficient", [*ALL, krippendorff_alpha])
def test_a_table_that_looks_turned_is_remarked_on(coefficient):
    rows_are_coders = [[1, 2, 3, 3, 2, 1], [1, 2, 3, 3, 2, 2], [1, 2, 3, 3, 2, 3]]
    remark = "6 coders of 3 units: a row is a unit; turn the table if a row is a coder"

    assert coefficient(rows_are_coders).note.endswith(remark)
    assert "turn the table" not in coefficient(list(zip(*rows_are_coders, strict=True))).note
    assert "turn the table" not in coefficient([[1, 2, 2], [1, 1, 1]]).note


def test_more_coders_than_units_are_usual_in_a_table_of_counts():
    assert "turn the table" not in fleiss_kappa(from_counts([[7, 1], [3, 5]])).note


def test_percent_agreement_is_never_below_nothing():
    table = from_table([[1, 1], [0, 1]])

    assert percent_agreement(table).low == 0
    assert adjusted(percent_agreement(from_table([[0, 1], [0, 0]]))).low == 0


def test_an_interval_without_width_is_not_said_to_come_from_units_that_agree():
    # one coder always says 1, so that kappa is 0 for any units
    found = conger_kappa([[1, 1], [1, 2], [1, 2]], [1, 2])

    assert (found.low, found.high, found.coefficient) == pytest.approx((0, 0, 0), abs=1e-12)
    assert found.note.startswith("any sample of these units gives the same coefficient")


def test_the_adjusted_interval_keeps_a_width_at_full_agreement():
    # 20 units, all agreed: (20 + 2) / (20 + 4) ± 1.959964 √(p(1 − p) / 24), by hand
    found = adjusted(percent_agreement(from_table([[12, 0], [0, 8]])))

    assert found.coefficient == 1
    assert found.low == pytest.approx(22 / 24 - 1.959964 * sqrt(22 * 2) / 24 / sqrt(24), abs=1e-6)
    assert found.high == 1


@pytest.mark.parametrize(
    "found",
    [
        fleiss_kappa([[1, 1], [1, 2]]),
        percent_agreement([[1, 1, 1], [1, 2, 2]]),
        percent_agreement([[1, 1], [1, 2]], weights="linear"),
        percent_agreement([[1, None]]),
        percent_agreement([[None, None]]),
    ],
)
def test_the_adjusted_interval_is_refused_where_it_is_not_published(found):
    with pytest.raises(Refused, match="adjusted interval is for percent agreement or Brennan"):
        adjusted(found)


@given(ratings=tables(most_coders=2))
def test_congers_kappa_of_two_coders_who_coded_everything_is_cohens(ratings):
    both = [row for row in ratings if None not in row]
    if both:
        cohen, conger = cohen_kappa(both, CATEGORIES), conger_kappa(both, CATEGORIES, ddof=0)
        assert cohen.coefficient == pytest.approx(conger.coefficient, nan_ok=True)
        assert cohen.se == pytest.approx(conger.se, nan_ok=True)


def test_cohens_kappa_leaves_out_units_with_one_code_and_says_so():
    found = cohen_kappa([["a", "a"], ["a", "b"], ["b", "b"], ["b", None], [None, "a"], [None, None]])

    assert found.coefficient == pytest.approx(cohen_kappa([["a", "a"], ["a", "b"], ["b", "b"]]).coefficient)
    assert found.note == "units coded by one coder only, left out: 2"
    assert (found.units, found.pairable) == (6, 3)


def test_a_coder_without_a_code_is_left_out_of_congers_kappa():
    with_silent = conger_kappa([["a", "a", None], ["a", "b", None], ["b", "b", None]])
    without = conger_kappa([["a", "a"], ["a", "b"], ["b", "b"]])

    assert (with_silent.coefficient, with_silent.se) == (without.coefficient, without.se)
    assert with_silent.note == "coders without any code, left out: 1"


@pytest.mark.parametrize("name", FORMULAS)
def test_weights_fall_from_one_to_nought(name):
    table = weight_table(name, from_ratings([[1, 2], [4, 7]], [1, 2, 4, 7]))

    assert np.array_equal(table, table.T)
    assert np.array_equal(np.diagonal(table), np.ones(4))
    assert table.min() == 0
    assert table.max() == 1


def test_weights_by_hand():
    four = from_ratings([[1, 2, 3, 4]], [1, 2, 3, 4])

    assert weight_table("linear", four)[0] == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert weight_table("quadratic", four)[0] == pytest.approx([1, 8 / 9, 5 / 9, 0])
    assert weight_table("ordinal", four)[0] == pytest.approx([1, 5 / 6, 1 / 2, 0])
    assert weight_table("radical", four)[0, 1] == pytest.approx(1 - 1 / sqrt(3))
    assert weight_table("circular", four)[0] == pytest.approx([1, 1 / 2, 0, 1 / 2])


def test_weights_of_text_count_the_places_in_its_declared_order():
    words = from_ratings([["low", "high"]], ["low", "middle", "high"])

    assert weight_table("linear", words)[0] == pytest.approx([1, 0.5, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gwet_ac2([["a", "b"]], "linear"), "order of the codes is not known"),
        (lambda: gwet_ac2([[1, 2]], "cubic"), "no weights called 'cubic'"),
        (lambda: gwet_ac2([[-1, 2]], "ratio"), "0 or more"),
        (lambda: gwet_ac2([[1, 2]], [[1, 0], [0, 1]]), "needs to know whose"),
        (lambda: gwet_ac2([[1, 2]], [[1, 2], [2, 1]], [1, 2]), "numbers from 0 to 1"),
        (lambda: gwet_ac2([[1, 2]], [[1, 0.5], [0, 1]], [1, 2]), "symmetric 2 by 2"),
        (lambda: from_distances([[0, -1], [-1, 0]]), "0 or more"),
        (lambda: from_distances([[0, 0], [0, 0]]), "one above 0"),
        (lambda: cohen_kappa([[1, 2, 3]]), "two coders; there are 3"),
        (lambda: cohen_kappa(from_counts([[1, 1]])), "needs to know who gave which code"),
        (lambda: conger_kappa(from_counts([[1, 1]])), "needs to know who gave which code"),
        (lambda: fleiss_kappa(np.arange(6000.0).reshape(-1, 2)), "look like texts or measurements"),
        (lambda: fleiss_kappa([[1, 2]], level=95), "between 0 and 1"),
        (lambda: fleiss_kappa([[1, 2]], interval="exact"), "no interval called 'exact'"),
        (lambda: fleiss_kappa([[1, 2]], ddof=2), "ddof is 0 or 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(call, message):
    with pytest.raises(Refused) as refused:
        call()

    assert message in str(refused.value)
    assert "Fix: " in str(refused.value)
