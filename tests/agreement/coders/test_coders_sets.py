"""Several codes a unit: MASI distance, and alpha over sets."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval.agreement.coders import from_sets, krippendorff_alpha, masi
from ci_eval.agreement.coders.sets import Masi
from ci_eval.agreement.refusals import Refused

SET = st.frozensets(st.sampled_from("abcd"))


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ({1, 2}, {1, 2, 3, 4}, 2 / 3),  # Passonneau (2006); nltk issues 2049 and 3361 (older nltk: 0.665)
        ({1, 2}, {1, 2}, 0),
        ({1, 2}, {3}, 1),
        ({1, 2}, {2, 3}, 1 - 1 / 3 * 1 / 3),
        ({1}, {1, 2}, 1 - 1 / 2 * 2 / 3),
        (set(), {1}, 1),
        (set(), set(), 0),
    ],
)
def test_masi_by_hand(first, second, distance):
    assert masi(first, second) == pytest.approx(distance, abs=1e-12)


@pytest.mark.parametrize(("first", "second"), [("attainment", {"attainment"}), ({1}, 1), ({"a"}, None)])
def test_one_code_is_not_taken_for_a_set(first, second):
    with pytest.raises(Refused, match="MASI compares sets of codes"):
        masi(first, second)


@given(first=SET, second=SET)
def test_masi_is_symmetric_between_nought_and_one_and_nought_only_for_equal_sets(first, second):
    assert masi(first, second) == masi(second, first)
    assert 0 <= masi(first, second) <= 1
    assert (masi(first, second) == 0) == (first == second)


@given(units=st.lists(st.tuples(SET, SET), min_size=1, max_size=6))
def test_distances_of_many_sets_at_once_are_those_of_each_pair(units):
    pairs = from_sets(units).counted(at_least=2)
    table = Masi(pairs).block(slice(None))

    for row, one in enumerate(pairs.categories):
        for column, other in enumerate(pairs.categories):
            assert table[row, column] == pytest.approx(masi(one, other), abs=1e-12)


def test_an_empty_set_is_a_code_and_an_empty_cell_is_missing():
    ratings = [
        [set(), set()],
        [{"a"}, {"a"}],
        [{"a"}, None],
        ["", {"b"}],
        [float("nan"), {"b"}],
        [pd.NA, {"b"}],
    ]

    found = krippendorff_alpha(ratings, "masi")

    assert found.pairable == 2
    assert found.coefficient == 1.0


def test_sets_of_one_code_are_nominal_codes():
    codes = [["a", "a", "b"], ["b", "b", None], ["a", "c", "c"], ["b", "b", "b"]]
    sets = [[None if code is None else (code,) for code in row] for row in codes]

    by_sets = krippendorff_alpha(sets, "masi", interval="analytic")
    by_codes = krippendorff_alpha(codes, "nominal", interval="analytic")

    assert (by_sets.coefficient, by_sets.se) == pytest.approx((by_codes.coefficient, by_codes.se))


def test_lists_tuples_and_sets_of_the_same_codes_are_the_same():
    ratings = pd.DataFrame({"A": [["x", "y"], ["x"]], "B": [("y", "x"), frozenset(["x"])]})

    assert krippendorff_alpha(ratings, "masi").coefficient == 1.0


def test_nearly_the_same_sets_agree_better_than_by_whole_sets():
    ratings = [[{"a", "b"}, {"a"}], [{"c"}, {"c"}], [{"d", "e"}, {"d"}], [{"e"}, {"e"}]]
    whole = [[",".join(sorted(cell)) for cell in row] for row in ratings]

    assert krippendorff_alpha(ratings, "masi").coefficient > krippendorff_alpha(whole).coefficient


def test_one_set_throughout_is_no_variation():
    found = krippendorff_alpha([[{"a"}, {"a"}], [{"a"}, {"a"}]], "masi")

    assert not found.defined
    assert found.note.startswith('no variation: every code is "{a}"')


@pytest.mark.parametrize(
    ("ratings", "declared", "message", "where"),
    [
        ([[{"a"}, "a"]], None, 'a cell holds "a"', "unit (row) 1, coder (column) 2"),
        ([[{"a"}, 3]], None, 'a cell holds "3"', "unit (row) 1, coder (column) 2"),
        ([[{"a"}, {"z"}]], ["a", "b"], 'The code "z" is not one of', "unit (row) 1, coder (column) 2"),
    ],
)
def test_cells_that_are_not_sets_of_declared_codes_are_refused(ratings, declared, message, where):
    with pytest.raises(Refused) as refused:
        krippendorff_alpha(ratings, "masi", declared)

    assert message in refused.value.message
    assert refused.value.where == where
