"""Krippendorff's alpha: by hand, by its definition on random data, and at the edges."""

from dataclasses import asdict
from itertools import permutations
from math import isfinite, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval.agreement.coders import from_ratings, from_table, krippendorff_alpha, masi
from ci_eval.agreement.coders.codes import encode
from ci_eval.agreement.coders.patterns import Patterns, read_codes
from ci_eval.agreement.refusals import Refused

METRICS = ("nominal", "ordinal", "interval", "ratio")


def tables(cell, most_units=8, most_coders=4):
    """Units × coders, each cell drawn from a strategy."""
    return st.integers(1, most_coders).flatmap(
        lambda coders: st.lists(
            st.lists(cell, min_size=coders, max_size=coders), min_size=1, max_size=most_units
        )
    )


NUMBERS = tables(st.sampled_from([None, None, 0, 1, 2, 2.5, 3, 1000]))
SETS = tables(st.one_of(st.none(), st.frozensets(st.sampled_from("abc"))), most_units=6, most_coders=3)


def definition(ratings, distance):
    """Alpha pair by pair, as Krippendorff (2011) defines it; None where undefined.

    distance(one, other, margins) of two values; margins: how often each value occurs in pairable units."""
    units = [[code for code in row if code is not None] for row in ratings]
    units = [unit for unit in units if len(unit) >= 2]
    codes = [code for unit in units for code in unit]
    margins = {value: codes.count(value) for value in set(codes)}
    if len(margins) < 2:
        return None
    observed = sum(
        distance(one, other, margins) / (len(unit) - 1)
        for unit in units
        for one, other in permutations(unit, 2)
    )
    expected = sum(distance(one, other, margins) for one, other in permutations(codes, 2))
    return 1 - (len(codes) - 1) * observed / expected


def ordinal(one, other, margins):
    low, high = sorted((one, other))
    between = sum(count for value, count in margins.items() if low <= value <= high)
    return (between - (margins[one] + margins[other]) / 2) ** 2


DEFINITIONS = {
    "nominal": lambda one, other, margins: float(one != other),
    "ordinal": ordinal,
    "interval": lambda one, other, margins: float((one - other) ** 2),
    "ratio": lambda one, other, margins: ((one - other) / (one + other)) ** 2 if one != other else 0.0,
    "masi": lambda one, other, margins: masi(one, other),
}


@pytest.mark.parametrize("metric", METRICS)
@given(ratings=NUMBERS)
def test_alpha_is_its_definition(metric, ratings):
    expected = definition(ratings, DEFINITIONS[metric])
    found = krippendorff_alpha(ratings, metric, interval=None)

    if expected is None:
        assert not found.defined
    else:
        assert found.coefficient == pytest.approx(expected, abs=1e-9)


@given(ratings=SETS)
def test_alpha_of_sets_is_its_definition(ratings):
    expected = definition(ratings, DEFINITIONS["masi"])
    found = krippendorff_alpha(ratings, "masi", interval=None)

    if expected is None:
        assert not found.defined
    else:
        assert found.coefficient == pytest.approx(expected, abs=1e-9)


@given(ratings=NUMBERS, interval=st.sampled_from(["bootstrap", "analytic"]))
def test_nothing_is_undefined_without_a_note(ratings, interval):
    found = krippendorff_alpha(ratings, interval=interval, draws=20)

    finite = (
        isfinite(found.coefficient) and isfinite(found.low) and isfinite(found.high) and isfinite(found.se)
    )
    assert finite or found.note
    if finite:
        assert -1 <= found.low <= found.high <= 1


def test_alpha_by_hand():
    # three units, two coders: a a, a b, b b. Margins a 3, b 3 of 6 codes. Observed disagreement 2/6,
    # expected 2·3·3/(6·5) = 18/30; alpha = 1 − (1/3)/(3/5) = 4/9.
    found = krippendorff_alpha([["a", "a"], ["a", "b"], ["b", "b"]], interval=None)

    assert found.coefficient == pytest.approx(4 / 9)
    assert found.observed == pytest.approx(1 / 3)
    assert found.expected == pytest.approx(3 / 5)
    assert (found.units, found.coders, found.pairable) == (3, 2, 3)


def test_the_interval_metric_is_in_the_unit_of_the_values():
    # 0 0, 0 10, 10 10: mean squared difference within units 100/3, among all 30 ordered pairs 18·100/30
    found = krippendorff_alpha([[0, 0], [0, 10], [10, 10]], "interval", interval=None)

    assert found.observed == pytest.approx(100 / 3)
    assert found.expected == pytest.approx(60)


def test_a_unit_with_one_code_changes_nothing_but_the_number_of_units():
    with_one = krippendorff_alpha([["a", "a"], ["a", "b"], ["b", "b"], ["c", None]], interval="analytic")
    without = krippendorff_alpha([["a", "a"], ["a", "b"], ["b", "b"]], interval="analytic")

    assert with_one.coefficient == without.coefficient
    assert with_one.se == pytest.approx(without.se)
    assert (with_one.units, with_one.pairable) == (4, 3)


