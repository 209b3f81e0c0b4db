"""Small groups are put together until what is shown leads to nobody, and then shown whole.

Rule: docs/methods.md, "Small groups". What is protected is every set of fewer than a threshold of people defined by what
they said of themselves (organisation, role, mode): how many they are, and how they answered. Hiding cells does not
protect them, because a hidden cell follows from totals, from the threshold itself, or from another table. So a grouping
is made coarser until it is safe, and nothing is left out of it.

The reader is taken to know everything but the answers: the groups that are not shown by name, that each of them holds
somebody, and this very rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

THRESHOLD = 5
UNANIMOUS = 20  # of a smaller group, that all or none agreed tells everybody's answer


def put_together(people: Mapping[str, int], threshold: int = THRESHOLD) -> list[tuple[str, ...]]:
    """The groups of one grouping as they may be shown: each alone, or several as one.

    Groups with fewer people than the threshold are put together, and the next smallest group is put with them, and the
    one after that, until the union holds the threshold and the size of none of its small groups can be worked out.

    Examples
    --------
    >>> put_together({"Education Scotland": 37, "ADES": 11, "Local authority": 77, "Other": 4})
    [('Education Scotland',), ('Local authority',), ('ADES', 'Other')]
    >>> put_together({"North": 3, "South": 5, "East": 5, "West": 40})
    [('West',), ('North', 'South', 'East')]

    Parameters
    ----------
    people : name → how many responded; a group of nobody is in no union, for it holds no one to protect
    threshold : the least number of people that may be shown

    Returns
    -------
    The groups in the order given, the union last, its names in the order given. Where even everybody together is fewer
    than the threshold, or can be worked out, there is one union of all: no grouping is then shown.

    Raises
    ------
    ValueError
        For a number of people that is negative or not whole, or a threshold below 1.
    """
    if threshold < 1 or any(number < 0 or number != int(number) for number in people.values()):
        raise ValueError("people are counted in whole numbers from 0, and the threshold is at least 1")
    present = {name: int(number) for name, number in people.items() if number > 0}
    sizes = sorted(present.values())
    taken = how_many(tuple(sizes), threshold)
    by_size = sorted(present, key=lambda name: (present[name], list(present).index(name)))
    union = set(by_size[:taken])
    alone: list[tuple[str, ...]] = [(name,) for name in present if name not in union]
    return [*alone, tuple(name for name in present if name in union)] if union else alone


def for_one_statement(
    groups: Sequence[tuple[str, ...]],
    answered: Mapping[str, int],
    agreeing: Mapping[str, int],
    threshold: int = THRESHOLD,
) -> list[tuple[str, ...]]:
    """The groups as they may be shown for one statement, which fewer people of a group may have answered.

    A group with fewer answers than the threshold (none included), or with under 20 of which nobody agreed, stands in a
    union with the group next in size, for this statement alone.

    Examples
    --------
    >>> groups = [("Education Scotland",), ("Local authority",), ("ADES", "Other")]
    >>> answered = {"Education Scotland": 30, "Local authority": 70, "ADES": 9, "Other": 3}
    >>> for_one_statement(groups, answered, {"Education Scotland": 20, "Local authority": 50})
    [('Local authority',), ('Education Scotland', 'ADES', 'Other')]

    Parameters
    ----------
    groups : as `put_together` gives them
    answered, agreeing : name → people who answered this statement, and of them those who agreed; none where absent
    threshold : the least number of people that may be shown
    """
    shown = list(groups)
    while len(shown) > 1:
        people = [sum(answered.get(name, 0) for name in group) for group in shown]
        agree = [sum(agreeing.get(name, 0) for name in group) for group in shown]
        small = [
            place
            for place in range(len(shown))
            if people[place] < threshold or (people[place] < UNANIMOUS and agree[place] == 0)
        ]
        if not small:
            break
        least = min(small, key=lambda place: people[place])
        others = [place for place in range(len(shown)) if place != least and people[place] > 0]
        if not others:
            break
        partner = min(others, key=lambda place: people[place])
        union = shown[min(least, partner)] + shown[max(least, partner)]
        shown = [group for place, group in enumerate(shown) if place not in (least, partner)] + [union]
    return shown


def nameable(answered: float, agreeing: float) -> bool:
    """Whether a sentence, a title or a main point may name a group with what it answered.

    Of few people who all agreed, or none, everybody's answer is known. Such a cell stands in its table only, and in the
    work list of those who release.

    Examples
    --------
    >>> nameable(19, 19), nameable(19, 18), nameable(20, 20)
    (False, True, True)
    """
    return answered >= UNANIMOUS or 0 < agreeing < answered


@lru_cache(maxsize=4096)
def how_many(sizes: tuple[int, ...], threshold: int) -> int:
    """How many groups, the smallest first, are put together; 0 where none is small.

    `sizes` in ascending order, none 0. Groups of equal size at the edge of the union are taken together, because which
    of them was taken would otherwise be chance.
    """
    small = sum(size < threshold for size in sizes)
    if not small:
        return 0
    for taken in range(small, len(sizes) + 1):
        if taken < len(sizes) and taken > small and sizes[taken] == sizes[taken - 1]:
            continue
        total = sum(sizes[:taken])
        least = sizes[taken] if taken < len(sizes) else None
        if total >= threshold and not _follows(small, taken, total, least, threshold):
            return taken
    return len(sizes)


@lru_cache(maxsize=65536)
def _follows(small: int, taken: int, total: int, least: int | None, threshold: int) -> bool:
    """Whether the size of a small group follows from what is shown of a union.

    Parameters
    ----------
    small, taken : small groups in the union, and all of its groups
    total : people of the union
    least : size of the smallest group shown by name; None where none is
    """
    sums = {
        small_people
        for small_people, others in _possible(small, taken - small, total, least, threshold)
        if not any(
            _stops(small, small_people, others[:number], others[number], threshold)
            for number in range(len(others))
        )
    }
    if len(sums) > 1:
        return False
    (only,) = sums or {small}
    # One sum is left: of several groups each may still be of more sizes than one.
    return small == 1 or only in (small, small * (threshold - 1)) or only < threshold


def _possible(
    small: int, others: int, total: int, least: int | None, threshold: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every number of people the small groups may hold, with the sizes of the others, ascending."""
    for small_people in range(small, small * (threshold - 1) + 1):
        for sizes in _ascending(others, total - small_people, threshold):
            if least is None or not sizes or sizes[-1] < least:
                yield small_people, sizes


def _ascending(count: int, total: int, least: int) -> Iterator[tuple[int, ...]]:
    """Every way to write `total` as `count` whole numbers from `least` up, in ascending order."""
    if count == 0:
        if total == 0:
            yield ()
        return
    for first in range(least, total // count + 1):
        for rest in _ascending(count - 1, total - first, first):
            yield (first, *rest)


def _stops(small: int, small_people: int, before: Sequence[int], following: int, threshold: int) -> bool:
    """Whether the union would have been closed before the group of size `following` was taken in."""
    if before and before[-1] == following:
        return False
    total = small_people + sum(before)
    return total >= threshold and not _follows(small, small + len(before), total, following, threshold)
