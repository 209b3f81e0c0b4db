"""The words for proportions and the numbers in a draft's sentences, and which words of the sentence go with each.

Words come from the scale in use (docs/methods.md A2); other words that people write for a proportion are known as being
none of the scale. Years, dates, and the numbers of tables, questions and stages are no quantities.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["word", "off scale", "percent", "points", "pair", "count"]
NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMBER = rf"(?:\d[\d,]*|{'|'.join(NUMBERS[2:])})"
_PEOPLE = (
    r"(?:of\s+(?:the|those|these|them|all|us|our|respondents|people|hosts|authorities)|respondents|people|participants|"
    r"colleagues|staff|officers|hosts|host\s|authorities|local\s+authorities|those|who|headteachers|teachers|members|"
    r"agreed|agree|felt|find|found|thought|believed?|said|reported|considered|enjoyed|gained|commented|answered|that\b|did\b|would\b)"
)
_START = r"(?:^|[,;:(“\"–—]\s*|\b(?:and|but|while|whereas|that|although|though|for|by|with)\s+)"
# Words of the scale that mean other things too are read as proportions where people follow or a clause begins.
_FORMS = {
    "none": rf"\bnone\s+(?={_PEOPLE})|\b(?:no\s+(?=respondents|participants|colleagues)|nobody\b|no\s+one\b)",
    "few": rf"(?<!\ba\s)(?<!\bvery\s)(?<!\blast\s)(?<!\bnext\s)(?<!\bpast\s)\bfew\s+(?={_PEOPLE})",
    "less than half": r"\b(?:less|fewer)\s+than\s+half\b",
    "majority": r"\b(?:the\s+|a\s+)?majority\b",
    "most": rf"(?<!\bthe\s)(?<!\bat\s)\bmost\s+(?={_PEOPLE})",
    "almost all": r"\balmost\s+all\b",
    "all": rf"(?<!\bat\s)(?<!\bof\s)(?<!\bfor\s)\ball\s+(?={_PEOPLE})",
}
_OFF_SCALE = re.compile(
    r"\b(?:(?:around|about|approximately|roughly|nearly|almost|over|more\s+than|just\s+over|just\s+under)\s+(?:a\s+)?"
    r"(?:half|third|quarter)|half\s+of|(?:two|three)[\s-]+(?:thirds|quarters)|nearly\s+all|virtually\s+all|"
    r"(?:a\s+|the\s+)?(?:(?:vast|large|great|overwhelming|clear|small|slim)\s+(?:majority|minority)|minority)|"
    rf"very\s+few|a\s+few|a\s+small\s+number|a\s+number\s+of|(?:some|many|several)\s+(?={_PEOPLE}))\b",
    re.IGNORECASE,
)
_NO_QUANTITY = re.compile(
    r"\b(?:19|20)\d\d\s?[-–/]\s?\d{2,4}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)(?:\s+\d{4})?|\b(?:19|20)\d\d\b|\b(?:table|figure|finding|question|statement|"
    r"section|annex|page|chapter|appendix|draft|version|point)s?\s+\d[\d.]*|\b[A-Za-z]\d{1,3}\b|\d+(?:st|nd|rd|th)\b|"
    r"\b\d+(?:\.\d+){2,}\b|https?://\S+|\S+@\S+",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d+)?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
_POINTS = re.compile(r"(?<![\d.,])[-+−]?(\d{1,3}(?:\.\d+)?)\s+(?:percentage\s+)?points?\b", re.IGNORECASE)
_PAIR = re.compile(rf"\b({_NUMBER})\s+(?:out\s+)?of\s+(?:the\s+|our\s+)?({_NUMBER})\b", re.IGNORECASE)
_COUNT = re.compile(
    rf"\b({_NUMBER})\s+(?:\w+\s+){{0,2}}?(?:respondents|people|responses|colleagues|participants|authorities|hosts|"
    rf"engagements|comments|statements|reports)\b|(?<![\d.,])(\d[\d,]*(?:\.\d+)?)(?![\d.,]*\d)",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(]?[A-Z0-9])")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|cf|etc|approx|No|Dr|Mr|Ms|Mrs|St|vs)\.|\b[A-Z]\.)[\"”’)]?$")


@dataclass(frozen=True)
class Quantity:
    """A word or number of a sentence.

    Attributes
    ----------
    text : as written; kind, values : one number, two of a pair, none of a word
    word : the scale's word, "" for any other
    decimals : as written
    before, after : the words of the sentence since the quantity before, and up to the next
    """

    text: str
    kind: Kind
    values: tuple[float, ...]
    word: str
    decimals: int
    before: str
    after: str


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of a paragraph; abbreviations and decimals end none.

    Examples
    --------
    >>> sentences_of("Most agreed, e.g. Fife. In 2022 it was 9.5%.")
    ['Most agreed, e.g. Fife.', 'In 2022 it was 9.5%.']
    """
    made: list[str] = []
    for part in _END.split(paragraph):
        if made and _SHORT.search(made[-1]):
            made[-1] += f" {part}"
        else:
            made.append(part)
    return made


