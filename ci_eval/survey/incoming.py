"""The rows of an export on their way in, alike for every kind of file: `sources` makes them, `exports` uses them up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ci_eval.problems import Problem
from ci_eval.survey.files import HashingReader


@dataclass
class Rows:
    """The rows of an export on their way in.

    Attributes
    ----------
    head : the first rows as texts, for finding the heading
    first : the same rows as they came
    rest : the rows after them, gone through once
    read_as : how the file was read, for people
    hashed : hashes the file while it is read
    as_text : turns a cell into text; None where cells are texts
    tool : the only tool that writes such files, "" for any
    labels : column → code → label, where the file holds them
    problems : what was noted so far
    merged : ranges of merged cells
    after : what there is to note once all rows were gone through
    """

    head: list[list[str]]
    first: list[Sequence[Any]]
    rest: Iterator[Sequence[Any]]
    read_as: tuple[str, ...]
    hashed: HashingReader
    as_text: Callable[[Any], str] | None = None
    tool: str = ""
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    after: Callable[[], list[Problem]] = list
    merged: list[str] = field(default_factory=list)
