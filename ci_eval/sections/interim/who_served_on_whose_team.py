"""Who served on whose team? Officers of authorities on teams of others: links, what they join, and how they grew."""

import pandas as pd

from ci_eval.programme.network import AUTHORITY, BODY, HOST, growth
from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import missing, nothing_in

COLLABORATIVE = "Regional Improvement Collaborative"
SAYS_SO = {
    "Regional",
    "Education",
    "Improvement",
    "Collaborative",
}  # words by which a name says that it is one
LINK = "A link is an authority with officers on the team of another authority’s engagement."
COUNTED = "Officers are counted by organisation, from the programme’s own records; nobody is named."


def words(network: pd.DataFrame) -> list[Sentence]:
    """How many authorities served on how many teams, what they join, what was returned; of `Evidence.network`."""
    return missing(network, "network") or [_reach(network), *_joined(network)]


def _reach(network: pd.DataFrame) -> Sentence:
    about, bands = network.attrs, network.attrs["bands"]
    *before, now = growth(network).to_dict("records")
    who = sentences.percent(now["authorities"], about["authorities"], bands=bands)
    text = (
        f"By {sentences.date(about['ends'])}, officers of {now['authorities']} of the {about['authorities']} authorities "
        f"({who}) had served on the team of another. "
        f"Of the {now['possible']:,} links possible between authorities and teams, there were {now['links']:,} "
        f"({sentences.percent(now['links'], now['possible'], bands=bands)})."
    )
    numbers = {name: now[name] for name in ("authorities", "officers", "links", "possible", "share", "teams")}
    numbers |= {name: about[name] for name in ("recorded", "engagements", "unconfirmed")}
    numbers |= {
        "of_authorities": about["authorities"],
        "share_of_authorities": now["authorities"] / about["authorities"],
    }
    if before and before[-1]["teams"]:
        then = before[-1]
        numbers |= {"links_before": then["links"], "authorities_before": then["authorities"]}
        links = sentences.count(then["links"], "link")
        were = "was" if then["links"] == 1 else "were"
        text += (
            f" At the end of {then['period']} there {were} {links}, from {_authorities(then['authorities'])}."
        )
    if about["recorded"] < about["engagements"]:
        text += f" The team is recorded for {about['recorded']} of {about['engagements']} engagements."
    if about["unconfirmed"]:
        further = sentences.count(about["unconfirmed"], "further engagement")
        text += f" Teams of {further} are not counted: the register does not confirm that they took place by then."
    return Sentence("network", text, numbers, about["source"], level="key")


def _joined(network: pd.DataFrame) -> list[Sentence]:
    """Links between collaboratives, and links returned; nothing where there is no link."""
    sent, bands = _sent(network), network.attrs["bands"]
    if sent.empty:
        return []
    crossing, able = int(sent["crosses"].sum()), sent[sent["returned"] != ""]
    returned = int((able["returned"] == "yes").sum())
    share = sentences.percent(crossing, len(sent), bands=bands)
    text = f"Different {COLLABORATIVE}s are joined by {crossing} of the {sentences.count(len(sent), 'link')} ({share})."
    numbers = {"crossing": crossing, "links": len(sent), "share_crossing": crossing / len(sent)}
    numbers |= {"returned": returned, "could_be_returned": len(able)}
    if len(able):
        were = "was" if returned == 1 else "were"
        numbers["share_returned"] = returned / len(able)
        back = sentences.percent(returned, len(able), bands=bands)
        text += (
            f" Of {sentences.count(len(able), 'link')} from authorities that had hosted too, {returned} ({back}) {were} "
            "returned: an officer of the host served on their team."
        )
    return [Sentence("network-joined", text, numbers)]


def exposure(network: pd.DataFrame) -> list[Sentence]:
    """Who had served on a team before they were a host themselves: what a comparison of outcomes has to allow for."""
    if nothing_in(network):
        return []
    sent = _sent(network)
    early = sent[sent["hosted"] != "yes"]
    if early.empty:
        return []
    who, number = _authorities(early["organisation"].nunique()), int(early["officers"].sum())
    text = (
        f"{sentences.opening(who)} not known to have hosted had sent {sentences.count(number, 'officer')} to teams of "
        "others. What they learnt there may change their outcomes too: a comparison of hosts with them has to allow for it."
    )
    numbers = {"authorities": early["organisation"].nunique(), "officers": int(early["officers"].sum())}
    return [Sentence("network-exposure", text, numbers)]


