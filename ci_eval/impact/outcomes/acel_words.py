"""The words of the Achievement of Curriculum for Excellence Levels tables, evened out across tables and years.

Table 10 says "S3 - third level" where Table 11 says "S3 (Level 3 or better)", and Table 11 puts "English" before
every organiser but Numeracy. One name stands here for each; a word that is not listed is not guessed at.
"""

import re

from .headings import key

COMBINED = "P1, P4 and P7 combined"
TOTAL, UNKNOWN = "total", "unknown"  # rows of Table 11 that are no quintile

STAGES = {
    "p1": "P1",
    "p1 (early level)": "P1",
    "p4": "P4",
    "p4 (first level)": "P4",
    "p7": "P7",
    "p7 (second level)": "P7",
    "p1, p4 and p7 combined": COMBINED,
    "s3 - third level": "S3, third level or better",
    "s3 - third level or better": "S3, third level or better",
    "s3 (level 3 or better)": "S3, third level or better",
    "s3 - fourth level": "S3, fourth level",
    "s3 (level 4)": "S3, fourth level",
}
ORGANISERS = {
    "reading": "Reading",
    "writing": "Writing",
    "listening and talking": "Listening and talking",
    "literacy": "Literacy",
    "numeracy": "Numeracy",
}
_QUINTILE = re.compile(r"simd quintile ([1-5])(?: - (?:most|least) deprived)?")


def stage(text: object) -> str:
    """The name used here for a stage, "" where it is not known."""
    return STAGES.get(key(text), "")


def organiser(text: object) -> str:
    """The name used here for an organiser, "" where it is not known."""
    return ORGANISERS.get(key(text).removeprefix("english "), "")


def quintile(text: object) -> str:
    """``"1"`` (most deprived) to ``"5"``, `TOTAL`, `UNKNOWN`, or "" where it is not known."""
    words = key(text)
    if found := _QUINTILE.fullmatch(words):
        return found[1]
    return {"local authority total": TOTAL, "simd unknown": UNKNOWN}.get(words, "")


def measure(organiser_name: str, stage_name: str = COMBINED) -> str:
    """The measure's name in `Outcomes`: ``Literacy (P1, P4 and P7 combined)``."""
    return f"{organiser_name} ({stage_name})"
