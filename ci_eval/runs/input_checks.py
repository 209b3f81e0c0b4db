"""Every input checked without running anything: settings, the programme's facts, surveys, outcomes and plan.

Checks are rows of one shape in a fixed order, so their results add up. A stage whose input cannot be read is
one FAIL for each cause, and the stages after it go on as far as they do not need it.
"""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ci_eval import programme
from ci_eval.evidence.council_facts import read_covariates
from ci_eval.evidence.impact_opening import read_file
from ci_eval.evidence.interim_opening import open_interim
from ci_eval.impact.analysis_plan import departures
from ci_eval.programme.consistency import Finding, Result
from ci_eval.report import sentences
from ci_eval.runs import work_lists
from ci_eval.runs.check_rows import OUTCOMES, Checks, failed
from ci_eval.runs.plan_commands import assumptions, usable_plan
from ci_eval.runs.programme_checks import check_programme
from ci_eval.settings.assurance_file import read_assurance
from ci_eval.settings.evaluation import Period, Settings, load, too_few_asked
from ci_eval.settings.evaluator_file import read_evaluator_file
from ci_eval.settings.outcome_files import Impact, OutcomesFile
from ci_eval.settings.plan_file import COMMAND, is_example, read_frozen

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.survey import Coding, Responses


def check(settings: str = "", write_lists: bool = False) -> list[Finding]:
    """All checks of all inputs that the settings file declares; "" takes the workbook's own settings.

    With `write_lists`, rows and texts to look at are written into the work lists of the outputs folder.

    Examples
    --------
    >>> [row.check for row in check()][:2]
    ['settings', 'teams']
    """
    checks = Checks()
    known = checks.attempt("settings", lambda: load(settings))
    if known is None:
        return checks.rows
    names = ", ".join(period.name for period in known.periods)
    declared = sentences.opening(sentences.count(len(known.periods), "review period"))
    checks.add("settings", "PASS", f"{declared}: {names}.", known.file.name)
    absent = [key for key in ("author", "contact") if not getattr(known, key)]
    if absent:
        message = f"The reports name no {sentences.listed(absent, last='and no')}."
        checks.add(
            "settings", "WARN", message, known.file.name, f"add {' and '.join(absent)} under [report]."
        )
    questionnaire = check_programme(checks, known)
    for period in known.periods:
        checks.period = period.name
        checks.listing([])
        if period.absent:
            _absent(checks, period, known.due(period))
        else:
            asked = _asked_in(checks, period, known.programme) or questionnaire
            _survey(checks, period, asked, known.programme)
            _own_texts(checks, period, asked)
    checks.period = OUTCOMES
    if known.impact is not None and known.impact.absent:
        checks.problems("impact", known.impact.absent)
    elif known.impact is not None:
        _impact(checks, known, known.impact)
    if write_lists:
        _unanimous(checks, known)
        for file in work_lists.write(checks.work, known.outputs):
            checks.add("work list", "PASS", f"Rows to look at: {file.relative_to(known.outputs.parent)}.")
    return checks.rows


def _unanimous(checks: Checks, known: Settings) -> None:
    """List the cells that two people look at before release, of each period whose inputs can be used."""
    for period in known.periods:
        checks.period = period.name
        if period.survey.file is not None and not period.absent:
            # What cannot be used is among the rows already.
            opened = Checks().attempt("", partial(open_interim, period.name, str(known.file)))
            if opened is not None:
                checks.listing(work_lists.of_groups(opened[0].groups()))


def _asked_in(checks: Checks, period: Period, folder: Path) -> programme.Questionnaire | None:
    """The questionnaire that a period has to itself; None where it has none, or none that can be read."""
    if period.questionnaire is None:
        return None
    name = f"survey {period.name}: questionnaire"
    asked = checks.attempt(name, lambda: programme.load_questionnaire(folder, period.questionnaire))
    if asked is not None:
        checks.add(name, "PASS", f"{len(asked.statements)} statements.", period.questionnaire.name)
    return asked


def _absent(checks: Checks, period: Period, due: date) -> None:
    """A file that is not there yet stops nothing before the period is due."""
    for one in period.absent:
        result: Result = "FAIL" if due <= date.today() else "WARN"
        checks.add(f"survey {period.name}: {one.check}", result, one.message, one.where, one.fix)


def _survey(
    checks: Checks, period: Period, questionnaire: programme.Questionnaire | None, folder: Path
) -> None:
    name, file, declared = f"survey {period.name}", period.survey.file, period.survey
    if file is None:
        checks.add(name, "WARN", "No survey is declared; the report will say what is missing.")
        return
    if questionnaire is None:
        checks.add(name, "FAIL", "Not looked at: the questionnaire cannot be read.", file.name)
        return
    from ci_eval.survey import load as load_survey

    responses = checks.attempt(name, lambda: load_survey(file, questionnaire, declared=declared))
    if responses is not None:
        record = responses.record
        left = "".join(f", {number:,} left out ({reason})" for reason, number in record.left_out.items())
        message = f"{record.rows_in:,} rows, {record.used:,} responses{left}; {record.description}."
        checks.add(name, "PASS", message, file.name)
        checks.problems(name, record.notes)
        checks.listing(work_lists.of_load(replace(record, notes=())))
        _asked(checks, f"{name}: asked", period, record.used)
        _asked_by(checks, f"{name}: asked-by-organisation", period, questionnaire)
        _comments(checks, period, responses, folder)


