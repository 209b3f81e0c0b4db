"""Free-text answers matched with the codebook: by a person's code, else by the wording, else not at all.

Rule: docs/methods.md B4. A person's code always goes before the wording. An answer may name several areas of focus;
it names one job role and one organisation, so that what fits two of those is not matched.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ci_eval.inputs.text import normalised
from ci_eval.programme.codebook import MATCHED, codes_of
from ci_eval.survey.coding_file import DIFFERENT, UNCODED, Coding, says_something
from ci_eval.survey.record import Responses, text_column

PEOPLE, NAME, WORDING, UNMATCHED = "coded by people", "own name", "matched by wording", "not matched"
SEVERAL = frozenset({"focus"})  # questions whose answers may hold several codes
_PARTS = re.compile(r"[;/\n\r,]+")


@dataclass(frozen=True)
class Wordings:
    """What stands for a code: its name and variants for a whole answer or a part of one, words for anywhere in it."""

    key: str
    name: str
    whole: frozenset[str]
    anywhere: tuple[str, ...]


def wordings(codebook: pd.DataFrame, question: str) -> list[Wordings]:
    """The wordings of every code of a question."""
    return [
        Wordings(
            str(row["key"]),
            normalised(row["name"]),
            frozenset(normalised(text) for text in (row["name"], *row["variants"])),
            tuple(f" {normalised(text)} " for text in row["keywords"]),
        )
        for row in codes_of(codebook, question).to_dict("records")
    ]


def match(text: str, codes: Sequence[Wordings], several: bool) -> tuple[frozenset[str], str]:
    """The keys that an answer's wording stands for, and whether by a code's own name or by another wording.

    Examples
    --------
    >>> codes = [Wordings("numeracy", "numeracy and mathematics", frozenset({"numeracy and mathematics"}), (" maths ",))]
    >>> match("Maths, P4 to P7", codes, several=True)
    (frozenset({'numeracy'}), 'matched by wording')
    >>> match("Aftermaths", codes, several=True)
    (frozenset(), 'not matched')

    A name counts anywhere in an answer that may hold several codes, in whole words. Where it may hold one code only, a
    whole answer goes before a keyword, and two codes of the same rank are none.
    """
    evened = normalised(text)
    padded = f" {evened} "
    parts = {evened, *map(normalised, _PARTS.split(text))} if several else {evened}
    named = {code.key for code in codes if code.name in parts or (several and f" {code.name} " in padded)}
    whole = {code.key for code in codes if code.whole & parts}
    inside = {code.key for code in codes if any(word in padded for word in code.anywhere)}
    keys = named | whole | inside if several else whole or inside
    if not keys or (len(keys) > 1 and not several):
        return frozenset(), UNMATCHED
    return frozenset(keys), NAME if keys <= named else WORDING


def matches(
    responses: Responses, coding: Coding | None, codebook: pd.DataFrame, question: str
) -> pd.DataFrame:
    """A row an answer that says something, by the responses' index: id, text, codes (a frozenset of keys), how.

    how is "coded by people", "own name", "matched by wording" or "not matched". An answer on which coders differ is
    not matched. One that people read and found no code in is coded, with no code.
    """
    column = text_column(question)
    frame = responses.frame
    if question not in responses.coded:
        return pd.DataFrame({"id": [], "text": [], "codes": [], "how": []}, dtype="str")
    rows = frame.loc[says_something(frame[column]), ["id", column]].set_axis(["id", "text"], axis=1)
    codes = wordings(codebook, question)
    by_people = {} if coding is None else _by_people(coding, question)
    by_text = {text: match(text, codes, question in SEVERAL) for text in rows["text"].unique()}
    pairs = [
        by_people.get(identity) or by_text[text]
        for identity, text in zip(rows["id"], rows["text"], strict=True)
    ]
    return rows.assign(
        codes=pd.Series([keys for keys, _ in pairs], rows.index, dtype=object),
        how=pd.Series([how for _, how in pairs], rows.index, dtype=object),
    )


def _by_people(coding: Coding, question: str) -> dict[str, tuple[frozenset[str], str]]:
    """By id, what people's codes come to; of an answer on which they differ, nothing."""
    part = coding.of(question)
    settled: dict[str, tuple[frozenset[str], str]] = {}
    for (identity, _), state in zip(part.status.index.tolist(), part.status, strict=True):
        if not identity or state == UNCODED:
            continue
        held = part.decided.loc[(identity, question)]
        keys = frozenset(str(key) for key, given in held.items() if given is not pd.NA and given)
        settled[identity] = (frozenset(), UNMATCHED) if state == DIFFERENT else (keys, PEOPLE)
    return settled


def with_merged(
    responses: Responses, coding: Coding | None, codebook: pd.DataFrame
) -> tuple[Responses, dict[str, dict[str, int]]]:
    """The responses with spellings of job roles and of other organisations merged, and how many by what, by question.

    An answer gets the name of its code. One that is not matched keeps its words, in the spelling most people gave to
    them. "Other" becomes a listed organisation where its text stands for one.
    """
    frame = responses.frame
    counted: dict[str, dict[str, int]] = {}
    for question in ("role", "organisation"):
        if question not in responses.coded:
            continue
        column = text_column(question)
        rows = matches(responses, coding, codebook, question)
        names = codes_of(codebook, question).set_index("key")["name"]
        codes = [names[next(iter(keys))] if keys else None for keys in rows["codes"]]
        usual = _usual_spelling(rows["text"])
        merged = pd.Series(
            [code or usual[normalised(text)] for code, text in zip(codes, rows["text"], strict=True)],
            rows.index,
            dtype="str",
        )
        frame = frame.assign(
            **{column: frame[column].mask(frame.index.isin(rows.index), merged.reindex(frame.index))}
        )
        if question == "organisation":
            listed = merged[merged.isin(frame["organisation"].cat.categories)]
            organisation = frame["organisation"].copy()
            organisation.loc[listed.index] = listed.to_numpy(dtype=object)
            frame = frame.assign(organisation=organisation)
        counted[question] = {str(how): int(number) for how, number in rows["how"].value_counts().items()}
    return replace(responses, frame=frame), counted


def _usual_spelling(texts: "pd.Series[str]") -> dict[str, str]:
    """By evened text, the spelling that most answers have; the first of several."""
    usual: dict[str, str] = {}
    for text in texts.str.strip().value_counts(sort=True).index:
        usual.setdefault(normalised(text), text)
    return usual


def unmatched(responses: Responses, coding: Coding | None, codebook: pd.DataFrame) -> pd.DataFrame:
    """What the work list offers: a row a text that is not matched, the most frequent first of each question.

    Columns: question, text, answers (people who gave it, whatever the case and punctuation). For the team only.
    """
    blocks = []
    for question in MATCHED:
        rows = matches(responses, coding, codebook, question)
        texts = rows.loc[rows["how"] == UNMATCHED, "text"]
        usual = _usual_spelling(texts)
        given = texts.map(lambda text: usual[normalised(text)]).value_counts()  # noqa: B023
        blocks.append(pd.DataFrame({"question": question, "text": given.index, "answers": given.to_numpy()}))
    return pd.concat(blocks, ignore_index=True)
