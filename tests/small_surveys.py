"""Invented surveys of few people: most of one group, some of none, with statements left blank."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ci_eval.evidence import Evidence
from ci_eval.evidence.period_survey import Survey

THRESHOLD = 5
CODES = ("s01", "s02", "s03")
NAMES = {
    "organisation": ("Education Scotland", "ADES", "Local authority", "Other (please specify)"),
    "role": ("Headteacher", "Depute headteacher", "HM Inspector", "Education officer", "Head of service"),
    "mode": ("Online", "In person", "A mixture of online and in person"),
}


def invented(survey: Survey, generator: np.random.Generator) -> Survey:
    """A survey of 5 to 40 people, most of one group, some of none, with statements left blank."""
    people = int(generator.integers(5, 41))
    responses = survey.responses
    frame = responses.frame.head(people).copy()
    for grouping, names in NAMES.items():
        part = generator.dirichlet(np.full(len(names), 0.7))
        own = pd.Series(generator.choice([*names, None], size=people, p=[*(0.94 * part), 0.06]), dtype=object)
        own.index = frame.index
        if isinstance(frame[grouping].dtype, pd.CategoricalDtype):
            own = own.astype(frame[grouping].dtype)
        frame[grouping] = own
    blank = generator.uniform(0, 0.4)
    for statement in survey.questionnaire.statements:
        given = generator.choice(
            ["Strongly agree", "Agree", "Disagree", None],
            size=people,
            p=[*((1 - blank) * np.array([0.4, 0.35, 0.25])), blank],
        )
        frame[statement.code] = given if statement.code in CODES else np.full(people, None, dtype=object)
    held = frame["organisation"].value_counts()
    asked = {name: int(held[name] + generator.integers(0, 8)) for name in NAMES["organisation"]}
    coding = survey.coding
    if coding is not None:  # codes of these people only
        kept = coding.status.index.get_level_values("id").isin(frame["id"])
        own = coding.codes[coding.codes["id"].isin(frame["id"])]
        coding = replace(coding, codes=own, decided=coding.decided[kept], status=coding.status[kept])
    altered = replace(
        survey,
        responses=replace(responses, frame=frame),
        coding=coding,
        asked=sum(asked.values()) + people,
        asked_by={name: number for name, number in asked.items() if number},
        overlap=None,
    )
    return altered.masked(THRESHOLD)


def two_periods(second: Evidence, generator: np.random.Generator) -> tuple[Evidence, Evidence]:
    """The evidence of two invented periods: the earlier alone, and the later with the earlier before it."""
    before, now = (invented(second.survey, generator) for _ in range(2))
    earlier = replace(before, period="2021-22")
    return replace(second, survey=earlier, earlier=()), replace(second, survey=now, earlier=(earlier,))
