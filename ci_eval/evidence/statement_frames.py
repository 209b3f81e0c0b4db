"""How far respondents agreed with each statement, how sure that is, and how carefully they answered.

Methods: docs/methods.md A1 to A6 (shares, words, intervals, bounds), A7 (resemblance), A9 (consensus), A10 (flags),
A12 (tipping points, no answer).
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement import (
    bounds,
    cronbach_alpha,
    hedged_word,
    interval,
    omega_total,
    positions,
    rwg,
    share,
    speeders,
    straight_lining,
    sureness,
    tastle_wierman,
    tipping_point,
    turning_point,
    van_der_eijk,
    word,
)
from ci_eval.agreement.refusals import Refused
from ci_eval.agreement.word_probability import SURE
from ci_eval.evidence.period_survey import Survey

RANKED = ("share", "sureness", "consensus")
NOT_ASKED, TOO_FEW = "not asked", "too few answered"
FEWEST_ITEMS = 3  # statements of one scale
EFFECTS = (1.0, 1.25, 1.5, 2.0, 3.0, 5.0)


def agreement_by_statement(survey: Survey, level: float = 0.95) -> pd.DataFrame:
    """A row a statement, indexed by its code; the columns are those of `Evidence.statements`."""
    frame = survey.of_each_scale(lambda part: _on_one_scale(part, level))
    return frame.reindex([statement.code for statement in survey.questionnaire.statements])


def _on_one_scale(survey: Survey, level: float) -> pd.DataFrame:
    counted = survey.counts
    agree, people = counted.agreeing[:, 0], counted.answered[:, 0]
    on_scale = counted.on_scale[:, 0]
    low, high = interval(agree, people, survey.asked, level)
    least, most = bounds(agree, people, float("nan") if survey.asked is None else survey.asked)
    tipping = np.asarray(tipping_point(agree, people, survey.asked, bands=survey.bands))
    strongest = on_scale[:, counted.scale.index(counted.agree[0])]
    frame = pd.DataFrame(
        {
            "statement": [statement.text for statement in survey.questionnaire.statements],
            "topic": [statement.topic for statement in survey.questionnaire.statements],
            "reported": [statement.reported for statement in survey.questionnaire.statements],
            "agreeing": agree,
            "answered": people,
            "share": share(agree, people),
            "low": low,
            "high": high,
            "word": word(agree, people, bands=survey.bands),
            "sureness": sureness(agree, people, survey.asked, bands=survey.bands),
            "hedged_word": hedged_word(agree, people, survey.asked, bands=survey.bands),
            "would_change": _would_change(agree, people, survey),
            "median": counted.median[:, 0],
            "consensus": van_der_eijk(on_scale),
            "tastle_wierman": tastle_wierman(on_scale),
            "rwg": rwg(on_scale),
            "least": least,
            "most": most,
            "tipping": np.where(np.isinf(tipping), np.nan, tipping),
            "stands": _stands(agree, people, survey),
            "strongly": share(strongest, people),
            "without": [
                "" if number else without_answers(code, survey)
                for code, number in zip(counted.statements, people, strict=True)
            ],
        },
        index=pd.Index(counted.statements, name="code"),
    )
    # twelve digits: the last bits of a float must not put one of two equal statements first
    ranks = {f"rank_{by}": frame[by].round(12).rank(ascending=False, method="min") for by in RANKED}
    frame = frame.assign(**ranks)
    names = {name_of(answer, frame): answer for answer in counted.answers}
    answers = dict(zip(names, counted.table[:, 0, :].T, strict=True))
    not_answered = np.where(people > 0, counted.not_answered[:, 0], np.nan)  # those taken out gave an answer
    frame = frame.assign(**answers, not_answered=not_answered)
    frame["unanswered"] = np.where(people > 0, survey.received - people, np.nan)
    against = [one.code for one in survey.questionnaire.statements if one.reversed]
    frame.attrs = {"answers": names, "reversed": against}
    return frame


def without_answers(code: str, survey: Survey) -> str:
    """Why a statement has no answers to show: it is declared or known as not asked, or too few answered."""
    asked = code in survey.counts.statements and code not in survey.not_asked
    return TOO_FEW if asked else NOT_ASKED


def name_of(answer: str, frame: pd.DataFrame) -> str:
    """An answer as the name of a new column of the frame: ``Strongly agree`` is ``strongly_agree``."""
    kept = "".join(letter if letter.isalnum() else " " for letter in answer.casefold().replace("’", ""))
    name = "_".join(kept.split())
    return name if name and name not in frame.columns else f"answer_{name}"


def _stands(agree: NDArray[np.int64], people: NDArray[np.int64], survey: Survey) -> list[bool | None]:
    """Whether the word stands whatever those say who did not answer; None where nobody can say."""
    if survey.asked is None:
        return [None] * len(people)
    ends = [
        word(agreeing, survey.asked, bands=survey.bands)
        for agreeing in (agree, agree + survey.asked - people)
    ]
    return [bool(low == high) if n else None for low, high, n in zip(*ends, people, strict=True)]


def _would_change(agree: NDArray[np.int64], people: NDArray[np.int64], survey: Survey) -> list[str]:
    """The fewest people who would change each word, and the word then: ``1 fewer: most``."""
    change, then = turning_point(agree, people, bands=survey.bands)
    return [
        f"{abs(number):,.0f} {'fewer' if number < 0 else 'more'}: {next_word}" if next_word else ""
        for number, next_word in zip(change, then, strict=True)
    ]


def resemblance(survey: Survey) -> pd.DataFrame:
    """A row a design effect; the columns are those of `Evidence.resemblance`. Empty where no statement has a word."""
    m, n = survey.counts.agreeing[:, 0], survey.counts.answered[:, 0]
    m, n = m[n > 0], n[n > 0]
    if not n.size:
        return pd.DataFrame()
    sure = np.array(
        [
            np.atleast_1d(sureness(m, n, survey.asked, bands=survey.bands, design_effect=effect)) >= SURE
            for effect in EFFECTS
        ]
    )
    return pd.DataFrame(
        {
            "effect": EFFECTS,
            "answers_worth": [round(float(np.median(n)) / effect) for effect in EFFECTS],
            "sure": sure.sum(axis=1),
            "lost": (sure[0] & ~sure).sum(axis=1),
            "statements": n.size,
        }
    )


def care(survey: Survey, smallest: int, level: float = 0.95) -> pd.DataFrame:
    """A row a measure; the columns are those of `Evidence.quality`."""
    return survey.of_each_scale(lambda part: _care_on_one_scale(part, smallest, level))


def _care_on_one_scale(survey: Survey, smallest: int, level: float) -> pd.DataFrame:
    answers = places_on_scale(survey)
    one, fast = straight_lining(answers), speeders(seconds(survey))
    timed = int(np.isfinite(seconds(survey)).sum())
    flagged = one | fast
    frame = pd.DataFrame(
        [
            *_reliability(answers, level),
            _people("straight_lining", int(one.sum()), len(answers), smallest),
            _people("speeders", int(fast.sum()) if timed else None, timed, smallest),
            {
                "measure": "words_without_flagged",
                "value": _words_without(survey, flagged),
                "respondents": len(answers),
            },
        ],
        columns=["measure", "value", "low", "high", "respondents", "note"],
    ).set_index("measure")
    frame["note"] = frame["note"].fillna("")
    # a statement nobody answered, or too few to show, would leave no respondent who answered all
    used = int(np.isfinite(answers).any(axis=0).sum())
    frame.attrs = {"statements": answers.shape[1], "statements_used": used, "flagged": bool(flagged.any())}
    return frame


def _reliability(answers: NDArray[np.float64], level: float) -> list[dict[str, Any]]:
    """Cronbach's alpha and omega over the statements that have answers; the reason where there is none."""
    answers = answers[:, np.isfinite(answers).any(axis=0)]
    if answers.shape[1] < FEWEST_ITEMS:
        note = "fewer than three statements on it have answers to show"
        return [{"measure": name, "note": note} for name in ("alpha", "omega")]
    try:
        alpha, omega = cronbach_alpha(answers, level), omega_total(answers)
    except Refused as error:
        return [{"measure": name, "note": error.message} for name in ("alpha", "omega")]
    people = {"respondents": alpha.respondents}
    return [
        {"measure": "alpha", "value": alpha.alpha, "low": alpha.low, "high": alpha.high, "note": alpha.note}
        | people,
        {"measure": "omega", "value": omega.omega, "note": omega.note} | people,
    ]


