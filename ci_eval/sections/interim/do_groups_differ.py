"""Do groups differ? By each grouping of the questionnaire: how far apart, with what evidence (docs/methods.md A8)."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_eval import agreement
from ci_eval.agreement.group_permutation import MOST_PEOPLE
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.report.small_groups import nameable
from ci_eval.sections.wording import level_of, missing, nothing_in, of_each_scale, scale_of

HINT = "a hint"
NAMED = 3  # more differences than this are left to the table
MOST_COLUMNS = 5  # more than five groups in one table are a row each, not columns
EVEN = 0.5  # the chance of more agreement where there is no difference
UNNAMED = "a group that is not named"
LOOKS: tuple[dict[str, Any], ...] = ({"facecolor": "#9cc3e4"}, {"facecolor": "#f6cfa0", "hatch": "///"})
HINT_LOOK: dict[str, Any] = {"facecolor": "#eceef0"}


@of_each_scale
def words(groups: pd.DataFrame) -> list[Sentence]:
    """By each grouping, how far apart its groups are and on what there is evidence; of `Evidence.groups`."""
    if "missing" in groups.attrs:
        return missing(groups, "groups-missing")
    sentences_of: list[Sentence] = []
    for by in groups.attrs.get("groupings", ()):
        rows = _of(groups, by)
        if not rows.empty:
            sentences_of += [furthest_apart(rows), *differences(rows)]
        elif by in groups.attrs["without"]:
            sentences_of.append(_without(groups, by))
    return sentences_of


@of_each_scale
def chart(groups: pd.DataFrame) -> Figure | None:
    """A row a statement, a column a group of every grouping, coloured where there is evidence; None of no group."""
    if nothing_in(groups):
        return None
    blocks = [_statements(_of(groups, by), further=False) for by in groups.attrs["groupings"]]
    every = groups.loc[[row for block in blocks for row in block.index]]
    if every.empty:
        return None
    labels = list(dict.fromkeys(groups["statement"]))
    cells = every.assign(column=every["grouping"] + "\n" + every["group"])
    most = cells.groupby("column", sort=False)["answered"].max()
    columns = [f"{name.split(chr(10))[1]} ({most[name]:,.0f})" for name in most.index]
    groupings = [name.split("\n")[0] for name in most.index]
    breaks = [place for place in range(1, len(groupings)) if groupings[place] != groupings[place - 1]]
    grid = cells.set_index(["statement", "column"]).reindex(pd.MultiIndex.from_product([labels, most.index]))
    shares, evidence = (grid[name].to_numpy().reshape(len(labels), -1) for name in ("share", "evidence"))
    said, looks = scale_of(groups).said, dict(zip(_findings(groups), LOOKS, strict=True)) | {HINT: HINT_LOOK}
    held = int(every["evidence"].isin(_findings(groups)).sum())
    compared = int(every["others"].notna().sum())
    finding = (
        "No difference between groups has evidence"
        if not held
        else (
            f"{sentences.opening(sentences.count(held, 'difference'))} between groups "
            f"{'has' if held == 1 else 'have'} evidence"
        )
    )
    further = groups["further"].any()
    without = " An empty cell: the table has that statement for fewer groups." if further else ""
    about = list(
        dict.fromkeys(
            groups.attrs["notes"][by] for by in groups.attrs["groupings"] if by in groups.attrs["notes"]
        )
    )
    return Figure(
        "groups-chart",
        f"{finding}: share who {scale_of(groups).short}, by group",
        lambda ax: figures.heat(ax, labels, columns, shares, evidence.tolist(), looks, breaks),
        alt=(
            f"Grid of shares: {sentences.count(len(labels), 'statement')} by {sentences.count(len(columns), 'group')}; "
            f"{held or 'none'} of {sentences.count(compared, 'comparison')} has evidence of a difference."
        ),
        frame=every[["grouping", "statement", "group", "answered", "agreeing", "share", "evidence"]],
        size=figures.heat_size(labels, columns),
        note=(
            f"Numbers are per cent who {said}. A cell is coloured only where there is evidence that the "
            "group differs from the other groups, or a hint. In brackets, the most people of the group who answered one "
            f"statement.{without} {' '.join(about)}"
        ).strip(),
        source=groups.attrs["source"],
        columns=(
            Column("group", "Group"),
            Column("statement", "Statement"),
            Column("answered", "Answered", "count"),
            Column("share", sentences.opening(said), "percent"),
            Column("evidence", "Evidence of"),
        ),
        bands=groups.attrs["bands"],
    )


@of_each_scale
def table(groups: pd.DataFrame) -> list[Table]:
    """For each grouping a table of shares: a column a group, or a row a group where there are many.

    Statements for which groups are put together further have a table of their own, a row a statement and group.
    """
    tables: list[Table] = []
    for by in groups.attrs.get("groupings", ()):
        rows = _of(groups, by)
        if rows.empty:
            continue
        everywhere, further = (_statements(rows, further=one) for one in (False, True))
        if not everywhere.empty:
            few = everywhere["group"].nunique() <= MOST_COLUMNS
            tables.append((_shares if few else _ranges)(everywhere, by))
        if not further.empty:
            tables.append(_put_together_further(further, by))
    return tables


@of_each_scale
def comparisons(groups: pd.DataFrame) -> list[Table]:
    """For each grouping, its comparisons; of several groups, where each differs most and all with evidence."""
    return [
        _comparisons(rows, by)
        for by in groups.attrs.get("groupings", ())
        if not (rows := _tested(_of(groups, by))).empty
    ]


def furthest_apart(rows: pd.DataFrame) -> Sentence:
    """The statement on which the groups of one grouping are furthest apart."""
    by, noun, bands = _grouping(rows), _noun(rows), rows.attrs["bands"]
    apart = rows.groupby("statement", sort=False)["share"].agg(lambda values: values.max() - values.min())
    widest = rows[rows["statement"] == apart.idxmax()].sort_values("share", kind="stable").to_dict("records")
    top, bottom = widest[-1], widest[0]
    text = f"By {noun} the groups are furthest apart on “{top['statement']}”: {_end(top, bands)}, {_end(bottom, bands)}."
    if not apart.max():
        text = f"By {noun} every group has the same share as the others on each statement."
    if by in rows.attrs["described"]:
        text += " This is described and not tested, because it is a property of the engagement and not of the person."
    numbers = {"widest": float(apart.max()), "statements": len(apart)}
    for end, row in (("highest", top), ("lowest", bottom)):
        numbers |= {f"{end}_{name}": float(row[name]) for name in ("share", "agreeing", "answered")}
    return Sentence(f"groups-{by}", text, numbers)


def differences(rows: pd.DataFrame) -> list[Sentence]:
    """On how many statements there is evidence of a difference; nothing where nothing was compared."""
    tested = _tested(rows)
    if tested.empty:
        return []
    by, noun = _grouping(rows), _noun(rows)
    held = tested[tested["evidence"].isin(_findings(tested))].sort_values("p_holm", kind="stable")
    hints = tested[(tested["evidence"] == HINT) & ~tested["statement"].isin(held["statement"])]
    statements = tested["statement"].nunique()
    with_hint = int(hints["statement"].nunique())
    numbers: dict[str, float] = {
        "statements_with_a_difference": held["statement"].nunique(),
        "statements_with_a_hint": with_hint,
        "differences": len(held),
        "comparisons": len(tested),
        "statements": statements,
    }
    text = (
        f"There is evidence of a difference by {noun} on {numbers['statements_with_a_difference'] or 'none'} of "
        f"{sentences.count(statements, 'statement')}"
    )
    if held.empty:
        reach = (tested[["superiority_low", "superiority_high"]] - EVEN).abs().max(axis=1)
        numbers |= {"possible_best_known": reach.min(), "possible_least_known": reach.max()}
        text += (
            ". That does not show there is none. Without a difference, somebody of a group agrees more than somebody of the "
            f"others with a chance of {EVEN:.0%}. The true chance may be up to {100 * reach.min():.0f} points from that in "
            f"the comparison known best, and up to {100 * reach.max():.0f} points in the one known least."
        )
    else:
        named = [row for row in held.to_dict("records") if nameable(row["answered"], row["agreeing"])][:NAMED]
        for place, row in enumerate(named, start=1):
            numbers |= {
                f"named_{place}_{name}": row[name]
                for name in ("superiority", "superiority_low", "superiority_high")
            }
        parts = [
            f"{row['group']} on “{row['statement']}” (chance of more {scale_of(rows).measure} {row['superiority']:.2f}, "
            f"{level_of(rows)} interval {row['superiority_low']:.2f} to {row['superiority_high']:.2f})"
            for row in named
        ]
        rest = "the others are in the table" if parts else "they are in the table"
        listed = [sentences.listed(parts)] if parts else []
        text += f": {'; '.join([*listed, *([rest] if len(held) > len(named) else [])])}."
    if len(hints):
        more = sentences.opening(sentences.count(with_hint, "statement"))
        text += f" {more} {'gives' if with_hint == 1 else 'give'} a hint of one."
    return [Sentence(f"groups-{by}-tests", text, numbers, level="key")]


def _without(groups: pd.DataFrame, by: str) -> Sentence:
    about = groups.attrs
    text = (
        f"By {about['groupings'][by]} no two groups have {about['smallest_group']} or more answers on the scale to compare. "
        f"{about['without'][by]}"
    )
    return Sentence(f"groups-{by}", text.strip())


def _shares(rows: pd.DataFrame, by: str) -> Table:
    """One row a statement, two columns a group: its share and how many answered."""
    labels, names = list(dict.fromkeys(rows["statement"])), list(dict.fromkeys(rows["group"]))
    shares, people = (_wide(rows, value, labels, names) for value in ("share", "answered"))
    frame = pd.DataFrame({"statement": labels})
    columns = [Column("statement", "Statement")]
    for number, name in enumerate(names):
        frame[f"share_{number}"], frame[f"answered_{number}"] = shares[:, number], people[:, number]
        columns += [
            Column(f"share_{number}", name, "percent"),
            Column(f"answered_{number}", f"{name}, answered", "count"),
        ]
    return Table(
        f"groups-{by}-table",
        f"Share who {scale_of(rows).said}, by statement and {_noun(rows)}",
        frame,
        tuple(columns),
        note=rows.attrs["notes"][by],
        source=rows.attrs["source"],
        bands=rows.attrs["bands"],
    )


def _ranges(rows: pd.DataFrame, by: str) -> Table:
    """One row a group, where there are too many groups for a column each: the range of its shares."""
    highest, statements = agreement.words(bands=rows.attrs["bands"])[-2:], rows["statement"].nunique()
    frame = rows.groupby("group", sort=False).agg(
        most_answered=("answered", "max"),
        highest=("word", lambda word: int(word.isin(highest).sum())),
        lowest=("share", "min"),
    )
    lowest = rows.sort_values("share", kind="stable").drop_duplicates("group").set_index("group")["statement"]
    frame["statement"] = lowest.reindex(frame.index)
    return Table(
        f"groups-{by}-table",
        f"Share of each group who {scale_of(rows).short}, by {_noun(rows)}",
        frame.sort_values("most_answered", ascending=False, kind="stable").reset_index(),
        (
            Column("group", sentences.opening(_noun(rows))),
            Column("most_answered", "Answered, at most", "count"),
            Column(
                "highest",
                f"Of {statements} statements, {' or '.join(highest)} {scale_of(rows).short}",
                "count",
            ),
            Column("lowest", "Lowest share", "percent"),
            Column("statement", "On the statement"),
        ),
        note=rows.attrs["notes"][by],
        source=rows.attrs["source"],
        bands=rows.attrs["bands"],
    )


def _put_together_further(rows: pd.DataFrame, by: str) -> Table:
    """One row a statement and group, where the groups are not those of the other statements."""
    return Table(
        f"groups-{by}-further-table",
        f"Statements shown for fewer groups, by {_noun(rows)}",
        rows,
        (
            Column("statement", "Statement"),
            Column("group", sentences.opening(_noun(rows))),
            Column("answered", "Answered", "count"),
            Column("share", sentences.opening(scale_of(rows).said), "percent"),
        ),
        note="On these statements some groups are put together further, so that nobody is recognised (docs/methods.md).",
        source=rows.attrs["source"],
        bands=rows.attrs["bands"],
        row_heading="statement",
    )


def _comparisons(tested: pd.DataFrame, by: str) -> Table:
    every, chance = tested["code"].is_unique, f"chance of more {scale_of(tested).measure}"
    first = tested.sort_values("p", kind="stable").drop_duplicates("group").index
    rows = tested if every else tested[tested.index.isin(first) | tested["evidence"].isin(_findings(tested))]
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
            Column("superiority", sentences.opening(chance), "number"),
            Column("superiority_low", "Interval from", "number"),
            Column("superiority_high", "Interval to", "number"),
            Column("p_holm", "p, adjusted", "number", decimals=3),
            Column("evidence", "Evidence of"),
        ),
        note=(
            f"“{sentences.opening(chance)}” is the probability that somebody of the group stands higher on the scale than "
            "somebody of the other groups, equal answers counting half: 0.50 is no difference. p: studentised permutation "
            f"test, exact, where its tables can be counted (a smaller side of up to {MOST_PEOPLE} people), else "
            "Brunner–Munzel; adjusted by Holm’s method for all comparisons of groups; 0.000 is under 0.0005. “A hint”: the "
            "interval leaves out 0.50, p is no evidence. “None” is no evidence of a difference, and not evidence of none "
            "(docs/methods.md A8)."
        ),
        source=tested.attrs["source"],
        bands=tested.attrs["bands"],
        row_heading="statement",
    )


def _statements(rows: pd.DataFrame, further: bool) -> pd.DataFrame:
    """The rows of statements for which groups are put together further, or of the others."""
    return rows[rows.groupby("statement")["further"].transform("any") == further]


def _end(row: dict[Hashable, Any], bands: Sequence[agreement.Band]) -> str:
    """The group at one end and its share; its name and numbers only where a sentence may name it."""
    if nameable(row["answered"], row["agreeing"]):
        return f"{row['group']} {_share(row, bands)}"
    return f"{UNNAMED} {formats.percent(row['share'], bands=bands)}"


def _share(row: dict[Hashable, Any], bands: Sequence[agreement.Band]) -> str:
    return sentences.share_of(int(row["agreeing"]), int(row["answered"]), bands=bands)


def _wide(rows: pd.DataFrame, value: str, labels: list[str], names: list[str]) -> NDArray[np.float64]:
    """The values as (statement, group)."""
    cells = pd.MultiIndex.from_product([labels, names])
    values = rows.set_index(["statement", "group"])[value].reindex(cells).to_numpy(dtype=float)
    return values.reshape(len(labels), len(names))


def _of(groups: pd.DataFrame, by: str) -> pd.DataFrame:
    return groups if nothing_in(groups) else groups[groups["grouping"] == by]


def _tested(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that were compared, group after group."""
    if rows.empty:
        return rows
    place = {name: number for number, name in enumerate(dict.fromkeys(rows["group"]))}
    tested = rows[rows["others"].notna()]
    return tested.sort_values("group", key=lambda names: names.map(place), kind="stable")


def _findings(rows: pd.DataFrame) -> tuple[str, str]:
    """What a difference with evidence is of: more or less of what the scale measures."""
    measure = scale_of(rows).measure
    return f"more {measure}", f"less {measure}"


def _grouping(rows: pd.DataFrame) -> str:
    return str(rows["grouping"].iloc[0])


def _noun(rows: pd.DataFrame) -> str:
    return str(rows.attrs["groupings"][_grouping(rows)])
