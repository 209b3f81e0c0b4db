"""The claims of the published report, checked by the records: three results, and the loose ends come from data."""

import shutil
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ci_eval import programme
from ci_eval.inputs.problems import InputError
from ci_eval.programme.claims import (
    OF_SURVEY,
    Checked,
    check_record,
    expected,
    load_claims,
    misfits,
    of_bounds,
)

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"
BANDS = programme.load_bands(FACTS)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def changed(facts: Path, file: str, old: str, new: str) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def checked(folder: Path) -> dict[str, Checked]:
    register, asked = programme.load_register(folder), programme.load_questionnaire(folder)
    claims: list[Mapping[str, Any]] = load_claims(folder).to_dict("records")  # type: ignore[assignment]
    values = {claim["key"]: claim["value"] for claim in claims}
    return {
        claim["key"]: check_record(claim, register, asked, BANDS, values)
        for claim in claims
        if claim["check"] not in OF_SURVEY
    }


def unfit(folder: Path) -> dict[str, str]:
    claims: list[Mapping[str, Any]] = load_claims(folder).to_dict("records")  # type: ignore[assignment]
    return misfits(claims, programme.load_register(folder), BANDS)


def test_the_published_report_has_three_loose_ends() -> None:
    results = checked(FACTS)
    assert [key for key, one in results.items() if one.result == "contradicted"] == ["key-questions-stated"]
    assert "8 numbered questions" in results["key-questions-stated"].evidence
    pairs = unfit(FACTS)
    assert set(pairs) == {"hosts-in-appendix", "key-questions-listed", "reports-produced", "reports-shared"}
    assert "11" in pairs["hosts-in-appendix"]
    assert "Scottish Borders (August 2022)" in pairs["hosts-in-appendix"]


def test_what_the_register_does_not_hold_cannot_be_known() -> None:
    results = checked(FACTS)
    unknown = {key for key, one in results.items() if one.result == "cannot be known"}
    assert {"online-by-june-2022", "first-engagement", "reports-produced", "reports-shared"} <= unknown


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "result"),
    [
        ("claims.csv", "hosts,,11", "hosts,,10", "hosts-by-june-2022", "contradicted"),
        ("claims.csv", "hosts,,11", "hosts,,12", "hosts-by-june-2022", "contradicted"),
        ("claims.csv", "Online,9", "Online,2", "online-by-june-2022", "contradicted"),
        ("claims.csv", "Online,9", "Online,12", "online-by-june-2022", "contradicted"),
        ("claims.csv", "authorities,,32", "authorities,,31", "plan-authorities", "contradicted"),
        ("claims.csv", "plan-last-year,3", "plan-last-year,4", "plan-length", "contradicted"),
        ("claims.csv", ",2021-06,", ",2021-05,", "first-engagement", "contradicted"),
        ("claims.csv", "statements,,15", "statements,,14", "statements-agreed", "contradicted"),
        ("claims.csv", "questions,,9", "questions,,8", "key-questions-stated", "supported"),
        ("register.csv", "2021-06-01,2022-06-30,period", "2021-05-03,2021-05-03,day", "first-engagement", "contradicted"),
        ("register.csv", "2021-06-01,2022-06-30,period", "2021-06-07,2021-06-07,day", "first-engagement", "supported"),
        ("register.csv", "2022-10-01,2022-10-31,month", "2025-10-01,2025-10-31,month", "plan-last-year", "contradicted"),
        ("register.csv", "took place,,yes,,,,", "took place,,yes,,no,,", "reports-produced", "contradicted"),
        ("register.csv", "took place,,yes,,,,", "took place,,yes,,,no,", "reports-shared", "contradicted"),
    ],
)  # fmt: skip
def test_a_claim_goes_with_the_records(
    facts: Path, file: str, old: str, new: str, key: str, result: str
) -> None:
    assert checked(facts)[key].result != result
    changed(facts, file, old, new)
    assert checked(facts)[key].result == result


