"""What has changed since the last period? Differences with intervals, and whether the word truly changed.

Methods: docs/methods.md A8. Not finding a change is not finding that there was none: sentences say "no evidence of
change" and which changes the interval leaves out.
"""

from typing import TYPE_CHECKING

from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.change_pieces import change_table, dumbbell, words_table
from ci_eval.report.interim.comparing import ALONE, EVIDENCE, compared
from ci_eval.report.interim.evidence import Evidence, Survey
from ci_eval.report.interim.missing import lower_limit, survey_missing, too_few
from ci_eval.report.interim.trend import trend_pieces
from ci_eval.report.pieces import Sentence

if TYPE_CHECKING:
    import pandas as pd

LIKELY = 0.8  # the probability from which a word is said to have changed; that of a sure word (A4)
NAMED = 3  # more statements than this are left to the table
ALIKE = 0.5  # correlation of a person's two answers, to show what a declared overlap could be worth


def change(evidence: Evidence) -> list[Piece]:
    """Every statement in the two periods, a dumbbell of them, the words, and the trend where there are three."""
    if not evidence.reports_survey:
        return [survey_missing(evidence, "change-missing")]
    return [*_since_last(evidence), *trend_pieces(evidence)]


def _since_last(evidence: Evidence) -> list[Piece]:
    before, now = evidence.previous, evidence.survey
    if before is None:
        return [
            Sentence.missing(
                "change-missing",
                f"There is no earlier period to compare {evidence.period} with.",
                "declare the earlier period, with its survey, in the settings file.",
            )
        ]
    if before.responses is None:
        return [
            Sentence.missing(
                "change-missing",
                f"The last period, {before.period}, has no survey to compare with.",
                f'add file = "its export" under [periods."{before.period}".survey].',
            )
        ]
    if not evidence.may_report(before):
        return [
            Sentence.missing(
                "change-missing",
                f"{too_few(evidence, before)}, so there is nothing to compare {evidence.period} with.",
                lower_limit(),
            )
        ]
    frame = compared(before, now)
    if frame.dropna(subset=["difference"]).empty:
        text = f"No statement was answered both in {before.period} and in {now.period}."
        return [Sentence("change", text, level="warning")]
    return [
        change_sentence(before, now, frame),
        no_evidence(frame),
        words_sentence(frame),
        overlap_sentence(evidence, before, frame),
        dumbbell(before, now, frame),
        change_table(before, now, frame),
        words_table(before, now, frame),
    ]


def change_sentence(before: Survey, now: Survey, frame: "pd.DataFrame") -> Sentence:
    """On how many statements answers moved, in which direction, and the largest difference of a share."""
    both = frame.dropna(subset=["difference"])
    moved = both[both["p_holm"] < EVIDENCE]
    more = int((moved["superiority"] > 0.5).sum())
    text = f"Between {before.period} and {now.period} there is evidence that answers moved on "
    text += f"{len(moved) or 'none'} of {len(both)} statements, after adjusting for looking at all of them"
    text += (
        f": towards agreement on {more or 'none'} and away from it on {len(moved) - more or 'none'}. "
        if len(moved)
        else ". "
    )
    largest = both.to_dict("records")[int(both["difference"].abs().to_numpy().argmax())]
    text += (
        f"The largest difference is {sentences.points(largest['difference'])} (95% interval "
        f"{_span(largest['low'], largest['high'])}), from "
        f"{sentences.of(largest['agreeing_first'], largest['answered_first'])} to "
        f"{sentences.of(largest['agreeing_second'], largest['answered_second'])}: “{largest['statement']}”."
    )
    numbers = {str(code): float(value) for code, value in both["difference"].items()}
    numbers |= {"evidence_of_change": len(moved), "towards_agreement": more, "statements": len(both)}
    numbers |= {"away_from_agreement": len(moved) - more}
    numbers |= {
        f"largest_{name}": float(largest[name])
        for name in (
            "difference", "low", "high", "share_first", "agreeing_first", "answered_first", "share_second",
            "agreeing_second", "answered_second",
        )
    }  # fmt: skip
    return Sentence(
        "change", text, numbers, source=sentences.listed([before.record.file, now.record.file]), level="key"
    )


def _span(low: float, high: float) -> str:
    return f"{sentences.points(low).split()[0]} to {sentences.points(high)}"


