"""The words for proportions that Education Scotland uses, as exact bounds.

Rule: docs/methods.md A2. The published scale leaves 49-50% and 74-75% open and puts 15% in two bands; the
file ``proportion_words.csv`` closes them, and a user may close them otherwise.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from ci_eval.inputs.fact_tables import Row, programme_folder, read_rows
from ci_eval.inputs.problems import InputError, Problem

COLUMNS = ("word", "above", "above_included", "up_to", "up_to_included", "source")
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,6})?%", re.ASCII)


class ProportionWord(NamedTuple):
    """A row of the file: a word and the shares it is used for, from `above` to `up_to` (fractions of 1)."""

    word: str
    above: Fraction
    above_included: bool
    up_to: Fraction
    up_to_included: bool


def load_bands(folder: Path | str | None = None) -> tuple[ProportionWord, ...]:
    """The words of ``proportion_words.csv`` in rising order, from "none" to "all".

    Examples
    --------
    >>> [band.word for band in load_bands()][-2:]
    ['almost all', 'all']

    Raises
    ------
    InputError
        If a bound is not a percentage, or the bands leave a share without a word or give it two.
    """
    path = (programme_folder(folder) / "proportion_words.csv").resolve()
    rows = read_rows(path, COLUMNS, key="word", filled=COLUMNS)
    problems = [problem for row in rows for problem in _cell_problems(row)]
    if problems:
        raise InputError(f"CANNOT USE {path.name}", problems)
    bands = tuple(_band(row) for row in rows)
    problems = _joint_problems(rows, bands)
    if problems:
        raise InputError(f"CANNOT USE {path.name}", problems)
    return bands


def _cell_problems(row: Row) -> list[Problem]:
    problems = [
        row.problem(
            "bad-percentage", "A bound is written as a percentage from 0% to 100%.", column, "write 75%"
        )
        for column in ("above", "up_to")
        if not _PERCENT.fullmatch(row[column]) or _fraction(row[column]) > 1
    ]
    problems += [
        row.problem(
            "bad-flag", "Whether a bound is included is said by yes or no.", column, "write yes or no"
        )
        for column in ("above_included", "up_to_included")
        if row[column] not in ("yes", "no")
    ]
    return problems


def _band(row: Row) -> ProportionWord:
    low, high = _fraction(row["above"]), _fraction(row["up_to"])
    return ProportionWord(
        row["word"], low, row["above_included"] == "yes", high, row["up_to_included"] == "yes"
    )


def _fraction(percent: str) -> Fraction:
    return Fraction(percent.removesuffix("%")) / 100


def _joint_problems(rows: Sequence[Row], bands: Sequence[ProportionWord]) -> list[Problem]:
    """Every share from 0 to 1 has one word: bands rise, meet, and share no point."""
    fix = (
        "let each band begin where the one above it in the file ends, and include the point in one of the two"
    )
    problems: list[Problem] = []
    for row, band in zip(rows, bands, strict=True):
        point = band.above == band.up_to
        if band.above > band.up_to or (point and not (band.above_included and band.up_to_included)):
            problems.append(row.problem("empty-band", f'No share can be "{band.word}".', "above", fix))
    for row, below, band in zip(rows[1:], bands, bands[1:], strict=False):
        if below.up_to != band.above or below.up_to_included == band.above_included:
            message = f'Between "{below.word}" and "{band.word}" a share has no word, or two.'
            problems.append(row.problem("bands-do-not-meet", message, "above", fix))
    if bands[0].above != 0 or not bands[0].above_included:
        problems.append(rows[0].problem("bands-start", "The first band begins with 0%.", "above", fix))
    if bands[-1].up_to != 1 or not bands[-1].up_to_included:
        problems.append(rows[-1].problem("bands-end", "The last band ends with 100%.", "up_to", fix))
    return problems
