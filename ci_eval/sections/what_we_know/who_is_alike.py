"""Who is alike? The authorities of the family group: their values, ranks with intervals, pupils and deprivation."""

import pandas as pd

from ci_eval.evidence import EvidenceFrame
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.what_we_know.quantities import amount, ordinal
from ci_eval.sections.what_we_know.where_does_it_stand import NO_COUNTS, NO_NUMBER
from ci_eval.sections.wording import level_of, rank_intervals


def words(alike: EvidenceFrame) -> list[Sentence]:
    """Pupils and deprivation beside the group, and whose rank differs for certain; of `AuthorityEvidence.alike`."""
    who = alike.attrs["authority"]
    mine, others = alike[alike["council"] == who].iloc[0], alike[alike["council"] != who]
    pupils, deprived = (others[column].median() for column in ("pupils", "most_deprived_percent"))
    text = (
        f"{who} has {mine['pupils']:,} pupils, and {formats.rounded(mine['most_deprived_percent'], 1)}% of its people live "
        f"in the most deprived fifth of areas. Its family group holds {sentences.listed(sorted(others['council']))} too. "
        f"Their medians are {formats.rounded(pupils)} pupils and {formats.rounded(deprived, 1)}% of people."
    )
    numbers = {"pupils": int(mine["pupils"]), "most_deprived_percent": mine["most_deprived_percent"]}
    return [Sentence("context", text, numbers), *_apart(alike, mine, others)]


def _apart(alike: EvidenceFrame, mine: "pd.Series[float]", others: EvidenceFrame) -> list[Sentence]:
    """How many of the group have an interval of their rank that overlaps."""
    ranked = others[others["rank"].notna()]
    if formats.is_blank(mine["rank"]) or ranked.empty:
        return []
    meet = ranked[(ranked["rank_low"] <= mine["rank_high"]) & (ranked["rank_high"] >= mine["rank_low"])]
    who = alike.attrs["authority"]
    if meet.empty:
        text = f"No other rank interval in the group overlaps that of {who}."
    else:
        names = sentences.listed(sorted(meet["council"]))
        text = f"The rank interval of {who} overlaps with that of {names}; their order may be chance."
    return [Sentence("overlap", text, {"overlap": len(meet), "ranked": len(ranked)})]


def chart(alike: EvidenceFrame) -> Figure | None:
    """Ranks of the group with their intervals."""
    ranked = alike[alike["rank"].notna()].reset_index(drop=True)
    about = alike.attrs
    if about["authority"] not in set(ranked["council"]):
        return None
    picked = ranked.index[ranked["council"] == about["authority"]][0]
    mine = ranked.loc[picked]
    of, rank = int(mine["ranked"]), int(mine["rank"])
    low, high = int(mine["rank_low"]), int(mine["rank_high"])
    title = f"{about['authority']} is {ordinal(rank)} of {of}"
    if low < high:
        title += f", with an interval from {ordinal(low)} to {ordinal(high)}"
    labels = list(ranked["council"])
    return Figure(
        "rank-chart",
        title,
        lambda ax: figures.ranks(
            ax, labels, ranked["rank"], ranked["rank_low"], ranked["rank_high"], of=of, picked=int(picked),
            beside=[amount(value, about["unit"]) for value in ranked["value"]], heading="Value",
        ),
        alt=f"Dots with {level_of(alike)} intervals, one row an authority of the family group: {title}.",
        frame=pd.DataFrame(ranked),
        size=figures.ranks_size(labels),
        source=about["source"],
    )  # fmt: skip


def table(alike: EvidenceFrame) -> Table:
    """The family group with value, rank, pupils and deprivation."""
    about = alike.attrs
    frame = alike.assign(interval=rank_intervals(alike))
    return Table(
        "alike-table",
        f"The family group of {about['authority']} in {about['school_year']}",
        frame,
        (
            Column("council", "Authority"),
            Column("value", about["measure"], "number", decimals=1, blank=NO_NUMBER),
            Column("rank", "Rank", "count", blank=NO_COUNTS),
            Column("interval", f"Rank, {level_of(alike)} interval", blank=NO_COUNTS),
            Column("pupils", "Pupils", "count"),
            Column(
                "most_deprived_percent",
                "People in the most deprived fifth of areas, percent",
                "number",
                decimals=1,
            ),
        ),
        note=(
            "Family groups put together authorities that are alike in the circumstances of children. Rank 1 is the largest "
            "value of all authorities."
        ),
        source=about["source"],
    )