@pytest.mark.parametrize("metric", METRICS)
def test_everybody_giving_one_value_is_no_variation_and_full_agreement(metric):
    # other software raises (krippendorff 0.9.0, irrCAC 0.4.4) or answers 1 (nltk): we say what it is
    found = krippendorff_alpha([[3, 3], [3, 3], [3, 3], [3, 3]], metric)

    assert isnan(found.coefficient)
    assert found.note.startswith('no variation: every code is "3"')
    assert "percent agreement is 100%" in found.note
    assert (found.observed, found.expected, found.pairable) == (0.0, 0.0, 4)


def test_variation_among_units_with_one_code_is_no_variation():
    found = krippendorff_alpha([[3, 3], [3, 3], [1, None]])

    assert not found.defined
    assert 'every code is "3"' in found.note


@pytest.mark.parametrize("ratings", [[[1, None], [None, 2]], [[None, None]], [], [[], []], [[1], [2]]])
def test_nothing_to_compare_is_said_in_words(ratings):
    found = krippendorff_alpha(ratings)

    assert isnan(found.coefficient)
    assert found.note == "not measured: no unit has codes from two coders"
    assert found.pairable == 0


@pytest.mark.parametrize(
    ("metric", "interval"),
    [*((metric, "bootstrap") for metric in METRICS), *((m, "analytic") for m in METRICS if m != "ordinal")],
)
def test_full_agreement_is_one_and_its_interval_is_called_a_point(metric, interval):
    found = krippendorff_alpha(
        [[1, 1, 1], [2, 2, 2], [7, 7, 7], [2, 2, 2]], metric, interval=interval, draws=50
    )

    assert found.coefficient == 1.0
    assert found.low == found.high == 1.0
    assert "no width" in found.note


@given(codes=st.lists(st.integers(0, 9), min_size=2, max_size=30).filter(lambda codes: len(set(codes)) > 1))
def test_full_agreement_is_exactly_one_by_the_ordinal_metric(codes):
    found = krippendorff_alpha([[code] * 3 for code in codes], "ordinal", draws=20)

    assert found.coefficient == found.low == found.high == 1.0


@pytest.mark.parametrize("interval", ["analytic", "bootstrap"])
def test_one_pairable_unit_has_no_standard_error(interval):
    found = krippendorff_alpha([[1, 2], [1, None]], interval=interval)

    assert found.coefficient == pytest.approx(0)
    assert isnan(found.se)
    assert found.note == "one unit only: no standard error"


@given(ratings=NUMBERS, seed=st.integers(0, 100))
def test_order_of_units_and_coders_changes_nothing(ratings, seed):
    generator = np.random.default_rng(seed)
    table = np.array(ratings, dtype=object)
    shuffled = table[generator.permutation(len(table))][:, generator.permutation(table.shape[1])]

    for metric in METRICS:
        before = krippendorff_alpha(ratings, metric, draws=10)
        after = krippendorff_alpha(shuffled, metric, draws=10)
        assert (before.coefficient, before.low, before.note) == pytest.approx(
            (after.coefficient, after.low, after.note), nan_ok=True
        )


@given(ratings=tables(st.sampled_from([None, "a", "b", "c"])))
def test_names_of_categories_change_nothing(ratings):
    names = {None: None, "a": "zebra", "b": "9", "c": "Apple"}
    renamed = [[names[code] for code in row] for row in ratings]

    before, after = krippendorff_alpha(ratings, interval=None), krippendorff_alpha(renamed, interval=None)

    assert before.coefficient == pytest.approx(after.coefficient, nan_ok=True)


