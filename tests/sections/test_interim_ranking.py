"""Ranks and consensus of the statements."""

from dataclasses import replace

import pytest
from interim_pieces import pieces_of

from ci_eval.agreement import rwg, tastle_wierman, van_der_eijk
from ci_eval.evidence import Evidence
from ci_eval.report import Table
from ci_eval.sections.interim.what_they_said import consensus


def test_consensus_and_median_are_those_of_the_whole_scale(second: Evidence) -> None:
    frame = second.statements()
    on_scale = second.survey.counts.on_scale[:, 0]
    assert frame["consensus"].tolist() == van_der_eijk(on_scale).tolist()
    assert frame.loc["s06", "median"] == "Agree / Neither agree nor disagree"  # 52 of 104
    assert frame["tastle_wierman"].tolist() == tastle_wierman(on_scale).tolist()
    assert frame["rwg"].tolist() == rwg(on_scale).tolist()


@pytest.mark.parametrize("by", ["share", "sureness", "consensus"])
def test_rank_1_is_the_most(second: Evidence, by: str) -> None:
    table = second.statements()
    assert table.loc[table[f"rank_{by}"] == 1, by].iloc[0] == table[by].max()
    ordered = table.sort_values(f"rank_{by}")[by]
    assert ordered.is_monotonic_decreasing


def test_equals_have_the_same_rank_and_the_next_one_is_left_out(second: Evidence) -> None:
    frame = second.survey.frame
    responses = replace(second.survey.responses, frame=frame.assign(s02=frame["s01"]))
    twin = replace(second, survey=replace(second.survey, responses=responses))
    table = twin.statements()
    assert table.loc[["s01", "s02"], "rank_share"].tolist() == [1, 1]
    assert 2 not in set(table["rank_share"])


def test_a_statement_nobody_answered_has_no_rank(second: Evidence) -> None:
    frame = second.survey.frame
    empty = frame["s03"].cat.remove_categories(frame["s03"].cat.categories)
    responses = replace(second.survey.responses, frame=frame.assign(s03=empty))
    bare = replace(second, survey=replace(second.survey, responses=responses))
    pieces = pieces_of(bare, "what_they_said")
    table = pieces["statements-ranks"]
    assert isinstance(table, Table)
    assert table.frame.loc["s03", ["rank_share", "rank_sureness", "rank_consensus"]].isna().all()
    assert table.frame["rank_share"].max() == 14
    assert "not asked, or answered by nobody or by too few to show" in table.blanks().values()
    assert "s03" not in pieces["consensus"].text


def test_the_sentence_names_the_most_and_the_least_consensus(second: Evidence) -> None:
    frame = second.statements()
    said = consensus(frame)
    assert said.numbers["most"] == frame["consensus"].max()
    assert (
        f"“{frame.loc[frame['consensus'].idxmin(), 'statement']}” (0.29, median Agree / Neither" in said.text
    )
