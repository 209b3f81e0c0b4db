"""From an export to responses: every row accounted for, or one page of what is wrong and its fix."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.inputs import personal_data
from ci_eval.inputs.columns import Cells
from ci_eval.inputs.files import placed
from ci_eval.inputs.problems import InputError, Problem, headline
from ci_eval.inputs.text import letter, listed
from ci_eval.programme import Questionnaire
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey import free_text, response_patterns, rows, timestamps
from ci_eval.survey.exports import RawExport, read
from ci_eval.survey.keys import check_declared
from ci_eval.survey.questions import Answers
from ci_eval.survey.record import BLANK, NOTHING_ANSWERED, LoadRecord, Responses
from ci_eval.survey.rows import Selection


def load(
    path: str | os.PathLike[str], questionnaire: Questionnaire, *, declared: SurveySettings | None = None
) -> Responses:
    """Load a survey export.

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
    wrong = check_declared(declared, questionnaire)
    if wrong:
        name = personal_data.name(Path(path).name)
        raise InputError(headline(name), [placed(problem, name) for problem in wrong])
    export = read(path, questionnaire=questionnaire, declared=declared)
    problems = list(export.problems)
    if export.layout.problem:
        _stop(export, [export.layout.problem])  # rows read under a wrong heading show no causes of their own
    if export.mapping is None or not export.mapping.targets:
        # Another survey's export: what its rows hold is no second cause, and what it was read as helps to tell which.
        _stop(export, [_detected(problem, export) for problem in problems])
    if not len(export.rows):
        _stop(export, problems)  # where no row fits the heading, that is the cause
        message = f"There are 0 responses under the heading in row {export.layout.top + 1}."
        fix = "Export the responses, not the empty form."
        problems.append(Problem("no-responses", "REJECT", message, export.file, fix=fix))
        _stop(export, problems)
    identity, found = rows.ids(export)
    problems += found
    selection = rows.select(export, identity, declared)
    problems += rows.check(export, identity, selection, declared) + selection.problems
    identity, found = rows.nameless(export, identity)
    problems += found
    used = selection.used.copy()
    answers = Answers(export, used, questionnaire, declared)
    times, found = timestamps.read(export, used, declared)
    problems += answers.problems + found
    kept = answers.answered
    _empty(selection, used, kept, problems, export)
    if not selection.used.any():
        why = listed(f"{int(out.sum()):,} {reason}" for reason, out in selection.reasons.items())
        message = f"None of the {len(export.rows):,} rows is a response: all were left out ({why})."
        fix = "Export the finished responses; keep_partials = true counts unfinished ones, keep_previews = true tests."
        problems.append(Problem("no-responses", "REJECT", message, export.file, fix=fix))
    flagged, found = free_text.screen(answers.texts)
    problems += found + free_text.check(answers.texts)
    problems += _patterns(answers, times, identity.take(used), export.rows[used], questionnaire, declared)
    problems += _as_expected(export, int(selection.used.sum()), declared)
    _stop(export, problems)
    started, ended = times
    ids = pd.Series(identity.take(used).texts(), dtype="str")
    frame = pd.DataFrame({"id": ids, "started": started, "ended": ended} | answers.frame)
    if not kept.all():
        frame = frame[kept].reset_index(drop=True)
    record = _record(export, frame, selection, identity, problems, declared)
    return Responses(frame, record, flagged)


def _patterns(
    answers: Answers,
    times: timestamps.Both,
    identity: Cells,
    rows_used: NDArray[np.int32],
    questionnaire: Questionnaire,
    declared: SurveySettings,
) -> list[Problem]:
    """What is odd about whole responses; none is left out for it."""
    codes = [statement.code for statement in questionnaire.statements]
    table = response_patterns.answered(answers.frame, codes, len(questionnaire.answers))
    given = (table >= 0).sum(axis=1)
    unread = any(problem.stops for problem in answers.problems)
    return [
        *timestamps.check(times, identity, rows_used, given, declared),
        *response_patterns.same_throughout(table, rows_used),
        *response_patterns.copied(table, times, rows_used),
        # An answer that could not be read is not one that was not given.
        *([] if unread else response_patterns.never_answered(table, codes, declared)),
        *([] if unread else response_patterns.asked_in_part(table, times[1], codes, declared)),
    ]


def _as_expected(export: RawExport, used: int, declared: SurveySettings) -> list[Problem]:
    """The number of responses held against the number the tool reports, counted with or without those left out."""
    if declared.expected is None or declared.expected in (used, len(export.rows)):
        return []
    message = (
        f"The tool reports {declared.expected:,} responses, the file holds {len(export.rows):,}, "
        f"of which {used:,} would be used."
    )
    fix = f"Export all responses, without a filter; or correct expected under {declared.table()}."
    return [Problem("count-unexpected", "ASK", message, export.file, fix=fix)]


def _stop(export: RawExport, problems: list[Problem]) -> None:
    stopping = [placed(problem, export.file) for problem in problems if problem.stops]
    if stopping:
        raise InputError(headline(export.file), stopping)


def _detected(problem: Problem, export: RawExport) -> Problem:
    if problem.check != "question-missing":
        return problem
    detected = f"{export.description[0].upper()}{export.description[1:]}"
    counted = f"{len(export.rows):,} responses to {export.questions:,} questions"
    return replace(problem, message=f"{detected}: {counted}. {problem.message}")


def _empty(
    selection: Selection,
    used: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    problems: list[Problem],
    export: RawExport,
) -> None:
    """Rows with an id and nothing else: somebody opened the survey and answered nothing."""
    if kept.all():
        return
    empty = np.zeros_like(used)
    empty[np.flatnonzero(used)[~kept]] = True
    selection.leave_out(NOTHING_ANSWERED, empty)
    message = "Responses without a single answer were left out."
    where = f"{export.file}, row {export.rows[int(np.argmax(empty))]:,}"
    problems.append(Problem("nothing-answered", "WARN", message, where, int(empty.sum())))


def _record(
    export: RawExport,
    frame: pd.DataFrame,
    selection: Selection,
    identity: Cells,
    problems: list[Problem],
    declared: SurveySettings,
) -> LoadRecord:
    left_out = {reason: int(mask.sum()) for reason, mask in selection.reasons.items()}
    if export.blank_rows:
        left_out[BLANK] = export.blank_rows
    ids = {reason: tuple(identity.take(mask).texts()) for reason, mask in selection.reasons.items()}
    mapping = export.mapping
    matched = {}
    for place, target in sorted(mapping.targets.items()) if mapping else ():
        key = f"{target.code}_{target.part}" if target.part else target.code
        matched[key] = (
            letter(place),
            export.layout.headings[place],
            mapping.rungs[place] if mapping else "",
        )
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
        notes=tuple(placed(problem, export.file) for problem in problems),
        invented=declared.invented,
    )
