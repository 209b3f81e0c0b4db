"""What the published report found, asked for and left open: recommendations, questions, claims.

Status, evidence and next step of a recommendation are facts of later years: blank until somebody knows them.
"""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import Row, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme.approximate_dates import bounds

if TYPE_CHECKING:
    import pandas as pd

TRACKED = ("status", "as_at", "evidence", "next_step", "source")
STATUSES = ("", "not started", "under way", "done", "not taken up")
CLAIM_COLUMNS = ("key", "subject", "claim", "value", "unit", "of", "direction", "as_at", "note", "source")
COUNTED = ("authorities", "questions", "statements", "people", "year", "years")
UNITS = (*COUNTED, "month", "word", "as published")
DIRECTIONS = ("", "for", "against")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def load_recommendations(folder: Path | str | None = None) -> "pd.DataFrame":
    """The report's recommendations, one row each: key, recommendation and the columns of `TRACKED`.

    Examples
    --------
    >>> load_recommendations().columns.tolist()[:2]
    ['key', 'recommendation']

    The words of a recommendation are this workbook's short form; "" stands for what is not known.
    """
    return _tracked(programme_folder(folder) / "recommendations.csv", "recommendation")


def load_strategic_questions(folder: Path | str | None = None) -> "pd.DataFrame":
    """The questions left to the Strategic Group, one row each: key, question and `TRACKED`.

    Examples
    --------
    >>> load_strategic_questions().columns.tolist()[:2]
    ['key', 'question']
    """
    return _tracked(programme_folder(folder) / "strategic_questions.csv", "question")


def load_claims(folder: Path | str | None = None) -> "pd.DataFrame":
    """What the report claims, one row a claim.

    Examples
    --------
    >>> load_claims().set_index("subject").loc["length of the plan", "value"]
    '3'

    Columns
    -------
    key, subject : the claim's name, and what it is about; claims about one subject can be compared
    claim : the claim in words, without its value
    value : text: a whole number, a month as 2021-06, a word for a proportion, or "" for what is not published
    unit : one of `UNITS`
    of : whose proportion a word describes (hosts, respondents)
    direction : whether a proportion speaks "for" or "against" its subject being so
    as_at, as_at_day : year, month or day the claim is of, and the last day of that (``datetime.date``)
    note, source

    Raises
    ------
    InputError
        With every value that is not of its unit, and every word outside a column's list.
    """
    rows = read_rows(
        programme_folder(folder) / "claims.csv",
        CLAIM_COLUMNS,
        key="key",
        filled=("subject", "claim", "unit", "as_at", "source"),
    )
    problems = [problem for row in rows for problem in _claim_problems(row)]
    if problems:
        raise InputError("CANNOT USE claims.csv", problems)
    frame = _frame(CLAIM_COLUMNS, rows)
    days: list[date] = [bounds(row["as_at"])[1] for row in rows]
    frame.insert(CLAIM_COLUMNS.index("as_at") + 1, "as_at_day", days)
    return frame


def _claim_problems(row: Row) -> list[Problem]:
    problems = _outside(row, "unit", UNITS) + _outside(row, "direction", DIRECTIONS) + _date_problems(row)
    value = row["value"]
    if row["unit"] in COUNTED and value and not _NUMBER.fullmatch(value):
        fix = "write at most nine digits and nothing else"
        problems.append(row.problem("bad-number", "This is not a whole number.", "value", fix))
    if row["unit"] == "month" and value and not (len(value) == 7 and _is_date(value)):
        problems.append(row.problem("bad-month", "This is not a month.", "value", "write it as 2021-06"))
    return problems


def _tracked(path: Path, what: str) -> "pd.DataFrame":
    columns = ("key", what, *TRACKED)
    rows = read_rows(path, columns, key="key", filled=(what, "source"))
    problems = [p for row in rows for p in _outside(row, "status", STATUSES) + _date_problems(row)]
    problems += [
        row.problem(
            "status-without-date", "A status needs the date it is of.", "as_at", "write it as 2023-06-30"
        )
        for row in rows
        if row["status"] and not row["as_at"]
    ]
    if problems:
        raise InputError(f"CANNOT USE {path.name}", problems)
    return _frame(columns, rows)


def _outside(row: Row, column: str, words: Sequence[str]) -> list[Problem]:
    if row[column] in words:
        return []
    listed = ", ".join(word or "a blank" for word in words)
    return [row.problem("unknown-word", f'"{column}" has a closed list of words.', column, f"use {listed}")]


def _date_problems(row: Row) -> list[Problem]:
    if not row["as_at"] or _is_date(row["as_at"]):
        return []
    fix = "write 2022, 2022-06 or 2022-06-30"
    return [row.problem("bad-date", "This is not a year, month or day.", "as_at", fix)]


def _is_date(text: str) -> bool:
    try:
        bounds(text)
    except ValueError:
        return False
    return True


def _frame(columns: Sequence[str], rows: Sequence[Row]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame([[row[column] for column in columns] for row in rows], columns=list(columns))
