"""What were the comments about? Themes as people coded them, the word of their share, and how far coders agree.

Rule: docs/methods.md B3.
"""

from typing import TYPE_CHECKING

from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

WHO = {"comment": "those who commented", "improve": "those who said how the process could be improved"}
OPENINGS = {"majority": "The majority of"}
STATES = {
    "alike": "coded alike by two or more",
    "settled": "settled by an agreed code",
    "one coder": "coded by one person only, so that nobody knows whether another would have seen the same",
    "not agreed": "waiting for a third person",
    "not coded": "not coded",
}
CODES = "the codes of each coder"
NO_INTERVAL = "all coded alike, so no interval can be had"
ONE_VALUE = "not defined where every code is the same"


def words(themes: "pd.DataFrame") -> list[Sentence]:
    """One sentence a theme, and one a question that too few answered; `themes` as `Evidence.themes` gives it."""
    if "missing" in themes.attrs:
        return missing(themes, "comment-themes")
    made = [
        Sentence(
            f"comment-themes-few-{place}",
            f"Fewer than {themes.attrs['smallest_group']} people wrote something under “{question}”, so its themes are not "
            "shown.",
        )
        for place, question in enumerate(themes.attrs["few"])
    ]
    if themes.empty:
        return made or [Sentence("comment-themes-none", _nobody(themes) or "No theme is chosen.")]
    return made + [one for column in WHO for one in _of_question(themes[themes["column"] == column])]


def chart(themes: "pd.DataFrame", question: str = "comment") -> Figure | None:
    """The themes of one question (comment or improve) as bars; None where there are none."""
    rows = themes if themes.empty else themes[themes["column"] == question]
    if rows.empty:
        return None
    asked, of = str(rows["question"].iloc[0]), int(rows["of"].iloc[0])
    labels, people = rows["theme"].tolist(), rows["people"].to_numpy(dtype=float)
    first = rows.sort_values("people", ascending=False, kind="stable").iloc[0]
    most = formats.percent(first["share"], bands=themes.attrs["bands"])
    alt = f"Bars of {sentences.count(len(rows), 'theme')} raised by {of:,} people; most often {first['theme']}, {most}."
    return Figure(
        f"themes-{question}",
        f"{first['theme']} was raised most often ({most}): {asked[0].lower()}{asked[1:]}",
        lambda ax: figures.bars(ax, labels, people, total=of),
        alt=alt,
        frame=rows[["theme", "people", "share"]],
        size=figures.bars_size(labels),
        note=f"People who raised the theme and their share of the {of:,} who wrote something. A comment may have "
        "several themes.",
        source=themes.attrs["source"],
    )


def table(themes: "pd.DataFrame") -> Table | None:
    """All themes that somebody raised."""
    if themes.empty:
        return None
    columns = [
        Column("theme", "Theme"),
        Column("question", "Question"),
        Column("people", "People", "count"),
        Column("of", "Who wrote something", "count"),
        Column("share", "Share", "percent"),
        Column("word", "Word"),
    ]
    if (themes["at_most"] > themes["share"]).any():
        columns.append(Column("at_most", "Share at most, once all is decided", "percent"))
    return Table(
        "comment-themes",
        "What the comments were about",
        themes,
        tuple(columns),
        note=f"A comment may have several themes, so shares may add up to more than 100%. {_nobody(themes)}".strip(),
        source=themes.attrs["source"],
        bands=themes.attrs["bands"],
    )


def coders_words(coders: "pd.DataFrame") -> list[Sentence]:
    """How the comments were coded and how far coders agreed over whole sets of themes; of `Evidence.coders`."""
    if "missing" in coders.attrs:
        return []  # `words` says it
    about = coders.attrs
    states = {state: number for state, number in about["states"].items() if state in STATES}
    parts = [f"{number:,} {STATES[state]}" for state, number in sorted(states.items(), key=_place)]
    people = sentences.count(about["coders"], "person", "people")
    people = people if about["coders"] else "people whose own codes the file does not hold,"
    text = (
        f"The {about['texts']:,} comments and ways to improve were coded by {people} against a codebook of "
        f"{sentences.count(about['codebook'], 'theme')}: {sentences.listed(parts)}."
    )
    numbers = {state.replace(" ", "_"): number for state, number in states.items()}
    numbers |= {"coders": about["coders"], "texts": about["texts"]}
    return [Sentence("comments-coded", text, numbers, source=about["file"]), _sets(about["sets"])]


