"""Sections of the impact evaluation on the invented levels, whose true effect is known, and on what may be missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from impact_pieces import (
    by_key,
    changed,
    of_comparison,
    of_departures,
    of_detection,
    of_order,
    of_outcomes,
    of_spillover,
    of_the_answer,
    of_the_end,
    of_time,
    of_variations,
)

from ci_eval.evidence import ImpactEvidence, open_impact, plan_frames
from ci_eval.impact.analysis_plan import Amendment
from ci_eval.report import Table, formats
from ci_eval.sections.impact import (
    does_it_hold_up,
    what_are_the_limits,
    what_is_the_answer,
    what_of_other_outcomes,
)
from ci_eval.sections.impact.point_differences import p_value

TRUE_LITERACY, TRUE_NUMERACY = (
    2.0,
    0.0,
)  # built into data/example/levels_invented…: see data/example/README.md


@pytest.fixture(scope="module", autouse=True)
def few_simulations() -> Iterator[None]:
    """What is said of power is tested here, not how exactly it was worked out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_frames, "SIMULATIONS", 200)
        patch.setattr(plan_frames, "DRAWS", 199)
        yield


@pytest.fixture(scope="module")
def evidence() -> ImpactEvidence:
    return open_impact("2022-23", exposed=True)[0]


@pytest.fixture(scope="module")
def varied(evidence: ImpactEvidence) -> pd.DataFrame:
    """Every variation, which takes seconds to work out."""
    return evidence.variations()


def test_the_interval_of_each_outcome_holds_the_effect_that_was_built_in(
    evidence: ImpactEvidence,
) -> None:
    frame = evidence.outcomes().set_index("outcome")
    literacy = frame.loc["Literacy (P1, P4 and P7 combined)"]
    numeracy = frame.loc["Numeracy (P1, P4 and P7 combined)"]
    assert literacy["low"] < TRUE_LITERACY < literacy["high"]
    assert literacy["low"] > 0
    assert numeracy["low"] < TRUE_NUMERACY < numeracy["high"]
    assert (literacy["exposed"], literacy["controls"]) == (11, 21)


def test_only_secondary_outcomes_are_adjusted(evidence: ImpactEvidence) -> None:
    frame = evidence.outcomes()
    primary, secondary = frame[frame["role"] == "primary"], frame[frame["role"] == "secondary"]
    assert list(primary["p_adjusted"]) == list(primary["p"])
    assert (secondary["p_adjusted"] >= secondary["p"]).all()
    assert np.isclose(secondary["p_adjusted"].min(), min(1.0, secondary["p"].min() * len(secondary)))


def test_no_evidence_never_stands_without_the_smallest_detectable_effect(
    evidence: ImpactEvidence,
) -> None:
    plan = replace(evidence.panels.plan, primary="Numeracy (P1, P4 and P7 combined)")
    nothing = changed(evidence, plan=plan)
    said = of_the_answer(nothing)["answer"].text
    assert "no evidence of an effect" in said
    assert "not evidence that there is none" in said or "would have been found in 80%" in said
    assert "caused" not in said


def test_what_a_small_effect_is_found_with_is_said_and_not_guessed(
    evidence: ImpactEvidence,
) -> None:
    """Half of the smallest detectable effect is found about every third time, so it is not simply "missed"."""
    plan = replace(evidence.panels.plan, primary="Numeracy (P1, P4 and P7 combined)")
    nothing = changed(evidence, plan=plan)
    chance = nothing.detectable().attrs["realised"]["chance"]
    said = of_the_answer(nothing)["answer"].text
    assert (
        f"{formats.percent(chance, bands=())} of such evaluations would find it, and the others would miss it"
        in said
    )
    assert "more likely than not" not in said


@pytest.mark.parametrize(
    ("high", "worth", "words"),
    [
        (2.455, 1.0, "excludes a rise of 3 percentage points or more"),
        (2.0, 1.0, "excludes a rise of 3 percentage points or more"),  # the end itself is not rejected
        (0.9, 1.0, "excludes a rise of 1.0 percentage points, the smallest effect worth having, or more"),
        (-0.5, 1.0, "the smallest effect worth having"),
        (1.0, 1.0, "excludes a rise of 2 percentage points or more"),
        (np.inf, 1.0, ""),
    ],
)
def test_what_the_interval_excludes_begins_above_its_end(high: float, worth: float, words: str) -> None:
    said = what_is_the_answer.ruled_out(high, worth)
    assert words in said if words else said == ""
    of_a_gap = what_is_the_answer.ruled_out(high, worth, "narrowing")
    assert of_a_gap == said.replace("rise", "narrowing")


