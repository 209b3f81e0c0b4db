"""What the published report claims, checked by the programme's records and by the survey of the period it speaks of.

A claim about answers is never held against another period's survey, and never against invented answers: then it cannot
be known. What the invented answers give is said beside it, to show that the check works.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from ci_eval.agreement import Band, word
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Questionnaire, Register
from ci_eval.programme.claims import (
    CONTRADICTED,
    OF_SURVEY,
    SUPPORTED,
    UNKNOWN,
    Checked,
    Claim,
    Result,
    check_record,
    expected,
    misfits,
    of_bounds,
)
from ci_eval.programme.proportion_words import ProportionWord
from ci_eval.report import sentences

COLUMNS = (
    "key", "claim", "value", "where", "period", "against", "result", "evidence", "misfit", "note", "source",
)  # fmt: skip
EACH = "each"


class Share(NamedTuple):
    """People of whom a claim is true, those of whom it may be, and all it speaks of."""

    people: int
    perhaps: int
    of: int


def claims_checked(
    claims: pd.DataFrame,
    register: Register,
    questionnaire: Questionnaire,
    bands: Sequence[Band],
    surveys: Mapping[str, Survey],
    smallest: int,
) -> pd.DataFrame:
    """A row a claim; the columns are those of `Evidence.published_claims`. `surveys` by the name of their period."""
    listed: list[dict[str, Any]] = claims.to_dict("records")  # type: ignore[assignment]
    words = [ProportionWord(*band) for band in bands]
    values = {claim["key"]: str(claim["value"]) for claim in listed}
    unfit = misfits(listed, register, words)
    rows = []
    for claim in listed:
        if claim["check"] in OF_SURVEY:
            checked = _by_survey(claim, surveys.get(claim["period"]), words, smallest)
        else:
            checked = check_record(claim, register, questionnaire, words, values)
        own = {"result": checked.result, "evidence": checked.evidence, "misfit": unfit.get(claim["key"], "")}
        rows.append(claim | own)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.attrs = {
        "invented": sorted({period for period in frame["period"] if _invented(surveys.get(period))})
    }
    return frame


def _invented(survey: Survey | None) -> bool:
    return survey is not None and survey.responses is not None and survey.invented


def _by_survey(
    claim: Claim, survey: Survey | None, words: Sequence[ProportionWord], smallest: int
) -> Checked:
    shares = _shares(claim, survey) if survey is not None and survey.received >= smallest else []
    shares = [one for one in shares if one.of >= smallest]
    if survey is None or not shares:
        return Checked(UNKNOWN, f"No answers of {claim['period']} on this are at hand.")
    band = expected(str(claim["value"]), words)
    evidence = _evidence(shares, survey.bands, smallest)
    if band is None:
        checked = Checked(UNKNOWN, f"“{claim['value']}” is no word of the scale. {evidence}")
    else:
        results = [
            of_bounds(band, Fraction(one.people, one.of), Fraction(one.people + one.perhaps, one.of))
            for one in shares
        ]
        result: Result = (
            CONTRADICTED if CONTRADICTED in results else UNKNOWN if UNKNOWN in results else SUPPORTED
        )
        checked = Checked(result, evidence)
    if not survey.invented:
        return checked
    fits = {SUPPORTED: "fit it", CONTRADICTED: "do not fit it"}.get(checked.result, "do not decide it")
    text = f"Only invented answers of {claim['period']} are at hand; they {fits}. {checked.evidence}"
    return Checked(UNKNOWN, text)


def _shares(claim: Claim, survey: Survey) -> list[Share]:
    """The shares a claim speaks of: one for each statement, or one; none where nothing of that name was asked."""
    if claim["check"] == "statement":
        names, asked = list(survey.counts.statements), survey.questionnaire
        each = [
            one.code
            for one in asked.statements
            if not one.reversed and asked.scale_of(one.code) is asked.scales[0]
        ]
        wanted = [name for name in names if name in (each if claim["about"] == EACH else [claim["about"]])]
        places = [names.index(name) for name in wanted]
        agreeing, answered = survey.counts.agreeing, survey.counts.answered
        return [Share(int(agreeing[at, 0]), 0, int(answered[at, 0])) for at in places]
    code, _, named = claim["about"].partition(": ")
    if claim["check"] == "answer":
        if code not in survey.frame:
            return []
        given = survey.frame[code].dropna().astype(str)
        return [Share(int((given == named).sum()), 0, len(given))]
    if survey.coding is None:
        return []
    counts = survey.coding.counts()
    row = counts[(counts["question"] == code) & (counts["key"] == named)]
    return [
        Share(int(one["people"]), int(one["undecided"]), int(one["of"])) for one in row.to_dict("records")
    ]


def _evidence(shares: Sequence[Share], bands: Sequence[Band], smallest: int) -> str:
    """The share, or the lowest and highest of several; of fewer people than may be shown only the word."""
    if len(shares) == 1:
        return f"{sentences.opening(_in_words(shares[0], bands, smallest))}."
    low, *_, high = sorted(shares, key=lambda one: one.people / one.of)
    ends = [_in_words(one, bands, smallest) for one in (low, high)]
    return f"Of {len(shares)} shares the lowest is {ends[0]}, the highest {ends[1]}."


def _in_words(share: Share, bands: Sequence[Band], smallest: int) -> str:
    text = str(word(share.people, share.of, bands=bands))
    if share.people >= smallest or not share.people:
        text += f", {sentences.share_of(share.people, share.of, bands=bands)}"
    most = str(word(share.people + share.perhaps, share.of, bands=bands))
    return text if text.startswith(most) else f"{text}; at most {most}, with comments not yet decided"
