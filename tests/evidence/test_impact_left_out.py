"""Who is left out of the planned estimate, and who is not (docs/methods.md C4c), and what dates leave open (C4a)."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ci_eval.evidence import ImpactEvidence, open_impact
from ci_eval.evidence.exposure_dates import date_bounds, dates
from ci_eval.evidence.impact_estimates import PRIMARY, SECONDARY, Planned, estimated
from ci_eval.impact import ExposureRule
from ci_eval.sections.impact import what_is_the_answer, what_of_other_outcomes, who_is_compared

LITERACY, NUMERACY = "Literacy (P1, P4 and P7 combined)", "Numeracy (P1, P4 and P7 combined)"
USED = ("2020-21", "2021-22")


@pytest.fixture(scope="module")
def evidence() -> ImpactEvidence:
    return open_impact("2022-23", exposed=True)[0]


def with_frame(evidence: ImpactEvidence, frame: pd.DataFrame) -> ImpactEvidence:
    (outcomes,) = evidence.panels.outcomes
    return ImpactEvidence(replace(evidence.panels, outcomes=(replace(outcomes, frame=frame),)))


def test_the_primary_and_the_secondary_estimate_of_one_outcome_are_the_same(evidence: ImpactEvidence) -> None:
    for gap in (False, True):
        first, second = (
            estimated(evidence.panels, Planned(LITERACY, role, gap)).result for role in (PRIMARY, SECONDARY)
        )
        assert first is not None
        assert second is not None
        for name in ("estimate", "low", "high", "p", "p_raw", "exposed_units", "control_units"):
            assert getattr(first, name) == getattr(second, name)


@pytest.mark.parametrize("seed", range(3))
def test_blanks_outside_the_years_used_change_nothing(evidence: ImpactEvidence, seed: int) -> None:
    (outcomes,) = evidence.panels.outcomes
    frame, random = outcomes.frame.copy(), np.random.default_rng(seed)
    unused = ~frame["school_year"].isin(USED)
    blank = unused & (random.random(len(frame)) < 0.2)
    gone = unused & (random.random(len(frame)) < 0.1)
    frame.loc[blank, ["value", "missing"]] = [np.nan, "suppressed"]
    for outcome in (Planned(LITERACY, PRIMARY), Planned(NUMERACY, SECONDARY, gap=True)):
        whole = estimated(evidence.panels, outcome).result
        left = estimated(with_frame(evidence, frame[~gone]).panels, outcome).result
        assert whole is not None
        assert left is not None
        assert (left.estimate, left.low, left.high, left.p) == (
            whole.estimate,
            whole.low,
            whole.high,
            whole.p,
        )
        assert (left.exposed_units, left.control_units) == (whole.exposed_units, whole.control_units)


def test_a_blank_in_a_later_year_takes_nobody_out(evidence: ImpactEvidence) -> None:
    (outcomes,) = evidence.panels.outcomes
    frame = outcomes.frame.copy()
    hit = frame["council"].eq("Fife") & frame["school_year"].eq("2022-23") & frame["measure"].eq(LITERACY)
    frame.loc[hit, ["value", "missing"]] = [np.nan, "not collected"]
    blank = with_frame(evidence, frame)
    parts = blank.authorities()["part"].value_counts()
    assert (parts["exposed"], parts["not yet exposed"]) == (11, 21)
    sides = blank.panel().drop_duplicates("gss_code")["compared_as"].value_counts()
    assert (sides["exposed"], sides["not yet exposed"]) == (11, 21)


def test_an_authority_without_any_row_is_named(evidence: ImpactEvidence) -> None:
    (outcomes,) = evidence.panels.outcomes
    without = with_frame(evidence, outcomes.frame[outcomes.frame["council"] != "Fife"])
    row = estimated(without.panels, Planned(LITERACY, PRIMARY))
    assert row.result is not None
    assert row.result.exposed_units == 10
    frame = without.outcomes()
    assert frame.loc[0, "lost"] == "Fife"
    assert "left out: Fife" in what_of_other_outcomes.table(frame).note
    assert without.authorities().set_index("council").loc["Fife", "part"] == "in no comparison"
    said = who_is_compared.words(without.design())[0].text
    assert "Left out of the estimate, for want of a number in a year that it uses: Fife." in said
    assert "Left out" not in who_is_compared.words(evidence.design())[0].text
    missing = without.missing()
    fife = missing[missing["names"] == "Fife"]
    assert set(fife["missing"]) == {"no row"}
    assert set(USED) <= set(fife.loc[fife["outcome"] == LITERACY, "school_year"])


def test_a_time_before_exposure_has_those_with_a_number_in_its_own_years(evidence: ImpactEvidence) -> None:
    (outcomes,) = evidence.panels.outcomes
    frame = outcomes.frame.copy()
    hit = frame["council"].eq("Fife") & frame["school_year"].eq("2017-18")
    frame.loc[hit & frame["measure"].eq(LITERACY), ["value", "missing"]] = [np.nan, "suppressed"]
    times = with_frame(evidence, frame).over_time().set_index("label")
    assert times["exposed"].to_dict() == {"2016-17": 11, "2017-18": 10, "2018-19": 11, "2021-22": 11}
    whole = evidence.over_time().set_index("label")
    others = ["2016-17", "2018-19", "2021-22"]
    bands = ["band_low", "band_high"]  # they hold for all times together
    pd.testing.assert_frame_equal(
        times.drop(columns=bands).loc[others], whole.drop(columns=bands).loc[others]
    )
    assert whole.loc["2021-22", "estimate"] == evidence.estimate()["estimate"].iloc[0]


def test_the_answer_states_what_is_assumed_of_dates_and_the_bounds_without_it(
    evidence: ImpactEvidence,
) -> None:
    text = " ".join(one.text for one in what_is_the_answer.words(evidence.estimate()))
    assumed = "all 11 hosts fell after the census of 14 June 2021 and ended by that of 13 June 2022"
    assert assumed in text
    assert "0 to 12 months after the engagement" in text
    about = dates(evidence.panels)
    low, high = about["bounds"]
    assert low <= evidence.estimate()["estimate"].iloc[0] <= high
    assert "bounds of the estimate, and no interval" in text
    rows = evidence.variations().query("kind == 'unknown dates'")
    assert rows.iloc[0][["low", "high"]].tolist() == [low, high]


def test_the_bounds_are_those_of_every_assignment_tried(evidence: ImpactEvidence) -> None:
    """By hand: each of nine engagements before the base, between, or after; at least one between."""
    panels = evidence.panels
    wide = panels.panel(LITERACY)
    change = (
        wide.outcomes[:, wide.years.position("2021-22")] - wide.outcomes[:, wide.years.position("2020-21")]
    )
    joint = np.array(wide.exposure.joint)
    groups = [np.flatnonzero(joint == name) for name in dict.fromkeys(joint[wide.exposure.first == 4])]
    assert len(groups) == 9
    sure = change[wide.exposure.first > 4]
    best = [np.inf, -np.inf]
    for code in range(3**9):
        roles = [code // 3**place % 3 for place in range(9)]
        hosts = [change[group] for group, role in zip(groups, roles, strict=True) if role == 1]
        if hosts:
            later = [change[group] for group, role in zip(groups, roles, strict=True) if role == 2]
            value = np.concatenate(hosts).mean() - np.concatenate([sure, *later]).mean()
            best = [min(best[0], value), max(best[1], value)]
    found = date_bounds(panels, "2021-22")
    assert found is not None
    assert (found.low, found.high) == pytest.approx(best)


def test_without_the_assumption_the_page_gives_bounds_and_says_why(evidence: ImpactEvidence) -> None:
    plan = replace(evidence.panels.plan, exposure=ExposureRule(assumption="none"))
    bare = ImpactEvidence(replace(evidence.panels, plan=plan))
    words = who_is_compared.words(bare.design())[0].text
    assert "date of exposure not certain" in words
    assert "Over all dates that the register allows" in words
    answer = " ".join(piece.text for piece in what_is_the_answer.words(bare.estimate()))
    assert "Over all dates that the register allows" in answer
