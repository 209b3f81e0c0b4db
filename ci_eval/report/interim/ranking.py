"""Which statements come first, by share, by how sure the word is, by consensus; and what the others could change.

The page runs no scripts, so its table cannot be sorted there: ranks stand beside the questionnaire's order, and the
spreadsheet's tables and the exploring notebook sort (docs/decisions/0005-sorting.md).
"""

from typing import TYPE_CHECKING

from ci_eval.agreement import rwg, tastle_wierman
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

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
