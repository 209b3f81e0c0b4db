"""A coding of comments: what is reported of each comment, and every fault of the file at once."""

from pathlib import Path

import pandas as pd
import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.survey.coding_file import load_coding, says_something
from ci_eval.survey.record import LoadRecord, Responses

CODEBOOK = pd.DataFrame(
    [(("comment", "improve"), key, key.title(), f"raised {key}") for key in ("time", "guidance", "mode")]
    + [(("role",), key, key.upper(), "") for key in ("qio", "ht")],
    columns=["questions", "key", "name", "reported"],
)
COMMENTS = ["Too long.", "Online was good.", "N/A", "", "Lovely.", "Send papers earlier."]
IMPROVE = ["Shorter.", "", "Nothing to add.", "", "", "Guidance, please."]


@pytest.fixture
def responses() -> Responses:
    ids = [str(number) for number in range(1, len(COMMENTS) + 1)]
    frame = pd.DataFrame({"id": ids, "comment": COMMENTS, "improve": IMPROVE}, dtype="str")
    record = LoadRecord("survey.csv", "", 0, "", "", len(ids), len(ids), {})
    return Responses(frame, record, pd.DataFrame(), ("comment", "improve"))


@pytest.fixture
def coded(tmp_path: Path, responses: Responses):
    def read(*rows: str, headings: str = "id,question,coder,code"):
        file = tmp_path / "codes.csv"
        file.write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
        return load_coding(file, responses, CODEBOOK)

    return read


def problems_of(coded, *rows: str):
    with pytest.raises(InputError) as caught:
        coded(*rows)
    return caught.value.problems


def people(coding, column: str, theme: str) -> tuple[int, int, int]:
    """(people, undecided, of)"""
    row = coding.counts().set_index(["question", "key"]).loc[(column, theme)]
    return tuple(int(row[name]) for name in ("people", "undecided", "of"))


# --- what is reported ---


def test_themes_that_all_coders_gave_are_reported_and_the_base_is_who_wrote_something(coded) -> None:
    coding = coded(
        "1,comment,A,time; guidance", "1,comment,B,guidance;time", "2,comment,A,mode", "2,comment,B,mode"
    )
    assert people(coding, "comment", "time") == (1, 2, 4)  # 5 and 6 are not coded; 3 says N/A, 4 nothing
    assert people(coding, "comment", "mode") == (1, 2, 4)
    assert coding.status.to_dict()["1", "comment"] == "alike"
    assert coding.coders == ("a", "b")


def test_a_theme_on_which_coders_differ_is_not_counted_and_the_others_of_that_comment_are(coded) -> None:
    coding = coded("1,comment,A,time;guidance", "1,comment,B,time")
    assert people(coding, "comment", "time") == (1, 3, 4)
    assert people(coding, "comment", "guidance") == (0, 4, 4)
    assert coding.cells("not agreed").to_dict("records") == [{"id": "1", "question": "comment"}]


def test_the_agreed_code_is_reported_whatever_the_coders_gave(coded) -> None:
    coding = coded("1,comment,A,time", "1,comment,B,guidance", "1,comment,agreed,mode")
    assert [people(coding, "comment", theme)[0] for theme in ("time", "guidance", "mode")] == [0, 0, 1]
    assert coding.cells("not agreed").empty
    assert coding.status.to_dict()["1", "comment"] == "settled"


def test_agreed_may_overrule_coders_who_gave_the_same(coded) -> None:
    coding = coded("1,comment,A,time", "1,comment,B,time", "1,comment,Agreed,")
    assert people(coding, "comment", "time")[:2] == (0, 3)


def test_agreed_is_nobodys_own_judgement(coded) -> None:
    coding = coded("1,comment,A,time", "1,comment,B,guidance", "1,comment,agreed,time")
    assert coding.coders == ("a", "b")
    assert len(coding.codes) == 2


def test_one_coder_alone_is_reported_and_known_to_be_alone(coded) -> None:
    coding = coded("1,comment,A,time", "1,improve,A,", "1,improve,B,")
    assert people(coding, "comment", "time")[0] == 1
    assert coding.cells("one coder").to_dict("records") == [{"id": "1", "question": "comment"}]


def test_an_empty_cell_is_a_comment_without_theme_and_not_one_that_nobody_coded(coded) -> None:
    coding = coded("1,improve,A,", "1,improve,B,")
    assert people(coding, "improve", "time") == (0, 1, 2)
    uncoded = coding.cells("not coded")
    assert uncoded.loc[uncoded["question"] == "improve", "id"].tolist() == ["6"]


def test_three_coders_report_what_all_three_gave(coded) -> None:
    coding = coded("1,comment,A,time;mode", "1,comment,B,time;mode", "1,comment,C,time")
    assert people(coding, "comment", "time")[0] == 1
    assert people(coding, "comment", "mode")[:2] == (0, 4)


