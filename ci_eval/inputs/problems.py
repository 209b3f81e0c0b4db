"""What is wrong with an input, where it is, and how to fix it: one problem, and all those of a file.

Every loader collects its problems before it stops, so that one reading shows all of them; a problem is one
cause, however many cells show it. Rows, ids and texts of respondents are kept apart in `cells`: they stand in the
work list of `ci-eval check` and are never printed (docs/methods.md, "Small groups").
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, NoReturn

Level = Literal["NOTE", "WARN", "ASK", "REJECT"]
WORK_LIST = "the work list that ci-eval check writes for the team"
MOST_CAUSES = 20  # of one check; a file of another kind would otherwise give a page of them
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
    where : file, sheet, column, and for a file of published numbers or facts its row
    count : how many cells, rows or files show the same cause
    fix : what to do about it
    cells : rows, ids and texts of a file that holds people's answers; for the work list alone
    """

    check: str
    level: Level
    message: str
    where: str = ""
    count: int = 1
    fix: str = ""
    cells: str = field(default="", repr=False)

    @property
    def stops(self) -> bool:
        return self.level in STOPPING

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain values, without its cells."""
        return {name: value for name, value in asdict(self).items() if name != "cells"}


class InputError(ValueError):
    """An input that cannot be used; holds every problem found, printed as one page without a traceback."""

    def __init__(self, headline: str, problems: Iterable[Problem], work_list: str = WORK_LIST) -> None:
        self.headline = headline
        self.problems = tuple(problems)
        super().__init__(page(headline, self.problems, work_list))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the page alone, without the library's lines and folders."""
        return str(self).splitlines()


def page(headline: str, problems: Iterable[Problem], work_list: str = WORK_LIST) -> str:
    """The problems as one numbered page: ``1 of 3``, message, where, fix; `work_list` is where their cells are."""
    listed = tuple(problems)
    lines = [headline]
    for number, problem in enumerate(listed, start=1):
        label = f"{number} of {len(listed)}"
        indent = " " * (len(label) + 2)
        lines.append(f"{label}  {problem.message}")
        if problem.where:
            total = f"  {problem.count:,} in all." if problem.count > 1 else ""
            lines.append(
                f"{indent}First: {problem.where}.{total}" if total else f"{indent}Where: {problem.where}."
            )
        if problem.fix:
            lines.append(f"{indent}Fix: {problem.fix}")
    if any(problem.cells for problem in listed):
        lines.append(f"Rows and cells: in {work_list}.")
    return "\n".join(lines)


def refuse(
    headline: str, check: str, message: str, *, where: str = "", count: int = 1, fix: str = ""
) -> NoReturn:
    """Stop with one problem under a headline such as ``CANNOT USE outcomes.csv``."""
    raise InputError(headline, [Problem(check, "REJECT", message, where=where, count=count, fix=fix)])


class Findings:
    """The problems of one file, in the order in which they were met; handed down from opening to loading.

    Parameters
    ----------
    file : the file's name, the beginning of every place
    headline : the first line of a refusal; by default that nothing was loaded
    """

    def __init__(self, file: str, headline: str = "") -> None:
        self.file = file
        self.headline = headline or f"CANNOT LOAD {file}: nothing was loaded"
        self._by_cause: dict[tuple[str, str], Problem] = {}
        self._causes: Counter[str] = Counter()

    def add(
        self,
        check: str,
        level: Level,
        message: str,
        where: str = "",
        fix: str = "",
        count: int = 1,
        cells: str = "",
    ) -> None:
        """Note a problem; one with the same check and message is counted, not repeated.

        `where` is what follows the file's name: ``sheet 'Table_10', row 7, column "2016-17"``. Of a file that holds
        people's answers, rows and texts are given as `cells`.
        """
        key = (check, message)
        if key not in self._by_cause and self._causes[check] >= MOST_CAUSES:
            key = (check, "")
            message = f"More of the same kind: {check.replace('-', ' ')}."
        if key in self._by_cause:
            before = self._by_cause[key]
            both = "; ".join(filter(None, (before.cells, cells)))
            self._by_cause[key] = replace(before, count=before.count + count, cells=both)
            return
        if not where.startswith(self.file):
            where = f"{self.file}, {where}" if where else self.file
        self._causes[check] += 1
        self._by_cause[key] = Problem(check, level, message, where, count, fix, cells)

    def extend(self, problems: Iterable[Problem | None]) -> None:
        """Note problems that were met elsewhere; None is passed over."""
        for each in problems:
            if each:
                self.add(each.check, each.level, each.message, each.where, each.fix, each.count, each.cells)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._by_cause.values())

    @property
    def stop(self) -> bool:
        return any(problem.stops for problem in self.problems)

    def refuse(self, check: str, message: str, where: str = "", fix: str = "", cells: str = "") -> NoReturn:
        """Stop now, with this problem and every one before it that stops."""
        self.add(check, "REJECT", message, where, fix, cells=cells)
        raise InputError(self.headline, [problem for problem in self.problems if problem.stops])

    def raise_if_stopping(self) -> None:
        """Raise InputError with every problem that stops, if there is one."""
        if self.stop:
            raise InputError(self.headline, [problem for problem in self.problems if problem.stops])
