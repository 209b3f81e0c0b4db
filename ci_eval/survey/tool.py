"""What there is to declare of a survey tool's export; `tools` holds the declarations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class LeaveOut:
    """Rows that are no finished response: `column` holds one of `cells` ("" is an empty cell)."""

    reason: str
    column: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Tool:
    """How one tool lays out its export.

    Attributes
    ----------
    name : as its users know it
    fingerprint : headings that are all there, in heading row `names`; they identify the tool
    heading_rows : rows above the first response
    names : the heading row (from 0) with the tool's own column names
    texts : the heading rows with the wording; with two, the first is the question, the second its part
    marks : (heading row, pattern) each: in that row, below the first name of the fingerprint, stands a cell that
        matches, or the layout is not this one; a heading row that a response could stand in has a mark
    question : (heading row, pattern): what its group holds is the same in all columns of one question
    prefix : pattern at a heading's start whose group 1 is the column's name and what follows the question
    suffix : pattern at a heading's end that names a part of the form, not of the question
    ids, started, ended : names of these columns, the first found counts
    metadata : other columns of the tool, not used; a name ending in ``*`` stands for all that start so
    missing : marks in answers, and what they mean
    date_order : the order this tool always writes, "" where it follows the user's language
    leave_out : rows that are no finished response
    replace : (pattern, replacement) for what the tool's export changed in every answer
    keyed : answers are codes and headings names, explained by a key file
    """

    name: str
    fingerprint: tuple[str, ...] = ()
    heading_rows: int = 1
    names: int = 0
    texts: tuple[int, ...] = (0,)
    marks: tuple[tuple[int, str], ...] = ()
    question: tuple[int, str] | None = (0, r"^(Q\d+)")
    prefix: str = ""
    suffix: str = ""
    ids: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    date_order: str = ""
    leave_out: tuple[LeaveOut, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    keyed: bool = False
