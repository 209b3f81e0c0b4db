"""One engagement of the register, and the reading of a row that describes it.

Its date is the day on which it began. Kept are the first and the last day on which that can have been, and
how precisely it is known (`ci_eval.programme.dates`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ci_eval.problems import Problem

from .councils import Councils
from .dates import PRECISIONS, Precision, parse_day, plain_day, precision_fault, spoken
from .tables import Row

COLUMNS = (
    "engagement", "hosts", "earliest", "latest", "precision", "status", "mode", "pilot", "focus",
    "report_written", "report_published", "source", "note",
)  # fmt: skip
FILLED = ("hosts", "earliest", "latest", "precision", "status", "pilot", "source")
STATUSES = ("took place", "planned", "not known")
MODES = ("", "Online", "In person", "A mixture of online and in person")

Status = Literal["took place", "planned", "not known"]
Answer = Literal["yes", "no", "cannot be known"]


@dataclass(frozen=True)
class Engagement:
    """One Collaborative Improvement; an empty text is what is not known."""

    engagement: str
    hosts: tuple[str, ...]
    earliest: date
    latest: date
    precision: Precision
    status: Status
    mode: str
    pilot: bool
    focus: str
    report_written: str
    report_published: str
    source: str
    note: str

    @property
    def when(self) -> str:
        """The date in words, no more precise than it is known."""
        return spoken(self.earliest, self.latest, self.precision)

    def begun_by(self, day: date) -> Answer:
        """Whether the engagement had begun by the end of `day`; see `Register.hosted_by`."""
        on = plain_day(day)
        if on < self.earliest:
            return "no"
        return "yes" if self.status == "took place" and on >= self.latest else "cannot be known"


def read_engagement(row: Row, councils: Councils) -> Engagement | list[Problem]:
    """The engagement of one row with the columns `COLUMNS`, or every problem of the row."""
    hosts, problems = _hosts(row, councils)
    problems += _date_problems(row) + _word_problems(row)
    return problems or _engagement(row, hosts)


def _hosts(row: Row, councils: Councils) -> tuple[tuple[str, ...], list[Problem]]:
    where = f'{row.file}, row {row.number}, column "hosts"'
    found = [councils.look_up(part, where) for part in row.parts("hosts")]
    problems = [answer for answer in found if isinstance(answer, Problem)]
    codes = tuple(answer for answer in found if isinstance(answer, str))
    if len(set(codes)) < len(codes):
        problems.append(
            row.problem("host-twice", "A council is named twice as host.", "hosts", "name it once")
        )
    if not found:
        problems.append(row.problem("no-host", "No host is named.", "hosts", "name at least one council"))
    return codes, problems


def _date_problems(row: Row) -> list[Problem]:
    days, problems = [], []
    for column in ("earliest", "latest"):
        try:
            days.append(parse_day(row[column]))
        except ValueError:
            mend = "write year-month-day, such as 2022-06-30 (a spreadsheet may have changed it)"
            problems.append(row.problem("bad-date", "This is not a day of the calendar.", column, mend))
    if problems or row["precision"] not in PRECISIONS:
        return problems
    fault = precision_fault(days[0], days[1], row["precision"])
    if not fault:
        return []
    message = f'Precision "{row["precision"]}" does not fit {row["earliest"]} to {row["latest"]}: {fault}.'
    return [row.problem("date-precision", message, "precision", "correct the days or the precision")]


def _word_problems(row: Row) -> list[Problem]:
    yes_no = ("", "yes", "no")
    allowed: dict[str, Iterable[str]] = {
        "precision": PRECISIONS,
        "status": STATUSES,
        "mode": MODES,
        "pilot": yes_no[1:],
        "report_written": yes_no,
        "report_published": yes_no,
    }
    return [
        row.problem(
            "unknown-word", f'"{column}" has a closed list of words.', column, f"use {_listed(words)}"
        )
        for column, words in allowed.items()
        if row[column] not in words
    ]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word or "a blank for not known" for word in words)


def _engagement(row: Row, hosts: tuple[str, ...]) -> Engagement:
    values = dict(row.cells) | {"hosts": hosts, "pilot": row["pilot"] == "yes"}
    return Engagement(**values | {column: parse_day(row[column]) for column in ("earliest", "latest")})  # type: ignore[arg-type]
