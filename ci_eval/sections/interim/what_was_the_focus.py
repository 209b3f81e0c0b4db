"""What was the focus, and is it rooted in self-evaluation? Areas named by respondents and by the register."""

from collections import Counter
from typing import Any

import pandas as pd

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import REGISTER, missing


def words(focus: pd.DataFrame) -> list[Sentence]:
    """What respondents named, what the register records, and what bears on self-evaluation; of `Evidence.focus`."""
    if focus.attrs.get("absent"):
        return []
    survey = missing(focus, "focus-missing") if "missing" in focus.attrs else [named(focus)]
    return [*survey, registered(focus), rooted(focus)]


def table(focus: pd.DataFrame) -> Table | None:
    """The areas of the codebook that respondents named."""
    if focus.empty:
        return None
    note = "A respondent may name several, so shares may add up to more than 100%."
    if unmatched := focus.attrs["unmatched"]:
        note += f" Not yet matched with an area: {unmatched:,} of the {focus.attrs['answered']:,} answers."
    return Table(
        "focus-themes",
        "Areas of focus named by respondents",
        focus,
        (
            Column("theme", "Area of focus"),
            Column("respondents", "Respondents", "count"),
            Column("share", "Share of those who named a focus", "percent"),
        ),
        note=note,
        source=focus.attrs["source"],
        bands=focus.attrs["bands"],
    )


def named(focus: pd.DataFrame) -> Sentence:
    """The area named most often, how answers were matched, and how many were not; no ranking while those outnumber it."""
    about = focus.attrs
    answered, unmatched = about["answered"], about["unmatched"]
    numbers: dict[str, object] = {
        name: about[name]
        for name in ("answered", "unanswered", "unmatched", "by_wording", "by_people", "themes")
    }
    if not answered:
        text = "No respondent named an area of focus."
        return Sentence("focus-named", text, numbers, level="warning")
    if answered < about["smallest_group"]:
        text = f"Fewer than {about['smallest_group']} people named an area of focus, so none is shown."
        return Sentence("focus-named", text, {}, source=about["source"])
    of = f"of the {answered:,} who named an area of focus"
    if not about["themes"]:
        text = f"No answer {of} fits an area of the list."
        return Sentence("focus-named", text, numbers, source=about["source"], level="warning")
    most = int(focus["respondents"].max())
    ranked = unmatched <= most
    if ranked:
        first = [theme.lower() for theme in focus.loc[focus["respondents"] == most, "theme"]]
        numbers |= {"most_named": most, "share": most / answered}
        one = len(first) == 1
        share = sentences.share_of(most, answered, bands=about["bands"])
        parts = [
            f"The {'area' if one else 'areas'} of focus named most often {'was' if one else 'were'} "
            f"{sentences.listed(first)}, {'' if one else 'each '}by {share} of those who named one."
        ]
        others = [int(number) for number in focus["respondents"] if number < most]
        if unmatched and max(others, default=0) + unmatched >= most:
            parts.append("The answers not yet matched could change which comes first.")
    else:
        not_yet = sentences.share_of(unmatched, answered, bands=about["bands"])
        parts = [
            f"Which area of focus was named most often cannot be said yet: {not_yet} of those who named one "
            "gave an answer that is not yet matched with an area of the list."
        ]
    if ranked and unmatched:
        answers = sentences.opening(sentences.count(unmatched, "answer"))
        parts.append(
            f"{answers} {'is' if unmatched == 1 else 'are'} not yet matched with an area of the list."
        )
    for name, how in (
        ("by_wording", "matched by other wordings than the list’s own"),
        ("by_people", "coded by people"),
    ):
        if number := about[name]:
            answers = sentences.opening(sentences.count(number, "answer"))
            parts.append(f"{answers} {'was' if number == 1 else 'were'} {how}.")
    text, source = " ".join(parts), about["source"]
    return Sentence("focus-named", text, numbers, source=source, level="text" if ranked else "warning")


def registered(focus: pd.DataFrame) -> Sentence:
    """What the register itself records of the focus of each host so far."""
    known, engagements = focus.attrs["register"], focus.attrs["engagements"]
    often = [f"{name} ({number})" if number > 1 else name for name, number in Counter(known).most_common()]
    text = (
        f"The register names the focus of {len(known) or 'none'} of the {sentences.count(engagements, 'engagement')} of "
        f"these hosts{': ' if known else ''}{sentences.listed(often)}."
    )
    if engagements == 1:
        text = f"The register names {'the' if known else 'no'} focus of the one engagement of these hosts"
        text += f": {known[0]}." if known else "."
    if not engagements:
        text = "The register confirms no engagement by then, so it names no focus."
    return Sentence(
        "focus-register", text, {"named": len(known), "engagements": engagements}, source=REGISTER
    )


def rooted(focus: pd.DataFrame) -> Sentence:
    """What can and cannot be said about self-evaluation from these data."""
    about: dict[str, Any] = focus.attrs["rooted"]
    if not about:
        return Sentence(
            "focus-rooted", "Without a survey nobody can say whether the focus came from self-evaluation."
        )
    agreeing, answered = about["agreeing"], about["answered"]
    text = "No statement or question of the survey names self-evaluation, so it does not say whether the focus came from it."
    if about["question"]:
        text = f"The survey asks about self-evaluation: “{about['question']}”."
    elif about["nearest"] and answered:
        text += f" What comes nearest is “{about['nearest']}”."
    numbers: dict[str, object] = {}
    if answered:
        numbers = {"agreed": agreeing / answered, "agreeing": agreeing, "answered": answered}
        share = sentences.share_of(agreeing, answered, bands=focus.attrs["bands"])
        text += f" {share} of those who answered {about['said']}."
    return Sentence("focus-rooted", text, numbers, source=focus.attrs["source"])
