"""What a notebook opens: the evidence of a review period, read once, and the report that shows it."""

from itertools import pairwise
from pathlib import Path

from ci_eval import programme, survey
from ci_eval.problems import InputError, Problem
from ci_eval.report import Report
from ci_eval.report.explore import Exploration
from ci_eval.report.interim import Evidence, Survey
from ci_eval.runs import settings as declared
from ci_eval.runs.basis import inputs


def open_interim(period: str, settings: str = "", output: str = "") -> tuple[Report, Evidence]:
    """The report and the evidence of one period's interim evaluation.

    Parameters
    ----------
    period : name of a declared review period
    settings : path of a settings file; the workbook's own where empty
    output : folder for what is recorded; where empty, pieces are displayed and nothing is written

    Raises
    ------
    InputError
        If the settings, a file of the programme's folder or the period's survey cannot be used.
    """
    known = declared.load(settings or None)
    chosen = known.period(period)
    earlier = known.up_to(period)[:-1]
    folder = known.programme
    councils = programme.load_councils(folder)
    questionnaire = programme.load_questionnaire(folder)
    before = tuple(_survey(item, questionnaire, known.smallest_group) for item in earlier)
    answered = _survey(chosen, questionnaire, known.smallest_group)
    _check_asked((*before, answered), known.file.name)
    _check_files((*before, answered), known.file.name)
    _check_overlap((*before, answered), known.file.name)
    coding, quotations = _comments(chosen, answered, folder)
    evidence = Evidence(
        period=chosen.name,
        starts=chosen.starts,
        ends=chosen.ends,
        invented=chosen.invented,
        survey=answered,
        earlier=before,
        councils=councils,
        register=programme.load_register(folder, councils),
        questionnaire=questionnaire,
        bands=programme.load_bands(folder),
        themes=programme.load_themes(folder),
        recommendations=programme.load_recommendations(folder),
        strategic_questions=programme.load_strategic_questions(folder),
        claims=programme.load_claims(folder),
        smallest_group=known.smallest_group,
        inputs=tuple(inputs(known, period).items()),
        quotations=quotations,
        comment_codes=coding,
    )
    report = Report(
        title="Interim evaluation of Collaborative Improvement",
        subtitle=f"Review period {chosen.name}",
        period=chosen.name,
        notebook="interim_evaluation",
        folder=output or None,
        invented=any(item.invented for item in (chosen, *earlier)),
    )
    return report, evidence


def open_explore(period: str, settings: str = "", output: str = "") -> tuple[Report, Exploration]:
    """The report of a survey explored by hand, and the surveys of the period and of those before it.

    Parameters and errors as `open_interim`.
    """
    interim, evidence = open_interim(period, settings)
    report = Report(
        title="Exploring the survey of Collaborative Improvement",
        subtitle=f"Review period {evidence.period} and those before it",
        period=evidence.period,
        notebook="explore_survey",
        folder=output or None,
        invented=interim.invented,
    )
    return report, Exploration(evidence)


def _survey(period: declared.Period, questionnaire: programme.Questionnaire, smallest: int) -> Survey:
    """The period's responses, none where it declares no survey, without statements that too few people answered."""
    responses = (
        None
        if period.survey_file is None
        else survey.load(period.survey_file, questionnaire, declared=period.survey)
    )
    return Survey(
        period.name,
        questionnaire,
        responses,
        period.asked,
        dict(period.asked_by_organisation),
        period.overlap,
        period.starts,
    ).masked(smallest)


def _check_asked(surveys: tuple[Survey, ...], file: str) -> None:
    """Refuse more people who answered than were asked: every interval rests on the number asked."""
    problems = [
        declared.too_few_asked(answered.period, answered.received, answered.asked, file)
        for answered in surveys
        if answered.responses is not None and answered.asked and answered.received > answered.asked
    ]
    if problems:
        raise InputError(f"CANNOT USE {file}: nothing was run", problems)


def _check_files(surveys: tuple[Survey, ...], file: str) -> None:
    """Refuse one export named for two periods: its answers would count twice, and nothing would have changed."""
    records = [answered.record for answered in surveys if answered.responses is not None]
    problems = [
        problem
        for place, record in enumerate(records)
        for problem in survey.loaded_before(record, records[:place])
    ]
    if problems:
        raise InputError(f"CANNOT USE {file}: nothing was run", problems)


def _check_overlap(surveys: tuple[Survey, ...], file: str) -> None:
    """Refuse more people who answered in two periods than answered in one of them."""
    problems = [
        Problem(
            "overlap-too-large",
            "REJECT",
            f"overlap is {now.overlap:,}, but {before.received:,} people answered in {before.period} and "
            f"{now.received:,} in {now.period}: no more can have answered in both.",
            where=f'{file}, [periods."{now.period}".survey] overlap',
            mend="Correct the number, or leave it out where it is not known.",
        )
        for before, now in pairwise(surveys)
        if now.overlap and before.responses is not None and now.overlap > min(before.received, now.received)
    ]
    if problems:
        raise InputError(f"CANNOT USE {file}: nothing was run", problems)


def _comments(
    period: declared.Period, answered: Survey, folder: Path
) -> tuple[survey.Coding | None, survey.Quotations | None]:
    """The coding of the period's comments and the quotations from them; None for what it does not declare."""
    responses, codes, quotations = answered.responses, period.comment_codes, period.quotations
    if responses is None:
        return None, None
    return (
        survey.load_codes(codes, responses, programme.load_comment_themes(folder)) if codes else None,
        survey.load_quotations(quotations, responses) if quotations else None,
    )
