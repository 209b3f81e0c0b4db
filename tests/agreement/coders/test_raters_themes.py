"""Themes given to comments by several coders: agreement by theme, disputes, and what may be reported."""

import numpy as np
import pandas as pd
import pytest

from ci_eval.agreement.coders import (
    brennan_prediger,
    gwet_ac1,
    krippendorff_alpha,
    theme_agreement,
    theme_shares,
)
from ci_eval.agreement.refusals import Refused

CODEBOOK = ["attainment", "inclusion", "quality"]


def coding(*rows):
    return pd.DataFrame(rows, columns=["id", "column", "coder", "themes"])


FIVE = coding(
    ("r1", "comment", "Ann", "inclusion; attainment"),
    ("r1", "comment", "Bob", "inclusion"),
    ("r2", "comment", "Ann", ""),
    ("r2", "comment", "Bob", None),
    ("r3", "improve", "Ann", "attainment"),
    ("r3", "improve", "Bob", "attainment"),
    ("r4", "comment", "Ann", "inclusion"),
    ("r5", "comment", "Ann", "attainment"),
    ("r5", "comment", "Bob", "attainment;inclusion"),
)


def test_each_theme_is_measured_over_the_comments_two_have_coded():
    table = theme_agreement(FIVE, CODEBOOK).table.set_index("theme")
    # attainment in r1 r2 r3 r5: yes no, no no, yes yes, yes yes
    ratings = [[1, 0], [0, 0], [1, 1], [1, 1]]

    row = table.loc["attainment"]
    assert (row["comments"], row["given"], row["disputed"]) == (4, 2, 1)
    assert row["percent_agreement"] == 0.75
    for name, function in (
        ("alpha", krippendorff_alpha),
        ("ac1", gwet_ac1),
        ("brennan_prediger", brennan_prediger),
    ):
        found = function(ratings, categories=[0, 1])
        assert (row[name], row[f"{name}_low"], row[f"{name}_high"]) == (
            found.coefficient,
            found.low,
            found.high,
        )


def test_a_theme_nobody_gave_has_no_alpha_and_says_so():
    row = theme_agreement(FIVE, CODEBOOK).table.set_index("theme").loc["quality"]

    assert np.isnan(row["alpha"])
    assert (row["percent_agreement"], row["ac1"], row["brennan_prediger"]) == (1, 1, 1)
    assert row["note"].startswith(
        "alpha: no variation, nobody gave it to any comment; percent agreement is 100%"
    )


def test_a_theme_every_comment_was_given_has_no_alpha_and_says_so():
    frame = coding(("r1", "comment", "Ann", "x"), ("r1", "comment", "Bob", "x"))

    assert "every coder gave it to every comment" in theme_agreement(frame).table.loc[0, "note"]


def test_the_codes_are_those_all_agree_on():
    agreement = theme_agreement(FIVE, CODEBOOK)
    codes = agreement.codes

    assert codes["attainment"].tolist() == [pd.NA, False, True, False, True]
    assert codes["inclusion"].tolist() == [True, False, False, True, pd.NA]
    assert codes.index.tolist()[2] == ("r3", "improve")
    assert agreement.coded_once == 1


def test_disputes_name_the_comment_the_theme_and_who_said_what():
    assert theme_agreement(FIVE, CODEBOOK).disputes.to_dict("records") == [
        {"id": "r1", "column": "comment", "theme": "attainment", "given_by": "Ann", "not_given_by": "Bob"},
        {"id": "r5", "column": "comment", "theme": "inclusion", "given_by": "Bob", "not_given_by": "Ann"},
    ]


def test_whole_sets_are_compared_by_masi():
    sets = [[{"inclusion", "attainment"}, {"inclusion"}], [set(), set()], [{"attainment"}] * 2]
    sets.append([{"attainment"}, {"attainment", "inclusion"}])

    found = theme_agreement(FIVE, CODEBOOK).sets

    assert found.coefficient == krippendorff_alpha(sets, "masi").coefficient
    assert (found.units, found.pairable) == (5, 4)


def test_three_coders_and_one_theme_a_row():
    frame = pd.DataFrame(
        [(1, "A", "x"), (1, "A", "y"), (1, "B", "x"), (1, "C", "x"), (2, "A", ""), (2, "C", "y")],
        columns=["comment", "who", "theme"],
    )

    found = theme_agreement(frame, comment=["comment"], coder="who", coded="theme")

    assert found.codes["x"].tolist() == [True, False]
    assert found.disputes.to_dict("records") == [
        {"comment": "1", "theme": "y", "given_by": "A", "not_given_by": "B, C"},
        {"comment": "2", "theme": "y", "given_by": "C", "not_given_by": "A"},
    ]
    assert theme_shares(found, found.disputes.assign(applies=["no", "yes"]))["given"].tolist() == [1, 1]


