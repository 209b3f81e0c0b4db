"""Pupil-level files (.csv, .parquet) to outcomes of councils by school year; no row of a pupil is ever held.

A value that few rows hold may be a name or a number of one pupil that strayed into the wrong column, so it is counted
and never printed (docs/methods.md C9).

Small groups are suppressed before anything leaves this module. Suppression of one table cannot know of others: two
tables of the same pupils, by other groups or from another year's file, may give away together what each one hides.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ci_eval.inputs.files import open_file
from ci_eval.inputs.problems import Findings, Problem, refuse
from ci_eval.inputs.text import listed, one_line
from ci_eval.outcomes.outcome_cells import BLANK, SUPPRESSED
from ci_eval.outcomes.outcome_table import ALL, PERCENT, QUINTILES, Outcomes, outcomes_of
from ci_eval.outcomes.places_and_years import SCOTLAND, Places, school_year
from ci_eval.outcomes.pupil_files import (
    AGAIN,
    LIMITS,
    MEMORY,
    NumberSums,
    PupilFile,
    grouped,
    is_parquet,
    of_parquet,
    of_text,
    require_duckdb,
)
from ci_eval.programme import Councils

MEAN = "mean"
YES = frozenset({"1", "1.0", "true", "t", "yes", "y"})
NO = frozenset({"0", "0.0", "false", "f", "no", "n"})
NO_COUNCIL, NO_YEAR = "council not given", "school year not given"
NO_STAGE, NO_QUINTILE = "stage not given", "SIMD quintile not given"
LONGEST_STAGE = 60
SMALLEST_GROUP = 5
CROWD, MOST_LISTED = (
    20,
    50,
)  # rows that hold a value, from which it may be printed; values listed for the team
AT_ONCE = 3  # columns of yes and no in one statement; each of them may triple the number of groups


@dataclass(frozen=True)
class Keys:
    """The columns that say which group a row is of; "" for one that is not used."""

    council: str
    school_year: str
    stage: str = ""
    simd_quintile: str = ""

    @property
    def columns(self) -> list[str]:
        columns = (self.council, self.school_year, self.stage, self.simd_quintile)
        return [column for column in columns if column]


class Group(NamedTuple):
    """Pupils that are summed up together."""

    gss_code: str
    school_year: str
    stage: str
    simd_quintile: str


@dataclass
class Grouping:
    """Collects the sums of all statements run on one file.

    Attributes
    ----------
    sums : measure, group, numerator and number of pupils, in parts that are yet to be added up
    rows, left_out : rows of the file, and those without a group by reason
    odd : (column, what it should be) → value that is not → rows
    empty : column → empty cells
    numbers : column of numbers → what each group holds of it
    """

    keys: Keys
    places: Places
    smallest: int
    sums: list[tuple[str, Group, float, int]] = field(default_factory=list)
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    odd: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    empty: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, list[NumberSums]] = field(default_factory=dict)
    _counted: bool = False

    def add(self, groups: Iterable[Sequence[Any]], shares: Sequence[str], means: Sequence[str]) -> None:
        """Add the groups of one statement; rows are counted in the first only."""
        width = len(self.keys.columns)
        for row in groups:
            texts = tuple(
                str(text).strip() if text is not None else "" for text in row[: width + len(shares)]
            )
            rows: int = row[width + len(shares)]
            group = self._group(texts[:width], 0 if self._counted else rows)
            if isinstance(group, str):
                self.left_out.update({} if self._counted or not group else {group: rows})
                continue
            for column, text in zip(shares, texts[width:], strict=True):
                self._share(column, text, group, rows)
            numbers: Sequence[NumberSums] = row[width + len(shares) + 1 :]
            for column, cells in zip(means, numbers, strict=True):
                self.sums.append((column, group, float(cells.total), cells.known))
                self.empty[column] += rows - cells.known - cells.rest
                self.numbers.setdefault(column, []).append(cells)
                if cells.rest:
                    self.odd.setdefault((column, "a number"), Counter())[""] += cells.rest
        self._counted = True

    def _group(self, texts: tuple[str, ...], rows: int) -> Group | str:
        """The group, a reason why the rows have none, or "" where a value is not understood (counted as odd)."""
        self.rows += rows
        keys = self.keys
        labels = dict(zip(keys.columns, texts, strict=True))
        council, year = labels[keys.council], labels[keys.school_year]
        stage, quintile = labels.get(keys.stage, ""), labels.get(keys.simd_quintile, "")
        if not council or not year:
            return NO_YEAR if council else NO_COUNCIL
        if keys.simd_quintile and not quintile:
            return NO_QUINTILE
        if keys.stage and not stage:
            return NO_STAGE
        code = self.places.look_up(council)
        known_year = school_year(year)
        number = quintile.removesuffix(".0")
        wrong = [
            (keys.council, "a council", council, isinstance(code, Problem) or code == SCOTLAND),
            (keys.school_year, "a school year such as 2021-22", year, not known_year),
            (
                keys.simd_quintile,
                "a SIMD quintile from 1 to 5",
                quintile,
                quintile and number not in QUINTILES,
            ),
            (keys.stage, f"a text of up to {LONGEST_STAGE} characters", stage, len(stage) > LONGEST_STAGE),
        ]
        for column, wanted, text, is_wrong in wrong:
            if is_wrong:
                self.odd.setdefault((column, wanted), Counter())[text] += rows
        return (
            ""
            if any(is_wrong for *_, is_wrong in wrong)
            else Group(str(code), known_year, stage, number or ALL)
        )

    def _share(self, column: str, text: str, group: Group, rows: int) -> None:
        answer = text.casefold()
        if answer in YES or answer in NO:
            self.sums.append((column, group, float(rows if answer in YES else 0), rows))
        elif answer:
            self.odd.setdefault((column, "yes or no (1/0, true/false, yes/no)"), Counter())[text] += rows
        else:
            self.sums.append((column, group, 0.0, 0))
            self.empty[column] += rows

    def note(self, findings: Findings) -> None:
        """Say what was not understood, and how many pupils' cells were empty."""
        # DuckDB gives the groups in whatever order its threads end: the problems are put in an order of their own.
        for (column, wanted), texts in sorted(self.odd.items()):
            by_rows = sorted(texts.items(), key=lambda item: (-item[1], item[0]))
            often = [text for text, rows in by_rows if text and rows >= max(CROWD, self.smallest)]
            rest = [
                f"{one_line(text, 40) or '(no text)'} ({rows:,})"
                for text, rows in by_rows
                if text not in often
            ]
            message = f'The column "{one_line(column, 40)}" holds values that are not {wanted}'
            message += f": {listed([repr(one_line(text, 40)) for text in often])}." if often else "."
            if rest:
                message += " Values of few rows are not shown, since they may name a pupil."
            fix = self._fix(column, often)
            count, cells = sum(texts.values()), listed(rest, MOST_LISTED)
            findings.add("value-unknown", "REJECT", message, fix=fix, count=count, cells=cells)
        for column, rows in sorted(self.empty.items()):
            if rows:
                message = f'The column "{one_line(column, 40)}" is empty for some pupils, who are not in its outcome.'
                findings.add("cells-empty", "NOTE", message, count=rows)
        for column, groups in self.numbers.items():
            self._note_codes(column, groups, findings)

    def _note_codes(self, column: str, groups: Sequence[NumberSums], findings: Findings) -> None:
        """Note numbers such as 999 or -9 that stand far outside all others: they were counted as measurements."""
        least, most, least_code, most_code = (
            end(known) if (known := [one for one in ends if one is not None]) else None
            for end, ends in zip(
                (min, max, min, max), zip(*(group[3:] for group in groups), strict=True), strict=True
            )
        )
        if least is None or most is None or least_code is None or most_code is None:
            return
        spread = most - least
        if most_code > most + spread or least_code < least - spread or least_code < 0 <= least:
            message = f'Numbers such as 999 or -9, far outside all others, are in the mean of "{one_line(column, 40)}".'
            fix = "If they stand for a number not known, leave these cells empty in the source of the file."
            findings.add("numbers-outside", "WARN", message, fix=fix)

    def _fix(self, column: str, often: Sequence[str]) -> str:
        if column == self.keys.council and often:
            problem = self.places.look_up(often[0])
            if isinstance(problem, Problem):
                return f"{problem.fix[:1].upper()}{problem.fix[1:]}."
        return "Check that this is the column meant; correct the values in the source of the file."


