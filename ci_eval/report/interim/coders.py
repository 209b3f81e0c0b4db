"""How the comments were coded: by how many people, how far they agree, and what a third person has to decide.

Coefficients: docs/methods.md B1 and B2. They are shown for the themes whose number of people is shown; for others
they would give it away.
"""

from typing import TYPE_CHECKING

from ci_eval.agreement.raters import ThemeAgreement, theme_agreement
from ci_eval.report import sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.comment_themes import QUESTIONS, coding_of, counted
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.survey import Coding

ALIKE = "all coded alike, so no interval can be had"
ONE_VALUE = "not defined where every code is the same"
COLUMNS = (
    Column("theme", "Theme"),
    Column("question", "Question"),
    Column("comments", "Coded by two or more", "count"),
    Column("percent_agreement", "Percent agreement", "percent"),
    Column("alpha", "Krippendorff’s alpha", "number", blank=ONE_VALUE),
    Column("alpha_low", "Alpha from", "number", blank=ALIKE),
    Column("alpha_high", "Alpha to", "number", blank=ALIKE),
    Column("ac1", "Gwet’s AC1", "number", blank=ONE_VALUE),
    Column("brennan_prediger", "Brennan–Prediger", "number", blank=ONE_VALUE),
)


def coders(evidence: Evidence) -> list[Piece]:
    """Who coded what, the agreement of coders where there are two or more, and the cells not agreed."""
    coding = coding_of(evidence)
    measured = agreements(coding)
    return [how(coding), *agreed(evidence, measured), *waiting(coding)]


def agreements(coding: "Coding") -> dict[str, ThemeAgreement]:
    """By column, the agreement over the comments that two coders or more have read; none where there are none."""
    codes, keys = coding.codes, [str(key) for key in coding.codebook["key"]]
    several = codes[codes.duplicated(["id", "column"], keep=False)]
    return {
        column: theme_agreement(rows, keys)
        for column in QUESTIONS
        if not (rows := several[several["column"] == column]).empty
    }


def how(coding: "Coding") -> Sentence:
    """How many comments were coded, by how many people, and how."""
    counts = {str(status): int(number) for status, number in coding.status.value_counts().items()}
    told = {
        "alike": "coded alike by two or more",
        "settled": "settled by an agreed code",
        "one coder": "coded by one person only, so that nobody knows whether another would have seen the same",
        "not agreed": "waiting for a third person",
        "not coded": "not coded",
    }
    parts = [f"{counts[status]:,} {what}" for status, what in told.items() if status in counts]
    people = sentences.count(len(coding.coders), "person", "people")
    people = people if coding.coders else "people whose own codes the file does not hold,"
    text = (
        f"The {len(coding.status):,} comments and ways to improve were coded by {people} against a codebook of "
        f"{sentences.count(len(coding.codebook), 'theme')}: {sentences.listed(parts)}."
    )
    numbers = {status.replace(" ", "_"): number for status, number in counts.items()}
    return Sentence(
        "comments-coded",
        text,
        numbers | {"coders": len(coding.coders), "texts": len(coding.status)},
        source=coding.file,
    )


def agreed(evidence: Evidence, measured: dict[str, ThemeAgreement]) -> list[Piece]:
    """Agreement over whole sets of themes, and by theme."""
    if not measured:
        text = "No comment was coded by two people on their own, so how far coders agree cannot be measured."
        return [Sentence("coders-sets", text, level="warning")]
    parts = []
    numbers: dict[str, float] = {}
    for column, one in measured.items():
        known = one.sets.defined
        alpha = (
            f"{one.sets.coefficient:.2f} ({one.sets.low:.2f} to {one.sets.high:.2f})"
            if known
            else "not defined"
        )
        parts.append(f"{alpha} for {one.sets.pairable:,} answers under “{QUESTIONS[column]}”")
        numbers |= {
            f"{column}_alpha": one.sets.coefficient,
            f"{column}_low": one.sets.low,
            f"{column}_high": one.sets.high,
            f"{column}_comments": one.sets.pairable,
        }
    text = (
        "How far the coders agreed before they settled anything, over all themes of a comment together, on a scale on "
        f"which 1 is full agreement and 0 what chance gives (alpha with MASI distance): {sentences.listed(parts)}."
    )
    pieces: list[Piece] = [Sentence("coders-sets", text, numbers, source="the codes of each coder")]
    frame = by_theme(evidence, measured)
    if not frame.empty:
        pieces.append(
            Table(
                "coders-themes",
                "How far the coders agreed on each theme",
                frame,
                COLUMNS,
                note="Before anything was settled. Where a theme is rare, alpha is low though nearly all codes agree: "
                "read it beside AC1 and Brennan–Prediger. Themes raised by fewer than "
                f"{evidence.smallest_group:,} people are left out.",
                source="the codes of each coder",
            )
        )
    return pieces


def by_theme(evidence: Evidence, measured: dict[str, ThemeAgreement]) -> "pd.DataFrame":
    """One row a question and theme whose number is shown, in the order of the themes' own table."""
    import pandas as pd

    frame, _ = counted(evidence)
    shown = frame.loc[~frame["masked"], ["column", "key", "theme", "question"]]
    found = pd.concat(
        [one.table.assign(column=column) for column, one in measured.items()], ignore_index=True
    )
    joined = shown.merge(found.rename(columns={"theme": "key"}), on=["column", "key"])
    # An interval of no width would read as certainty; theme_agreement's own note says that it is none.
    ends = ["alpha_low", "alpha_high"]
    return joined.assign(**{end: joined[end].where(joined[ends[0]] < joined[ends[1]]) for end in ends})


def waiting(coding: "Coding") -> list[Piece]:
    """The comments a third person has to decide, by id and question, never by their text."""
    cells = coding.cells("not agreed")
    uncoded = len(coding.cells("not coded"))
    if cells.empty and not uncoded:
        return []
    parts = [f"{sentences.count(len(cells), 'answer')} on which coders differ" if len(cells) else ""]
    parts.append(f"{sentences.count(uncoded, 'answer')} that nobody has coded" if uncoded else "")
    text = (
        f"Not decided: {sentences.listed(filter(None, parts))}. A theme counts for such a comment only where all who "
        "coded it gave it, so shares can still rise."
    )
    pieces: list[Piece] = [
        Sentence(
            "comments-undecided",
            text,
            {"not_agreed": len(cells), "not_coded": uncoded},
            source=coding.file,
            level="warning",
        )
    ]
    if not cells.empty:
        frame = cells.assign(question=cells["column"].map(QUESTIONS))
        note = "Add a row with the coder “agreed” for each to the file of codes."
        pieces.append(
            Table(
                "comments-not-agreed",
                "Comments that wait for a third person",
                frame,
                (Column("id", "Response"), Column("question", "Question")),
                note=note,
                source=coding.file,
            )
        )
    return pieces