def test_order_of_rows_changes_nothing():
    shuffled = FIVE.sample(frac=1, random_state=4)

    before, after = theme_agreement(FIVE, CODEBOOK), theme_agreement(shuffled, CODEBOOK)

    pd.testing.assert_frame_equal(before.table, after.table)
    assert before.sets.coefficient == pytest.approx(after.sets.coefficient)


def test_the_coding_itself_is_not_changed():
    before = FIVE.copy()
    theme_agreement(FIVE, CODEBOOK)

    pd.testing.assert_frame_equal(FIVE, before)


def test_an_open_dispute_leaves_the_share_between_two_ends():
    shares = theme_shares(theme_agreement(FIVE, CODEBOOK)).set_index("theme")

    # attainment: r3 and r5 of five comments, r1 open
    assert shares.loc["attainment"].tolist() == [5, 2, 1, 0.4, 0.6, "less than half to majority"]
    assert shares.loc["quality"].tolist() == [5, 0, 0, 0.0, 0.0, "none"]


def test_decisions_of_a_third_person_close_disputes():
    agreement = theme_agreement(FIVE, CODEBOOK)

    decided = theme_shares(agreement, agreement.disputes.assign(applies=["yes", False])).set_index("theme")
    half = theme_shares(agreement, agreement.disputes.assign(applies=["yes", None])).set_index("theme")

    assert decided.loc["attainment"].tolist() == [5, 3, 0, 0.6, 0.6, "majority"]
    assert decided.loc["inclusion"].tolist() == [5, 2, 0, 0.4, 0.4, "less than half"]
    assert half.loc["inclusion", "disputed"] == 1
    assert agreement.codes["attainment"].isna().sum() == 1  # the codes as coded stay as they were


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"applies": "perhaps"}, 'A decision says "perhaps"'),
        ({"id": "r2"}, "on which the coders agree"),
        ({"id": "r9"}, "was not coded"),
        ({"theme": "weather"}, "was not coded"),
    ],
)
def test_a_decision_that_decides_no_dispute_is_refused(change, message):
    agreement = theme_agreement(FIVE, CODEBOOK)
    decisions = agreement.disputes.assign(applies="yes").astype(object)
    for column, value in change.items():
        decisions.loc[0, column] = value

    with pytest.raises(Refused) as refused:
        theme_shares(agreement, decisions)

    assert message in str(refused.value)
    assert "row 1" in str(refused.value)


def test_two_different_decisions_on_one_dispute_are_refused():
    agreement = theme_agreement(FIVE, CODEBOOK)
    twice = pd.concat([agreement.disputes.assign(applies=said) for said in ("yes", "no")])

    with pytest.raises(Refused, match="Two decisions on one dispute differ"):
        theme_shares(agreement, twice)


def test_decisions_without_their_column_are_refused():
    agreement = theme_agreement(FIVE, CODEBOOK)

    with pytest.raises(Refused, match="no column 'applies'"):
        theme_shares(agreement, agreement.disputes)


@pytest.mark.parametrize(
    ("frame", "message", "where"),
    [
        (FIVE.rename(columns={"themes": "codes"}), "no column 'themes'", "its columns are"),
        (FIVE.iloc[:0], "has no rows", ""),
        (
            coding(("r1", "comment", "Ann", "x"), ("r1", "comment", " ", "x")),
            "does not say its coder",
            "row 2",
        ),
        (coding((None, "comment", "Ann", "x")), "does not say its id", "row 1"),
        (coding(("r1", "comment", "Ann", "inclusion;wether")), 'The theme "wether" is not in', "row 1"),
    ],
)
def test_a_coding_that_cannot_be_read_is_refused_with_its_row(frame, message, where):
    with pytest.raises(Refused) as refused:
        theme_agreement(frame, CODEBOOK)

    problem = refused.value
    assert message in problem.message
    assert where in problem.where


def test_one_coder_alone_has_codes_and_no_agreement():
    found = theme_agreement(FIVE[FIVE["coder"] == "Ann"], CODEBOOK)

    assert found.coded_once == 5
    assert found.table["comments"].tolist() == [0, 0, 0]
    assert found.table["alpha"].isna().all()
    assert found.table.loc[0, "note"] == (
        "alpha, AC1, Brennan–Prediger: not measured: no unit has codes from two coders"
    )
    assert found.disputes.empty
    assert theme_shares(found)["given"].tolist() == [3, 2, 0]


def test_a_coding_without_any_theme_has_nothing_to_measure():
    found = theme_agreement(coding(("r1", "comment", "Ann", ""), ("r1", "comment", "Bob", "")))

    assert found.table.empty
    assert found.sets.note.startswith('no variation: every code is "{}"')
