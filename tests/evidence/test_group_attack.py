"""An attacker who holds every frame of two periods does not recover how many people a small group is, nor its answers.

She knows which groups there are, the rule, the totals, and solves for whole numbers (`runs.disclosure_attack`).
"""

from dataclasses import replace

import numpy as np
import pytest
from campaigns import campaign, result, size
from small_surveys import NAMES, THRESHOLD, two_periods

from ci_eval.evidence import Evidence, group_frames
from ci_eval.runs.disclosure_attack import GROUPINGS, Attacker, Cell, Released, recovered


def of_evidence(evidence: Evidence) -> Released:
    """What the frames of a period hold: they are what every file is made of."""
    totals, people, groups = evidence.statements(), evidence.respondents(), evidence.groups()
    weights, weighted = evidence.weights(), evidence.weighted()
    return Released(
        evidence.survey.received,
        {
            row["statement"]: (row["answered"], (row["agreeing"], row["agreeing"]))
            for row in totals.to_dict("records")
            if row["answered"] > 0
        },
        [(row["question"], row["answer"], row["responses"]) for row in people.to_dict("records")],
        [Cell.exact(row, row["further"]) for row in groups.to_dict("records")],
        {row["organisation"]: row["weight"] for row in weights.to_dict("records")},
        {row["statement"]: row["weighted_share"] for row in weighted.to_dict("records") if row["answered"]},
    )


def with_later_totals(released: Released, later: Evidence) -> Released:
    """What is released of a period, with what the next period's report says of it."""
    totals = dict(released.totals)
    for row in later.change().to_dict("records"):
        if row["answered_first"] > 0:
            again = (row["answered_first"], (row["agreeing_first"], row["agreeing_first"]))
            assert totals.get(row["statement"], again) == again
            totals[row["statement"]] = again
    return replace(released, totals=totals)


@campaign(6, 1000)
def test_nothing_protected_is_recovered_from_the_frames_of_two_periods(
    second: Evidence, request: pytest.FixtureRequest
) -> None:
    generator = np.random.default_rng(20221129)
    by_name, people = dict.fromkeys(GROUPINGS, 0), 0
    for number in range(size(6, 1000)):
        before, now = two_periods(second, generator)
        first = with_later_totals(of_evidence(before), now)
        for evidence, released in ((before, first), (now, of_evidence(now))):
            assert list(recovered(released, evidence, THRESHOLD)) == [], number
            people += released.received
            for grouping, label, number_of in released.people:
                by_name[grouping] += int(number_of) * (label in NAMES[grouping])
    share = ", ".join(f"{number / people:.0%} by {grouping}" for grouping, number in by_name.items())
    result(request, f"nothing recovered; people shown by name: {share}")
    assert min(by_name.values()) > 0  # safety is not bought by showing nothing


def test_an_attacker_who_can_succeed_does(second: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were every group shown by name, each small one would be read off."""
    monkeypatch.setattr(
        group_frames.small_groups, "put_together", lambda people, _: [(name,) for name in people]
    )
    monkeypatch.setattr(group_frames.small_groups, "for_one_statement", lambda groups, *_: list(groups))
    generator = np.random.default_rng(20221129)
    before, now = two_periods(second, generator)
    assert [*recovered(of_evidence(before), before, THRESHOLD), *recovered(of_evidence(now), now, THRESHOLD)]


def test_the_number_of_other_organisations_would_give_a_small_one_away(second: Evidence) -> None:
    """What the loader noticed counts them: 5 of the 9 people in the smaller organisations leave 4 for ADES."""
    present = ["ADES", "Other (please specify)", "Education Scotland", "Local authority"]
    attack = Attacker(of_evidence(second), "organisation", present, THRESHOLD)
    attack.knows({"n Other (please specify)": 1}, 5, 5)
    assert "organisation: n of 1 smaller groups is 4" in list(attack.recovers())
    attack = Attacker(of_evidence(second), "organisation", present, THRESHOLD)
    assert list(attack.recovers()) == []
