"""Which council and school year a row is of; what is not certain is noted, never guessed."""

import re

from ci_eval.inputs.problems import Findings, Problem
from ci_eval.programme import Councils, load_councils

SCOTLAND = "S92000003"
SCOTLAND_NAME = "Scotland"
NATIONAL = frozenset({"scotland", SCOTLAND.casefold()})
_SPAN = re.compile(r"\s*([0-9]{4})\s*[-/–]\s*([0-9]{2}|[0-9]{4})\s*", re.ASCII)
LONGEST = 20  # characters of a span of years
EARLIEST, LATEST = 1950, 2100  # years a school year can end in; beyond them a cell holds something else


class Places:
    """Looks every spelling up once.

    Attributes
    ----------
    councils : the programme's councils
    findings : where names that are no council's are noted, each spelling once with its number of rows
    """

    def __init__(self, findings: Findings, councils: Councils | None = None) -> None:
        self.councils = load_councils() if councils is None else councils
        self.findings = findings
        self._known: dict[str, str | Problem] = {}

    def code(self, text: str, where: str) -> str:
        """The GSS code that a name stands for, `SCOTLAND` for the country, "" where it is not certain."""
        code = self.look_up(text)
        if isinstance(code, str):
            return code
        fix = f"{code.fix[:1].upper()}{code.fix[1:]}."
        self.findings.add(code.check, code.level, code.message, where, fix)
        return ""

    def look_up(self, text: str) -> str | Problem:
        """As `code`, giving the problem instead of noting it."""
        if text not in self._known:
            national = text.strip().casefold() in NATIONAL
            self._known[text] = SCOTLAND if national else self.councils.look_up(text)
        return self._known[text]

    def name(self, code: str) -> str:
        """The name for display of a code that `code` gave."""
        return SCOTLAND_NAME if code == SCOTLAND else self.councils.short_name(code)

    def lacking(self, codes: set[str]) -> list[str]:
        """Names of the councils that are not among some codes."""
        return [self.councils.short_name(code) for code in self.councils.by_code if code not in codes]


def school_year(text: object) -> str:
    """A school year in the form ``2021-22``; "" for anything else, such as 2010-14 or 2021."""
    years = _SPAN.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST else None
    if years is None or not _follows(int(years[1]), years[2]):
        return ""
    ends = int(years[1]) + 1
    return f"{ends - 1}-{ends % 100:02d}" if EARLIEST <= ends <= LATEST else ""


def span_of_years(text: str) -> bool:
    """Whether a text is a span of more than one year, such as 2010-14."""
    years = _SPAN.fullmatch(text) if len(text) <= LONGEST else None
    return years is not None and not _follows(int(years[1]), years[2])


def _follows(first: int, last: str) -> bool:
    return (first + 1) % (100 if len(last) == 2 else 10_000) == int(last)
