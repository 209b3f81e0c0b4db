"""Recommendations, questions and claims: what is published, and blanks for what is not."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import (
    load_claims,
    load_recommendations,
    load_strategic_questions,
)

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def changed(facts: Path, file: str, old: str, new: str) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_six_recommendations_and_four_questions_are_published() -> None:
    assert (len(load_recommendations(FACTS)), len(load_strategic_questions(FACTS))) == (6, 4)


def test_what_became_of_a_recommendation_is_blank_until_it_is_known() -> None:
    for frame in (load_recommendations(FACTS), load_strategic_questions(FACTS)):
        assert (frame[["status", "as_at", "evidence", "next_step"]] == "").all(axis=None)
        assert (frame["source"] != "").all()


def test_a_status_comes_with_its_date(facts: Path) -> None:
    row = "shares and understands, and that is applied in every engagement"
    changed(facts, "recommendations.csv", f'{row}",,,', f'{row}",under way,2023-06,')
    frame = load_recommendations(facts).set_index("key")
    assert list(frame.loc["guidance", ["status", "as_at"]]) == ["under way", "2023-06"]
    changed(facts, "recommendations.csv", "under way,2023-06", "under way,")
    with pytest.raises(InputError, match="needs the date"):
        load_recommendations(facts)


def test_claims_carry_the_published_numbers_and_words() -> None:
    claims = load_claims(FACTS).set_index("key")
    assert claims["value"].to_dict() == {
        "hosts_by_june_2022": "11",
        "hosts_in_appendix": "12",
        "online_by_june_2022": "9",
        "plan_authorities": "32",
        "plan_first_year": "2021",
        "plan_last_year": "2024",
        "plan_length": "3",
        "first_engagement": "2021-06",
        "key_questions_stated": "9",
        "key_questions_listed": "8",
        "reports_produced": "all",
        "reports_shared": "almost all",
        "reports_unsure": "majority",
        "statements_agreed": "15",
        "agreement": "almost all",
        "comments_celebrating": "a few",
        "comments_other_authorities": "a few",
        "comments_stakeholders": "some",
        "survey_sent": "",
        "survey_returned": "",
    }
    assert claims.loc["hosts_by_june_2022", "as_at_day"] == date(2022, 6, 30)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("claims.csv", ",11,authorities", ",eleven,authorities", "not a whole number"),
        ("claims.csv", ",11,authorities", ",-11,authorities", "not a whole number"),
        ("claims.csv", ",11,authorities", f",{'1' * 5000},authorities", "not a whole number"),
        ("claims.csv", ",11,authorities", ",11,councils", "closed list"),
        ("claims.csv", ",2021-06,month", ",2021,month", "not a month"),
        ("claims.csv", ",2022-06,", ",June 2022,", "not a year, month or day"),
        ("claims.csv", "hosts,for", "hosts,pro", "closed list"),
        ("claims.csv", "hosts_in_appendix", "Hosts_by_June_2022", "is in row"),
    ],
)
def test_a_claim_in_doubt_is_refused(facts: Path, file: str, old: str, new: str, message: str) -> None:
    changed(facts, file, old, new)
    with pytest.raises(InputError) as caught:
        load_claims(facts)
    assert message in str(caught.value)
    assert file in str(caught.value)
