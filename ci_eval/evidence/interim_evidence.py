"""Everything one review period's interim evaluation rests on, opened and read once."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval import programme, survey
from ci_eval.agreement import Band, Counts, counts
from ci_eval.evidence.opening import checked_settings, progress
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import check
from ci_eval.report import Book
from ci_eval.settings import evaluation as declared
from ci_eval.settings.declared_files import inputs

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.programme import Councils, Finding, Programme, Questionnaire, Register
    from ci_eval.survey import Coding, LoadRecord, Quotations, Responses


GROUPINGS = {"organisation": "organisation", "role": "job role", "mode": "how the engagement was undertaken"}
EVERYBODY = "All respondents"


def answered(column: "pd.Series[Any]") -> "pd.Series[bool]":
    """Which respondents gave an answer: not NaN, and for free text more than spaces."""
    return column.notna() & (column.astype(object).astype(str).str.strip() != "")


@dataclass(frozen=True)
class Survey:
    """One period's responses and how many people were asked.

    `bands` are the words for shares. `responses` is None where the period has no survey file; `asked` is None where
    the number is not known; `asked_by` gives it by organisation where the sender kept it. `overlap` is how many
    people answered both in this period and in the one before, None where nobody knows; `starts` is the period's
    first day.
    """

    period: str
    questionnaire: "Questionnaire"
    bands: tuple[Band, ...]
    responses: "Responses | None" = None
    asked: int | None = None
    asked_by: dict[str, int] = field(default_factory=dict)
    overlap: int | None = None
    starts: date | None = None

    @cached_property
    def frame(self) -> "pd.DataFrame":
        if self.responses is None:
            raise LookupError(f"there are no responses for {self.period}")
        return self.responses.frame

    @property
    def record(self) -> "LoadRecord":
        """What became of every row of the export."""
        if self.responses is None:
            raise LookupError(f"there are no responses for {self.period}")
        return self.responses.record

    def masked(self, smallest: int) -> "Survey":
        """Without the answers to each statement that fewer people answered on the scale than may be shown.

        They are taken out before anything is counted, so that no table, test or weight can give them away.
        """
        if self.responses is None:
            return self
        answered = zip(self.counts.statements, self.counts.answered[:, 0], strict=True)
        few = [code for code, people in answered if 0 < people < smallest]
        if not few:
            return self
        nobody = np.zeros(len(self.frame), dtype=bool)
        frame = self.frame.assign(**{code: self.frame[code].where(nobody) for code in few})
        return replace(self, responses=replace(self.responses, frame=frame))

    @cached_property
    def counts(self) -> Counts:
        """Statement × answer over everybody."""
        return self.counts_by(None)

    def counts_by(self, column: str | None) -> Counts:
        """Statement × group × answer; `column` is a closed question's code, or None for everybody."""
        return self.counts_of(self.frame, column)

    def counts_of(self, frame: "pd.DataFrame", by: str | list[str] | None) -> Counts:
        """The same counts of a frame made from this survey's, such as a part of its rows."""
        asked = self.questionnaire
        return counts(
            frame,
            statements=tuple(statement.code for statement in asked.statements),
            answers=(*asked.scale, *asked.not_scale, *asked.missing),
            scale=asked.scale,
            agree=asked.agree,
            by=by,
        )

    @property
    def received(self) -> int:
        return 0 if self.responses is None else len(self.responses.frame)


