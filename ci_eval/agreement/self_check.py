"""Does this machine reproduce published values? Every statistic of this floor against printed numbers.

The values (`published`) were printed in papers and in other software's documents and test suites. A library that
changes its answers, or an installation that is broken, shows as a value that is not reproduced.
"""

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.published import FUNCTIONS, published

LIBRARIES = ("ci-eval", "numpy", "scipy", "pandas")
SLACK = 1e-12  # a printed number that is reproduced to its last digit may still differ by rounding


@dataclass(frozen=True)
class Check:
    """One published case.

    Attributes
    ----------
    case, function, source : its name, what computed it here, where it was printed
    expected, found : the published values and ours; `found` is empty where nothing could be computed
    tolerance : largest difference that still reproduces a value
    problem : why nothing could be computed, "" otherwise
    """

    case: str
    function: str
    source: str
    expected: tuple[float, ...]
    found: tuple[float, ...]
    tolerance: float
    problem: str = ""

    @property
    def reproduced(self) -> int:
        """How many of the published values are reproduced."""
        if len(self.found) != len(self.expected):
            return 0
        pairs = zip(self.expected, self.found, strict=True)
        return sum(abs(one - other) <= self.tolerance + SLACK for one, other in pairs)

    @property
    def passed(self) -> bool:
        return self.reproduced == len(self.expected)

    @property
    def told(self) -> str:
        """The case in words, for a list of those not reproduced: what was expected, what came out, its source."""
        found = self.problem or f"found {_printed(self.found) or 'nothing'}"
        return (
            f"NOT REPRODUCED {self.case} ({self.function}): expected {_printed(self.expected)} within "
            f"{self.tolerance:g}, {found}. Source: {self.source}"
        )


@dataclass(frozen=True)
class SelfCheck:
    """Every case, and the versions of what computed them."""

    checks: tuple[Check, ...]
    versions: Mapping[str, str]

    @property
    def values(self) -> int:
        return sum(len(check.expected) for check in self.checks)

    @property
    def reproduced(self) -> int:
        return sum(check.reproduced for check in self.checks)

    @property
    def passed(self) -> bool:
        """Whether there are values, and all of them are reproduced."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def line(self) -> str:
        """One line for a reader: "303 of 303 published values reproduced (ci-eval 0.1.0, …)"."""
        named = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return f"{self.reproduced} of {self.values} published values reproduced ({named})"

    def frame(self) -> pd.DataFrame:
        """One row a case: case, function, reproduced, values, expected, found, tolerance, problem, source."""
        rows = [
            {
                "case": check.case,
                "function": check.function,
                "reproduced": check.reproduced,
                "values": len(check.expected),
                "expected": _printed(check.expected),
                "found": _printed(check.found),
                "tolerance": check.tolerance,
                "problem": check.problem,
                "source": check.source,
            }
            for check in self.checks
        ]
        return pd.DataFrame(rows)


def self_check(cases: Iterable[Mapping[str, Any]] | None = None) -> SelfCheck:
    """Compute every published case on this machine.

    Parameters
    ----------
    cases : rows with id, function, input, expected, tolerance, source, and `parts` where the function gives an
        object: the names of the values wanted. Those packaged with ci_eval by default.

    Returns
    -------
    SelfCheck
        A case that raises, or whose function is unknown, is a case not reproduced, with its reason.
    """
    listed = published() if cases is None else cases
    return SelfCheck(tuple(_check(case) for case in listed), versions())


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that do the computing."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return {**found, "Python": platform.python_version()}


def _check(case: Mapping[str, Any]) -> Check:
    expected = tuple(float(value) for value in np.ravel(case["expected"]))
    found: tuple[float, ...] = ()
    problem = ""
    try:
        answer = FUNCTIONS[case["function"]](**case["input"])
        parts = [getattr(answer, part) for part in case["parts"]] if "parts" in case else [answer]
        found = tuple(float(value) for part in parts for value in np.ravel(part))
    except Exception as error:  # whatever stops one case must not hide the others
        problem = f"{type(error).__name__}: {error}"
    return Check(
        case["id"], case["function"], case["source"], expected, found, float(case["tolerance"]), problem
    )


def _printed(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.10g}" for value in values)
