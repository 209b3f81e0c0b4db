"""Rows that come twice: copies of one response, and one id with two responses.

Where the export has no ids, rows are copies if they are equal in every cell and their times keep seconds.
"""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs.text import listed
from ci_eval.programme.survey_declaration import KEEP_FIRST, SurveySettings
from ci_eval.survey.columns import Cells
from ci_eval.survey.exports import RawExport
from ci_eval.survey.record import DUPLICATE
from ci_eval.survey.rows import Mask, Selection, damaged, numbers_of

_ID_NUMBER = re.compile(r"^0*(\d+)(?:\.0+)?$")
_SECONDS = re.compile(r":\d\d:(?!00)\d\d")
_MIX = np.uint64(1_000_003)


def check(export: RawExport, identity: Cells, selection: Selection, declared: SurveySettings) -> None:
    """Note rows that come twice; the settings may keep the first of copies."""
    add = export.findings.add
    columns = dict(export.columns)
    if (place := export.layout.ids) is None:
        twice = _alike(columns) & _answered(export) & selection.used
    elif _all_different(identity):
        return
    else:
        columns[place] = Cells(*_one_form(identity))
        twice = pd.Series(columns[place].codes).duplicated(keep=False).to_numpy() & selection.used
    frame = pd.DataFrame({place: cells.codes[twice] for place, cells in columns.items()})
    whole = frame.duplicated(keep=False).to_numpy()
    exact = np.zeros(len(twice), dtype=bool)
    exact[np.flatnonzero(twice)[whole]] = True
    if exact.any():
        cells = numbers_of(export, exact)
        line = declared.fix('duplicates = "keep first"')
        if declared.duplicates == KEEP_FIRST:
            later = np.zeros(len(twice), dtype=bool)
            later[np.flatnonzero(twice)[frame.duplicated(keep="first").to_numpy()]] = True
            selection.leave_out(DUPLICATE, later)
            message = "Rows are equal throughout; the first of each was kept, as declared."
            add("duplicate-rows", "WARN", message, count=int(later.sum()), cells=cells)
        elif place is None and not _keeps_seconds(export):
            # Without an id, on one day or in one minute, two people may well answer alike.
            message = "Rows are equal throughout, and neither ids nor times to the second tell them apart."
            fix = f"If they are copies, delete them, or {line}; better, export again with the tool's own ids."
            add("duplicate-rows", "WARN", message, "", fix, int(exact.sum()), cells)
        else:
            message = "Rows are equal throughout."
            fix = f"Delete the copies, or {line}."
            add("duplicate-rows", "REJECT", message, "", fix, int(exact.sum()), cells)
    if place is None:
        return
    differing = twice & ~exact
    if differing.any():
        names = listed(_differing(export, frame[~whole], columns[place].codes[differing]), 3)
        message = f"Rows share a response id, yet they differ in {names}."
        fix = "Export again; if two exports were joined, load them one by one."
        if damaged(identity.take(differing).texts()[0]):
            fix = "A spreadsheet shortened the ids. Export again, and do not open the file in between."
        cells = numbers_of(export, differing, identity)
        add("id-twice", "REJECT", message, "", fix, int(differing.sum()), cells)


def _differing(export: RawExport, frame: pd.DataFrame, groups: NDArray[np.int32]) -> list[str]:
    """Columns in which rows with one id differ; their values may be anybody's words and are not shown."""
    several = frame.groupby(groups).nunique().gt(1).any().to_numpy()
    places = map(int, frame.columns)
    return [export.layout.called(place) for place, differs in zip(places, several, strict=True) if differs]


def _alike(columns: Mapping[int, Cells]) -> Mask:
    """Rows that may be equal throughout, by one number a row: a million rows in all columns would need 100 MB."""
    mixed = np.zeros(1, dtype=np.uint64)
    for cells in columns.values():
        mixed = mixed * _MIX + cells.codes.astype(np.uint64)
    return pd.Series(mixed).duplicated(keep=False).to_numpy()


def _answered(export: RawExport) -> Mask:
    """Rows with an answer; those without one are left out as such."""
    rows = np.zeros(len(export.rows), dtype=bool)
    for place in export.mapping.targets:
        rows |= ~export.columns[place].blank()
    return rows


def _keeps_seconds(export: RawExport) -> bool:
    """Whether the export's times tell two responses of one minute apart."""
    cells = (export.columns[place] for place in export.dates().values())
    return any(_SECONDS.search(text) for each in cells for text in each.distinct)


def _one_form(identity: Cells) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The ids with those that are one number under one form: a spreadsheet makes 103 of 0103, and R 103.0."""
    numbers, forms = pd.factorize(
        np.array([_ID_NUMBER.sub(r"\1", text) for text in identity.distinct], dtype=object)
    )
    return tuple(forms), identity.lookup(numbers, np.int32)


def _all_different(identity: Cells) -> bool:
    """The usual case, seen without comparing row by row."""
    distinct = identity.distinct
    if int(identity.counts().max(initial=0)) > 1 or len(set(distinct)) < len(distinct):
        return False
    together = "\n".join(("", *distinct))
    doubtful = ".0" in together or "\n0" in together
    return not doubtful or len(_one_form(identity)[0]) == len(distinct)