def test_forecast_and_years_opened_stand_side_by_side(evidence: ImpactEvidence) -> None:
    frame = evidence.detectable()
    pieces = of_detection(evidence)
    rows = pieces["smallest-table"].frame
    assert rows["smallest"].tolist() == [frame.attrs[kind]["smallest"] for kind in ("forecast", "realised")]
    assert rows["error"][0] > rows["mc_error"][0]
    assert np.isnan(rows["error"][1])
    assert {"power", "realised"} <= set(frame.columns)
    assert "In the years opened it finds one of" in pieces["detectable"].text


@pytest.mark.parametrize(("chance", "by_chance"), [(0.04, True), (0.05, True), (0.06, False)])
def test_an_effect_found_no_more_often_than_by_chance_is_said_so(chance: float, by_chance: bool) -> None:
    power = {"smallest": 8.0, "wanted": 0.8, "chance": chance}
    said = what_is_the_answer.could_be_found({"power": power, "smallest_effect": 1.0, "level": 0.95})
    assert ("no more often than where there is no effect" in said) is by_chance


def test_every_outcome_has_its_interval_and_the_smallest_effect_found(evidence: ImpactEvidence) -> None:
    outcomes = evidence.outcomes()
    assert outcomes["smallest"].iloc[0] == evidence.detectable().attrs["realised"]["smallest"]
    assert (outcomes["smallest"] > 0).all()
    (said,) = what_of_other_outcomes.words(outcomes)
    assert all(name in said.text for name in outcomes.loc[outcomes["role"] == "secondary", "outcome"])
    assert "Of three other outcomes, none is unusual" in said.text
    unusual = what_of_other_outcomes.words(outcomes.assign(p_adjusted=[0.5, 0.05, 0.06, 0.9]))
    assert "Of three other outcomes, 1 is unusual" in unusual[0].text
    assert what_of_other_outcomes.words(evidence.estimate()) == []


def test_the_page_names_what_outcomes_come_from(evidence: ImpactEvidence) -> None:
    course = what_is_the_answer.chart(evidence.panel())
    assert course is not None
    assert course.source == "Invented levels of achievement, this workbook, published on 9 December 2025"


def test_an_estimate_written_as_nought_has_no_sign(varied: pd.DataFrame) -> None:
    nought = varied.assign(estimate=0.04)
    assert does_it_hold_up.words(nought)[0].numbers["same_sign"] == 0
    assert does_it_hold_up.words(varied.assign(estimate=0.06))[0].numbers["same_sign"] > 0


def test_nothing_is_said_to_be_understated_where_nobody_knows_the_sign(evidence: ImpactEvidence) -> None:
    texts = [
        *(piece.text for piece in of_spillover(changed(evidence, officers=None)).values()),
        *(piece.text for piece in of_the_end(evidence).values() if hasattr(piece, "text")),
    ]
    assert not any("understate" in text for text in texts)


def test_the_base_year_and_small_authorities_are_said_with_this_tables_numbers(
    varied: pd.DataFrame,
) -> None:
    pieces = by_key(does_it_hold_up.words(varied), does_it_hold_up.small_authorities(varied))
    base, joint = varied.attrs["base_year"], varied.attrs["joint"]
    assert -0.2 < base["correlation"] < 0
    assert "Those that began low" not in pieces["base-year"].text
    varied.attrs["base_year"] = base | {"correlation": -0.67}
    falling = by_key(does_it_hold_up.words(varied))["base-year"].text
    varied.attrs["base_year"] = base
    assert "Those that began low rose more" in falling
    rows = varied.set_index("kind")
    answer = varied.attrs["estimate"]
    both = rows.loc[["joint reviews", "islands out"], "estimate"]
    assert joint["moved"] == pytest.approx((both - answer).abs().max())
    assert "Na h-Eileanan Siar, Orkney Islands and Shetland Islands" in pieces["small-authorities"].text
    assert {"Roth–Sant’Anna", "Base-year adjusted"} <= set(varied["how"])


