"""How nearly two categories agree: 1 for the same one, down to 0 for the pair furthest apart.

Source: Gwet (2014), Handbook of Inter-Rater Reliability, ch. 3; the values of numbers are used as they are,
text counts as 1, 2, 3, … in the declared order. Validated against irrCAC's weighted coefficients. Methods:
docs/methods.md B1.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ci_eval.agreement.coders.agreement_result import CODERS
from ci_eval.agreement.coders.codes import GIVE_CATEGORIES
from ci_eval.agreement.coders.patterns import Patterns
from ci_eval.agreement.refusals import FloatArray, refuse

LARGEST = 2_000  # categories: a table of weights of 4 million numbers


def weight_table(weights: Any, patterns: Patterns) -> FloatArray:
    """The weights (category, category) of the patterns' categories.

    Parameters
    ----------
    weights : None or "identity" (only the same category agrees); "linear", "quadratic", "radical", "ratio"
        (numbers), "ordinal" (positions), "circular" (the last category is next to the first), "bipolar"; or a
        symmetric table of agreement from 0 to 1, 1 on its diagonal, for the declared categories

    Raises
    ------
    Refused
        Unknown name; a table that is not such a table; text whose order is not declared; "ratio" with numbers
        below 0; more than 2,000 categories.
    """
    size = patterns.size
    if size > LARGEST:
        text = (
            f"{size:,} different codes among {patterns.units:,} units look like texts or measurements, not "
            "like the codes of a codebook."
        )
        fix = "give the codes; measurements are compared by Krippendorff's alpha, interval or ratio"
        refuse(CODERS, "too-many-codes", text, fix=fix)
    if weights is None or (isinstance(weights, str) and weights == "identity"):
        return np.eye(size)
    if not isinstance(weights, str):
        return _declared(weights, patterns)
    if weights not in FORMULAS:
        text = f"There are no weights called {weights!r}."
        refuse(CODERS, "weights", text, fix=f"use one of {', '.join(FORMULAS)}")
    number = patterns.categories.dtype.kind in "iuf"
    if not number and not patterns.declared:
        text = "The order of the codes is not known, so none is nearer."
        refuse(CODERS, "order", text, fix=GIVE_CATEGORIES)
    values = patterns.categories.astype(np.float64) if number else np.arange(1.0, size + 1)
    if size < 2:
        return np.ones((size, size))
    if weights == "ratio" and values.min() < 0:
        text = "Ratio weights are for quantities of 0 or more."
        refuse(CODERS, "negative", text, fix='use "linear" or "quadratic"')
    apart = FORMULAS[weights](values, values[:, None])
    return np.asarray(1 - apart / apart.max())


def weighted(name: str, weights: Any) -> str:
    """The name of a coefficient with that of its weights, if it has any."""
    if weights is None or (isinstance(weights, str) and weights == "identity"):
        return name
    return f"{name}, {weights if isinstance(weights, str) else 'declared'} weights"


def from_distances(distances: Any) -> FloatArray:
    """Weights of agreement from a table of disagreement, as Cohen (1968) gives them: 1 − d / largest d.

    Examples
    --------
    >>> from_distances([[0, 1], [1, 0]]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]

    Raises
    ------
    Refused
        For what is not a table of numbers of 0 or more, one of them above 0.
    """
    try:
        table = np.asarray(distances, dtype=np.float64)
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.size == 0 or not np.isfinite(table).all() or table.min() < 0 or table.max() <= 0:
        text = "The distances are not numbers of 0 or more with one above 0."
        refuse(CODERS, "weights", text, fix="give a square table")
    return np.asarray(1 - table / table.max())


def _ordinal(a: FloatArray, b: FloatArray) -> FloatArray:
    steps = np.abs(np.searchsorted(np.sort(a), a) - np.searchsorted(np.sort(a), b))
    return np.asarray((steps + 1) * steps / 2)


def ratio_distance(a: FloatArray, b: FloatArray) -> FloatArray:
    """((a − b) / (a + b))² of numbers from 0 upwards; 0 between 0 and 0."""
    total = a + b
    return np.asarray(((a - b) / np.where(total > 0, total, 1.0)) ** 2)


def _circular(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(np.sin(np.pi * (a - b) / (a.max() - a.min() + 1)) ** 2)


def _bipolar(a: FloatArray, b: FloatArray) -> FloatArray:
    room = (a + b - 2 * a.min()) * (2 * a.max() - a - b)  # 0 only for twice an end, which is no distance
    return np.asarray((a - b) ** 2 / np.where(room > 0, room, 1.0))


FORMULAS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "linear": lambda a, b: np.asarray(np.abs(a - b)),
    "quadratic": lambda a, b: np.asarray((a - b) ** 2),
    "radical": lambda a, b: np.asarray(np.sqrt(np.abs(a - b))),
    "ratio": ratio_distance,
    "ordinal": _ordinal,
    "circular": _circular,
    "bipolar": _bipolar,
}


def _declared(weights: Any, patterns: Patterns) -> FloatArray:
    try:
        table = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        table = np.empty(0)
    size = patterns.size
    inside = table.shape == (size, size) and bool(((table >= 0) & (table <= 1)).all())
    if not inside or (np.diagonal(table) != 1).any() or (table != table.T).any():
        text = (
            f"The weights are not a symmetric {size} by {size} table of numbers from 0 to 1 for the "
            "categories in use, 1 on its diagonal."
        )
        fix = "give agreement, 1 for the same category; from_distances() turns disagreement round"
        refuse(CODERS, "weights", text, fix=fix)
    if not patterns.declared:
        refuse(CODERS, "weights", "A table of weights needs to know whose they are.", fix=GIVE_CATEGORIES)
    return table