def test_recorded_reports_bear_out_all_and_almost_all(facts: Path) -> None:
    text = (facts / "register.csv").read_text(encoding="utf-8")
    text = (
        text.replace(",,yes,,,,", ",,yes,,yes,yes,")
        .replace(",,no,,,,", ",,no,,yes,yes,")
        .replace("Online,no,,,,", "Online,no,,yes,yes,")
    )
    (facts / "register.csv").write_text(text, encoding="utf-8")
    results = checked(facts)
    # all ten published: "all", which is more than "almost all" of the scale
    assert (results["reports-produced"].result, results["reports-shared"].result) == (
        "supported",
        "contradicted",
    )


def test_engagements_confirmed_since_contradict_nothing_that_was_published(facts: Path) -> None:
    before = checked(facts)
    for host in ("Highland,2022-10-01,2022-10-31,month,", "Dundee City,2023-01-01,2023-01-31,month,"):
        changed(facts, "register.csv", f"{host}planned", f"{host}took place")
    assert {k: one.result for k, one in checked(facts).items()} == {
        k: one.result for k, one in before.items()
    }


def test_two_numbers_fit_when_they_are_one(facts: Path) -> None:
    changed(facts, "claims.csv", "hosts,,12", "hosts,,11")
    assert "hosts-in-appendix" not in unfit(facts)


def test_a_difference_without_an_engagement_between_is_not_explained(facts: Path) -> None:
    changed(facts, "register.csv", "2022-08-31,month,took place", "2022-08-31,month,planned")
    assert "does not explain" in unfit(facts)["hosts-in-appendix"]


@pytest.mark.parametrize(("word", "clashing"), [("most", 2), ("less than half", 2), ("few", 0), ("some", 0)])
def test_shares_for_and_against_clash_only_where_they_exceed_the_whole(
    facts: Path, word: str, clashing: int
) -> None:
    changed(facts, "claims.csv", "published: Unsure,majority", f"published: Unsure,{word}")
    assert sum(key.startswith("reports") for key in unfit(facts)) == clashing


@pytest.mark.parametrize(
    ("value", "least", "most", "result"),
    [
        ("most", 75, 90, "supported"),
        ("most", 74, 90, "cannot be known"),
        ("most", 75, 91, "cannot be known"),
        ("most", 91, 95, "contradicted"),
        ("almost all", 80, 90, "contradicted"),  # 90% itself is "most"
        ("at least 80%", 80, 80, "supported"),
        ("at least 80%", 70, 79, "contradicted"),
        ("at most 20%", 20, 21, "cannot be known"),
    ],
)
def test_a_word_is_held_against_the_bounds_of_a_share(value: str, least: int, most: int, result: str) -> None:
    band = expected(value, BANDS)
    assert band is not None
    assert of_bounds(band, Fraction(least, 100), Fraction(most, 100)) == result


def test_claims_carry_the_day_they_are_of() -> None:
    claims = load_claims(FACTS).set_index("key")
    assert claims.loc["hosts-by-june-2022", "as_at_day"] == date(2022, 6, 30)
    assert (claims["source"] != "").all()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("hosts,,11", "hosts,,eleven", "not a whole number"),
        ("hosts,,11", "hosts,,-11", "not a whole number"),
        ("hosts,,11", f"hosts,,{'1' * 5000}", "not a whole number"),
        ("hosts,,11", "guesses,,11", "no such check"),
        ("Online,9", "By post,9", "cannot be made of this"),
        ("first engagement,,2021-06", "first engagement,,2021", "not a month"),
        (",2022-06,,,", ",June 2022,,,", "not a year, month or day"),
        ("report_written", "report", "cannot be made of this"),
        ("published: Unsure", "published", "cannot be made of this"),
        ("majority,2021-22", "majority,", "does not fit the check"),
        ("hosts,,11,,", "hosts,,11,2021-22,", "does not fit the check"),
        (",2022-08,hosts-by-june-2022", ",2022-08,hosts-by-july-2022", "no other claim's key"),
        ("hosts-in-appendix", "Hosts-by-June-2022", "is in row"),
    ],
)
def test_a_claim_in_doubt_is_refused(facts: Path, old: str, new: str, message: str) -> None:
    changed(facts, "claims.csv", old, new)
    with pytest.raises(InputError) as caught:
        load_claims(facts)
    assert message in str(caught.value)
    assert "claims.csv" in str(caught.value)
