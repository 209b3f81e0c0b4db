"""Which statements come first, by share, by how sure the word is, by consensus; and what the others could change.

The page runs no scripts, so its table cannot be sorted there: ranks stand beside the questionnaire's order, and the
spreadsheet's tables and the exploring notebook sort (docs/decisions/0005-sorting.md).
"""

from typing import TYPE_CHECKING

from ci_eval.agreement import (
    Band,
    bounds,
    hedged_word,
    interval,
    rwg,
    share,
    sureness,
    tastle_wierman,
    turning_point,
    van_der_eijk,
    word,
    words,
)
from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.report import figures, sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table
from ci_eval.sections.interim.nothing_to_show import survey_missing

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


RANKED = {"share": "share", "sureness": "sureness of the word", "consensus": "consensus"}
NOBODY = "nobody answered, or too few to show"
ONE = "fewer than two people answered"
ASKED = "nobody answered, or too few to show, or how many were asked is not recorded"


def ranked(evidence: Evidence, frame: "pd.DataFrame") -> "pd.DataFrame":
    """The table of ``results`` with ranks 1 (most) to the number answered, equals alike, and two more consensus measures.

    Statements nobody answered have no rank (NaN).
    """
    on_scale = evidence.survey.counts.on_scale[:, 0]
    # twelve digits: the last bits of a float must not put one of two equal statements first
    ranks = {f"rank_{name}": frame[name].round(12).rank(ascending=False, method="min") for name in RANKED}
    return frame.assign(**ranks, tastle_wierman=tastle_wierman(on_scale), rwg=rwg(on_scale))


def rank_table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    """Ranks of each statement in the questionnaire's order, with the measures of consensus."""
    return Table(
        "statements-ranks",
        "Which statements come first, how far respondents are of one mind, and whatever the others would say",
        ranked(evidence, frame),
        (
            Column("statement", "Statement"),
            *(
                Column(f"rank_{name}", f"Rank by {told}", "count", blank=NOBODY)
                for name, told in RANKED.items()
            ),
            Column("tastle_wierman", "Consensus (Tastle and Wierman)", "number", blank=NOBODY),
            Column("rwg", "rwg, uniform null", "number", blank=ONE),
            Column("least", "Whatever the others say, from", "percent", blank=ASKED),
            Column("most", "Whatever the others say, to", "percent", blank=ASKED),
        ),
        note=(
            "Rank 1 is the largest share, the surest word, the most consensus (van der Eijk’s A, in the table above); "
            "equals have the same rank. Tastle and Wierman’s consensus goes from 0 to 1. rwg: 1 to 0, against answers "
            "spread evenly; where people tend to be polite that null is easy to beat (docs/methods.md A9). “Whatever the "
            "others say” assumes nothing about those who did not answer (A6). To sort a table, open tables.xlsx."
        ),
        source=evidence.survey.record.file,
        bands=evidence.bands,
    )


def consensus_sentence(frame: "pd.DataFrame") -> Sentence | None:
    """The statements on which respondents are most and least of one mind; None where nobody answered."""
    told = frame[frame["answered"] > 0].sort_values("consensus", kind="stable").to_dict("records")
    if not told:
        return None
    least, most = told[0], told[-1]
    text = (
        f"Respondents are most of one mind on “{most['statement']}” (consensus {most['consensus']:.2f}, median "
        f"{most['median']}) and least on “{least['statement']}” ({least['consensus']:.2f}, median {least['median']}). "
    )
    if most["consensus"] == least["consensus"]:
        text = f"Respondents are as much of one mind on one statement as on any other (consensus {most['consensus']:.2f}). "
    text += "Consensus is 1 where all give one answer and 0 where all answers are given equally often."
    return Sentence(
        "consensus", text, {"most": most["consensus"], "least": least["consensus"], "statements": len(told)}
    )


NOBODY_STATEMENTS = "nobody answered, or too few to show"
NAMED = 3  # more statements than this are a list, or left to the table

