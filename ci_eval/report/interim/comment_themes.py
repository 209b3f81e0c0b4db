"""What the comments were about: themes as people coded them, with the word of their share.

Rule: docs/methods.md B3. A theme that fewer people raised than may be shown is named without any number, its word
included: with 20 comments, "less than half" would say that it was four.
"""

from typing import TYPE_CHECKING

from ci_eval.agreement import word
from ci_eval.report import disclosure, figures, formats, sentences
from ci_eval.report.book import Piece
from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.pieces import Column, Figure, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.survey import Coding

QUESTIONS = {"comment": "Comments on the statements", "improve": "How the process could be improved"}
WHO = {"comment": "those who commented", "improve": "those who said how the process could be improved"}
OPENINGS = {"majority": "The majority of"}


def coding_of(evidence: Evidence) -> "Coding":
    """The period's coding; LookupError where its comments have not been coded."""
    if evidence.comment_codes is None:
        raise LookupError(f"the comments of {evidence.period} have not been coded")
    return evidence.comment_codes


def themes(evidence: Evidence) -> list[Piece]:
    """Sentences, a figure for each question, and the table behind them; nothing where no theme was raised."""
    frame, nobody = counted(evidence)
    if frame.empty:
        return [Sentence("comment-themes-none", nobody)]
    pieces: list[Piece] = []
    for column in QUESTIONS:
        rows = frame[frame["column"] == column]
        if not rows.empty:
            pieces += said(evidence, rows)
            if not rows["masked"].all():  # a chart of no bar says nothing that the sentence does not
                pieces.append(bars(evidence, rows))
    return [*pieces, table(evidence, frame, nobody)]


def counted(evidence: Evidence) -> "tuple[pd.DataFrame, str]":
    """The themes that somebody raised, and a sentence that names the others.

    One row a question and theme, the most often raised first, those masked last in the codebook's order: column,
    question, key, theme, reported, of (who wrote something), and people, share, word, at_most (share if everything
    undecided were decided for the theme), highest (its word). `masked` is True where fewer people raised it than
    may be shown; people, share and at_most are then NaN and the words say only that.
    """
    counts = coding_of(evidence).counts()
    counts["question"] = counts["column"].map(QUESTIONS)
    raised = counts[counts["people"] > 0].reset_index(drop=True)
    people, most, of = (raised[name].to_numpy() for name in ("people", "undecided", "of"))
    most = most + people
    raised = raised.assign(share=people / of, at_most=most / of)
    raised["word"] = [word(int(m), int(n), evidence.bands) for m, n in zip(people, of, strict=True)]
    raised["highest"] = [word(int(m), int(n), evidence.bands) for m, n in zip(most, of, strict=True)]
    # Themes overlap, so none can be had by taking the others from a total: each is masked for itself.
    shown = disclosure.mask(
        raised,
        count="people",
        values=("share", "at_most"),
        by=("column", "key"),
        threshold=evidence.smallest_group,
    ).frame
    shown["masked"] = shown["masked"] != ""
    shown.loc[shown["masked"], ["word", "highest"]] = f"fewer than {evidence.smallest_group} people"
    shown["place"] = shown["column"].map({column: place for place, column in enumerate(QUESTIONS)})
    # What is masked has no number and stands last, in the codebook's order: its place says nothing of its size.
    shown = shown.sort_values(["place", "people"], ascending=[True, False], kind="stable", na_position="last")
    nobody = [
        f"Counted for nobody under “{question}”: {named(names)}."
        for question in QUESTIONS.values()
        if len(names := counts.loc[(counts["question"] == question) & (counts["people"] == 0), "theme"])
    ]
    return shown.drop(columns=["place", "undecided"]).reset_index(drop=True), " ".join(nobody)


def named(themes: "pd.Series") -> str:
    """The names of themes in a row; they hold commas and the word “and”, so semicolons part them."""
    return "; ".join(themes)


