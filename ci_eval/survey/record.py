"""What a load gives back: the responses, and the record of how each row of the file was used.

A record also shows where one file was to answer for two periods.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ci_eval.inputs.problems import Problem
from ci_eval.programme.codebook import MATCHED

NOTHING_ANSWERED = "opened, nothing answered"
BLANK = "blank row"
DUPLICATE = "exact duplicate"


@dataclass(frozen=True)
class LoadRecord:
    """How a file became responses. ``rows_in == used + sum(left_out.values())`` always holds.

    Attributes
    ----------
    file, sha256, size : name, hash and bytes of the export
    description : what it was read as
    tool : the tool's name
    rows_in : rows below the heading, blank ones included
    used : responses
    left_out : reason → number of rows
    left_out_ids : reason → ids of these rows (a tool's number, no name)
    matched : question code → (column letter, exported heading, how it was matched)
    first, last : first and last day on which a response ended, "" if not known
    notes : everything worth knowing that did not stop the load
    invented : whether the settings declare the answers as invented
    """

    file: str
    sha256: str
    size: int
    description: str
    tool: str
    rows_in: int
    used: int
    left_out: Mapping[str, int]
    left_out_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    matched: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    notes: tuple[Problem, ...] = ()
    invented: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The record as plain values, for JSON; ids are for the work list alone."""
        left = ("notes", "left_out_ids")
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in left}
        values |= {"left_out": dict(self.left_out), "matched": dict(self.matched)}
        return values | {"notes": [note.as_dict() for note in self.notes]}


def text_column(question: str) -> str:
    """The column of the responses that holds what people wrote to a question."""
    return "organisation_other" if question == "organisation" else question


def _is_text(column: "pd.Series[Any]") -> bool:
    return pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty")


@dataclass(frozen=True)
class Responses:
    """The responses of one survey.

    Attributes
    ----------
    frame : one row a response; columns id, started, ended, and one for each question and statement of the
        questionnaire, with organisation_other beside organisation. Choices of one are Categorical over the questionnaire's
        own words and its marks of missing answers, NaN is not answered. A choice of several is a tuple of options, None is
        not answered. A number is a float, NaN is not answered. Free text is as the respondent wrote it; "" is not
        answered (nothing, or only spaces).
    record : how the rows of the file were used
    flagged : cells of free text that may hold personal data: row in the file, question, kinds
    comments : codes of the questions for comments, which are coded with themes
    """

    frame: pd.DataFrame
    record: LoadRecord
    flagged: pd.DataFrame
    comments: tuple[str, ...] = ()

    @property
    def coded(self) -> tuple[str, ...]:
        """Codes of every question whose answers people can code: comments, and others that are asked in words."""
        columns = {question: self.frame.get(text_column(question)) for question in MATCHED}
        texts = (question for question, column in columns.items() if column is not None and _is_text(column))
        return (*self.comments, *texts)


def loaded_before(record: LoadRecord, others: Iterable[LoadRecord]) -> list[Problem]:
    """REJECT where a file of another period holds the very same bytes: one survey would count twice.

    Examples
    --------
    >>> first = LoadRecord("a.csv", "ab12", 9, "read as a plain table", "a plain table", 2, 2, {})
    >>> [problem.check for problem in loaded_before(first, [first])]
    ['file-twice']
    """
    problems = []
    for other in others:
        if record.sha256 == other.sha256:
            message = f"{record.file} and {other.file} are the same file (sha256 {record.sha256[:12]}…)."
            fix = "Name the export of each period; one survey cannot be the answers of two."
            problems.append(Problem("file-twice", "REJECT", message, record.file, fix=fix))
    return problems
