"""Everything an interim evaluation looks at, read once and handed to every section."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement import Counts, counts
from ci_eval.programme import check

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.programme import Band, Councils, Finding, Questionnaire, Register
    from ci_eval.survey import Coding, LoadRecord, Quotations, Responses

GROUPINGS = {"organisation": "organisation", "role": "job role", "mode": "how the engagement was undertaken"}
EVERYBODY = "All respondents"


def answered(column: "pd.Series[Any]") -> "pd.Series[bool]":
    """Which respondents gave an answer: not NaN, and for free text more than spaces."""
    return column.notna() & (column.astype(object).astype(str).str.strip() != "")


@dataclass(frozen=True)
class Survey:
    """One period's responses and how many people were asked.

    `responses` is None where the period has no survey file; `asked` is None where the number is not known;
    `asked_by` gives it by organisation where the sender kept it. `overlap` is how many people answered both in this
    period and in the one before, None where nobody knows; `starts` is the period's first day.
    """

    period: str
    questionnaire: "Questionnaire"
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
    councils: "Councils"
    register: "Register"
    questionnaire: "Questionnaire"
    bands: "tuple[Band, ...]"
    themes: "pd.DataFrame"
    recommendations: "pd.DataFrame"
    strategic_questions: "pd.DataFrame"
    claims: "pd.DataFrame"
    smallest_group: int
    inputs: tuple[tuple[str, str], ...]
    quotations: "Quotations | None" = None
    comment_codes: "Coding | None" = None

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
        return check(
            self.register, self.questionnaire, self.claims, day=self.ends, unsure=unsure, bands=self.bands
        )

    def mend(self, key: str, table: str = "") -> str:
        """How to supply a setting of this period, or of a table of its."""
        below = f".{table}" if table else ""
        return f'add {key} under [periods."{self.period}"{below}] in the settings file'
