"""The register of engagements: who hosted, when as far as it is known, and how it went.

An engagement may have several hosts. Its date is the day on which it began: the first and the last day on which that
can have been, and how precisely it is known (`ci_eval.programme.approximate_dates`). What follows from these bounds
is certain; the rest is called unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ci_eval.inputs.fact_tables import Row, in_quotes, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem, refuse
from ci_eval.programme.about import load_programme
from ci_eval.programme.approximate_dates import (
    PRECISIONS,
    Precision,
    is_date,
    parse_day,
    plain_day,
    precision_fault,
    spoken,
)
from ci_eval.programme.codebook import codes_of, load_codebook
from ci_eval.programme.councils import Councils, load_councils
from ci_eval.programme.engagement_facts import FACTS, READERS, facts_of, merged, read_facts

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "engagement", "hosts", "earliest", "latest", "precision", "status", "mode", "pilot", "focus",
    "report_written", "report_published", "source", "note",
)  # fmt: skip
FILLED = ("hosts", "earliest", "latest", "precision", "status", "pilot", "source")
STATUSES = ("took place", "planned", "not known")
HOST_COLUMNS = (
    "gss_code", "council", "collaborative", "engagement", "earliest", "latest", "precision", "status", "mode",
    "pilot", "when",
)  # fmt: skip
NEXT_COLUMNS = (
    "engagement", "hosts", "councils", "earliest", "latest", "precision", "status", "when", "note",
)  # fmt: skip
_UNKNOWN = {"earliest": None, "latest": None, "pilot": False}
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
    named = [councils.look_up(part, where) for part in row.parts("hosts")]
    problems = [answer for answer in named if isinstance(answer, Problem)]
    codes = tuple(answer for answer in named if isinstance(answer, str))
    if len(set(codes)) < len(codes):
        problems.append(
            row.problem("host-twice", "A council is named twice as host.", "hosts", "name it once")
        )
    if not named:
        problems.append(row.problem("no-host", "No host is named.", "hosts", "name at least one council"))
    return codes, problems


def _date_problems(row: Row) -> list[Problem]:
    fix = "write year-month-day, such as 2022-06-30 (in Excel: give the cells the custom format yyyy-mm-dd)"
    wrong = [column for column in ("earliest", "latest") if not is_date(row[column], parse_day)]
    if wrong or row["precision"] not in PRECISIONS:
        return [
            row.problem("bad-date", "This is not a day of the calendar.", column, fix) for column in wrong
        ]
    fault = precision_fault(parse_day(row["earliest"]), parse_day(row["latest"]), row["precision"])
    if not fault:
        return []
    message = f'Precision "{row["precision"]}" does not fit {row["earliest"]} to {row["latest"]}: {fault}.'
    fix = "correct the precision, or the days: those between which it began, not its own first and last day"
    return [row.problem("date-precision", message, "precision", fix)]


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
    values = {name: row[name] for name in COLUMNS} | {"hosts": hosts, "pilot": row["pilot"] == "yes"}
    return Engagement(**values | {column: parse_day(row[column]) for column in ("earliest", "latest")})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Register:
    """The engagements in the order of their file, and the councils that can host them.

    `facts` holds what else is recorded of an engagement, by its name (`engagement_facts`); `facts_file` names the file
    of their own that they come from, "" where there is none.
    """

    entries: tuple[Engagement, ...]
    councils: Councils
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts_file: str = ""

    @property
    def engagements(self) -> "pd.DataFrame":
        """One row an engagement: the columns of the file, and `when`, the date in words.

        Hosts are a tuple of GSS codes, days ``datetime.date``, pilot is bool, and "" is what is not known.
        """
        return _frame((*COLUMNS, "when"), self.entries)

    @property
    def hosts(self) -> "pd.DataFrame":
        """One row a council, in the order of councils.csv: `HOST_COLUMNS`.

        A council with several engagements shows the one whose window ends first; a council with none has ""
        and None.
        """
        import pandas as pd

        rows = []
        for code, council in self.councils.by_code.items():
            own = min(self.of(code), key=_order, default=None)
            known = [getattr(own, column) if own else _UNKNOWN.get(column, "") for column in HOST_COLUMNS[3:]]
            rows.append([code, council.short_name, council.regional_improvement_collaborative, *known])
        return pd.DataFrame(rows, columns=list(HOST_COLUMNS)).astype({"pilot": bool})

    def of(self, gss_code: str) -> tuple[Engagement, ...]:
        """The engagements of which the council was or is to be a host."""
        return tuple(entry for entry in self.entries if gss_code in entry.hosts)

    def hosted_by(self, gss_code: str, day: date) -> Answer:
        """Whether the council had been a host by the end of `day`: "yes", "no" or "cannot be known".

        - "no" while `day` lies before the earliest day of each of its engagements. The earliest day of a
          planned engagement is taken at its word: engagements are put off, not brought forward.
        - "yes" from the latest day of an engagement that is confirmed to have taken place.
        - "cannot be known" between the two; from the earliest day on for an engagement that is only planned
          or whose status is not known, however long ago its dates have passed; and always for a council that
          the register does not mention.

        Raises
        ------
        InputError
            If `gss_code` is not the current code of a council.
        """
        if gss_code not in self.councils.by_code:
            message = f"{in_quotes(gss_code)} is no council's current code."
            fix = "look the council up with Councils.find first"
            refuse("CANNOT LOOK UP A HOST", "unknown-code", message, fix=fix)
        answers = {entry.begun_by(day) for entry in self.of(gss_code)}
        if "yes" in answers:
            return "yes"
        return "no" if answers == {"no"} else "cannot be known"

    def as_at(self, day: date) -> "pd.Series[str]":
        """`hosted_by` for every council: a Series of answers by GSS code."""
        import pandas as pd

        answers = [self.hosted_by(code, day) for code in self.councils.by_code]
        return pd.Series(answers, index=pd.Index(list(self.councils.by_code), name="gss_code"), name="hosted")

    def next_hosts(self, day: date) -> "pd.DataFrame":
        """Engagements that lie, or may lie, after `day`, the soonest certain first: `NEXT_COLUMNS`.

        An engagement counts while its latest day has not come; `unconfirmed` has those whose dates have
        passed. A row that names the plan's years only waits for nothing once each of its hosts has a dated one.
        """
        on = plain_day(day)
        return self._listed(lambda entry: entry.latest > on)

    def unconfirmed(self, day: date) -> "pd.DataFrame":
        """Engagements whose latest day has come by `day` without anybody confirming that they took place."""
        on = plain_day(day)
        return self._listed(lambda entry: entry.latest <= on and entry.status != "took place")

    def names(self, entry: Engagement) -> str:
        """The display names of an engagement's hosts, in the order of the register."""
        return ", ".join(self.councils.short_name(code) for code in entry.hosts)

    def _dated_since(self, entry: Engagement) -> bool:
        """Whether it names the plan's years only, while each of its hosts has an engagement with a date."""
        dated = (any(other.precision != "plan" for other in self.of(code)) for code in entry.hosts)
        return entry.precision == "plan" and all(dated)

    def _listed(self, wanted: Callable[[Engagement], bool]) -> "pd.DataFrame":
        waiting = (entry for entry in self.entries if wanted(entry) and not self._dated_since(entry))
        chosen = sorted(waiting, key=_order)
        frame = _frame(tuple(column for column in NEXT_COLUMNS if column != "councils"), chosen)
        frame.insert(NEXT_COLUMNS.index("councils"), "councils", [self.names(entry) for entry in chosen])
        return frame


