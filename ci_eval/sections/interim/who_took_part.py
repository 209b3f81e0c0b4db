"""Which authorities have taken part, how, and who is next? From the register as at the period's last day."""

from datetime import date
from typing import Any

import pandas as pd

from ci_eval.report import figures, sentences, style
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import REGISTER

YES, NO, UNKNOWN = "yes", "no", "cannot be known"
HOSTED, DATED, NOT_YET, NO_DATE = (
    "Had hosted",
    "Dated, not confirmed as a host by then",
    "Had not hosted",
    "No date known",
)
TILES: dict[str, dict[str, Any]] = {
    HOSTED: {"facecolor": style.ACCENT},
    DATED: {"facecolor": "#9cc3e4", "hatch": "///"},
    NOT_YET: {"facecolor": "#eef3f8"},
    NO_DATE: {"facecolor": "#ffffff", "linestyle": (0, (3, 2))},
}


def words(hosts: pd.DataFrame) -> list[Sentence]:
    """How many have hosted, how, who is next, and whose date passed unconfirmed; `hosts` as `Evidence.hosts` gives it."""
    return [coverage(hosts), how_undertaken(hosts), who_is_next(hosts), *unconfirmed(hosts)]


def chart(hosts: pd.DataFrame) -> Figure | None:
    """A timeline, one bar an engagement from its earliest to its latest possible day; None where none has a date."""
    ends: date = hosts.attrs["ends"]
    dated = hosts[~hosts["precision"].isin(["plan", ""])]
    if dated.empty:
        return None
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
    within = done[[latest <= ends for latest in done["latest"]]]
    planned = len(rows) - len(done)
    return Figure(
        "timeline",
        f"{sentences.opening(sentences.count(len(within), 'engagement'))} took place by {sentences.date(ends)}",
        lambda ax: figures.timeline(ax, rows, ends),
        alt=(
            f"Timeline of {sentences.count(len(rows), 'dated engagement')} until {sentences.date(ends)}: {len(within)} took "
            f"place, {len(done) - len(within)} later, {planned} planned."
        ),
        frame=rows,
        size=figures.timeline_size(list(rows["label"])),
        note=(
            "A bar runs from the earliest to the latest day the register allows, so a wide bar is a date known only "
            f"roughly. {sentences.opening(sentences.count(len(hosts) - len(dated), 'authority', 'authorities'))} of "
            "the plan without a date are not drawn."
        ),
        source=REGISTER,
        invented=False,
        columns=(Column("label", "Engagement"), Column("when", "When"), Column("status", "State")),
    )


def tile_map(hosts: pd.DataFrame) -> Figure | None:
    """A tile an authority: had hosted, engagement dated but not confirmed, or no date known; None of no authority."""
    if hosts.empty:
        return None
    kinds = hosts["hosted"].map({YES: HOSTED, NO: NOT_YET}).fillna(NO_DATE)
    dated = (hosts["hosted"] != YES) & ~hosts["precision"].isin(["plan", ""])
    kinds = kinds.mask(dated, DATED)
    counts = kinds.value_counts().reindex(list(TILES), fill_value=0)
    ends = sentences.date(hosts.attrs["ends"])
    places = list(zip(hosts["tile_row"].astype(int), hosts["tile_column"].astype(int), strict=True))
    by_kind = sentences.listed(f"{kind.lower()} {counts[kind]}" for kind in TILES if counts[kind])
    many = f"{counts[HOSTED] or 'None'} of {sentences.count(len(hosts), 'authority', 'authorities')} had hosted by {ends}"
    if (hosts["hosted"] == UNKNOWN).any():
        # what no record confirms may yet have taken place
        many = f"At least {many}" if counts[HOSTED] else f"No authority is confirmed to have hosted by {ends}"
    return Figure(
        "authorities-map",
        many,
        lambda ax: figures.tiles(ax, list(hosts["council"]), places, list(kinds), TILES),
        alt=f"Map of {sentences.count(len(hosts), 'equal tile')}, one an authority, by {ends}: {by_kind}.",
        frame=hosts[["council", "hosted", "when"]].assign(kind=kinds).reset_index(),
        size=figures.tiles_size(places),
        note="Each authority is a tile of equal size, near its true place.",
        source=REGISTER,
        invented=False,
        columns=(Column("council", "Authority"), Column("kind", "State"), Column("when", "When")),
    )


def focus_table(hosts: pd.DataFrame) -> Table | None:
    """The area of focus of each engagement that took place, where the register records one; None where it records none."""
    rows = hosts[(hosts["hosted"] == YES) & (hosts["focus"] != "")]
    if rows.empty:
        return None
    return Table(
        "focus-by-authority",
        f"The area of focus of {sentences.count(len(rows), 'host')}, as the register records it",
        rows,
        (Column("council", "Authority"), Column("focus", "Area of focus"), Column("when", "When")),
        source=REGISTER,
    )


