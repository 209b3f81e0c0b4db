"""Sections of the impact evaluation on the invented levels, whose true effect is known, and on what may be missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from ci_eval.evidence.impact_evidence import open_impact
from ci_eval.impact.analysis_plan import Amendment
from ci_eval.report import Sentence, Table
from ci_eval.report.book import flatten
from ci_eval.sections import impact
from ci_eval.sections.impact.does_it_hold_up import variations
from ci_eval.sections.impact.estimates import all_estimates, table
from ci_eval.sections.impact.what_could_be_detected import chance_of_the_smallest, detectable
from ci_eval.sections.impact.what_is_the_answer import p_value

TRUE_LITERACY, TRUE_NUMERACY = (
    2.0,
    0.0,
)  # built into data/example/levels_invented…: see data/example/README.md


@pytest.fixture(scope="module", autouse=True)
def few_simulations() -> Iterator[None]:
    """What is said of power is tested here, not how exactly it was worked out."""
    with pytest.MonkeyPatch.context() as patch:
        module = import_module("ci_eval.sections.impact.what_could_be_detected")
        patch.setattr(module, "SIMULATIONS", 200)
        patch.setattr(module, "DRAWS", 199)
        yield


@pytest.fixture(scope="module")
def evidence() -> impact.ImpactEvidence:
    return open_impact("2022-23", exposed=True)[0]


@pytest.fixture(scope="module")
def varied(evidence: impact.ImpactEvidence) -> pd.DataFrame:
    """Every variation, which takes seconds to work out."""
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
    nothing = replace(evidence, plan=plan)
    said = impact.answer(nothing)[0].text
    assert "no evidence of an effect" in said
    assert "not evidence that there is none" in said or "would have been found in 80%" in said
    assert "caused" not in said


def test_what_a_small_effect_is_found_with_is_said_and_not_guessed(
    evidence: impact.ImpactEvidence,
) -> None:
    """Half of the smallest detectable effect is found about every third time, so it is not simply "missed"."""
    plan = replace(evidence.plan, primary="Numeracy (P1, P4 and P7 combined)")
    nothing = replace(evidence, plan=plan)
    chance = chance_of_the_smallest(nothing, detectable(nothing))
    said = impact.answer(nothing)[0].text
    assert f"would be found in {chance:.0%} of such evaluations" in said
    assert "more likely than not" not in said


def test_the_sentence_and_the_table_round_a_p_value_alike() -> None:
    assert p_value(0.8075) == "0.808"
    assert p_value(0.0005) == "0.001"


def test_without_power_the_answer_stands_and_says_so(evidence: impact.ImpactEvidence) -> None:
    """Two collections before exposure tell nothing of how authorities vary."""
    plan = replace(evidence.plan, primary="Numeracy (P1, P4 and P7 combined)")
    late = [
        replace(outcomes, frame=outcomes.frame[outcomes.frame["school_year"] >= "2018-19"])
        for outcomes in evidence.outcomes
    ]
    collected = {
        name: tuple(year for year in years if year >= "2018-19") for name, years in evidence.collected.items()
    }
    short = replace(evidence, plan=plan, outcomes=tuple(late), collected=collected)
    said = impact.answer(short)[0]
    assert "what could have been found cannot be worked out" in said.text
    assert said.numbers["smallest_detectable"] is None
    assert impact.what_would_change(short)[0].numbers["smallest_detectable"] is None
    assert "the one difference between the same authorities was" in impact.over_time(short)[0].text


def test_a_gap_is_that_of_everybody_with_a_number_in_the_years_it_needs(
    evidence: impact.ImpactEvidence,
) -> None:
    """A gap suppressed in 2016-17 says nothing of the change from 2020-21 to 2021-22."""
    literacy = "Literacy (P1, P4 and P7 combined)"
    (outcomes,) = evidence.outcomes
    frame = outcomes.frame.copy()
    old = frame["school_year"].eq("2016-17") & frame["simd_quintile"].eq("1") & frame["measure"].eq(literacy)
    frame.loc[old & frame["council"].eq("Moray"), ["value", "missing"]] = [np.nan, "suppressed"]
    hidden = replace(evidence, outcomes=(replace(outcomes, frame=frame),))
    row = table(hidden).set_index("outcome").loc[f"{literacy}: gap between quintiles 5 and 1"]
    assert (row["exposed"], row["controls"]) == (8, 21)
    islands = "Na h-Eileanan Siar, Orkney Islands and Shetland Islands"
    assert row["lost"] == islands
    assert f"left out: {islands} ({literacy}: gap" in impact.all_outcomes(hidden)[0].note
    whole = table(evidence).set_index("outcome").loc[row.name]
    assert row["estimate"] == pytest.approx(whole["estimate"])


def test_a_gap_that_nobody_exposed_has_in_a_year_that_is_not_needed_is_still_estimated(
    evidence: impact.ImpactEvidence,
) -> None:
    literacy = "Literacy (P1, P4 and P7 combined)"
    (outcomes,) = evidence.outcomes
    frame, exposure = outcomes.frame.copy(), evidence.exposure(literacy)
    exposed = [unit for unit, first in zip(exposure.units, exposure.first, strict=True) if first == 4]
    old = frame["school_year"].eq("2016-17") & frame["simd_quintile"].eq("1") & frame["measure"].eq(literacy)
    frame.loc[old & frame["gss_code"].isin(exposed), ["value", "missing"]] = [np.nan, "suppressed"]
    hidden = replace(evidence, outcomes=(replace(outcomes, frame=frame),))
    name = f"{literacy}: gap between quintiles 5 and 1"
    row, whole = (table(one).set_index("outcome").loc[name] for one in (hidden, evidence))
    assert (row["estimate"], row["exposed"]) == (pytest.approx(whole["estimate"]), 8)


def test_missing_and_suppressed_numbers_are_counted_beside_the_outcomes(
    evidence: impact.ImpactEvidence,
) -> None:
    pieces = {piece.key: piece for piece in flatten([impact.all_outcomes(evidence)])}
    frame = pieces["missing-table"].frame
    nowhere = frame["school_year"] == "2019-20"
    assert set(frame.loc[nowhere, "missing"]) == {"not collected"}
    assert set(frame.loc[nowhere, "names"]) == {"all authorities"}
    assert set(frame["school_year"]) >= {"2021-22"}
    numbers = pieces["missing"].numbers
    assert numbers["missing"] == frame.loc[~nowhere, "councils"].sum()
    assert 0 < numbers["suppressed"] <= numbers["missing"]
    assert f"{numbers['suppressed']}" in pieces["missing"].text


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
    frame = varied
    for kind in ("relative magnitudes", "smoothness"):
        width = (frame["high"] - frame["low"])[frame["kind"] == kind]
        assert width.is_monotonic_increasing, kind


def test_placebos_and_effects_share_one_base_and_the_gap_is_kept(evidence: impact.ImpactEvidence) -> None:
    frame = {piece.key: piece for piece in flatten([impact.over_time(evidence)])}["over-time-table"].frame
    assert list(frame["label"]) == ["2016-17", "2017-18", "2018-19", "2021-22"]
    assert list(frame["number"]) == [2017, 2018, 2019, 2022]
    assert list(frame["placebo"]) == [True, True, True, False]


def test_a_departure_from_the_frozen_plan_is_printed(evidence: impact.ImpactEvidence) -> None:
    as_planned = impact.departures(evidence)
    assert "No setting of this evaluation departs from it" in as_planned[0].text
    changed = replace(evidence, plan=replace(evidence.plan, smallest_effect=3.0))
    said = flatten([impact.departures(changed)])
    assert "One setting of this evaluation departs from it" in said[0].text
    assert "exploratory" in said[0].text
    assert "it departs from the frozen plan and is exploratory" in impact.answer(changed)[0].text
    assert "exploratory" not in impact.answer(evidence)[0].text
    assert said[1].frame.to_dict("records") == [
        {"key": "reading.smallest_effect", "planned": "1", "now": "3"}
    ]


def test_a_register_changed_after_the_freeze_is_told(evidence: impact.ImpactEvidence) -> None:
    """Who was exposed when decides the estimate, and is no setting of the plan."""
    frozen = replace(evidence.frozen, inputs=(("programme/register.csv", "0" * 64),))
    pieces = {piece.key: piece for piece in impact.departures(replace(evidence, frozen=frozen))}
    assert "programme/register.csv" in pieces["inputs-changed"].text
    assert "inputs-changed" not in {piece.key for piece in impact.departures(evidence)}


def test_a_plan_frozen_anew_is_told_on_the_first_page(evidence: impact.ImpactEvidence) -> None:
    earlier = Amendment(date(2022, 1, 1), "0" * 64, date(2022, 2, 1), "typing error", ())
    again = replace(evidence, frozen=replace(evidence.frozen, amendments=(earlier,)))
    assert "frozen anew" in impact.answer(again)[0].text
    said = flatten([impact.departures(again)])[1].text
    assert "because: typing error. Changed: wording only." in said


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
    assert "sent officers" in impact.what_would_change(evidence)[0].text
    assert "sent officers" not in impact.what_would_change(replace(evidence, officers=officers))[0].text
    assert isinstance(said["spillover-table"], Table)
    assert said["spillover-donut"].numbers["controls"] == 19


def test_the_outcomes_of_exposed_years_stay_closed_without_a_frozen_plan() -> None:
    closed = open_impact("2022-23", exposed=False)[0]
    assert max(closed.panel(closed.plan.primary).years.labels) == closed.last_pre_exposure == "2020-21"


def test_keys_are_unique_over_the_sections(
    evidence: impact.ImpactEvidence, varied: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module(
        "ci_eval.sections.impact.does_it_hold_up"
    )  # the package's function has the same name
    monkeypatch.setattr(module, "variations", lambda _: varied)
    sections = (
        impact.answer, impact.departures, impact.comparison, impact.order, impact.over_time, impact.robust,
        impact.spillover, impact.all_outcomes, impact.detection, impact.what_would_change, impact.evaluation_limits,
        impact.provenance,
    )  # fmt: skip
    keys = [piece.key for section in sections for piece in flatten([section(evidence)])]
    assert len(keys) == len(set(keys))
    assert all(isinstance(piece, Sentence) for piece in flatten([impact.what_would_change(evidence)]))
