"""Which authorities have taken part, how, and how does that stand against the plan?

Everything here is read from the register as at the period's last day. A host is counted only where the register is
certain; what cannot be known from its dates is a number of its own, never shared out between yes and no.
"""

from typing import TYPE_CHECKING

from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

REGISTER = "Register of engagements, data/programme/register.csv"
YES, NO, UNKNOWN = "yes", "no", "cannot be known"


def hosts_as_at(evidence: Evidence) -> "pd.DataFrame":
    """The register's councils with `hosted`: yes, no or cannot be known, by the period's last day."""
    frame = evidence.register.hosts.set_index("gss_code", drop=False)
    return frame.assign(hosted=evidence.register.as_at(evidence.ends))


def participation(evidence: Evidence) -> list[Piece]:
    """The section's pieces: sentences, timeline, coverage by collaborative, who is next."""
    hosts = hosts_as_at(evidence)
    return [
        coverage_sentence(evidence, hosts),
        timeline(evidence, hosts),
        coverage_table(evidence, hosts),
        how_sentence(evidence, hosts),
        *who_is_next(evidence),
    ]


def coverage_sentence(evidence: Evidence, hosts: "pd.DataFrame") -> Sentence:
    """How many of the authorities in the plan have been a host, in how many engagements."""
    took_part = hosts[hosts["hosted"] == YES]
    joint = took_part.groupby("engagement")["gss_code"].nunique()
    shared = int(joint[joint > 1].sum())
    numbers = {
        "authorities": len(hosts),
        "hosted": len(took_part),
        "not_hosted": int((hosts["hosted"] == NO).sum()),
        "cannot_be_known": int((hosts["hosted"] == UNKNOWN).sum()),
        "engagements": int(took_part["engagement"].nunique()),
        "hosts_of_a_joint_engagement": shared,
    }
    text = (
        f"By {sentences.date(evidence.ends)}, {len(took_part)} of the {len(hosts)} authorities in the plan "
        f"({sentences.percent(len(took_part), len(hosts), bands=evidence.bands)}) had hosted, in "
        f"{sentences.count(numbers['engagements'], 'engagement')}"
    )
    text += f" ({sentences.count(shared, 'authority', 'authorities')} hosted jointly)." if shared else "."
    if numbers["not_hosted"]:
        text += f" {sentences.opening(sentences.count(numbers['not_hosted'], 'authority', 'authorities'))} had not."
    if numbers["cannot_be_known"]:
        text += (
            f" For {sentences.count(numbers['cannot_be_known'], 'authority', 'authorities')} the register cannot say: "
            "an engagement was planned for a date that has passed, or no date is known. A line of the register that "
            "confirms the date would settle it."
        )
    return Sentence(
        "coverage", text, {**numbers, "share": len(took_part) / len(hosts)}, source=REGISTER, level="key"
    )


def coverage_table(evidence: Evidence, hosts: "pd.DataFrame") -> Table:
    """Authorities by Regional Improvement Collaborative and whether they have hosted."""
    import pandas as pd

    table = pd.crosstab(hosts["collaborative"], hosts["hosted"]).reindex(
        columns=[YES, NO, UNKNOWN], fill_value=0
    )
    table.columns = pd.Index(["hosted", "not_hosted", "unknown"])
    table.insert(0, "authorities", table.sum(axis=1))
    table["share"] = table["hosted"] / table["authorities"]
    table = table.sort_values(["share", "authorities"], ascending=False)
    total = table.sum()
    total["share"] = total["hosted"] / total["authorities"]
    table = pd.concat([table, total.to_frame("All authorities").T])
    return Table(
        "coverage-by-collaborative",
        f"Authorities that had hosted by {sentences.date(evidence.ends)}, by Regional Improvement Collaborative",
        table.rename_axis("collaborative").reset_index(),
        (
            Column("collaborative", "Regional Improvement Collaborative"),
            Column("authorities", "Authorities", "count"),
            Column("hosted", "Had hosted", "count"),
            Column("not_hosted", "Had not", "count"),
            Column("unknown", "Cannot be known", "count"),
            Column("share", "Share that had hosted", "percent"),
        ),
        source=REGISTER,
        bands=evidence.bands,
    )


