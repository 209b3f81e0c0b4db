"""From an export to responses: every row accounted for, or one page of what is wrong and its fix."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs import personal_data
from ci_eval.inputs.problems import Findings
from ci_eval.inputs.text import letter, listed
from ci_eval.programme import Questionnaire
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey import copied_rows, free_text, response_patterns, rows, timestamps
from ci_eval.survey.columns import Cells
from ci_eval.survey.exports import RawExport, read
from ci_eval.survey.keys import check_declared
from ci_eval.survey.questions import Answers
from ci_eval.survey.record import BLANK, NOTHING_ANSWERED, LoadRecord, Responses
from ci_eval.survey.rows import Selection


def load(
    path: str | os.PathLike[str], questionnaire: Questionnaire, *, declared: SurveySettings | None = None
) -> Responses:
    """Load a survey export.

    Examples
    --------
    >>> from ci_eval.inputs.fact_tables import workbook_root
    >>> from ci_eval.programme import load_questionnaire
    >>> export = workbook_root() / "data" / "example" / "survey_2022-23.xlsx"
    >>> responses = load(export, load_questionnaire())
    >>> responses.record.rows_in == responses.record.used + sum(responses.record.left_out.values())
    True

    Parameters
    ----------
    path : the file as the survey tool wrote it: .csv, .tsv, .xlsx or .sav
    questionnaire : wording and answers the export is held against, exactly
    declared : what is known of the export besides

    Returns
    -------
    Responses whose record accounts for every row. Missing-value rule: NaN (closed questions) and "" (free
    text) are not answered; "Not shown" and "Not applicable" are categories of their own.

    Raises
    ------
    InputError
        With every problem of the file, grouped by cause; nothing is loaded.

    Validated against 24 invented responses in the shape of every tool (tests/survey/test_good_files.py).
    """
    declared = declared or SurveySettings()
    settings = Findings(personal_data.name(Path(path).name))
    check_declared(declared, questionnaire, settings)
    settings.raise_if_stopping()
    export = read(path, questionnaire, declared=declared)
    findings = export.findings
    if export.layout.problem:
        # Rows read under a wrong heading show no causes of their own.
        findings = Findings(export.file)
        findings.extend([export.layout.problem])
        findings.raise_if_stopping()
    if not export.mapping.targets:
        _refuse_other_survey(export)
    if not len(export.rows):
        findings.raise_if_stopping()  # where no row fits the heading, that is the cause
        message = f"There are 0 responses under the heading in row {export.layout.top + 1}."
        findings.refuse("no-responses", message, fix="Export the responses, not the empty form.")
    identity = rows.ids(export)
    selection = rows.select(export, identity, declared)
    rows.check(export, identity, selection)
    copied_rows.check(export, identity, selection, declared)
    identity = rows.nameless(export, identity)
    used = selection.used.copy()
    answers = Answers(export, used, questionnaire, declared)
    times = timestamps.read(export, used, declared)
    kept = answers.answered
    _leave_out_empty(selection, used, kept, export)
    if not selection.used.any():
        why = listed(f"{int(out.sum()):,} {reason}" for reason, out in selection.reasons.items())
        message = f"None of the {len(export.rows):,} rows is a response: all were left out ({why})."
        fix = "Export the finished responses; keep_partials = true counts unfinished ones, keep_previews = true tests."
        findings.add("no-responses", "REJECT", message, fix=fix)
    flagged = free_text.screen(answers.texts, findings)
    comments = tuple(question.code for question in questionnaire.comments)
    free_text.check(answers.texts, comments, findings)
    _note_patterns(answers, times, identity.take(used), export.rows[used], questionnaire, declared, findings)
    _note_unexpected(export, int(selection.used.sum()), declared)
    findings.raise_if_stopping()
    started, ended = times
    ids = pd.Series(identity.take(used).texts(), dtype="str")
    frame = pd.DataFrame({"id": ids, "started": started, "ended": ended} | answers.frame)
    if not kept.all():
        frame = frame[kept].reset_index(drop=True)
    return Responses(frame, _record(export, frame, selection, identity, declared), flagged, comments)


def _refuse_other_survey(export: RawExport) -> None:
    """Stop at another survey's export: what its rows hold is no second cause; what it was read as helps to tell which."""
    findings = Findings(export.file)
    for problem in export.findings.problems:
        if problem.check == "question-missing":
            description = f"{export.description[0].upper()}{export.description[1:]}"
            counted = f"{len(export.rows):,} responses to {export.questions:,} questions"
            problem = replace(problem, message=f"{description}: {counted}. {problem.message}")
        findings.extend([problem])
    findings.raise_if_stopping()


