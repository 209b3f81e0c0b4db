"""How large were teams, and what came of reports? The register's record of each engagement beside what was agreed."""

from typing import Any

import pandas as pd

from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table

NOT_RECORDED = "not recorded"
MEASURES: dict[str, dict[str, str]] = {
    "team_size": {"key": "team-sizes", "axis": "People in the team", "unit": "people", "noun": "team"},
    "report_weeks": {
        "key": "report-weeks", "axis": "Weeks from the end of the engagement to its report", "unit": "weeks",
        "noun": "report",
    },
}  # fmt: skip
CHECKS = {
    "self_evaluation": "The focus comes from the host’s own self-evaluation",
    "background_summary": "The host had a summary of public intelligence on its focus",
    "team_size_met": "The team has the size agreed",
    "report_weeks_met": "The report came within the time agreed",
    "report_structure": "The report has the structure agreed",
    "report_statistics": "The report gives statistical information",
    "action_plan": "There is an action plan",
    "outcomes_named": "The outcomes intended are named",
    "elected_members": "The report was shared with elected members",
}


def words(engagements: pd.DataFrame) -> list[Sentence]:
    """What is recorded of schools, length and readers of drafts; of `Evidence.engagements`."""
    if engagements.empty:
        return [Sentence("engagements-recorded", "No engagement is known to have taken place.")]
    lines, numbers = [], {"engagements": len(engagements)}
    for name, one, what in (
        ("schools", "school took part in an engagement", "schools took part in an engagement"),
        ("report_pages", "page makes up a report", "pages make up a report"),
    ):
        given = engagements[name].dropna()
        if len(given):
            low, high = int(given.min()), int(given.max())
            span = f"{low} to {high} {what}" if low < high else f"{low:,} {one if low == 1 else what}"
            lines.append(f"{span}; this is recorded for {len(given)} of {len(engagements)}.")
            numbers |= {f"{name}_least": low, f"{name}_most": high, f"{name}_recorded": len(given)}
    seen = engagements["draft_seen_by"].str.split(";").explode().str.strip()
    readers = {str(name): int(n) for name, n in seen[seen.notna() & (seen != "")].value_counts().items()}
    if readers:
        recorded = int((engagements["draft_seen_by"] != "").sum())
        listed = sentences.listed(f"{name} {n}" for name, n in readers.items())
        lines.append(
            f"Who saw the draft of a report is recorded for {recorded} of {len(engagements)}: {listed}."
        )
        numbers |= {"drafts_recorded": recorded} | readers
    text = (
        " ".join(lines) or "The register records no schools, no length of a report and no readers of a draft."
    )
    return [Sentence("engagements-recorded", text, numbers, source=engagements.attrs["source"])]


def chart(engagements: pd.DataFrame, measure: str) -> Figure | None:
    """A dot an engagement, of ``team_size`` or ``report_weeks``; None where none is recorded."""
    about = MEASURES[measure]
    rows = engagements[engagements[measure].notna()].sort_values(measure)
    if rows.empty:
        return None
    limits = [
        (f"{side} {value}", float(value))
        for side, value in zip(("at least", "at most"), engagements.attrs["limits"][measure], strict=True)
        if value is not None
    ]
    values, now = rows[measure].tolist(), rows["in_period"].tolist()
    low, high = int(min(values)), int(max(values))
    many = sentences.count(len(rows), about["noun"])
    span = f"{low} to {high}" if low < high else f"{low}"
    within = int((rows[f"{measure}_met"] == "yes").sum())
    agreed = f"{within} of {len(rows)} as agreed" if limits else "nothing is agreed"
    title = {
        "team_size": f"Teams had {span} {'person' if high == 1 else 'people'}; {agreed}",
        "report_weeks": f"Reports came after {span} {'week' if high == 1 else 'weeks'}; {agreed}",
    }[measure]
    lines = f", {sentences.listed(words for words, _ in limits)} {about['unit']} agreed" if limits else ""
    return Figure(
        about["key"],
        title,
        lambda ax: figures.stacked_dots(ax, values, now, limits, about["axis"]),
        alt=f"Dots on a scale: {many}, {span} {about['unit']}{lines}; {within if limits else 'none known to be'} as agreed.",
        frame=rows[["engagement", "hosts", "in_period", measure, f"{measure}_met"]].reset_index(drop=True),
        size=figures.DOTS_SIZE,
        note=_note(engagements, rows, limits),
        source=engagements.attrs["source"],
        columns=(
            Column("hosts", "Engagement of"),
            Column(measure, about["unit"].capitalize(), "count"),
            Column(f"{measure}_met", "As agreed", blank="nothing agreed"),
        ),
    )


def _note(engagements: pd.DataFrame, rows: pd.DataFrame, limits: list[Any]) -> str:
    blank = len(engagements) - len(rows)
    text = "A dot is an engagement that took place by the end of the period."
    if blank:
        text += f" For {sentences.count(blank, 'engagement')} it is not recorded."
    return text + (f" The lines: {engagements.attrs['limits_source'].removesuffix('.')}." if limits else "")


def checklist(engagements: pd.DataFrame) -> Table | None:
    """How many engagements meet each check, in the period and up to its end; None where nothing at all is recorded."""
    rows = []
    for name, text in CHECKS.items():
        counts: dict[str, object] = {"check": text}
        for side, part in (("now", engagements[engagements["in_period"]]), ("all", engagements)):
            given = part[name].tolist()
            counts |= {f"{side}_{word}": given.count(word) for word in ("yes", "no")} | {
                f"{side}_blank": given.count("")
            }
        rows.append(counts)
    frame = pd.DataFrame(rows)
    if not frame[["all_yes", "all_no"]].to_numpy().any():
        return None
    headings = (("now", "this period"), ("all", "all so far"))
    kinds = (("yes", "Yes"), ("no", "No"), ("blank", "Not recorded"))
    return Table(
        "engagement-checklist",
        "What the register records of engagements and their reports",
        frame,
        (
            Column("check", "Check"),
            *(
                Column(f"{side}_{kind}", f"{word}, {when}", "count")
                for side, when in headings
                for kind, word in kinds
            ),
        ),
        note="Numbers of engagements. What is not recorded is not counted as no.",
        source=engagements.attrs["source"],
    )
