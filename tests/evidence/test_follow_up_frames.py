"""Recommendations and questions: a status from what is recorded, a blank never a no, and what moved since."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from ci_eval.evidence import Evidence
from ci_eval.evidence.follow_up_frames import NOTHING
from ci_eval.programme.engagement_facts import FACTS
from ci_eval.sections.interim import teams_and_reports, what_was_recommended
from ci_eval.settings.evaluator_file import Limits


def recording(evidence: Evidence, **facts: dict[str, str]) -> Evidence:
    """The evidence with these facts of engagements and no others."""
    blank = dict.fromkeys(FACTS, "")
    known = {name: blank | facts.get(name.replace("-", "_"), {}) for name in evidence.register.facts}
    return replace(evidence, register=replace(evidence.register, facts=known))


def followed(evidence: Evidence, key: str) -> pd.Series:
    return pd.DataFrame(evidence.recommendations()).set_index("key").loc[key]


YES, NO = {"background_summary": "yes"}, {"background_summary": "no"}


@pytest.mark.parametrize(
    ("facts", "status", "text"),
    [
        ({}, "", ""),
        ({"fife": YES}, "met where recorded", "1 of 1 engagement, 8 not recorded."),
        ({"fife": NO}, "not met where recorded", "0 of 1 engagement, 8 not recorded."),
        ({"fife": YES, "glasgow": NO}, "partly met", "1 of 2 engagements, 7 not recorded."),
    ],
)
def test_what_is_not_recorded_is_never_a_no(
    first: Evidence, facts: dict[str, Any], status: str, text: str
) -> None:
    row = followed(recording(first, **facts), "what-we-know")
    assert (row["status"], row["evidence"]) == (status, text)


def test_a_recommendation_is_met_where_every_engagement_meets_it(first: Evidence) -> None:
    hosted = {name.replace("-", "_"): YES for name in first.register.facts}
    assert followed(recording(first, **hosted), "what-we-know")["status"] == "met"


def test_engagements_of_another_period_do_not_count(second: Evidence) -> None:
    row = followed(recording(second, fife=YES, glasgow=NO, scottish_borders=YES, highland=NO), "what-we-know")
    assert (row["status"], row["evidence"], row["movement"]) == (
        "met",
        "1 of 1 engagement.",
        "1 of 2 met",
    )


def test_a_team_is_held_against_what_was_agreed_and_nothing_else(first: Evidence) -> None:
    evaluator = first.texts.evaluator
    teams = recording(
        first, fife={"team_size": "6"}, glasgow={"team_size": "12"}, inverclyde={"team_size": "13"}
    )
    assert followed(teams, "teams")["evidence"].startswith(
        "2 of 3 teams, 6 not recorded; 6 to 13 people; agreed"
    )
    free = replace(teams, texts=replace(first.texts, evaluator=replace(evaluator, limits=None)))
    row = followed(free, "teams")
    assert (row["status"], row["evidence"]) == ("", "6 to 13 people; no limit is agreed.")


@pytest.mark.parametrize(("value", "meets"), [(5, False), (6, True), (12, True), (13, False)])
def test_a_limit_holds_its_own_ends(value: int, meets: bool) -> None:
    assert Limits("Agreed", 6, 12).meets("team_size", value) is meets
    assert Limits("Agreed", 6, 12).meets("report_weeks", value) is None


def test_an_entered_status_is_that_of_the_periods_end(first: Evidence, second: Evidence) -> None:
    rows = [
        ("guidance", "2022", "under way"),
        ("guidance", "2023-06", "done"),
        ("guidance", "2024", "not taken up"),
    ]
    days = [pd.Timestamp(text).date() for text in ("2022-06-30", "2023-06-30", "2024-12-31")]
    entered = pd.DataFrame(rows, columns=["key", "as_at", "status"]).assign(
        evidence="", next_step="", as_at_day=days
    )
    then = followed(replace(first, progress=entered), "guidance")
    now = followed(replace(second, progress=entered), "guidance")
    assert (then["status"], then["movement"]) == ("under way", "")
    assert (now["status"], now["movement"]) == ("done", "under way")


def test_a_question_without_evidence_says_so(second: Evidence) -> None:
    rows = pd.DataFrame(second.questions()).set_index("key")
    assert rows.loc["governance", "evidence"] == NOTHING
    assert "15% (15 of 100) agreed that the time spent" in rows.loc["resourcing", "evidence"]
    assert "12 of 32 authorities" in rows.loc["scope", "evidence"]
    assert (rows["needed"] != "").all()


def test_without_a_record_the_page_says_that_nothing_is_recorded(second: Evidence) -> None:
    bare = recording(second)
    assert teams_and_reports.chart(bare.engagements(), "team_size") is None
    assert teams_and_reports.checklist(bare.engagements()) is None
    assert (
        "Nothing is recorded of the six recommendations: Guidance, "
        in what_was_recommended.words(bare.recommendations()).text
    )
    table = what_was_recommended.table(bare.recommendations())
    assert table is not None
    assert [column.name for column in table.columns] == ["name", "recommendation"]


def test_the_checklist_counts_every_engagement_once(second: Evidence) -> None:
    frame = second.engagements()
    table = teams_and_reports.checklist(frame)
    assert table is not None
    for side, whole in (("now", 1), ("all", len(frame))):
        sums = table.frame[[f"{side}_{kind}" for kind in ("yes", "no", "blank")]].sum(axis=1)
        assert set(sums) == {whole}


@pytest.mark.parametrize("measure", ["team_size", "report_weeks"])
def test_the_title_of_the_dots_is_what_they_give(second: Evidence, measure: str) -> None:
    frame = second.engagements()
    figure = teams_and_reports.chart(frame, measure)
    assert figure is not None
    given = frame[measure].dropna()
    most = 12 if measure == "team_size" else 8
    least = 6 if measure == "team_size" else 0
    assert f"{int(given.min())} to {int(given.max())} " in figure.title
    assert f"{int(given.between(least, most).sum())} of {len(given)} as agreed" in figure.title
