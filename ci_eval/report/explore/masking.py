"""Which choices of people may be shown, so that no comparison of two choices leads to a few.

Rule: as `ci_eval.report.disclosure`, carried from one table to every combination of filters. A choice is shown if it holds
nobody or at least the smallest group; if dropping any of its filters adds nobody or at least as many; if each choice
with one filter fewer is shown; and if what is hidden beside it, in every line of groups that add up to a total which is
shown, is two groups or more and together at least the smallest group.
"""

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.report.disclosure import masking

if TYPE_CHECKING:
    from numpy.typing import NDArray


def with_margins(cells: "NDArray[np.int64]", axes: int) -> "NDArray[np.int64]":
    """Cells with "everybody" put before the groups of each of the first `axes` axes: place 0 holds the sum."""
    for axis in range(axes):
        cells = np.concatenate([cells.sum(axis=axis, keepdims=True), cells], axis=axis)
    return cells


def visible(table: "NDArray[np.int64]", threshold: int) -> "NDArray[np.bool_]":
    """Which cells may be shown.

    Parameters
    ----------
    table : people by combination of groups, with margins (`with_margins`); along each axis place 0 is everybody, the
        last place those who did not say, between them the groups
    threshold : the least number of people that may be shown

    Returns
    -------
    bool of the same shape. Those who did not say are never shown as a group. Where one filter is chosen they stand
    beside the groups as in the report, where nobody can tell who they are; with more filters they are protected
    like any small group.
    """
    shown = np.zeros(table.shape, dtype=bool)
    everybody = (0,) * table.ndim
    total = int(table[everybody])
    shown[everybody] = total == 0 or total >= threshold
    for depth in range(1, table.ndim + 1):
        for axes in combinations(range(table.ndim), depth):
            hidden = _small_or_close(table, shown, axes, threshold)
            if depth == 1:
                hidden[:-1] |= [bool(reason) for reason in masking(_part(table, axes)[:-1], threshold)]
            else:
                _close(_part(table, axes), hidden, threshold)
            _part(shown, axes)[...] = ~hidden
    return shown


def _part(table: "NDArray[Any]", axes: tuple[int, ...]) -> "NDArray[Any]":
    """The groups along these axes, everybody along the others; a view."""
    return table[tuple(slice(1, None) if axis in axes else 0 for axis in range(table.ndim))]


def _small_or_close(
    table: "NDArray[np.int64]", shown: "NDArray[np.bool_]", axes: tuple[int, ...], threshold: int
) -> "NDArray[np.bool_]":
    """Cells that hold too few, differ from a wider choice by too few, or stand under a choice that is hidden."""
    people = _part(table, axes)
    hidden: NDArray[np.bool_] = (people > 0) & (people < threshold)
    for fewer in range(len(axes)):
        for kept in combinations(axes, fewer):
            spread = tuple(slice(None) if axis in kept else None for axis in axes)
            more = _part(table, kept)[spread] - people
            hidden |= (more > 0) & (more < threshold)
            hidden |= ~_part(shown, kept)[spread]
    for place in range(len(axes)):
        np.moveaxis(hidden, place, 0)[-1] = True  # those who did not say
    return hidden


def _close(people: "NDArray[np.int64]", hidden: "NDArray[np.bool_]", threshold: int) -> None:
    """Hide more, the smallest first, until no line of groups gives away what it hides; changes `hidden`."""
    changed = True
    while changed:
        changed = False
        for axis in range(people.ndim):
            lines = np.moveaxis(people, axis, -1), np.moveaxis(hidden, axis, -1)
            for place in np.ndindex(lines[0].shape[:-1]):
                changed |= _close_line(lines[0][place], lines[1][place], threshold)


def _close_line(people: "NDArray[np.int64]", hidden: "NDArray[np.bool_]", threshold: int) -> bool:
    changed = False
    while True:
        secret = hidden & (people > 0)
        number = int(secret.sum())
        open_to = np.flatnonzero(~hidden & (people > 0))
        if not number or (number > 1 and people[secret].sum() >= threshold) or not open_to.size:
            return changed
        hidden[open_to[np.argmin(people[open_to])]] = True
        changed = True
