"""Do groups differ? By organisation, job role and mode: how far apart, with what evidence (docs/methods.md A8)."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval import agreement
from ci_eval.agreement.ordinal_comparison import PERMUTATION, SMALL_GROUP
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.interim.wording import EVIDENCE, level_of, missing, nothing_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from typing import Any

    import pandas as pd
    from numpy.typing import NDArray

GROUPINGS = ("organisation", "role", "mode")
NAMED = 3  # more differences than this are left to the table
MOST_COLUMNS = 5  # more than five groups in one table are a row each, not columns
TOO_FEW = "too few people answered to show it"


def words(groups: "pd.DataFrame") -> list[Sentence]:
    """By each grouping, how far apart its groups are and on what there is evidence; of `Evidence.groups`."""
    if "missing" in groups.attrs:
        return missing(groups, "groups-missing")
    sentences_of: list[Sentence] = []
    for by in GROUPINGS:
        rows = _of(groups, by)
        if not rows.empty:
            sentences_of += [furthest_apart(rows), *differences(rows)]
        elif by in groups.attrs["without"]:
            sentences_of.append(_without(groups, by))
    return sentences_of


def chart(groups: "pd.DataFrame", by: str = "organisation") -> Figure | None:
    """A panel for each group of one grouping, the statements as its rows; None where fewer than two may be shown.

    `by`: organisation, role or mode.
    """
    rows = _of(groups, by)
    if rows.empty:
        return None
    labels, names = list(dict.fromkeys(rows["statement"])), list(dict.fromkeys(rows["group"]))
    bands = rows.attrs["bands"]
    everybody = rows.drop_duplicates("statement")["everybody"]
    middle, low, high = (_wide(rows, value, labels, names) for value in ("share", "low", "high"))
    most = rows.groupby("group", sort=False)["answered"].max()
    panels = [f"{name} ({most[name]:,.0f})" for name in names]
    values = "; ".join(
        f"{name}: {_panel(labels, shares, bands=bands)}" for name, shares in zip(names, middle.T, strict=True)
    )
    return Figure(
        f"groups-{by}-chart",
        f"Share who agreed or strongly agreed, by {_noun(rows)}",
        lambda ax: figures.multiples(ax, labels, panels, middle, low, high, everybody, level_of(rows)),
        alt=(
            f"{furthest_apart(rows).text} {sentences.opening(sentences.count(len(names), 'small chart'))} on one scale, "
            f"one a group: a dot with its interval for each of {len(labels)} statements, beside a stroke for all "
            f"respondents. {values}."
        ),
        frame=rows[["statement", "group", "answered", "agreeing", "share", "low", "high"]],
        size=figures.multiples_size(labels, panels),
        note=(
            f"The line through a dot is its {level_of(rows)} interval; the upright stroke is the share of all respondents. "
            f"In brackets, the most people of the group who answered one statement. {rows.attrs['notes'][by]}"
        ).strip(),
        source=rows.attrs["source"],
    )


def table(groups: "pd.DataFrame") -> list[Table]:
    """For each grouping a table of shares: a column a group, or a row a group where there are many."""
    return [
        (_shares if rows["group"].nunique() <= MOST_COLUMNS else _ranges)(rows, by)
        for by in GROUPINGS
        if not (rows := _of(groups, by)).empty
    ]


def comparisons(groups: "pd.DataFrame") -> list[Table]:
    """For each grouping, its comparisons; of several groups, where each differs most and all with evidence."""
    return [_comparisons(rows, by) for by in GROUPINGS if not (rows := _tested(_of(groups, by))).empty]


def furthest_apart(rows: "pd.DataFrame") -> Sentence:
    """The statement on which the groups of one grouping are furthest apart."""
    by, noun, bands = _grouping(rows), _noun(rows), rows.attrs["bands"]
    seen = rows.dropna(subset=["share"])
    apart = seen.groupby("statement", sort=False)["share"].agg(lambda values: values.max() - values.min())
    if apart.empty:
        return Sentence(f"groups-{by}", f"By {noun} no share may be shown.", {"statements": 0})
    widest = seen[seen["statement"] == apart.idxmax()].sort_values("share", kind="stable").to_dict("records")
    top, bottom = widest[-1], widest[0]
    text = (
        f"By {noun} the groups are furthest apart on “{top['statement']}”: {top['group']} "
        f"{_share(top, bands)}, {bottom['group']} "
        f"{_share(bottom, bands)}."
    )
    if not apart.max():
        text = f"By {noun} every group that is shown has the same share as the others on each statement."
    numbers = {"widest": float(apart.max()), "statements": len(apart)}
    for end, row in (("highest", top), ("lowest", bottom)):
        numbers |= {f"{end}_{name}": float(row[name]) for name in ("share", "agreeing", "answered")}
    return Sentence(f"groups-{by}", text, numbers)


def differences(rows: "pd.DataFrame") -> list[Sentence]:
    """On how many statements there is evidence of a difference; nothing where nothing was compared."""
    tested = _tested(rows)
    if tested.empty:
        return []
    by, noun = _grouping(rows), _noun(rows)
    held = tested[tested["p_holm"] < EVIDENCE].sort_values("p_holm", kind="stable")
    statements, groups = tested["statement"].nunique(), tested["group"].nunique()
    numbers: dict[str, float] = {
        "statements_with_a_difference": held["statement"].nunique(),
        "differences": len(held),
        "after_all_comparisons": int((tested["p_all"] < EVIDENCE).sum()),
        "comparisons": len(tested),
        "statements": statements,
        "groups": groups,
    }
    beside = "the two groups" if groups == 1 else f"each of the {groups} groups and the others shown"
    text = f"Between {beside}, after adjusting for looking at all statements, there is evidence of a difference by {noun} "
    text += f"on {numbers['statements_with_a_difference'] or 'none'} of {statements} statements"
    if held.empty:
        reach = (tested[["superiority_low", "superiority_high"]] - 0.5).abs().max(axis=1)
        numbers |= {"possible_best_known": reach.min(), "possible_least_known": reach.max()}
        text += (
            f". That is not evidence of none: a chance up to {reach.min():.2f} from even (0.50) remains possible in the "
            f"comparison that is known best, and up to {reach.max():.2f} in the one that is known least."
        )
    else:
        named = held.head(NAMED).to_dict("records")
        for place, row in enumerate(named, start=1):
            numbers |= {
                f"named_{place}_{name}": row[name]
                for name in ("superiority", "superiority_low", "superiority_high")
            }
        parts = [
            f"{row['group']} on “{row['statement']}” (chance of more agreement {row['superiority']:.2f}, "
            f"{level_of(rows)} interval {row['superiority_low']:.2f} to {row['superiority_high']:.2f})"
            for row in named
        ]
        text += f": {sentences.listed(parts)}{'; the others are in the table' if len(held) > NAMED else ''}."
    if groups > 1:
        after = numbers["after_all_comparisons"] or "none"
        text += (
            f" With {groups} groups looked at, chance alone may well show a difference for one of them; adjusted for all "
            f"{len(tested):,} comparisons together, {after} {'remains' if after in (1, 'none') else 'remain'}."
        )
    return [Sentence(f"groups-{by}-tests", text, numbers, level="key")]


def _without(groups: "pd.DataFrame", by: str) -> Sentence:
    about = groups.attrs
    text = (
        f"By {about['groupings'][by]} there are no two groups of {about['smallest_group']} or more people to compare. "
        f"{about['without'][by]}"
    )
    return Sentence(f"groups-{by}", text.strip())


def _shares(rows: "pd.DataFrame", by: str) -> Table:
    """One row a statement, two columns a group: its share and how many answered."""
    import pandas as pd

    labels, names = list(dict.fromkeys(rows["statement"])), list(dict.fromkeys(rows["group"]))
    shares, people = (_wide(rows, value, labels, names) for value in ("share", "answered"))
    frame = pd.DataFrame({"statement": labels})
    columns = [Column("statement", "Statement")]
    for number, name in enumerate(names):
        frame[f"share_{number}"], frame[f"answered_{number}"] = shares[:, number], people[:, number]
        columns += [
            Column(f"share_{number}", name, "percent", blank=TOO_FEW),
            Column(f"answered_{number}", f"{name}, answered", "count", blank=TOO_FEW),
        ]
    return Table(
        f"groups-{by}-table",
        f"Share who agreed or strongly agreed with each statement, by {_noun(rows)}",
        frame,
        tuple(columns),
        note=rows.attrs["notes"][by],
        source=rows.attrs["source"],
        bands=rows.attrs["bands"],
    )


def _ranges(rows: "pd.DataFrame", by: str) -> Table:
    """One row a group, where there are too many groups for a column each: the range of its shares."""
    seen, highest = rows.dropna(subset=["share"]), agreement.words(bands=rows.attrs["bands"])[-2:]
    frame = seen.groupby("group", sort=False).agg(
        most_answered=("answered", "max"),
        statements=("statement", "size"),
        highest=("word", lambda word: int(word.isin(highest).sum())),
        lowest=("share", "min"),
    )
    lowest = seen.sort_values("share", kind="stable").drop_duplicates("group").set_index("group")["statement"]
    frame["statement"] = lowest.reindex(frame.index)
    return Table(
        f"groups-{by}-table",
        f"How far each group agreed, by {_noun(rows)}",
        frame.sort_values("most_answered", ascending=False, kind="stable").reset_index(),
        (
            Column("group", sentences.opening(_noun(rows))),
            Column("most_answered", "Answered, at most", "count"),
            Column("statements", "Statements that can be shown", "count"),
            Column("highest", f"Of these, agreed with by {' or '.join(highest)}", "count"),
            Column("lowest", "Lowest share", "percent"),
            Column("statement", "On the statement"),
        ),
        note=rows.attrs["notes"][by],
        source=rows.attrs["source"],
        bands=rows.attrs["bands"],
    )


def _comparisons(tested: "pd.DataFrame", by: str) -> Table:
    small = int((tested["test"] == PERMUTATION).sum())
    exact = (
        f"; for {small:,} with fewer than {SMALL_GROUP} people or one answer throughout on a side the exact permutation "
        "test and Newcombe’s interval"
        if small
        else ""
    )
    every = len(set(tested["group"])) == 1
    first = tested.sort_values("p", kind="stable").drop_duplicates("group").index
    rows = tested if every else tested[tested.index.isin(first) | (tested["p_holm"] < EVIDENCE)]
    chosen = "" if every else ": where each group differs most, and wherever there is evidence"
    return Table(
        f"groups-{by}-tests-table",
        f"Is there evidence of a difference? By {_noun(tested)}{chosen}",
        rows,
        (
            Column("group", sentences.opening(_noun(tested))),
            Column("statement", "Statement"),
            Column("answered", "Answered", "count"),
            Column("others", "Answered, others shown", "count"),
            Column("superiority", "Chance of more agreement", "number"),
            Column("superiority_low", "Interval from", "number"),
            Column("superiority_high", "Interval to", "number"),
            Column("p_holm", "p, adjusted", "number", decimals=3),
            Column("evidence", "Evidence of"),
        ),
        note=(
            "“Chance of more agreement” is the probability that somebody of the group agrees more strongly than somebody of "
            "the other groups shown, equal answers counting half: 0.50 is no difference. p: Brunner–Munzel"
            f"{exact}; adjusted by Holm’s method within the statements of a group; 0.000 is under 0.0005. “None” is no "
            "evidence of a difference, and not evidence of none. Groups that are not shown enter no comparison "
            "(docs/methods.md A8)."
        ),
        source=tested.attrs["source"],
        bands=tested.attrs["bands"],
        row_heading="statement",
    )


def _panel(labels: list[str], shares: "NDArray[np.float64]", bands: "Sequence[agreement.Band]") -> str:
    """The shares of one panel: those of 100% are counted, or a panel of many would be read out for a minute."""
    parts = [
        f"{label} {formats.percent(float(value), bands=bands)}" if value == value else f"{label} not shown"
        for label, value in zip(labels, shares, strict=True)
        if value != 1
    ]
    all_agreed = int((shares == 1).sum())
    if all_agreed:
        parts.append(f"100% on {'the other' if parts else 'all'} {sentences.count(all_agreed, 'statement')}")
    return sentences.listed(parts)


def _share(row: "dict[Hashable, Any]", bands: "Sequence[agreement.Band]") -> str:
    return sentences.share_of(int(row["agreeing"]), int(row["answered"]), bands=bands)


def _wide(rows: "pd.DataFrame", value: str, labels: list[str], names: list[str]) -> "NDArray[np.float64]":
    """The values as (statement, group); NaN where a cell is not there."""
    import pandas as pd

    cells = pd.MultiIndex.from_product([labels, names])
    values = rows.set_index(["statement", "group"])[value].reindex(cells).to_numpy(dtype=float)
    return values.reshape(len(labels), len(names))


def _of(groups: "pd.DataFrame", by: str) -> "pd.DataFrame":
    return groups if nothing_in(groups) else groups[groups["grouping"] == by]


def _tested(rows: "pd.DataFrame") -> "pd.DataFrame":
    """The rows that were compared, group after group."""
    if rows.empty:
        return rows
    place = {name: number for number, name in enumerate(dict.fromkeys(rows["group"]))}
    tested = rows[rows["others"].notna()]
    return tested.sort_values("group", key=lambda names: names.map(place), kind="stable")


def _grouping(rows: "pd.DataFrame") -> str:
    return str(rows["grouping"].iloc[0])


def _noun(rows: "pd.DataFrame") -> str:
    return str(rows.attrs["groupings"][_grouping(rows)])
