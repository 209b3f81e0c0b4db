"""Weights that bring respondents to the known make-up of those who were asked.

Method: docs/methods.md A11. Raking (iterative proportional fitting, Deming & Stephan 1940) on the table of
cells, never on rows. What would give weights without meaning is refused: a group nobody answered from,
margins which contradict each other, no convergence, a weight over the cap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ci_eval.agreement.answer_counts import Counts
from ci_eval.agreement.arguments import count_array, is_number, numbers
from ci_eval.agreement.refusals import FloatArray, IntArray, refuse

HEADLINE = "CANNOT COMPUTE weights"
CAP = 5.0  # times the mean weight
TOLERANCE = 1e-9  # relative, of every margin
MOST_ROUNDS = 1000

Margins = Mapping[str, Mapping[Any, float]]


@dataclass(frozen=True)
class Raked:
    """Weights of cells and what they cost.

    Attributes
    ----------
    weights : people asked for whom each respondent of a cell speaks; shape of the sample, NaN in cells
        without respondents
    largest : largest weight over the mean weight
    design_effect : Kish's n Σw² / (Σw)², by which weighting inflates variances
    effective : respondents divided by the design effect
    """

    weights: FloatArray
    largest: float
    design_effect: float
    effective: float


def rake(
    sample: ArrayLike,
    margins: Sequence[ArrayLike],
    *,
    labels: Sequence[Sequence[Any]] | None = None,
    cap: float = CAP,
) -> Raked:
    """Weights for a table of respondents whose margins are known in the population.

    Examples
    --------
    >>> rake([30, 20], [[60, 60]]).weights.tolist()
    [2.0, 3.0]

    Parameters
    ----------
    sample : whole numbers of respondents, one axis a characteristic
    margins : people of the population along each axis
    labels : names of the groups along each axis, for messages
    cap : largest weight allowed, in mean weights

    Returns
    -------
    Raked; the weighted table has the given margins to 1e-9.

    Raises
    ------
    Refused
        If a group of the population has no respondent or respondents belong to no group of it, margins are
        not finite, negative or of different totals, the fit does not converge, a weight is over the cap, or
        the cap is below 1.

    Validated against R survey (Kalton & Flores-Cervantes 2003).
    """
    n = count_array(sample, "sample", HEADLINE)
    known = [numbers(margin, "margins", HEADLINE) for margin in margins]
    names = labels or [range(1, size + 1) for size in n.shape]
    if n.ndim == 0 or [m.shape for m in known] != [(size,) for size in n.shape]:
        refuse(HEADLINE, "margins", f"one margin an axis is needed, for a table of shape {n.shape}")
    if not (is_number(cap) and cap >= 1):
        refuse(HEADLINE, "cap", f"the cap is a number of mean weights, at least 1, not {cap!r}")
    _refuse_margins(n, known, names)
    table, rounds = n.astype(float), 0
    while (error := _largest_error(table, known)) > TOLERANCE:
        if rounds == MOST_ROUNDS:
            text = (
                f"after {rounds} rounds a margin is still off by {error:.2%}: the empty cells of the table contradict "
                "the margins"
            )
            refuse(HEADLINE, "no-convergence", text, fix="join groups")
        for axis, margin in enumerate(known):
            now = _margin(table, axis)
            factor = np.divide(margin, now, out=np.zeros(now.shape), where=now > 0)
            table = table * factor.reshape([-1 if i == axis else 1 for i in range(n.ndim)])
        rounds += 1
    weights = np.divide(table, n, out=np.full(n.shape, np.nan), where=n > 0)
    largest = float(np.nanmax(weights) * n.sum() / table.sum())
    if largest > cap:
        place = np.unravel_index(int(np.nanargmax(weights)), n.shape)
        cell = ", ".join(str(names[axis][int(i)]) for axis, i in enumerate(place))
        text = (
            f"each of the {n[place]} respondents of '{cell}' would speak for {largest:.1f} times as many people as the "
            f"mean respondent; the cap is {cap:g}"
        )
        refuse(HEADLINE, "weight-over-cap", text, fix="join groups, or raise the cap and say so")
    effect = float(n.sum() * np.nansum(n * weights**2) / table.sum() ** 2)
    return Raked(weights, largest, effect, float(n.sum()) / effect)


def rake_counts(counts: Counts, margins: Margins, *, cap: float = CAP) -> Raked:
    """Rake the groups of counts made with `by` the characteristics of `margins`.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"s01": ["Yes", "Yes", "No"], "role": ["teacher", "officer", "officer"]})
    >>> from ci_eval.agreement import counts
    >>> table = counts(frame, ["s01"], ["Yes", "No"], ["Yes", "No"], ["Yes"], by="role")
    >>> rake_counts(table, {"role": {"officer": 6, "teacher": 6}}).weights.tolist()
    [3.0, 6.0]

    Parameters
    ----------
    counts : counts whose groups are combinations of characteristics, such as by=["organisation", "role"]
    margins : people asked, by characteristic and group: {"organisation": {"ADES": 40, …}, …}

    Returns
    -------
    Raked with one weight for each of `counts.groups`; respondents are those of `Counts.respondents`.

    Raises
    ------
    Refused
        As `rake`, and if the characteristics are not those counted by.
    """
    if set(counts.by) != set(margins) or not counts.by or not counts.groups:
        text = f"margins are given for {_list(margins)}, but counts were made by {_list(counts.by)}"
        refuse(HEADLINE, "margins", text)
    groups = [group if len(counts.by) > 1 else (group,) for group in counts.groups]
    own = [list(dict.fromkeys(column)) for column in zip(*groups, strict=True)]
    table = counts.respondents.reshape([len(labels) for labels in own])
    # Groups of a margin that no row has are added as empty, and refused.
    known = [margins[name] for name in counts.by]
    whole = [list(dict.fromkeys([*labels, *margin])) for labels, margin in zip(own, known, strict=True)]
    padding = [(0, len(more) - len(labels)) for more, labels in zip(whole, own, strict=True)]
    totals = [
        [margin.get(label, 0.0) for label in labels] for labels, margin in zip(whole, known, strict=True)
    ]
    raked = rake(np.pad(table, padding), totals, labels=whole, cap=cap)
    inside = raked.weights[tuple(slice(0, size) for size in table.shape)]
    return replace(raked, weights=inside.ravel())


def _refuse_margins(n: IntArray, known: list[FloatArray], names: Sequence[Sequence[Any]]) -> None:
    for axis, margin in enumerate(known):
        if not np.isfinite(margin).all() or (margin < 0).any():
            refuse(HEADLINE, "margins", "numbers of people in a margin are finite and not negative")
        own = n.sum(axis=tuple(i for i in range(n.ndim) if i != axis))
        for empty, what in (
            ((margin > 0) & (own == 0), "has no respondent"),
            ((margin == 0) & (own > 0), "has no margin"),
        ):
            if empty.any():
                i = int(np.argmax(empty))
                people = f"{int(own[i])} respondents, {margin[i]:g} people asked"
                text = f"group '{names[axis][i]}' {what}: {people}"
                fix = "join it with another group, or leave this characteristic out"
                refuse(HEADLINE, "empty-group", text, count=int(empty.sum()), fix=fix)
    totals = [float(margin.sum()) for margin in known]
    if not n.any():
        refuse(HEADLINE, "nobody", "nobody responded, so that there is nobody to weight")
    if max(totals) - min(totals) > 1e-6 * max(totals):
        shown = " and ".join(f"{total:g}" for total in totals)
        refuse(HEADLINE, "totals-differ", f"the margins add up to different numbers of people: {shown}")


def _margin(table: FloatArray, axis: int) -> FloatArray:
    return np.asarray(table.sum(axis=tuple(i for i in range(table.ndim) if i != axis)))


def _largest_error(table: FloatArray, known: list[FloatArray]) -> float:
    return max(
        float((np.abs(_margin(table, axis) - margin) / np.where(margin > 0, margin, 1.0)).max())
        for axis, margin in enumerate(known)
    )


def _list(names: Any) -> str:
    return ", ".join(map(str, names)) or "nothing"