def said(evidence: Evidence, rows: "pd.DataFrame") -> list[Piece]:
    """One sentence a theme, and one that names the themes raised by too few people to give a number."""
    pieces: list[Piece] = []
    few = rows[rows["masked"]]
    for row in rows[~rows["masked"]].to_dict("records"):
        column, people, of = str(row["column"]), int(row["people"]), int(row["of"])
        opening = OPENINGS.get(row["word"], f"{sentences.opening(row['word'])} of")
        share = f"{sentences.percent(people, of)}, {people:,} of {of:,}"
        unsure = row["highest"] != row["word"]
        more = f", and {row['highest']} if every comment not yet decided did so too" if unsure else ""
        pieces.append(
            Sentence(
                f"theme-{column}-{row['key']}",
                f"{opening} {WHO[column]} ({share}) {row['reported']}{more}.",
                {"people": people, "of": of, "share": row["share"], "at_most": row["at_most"]},
                source=_source(evidence),
                level="key",
            )
        )
    if not few.empty:
        column, of = str(few["column"].iloc[0]), int(few["of"].iloc[0])
        one = len(few) == 1
        pieces.append(
            Sentence(
                f"themes-{column}-few",
                f"Fewer than {evidence.smallest_group} of {WHO[column]} ({of:,} people) raised "
                f"{'this theme' if one else 'each of these themes'}, so no number is shown: "
                f"{named(few['theme'])}.",
                {"themes": len(few), "of": of},
                source=_source(evidence),
            )
        )
    return pieces


def bars(evidence: Evidence, rows: "pd.DataFrame") -> Figure:
    """The themes of one question as bars; a masked one has its name and no bar; at least one is not masked."""
    column, question, of = str(rows["column"].iloc[0]), str(rows["question"].iloc[0]), int(rows["of"].iloc[0])
    labels, people = rows["theme"].tolist(), rows["people"].to_numpy(dtype=float)
    shown = rows[~rows["masked"]]
    told = [
        f"{row['theme']}, {int(row['people']):,} people ({formats.percent(row['share'])})"
        for row in shown.to_dict("records")
    ]
    few = named(rows.loc[rows["masked"], "theme"])
    alt = f"Bars of the themes raised by {of:,} people: {'; '.join(told)}."
    alt += f" Raised by fewer than {evidence.smallest_group} people, without a bar: {few}." if few else ""
    return Figure(
        f"themes-{column}",
        f"Themes raised: {question[0].lower()}{question[1:]}",
        lambda canvas: figures.bars(canvas, labels, people, total=of),
        alt=alt,
        frame=rows[["theme", "people", "share"]],
        size=figures.bars_size(labels),
        note=f"People who raised the theme and their share of the {of:,} who wrote something. A comment may have "
        "several themes." + (f" Not shown: fewer than {evidence.smallest_group} people." if few else ""),
        source=_source(evidence),
    )


def table(evidence: Evidence, frame: "pd.DataFrame", nobody: str) -> Table:
    """All themes that somebody raised."""
    few = f"fewer than {evidence.smallest_group} people raised the theme"
    undecided = bool((frame["at_most"] > frame["share"]).any())
    last = (
        (Column("at_most", "Share at most, once all is decided", "percent", blank=few),) if undecided else ()
    )
    return Table(
        "comment-themes",
        "What the comments were about",
        frame,
        (
            Column("theme", "Theme"),
            Column("question", "Question"),
            Column("people", "People", "count", blank=few),
            Column("of", "Who wrote something", "count"),
            Column("share", "Share", "percent", blank=few),
            Column("word", "Word"),
            *last,
        ),
        note=f"A comment may have several themes, so shares may add up to more than 100%. {nobody}".strip(),
        source=_source(evidence),
    )


def _source(evidence: Evidence) -> str:
    return f"{evidence.survey.record.file}, coded in {coding_of(evidence).file}"
