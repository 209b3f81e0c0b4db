"""One table of other choices (docs/methods.md C5)."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from impact_cases import random_panel

from ci_eval import impact, programme
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_panels import exposure_from_register
from ci_eval.outcomes import Outcomes

YEARS = [2017, 2018, 2019, 2021, 2022]


def some() -> impact.Panel:
    return random_panel({2022: 5, None: 7}, YEARS, seed=3)


def table(panel: impact.Panel, choices: impact.Choices | None = None, **more):
    return impact.variations(panel, impact.callaway_santanna, choices, draws=199, seed=1, **more)


def same_as(row, panel: impact.Panel, estimator=impact.callaway_santanna) -> None:
    found = impact.permutation_test(panel, estimator(panel.design), draws=199, seed=1)
    assert (row.estimate, row.low, row.high, row.p) == (found.estimate, found.low, found.high, found.p)
    assert (row.exposed_units, row.control_units) == (found.exposed_units, found.control_units)


def test_the_main_analysis_comes_first_and_the_ends_of_leaving_one_out_last() -> None:
    panel = some()
    found = table(panel)
    assert found["kind"].tolist() == ["main"] + ["placebo years"] * 3 + ["leave one out"] * 2
    rows = list(found.itertuples())
    same_as(rows[0], panel)
    by_estimate = sorted(
        panel.units,
        key=lambda unit: impact.estimate(
            fewer := panel.without([unit]), impact.callaway_santanna(fewer.design)
        ),
    )
    for row, word, unit in zip(
        rows[4:], ("Smallest", "Largest"), (by_estimate[0], by_estimate[-1]), strict=True
    ):
        assert row.name == f"{word} of 12: Without {unit}"
        same_as(row, panel.without([unit]))
    assert found["note"].eq("").all()


def test_other_estimators_bases_weights_and_islands_each_have_a_row() -> None:
    panel = some()
    weights = {unit: 1.0 + place for place, unit in enumerate(panel.units)}
    lag = partial(impact.callaway_santanna, lag=2)
    chosen = impact.Choices(
        islands=panel.units[:2],
        base_years={"two before": lag},
        estimators={"imputation": impact.borusyak_jaravel_spiess},
        pupil_weights={"pupils": weights},
    )
    rows = {row.kind: row for row in table(panel, chosen).itertuples()}
    same_as(rows["base years"], panel, lag)
    same_as(rows["estimators"], panel, impact.borusyak_jaravel_spiess)
    same_as(rows["pupil weights"], panel.with_weights(weights))
    same_as(rows["islands out"], panel.without(panel.units[:2]))


def test_hosts_of_one_engagement_count_once_in_their_stratum() -> None:
    panel = some()
    joint = ("review", "review", "review", *panel.units[3:])
    panel = replace(panel, exposure=replace(panel.exposure, joint=joint))
    strata = {unit: place % 2 for place, unit in enumerate(panel.units)}
    found = table(panel, strata=strata)
    row = found.iloc[1]
    assert row["kind"] == "joint reviews"
    assert row["exposed_units"] == 3
    means = panel.outcomes[:3].mean(axis=0)
    exposed = np.vstack([means, panel.outcomes[3:5]])
    change = exposed[:, 4] - exposed[:, 3]
    controls = panel.outcomes[5:, 4] - panel.outcomes[5:, 3]
    assert row["estimate"] == pytest.approx(change.mean() - controls.mean())
    same_stratum = dict.fromkeys(panel.units, "all")
    again = table(panel, strata=same_stratum)
    assert again["note"].eq("").all()


def test_placebos_never_look_at_a_year_of_exposure() -> None:
    panel = some()
    spoilt = panel.outcomes.copy()
    spoilt[:, 4] = 1e6 * np.arange(12)
    names, exposed = [], []
    for (name, one), (_, other) in zip(
        impact.placebo_panels(panel), impact.placebo_panels(replace(panel, outcomes=spoilt)), strict=True
    ):
        assert (one.outcomes == other.outcomes).all()
        assert one.years.labels == ("2017", "2018", "2019", "2021")
        names.append(name)
        exposed.append(set(one.exposure.first[:5].tolist()))
        assert set(one.exposure.first[5:].tolist()) == {4}
    assert names == [
        "As if exposed 1 collection earlier, from 2021",
        "As if exposed 2 collections earlier, from 2019",
        "As if exposed 3 collections earlier, from 2018",
    ]
    assert exposed == [{3}, {2}, {1}]
    row = table(panel).iloc[1]
    change = panel.outcomes[:, 3] - panel.outcomes[:, 2]
    assert row["estimate"] == pytest.approx(change[:5].mean() - change[5:].mean())


def test_without_two_years_before_there_is_no_placebo() -> None:
    assert not list(impact.placebo_panels(random_panel({2018: 4, None: 4}, [2017, 2018, 2019], seed=1)))
    assert not list(
        impact.placebo_panels(random_panel({2017: 1, 2018: 4, None: 4}, [2017, 2018, 2019], seed=1))
    )


def test_another_exposure_is_tested_or_bounded() -> None:
    panel = some()
    later = panel.exposure.possible.copy()
    later[:5] = [False, False, False, False, True, True]
    sooner = panel.exposure.possible.copy()
    sooner[:5] = [False, False, False, True, False, False]
    exposures = {
        "a collection earlier": replace(panel.exposure, possible=sooner),
        "3 months": replace(panel.exposure, possible=later),
    }
    found = table(panel, impact.Choices(months_between=exposures))
    assert found["name"].tolist()[:4] == [
        "As planned",
        "a collection earlier",
        "3 months",
        "3 months: bounds of the effect",
    ]
    same_as(list(found.itertuples())[1], panel.with_exposure(exposures["a collection earlier"]))
    assert "cannot be estimated" in found["note"][2] or "No effect" in found["note"][2]
    assert np.isnan(found["estimate"][2])
    assert found["low"][3] < found["high"][3]
    assert np.isnan(found["estimate"][3])
    assert "not an interval" in found["note"][3]
    assert "1 of them the effect cannot be estimated" in found["note"][3]


def test_a_choice_that_is_the_same_comparison_has_no_row_of_its_own() -> None:
    panel = some()
    same = {"Sun–Abraham": impact.sun_abraham, "imputation": impact.borusyak_jaravel_spiess}
    found = table(panel, impact.Choices(estimators=same, months_between={"0 months": panel.exposure}))
    assert found["kind"].unique().tolist() == ["main", "estimators", "placebo years", "leave one out"]
    assert list(found.index) == list(range(len(found)))


def test_units_are_called_by_their_names() -> None:
    panel = some()
    names = {panel.units[0]: "Angus", panel.units[1]: "Fife"}
    joint = ("review", "review", *panel.units[2:])
    panel = replace(panel, exposure=replace(panel.exposure, joint=joint))
    chosen = impact.Choices(islands=panel.units[:2])
    found = table(panel, chosen, names=names)["name"].tolist()
    assert found[1:3] == ["Without Angus, Fife", "Counted once: Angus + Fife"]
    ends = {"Angus", "Fife", *panel.units[2:]}
    assert all(name.split("Without ")[1] in ends for name in found[-2:])


def test_the_published_levels_go_through_every_choice(published: Outcomes) -> None:
    frame = published.frame.dropna(subset="value")
    register = programme.load_register()
    census = programme.load_collection_days()["pupil census of levels"]
    chosen = (frame["measure"] == "Literacy (P1, P4 and P7 combined)") & (frame["simd_quintile"] == "all")
    chosen &= frame["gss_code"].isin(list(register.councils.by_code)) & (frame["school_year"] <= "2021-22")
    frame = frame[chosen]
    years = impact.Years.of(frame["school_year"])
    exposure = exposure_from_register(register, years, census, impact.ExposureRule())
    panel = impact.Panel.from_frame(frame, exposure, unit="gss_code", year="school_year")
    later = exposure_from_register(register, panel.years, census, impact.ExposureRule(months_between=3))
    islands = tuple(register.councils.find(name) for name in ("Na h-Eileanan Siar", "Orkney", "Shetland"))
    names = dict(zip(register.councils.table.index, register.councils.table["name"], strict=True))
    choices = impact.Choices(islands=islands, months_between={"3 months": later})
    found = table(panel, choices, names=names)
    assert found["kind"].value_counts().to_dict() == {
        "main": 1,
        "islands out": 1,
        "joint reviews": 1,
        "months between": 2,
        "placebo years": 3,
        "leave one out": 2,
    }
    rows = found.set_index("kind")
    hosts = panel.design.exposed[panel.groups][:, -1]
    change = panel.outcomes[:, -1] - panel.outcomes[:, -2]
    assert rows.loc["main", "estimate"] == pytest.approx(change[hosts].mean() - change[~hosts].mean())
    assert (rows.loc["main", "exposed_units"], rows.loc["main", "control_units"]) == (11, 21)
    assert rows.loc["islands out", "exposed_units"] == 8
    assert rows.loc["joint reviews", "exposed_units"] == 9
    assert "512 assignments" in rows.loc["months between", "note"].iloc[1]
    coefficients = impact.EventCoefficients.of(panel)
    assert coefficients.position.tolist() == [-4, -3, -2, 1]
    smooth = impact.smoothness(coefficients, [0.5])
    assert smooth["low"][0] < rows.loc["main", "estimate"] < smooth["high"][0]


def test_what_cannot_be_estimated_is_a_row_with_its_reason() -> None:
    panel = random_panel({2022: 2, None: 7}, YEARS, seed=3)
    found = table(panel)
    first = found[found["kind"] == "leave one out"].iloc[0]
    assert np.isnan(first["estimate"])
    assert "one unit" in first["note"]
    with pytest.raises(Refused, match="Atlantis"):
        table(panel, impact.Choices(islands=("Atlantis",)))