def load_register(
    folder: Path | str | None = None, councils: Councils | None = None, facts: Path | None = None
) -> Register:
    """Read ``register.csv`` of the programme's folder, and the file of further `facts` of its engagements.

    Examples
    --------
    >>> register = load_register()
    >>> register.hosted_by(register.councils.find("Argyll and Bute"), date(2022, 6, 30))
    'no'

    Hosts are council names or codes, separated by semicolons; days are written 2022-06-30; pilot is yes or
    no; mode, focus, report_written, report_published and note stay blank where they are not known. The columns
    of ``engagement_facts.FACTS`` may be left out.

    Raises
    ------
    InputError
        With every row that names an unknown council, a host twice, a bad date, bounds that do not fit the
        precision, or a value that is not of its column's kind.
    """
    home = programme_folder(folder)
    known = councils if councils is not None else load_councils(folder)
    entries: list[Engagement] = []
    problems: list[Problem] = []
    rows = read_rows(home / "register.csv", COLUMNS, key="engagement", filled=FILLED, optional=FACTS)
    readers = load_programme(folder).draft_readers if facts or any(row[READERS] for row in rows) else ()
    own, wrong = facts_of(rows, readers)
    problems += wrong
    for row in rows:
        read = read_engagement(row, known)
        if isinstance(read, Engagement):
            entries.append(read)
        else:
            problems += read
    if problems:
        raise InputError("CANNOT USE THE REGISTER: nothing was loaded", problems)
    if facts is None:
        return Register(tuple(entries), known, own)
    themes = codes_of(load_codebook(folder), "focus")["key"].tolist()
    return Register(tuple(entries), known, merged(own, read_facts(facts, own, themes, readers)), facts.name)


def _order(entry: Engagement) -> tuple[date, date, str]:
    return entry.latest, entry.earliest, entry.engagement


def _frame(columns: tuple[str, ...], entries: Iterable[Engagement]) -> "pd.DataFrame":
    import pandas as pd

    rows = [[getattr(entry, column) for column in columns] for entry in entries]
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({"pilot": bool}) if "pilot" in columns else frame