def aggregate_pupils(
    path: str | os.PathLike[str],
    *,
    shares: Sequence[str] = (),
    means: Sequence[str] = (),
    council: str = "council",
    school_year: str = "school_year",
    stage: str = "",
    simd_quintile: str = "",
    smallest_group: int = SMALLEST_GROUP,
    councils: Councils | None = None,
    memory: str = MEMORY,
) -> Outcomes:
    """Sum a pupil-level file up by council and school year.

    Examples
    --------
    >>> import tempfile
    >>> rows = ["council,school_year,literacy"] + ["Fife,2021-22,yes"] * 15 + ["Fife,2021-22,no"] * 5
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "pupils.csv")
    ...     length = file.write_text("\\n".join(rows))
    ...     outcomes = aggregate_pupils(file, shares=["literacy"])
    >>> outcomes.frame.loc[0, ["value", "denominator"]].tolist()
    [75.0, 20.0]

    Parameters
    ----------
    path : .csv (UTF-8, one heading row) or .parquet, one row a pupil and year
    shares : columns of yes and no (1/0, true/false, yes/no); the outcome is the percentage of yes among both
    means : columns of numbers; the outcome is their mean
    council, school_year : columns of the council (name or GSS code) and the year (2021-22)
    stage : column to keep apart by, its text becomes part of the measure's name; "" for none
    simd_quintile : column of 1 to 5 to keep apart by; "" for none
    smallest_group : a percentage is suppressed where fewer pupils than this are on either side of it, a mean where
        fewer have a number
    memory : most that DuckDB may use, e.g. ``"200MB"``

    Returns
    -------
    Outcomes whose measures are the columns' names, with numerator (pupils with yes, or the sum) and denominator (pupils).
    An empty cell is in neither. Suppressed values have none of the three. Figures of Scotland are not made: they would
    give away what is suppressed of one council. The record counts pupils' rows.

    Raises
    ------
    InputError
        With every problem: columns not there, councils or years not known, cells that are neither yes, no nor
        a number. A value that fewer than `CROWD` rows hold, or than `smallest_group`, is never printed, since it may be
        somebody's name.

    Measured: benchmarks/pupils.py, five million rows.
    """
    keys = Keys(council, school_year, stage, simd_quintile)
    _check_request(shares, means, smallest_group)
    require_duckdb(one_line(Path(path).name) or "the file")
    with _opened(path) as source, ThreadPoolExecutor(1) as beside:
        digest = beside.submit(_sha256, source.path)
        findings = Findings(source.name)
        _check_columns(source, findings, [*keys.columns, *shares, *means])
        kinds = {**dict.fromkeys(shares, PERCENT), **dict.fromkeys(means, MEAN)}
        grouping = Grouping(keys, Places(findings, councils), smallest_group)
        parts = [tuple(shares[place : place + AT_ONCE]) for place in range(0, len(shares), AT_ONCE)] or [()]
        for number, part in enumerate(parts):
            numbers = tuple(means) if number == 0 else ()
            grouping.add(grouped(source, [*keys.columns, *part], numbers, memory), part, numbers)
        grouping.note(findings)
        findings.raise_if_stopping()
        sha256, size = digest.result(), Path(source.path).stat().st_size
    return outcomes_of(
        _rows(grouping, kinds, smallest_group),
        grouping.places,
        grouping.left_out,
        sha256=sha256,
        size=size,
        description=f"read as a pupil-level file, {source.read_as}; fewer than {smallest_group} pupils suppressed",
        counted="pupils' rows",
        rows_in=grouping.rows,
        used=grouping.rows - sum(grouping.left_out.values()),
    )


