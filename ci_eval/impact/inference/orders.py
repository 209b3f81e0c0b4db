"""Rollout orders: every way, or a random sample of the ways, in which units could have shared out the cohorts.

Method: docs/methods.md C3, C4b. Units change places within strata, so that each stratum keeps its number of units in
every cohort; hosts of one engagement were treated once and change places together. Few different orders are
enumerated; many are drawn, and the order that happened counts in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import chain, combinations
from math import comb
from typing import Literal

import numpy as np

from ci_eval.agreement.refusals import IntArray, named, refuse
from ci_eval.impact.panel import Panel

WHAT = "CANNOT PERMUTE THE ROLLOUT ORDER"
DRAWS = 1999  # with the order that happened 2,000, so that p has three decimals
EXACT_UP_TO = 20_000  # different orders that are enumerated instead of drawn


@dataclass(frozen=True)
class Orders:
    """Rollout orders of the units that have a year before exposure, those exposed together counted as one.

    Attributes
    ----------
    units : (B, n) which unit of `Panel.treated_together` stands in each place; row 0 is the order that happened
    cohort : (n,) cohort of each place, ascending
    stratum : (units treated together,) number of the stratum of each
    member : (units,) place among those treated together of every unit of the panel
    kind : "exact" where every different order is there once, otherwise "random"
    possible : number of different orders
    """

    units: IntArray
    cohort: IntArray
    stratum: IntArray
    member: IntArray
    kind: Literal["exact", "random"]
    possible: int

    def __len__(self) -> int:
        return len(self.units)

    @property
    def starts(self) -> IntArray:
        """(cohorts present,) first place of each cohort."""
        return np.flatnonzero(np.diff(self.cohort, prepend=-1)).astype(np.int64)

    @property
    def cohorts(self) -> IntArray:
        """(B, units) cohort of every unit of the panel in each order; -1 where it takes no part."""
        label = np.full((len(self), int(self.member.max()) + 1), -1, dtype=np.int64)
        np.put_along_axis(label, self.units, np.broadcast_to(self.cohort, self.units.shape), axis=1)
        return label[:, self.member]


def rollout_orders(
    panel: Panel,
    strata: Mapping[str, object] | None = None,
    *,
    draws: int = DRAWS,
    seed: int,
    exact_up_to: int = EXACT_UP_TO,
) -> Orders:
    """The orders a permutation test goes through.

    Parameters
    ----------
    panel : units and their cohorts; cohorts exposed from the first year on take no part
    strata : stratum of each unit within which the schedule was drawn; by default one stratum. Hosts of one
        engagement from several strata make a stratum of their own.
    draws : random orders beside the one that happened
    seed : start of the random numbers
    exact_up_to : enumerate instead where there are no more different orders than this

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years
    >>> exposure = Exposure.from_cohorts(dict(zip("ABCD", [2022, 2022, None, None])), Years.of([2021, 2022]))
    >>> orders = rollout_orders(Panel(exposure, np.zeros((4, 2)), np.ones(4)), seed=1)
    >>> len(orders), orders.kind
    (6, 'exact')

    Raises
    ------
    Refused
        If a unit has no stratum, draws are fewer than 1, or only one order is possible.
    """
    if draws < 1:
        refuse(WHAT, "draws", f"{draws} orders cannot be drawn.", fix="draw at least 1, better 1,999")
    together, member = panel.treated_together()
    takes_part = np.flatnonzero(together.design.compared[together.groups])
    cohort = together.groups[takes_part]
    stratum = _strata(panel.units, member, strata)
    by_stratum = [np.flatnonzero(stratum[takes_part] == one) for one in np.unique(stratum[takes_part])]
    possible = reduce(lambda ways, rows: ways * _ways(cohort[rows]), by_stratum, 1)
    if possible < 2:
        text = "Only one rollout order is possible, so that nothing can be compared with it."
        refuse(WHAT, "one-order", text, fix="use fewer strata, or units of more than one cohort")
    if possible <= exact_up_to:
        labels = _enumerated(cohort, by_stratum)
    else:
        labels = _drawn(cohort, by_stratum, draws, np.random.default_rng(seed))
    # Units sorted by the cohort an order gives them fill the places, which are in order of cohort.
    places = np.argsort(labels, axis=1, kind="stable")
    kind: Literal["exact", "random"] = "exact" if possible <= exact_up_to else "random"
    return Orders(takes_part[places].astype(np.int64), np.sort(cohort), stratum, member, kind, possible)


def _strata(units: tuple[str, ...], member: IntArray, strata: Mapping[str, object] | None) -> IntArray:
    """Number of the stratum of units treated together; all 0 without strata, refused where a unit has none."""
    if strata is None:
        return np.zeros(int(member.max()) + 1, dtype=np.int64)
    lacking = [unit for unit in units if strata.get(unit) is None]
    if lacking:
        text = f"No stratum is given for {named(lacking)}."
        refuse(WHAT, "no-stratum", text, count=len(lacking), fix="give every unit its stratum")
    of_members: dict[int, set[str]] = {}
    for unit, place in zip(units, member.tolist(), strict=True):
        of_members.setdefault(place, set()).add(str(strata[unit]))
    names = [" or ".join(sorted(of_members[place])) for place in sorted(of_members)]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _ways(cohort: IntArray) -> int:
    """Different ways of sharing out the cohorts of one stratum."""
    left, ways = len(cohort), 1
    for size in np.unique(cohort, return_counts=True)[1].tolist():
        ways *= comb(left, size)
        left -= size
    return ways


def _drawn(
    cohort: IntArray, by_stratum: Iterable[IntArray], draws: int, random: np.random.Generator
) -> IntArray:
    """(1 + draws, n) cohort of each unit: as it happened, then shuffled within strata."""
    labels = np.tile(cohort, (draws + 1, 1))
    for rows in by_stratum:
        labels[1:, rows] = random.permuted(labels[1:, rows], axis=1)
    return labels


def _enumerated(cohort: IntArray, by_stratum: list[IntArray]) -> IntArray:
    """(possible, n) every different sharing out, the one that happened first."""
    every = np.empty((1, len(cohort)), dtype=np.int64)
    for rows in by_stratum:
        ways = _arrangements(cohort[rows])
        every = np.repeat(every, len(ways), axis=0)
        every[:, rows] = np.tile(ways, (len(every) // len(ways), 1))
    happened = int(np.flatnonzero((every == cohort).all(axis=1))[0])
    every[[0, happened]] = every[[happened, 0]]
    return every


def _arrangements(cohort: IntArray) -> IntArray:
    """(ways, n) the different arrangements of a multiset, one cohort placed after the other."""
    ways = np.full((1, len(cohort)), -1, dtype=np.int64)
    for label, size in zip(*np.unique(cohort, return_counts=True), strict=True):
        free = np.nonzero(ways < 0)[1].reshape(len(ways), -1)
        picks = comb(free.shape[1], int(size))
        flat = chain.from_iterable(combinations(range(free.shape[1]), int(size)))
        chosen = np.fromiter(flat, dtype=np.int64, count=picks * int(size)).reshape(picks, -1)
        places = free[:, chosen].reshape(len(ways) * picks, -1)
        ways = np.repeat(ways, picks, axis=0)
        np.put_along_axis(ways, places, label, axis=1)
    return ways
