"""Krippendorff's alpha: agreement beyond chance for any number of coders, missing codes and several metrics.

α = 1 − (N − 1) Σ_within / Σ_between over the N codes of the units that two coders or more have coded, where
both sums run over ordered pairs of codes (docs/methods.md B1). Units with one code say nothing of agreement.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from ci_eval.agreement.coders import sets
from ci_eval.agreement.coders.agreement_result import (
    CODERS,
    ONE_UNIT,
    Agreement,
    check_options,
    joined,
    limits,
    no_width,
)
from ci_eval.agreement.coders.codes import GIVE_CATEGORIES
from ci_eval.agreement.coders.coefficient_interval import DRAWS, SEED, Seed, percentile, resample
from ci_eval.agreement.coders.metrics import Fixed, Interval, Metric, Nominal, Ordinal, Ratio, Table
from ci_eval.agreement.coders.patterns import Patterns, from_ratings
from ci_eval.agreement.refusals import FloatArray, refuse

NAMED: dict[str, Callable[[Patterns], Metric]] = {
    "nominal": Nominal,
    "ordinal": Ordinal,
    "interval": Interval,
    "ratio": Ratio,
    "masi": sets.Masi,
}


def krippendorff_alpha(
    ratings: Any,
    metric: Any = "nominal",
    categories: Iterable[Any] | None = None,
    *,
    level: float = 0.95,
    interval: Literal["bootstrap", "analytic"] | None = "bootstrap",
    draws: int = DRAWS,
    seed: Seed = SEED,
    ddof: int = 1,
) -> Agreement:
    """Krippendorff's alpha with its interval.

    Examples
    --------
    >>> result = krippendorff_alpha([[1, 1], [2, 2], [1, 2], [3, 3]])
    >>> round(result.coefficient, 2), result.pairable
    (0.67, 4)

    Parameters
    ----------
    ratings : units × coders (one row a unit, one column a coder), or `Patterns`. Missing is None, NaN or "".
        For "masi" each cell holds a set of codes; an empty set is a code ("none of them"), not a missing one.
    metric : "nominal", "ordinal" (needs an order: numbers, or declared categories), "interval", "ratio",
        "masi", or a table of distances (category, category) between the declared categories
    categories : every code a coder may use, in order. Unused ones change nothing; a code outside is refused.
    interval : "bootstrap" over units (percentiles of `draws`, fixed `seed`), "analytic" (Gwet's linearised
        standard error, Student's t on pairable units − 1; not for "ordinal", whose distances are themselves
        estimated), or None
    ddof : for "analytic", 1 divides the variance by units − 1, 0 by units, as for a table of two coders
    level : of the interval

    Returns
    -------
    Agreement
        Where every pairable code is the same, alpha is not defined: the coefficient is NaN and the note says
        "no variation"; where no unit has two codes, it says so. NaN never comes without a note.

    Raises
    ------
    Refused
        Ratings that are not codes; text for "interval" or "ratio", or below 0 for "ratio"; text without an
        order for "ordinal"; an unknown metric; a level outside 0 to 1; fewer than 2 draws.

    Notes
    -----
    For two codes of the same kind by two coders, alpha is close to Cohen's kappa. A rare code makes both low
    while coders agree on nearly every unit: read them beside percent agreement and Gwet's AC1.
    Source: Krippendorff (2011); standard error: Gwet (2014), as in R's irrCAC 1.4 for raw ratings. Validated
    against Krippendorff's published four metrics, irrCAC, and the definition by brute force.
    """
    check_options(level, interval, ddof)
    masi = isinstance(metric, str) and metric == "masi"
    read = sets.from_sets(ratings, categories) if masi else from_ratings(ratings, categories)
    pairs = read.counted(at_least=2)
    name = f"Krippendorff's alpha, {metric if isinstance(metric, str) else 'table of distances'}"
    found = Agreement(name, level=level, units=read.units, coders=read.coders, pairable=pairs.pairable)
    distances = _metric(metric, pairs)
    observed = pairs.times[None, :].astype(np.float64)
    if not pairs.pairable:
        return replace(found, note=joined("not measured: no unit has codes from two coders", read.remark))
    codes = float(observed[0] @ pairs.given)
    within, between = float(distances.within(observed)[0]), float(distances.between(observed)[0])
    found = replace(
        found,
        observed=within / codes * distances.unit,
        expected=between / (codes * (codes - 1)) * distances.unit,
    )
    if not pairs.varied(observed)[0] or between <= 0:
        return replace(found, observed=0.0, expected=0.0, note=joined(pairs.no_variation(), read.remark))
    found = replace(found, coefficient=1 - (codes - 1) * within / between, note=read.remark)
    if interval is not None and pairs.pairable < 2:
        return replace(found, note=joined(ONE_UNIT, found.note))
    if interval == "bootstrap":
        low, high, se, lost = percentile(
            resample(lambda weights: _alpha(distances, pairs, weights), pairs.times, draws, seed), level
        )
        return replace(found, low=low, high=high, se=se, note=joined(no_width(low, high), lost, found.note))
    if interval == "analytic":
        return _analytic(found, distances, pairs, ddof)
    return found


def _alpha(metric: Metric, pairs: Patterns, weights: FloatArray) -> FloatArray:
    """Alpha of each draw; NaN where all its codes are the same."""
    between = metric.between(weights)
    defined = pairs.varied(weights) & (between > 0)
    ratio = metric.within(weights) / np.where(defined, between, 1.0)
    return np.where(defined, 1 - (weights @ pairs.given - 1) * ratio, np.nan)


def _analytic(found: Agreement, metric: Metric, pairs: Patterns, ddof: int) -> Agreement:
    """The standard error by linearisation: what each unit adds to the ratio of the two sums (Gwet 2014)."""
    if not isinstance(metric, Fixed):
        text = "The ordinal metric has no published standard error: its distances depend on the codes."
        refuse(CODERS, "interval", text, fix='use interval="bootstrap"')
    times, given, units = pairs.times, pairs.given, pairs.pairable
    own, to_all = metric.unit_within, metric.unit_between()
    codes, within, between = times @ given, times @ own, times @ to_all
    ratio = within / between  # of sums within and between; alpha is 1 − (codes − 1) ratio
    unit = (own - within / codes * given) - 2 * ratio * (to_all - between / codes * given)
    se = float(np.sqrt(times @ (unit * codes * units / between) ** 2 / (units * (units - ddof))))
    low, high = limits(found.coefficient, se, found.level, units - 1)
    return replace(found, low=low, high=high, se=se, note=joined(no_width(low, high), found.note))


def _metric(metric: Any, pairs: Patterns) -> Metric:
    if not isinstance(metric, str):
        return Table(pairs, metric)
    if metric not in NAMED:
        text = f"There is no metric called {metric!r}."
        refuse(CODERS, "metric", text, fix=f"use one of {', '.join(NAMED)}")
    if (
        metric == "ordinal"
        and not pairs.declared
        and pairs.categories.dtype.kind not in "iuf"
        and len(pairs.categories)
    ):
        text = f'The order of the codes is not known: "{pairs.categories[0]}", "{pairs.categories[-1]}".'
        refuse(CODERS, "order", text, fix=GIVE_CATEGORIES)
    return NAMED[metric](pairs)
