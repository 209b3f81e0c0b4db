"""Published values, how each is computed here, and whether this machine reproduces them.

`published_values.json` holds numbers printed in papers and in other software's documents and test suites, each with
its source; this project computed none of them. Values in dispute are left out (docs/methods.md says which). A library
that changes its answers, or an installation that is broken, shows as a value that is not reproduced.
"""

import json
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any

import numpy as np

from ci_eval import agreement
from ci_eval.agreement import coders
from ci_eval.agreement.bands import Band
from ci_eval.agreement.coders.category_weights import weight_table
from ci_eval.agreement.consensus import null_variance


def published() -> list[dict[str, Any]]:
    """The packaged cases: id, function (a key of FUNCTIONS), input, parts, expected, tolerance, source."""
    text = files("ci_eval.agreement").joinpath("published_values.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def _people(agree: int, answered: int, asked: int, level: float) -> list[float]:
    """Limits of the exact interval as numbers of people."""
    return [limit * asked for limit in agreement.interval(agree, answered, asked, level)]


def _tails(agree: int, answered: int, low: float, high: float) -> list[float]:
    """Probability that the share lies below `low` and above `high`, when the number asked is not known."""
    below, above = (Fraction(end).limit_denominator(10**7) for end in (low, high))
    bands = [Band("inside", below, True, above, True)]
    bands += [Band("below", Fraction(0), True, below, False)] if below else []
    bands += [Band("above", above, False, Fraction(1), True)] if above < 1 else []
    found = dict(
        zip(
            agreement.words(bands=bands),
            agreement.word_probabilities(agree, answered, bands=bands),
            strict=True,
        )
    )
    return [found[side] for side in ("below", "above") if side in found]


def _cliff_delta(higher: list[int], lower: list[int]) -> float:
    return float(2 * agreement.superiority(lower, higher).estimate - 1)


def _by_coders(coefficient: Callable[..., coders.Agreement]) -> Callable[..., coders.Agreement]:
    """A coefficient of ratings, of counts or of a table of two coders, whichever the case gives."""

    def call(categories: Any = None, distances: Any = None, **given: Any) -> coders.Agreement:
        if "counts" in given:
            read = coders.from_counts(given.pop("counts"), categories)
        elif "table" in given:
            read = coders.from_table(given.pop("table"), categories)
        else:
            read = coders.from_ratings(given.pop("ratings"), categories)
        if distances is not None:
            given["weights"] = coders.from_distances(distances)
        if coefficient is coders.krippendorff_alpha and "weights" in given:
            given["metric"] = 1 - weight_table(given.pop("weights"), read)
        return coefficient(read, **given)

    return call


def _adjusted_brennan_prediger(ratings: Any) -> coders.Agreement:
    return coders.adjusted(coders.brennan_prediger(ratings))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "interval": agreement.interval,
    "people": _people,
    "tails": _tails,
    "korn_graubard": agreement.korn_graubard,
    "logit_interval": agreement.logit_interval,
    "difference": lambda **pair: agreement.difference(agreement.Pair(**pair)),
    "superiority": agreement.superiority,
    "cliff_delta": _cliff_delta,
    "trend": agreement.trend,
    "holm": agreement.holm,
    "van_der_eijk": agreement.van_der_eijk,
    "tastle_wierman": agreement.tastle_wierman,
    "null_variance": null_variance,
    "cronbach_alpha": lambda answers, **options: agreement.cronbach_alpha(
        np.array(answers, float), **options
    ),
    "omega_total": agreement.omega_total,
    "rake": agreement.rake,
    "masi": coders.masi,
    "krippendorff_alpha": _by_coders(coders.krippendorff_alpha),
    "percent_agreement": _by_coders(coders.percent_agreement),
    "brennan_prediger": _by_coders(coders.brennan_prediger),
    "adjusted_brennan_prediger": _by_coders(_adjusted_brennan_prediger),
    "gwet_ac1": _by_coders(coders.gwet_ac1),
    "gwet_ac2": _by_coders(coders.gwet_ac2),
    "fleiss_kappa": _by_coders(coders.fleiss_kappa),
    "conger_kappa": _by_coders(coders.conger_kappa),
    "cohen_kappa": _by_coders(coders.cohen_kappa),
}

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
        """Whether all of them are."""
        return self.reproduced == len(self.expected)

    @property
    def in_words(self) -> str:
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


def self_check(cases: Iterable[Mapping[str, Any]] | None = None) -> SelfCheck:
    """Compute every published case on this machine.

    Examples
    --------
    >>> result = self_check()
    >>> result.passed
    True

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