def _asked(checks: Checks, name: str, period: Period, used: int) -> None:
    if period.asked is None:
        message = "The number of people asked is not declared; intervals take the population as unknown."
        checks.add(name, "WARN", message, fix="add asked = … to the period.")
    elif used > period.asked:
        problem = too_few_asked(period.name, used, period.asked)
        checks.add(name, "FAIL", problem.message, fix=problem.fix)
    else:
        checks.add(name, "PASS", f"{used:,} of {period.asked:,} people asked responded.")


def _asked_by(checks: Checks, name: str, period: Period, questionnaire: programme.Questionnaire) -> None:
    """A misspelt organisation would stand apart from the people who answered for it, and nothing be weighted."""
    options = questionnaire.question("organisation").options if questionnaire.asks("organisation") else ()
    unknown = [repr(given) for given in period.asked_by_organisation if given not in options]
    if unknown:
        message = f"asked_by_organisation names {', '.join(unknown)}, which the questionnaire does not offer as an answer."
        fix = f"write the answer as it is in questionnaire.toml: {', '.join(map(repr, options))}."
        checks.add(name, "WARN", message, fix=fix)


def _comments(checks: Checks, period: Period, responses: "Responses", folder: Path) -> None:
    """The coding of comments and free-text answers, what is not matched, and the quotations."""
    from ci_eval.survey import load_coding, load_quotations

    name, file, quotations = f"coding {period.name}", period.survey.coding, period.survey.quotations
    # A codebook that cannot be read is among the rows of the programme's files already.
    codebook = Checks().attempt(name, lambda: programme.load_codebook(folder))
    coding = None
    if codebook is None:
        checks.add(name, "FAIL", "Not looked at: codebook.csv cannot be read.", file.name if file else "")
    elif file is not None:
        coding = checks.attempt(name, lambda: load_coding(file, responses, codebook))
        if coding is not None:
            comments = coding.of(*coding.comments)
            checks.listing(work_lists.of_coding(comments))
            counts = ", ".join(
                f"{number:,} {status}" for status, number in comments.status.value_counts().items()
            )
            undecided = not comments.cells("not agreed", "not coded").empty
            message = f"{len(comments.status):,} comments by {len(comments.coders):,} coders: {counts}."
            checks.add(name, "WARN" if undecided else "PASS", message, file.name)
    if codebook is not None:
        _unmatched(checks, period, responses, coding, codebook)
    if quotations:
        name = f"quotations {period.name}"
        read = checks.attempt(name, lambda: load_quotations(quotations, responses))
        if read is not None:
            checks.listing(work_lists.of_quotations(read))
            reasons = [
                f"{reason} ({number:,})" for reason, number in read.refused["reason"].value_counts().items()
            ]
            why = f" {sentences.opening(sentences.listed(reasons))}." if reasons else ""
            message = f"{len(read.shown):,} may be shown, {len(read.refused):,} may not.{why}"
            checks.add(name, "PASS", message, quotations.name)


def _unmatched(
    checks: Checks,
    period: Period,
    responses: "Responses",
    coding: "Coding | None",
    codebook: "pd.DataFrame",
) -> None:
    """Free-text answers that no code of the codebook fits, by question; their texts are for the work list."""
    from ci_eval.survey import unmatched

    for question, rows in unmatched(responses, coding, codebook).groupby("question", sort=False):
        checks.listing([work_lists.of_unmatched(str(question), rows)])
        number, texts = int(rows["answers"].sum()), len(rows)
        message = (
            f"{number:,} answers to {question}, of {texts:,} wordings, are not matched with the codebook."
        )
        fix = f"code them (ci-eval coding export --period {period.name}), or add variants to codebook.csv."
        checks.add(f"coding {period.name}: {question} not matched", "WARN", message, fix=fix)


