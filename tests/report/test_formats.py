"""Numbers as a reader sees them."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ci_eval.agreement import EDUCATION_SCOTLAND
from ci_eval.report import formats


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (1 / 8, "13%"),  # halves up
        (0.145, "15%"),  # stored just below the half, still up
        (0.004, "under 1%"),
        (0.996, "over 99%"),
        (0.92, "92%"),
    ],
)
def test_a_share_is_a_whole_percentage(share, text):
    assert formats.percent(share, bands=EDUCATION_SCOTLAND) == text


@pytest.mark.parametrize(
    ("agree", "answered", "text"),
    [
        (9, 10, "90%"),  # most
        (46, 51, "90.2%"),  # almost all, which 90% is not
        (901, 1001, "90.01%"),
        (3, 4, "75%"),
        (74, 99, "74.7%"),  # majority, which 75% is not
        (1, 2, "50%"),
        (199, 400, "49.8%"),  # less than half, which 50% is not
        (15, 100, "15%"),  # few
        (15, 98, "15.3%"),  # less than half
    ],
)
def test_a_percentage_does_not_contradict_its_word(agree, answered, text):
    assert formats.percent(agree / answered, bands=EDUCATION_SCOTLAND) == text


def test_a_share_without_a_word_keeps_whole_numbers():
    assert formats.percent(46 / 51, bands=()) == "90%"
    assert formats.percent(0.999, bands=()) == "over 99%"


def test_a_percentage_can_keep_decimals():
    assert formats.percent(0.1234, 1, bands=EDUCATION_SCOTLAND) == "12.3%"


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.04, "+4"), (-0.03, "−3"), (0.0, "0"), (0.004, "0"), (-0.004, "0"), (0.005, "+1")],
)
def test_a_difference_has_its_sign_in_points(difference, text):
    assert formats.points(difference) == text


def test_numbers_have_thousands_separators_and_a_true_minus():
    assert formats.rounded(1234567) == "1,234,567"
    assert formats.rounded(-1234.5, 1) == "−1,234.5"
    assert formats.rounded(-0.4) == "0"
    assert formats.cell_text(12345, "count") == "12,345"
    assert formats.cell_text(0.5, "number") == "0.50"


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, pd.NaT, pd.NA, "", "  "])
@pytest.mark.parametrize("kind", formats.KINDS)
def test_every_blank_is_a_dash_in_every_kind(value, kind):
    assert formats.cell_text(value, kind) == "–"


def test_a_day_is_written_out_and_a_rough_date_is_passed_on():
    assert formats.cell_text(dt.date(2022, 6, 3), "date") == "3 June 2022"
    assert formats.cell_text(pd.Timestamp("2022-06-03"), "date") == "3 June 2022"
    assert formats.cell_text("about May 2022", "date") == "about May 2022"


@pytest.mark.parametrize(
    ("value", "kind", "complaint"),
    [
        (92, "percent", "fractions from 0 to 1"),
        (-0.1, "percent", "fractions from 0 to 1"),
        (4.0, "points", "from -1 to 1"),
        (2.5, "count", "not a whole number"),
        (float("inf"), "number", "not a finite number"),
        ("many", "count", "not a finite number"),
        (True, "count", "not a finite number"),
        (3, "date", "not a date"),
    ],
)
def test_a_value_that_does_not_fit_its_kind_is_refused(value, kind, complaint):
    with pytest.raises(ValueError, match=complaint):
        formats.cell_text(value, kind)


def test_values_for_results_are_plain_and_rounded_to_what_is_the_same_everywhere():
    assert formats.recorded_value(np.float64(0.1 + 0.2)) == 0.3
    assert formats.recorded_value(np.int64(3)) == 3
    assert formats.recorded_value(np.bool_(True)) is True
    assert formats.recorded_value(dt.date(2022, 6, 3)) == "2022-06-03"
    assert formats.recorded_value(pd.Timestamp("2022-06-03 10:00")) == "2022-06-03T10:00:00"
    assert formats.recorded_value(float("nan")) is None
    with pytest.raises(ValueError, match="infinite"):
        formats.recorded_value(float("-inf"))
