"""The cells that hold comments, and what files that point at them have in common.

A coding and a list of quotations name a comment by the id of its response and its column. Messages about them
name the cell and never hold its text.
"""

from collections.abc import Collection, Sequence

import pandas as pd

from ci_eval.problems import Problem
from ci_eval.programme.tables import Row
from ci_eval.programme.tables import shown as quoted
from ci_eval.survey.record import Responses

TEXTS = ("comment", "improve")
NOTHING = frozenset({"", "n/a", "n.a", "na", "none", "nothing", "no", "nil", "-", "nothing to add"})
NOTHING |= {"no comment", "no comments", "not applicable"}
"""Answers that say there is no answer, after evening out case, spaces and full stops."""

Cell = tuple[str, str]  # a response's id and the column's name


def says_something(texts: pd.Series) -> pd.Series:
    """Whether each text is an answer: not empty, and not one of `NOTHING`."""
    return ~texts.fillna("").str.casefold().str.strip(" .\n\r\t").isin(NOTHING)


def filled(responses: Responses) -> list[tuple[Cell, bool]]:
    """Every cell that holds a text, and whether that says something; by column, in the order of the responses.

    A response without an id, which some exports have, counts like any other; no file can point at it.
    """
    frame = responses.frame
    return [
        ((str(identity), column), bool(something))
        for column in TEXTS
        for identity, text, something in zip(
            frame["id"], frame[column], says_something(frame[column]), strict=True
        )
        if str(text).strip()
    ]


def ids(responses: Responses) -> frozenset[str]:
    """The ids that a file can point at."""
    return frozenset(responses.frame["id"].astype(str)) - {""}


def unknown(rows: Sequence[Row], known: Collection[str]) -> list[Problem]:
    """Rows whose response is none of the known ids, or whose column is not known."""
    problems = []
    for row in rows:
        if row["id"] not in known:
            message = f"No response has the id {quoted(row['id'])}."
            mend = "take the id from the export; a response left out of the load cannot be used"
            problems.append(reject("unknown-response", message, row, "id", mend))
        if row["column"] not in TEXTS:
            message = f"{quoted(row['column'])} is not a column of comments."
            mend = f"write {' or '.join(TEXTS)}"
            problems.append(reject("unknown-text-column", message, row, "column", mend))
    return problems


def reject(check: str, message: str, row: Row, column: str, mend: str) -> Problem:
    """A problem that names the row and the column, and shows the cell only as far as its message does."""
    return Problem(check, "REJECT", message, f'{row.file}, row {row.number:,}, column "{column}"', mend=mend)


def grouped(problems: Sequence[Problem]) -> list[Problem]:
    """One problem for each cause, with its first place and how often it occurs."""
    causes: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        causes.setdefault((problem.check, problem.message), []).append(problem)
    return [
        Problem(first.check, first.level, first.message, first.where, len(found), first.mend)
        for found in causes.values()
        for first in found[:1]
    ]
