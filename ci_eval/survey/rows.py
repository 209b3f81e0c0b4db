"""Which rows are responses: previews, unfinished and empty ones told apart, repeated ones found."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.problems import Problem
from ci_eval.survey import row_checks
from ci_eval.survey.cells import Cells
from ci_eval.survey.exports import RawExport
from ci_eval.survey.personal import is_address, value
from ci_eval.survey.record import DUPLICATE
from ci_eval.survey.settings import KEEP_FIRST, SurveySettings
from ci_eval.survey.text import listed
from ci_eval.survey.tools import PARTIAL, PREVIEW

Mask = NDArray[np.bool_]


@dataclass
class Selection:
    """Rows used, and rows left out by reason.

    Attributes
    ----------
    used : one flag a row
    reasons : reason → flags of the rows left out for it; a row has one reason at most
    """

    used: Mask
    reasons: dict[str, Mask] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def leave_out(self, reason: str, rows: Mask) -> None:
        rows = rows & self.used
        if rows.any():
            before = self.reasons.get(reason, np.zeros_like(self.used))
            self.reasons[reason] = before | rows
            self.used &= ~rows


def ids(export: RawExport) -> tuple[Cells, list[Problem]]:
    """The response's id in each row; made from the row's content where the tool gives none."""
    column = export.layout.column(export.tool.ids)
    if column is None or column not in export.columns:
        mend = "Do not sort or edit the export between two loads."
        message = "The export has no response ids; they were made from the row's number and content."
        return _made(export), [Problem("ids-made", "WARN", message, export.file, len(export.rows), mend)]
    given = export.columns[column].mapped(str.strip)
    blank = given.lookup([not text for text in given.distinct], bool)
    if not blank.any():
        return given, []
    message = "Rows without an id were given one, made from the row's number and content."
    mend = "Check that these rows are responses, not notes or totals."
    note = Problem("ids-made", "WARN", message, row_checks.first_of(export, blank), int(blank.sum()), mend)
    return _made_where(export, blank, given), [note]


def nameless(export: RawExport, identity: Cells) -> tuple[Cells, list[Problem]]:
    """The ids as they may leave here: an e-mail address says who answered, and a made id is put in its place."""
    rows = identity.lookup(list(map(is_address, identity.distinct)), bool)
    if not rows.any():
        return identity, []
    message = (
        "The ids are e-mail addresses. They were not kept; ids were made from the row's number and content."
    )
    again = int(rows.sum()) - len(np.unique(identity.codes[rows]))
    if again:
        message += f" {again:,} came more than once: somebody may have answered twice."
    mend = "Export again with the tool's own response ids."
    problem = Problem(
        "ids-personal", "WARN", message, row_checks.first_of(export, rows), int(rows.sum()), mend
    )
    return _made_where(export, rows, identity), [problem]


def _made_where(export: RawExport, rows: Mask, identity: Cells) -> Cells:
    texts = np.where(rows, _made(export).texts(), identity.texts())
    return Cells(tuple(texts), np.arange(len(texts), dtype=np.int32))


def _made(export: RawExport) -> Cells:
    """An id for each row: its number, and a hash of its cells that stays the same from load to load."""
    rows = len(export.rows)
    mixed = np.zeros(rows, dtype=np.uint64)
    for place in sorted(export.columns):
        cells = export.columns[place]
        hashes = pd.util.hash_array(np.array(cells.distinct, dtype=object), categorize=False)
        mixed = mixed * np.uint64(1_000_003) + cells.lookup(hashes, np.uint64) if len(hashes) else mixed
    made = tuple(
        f"row-{number}-{int(mark) & 0xFFFFFFFF:08x}" for number, mark in zip(export.rows, mixed, strict=True)
    )
    return Cells(made, np.arange(rows, dtype=np.int32))


def select(export: RawExport, identity: Cells, declared: SurveySettings) -> Selection:
    """Apply the tool's rules and the settings to every row."""
    selection = Selection(np.ones(len(export.rows), dtype=bool))
    partial = np.zeros(len(export.rows), dtype=bool)
    untold = {rule.reason: rule.column for rule in export.tool.leave_out} if export.tool.fingerprint else {}
    for rule in export.tool.leave_out:
        column = export.layout.column((rule.column,))
        if column is None or column not in export.columns:
            continue
        untold.pop(rule.reason, None)
        cells = export.columns[column]
        rows = cells.lookup(row_checks.holding(rule.cells, cells.distinct), bool)
        if rule.reason == PARTIAL:
            partial |= rows
        elif rule.reason != PREVIEW or not declared.keep_previews:
            selection.leave_out(rule.reason, rows)
    if PARTIAL in untold:
        message = (
            f"Without the column {untold[PARTIAL]}, unfinished responses cannot be told from the others."
        )
        mend = "Export again with all of the tool's own columns."
        selection.problems.append(Problem("partials-untold", "WARN", message, export.file, mend=mend))
    for reason, rows in selection.reasons.items():
        selection.problems.append(_left_out(reason, rows, identity, export))
    _partials(selection, partial & selection.used, identity, export, declared)
    return selection