@dataclass(frozen=True)
class Evidence:
    """What one review period's interim evaluation rests on; sections read it and change nothing.

    `earlier` holds every earlier period declared, in order of time, with or without a survey.
    """

    period: str
    starts: date
    ends: date
    invented: bool
    survey: Survey
    earlier: tuple[Survey, ...]
    programme: "Programme"
    councils: "Councils"
    register: "Register"
    questionnaire: "Questionnaire"
    themes: "pd.DataFrame"
    recommendations: "pd.DataFrame"
    strategic_questions: "pd.DataFrame"
    claims: "pd.DataFrame"
    smallest_group: int
    inputs: tuple[tuple[str, str], ...]
    quotations: "Quotations | None" = None
    comment_codes: "Coding | None" = None

    @property
    def bands(self) -> tuple[Band, ...]:
        """The words for proportions that every number of this evaluation is worded by."""
        return self.survey.bands

    @property
    def previous(self) -> Survey | None:
        """The period before this one; None for the first."""
        return self.earlier[-1] if self.earlier else None

    @property
    def reports_survey(self) -> bool:
        """Whether there are answers that may be reported."""
        return self.may_report(self.survey)

    def may_report(self, survey: Survey) -> bool:
        """Whether a survey was held and answered by no fewer people than the smallest group that is shown.

        All respondents together are a group like any other: of three people, a share tells what each said.
        """
        return survey.responses is not None and survey.received >= self.smallest_group

    @cached_property
    def findings(self) -> "list[Finding]":
        """The programme's records compared with each other, with what was published, and with this survey."""
        unsure = None
        if self.reports_survey:
            given = self.survey.frame["published"]
            if given.notna().sum() >= self.smallest_group:
                unsure = (int((given == "Unsure").sum()), int(given.notna().sum()))
        least = {band.word: band.above for band in self.bands}
        return check(self.register, self.questionnaire, self.claims, least, day=self.ends, unsure=unsure)

    def fix(self, key: str, table: str = "") -> str:
        """How to supply a setting of this period, or of a table of its."""
        below = f".{table}" if table else ""
        return f'add {key} under [periods."{self.period}"{below}] in the settings file'


def open_interim(period: str, settings: str = "", output: str = "") -> tuple[Evidence, Book]:
    """The evidence and the book of one period's interim evaluation.

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
    chosen = known.period(period)
    earlier = known.up_to(period)[:-1]
    folder = known.programme
    about = programme.load_programme(folder)
    councils = programme.load_councils(folder)
    questionnaire = programme.load_questionnaire(folder)
    bands = tuple(Band(*entry) for entry in programme.load_bands(folder))
    surveys = []
    with progress() as say:
        for item in (*earlier, chosen):
            say(f"Reading the survey of {item.name}")
            surveys.append(_survey(item, questionnaire, bands, known.smallest_group))
    *before, answered = surveys
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
        earlier=tuple(before),
        programme=about,
        councils=councils,
        register=programme.load_register(folder, councils),
        questionnaire=questionnaire,
        themes=programme.load_themes(folder),
        recommendations=programme.load_recommendations(folder),
        strategic_questions=programme.load_strategic_questions(folder),
        claims=programme.load_claims(folder),
        smallest_group=known.smallest_group,
        inputs=tuple(inputs(known, period).items()),
        quotations=quotations,
        comment_codes=coding,
    )
    book = Book(
        title=about.titles.interim_evaluation,
        subtitle=f"Review period {chosen.name}",
        period=chosen.name,
        notebook="interim_evaluation",
        folder=output or None,
        programme=about.name,
        invented=any(item.invented for item in (chosen, *earlier)),
        smallest_group=known.smallest_group,
    )
    return evidence, book


def _survey(
    period: declared.Period,
    questionnaire: programme.Questionnaire,
    bands: tuple[Band, ...],
    smallest: int,
) -> Survey:
    """The period's responses, none where it declares no survey, without statements that too few people answered."""
    responses = (
        None
        if period.survey.file is None
        else survey.load(period.survey.file, questionnaire, declared=period.survey)
    )
    return Survey(
        period.name,
        questionnaire,
        bands,
        responses,
        period.asked,
        dict(period.asked_by_organisation),
        period.survey.overlap,
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
            fix="Correct the number, or leave it out where it is not known.",
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
    responses, codes, quotations = answered.responses, period.survey.comment_codes, period.survey.quotations
    if responses is None:
        return None, None
    return (
        survey.load_codes(codes, responses, programme.load_comment_themes(folder)) if codes else None,
        survey.load_quotations(quotations, responses) if quotations else None,
    )
