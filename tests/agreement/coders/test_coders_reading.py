"""Ratings as people hold them: what counts as missing, what is refused, and the distinct patterns."""

from collections import Counter
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval.agreement.coders import from_counts, from_ratings, from_table, gwet_ac1, krippendorff_alpha
from ci_eval.agreement.coders.patterns import distinct
from ci_eval.agreement.refusals import Refused

NAN = float("nan")
TABLE = [[1, 1, 2], [2, 2, None], [3, None, None], [1, 1, 2]]


def read(patterns):
    """What was read: how often each row of categories occurs, None for a missing one."""
    rows = [tuple(None if code < 0 else patterns.categories[code] for code in row) for row in patterns.rows]
    return dict(zip(rows, patterns.times.tolist(), strict=True))


@pytest.mark.parametrize(
    "ratings",
    [
        TABLE,
        [[1, 1, 2], [2, 2, NAN], [3, NAN, None], [1, 1, 2]],
        [[1.0, 1, 2], [2, Decimal(2), ""], [3, "", pd.NA], [1, 1, np.int8(2)]],
        np.array(TABLE, dtype=object),
        np.array(TABLE, dtype=np.float64),
        pd.DataFrame(TABLE),
        pd.DataFrame(TABLE, columns=list("ABC")).astype("Int64"),
        pd.DataFrame(TABLE).astype({0: "int8"}),
        tuple(tuple(row) for row in TABLE),
    ],
)
def test_one_table_however_it_is_held(ratings):
    patterns = from_ratings(ratings)

    assert read(patterns) == {(1, 1, 2): 2, (2, 2, None): 1, (3, None, None): 1}
    assert (patterns.units, patterns.coders, patterns.pairable) == (4, 3, 3)
    assert not patterns.declared


@pytest.mark.parametrize(
    "ratings",
    [
        [["a", "b"], ["", "b"], [None, NAN]],
        [["a ", "\tb"], ["  ", "b"], [" ", "\u00a0"]],
        np.array([["a", "b"], ["", "b"], ["", ""]]),
        pd.DataFrame([["a", "b"], [None, "b"], [None, ""]]),
        pd.DataFrame([["a", "b"], [None, "b"], [None, None]]).astype("category"),
        pd.DataFrame([["a", "b"], [None, "b"], [None, None]]).astype(pd.CategoricalDtype(["b", "a"])),
    ],
)
def test_missing_text_is_none_nan_or_empty(ratings):
    assert read(from_ratings(ratings)) == {("a", "b"): 1, (None, "b"): 1, (None, None): 1}


def test_cells_of_blanks_are_no_code_of_their_own():
    """cac.raw.g1g2 of irrCAC, units 10 to 12 of the first coder blank; AC1 .685 as its tests print it."""
    coders = [
        [*list("abccbadab"), "  ", " ", "   ", *list("bb")],
        [*list("abccbbdabe"), None, " ", *list("ba")],
        [" ", *list("cccbcdbbeaccc")],
        [*list("abccbddabe"), "a ", " ", "b", " b"],
    ]
    ratings = list(zip(*coders, strict=True))
    assert gwet_ac1(ratings).coefficient == pytest.approx(0.685, abs=0.0005)
    assert from_ratings(ratings).categories.tolist() == list("abcde")


def test_true_and_false_are_codes():
    assert read(from_ratings([[True, False], [True, None]])) == {(1, 0): 1, (1, None): 1}
    assert read(from_ratings(np.array([[True, False]]))) == {(1, 0): 1}


def test_declared_categories_keep_their_order_and_those_nobody_used():
    text = from_ratings([["high", "low"]], ["low", "middle", "high"])
    numbers = from_ratings([[3, 1]], [3, 2, 1])

    assert (text.categories.tolist(), text.rows.tolist()) == (["low", "middle", "high"], [[2, 0]])
    assert (numbers.categories.tolist(), numbers.rows.tolist()) == ([3, 2, 1], [[0, 2]])
    assert all(patterns.declared for patterns in (text, numbers))


def test_categories_that_were_not_declared_are_those_that_occurred():
    assert from_ratings([[7, 3], [7, None]]).categories.tolist() == [3, 7]
    assert from_ratings([["pear", "apple"]]).categories.tolist() == ["apple", "pear"]


