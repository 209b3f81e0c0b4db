"""Do they differ by organisation, role, mode? Shares side by side, small groups masked."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import Counts, interval, share, word
from ci_eval.agreement.counts import NOT_STATED
from ci_eval.report import disclosure, figures, sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import GROUPINGS, Evidence, answered
from ci_eval.report.interim.missing import survey_missing
from ci_eval.report.pieces import Column, Figure, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

MOST_SERIES = 5  # more than five groups in one chart cannot be told apart without colour
DIFFERENCE = 0.10  # of a share; smaller differences of groups this size are what chance brings


def groups(evidence: Evidence) -> list[Piece]:
    """For each grouping: a sentence on how far apart its groups stand, a chart and a table of the shares."""
    if not evidence.has_survey:
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
    shown = masked.groupby("group", sort=False)["answered"].apply(lambda values: (values > 0).any())
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
    spread = _spread(frame, column, told)
    if len(names) > MOST_SERIES:
        return [spread, _summary(evidence, frame, column, told, note)]
    return [
        spread,
        _chart(evidence, frame, names, column, told, note),
        _table(evidence, frame, names, column, told, note),
    ]


def _summary(evidence: Evidence, frame: "pd.DataFrame", column: str, told: str, note: str) -> Table:
    """One row a group, where there are too many groups for a column each: the range of its shares."""
    seen = frame.dropna(subset=["share"]).assign(word=lambda rows: word(rows["agreeing"], rows["answered"]))
    by_group = seen.groupby("group", sort=False)
    table = by_group.agg(
        most_answered=("answered", "max"),
        statements=("statement", "size"),
        almost_all=("word", lambda said: int(said.isin(["almost all", "all"]).sum())),
        lowest=("share", "min"),
    )
    lowest = seen.sort_values("share", kind="stable").drop_duplicates("group").set_index("group")["statement"]
    table["statement"] = lowest.reindex(table.index)
    table = table.sort_values("most_answered", ascending=False, kind="stable").reset_index()
    return Table(
        f"groups-{column}-table",
        f"How far each group agreed, by {told}",
        table,
        (
            Column("group", sentences.opening(told)),
            Column("most_answered", "Answered, at most", "count"),
            Column("statements", "Statements that can be shown", "count"),
            Column("almost_all", "Of these, agreed with by almost all or all", "count"),
            Column("lowest", "Lowest share", "percent"),
            Column("statement", "On the statement"),
        ),
        note=note,
        source=evidence.survey.record.file,
    )


def _spread(frame: "pd.DataFrame", column: str, told: str) -> Sentence:
    """The statement on which the groups stand furthest apart, and for how many they are 10 points apart."""
    seen = frame.dropna(subset=["share"])
    apart = seen.groupby("statement", sort=False)["share"].agg(lambda values: values.max() - values.min())
    widest = seen[seen["statement"] == apart.idxmax()].sort_values("share", kind="stable").to_dict("records")
    top, bottom = widest[-1], widest[0]
    many = int((apart >= DIFFERENCE).sum())
    text = (
        f"By {told} the groups stand furthest apart on “{top['statement']}”: {top['group']} "
        f"{sentences.of(int(top['agreeing']), int(top['answered']))}, {bottom['group']} "
        f"{sentences.of(int(bottom['agreeing']), int(bottom['answered']))}. They differ by at least "
        f"{DIFFERENCE:.0%} points on {many} of {len(apart)} statements."
    ).replace("% points", " percentage points")
    return Sentence(
        f"groups-{column}",
        text,
        {"widest": float(apart.max()), "ten_points_apart": many, "statements": len(apart)},
    )


def _wide(frame: "pd.DataFrame", value: str, names: list[str]) -> "NDArray[np.float64]":
    wide = frame.pivot_table(index="statement", columns="group", values=value, sort=False, dropna=False)
    values: NDArray[np.float64] = wide.reindex(
        index=list(dict.fromkeys(frame["statement"])), columns=names
    ).to_numpy(dtype=float)
    return values


def _chart(
    evidence: Evidence, frame: "pd.DataFrame", names: list[str], column: str, told: str, note: str
) -> Figure:
    labels = list(dict.fromkeys(frame["statement"]))
    share_of, low, high = (_wide(frame, value, names) for value in ("share", "low", "high"))
    said = "; ".join(
        f"{label}: "
        + sentences.listed(
            f"{name} {value:.0%}" if value == value else f"{name} not shown"
            for name, value in zip(names, row, strict=True)
        )
        for label, row in zip(labels, share_of, strict=True)
    )
    return Figure(
        f"groups-{column}-chart",
        f"Share who agreed or strongly agreed, by {told}",
        lambda canvas: figures.intervals(canvas, labels, share_of, low, high, series=names),
        alt=f"Dots with intervals, one a group, for each statement, by {told}. {said}.",
        frame=frame,
        size=figures.intervals_size(labels, names),
        note=f"The line through a dot is its 95% interval. {note}".strip(),
        source=evidence.survey.record.file,
    )


def _table(
    evidence: Evidence, frame: "pd.DataFrame", names: list[str], column: str, told: str, note: str
) -> Table:
    import pandas as pd

    shares, people = _wide(frame, "share", names), _wide(frame, "answered", names)
    table = pd.DataFrame({"statement": list(dict.fromkeys(frame["statement"]))})
    columns = [Column("statement", "Statement")]
    reason = "too few people answered to show it"
    for number, name in enumerate(names):
        table[f"share_{number}"], table[f"answered_{number}"] = shares[:, number], people[:, number]
        columns += [
            Column(f"share_{number}", name, "percent", blank=reason),
            Column(f"answered_{number}", f"{name}, answered", "count", blank=reason),
        ]
    return Table(
        f"groups-{column}-table",
        f"Share who agreed or strongly agreed with each statement, by {told}",
        table,
        tuple(columns),
        note=note,
        source=evidence.survey.record.file,
    )
