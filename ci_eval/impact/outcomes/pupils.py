"""Pupil-level files (.csv, .parquet) to outcomes of councils by school year; no row of a pupil is ever held.

Small groups are suppressed before anything leaves this module. Suppression of one table cannot know of others: two
tables of the same pupils, by other groups or from another year's file, may give away together what each one hides.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from ci_eval.programme import Councils
from ci_eval.survey.files import refuse
from ci_eval.survey.text import listed, shown

from ..refusals import refuse as refuse_request
from .findings import Findings
from .opening import reading
from .places import Places
from .pupils_groups import Grouping, Keys
from .pupils_query import AGAIN, LIMITS, MEMORY, PupilFile, grouped, is_parquet, of_parquet, of_text
from .pupils_sums import MEAN, Sums, tables
from .schema import PERCENT, Outcomes, OutcomesRecord, reasons

SMALLEST_GROUP = 5
AT_ONCE = 3  # columns of yes and no in one statement; each of them may triple the number of groups


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
    An empty cell is in neither. Suppressed values have none of the three. The figure of Scotland is suppressed wherever
    one of the councils' is, since it would give that one away. The record counts pupils' rows.

    Raises
    ------
    InputError
        With every problem found: columns not there, councils or years not known, cells that are neither yes, no nor
        a number. A value that fewer than `smallest_group` rows hold is never shown, since it may be somebody's name.

    Measured: benchmarks/pupils.py, five million rows.
    """
    keys = Keys(council, school_year, stage, simd_quintile)
    _check_request(shares, means, smallest_group)
    with _opened(path) as source, ThreadPoolExecutor(1) as beside:
        digest = beside.submit(_sha256, source.path)
        findings = Findings(source.name)
        _check_columns(source, findings, [*keys.columns, *shares, *means])
        kinds = {**dict.fromkeys(shares, PERCENT), **dict.fromkeys(means, MEAN)}
        grouping = Grouping(keys, Sums(kinds), Places(findings, councils), smallest_group)
        parts = [tuple(shares[place : place + AT_ONCE]) for place in range(0, len(shares), AT_ONCE)] or [()]
        for number, part in enumerate(parts):
            numbers = tuple(means) if number == 0 else ()
            grouping.add(grouped(source, [*keys.columns, *part], numbers, memory), part, numbers)
        grouping.note(findings)
        findings.raise_if_stopping()
        sha256, size = digest.result(), Path(source.path).stat().st_size
    frame, nation = tables(grouping.sums, grouping.places, smallest_group)
    record = OutcomesRecord(
        file=source.name,
        sha256=sha256,
        size=size,
        description=f"read as a pupil-level file, {source.read_as}; fewer than {smallest_group} pupils suppressed",
        counted="pupils' rows",
        rows_in=grouping.rows,
        used=grouping.rows - sum(grouping.left_out.values()),
        left_out=dict(grouping.left_out),
        missing=reasons(frame),
        notes=findings.problems,
    )
    return Outcomes(frame, nation, record)


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[PupilFile]:
    """The file as DuckDB is told of it; refused where it changes before the end."""
    if not is_parquet(path):
        with reading(path, "text", AGAIN, LIMITS) as opened:
            yield of_text(opened)
        return
    before = Path(path).stat()
    source = of_parquet(path)
    yield source
    after = Path(path).stat()
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (
        after.st_ino,
        after.st_size,
        after.st_mtime_ns,
    ):
        message = f"{source.name} changed while it was being read."
        refuse(source.name, "file-changed", message, "Close it in other programs and load it again.")


def _sha256(path: str) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _check_request(shares: Sequence[str], means: Sequence[str], smallest_group: int) -> None:
    what = "CANNOT SUM UP PUPILS"
    if isinstance(shares, str) or isinstance(means, str) or not (*shares, *means):
        text = "No outcome is named."
        refuse_request(
            what, "no-outcome", text, mend='Name columns, as in shares=["literacy"] or means=["attendance"].'
        )
    if smallest_group < 1:
        text = f"The smallest group may not be {smallest_group}."
        refuse_request(
            what, "smallest-group", text, mend="Give the least number of pupils that may be shown: 1 or more."
        )


def _check_columns(source: PupilFile, findings: Findings, wanted: Sequence[str]) -> None:
    """Refuse columns that are not there, that the file has twice, or that are asked for twice."""
    there = listed([f'"{shown(column, 40)}"' for column in source.columns], 20)
    for column in dict.fromkeys(wanted):
        name = shown(column, 40)
        if column not in source.columns:
            message = f'There is no column "{name}"; the columns are {there}.'
            findings.add(
                "column-missing", "REJECT", message, mend="Name the columns as the file's heading does."
            )
        elif source.columns.count(column) > 1:
            message = f'The column "{name}" stands twice.'
            findings.add("column-twice", "REJECT", message, mend="Delete or rename one of the two.")
        elif wanted.count(column) > 1:
            message = f'The column "{name}" is asked for as two things.'
            findings.add("column-asked-twice", "REJECT", message, mend="Use every column once.")
    findings.raise_if_stopping()