def timeline(evidence: Evidence, hosts: "pd.DataFrame") -> Figure:
    """One bar an engagement from its earliest to its latest possible day, dated engagements only."""
    dated = hosts[hosts["precision"] != "plan"]
    rows = (
        dated.groupby("engagement", sort=False)
        .agg(
            label=("council", lambda names: sentences.listed(names)),
            earliest=("earliest", "first"),
            latest=("latest", "first"),
            status=("status", "first"),
            precision=("precision", "first"),
            when=("when", "first"),
        )
        .reset_index()
        .sort_values(["earliest", "latest", "label"], kind="stable")
    )
    done = rows[rows["status"] == "took place"]
    planned = rows[rows["status"] != "took place"]
    within = done[[latest <= evidence.ends for latest in done["latest"]]]
    alt = (
        f"Timeline of {sentences.count(len(rows), 'dated engagement')}. "
        f"{sentences.opening(sentences.count(len(within), 'engagement'))} took place by "
        f"{sentences.date(evidence.ends)}, the end of the period: {sentences.listed(within['label'])}. "
    )
    later = done[~done["engagement"].isin(within["engagement"])]
    if len(later):
        alt += f"Later: {sentences.listed(_dated(row) for _, row in later.iterrows())}. "
    if len(planned):
        alt += f"Recorded as planned: {sentences.listed(_dated(row) for _, row in planned.iterrows())}."
    return Figure(
        "timeline",
        "When each engagement took place, as exactly as the register knows",
        lambda ax: figures.timeline(ax, rows, evidence.ends),
        alt=alt.strip(),
        frame=rows,
        size=figures.timeline_size(list(rows["label"])),
        note=(
            "A bar runs from the earliest to the latest day the register allows, so a wide bar is a date known only "
            f"roughly. {sentences.opening(sentences.count(len(hosts) - len(dated), 'authority', 'authorities'))} of "
            "the plan without a date are not drawn."
        ),
        source=REGISTER,
        invented=False,
    )


def _dated(row: "pd.Series[str]") -> str:
    return f"{row['label']} ({row['when']})"


def how_sentence(evidence: Evidence, hosts: "pd.DataFrame") -> Sentence:
    """Pilots, and how the engagements were undertaken: by the register, and by the published claim beside it."""
    took_part = hosts[hosts["hosted"] == YES]
    pilots = sorted(took_part.loc[took_part["pilot"].astype(bool), "council"])
    modes = {str(mode).lower(): int(n) for mode, n in took_part["mode"].value_counts().items() if mode != ""}
    known = sum(modes.values())
    numbers = {"pilots": len(pilots), "hosts": len(took_part), "mode_recorded": known}
    numbers |= {f"mode_{mode.replace(' ', '_')}": n for mode, n in modes.items()}
    text = f"{sentences.opening(sentences.count(len(pilots), 'host'))} had taken part as a pilot"
    text += f": {sentences.listed(pilots)}. " if pilots else ". "
    text += f"How the engagement was undertaken is recorded for {known} of the {len(took_part)} hosts"
    text += f": {sentences.listed(f'{mode} {n}' for mode, n in modes.items())}." if known else "."
    claim = evidence.claims[evidence.claims["subject"] == "online hosts"]
    published = claim[[str(as_at) <= evidence.ends.isoformat()[:7] for as_at in claim["as_at"]]]
    for _, row in published.iterrows():
        numbers["published_online"] = int(row["value"])
        text += (
            f" The published report says that {sentences.count(int(row['value']), 'authority', 'authorities')} took "
            f"part online by {_month(str(row['as_at']))}, without naming them."
        )
    return Sentence("how-undertaken", text, numbers)


def _month(year_month: str) -> str:
    from datetime import date

    return sentences.date(date.fromisoformat(f"{year_month}-01")).split(" ", 1)[1]


def who_is_next(evidence: Evidence) -> list[Piece]:
    """The engagements the register holds after the period's end, and those whose date passed unconfirmed."""
    following = evidence.register.next_hosts(evidence.ends)
    dated = following[following["precision"] != "plan"]
    late = evidence.register.unconfirmed(evidence.ends)
    undated = len(following) - len(dated)
    text = "The register holds no dated engagement after the end of the period."
    if len(dated):
        text = f"Next, by the register: {sentences.listed(f'{row.councils} ({row.when})' for row in dated.itertuples())}."
    if undated:
        text += (
            f" For {sentences.count(undated, 'further authority', 'further authorities')} no date is known "
            "but the years of the plan."
        )
    pieces: list[Piece] = [Sentence("who-is-next", text, {"dated": len(dated), "undated": undated})]
    if len(late):
        told = sentences.listed(f"{row.councils} ({row.when})" for row in late.itertuples())
        pieces.append(
            Sentence(
                "unconfirmed",
                f"The date has passed and nobody has confirmed that it took place: {told}. Confirm it in the register.",
                {"unconfirmed": len(late)},
                level="warning",
            )
        )
    return pieces