def no_evidence(frame: "pd.DataFrame") -> Sentence:
    """What is left of the statements without evidence: which changes their intervals leave out."""
    both = frame.dropna(subset=["difference"])
    quiet = both[~(both["p_holm"] < EVIDENCE)]
    if quiet.empty:
        return Sentence(
            "change-no-evidence", "There is evidence of change on every statement.", {"statements": 0}
        )
    reach = quiet[["low", "high"]].abs().max(axis=1)
    alone = int((quiet["reading"] == ALONE).sum())
    numbers = {
        "statements": len(quiet),
        "least": float(reach.min()),
        "most": float(reach.max()),
        "alone": alone,
    }
    text = f"On {sentences.count(len(quiet), 'statement')} there is no evidence of change. That is not evidence of none: "
    if len(quiet) == 1:
        row = quiet.iloc[0]
        text += f"the interval leaves out only {excluded(float(row['low']), float(row['high']))}."
    else:
        text += (
            f"a change of up to {_size(float(reach.min()))} remains possible on the statement that is known best, and "
            f"of up to {_size(float(reach.max()))} on the one that is known least."
        )
    if alone:
        text += (
            f" On {sentences.count(alone, 'of these', 'of these')} the interval by itself leaves out 0; looking at so many "
            "statements at once, that is a hint and no evidence."
        )
    return Sentence("change-no-evidence", text, numbers)


def excluded(low: float, high: float) -> str:
    """The changes an interval leaves out, in words: ``falls of more than 4 points and rises of more than 9 points``."""
    parts = [
        f"{'falls' if low <= 0 else 'rises'} of {'more' if low <= 0 else 'less'} than {_size(low)}"
        if low > -1
        else "",
        f"{'rises' if high >= 0 else 'falls'} of {'more' if high >= 0 else 'less'} than {_size(high)}"
        if high < 1
        else "",
    ]
    return sentences.listed(part for part in parts if part) or "nothing"


def _size(difference: float) -> str:
    return sentences.points(abs(difference)).lstrip("+")


def words_sentence(frame: "pd.DataFrame") -> Sentence:
    """How many words differ between the two samples, and how many of these changes are likely to be true."""
    both = frame.dropna(subset=["difference"])
    differ = both[both["word_first"] != both["word_second"]]
    likely = differ[differ["word_changed"] >= LIKELY]
    hidden = both[(both["word_first"] == both["word_second"]) & (both["word_changed"] > 0.5)]
    text = f"The word differs for {len(differ) or 'none'} of {len(both)} statements. "
    if len(differ):
        text += (
            f"For {len(likely)} of these the probability that the word truly differs among everybody asked is at least "
            f"{LIKELY:.0%}; a word near the edge of its band can change without a change of mind."
        )
    if len(hidden):
        text += (
            f" For {sentences.count(len(hidden), 'statement')} the word is the same and yet more likely than not to "
            "differ among everybody asked."
        )
    numbers = {
        "words_changed": len(differ),
        "statements": len(both),
        "words_likely_changed": len(likely),
        "same_but_unsure": len(hidden),
    }
    return Sentence("change-words", text.strip(), numbers)


def overlap_sentence(evidence: Evidence, before: Survey, frame: "pd.DataFrame") -> Sentence:
    """How many people answered in both periods, and what that does to the intervals."""
    overlap = evidence.survey.overlap
    same = (
        "Whoever answered twice tends to answer as before, so the true intervals are, if anything, narrower"
    )
    if overlap is None:
        text = (
            f"How many people answered both in {before.period} and in {evidence.period} is not recorded, so the two are "
            f"compared as if nobody had. {same}, and a word is less likely to have changed than the table says. "
            f"To say how many, {evidence.mend('overlap', 'survey')}."
        )
    elif not overlap:
        text = f"Nobody answered both in {before.period} and in {evidence.period}, so the two are compared as they are."
    else:
        joint = compared(before, evidence.survey, correlation=ALIKE)
        narrower = (frame["high"] - frame["low"]) - (joint["high"] - joint["low"])
        text = (
            f"{overlap:,} people answered both in {before.period} and in {evidence.period}. How alike their two answers "
            f"are cannot be known, so they are treated as if they were not. {same}: at a correlation of {ALIKE:g} by "
            f"{100 * float(narrower.mean()):.1f} points in the mean. A word is less likely to have changed than the table "
            "says."
        )
    return Sentence("change-overlap", text, {"overlap": overlap})
