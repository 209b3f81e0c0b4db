"""The self-check reproduces published values, and would say so if it did not."""

import json
from copy import deepcopy

import numpy as np
import pytest

from ci_eval.agreement.published_values import FUNCTIONS, SelfCheck, published, self_check


@pytest.fixture(scope="module")
def whole() -> SelfCheck:
    return self_check()


def case(name):
    return deepcopy(next(row for row in published() if row["id"] == name))


def numbers(value):
    """Every number in a nest of lists and dictionaries, those written in texts included."""
    if isinstance(value, dict):
        return {number for inner in value.values() for number in numbers(inner)}
    if isinstance(value, list):
        return {number for inner in value for number in numbers(inner)}
    return {float(value)} if isinstance(value, int | float) else set()


def test_every_published_value_is_reproduced(whole):
    failed = [
        (check.case, check.expected, check.found, check.problem) for check in whole.checks if not check.passed
    ]

    assert failed == []
    assert whole.passed


def test_the_line_counts_values_and_names_versions(whole):
    values = sum(np.size(row["expected"]) for row in published())

    assert whole.values == whole.reproduced == values
    assert whole.line.startswith(f"{values} of {values} published values reproduced (ci-eval ")
    assert f"numpy {np.__version__}" in whole.line
    assert "Python 3." in whole.line


def test_every_case_stands_once_and_says_where_it_was_printed():
    rows = published()

    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["source"] and row["tolerance"] < 0.01 for row in rows)


def test_every_statistic_of_the_list_has_a_published_value():
    assert {row["function"] for row in published()} == set(FUNCTIONS)


def test_an_altered_value_is_reported():
    rows = [case("fleiss_1971/fleiss_kappa"), case("binom_confint_18_20/wilson")]
    rows[1]["expected"][0] += 3 * rows[1]["tolerance"]

    found = self_check(rows)

    assert not found.passed
    assert found.line.startswith("2 of 3 published values reproduced (")
    assert [check.passed for check in found.checks] == [True, False]
    assert [check.reproduced for check in found.checks] == [1, 1]


@pytest.mark.parametrize("name", [row["id"] for row in published()])
def test_no_value_can_be_moved_by_more_than_its_tolerance_unnoticed(name, whole):
    position = next(place for place, check in enumerate(whole.checks) if check.case == name)
    row = case(name)
    moved = np.array(row["expected"], dtype=float)
    row["expected"] = (moved + 2.5 * row["tolerance"] + 1e-9).tolist()

    check = whole.checks[position]
    altered = type(check)(
        check.case,
        check.function,
        check.source,
        tuple(np.ravel(row["expected"])),
        check.found,
        check.tolerance,
    )

    assert altered.reproduced == 0


def test_a_case_not_reproduced_says_what_was_expected_and_what_came_out():
    row = case("binom_confint_18_20/wilson")
    row["expected"] = [0.5, 0.6]
    broken = case("fleiss_1971/fleiss_kappa")
    broken["function"] = "kendall_w"

    altered, unknown = self_check([row, broken]).checks

    assert "expected 0.5, 0.6 within 1e-07, found 0.69896" in altered.in_words
    assert altered.source in altered.in_words
    assert "KeyError: 'kendall_w'" in unknown.in_words


def test_a_case_that_cannot_be_computed_is_not_reproduced_and_hides_no_other():
    unknown, broken, sound = (case("fleiss_1971/fleiss_kappa") for _ in range(3))
    unknown["function"] = "kendall_w"
    broken["input"] = {"ratings": [["a", 1]]}

    found = self_check([unknown, broken, sound])

    assert [check.reproduced for check in found.checks] == [0, 0, 1]
    assert "kendall_w" in found.checks[0].problem
    assert found.checks[1].problem.startswith("Refused: CANNOT MEASURE AGREEMENT")
    assert found.line.startswith("1 of 3 ")


def test_a_missing_number_is_not_reproduced():
    undefined = case("fleiss_1971/fleiss_kappa")
    undefined["input"] = {"ratings": [["a", "a"], ["a", "a"]]}

    assert self_check([undefined]).reproduced == 0


def test_too_few_values_are_none_at_all():
    short = case("binom_confint_18_20/wilson")
    short["expected"] = short["expected"][:1]

    assert self_check([short]).reproduced == 0


def test_nothing_checked_is_not_passed():
    assert not self_check([]).passed


def test_the_numbers_are_those_of_the_reference_collection(shared):
    cases = json.loads((shared / "reference" / "agreement_cases.json").read_text("utf-8"))["cases"]
    collected = {row["id"]: numbers(row["expected"]) | numbers(row["input"]) for row in cases}
    derived = {
        "tails",
        "people",
        "masi",
        "superiority",
    }  # fractions of what is printed, and printed fractions

    compared = 0
    for row in published():
        printed = collected.get(row["id"].split("/")[0])
        if printed is not None and row["function"] not in derived:
            compared += 1
            assert {float(value) for value in np.ravel(row["expected"])} <= printed, row["id"]
    assert compared > 80
