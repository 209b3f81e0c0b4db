"""The effect on the outcome that belongs to each engagement's area of focus, by permuting engagements.

Method: docs/methods.md C4d. Every engagement is compared on its own outcome, so that one number pools several outcomes.
"""

from dataclasses import dataclass

import numpy as np

from ci_eval.agreement.refusals import FloatArray, IntArray, refuse
from ci_eval.impact.inference.inversion import raw_limits

WHAT = "CANNOT ESTIMATE THE EFFECT ON MATCHED OUTCOMES"
TIE = 1e-9  # differences this small beside the estimate are rounding


@dataclass(frozen=True)
class MatchedEffect:
    """The mean over engagements, its interval by inversion, the share of orders as extreme, and how many are compared."""

    estimate: float
    low: float
    high: float
    p: float
    exposed: int
    controls: int


def matched_effect(
    changes: FloatArray, outcome: IntArray, *, draws: int = 1999, seed: int = 1, level: float = 0.95
) -> MatchedEffect:
    """Mean over engagements of its change in its own outcome, less the mean change of controls in the same.

    Parameters
    ----------
    changes : (units, outcomes) change of each unit in each outcome, finite; higher is better in all
    outcome : (units,) place of the outcome matched to the unit's focus; −1 for units compared with
    draws, seed, level : random orders, their start, and the level of the interval

    Examples
    --------
    >>> changes = np.array([[3.0, 0.0], [0.0, 5.0], [1.0, 2.0], [1.0, 0.0]])
    >>> matched_effect(changes, np.array([0, 1, -1, -1])).estimate
    3.0

    Raises
    ------
    Refused
        Without engagements or controls, and for a change that is not finite.
    """
    hosts = np.flatnonzero(outcome >= 0)
    controls = np.flatnonzero(outcome < 0)
    if not len(hosts) or not len(controls):
        text = (
            f"There are {len(hosts)} engagements with an outcome of their focus and {len(controls)} controls."
        )
        refuse(WHAT, "nobody", text, fix="give the focus of engagements, and outcomes mapped to it")
    if not np.isfinite(changes).all():
        refuse(WHAT, "not-finite", "A change is missing or infinite.", fix="leave the unit out")
    own = np.zeros_like(changes)
    own[hosts, outcome[hosts]] = 1.0
    share = np.bincount(outcome[hosts], minlength=changes.shape[1]) / len(hosts)
    random = np.random.default_rng(seed)
    orders = np.vstack([np.arange(len(changes)), *(random.permutation(len(changes)) for _ in range(draws))])

    def statistic(values: FloatArray) -> FloatArray:
        matched = values[orders[:, hosts], outcome[hosts]].mean(axis=1)
        return np.asarray(matched - values[orders[:, controls]].mean(axis=1) @ share)

    theta, slope = statistic(changes), statistic(own)
    low, high = raw_limits(theta, slope, level)
    extreme = np.abs(theta) >= abs(theta[0]) - TIE
    return MatchedEffect(float(theta[0]), low, high, float(extreme.mean()), len(hosts), len(controls))
