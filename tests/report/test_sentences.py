"""Numbers said in sentences agree with their words, and read as English."""

from datetime import date

import pytest

from ci_eval.agreement import EDUCATION_SCOTLAND
from ci_eval.report import sentences


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (118, 126, "94%"),
        (118, 131, "90.1%"),  # "almost all" is over 90%, so 90% would contradict it
        (9, 10, "90%"),  # exactly 90% is "most"
        (101, 1121, "9%"),
        (151, 1000, "15.1%"),  # 15% would read as "few"
        (15, 100, "15%"),
        (149, 200, "74.5%"),  # 75% would read as "most"
        (1, 8, "13%"),  # halves round up, as in tables
        (999, 1000, "over 99%"),  # 100% would read as "all"
        (1, 1000, "under 1%"),  # 0% would read as "none"
        (0, 7, "0%"),
        (7, 7, "100%"),
    ],
)
def test_a_rounded_percentage_never_contradicts_its_word(part: int, whole: int, said: str) -> None:
    assert sentences.percent(part, whole, bands=EDUCATION_SCOTLAND) == said


def test_nobody_answering_has_no_percentage() -> None:
    with pytest.raises(ValueError, match="nobody answered"):
        sentences.percent(0, 0, bands=())


def test_people_and_percentage_stand_together() -> None:
    assert sentences.share_of(1180, 1260, bands=()) == "94% (1,180 of 1,260)"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "no engagements"), (1, "one engagement"), (9, "nine engagements"), (10, "10 engagements")],
)
def test_small_numbers_are_words_and_the_noun_agrees(number: int, said: str) -> None:
    assert sentences.count(number, "engagement") == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("almost all", "almost all respondents"),
        ("majority", "the majority of respondents"),
        ("less than half", "less than half of respondents"),
        ("none", "no respondents"),
    ],
)
def test_a_word_before_its_noun_is_english(word: str, said: str) -> None:
    assert sentences.people(word) == said


def test_a_list_uses_semicolons_where_an_item_holds_a_comma() -> None:
    assert sentences.listed(["Fife"]) == "Fife"
    assert sentences.listed(["Fife", "Moray"]) == "Fife and Moray"
    assert sentences.listed(["Fife", "Moray", "Angus"]) == "Fife, Moray and Angus"
    assert sentences.listed(["Orkney, Shetland", "Moray"]) == "Orkney, Shetland; and Moray"


@pytest.mark.parametrize(
    ("difference", "said"),
    [(0.041, "+4 points"), (-0.01, "−1 point"), (0.0, "0 points"), (-0.004, "0 points")],
)
def test_a_difference_is_said_in_points_with_its_sign(difference: float, said: str) -> None:
    assert sentences.points(difference) == said


def test_a_date_is_said_in_english_whatever_the_locale() -> None:
    assert sentences.date(date(2022, 6, 30)) == "30 June 2022"
