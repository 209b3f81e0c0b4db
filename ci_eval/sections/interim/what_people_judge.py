"""What only people can judge: the evaluator's own passages, always with her name, their source and their date."""

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Sentence

TITLES = {
    "strengths": "Emerging strengths",
    "improvements": "What to improve",
    "guidance": "Guidance",
    "pace": "Pace",
    "governance": "Governance",
}


def words(judgements: pd.DataFrame, *subjects: str) -> list[Sentence]:
    """The passages on these subjects, all of them where none is named; nothing where the evaluator wrote none.

    Raises
    ------
    ValueError
        For a subject that is not known.
    """
    unknown = [subject for subject in subjects if subject not in TITLES]
    if unknown:
        raise ValueError(f"there is no subject {unknown[0]!r}; give one of {', '.join(TITLES)}")
    chosen = judgements[judgements["subject"].isin(subjects or tuple(TITLES))]
    return [
        Sentence(
            f"judged-{row['subject']}",
            f"{TITLES[row['subject']]}. {row['text']}\n\nThe evaluator’s own judgement: {row['name']}, "
            f"{sentences.date(row['written_on'])}. It rests on: {row['source'].removesuffix('.')}.",
        )
        for row in chosen.to_dict("records")
    ]
