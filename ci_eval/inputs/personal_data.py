"""Patterns of personal data, and values shown in messages without it.

A screen finds patterns, not people: what it finds is never printed, and what it does not find may still name
somebody, so that free text is never printed either.
"""

import re

from ci_eval.inputs.text import one_line

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail address", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    # UK numbers: 0 or +44, then nine or ten digits with any grouping.
    ("telephone number", re.compile(r"(?<![\d.])(?:\+44|0044|0)(?:[\s().-]{0,3}\d){9,10}(?!\d)")),
    (
        "postcode",
        re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}|GIR\s?0AA)\b", re.IGNORECASE),
    ),
)
LONGEST_VALUE = 60  # characters: no answer of a closed question is longer, a stray comment usually is
_FIGURE = re.compile(r"\d")


def kinds(text: str) -> str:
    """The kinds of personal data a text seems to hold, "" where none."""
    # The pattern of an address is slow where there is no @, and there may be a million comments.
    if "@" not in text and not _FIGURE.search(text):
        return ""
    return ", ".join(
        kind for kind, pattern in KINDS if (kind != "e-mail address" or "@" in text) and pattern.search(text)
    )


def is_address(text: str) -> bool:
    """Whether the text holds an e-mail address."""
    return "@" in text and bool(KINDS[0][1].search(text))


def value(text: str, longest: int = LONGEST_VALUE) -> str:
    """A cell's value for a message; what looks like personal data or like somebody's own words is described."""
    personal = kinds(text[: 4 * LONGEST_VALUE])
    if personal:
        return f"(a text with {personal}, not shown)"
    if len(text.strip()) > LONGEST_VALUE:
        return f"(a text of {len(text):,} characters, not shown)"
    return one_line(text, longest)


def name(text: str) -> str:
    """The name of a file or sheet for a message, without e-mail addresses and telephone numbers."""
    for kind, pattern in KINDS[:2]:
        text = pattern.sub(f"({kind})", text)
    return one_line(text)
