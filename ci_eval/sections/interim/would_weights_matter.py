"""Weights that give each organisation the part it has among those asked (docs/methods.md A11).

Organisations too small to be shown are joined before weighting: their own weights, with the shares they lead to, would
give their answers away.

Method: docs/methods.md A11. The weighted word stands beside the unweighted one, never in its place; weights that would
mean nothing are refused, and the report says why.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import Counts, rake_counts, response_rate, weighted_words
from ci_eval.agreement.raking import Raked
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.interim_evidence import Evidence, answered
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.interim.do_groups_differ import shares_by
from ci_eval.sections.interim.what_they_said import without_zeros

if TYPE_CHECKING:
    import pandas as pd


TOGETHER = "Small organisations, together"
UNSAID = "No organisation named"


@dataclass(frozen=True)
class Weighted:
    """Counts by the organisations weighted, how many of each were asked, and their weights."""

    counts: Counts
    asked: dict[str, int]
    raked: Raked

    @property
    def unsaid(self) -> int:
        """Respondents who named no organisation."""
        people = dict(zip(self.counts.groups, self.counts.respondents.tolist(), strict=True))
        return int(people.get(UNSAID, 0))


def weigh(evidence: Evidence) -> Weighted | None:
    """Weights by organisation; None where fewer than two can be told apart.

    Respondents who named no organisation keep the mean weight: nobody knows for whom else they would speak.

    Raises
    ------
    Refused
        If weights would mean nothing: an organisation of those asked from which nobody answered, one that answered of
        which the number asked is not known, more answers than people asked, a weight over the cap.
    """
    import pandas as pd

    survey = evidence.survey
    label = labels(evidence)
    column = survey.frame["organisation"].astype(object)
    said = answered(column) & ~column.isin(evidence.questionnaire.missing)
    names = list(dict.fromkeys(label.values()))
    own = column.map(label).where(said, UNSAID)
    groups = [*names, *([] if said.all() else [UNSAID])]
    counted = survey.counts_of(
        survey.frame.assign(organisation=pd.Categorical(own, categories=groups)), "organisation"
    )
    people = dict(zip(groups, counted.respondents.tolist(), strict=True))
    if sum(people[name] > 0 for name in names) < 2:
        return None
    asked = dict.fromkeys(names, 0)
    for name, together in label.items():
        asked[together] += survey.asked_by.get(name, 0)
    _refuse(evidence, people, asked, set(column[said]) - set(survey.asked_by))
    mean = sum(asked.values()) / sum(people[name] for name in names)
    margin = {name: asked[name] if name in asked else mean * people[name] for name in groups}
    return Weighted(counted, asked, rake_counts(counted, {"organisation": margin}))


def labels(evidence: Evidence) -> dict[str, str]:
    """Each organisation that was asked or answered, and the one it is weighted with: itself, or all the small ones.

    An organisation is small if it is masked as a whole or for any one statement. One from which nobody answered stands
    for itself, and is refused later.
    """
    shown, _ = shares_by(evidence, "organisation")
    whole = shown["answered"].notna().groupby(shown["group"], sort=False).all()
    apart = {str(name) for name, all_shown in whole.items() if all_shown}
    column = evidence.survey.frame["organisation"]
    present = set(column[answered(column)].astype(object)) - set(evidence.questionnaire.missing)
    names = [name for name in column.cat.categories if name in present or name in evidence.survey.asked_by]
    names += [name for name in evidence.survey.asked_by if name not in names]
    return {name: TOGETHER if name in present - apart else name for name in names}


def _refuse(evidence: Evidence, people: dict[str, int], asked: dict[str, int], unknown: set[str]) -> None:
    """Refuse what raking itself cannot see: a number asked that is not known, or smaller than the answers."""
    if unknown:
        first = sorted(unknown)[0]
        message = f"how many people of {sentences.listed(sorted(unknown))} were asked is not recorded, though some answered"
        fix = evidence.fix(f'"{first}" = its number', "asked_by_organisation")
        raise Refused("CANNOT COMPUTE weights", "asked-not-known", message, fix=fix)
    more = [
        f"{people[name]:,} people say they are of {name}, of which {number:,} were asked"
        for name, number in asked.items()
        if people[name] > number
    ]
    if more:
        fix = "correct the number asked, or the answers to the question about the organisation"
        raise Refused("CANNOT COMPUTE weights", "fewer-asked-than-answered", "; ".join(more), fix=fix)


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
                f"{evidence.fix('asked_by_organisation')}.",
            )
        ]
    try:
        weighted = weigh(evidence)
    except Refused as error:
        text = "The answers cannot be weighted to the organisations of those asked: "
        text += error.message + "."
        text += f" What would help: {error.fix}." if error.fix else ""
        return [Sentence("weighting", text, source=survey.record.file, level="warning")]
    if weighted is None:
        text = "There are no two organisations large enough to be told apart, so the answers cannot be weighted by them."
        return [Sentence("weighting", text, level="warning")]
    frame = weighted_words(weighted.counts, weighted.raked.weights, bands=evidence.bands)
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
        "unweighted ones. Weighting corrects that organisations answered at different rates, and nothing else: within an "
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
        bands=evidence.bands,
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
        bands=evidence.bands,
    )
