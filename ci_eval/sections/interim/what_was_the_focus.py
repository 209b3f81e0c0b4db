"""What was the focus, and is it rooted in self-evaluation? Areas named by respondents and by the register."""

from typing import TYPE_CHECKING

from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.interim.nothing_to_show import survey_missing
from ci_eval.sections.interim.who_took_part import REGISTER, YES, hosts_as_at

if TYPE_CHECKING:
    import pandas as pd

APPROPRIATE = "s01"
"""The statement that asks whether the area of focus was appropriate."""


def focus(evidence: Evidence) -> list[Piece]:
    """Themes named by respondents, the register's own record, and what bears on self-evaluation."""
    survey = named(evidence) if evidence.reports_survey else [survey_missing(evidence, "focus-missing")]
    return [*survey, register_focus(evidence), rooted(evidence)]


def themes_named(evidence: Evidence) -> "pd.DataFrame":
    """Themes of the codebook found word for word in the answers to the focus question.

    One row a theme: `theme`, `respondents` who named it. A respondent may name several. An answer names a theme
    where it holds the codebook's words for it, after evening out case and spaces, and by nothing looser; an answer
    that holds none is counted under `attrs["unmatched"]`, one left empty under `attrs["unanswered"]`.
    """
    import pandas as pd

    answers = evidence.survey.frame["focus"].fillna("").str.casefold().str.split().str.join(" ")
    found = pd.DataFrame(
        {
            theme: answers.str.contains(" ".join(theme.casefold().split()), regex=False)
            for theme in evidence.themes["theme"]
        }
    )
    table = found.sum().rename_axis("theme").reset_index(name="respondents")
    table = table[table["respondents"] > 0].sort_values("respondents", ascending=False, kind="stable")
    table.attrs = {
        "answered": int((answers != "").sum()),
        "unanswered": int((answers == "").sum()),
        "unmatched": int(((answers != "") & ~found.any(axis=1)).sum()),
    }
    return table


def named(evidence: Evidence) -> list[Piece]:
    """Which areas of focus the respondents named."""
    table = themes_named(evidence)
    about = {str(name): int(number) for name, number in table.attrs.items()}
    if table.empty:
        text = (
            f"None of the {about['answered']:,} answers to the focus question holds a theme of the codebook."
            if about["answered"]
            else "No respondent named an area of focus, or the survey did not ask for it."
        )
        return [Sentence("focus-named", text, about, level="warning")]
    # Themes overlap: together they are more than the people who named them, so none can be put together, and
    # none can be had by taking the others from a total. Each is shown or not for itself.
    few = table["respondents"] < evidence.smallest_group
    shown = table[~few].assign(share=lambda rows: rows["respondents"] / about["answered"])
    if shown.empty:
        return [_most_named(evidence, table, about)]
    note = "A respondent may name several, so shares may add up to more than 100%."
    if few.any():
        names = sentences.listed(sorted(theme.lower() for theme in table.loc[few, "theme"]))
        note += f" Without a row, as fewer than {evidence.smallest_group} people named it: {names}."
    return [
        _most_named(evidence, table, about),
        Table(
            "focus-themes",
            "Areas of focus named by respondents",
            shown,
            (
                Column("theme", "Theme of the codebook"),
                Column("respondents", "Respondents", "count"),
                Column("share", "Share of those who named a focus", "percent"),
            ),
            note=note,
            source=evidence.survey.record.file,
            bands=evidence.bands,
        ),
    ]


def _most_named(evidence: Evidence, table: "pd.DataFrame", about: dict[str, int]) -> Sentence:
    """The area named most often, or every one of several named equally often; none named by too few to be shown."""
    most = int(table["respondents"].iloc[0])
    first = [theme.lower() for theme in table.loc[table["respondents"] == most, "theme"]]
    numbers: dict[str, object] = {**about, "themes": len(table)}
    if most < evidence.smallest_group:
        text = f"No area of focus was named by {evidence.smallest_group} people or more, so none is singled out. "
    else:
        numbers |= {"most_named": most, "share": most / about["answered"]}
        text = (
            f"The {'area' if len(first) == 1 else 'areas'} of focus named most often "
            f"{'was' if len(first) == 1 else 'were'} {sentences.listed(first)}, "
            f"{'' if len(first) == 1 else 'each '}by {sentences.share_of(most, about['answered'], bands=evidence.bands)} "
            "of those who named one. "
        )
    text += _unmatched(about["unmatched"])
    return Sentence("focus-named", text, numbers, source=evidence.survey.record.file)


def _unmatched(answers: int) -> str:
    if not answers:
        return "Every answer holds a theme of the codebook."
    holds = "holds" if answers == 1 else "hold"
    return f"{sentences.opening(sentences.count(answers, 'answer'))} {holds} no theme of the codebook: a person has to look."


def register_focus(evidence: Evidence) -> Sentence:
    """What the register itself records of the focus of each host so far."""
    hosts = hosts_as_at(evidence)
    took_part = set(hosts.loc[hosts["hosted"] == YES, "engagement"])
    rows = evidence.register.engagements
    rows = rows[rows["engagement"].isin(took_part)]
    known = rows[rows["focus"] != ""]
    text = (
        f"The register names the focus of {len(known) or 'none'} of the {sentences.count(len(rows), 'engagement')} of "
        "these hosts"
        + (f": {sentences.listed(sorted(known['focus']))}." if len(known) else ".")
        + (
            " The published report lists areas of focus without saying whose they were, so they are themes of the "
            "codebook here, not facts of an engagement. To fix it, fill the column focus of the register."
            if len(known) < len(rows)
            else ""
        )
    )
    return Sentence("focus-register", text, {"named": len(known), "engagements": len(rows)}, source=REGISTER)


def rooted(evidence: Evidence) -> Sentence:
    """What can and cannot be said about self-evaluation from these data."""
    text = "No question of the survey asks whether the focus came from the host's self-evaluation, so it cannot be said."
    numbers: dict[str, object] = {}
    if evidence.reports_survey:
        counted = evidence.survey.counts
        row = counted.statements.index(APPROPRIATE)
        agreeing, answered = int(counted.agreeing[row, 0]), int(counted.answered[row, 0])
        if answered >= evidence.smallest_group:
            numbers = {"appropriate": agreeing / answered, "agreeing": agreeing, "answered": answered}
            text += (
                " What comes nearest is whether it was appropriate: "
                f"{sentences.share_of(agreeing, answered, bands=evidence.bands)} of those who answered "
                "agreed or strongly agreed that it was."
            )
    text += " To answer it, record in the register which finding of the self-evaluation each focus rests on."
    return Sentence("focus-rooted", text, numbers)
