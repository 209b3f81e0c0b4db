"""Who served on whose team: what the section says of the example, of little, and of nothing."""

from dataclasses import replace

import pandas as pd
import pytest
from interim_pieces import pieces_of

from ci_eval.evidence import Evidence
from ci_eval.programme.network import AUTHORITY, BODY
from ci_eval.sections.interim import who_served_on_whose_team as section


def of(evidence: Evidence, teams: pd.DataFrame | None) -> dict[str, object]:
    return pieces_of(replace(evidence, teams=teams), "who_served_on_whose_team")


def some(evidence: Evidence, rows: "pd.Series[bool]") -> pd.DataFrame:
    kept = evidence.teams[rows].copy()
    kept.attrs = evidence.teams.attrs
    return kept


def test_words_chart_and_tables_count_the_same_links(second: Evidence) -> None:
    said = of(second, second.teams)
    sent = second.teams[second.teams["kind"] == AUTHORITY]
    numbers = said["network"].numbers
    assert (numbers["links"], numbers["officers"]) == (len(sent), sent["officers"].sum())
    assert said["network-joined"].numbers["crossing"] == sent["crosses"].sum()
    assert said["network-links"].frame["links"].sum() == len(
        sent
    )  # no engagement of the example joins collaboratives
    assert f"{sent['crosses'].sum()} of {len(sent)} links" in said["network-links"].title
    assert said["network-growth"].frame["links"].iloc[-1] == len(sent)
    assert said["network-teams"].frame["officers"].sum() == second.teams["officers"].sum()
    assert len(said["network-links"].alt) <= 200
    assert "not counted: the register does not confirm" in said["network"].text


def test_without_the_table_the_page_says_so_and_the_work_list_how_to_supply_it(second: Evidence) -> None:
    said = of(second, None)
    assert [piece.level for piece in said.values()] == ["missing"]
    assert "teams =" not in said["network"].text
    assert "teams =" in repr(replace(second, teams=None))


def test_teams_of_nothing_that_took_place_are_said_to_be_so(second: Evidence) -> None:
    nothing = some(second, second.teams["officers"] < 0)
    assert "no engagement that is known to have taken place" in of(second, nothing)["network"].text


def test_teams_without_another_authority_have_no_chart(second: Evidence) -> None:
    said = of(second, some(second, second.teams["kind"] == BODY))
    assert "officers of 0 of the 32 authorities" in said["network"].text
    assert not {"network-links", "network-joined", "network-exposure"} & set(said)
    assert said["network-teams"].frame["own"].eq("not recorded").all()


@pytest.mark.parametrize("period", ["2021-22", "2022-23"])
def test_words_hold_after_the_evaluator_has_filtered(second: Evidence, period: str) -> None:
    network = second.network()
    part = network[network["period"] == period]
    assert section.words(part)[1].numbers["links"] == (part["kind"] == AUTHORITY).sum()


def test_nobody_is_named_but_organisations(second: Evidence) -> None:
    assert list(second.network().columns[:4]) == ["engagement", "host", "period", "organisation"]
    organisations = {council.short_name for council in second.councils.by_code.values()}
    assert set(second.network()["organisation"]) <= organisations | {
        "Education Scotland",
        "ADES",
        "University",
    }
