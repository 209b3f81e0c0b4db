"""The example workbooks read with openpyxl alone, so that a fault of ci_eval.survey cannot hide here."""

from collections import Counter
from functools import cache
from pathlib import Path

import openpyxl

FOLDER = Path(__file__).resolve().parents[2] / "data" / "example"
SCALE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
STATEMENTS = range(10, 25)  # columns, counted from 0
ORGANISATION, MODE, COMMENT, PUBLISHED, IMPROVE = 6, 9, 25, 26, 27
PERIODS = ("2021-22", "2022-23")


@cache
def book(period: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(FOLDER / f"survey_{period}.xlsx")


@cache
def rows(period: str) -> list[tuple[object, ...]]:
    return list(book(period).worksheets[0].iter_rows(min_row=2, values_only=True))


def given(period: str, column: int) -> Counter[object]:
    """How many people gave each answer; None is a blank cell."""
    return Counter(row[column] for row in rows(period))


def agreement(period: str) -> list[tuple[int, int]]:
    """(agreeing, answered) of each statement in order."""
    counted = [given(period, column) for column in STATEMENTS]
    return [(c["Strongly agree"] + c["Agree"], sum(c[answer] for answer in SCALE)) for c in counted]