@given(ratings=NUMBERS, repeats=st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_a_row_standing_for_several_units_is_those_units(ratings, repeats):
    times = repeats[: len(ratings)]
    repeated = [row for row, often in zip(ratings, times, strict=True) for _ in range(often)]

    for metric in METRICS:
        weighted = krippendorff_alpha(read_codes(encode(ratings), np.array(times)), metric, draws=10)
        plain = krippendorff_alpha(repeated, metric, draws=10)
        assert weighted.coefficient == pytest.approx(plain.coefficient, nan_ok=True)
        assert weighted.low == pytest.approx(plain.low, nan_ok=True)
        assert (weighted.units, weighted.pairable) == (plain.units, plain.pairable)


@given(ratings=NUMBERS)
def test_declared_categories_nobody_used_change_nothing(ratings):
    declared = [0, 1, 2, 2.5, 3, 4, 5, 1000]

    for metric in METRICS:
        before = krippendorff_alpha(ratings, metric, interval=None)
        after = krippendorff_alpha(ratings, metric, declared, interval=None)
        assert before.coefficient == pytest.approx(after.coefficient, nan_ok=True)


@given(ratings=NUMBERS, factor=st.sampled_from([1e-150, 1e-6, 3.0, 1e150]))
def test_the_unit_of_measurement_changes_neither_interval_nor_ratio_alpha(ratings, factor):
    scaled = [[None if code is None else code * factor for code in row] for row in ratings]

    for metric in ("interval", "ratio"):
        before = krippendorff_alpha(ratings, metric, interval=None)
        after = krippendorff_alpha(scaled, metric, interval=None)
        assert before.coefficient == pytest.approx(after.coefficient, abs=1e-9, nan_ok=True)


def test_a_far_origin_does_not_eat_the_digits_of_the_interval_metric():
    ratings = np.array([[1, 2], [2, 2], [3, 4], [5, 4.0]])

    near = krippendorff_alpha(ratings, "interval", interval="analytic")
    far = krippendorff_alpha(ratings + 2**40, "interval", interval="analytic")

    assert far.coefficient == pytest.approx(near.coefficient, rel=1e-9)
    assert far.se == pytest.approx(near.se, rel=1e-9)


def test_binary_codes_give_one_alpha_by_every_metric_of_numbers():
    ratings = [[0, 0, 1], [1, 1, None], [0, 0, 0], [1, 0, 1]]

    nominal = krippendorff_alpha(ratings, "nominal", interval=None).coefficient

    for metric in METRICS[1:]:
        assert krippendorff_alpha(ratings, metric, interval=None).coefficient == pytest.approx(nominal)


def test_ordered_text_is_the_numbers_of_its_order():
    words = ["low", "middle", "high"]
    ratings = [["low", "middle"], ["high", "high"], ["middle", "middle"], ["low", None]]
    numbers = [[1, 2], [3, 3], [2, 2], [1, None]]

    by_words = krippendorff_alpha(ratings, "ordinal", words, interval=None)

    expected = krippendorff_alpha(numbers, "ordinal", interval=None).coefficient
    assert by_words.coefficient == pytest.approx(expected)


def test_a_table_of_distances_is_a_metric():
    read = from_table([[5, 2, 1], [0, 6, 2], [1, 1, 4]])
    squares = (np.arange(3) - np.arange(3)[:, None]) ** 2

    table = krippendorff_alpha(read, squares, interval="analytic")
    named = krippendorff_alpha(read, "interval", interval="analytic")

    assert (table.coefficient, table.se) == pytest.approx((named.coefficient, named.se))
    assert table.name == "Krippendorff's alpha, table of distances"


def test_measurements_in_a_sparse_table_are_measured_alike(monkeypatch):
    generator = np.random.default_rng(5)
    ratings = np.exp(generator.normal(size=(40, 1)) + generator.normal(size=(40, 3)))
    dense = {metric: krippendorff_alpha(ratings, metric, draws=20) for metric in METRICS}

    monkeypatch.setattr("ci_eval.agreement.coders.patterns.DENSE", 0)
    monkeypatch.setattr("ci_eval.agreement.coders.metrics.BLOCK", 100)

    for metric in METRICS:
        assert asdict(krippendorff_alpha(ratings, metric, draws=20)) == pytest.approx(asdict(dense[metric]))


@pytest.mark.parametrize(
    ("ratings", "metric", "options", "words"),
    [
        ([["a", "b"], ["b", "b"]], "interval", {}, "compares numbers"),
        ([["a", "b"], ["b", "b"]], "ratio", {}, "compares numbers"),
        ([["a", "b"], ["b", "b"]], "ordinal", {}, "order of the codes is not known"),
        ([[-1, 2], [2, 2]], "ratio", {}, '"-1"'),
        ([[1, 2], [2, 2]], "cosine", {}, "no metric called 'cosine'"),
        ([[1, 2], [2, 2]], "ordinal", {"interval": "analytic"}, "no published standard error"),
        ([[1, 2], [2, 2]], "nominal", {"interval": "exact"}, "no interval called 'exact'"),
        ([[1, 2], [2, 2]], "nominal", {"level": 1}, "between 0 and 1"),
        ([[1, 2], [2, 2]], "nominal", {"level": 0}, "between 0 and 1"),
        ([[1, 2], [2, 2]], "nominal", {"draws": 1}, "at least 2 draws"),
        ([[1, 2], [2, 2]], "nominal", {"ddof": 2}, "ddof is 0 or 1"),
        ([[1, 2], [2, 2]], "masi", {}, "compares sets"),
        ([[1, 2], [2, 2]], [[0, 1], [1, 0]], {}, "needs to know whose distances"),
        ([[1, 2], [2, 2]], [[0, 1], [2, 0]], {"categories": [1, 2]}, "not a symmetric 2 by 2"),
        ([[1, 2], [2, 2]], [[1, 1], [1, 0]], {"categories": [1, 2]}, "not a symmetric 2 by 2"),
        ([[1, 2], [2, 2]], [[0]], {"categories": [1, 2]}, "not a symmetric 2 by 2"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_words(ratings, metric, options, words):
    with pytest.raises(Refused, match="CANNOT MEASURE AGREEMENT") as refused:
        krippendorff_alpha(ratings, metric, **options)

    assert words in str(refused.value)
    assert "Fix: " in str(refused.value)


def test_read_ratings_are_not_read_again():
    ratings = from_ratings([[1, 2], [2, 2]])

    assert isinstance(ratings, Patterns)
    assert from_ratings(ratings) is ratings
    with pytest.raises(Refused, match="read already"):
        krippendorff_alpha(ratings, categories=[1, 2])
