"""Every number that a sentence of the interim report states is among its numbers, and so in results.json."""

import re

import pytest
from interim_pieces import pieces_of

from ci_eval.report import Sentence
from ci_eval.report.formats import MINUS

# What is no result: days and periods, versions, file and method names, the level of intervals, the probability from
# which a word is sure, the ends of a coefficient's scale, which response a quotation belongs to.
NO_RESULT = re.compile(
    r"\d{4}-\d\d(?:-\d\d)?|\b20\d\d\b|\d+ (?:June|July|August|September)|\b\d+\.\d+\.\d+\b|\S+\.(?:xlsx|csv|md)"
    r"|“[^”]*”|\bA\d+\b|'[^']*'"
    r"|95%|\b80%|[Nn]ear [01]|1 is full agreement and 0|is 1 where|and 0 where|chance of 50%|95 of 100 such|leaves out 0"
    r"|response \d+|effect of 2\b|1 heading row|Fewer than 5|fewer than 5|^\d\. |[Ff]indings? [\d, and]+",
    re.MULTILINE,
)
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?%?(?: points?)?")


def stated(text: str) -> list[str]:
    both = re.sub(r"(\d) to (\d+ points)", r"\1 points to \2", NO_RESULT.sub(" ", text))
    return [found.strip(",") for found in NUMBER.findall(both)]


def held(said: str, numbers: list[float]) -> bool:
    """Whether one of the numbers, rounded as it is said, is what is said."""
    bare = said.replace(",", "").replace(MINUS, "-").split()[0].rstrip("%")
    places = len(bare.partition(".")[2])
    hundred = said.endswith("%") or "point" in said or said[0] in f"+{MINUS}"
    return any(
        abs(round(number * (100 if hundred else 1), places) - float(bare)) < 1e-9
        or (hundred and abs(abs(number) * 100 - abs(float(bare))) <= 0.5 * 10**-places + 1e-9)
        for number in numbers
    )


@pytest.mark.parametrize("period", ["first", "second"])
def test_every_number_of_a_sentence_is_recorded(period: str, request: pytest.FixtureRequest) -> None:
    pieces = pieces_of(request.getfixturevalue(period)).values()
    lost = [
        f"{piece.key}: {said}"
        for piece in pieces
        if isinstance(piece, Sentence)
        and piece.key not in ("self-check", "provenance", "claims-open", "appendix-questions")
        for said in stated(piece.text)
        if not held(said, [float(number) for number in piece.numbers.values() if number is not None])
    ]
    assert not lost
