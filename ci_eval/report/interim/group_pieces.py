"""What is seen of groups: a panel a group, and tables of their shares."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import word
from ci_eval.report import figures, formats, sentences
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.interim.statements import results
from ci_eval.report.pieces import Column, Figure, Table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def multiples(
    evidence: Evidence,
    frame: "pd.DataFrame",
    names: list[str],
    column: str,
    told: str,
    note: str,
    message: str,
) -> Figure:
    """A panel for each group that is shown, the statements as its rows; the alternative text opens with `message`."""
    everybody = results(evidence.survey)
    labels = list(everybody["statement"])
    middle, low, high = (_wide(frame, value, names, labels) for value in ("share", "low", "high"))
    most = frame.groupby("group", sort=False)["answered"].max()
    panels = [f"{name} ({most[name]:,.0f})" for name in names]
    said = "; ".join(
        f"{name}: {_panel_told(labels, column_of)}" for name, column_of in zip(names, middle.T, strict=True)
    )
    return Figure(
        f"groups-{column}-chart",
        f"Share who agreed or strongly agreed, by {told}",
        lambda canvas: figures.multiples(canvas, labels, panels, middle, low, high, everybody["share"]),
        alt=(
            f"{message} {sentences.opening(sentences.count(len(names), 'small chart'))} on one scale, one a group: a dot "
            f"with its interval for each of {len(labels)} statements, beside a stroke for all respondents. {said}."
        ),
        frame=frame,
        size=figures.multiples_size(labels, panels),
        note=(
            "The line through a dot is its 95% interval; the upright stroke is the share of all respondents. In brackets, "
            f"the most people of the group who answered one statement. {note}"
        ).strip(),
        source=evidence.survey.record.file,
    )


def _panel_told(labels: list[str], shares: "NDArray[np.float64]") -> str:
    """The shares of one panel: those of 100% are counted, or a panel of many would be read out for a minute."""
    told = [
        f"{label} {formats.percent(float(value))}" if value == value else f"{label} not shown"
        for label, value in zip(labels, shares, strict=True)
        if value != 1
    ]
    all_agreed = int((shares == 1).sum())
    if all_agreed:
        told.append(f"100% on {'the other' if told else 'all'} {sentences.count(all_agreed, 'statement')}")
    return sentences.listed(told)


def _wide(
    frame: "pd.DataFrame", value: str, names: list[str], statements: list[str]
) -> "NDArray[np.float64]":
    """The values as (statement, group); NaN where a cell is not there."""
    import pandas as pd

    cells = pd.MultiIndex.from_product([statements, names])
    values = frame.set_index(["statement", "group"])[value].reindex(cells).to_numpy(dtype=float)
    return values.reshape(len(statements), len(names))


def summary(
    evidence: Evidence, frame: "pd.DataFrame", names: list[str], column: str, told: str, note: str
) -> Table:
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


def shares_table(
    evidence: Evidence, frame: "pd.DataFrame", names: list[str], column: str, told: str, note: str
) -> Table:
    """One row a statement, two columns a group: its share and how many answered."""
    import pandas as pd

    statements = list(dict.fromkeys(frame["statement"]))
    shares, people = (_wide(frame, value, names, statements) for value in ("share", "answered"))
    table = pd.DataFrame({"statement": statements})
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
