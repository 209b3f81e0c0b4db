"""What the published report asked for and left open: recommendations and questions.

Status, evidence and next step of a recommendation are facts of later years: blank until somebody knows them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval.inputs.fact_tables import Row, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme.approximate_dates import bounds

if TYPE_CHECKING:
    import pandas as pd

TRACKED = ("status", "as_at", "evidence", "next_step", "source")
STATUSES = ("", "not started", "under way", "done", "not taken up")


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
