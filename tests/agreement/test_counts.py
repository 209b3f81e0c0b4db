"""The table of counts (docs/methods.md A, A1)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_eval import agreement
from ci_eval.agreement.refusals import Refused

SCALE = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree")
ANSWERS = (*SCALE, "Don’t know", "Not applicable")
AGREE = SCALE[:2]
NAN = float("nan")


def small_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "s01": ["Agree", "Strongly agree", "Don’t know", NAN, "Disagree"],
            "s02": ["Agree", "Agree", "Not applicable", "Agree", NAN],
            "organisation": ["A", "B", "A", "B", NAN],
            "mode": ["Online", "Online", "Online", "Mixed", "Mixed"],
        }
    )


def counted(frame: pd.DataFrame, by=None) -> agreement.Counts:
    return agreement.counts(frame, ["s01", "s02"], ANSWERS, SCALE, AGREE, by)


def test_every_declared_answer_has_a_place_and_zero_where_nobody_gave_it() -> None:
    found = counted(small_frame())
    assert found.groups == ("all respondents",)
    assert found.table[:, 0].tolist() == [[1, 1, 0, 1, 0, 1, 0], [0, 3, 0, 0, 0, 0, 1]]
    assert found.not_answered.tolist() == [[1], [1]]
    assert found.table.dtype == np.int64


def test_only_answers_on_the_scale_are_the_base() -> None:
    found = counted(small_frame())
    assert found.answered.tolist() == [[3], [3]]
    assert found.agreeing.tolist() == [[2], [3]]
    assert found.respondents.tolist() == [5]
    assert found.distribution[0, 0].tolist() == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3, 0])


def test_respondents_without_a_group_form_the_last_one() -> None:
    found = counted(small_frame(), by="organisation")
    assert found.groups == ("A", "B", "not stated")
    assert found.respondents.tolist() == [2, 2, 1]
    assert found.answered.tolist() == [[1, 1, 1], [1, 2, 0]]
    assert (found.table.sum(axis=1) == counted(small_frame()).table[:, 0]).all()
    assert (found.not_answered.sum(axis=1) == counted(small_frame()).not_answered[:, 0]).all()


def test_categories_are_groups_in_their_order_with_or_without_respondents() -> None:
    frame = small_frame().assign(
        organisation=pd.Categorical(["B", "A", "B", "A", "A"], categories=["B", "C", "A"])
    )
    found = counted(frame, by="organisation")
    assert found.groups == ("B", "C", "A")
    assert found.respondents.tolist() == [2, 0, 3]


def test_several_grouping_columns_give_every_combination() -> None:
    found = counted(small_frame(), by=["mode", "organisation"])
    assert found.groups[:2] == (("Mixed", "A"), ("Mixed", "B"))
    assert dict(zip(found.groups, found.respondents.tolist(), strict=True)) == {
        ("Mixed", "A"): 0,
        ("Mixed", "B"): 1,
        ("Mixed", "not stated"): 1,
        ("Online", "A"): 2,
        ("Online", "B"): 1,
        ("Online", "not stated"): 0,
    }


def test_the_long_form_holds_every_respondent_once_a_statement() -> None:
    long = counted(small_frame(), by="mode").frame()
    assert list(long.columns) == ["statement", "group", "answer", "count"]
    assert long.groupby("statement")["count"].sum().tolist() == [5, 5]
    cell = long.query("statement == 's02' and group == 'Online' and answer == 'Not applicable'")
    assert cell["count"].tolist() == [1]
    assert long.loc[long.answer == "not answered", "count"].sum() == 2


def test_the_median_is_the_middle_answer_or_the_two_beside_it() -> None:
    frame = pd.DataFrame({"s01": ["Agree", "Agree", "Disagree", "Neither"], "s02": [NAN] * 4})
    assert counted(frame).median.tolist() == [["Agree / Neither"], [""]]
    assert counted(frame.iloc[:3]).median[0, 0] == "Agree"
    assert counted(frame.iloc[[2]]).median[0, 0] == "Disagree"


def test_an_empty_frame_counts_to_zero() -> None:
    found = counted(small_frame().iloc[:0], by="mode")
    assert found.table.sum() == 0
    assert counted(small_frame().iloc[:0]).answered.tolist() == [[0], [0]]


def test_categorical_and_text_columns_count_alike() -> None:
    frame = small_frame()
    as_categories = frame.assign(
        s01=pd.Categorical(frame.s01, categories=ANSWERS[::-1]), s02=frame.s02.astype("category")
    )
    assert (counted(frame).table == counted(as_categories).table).all()
    assert (counted(frame).not_answered == counted(as_categories).not_answered).all()


def test_an_answer_nobody_declared_stops_the_count_and_is_named() -> None:
    frame = small_frame()
    frame.loc[[1, 3], "s02"] = "agree"
    for given_frame in (frame, frame.astype({"s02": "category"})):
        with pytest.raises(Refused) as caught:
            counted(given_frame)
        problem = caught.value
        assert "'agree'" in problem.message
        assert problem.where == "row 2 of the responses, column s02"
        assert problem.count == 2


def test_a_category_nobody_uses_need_not_be_declared() -> None:
    frame = small_frame()
    frame["s01"] = pd.Categorical(frame.s01, categories=[*ANSWERS, "Refused"])
    assert counted(frame).answered[0, 0] == 3


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"statements": ["s01", "s09"]}, "s09"),
        ({"by": "role"}, "role"),
        ({"answers": (*ANSWERS, "Agree")}, "twice"),
        ({"scale": (*SCALE, "Perhaps")}, "Perhaps"),
        ({"agree": ("Don’t know",)}, "Don’t know"),
        ({"answers": (*ANSWERS, "not answered")}, "empty cells"),
    ],
)
def test_declarations_that_do_not_fit_are_refused(change, what) -> None:
    arguments = {"statements": ["s01"], "answers": ANSWERS, "scale": SCALE, "agree": AGREE, **change}
    with pytest.raises(Refused, match=what):
        agreement.counts(small_frame(), **arguments)


def test_those_who_wrote_not_stated_and_those_who_wrote_nothing_are_one_group() -> None:
    frame = small_frame()
    frame["g"] = ["not stated", None, *["x"] * (len(frame) - 2)]
    found = counted(frame, by="g")
    assert found.groups == ("x", "not stated")
    assert found.respondents.tolist() == [len(frame) - 2, 2]
    spelt_out = frame.assign(g=pd.Categorical(frame["g"].fillna("not stated"), ["y", "not stated", "x"]))
    assert counted(spelt_out, by="g").groups == ("y", "x", "not stated")
    assert counted(spelt_out, by="g").respondents.tolist() == [0, len(frame) - 2, 2]


def test_two_columns_of_one_name_are_refused() -> None:
    doubled = pd.concat([small_frame(), small_frame()[["s01"]]], axis=1)
    with pytest.raises(Refused, match="2 times"):
        counted(doubled)


respondents = st.lists(
    st.tuples(st.sampled_from([*ANSWERS, None]), st.sampled_from(["x", "y", "z", None])), max_size=40
)


@given(respondents, st.randoms())
def test_order_of_rows_and_names_of_groups_change_nothing(rows, rng) -> None:
    shuffled = rng.sample(rows, len(rows))
    rename = {"x": "group three", "y": "group two", "z": "group one", None: None}

    def table(some, names):
        frame = pd.DataFrame({"s": [a for a, _ in some], "g": [names[g] for _, g in some]})
        found = agreement.counts(frame, ["s"], ANSWERS, SCALE, AGREE, by="g")
        return {group: found.table[0, i].tolist() for i, group in enumerate(found.groups)}

    same = {"x": "x", "y": "y", "z": "z", None: None}
    first, second, renamed = table(rows, same), table(shuffled, same), table(rows, rename)
    assert first == second
    assert {rename.get(k, k): v for k, v in first.items()} == renamed
