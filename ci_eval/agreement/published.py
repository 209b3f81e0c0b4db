"""Published values, and how each is computed here.

`published_values.json` holds numbers from papers and from other software's documents and test suites, each with
its source; nothing in it was computed by this project. Values in dispute are left out (docs/methods.md says which).
"""

import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from typing import Any

import numpy as np

from ci_eval import agreement
from ci_eval.agreement import raters
from ci_eval.agreement.consensus import null_variance
from ci_eval.agreement.raters.weights import weight_table
from ci_eval.programme import Band


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
        zip(agreement.words(bands), agreement.word_probabilities(agree, answered, bands=bands), strict=True)
    )
    return [found[side] for side in ("below", "above") if side in found]


def _cliff_delta(higher: list[int], lower: list[int]) -> float:
    return float(2 * agreement.superiority(lower, higher).estimate - 1)


def _by_coders(coefficient: Callable[..., raters.Agreement]) -> Callable[..., raters.Agreement]:
    """A coefficient of ratings, of counts or of a table of two coders, whichever the case gives."""

    def call(categories: Any = None, distances: Any = None, **given: Any) -> raters.Agreement:
        if "counts" in given:
            read = raters.from_counts(given.pop("counts"), categories)
        elif "table" in given:
            read = raters.from_table(given.pop("table"), categories)
        else:
            read = raters.from_ratings(given.pop("ratings"), categories)
        if distances is not None:
            given["weights"] = raters.from_distances(distances)
        if coefficient is raters.krippendorff_alpha and "weights" in given:
            given["metric"] = 1 - weight_table(given.pop("weights"), read)
        return coefficient(read, **given)

    return call


def _adjusted_brennan_prediger(ratings: Any) -> raters.Agreement:
    return raters.adjusted(raters.brennan_prediger(ratings))


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
    "masi": raters.masi,
    "krippendorff_alpha": _by_coders(raters.krippendorff_alpha),
    "percent_agreement": _by_coders(raters.percent_agreement),
    "brennan_prediger": _by_coders(raters.brennan_prediger),
    "adjusted_brennan_prediger": _by_coders(_adjusted_brennan_prediger),
    "gwet_ac1": _by_coders(raters.gwet_ac1),
    "gwet_ac2": _by_coders(raters.gwet_ac2),
    "fleiss_kappa": _by_coders(raters.fleiss_kappa),
    "conger_kappa": _by_coders(raters.conger_kappa),
    "cohen_kappa": _by_coders(raters.cohen_kappa),
}
