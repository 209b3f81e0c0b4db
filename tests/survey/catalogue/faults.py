"""The faults an export can have, each declared beside the test that shows what is done about it.

A test that shows a fault is decorated with `fault`. After the test has run, the decorator holds what the test saw
against what was declared: a NOTE or WARN needs a load with that check, an ASK a refusal and then a load with a
setting, a REJECT a refusal. `page` writes docs/bad-input.md from the same declarations.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest

from ci_eval import survey
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.programme import Questionnaire, load_questionnaire
from ci_eval.survey import Responses, SurveySettings

Action = Literal["NOTE", "WARN", "ASK", "REJECT"]
AREAS = ("file", "header", "rows", "dates", "answers", "privacy", "trust")
STEM = "To what extent do you agree with the following statements?"


@dataclass(frozen=True)
class Fault:
    """One line of the list: `said` are checks, or "" where the load record's own fields say it."""

    ident: str
    action: Action
    fault: str
    what: str
    said: tuple[str, ...]
    test: str

    @property
    def area(self) -> str:
        return self.ident.rpartition("-")[0]


FAULTS: dict[str, Fault] = {}
_seen: list[tuple[str, str]] = []  # (check, level) of every problem met by the test that runs


def fault(ident: str, action: Action, fault: str, what: str, said: str = "") -> Callable[..., Any]:
    """Declare that a test shows what is done about a fault."""

    def declare(test: Callable[..., None]) -> Callable[..., None]:
        entry = Fault(
            ident, action, fault, what, tuple(said.split()), f"{test.__module__}.py::{test.__name__}"
        )
        assert FAULTS.setdefault(ident, entry).test == entry.test, f"{ident} is shown twice"
        assert entry.area in AREAS, ident

        @functools.wraps(test)
        def shown(*arguments: Any, **named: Any) -> None:
            _seen.clear()
            test(*arguments, **named)
            _hold(entry)

        return shown

    return declare


def _hold(entry: Fault) -> None:
    """What the test met must be what the list promises."""
    met = set(_seen)
    for check in entry.said:
        assert (check, entry.action) in met, f"{entry.ident}: {check} was not met as {entry.action}: {met}"
    needed = {"NOTE": ["loaded"], "WARN": ["loaded"], "REJECT": ["refused"], "ASK": ["refused", "answered"]}
    for outcome in needed[entry.action]:
        assert (outcome, "") in met, f"{entry.ident}: the test shows no file that is {outcome}"


def also(outcome: str, *problems: Problem) -> None:
    """Tell what a test met that is no survey: a lookup of councils, a table of groups."""
    _seen.extend([(outcome, ""), *((problem.check, problem.level) for problem in problems)])


def loads(path: Path, questionnaire: Questionnaire | None = None, **declared: Any) -> Responses:
    """The responses of a file that is accepted; every row of it is accounted for."""
    settings = SurveySettings(period="2021-22", **declared)
    responses = survey.load(path, questionnaire or load_questionnaire(), declared=settings)
    record = responses.record
    assert record.rows_in == record.used + sum(record.left_out.values())
    assert len(record.sha256) == 64
    _seen.extend((note.check, note.level) for note in record.notes)
    _seen.append(("loaded", ""))
    if declared:
        _seen.append(("answered", ""))
    return responses


def refused(path: Path, questionnaire: Questionnaire | None = None, **declared: Any) -> tuple[Problem, ...]:
    """The problems of a file that is refused; all of them stop, each is a cause of its own."""
    settings = SurveySettings(period="2021-22", **declared)
    with pytest.raises(InputError) as stopped:
        survey.load(path, questionnaire or load_questionnaire(), declared=settings)
    found = stopped.value.problems
    assert found
    assert all(problem.stops for problem in found)
    page = str(stopped.value)
    assert f"{len(found)} of {len(found)}  " in page
    assert "Traceback" not in page
    _seen.extend((problem.check, problem.level) for problem in found)
    _seen.append(("refused", ""))
    return found


def only(path: Path, **declared: Any) -> Problem:
    """The one problem of a file with one fault."""
    (problem,) = refused(path, **declared)
    return problem


def note(responses: Responses, check: str) -> Problem:
    """The note of a load with this name."""
    (found,) = (note for note in responses.record.notes if note.check == check)
    return found


def differences(got: pd.DataFrame, expected: pd.DataFrame, *columns: str) -> list[str]:
    """Cells in which two frames of responses differ; not answered is "" in both."""
    texts = [
        frame[list(columns)].astype(object).where(frame[list(columns)].notna(), "")
        for frame in (got, expected)
    ]
    return [
        f"{name} {row}: {a!r} / {b!r}"
        for name in columns
        for row, (a, b) in enumerate(zip(texts[0][name], texts[1][name], strict=True))
        if a != b
    ]