def _rows(grouping: Grouping, kinds: Mapping[str, str], smallest: int) -> list[dict[str, Any]]:
    """Rows of the table of outcomes, small groups suppressed."""
    keys = ["measure", *Group._fields]
    # Sorted, because DuckDB's order of groups changes and the last bit of a sum depends on the order.
    parts = pd.DataFrame(
        [(measure, *group, numerator, pupils) for measure, group, numerator, pupils in sorted(grouping.sums)],
        columns=[*keys, "numerator", "denominator"],
    )
    parts["measure"] = pd.Categorical(parts["measure"], list(kinds))  # in the order asked for
    sums = parts.groupby(keys, observed=True, as_index=False).sum()
    measures = sums["measure"].astype(str)
    units = measures.map(kinds)
    # Of a percentage both sides are people: 100% says it of each of them.
    sides = (sums["denominator"] - sums["numerator"]).clip(upper=sums["numerator"])
    fewest = sides.where(units == PERCENT, sums["denominator"])
    missing = np.where(sums["denominator"] == 0, BLANK, np.where(fewest < smallest, SUPPRESSED, ""))
    numerator, denominator = (sums[name].where(missing == "") for name in ("numerator", "denominator"))
    named = zip(measures, sums["stage"], strict=True)
    rows = sums[list(Group._fields)].assign(
        measure=[f"{measure} ({stage})" if stage else measure for measure, stage in named],
        value=numerator / denominator * np.where(units == PERCENT, 100.0, 1.0),
        unit=units,
        missing=missing,
        numerator=numerator,
        denominator=denominator,
    )
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[PupilFile]:
    """The file as DuckDB is to read it; refused where it changes before the end."""
    if not is_parquet(path):
        with open_file(path, LIMITS, ("text",), AGAIN) as opened:
            yield of_text(opened)
        return
    before = _state(path)
    source = of_parquet(path)
    yield source
    if _state(path) != before:
        message = f"{source.name} changed while it was being read."
        fix = "Close it in other programs and load it again."
        Findings(source.name).refuse("file-changed", message, fix=fix)


