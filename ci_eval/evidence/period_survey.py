"""One review period's survey: its answers, how many people were asked, and what may be counted of them.

Answers to a statement that fewer people gave than may be shown are taken out before anything is counted, so that no
table, test or weight can give them away (docs/methods.md A1).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ci_eval import survey as loader
from ci_eval.agreement import Band, Counts, counts
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire
from ci_eval.programme.questionnaire import Scale
from ci_eval.settings import evaluation as declared
from ci_eval.survey import Coding, LoadRecord, Responses

POOLED = ("favourable", "not favourable", "no answer on the scale")


def _pooled(column: "pd.Series[Any]", scale: Scale) -> "pd.Series[Any]":
    """Answers to a statement as `POOLED`; NaN stays."""
    known = {answer: POOLED[answer not in scale.favourable] for answer in scale.answers}
    return column.astype(object).map(lambda answer: known.get(answer, POOLED[2]), na_action="ignore")


def answered(column: "pd.Series[Any]") -> "pd.Series[bool]":
    """Which respondents gave an answer: not NaN, and for free text more than spaces."""
    return column.notna() & (column.astype(object).astype(str).str.strip() != "")


@dataclass(frozen=True)
class Survey:
    """One period's responses and how many people were asked.

    Attributes
    ----------
    bands : the words for shares
    responses : None where the period has no survey file
    asked : people asked; None where the number is not known
    asked_by : people asked by organisation, where the sender kept it
    overlap : people who answered both in this period and in the one before; None where nobody knows
    starts : the period's first day
    not_asked : codes of statements and questions that the settings declare as not asked
    complete : the responses before answers of too few people were taken out; exact, never for release
    codebook, coding : the codes of free text, and people's use of them; None where there is none
    invented : whether its answers are declared invented
    merged : how many job roles and other organisations were merged by what, by question (`survey.with_merged`)
    """

    period: str
    questionnaire: Questionnaire
    bands: tuple[Band, ...]
    responses: Responses | None = None
    asked: int | None = None
    asked_by: dict[str, int] = field(default_factory=dict)
    overlap: int | None = None
    starts: date | None = None
    not_asked: tuple[str, ...] = ()
    complete: Responses | None = None
    codebook: pd.DataFrame | None = None
    coding: Coding | None = None
    invented: bool = False
    merged: dict[str, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row a response. Raises LookupError where there is no survey."""
        if self.responses is None:
            raise LookupError(f"there are no responses for {self.period}")
        return self.responses.frame

    @property
    def record(self) -> LoadRecord:
        """What became of every row of the export. Raises LookupError where there is no survey."""
        if self.responses is None:
            raise LookupError(f"there are no responses for {self.period}")
        return self.responses.record

    @property
    def file(self) -> str:
        """Name of the export; empty where there is none."""
        return "" if self.responses is None else self.responses.record.file

    @property
    def received(self) -> int:
        """How many people answered."""
        return 0 if self.responses is None else len(self.responses.frame)

    def masked(self, smallest: int) -> "Survey":
        """Without the answers to each statement that fewer people answered on the scale than may be shown."""
        if self.responses is None:
            return self
        people = zip(self.counts.statements, self.counts.answered[:, 0], strict=True)
        few = [code for code, number in people if 0 < number < smallest]
        if not few:
            return self
        nobody = np.zeros(len(self.frame), dtype=bool)
        frame = self.frame.assign(**{code: self.frame[code].where(nobody) for code in few})
        return replace(self, responses=replace(self.responses, frame=frame), complete=self.responses)

    @property
    def unmasked(self) -> "Survey":
        """With every answer; exact."""
        return replace(self, responses=self.complete or self.responses)

    @cached_property
    def counts(self) -> Counts:
        """Statement × answer over everybody."""
        return self.counts_by(None)

    def counts_by(self, column: str | None) -> Counts:
        """Statement × group × answer; `column` is a closed question's code, or None for everybody."""
        return self.counts_of(self.frame, column)

    def counts_of(self, frame: pd.DataFrame, by: str | list[str] | None) -> Counts:
        """The same counts of a frame made from this survey's, such as a part of its rows.

        Where statements are answered on several scales, answers are pooled to `POOLED`: who is favourable and who answered.
        """
        asked = self.questionnaire
        codes = [statement.code for statement in asked.statements]
        answers, scale, agree = (*asked.answers, *asked.missing), asked.scale, asked.agree
        if len(asked.by_scale) > 1:
            frame = frame.assign(**{code: _pooled(frame[code], asked.scale_of(code)) for code in codes})
            answers, scale, agree = POOLED, POOLED[:2], POOLED[:1]
        return counts(frame, statements=codes, answers=answers, scale=scale, agree=agree, by=by)

    @property
    def by_scale(self) -> "tuple[Survey, ...]":
        """The survey once for each scale that its statements are answered on, with these statements only."""
        parts = self.questionnaire.by_scale
        return tuple(replace(self, questionnaire=part) for part in parts) if len(parts) > 1 else (self,)

    @property
    def scale(self) -> Scale:
        """The scale of the statements, the first where there are several."""
        return self.questionnaire.scales[0]

    def of_each_scale(self, make: "Callable[[Survey], pd.DataFrame]") -> pd.DataFrame:
        """The frames that `make` gives for each scale as one, with the column `scale` where there are several.

        `attrs["scales"]` holds each scale by its code, with the attrs of its own frame.
        """
        frames = {part.scale.code: make(part) for part in self.by_scale}
        joined = next(iter(frames.values()))
        if len(frames) > 1:
            blocks = [frame.assign(scale=code) for code, frame in frames.items() if not frame.empty]
            about = joined.attrs
            joined = pd.concat(blocks, ignore_index="code" in blocks[0]) if blocks else joined
            joined.attrs = about
        scales = {part.scale.code: part.scale for part in self.by_scale}
        own = {code: dict(frame.attrs) for code, frame in frames.items()}
        joined.attrs = joined.attrs | {"scales": {code: (scales[code], own[code]) for code in scales}}
        return joined

    def without(self, codes: Collection[str]) -> "Survey":
        """The same as if these statements had not been asked."""
        return replace(self, questionnaire=self.questionnaire.without(codes)) if codes else self

    def answered_on(self, scale: Scale) -> "Survey":
        """The same with the statements of one scale only, which may be none."""
        asked = self.questionnaire
        other = {one.code for one in asked.statements if not asked.scale_of(one.code).same_as(scale)}
        return replace(self, questionnaire=replace(asked.without(other), scales=(scale,)))

    def fix(self, key: str, table: str = "") -> str:
        """How to supply a setting of this period, or of a table of it."""
        below = f".{table}" if table else ""
        return f'add {key} under [periods."{self.period}"{below}] in the settings file'


