"""Key messages: what they said, a sentence for each word that is sure."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ci_eval import agreement
from ci_eval.agreement.word_probability import SURE
from ci_eval.evidence.statement_frames import NOT_ASKED, TOO_FEW
from ci_eval.report import formats, sentences
from ci_eval.report.markup import ITEM
from ci_eval.report.pieces import Sentence
from ci_eval.sections.wording import scale_of

NAMED = 3  # more statements than this are a list, or left to the table
UNSURE = "numbers"
UNANSWERED = "statements-without-an-answer"
PEOPLE = ("agreeing", "answered")


def by_word(statements: pd.DataFrame) -> list[Sentence]:
    """One sentence a word that is sure, in the order of the statements; then the statements without such a word."""
    answered = statements[statements["answered"] > 0]
    scale = scale_of(statements)
    did = f"{scale.said} {scale.link}"
    headings = [_heading(row, did, statements.attrs["asked"]) for row in answered.to_dict("records")]
    messages = []
    for key, heading in sorted(dict.fromkeys(headings), key=lambda one: one[0] == UNSURE):
        rows = answered[[one == (key, heading) for one in headings]]
        parts = [_part(row, key, statements.attrs["bands"]) for row in rows.to_dict("records")]
        # a sentence of fifteen statements is hard to read, and harder to listen to
        that = (
            f" {sentences.listed(parts)}."
            if len(parts) <= NAMED
            else ":\n\n" + "\n".join(f"{ITEM}{part}" for part in parts)
        )
        numbers = {str(code): float(share) for code, share in rows["share"].items()}
        if key == UNSURE:
            numbers |= {
                f"{code}_{name}": float(row[name]) for code, row in rows.iterrows() for name in PEOPLE
            }
        messages.append(Sentence(f"message-{key}", f"{heading}{that}", numbers, level="key"))
    return [*messages, *strongest(answered), *unanswered(statements)]


def _heading(row: Mapping[Any, Any], did: str, asked: int | None) -> tuple[str, str]:
    """Key and opening of the message in which a statement stands."""
    agreeing, answered = row["agreeing"], row["answered"]
    if agreeing in (0, answered):
        opening, who = "All" if agreeing else "None", "asked" if answered == asked else "answered"
        return f"{opening.lower()}-{who}", f"{opening} who {'were ' if who == 'asked' else ''}{who} {did}"
    if row["sureness"] < SURE:
        return UNSURE, f"No word is sure enough for how many {did}"
    return row["word"].replace(" ", "-"), f"{sentences.opening(sentences.people(row['word']))} {did}"


def _part(row: Mapping[Any, Any], key: str, bands: Sequence[agreement.Band]) -> str:
    """A statement with its share, and first its number of people where no word stands before it."""
    share = sentences.percent(row["agreeing"], row["answered"], bands=bands)
    people = f"{row['agreeing']:,} of {row['answered']:,}"
    return f"{row['reported']} ({f'{people}, {share}' if key == UNSURE else share})"


def strongest(answered: pd.DataFrame) -> list[Sentence]:
    """From which to which share gave the first answer, where the words of all statements are the two highest."""
    if answered.empty or not set(answered["word"]) <= set(
        agreement.words(bands=answered.attrs["bands"])[-2:]
    ):
        return []
    rows, label = (
        answered.sort_values("strongly", kind="stable").to_dict("records"),
        scale_of(answered).answers[0],
    )
    least, most = rows[0], rows[-1]
    low, high = (formats.percent(row["strongly"], bands=()) for row in (least, most))
    present = sentences.listed(dict.fromkeys(answered["word"]), "or")
    text = (
        f"The word for every statement is {present}; how many said “{label}” differs. “{label}” was the answer of "
        f"{low} on “{least['statement']}” and of {high} on “{most['statement']}”."
    )
    if least["strongly"] == most["strongly"]:
        text = f"“{label}” was the answer of {low} on each statement."
    numbers = {"least": least["strongly"], "most": most["strongly"]}
    return [Sentence("agreed-strongly", text, numbers, level="key")]


def unanswered(statements: pd.DataFrame) -> list[Sentence]:
    """The statements without a share, and why."""
    period, smallest = statements.attrs["period"], statements.attrs["smallest_group"]
    named = {
        reason: list(statements.loc[statements["without"] == reason, "statement"])
        for reason in (NOT_ASKED, TOO_FEW)
    }
    listed = {reason: sentences.listed(f"“{one}”" for one in texts) for reason, texts in named.items()}
    every = {reason: len(texts) == len(statements) for reason, texts in named.items()}
    parts = []
    if named[NOT_ASKED]:
        parts.append(f"Not asked in {period}: {'all statements' if every[NOT_ASKED] else listed[NOT_ASKED]}.")
    if named[TOO_FEW]:
        which = "any statement" if every[TOO_FEW] else listed[TOO_FEW]
        parts.append(
            f"Nobody, or fewer than {smallest} people, gave an answer on the scale to {which}: no share, no word."
        )
    if not parts:
        return []
    number = int((statements["answered"] == 0).sum())
    return [
        Sentence(
            UNANSWERED, " ".join(parts), {"statements": number, "smallest_group": smallest}, level="warning"
        )
    ]
