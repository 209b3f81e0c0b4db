"""Is there a trend? From three periods on: the share of each statement in all of them (docs/methods.md A8)."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import holm, trend
from ci_eval.agreement.trends import FEWEST_PERIODS
from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.interim.comparing import EVIDENCE, reading

if TYPE_CHECKING:
    import pandas as pd

RISE, FALL, NEITHER = "a rise", "a fall", "none"
TOO_FEW = "fewer than three periods have answers"


def trend_pieces(evidence: Evidence) -> list[Piece]:
    """A sentence and a table; nothing while fewer than three periods have a survey."""
    surveys = [survey for survey in (*evidence.earlier, evidence.survey) if evidence.may_report(survey)]
    if len(surveys) < FEWEST_PERIODS:
        return []
    frame = trends(surveys)
    return [_sentence(surveys, frame), _table(surveys, frame)]


def trends(surveys: list[Survey]) -> "pd.DataFrame":
    """One row a statement of the latest period: its share in every period, slope a year with interval, p, reading.

    A period that did not ask a statement counts as one without answers; NaN where fewer than three periods have some.
    """
    import pandas as pd

    latest = surveys[-1].questionnaire.statements
    codes = [statement.code for statement in latest]
    agree, answered = (
        np.column_stack([_of(s, name, codes) for s in surveys]) for name in ("agreeing", "answered")
    )
    scores, a_year = _scores(surveys)
    found = trend(agree, answered, scores)
    p = holm(found.p)
    shares = np.divide(agree, answered, out=np.full(agree.shape, np.nan), where=answered > 0)
    low, high = np.asarray(found.low) * a_year, np.asarray(found.high) * a_year
    return pd.DataFrame(
        {
            "statement": [statement.text for statement in latest],
            **{f"share_{number}": shares[:, number] for number in range(len(surveys))},
            # a slope is no share: over a short time it may leave the range a table can show
            "slope": np.clip(np.asarray(found.slope) * a_year, -1, 1),
            "low": np.clip(low, -1, 1),
            "high": np.clip(high, -1, 1),
            "p_holm": p,
            "reading": [
                reading(one, 0.5 + z, RISE, FALL, NEITHER)
                for one, z in zip(p, np.atleast_1d(found.z), strict=True)
            ],
        },
        index=pd.Index(codes, name="code"),
    )


def _of(survey: Survey, name: str, codes: list[str]) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    own = dict(zip(survey.counts.statements, getattr(survey.counts, name)[:, 0], strict=True))
    return np.array([own.get(code, 0) for code in codes], dtype=np.int64)


def _scores(surveys: list[Survey]) -> tuple[list[float], float]:
    """Places of the periods in time, in months since the first, and how many of them are a year.

    Where a first day is not known, or two periods begin in one month, the periods count as a year apart.
    """
    starts = [survey.starts for survey in surveys]
    months = [12 * day.year + day.month for day in starts if day is not None]
    if len(set(months)) < len(surveys):
        return [float(n) for n in range(len(surveys))], 1.0
    return [float(month - months[0]) for month in months], 12.0


def _sentence(surveys: list[Survey], frame: "pd.DataFrame") -> Sentence:
    tested = frame.dropna(subset=["p_holm"])
    moved = tested[tested["p_holm"] < EVIDENCE]
    rose = int((moved["slope"] > 0).sum())
    span = f"Over the {len(surveys)} periods from {surveys[0].period} to {surveys[-1].period}"
    if tested.empty:
        return Sentence(
            "trend", f"{span} no statement has answers in three or more, so no trend can be told."
        )
    text = (
        f"{span} there is evidence of a steady rise on {rose} and of a steady fall on {len(moved) - rose} of "
    )
    text += f"{len(tested)} statements, after adjusting for looking at all of them"
    quiet = tested[~(tested["p_holm"] < EVIDENCE)]
    numbers = {"rises": rose, "falls": len(moved) - rose, "statements": len(tested)}
    if quiet.empty:
        return Sentence("trend", f"{text}.", numbers, level="key")
    reach = float(quiet[["low", "high"]].abs().max(axis=1).max())
    text += (
        f". On {len(quiet)} there is no evidence of a trend, and their intervals leave out one of more than "
        f"{sentences.points(reach).lstrip('+')} a year."
    )
    return Sentence("trend", text, numbers | {"left_out_beyond": reach}, level="key")


def _table(surveys: list[Survey], frame: "pd.DataFrame") -> Table:
    return Table(
        "trend-table",
        f"Each statement from {surveys[0].period} to {surveys[-1].period}",
        frame,
        (
            Column("statement", "Statement"),
            *(
                Column(
                    f"share_{number}",
                    f"Share {survey.period}",
                    "percent",
                    blank="nobody answered, or too few to show",
                )
                for number, survey in enumerate(surveys)
            ),
            Column("slope", "Change a year, percentage points", "points", blank=TOO_FEW, decimals=1),
            Column("low", "Interval from", "points", blank=TOO_FEW, decimals=1),
            Column("high", "Interval to", "points", blank=TOO_FEW, decimals=1),
            Column("p_holm", "p, adjusted", "number", blank=TOO_FEW, decimals=3),
            Column("reading", "Evidence of", blank=TOO_FEW),
        ),
        note=(
            "p is that of the Cochran–Armitage test for a trend of the share (the exact permutation test where a period has "
            "fewer than 10 answers), adjusted by Holm’s method for looking at all statements; under 0.05 is called "
            "evidence. The interval of the change a year is Price and Bonett’s, at 95%. Periods stand where their first "
            "days stand in time. People who answered more than once are "
            "counted as different people (docs/methods.md A8)."
        ),
        source=sentences.listed(survey.record.file for survey in surveys),
        bands=surveys[-1].bands,
    )
