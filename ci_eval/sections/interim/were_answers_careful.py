"""Were answers given with care, and do the statements hang together? Flags and reliability (docs/methods.md A10).

A flag is a reason to look and never a reason to drop: where most people agree strongly, one answer throughout can be
honest. What the flagged could change is said instead.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement import cronbach_alpha, omega_total, positions, speeders, straight_lining, word
from ci_eval.agreement.refusals import Refused
from ci_eval.agreement.scales import FAST_PART, FEWEST_ANSWERS
from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.report import sentences
from ci_eval.report.pieces import Piece, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray


def quality(evidence: Evidence) -> list[Piece]:
    """Reliability of the statements as one scale, and responses flagged; nothing without a survey."""
    if not evidence.reports_survey:
        return []
    answers = answers_of(evidence.survey)
    return [reliability(evidence, answers), flags(evidence, answers)]


def answers_of(survey: Survey) -> "NDArray[np.float64]":
    """Answers as places on the scale (respondent, statement); NaN for any other answer, or none."""
    asked = survey.questionnaire
    return positions(survey.frame, [statement.code for statement in asked.statements], asked.scale)


def reliability(evidence: Evidence, answers: "NDArray[np.float64]") -> Sentence:
    """Cronbach's alpha with its interval, and omega of a one-factor model, or why there is none."""
    source = evidence.survey.record.file
    # A statement nobody answered, or too few to show, would leave no respondent who answered all.
    answers = answers[:, np.isfinite(answers).any(axis=0)]
    try:
        alpha, omega = cronbach_alpha(answers), omega_total(answers)
    except Refused as error:
        text = f"How far the statements hang together as one scale cannot be told: {_reason(error)}."
        return Sentence("reliability", text, {"alpha": None, "omega": None}, source=source)
    numbers: dict[str, Any] = {
        "alpha": alpha.alpha,
        "alpha_low": alpha.low,
        "alpha_high": alpha.high,
        "omega": omega.omega,
        "statements": alpha.items,
        "respondents": alpha.respondents,
        "left_out": alpha.left_out,
    }
    said = (
        f"Cronbach’s alpha is {alpha.alpha:.2f} (95% interval {alpha.low:.2f} to {alpha.high:.2f}, Feldt)"
        if np.isfinite(alpha.alpha)
        else f"Cronbach’s alpha is not defined ({alpha.note})"
    )
    said += (
        f" and omega total {omega.omega:.2f} (one factor, maximum likelihood{'; ' + omega.note if omega.note else ''})"
        if np.isfinite(omega.omega)
        else f"; omega total is not defined ({omega.note})"
    )
    text = (
        f"Do the {alpha.items} statements{_of(alpha.items, evidence)} hang together as one scale? "
        f"Over the {alpha.respondents:,} respondents who "
        f"answered all of them ({alpha.left_out:,} did not), {said}. Near 1, a respondent who agrees with one statement "
        "tends to agree with the others; near 0 each statement tells its own story. The report makes no sum of the "
        "statements, so nothing in it rests on this."
    )
    return Sentence("reliability", text, numbers, source=source)


def _of(used: int, evidence: Evidence) -> str:
    all_of_them = len(evidence.questionnaire.statements)
    return "" if used == all_of_them else f", of {all_of_them}, that have answers to show"


def flags(evidence: Evidence, answers: "NDArray[np.float64]") -> Sentence:
    """How many gave one answer throughout or were much faster than most, and what they could change."""
    survey = evidence.survey
    one, fast = straight_lining(answers), speeders(seconds(survey))
    timed = int(np.isfinite(seconds(survey)).sum())
    either = one | fast
    least = evidence.smallest_group
    parts = [
        f"{_people(int(one.sum()), least)} gave one and the same answer to all of at least {FEWEST_ANSWERS} statements"
    ]
    if timed:
        parts.append(
            f"{_people(int(fast.sum()), least)} took less than a third of the median time ({timed:,} responses have one)"
        )
    text = f"Of {len(answers):,} respondents, {sentences.listed(parts)}. "
    text += (
        "" if timed else "How long a response took is not recorded, so nobody can be said to have hurried. "
    )
    other = words_without(survey, either)
    text += (
        "They are counted like everybody else: where most people agree strongly, one answer throughout can be honest. "
        f"Without them {_changed(other)}."
        if either.any()
        else "Nobody is flagged."
    )
    numbers = {
        "responses": len(answers),
        "straight_lining": _shown(int(one.sum()), least),
        "speeders": _shown(int(fast.sum()), least) if timed else None,
        "timed": timed,
        "words_that_would_differ": other,
        "fewest_answers": FEWEST_ANSWERS,
        "part_of_median": FAST_PART,
    }
    return Sentence("response-quality", text, numbers, source=survey.record.file)


def seconds(survey: Survey) -> "NDArray[np.float64]":
    """How long each response took; NaN where it is not known, or ends before it starts."""
    took = (survey.frame["ended"] - survey.frame["started"]).dt.total_seconds().to_numpy(dtype=float)
    return np.where(took >= 0, took, np.nan)


def words_without(survey: Survey, flagged: "NDArray[np.bool_]") -> int:
    """For how many statements the word would be another without the flagged."""
    before, after = survey.counts, survey.counts_of(survey.frame[~flagged], None)
    words = [
        word(counted.agreeing[:, 0], counted.answered[:, 0], bands=survey.bands)
        for counted in (before, after)
    ]
    return int((words[0] != words[1]).sum())


def _changed(words: int) -> str:
    if not words:
        return "every word would be the same"
    return f"the word would differ for {sentences.count(words, 'statement')}"


def _people(number: int, least: int) -> str:
    return f"fewer than {least}" if 0 < number < least else f"{number:,}" if number else "nobody"


def _shown(number: int, least: int) -> int | None:
    return None if 0 < number < least else number


def _reason(error: Refused) -> str:
    return error.message
