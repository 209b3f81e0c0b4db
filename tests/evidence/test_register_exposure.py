"""Who was exposed when by the real register of engagements (docs/methods.md C1)."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ci_eval import impact, programme
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_panels import exposure_from_register, last_pre_exposure
from ci_eval.impact.analysis_plan import ImpactPlan

OBSERVED = ["2016-17", "2017-18", "2018-19", "2020-21", "2021-22"]
LATER = [*OBSERVED, "2022-23", "2023-24"]
CENSUS = programme.load_collection_days()["pupil census of levels"]
HOSTS_2021_22 = {
    "South Ayrshire", "Fife", "Perth and Kinross", "Inverclyde", "Clackmannanshire", "Aberdeenshire",
    "East Renfrewshire", "Glasgow City", "Na h-Eileanan Siar", "Orkney Islands", "Shetland Islands",
}  # fmt: skip


@pytest.fixture(scope="module")
def register():
    return programme.load_register()


def exposed(register, years: list[str], rule: impact.ExposureRule | None = None) -> impact.Exposure:
    return exposure_from_register(register, impact.Years.of(years), CENSUS, rule or impact.ExposureRule())


def by_name(register, exposure: impact.Exposure) -> pd.DataFrame:
    frame = exposure.frame()
    return frame.set_index(frame["unit"].map(register.councils.short_name))


def test_all_eleven_hosts_are_first_exposed_in_2021_22_and_no_one_else(register) -> None:
    found = by_name(register, exposed(register, OBSERVED))
    assert set(found.index[found["exposed"] == "2021-22"]) == HOSTS_2021_22
    others = found.drop(index=list(HOSTS_2021_22))
    assert len(others) == 21
    assert (others["not_yet_until"] == "2021-22").all()
    assert found["certain"].all()


def test_with_the_true_census_days_no_host_is_certain_without_an_assumption(register) -> None:
    nothing = impact.ExposureRule(assumption="none")
    found = by_name(register, exposed(register, LATER, nothing))
    assert (found.loc[sorted(HOSTS_2021_22), "exposed"] == "2020-21 or 2021-22 or 2022-23").all()
    design = impact.Design.of(exposed(register, OBSERVED, nothing))
    with pytest.raises(Refused, match="date of exposure not certain"):
        impact.callaway_santanna(design)


def test_the_plan_closes_the_years_that_its_assumption_calls_exposed(register) -> None:
    plan = ImpactPlan("Does it work?", "Literacy")
    without = replace(plan, exposure=impact.ExposureRule(assumption="none"))
    later = replace(plan, exposure=impact.ExposureRule(months_between=12))
    assert last_pre_exposure(plan, register, [CENSUS]) == "2020-21"
    assert last_pre_exposure(later, register, [CENSUS]) == "2020-21"
    assert last_pre_exposure(without, register, [CENSUS]) == "2019-20"


def test_dates_not_known_are_sets_in_later_years(register) -> None:
    found = by_name(register, exposed(register, LATER))
    assert found.loc["Scottish Borders", "exposed"] == "2022-23"  # August 2022, took place
    assert found.loc["Highland", "exposed"] == "2022-23 or 2023-24 or not by 2023-24"  # only planned
    assert found.loc["Angus", "exposed"] == "2022-23 or 2023-24 or not by 2023-24"
    assert found["certain"].sum() == 12
    assert (found["not_yet_until"].drop(index=list(HOSTS_2021_22)) == "2021-22").all()


def test_plans_can_be_trusted(register) -> None:
    rule = impact.ExposureRule(trust_plans=True)
    found = by_name(register, exposed(register, [*LATER, "2024-25"], rule))
    assert found.loc["Highland", "exposed"] == "2022-23"
    assert found.loc["Angus", "exposed"] == "2022-23 or 2023-24 or 2024-25"  # plan to the end of 2024


def test_months_between_turn_a_period_into_a_set(register) -> None:
    rule = impact.ExposureRule(months_between=3)
    found = by_name(register, exposed(register, LATER, rule))
    assert (found.loc[sorted(HOSTS_2021_22), "exposed"] == "2021-22 or 2022-23").all()
    assert found.loc["Orkney Islands", "joint"] == found.loc["Shetland Islands", "joint"]


def test_a_council_without_any_engagement_may_be_exposed_at_any_time(register) -> None:
    entries = tuple(entry for entry in register.entries if entry.engagement != "angus")
    found = by_name(register, exposed(replace(register, entries=entries), OBSERVED))
    assert found.loc["Angus", "exposed"] == "2021-22 or not by 2021-22"


def test_of_two_engagements_the_earlier_counts(register) -> None:
    angus = next(entry for entry in register.entries if entry.engagement == "angus")
    again = replace(angus, engagement="again", earliest=date(2022, 3, 1), latest=date(2022, 3, 31))
    again = replace(again, status="took place")
    for entries in ((*register.entries, again), (again, *register.entries)):
        found = by_name(register, exposed(replace(register, entries=entries), LATER))
        assert found.loc["Angus", "exposed"] == "2021-22"
    # Two that are not certain: the earlier possible years of either remain possible.
    plan = replace(again, status="planned", earliest=date(2023, 1, 1), latest=date(2023, 1, 31))
    entries = (plan, *(entry for entry in register.entries if entry.engagement != "angus"), angus)
    found = by_name(register, exposed(replace(register, entries=entries), LATER))
    assert found.loc["Angus", "exposed"] == "2022-23 or 2023-24 or not by 2023-24"


def test_the_map_of_the_real_register(register) -> None:
    design = impact.Design.of(exposed(register, LATER))
    found = impact.identification_map(design).set_index(["cohort", "year"])
    assert found.index[found["status"] == "identified"].to_list() == [("2021-22", "2021-22")]
    cell = found.loc[("2021-22", "2021-22")]
    assert (cell["units"], cell["controls"], cell["base"], cell["gap"]) == (11, 21, "2020-21", 1)
    assert found.loc[("2021-22", "2020-21"), "gap"] == 2
    assert found.loc[("2021-22", "2022-23"), "status"] == "nobody certainly not yet exposed"
    assert found.loc[("2022-23 or later", "2022-23"), "status"] == "date of exposure not certain"
    with pytest.raises(Refused, match="nobody certainly not yet exposed"):
        impact.att(design, "2021-22", "2022-23")


def test_the_register_bounds_the_second_year_of_the_first_hosts() -> None:
    years = ["2018-19", "2020-21", "2021-22", "2022-23"]
    exposure = exposed(programme.load_register(), years)
    outcomes = np.random.default_rng(1).normal(size=(32, 4))
    some = impact.Panel(exposure, outcomes, np.ones(32))
    found = impact.cell_bounds(some, "2021-22", "2022-23")
    # Any of the 20 authorities whose date is not certain may be the only control.
    first = exposure.first == 2
    change = outcomes[:, 3] - outcomes[:, 1]
    others = change[~exposure.certain]
    assert len(others) == 20
    assert found.low == pytest.approx(change[first].mean() - others.max())
    assert found.high == pytest.approx(change[first].mean() - others.min())
    assert found.assignments == 2**20