@pytest.mark.parametrize("values", [[0.5, 2.25, -3.0], [1.0, 70_000.0, 1e9], [-5.0, -4.0, 3.0]])
def test_numbers_far_apart_or_between_are_read_like_near_whole_ones(values):
    one, two, three = values
    found = from_ratings([[one, two], [three, one], [one, two], [None, three]])

    assert found.categories.tolist() == sorted(values)
    assert read(found) == {(one, two): 2, (three, one): 1, (None, three): 1}


@pytest.mark.parametrize(
    ("ratings", "categories", "message", "where"),
    [
        (
            [["a", "b"], ["a", "x"], ["x", "x"]],
            ["a", "b"],
            'The code "x" is not one of',
            "unit (row) 2, coder (column) 2",
        ),
        (
            pd.DataFrame({"Ann": [1, 2], "Bob": [1, 9]}),
            [1, 2],
            'The code "9"',
            "unit (row) 2, coder (column) 'Bob'",
        ),
        ([[1, 2.5]], [1, 2], 'The code "2.5"', "unit (row) 1, coder (column) 2"),
        ([[1, "b"], [1, 1]], None, 'some are text ("b")', "unit (row) 1, coder (column) 2"),
        ([[1, float("inf")]], None, "infinite", "unit (row) 1, coder (column) 2"),
        (np.array([["a", NAN]]), None, 'the text "nan"', "unit (row) 1, coder (column) 2"),
        ([["a", "None"]], None, 'the text "None"', "unit (row) 1, coder (column) 2"),
        ([[{"a"}, {"b"}]], None, "lists or sets", ""),
        ([[frozenset("a"), frozenset("b")]], None, "holds frozenset", ""),
        ([[pd.Timestamp("2022-06-30")]], None, "holds Timestamp", ""),
        ([1, 2, 3], None, "shape (3,)", ""),
        ([[1, 2], [1]], None, "different numbers of coders: 1 to 2", ""),
        ([[10**17, 10**17 + 1]], None, "16 digits", ""),
        ([[1, 2]], ["a", "b"], "the categories are not", ""),
        ([[1, 2]], [1, 1, 2], "hold one twice", ""),
        ([[1, 2]], [], "empty", ""),
        ([["a", "b"]], "ab", "one text", ""),
        ([["a", "b"]], ["a", None], "one not a number or text", ""),
    ],
)
def test_what_is_not_a_table_of_codes_is_refused_with_its_place(ratings, categories, message, where):
    with pytest.raises(Refused) as refused:
        from_ratings(ratings, categories)

    problem = refused.value
    assert message in problem.message
    assert problem.where == where
    assert problem.fix


COMMENT = "The process helped us, and Morag Sinclair of our team would say the same if you asked her."


@pytest.mark.parametrize("ratings", [[["a", COMMENT]], [[1, COMMENT]], [[("a",), COMMENT]]])
def test_a_comment_in_the_place_of_a_code_is_not_shown_in_full(ratings):
    metric = "masi" if isinstance(ratings[0][0], tuple) else "nominal"

    with pytest.raises(Refused) as refused:
        krippendorff_alpha(ratings, metric, None if ratings[0][0] == 1 else ["a", "b"])

    assert "The process helped us" in str(refused.value)
    assert "if you asked her" not in str(refused.value)


def test_all_cells_with_an_undeclared_code_are_counted():
    with pytest.raises(Refused) as refused:
        from_ratings([["a", "x"], ["x", "y"]], ["a", "b"])

    assert refused.value.count == 3


def test_a_missing_word_may_be_a_declared_category():
    assert from_ratings([["None", "Some"]], ["None", "Some"]).size == 2


@given(
    rows=st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(st.integers(-1, 2), min_size=n, max_size=n), min_size=1, max_size=12)
    ),
    categories=st.sampled_from([3, 1000, 2**21, 2**40, 2**61]),
)
def test_distinct_rows_are_counted_whatever_the_number_of_categories(rows, categories):
    index, times = distinct(np.array(rows), categories, np.ones(len(rows), dtype=np.int64))

    found = {tuple(rows[i]): int(often) for i, often in zip(index, times, strict=True)}
    assert found == Counter(map(tuple, rows))


