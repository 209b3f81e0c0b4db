"""Do they differ by organisation, role, mode? Shares side by side, tested, small groups masked."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import Counts, interval, share
from ci_eval.agreement.counts import NOT_STATED
from ci_eval.report import disclosure, sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import GROUPINGS, Evidence, answered
from ci_eval.report.interim.group_pieces import multiples, shares_table, summary
from ci_eval.report.interim.group_tests import compared_groups, tests_pieces
from ci_eval.report.interim.missing import survey_missing
from ci_eval.report.pieces import Sentence

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS = 5  # more than five groups in one table are a row each, not columns


def groups(evidence: Evidence) -> list[Piece]:
    """For each grouping: how far apart its groups stand, what holds of it, a panel a group, and the tables."""
    if not evidence.reports_survey:
        return [survey_missing(evidence, "groups-missing")]
    return [piece for column, told in GROUPINGS.items() for piece in _grouping(evidence, column, told)]


def shares_by(evidence: Evidence, column: str) -> "tuple[pd.DataFrame, str]":
    """Long table, statement × group: answered, agreeing, share, low, high; NaN where the cell is masked.

    Cells of groups with fewer answers than the smallest group allowed are masked, and another where the first could
    be worked out from the total. Groups masked for every statement are left out and counted in the sentence
    returned. Those who did not say which group is theirs are no group: they are not shown, and as nobody can tell
    who they are, no other group is masked to protect them. The interval is exact where the number asked of the
    group is known, else Wilson's.
    """
    counted = evidence.survey.counts_by(column)
    frame = _long(counted, evidence)
    frame = frame[frame["group"] != NOT_STATED].reset_index(drop=True)
    masked = disclosure.mask(
        frame,
        count="answered",
        values=("agreeing", "share", "low", "high"),
        by=("statement",),
        threshold=evidence.smallest_group,
    ).frame
    shown = (
        masked.groupby("group", sort=False)["answered"].apply(lambda values: (values > 0).any()).astype(bool)
    )
    kept = masked[masked["group"].isin(shown.index[shown])]
    hidden = int((~shown & (frame.groupby("group", sort=False)["answered"].max() > 0)).sum())
    unsaid = int((~answered(evidence.survey.frame[column])).sum())
    note = (
        f"{sentences.opening(sentences.count(unsaid, 'respondent'))} did not say and are left out. "
        if unsaid
        else ""
    )
    if hidden:
        note += (
            f"{sentences.opening(sentences.count(hidden, 'group'))} not shown: fewer than {evidence.smallest_group} "
            "people answered, or a smaller group could be worked out from it."
        )
    return kept.reset_index(drop=True), note.strip()


def _long(counted: Counts, evidence: Evidence) -> "pd.DataFrame":
    import pandas as pd

    texts = [statement.text for statement in evidence.questionnaire.statements]
    agreeing, people = counted.agreeing, counted.answered
    asked = np.array([float(evidence.survey.asked_by.get(group, np.nan)) for group in counted.groups])
    low, high = interval(agreeing, people, np.where(asked >= people, asked, np.nan))
    return pd.DataFrame(
        {
            "statement": np.repeat(texts, len(counted.groups)),
            "group": [str(group).strip() or NOT_STATED for group in counted.groups] * len(texts),
            "answered": people.ravel(),
            "agreeing": agreeing.ravel(),
            "share": share(agreeing, people).ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )


def _grouping(evidence: Evidence, column: str, told: str) -> list[Piece]:
    frame, note = shares_by(evidence, column)
    names = list(dict.fromkeys(frame["group"]))
    if len(names) < 2:
        return [
            Sentence(
                f"groups-{column}",
                f"By {told} there are no two groups of {evidence.smallest_group} or more people to compare. {note}".strip(),
                {"groups": len(names)},
            )
        ]
    compared = compared_groups(evidence, column, frame)
    table = shares_table if len(names) <= MOST_COLUMNS else summary
    furthest = spread(frame, column, told)
    return [
        furthest,
        *tests_pieces(evidence, compared, column, told),
        multiples(evidence, frame, names, column, told, note, furthest.text),
        table(evidence, frame, names, column, told, note),
    ]


def spread(frame: "pd.DataFrame", column: str, told: str) -> Sentence:
    """The statement on which the groups stand furthest apart."""
    seen = frame.dropna(subset=["share"])
    apart = seen.groupby("statement", sort=False)["share"].agg(lambda values: values.max() - values.min())
    widest = seen[seen["statement"] == apart.idxmax()].sort_values("share", kind="stable").to_dict("records")
    top, bottom = widest[-1], widest[0]
    text = (
        f"By {told} the groups stand furthest apart on “{top['statement']}”: {top['group']} "
        f"{sentences.of(int(top['agreeing']), int(top['answered']))}, {bottom['group']} "
        f"{sentences.of(int(bottom['agreeing']), int(bottom['answered']))}."
    )
    if not apart.max():
        text = f"By {told} every group shown has the same share as the others on each statement."
    numbers = {"widest": float(apart.max()), "statements": len(apart)}
    for end, row in (("highest", top), ("lowest", bottom)):
        numbers |= {f"{end}_{name}": float(row[name]) for name in ("share", "agreeing", "answered")}
    return Sentence(f"groups-{column}", text, numbers)
