"""Problems of one file: one a cause, counted, placed under the file's name."""

import pytest

from ci_eval.inputs.problems import MOST_CAUSES, Findings, InputError


def test_a_cause_is_noted_once_and_counted() -> None:
    findings = Findings("x.csv")
    for row in (3, 5, 9):
        findings.add("check", "WARN", "message", f"row {row}", "fix")
    (problem,) = findings.problems
    assert (problem.where, problem.count) == ("x.csv, row 3", 3)
    assert not findings.stop


def test_many_causes_of_one_kind_do_not_fill_the_page() -> None:
    findings = Findings("x.csv")
    for row in range(500):
        findings.add("check", "REJECT", f"message {row}")
    assert len(findings.problems) == MOST_CAUSES + 1
    assert sum(problem.count for problem in findings.problems) == 500


def test_a_refusal_holds_what_stopped_before_it_and_no_warning() -> None:
    findings = Findings("x.csv", "CANNOT USE x.csv")
    findings.add("first", "ASK", "A question.", "x.csv, row 2")
    findings.add("second", "WARN", "A warning.")
    with pytest.raises(InputError, match=r"CANNOT USE x\.csv") as stopped:
        findings.refuse("third", "The end.", fix="Begin again.")
    assert [(problem.check, problem.where) for problem in stopped.value.problems] == [
        ("first", "x.csv, row 2"),
        ("third", "x.csv"),
    ]


def test_problems_met_elsewhere_are_counted_with_their_like() -> None:
    findings = Findings("x.csv")
    findings.add("check", "WARN", "message", "row 3")
    other = Findings("x.csv")
    other.add("check", "WARN", "message", "row 2", count=4)
    findings.extend([None, *other.problems])
    (problem,) = findings.problems
    assert (problem.where, problem.count) == ("x.csv, row 3", 5)