def test_bands_for_all_years_are_wider_than_intervals(evidence: ImpactEvidence) -> None:
    frame = evidence.over_time()
    wider = (frame["band_high"] - frame["band_low"]) > (frame["high"] - frame["low"])
    assert wider.all()
    slope, bias = frame.attrs["slope"]
    assert 0 < slope == pytest.approx(bias)  # one year from the base
    assert "with a probability of 80%" in of_time(evidence)["over-time"].text


def test_the_sentence_and_the_table_round_a_p_value_alike() -> None:
    assert p_value(0.8075) == "0.808"
    assert p_value(0.0005) == "0.001"


def test_without_power_the_answer_stands_and_says_so(evidence: ImpactEvidence) -> None:
    """Two collections before exposure tell nothing of how authorities vary."""
    plan = replace(evidence.panels.plan, primary="Numeracy (P1, P4 and P7 combined)")
    late = [
        replace(outcomes, frame=outcomes.frame[outcomes.frame["school_year"] >= "2018-19"])
        for outcomes in evidence.panels.outcomes
    ]
    collected = {
        name: tuple(year for year in years if year >= "2018-19")
        for name, years in evidence.panels.collected.items()
    }
    short = changed(evidence, plan=plan, outcomes=tuple(late), collected=collected)
    said = of_the_answer(short)["answer"]
    assert "what could have been found cannot be worked out" in said.text
    assert said.numbers["smallest_detectable"] is None
    assert of_the_end(short)["what-would-change"].numbers["smallest_detectable"] is None
    assert "the one difference between the same authorities was" in of_time(short)["over-time"].text


def test_a_gap_is_that_of_everybody_with_a_number_in_the_years_it_needs(
    evidence: ImpactEvidence,
) -> None:
    """A gap suppressed in 2016-17 says nothing of the change from 2020-21 to 2021-22."""
    literacy = "Literacy (P1, P4 and P7 combined)"
    (outcomes,) = evidence.panels.outcomes
    frame = outcomes.frame.copy()
    old = frame["school_year"].eq("2016-17") & frame["simd_quintile"].eq("1") & frame["measure"].eq(literacy)
    frame.loc[old & frame["council"].eq("Moray"), ["value", "missing"]] = [np.nan, "suppressed"]
    hidden = changed(evidence, outcomes=(replace(outcomes, frame=frame),))
    row = hidden.outcomes().set_index("outcome").loc[f"{literacy}: gap between quintiles 5 and 1"]
    assert (row["exposed"], row["controls"]) == (8, 21)
    islands = "Na h-Eileanan Siar, Orkney Islands and Shetland Islands"
    assert row["lost"] == islands
    assert f"left out: {islands} ({literacy}: gap" in of_outcomes(hidden)["all-outcomes"].note
    whole = evidence.outcomes().set_index("outcome").loc[row.name]
    assert row["estimate"] == pytest.approx(whole["estimate"])


def test_a_gap_that_nobody_exposed_has_in_a_year_that_is_not_needed_is_still_estimated(
    evidence: ImpactEvidence,
) -> None:
    literacy = "Literacy (P1, P4 and P7 combined)"
    (outcomes,) = evidence.panels.outcomes
    frame, exposure = outcomes.frame.copy(), evidence.panels.exposure(literacy)
    exposed = [unit for unit, first in zip(exposure.units, exposure.first, strict=True) if first == 4]
    old = frame["school_year"].eq("2016-17") & frame["simd_quintile"].eq("1") & frame["measure"].eq(literacy)
    frame.loc[old & frame["gss_code"].isin(exposed), ["value", "missing"]] = [np.nan, "suppressed"]
    hidden = changed(evidence, outcomes=(replace(outcomes, frame=frame),))
    name = f"{literacy}: gap between quintiles 5 and 1"
    row, whole = (one.outcomes().set_index("outcome").loc[name] for one in (hidden, evidence))
    assert (row["estimate"], row["exposed"]) == (pytest.approx(whole["estimate"]), 8)


def test_missing_and_suppressed_numbers_are_counted_beside_the_outcomes(
    evidence: ImpactEvidence,
) -> None:
    pieces = of_outcomes(evidence)
    frame = pieces["missing-table"].frame
    nowhere = frame["school_year"] == "2019-20"
    assert set(frame.loc[nowhere, "missing"]) == {"not collected"}
    assert set(frame.loc[nowhere, "names"]) == {"all authorities"}
    assert set(frame["school_year"]) >= {"2021-22"}
    numbers = pieces["missing"].numbers
    assert numbers["missing"] == frame.loc[~nowhere, "councils"].sum()
    assert 0 < numbers["suppressed"] <= numbers["missing"]
    assert f"{numbers['suppressed']}" in pieces["missing"].text