def _state(path: str | os.PathLike[str]) -> tuple[int, int, int]:
    """What changes when a file does."""
    now = Path(path).stat()
    return now.st_ino, now.st_size, now.st_mtime_ns


def _sha256(path: str) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _check_request(shares: Sequence[str], means: Sequence[str], smallest_group: int) -> None:
    headline = "CANNOT SUM UP PUPILS"
    if isinstance(shares, str) or isinstance(means, str) or not (*shares, *means):
        fix = 'Name columns, as in shares=["literacy"] or means=["attendance"].'
        refuse(headline, "no-outcome", "No outcome is named.", fix=fix)
    if smallest_group < 1:
        fix = "Give the least number of pupils that may be shown: 1 or more."
        refuse(headline, "smallest-group", f"The smallest group may not be {smallest_group}.", fix=fix)


def _check_columns(source: PupilFile, findings: Findings, wanted: Sequence[str]) -> None:
    """Refuse columns that are not there, that the file has twice, or that are asked for twice."""
    headings = listed([f'"{one_line(column, 40)}"' for column in source.columns], 20)
    for column in dict.fromkeys(wanted):
        name = one_line(column, 40)
        if column not in source.columns:
            message = f'There is no column "{name}"; the columns are {headings}.'
            fix = "Name the columns as the file's heading does."
            findings.add("column-missing", "REJECT", message, fix=fix)
        elif source.columns.count(column) > 1:
            message = f'The column "{name}" is there twice.'
            findings.add("column-twice", "REJECT", message, fix="Delete or rename one of the two.")
        elif wanted.count(column) > 1:
            message = f'The column "{name}" is asked for as two things.'
            findings.add("column-asked-twice", "REJECT", message, fix="Use every column once.")
    findings.raise_if_stopping()
