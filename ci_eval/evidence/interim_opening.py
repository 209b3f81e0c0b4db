"""Opens one review period's interim evaluation: settings, the programme's records and the surveys, read once."""

import pandas as pd

from ci_eval import programme, survey
from ci_eval.agreement import Band
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.evidence.opening import checked_settings, progress
from ci_eval.evidence.own_texts import Texts
from ci_eval.evidence.period_survey import check_surveys, survey_of
from ci_eval.report import Book
from ci_eval.report.book import DRAFT
from ci_eval.settings import Settings
from ci_eval.settings.assurance_file import read_assurance
from ci_eval.settings.declared_files import inputs
from ci_eval.settings.evaluator_file import read_evaluator_file

REHEARSAL = "REHEARSAL: invented answers of a {kind} survey, not for publication"
WATERMARK = "Rehearsal"


def open_interim(period: str, settings: str = "", output: str = "") -> tuple[Evidence, Book]:
    """The evidence of one period's interim evaluation, and the book that records it.

    Examples
    --------
    >>> evidence, book = open_interim("2021-22")
    >>> evidence.statements().loc["s01", "word"]
    'almost all'

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
    known = checked_settings(period, settings)
    chosen = known.runnable(period)
    earlier = known.up_to(period)[:-1]
    folder = known.programme
    about = programme.load_programme(folder)
    councils = programme.load_councils(folder)
    bands = tuple(Band(*entry) for entry in programme.load_bands(folder))
    codebook = programme.load_codebook(folder)
    read = []
    with progress() as say:
        for one in (*earlier, chosen):
            say(f"Reading the survey of {one.name}")
            asked = programme.load_questionnaire(folder, one.questionnaire)
            read.append(survey_of(one, asked, bands, known.smallest_group, codebook))
    surveys = tuple(read)
    check_surveys(surveys, known.file.name)
    responses = surveys[-1].responses
    questionnaire = surveys[-1].questionnaire
    statements = [one.code for one in questionnaire.statements]
    texts = Texts(
        author=known.author,
        contact=known.contact,
        sent_by=chosen.sent_by,
        sent_to=chosen.sent_to,
        assurance=read_assurance(chosen.assurance) if chosen.assurance else None,
        evaluator=read_evaluator_file(chosen.evaluator, statements) if chosen.evaluator else None,
        impact=about.titles.impact_evaluation if known.impact else "",
    )
    quotations = chosen.survey.quotations
    register = programme.load_register(folder, councils, known.engagements)
    evidence = Evidence(
        period=chosen.name,
        starts=chosen.starts,
        ends=chosen.ends,
        invented=any(one.invented for one in (chosen, *earlier)),
        survey=surveys[-1],
        earlier=surveys[:-1],
        programme=about,
        councils=councils,
        register=register,
        questionnaire=questionnaire,
        published_questionnaire=programme.load_questionnaire(folder),
        recommended=programme.load_recommendations(folder),
        left_to_group=programme.load_strategic_questions(folder),
        progress=programme.load_progress(folder),
        claims=programme.load_claims(folder),
        smallest_group=known.smallest_group,
        inputs=tuple(inputs(known, period).items()),
        texts=texts,
        quoted=survey.load_quotations(quotations, responses) if quotations and responses else None,
        teams=_teams(known, register, period),
    )
    book = Book(
        title=about.titles.interim_evaluation,
        programme=about.name,
        period=chosen.name,
        notebook="interim_evaluation",
        folder=output or None,
        invented=evidence.invented,
        status=REHEARSAL.format(kind=known.rehearsal) if known.rehearsal else DRAFT,
        watermark=WATERMARK if known.rehearsal else "",
        smallest_group=known.smallest_group,
        settings=settings,
        author=known.author,
    )
    return evidence, book


def _teams(known: Settings, register: programme.Register, period: str) -> pd.DataFrame | None:
    """Who had served on whose team by the end of each period up to this one; None where nothing is declared."""
    if known.teams is None:
        return None
    ends = {one.name: one.ends for one in known.up_to(period)}
    frame = programme.served(programme.load_teams(known.teams, register, known.programme), register, ends)
    frame.attrs["file"] = known.teams.name
    return frame


def open_explore(period: str, settings: str = "", output: str = "") -> tuple[Evidence, Book]:
    """The same evidence, and a book of its own for questions that the interim report does not answer.

    Parameters and errors as `open_interim`.
    """
    evidence, interim = open_interim(period, settings)
    book = Book(
        title=evidence.programme.titles.explore_survey,
        programme=evidence.programme.name,
        period=evidence.period,
        notebook="explore_survey",
        folder=output or None,
        invented=interim.invented,
        smallest_group=interim.smallest_group,
        settings=settings,
    )
    return evidence, book
