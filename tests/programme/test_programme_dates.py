"""Dates at the precision at which they are known."""

from datetime import date, datetime

import pytest

from ci_eval.programme.approximate_dates import bounds, parse_day, plain_day, precision_fault, spoken


@pytest.mark.parametrize(
    "text",
    ["30/06/2022", "2022-6-30", "2022-02-29", "20220630", "2022-W26-4", "2022-06-30T00:00", "", "٢٠٢٢-٠٦-٣٠"],
)
def test_a_day_written_any_other_way_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the words come from two places
        parse_day(text)


def test_a_leap_day_is_a_day() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-06", date(2022, 6, 1), date(2022, 6, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-06-30", date(2022, 6, 30), date(2022, 6, 30)),
    ],
)
def test_a_year_a_month_and_a_day_have_bounds(text: str, first: date, last: date) -> None:
    assert bounds(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["2022-00", "2022-13", "2022-06-00", "2022-06-31", "0000", "22", "June 2022", "2022-6"]
)
def test_what_is_no_date_has_no_bounds(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the words come from two places
        bounds(text)


@pytest.mark.parametrize(
    ("earliest", "latest", "precision", "fits"),
    [
        (date(2022, 5, 3), date(2022, 5, 3), "day", True),
        (date(2022, 5, 3), date(2022, 5, 4), "day", False),
        (date(2022, 5, 1), date(2022, 5, 31), "month", True),
        (date(2022, 5, 2), date(2022, 5, 31), "month", False),
        (date(2022, 5, 1), date(2022, 5, 30), "month", False),
        (date(2022, 5, 1), date(2022, 6, 30), "month", False),
        (date(2021, 5, 1), date(2022, 5, 31), "month", False),
        (date(2022, 9, 1), date(2022, 10, 31), "months", True),
        (date(2022, 9, 1), date(2022, 9, 30), "months", False),
        (date(2022, 9, 1), date(2022, 10, 30), "months", False),
        (date(2021, 6, 1), date(2022, 6, 30), "period", True),
        (date(2021, 6, 1), date(2021, 6, 1), "period", False),
        (date(2022, 8, 1), date(2024, 12, 31), "plan", True),
        (date(2024, 12, 31), date(2022, 8, 1), "plan", False),
    ],
)
def test_bounds_have_to_fit_the_precision(earliest: date, latest: date, precision: str, fits: bool) -> None:
    assert (precision_fault(earliest, latest, precision) == "") is fits


@pytest.mark.parametrize(
    ("earliest", "latest", "precision", "words"),
    [
        (date(2022, 5, 3), date(2022, 5, 3), "day", "3 May 2022"),
        (date(2022, 10, 1), date(2022, 10, 31), "month", "October 2022"),
        (date(2022, 9, 1), date(2022, 10, 31), "months", "September or October 2022"),
        (date(2022, 9, 1), date(2022, 11, 30), "months", "September to November 2022"),
        (date(2022, 12, 1), date(2023, 1, 31), "months", "December 2022 or January 2023"),
        (date(2021, 6, 1), date(2022, 6, 30), "period", "between June 2021 and June 2022"),
        (date(2021, 6, 15), date(2022, 6, 30), "period", "between 15 June 2021 and 30 June 2022"),
        (date(2022, 8, 1), date(2024, 12, 31), "plan", "by 2024, not before August 2022; date not known"),
    ],
)
def test_a_date_is_said_no_more_precisely_than_it_is_known(
    earliest: date, latest: date, precision: str, words: str
) -> None:
    assert spoken(earliest, latest, precision) == words


def test_a_timestamp_counts_as_its_day() -> None:
    assert plain_day(datetime(2022, 6, 30, 23, 59)) == date(2022, 6, 30)