COLUMNS = (
    Column("statement", "Statement"),
    Column("answered", "Answered", "count", blank=NOBODY_STATEMENTS),
    Column("share", "Agree or strongly agree", "percent", blank=NOBODY_STATEMENTS),
    Column("low", "Interval from", "percent", blank=NOBODY_STATEMENTS),
    Column("high", "Interval to", "percent", blank=NOBODY_STATEMENTS),
    Column("said", "Word, and the next where not sure", blank=NOBODY_STATEMENTS),
    Column("sureness", "How sure is the word", "percent", blank=NOBODY_STATEMENTS),
    Column("changes", "What would change the word", blank=NOBODY_STATEMENTS),
    Column("median", "Median answer", blank=NOBODY_STATEMENTS),
    Column("consensus", "Consensus", "number", blank=NOBODY_STATEMENTS),
)


def results(survey: Survey) -> "pd.DataFrame":
    """One row a statement, indexed by its code: every statistic of docs/methods.md A1 to A6, and consensus (A9).

    Shares are fractions from 0 to 1. A statement nobody answered has NaN and empty words; `least` and `most` are
    NaN where the number asked is not known, because nothing then bounds what the others would have said.
    """
    import pandas as pd

    counted = survey.counts
    agreeing, answered = counted.agreeing[:, 0], counted.answered[:, 0]
    low, high = interval(agreeing, answered, survey.asked)
    least, most = bounds(agreeing, answered, float("nan") if survey.asked is None else survey.asked)
    return pd.DataFrame(
        {
            "statement": [statement.text for statement in survey.questionnaire.statements],
            "reported": [statement.reported for statement in survey.questionnaire.statements],
            "agreeing": agreeing,
            "answered": answered,
            "share": share(agreeing, answered),
            "low": low,
            "high": high,
            "word": word(agreeing, answered, bands=survey.bands),
            "sureness": sureness(agreeing, answered, survey.asked, bands=survey.bands),
            "said": hedged_word(agreeing, answered, survey.asked, bands=survey.bands),
            "changes": _changes(agreeing, answered, survey.bands),
            "median": counted.median[:, 0],
            "consensus": van_der_eijk(counted.on_scale[:, 0]),
            "least": least,
            "most": most,
        },
        index=pd.Index(counted.statements, name="code"),
    )


def _changes(
    agreeing: "NDArray[np.int64]", answered: "NDArray[np.int64]", bands: tuple[Band, ...]
) -> list[str]:
    """The fewest people who would change each word, and the word then: ``1 fewer: most``."""
    change, then = turning_point(agreeing, answered, bands=bands)
    return [
        f"{abs(people):,.0f} {'fewer' if people < 0 else 'more'}: {said}" if said else ""
        for people, said in zip(change, then, strict=True)
    ]


def statements(evidence: Evidence) -> list[Piece]:
    """Key messages grouped by word, the diverging bars, and the tables behind them."""
    if not evidence.reports_survey:
        return [survey_missing(evidence, "statements-missing")]
    frame = results(evidence.survey)
    if not frame["answered"].any():
        text = "Nobody, or too few people to show, gave an answer on the scale to any statement: no share, no word."
        return [Sentence("statements-without-an-answer", text, {"statements": len(frame)}, level="warning")]
    consensus = consensus_sentence(frame)
    return [
        *key_messages(frame, evidence.bands),
        hedges(frame),
        *([consensus] if consensus else []),
        bars(evidence, frame),
        table(evidence, frame),
        rank_table(evidence, frame),
    ]


def key_messages(frame: "pd.DataFrame", bands: tuple[Band, ...]) -> list[Piece]:
    """One sentence a word, from the most agreement to the least, each statement with its share; many are a list."""
    messages: list[Piece] = []
    for said in reversed(words(bands=bands)):
        rows = frame[frame["word"] == said]
        if rows.empty:
            continue
        told = [
            f"{row['reported']} ({sentences.percent(row['agreeing'], row['answered'], bands=bands)})"
            for row in rows.sort_values("share", ascending=False, kind="stable").to_dict("records")
        ]
        # a sentence of fifteen statements is hard to read, and harder to listen to
        that = (
            f" {sentences.listed(told)}."
            if len(told) <= NAMED
            else ":\n\n" + "\n".join(f"{ITEM}{one}" for one in told)
        )
        messages.append(
            Sentence(
                f"message-{said.replace(' ', '-')}",
                f"{sentences.opening(sentences.people(said))} agreed or strongly agreed that{that}",
                {str(code): float(value) for code, value in rows["share"].items()},
                level="key",
            )
        )
    unanswered = frame[frame["answered"] == 0]
    if len(unanswered):
        messages.append(
            Sentence(
                "statements-without-an-answer",
                "Nobody, or too few people to show, gave an answer on the scale to "
                f"{sentences.listed(unanswered['statement'])}, so there is "
                "no share and no word for it.",
                {"statements": len(unanswered)},
                level="warning",
            )
        )
    return messages


