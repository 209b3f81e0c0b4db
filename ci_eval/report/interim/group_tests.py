"""Does a difference between groups hold? Each group beside all other groups that are shown (docs/methods.md A8).

Cells that are masked enter no comparison on either side, so that nothing tested could give them away. With two groups
there is one comparison; with more, each group has its own.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import holm, superiority
from ci_eval.agreement.superiority import PERMUTATION, SMALL_GROUP
from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.comparing import EVIDENCE, reading
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

MORE, LESS, NONE = "more agreement", "less agreement", "none"
NAMED = 3  # more differences than this are left to the table


def compared_groups(evidence: Evidence, column: str, shown: "pd.DataFrame") -> "pd.DataFrame":
    """One row a group and statement: the group beside the other groups shown, over the whole scale.

    Parameters
    ----------
    shown : the table of `shares_by`: statement, group, answered, share; a share that is NaN is masked, or nobody
        answered

    Returns
    -------
    DataFrame with group, statement, people, others (answers compared), superiority (chance that a person of the group
    agrees more than one of the others, equal answers counting half), low, high, p, p_holm (within the statements of
    one group), p_all (within all comparisons), test, reading. Cells without two sides are left out.
    """
    import pandas as pd

    counted = evidence.survey.counts_by(column)
    place = {str(group).strip(): number for number, group in enumerate(counted.groups)}
    texts = [statement.text for statement in evidence.questionnaire.statements]
    names = list(dict.fromkeys(shown["group"]))
    seen = np.zeros((len(texts), len(names)), dtype=bool)
    told = shown[shown["share"].notna()]
    seen[[texts.index(text) for text in told["statement"]], [names.index(name) for name in told["group"]]] = (
        True
    )
    cells = counted.on_scale[:, [place[name] for name in names], ::-1] * seen[:, :, None]
    own, everybody = cells, cells.sum(axis=1, keepdims=True)
    both = (own.sum(axis=-1) > 0) & ((everybody - own).sum(axis=-1) > 0)
    chosen = range(1 if len(names) == 2 else len(names))  # of two groups the second is the first's mirror
    rows = []
    for number in chosen:
        use = np.flatnonzero(both[:, number])
        first, second = (everybody[:, 0] - own[:, number])[use], own[use, number]
        found = superiority(first, second)
        rows.append(
            pd.DataFrame(
                {
                    "group": names[number],
                    "statement": [texts[i] for i in use],
                    "people": second.sum(axis=-1),
                    "others": first.sum(axis=-1),
                    "superiority": found.estimate,
                    "low": found.low,
                    "high": found.high,
                    "p": found.p,
                    "p_holm": holm(found.p),
                    "test": found.test,
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    said = [
        reading(p, above, MORE, LESS, NONE)
        for p, above in zip(table["p_holm"], table["superiority"], strict=True)
    ]
    return table.assign(p_all=holm(table["p"]), reading=said)


def tests_pieces(evidence: Evidence, table: "pd.DataFrame", column: str, told: str) -> list[Piece]:
    """On how many statements a difference holds, and the table of every comparison."""
    if table.empty:
        return []
    return [_sentence(table, column, told), _table(evidence, table, column, told)]


def _sentence(table: "pd.DataFrame", column: str, told: str) -> Sentence:
    held = table[table["p_holm"] < EVIDENCE].sort_values("p_holm", kind="stable")
    statements, groups = table["statement"].nunique(), table["group"].nunique()
    numbers: dict[str, float] = {
        "statements_with_a_difference": held["statement"].nunique(),
        "differences": len(held),
        "after_all_comparisons": int((table["p_all"] < EVIDENCE).sum()),
        "comparisons": len(table),
        "statements": statements,
        "groups": groups,
    }
    beside = "the two groups" if groups == 1 else f"each of the {groups} groups and the others shown"
    text = (
        f"Between {beside}, after adjusting for looking at all statements, a difference by {told} holds on "
    )
    text += f"{numbers['statements_with_a_difference'] or 'none'} of {statements} statements"
    if held.empty:
        text += f": there is no evidence of a difference. {_not_excluded(table)}"
        reach = _reach(table)
        numbers |= {"possible_best_known": reach.min(), "possible_least_known": reach.max()}
    else:
        for place, row in enumerate(held.head(NAMED).to_dict("records"), start=1):
            numbers |= {f"named_{place}_{name}": row[name] for name in ("superiority", "low", "high")}
        shown = [
            f"{row['group']} on “{row['statement']}” (chance of more agreement {row['superiority']:.2f}, 95% interval "
            f"{row['low']:.2f} to {row['high']:.2f})"
            for row in held.head(NAMED).to_dict("records")
        ]
        text += f": {sentences.listed(shown)}{'; the others are in the table' if len(held) > NAMED else ''}."
    if groups > 1:
        all_of_them = numbers["after_all_comparisons"] or "none"
        text += (
            f" With {groups} groups looked at, chance alone may well show a difference for one of them; adjusted for all "
            f"{len(table):,} comparisons together, {all_of_them} {'holds' if all_of_them in (1, 'none') else 'hold'}."
        )
    return Sentence(f"groups-{column}-tests", text, numbers, level="key")


def _not_excluded(table: "pd.DataFrame") -> str:
    """How large a difference the intervals of the best and the least known comparison do not exclude."""
    reach = _reach(table)
    return (
        f"That is not evidence of none: a chance up to {reach.min():.2f} from even (0.50) remains possible in the "
        f"comparison that is known best, and up to {reach.max():.2f} in the one that is known least."
    )


def _reach(table: "pd.DataFrame") -> "pd.Series[float]":
    """How far from even the interval of each comparison reaches."""
    reach: pd.Series[float] = (table[["low", "high"]] - 0.5).abs().max(axis=1)
    return reach


def _table(evidence: Evidence, table: "pd.DataFrame", column: str, told: str) -> Table:
    """Every comparison; with several, of each group the one with the smallest p, and all on which a difference holds."""
    small = int((table["test"] == PERMUTATION).sum())
    exact = (
        f"; for {small:,} with fewer than {SMALL_GROUP} people or one answer throughout on a side the exact permutation "
        "test and Newcombe’s interval"
        if small
        else ""
    )
    every = len(set(table["group"])) == 1
    first = table.sort_values("p", kind="stable").drop_duplicates("group").index
    rows = table if every else table[table.index.isin(first) | (table["p_holm"] < EVIDENCE)]
    chosen = "" if every else ": where each group stands out most, and wherever a difference holds"
    return Table(
        f"groups-{column}-tests-table",
        f"Does a difference hold? By {told}{chosen}",
        rows,
        (
            Column("group", sentences.opening(told)),
            Column("statement", "Statement"),
            Column("people", "Answered", "count"),
            Column("others", "Answered, others shown", "count"),
            Column("superiority", "Chance of more agreement", "number"),
            Column("low", "Interval from", "number"),
            Column("high", "Interval to", "number"),
            Column("p_holm", "p, adjusted", "number", decimals=3),
            Column("reading", "Evidence of"),
        ),
        note=(
            "“Chance of more agreement” is the probability that somebody of the group agrees more strongly than somebody of "
            "the other groups shown, equal answers counting half: 0.50 is no difference. p: Brunner–Munzel"
            f"{exact}; adjusted by Holm’s method within the statements of a group; 0.000 is under 0.0005. “None” is no "
            "evidence of a difference, and not evidence of none. Groups that are not shown enter no comparison "
            "(docs/methods.md A8)."
        ),
        source=evidence.survey.record.file,
        row_heading="statement",
    )
