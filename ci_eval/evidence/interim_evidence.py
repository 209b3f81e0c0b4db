"""Everything one review period's interim evaluation rests on, opened and read once; every method gives a frame.

What the methods return may be released (ci_eval.report.small_groups); with ``exact=True`` every group stands alone, and
the frame is for the team's eyes only. A frame's `attrs` hold what sentences need to know beside its rows; where there
is nothing, `attrs["missing"]` says what is missing and how to supply it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ci_eval.agreement import Band
from ci_eval.agreement.refusals import Refused
from ci_eval.agreement.trends import FEWEST_PERIODS
from ci_eval.evidence import (
    change_frames,
    claim_frames,
    comment_frames,
    follow_up_frames,
    group_frames,
    late_answers,
    missing_reasons,
    own_texts,
    point_frames,
    programme_frames,
    question_frames,
    record_frames,
    statement_frames,
    weight_frames,
)
from ci_eval.evidence.frames import EvidenceFrame, Summarised, exact, releasable
from ci_eval.evidence.missing_reasons import Missing
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import check
from ci_eval.programme.questionnaire import FOCUS
from ci_eval.report import formats, sentences

if TYPE_CHECKING:
    from ci_eval.evidence.own_texts import Texts
    from ci_eval.programme import Councils, Programme, Questionnaire, Register
    from ci_eval.settings.evaluator_file import Limits
    from ci_eval.survey import Quotations


@dataclass(eq=False, repr=False)
class Evidence(Summarised):
    """What one review period's interim evaluation rests on; it displays itself.

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
    published_questionnaire: "Questionnaire"
    recommended: pd.DataFrame
    left_to_group: pd.DataFrame
    progress: pd.DataFrame
    claims: pd.DataFrame
    smallest_group: int
    inputs: tuple[tuple[str, str], ...]
    texts: "Texts"
    quoted: "Quotations | None" = None
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
    def exactly(self) -> "Evidence":
        """The same evidence with no group too small to be shown and no answer taken out."""
        earlier = tuple(one.unmasked for one in self.earlier)
        return replace(self, survey=self.survey.unmasked, earlier=earlier, smallest_group=1)

    def no_survey(self, survey: Survey | None = None, so: str = missing_reasons.NOTHING) -> Missing:
        """Why a survey, this period's by default, cannot be reported, and how to supply it."""
        return missing_reasons.no_survey(survey or self.survey, self.smallest_group, so)

    # --- the main points ---

    def points(self) -> EvidenceFrame:
        """A row a main point, ranked by `score`: size times sureness (docs/methods.md A13); reports and hosts follow.

        point: change (with evidence), lowest, highest, report or hosts. code, topic, reported: of its statement; of
        equals their topics or number, no code. agreeing, answered: people; share: 0 to 1; word, with its sureness, 0 to 1.
        agreeing_before, answered_before, share_before: of the period before; difference: of the shares, -1 to 1, with
        low and high; stands: whether it keeps its direction whatever those would have said who did not answer.
        unknown: authorities of which it cannot be known whether they hosted. size, score: 0 to 1. NaN where a point
        has no such value. In attrs: the statement on the whole, who was asked, when, by whom, and the evaluator's
        verdict.
        """
        frames = (self.statements(), self.change(), self.publication(), self.hosts())
        about = own_texts.about_survey(self.survey, self.texts)
        previous = self.change().attrs.get("previous", "")
        make = point_frames.ranked_points
        return self._frame(make, *frames, self.questionnaire, **about, previous=previous)

    # --- what only people can judge ---

    def judgements(self) -> EvidenceFrame:
        """A row a passage that the evaluator wrote: subject (strengths, improvements, guidance, pace, governance), text,
        source, written_on, name.
        """
        return releasable(own_texts.judged(self.texts.evaluator), **self._context)

    def decisions(self) -> EvidenceFrame:
        """A row a decision that the evaluator asks of the Group: ask, evidence (with its statements' numbers), name."""
        evaluator, statements = self.texts.evaluator, self.statements()
        return releasable(
            own_texts.decisions_asked(evaluator, statements, self.questionnaire, self.bands), **self._context
        )

    def assurance(self) -> EvidenceFrame:
        """A row an assumption that the team logged: text, basis, if_wrong. attrs: roles, quality, written_on; nothing
        where no assurance is declared.
        """
        return releasable(own_texts.assured(self.texts.assurance), **self._context)

    # --- the programme's own records ---

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
        """A row a recommendation: key, name, recommendation, owner, status, as_at, movement since the period before,
        evidence, next_step, source; "" where not recorded. A status without as_at follows from the engagements of the
        period; one with as_at was entered.
        """
        now, end = self.engagements(), self.starts - timedelta(days=1)
        before = self.previous
        span = (before.starts or end, end) if before else (end, end)
        earlier = follow_up_frames.engagements_to(self.register, span, self._limits)
        parts = (now[now["in_period"]], earlier[earlier["in_period"]])
        make, given = follow_up_frames.recommendations_followed, (self.recommended, self.progress)
        previous = before.period if before else ""
        return self._frame(make, *given, *parts, (end, self.ends), previous=previous)

    def questions(self) -> EvidenceFrame:
        """A row a question left to the Strategic Group: key, name, question, evidence of this period, needed (what an
        answer would need), status, as_at, next_step, source; "" where not recorded.
        """
        names = ("themes", "focus", "judgements")
        answers = {name: pd.DataFrame(getattr(self, name)()) for name in names}
        days, statements = (self.starts - timedelta(days=1), self.ends), self.statements()

        def share_of(code: str) -> str:
            return own_texts.share_in_words(code, statements, self.questionnaire, self.bands)

        given = (
            self.left_to_group,
            self.progress,
            days,
            self.engagements(),
            self.hosts(),
            answers,
            share_of,
        )
        return self._frame(follow_up_frames.questions_followed, *given)

    @property
    def _limits(self) -> "Limits | None":
        return self.texts.evaluator.limits if self.texts.evaluator else None

    def respondents(self, exact: bool = False) -> EvidenceFrame:
        """A row a grouping of the questionnaire (question) and group, small ones put together: who answered?

        responses: people. share: of those who answered the question, 0 to 1. asked: people
        asked, where known; rate: responses by asked, 0 to 1.
        """
        if exact:
            return self._exact("respondents")
        return self._of_survey(programme_frames.who_answered, self.survey, self.smallest_group)

    def statements(self, level: float = 0.95, exact: bool = False) -> EvidenceFrame:
        """A row a statement, indexed by its code: how far respondents agreed, and how sure that is.

        statement: its text; topic: its subject; reported: the text as part of a sentence. agreeing, answered: people
        who agreed or agreed strongly, and who answered on the scale. share: agreeing by answered, 0 to 1; low, high:
        its interval at `level`; strongly: share of the strongest agreement. word: for the share; sureness: probability
        that it is right for everybody asked; hedged_word: with its neighbour where not sure; would_change: how many
        people more or fewer would change it. median: answer. consensus: van der Eijk's A, -1 to 1; tastle_wierman: 0
        to 1; rwg. least, most: the share whatever those say who did not answer, NaN where the number asked is not
        known; stands: whether the word is then the same, None where not known. tipping: how much less, 0 to 1, those
        would have to agree for the word to fall, NaN where nothing makes it fall. rank_share, rank_sureness,
        rank_consensus: 1 is the most. Then a column an answer, in people (strongly_agree …), not_answered, and
        unanswered: all without an answer on the scale. without: "not asked" or "too few answered", else "". NaN and ""
        where nobody answered, or too few to show.
        """
        if exact:
            return self._exact("statements", level=level)
        return self._of_survey(statement_frames.agreement_by_statement, self.survey, level, level=level)

    def statements_of(self, responses: pd.DataFrame, level: float = 0.95) -> EvidenceFrame:
        """As `statements`, of the people whose rows of `evidence.responses` are given; exact.

        Their interval is Wilson's, because how many such people were asked is not recorded.

        Examples
        --------
        ``evidence.statements_of(evidence.responses.query("mode == 'Online'"))``

        Raises
        ------
        ValueError
            For rows that are not of this period's responses.
        """
        whole = self.survey.unmasked
        if whole.responses is None:
            return self._missing(self.no_survey(), level=level)
        strange = responses.index.difference(whole.frame.index)
        if len(strange):
            raise ValueError(
                f"{len(strange):,} rows are not rows of evidence.responses. Fix: choose rows of that frame, as they are."
            )
        part = replace(whole.responses, frame=whole.frame.loc[responses.index])
        chosen = replace(whole, responses=part, asked=None, asked_by={}, overlap=None)
        frame = statement_frames.agreement_by_statement(chosen, level)
        return exact(frame, **self._context | {"asked": None, "received": len(part.frame), "level": level})

    def weighted(self, level: float = 0.95) -> EvidenceFrame:
        """A row a statement, indexed by its code: the share and word if every organisation had answered alike.

        statement; answered: people; share, word: unweighted; weighted_share, weighted_word; low, high: interval of the
        weighted share at `level`; effective: people the answers are worth; design_effect; same_word: True or False.
        """
        return self._of_weights(lambda weights: weights.words(self.survey, level), level=level)

    def weights(self) -> EvidenceFrame:
        """A row an organisation, those put together for any statement as one: asked, responses (people), rate (0 to 1),
        weight of a respondent (mean 1).
        """
        return self._of_weights(lambda weights: weights.weights())

    def groups(self, level: float = 0.95, exact: bool = False) -> EvidenceFrame:
        """A row a grouping, statement and group, for every grouping with two groups or more that may be shown.

        Small groups are put together ("Smaller organisations together"). grouping: its code.
        further: True where groups are put together further for this statement. answered, agreeing: people; share: 0 to
        1; low, high: its interval at `level`, all whole per cent; word. others: people of the other groups;
        superiority: chance that somebody of the group answers more favourably than one of them, 0.5 is no difference;
        superiority_low, superiority_high: its interval; p; test: its name. everybody: the share of all respondents.
        p_holm: p adjusted for all comparisons of groups. evidence: more agreement, less agreement, a hint, none; not
        tested (of the engagement); compared once (of two groups the second, whose numbers of the comparison are NaN).
        """
        if exact:
            return self._exact("groups", level=level)
        make = group_frames.agreement_by_group
        return self._of_survey(make, self.survey, self.smallest_group, level, level=level)

    def early_and_late(self, level: float = 0.95) -> EvidenceFrame:
        """A row a statement, indexed by its code: those who answered in the earlier half (first) and the later (second).

        statement; share_first, share_second: 0 to 1, whole per cent; difference: of the shares, -1 to 1. superiority:
        chance of more agreement in the later half; p_holm: adjusted for all statements; evidence: more agreement, less
        agreement, a hint, none. No row of a statement with fewer than 20 answers in a half; empty where no times are known.
        """
        make = late_answers.early_and_late
        return self._of_survey(make, self.survey, self.smallest_group, level, level=level)

    def further_questions(self, level: float = 0.95) -> EvidenceFrame:
        """A row an option of each question that no other section reports, or a row a number.

        code, question: its title; kind: choice, several or number. option; people who chose it, of those who answered;
        share: 0 to 1, with low, high at `level`; word, with its sureness, 0 to 1. Options that fewer people chose than may
        be shown stand together, last. Of a number: people, and lower (quartile), median and upper; NaN and "" elsewhere.
        """
        if not self.questionnaire.further:
            return self._absent()
        make = question_frames.answers_to
        return self._of_survey(make, self.survey, self.smallest_group, level, level=level)

    # --- what has changed ---

    def change(self, level: float = 0.95) -> EvidenceFrame:
        """A row a statement, indexed by its code: the period before (first) and this one (second).

        statement, topic; answered_first, answered_second, agreeing_first, agreeing_second: people; share_first,
        share_second: 0 to 1, with low_first … high_second at `level`; word_first, word_second. difference: of the
        shares, -1 to 1; low, high: its interval. superiority: chance of more agreement in this period, with its
        interval; p; p_holm: adjusted for all statements; test; without_first, without_second: as without of
        `statements`. evidence: more agreement, less agreement, a hint, none. word_changed: probability that the word
        truly differs. NaN and "" where a statement was answered in one period only.
        """
        before, now = self.previous, self.survey
        about = {"level": level, "previous": before.period if before else ""}
        if not self.reports_survey:
            return self._missing(self.no_survey(), **about)
        if before is None:
            return self._missing(missing_reasons.no_earlier_period(self.period), **about)
        if not self.may_report(before):
            so = f"there is nothing to compare {self.period} with"
            return self._missing(self.no_survey(before, so), **about)
        source = sentences.listed([before.file, now.file])
        return self._frame(change_frames.change_by_statement, before, now, level, source=source, **about)

    def trend(self, level: float = 0.95) -> EvidenceFrame:
        """A row a statement, indexed by its code, from three periods with a survey on.

        statement; share and a period's name: its share, 0 to 1; slope: change a year, -1 to 1, with low, high at
        `level`; p_holm: adjusted for all statements; evidence: a rise, a fall, none. NaN where fewer than three
        periods have answers.
        """
        surveys = [one for one in (*self.earlier, self.survey) if self.may_report(one)]
        if len(surveys) < FEWEST_PERIODS or not self.reports_survey:
            return self._missing(missing_reasons.no_trend(len(surveys)))
        source = sentences.listed(one.file for one in surveys)
        return self._frame(change_frames.trend_by_statement, surveys, level, level=level, source=source)

    # --- reports, focus, comments ---

    def publication(self, level: float = 0.95) -> EvidenceFrame:
        """A row an answer to "Was a report written and published?": answer, responses (people), share (0 to 1), low,
        high (its interval at `level`), word, sureness: as of `statements`. What the register says is in attrs.
        """
        about = {
            "register": programme_frames.reports_recorded(self.hosts()),
            "engagements": len(programme_frames.engagements_of(self.hosts())),
            "level": level,
        }
        report = self.questionnaire.report
        if report is None:
            return self._absent(**about)
        frame = self._of_survey(programme_frames.report_published, self.survey, report, level, **about)
        people = 0 if frame.empty else int(frame["responses"].sum())
        if frame.empty or people >= self.smallest_group:
            return frame
        return self._missing(
            missing_reasons.no_report_answer(self.survey, report, people, self.smallest_group), **about
        )

    def published_claims(self) -> EvidenceFrame:
        """A row a claim of the published report: claim, value, where it stands in it, period whose survey it speaks of.

        result: supported, contradicted or cannot be known; evidence, in words; misfit: why it does not fit another
        claim, "" where it does; note, source. attrs["invented"]: the periods whose answers at hand are invented.
        """
        surveys = {one.period: one for one in (*self.earlier, self.survey)}
        make, asked = claim_frames.claims_checked, self.published_questionnaire
        given = (self.claims, self.register, asked, self.bands, surveys, self.smallest_group)
        return self._frame(make, *given)

    def focus(self) -> EvidenceFrame:
        """A row an area of focus of the codebook that somebody named: theme, respondents, share of those who named
        a focus (0 to 1). How answers were matched, what the register says, and what was asked of
        self-evaluation, is in attrs.
        """
        if not any(one.code == FOCUS and one.kind == "text" for one in self.questionnaire.questions):
            return self._absent()
        engagements = programme_frames.engagements_of(self.hosts())
        rooted = programme_frames.rooted_in_self_evaluation
        about = {
            "rooted": rooted(self.survey, self.smallest_group) if self.reports_survey else {},
            "engagements": len(engagements),
            "register": sorted(engagements.loc[engagements["focus"] != "", "focus"]),
        }
        return self._of_survey(programme_frames.focus_named, self.survey, self.smallest_group, **about)

    def comments(self) -> EvidenceFrame:
        """A row a question for comments: respondents, wrote (who wrote something), nothing (who wrote that they had
        nothing to say), in people; share: wrote by respondents, 0 to 1.
        """
        if not self.questionnaire.comments:
            return self._absent()
        return self._of_survey(comment_frames.written, self.survey)

    def themes(self) -> EvidenceFrame:
        """A row a question (column) and theme that somebody raised in a comment, as people coded it.

        people: who raised it, of those who wrote something (of); share: 0 to 1; word, hedged_word, sureness: as of
        `statements`; at_most, highest: share and word if every comment not yet decided raised it too. share_before: in
        the period before. alpha, ac1: how far coders agreed on it. A theme that fewer people raised than may be shown
        has no row: attrs["rare"] names it. No row of a question that fewer people answered than may be shown.
        """
        before = self.previous
        earlier = None if before is None or not self.may_report(before) else before.coding
        about = {"previous": before.period if before is not None and earlier is not None else ""}
        given = (self.questionnaire.comments, earlier, self.survey.asked, self.bands, self.smallest_group)
        return self._of_codes(comment_frames.coded_themes, *given, **about)

    def coders(self) -> EvidenceFrame:
        """A row a question and theme that is shown: how far those agreed who coded the comments on their own.

        comments: coded by two or more; percent_agreement: 0 to 1; alpha (Krippendorff's, with alpha_low, alpha_high),
        ac1 (Gwet's), brennan_prediger: 1 is full agreement, 0 what chance gives.
        """
        return self._of_codes(
            comment_frames.coders_agreement, self.questionnaire, pd.DataFrame(self.themes())
        )

    def _of_codes(self, make: Callable[..., pd.DataFrame], *given: Any, **about: Any) -> EvidenceFrame:
        coding = self.survey.coding
        if not self.questionnaire.comments:
            return self._absent()
        if coding is None:
            return self._missing(missing_reasons.no_codes(self.survey))
        about |= {"source": f"{self.survey.file}, coded in {coding.file}", "file": coding.file}
        return self._of_survey(make, coding.of(*coding.comments), *given, **about)

    def quotations(self) -> EvidenceFrame:
        """A row a quotation that a person approved: text, column, question (in answer to what)."""
        if not self.questionnaire.comments:
            return self._absent()
        if self.quoted is None:
            return self._missing(missing_reasons.no_quotations(self.survey))
        return self._of_survey(
            comment_frames.approved, self.quoted, self.questionnaire, source=self.quoted.file
        )

    # --- how it was made ---

    def quality(self, level: float = 0.95) -> EvidenceFrame:
        """A row a measure of how carefully answers were given, indexed by its name: value, low, high, respondents, note.

        alpha, omega: how far the statements hang together, 0 to 1. straight_lining, speeders: people flagged, NaN where
        a handful or not recorded. words_without_flagged: statements whose word would differ without them.
        """
        make = statement_frames.care
        return self._of_survey(make, self.survey, self.smallest_group, level, level=level)

    def resemblance(self) -> EvidenceFrame:
        """A row a design effect, by which resemblance within an engagement would inflate the variance.

        effect; answers_worth: people the answers to a statement are worth, median; sure: words still sure; lost: sure
        words no longer so; statements: those with a word.
        """
        return self._of_survey(statement_frames.resemblance, self.survey)

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

    @cached_property
    def _weights(self) -> weight_frames.Weighted | Missing:
        if not (self.reports_survey and self.questionnaire.asks(group_frames.ORGANISATION)):
            return self.no_survey()
        try:
            return weight_frames.weigh(self.survey, self.smallest_group)
        except Refused as error:
            return missing_reasons.no_weights(error.message, error.fix)

    def _of_weights(
        self, make: Callable[[weight_frames.Weighted], pd.DataFrame], **about: Any
    ) -> EvidenceFrame:
        weights = self._weights
        if not self.questionnaire.asks(group_frames.ORGANISATION):
            return self._absent(**about)
        if isinstance(weights, tuple):
            return self._missing(weights, **about)
        return releasable(make(weights), **self._context | about)

    def _missing(self, missing: Missing, **about: Any) -> EvidenceFrame:
        return releasable(pd.DataFrame(), **self._context | about, missing=missing)

    def _absent(self, **about: Any) -> EvidenceFrame:
        """Of a question that the questionnaire does not have: the report has no section on it."""
        return releasable(pd.DataFrame(), **self._context | about, absent=True, missing=("", ""))

    def _exact(self, method: str, **choices: Any) -> EvidenceFrame:
        return exact(getattr(self.exactly, method)(**choices))

    # --- how it displays itself ---

    def summary(self) -> list[str]:
        """What there is, a line each: who answered of how many, statements, hosts, periods, and what is missing."""
        hosts = self.hosts()["hosted"].value_counts()
        asked = "" if self.survey.asked is None else f" of the {self.survey.asked:,} asked"
        frames = (
            self.respondents(),
            self.network(),
            self.change(),
            self.weighted(),
            self.themes(),
            self.quotations(),
        )
        missing = dict.fromkeys(frame.attrs.get("missing", ("", "")) for frame in frames)
        return [
            *(["Invented data: made up to try the workbook."] if self.invented else []),
            f"Review period {self.period}: {formats.date(self.starts)} to {formats.date(self.ends)}",
            f"Answered: {self.survey.received:,} people{asked}; {len(self.questionnaire.statements)} statements",
            f"Authorities that had hosted: {hosts.get('yes', 0)} of {int(hosts.sum())}; "
            f"cannot be known: {hosts.get('cannot be known', 0)}",
            f"Earlier periods: {sentences.listed(one.period for one in self.earlier) or 'none'}",
            *(f"Missing: {what} Fix: {how}" for what, how in missing if what),
        ]
