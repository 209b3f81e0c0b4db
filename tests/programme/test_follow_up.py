"""Themes, recommendations, questions and claims: what is published, and blanks for what is not."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from ci_eval.inputs.problems import InputError
from ci_eval.programme import (
    load_claims,
    load_comment_themes,
    load_recommendations,
    load_strategic_questions,
    load_themes,
)

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def changed(facts: Path, file: str, old: str, new: str) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nine_themes_six_recommendations_and_four_questions_are_published() -> None:
    assert (
        len(load_themes(FACTS)),
        len(load_recommendations(FACTS)),
        len(load_strategic_questions(FACTS)),
    ) == (9, 6, 4)


def test_the_codebook_of_comments_begins_with_the_three_published_findings() -> None:
    codebook = load_comment_themes(FACTS)
    published = codebook[codebook["source"].str.contains("January 2023")]
    assert dict(zip(published["key"], published["reported"], strict=True)) == {
        "celebrating": "saw a risk of always celebrating success",
        "other-authorities": "would have liked to engage more with other authorities",
        "stakeholders": "asked for a wider range of stakeholders",
    }
    assert list(codebook["key"][:3]) == list(published["key"])
    assert set(codebook["source"][3:]) == {"This workbook's first codebook"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\ntime,", "\ntime;place,", "cannot be a theme's key"),
        ("\ntime,", "\nTime,", "cannot be a theme's key"),
        ("\ntime,", "\nguidance,", "is in row"),
        ("raised what follows afterwards", "", '"reported" may not be blank'),
    ],
)
def test_a_theme_of_comments_in_doubt_is_refused(facts: Path, old: str, new: str, message: str) -> None:
    changed(facts, "comment_themes.csv", old, new)
    with pytest.raises(InputError, match=message):
        load_comment_themes(facts)


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
        ("themes.csv", "numeracy,", "data,", "is in row"),
        ("themes.csv", "key,theme,scope,source", "key,theme,source,scope,colour", "not known"),
    ],
)
def test_a_claim_or_theme_in_doubt_is_refused(
    facts: Path, file: str, old: str, new: str, message: str
) -> None:
    changed(facts, file, old, new)
    load = load_claims if file == "claims.csv" else load_themes
    with pytest.raises(InputError) as caught:
        load(facts)
    assert message in str(caught.value)
    assert file in str(caught.value)
