"""Answers of the other types: several of several options, and numbers.

Tools write several answers into one cell, between semicolons, bars, lines or commas, or give each option a column. An
option may hold a comma itself: of what stands between commas the longest run that is an option counts.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import normalised, token
from ci_eval.programme.survey_declaration import NOT_ANSWERED, SurveySettings
from ci_eval.survey.answers import AnswerTable, Column, Unknown

_PARTS = re.compile(r"[;|\n\r]+")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,10})?", re.ASCII)


def chosen(column: Column, table: AnswerTable) -> tuple[NDArray[np.bool_], list[Unknown]]:
    """Which options each cell holds, (response, option), and the cells of which a part is none."""
    sets = [_options(text, table, column.labels) for text in column.cells.distinct]
    held = np.zeros((max(1, len(sets)), len(table.options)), dtype=bool)
    for number, places in enumerate(sets):
        held[number, list(places or ())] = True
    counts = column.cells.counts()
    unknown = [
        Unknown(column, text, number, int(counts[number]))
        for number, text in enumerate(column.cells.distinct)
        if sets[number] is None and counts[number]
    ]
    return held[column.cells.codes], unknown


def _options(text: str, table: AnswerTable, labels: Mapping[str, str]) -> set[int] | None:
    """Places of the options that a cell holds, none where it is a mark of no answer; None where a part is unknown.

    A part that is no option is the text of "Other", where the question has one; a code never is.
    """
    places: set[int] = set()
    for part in _PARTS.split(text):
        pieces, start = part.split(","), 0
        while start < len(pieces):
            # the longest run of pieces that is an option: options may hold commas
            for end in range(len(pieces), start, -1):
                number = table.number(",".join(pieces[start:end]), labels)
                if number > -2:
                    break
            else:
                end = start + 1
                if not table.other or table.is_code(pieces[start]) or table.gives_none(pieces[start]):
                    return None
                number = table.options.index(table.other)
            places, start = places | {number}, end
    return {place for place in places if 0 <= place < len(table.options)}


def as_options(held: NDArray[np.bool_], options: tuple[str, ...]) -> "pd.Series[Any]":
    """The options each person chose, as a tuple in the questionnaire's order; None where she chose none."""
    rows = [
        tuple(option for option, there in zip(options, row, strict=True) if there) or None for row in held
    ]
    return pd.Series(rows, dtype=object)


def numbers(
    column: Column, meanings: Mapping[str, str], declared: SurveySettings, findings: Findings
) -> NDArray[np.float64]:
    """The numbers of a column, NaN where there is none; cells that hold something else are counted in a note.

    A number is figures, with a point before decimals. "1,5" may be one and a half or fifteen, "3 days" is words:
    `meanings`, from the settings, say what they stand for.
    """
    known = {token(text): meaning for text, meaning in meanings.items()}
    values, odd = [], []
    for number, text in enumerate(column.cells.distinct):
        bare = known.get(token(text), text).strip()
        is_number = _NUMBER.fullmatch(bare) is not None
        values.append(float(bare) if is_number else np.nan)
        if bare and not is_number and normalised(bare) != normalised(NOT_ANSWERED):
            odd.append(number)
    counts = column.cells.counts()
    if count := int(counts[odd].sum()) if odd else 0:
        message = "Cells of a question for a number hold something else: they count as not answered."
        line = declared.fix('"the text" = "3"', "codes", column.code)
        fix = f"If one stands for a number, {line}."
        findings.add("answers-not-numbers", "WARN", message, column.called, fix, count, column.rows_with(odd))
    return np.asarray(column.cells.lookup(values or [np.nan], float))
