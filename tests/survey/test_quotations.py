"""A quotation is shown with an approval, in the respondent's own words, from a comment without personal data."""

from pathlib import Path

import pandas as pd
import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.survey.quotations import load_quotations, verbatim, whole
from ci_eval.survey.record import LoadRecord, Responses

FIRST = "It was unhelpful, and far too long."
SAID = f"{FIRST}\nAnd yet: worth it."
HEADINGS = "id,column,text,approved,approved_by,approved_on"
GOOD = {
    "id": "1",
    "column": "comment",
    "text": "And yet: worth it.",
    "approved": "yes",
    "approved_by": "Evaluation lead",
    "approved_on": "2022-09-30",
}


@pytest.fixture
def quoted(tmp_path: Path):
    frame = pd.DataFrame(
        {
            "id": ["1", "2"],
            "comment": [SAID, "Worth it. Ring 01632 960001."],
            "improve": ["", "Write to name@example.invalid, it is worth it"],
        },
        dtype="str",
    )
    responses = Responses(
        frame, LoadRecord("survey.csv", "", 0, "", "", 2, 2, {}), pd.DataFrame(), ("comment", "improve")
    )

    def read(*changes: dict[str, str]):
        file = tmp_path / "quotations.csv"
        pd.DataFrame([GOOD | change for change in changes]).to_csv(file, index=False)
        return load_quotations(file, responses)

    return read


def test_an_approved_quotation_is_shown_with_its_question_and_nobodys_id(quoted) -> None:
    found = quoted({})
    assert found.shown.to_dict("records") == [{"column": "comment", "text": "And yet: worth it."}]
    assert found.refused.empty


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"approved": "no"}, "not approved"),
        ({"approved_by": ""}, "nobody is named"),
        ({"approved_by": "lead@example.invalid"}, "a role is wanted"),
        ({"approved_on": ""}, "day of its approval"),
        ({"text": "worth  it"}, "word for word"),
        ({"text": "Worth it"}, "word for word"),
        ({"text": "helpful"}, "word for word"),
        ({"text": "too lon"}, "word for word"),
        ({"text": "worth it"}, "part of a sentence"),
        ({"text": "It was unhelpful"}, "part of a sentence"),
        ({"text": "far too long.\nAnd yet: worth it."}, "part of a sentence"),
        ({"text": "unhelpful … worth it."}, "part of a sentence"),
        ({"column": "improve"}, "word for word"),
        ({"id": "2", "text": "Worth it"}, "personal data (telephone number)"),
        ({"id": "2", "column": "improve", "text": "… worth it"}, "personal data (e-mail address)"),
    ],
)
def test_any_other_is_refused_with_its_reason_and_without_its_text(
    quoted, change: dict[str, str], reason: str
) -> None:
    found = quoted({"text": FIRST}, change)
    assert found.shown["text"].tolist() == [FIRST]
    (refused,) = found.refused.to_dict("records")
    assert reason in refused["reason"]
    assert (refused["id"], refused["column"]) == ((GOOD | change)["id"], (GOOD | change)["column"])
    assert (GOOD | change)["text"] not in " ".join(refused.values())


def test_the_whole_comment_is_screened_not_only_the_part_quoted(quoted) -> None:
    assert quoted({"id": "2", "text": "Worth it."}).shown.empty


@pytest.mark.parametrize(
    "text",
    [
        "And yet: worth it",
        "… far too long.",
        "It was unhelpful …",
        "It was … far too long.",
        "… unhelpful [...] worth it.",
        SAID,
    ],
)
def test_a_part_of_a_sentence_is_shown_where_an_ellipsis_says_so(quoted, text: str) -> None:
    assert quoted({"text": text}).shown["text"].tolist() == [text]


@pytest.mark.parametrize("text", ["worth the time.", "Not worth the time? Perhaps", "…", "the time. … It"])
def test_what_would_turn_its_sense_round_is_no_quotation(text: str) -> None:
    assert not whole(text, "It was not worth the time. Really.") or not verbatim(
        text, "It was not worth the time."
    )


@pytest.mark.parametrize(
    ("text", "said", "stands"),
    [
        ("helpful", "unhelpful", False),
        ("helpful", "helpful.", True),
        ("(worth it)", "it is (worth it) all", True),
        ("a.c", "abc", False),
        ("one\ntwo", "one\r\ntwo", True),
        ("one two", "one\ntwo", False),
    ],
)
def test_verbatim_is_letter_for_letter_and_in_whole_words(text: str, said: str, stands: bool) -> None:
    assert verbatim(text, said) is stands


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"id": "9"}, "unknown-response"),
        ({"column": "focus"}, "unknown-text-question"),
        ({"text": ""}, "no-quotation"),
        ({"approved": ""}, "approval"),
        ({"approved": "perhaps"}, "approval"),
        ({"approved_on": "30/09/2022"}, "bad-date"),
        ({"approved_on": "2022-02-30"}, "bad-date"),
        ({"approved_on": "20220930"}, "bad-date"),
        ({}, "quoted-twice"),
    ],
)
def test_a_row_that_cannot_be_read_for_certain_stops_the_file(
    quoted, change: dict[str, str], check: str
) -> None:
    with pytest.raises(InputError) as caught:
        quoted({} if check == "quoted-twice" else {"text": FIRST}, change)
    (problem,) = caught.value.problems
    assert problem.check == check
    assert "row 3" in problem.cells
    assert "row 3" not in str(problem)
    assert "worth it" not in str(caught.value)


def test_all_faults_come_at_once(quoted) -> None:
    with pytest.raises(InputError) as caught:
        quoted({"id": "9", "approved": "maybe"}, {"column": "focus"}, {"approved_on": "soon"})
    assert [problem.check for problem in caught.value.problems] == [
        "unknown-response",
        "unknown-text-question",
        "approval",
        "bad-date",
    ]