def test_a_finding_is_no_proof_of_an_effect(evidence: ImpactEvidence) -> None:
    said = of_the_answer(evidence)["answer"].text
    assert "no proof of an effect" in said
    assert "+2.4 percentage points" in said


def test_every_variation_of_the_plan_has_its_rows(evidence: ImpactEvidence, varied: pd.DataFrame) -> None:
    frame = varied
    assert set(frame["kind"]) == set(evidence.panels.plan.sensitivity)
    one = frame[frame["kind"] == "leave one out"]
    whole = evidence.estimate()["estimate"].iloc[0]
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


def test_placebos_and_effects_share_one_base_and_the_gap_is_kept(evidence: ImpactEvidence) -> None:
    frame = of_time(evidence)["over-time-table"].frame
    assert list(frame["label"]) == ["2016-17", "2017-18", "2018-19", "2021-22"]
    assert list(frame["number"]) == [2017, 2018, 2019, 2022]
    assert list(frame["placebo"]) == [True, True, True, False]


def test_a_departure_from_the_frozen_plan_is_printed(evidence: ImpactEvidence) -> None:
    as_planned = of_departures(evidence)
    assert "No setting of this evaluation departs from it" in as_planned["departures"].text
    other = changed(evidence, plan=replace(evidence.panels.plan, smallest_effect=3.0))
    said = of_departures(other)
    assert "One setting of this evaluation departs from it" in said["departures"].text
    assert "exploratory" in said["departures"].text
    assert "it departs from the frozen plan and is exploratory" in of_the_answer(other)["answer"].text
    assert "exploratory" not in of_the_answer(evidence)["answer"].text
    assert said["departures-table"].frame.to_dict("records") == [
        {"key": "reading.smallest_effect", "planned": "1", "now": "3"}
    ]


def test_a_register_changed_after_the_freeze_is_a_warning(evidence: ImpactEvidence) -> None:
    """Who was exposed when decides the estimate, and is no setting of the plan."""
    frozen = replace(evidence.panels.frozen, inputs=(("programme/register.csv", "0" * 64),))
    pieces = of_departures(changed(evidence, frozen=frozen))
    assert "programme/register.csv" in pieces["inputs-changed"].text
    assert "inputs-changed" not in of_departures(evidence)


def test_a_plan_frozen_anew_is_a_warning_on_the_first_page(evidence: ImpactEvidence) -> None:
    earlier = Amendment(date(2022, 1, 1), "0" * 64, date(2022, 2, 1), "typing error", ())
    again = changed(evidence, frozen=replace(evidence.panels.frozen, amendments=(earlier,)))
    assert "frozen anew" in of_the_answer(again)["answer"].text
    said = of_departures(again)["amendment-1"].text
    assert "because: typing error. Changed: wording only." in said


def test_without_officers_the_section_says_what_is_missing(evidence: ImpactEvidence) -> None:
    (piece,) = of_spillover(changed(evidence, officers=None)).values()
    assert piece.level == "missing"
    assert "sent officers" in of_the_end(changed(evidence, officers=None))["what-would-change"].text


def test_officers_sent_to_earlier_teams_are_counted_among_those_compared_with(
    evidence: ImpactEvidence,
) -> None:
    officers = pd.DataFrame(
        {"gss_code": ["S12000033", "S12000041"], "engagement": ["fife", "fife"], "officers": [2, 1]}
    )
    said = of_spillover(changed(evidence, officers=officers))
    assert said["spillover"].numbers == {"reached": 2, "controls": 21}
    assert "sent officers" not in of_the_end(changed(evidence, officers=officers))["what-would-change"].text
    assert isinstance(said["spillover-table"], Table)
    assert said["spillover-donut"].numbers["controls"] == 19


def test_the_outcomes_of_exposed_years_stay_closed_without_a_frozen_plan() -> None:
    closed = open_impact("2022-23", exposed=False)[0]
    assert (
        max(closed.panels.panel(closed.panels.plan.primary).years.labels)
        == closed.panels.last_pre_exposure
        == "2020-21"
    )


def test_keys_are_unique_over_the_sections(evidence: ImpactEvidence) -> None:
    sections = (
        of_the_answer, of_departures, of_comparison, of_order, of_time, of_variations, of_spillover, of_outcomes,
        of_detection, of_the_end,
    )  # fmt: skip
    keys = [key for section in sections for key in section(evidence)]
    assert len(keys) == len(set(keys))


