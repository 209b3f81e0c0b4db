"""Invented answers to a questionnaire, to rehearse a report before anybody has answered: good, mixed or bad.

Nobody gave them, and nothing is learnt from them. The same arguments give the same answers.
"""

import csv
import io
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ci_eval.programme import Questionnaire

AGREEING = {"good": (0.88, 1.0), "mixed": (0.3, 0.95), "bad": (0.1, 0.45)}
"""Kind of survey → between which shares the agreement with each statement lies."""


def invented_export(questionnaire: "Questionnaire", kind: str, people: int, seed: int) -> str:
    """A survey's export as CSV: a row a person, questions and statements in the questionnaire's words.

    Examples
    --------
    >>> from ci_eval.programme import load_questionnaire
    >>> text = invented_export(load_questionnaire(), "bad", people=20, seed=1)
    >>> len(text.splitlines()), "Strongly disagree" in text
    (21, True)

    Free texts stay blank. Choices are drawn evenly, without the option that asks for a text.

    Raises
    ------
    KeyError
        For a kind that is none of good, mixed and bad.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing here is secret)
    columns: dict[str, list[str]] = {}
    for question in questionnaire.questions:
        options = [option for option in question.options if option != question.other]
        columns[question.text] = [draw.choice(options) if options else "" for _ in range(people)]
    others = [answer for answer in questionnaire.scale if answer not in questionnaire.agree]
    for statement in questionnaire.statements:
        agreeing = round(people * draw.uniform(*AGREEING[kind]))
        given = [draw.choice(questionnaire.agree) for _ in range(agreeing)]
        given += [draw.choice(others) for _ in range(people - agreeing)]
        draw.shuffle(given)
        columns[statement.text] = given
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    return written.getvalue()