def quantities(sentence: str, words: Sequence[str]) -> list[Quantity]:
    """The quantities of a sentence in their order; `words` are those of the scale.

    Examples
    --------
    >>> [(one.text, one.kind) for one in quantities("Most respondents (84%, 95 of 113) enjoyed it.", ["most"])]
    [('Most', 'word'), ('84%', 'percent'), ('95 of 113', 'pair')]
    """
    marks = sorted(_marked(sentence, tuple(words)), key=lambda mark: mark[0])
    edges = [0, *(end for _, end, *_ in marks)]
    starts = [*(start for start, *_ in marks), len(sentence)]
    return [
        Quantity(
            sentence[start:end].strip(),
            kind,
            values,
            word,
            decimals,
            sentence[edges[place] : start],
            sentence[end : starts[place + 1]],
        )
        for place, (start, end, kind, values, word, decimals) in enumerate(marks)
    ]


Mark = tuple[int, int, Kind, tuple[float, ...], str, int]


def _marked(sentence: str, words: tuple[str, ...]) -> Iterator[Mark]:
    """Where each quantity stands; what one has taken, no later kind takes again."""
    free = list(sentence)

    def taken(match: re.Match[str]) -> bool:
        whole = "".join(free[match.start() : match.end()])
        free[match.start() : match.end()] = "\0" * (match.end() - match.start())
        return "\0" not in whole

    for match in _OFF_SCALE.finditer(sentence):
        if taken(match):
            yield match.start(), match.end(), "off scale", (), "", 0
    for word, form in _forms(words):
        for match in form.finditer("".join(free)):
            if taken(match):
                yield match.start(), match.end(), "word", (), word, 0
    for match in _NO_QUANTITY.finditer("".join(free)):
        taken(match)
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("percent", _PERCENT),
        ("points", _POINTS),
        ("pair", _PAIR),
        ("count", _COUNT),
    )
    for kind, form in kinds:
        for match in form.finditer("".join(free)):
            given = [text for text in match.groups() if text]
            place = match.start() if kind == "points" else match.start(match.groups().index(given[0]) + 1)
            end = match.end() if kind != "count" else place + len(given[0])
            if taken(match):
                decimals = len(given[0].partition(".")[2])
                yield place, end, kind, tuple(map(_value, given)), "", decimals


@lru_cache(maxsize=8)
def _forms(words: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    longest = sorted(words, key=len, reverse=True)
    return [
        (word, re.compile(_FORMS.get(word, rf"\b{re.escape(word)}\b"), re.IGNORECASE)) for word in longest
    ]


def _value(text: str) -> float:
    lower = text.casefold()
    return float(NUMBERS.index(lower)) if lower in NUMBERS else float(text.replace(",", ""))
