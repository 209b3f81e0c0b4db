"""No choice, and no two choices compared, lead to fewer people than the smallest group."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ci_eval.evidence.choices import visible, with_margins
from ci_eval.report.disclosure import masking

TABLES = st.tuples(st.integers(2, 4), st.integers(2, 4), st.integers(2, 3)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(0, 9))
)


def cells(*shape: int) -> np.ndarray:
    """People by group; the last place of each axis, those who did not say, is empty."""
    table = np.zeros([size + 1 for size in shape], dtype=np.int64)
    table[tuple(slice(0, size) for size in shape)] = 10
    return table


def test_margins_are_the_sums_of_what_stands_behind_them() -> None:
    table = with_margins(cells(2, 3), 2)
    assert table.shape == (4, 5)
    assert table[0, 0] == 60
    assert table[0, 1] == 20
    assert table[1, 0] == 30
    assert table[1, 1] == 10


def test_large_groups_are_all_shown_and_those_who_did_not_say_never() -> None:
    shown = visible(with_margins(cells(2, 3, 2), 3), 5)
    assert shown[:-1, :-1, :-1].all()
    assert not shown[-1].any()
    assert not shown[:, -1].any()
    assert not shown[:, :, -1].any()


@pytest.mark.parametrize(("people", "expected"), [(4, False), (5, True), (0, True)])
def test_a_group_is_shown_from_the_smallest_allowed_on(people: int, expected: bool) -> None:
    table = np.array([people, 20, 30, 0])
    assert visible(with_margins(table, 1), 5)[1] == expected


@pytest.mark.parametrize(("left", "expected"), [(4, False), (5, True), (0, True)])
def test_a_choice_that_leaves_few_out_is_hidden(left: int, expected: bool) -> None:
    table = np.array([20, left])  # one group, and those who did not say
    assert visible(with_margins(table, 1), 5)[1] == expected


def test_one_filter_is_masked_as_in_the_report() -> None:
    for people in ([4, 5, 32, 75], [1, 2, 3, 50], [4, 60, 70, 80], [5, 5, 5, 5]):
        shown = visible(with_margins(np.array([*people, 0]), 1), 5)
        assert shown[1:-1].tolist() == [not reason for reason in masking(people, 5)]


def test_a_cell_that_protects_another_column_is_protected_in_its_own_row() -> None:
    table = cells(3, 3)
    table[0, 0] = 3
    shown = visible(with_margins(table, 2), 5)[1:4, 1:4]
    hidden = np.argwhere(~shown).tolist()
    assert [0, 0] in hidden
    for axis in (0, 1):
        assert all((~shown).sum(axis=axis) != 1)


def test_a_choice_under_one_that_is_hidden_is_hidden() -> None:
    table = cells(3, 2)
    table[0] = [2, 1, 0]
    shown = visible(with_margins(table, 2), 5)
    assert not shown[1].any()
    assert not shown[2, :].all()


@settings(deadline=None, max_examples=150)
@given(TABLES, st.integers(2, 6))
def test_dropping_filters_from_a_choice_adds_nobody_or_enough(table: np.ndarray, least: int) -> None:
    whole = with_margins(table, 3)
    shown = visible(whole, least)
    for place in product(*(range(size) for size in whole.shape)):
        if not shown[place]:
            continue
        for drop in product((False, True), repeat=3):
            wider = tuple(0 if dropped else at for dropped, at in zip(drop, place, strict=True))
            assert shown[wider]
            assert whole[wider] - whole[place] == 0 or whole[wider] - whole[place] >= least


@settings(deadline=None, max_examples=150)
@given(TABLES, st.integers(2, 6))
def test_what_is_left_of_a_total_is_nobody_or_enough(table: np.ndarray, least: int) -> None:
    """A total less all its groups that are shown, with two filters or more: those who did not say count as hidden."""
    whole = with_margins(table, 3)
    shown = visible(whole, least)
    for axis in range(3):
        for place in product(*(range(size) if n != axis else (0,) for n, size in enumerate(whole.shape))):
            if not shown[place] or not any(place):
                continue
            line = tuple(at if n != axis else slice(1, None) for n, at in enumerate(place))
            people, open_to = whole[line], shown[line]
            secret = people[~open_to & (people > 0)]
            assert not secret.size or secret.sum() >= least or not people[open_to].any()
            if open_to[people > 0].any():
                assert secret.size != 1


def test_nobody_at_all_can_be_shown() -> None:
    assert visible(with_margins(np.zeros((3, 3), dtype=np.int64), 2), 5)[0, 0]


def test_fewer_people_than_the_smallest_group_are_shown_nowhere() -> None:
    assert not visible(with_margins(np.array([[2, 0], [2, 0]]), 2), 5).any()
