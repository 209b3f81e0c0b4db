"""Texts that no number gives: the evaluator's judgements and decisions, who asked whom, the questions asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ci_eval.agreement import Band
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Questionnaire
from ci_eval.report import sentences
from ci_eval.settings.assurance_file import Assurance
from ci_eval.settings.evaluator_file import EvaluatorTexts


@dataclass(frozen=True)
class Texts:
    """What the settings and the evaluator's file say in words; "" and None where they say nothing."""

    author: str = ""
    contact: str = ""
    sent_by: str = ""
    sent_to: str = ""
    evaluator: EvaluatorTexts | None = None
    assurance: Assurance | None = None
    impact: str = ""  # title of the evaluation of impact, where one is declared


def about_survey(survey: Survey, texts: Texts) -> dict[str, Any]:
    """Who asked whom and when, who answers for the report, and the evaluator's own verdict."""
    there = survey.responses is not None
    own = texts.evaluator
    return {
        "first": survey.record.first if there else "",
        "last": survey.record.last if there else "",
        "sent_by": texts.sent_by,
        "sent_to": texts.sent_to,
        "author": texts.author,
        "contact": texts.contact,
        "evaluator": own.name if own else "",
        "written_on": own.written_on if own else None,
        "verdict": own.verdict if own else "",
    }


def judged(own: EvaluatorTexts | None) -> pd.DataFrame:
    """A row a passage; the columns are those of `Evidence.judgements`."""
    written = own.judgements if own else {}
    rows = [
        (subject, one.text, one.source, one.written_on, own.name if own else "")
        for subject, one in written.items()
        if one is not None
    ]
    return pd.DataFrame(rows, columns=["subject", "text", "source", "written_on", "name"])


def share_in_words(code: str, statements: pd.DataFrame, asked: Questionnaire, bands: Sequence[Band]) -> str:
    """``15% (15 of 100) agreed that the time was appropriate``; "" where nobody answered it, or too few to show."""
    if code not in statements.index or not (row := statements.loc[code].to_dict())["answered"]:
        return ""
    scale = asked.scale_of(code)
    share = sentences.share_of(row["agreeing"], row["answered"], bands=bands)
    return f"{share} {scale.short} {scale.link} {row['reported']}"


def assured(given: Assurance | None) -> pd.DataFrame:
    """A row an assumption; the columns are those of `Evidence.assurance`, the rest stands in attrs."""
    rows = [vars(one) for one in given.assumptions] if given else []
    frame = pd.DataFrame(rows, columns=["text", "basis", "if_wrong"])
    if given:
        frame.attrs = {"written_on": given.written_on, "quality": given.quality, "roles": vars(given.roles)}
    return frame


def decisions_asked(
    own: EvaluatorTexts | None, statements: pd.DataFrame, asked: Questionnaire, bands: Sequence[Band]
) -> pd.DataFrame:
    """A row a decision; the columns are those of `Evidence.decisions`."""
    rows = []
    for one in own.decisions if own else ():
        texts = (share_in_words(code, statements, asked, bands) for code in one.statements)
        numbers = [text for text in texts if text]
        evidence = [sentences.opening(sentences.listed(numbers)), one.evidence.removesuffix(".")]
        text = ". ".join(part for part in evidence if part)
        rows.append((one.ask, f"{text}." if text else "", own.name if own else ""))
    return pd.DataFrame(rows, columns=["ask", "evidence", "name"])


def asked_of_people(questionnaire: Questionnaire) -> pd.DataFrame:
    """A row a question or statement; the columns are those of `Evidence.asked_questions`."""
    rows: list[tuple[str, str, str]] = []
    for question in sorted((*questionnaire.questions, *questionnaire.sets), key=lambda one: one.number):
        below = [one for one in questionnaire.statements if one.question == question.code]
        offered = questionnaire.scale_of(below[0].code).offered if below else question.options
        rows.append((str(question.number), question.text, ", ".join(offered)))
        rows += [(f"{question.number}.{place}", one.text, "") for place, one in enumerate(below, 1)]
    return pd.DataFrame(rows, columns=["number", "question", "answers"])
