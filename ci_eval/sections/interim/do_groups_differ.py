"""What is seen of groups: a panel a group, and tables of their shares.

Cells that are masked enter no comparison on either side, so that nothing tested could give them away. With two groups
there is one comparison; with more, each group has its own.
"""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import Band, Counts, holm, interval, share, superiority, word
from ci_eval.agreement.answer_counts import NOT_STATED
from ci_eval.agreement.ordinal_comparison import PERMUTATION, SMALL_GROUP
from ci_eval.evidence.interim_evidence import GROUPINGS, Evidence, answered
from ci_eval.report import disclosure, figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table
from ci_eval.sections.interim.comparing import EVIDENCE, reading
from ci_eval.sections.interim.nothing_to_show import survey_missing
from ci_eval.sections.interim.what_they_said import results

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
        f"{name}: {_panel_told(labels, column_of, evidence.bands)}"
        for name, column_of in zip(names, middle.T, strict=True)
    )
    return Figure(
        f"groups-{column}-chart",
        f"Share who agreed or strongly agreed, by {told}",
        lambda ax: figures.multiples(ax, labels, panels, middle, low, high, everybody["share"]),
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


def _panel_told(labels: list[str], shares: "NDArray[np.float64]", bands: tuple[Band, ...]) -> str:
    """The shares of one panel: those of 100% are counted, or a panel of many would be read out for a minute."""
    told = [
        f"{label} {formats.percent(float(value), bands=bands)}" if value == value else f"{label} not shown"
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
    seen = frame.dropna(subset=["share"]).assign(
        word=lambda rows: word(rows["agreeing"], rows["answered"], bands=evidence.bands)
    )
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
        bands=evidence.bands,
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
        bands=evidence.bands,
    )


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
    furthest = spread(frame, column, told, evidence.bands)
    return [
        furthest,
        *tests_pieces(evidence, compared, column, told),
        multiples(evidence, frame, names, column, told, note, furthest.text),
        table(evidence, frame, names, column, told, note),
    ]


def spread(frame: "pd.DataFrame", column: str, told: str, bands: tuple[Band, ...]) -> Sentence:
    """The statement on which the groups stand furthest apart."""
    seen = frame.dropna(subset=["share"])
    apart = seen.groupby("statement", sort=False)["share"].agg(lambda values: values.max() - values.min())
    widest = seen[seen["statement"] == apart.idxmax()].sort_values("share", kind="stable").to_dict("records")
    top, bottom = widest[-1], widest[0]
    text = (
        f"By {told} the groups stand furthest apart on “{top['statement']}”: {top['group']} "
        f"{sentences.share_of(int(top['agreeing']), int(top['answered']), bands=bands)}, {bottom['group']} "
        f"{sentences.share_of(int(bottom['agreeing']), int(bottom['answered']), bands=bands)}."
    )
    if not apart.max():
        text = f"By {told} every group shown has the same share as the others on each statement."
    numbers = {"widest": float(apart.max()), "statements": len(apart)}
    for end, row in (("highest", top), ("lowest", bottom)):
        numbers |= {f"{end}_{name}": float(row[name]) for name in ("share", "agreeing", "answered")}
    return Sentence(f"groups-{column}", text, numbers)
