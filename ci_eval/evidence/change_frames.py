"""What changed since the period before, whether there is a trend, and whether late answers differ from early ones.

Methods: docs/methods.md A8, A12. Differences are of shares, as fractions, later less earlier.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval.agreement import compare, holm, interval, trend
from ci_eval.evidence.group_frames import reading, readings, whole_per_cent
from ci_eval.evidence.period_survey import Survey
from ci_eval.evidence.statement_frames import without_answers

ANOTHER_SCALE = "not comparable, answered on another scale"
RISE, FALL = "a rise", "a fall"
ALIKE = 0.5  # correlation of a person's two answers, to show what a declared overlap could be worth
FEWEST = 20  # answers of an early or late half to a statement, at the least


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
    frame["evidence"] = readings(frame, measures, "low", "high", even=0.0)
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


def halves(moments: "pd.Series[pd.Timestamp]") -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who answered in the earlier and who in the later half; those of one moment are in one half, of no time in none.

    Examples
    --------
    >>> early, late = halves(pd.Series(pd.to_datetime(["2023-08-01", "2023-08-03", "2023-08-02", None])))
    >>> early.tolist(), late.tolist()
    ([True, False, False, False], [False, True, True, False])
    """
    values = moments.to_numpy(dtype="datetime64[ns]")
    known = np.sort(values[~np.isnat(values)])
    ends = np.unique(known)[:-1]  # a last moment ends no earlier half
    if not ends.size:
        nobody = np.zeros(len(values), dtype=bool)
        return nobody, nobody.copy()
    # of the moments that could end the earlier half, the one that makes the halves most alike in size
    sizes = np.searchsorted(known, ends, side="right")
    last = ends[np.abs(2 * sizes - known.size).argmin()]
    return values <= last, values > last


def early_and_late(survey: Survey, smallest: int, level: float = 0.95) -> pd.DataFrame:
    """A row a statement; the columns are those of `Evidence.early_and_late`. Empty where no statement can be compared."""
    frame = survey.of_each_scale(lambda part: _halves_compared(part, smallest, level))
    if frame.empty:
        return frame
    frame["p_holm"] = holm(frame.pop("p"))
    measures = [survey.questionnaire.scale_of(code).measure for code in frame.index]
    frame["evidence"] = readings(frame, measures)
    return frame.drop(columns=["superiority_low", "superiority_high"]).assign(
        superiority=frame["superiority"].round(2), p_holm=frame["p_holm"].round(3)
    )


def _halves_compared(survey: Survey, smallest: int, level: float) -> pd.DataFrame:
    moments = survey.frame["ended"].fillna(survey.frame["started"])
    sides = halves(moments)
    untimed = survey.counts_of(survey.frame[moments.isna()], None).answered[:, 0]
    first, second = (survey.counts_of(survey.frame[side], None) for side in sides)
    few = np.minimum(first.answered[:, 0], second.answered[:, 0]) < FEWEST
    few |= (untimed > 0) & (untimed < smallest)
    if few.all():
        return pd.DataFrame()
    left_out = [code for code, one in zip(first.statements, few, strict=True) if one]
    nobody = np.zeros(len(survey.frame), dtype=bool)
    shown = survey.frame.assign(**{code: survey.frame[code].where(nobody) for code in left_out})
    early, late = (survey.counts_of(shown[side], None) for side in sides)
    frame = compare(early, late, level=level, bands=survey.bands).rename_axis("code").drop(index=left_out)
    frame.insert(
        0, "statement", [one.text for one in survey.questionnaire.statements if one.code in frame.index]
    )
    shares = ["share_first", "share_second"]
    frame[shares] = whole_per_cent(frame[shares])
    frame["difference"] = (frame["share_second"] - frame["share_first"]).round(2)
    frame.attrs = {
        "early": int(sides[0].sum()),
        "late": int(sides[1].sum()),
        "last": moments[sides[0]].max().date(),
    }
    return frame[
        ["statement", *shares, "difference", "superiority", "superiority_low", "superiority_high", "p"]
    ]