def _people(measure: str, number: int | None, of: int, smallest: int) -> dict[str, Any]:
    """A number of people flagged; a handful is not numbered."""
    if number is None:
        return {"measure": measure, "respondents": of, "note": "not recorded"}
    few = 0 < number < smallest
    return {
        "measure": measure,
        "value": None if few else number,
        "respondents": of,
        "note": f"fewer than {smallest}" if few else "",
    }


def places_on_scale(survey: Survey) -> NDArray[np.float64]:
    """Answers as places on the scale (respondent, statement); NaN for any other answer, or none."""
    asked = survey.questionnaire
    return positions(survey.frame, [statement.code for statement in asked.statements], asked.scale)


def seconds(survey: Survey) -> NDArray[np.float64]:
    """How long each response took; NaN where it is not known, or ends before it starts."""
    took = (survey.frame["ended"] - survey.frame["started"]).dt.total_seconds().to_numpy(dtype=float)
    return np.where(took >= 0, took, np.nan)


def _words_without(survey: Survey, flagged: NDArray[np.bool_]) -> int:
    """For how many statements the word would be another without the flagged."""
    before, after = survey.counts, survey.counts_of(survey.frame[~flagged], None)
    words = [
        word(counted.agreeing[:, 0], counted.answered[:, 0], bands=survey.bands)
        for counted in (before, after)
    ]
    return int((words[0] != words[1]).sum())
