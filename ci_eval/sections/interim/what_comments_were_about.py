"""What were the comments about? Themes as people coded them, the word of their share where it is sure, and the coders.

Rule: docs/methods.md B3.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from ci_eval.agreement.word_probability import SURE
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.wording import missing

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
NOT_MEASURED = "not defined where every code is the same, not measured where one person coded"
ONE_VALUE = "not defined where every code is the same"


def words(themes: pd.DataFrame) -> list[Sentence]:
    """One sentence a theme, one of those that few people raised, and one a question that too few answered.

    `themes` as `Evidence.themes` gives it.
    """
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
    for column, who in themes.attrs["who"].items():
        if not themes.empty:
            made += _of_question(themes[themes["column"] == column], who)
        made += _rare(column, who, themes.attrs)
    return made or [Sentence("comment-themes-none", _nobody(themes) or "No theme is chosen.")]


def chart(themes: pd.DataFrame) -> list[Figure]:
    """The themes of each question for comments as bars."""
    if themes.empty:
        return []
    return [_chart(rows, str(question)) for question, rows in themes.groupby("column", sort=False)]


def _chart(rows: pd.DataFrame, question: str) -> Figure:
    asked, of = str(rows["question"].iloc[0]), int(rows["of"].iloc[0])
    labels, people = rows["theme"].tolist(), rows["people"].to_numpy(dtype=float)
    first = rows.loc[rows["people"] == rows["people"].max(), "theme"].tolist()
    share = formats.percent(rows["share"].max(), bands=rows.attrs["bands"])
    most = f"{first[0]} was raised most often ({share})"
    if len(first) > 1:
        most = (
            f"{sentences.opening(sentences.count(len(first), 'theme'))} were raised most often ({share} each)"
        )
    alt = (
        f"Bars of {sentences.count(len(rows), 'theme')} raised by {of:,} people: {most[0].lower()}{most[1:]}."
    )
    return Figure(
        f"themes-{question}",
        f"{most}: {asked[0].lower()}{asked[1:]}",
        lambda ax: figures.bars(ax, labels, people, total=of),
        alt=alt,
        frame=rows[["theme", "people", "share"]],
        size=figures.bars_size(labels),
        note=f"People who raised the theme and their share of the {of:,} who wrote something. A comment may have "
        "several themes.",
        source=rows.attrs["source"],
        columns=(
            Column("theme", "Theme"),
            Column("people", "People", "count"),
            Column("share", "Share", "percent"),
        ),
        bands=rows.attrs["bands"],
    )


def table(themes: pd.DataFrame) -> Table | None:
    """The themes that as many people raised as may be shown, with the period before and how far coders agreed."""
    if themes.empty:
        return None
    columns = [
        Column("theme", "Theme"),
        Column("question", "Question"),
        Column("people", "People", "count"),
        Column("of", "Who wrote something", "count"),
        Column("share", "Share", "percent"),
        Column("hedged_word", "Word, and the next where not sure"),
    ]
    if (themes["at_most"] > themes["share"]).any():
        columns.append(Column("at_most", "Share at most, once all is decided", "percent"))
    if before := themes.attrs["previous"]:
        small = f"fewer than {themes.attrs['smallest_group']} people raised it, or wrote something"
        columns.append(Column("share_before", f"Share in {before}", "percent", blank=small))
    columns.append(Column("ac1", "Coders’ agreement (AC1)", "number", blank=NOT_MEASURED))
    columns.append(Column("alpha", "Coders’ agreement (alpha)", "number", blank=NOT_MEASURED))
    rare = " ".join(
        f"Raised by fewer than {themes.attrs['smallest_group']} people under “{question}”: {_named(names)}."
        for question, names in _by_question(themes.attrs["rare"]).items()
    )
    note = (
        f"A comment may have several themes, so shares may add up to more than 100%. {rare} {_nobody(themes)}"
    )
    return Table(
        "comment-themes",
        "What the comments were about",
        themes,
        tuple(columns),
        note=" ".join(note.split()),
        source=themes.attrs["source"],
        bands=themes.attrs["bands"],
    )


def coders_words(coders: pd.DataFrame) -> list[Sentence]:
    """How the comments were coded and how far coders agreed over whole sets of themes; of `Evidence.coders`."""
    if "missing" in coders.attrs:
        return []  # `words` says it
    about = coders.attrs
    states = {state: number for state, number in about["states"].items() if state in STATES}
    parts = [f"{number:,} {STATES[state]}" for state, number in sorted(states.items(), key=_place)]
    people = sentences.count(about["coders"], "person", "people")
    people = people if about["coders"] else "people whose own codes the file does not hold,"
    text = (
        f"The {about['texts']:,} comments were coded by {people} against a codebook of "
        f"{sentences.count(about['codebook'], 'theme')}: {sentences.listed(parts)}."
    )
    numbers = {state.replace(" ", "_"): number for state, number in states.items()}
    numbers |= {"coders": about["coders"], "texts": about["texts"]}
    return [Sentence("comments-coded", text, numbers, source=about["file"]), _sets(about["sets"])]


def coders_table(coders: pd.DataFrame) -> Table | None:
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


def waiting(coders: pd.DataFrame) -> list[Sentence]:
    """How many comments a third person has to decide, or nobody has coded; of `Evidence.coders`."""
    states = coders.attrs.get("states", {})
    differ, not_coded = states.get("not agreed", 0), states.get("not coded", 0)
    if not differ and not not_coded:
        return []
    parts = []
    if differ:
        parts.append(f"{sentences.count(differ, 'answer')} on which coders differ")
    if not_coded:
        parts.append(f"{sentences.count(not_coded, 'answer')} that nobody has coded")
    text = (
        f"Not decided: {sentences.listed(parts)}. A theme counts for such a comment only where all who coded it gave it, so "
        "shares can still rise."
    )
    numbers = {"not_agreed": differ, "not_coded": not_coded}
    return [Sentence("comments-undecided", text, numbers, source=coders.attrs["file"], level="warning")]


def _of_question(rows: pd.DataFrame, did: str) -> list[Sentence]:
    source, previous, bands = rows.attrs["source"], rows.attrs["previous"], rows.attrs["bands"]
    made = []
    for row in rows.to_dict("records"):
        people, of, column = int(row["people"]), int(row["of"]), row["column"]
        numbers = {name: row[name] for name in ("people", "of", "share", "at_most", "sureness")}
        number, agreed = sentences.percent(people, of, bands=bands), ""
        if row["ac1"] == row["ac1"]:
            agreed, numbers["ac1"] = f"; coders’ agreement {row['ac1']:.2f}", row["ac1"]
        if people == of:
            who = f"All {of:,}"
        elif row["sureness"] < SURE:
            who = f"{people:,} of the {of:,}"
        else:
            who = OPENINGS.get(row["word"], f"{sentences.opening(row['word'])} of") + " those"
            number += f", {people:,} of {of:,}"
        text = f"{who} {did} ({number}{agreed}) {row['reported']}"
        if row["highest"] != row["word"]:
            text += f", and {round(row['at_most'] * of):,} if every comment not yet decided did so too"
        if row["share_before"] == row["share_before"]:
            before = formats.percent(row["share_before"], bands=bands)
            text += f"; in {previous}, {before if row['share_before'] else 'nobody'}"
            numbers["share_before"] = row["share_before"]
        elif previous:
            text += f"; in {previous}, fewer than {rows.attrs['smallest_group']} people"
        made.append(Sentence(f"theme-{column}-{row['key']}", f"{text}.", numbers, source=source, level="key"))
    return made


def _rare(column: str, did: str, about: Mapping[Hashable, Any]) -> list[Sentence]:
    """One sentence of the themes that fewer people raised than may be shown: no number, and no word."""
    rare = [one for one in about["rare"] if one["column"] == column]
    if not rare:
        return []
    smallest, of = about["smallest_group"], rare[0]["of"]
    more = f", and perhaps {smallest} or more once every comment is decided"
    raised = [f"{one['reported']}{more if one['open'] else ''}" for one in rare]
    who = f"Fewer than {smallest} of the {of:,} {did}"
    listed = "\n".join(f"- {one}" for one in raised)
    text = f"{who} {raised[0]}." if len(raised) == 1 else f"{who}, for each of these:\n\n{listed}"
    return [Sentence(f"theme-{column}-rare", text, {"of": of, "smallest_group": smallest})]


def _by_question(themes: list[dict[str, object]]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for one in themes:
        names.setdefault(str(one["question"]), []).append(str(one["theme"]))
    return names


def _sets(measured: list[dict[str, object]]) -> Sentence:
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
        "How far the coders agreed before they settled anything, over all themes of a comment together: "
        f"{sentences.listed(parts)}. On this scale (alpha with MASI distance) 1 is full agreement and 0 what chance gives."
    )
    return Sentence("coders-sets", text, numbers, source=CODES)


def _place(state: tuple[str, int]) -> int:
    return list(STATES).index(state[0])


def _nobody(themes: pd.DataFrame) -> str:
    """The themes that nobody raised, by question."""
    return " ".join(
        f"Counted for nobody under “{question}”: {_named(names)}."
        for question, names in themes.attrs["nobody"].items()
    )


def _named(themes: Iterable[str]) -> str:
    """The names of themes in a row; they hold commas and the word “and”, so semicolons part them."""
    return "; ".join(themes)
