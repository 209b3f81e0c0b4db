"""Problems collected while a file is read: one for each cause, with its first place and the number of places."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

from ci_eval.problems import InputError, Level, Problem
from ci_eval.survey.files import headline

MOST_CAUSES = 20  # of one check; a file of another kind would otherwise give a page of them


class Findings:
    """Problems of one file, in the order in which they were met."""

    def __init__(self, file: str, problems: Iterable[Problem] = ()) -> None:
        self.file = file
        self._found: dict[tuple[str, str], Problem] = {}
        self._causes: dict[str, int] = {}
        for problem in problems:
            self._found[problem.check, problem.message] = problem

    def add(
        self, check: str, level: Level, message: str, where: str = "", mend: str = "", count: int = 1
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
        self._found[key] = Problem(check, level, message, place, count, mend)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())

    @property
    def stop(self) -> bool:
        return any(problem.stops for problem in self.problems)

    def refuse(self, check: str, message: str, where: str = "", mend: str = "") -> NoReturn:
        """Stop now, with this problem and every one before it that stops."""
        self.add(check, "REJECT", message, where, mend)
        raise InputError(headline(self.file), [problem for problem in self.problems if problem.stops])

    def raise_if_stopping(self) -> None:
        """Raise InputError with every problem that stops, if there is one."""
        if self.stop:
            raise InputError(headline(self.file), [problem for problem in self.problems if problem.stops])