def table(hosts: pd.DataFrame) -> Table | None:
    """Authorities by Regional Improvement Collaborative and whether they have hosted, the largest share first."""
    if hosts.empty:
        return None
    rows = pd.crosstab(hosts["collaborative"], hosts["hosted"]).reindex(
        columns=[YES, NO, UNKNOWN], fill_value=0
    )
    rows.columns = pd.Index(["hosted", "not_hosted", "unknown"])
    rows.insert(0, "authorities", rows.sum(axis=1))
    rows["share"] = rows["hosted"] / rows["authorities"]
    rows = rows.sort_values(["share", "authorities"], ascending=False)
    total = rows.sum()
    total["share"] = total["hosted"] / total["authorities"]
    rows = pd.concat([rows, total.to_frame("All authorities").T])
    return Table(
        "coverage-by-collaborative",
        f"Authorities that had hosted by {sentences.date(hosts.attrs['ends'])}, by Regional Improvement Collaborative",
        rows.rename_axis("collaborative").reset_index(),
        (
            Column("collaborative", "Regional Improvement Collaborative"),
            Column("authorities", "Authorities", "count"),
            Column("hosted", "Had hosted", "count"),
            Column("not_hosted", "Had not", "count"),
            Column("unknown", "Cannot be known", "count"),
            Column("share", "Share that had hosted", "percent"),
        ),
        source=REGISTER,
        bands=hosts.attrs["bands"],
    )


def coverage(hosts: pd.DataFrame) -> Sentence:
    """How many of the authorities in the plan have been a host, in how many engagements."""
    took_part = hosts[hosts["hosted"] == YES]
    joint = took_part["engagement"].value_counts()
    shared = int(joint[joint > 1].sum())
    no, unknown = (int((hosts["hosted"] == answer).sum()) for answer in (NO, UNKNOWN))
    numbers: dict[str, float] = {
        "authorities": len(hosts),
        "hosted": len(took_part),
        "not_hosted": no,
        "cannot_be_known": unknown,
        "engagements": int(took_part["engagement"].nunique()),
        "hosts_of_a_joint_engagement": shared,
    }
    if hosts.empty:
        return Sentence("coverage", "No authority is chosen.", numbers)
    share = sentences.percent(len(took_part), len(hosts), bands=hosts.attrs["bands"])
    text = (
        f"By {sentences.date(hosts.attrs['ends'])}, {len(took_part)} of the {len(hosts)} authorities in the plan "
        f"({share}) had hosted, in "
        f"{sentences.count(took_part['engagement'].nunique(), 'engagement')}"
    )
    text += f" ({_authorities(shared)} hosted jointly)." if shared else "."
    if no:
        text += f" {sentences.opening(_authorities(no))} had not."
    if unknown:
        text += (
            f" For {_authorities(unknown)} the register cannot say: an engagement may have taken place, and no record "
            "confirms it, or its date is known too roughly."
        )
    numbers["share"] = len(took_part) / len(hosts)
    return Sentence("coverage", text, numbers, source=REGISTER, level="key")


def how_undertaken(hosts: pd.DataFrame) -> Sentence:
    """Pilots, and how the engagements were undertaken, as far as the register knows."""
    took_part = hosts[hosts["hosted"] == YES]
    pilots = sorted(took_part.loc[took_part["pilot"].astype(bool), "council"])
    engagements = took_part.drop_duplicates("engagement")
    modes = {
        str(mode).lower(): int(n) for mode, n in engagements["mode"].value_counts().items() if mode != ""
    }
    known = sum(modes.values())
    if engagements.empty:
        text = "No engagement is confirmed, so nothing can be said of pilots and modes."
        return Sentence("how-undertaken", text, {"pilots": 0, "engagements": 0, "mode_recorded": 0})
    numbers = {"pilots": len(pilots), "engagements": len(engagements), "mode_recorded": known}
    numbers |= {f"mode_{mode.replace(' ', '_')}": n for mode, n in modes.items()}
    text = f"{sentences.opening(sentences.count(len(pilots), 'host'))} had taken part as a pilot"
    text += f": {sentences.listed(pilots)}. " if pilots else ". "
    text += (
        f"The mode is recorded for {known} of {len(engagements)} engagement{'s' * (len(engagements) != 1)}"
    )
    text += f": {sentences.listed(f'{mode} {n}' for mode, n in modes.items())}." if known else "."
    return Sentence("how-undertaken", text, numbers)


def who_is_next(hosts: pd.DataFrame) -> Sentence:
    """The engagements the register holds after the period's end."""
    dated, undated = hosts.attrs["next"], hosts.attrs["undated"]
    text = "The register holds no dated engagement after the end of the period."
    if dated:
        text = f"Next, by the register: {_dated(dated)}."
    if undated:
        text += (
            f" For {sentences.count(undated, 'further authority', 'further authorities')} no date is known "
            "but the years of the plan."
        )
    return Sentence("who-is-next", text, {"dated": len(dated), "undated": undated})


def unconfirmed(hosts: pd.DataFrame) -> list[Sentence]:
    """The engagements whose date has passed without anybody confirming that they took place."""
    late = hosts.attrs["unconfirmed"]
    if not late:
        return []
    text = f"The date has passed, and no record confirms that an engagement took place: {_dated(late)}."
    return [Sentence("unconfirmed", text, {"unconfirmed": len(late)}, level="warning")]


def _dated(engagements: "zip[tuple[str, str]] | list[tuple[str, str]]") -> str:
    return sentences.listed(f"{names} ({when})" for names, when in engagements)


def _authorities(number: int) -> str:
    return sentences.count(number, "authority", "authorities")