def _left_out(reason: str, rows: Mask, identity: Cells, export: RawExport) -> Problem:
    names = listed((value(text, 40) for text in identity.take(rows).texts()), 10)
    message = f"Left out as {reason}: {names}."
    return Problem("rows-left-out", "WARN", message, row_checks.first_of(export, rows), int(rows.sum()))


def _partials(
    selection: Selection, partial: Mask, identity: Cells, export: RawExport, declared: SurveySettings
) -> None:
    if not partial.any():
        return
    count, whole = int(partial.sum()), int((selection.used & ~partial).sum())
    names = listed((value(text, 40) for text in identity.take(partial).texts()), 10)
    where = row_checks.first_of(export, partial)
    if declared.keep_partials is None:
        message = f"{count:,} of {count + whole:,} responses were not finished ({names})."
        mend = (
            f"Say whether their answers count: {declared.mend('keep_partials = true')} "
            f"for {count + whole:,} responses, or keep_partials = false for {whole:,}."
        )
        selection.problems.append(Problem("partials-undecided", "ASK", message, where, count, mend))
    elif declared.keep_partials:
        message = f"Unfinished responses were kept, as declared: {names}."
        selection.problems.append(Problem("partials-kept", "WARN", message, where, count))
    else:
        selection.leave_out(PARTIAL, partial)
        selection.problems.append(_left_out(PARTIAL, partial, identity, export))


def check(
    export: RawExport, identity: Cells, selection: Selection, declared: SurveySettings
) -> list[Problem]:
    """Rows that cannot be responses, and rows that stand twice; the settings may keep the first of copies."""
    found = row_checks.no_responses(export, identity, selection.used) + row_checks.doubtful_ids(
        export, identity, selection.used
    )
    if _all_different(identity):
        return found
    numbers = pd.Series(identity.lookup(pd.factorize(np.array(identity.distinct, dtype=object))[0], np.int64))
    twice = numbers.duplicated(keep=False).to_numpy() & selection.used
    if not twice.any():
        return found
    frame = pd.DataFrame({place: cells.codes[twice] for place, cells in export.columns.items()})
    whole = frame.duplicated(keep=False).to_numpy()
    first = frame.duplicated(keep="first").to_numpy()
    places = np.flatnonzero(twice)
    exact = np.zeros(len(twice), dtype=bool)
    exact[places[whole]] = True
    if exact.any():
        where = row_checks.first_of(export, exact)
        rows = listed(f"{row:,}" for row in export.rows[exact])
        if declared.duplicates == KEEP_FIRST:
            later = np.zeros(len(twice), dtype=bool)
            later[places[first]] = True
            selection.leave_out(DUPLICATE, later)
            message = f"Rows {rows} are equal throughout; the first of each was kept, as declared."
            found.append(Problem("duplicate-rows", "WARN", message, where, int(later.sum())))
        else:
            message = f"Rows {rows} are equal throughout."
            line = declared.mend('duplicates = "keep first"')
            mend = f"Delete the copies, or {line}."
            found.append(Problem("duplicate-rows", "REJECT", message, where, int(exact.sum()), mend))
    differing = twice & ~exact
    if differing.any():
        rows = listed(f"{row:,}" for row in export.rows[differing])
        names = listed(_differing(export, frame[~whole], numbers[twice][~whole].to_numpy()), 3)
        message = f"Rows {rows} share a response id, yet they differ in {names}."
        mend = "Export again; if two exports were joined, load them one by one."
        if row_checks.damaged(identity.take(differing).texts()[0]):
            mend = "A spreadsheet shortened the ids. Export again, and do not open the file in between."
        found.append(
            Problem(
                "id-twice",
                "REJECT",
                message,
                row_checks.first_of(export, differing),
                int(differing.sum()),
                mend,
            )
        )
    return found


def _differing(export: RawExport, frame: pd.DataFrame, groups: NDArray[np.int64]) -> list[str]:
    """Columns in which rows with one id differ; their values may be anybody's words and are not shown."""
    several = frame.groupby(groups).nunique().gt(1).any().to_numpy()
    places = map(int, frame.columns)
    return [export.layout.called(place) for place, differs in zip(places, several, strict=True) if differs]


def _all_different(identity: Cells) -> bool:
    """The usual case, told without comparing row by row."""
    return int(identity.counts().max(initial=0)) <= 1 and len(set(identity.distinct)) == len(
        identity.distinct
    )
