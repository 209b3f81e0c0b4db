"""Invented surveys as plain rows, and what is true of them by plain Python: no frame, nothing of agreement or evidence."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest
from math import comb, exp, hypot, lgamma, sqrt
from statistics import NormalDist
from typing import Any

import pandas as pd
from scipy import stats

from ci_eval.evidence import Evidence
from ci_eval.evidence.period_survey import Survey

SCALE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
CODES = tuple(f"s{number:02}" for number in range(1, 16))
ORGANISATIONS = ("Education Scotland", "Local authority")
SMALLEST = 5
Row = dict[str, str]


@dataclass(frozen=True)
class Period:
    """The rows of one survey; "" is no answer."""

    name: str
    rows: tuple[Row, ...]
    asked: int
    not_asked: tuple[str, ...] = ()

    def given(self, code: str, **those: str) -> list[str]:
        """The answers on the scale, of `those` people; none where fewer people gave one than may be shown."""
        answers = [row[code] for row in self.rows if row[code] in SCALE]
        if len(answers) < SMALLEST:
            return []
        rows = (row for row in self.rows if all(row[name] == value for name, value in those.items()))
        return [row[code] for row in rows if row[code] in SCALE]

    def people(self, code: str, **those: str) -> tuple[int, int]:
        """How many agreed, and how many gave an answer on the scale."""
        given = self.given(code, **those)
        return sum(one in SCALE[:2] for one in given), len(given)


def word(agree: int, answered: int) -> str:
    """The published word, by fractions."""
    share = Fraction(agree, answered)
    if share in (0, 1):
        return "all" if share else "none"
    edges = ((share <= Fraction(15, 100), "few"), (share < Fraction(1, 2), "less than half"))
    edges += ((share < Fraction(3, 4), "majority"), (share <= Fraction(9, 10), "most"))
    return next((name for holds, name in edges if holds), "almost all")


def posterior(agree: int, answered: int, asked: int) -> dict[str, float]:
    """The probability of each word for everybody asked: a sum over what the others can say."""
    a, b, others = agree + 0.5, answered - agree + 0.5, asked - answered
    chances: dict[str, float] = {}
    for more in range(others + 1):
        log = lgamma(a + more) + lgamma(b + others - more) - lgamma(a + b + others)
        log -= lgamma(a) + lgamma(b) - lgamma(a + b)
        name = word(agree + more, asked)
        chances[name] = chances.get(name, 0.0) + comb(others, more) * exp(log)
    return chances


def sure(agree: int, answered: int, asked: int) -> bool:
    return posterior(agree, answered, asked).get(word(agree, answered), 0.0) >= 0.8


def word_differs(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    """The probability that the words of everybody asked differ."""
    one, other = posterior(*first), posterior(*second)
    return 1 - sum(chance * other.get(name, 0.0) for name, chance in one.items())


def superiority(first: Iterable[str], second: Iterable[str]) -> float:
    """The chance that somebody of the second agrees more strongly than somebody of the first, pair by pair."""
    pairs = [SCALE.index(one) - SCALE.index(other) for one in first for other in second]
    return sum((pair > 0) + 0.5 * (pair == 0) for pair in pairs) / len(pairs)


def holm(values: dict[str, float]) -> dict[str, float]:
    """Holm's adjusted p-values, step by step."""
    adjusted, worst = {}, 0.0
    for place, (code, p) in enumerate(sorted(values.items(), key=lambda item: item[1])):
        worst = max(worst, min(1.0, p * (len(values) - place)))
        adjusted[code] = worst
    return adjusted


def p_values(pairs: dict[str, tuple[list[str], list[str]]], *, adjust: bool = True) -> dict[str, float]:
    """The p of scipy's Brunner–Munzel test of each pair of groups of answers, adjusted by Holm's method."""
    places = {code: [[SCALE.index(one) for one in side] for side in pair] for code, pair in pairs.items()}
    values = {code: float(stats.brunnermunzel(*sides).pvalue) for code, sides in places.items()}
    return holm(values) if adjust else values


def newcombe(a: int, b: int, c: int, d: int) -> tuple[float, float]:
    """The 95% interval of c of d less a of b, from Wilson's; narrower where those asked are few."""
    (p, low_p, high_p), (q, low_q, high_q) = _wilson(a, b), _wilson(c, d)
    return q - p - hypot(q - low_q, high_p - p), q - p + hypot(high_q - q, p - low_p)


def _wilson(agree: int, people: int) -> tuple[float, float, float]:
    z, p = NormalDist().inv_cdf(0.975), agree / people
    middle = (p + z * z / (2 * people)) / (1 + z * z / people)
    reach = z * sqrt(p * (1 - p) / people + z * z / (4 * people**2)) / (1 + z * z / people)
    return p, middle - reach, middle + reach


def naming(rows: tuple[Row, ...], areas: dict[str, int]) -> tuple[Row, ...]:
    """So many of the rows, the first, name each area of focus."""
    named = [area for area, people in areas.items() for _ in range(people)]
    return tuple(row | {"focus": area} for row, area in zip_longest(rows, named, fillvalue=""))


def drawn(
    people: int, shares: Iterable[float], seed: int, organisations: tuple[str, ...] = ORGANISATIONS
) -> tuple[Row, ...]:
    """Rows of people who agree with each statement as often as `shares` says; some say nothing."""
    chance, wanted = random.Random(seed), list(shares)  # noqa: S311 (no secret)
    rows = []
    for number in range(people):
        row = dict.fromkeys(("role", "focus", "mode", "comment", "improve"), "")
        row |= {"organisation": organisations[number % len(organisations)]}
        row["published"] = chance.choice(("Yes", "Unsure", "Unsure", "No", ""))
        for place, code in enumerate(CODES):
            agrees = chance.random() < wanted[place % len(wanted)]
            row[code] = chance.choice(SCALE[:2] if agrees else SCALE[2:])
            if chance.random() < 0.05:
                row[code] = chance.choice(("Don’t know", ""))
        rows.append(row)
    return tuple(rows)


def without(rows: tuple[Row, ...], *codes: str) -> tuple[Row, ...]:
    return tuple(row | dict.fromkeys(codes, "") for row in rows)


def evidence_of(like: Evidence, before: Period | None, now: Period) -> Evidence:
    """The evidence as it is opened, of these rows instead of an export's."""
    earlier = (_survey(like.earlier[0], before),) if before else ()
    return replace(like, survey=_survey(like.survey, now), earlier=earlier, quoted=None)


def _survey(like: Survey, period: Period) -> Survey:
    complete = like.unmasked
    columns: dict[str, Any] = {}
    for name, column in complete.frame.items():
        if name in period.rows[0]:
            given = [row[name] for row in period.rows]
            closed = isinstance(column.dtype, pd.CategoricalDtype)
            columns[name] = pd.Series([one or None for one in given], dtype=column.dtype) if closed else given
    number = len(period.rows)
    frame = pd.DataFrame(columns, index=range(number)).assign(id=[str(n) for n in range(number)])
    frame = frame.assign(started=pd.NaT, ended=pd.NaT).reindex(columns=complete.frame.columns)
    frame = frame.astype({name: complete.frame[name].dtype for name in ("started", "ended")})
    record = replace(complete.responses.record, rows_in=number, used=number, left_out={}, left_out_ids={})
    responses = replace(complete.responses, frame=frame, record=record)
    return replace(
        like, period=period.name, responses=responses,
        complete=None, coding=None, asked=period.asked, asked_by={}, overlap=None,
        not_asked=period.not_asked,
    ).masked(SMALLEST)  # fmt: skip
