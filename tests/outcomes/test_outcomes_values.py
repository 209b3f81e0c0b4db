"""What single cells say, and the looking-up of years and headings."""

import math
from datetime import date

import pytest

from ci_eval.inputs.problems import Findings
from ci_eval.outcomes.outcome_cells import Cell, meaning
from ci_eval.outcomes.places_and_years import Places, school_year, span_of_years


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (75.31280077, 75.31280077),
        (0, 0.0),
        ("74.5", 74.5),
        (" 74.5 % ", 74.5),
        ("-1.5", -1.5),
        ("\N{MINUS SIGN}1.5", -1.5),
        ("302,921", 302921.0),
        ("1,302,921.5", 1302921.5),
        ("8.5e-02", 0.085),
        ("61.2 [r]", 61.2),
        ("61.2[p]", 61.2),
    ],
)
def test_numbers(cell: object, value: float) -> None:
    found = meaning(cell)
    assert found is not None
    assert (found.value, found.missing) == (value, "")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("[c]", "suppressed"),
        ("c", "suppressed"),
        ("c  ", "suppressed"),
        ("[C]", "suppressed"),
        ("[w]", "not collected"),
        ("[z]", "no pupils"),
        ("z", "no pupils"),
        ("-", "no pupils"),
        ("\N{EN DASH}", "no pupils"),
        ("NA", "no pupils"),
        ("", "blank"),
        ("\N{NO-BREAK SPACE}", "blank"),
    ],
)
def test_marks(cell: str, reason: str) -> None:
    found = meaning(cell)
    assert found is not None
    assert found.missing == reason
    assert math.isnan(found.value)


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("95-100%", 95, 100),
        ("96  - 100%", 96, 100),
        ("0-13%", 0, 13),
        ("90%–100%", 90, 100),
        ("90 - 100 %", 90, 100),
    ],
)
def test_bands(cell: str, low: float, high: float) -> None:
    assert meaning(cell) is not None
    found = meaning(cell)
    assert found is not None
    assert (found.missing, found.low, found.high) == ("banded", low, high)


@pytest.mark.parametrize(
    "cell",
    [
        "*",
        "..",
        "n/a",
        "[x]",
        "[c",
        "75,3",
        "1,23",
        "12,3456",
        "100-95%",
        "95-95%",
        "95-101%",
        "95-100",  # without a per cent sign it may be a date or a range of anything
        "seventy",
        "=1+1",
        "74.5.1",
        "٧٤",
        "1e999",
        "9" * 41,
        True,
        None,
        math.nan,
        math.inf,
        date(2022, 10, 12),
    ],
)
def test_what_is_not_known_is_not_guessed(cell: object) -> None:
    assert meaning(cell) is None


@pytest.mark.parametrize(("text", "decimals"), [("74.5", 1), ("74", 0), ("74.50", 2), ("1e-2", 15)])
def test_the_decimals_written_are_kept(text: str, decimals: int) -> None:
    found = meaning(text)
    assert isinstance(found, Cell)
    assert found.decimals == decimals


@pytest.mark.parametrize("text", ["2021-22", "2021/22", " 2021-2022 ", "2021\N{EN DASH}22"])
def test_a_school_year_is_one_however_it_is_written(text: str) -> None:
    assert school_year(text) == "2021-22"


def test_the_turn_of_a_century_is_a_school_year() -> None:
    assert school_year("1999-00") == school_year("1999-2000") == "1999-00"


@pytest.mark.parametrize(
    "text", ["2010-14", "2021-23", "2021", "2021-21", "22-23", "2021-22-23", "", "9999-00", 2022, None]
)
def test_anything_else_is_no_school_year(text: object) -> None:
    assert school_year(text) == ""


def test_a_span_of_several_years_is_told_from_one() -> None:
    assert [span_of_years(text) for text in ("2010-14", "2009-11", "2021-22", "2021", "x")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_every_spelling_of_a_council_is_its_code_and_scotland_is_itself() -> None:
    places = Places(Findings("x.csv"))
    assert {places.code(text, "") for text in ("Edinburgh, City of", "Edinburgh City", "S12000036")} == {
        "S12000036"
    }
    assert places.code(" SCOTLAND ", "") == places.code("s92000003", "") == "S92000003"
    assert places.name("S92000003") == "Scotland"
    assert places.code("Ayrshire", "row 2") == ""
    assert "East Ayrshire" in places.findings.problems[0].fix