def _own_texts(checks: Checks, period: Period, questionnaire: programme.Questionnaire | None) -> None:
    """What the report of a period would say if it were supplied; the page itself does not speak of it."""
    name, table = f"report {period.name}", f'[periods."{period.name}"]'
    empty = [key for key in ("sent_by", "sent_to") if period.survey.file and not getattr(period, key)]
    if empty:
        message = "The report cannot say who sent the survey to whom."
        checks.add(name, "WARN", message, fix=f"add {' and '.join(empty)} under {table}.")
    for key in ("coding", "quotations"):
        if period.survey.file and getattr(period.survey, key) is None:
            coding = key == "coding"
            what = "No comment is coded" if coding else "No quotation is approved"
            columns = "id, column, text, approved, approved_by, approved_on"
            first = f"ci-eval coding export --period {period.name}" if coding else f"a csv of {columns}"
            fix = f'{first}; then add {key} = "the file" under [periods."{period.name}".survey].'
            checks.add(name, "WARN", f"{what}; the report says nothing of it.", fix=fix)
    _assurance(checks, name, table, period.assurance)
    if period.evaluator is None:
        message = "Nothing is written on what only people can judge."
        example = "data/example/evaluator_2022-23.toml of the workbook"
        fix = f'write it as {example} does, and add evaluator = "the file" under {table}.'
        checks.add(name, "WARN", message, fix=fix)
    elif questionnaire is not None:
        file, statements = period.evaluator, [one.code for one in questionnaire.statements]
        texts = checks.attempt(name, lambda: read_evaluator_file(file, statements))
        if texts is not None:
            absent = [key for key, one in texts.judgements.items() if one is None]
            absent += [] if texts.decisions else ["decisions"]
            message = (
                f"The evaluator wrote nothing on {sentences.listed(absent)}."
                if absent
                else "Nothing is missing."
            )
            fix = "add a table for each, or leave out what nobody can judge." if absent else ""
            checks.add(name, "WARN" if absent else "PASS", message, file.name, fix)


def _assurance(checks: Checks, name: str, table: str, file: Path | None) -> None:
    """Whether it is written who answers for a report, and what it takes for granted."""
    if file is None:
        message = "Nothing is written on who answers for it, its quality and its assumptions."
        fix = f'fill a file as docs/assurance.md says, and add assurance = "the file" under {table}.'
        checks.add(f"{name}: assurance", "WARN", message, fix=fix)
    elif checks.attempt(f"{name}: assurance", lambda: read_assurance(file)) is not None:
        checks.add(f"{name}: assurance", "PASS", "Roles, quality and assumptions are written.", file.name)


def _impact(checks: Checks, settings: Settings, declared: Impact) -> None:
    register = Checks().attempt("programme", lambda: programme.load_register(settings.programme))
    if register is None:
        checks.add("impact", "FAIL", "Not looked at: the register cannot be read.")
        return
    councils = register.councils
    outcomes = Checks(work=checks.work)
    invented = [_outcomes(outcomes, file, councils) for file in declared.outcomes]
    checks.rows += outcomes.rows
    if failed(outcomes.rows):
        checks.add("plan", "FAIL", "Not looked at: an outcomes file cannot be read.", declared.plan.name)
    else:
        _plan(checks, settings, declared.plan, invented=any(invented))
    checks.attempt("programme", lambda: programme.load_focus_outcomes(settings.programme))
    _assurance(checks, "impact", "[impact]", declared.assurance)
    facts = declared.covariates
    if (
        facts is not None
        and checks.attempt("covariates", lambda: read_covariates(facts, councils)) is not None
    ):
        checks.add("covariates", "PASS", "Can be read.", facts.name)


def _outcomes(checks: Checks, file: OutcomesFile, councils: programme.Councils) -> bool:
    """Whether the file says that it is invented."""
    name = f"outcomes {file.name}"
    read = checks.attempt(name, lambda: read_file(file, councils))
    if read is not None:
        record = read.record
        lacking = sum(record.missing.values())
        message = (
            f"{record.rows_in:,} {record.counted}, {record.used:,} used, {lacking:,} of them without a number; "
            f"{len(read.measures):,} measures; {record.description}."
        )
        checks.add(name, "PASS", message, file.file.name)
        checks.problems(name, record.notes)
        if record.published is None:
            message = "The day on which the file was published is not declared; the report says so."
            checks.add(f"{name}: published", "WARN", message, file.file.name, "add published = 2025-12-09.")
    return read is not None and read.record.invented


def _plan(checks: Checks, settings: Settings, file: Path, *, invented: bool) -> None:
    plan = checks.attempt("plan", lambda: usable_plan(settings))
    if plan is None:
        return
    message = "Every setting is there, and the planned effect can be estimated."
    checks.add("plan", "PASS", f"{message} {assumptions(settings, plan.plan)}", file.name)
    if is_example(plan.plan) and not invented:
        message = "Every setting is that of the example plan, and the outcomes are not invented."
        checks.add("plan: example", "WARN", message, file.name, "decide each setting for this evaluation.")
    before = len(checks.rows)
    frozen = checks.attempt("plan", lambda: read_frozen(file))
    if frozen is not None:
        changed = [one.key for one in departures(frozen.plan, plan.plan)]
        since = f"; since then changed: {', '.join(changed)}." if changed else ", and not departed from."
        message = f"Frozen on {frozen.frozen_on}{since}"
        checks.add("plan: frozen", "WARN" if changed else "PASS", message, file.name)
    elif len(checks.rows) == before:
        message = "Not frozen: outcomes of exposed years stay closed."
        fix = f"{COMMAND}, with --settings where they are your own."
        checks.add("plan: frozen", "WARN", message, file.name, fix)
