"""Patterns over whole responses: the same answer throughout, responses copied, statements not asked all the time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.problems import Findings
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.columns import row_numbers

FEWEST = 10  # statements answered alike that are worth a look
BEFORE = 5  # responses without an answer, at the least, that make a statement one not asked at the time
_MIX = np.uint64(
    0x9E3779B97F4A7C15
)  # odd, with its bits well spread: different responses give different numbers
CHANCE = 0.001  # of so many unanswered in a row, given how often the statement is answered otherwise


def answered(frame: Mapping[str, Any], codes: Sequence[str], offered: Sequence[int]) -> NDArray[np.int8]:
    """The statements' answers as numbers, (response, statement); -1 where none of the answers `offered` was given."""
    table = np.stack([np.asarray(frame[code].codes, dtype=np.int8) for code in codes], axis=1)
    return np.where(table < np.array(offered), table, np.int8(-1))


def note_same(table: NDArray[np.int8], rows: NDArray[np.int32], findings: Findings) -> None:
    """Note responses with one and the same answer to every statement."""
    same = (table == table[:, :1]).all(axis=1) & (table[:, 0] >= 0)
    if table.shape[1] >= FEWEST and same.any():
        message = "Responses give the same answer to every statement. They were used."
        cells = row_numbers(rows[same])
        findings.add("same-answer-throughout", "WARN", message, count=int(same.sum()), cells=cells)


def note_copied(
    table: NDArray[np.int8],
    times: tuple[NDArray[Any], NDArray[Any]],
    rows: NDArray[np.int32],
    findings: Findings,
) -> None:
    """Note responses under different ids that were given in the same second and answer every statement alike.

    Only where the export keeps seconds: on one day, or in one minute, two people may well answer alike.
    """
    started, ended = (each.astype("int64").view("uint64") for each in times)
    timed = ~np.isnat(times[1])
    if not (ended[timed] % 60).any():
        return
    mixed = (
        started * _MIX + ended
    )  # one number a response: a million responses by 17 numbers would need 200 MB
    for column in table.T:
        mixed = mixed * _MIX + column.astype("uint64")
    again = pd.Series(mixed).duplicated(keep=False).to_numpy() & timed & (table >= 0).any(axis=1)
    if again.any():
        message = "Responses with different ids are equal in time and in every statement."
        fix = "Look whether two exports were joined, or rows copied; nothing was left out."
        findings.add("responses-copied", "WARN", message, "", fix, int(again.sum()), row_numbers(rows[again]))


def note_asked_in_part(
    table: NDArray[np.int8],
    ended: NDArray[Any],
    codes: Sequence[str],
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """Note statements that nobody answered before or after some day: added or dropped while the survey ran."""
    timed = ~np.isnat(ended) & (table >= 0).any(axis=1)
    order = np.flatnonzero(timed)[np.argsort(ended[timed], kind="stable")]
    given, days = table[order] >= 0, ended[order].astype("datetime64[D]")
    for number, code in enumerate(codes):
        if code in declared.changed or not given[:, number].any():
            continue
        for column, when, what in (
            (given[:, number], days, "until"),
            (given[::-1, number], days[::-1], "after"),
        ):
            first = int(np.argmax(column))
            share = column[first:].mean()
            if first < BEFORE or when[first] == when[first - 1] or (1 - share) ** first > CHANCE:
                continue
            day = when[first] - np.timedelta64(1, "D") if what == "until" else when[first]
            message = f"Nobody answered {code} {what} {day}, yet {column.sum():,} did otherwise: was the survey changed?"
            line = declared.fix(f'changed = ["{code}"]')
            fix = f"Load the two parts one by one; or, if its answers count for those who were asked, {line}."
            findings.add("statement-asked-in-part", "ASK", message, code, fix, first)
