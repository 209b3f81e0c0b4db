"""What a draft is held against: the shares that a run's results hold, and which statement a text speaks of.

A statement is meant where a text names its code or number, or holds more of its words than of any other's; words that
fewer statements share count for more.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ci_eval.agreement import Band
from ci_eval.inputs.text import normalised
from ci_eval.programme import Questionnaire

# The share of a statement's weight that a text must hold, how far above the next one, and from where on it need not say
# that it is somebody's view.
LEAST, APART, SURE = 0.45, 0.12, 0.75
# Words that say nothing of which statement is meant.
_EMPTY_WORDS = (
    "the and for was were with that this they their from have has had will would who which what people respondent "
    "colleague agree agreed strongly felt feel found find thought said ci be been being are is of to in on a an it its "
    "as at by or not i my our we those all most few answer"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_UNSURE = re.compile(r"\b(?:unsure|not sure|did not know|didn.t know|do not know|uncertain)\b", re.IGNORECASE)
_REPORT = re.compile(r"\breports?\b", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:agree\w*|felt|feel\w*|f[io]u?nds?|thinks?|thought|believe\w*|sa(?:y|ys|id)|consider\w*|view\w*|enjoy\w*|rated?|saw|"
    r"gain\w*|report(?:ed)?\s+that|positive|take|taken|benefit\w*)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b([a-z]{1,3}\d{1,3})\b")
_NUMBERED = re.compile(r"\bstatement\s+(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Shares:
    """What the results hold of one statement, or of one answer, in one period; NaN and "" where they hold nothing."""

    agreeing: float = math.nan
    answered: float = math.nan
    share: float = math.nan
    word: str = ""
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Known:
    """What a draft is held against: shares by code now and in the period before, differences, numbers, names."""

    period: str
    previous: str
    bands: tuple[Band, ...]
    now: Mapping[str, Shares]
    before: Mapping[str, Shares]
    difference: Mapping[str, float]
    numbers: Mapping[str, Mapping[str, Any]]
    groups: tuple[str, ...]
    texts: Mapping[str, tuple[frozenset[str], ...]]
    weights: Mapping[str, float]
    names: Mapping[str, str]


UNSURE = "Unsure"


def known_of(
    pieces: Mapping[str, Any],
    asked: Questionnaire,
    period: str,
    previous: str,
    bands: tuple[Band, ...],
) -> Known:
    """What the pieces of a run's results hold, by code of the statement."""
    codes = {one.text: one.code for one in asked.statements}
    now: dict[str, Shares] = {}
    for row in _rows(pieces, "ladder-of-words"):
        now[row["code"]] = _shares_of(row, _given(row, "agreeing"), _given(row, "answered"))
    answers = _rows(pieces, "report-published-table")
    whole = sum(_given(row, "responses") for row in answers)
    for row in answers:
        if row["answer"] == UNSURE:
            now[UNSURE] = _shares_of(row, _given(row, "responses"), whole)
    words_before = {
        codes.get(row["statement"]): row["word_first"] for row in _rows(pieces, "change-words-table")
    }
    before, difference = {}, {}
    for row in _rows(pieces, "change-table"):
        code = codes.get(row["statement"], "")
        share, answered = _given(row, "share_first"), _given(row, "answered_first")
        agreeing = round(share * answered) if share == share and answered == answered else math.nan
        before[code] = Shares(agreeing, answered, share, words_before.get(code) or "")
        difference[code] = _given(row, "difference")
    texts = {
        one.code: tuple(words_of(text) for text in (one.text, one.reported, one.topic) if text)
        for one in asked.statements
    }
    # a subject of one word stands in too many sentences to say which statement is meant
    texts = {code: tuple(words for words in own if len(words) > 1) for code, own in texts.items()}
    every = [frozenset().union(*own) for own in texts.values()]
    weights = {
        word: math.log((len(every) + 1) / sum(word in words for words in every))
        for word in frozenset().union(*every)
    }
    numbers = {key: piece["numbers"] for key, piece in pieces.items() if piece["piece"] == "sentence"}
    names = {one.code: one.topic for one in asked.statements} | {UNSURE: "unsure of a report"}
    tables = [_rows(pieces, f"respondents-by-{name}") for name in asked.groupings]
    groups = tuple(normalised(str(row["answer"])) for rows in tables for row in rows)
    return Known(period, previous, bands, now, before, difference, numbers, groups, texts, weights, names)


def _shares_of(row: Mapping[str, Any], agreeing: float, answered: float) -> Shares:
    share, low, high = (_given(row, name) for name in ("share", "low", "high"))
    return Shares(agreeing, answered, share, row["word"] or "", low, high)


def _rows(pieces: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    return list(pieces.get(key, {}).get("rows", []))


def _given(row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    return math.nan if value is None else float(value)


def words_of(text: str) -> frozenset[str]:
    """The words of a text that tell it from others, without their endings."""
    words = ((word, _stem(word)) for word in normalised(text).split() if len(word) > 1)
    return frozenset(stem for word, stem in words if word not in _EMPTY and stem not in _EMPTY)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def statement_of(text: str, sentence: str, known: Known) -> tuple[str, str]:
    """The code of the statement that a part of a sentence speaks of, or "" and, where several may be meant, why."""
    named = [code for code in _CODE.findall(text.casefold()) if code in known.texts]
    codes = list(known.texts)
    named += [codes[int(n) - 1] for n in _NUMBERED.findall(text) if 0 < int(n) <= len(codes)]
    even = f" {normalised(text)} "
    named += [code for code, name in known.names.items() if f" agreement on {normalised(name)} " in even]
    if len(set(named)) == 1:
        return named[0], ""
    if named:
        return "", "Several statements are named."
    if _UNSURE.search(text) and _REPORT.search(text):
        return UNSURE, ""
    given = words_of(text)
    scores = sorted(
        ((_score(own, given, known.weights), code) for code, own in known.texts.items()), reverse=True
    )
    (best, code), (next_best, other) = [*scores, (0.0, ""), (0.0, "")][:2]
    if best < LEAST:
        return "", ""
    if best < SURE and not _OPINION.search(sentence):
        return "", ""
    if best - next_best < APART:
        return "", f"It may speak of {known.names[code]} or of {known.names[other]}."
    return code, ""


def _score(own: Sequence[frozenset[str]], given: frozenset[str], weights: Mapping[str, float]) -> float:
    """The largest share of the weight of a statement's words that a text holds, over the statement's wordings."""
    return max(
        (
            sum(weights[word] for word in words & given) / sum(weights[word] for word in words)
            for words in own
            if words
        ),
        default=0.0,
    )
