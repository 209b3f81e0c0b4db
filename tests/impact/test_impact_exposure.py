"""Years as positions, exposure, panel and identification map (docs/methods.md C1, C2)."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from impact_cases import five, panel, random_panel

from ci_eval import impact
from ci_eval.agreement.refusals import Refused

OBSERVED = ["2016-17", "2017-18", "2018-19", "2020-21", "2021-22"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2021-22", 2022),
        ("2021/22", 2022),
        ("2021–2022", 2022),
        ("1999-00", 2000),
        (2004.0, 2004),
        ("2004.0", 2004),
    ],
)
def test_years_are_read_however_they_are_written(written, number) -> None:
    assert impact.Years.of([written]).numbers == (number,)


@pytest.mark.parametrize("written", ["2021-23", "2021", 2022.5, None, "June", True, float("nan")])
def test_what_is_not_a_year_is_refused(written) -> None:
    with pytest.raises(Refused):
        impact.Years.of(["2021-22", written])


def test_labels_keep_the_true_year_across_a_gap() -> None:
    years = impact.Years.of(reversed(OBSERVED))
    assert years.labels == tuple(OBSERVED)
    assert years.numbers == (2017, 2018, 2019, 2021, 2022)


CENSUS = {
    "2016-17": (date(2017, 6, 12),) * 2,
    "2017-18": (date(2018, 6, 11),) * 2,
    "2018-19": (date(2019, 6, 10),) * 2,
    "2020-21": (date(2021, 6, 14),) * 2,
    "2021-22": (date(2022, 6, 13),) * 2,
    "2022-23": (date(2023, 6, 12),) * 2,
}


def first_exposed(rule: impact.ExposureRule, earliest: date, latest: date, days=CENSUS) -> list[str]:
    years = impact.Years.of([*OBSERVED, "2022-23"])
    return [
        years.label(int(place)) for place in rule.possible(earliest, latest, True, years, days).nonzero()[0]
    ]


@pytest.mark.parametrize(
    ("day", "months", "label"),
    [
        (date(2022, 6, 12), 0, "2021-22"),
        (date(2022, 6, 13), 0, "2021-22"),  # the day of the census itself
        (date(2022, 6, 14), 0, "2022-23"),
        (date(2022, 3, 13), 3, "2021-22"),
        (date(2022, 3, 14), 3, "2022-23"),
        (date(2021, 11, 30), 3, "2021-22"),  # February has 28 days
        (date(2021, 6, 14), 0, "2020-21"),
        (date(2021, 6, 15), 0, "2021-22"),
        (date(2023, 6, 13), 0, "not by 2022-23"),
        (date(2019, 10, 1), 0, "2020-21"),  # nothing was collected in 2019-20
    ],
)
def test_the_first_collection_after_an_engagement(day, months, label) -> None:
    for assumption in ("between collections", "none"):
        rule = impact.ExposureRule(months_between=months, assumption=assumption)
        assert first_exposed(rule, day, day) == [label]


def test_dates_over_a_census_are_uncertain_unless_that_is_assumed_away() -> None:
    reach = date(2021, 6, 1), date(2022, 6, 30)
    nothing = impact.ExposureRule(assumption="none")
    assert first_exposed(nothing, *reach) == ["2020-21", "2021-22", "2022-23"]
    assert first_exposed(impact.ExposureRule(), *reach) == ["2021-22"]


def test_dates_of_which_no_year_holds_more_than_half_stay_uncertain() -> None:
    # As many days after the census as up to it, and one day more.
    assert len(first_exposed(impact.ExposureRule(), date(2022, 6, 12), date(2022, 6, 15))) == 2
    assert first_exposed(impact.ExposureRule(), date(2022, 6, 12), date(2022, 6, 16)) == ["2022-23"]


def test_the_assumption_is_made_for_engagements_that_took_place_only() -> None:
    years = impact.Years.of([*OBSERVED, "2022-23"])
    reach = date(2022, 6, 1), date(2023, 6, 30)
    planned = impact.ExposureRule().possible(*reach, False, years, CENSUS)
    assert planned.tolist() == [False] * 4 + [True, True, True]


def test_an_outcome_gathered_over_a_year_is_dated_by_its_span() -> None:
    """An engagement within the span touches that year in part: exposed then, or only in the year after."""
    span = {f"{y - 1}-{y % 100:02d}": (date(y - 1, 8, 1), date(y, 7, 31)) for y in range(2017, 2024)}
    march = date(2022, 3, 1)
    assert first_exposed(impact.ExposureRule(), march, march, span) == ["2021-22", "2022-23"]


def test_whom_an_assumption_concerns_is_listed() -> None:
    rows = [
        ("Fife", "fife", date(2021, 6, 1), date(2022, 6, 30), True),
        ("Angus", "angus", date(2022, 3, 1), date(2022, 3, 31), True),
        ("Moray", "moray", date(2021, 6, 1), date(2022, 6, 30), False),
    ]
    held = pd.DataFrame(rows, columns=["unit", "engagement", "earliest", "latest", "took_place"])
    found = impact.assumed(held, CENSUS, impact.ExposureRule())
    assert found.to_numpy().tolist() == [["Fife", "fife", date(2021, 6, 14), date(2022, 6, 13)]]
    assert impact.assumed(held, CENSUS, impact.ExposureRule(assumption="none")).empty


@pytest.mark.parametrize("bad", [{"months_between": -1}, {"assumption": "x"}])
def test_rules_that_cannot_be_are_refused(bad) -> None:
    with pytest.raises(Refused):
        impact.ExposureRule(**bad)


def test_the_map_names_every_cell_once() -> None:
    some = random_panel({2017: 2, 2019: 3, 2021: 2, None: 4}, [2017, 2018, 2019, 2021], seed=1)
    found = impact.identification_map(some.design)
    assert len(found) == 16
    assert not found.duplicated(["cohort", "year"]).any()
    status = found.set_index(["cohort", "year"])["status"]
    assert (status["2017"] == "no year before exposure").all()
    assert status["2019"].to_list() == ["no earlier year", "placebo", "identified", "identified"]
    assert (status["not by 2021"] == "control only").all()
    universal = impact.identification_map(some.design, base="universal").set_index(["cohort", "year"])[
        "status"
    ]
    assert universal["2021"].to_list() == ["placebo", "placebo", "base year", "identified"]


def test_engagements_expose_their_hosts_only_in_school_years_and_known_units() -> None:
    rows = [("Angus", "one", date(2022, 3, 1), date(2022, 3, 31), True)]
    held = pd.DataFrame(rows, columns=["unit", "engagement", "earliest", "latest", "took_place"])
    with pytest.raises(Refused, match="day of collection"):
        impact.exposure_from_engagements(held, ["Angus"], [2021, 2022], CENSUS)
    with pytest.raises(Refused, match="not known for 2023-24"):
        impact.exposure_from_engagements(held, ["Angus"], ["2021-22", "2023-24"], CENSUS)
    with pytest.raises(Refused, match="Angus"):
        impact.exposure_from_engagements(held, ["Fife"], OBSERVED, CENSUS)


def long(some: impact.Panel) -> pd.DataFrame:
    frame = pd.DataFrame(some.outcomes, index=list(some.units), columns=list(some.years.numbers))
    frame = frame.rename_axis("unit").reset_index().melt("unit", var_name="year")
    labels = dict(zip(some.units, some.exposure.first, strict=True))
    first = frame["unit"].map(labels)
    return frame.assign(first=[some.years.numbers[at] if at < len(some.years) else np.nan for at in first])


def test_order_of_rows_labels_and_kinds_of_numbers_change_nothing() -> None:
    some = random_panel({2021: 3, 2023: 4, None: 3}, [2018, 2019, 2021, 2022, 2023], seed=2)
    frame = long(some)
    want = impact.estimate(some, impact.callaway_santanna(some.design))
    renamed = frame.assign(unit=frame["unit"].map({unit: f"x{n}" for n, unit in enumerate(some.units[::-1])}))
    schools = frame.assign(
        year=[f"{year - 1}-{year % 100:02d}" for year in frame["year"]],
        first=[
            None if np.isnan(year) else f"{int(year) - 1}/{int(year) % 100:02d}" for year in frame["first"]
        ],
    )
    variants = [
        frame.sample(frac=1, random_state=1),
        frame.astype({"year": float}),
        frame.assign(year=frame["year"].astype(str)),
        frame.assign(first=frame["first"].fillna(np.inf)),
        renamed,
        schools,
    ]
    for variant in variants:
        found = impact.Panel.from_frame(variant, "first")
        assert impact.estimate(found, impact.callaway_santanna(found.design)) == pytest.approx(
            want, abs=1e-12
        )
        test = impact.permutation_test(
            found, impact.att(found.design, found.years.labels[2], found.years.labels[2])
        )
        assert 0 < test.p <= 1


def test_gaps_in_the_outcome_are_refused_or_left_out_by_name() -> None:
    frame = long(random_panel({2021: 3, None: 3}, [2019, 2021, 2022], seed=3))
    frame = frame[~((frame["unit"] == "2021-0") & (frame["year"] == 2019))]
    with pytest.raises(Refused, match="2021-0, 2019"):
        impact.Panel.from_frame(frame, "first")
    found = impact.Panel.from_frame(frame, "first", incomplete="leave out units")
    assert [(left.what, left.reason) for left in found.left_out] == [("2021-0", "no value in 2019")]
    assert len(found.units) == 5


def test_a_year_nobody_was_observed_in_is_not_a_year() -> None:
    frame = long(random_panel({2021: 3, None: 3}, [2019, 2020, 2021], seed=3))
    frame.loc[frame["year"] == 2020, "value"] = np.nan
    found = impact.Panel.from_frame(frame, "first")
    assert found.years.numbers == (2019, 2021)
    assert found.left_out[0].what == "2020"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: pd.concat([frame, frame.iloc[:1]]), "more than one value"),
        (lambda frame: frame.assign(value=["[c]", *frame["value"].iloc[1:].astype(object)]), "'\\[c\\]'"),
        (lambda frame: frame.assign(value=[np.inf, *frame["value"].iloc[1:]]), "finite number, not inf"),
        (
            lambda frame: frame.assign(first=[2021.0, *frame["first"].iloc[1:-1], 2019.0]),
            "differs between the years",
        ),
        (lambda frame: frame.drop(columns="value"), 'no column "value"'),
        (lambda frame: frame.assign(unit=[None, *frame["unit"].iloc[1:]]), "which unit"),
    ],
)
def test_frames_that_are_not_a_panel_are_refused(change, message) -> None:
    frame = long(random_panel({2021: 2, 2022: 2}, [2019, 2021, 2022], seed=3))
    with pytest.raises(Refused, match=message):
        impact.Panel.from_frame(change(frame), "first")


def test_weights_must_be_positive_and_complete() -> None:
    five_units = five()
    with pytest.raises(Refused, match="positive"):
        five_units.with_weights(dict.fromkeys("ABCDE", 0.0))
    with pytest.raises(Refused, match="No weight is given for E"):
        five_units.with_weights(dict.fromkeys("ABCD", 1.0))


def test_fewer_years_make_later_exposure_not_yet() -> None:
    found = five().in_years([2021, 2022])
    assert found.design.labels == ("2022", "not by 2022")
    assert found.design.size.tolist() == [2, 3]


def test_a_joint_review_can_count_as_one() -> None:
    cohorts = {"A": 2022, "B": 2022, "C": 2022, "D": None, "E": None}
    rows = {"A": [0, 6], "B": [0, 3], "C": [0, 0], "D": [0, 1], "E": [0, 1]}
    some = panel(cohorts, rows, [2021, 2022])
    hosts = replace(some, exposure=replace(some.exposure, joint=("A", "islands", "islands", "D", "E")))
    together, member = hosts.treated_together()
    assert together.units == ("A", "B + C", "D", "E")
    assert member.tolist() == [0, 1, 1, 2, 3]
    assert together.weights.tolist() == [1, 2, 1, 1]
    contrast = impact.callaway_santanna(together.design)
    assert impact.estimate(together, contrast) == pytest.approx(3 - 1)  # as with three hosts
    once = replace(together, weights=np.ones(4))
    assert impact.estimate(once, impact.callaway_santanna(once.design)) == pytest.approx((6 + 1.5) / 2 - 1)
    heavy = hosts.with_weights({"A": 1.0, "B": 3.0, "C": 1.0, "D": 2.0, "E": 2.0})
    both = heavy.treated_together()[0]
    assert both.outcomes[1].tolist() == pytest.approx([0, 9 / 4])
    assert impact.estimate(both, impact.callaway_santanna(both.design)) == pytest.approx(
        impact.estimate(heavy, impact.callaway_santanna(heavy.design))
    )


def test_units_that_can_have_been_exposed_at_different_times_stay_apart() -> None:
    some = panel({"A": 2022, "B": None, "C": None}, {"A": [0, 1], "B": [0, 2], "C": [0, 3]}, [2021, 2022])
    same_name = replace(some, exposure=replace(some.exposure, joint=("one", "one", "two")))
    assert same_name.treated_together()[0].units == ("A", "B", "C")


def test_units_left_out_are_listed() -> None:
    found = five().without(["B"], "an island")
    assert found.units == ("A", "C", "D", "E")
    assert (found.left_out[-1].what, found.left_out[-1].reason) == ("B", "an island")
    with pytest.raises(Refused, match="Z"):
        five().without(["Z"])


def test_units_whose_date_is_not_certain_are_controls_until_then() -> None:
    five_units = five()
    possible = five_units.exposure.possible.copy()
    possible[3] = [False, False, True, True]  # D may be exposed in 2023
    unsure = five_units.with_exposure(replace(five_units.exposure, possible=possible))
    in_2022 = impact.att(unsure.design, 2022, 2022)
    assert impact.estimate(unsure, in_2022) == pytest.approx(3 - 4 / 3)
    assert in_2022.control_units == 3
    in_2023 = impact.att(unsure.design, 2022, 2023)
    assert impact.estimate(unsure, in_2023) == pytest.approx(6 - 0)  # E alone
    assert in_2023.control_units == 1
