"""What was the focus, and is it rooted in self-evaluation? Areas named by respondents and by the register."""

from typing import TYPE_CHECKING, Any

from ci_eval.report import sentences
from ci_eval.report.pieces import Column, Sentence, Table
from ci_eval.sections.wording import REGISTER, missing

if TYPE_CHECKING:
    import pandas as pd


def words(focus: "pd.DataFrame") -> list[Sentence]:
    """What respondents named, what the register records, and what bears on self-evaluation; of `Evidence.focus`."""
    survey = missing(focus, "focus-missing") if "missing" in focus.attrs else [named(focus)]
    return [*survey, registered(focus), rooted(focus)]


def table(focus: "pd.DataFrame") -> Table | None:
    """The themes of the codebook that respondents named."""
    if focus.empty:
        return None
    note = "A respondent may name several, so shares may add up to more than 100%."
    return Table(
        "focus-themes",
        "Areas of focus named by respondents",
        focus,
        (
            Column("theme", "Theme of the codebook"),
            Column("respondents", "Respondents", "count"),
            Column("share", "Share of those who named a focus", "percent"),
        ),
        note=note,
        source=focus.attrs["source"],
        bands=focus.attrs["bands"],
    )


def named(focus: "pd.DataFrame") -> Sentence:
    """The area named most often, or every one of several named equally often; none where too few named one."""
    about = focus.attrs
    answered, themes, unmatched = about["answered"], about["themes"], about["unmatched"]
    numbers: dict[str, object] = {name: about[name] for name in ("answered", "unanswered", "unmatched")}
    if not themes:
        text = (
            f"None of the {answered:,} answers to the focus question holds a theme of the codebook."
            if answered
            else "No respondent named an area of focus."
        )
        return Sentence("focus-named", text, numbers, level="warning")
    numbers |= {"themes": themes}
    if focus.empty:
        text = f"Fewer than {about['smallest_group']} people named an area of focus, so none is shown. "
    else:
        most = int(focus["respondents"].max())
        first = [theme.lower() for theme in focus.loc[focus["respondents"] == most, "theme"]]
        numbers |= {"most_named": most, "share": most / answered}
        one = len(first) == 1
        share = sentences.share_of(most, answered, bands=about["bands"])
        text = (
            f"The {'area' if one else 'areas'} of focus named most often {'was' if one else 'were'} "
            f"{sentences.listed(first)}, {'' if one else 'each '}by {share} of those who named one. "
        )
    if unmatched:
        answers = sentences.opening(sentences.count(unmatched, "answer"))
        text += f"{answers} {'holds' if unmatched == 1 else 'hold'} no theme of the codebook: a person has to look."
    else:
        text += "Every answer holds a theme of the codebook."
    return Sentence("focus-named", text, numbers, source=about["source"])


def registered(focus: "pd.DataFrame") -> Sentence:
    """What the register itself records of the focus of each host so far."""
    known, engagements = focus.attrs["register"], focus.attrs["engagements"]
    text = (
        f"The register names the focus of {len(known) or 'none'} of the {sentences.count(engagements, 'engagement')} of "
        f"these hosts{': ' if known else ''}{sentences.listed(known)}."
    )
    return Sentence(
        "focus-register", text, {"named": len(known), "engagements": engagements}, source=REGISTER
    )


def rooted(focus: "pd.DataFrame") -> Sentence:
    """What can and cannot be said about self-evaluation from these data."""
    about: dict[str, Any] = focus.attrs["rooted"]
    if not about:
        return Sentence(
            "focus-rooted", "Without a survey nobody can say whether the focus came from self-evaluation."
        )
    agreeing, answered = about["agreeing"], about["answered"]
    text = "No statement or question of the survey names self-evaluation: whether the focus came from it is not known."
    if about["question"]:
        text = f"The survey asks about self-evaluation: “{about['question']}”."
    elif about["nearest"] and answered:
        text += f" What comes nearest is “{about['nearest']}”."
    numbers: dict[str, object] = {}
    if answered:
        numbers = {"agreed": agreeing / answered, "agreeing": agreeing, "answered": answered}
        share = sentences.share_of(agreeing, answered, bands=focus.attrs["bands"])
        text += f" {share} of those who answered agreed or strongly agreed."
    return Sentence("focus-rooted", text, numbers, source=focus.attrs["source"])
