"""The permutation test of an effect: raw and studentised p, interval, null distribution.

Method: docs/methods.md C3. Under no effect for anybody, and an order as good as random within strata, every
order is equally likely, whatever the outcome's distribution and its correlation over years.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ci_eval.impact.effects.contrast import Contrast
from ci_eval.impact.panel import Panel
from ci_eval.impact.refusals import FloatArray, refuse
from ci_eval.impact.standard_errors import neyman_se, same_design

from .gather import statistics
from .inversion import TIE, not_rejected
from .orders import DRAWS, EXACT_UP_TO, WHAT, Orders, rollout_orders


@dataclass(frozen=True)
class PermutationResult:
    """What the permutation test of one contrast found.

    Attributes
    ----------
    name, estimator, key : of the contrast
    estimate : in the unit of the outcome
    se : Neyman's standard error; None in a raw test
    p_raw, p_studentised : two-sided, the order that happened counted in; p_studentised None in a raw test
    low, high : effects not rejected at `level` by the studentised test (raw in a raw test), constant for all;
        infinite where the orders are too few to reject
    low_raw, high_raw : the same by the raw test
    null_sd : standard deviation of the estimate over the orders
    orders, kind, possible : orders tried, "exact" or "random", different orders there are
    exposed_units, control_units : units compared
    """

    name: str
    estimator: str
    key: int | None
    estimate: float
    se: float | None
    p_raw: float
    p_studentised: float | None
    low: float
    high: float
    low_raw: float
    high_raw: float
    level: float
    null_sd: float
    orders: int
    kind: str
    possible: int
    exposed_units: int
    control_units: int

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
) -> PermutationResult:
    """Test a contrast by permuting the rollout order within strata.

    Parameters
    ----------
    panel, contrast : the contrast must be made from `panel.design`
    strata : stratum of each unit; the order was as good as random within them
    draws, seed, exact_up_to : see `rollout_orders`
    level : of the interval
    studentised : compare estimate over Neyman's standard error, which keeps the size where effects differ
    orders : orders made before, so that many contrasts are tested on the same ones

    Returns
    -------
    PermutationResult; p is (number of orders at least as extreme) / (orders), never 0.

    Raises
    ------
    InputError
        If only one order is possible, the level is not between 0 and 1, or the standard error is 0, NaN or
        unknown because a cohort has one unit (`studentised=False` then still tests).
    """
    if not 0 < level < 1:
        refuse(WHAT, "level", f"There is no interval of level {level}.", mend="give 95% as 0.95")
    same_design(panel, contrast)
    se = neyman_se(panel, contrast) if studentised else None
    if orders is None:
        orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=exact_up_to)
    found = statistics(panel, contrast, orders)
    p_raw = share_as_extreme(found.estimate**2)
    p_studentised = None
    low_raw, high_raw = not_rejected(found, level, studentised=False)
    low, high = low_raw, high_raw
    if studentised:
        # An order without any spread within its cohorts is as extreme as can be: it counts against the effect.
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = found.estimate**2 / found.variance
        p_studentised = share_as_extreme(np.where(np.isnan(ratio), np.inf, ratio))
        low, high = not_rejected(found, level, studentised=True)
    return PermutationResult(
        contrast.name,
        contrast.estimator,
        contrast.key,
        float(found.estimate[0]),
        se,
        p_raw,
        p_studentised,
        low,
        high,
        low_raw,
        high_raw,
        level,
        float(np.std(found.estimate)),
        len(orders),
        orders.kind,
        orders.possible,
        contrast.exposed_units,
        contrast.control_units,
    )


def share_as_extreme(squared: FloatArray) -> float:
    """Share of orders whose squared statistic is at least that of the first; ties up to rounding count."""
    return float((squared >= squared[0] * (1 - 2 * TIE)).mean())
