"""Themes given to comments by several coders: agreement by theme and over whole sets."""

import numpy as np
import pandas as pd
import pytest

from ci_eval.agreement.coders import (
    brennan_prediger,
    gwet_ac1,
    krippendorff_alpha,
    theme_agreement,
)
from ci_eval.agreement.refusals import Refused

CODEBOOK = ["attainment", "inclusion", "quality"]


def coding(*rows):
    return pd.DataFrame(rows, columns=["id", "question", "coder", "code"])


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

    assert found.table.set_index("theme")[["comments", "given", "disputed"]].to_numpy().tolist() == [
        [2, 1, 0],
        [2, 0, 2],
    ]


def test_order_of_rows_changes_nothing():
    shuffled = FIVE.sample(frac=1, random_state=4)

    before, after = theme_agreement(FIVE, CODEBOOK), theme_agreement(shuffled, CODEBOOK)

    pd.testing.assert_frame_equal(before.table, after.table)
    assert before.sets.coefficient == pytest.approx(after.sets.coefficient)


def test_the_coding_itself_is_not_changed():
    before = FIVE.copy()
    theme_agreement(FIVE, CODEBOOK)

    pd.testing.assert_frame_equal(FIVE, before)


@pytest.mark.parametrize(
    ("frame", "message", "where"),
    [
        (FIVE.rename(columns={"code": "codes"}), "no column 'code'", "its columns are"),
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

    assert found.table["comments"].tolist() == [0, 0, 0]
    assert found.table["alpha"].isna().all()
    assert found.table.loc[0, "note"] == (
        "alpha, AC1, Brennan–Prediger: not measured: no unit has codes from two coders"
    )


def test_a_coding_without_any_theme_has_nothing_to_measure():
    found = theme_agreement(coding(("r1", "comment", "Ann", ""), ("r1", "comment", "Bob", "")))

    assert found.table.empty
    assert found.sets.note.startswith('no variation: every code is "{}"')
