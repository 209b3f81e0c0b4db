"""Sections of the impact evaluation on the invented levels, whose true effect is known, and on what may be missing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ci_eval.report import Sentence, Table, impact
from ci_eval.report.book import flatten
from ci_eval.report.impact.estimates import all_estimates, table
from ci_eval.report.impact.variations import variations
from ci_eval.runs.opening_impact import open_impact

TRUE_LITERACY, TRUE_NUMERACY = (
    2.0,
    0.0,
)  # built into data/example/levels_invented…: see data/example/README.md


@pytest.fixture(scope="module")
def evidence() -> impact.ImpactEvidence:
    return open_impact("2022-23", exposed=True)[1]


@pytest.fixture(scope="module")
def varied(evidence: impact.ImpactEvidence) -> pd.DataFrame:
    return variations(evidence)


def test_the_interval_of_each_outcome_holds_the_effect_that_was_built_in(
    evidence: impact.ImpactEvidence,
) -> None:
    frame = table(evidence).set_index("outcome")
    literacy = frame.loc["Literacy (P1, P4 and P7 combined)"]
    numeracy = frame.loc["Numeracy (P1, P4 and P7 combined)"]
    assert literacy["low"] < TRUE_LITERACY < literacy["high"]
    assert literacy["low"] > 0
    assert numeracy["low"] < TRUE_NUMERACY < numeracy["high"]
    assert (literacy["exposed"], literacy["controls"]) == (11, 21)


def test_only_secondary_outcomes_are_adjusted(evidence: impact.ImpactEvidence) -> None:
    frame = table(evidence)
    primary, secondary = frame[frame["role"] == "primary"], frame[frame["role"] == "secondary"]
    assert list(primary["p_adjusted"]) == list(primary["p"])
    assert (secondary["p_adjusted"] >= secondary["p"]).all()
    assert np.isclose(secondary["p_adjusted"].min(), min(1.0, secondary["p"].min() * len(secondary)))


def test_no_evidence_never_stands_without_the_smallest_detectable_effect(
    evidence: impact.ImpactEvidence,
) -> None:
    plan = replace(evidence.plan, primary="Numeracy (P1, P4 and P7 combined)")
    nothing = replace(evidence, plan=plan, _panels={})
    said = impact.answer(nothing)[0].text
    assert "no evidence of an effect" in said
    assert "not evidence that there is none" in said or "would have been found in 80%" in said
    assert "caused" not in said


def test_a_finding_is_no_proof_of_an_effect(evidence: impact.ImpactEvidence) -> None:
    said = impact.answer(evidence)[0].text
    assert "no proof of an effect" in said
    assert "+2.4 percentage points" in said


def test_every_variation_of_the_plan_has_its_rows(
    evidence: impact.ImpactEvidence, varied: pd.DataFrame
) -> None:
    frame = varied
    assert set(frame["kind"]) == set(evidence.plan.sensitivity)
    one = frame[frame["kind"] == "leave one out"]
    whole = all_estimates(evidence)[0].result.estimate
    assert one["estimate"].min() <= whole <= one["estimate"].max()
    assert frame.loc[frame["kind"] == "islands out", "exposed"].tolist() == [8]
    assert frame.loc[frame["kind"] == "joint reviews", "exposed"].tolist() == [9]
    bounds = frame[frame["kind"] == "unknown dates"].iloc[0]
    assert bounds["low"] < bounds["high"]
    assert "not an interval" in bounds["note"]


def test_intervals_widen_as_trends_may_depart_further(varied: pd.DataFrame) -> None:
    for kind in ("relative magnitudes", "smoothness"):
        width = (varied["high"] - varied["low"])[varied["kind"] == kind]
        assert width.is_monotonic_increasing, kind


def test_placebos_and_effects_share_one_base_and_the_gap_is_kept(evidence: impact.ImpactEvidence) -> None:
    frame = {piece.key: piece for piece in flatten([impact.over_time(evidence)])}["over-time-table"].frame
    assert list(frame["label"]) == ["2016-17", "2017-18", "2018-19", "2021-22"]
    assert list(frame["number"]) == [2017, 2018, 2019, 2022]
    assert list(frame["placebo"]) == [True, True, True, False]


def test_a_departure_from_the_frozen_plan_is_printed(evidence: impact.ImpactEvidence) -> None:
    as_planned = impact.departures(evidence)
    assert "departs from it in nothing" in as_planned[0].text
    changed = replace(evidence, plan=replace(evidence.plan, smallest_effect=3.0))
    said = flatten([impact.departures(changed)])
    assert "exploratory" in said[0].text
    assert said[1].frame.to_dict("records") == [
        {"key": "reading.smallest_effect", "planned": "1", "now": "3"}
    ]


def test_without_officers_the_section_says_what_is_missing(evidence: impact.ImpactEvidence) -> None:
    (piece,) = impact.spillover(evidence)
    assert piece.level == "missing"


def test_officers_sent_to_earlier_teams_are_counted_among_those_compared_with(
    evidence: impact.ImpactEvidence,
) -> None:
    officers = pd.DataFrame(
        {"gss_code": ["S12000033", "S12000041"], "engagement": ["fife", "fife"], "officers": [2, 1]}
    )
    said = {piece.key: piece for piece in flatten([impact.spillover(replace(evidence, officers=officers))])}
    assert said["spillover"].numbers == {"reached": 2, "controls": 21}
    assert isinstance(said["spillover-table"], Table)
    assert said["spillover-donut"].numbers["controls"] == 19


def test_the_outcomes_of_exposed_years_stay_closed_without_a_frozen_plan() -> None:
    closed = open_impact("2022-23", exposed=False)[1]
    assert max(closed.panel(closed.plan.primary).years.labels) == closed.last_pre_exposure == "2020-21"


def test_keys_are_unique_over_the_sections(evidence: impact.ImpactEvidence) -> None:
    sections = (
        impact.answer, impact.departures, impact.comparison, impact.order, impact.over_time, impact.robust,
        impact.spillover, impact.all_outcomes, impact.detection, impact.what_would_change, impact.evaluation_limits,
        impact.provenance,
    )  # fmt: skip
    keys = [piece.key for section in sections for piece in flatten([section(evidence)])]
    assert len(keys) == len(set(keys))
    assert all(isinstance(piece, Sentence) for piece in flatten([impact.what_would_change(evidence)]))
