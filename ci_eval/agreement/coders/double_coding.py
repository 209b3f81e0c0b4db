"""What a pilot of double coding says of the rest: how many comments to code twice, and which codes are confused.

Methods: docs/methods.md B5.
"""

from collections import Counter
from itertools import combinations
from math import ceil, isfinite
from statistics import NormalDist

import pandas as pd

from ci_eval.agreement.coders.agreement_result import Agreement

WITHIN = 0.1  # half the width of the interval that is aimed at


def comments_needed(pilot: Agreement, within: float = WITHIN) -> int | None:
    """How many comments two people must code for an interval of the coefficient of ± `within`.

    Examples
    --------
    >>> comments_needed(Agreement("alpha", 0.7, se=0.1, pairable=30))
    116

    The standard error of the pilot falls with the root of the number of comments: n (z · se / within)², rounded up. None
    where the pilot cannot say: no standard error, or one of 0, where all coded alike.
    """
    if not isfinite(pilot.se) or pilot.se <= 0 or not pilot.pairable:
        return None
    z = NormalDist().inv_cdf(1 - (1 - pilot.level) / 2)
    # a hair off before rounding up, so that ± within itself needs no comment more
    return ceil(round(pilot.pairable * (z * pilot.se / within) ** 2, 6))


def most_confused(sets: pd.DataFrame) -> tuple[str, str, int] | None:
    """The two codes most often given for one another, and how many pairs of codings did so; None where none were.

    Examples
    --------
    >>> rows = [("1", "a", {"time"}), ("1", "b", {"mode"}), ("2", "a", {"time"}), ("2", "b", {"time"})]
    >>> most_confused(pd.DataFrame(rows, columns=["unit", "coder", "code"]))
    ('mode', 'time', 1)

    Parameters
    ----------
    sets : one row a unit and coder: unit, coder, code (a set of keys)

    One coder gave the first and not the second, another the second and not the first, of the same unit. Of several pairs
    of codes equally often, the first in alphabetical order.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for _, rows in sets.groupby("unit", sort=False):
        for one, other in combinations(rows["code"], 2):
            swapped = {(a, b) for a in set(one) - set(other) for b in set(other) - set(one)}
            counted.update((min(pair), max(pair)) for pair in swapped)
    if not counted:
        return None
    (first, second), number = min(counted.items(), key=lambda item: (-item[1], item[0]))
    return first, second, number