def test_many_coders_who_each_saw_little():
    generator = np.random.default_rng(3)
    ratings = np.full((200, 60), np.nan)
    for row in ratings:
        row[generator.choice(60, 3, replace=False)] = generator.integers(0, 3, 3)
    packed = np.sort(ratings, axis=1)[:, :3]

    wide, narrow = from_ratings(ratings), from_ratings(packed)

    assert wide.counted().rows.shape[1] == 3
    assert wide.pairable == 200
    assert krippendorff_alpha(wide, interval=None).coefficient == pytest.approx(
        krippendorff_alpha(narrow, interval=None).coefficient
    )


def test_counts_are_the_ratings_they_count():
    counts = from_counts(pd.DataFrame({"yes": [2, 1, 0], "no": [0, 1, 1]}))
    ratings = from_ratings([["yes", "yes"], ["yes", "no"], ["no", None]], ["yes", "no"])

    assert counts.categories.tolist() == ["yes", "no"]
    assert (counts.units, counts.coders, counts.pairable) == (3, 2, 2)
    assert read(counts.counted()) == read(ratings.counted())


def test_units_with_the_same_counts_are_counted_each():
    generator = np.random.default_rng(5)
    ratings = generator.integers(1, 4, (500, 3)).astype(float)
    ratings[generator.random(ratings.shape) < 0.2] = NAN
    tables = (ratings[:, :, None] == [1, 2, 3]).sum(axis=1)
    counts = from_counts(tables)

    assert (counts.units, counts.coders) == (500, 3)
    assert read(counts.counted()) == read(from_ratings(ratings, [1, 2, 3]).counted())
    assert from_counts(np.zeros((4, 2), dtype=int)).pairable == 0
    assert from_counts(np.empty((0, 2), dtype=int)).units == 0


def test_a_table_of_two_coders_has_the_first_in_its_rows():
    table = from_table([[2, 1], [0, 3]], ["yes", "no"])

    assert read(table) == {("yes", "yes"): 2, ("yes", "no"): 1, ("no", "no"): 3}
    assert (table.units, table.coders) == (6, 2)


@pytest.mark.parametrize(
    ("function", "table", "message"),
    [
        (from_counts, [[1, -1]], "whole numbers, 0 or more"),
        (from_counts, [[0.5, 0.5]], "whole numbers, 0 or more"),
        (from_counts, [[NAN, 1]], "whole numbers, 0 or more"),
        (from_counts, [1, 2], "received shape (2,)"),
        (from_counts, [["a", "b"]], "are not numbers"),
        (from_counts, [[10**8, 1]], "up to 100,000,001 codes"),
        (from_table, [[1, 2, 3], [1, 2, 3]], "as many rows as columns"),
        (from_table, [[1, -2], [1, 2]], "whole numbers, 0 or more"),
    ],
)
def test_tables_that_do_not_count_are_refused(function, table, message):
    with pytest.raises(Refused) as refused:
        function(table)

    assert message in refused.value.message


def test_a_name_for_every_column_of_a_table():
    with pytest.raises(Refused, match="3 categories are named for 2 columns"):
        from_table([[1, 2], [3, 4]], ["a", "b", "c"])


@pytest.mark.parametrize("read_table", [from_counts, from_table])
def test_a_count_that_is_none_is_named_with_its_place(read_table):
    with pytest.raises(Refused, match="whole numbers, 0 or more, not -1") as error:
        read_table([[1, 2], [3, -1]])
    assert error.value.where == "row 2, column 2"


def test_a_masked_code_is_a_missing_one():
    masked = np.ma.masked_equal([[1, 1], [2, 2], [3, 99], [1, 2]], 99)
    sets = np.empty((2, 2), dtype=object)
    sets[:] = [[{"a"}, {"a"}], [{"b"}, {"c"}]]
    hidden = np.ma.masked_array(sets, mask=[[False, False], [False, True]])

    missing = krippendorff_alpha([[1, 1], [2, 2], [3, None], [1, 2]], interval=None)
    # their limits are NaN, which from Python 3.13 on makes equal dataclasses unequal
    assert repr(krippendorff_alpha(masked, interval=None)) == repr(missing)
    assert krippendorff_alpha(hidden, "masi", interval=None).pairable == 1
