"""Small groups stay hidden, and cannot be worked out from what is shown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval.report import disclosure


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True), (6, True)])
def test_a_group_of_five_is_shown_and_one_of_four_is_not(people, shown):
    assert (disclosure.masking([people, 40, 50])[0] == "") is shown


def test_a_masked_group_takes_the_next_smallest_with_it():
    assert disclosure.masking([60, 4, 16, 40]) == ["", "small", "partner", ""]


def test_two_small_groups_that_reach_the_threshold_protect_each_other():
    assert disclosure.masking([4, 1, 60, 40]) == ["small", "small", "", ""]


def test_two_small_groups_below_the_threshold_together_need_a_third():
    # 1 + 3 = 4 people: the total less the others would describe just these four
    assert disclosure.masking([3, 1, 60, 40]) == ["small", "small", "", "partner"]


def test_a_group_of_nobody_is_shown_and_protects_none():
    assert disclosure.masking([0, 4, 60, 40]) == ["", "small", "", "partner"]


def test_the_threshold_is_a_setting():
    assert disclosure.masking([9, 50, 60], threshold=10) == ["small", "partner", ""]
    assert disclosure.masking([1, 50, 60], threshold=1) == ["", "", ""]


@pytest.mark.parametrize("counts", [[-1, 7], [2.5, 7], [float("nan"), 7]])
def test_what_is_no_count_of_people_is_refused(counts):
    with pytest.raises(ValueError, match="whole numbers"):
        disclosure.masking(counts)


def test_a_threshold_below_one_is_refused():
    with pytest.raises(ValueError, match="smallest group"):
        disclosure.masking([3], threshold=0)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(1, 12))
def test_what_the_total_gives_away_is_never_a_small_group(counts, threshold):
    reasons = disclosure.masking(counts, threshold)
    hidden = [count for count, reason in zip(counts, reasons, strict=True) if reason]
    shown = [count for count, reason in zip(counts, reasons, strict=True) if not reason]
    assert all(count == 0 or count >= threshold for count in shown)
    if hidden:
        everything_hidden = not any(shown)
        assert everything_hidden or (len(hidden) > 1 and sum(hidden) >= threshold)
    assert 0 not in hidden


def groups():
    return pd.DataFrame(
        {
            "statement": ["s01"] * 3 + ["s02"] * 3,
            "group": ["A", "B", "C"] * 2,
            "answered": [40, 4, 20, 40, 6, 20],
            "share": [0.9, 0.25, 0.8, 0.9, 0.5, 0.8],
        }
    )


def test_counts_and_values_of_a_masked_row_go_together_with_their_reason():
    frame = groups()
    masked = disclosure.mask(frame, count="answered", values=["share"], by=["statement"])
    assert masked.frame["answered"].isna().tolist() == [False, True, True, False, False, False]
    assert masked.frame["share"].isna().tolist() == [False, True, True, False, False, False]
    assert masked.frame.loc[1, "masked"] == "fewer than 5 people answered"
    assert masked.frame.loc[2, "masked"].startswith("masked so that")
    assert frame.equals(groups())


def test_the_text_names_how_many_groups_are_masked():
    masked = disclosure.mask(groups(), count="answered", by=["statement"])
    assert (masked.small, masked.partners) == (1, 1)
    assert masked.text.startswith("1 group is not shown, because fewer than 5 people answered.")
    assert "1 further group is not shown" in masked.text
    assert disclosure.mask(groups(), count="answered", by=["statement"], threshold=4).text == ""


def test_masking_keeps_the_order_and_index_of_the_rows():
    frame = groups().set_index(pd.Index([9, 3, 5, 1, 0, 7]))
    masked = disclosure.mask(frame, count="answered", by=["statement"]).frame
    assert masked.index.tolist() == [9, 3, 5, 1, 0, 7]
    assert np.isnan(masked.loc[3, "answered"])


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no column people"):
        disclosure.mask(groups(), count="people")


def answers(*counts):
    return pd.DataFrame({"role": [f"role {n}" for n in range(len(counts))], "n": counts})


def test_small_answers_are_put_together_at_the_end():
    table, note = disclosure.pooled(answers(30, 4, 3), "role", "n")
    assert table["n"].tolist() == [30, 7]
    assert table["role"].tolist() == ["role 0", "Other answers, 2 together"]
    assert note.startswith("2 answers given by fewer than 5 people are put together")


def test_a_lone_small_answer_is_put_together_with_the_next_smallest():
    table, note = disclosure.pooled(answers(30, 20, 4), "role", "n")
    assert table["n"].tolist() == [30, 24]
    assert "and the next smallest 1" in note


def test_answers_that_stay_small_together_have_no_count():
    table, _ = disclosure.pooled(answers(2, 1), "role", "n")
    assert len(table) == 1
    assert np.isnan(table.loc[0, "n"])


def test_answers_of_five_or_more_stay_as_they_are():
    table, note = disclosure.pooled(answers(30, 5), "role", "n")
    assert table["n"].tolist() == [30, 5]
    assert note == ""