def _note_patterns(
    answers: Answers,
    times: timestamps.Times,
    identity: Cells,
    rows_used: NDArray[np.int32],
    questionnaire: Questionnaire,
    declared: SurveySettings,
    findings: Findings,
) -> None:
    """Note what is odd about whole responses; none is left out for it."""
    codes = [statement.code for statement in questionnaire.statements]
    offered = [len(questionnaire.scale_of(code).offered) for code in codes]
    table = response_patterns.answered(answers.frame, codes, offered)
    given = (table >= 0).sum(axis=1)
    timestamps.check(times, identity, rows_used, given, declared, findings)
    if len(questionnaire.by_scale) == 1:  # answers on two scales are never one and the same
        response_patterns.note_same(table, rows_used, findings)
    response_patterns.note_copied(table, times, rows_used, findings)
    if answers.all_read:  # an answer that could not be read is not one that was not given
        response_patterns.note_asked_in_part(table, times[1], codes, declared, findings)


def _note_unexpected(export: RawExport, used: int, declared: SurveySettings) -> None:
    """The number of responses held against the number the tool reports, counted with or without those left out."""
    if declared.expected is not None and declared.expected not in (used, len(export.rows)):
        message = (
            f"The tool reports {declared.expected:,} responses, the file holds {len(export.rows):,}, "
            f"of which {used:,} would be used."
        )
        fix = f"Export all responses, without a filter; or correct expected under {declared.table()}."
        export.findings.add("count-unexpected", "ASK", message, fix=fix)


def _leave_out_empty(
    selection: Selection, used: NDArray[np.bool_], kept: NDArray[np.bool_], export: RawExport
) -> None:
    """Leave out rows with an id and nothing else: somebody opened the survey and answered nothing."""
    if not kept.all():
        empty = np.zeros_like(used)
        empty[np.flatnonzero(used)[~kept]] = True
        selection.leave_out(NOTHING_ANSWERED, empty)
        message = "Responses without a single answer were left out."
        cells = rows.numbers_of(export, empty)
        export.findings.add("nothing-answered", "WARN", message, count=int(empty.sum()), cells=cells)


def _record(
    export: RawExport,
    frame: pd.DataFrame,
    selection: Selection,
    identity: Cells,
    declared: SurveySettings,
) -> LoadRecord:
    left_out = {reason: int(mask.sum()) for reason, mask in selection.reasons.items()}
    if export.blank_rows:
        left_out[BLANK] = export.blank_rows
    ids = {reason: tuple(identity.take(mask).texts()) for reason, mask in selection.reasons.items()}
    mapping = export.mapping
    matched = {}
    for place, target in sorted(mapping.targets.items()):
        key = f"{target.code}_{target.part}" if target.part else target.code
        matched[key] = (letter(place), export.layout.headings[place], mapping.rungs[place])
    days = frame["ended"].dropna()
    return LoadRecord(
        file=export.file,
        sha256=export.sha256,
        size=export.size,
        description=export.description,
        tool=export.tool.name,
        rows_in=len(export.rows) + export.blank_rows,
        used=len(frame),
        left_out=left_out,
        left_out_ids=ids,
        matched=matched,
        first=f"{days.min():%Y-%m-%d}" if len(days) else "",
        last=f"{days.max():%Y-%m-%d}" if len(days) else "",
        notes=export.findings.problems,
        invented=declared.invented,
    )
