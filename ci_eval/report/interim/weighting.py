"""Would the words be others if respondents had the make-up of those asked? Weighted beside unweighted words.

Method: docs/methods.md A11. The weighted word stands beside the unweighted one, never in its place; weights that would
mean nothing are refused, and the report says why.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import response_rate, weighted_words
from ci_eval.problems import InputError
from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.interim.statements import without_zeros
from ci_eval.report.interim.weights import TOGETHER, UNSAID, Weighted, weigh
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

NOBODY = "nobody answered, or too few to show"


def weighting(evidence: Evidence) -> list[Piece]:
    """Weighted and unweighted words side by side, or in words why there are none; nothing without a survey."""
    survey = evidence.survey
    if not evidence.reports_survey:
        return []
    if not survey.asked_by:
        return [
            Sentence.missing(
                "weighting",
                "How many were asked is not recorded by organisation, so it cannot be said whether the words would be "
                "others if every organisation had answered alike.",
                f"{evidence.mend('asked_by_organisation')}.",
            )
        ]
    try:
        weighted = weigh(evidence)
    except InputError as error:
        text = "The answers cannot be weighted to the organisations of those asked: "
        text += "; ".join(problem.message for problem in error.problems) + "."
        mends = [problem.mend for problem in error.problems if problem.mend]
        text += f" What would help: {sentences.listed(mends, last='or')}." if mends else ""
        return [Sentence("weighting", text, source=survey.record.file, level="warning")]
    if weighted is None:
        text = "There are no two organisations large enough to be told apart, so the answers cannot be weighted by them."
        return [Sentence("weighting", text, level="warning")]
    frame = weighted_words(weighted.counts, weighted.raked.weights)
    texts = [statement.text for statement in evidence.questionnaire.statements]
    frame = frame.assign(statement=texts)
    return [
        _sentence(evidence, weighted, frame),
        _weights_table(evidence, weighted),
        _words_table(evidence, frame),
    ]


def _sentence(evidence: Evidence, weighted: Weighted, frame: "pd.DataFrame") -> Sentence:
    """Whether weighting changes a word, what it costs, and whom it leaves out."""
    told = frame[frame["answered"] > 0]
    other = told[~told["same_word"]]
    raked, everybody = weighted.raked, int(weighted.counts.respondents.sum())
    unsaid = weighted.unsaid
    text = (
        f"Weighted so that each organisation counts as it does among those asked, the word is the same for "
        f"{len(told) - len(other)} of {len(told)} statements"
    )
    text += (
        f" and differs for {sentences.count(len(other), 'statement')}: "
        + sentences.listed(
            f"“{row['statement']}” ({row['word']}, weighted {row['weighted_word']})"
            for row in other.to_dict("records")
        )
        if len(other)
        else ""
    )
    largest = float((told["weighted_share"] - told["share"]).abs().max())
    text += (
        f". The largest difference of a share is {100 * largest:.1f} points. "
        f"Kish’s design effect is {raked.design_effect:.2f}: the {everybody:,} respondents are worth {raked.effective:,.0f} "
        "unweighted ones. Weighting mends that organisations answered at different rates, and nothing else: within an "
        "organisation those who answered may still differ from those who did not."
    )
    if unsaid:
        who = sentences.opening(sentences.count(unsaid, "respondent"))
        text += f" {who} named no organisation and {'keeps' if unsaid == 1 else 'keep'} the mean weight."
    return Sentence(
        "weighting",
        text,
        {
            "same_word": len(told) - len(other),
            "other_word": len(other),
            "largest_difference": largest,
            "respondents": everybody,
            "statements": len(told),
            "design_effect": raked.design_effect,
            "effective": raked.effective,
            "no_organisation": unsaid,
        },
        source=evidence.survey.record.file,
    )


def _weights_table(evidence: Evidence, weighted: Weighted) -> Table:
    import pandas as pd

    names = [str(name) for name in weighted.counts.groups if name != UNSAID]
    people, weights = weighted.counts.respondents[: len(names)], weighted.raked.weights[: len(names)]
    asked = np.array([weighted.asked[name] for name in names])
    frame = pd.DataFrame(
        {
            "organisation": names,
            "asked": asked,
            "responses": people,
            "rate": response_rate(people, asked),
            "weight": weights / np.average(weights, weights=people),
        }
    )
    return Table(
        "weights",
        "Weights by organisation",
        frame,
        (
            Column("organisation", "Organisation"),
            Column("asked", "Asked", "count"),
            Column("responses", "Responses", "count"),
            Column("rate", "Response rate", "percent"),
            Column("weight", "Weight of a respondent, mean 1", "number"),
        ),
        note=(
            f"Organisations of which, for any statement, fewer than {evidence.smallest_group} people answered are weighted "
            "as one, and so is another where theirs could be worked out."
            if TOGETHER in names
            else ""
        ),
        source=evidence.survey.record.file,
    )


def _words_table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    return Table(
        "weighted-words",
        "The word for each statement, unweighted and weighted by organisation",
        without_zeros(frame, "answered"),
        (
            Column("statement", "Statement"),
            Column("answered", "Answered", "count", blank=NOBODY),
            Column("share", "Share", "percent", blank=NOBODY),
            Column("word", "Word", blank=NOBODY),
            Column("weighted_share", "Weighted share", "percent", blank=NOBODY),
            Column("weighted_word", "Weighted word", blank=NOBODY),
            Column("low", "Interval from", "percent", blank=NOBODY),
            Column("high", "Interval to", "percent", blank=NOBODY),
        ),
        note=(
            "The interval is that of the weighted share, Wilson’s at the effective number of respondents, and takes those "
            "asked as a population without end (docs/methods.md A11)."
        ),
        source=evidence.survey.record.file,
    )
