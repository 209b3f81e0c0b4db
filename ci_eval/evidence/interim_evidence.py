"""Everything one review period's interim evaluation rests on, opened and read once; every method gives a frame.

What the methods return may be released (ci_eval.report.small_groups); with ``exact=True`` every group stands alone, and
the frame is for the team's eyes only. What was opened, and the programme's records, are in `period_records`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.agreement.trends import FEWEST_PERIODS
from ci_eval.evidence import (
    change_frames,
    comment_frames,
    follow_up_frames,
    group_frames,
    missing_reasons,
    own_texts,
    point_frames,
    programme_frames,
    question_frames,
    statement_frames,
    weight_frames,
)
from ci_eval.evidence.frames import EvidenceFrame, exact, releasable
from ci_eval.evidence.missing_reasons import Missing
from ci_eval.evidence.period_records import PeriodRecords
from ci_eval.programme.questionnaire import FOCUS
from ci_eval.report import formats, sentences


class Evidence(PeriodRecords):
    """What one review period's interim evaluation rests on; it displays itself."""

    # --- the main points, and what is asked of the Group ---

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

    def decisions(self) -> EvidenceFrame:
        """A row a decision that the evaluator asks of the Group: ask, evidence (with its statements' numbers), name."""
        evaluator, statements = self.texts.evaluator, self.statements()
        return releasable(
            own_texts.decisions_asked(evaluator, statements, self.questionnaire, self.bands), **self._context
        )

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

    # --- what people answered ---

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
        make = change_frames.early_and_late
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

    # --- how carefully it was answered ---

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