def test_words_still_hold_after_the_evaluator_has_filtered(evidence: ImpactEvidence) -> None:
    """Sections read rows and attrs alone, so a filtered frame needs no evidence beside it."""
    outcomes = evidence.outcomes()
    table = what_of_other_outcomes.table(outcomes[outcomes["role"] == "secondary"], sort="p")
    assert table.frame["p"].is_monotonic_increasing
    panel = evidence.panel()
    one_side = panel[panel["compared_as"] == "exposed"]
    assert what_is_the_answer.chart(one_side) is None
    variations = evidence.variations()
    few = variations[variations["kind"] == "placebo years"]
    assert "0 of 0 variations" in does_it_hold_up.words(few)[0].text


def test_frames_are_releasable_and_a_changed_copy_changes_no_other(evidence: ImpactEvidence) -> None:
    first = evidence.panel()
    first["value"] = 0.0
    assert evidence.panel()["value"].max() > 0
    assert evidence.panel().exact is False


def test_the_panel_marks_what_cannot_be_known(evidence: ImpactEvidence) -> None:
    panel = evidence.panel()
    late = panel[panel["school_year"] == "2022-23"]["exposed"].value_counts()
    assert late.to_dict() == {"yes": 12, "cannot be known": 20}
    assert panel.loc[panel["school_year"] == "2020-21", "exposed"].eq("no").all()
    sides = panel.drop_duplicates("gss_code")["compared_as"].value_counts().to_dict()
    assert sides == {"not yet exposed": 21, "exposed": 11}


def test_a_panel_of_her_own_meets_the_planned_test(evidence: ImpactEvidence) -> None:
    panels = evidence.panels
    own = evidence.test(panels.panel(panels.plan.primary))
    assert own["estimate"] == evidence.estimate()["estimate"].iloc[0]
    assert own["p"] == evidence.estimate()["p"].iloc[0]


def test_evidence_says_what_it_holds_and_what_is_missing(evidence: ImpactEvidence) -> None:
    assert "Missing: officers sent to teams" in repr(changed(evidence, officers=None))
    assert evidence.summary()[0] == "Invented data: made up to try the workbook."


def test_a_gap_can_be_primary_in_words_of_narrowing(evidence: ImpactEvidence) -> None:
    plan = replace(evidence.panels.plan, primary_gap=True, gaps=())
    gap = changed(evidence, plan=plan)
    answer = gap.estimate()
    row = answer.iloc[0]
    as_secondary = evidence.outcomes().set_index("outcome").loc[row["outcome"]]
    assert (row["role"], row["estimate"]) == ("primary", as_secondary["estimate"])
    assert (row["exposed"], row["controls"]) == (8, 21)
    text = of_the_answer(gap)["answer"].text
    size = f"{abs(row['estimate']):.1f} percentage points {'narrower' if row['estimate'] < 0 else 'wider'}"
    assert size in text
    assert "SIMD 2016 from 2016-17 to 2018-19 and SIMD 2020 from 2020-21" in text
    assert "compares years of SIMD 2020 alone" in text
    # Power, placebos, the course and the balance are of the gap too.
    assert gap.over_time().set_index("label").loc["2021-22", "estimate"] == row["estimate"]
    smallest = [one.detectable().attrs["forecast"]["smallest"] for one in (gap, evidence)]
    assert smallest[0] > smallest[1] / 2
    assert gap.variations().query("kind == 'placebo years'")["exposed"].notna().any()
    assert not gap.balance().empty
    assert gap.panel().attrs["gap"]
    assert "plus means wider" in of_outcomes(gap)["all-outcomes"].note or gap.outcomes().shape[0] == 2


def test_the_publishers_own_warnings_are_carried_on_to_the_page(evidence: ImpactEvidence) -> None:
    (outcomes,) = evidence.panels.outcomes
    notes = {
        7: "If making comparisons between Local Authorities\nmind their approach.",
        8: "Disclosure rules apply.",
    }
    warned = replace(outcomes, record=replace(outcomes.record, published_notes=notes))
    records = changed(evidence, outcomes=(warned,)).load_record()
    (said,) = what_are_the_limits.of_the_publisher(records)
    assert "says: “If making comparisons between Local Authorities mind their approach.”" in said.text
