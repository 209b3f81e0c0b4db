"""What if respondents of one engagement resemble each other? The survey does not say who belongs to which.

Methods: docs/methods.md A7 and A4. Without the engagement of a respondent no design effect can be estimated; what can
be said is from which design effect on words would no longer be sure.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import sureness
from ci_eval.agreement.sureness import SURE
from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

EFFECTS = (1.0, 1.25, 1.5, 2.0, 3.0, 5.0)
RESEMBLANCE = 0.05  # intraclass correlation, a value often met among members of one school or team


def clustering(evidence: Evidence) -> list[Piece]:
    """A sentence and a table: how many words stay sure at which design effect; nothing where there is no word."""
    if not evidence.reports_survey:
        return []
    frame = at_effects(evidence)
    if not frame["statements"].any():
        return []
    return [_sentence(evidence, frame), _table(evidence, frame)]


def at_effects(evidence: Evidence) -> "pd.DataFrame":
    """One row a design effect: words sure at it, words no longer sure that are sure without, and effective answers.

    `answers_worth` is how many people drawn one by one the answers to a statement are worth, in the median.
    """
    import pandas as pd

    counted, asked = evidence.survey.counts, evidence.survey.asked
    m, n = counted.agreeing[:, 0], counted.answered[:, 0]
    m, n = m[n > 0], n[n > 0]
    sure = np.array(
        [np.atleast_1d(sureness(m, n, asked, design_effect=effect)) >= SURE for effect in EFFECTS]
    )
    return pd.DataFrame(
        {
            "effect": EFFECTS,
            "answers_worth": [round(float(np.median(n)) / effect) if n.size else 0 for effect in EFFECTS],
            "sure": sure.sum(axis=1),
            "lost": (sure[0] & ~sure).sum(axis=1),
            "statements": n.size,
        }
    )


def _sentence(evidence: Evidence, frame: "pd.DataFrame") -> Sentence:
    first, total = int(frame["sure"].iloc[0]), int(frame["statements"].iloc[0])
    lost = frame[frame["lost"] > 0]
    text = (
        "The survey does not record which engagement a respondent took part in, so how far those of one engagement "
        "resemble each other cannot be estimated; intervals and sureness treat them as people drawn one by one. As it "
        f"stands, {first} of {total} words are sure (a probability of at least {SURE:.0%}). "
    )
    size = 1 + (2.0 - 1) / RESEMBLANCE
    numbers: dict[str, object] = {"sure": first, "statements": total, "people_for_an_effect_of_2": size}
    numbers |= {"correlation_for_an_effect_of_2": RESEMBLANCE}
    if lost.empty:
        text += f"None of them would cease to be, up to a design effect of {EFFECTS[-1]:g}."
    else:
        row, last = lost.iloc[0], lost.iloc[-1]
        numbers |= {
            "first_effect": float(row["effect"]),
            "lost_at_first": int(row["lost"]),
            "largest_effect": float(last["effect"]),
            "lost_at_most": int(last["lost"]),
        }
        text += (
            f"At a design effect of {row['effect']:g} {sentences.count(int(row['lost']), 'word')} would no longer be"
            + (
                f", and at {last['effect']:g} {sentences.count(int(last['lost']), 'word')}"
                if row["effect"] < last["effect"]
                else ""
            )
            + "."
        )
    text += (
        f" A design effect of 2 is reached, for example, where {size:.0f} people answer for each engagement and their "
        f"answers have an intraclass correlation of {RESEMBLANCE:g}. To know it, ask in the survey which engagement a "
        "person took part in."
    )
    return Sentence("clustering", text, numbers, level="warning")


def _table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    return Table(
        "clustering-table",
        "How many words stay sure where respondents of one engagement resemble each other",
        frame,
        (
            Column("effect", "Design effect", "number"),
            Column("answers_worth", "People the answers to a statement are worth, median", "count"),
            Column("sure", "Words that are sure", "count"),
            Column("lost", "Sure words no longer so", "count"),
        ),
        note=(
            "The design effect is by how much resemblance inflates the variance: 1 + (respondents an engagement − 1) × "
            "intraclass correlation. The word itself stays that of those who answered; what changes is how sure it is "
            "(docs/methods.md A4, A7)."
        ),
        source=evidence.survey.record.file,
    )
