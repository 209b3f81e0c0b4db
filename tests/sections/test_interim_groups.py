"""Groups: what is compared, what a masked group may not do, and what the sentence counts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from interim_pieces import Piece, pieces_of

from ci_eval.agreement import holm, superiority
from ci_eval.evidence import Evidence
from ci_eval.evidence.group_frames import MORE, NONE


def groups(evidence: Evidence) -> dict[str, Piece]:
    return pieces_of(evidence, "do_groups_differ")


def altered(evidence: Evidence, **columns: object) -> Evidence:
    responses = evidence.survey.responses
    frame = responses.frame.assign(**columns)
    return replace(evidence, survey=replace(evidence.survey, responses=replace(responses, frame=frame)))


def compared(evidence: Evidence, column: str) -> pd.DataFrame:
    """The comparisons of one grouping."""
    rows = cells(evidence, column)
    return rows[rows["others"].notna()]


def cells(evidence: Evidence, column: str) -> pd.DataFrame:
    frame = evidence.groups()
    return frame[frame["grouping"] == column]


TESTED = [
    "group",
    "statement",
    "answered",
    "others",
    "superiority",
    "p",
    "p_holm",
    "p_all",
    "test",
    "evidence",
]


def test_a_group_is_compared_with_the_other_groups_shown(first: Evidence) -> None:
    table = compared(first, "mode").set_index(["group", "statement"])
    row = table.loc[("In person", "The time spent on the CI process was appropriate")]
    counted = first.survey.counts_by("mode")
    cells = counted.on_scale[3][:, ::-1]  # from least to most agreement
    modes = ["Online", "In person", "A mixture of online and in person"]
    online, person, mixture = (cells[counted.groups.index(mode)] for mode in modes)
    expected = superiority(online + mixture, person)
    assert row["superiority"] == pytest.approx(expected.estimate)
    assert row["p"] == pytest.approx(expected.p)
    assert (row["answered"], row["others"]) == (person.sum(), (online + mixture).sum())


def test_p_is_adjusted_within_the_statements_of_a_group(first: Evidence) -> None:
    table = compared(first, "mode")
    for _, rows in table.groupby("group"):
        assert len(rows) == 15
        assert rows["p_holm"].tolist() == pytest.approx(holm(rows["p"]).tolist())
    assert table["p_all"].tolist() == pytest.approx(holm(table["p"]).tolist())


def test_below_ten_people_the_p_is_that_of_the_permutation(first: Evidence) -> None:
    table = compared(first, "role")
    assert set(table.loc[table[["answered", "others"]].min(axis=1) < 10, "test"]) == {"exact permutation"}
    assert set(table.loc[table[["answered", "others"]].min(axis=1) >= 10, "test"]) == {"Brunner–Munzel"}


def test_of_two_groups_there_is_one_comparison(second: Evidence) -> None:
    table = compared(second, "organisation")
    assert table["group"].unique().tolist() == ["Education Scotland"]
    assert "Between the two groups" in groups(second)["groups-organisation-tests"].text


def test_a_masked_group_enters_no_comparison(second: Evidence) -> None:
    before = compared(second, "organisation")
    frame = second.survey.frame
    small = frame["organisation"].isin(["ADES", "Other (please specify)"])
    changed = {code: frame[code].where(~small, "Strongly disagree") for code in ("s01", "s09", "s15")}
    pd.testing.assert_frame_equal(
        pd.DataFrame(compared(altered(second, **changed), "organisation")[TESTED]),
        pd.DataFrame(before[TESTED]),
    )
    assert set(before["group"]) <= {"Education Scotland", "Local authority"}


def test_a_cell_masked_for_one_statement_enters_that_one_neither_as_group_nor_as_other(
    first: Evidence,
) -> None:
    shown = cells(first, "role")
    masked = shown[shown["share"].isna()]
    table = compared(first, "role")
    assert not masked.empty
    pairs = set(zip(table["group"], table["statement"], strict=True))
    assert not pairs & set(zip(masked["group"], masked["statement"], strict=True))
    for statement, rows in table.groupby("statement"):
        seen = shown[(shown["statement"] == statement) & shown["share"].notna()]["answered"].sum()
        assert (rows["answered"] + rows["others"] == seen).all()


def test_separated_groups_are_told_apart_with_evidence(second: Evidence) -> None:
    frame = second.survey.frame
    scotland = frame["organisation"] == "Education Scotland"
    answers = frame["s01"].mask(scotland, "Strongly agree").mask(~scotland, "Disagree")
    evidence = altered(second, s01=answers)
    table = compared(evidence, "organisation")
    row = table[table["statement"] == second.questionnaire.statements[0].text].iloc[0]
    assert row["superiority"] == 1.0
    assert row["evidence"] == MORE
    said = groups(evidence)["groups-organisation-tests"]
    assert said.numbers["statements_with_a_difference"] == 1
    assert "on 1 of 15 statements: Education Scotland on “The area of focus" in said.text


def test_without_a_difference_the_sentence_speaks_of_evidence_and_its_reach(second: Evidence) -> None:
    said = groups(second)["groups-organisation-tests"]
    assert said.numbers["statements_with_a_difference"] == 0
    assert (
        "there is evidence of a difference by organisation on none of 15 statements. That is not evidence of none"
        in said.text
    )
    table = compared(second, "organisation")
    assert set(table["evidence"]) == {NONE}
    reach = (table[["superiority_low", "superiority_high"]] - 0.5).abs().max(axis=1)
    assert f"up to {reach.min():.2f} from even" in said.text


def test_every_group_shown_has_a_panel_and_no_other(first: Evidence, second: Evidence) -> None:
    for evidence in (first, second):
        pieces = groups(evidence)
        for column in ("organisation", "role", "mode"):
            shown = set(cells(evidence, column)["group"])
            chart = pieces[f"groups-{column}-chart"]
            assert set(chart.frame["group"]) == shown
            assert all(f"{name}: " in chart.alt for name in shown)
    assert "ADES" not in groups(second)["groups-organisation-chart"].alt


def test_of_several_groups_the_table_has_what_stands_out_and_all_that_holds(first: Evidence) -> None:
    for column in ("role", "mode"):
        table = groups(first)[f"groups-{column}-tests-table"].frame
        every = compared(first, column)
        best = every.loc[every.groupby("group")["p"].idxmin()]
        expected = set(best.index) | set(every.index[every["p_holm"] < 0.05])
        assert set(table.index) == expected
        assert set(table["group"]) == set(every["group"])


def test_a_group_that_answers_one_statement_only_is_compared_on_that_one(second: Evidence) -> None:
    frame = second.survey.frame
    online = frame["mode"] == "Online"
    codes = [s.code for s in second.questionnaire.statements[1:]]
    evidence = altered(second, **{code: frame[code].mask(online, np.nan) for code in codes})
    table = compared(evidence, "mode")
    assert len(table[table["group"] == "Online"]) == 1
    assert len(table[table["group"] == "In person"]) == 15
