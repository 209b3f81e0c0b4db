"""The permutation test of an effect.

Method: docs/methods.md C3, C4b, C4c. Under no effect for anybody, and an order as good as random within strata, every
order is equally likely, whatever the outcome's distribution and its correlation over years.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ci_eval.agreement.refusals import refuse
from ci_eval.impact.effects.cohort_moments import neyman_se, same_design
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.inference.inversion import not_rejected
from ci_eval.impact.inference.orders import DRAWS, EXACT_UP_TO, WHAT, Orders, rollout_orders
from ci_eval.impact.inference.statistics_by_order import statistics
from ci_eval.impact.panel import Panel

WHAT_ADJUSTED = "CANNOT ADJUST FOR THE BASE YEAR"
FEWEST = 5  # units treated together in a cohort below which a coefficient cannot be learnt


@dataclass(frozen=True)
class PermutationResult:
    """Result of the permutation test of one contrast.

    Attributes
    ----------
    estimate : in the unit of the outcome
    se : Neyman's standard error; None in a raw test
    p_raw, p_studentised : two-sided, the order that happened counted in; p_studentised None in a raw test
    low, high : effects not rejected at the level asked for by the studentised test (raw in a raw test), constant for all;
        infinite where the orders are too few to reject
    orders, kind, possible : orders tried, "exact" or "random", different orders there are
    exposed_units, control_units : units compared
    coefficient : of an adjusted estimate, by how many units it falls for one of difference in base years; otherwise 0
    """

    estimate: float
    se: float | None
    p_raw: float
    p_studentised: float | None
    low: float
    high: float
    orders: int
    kind: str
    possible: int
    exposed_units: int
    control_units: int
    coefficient: float = 0.0

    @property
    def p(self) -> float:
        """The studentised p where there is one, otherwise the raw."""
        return self.p_raw if self.p_studentised is None else self.p_studentised


def permutation_test(
    panel: Panel,
    contrast: Contrast,
    *,
    strata: Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
    studentised: bool = True,
    exact_up_to: int = EXACT_UP_TO,
    orders: Orders | None = None,
    across: Callable[..., Iterable[Any]] = map,
) -> PermutationResult:
    """Test a contrast by permuting the rollout order within strata; hosts of one engagement change places together.

    Parameters
    ----------
    panel, contrast : the contrast must be made from `panel.design`
    strata : stratum of each unit; the order was as good as random within them
    draws, seed, exact_up_to : see `rollout_orders`
    level : of the interval
    studentised : compare estimate over Neyman's standard error, which keeps the size where effects differ
    orders : orders made before, so that many contrasts are tested on the same ones
    across : see `statistics`; it pays from some hundred thousand orders (docs/scaling.md)

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years, callaway_santanna
    >>> exposure = Exposure.from_cohorts(dict(zip("ABCD", [2022, 2022, None, None])), Years.of([2021, 2022]))
    >>> panel = Panel(exposure, np.array([[0.0, 5], [0, 4], [0, 1], [0, 0]]), np.ones(4))
    >>> result = permutation_test(panel, callaway_santanna(panel.design), studentised=False)
    >>> result.orders, round(result.p, 3)  # the order that happened and its mirror image, of six
    (6, 0.333)

    Returns
    -------
    PermutationResult; p is (number of orders at least as extreme) / (orders), never 0.

    Raises
    ------
    Refused
        If only one order is possible, the level is not between 0 and 1, or the standard error is 0, NaN or
        unknown because a cohort has one unit (`studentised=False` then still tests). An adjusted estimate also where a
        cohort has fewer than 5 units, those exposed together counted as one.
    """
    if not 0 < level < 1:
        refuse(WHAT, "level", f"There is no interval of level {level}.", fix="give 95% as 0.95")
    same_design(panel, contrast)
    _refuse_small_cohorts(panel, contrast)
    # Where this one is known, so is that of an adjusted estimate.
    se = neyman_se(panel, contrast) if studentised else None
    if orders is None:
        orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=exact_up_to)
    by_order = statistics(panel, contrast, orders, across)
    value, variance, slope = by_order.at()
    adjusted = contrast.coefficient is not None
    low, high = not_rejected(by_order, level, studentised=studentised)
    return PermutationResult(
        float(value[0]),
        float(np.sqrt(variance[0])) if studentised and adjusted else se,
        by_order.p(studentised=False),
        by_order.p(studentised=True) if studentised else None,
        low,
        high,
        len(orders),
        orders.kind,
        orders.possible,
        contrast.exposed_units,
        contrast.control_units,
        float(slope[0]),
    )


def uniform_width(panel: Panel, contrasts: Sequence[Contrast], orders: Orders, level: float = 0.95) -> float:
    """How many standard errors wide intervals of several contrasts have to be to hold all together.

    The level's quantile, over the rollout orders, of the largest of the contrasts' absolute studentised estimates; as in
    Freyberger & Rai 2018, whose normal draws the orders replace. At least the width of any of them alone.

    Examples
    --------
    >>> from ci_eval.impact import Exposure, Years, event_study, rollout_orders
    >>> years = Years.of([2020, 2021, 2022])
    >>> exposure = Exposure.from_cohorts({str(unit): 2022 if unit < 8 else None for unit in range(20)}, years)
    >>> panel = Panel(exposure, np.random.default_rng(1).normal(size=(20, 3)), np.ones(20))
    >>> contrasts = event_study(panel.design, base="universal")
    >>> orders = rollout_orders(panel, draws=499, seed=1)
    >>> uniform_width(panel, contrasts[:1], orders) < uniform_width(panel, contrasts, orders) < 4
    True
    """
    largest = np.zeros(len(orders))
    for contrast in contrasts:
        value, variance, _ = statistics(panel, contrast, orders).at()
        with np.errstate(divide="ignore", invalid="ignore"):
            largest = np.fmax(largest, np.abs(value) / np.sqrt(variance))
    return float(np.sort(largest)[min(int(np.ceil(level * len(largest))), len(largest)) - 1])


def _refuse_small_cohorts(panel: Panel, contrast: Contrast) -> None:
    if contrast.coefficient is None:
        return
    size = panel.treated_together()[0].design.size
    small = np.flatnonzero((np.abs(contrast.weights).max(axis=1) > 0) & (size < FEWEST))
    if len(small):
        label, few = contrast.design.labels[int(small[0])], int(size[small[0]])
        text = f"The cohort {label} has {few} units treated apart, too few to learn a coefficient from."
        refuse(
            WHAT_ADJUSTED, "few-units", text, fix=f"use Callaway–Sant’Anna, or cohorts of {FEWEST} or more"
        )
