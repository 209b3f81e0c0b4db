"""What is wrong with an input, where it stands, and how to mend it.

Every loader collects its problems before it stops, so that one reading shows all of them; a problem is one
cause, however many cells show it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["NOTE", "WARN", "ASK", "REJECT"]
STOPPING: frozenset[str] = frozenset({"ASK", "REJECT"})


@dataclass(frozen=True)
class Problem:
    """One cause of doubt about an input.

    Attributes
    ----------
    check : short stable name of the check, e.g. ``"numbers-without-key"``
    level : ``NOTE`` accepted and counted, ``WARN`` accepted and shown, ``ASK`` stops until a setting answers,
        ``REJECT`` stops
    message : what is wrong, with the value received, in words the evaluator knows
    where : file, row, column letter and heading of the first case
    count : how many cells, rows or files show the same cause
    mend : what to do about it
    """

    check: str
    level: Level
    message: str
    where: str = ""
    count: int = 1
    mend: str = ""

    @property
    def stops(self) -> bool:
        return self.level in STOPPING

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class InputError(ValueError):
    """An input that cannot be used; holds every problem found, printed as one page without a traceback."""

    def __init__(self, headline: str, problems: Iterable[Problem]) -> None:
        self.headline = headline
        self.problems = tuple(problems)
        super().__init__(page(headline, self.problems))


def page(headline: str, problems: Iterable[Problem]) -> str:
    """The problems as one numbered page: ``1 of 3``, message, where, mend."""
    listed = tuple(problems)
    lines = [headline]
    for number, problem in enumerate(listed, start=1):
        label = f"{number} of {len(listed)}"
        indent = " " * (len(label) + 2)
        lines.append(f"{label}  {problem.message}")
        if problem.where:
            cells = f"  {problem.count:,} in all." if problem.count > 1 else ""
            lines.append(
                f"{indent}First: {problem.where}.{cells}" if cells else f"{indent}Where: {problem.where}."
            )
        if problem.mend:
            lines.append(f"{indent}Mend: {problem.mend}")
    return "\n".join(lines)