def hedges(frame: "pd.DataFrame") -> Sentence:
    """Which words might be others, had everybody asked answered."""
    answered = frame[frame["answered"] > 0]
    unsure = answered[answered["said"] != answered["word"]]
    numbers = {str(code): float(value) for code, value in unsure["sureness"].items()}
    numbers |= {"not_sure": len(unsure)}
    if unsure.empty:
        text = (
            f"Each of these words has a probability of at least 80% of being right for everybody asked: all "
            f"{len(answered)} are safe to say."
        )
    else:
        text = (
            f"For {sentences.count(len(unsure), 'statement')} the word has a probability below 80% of being right for "
            "everybody asked, and is better said with its neighbour"
        )
        told = sentences.listed(f"“{row.statement}”: {row.said}" for row in unsure.itertuples())
        text += f": {told}." if len(unsure) <= NAMED else ", as the table has it."
    return Sentence("words-not-sure", text, numbers)


def bars(evidence: Evidence, frame: "pd.DataFrame") -> Figure:
    """Diverging stacked bars in the questionnaire's order, with n and the word."""
    counted = evidence.survey.counts
    texts = list(frame["statement"])
    ranked = frame[frame["answered"] > 0].sort_values("share", ascending=False, kind="stable")
    told = "; ".join(
        f"{row['statement']}: {sentences.share_of(row['agreeing'], row['answered'], bands=evidence.bands)}, {row['word']}"
        for row in ranked.to_dict("records")
    )
    by_word = sentences.listed(
        f"{said} for {sentences.count(int((frame['word'] == said).sum()), 'statement')}"
        for said in reversed(words(bands=evidence.bands))
        if (frame["word"] == said).any()
    )
    return Figure(
        "statements",
        "How far respondents agreed with each statement",
        lambda ax: figures.likert(
            ax, counted.table[:, 0, :], texts, counted.answers, counted.scale, list(frame["word"])
        ),
        alt=f"Stacked bars of the answers to {len(frame)} statements. The share that agrees is {by_word}. {told}.",
        frame=counted.frame(),
        size=figures.likert_size(texts, list(frame["word"])),
        note=(
            "Percentages are of those who answered on the scale; “Don’t know” is shown apart and is not part of any "
            "percentage. n is the number who answered on the scale."
        ),
        source=evidence.survey.record.file,
    )


def without_zeros(frame: "pd.DataFrame", *columns: str) -> "pd.DataFrame":
    """The frame with nothing in place of 0 people: answers of too few to show are taken out, and may not be none."""
    return frame.assign(**{column: frame[column].where(frame[column] > 0) for column in columns})


def table(evidence: Evidence, frame: "pd.DataFrame") -> Table:
    """Every statistic of every statement."""
    asked = (
        "The interval is for a population without end (Wilson), because how many were asked is not recorded"
        if evidence.survey.asked is None
        else f"The interval is exact for the {evidence.survey.asked:,} people asked"
    )
    return Table(
        "statements-table",
        "Agreement with each statement, and how far it can be trusted",
        without_zeros(frame, "answered"),
        COLUMNS,
        note=(
            f"{asked}, at 95%, and treats those who answered as a random sample of them. “How sure” is the "
            "probability that the word is right for everybody asked. “What would change the word” is how "
            "many people fewer or more, at the least, would have to agree to make it untrue, and the word then "
            "(docs/methods.md A1 to A5). “Consensus” is van der Eijk’s A: "
            "1 where all give one answer, 0 where all answers are given equally often, −1 where half stand at each end (A9)."
        ),
        source=evidence.survey.record.file,
        bands=evidence.bands,
    )