def coders_table(coders: "pd.DataFrame") -> Table | None:
    """How far the coders agreed on each theme that somebody raised."""
    if coders.empty:
        return None
    return Table(
        "coders-themes",
        "How far the coders agreed on each theme",
        coders,
        (
            Column("theme", "Theme"),
            Column("question", "Question"),
            Column("comments", "Coded by two or more", "count"),
            Column("percent_agreement", "Percent agreement", "percent"),
            Column("alpha", "Krippendorff’s alpha", "number", blank=ONE_VALUE),
            Column("alpha_low", "Alpha from", "number", blank=NO_INTERVAL),
            Column("alpha_high", "Alpha to", "number", blank=NO_INTERVAL),
            Column("ac1", "Gwet’s AC1", "number", blank=ONE_VALUE),
            Column("brennan_prediger", "Brennan–Prediger", "number", blank=ONE_VALUE),
        ),
        note=(
            "Before anything was settled. Where a theme is rare, alpha is low though nearly all codes agree: read it beside "
            "AC1 and Brennan–Prediger."
        ),
        source=CODES,
        bands=coders.attrs["bands"],
    )


def waiting(undecided: "pd.DataFrame") -> list[Sentence | Table]:
    """The comments a third person has to decide, by id and question; of `Evidence.undecided`."""
    not_coded = undecided.attrs.get("not_coded", 0)
    if "missing" in undecided.attrs or (undecided.empty and not not_coded):
        return []
    parts = []
    if len(undecided):
        parts.append(f"{sentences.count(len(undecided), 'answer')} on which coders differ")
    if not_coded:
        parts.append(f"{sentences.count(not_coded, 'answer')} that nobody has coded")
    text = (
        f"Not decided: {sentences.listed(parts)}. A theme counts for such a comment only where all who coded it gave it, so "
        "shares can still rise."
    )
    numbers = {"not_agreed": len(undecided), "not_coded": not_coded}
    source = undecided.attrs["file"]
    pieces: list[Sentence | Table] = [
        Sentence("comments-undecided", text, numbers, source=source, level="warning")
    ]
    if len(undecided):
        pieces.append(
            Table(
                "comments-not-agreed",
                "Comments that wait for a third person",
                undecided,
                (Column("id", "Response"), Column("question", "Question")),
                note="Add a row with the coder “agreed” for each to the file of codes.",
                source=source,
            )
        )
    return pieces


def _of_question(rows: "pd.DataFrame") -> list[Sentence]:
    if rows.empty:
        return []
    column, of, source = str(rows["column"].iloc[0]), int(rows["of"].iloc[0]), rows.attrs["source"]
    made = []
    for row in rows.to_dict("records"):
        people, one = int(row["people"]), row["word"]
        opening = OPENINGS.get(one, f"{sentences.opening(one)} of")
        share = sentences.percent(people, of, bands=rows.attrs["bands"])
        unsure = row["highest"] != one
        more = f", and {row['highest']} if every comment not yet decided did so too" if unsure else ""
        text = f"{opening} {WHO[column]} ({share}, {people:,} of {of:,}) {row['reported']}{more}."
        numbers = {"people": people, "of": of, "share": row["share"], "at_most": row["at_most"]}
        if people >= rows.attrs["smallest_group"]:
            made.append(Sentence(f"theme-{column}-{row['key']}", text, numbers, source=source, level="key"))
        else:  # what a handful of people raised is said, and is no key message
            made.append(Sentence(f"theme-{column}-{row['key']}", text, numbers))
    return made


def _sets(measured: "list[dict[str, object]]") -> Sentence:
    """Agreement over whole sets of themes, by question."""
    if not measured:
        text = "No comment was coded by two people on their own, so how far coders agree cannot be measured."
        return Sentence("coders-sets", text, level="warning")
    parts: list[str] = []
    numbers: dict[str, object] = {}
    for one in measured:
        alpha = (
            f"{one['alpha']:.2f} ({one['low']:.2f} to {one['high']:.2f})" if one["defined"] else "not defined"
        )
        parts.append(f"{alpha} for {one['comments']:,} answers under “{one['question']}”")
        numbers |= {f"{one['column']}_{name}": one[name] for name in ("alpha", "low", "high", "comments")}
    text = (
        "How far the coders agreed before they settled anything, over all themes of a comment together, on a scale on which "
        f"1 is full agreement and 0 what chance gives (alpha with MASI distance): {sentences.listed(parts)}."
    )
    return Sentence("coders-sets", text, numbers, source=CODES)


def _place(state: tuple[str, int]) -> int:
    return list(STATES).index(state[0])


def _nobody(themes: "pd.DataFrame") -> str:
    """The themes that nobody raised, by question."""
    return " ".join(
        f"Counted for nobody under “{question}”: {_named(names)}."
        for question, names in themes.attrs["nobody"].items()
    )


def _named(themes: "Iterable[str]") -> str:
    """The names of themes in a row; they hold commas and the word “and”, so semicolons part them."""
    return "; ".join(themes)