def chart(network: pd.DataFrame) -> Figure | None:
    """Links from collaborative to collaborative; None where there is no link."""
    if nothing_in(network) or _sent(network).empty:
        return None
    sent = _sent(network)
    pairs = sent.explode("host_collaboratives")
    names = sorted({*pairs["collaborative"], *pairs["host_collaboratives"]})
    numbers = pd.crosstab(pairs["collaborative"], pairs["host_collaboratives"])
    numbers = numbers.reindex(index=names, columns=names, fill_value=0)
    crossing = int(sent["crosses"].sum())
    joins = "joins" if crossing == 1 else "join"
    labels = [_short(name) for name in names]
    between = pairs.groupby(["collaborative", "host_collaboratives"], as_index=False).agg(
        links=("officers", "size"), officers=("officers", "sum")
    )
    return Figure(
        "network-links",
        f"{crossing or 'None'} of {sentences.count(len(sent), 'link')} {joins} two collaboratives",
        lambda ax: figures.links(ax, labels, numbers.to_numpy(), "Team of the host"),
        alt=(
            f"Grid of {sentences.count(len(names), COLLABORATIVE)}, from those who served to hosts: "
            f"{sentences.count(len(sent) - crossing, 'link')} within one of them, {crossing} between two."
        ),
        frame=between,
        size=figures.links_size(labels),
        note=f"{LINK} Rows: whose officers served. Columns: whose team. Outlined: within one {COLLABORATIVE}.",
        source=network.attrs["source"],
        columns=(
            Column("collaborative", "Those who served"),
            Column("host_collaboratives", "Hosts"),
            Column("links", "Links", "count"),
            Column("officers", "Officers", "count"),
        ),
    )


def growth_table(network: pd.DataFrame) -> Table | None:
    """The network at the end of each period."""
    if nothing_in(network):
        return None
    return Table(
        "network-growth",
        "The network of authorities and teams at the end of each period",
        growth(network),
        (
            Column("period", "Period"),
            Column("teams", "Teams recorded", "count"),
            Column("authorities", "Authorities that had served on another’s team", "count"),
            Column("officers", "Officers they sent", "count"),
            Column("links", "Links", "count"),
            Column("possible", "Links possible", "count"),
            Column("share", "Share of those possible", "percent", blank="no team recorded"),
            Column("crossing", f"Links between {COLLABORATIVE}s", "count"),
        ),
        note=f"{LINK} Possible is one link of each team with every authority that is no host of it.",
        source=network.attrs["source"],
        bands=network.attrs["bands"],
    )


def table(network: pd.DataFrame) -> Table | None:
    """Who served on each team, in numbers of officers."""
    if nothing_in(network):
        return None
    rows = [
        {
            "host": team["host"].iloc[0],
            "period": team["period"].iloc[0],
            "officers": int(team["officers"].sum()),
            "own": _listed(team, HOST, numbers_only=True),
            "others": _listed(team, AUTHORITY),
            "bodies": _listed(team, BODY),
        }
        for _, team in network.groupby("engagement", sort=False)
    ]
    return Table(
        "network-teams",
        "Officers on the team of each engagement, by organisation",
        pd.DataFrame(rows),
        (
            Column("host", "Host"),
            Column("period", "Known by the end of"),
            Column("officers", "Officers", "count"),
            Column("own", "Of the host"),
            Column("others", "Of other authorities"),
            Column("bodies", "Of other bodies"),
        ),
        note=COUNTED,
        source=network.attrs["source"],
    )


def _sent(network: pd.DataFrame) -> pd.DataFrame:
    """A row a link: another authority on a team."""
    return network[network["kind"] == AUTHORITY]


def _authorities(number: int) -> str:
    return sentences.count(number, "authority", "authorities")


def _listed(team: pd.DataFrame, kind: str, *, numbers_only: bool = False) -> str:
    """``Fife 2, Moray 1``: the organisations of a kind and their officers."""
    rows = team[team["kind"] == kind]
    if numbers_only:
        return str(int(rows["officers"].sum())) if len(rows) else "not recorded"
    pairs = zip(rows["organisation"], rows["officers"], strict=True)
    return ", ".join(f"{name} {number}" for name, number in pairs) or "none recorded"


def _short(name: str) -> str:
    """A collaborative's name without the words by which it says that it is one."""
    kept = name.split()
    while len(kept) > 1 and kept[-1] in SAYS_SO:
        kept.pop()
    return " ".join(kept)
