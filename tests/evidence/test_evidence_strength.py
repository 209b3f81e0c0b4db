"""The rating of evidence, by hand: each condition on its threshold and to one side (docs/methods.md C13)."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ci_eval.evidence.evidence_strength import conditions
from ci_eval.sections.impact import how_strong_is_the_evidence

FROZEN = date(2023, 1, 10)


def frame(rows: list[dict[str, object]], **attrs: object) -> pd.DataFrame:
    made = pd.DataFrame(rows)
    made.attrs = attrs
    return made


def variation(low: float, high: float, kind: str = "estimators", sides: int = 10) -> dict[str, object]:
    middle = {"kind": kind, "how": kind, "estimate": (low + high) / 2, "low": low, "high": high}
    return middle | {"exposed": sides, "controls": sides}


def frames(**other: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Frames of which every condition is met, but for those given."""
    answer = [{"estimate": 2.0, "p": 0.01, "exposed": 5, "controls": 5}]
    placebos = [{"placebo": True, "band_low": -1.0, "band_high": 1.0}] * 2
    met = {
        "estimate": frame(answer, level=0.95, dates={"assumed": [], "bounds": None}),
        "detectable": frame([{"effect": 1.0}], smallest_effect=1.0, forecast={}, realised=power(1.0)),
        "balance": frame([{"covariate": "Level"}], p=0.051, level=0.95),
        "over_time": frame([*placebos, {"placebo": False, "band_low": 0.5, "band_high": 3.0}]),
        "variations": frame([variation(0.1, 3.0)]),
        "departures": frame([], **registered()),
    }
    return met | other


def power(smallest: float) -> dict[str, float]:
    return {"smallest": smallest, "wanted": 0.8}


def registered(**other: object) -> dict[str, object]:
    kept = {"frozen_on": FROZEN, "evaluated": [], "amended": 0, "published": [("a.xlsx", FROZEN)]}
    return kept | other


def met(**other: pd.DataFrame) -> dict[str, bool]:
    rated = conditions(**frames(**other))
    return dict(zip(rated["criterion"], rated["met"], strict=True))


def test_five_conditions_met_are_five_points() -> None:
    rated = conditions(**frames())
    assert rated["met"].tolist() == [True] * 5
    (said,) = how_strong_is_the_evidence.words(rated)
    assert said.text.startswith("Strength of evidence: 5 of 5. Met: design, precision")
    assert "Not met" not in said.text
    assert said.numbers == {"points": 5, "of": 5}
    assert len(how_strong_is_the_evidence.table(rated).frame) == 5


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ("Design", {"estimate": frame([{"estimate": 2.0, "p": 0.01, "exposed": 4, "controls": 5}], level=0.95,
                                      dates={"assumed": [], "bounds": None})}),
        ("Design", {"estimate": frame([{"estimate": 2.0, "p": 0.01, "exposed": 5, "controls": 5}], level=0.95,
                                      dates={"assumed": [(5, FROZEN, FROZEN)], "bounds": None})}),
        ("Precision", {"detectable": frame([{"effect": 1.0}], smallest_effect=1.0, forecast={}, realised=power(1.01))}),
        ("Precision", {"detectable": pd.DataFrame()}),
        ("Before exposure", {"balance": frame([{"covariate": "Level"}], p=0.05, level=0.95)}),
        ("Before exposure", {"over_time": frame([{"placebo": True, "band_low": -1.0, "band_high": 1.0}])}),
        ("Before exposure", {"over_time": frame([{"placebo": True, "band_low": 0.1, "band_high": 1.0}] * 2)}),
        ("Before exposure", {"over_time": frame([{"placebo": True, "band_low": np.nan, "band_high": np.nan}] * 2)}),
        ("Sensitivity", {"variations": frame([variation(0.1, 3.0), variation(0.0, 3.0)])}),
        ("Sensitivity", {"variations": frame([variation(-3.0, -0.1)])}),
        ("Sensitivity", {"variations": pd.DataFrame()}),
        ("Sensitivity", {"estimate": frame([{"estimate": 2.0, "p": 0.01, "exposed": 5, "controls": 5}], level=0.95,
                                           dates={"assumed": [], "bounds": (-0.1, 3.0)})}),
        ("Registration", {"departures": frame([], **registered(frozen_on=None))}),
        ("Registration", {"departures": frame([], **registered(amended=1))}),
        ("Registration", {"departures": frame([], **registered(published=[("a.xlsx", date(2023, 1, 9))]))}),
        ("Registration", {"departures": frame([], **registered(published=[("a.xlsx", None)]))}),
        ("Registration", {"departures": frame([{"key": "level"}], **registered())}),
    ],
)  # fmt: skip
def test_a_condition_fails_alone(condition: str, other: dict[str, pd.DataFrame]) -> None:
    assert [name for name, is_met in met(**other).items() if not is_met] == [condition]


def test_small_sides_placebos_and_matched_outcomes_are_other_questions() -> None:
    others = [
        variation(-1.0, 1.0, sides=2),
        variation(-1.0, 1.0, "placebo years"),
        variation(-1, 1, "matched outcome"),
    ]
    assert met(variations=frame([variation(0.1, 3.0), *others]))["Sensitivity"]


def test_no_evidence_is_kept_by_intervals_that_hold_nothing() -> None:
    answer = frame(
        [{"estimate": 0.3, "p": 0.6, "exposed": 5, "controls": 5}],
        level=0.95,
        dates={"assumed": [], "bounds": (-1, 2)},
    )
    assert met(estimate=answer, variations=frame([variation(-1.0, 2.0)]))["Sensitivity"]
    assert not met(estimate=answer, variations=frame([variation(0.1, 2.0)]))["Sensitivity"]
