"""Small groups are put together so that nobody's group, or its size, follows from what is shown."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest

from ci_eval.report.small_groups import UNANIMOUS, for_one_statement, put_together

Sizes = tuple[int, ...]


def released(sizes: Sizes, threshold: int) -> tuple[tuple[Sizes, int], ...]:
    """What a reader sees of groups of these sizes: which stand together, and how many people they are."""
    groups = put_together({str(place): size for place, size in enumerate(sizes)}, threshold)
    places = [tuple(int(name) for name in group) for group in groups]
    return tuple(sorted((group, sum(sizes[place] for place in group)) for group in places))


def worked_out(groups: int, largest: int, threshold: int) -> Iterator[tuple[object, Sizes]]:
    """Sets of fewer people than the threshold whose size follows from what is shown, over every survey there can be.

    The attacker lists every survey that would be shown in the same way. Unions of more people than `largest` are left
    out, because some of these surveys would be missing from the list.
    """
    alike = defaultdict(list)
    for sizes in product(range(1, largest + 1), repeat=groups):
        alike[released(sizes, threshold)].append(sizes)
    for seen, surveys in alike.items():
        for group, people in seen:
            if len(group) < 2 or len(seen) < 2 or people > largest:
                continue
            for number in range(1, len(group)):
                for part in combinations(group, number):
                    possible = {sum(sizes[place] for place in part) for sizes in surveys}
                    if len(possible) == 1 and min(possible) < threshold:
                        yield seen, part


@pytest.mark.parametrize(
    ("groups", "largest", "threshold"), [(2, 30, 5), (3, 16, 5), (4, 10, 5), (5, 6, 3), (3, 20, 7), (4, 8, 2)]
)
def test_no_small_group_follows_from_what_is_shown(groups, largest, threshold) -> None:
    assert list(worked_out(groups, largest, threshold)) == []


def test_an_attacker_who_can_succeed_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The partner alone does not protect: 3 and 5 beside a group of 5."""

    def as_before(people, threshold):
        small = [name for name, size in people.items() if size < threshold]
        rest = sorted((size, name) for name, size in people.items() if size >= threshold)
        union = (*small, *(name for _, name in rest[: len(small) == 1]))
        return [*((name,) for name in people if name not in union), *([union] if union else [])]

    monkeypatch.setattr(f"{__name__}.put_together", as_before)
    assert list(worked_out(3, 12, 5))


@pytest.mark.parametrize(
    ("people", "threshold", "expected"),
    [
        ({"a": 5, "b": 5}, 5, [("a",), ("b",)]),
        ({"a": 4, "b": 60, "c": 40}, 5, [("b",), ("a", "c")]),
        ({"a": 4, "b": 4, "c": 60, "d": 40}, 5, [("c",), ("a", "b", "d")]),
        ({"a": 3, "b": 5, "c": 5, "d": 40}, 5, [("d",), ("a", "b", "c")]),
        ({"ES": 37, "ADES": 11, "LA": 77, "Other": 4}, 5, [("ES",), ("LA",), ("ADES", "Other")]),
        ({"a": 1, "b": 2}, 5, [("a", "b")]),
        ({"a": 0, "b": 7}, 5, [("b",)]),
        ({}, 5, []),
    ],
)
def test_groups_are_put_together_by_size(people, threshold, expected) -> None:
    assert put_together(people, threshold) == expected


def test_nobody_is_lost_and_nobody_stands_twice() -> None:
    generator = np.random.default_rng(5)
    for _ in range(500):
        people = {str(place): int(size) for place, size in enumerate(generator.geometric(0.15, 6) - 1)}
        groups = put_together(people)
        names = [name for group in groups for name in group]
        assert sorted(names) == sorted(name for name, size in people.items() if size)
        total = sum(people.values())
        assert all(sum(people[name] for name in group) >= min(5, total) for group in groups)


@pytest.mark.parametrize("people", [{"a": -1}, {"a": 1.5}])
def test_what_is_no_number_of_people_is_refused(people) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        put_together(people)


@pytest.mark.parametrize(
    ("answered", "agreeing", "expected"),
    [
        ({"a": 5, "b": 30, "c": 60}, {"a": 1, "b": 9, "c": 9}, [("a",), ("b",), ("c",)]),
        ({"a": 4, "b": 30, "c": 60}, {"a": 1, "b": 9, "c": 9}, [("c",), ("a", "b")]),
        ({"a": UNANIMOUS - 1, "b": 30, "c": 60}, {"b": 9, "c": 9}, [("c",), ("a", "b")]),
        ({"a": UNANIMOUS, "b": 30, "c": 60}, {"b": 9, "c": 9}, [("a",), ("b",), ("c",)]),
        ({"a": 0, "b": 30, "c": 60}, {"b": 9, "c": 9}, [("c",), ("a", "b")]),
        ({"a": 2, "b": 2, "c": 60}, {"c": 9}, [("a", "b", "c")]),
        ({}, {}, [("a",), ("b",), ("c",)]),
    ],
)
def test_a_statement_few_of_a_group_answered_has_coarser_groups(answered, agreeing, expected) -> None:
    found = for_one_statement([("a",), ("b",), ("c",)], answered, agreeing)
    assert sorted(tuple(sorted(group)) for group in found) == sorted(expected)
