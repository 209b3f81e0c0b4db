"""The rows of ``ci-eval check``: one shape for every check, so that their results add up, and how they are listed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from ci_eval.inputs.problems import InputError, Problem
from ci_eval.inputs.text import printable
from ci_eval.programme.consistency import Finding, Result
from ci_eval.runs import work_lists

Loaded = TypeVar("Loaded")

RESULTS: dict[str, Result] = {"NOTE": "PASS", "WARN": "WARN", "ASK": "FAIL", "REJECT": "FAIL"}
"""Level of a problem → result of a check."""
OUTCOMES = "outcomes"  # the work list of files that belong to no period
_WIDTH = max(map(len, RESULTS.values()))


@dataclass
class Checks:
    """The rows so far, and what stands in the work list of each period."""

    rows: list[Finding] = field(default_factory=list)
    work: dict[str, list[str]] = field(default_factory=dict)
    period: str = OUTCOMES

    def listing(self, entries: Iterable[str]) -> None:
        """Note what stands in the work list of the period that is looked at."""
        self.work.setdefault(self.period, []).extend(entries)

    def add(self, check: str, result: Result, message: str, source: str = "", fix: str = "") -> None:
        text = f"{message}\nFix: {fix}" if fix else message
        self.rows.append(Finding(check, result, text, source))

    def problems(self, name: str, problems: Iterable[Problem]) -> None:
        given = list(problems)
        self.listing(work_lists.of_problems(given))
        for one in given:
            self.add(f"{name}: {one.check}", RESULTS[one.level], one.message, one.where, one.fix)

    def attempt(self, name: str, loader: Callable[[], Loaded]) -> Loaded | None:
        """What the loader gives; where it refuses its input, its problems become rows instead."""
        try:
            return loader()
        except InputError as error:
            self.problems(name, error.problems)
            return None


def failed(rows: Iterable[Finding]) -> bool:
    """Whether any check failed."""
    return any(row.result == "FAIL" for row in rows)


def listing(rows: list[Finding]) -> str:
    """The rows as text: result, check, message and source, then the totals."""
    width = max(len(row.check) for row in rows)
    lines = []
    for row in rows:
        first, *rest = printable(row.message).splitlines() or [""]
        source = f"  [{row.source}]" if row.source else ""
        lines.append(f"{row.result:<{_WIDTH}}  {row.check:<{width}}  {first}{source}")
        lines.extend(" " * (_WIDTH + width + 4) + line for line in rest)
    counts = {result: sum(row.result == result for row in rows) for result in ("PASS", "WARN", "FAIL")}
    lines.append(", ".join(f"{number} {result}" for result, number in counts.items()))
    return "\n".join(lines)
