"""What changed since the period before, and whether there is a trend over three periods or more.

Methods: docs/methods.md A8. Differences are of shares, as fractions, later less earlier.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement import compare, holm, interval, trend
from ci_eval.evidence.group_frames import HINT, NONE, reading
from ci_eval.evidence.period_survey import Survey
from ci_eval.evidence.statement_frames import without_answers

ANOTHER_SCALE = "not comparable, answered on another scale"
RISE, FALL = "a rise", "a fall"
ALIKE = 0.5  # correlation of a person's two answers, to show what a declared overlap could be worth


def change_by_statement(before: Survey, now: Survey, level: float = 0.95) -> pd.DataFrame:
    """A row a statement, indexed by its code; the columns are those of `Evidence.change`.

    A statement answered on another scale in the period before is not compared, and has no share of that time.
    """
    other = on_another_scale(before, now)
    before = before.without(other)
    frame = compared_periods(before, now, level)
    asked = {one.code: one for survey in (before, now) for one in survey.questionnaire.statements}
    frame.insert(0, "statement", [asked[code].text for code in frame.index])
    frame.insert(1, "topic", [asked[code].topic for code in frame.index])
    for side, survey in (("first", before), ("second", now)):
        frame[f"without_{side}"] = [
            "" if people else without_answers(code, survey)
            for code, people in zip(frame.index, frame[f"answered_{side}"], strict=True)
        ]
        frame[f"agreeing_{side}"] = _of(survey, "agreeing", list(frame.index))
        frame[f"low_{side}"], frame[f"high_{side}"] = interval(
            frame[f"agreeing_{side}"], frame[f"answered_{side}"], survey.asked, level
        )
    frame.loc[other, "without_first"] = ANOTHER_SCALE
    measures = [_measure(code, now, before) for code in frame.index]
    columns = ("p_holm", "superiority", "low", "high")
    frame["evidence"] = [
        reading(p, above, f"more {measure}", f"less {measure}", NONE if low <= 0 <= high else HINT)
        for p, above, low, high, measure in zip(*(frame[name] for name in columns), measures, strict=True)
    ]
    frame.attrs |= {"overlap": now.overlap, "asked_first": before.asked, "asked_second": now.asked}
    if now.overlap:
        joint = compared_periods(before, now, level, ALIKE)
        narrower = (frame["high"] - frame["low"]) - (joint["high"] - joint["low"])
        frame.attrs |= {"alike": ALIKE, "narrower": float(narrower.mean())}
    return frame


def on_another_scale(before: Survey, now: Survey) -> list[str]:
    """Codes of the statements that both surveys asked, on scales of which the shares cannot be compared."""
    first, second = before.questionnaire, now.questionnaire
    codes = [one.code for one in second.statements if first.asks(one.code)]
    return [code for code in codes if not first.scale_of(code).same_as(second.scale_of(code))]


def _measure(code: str, *surveys: Survey) -> str:
    asked = next(one.questionnaire for one in surveys if one.questionnaire.asks(code))
    return asked.scale_of(code).measure


def compared_periods(
    before: Survey, now: Survey, level: float = 0.95, correlation: float = 0.0
) -> pd.DataFrame:
    """The columns of ``agreement.compare`` by code; an overlap is held to the answers to each statement.

    A statement asked or answered in one period only has NaN and empty texts. `correlation` is that of the two answers
    of a person who answered twice; it matters only where the overlap is declared.
    """
    frame = now.of_each_scale(
        lambda part: _compared(before.answered_on(part.scale), part, level, correlation)
    )
    lost = [one.code for one in before.questionnaire.statements if one.code not in frame.index]
    if lost:  # of a scale that this period does not have
        attrs, texts = frame.attrs, frame.select_dtypes(exclude="number").columns
        frame = frame.reindex([*frame.index, *lost])
        frame[texts] = frame[texts].fillna("")
        frame["answered_second"] = frame["answered_second"].fillna(0)
        frame.loc[lost, "answered_first"] = _of(before, "answered", lost)
        frame.attrs = attrs
    frame["p_holm"] = holm(frame["p"])
    return frame


def _compared(before: Survey, now: Survey, level: float, correlation: float) -> pd.DataFrame:
    """The same of the statements of one scale."""
    first, second = before.counts, now.counts
    codes = list(dict.fromkeys([*first.statements, *second.statements]))
    people = (_of(survey, "answered", codes) for survey in (before, now))
    return compare(
        first,
        second,
        asked_first=before.asked,
        asked_second=now.asked,
        overlap=np.minimum(now.overlap or 0, np.minimum(*people)),
        correlation=correlation,
        level=level,
        bands=now.bands,
    ).rename_axis("code")


def trend_by_statement(surveys: list[Survey], level: float = 0.95) -> pd.DataFrame:
    """A row a statement of the latest period, indexed by its code; the columns are those of `Evidence.trend`.

    A period that did not ask a statement, or asked it on another scale, counts as one without answers; NaN where fewer
    than three periods have some.
    """
    surveys = [one.without(on_another_scale(one, surveys[-1])) for one in surveys]
    latest = surveys[-1].questionnaire.statements
    codes = [statement.code for statement in latest]
    agree, people = (
        np.column_stack([_of(survey, name, codes) for survey in surveys]) for name in ("agreeing", "answered")
    )
    places, a_year = _places(surveys)
    result = trend(agree, people, places, level)
    p = holm(result.p)
    shares = np.divide(agree, people, out=np.full(agree.shape, np.nan), where=people > 0)
    # a slope is no share: over a short time it may leave the range a table can show
    slope, low, high = (
        np.clip(np.asarray(value) * a_year, -1, 1) for value in (result.slope, result.low, result.high)
    )
    frame = pd.DataFrame(
        {
            "statement": [statement.text for statement in latest],
            **{f"share {survey.period}": shares[:, n] for n, survey in enumerate(surveys)},
            "slope": slope,
            "low": low,
            "high": high,
            "p_holm": p,
            "evidence": [
                reading(one, 0.5 + z, RISE, FALL) for one, z in zip(p, np.atleast_1d(result.z), strict=True)
            ],
        },
        index=pd.Index(codes, name="code"),
    )
    frame.attrs = {
        "periods": [survey.period for survey in surveys],
        "files": [survey.file for survey in surveys],
    }
    return frame


def _of(survey: Survey, name: str, codes: list[str]) -> NDArray[np.int64]:
    own = dict(zip(survey.counts.statements, getattr(survey.counts, name)[:, 0], strict=True))
    return np.array([own.get(code, 0) for code in codes], dtype=np.int64)


def _places(surveys: list[Survey]) -> tuple[list[float], float]:
    """Places of the periods in time, in months since the first, and how many of them are a year.

    Where a first day is not known, or two periods begin in one month, the periods count as a year apart.
    """
    starts = [survey.starts for survey in surveys]
    months = [12 * day.year + day.month for day in starts if day is not None]
    if len(set(months)) < len(surveys):
        return [float(n) for n in range(len(surveys))], 1.0
    return [float(month - months[0]) for month in months], 12.0
