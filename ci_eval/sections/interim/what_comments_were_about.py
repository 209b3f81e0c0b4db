"""What the comments were about: themes as people coded them, the word of their share, and how far coders agree."""

from typing import TYPE_CHECKING

from ci_eval.agreement import word
from ci_eval.evidence.interim_evidence import Evidence
from ci_eval.report import disclosure, figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.survey import Coding


from typing import TYPE_CHECKING

from ci_eval.agreement.coders import ThemeAgreement, theme_agreement

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
    raised["word"] = [word(int(m), int(n), bands=evidence.bands) for m, n in zip(people, of, strict=True)]
    raised["highest"] = [word(int(m), int(n), bands=evidence.bands) for m, n in zip(most, of, strict=True)]
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
        share = f"{sentences.percent(people, of, bands=evidence.bands)}, {people:,} of {of:,}"
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
        f"{row['theme']}, {int(row['people']):,} people ({formats.percent(row['share'], bands=evidence.bands)})"
        for row in shown.to_dict("records")
    ]
    few = named(rows.loc[rows["masked"], "theme"])
    alt = f"Bars of the themes raised by {of:,} people: {'; '.join(told)}."
    alt += f" Raised by fewer than {evidence.smallest_group} people, without a bar: {few}." if few else ""
    return Figure(
        f"themes-{column}",
        f"Themes raised: {question[0].lower()}{question[1:]}",
        lambda ax: figures.bars(ax, labels, people, total=of),
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
        bands=evidence.bands,
    )


def _source(evidence: Evidence) -> str:
    return f"{evidence.survey.record.file}, coded in {coding_of(evidence).file}"


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
                bands=evidence.bands,
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
