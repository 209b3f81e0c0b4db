"""Free-text answers matched with the codebook, and spellings merged: what fits, what does not, who goes first."""

from pathlib import Path

import pandas as pd
import pytest

from ci_eval.programme import load_codebook
from ci_eval.survey.coding_file import load_coding
from ci_eval.survey.record import LoadRecord, Responses
from ci_eval.survey.wording_matches import match, matches, unmatched, with_merged, wordings

CODEBOOK = load_codebook()
OPTIONS = ["Education Scotland", "ADES", "Local authority", "Other (please specify)"]
OTHER = OPTIONS[-1]


def responses(**columns: list[str]) -> Responses:
    size = len(next(iter(columns.values())))
    blank = [""] * size
    frame = pd.DataFrame(
        {
            "id": [str(number) for number in range(1, size + 1)],
            "organisation": pd.Categorical(columns.pop("organisation", [OTHER] * size), OPTIONS),
            **dict.fromkeys(("organisation_other", "role", "focus", "comment", "improve"), blank),
            **columns,
        }
    )
    return Responses(
        frame, LoadRecord("survey.csv", "", 0, "", "", size, size, {}), pd.DataFrame(), ("comment", "improve")
    )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Numeracy", {"numeracy"}),
        ("NUMERACY and literacy", {"numeracy"}),
        ("maths / inclusion", {"numeracy", "inclusion"}),
        ("Numeracy  and\nmathematics", {"numeracy"}),
        ("Data", {"data"}),
        ("Use of data; QA", {"data", "quality-assurance"}),
        ("data officer visit", set()),  # a variant stands for a whole answer, not for any word in it
        ("Aftermaths", set()),  # whole words only
        ("Literacy", set()),
        ("Additional support needs, S2/S3", {"additional-support-needs"}),
        ("Closing the poverty–related attainment gap", {"attainment-gap"}),
    ],
)
def test_an_area_of_focus_is_known_by_its_name_variants_and_keywords(text: str, keys: set[str]) -> None:
    assert match(text, wordings(CODEBOOK, "focus"), several=True)[0] == keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("QIO", "quality-improvement-officer"),
        ("quality improvement officer", "quality-improvement-officer"),
        ("Quality Improvement Officer (QIO)", "quality-improvement-officer"),
        ("Head teacher", "headteacher"),
        ("Depute Head Teacher", "depute-headteacher"),  # not a headteacher
        ("QIO and headteacher", None),
        ("Teacher", None),
    ],
)
def test_a_job_role_is_known_by_the_whole_answer(text: str, key: str | None) -> None:
    keys, _ = match(text, wordings(CODEBOOK, "role"), several=False)
    assert keys == ({key} if key else set())


def test_spellings_of_a_role_are_merged_and_how_is_counted() -> None:
    roles = [
        "QIO",
        "Quality Improvement Officer",
        "quality improvement officer",
        "Janitor",
        "janitor.",
        "janitor.",
        "",
    ]
    merged, counted = with_merged(responses(role=roles), None, CODEBOOK)
    assert merged.frame["role"].tolist() == [
        *["Quality improvement officer"] * 3,
        *["janitor."] * 3,  # the spelling most people gave
        "",
    ]
    assert counted["role"] == {"matched by wording": 1, "own name": 2, "not matched": 3}


def test_another_organisation_that_is_a_listed_one_counts_with_it_and_any_other_stays_other() -> None:
    texts = ["Ed Scotland", "A university", "Ministry", ""]
    merged, _ = with_merged(responses(organisation_other=texts), None, CODEBOOK)
    assert merged.frame["organisation"].tolist() == ["Education Scotland", OTHER, OTHER, OTHER]
    assert merged.frame["organisation_other"].tolist() == ["Education Scotland", "University", "Ministry", ""]


def test_a_persons_code_goes_before_the_wording_and_coders_who_differ_match_nothing(tmp_path: Path) -> None:
    survey = responses(focus=["Not numeracy but reading", "Inclusion", "Inclusion", "Literacy", "n/a"])
    file = tmp_path / "coding.csv"
    rows = ["1,focus,A,", "2,focus,A,inclusion", "2,focus,B,data", "4,focus,A,data"]
    file.write_text("\n".join(["id,question,coder,code", *rows]) + "\n", encoding="utf-8")
    coding = load_coding(file, survey, CODEBOOK)
    found = matches(survey, coding, CODEBOOK, "focus")
    assert [(set(keys), how) for keys, how in zip(found["codes"], found["how"], strict=True)] == [
        (set(), "coded by people"),
        (set(), "not matched"),
        ({"inclusion"}, "own name"),
        ({"data"}, "coded by people"),
    ]  # "n/a" is no answer


def test_the_work_list_counts_texts_that_are_not_matched_whatever_their_case() -> None:
    rows = unmatched(
        responses(
            focus=["Literacy", "literacy", "Numeracy", "Attendance"],
            role=["Janitor", "QIO", "", ""],
            organisation_other=["", "", "Ministry", "University"],
        ),
        None,
        CODEBOOK,
    )
    assert rows.to_numpy().tolist() == [
        ["focus", "Literacy", 2],
        ["focus", "Attendance", 1],
        ["role", "Janitor", 1],
        ["organisation", "Ministry", 1],
    ]


def test_two_codes_for_one_role_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "coding.csv"
    row = "1,role,A,headteacher;data-officer"
    file.write_text(f"id,question,coder,code\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Two codes for one answer to role"):
        load_coding(file, responses(role=["Both"]), CODEBOOK)
