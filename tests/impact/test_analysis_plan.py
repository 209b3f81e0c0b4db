"""The analysis plan: what it means in a design, how plans are compared, which years stay closed."""

from dataclasses import replace

import numpy as np
import pytest

from ci_eval import programme
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_panels import exposure_from_register
from ci_eval.impact import Design, ExposureRule, Years, att
from ci_eval.impact.analysis_plan import Departure, ImpactPlan, departures, described

PLAN = ImpactPlan("Does it work?", "Literacy", secondary=("Numeracy",), gaps=("Literacy",))
CENSUS = programme.load_collection_days()["pupil census of levels"]
YEARS = Years.of(["2017-18", "2018-19", "2020-21", "2021-22"])


def _design() -> Design:
    return Design.of(exposure_from_register(programme.load_register(), YEARS, CENSUS, ExposureRule()))


def test_a_plan_differs_from_itself_in_nothing() -> None:
    assert departures(PLAN, replace(PLAN)) == []


def test_every_changed_setting_is_a_departure_in_words() -> None:
    now = replace(PLAN, draws=999, gaps=(), exposure=ExposureRule(months_between=6))
    assert departures(PLAN, now) == [
        Departure("outcomes.gaps", "Literacy", "none"),
        Departure("exposure.months_between", "0", "6"),
        Departure("inference.draws", "1,999", "999"),
    ]


def test_every_field_of_a_plan_is_described() -> None:
    changed = {
        "question": "x", "primary": "x", "primary_gap": True, "estimand": "x", "secondary": ("x",), "gaps": ("x",),
        "estimator": "x", "aggregate": "x", "controls": "x", "base_lag": 9, "cohort": "x", "year": "x",
        "exposure": ExposureRule(trust_plans=True), "weights": "x", "strata": "x", "draws": 9, "seed": 9,
        "level": 0.9, "sensitivity": ("x",), "multiplicity": "x", "no_evidence": "x", "smallest_effect": 9.0,
    }  # fmt: skip
    assert set(changed) == set(ImpactPlan.__dataclass_fields__)
    for name, value in changed.items():
        assert len(departures(PLAN, replace(PLAN, **{name: value}))) == 1, name
    assert next(iter(described(PLAN))) == "question"


def test_measures_are_named_once_the_primary_first() -> None:
    assert PLAN.measures == ("Literacy", "Numeracy")


def test_the_contrast_of_a_cell_is_that_cell() -> None:
    design = _design()
    plan = replace(PLAN, aggregate="cell", cohort="2021-22", year="2021-22", base_lag=2)
    expected = att(design, "2021-22", "2021-22", lag=2)
    np.testing.assert_array_equal(plan.contrast(design).weights, expected.weights)
    assert plan.contrast(design).exposed_units == 11


@pytest.mark.parametrize("estimator", ["Callaway–Sant’Anna", "Borusyak–Jaravel–Spiess", "Sun–Abraham"])
def test_the_contrast_is_the_estimator_planned(estimator: str) -> None:
    assert replace(PLAN, estimator=estimator).contrast(_design()).estimator == estimator


def test_a_cell_that_is_not_named_is_refused() -> None:
    with pytest.raises(Refused, match="does not say which"):
        replace(PLAN, aggregate="cell").contrast(_design())
