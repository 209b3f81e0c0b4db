"""Who knows the whole rule, and every number of the groups shown by name, does not work out a small group's size.

She writes down every way in which the people, and the answers to each statement, of a union can be spread over its
groups, and keeps those for which the rule puts the same groups together (docs/methods.md, "Small groups").
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from campaigns import campaign, size
from small_surveys import NAMES, THRESHOLD, invented

from ci_eval.evidence import Evidence
from ci_eval.evidence.group_frames import Groups, groups_of, widely_answered
from ci_eval.evidence.period_survey import Survey
from ci_eval.report import small_groups

MOST_PEOPLE, MOST_GROUPS = 16, 3  # of a union that is written down whole
Spread = tuple[int, ...]


def spreads(total: int, most: Sequence[int], least: int) -> Iterator[Spread]:
    """Every way to spread people over groups, each with so many at most and at least."""
    if len(most) == 1:
        if least <= total <= most[0]:
            yield (total,)
        return
    for first in range(least, min(most[0], total) + 1):
        for rest in spreads(total - first, most[1:], least):
            yield (first, *rest)


def smaller(one: Spread, other: Spread) -> Spread:
    return tuple(map(min, one, other))


def possible(people: int, answers: Sequence[int], groups: int, shown: Sequence[int]) -> list[set[Spread]]:
    """Every spread of the people, and of the answers to each statement, that would be released alike."""

    def alike(fewest: Spread) -> bool:
        sizes = tuple(max(1, number) for number in fewest)
        taken = small_groups.how_many(tuple(sorted((*sizes, *shown))), THRESHOLD)
        return taken == groups and (not shown or max(sizes) < min(shown))

    kept: list[set[Spread]] = [set() for _ in range(1 + len(answers))]
    for spread in spreads(people, [people] * groups, 1):
        given = [list(spreads(number, spread, 0)) for number in answers]
        for last in range(len(answers)):
            fewest = {spread}
            for place, every in enumerate(given):
                if place != last:
                    fewest = {smaller(one, other) for one in fewest for other in every}
            fit = {one for one in given[last] if any(alike(smaller(one, other)) for other in fewest)}
            kept[1 + last] |= fit
            if fit:
                kept[0].add(spread)
    return kept


def worked_out(survey: Survey, groups: Groups) -> Iterator[str]:
    """The numbers of a small group, or of its answers, that have one value only."""
    unions = [part for part in groups.parts if len(part) > 1]
    if not unions or len(groups.parts) < 2:
        return
    (union,) = unions
    people = groups.people(union)
    if people > MOST_PEOPLE or len(union) > MOST_GROUPS:
        return
    widely = widely_answered(groups.counts)
    if not widely.any():  # no statement is shown by group
        return
    counted = np.vstack([groups.counts.respondents[None], groups.counts.answered[widely]])
    own = counted[:, [groups.names.index(name) for name in union]]
    shown = [
        max(1, int(counted[:, groups.names.index(part[0])].min())) for part in groups.parts if len(part) == 1
    ]
    kept = possible(people, own[1:].sum(axis=1).tolist(), len(union), shown)
    for truth, alike in zip(own.tolist(), kept, strict=True):
        assert tuple(truth) in alike
        for place, name in enumerate(union):
            if len({one[place] for one in alike}) == 1 and truth[place] < THRESHOLD:
                yield f"{name} is {truth[place]}"


@campaign(25, 1000)
def test_the_rule_itself_gives_no_small_group_away(second: Evidence) -> None:
    generator = np.random.default_rng(5)
    for number in range(size(25, 1000)):
        survey = invented(second.survey, generator)
        for grouping in NAMES:
            assert list(worked_out(survey, groups_of(survey, grouping, THRESHOLD))) == [], number


def test_a_rule_that_takes_one_group_more_would(second: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small groups together, and the next where one would be alone: eight people in two of them are 4 and 4."""

    def as_before(sizes: Spread, threshold: int) -> int:
        few = sum(number < threshold for number in sizes)
        return min(len(sizes), max(few, 2)) if few else 0

    monkeypatch.setattr(small_groups, "how_many", as_before)
    generator = np.random.default_rng(5)
    surveys = (invented(second.survey, generator) for _ in range(40))
    assert any(
        list(worked_out(survey, groups_of(survey, grouping, THRESHOLD)))
        for survey in surveys
        for grouping in NAMES
    )
