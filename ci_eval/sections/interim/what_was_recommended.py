"""What was recommended, and where does it stand? And the questions left to the Strategic Group."""

from typing import TYPE_CHECKING

from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

NOT_RECORDED = "not recorded"
STANDING = (
    Column("status", "Status", blank=NOT_RECORDED),
    Column("as_at", "As at", blank=NOT_RECORDED),
    Column("evidence", "Evidence", blank=NOT_RECORDED),
    Column("next_step", "Next step", blank=NOT_RECORDED),
)


def recommendations(evidence: Evidence) -> list[Piece]:
    """The recommendations with what is recorded of each, as at the period's end."""
    return _standing(
        evidence, evidence.recommendations, "recommendations", "recommendation", "recommendations.csv"
    )


def strategic_questions(evidence: Evidence) -> list[Piece]:
    """The questions the published report left to the Strategic Group, and what is recorded of them."""
    return _standing(
        evidence, evidence.strategic_questions, "strategic-questions", "question", "strategic_questions.csv"
    )


def _standing(evidence: Evidence, frame: "pd.DataFrame", key: str, noun: str, file: str) -> list[Piece]:
    recorded = int((frame["status"] != "").sum())
    text = f"{sentences.opening(sentences.count(len(frame), noun))} to follow from period to period. "
    if recorded < len(frame):
        missing = len(frame) - recorded
        stand = "it stands" if recorded and missing == 1 else "they stand"
        text += (
            f"Where {stand} is not recorded for {missing if recorded else 'any'} of them: fill the columns status, as_at, "
            f"evidence and next_step of data/programme/{file}."
        )
    else:
        counted = frame["status"].value_counts()
        text += f"Where they stand: {sentences.listed(f'{status} {n}' for status, n in counted.items())}."
    # four columns without a value would be read out cell by cell, and say what the sentence says
    told = any((frame[column.name] != "").any() for column in STANDING)
    return [
        Sentence(f"{key}-standing", text, {"listed": len(frame), "recorded": recorded}),
        Table(
            key,
            f"{sentences.opening(noun)}s and where they stand" if told else f"{sentences.opening(noun)}s",
            frame,
            (Column(noun, sentences.opening(noun)), *(STANDING if told else ())),
            source=sentences.listed(sorted(set(frame["source"]))),
        ),
    ]
