"""What one review period's interim evaluation was opened with: its settings, surveys and the programme's own records.

The frames of what people answered are in `interim_evidence`. Every method gives a frame that may be released
(ci_eval.report.small_groups). A frame's `attrs` hold what sentences need to know beside its rows; where there is
nothing, `attrs["missing"]` says what is missing and how to supply it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self

import pandas as pd

from ci_eval.agreement import Band
from ci_eval.evidence import (
    claim_frames,
    follow_up_frames,
    missing_reasons,
    own_texts,
    programme_frames,
    record_frames,
)
from ci_eval.evidence.frames import EvidenceFrame, Summarised, exact, releasable
from ci_eval.evidence.missing_reasons import Missing
from ci_eval.evidence.own_texts import Texts
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Councils, Programme, Questionnaire, Register, check
from ci_eval.report import sentences
from ci_eval.settings.evaluator_file import Limits
from ci_eval.survey import Quotations


@dataclass(eq=False, repr=False)
class PeriodRecords(Summarised):
    """What was opened for one review period.

    `earlier` holds every earlier period declared, in order of time, with or without a survey.
    """

    period: str
    starts: date
    ends: date
    invented: bool
    survey: Survey
    earlier: tuple[Survey, ...]
    programme: Programme
    councils: Councils
    register: Register
    questionnaire: Questionnaire
    published_questionnaire: Questionnaire
    recommended: pd.DataFrame
    left_to_group: pd.DataFrame
    progress: pd.DataFrame
    claims: pd.DataFrame
    smallest_group: int
    inputs: tuple[tuple[str, str], ...]
    texts: Texts
    quoted: Quotations | None = None
    teams: pd.DataFrame | None = None
    _frames: dict[Any, EvidenceFrame] = field(default_factory=dict, init=False, repr=False)

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

        All respondents together are a group like any other: of three people, a share gives away what each said.
        """
        return survey.responses is not None and survey.received >= self.smallest_group

    @property
    def responses(self) -> EvidenceFrame:
        """A row a response, exact: the export's answers by question code, matched with the questionnaire.

        Raises LookupError where the period has no survey.
        """
        frame = self.survey.unmasked.frame
        unused = {
            code: column.cat.remove_unused_categories()
            for code in self.questionnaire.groupings
            if isinstance((column := frame[code]).dtype, pd.CategoricalDtype)
        }
        return exact(frame.assign(**unused), **self._context)

    @cached_property
    def exactly(self) -> Self:
        """The same evidence with no group too small to be shown and no answer taken out."""
        earlier = tuple(one.unmasked for one in self.earlier)
        return replace(self, survey=self.survey.unmasked, earlier=earlier, smallest_group=1)

    def no_survey(self, survey: Survey | None = None, so: str = missing_reasons.NOTHING) -> Missing:
        """Why a survey, this period's by default, cannot be reported, and how to supply it."""
        return missing_reasons.no_survey(survey or self.survey, self.smallest_group, so)

    # --- what the programme and its people recorded ---

    def judgements(self) -> EvidenceFrame:
        """A row a passage that the evaluator wrote: subject (strengths, improvements, guidance, pace, governance), text,
        source, written_on, name.
        """
        return releasable(own_texts.judged(self.texts.evaluator), **self._context)

    def assurance(self) -> EvidenceFrame:
        """A row an assumption that the team logged: text, basis, if_wrong. attrs: roles, quality, written_on; nothing
        where no assurance is declared.
        """
        return releasable(own_texts.assured(self.texts.assurance), **self._context)

    def background(self) -> EvidenceFrame:
        """A row a passage on what the programme is and aims at: title, text."""
        passages = [(one.title, one.text) for one in self.programme.background]
        frame = pd.DataFrame(passages, columns=["title", "text"])
        return releasable(frame, **self._context | {"source": self.programme.source})

    def asked_questions(self) -> EvidenceFrame:
        """A row a question or statement of the survey, in its order: number, text, answers offered ("" for a text)."""
        frame = own_texts.asked_of_people(self.questionnaire)
        return releasable(frame, **self._context | {"source": self.questionnaire.source})

    def hosts(self) -> EvidenceFrame:
        """A row an authority, indexed by its GSS code: had it been a host by the period's last day?

        hosted: yes, no, or cannot be known. council, collaborative: names. engagement: name of the engagement whose
        dates end first, "" where there is none. earliest, latest: its first and last possible day; precision: how
        exactly the register knows them; when: the same in words. status: took place, planned … mode: how it was
        undertaken, "" where not recorded. pilot: True or False. focus, report_written, report_published: as recorded.
        tile_row, tile_column: its place on a map of equal tiles, counted from 1 at the top left.
        """
        return self._frame(programme_frames.hosts_on, self.register, self.ends)

    def engagements(self) -> EvidenceFrame:
        """A row an engagement that took place by the period's last day, as far as the register records it.

        engagement, hosts, when, mode; in_period: whether it is of this period. team_size: people; schools; report_weeks:
        from its end to its report; report_pages. self_evaluation, background_summary, report_structure,
        report_statistics, action_plan, outcomes_named, elected_members: yes or no. draft_seen_by, days, fidelity, cost:
        text. team_size_met, report_weeks_met: yes or no, by what was agreed. NaN and "" where not recorded. What was
        agreed, and by whom, is in attrs.
        """
        span, limits = (self.starts, self.ends), self._limits
        source = sentences.listed(["register.csv", *filter(None, [self.register.facts_file])])
        return self._frame(follow_up_frames.engagements_to, self.register, span, limits, source=source)

    def network(self) -> EvidenceFrame:
        """A row an organisation that served on the team of an engagement that had taken place: who learnt with whom?

        engagement; host: names; period: the first by whose end it had taken place. organisation; kind: host, other
        authority or other body; officers: people, never named. Of other authorities: collaborative; host_collaboratives;
        crosses: True where these differ; returned: whether a host served on their team too, yes or no, "" where there is
        none; hosted: had they been a host, yes, no or cannot be known. possible: authorities that host none of it.
        """
        frame = self.teams
        if frame is None or frame.empty:
            return self._missing(missing_reasons.no_teams(frame is not None))
        return releasable(frame, **self._context | {"source": frame.attrs["file"]})

    def recommendations(self) -> EvidenceFrame:
        """A row a recommendation: key, name, recommendation, owner, status, as_at, movement (where it stood in the period
        before), evidence, next_step, source; "" where not recorded. A status without as_at follows from the engagements
        of the period; one with as_at was entered.
        """
        now, end = self.engagements(), self.starts - timedelta(days=1)
        before = self.previous
        span = (before.starts or end, end) if before else (end, end)
        earlier = follow_up_frames.engagements_to(self.register, span, self._limits)
        parts = (now[now["in_period"]], earlier[earlier["in_period"]])
        make, given = follow_up_frames.recommendations_followed, (self.recommended, self.progress)
        previous = before.period if before else ""
        return self._frame(make, *given, *parts, (end, self.ends), previous=previous)

    @property
    def _limits(self) -> Limits | None:
        return self.texts.evaluator.limits if self.texts.evaluator else None

    def published_claims(self) -> EvidenceFrame:
        """A row a claim of the published report: claim, value, where it stands in it, period whose survey it speaks of.

        result: supported, contradicted or cannot be known; evidence, in words; misfit: why it does not fit another
        claim, "" where it does; note, source. attrs["invented"]: the periods whose answers at hand are invented.
        """
        surveys = {one.period: one for one in (*self.earlier, self.survey)}
        make, asked = claim_frames.claims_checked, self.published_questionnaire
        given = (self.claims, self.register, asked, self.bands, surveys, self.smallest_group)
        return self._frame(make, *given)

    def load_record(self) -> EvidenceFrame:
        """A row a period with a survey, the latest first: period, file, description, rows_in, used, left_out (rows),
        reasons (why rows were left out). Whether published values come out again is in attrs.
        """
        previous = self.previous.period if self.previous else ""
        about = {"previous": previous, "asked_on": self.questionnaire.scales}
        return releasable(record_frames.rows_used(self._loaded), **self._context, **about)

    def consistency(self) -> EvidenceFrame:
        """A row a comparison of the register with itself and the calendar: result (FAIL, WARN, PASS), message, source."""
        return releasable(record_frames.compared(check(self.register, day=self.ends)), **self._context)

    def provenance(self) -> EvidenceFrame:
        """A row an input: file, sha256."""
        return releasable(pd.DataFrame(self.inputs, columns=["file", "sha256"]), **self._context)

    # --- how frames are made ---

    @property
    def _loaded(self) -> list[Survey]:
        return [one for one in (self.survey, *reversed(self.earlier)) if one.responses is not None]

    @property
    def _context(self) -> dict[str, Any]:
        """What every frame's attrs hold."""
        return {
            "period": self.period,
            "ends": self.ends,
            "asked": self.survey.asked,
            "received": self.survey.received,
            "source": self.survey.file,
            "bands": self.bands,
            "smallest_group": self.smallest_group,
        }

    def _frame(self, make: Callable[..., pd.DataFrame], *given: Any, **about: Any) -> EvidenceFrame:
        """The frame `make` gives, made once for the same level; a copy, because a reader may change hers."""
        key = (make.__name__, about.get("level"))
        if key not in self._frames:
            self._frames[key] = releasable(make(*given), **self._context | about)
        return self._frames[key].copy()

    def _of_survey(self, make: Callable[..., pd.DataFrame], *given: Any, **about: Any) -> EvidenceFrame:
        if not self.reports_survey:
            return self._missing(self.no_survey(), **about)
        return self._frame(make, *given, **about)

    def _missing(self, missing: Missing, **about: Any) -> EvidenceFrame:
        return releasable(pd.DataFrame(), **self._context | about, missing=missing)

    def _absent(self, **about: Any) -> EvidenceFrame:
        """Of a question that the questionnaire does not have: the report has no section on it."""
        return releasable(pd.DataFrame(), **self._context | about, absent=True, missing=("", ""))

    def _exact(self, method: str, **choices: Any) -> EvidenceFrame:
        return exact(getattr(self.exactly, method)(**choices))
