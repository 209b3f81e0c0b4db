"""Engagements by area of focus, and the outcome that belongs to each (docs/methods.md C4d)."""

from dataclasses import replace

import pytest

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence import ImpactEvidence, open_impact
from ci_eval.evidence.focus_frames import matched
from ci_eval.sections.impact.what_are_the_limits import of_the_engagements


@pytest.fixture(scope="module")
def evidence() -> ImpactEvidence:
    return open_impact("2022-23", exposed=True)[0]


def test_each_engagement_has_the_outcome_of_its_focus(evidence: ImpactEvidence) -> None:
    frame = evidence.engagements().set_index("engagement")
    assert len(frame) == 9
    assert frame.loc["south-ayrshire", "measure"] == "Numeracy (P1, P4 and P7 combined)"
    assert frame.loc["inverclyde", ["measure", "gap"]].tolist() == ["Literacy (P1, P4 and P7 combined)", True]
    assert frame.loc["aberdeenshire", "measure"] == ""  # no published outcome belongs to "data"
    (said,) = of_the_engagements(evidence.engagements())
    assert "what they cost for none" in said.text


def test_the_registers_own_focus_comes_first(evidence: ImpactEvidence) -> None:
    register = evidence.panels.register
    entries = tuple(replace(e, focus="numeracy") if e.engagement == "fife" else e for e in register.entries)
    known = ImpactEvidence(replace(evidence.panels, register=replace(register, entries=entries)))
    fife = known.engagements().set_index("engagement").loc["fife"]
    assert (fife["focus"], fife["measure"]) == ("numeracy", "Numeracy (P1, P4 and P7 combined)")


def test_one_focus_for_all_is_the_planned_comparison_of_those_engagements(evidence: ImpactEvidence) -> None:
    """With islands left out no engagement is joint, and the matched estimate is that of the planned panel."""
    register, islands = evidence.panels.register, "western-isles-orkney-shetland"
    facts = {name: {"focus": "" if name == islands else "primary-attainment"} for name in register.facts}
    found, outcomes = matched(replace(evidence.panels, register=replace(register, facts=facts)))
    panel = evidence.panels.used(evidence.panels.plan.primary)
    alone = panel.without([c for c in evidence.panels.councils.islands if c in panel.units])
    assert found.estimate == pytest.approx(evidence.test(alone)["estimate"])
    assert outcomes == "Literacy (P1, P4 and P7 combined): 8"


def test_without_any_focus_the_row_says_so(evidence: ImpactEvidence) -> None:
    with pytest.raises(Refused, match="0 engagements"):
        matched(replace(evidence.panels, register=replace(evidence.panels.register, facts={})))