def survey_of(
    period: declared.Period,
    questionnaire: Questionnaire,
    bands: tuple[Band, ...],
    smallest: int,
    codebook: pd.DataFrame,
) -> Survey:
    """The period's survey, spellings merged, without answers of too few people; without responses where none is declared.

    Raises
    ------
    InputError
        If the export or the coding file cannot be used.
    """
    responses, coding = None, None
    merged: dict[str, dict[str, int]] = {}
    if period.survey.file is not None:
        responses = loader.load(period.survey.file, questionnaire, declared=period.survey)
        if period.survey.coding is not None:
            coding = loader.load_coding(period.survey.coding, responses, codebook)
        responses, merged = loader.with_merged(responses, coding, codebook)
    return Survey(
        period.name,
        questionnaire,
        bands,
        responses,
        period.asked,
        dict(period.asked_by_organisation),
        period.survey.overlap,
        period.starts,
        period.survey.absent,
        codebook=codebook,
        coding=coding,
        invented=period.invented,
        merged=merged,
    ).masked(smallest)


def check_surveys(surveys: tuple[Survey, ...], file: str) -> None:
    """Refuse what cannot be true of the surveys together; `file` is the settings file.

    More people who answered than were asked, one export named for two periods, more people who answered in two
    periods than in one of them.
    """
    there = [survey for survey in surveys if survey.responses is not None]
    records = [survey.record for survey in there]
    for problems in (
        [
            declared.too_few_asked(survey.period, survey.received, survey.asked, file)
            for survey in there
            if survey.asked and survey.received > survey.asked
        ],
        [
            problem
            for place, record in enumerate(records)
            for problem in loader.loaded_before(record, records[:place])
        ],
        [
            _overlap_problem(before, now, file)
            for before, now in pairwise(surveys)
            if now.overlap
            and before.responses is not None
            and now.overlap > min(before.received, now.received)
        ],
    ):
        if problems:
            raise InputError(f"CANNOT USE {file}: nothing was run", problems)


def _overlap_problem(before: Survey, now: Survey, file: str) -> Problem:
    return Problem(
        "overlap-too-large",
        "REJECT",
        f"overlap is {now.overlap:,}, but {before.received:,} people answered in {before.period} and "
        f"{now.received:,} in {now.period}: no more can have answered in both.",
        where=f'{file}, [periods."{now.period}".survey] overlap',
        fix="Correct the number, or leave it out where it is not known.",
    )
