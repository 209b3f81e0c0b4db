"""Groups as they are put together: their shares, their comparisons, and what the sentences say of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from interim_pieces import Piece, pieces_of
from matplotlib.figure import Figure as Canvas

from ci_eval.agreement import compare_groups, holm
from ci_eval.evidence import Evidence
from ci_eval.evidence.group_frames import HINT, MIRRORED, NONE, groups_of
from ci_eval.sections.interim import do_groups_differ


def groups(evidence: Evidence) -> dict[str, Piece]:
    return pieces_of(evidence, "do_groups_differ")


def altered(evidence: Evidence, **columns: object) -> Evidence:
    responses = evidence.survey.responses
    frame = responses.frame.assign(**columns)
    return replace(evidence, survey=replace(evidence.survey, responses=replace(responses, frame=frame)))


def compared(evidence: Evidence, column: str) -> pd.DataFrame:
    """The comparisons of one grouping."""
    rows = cells(evidence, column)
    return rows[rows["p"].notna()]


def cells(evidence: Evidence, column: str) -> pd.DataFrame:
    frame = evidence.groups()
    return frame[frame["grouping"] == column]


TOGETHER = "Smaller organisations together"


def test_in_the_example_most_respondents_are_in_an_organisation_shown_by_name(
    first: Evidence, second: Evidence
) -> None:
    for evidence in (first, second):
        groups = groups_of(evidence.survey, "organisation", 5)
        by_name = sum(groups.people(part) for part in groups.parts if len(part) == 1)
        assert by_name / evidence.survey.received >= 0.85


def test_the_organisations_of_the_equal_partnership_cannot_be_told_apart(first: Evidence) -> None:
    """2021-22: 15 of 129 answered for ADES and Other, and all 15 agreed: 11 and 4 are not to be had."""
    frame = first.groups()
    rows = frame[(frame["grouping"] == "organisation") & (frame["code"] == "s08")].set_index("group")
    assert rows.loc[TOGETHER, ["answered", "agreeing"]].tolist() == [15, 15]
    assert set(rows.index) == {"Education Scotland", "Local authority", TOGETHER}
    responses = first.respondents().set_index("answer")["responses"]
    assert responses[TOGETHER] == 17  # of ADES 11, which is not said, 11 answers for s08 would leave 4
    assert "ADES" not in " ".join(str(cell) for cell in [*responses.index, *frame["group"]])


def test_a_group_is_compared_with_the_others_together(first: Evidence) -> None:
    table = compared(first, "organisation").set_index(["group", "code"])
    row = table.loc[(TOGETHER, "s04")]
    counted = first.survey.counts_by("organisation")
    own, others = [0] * 5, [0] * 5
    for name, given in zip(counted.groups, counted.on_scale[3, :, ::-1], strict=True):
        side = own if name in ("ADES", "Other (please specify)") else others
        side[:] = [a + b for a, b in zip(side, given, strict=True)]
    expected = compare_groups(others, own)
    assert row["superiority"] == pytest.approx(expected.estimate)
    assert row["p"] == pytest.approx(expected.p)
    assert (row["answered"], row["others"]) == (sum(own), sum(others))


def test_p_is_adjusted_for_all_comparisons_of_organisations_and_roles(first: Evidence) -> None:
    frame = first.groups()
    tested = frame[frame["p"].notna()]
    assert set(tested["grouping"]) == {"organisation", "role"}
    assert tested["p_holm"].tolist() == pytest.approx(holm(tested["p"]).tolist())


@pytest.mark.parametrize("column", ["organisation", "role"])
def test_the_permutation_decides_up_to_fifty_people(first: Evidence, column: str) -> None:
    table = compared(first, column)
    small = table[["answered", "others"]].min(axis=1) <= 50
    assert set(table.loc[small, "test"]) == {"studentised permutation"}
    assert set(table.loc[~small, "test"]) <= {"Brunner–Munzel"}


def test_mode_is_described_and_not_tested(first: Evidence) -> None:
    assert compared(first, "mode").empty
    assert set(cells(first, "mode")["evidence"]) == {"not tested"}
    pieces = groups(first)
    assert "described and not tested" in pieces["groups-mode"].text
    assert not {"groups-mode-tests", "groups-mode-tests-table"} & set(pieces)


def test_of_two_groups_there_is_one_comparison(second: Evidence) -> None:
    rows = cells(second, "organisation")
    rows = rows[rows["code"] == "s08"]
    assert rows["evidence"].isin([NONE, HINT]).sum() == 1
    assert rows["evidence"].tolist().count(MIRRORED) == 1


def test_shares_of_groups_are_whole_per_cent(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        frame = evidence.groups()
        for name in ("share", "low", "high"):
            assert frame[name].tolist() == frame[name].round(2).tolist()
        some = frame[(frame["agreeing"] > 0) & (frame["agreeing"] < frame["answered"])]
        assert some["share"].between(0.01, 0.99).all()


def test_no_cell_of_a_table_of_groups_is_empty(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        for key, piece in groups(evidence).items():
            if key.endswith("-table"):
                assert piece.frame[[column.name for column in piece.columns]].notna().all(axis=None), key


def test_a_statement_on_which_nobody_of_a_group_agreed_is_shown_for_the_union(second: Evidence) -> None:
    further = groups(second)["groups-organisation-further-table"].frame
    assert further["group"].tolist() == [
        "Local authority",
        "Education Scotland and smaller organisations together",
    ]
    assert set(further["code"]) == {"s08"}
    assert len(groups(second)["groups-organisation-table"].frame) == 14


def test_separated_groups_are_told_apart_with_evidence(second: Evidence) -> None:
    frame = second.survey.frame
    scotland = frame["organisation"] == "Education Scotland"
    answers = frame["s01"].mask(scotland, "Strongly agree").mask(~scotland, "Agree")
    evidence = altered(second, s01=answers)
    table = compared(evidence, "organisation")
    row = table[(table["code"] == "s01") & (table["group"] == "Education Scotland")].iloc[0]
    assert row["superiority"] == 1.0
    assert row["evidence"] == "more agreement"
    said = groups(evidence)["groups-organisation-tests"]
    assert said.numbers["statements_with_a_difference"] == 1
    assert "on 1 of 15 statements" in said.text or "on one of 15" in said.text
    assert "does not show there is none" not in said.text
    # All of Education Scotland agreed, and it is large enough to be named.
    assert "Education Scotland on “The area of focus" in said.text


def test_without_a_difference_the_sentence_speaks_of_evidence_and_its_reach(second: Evidence) -> None:
    said = groups(second)["groups-organisation-tests"]
    assert said.numbers["statements_with_a_difference"] == 0
    assert said.text.startswith("There is evidence of a difference by organisation on none of 15 statements.")
    assert "That does not show there is none" in said.text
    table = compared(second, "organisation")
    assert set(table["evidence"]) <= {NONE, HINT}
    reach = (table[["superiority_low", "superiority_high"]] - 0.5).abs().max(axis=1)
    assert f"up to {100 * reach.min():.0f} points from that" in said.text


def test_no_sentence_names_a_small_group_of_which_all_or_none_agreed(second: Evidence) -> None:
    frame = second.survey.frame
    inspectors = frame["role"] == "HM Inspector"
    half = np.where(np.arange(len(frame)) % 2, "Agree", "Disagree")
    evidence = altered(second, s01=pd.Series(half, index=frame.index).mask(inspectors, "Agree"))
    said = groups(evidence)["groups-role"]
    assert "a group that is not named 100%" in said.text
    for piece in groups(evidence).values():
        assert "HM Inspector" not in getattr(piece, "text", "") + piece_title(piece)


def piece_title(piece: Piece) -> str:
    return getattr(piece, "title", "") + getattr(piece, "alt", "")


def test_every_group_has_a_column_and_every_share_its_number(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        chart = groups(evidence)["groups-chart"]
        axes = Canvas().subplots()
        chart.draw(axes)
        for column in ("organisation", "role", "mode"):
            rows = cells(evidence, column)
            drawn = chart.frame[chart.frame["grouping"] == column]
            everywhere = rows.groupby("statement")["further"].transform("any")
            assert set(drawn["group"]) == set(rows.loc[~everywhere, "group"])
        numbers = sorted(text.get_text() for text in axes.texts)
        assert numbers == sorted(f"{share * 100:.0f}" for share in chart.frame["share"])


def test_one_grouping_of_the_frame_has_a_chart_of_its_own(second: Evidence) -> None:
    frame = second.groups()
    (chart,) = do_groups_differ.chart(frame[frame["grouping"] == "role"])
    assert set(chart.frame["grouping"]) == {"role"}


def test_of_several_groups_the_table_has_where_each_differs_most(first: Evidence) -> None:
    table, every = groups(first)["groups-role-tests-table"].frame, compared(first, "role")
    assert set(table.index) == set(every.loc[every.groupby("group")["p"].idxmin()].index)


def test_a_statement_that_few_answered_is_not_shown_by_group(second: Evidence) -> None:
    frame = second.survey.frame
    few = frame["s04"].where(frame["s04"].notna().cumsum() <= 30)
    evidence = altered(second, s04=few)
    assert "s04" not in set(evidence.groups()["code"])
    # the groups of the other statements are what they were
    assert set(cells(evidence, "organisation")["group"]) == set(cells(second, "organisation")["group"])