def test_responses_without_id_count_among_those_who_wrote_something(
    tmp_path: Path, responses: Responses
) -> None:
    responses.frame.loc[[1, 5], "id"] = ""
    file = tmp_path / "codes.csv"
    file.write_text("id,question,coder,code\n1,comment,A,time\n", encoding="utf-8")
    assert people(load_coding(file, responses, CODEBOOK), "comment", "time") == (1, 3, 4)
    file.write_text("id,question,coder,code\n,comment,A,time\n", encoding="utf-8")
    with pytest.raises(InputError, match="An id is no response's"):
        load_coding(file, responses, CODEBOOK)


def test_the_two_columns_of_a_response_are_coded_apart(coded) -> None:
    coding = coded("1,comment,A,time", "1,improve,A,mode")
    assert people(coding, "improve", "time")[0] == 0
    assert people(coding, "improve", "mode")[0] == 1


def test_a_cell_that_says_nothing_may_be_coded_as_nothing_and_counts_nowhere(coded) -> None:
    coding = coded("3,comment,A,", "1,comment,A,time")
    assert people(coding, "comment", "time") == (1, 3, 4)
    assert len(coding.codes) == 1


@pytest.mark.parametrize("text", ["", "  ", "N/A", "n/a.", "None", "NOTHING", "-", ".", "...", "No comment."])
def test_an_answer_that_there_is_no_answer_says_nothing(text: str) -> None:
    assert not says_something(pd.Series([text])).any()


@pytest.mark.parametrize("text", ["No change needed.", "Nothing but praise", "None of it", "0"])
def test_an_answer_that_only_begins_like_one_says_something(text: str) -> None:
    assert says_something(pd.Series([text])).all()


# --- what is refused ---


@pytest.mark.parametrize(
    ("row", "check", "told"),
    [
        ("9,comment,A,time", "unknown-response", "row 3: 9"),
        ("01,comment,A,time", "unknown-response", "row 3: 01"),
        ("1,mode,A,time", "unknown-text-question", "1, mode"),
        ("1,comment,A,tyme", "unknown-code", "1, tyme"),
        ("1,comment,A,Time", "unknown-code", "1, Time"),
        ("1,comment,A,time;time", "code-twice", "1, time;time"),
        ("1,comment,,time", "coder", "row 3: 1"),
        ("4,comment,A,time", "no-text", "row 3: 4"),
        ("2,improve,A,", "no-text", "row 3: 2"),
        ("3,comment,A,time", "nothing-said", "row 3: 3"),
    ],
)
def test_a_code_in_doubt_is_refused_and_its_row_waits_in_the_work_list(
    coded, row: str, check: str, told: str
) -> None:
    (problem,) = problems_of(coded, "1,improve,A,time", row)
    assert (problem.check, problem.level) == (check, "REJECT")
    assert problem.cells.startswith("row 3: ")
    assert told in problem.cells
    assert told not in str(problem)
    assert problem.fix


def test_a_near_theme_is_named_in_the_fix_and_never_taken(coded) -> None:
    (problem,) = problems_of(coded, "1,comment,A,guidence")
    assert problem.fix == "write guidance"


@pytest.mark.parametrize("coder", ["jo.invented@example.invalid", "jo@office", "01632 960001"])
def test_a_coder_is_a_pseudonym_and_an_address_is_not_repeated(coded, coder: str) -> None:
    (problem,) = problems_of(coded, f"1,comment,{coder},time")
    assert problem.check == "coder"
    assert coder not in str(problem)


@pytest.mark.parametrize("coder", ["A", "a"])
def test_a_coder_codes_a_cell_once(coded, coder: str) -> None:
    (problem,) = problems_of(coded, "1,comment,A,time", f"1,comment,{coder},mode")
    assert problem.check == "coded-twice"
    assert "row 3" in problem.cells


def test_all_faults_come_at_once_and_one_cause_is_told_once(coded) -> None:
    rows = ["9,comment,A,tyme", "9,comment,B,tyme", "1,mode,B,time", "5,comment,b@x.invalid,time"]
    found = problems_of(coded, *rows)
    assert {(problem.check, problem.count) for problem in found} == {
        ("unknown-response", 2),
        ("unknown-code", 2),
        ("unknown-text-question", 1),
        ("coder", 1),
    }


def test_no_message_holds_a_comment(coded, responses: Responses) -> None:
    rows = [f"{row},{column},A,no-theme" for row in range(1, 7) for column in ("comment", "improve")]
    with pytest.raises(InputError) as caught:
        coded(*rows)
    for text in {*COMMENTS, *IMPROVE} - {""}:
        assert text not in str(caught.value)


def test_another_heading_is_refused(coded) -> None:
    with pytest.raises(InputError, match="is not known"):
        coded("1,comment,A,time,Too long.", headings="id,question,coder,code,text")
