"""What is wrong with an input, where it stands, and how to fix it: one problem, and all those of a file.

Every loader collects its problems before it stops, so that one reading shows all of them; a problem is one
cause, however many cells show it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NoReturn

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
    fix : what to do about it
    """

    check: str
    level: Level
    message: str
    where: str = ""
    count: int = 1
    fix: str = ""

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
    """The problems as one numbered page: ``1 of 3``, message, where, fix."""
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
        if problem.fix:
            lines.append(f"{indent}Fix: {problem.fix}")
    return "\n".join(lines)


MOST_CAUSES = 20  # of one check; a file of another kind would otherwise give a page of them


def refuse(
    headline: str, check: str, message: str, *, where: str = "", count: int = 1, fix: str = ""
) -> NoReturn:
    """Stop with one problem under a headline such as ``CANNOT USE outcomes.csv``."""
    raise InputError(headline, [Problem(check, "REJECT", message, where=where, count=count, fix=fix)])


def headline(name: str) -> str:
    """The first line of every refusal of an export."""
    return f"CANNOT LOAD {name}: nothing was loaded"


class Findings:
    """Problems of one file, in the order in which they were met."""

    def __init__(self, file: str, problems: Iterable[Problem] = ()) -> None:
        self.file = file
        self._found: dict[tuple[str, str], Problem] = {}
        self._causes: dict[str, int] = {}
        for problem in problems:
            self._found[problem.check, problem.message] = problem

    def add(
        self, check: str, level: Level, message: str, where: str = "", fix: str = "", count: int = 1
    ) -> None:
        """Note a problem; one with the same check and message is counted, not repeated.

        `where` is what follows the file's name: ``sheet 'Table_10', row 7, column "2016-17"``.
        """
        key = (check, message)
        if key in self._found:
            self._found[key] = replace(self._found[key], count=self._found[key].count + count)
            return
        self._causes[check] = self._causes.get(check, 0) + 1
        if self._causes[check] > MOST_CAUSES:
            key = (check, "")
            message = f"More of the same kind: {check.replace('-', ' ')}."
            if key in self._found:
                self._found[key] = replace(self._found[key], count=self._found[key].count + count)
                return
        place = f"{self.file}, {where}" if where else self.file
        self._found[key] = Problem(check, level, message, place, count, fix)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())

    @property
    def stop(self) -> bool:
        return any(problem.stops for problem in self.problems)

    def refuse(self, check: str, message: str, where: str = "", fix: str = "") -> NoReturn:
        """Stop now, with this problem and every one before it that stops."""
        self.add(check, "REJECT", message, where, fix)
        raise InputError(headline(self.file), [problem for problem in self.problems if problem.stops])

    def raise_if_stopping(self) -> None:
        """Raise InputError with every problem that stops, if there is one."""
        if self.stop:
            raise InputError(headline(self.file), [problem for problem in self.problems if problem.stops])
