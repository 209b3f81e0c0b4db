"""Invented answers to a questionnaire, to rehearse a report before anybody has answered: good, mixed or bad.

Nobody gave them, and nothing is learnt from them. The same arguments give the same answers.
"""

import csv
import io
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ci_eval.programme import Question, Questionnaire

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

    Free texts stay blank. Choices are drawn evenly, without the option that asks for a text; numbers from 1 to 10.

    Raises
    ------
    KeyError
        For a kind that is none of good, mixed and bad.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing here is secret)
    columns: dict[str, list[str]] = {}
    for question in questionnaire.questions:
        columns[question.text] = [_answer(question, draw) for _ in range(people)]
    for statement in questionnaire.statements:
        scale = questionnaire.scale_of(statement.code)
        others = [answer for answer in scale.answers if answer not in scale.favourable]
        agreeing = round(people * draw.uniform(*AGREEING[kind]))
        given = [draw.choice(scale.favourable) for _ in range(agreeing)]
        given += [draw.choice(others) for _ in range(people - agreeing)]
        draw.shuffle(given)
        columns[statement.text] = given
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    return written.getvalue()


def _answer(question: "Question", draw: random.Random) -> str:
    if question.kind == "number":
        return str(draw.randint(1, 10))
    options = [option for option in question.options if option != question.other]
    if question.kind == "several":
        return ";".join(draw.sample(options, draw.randint(1, len(options))))
    return draw.choice(options) if options else ""
