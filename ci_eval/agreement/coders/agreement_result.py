"""What a measure of agreement between coders answers, and how it refuses what is not a set of codes."""

from dataclasses import asdict, dataclass
from math import isfinite, nan
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_eval.agreement.arguments import is_number
from ci_eval.agreement.refusals import Refused

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

HEADLINE = "CANNOT MEASURE AGREEMENT BETWEEN CODERS"
ONE_UNIT = "one unit only: no standard error"


@dataclass(frozen=True)
class Agreement:
    """One coefficient of agreement with its interval.

    Attributes
    ----------
    name : the coefficient, e.g. ``"Krippendorff's alpha, nominal"``
    coefficient, low, high : the coefficient and the ends of its interval; at most 1, 0 is what chance gives
        (percent agreement is a fraction 0..1). NaN only where the coefficient is not defined or an interval
        cannot be had, and then `note` says why, or where no interval was asked for.
    se : standard error, from the published formula or the spread of the bootstrap draws
    level : level of the interval, e.g. 0.95
    observed, expected : agreement observed and expected by chance, 0..1; for Krippendorff's alpha the
        *disagreement* observed and expected, in the unit of its metric
    units, coders : rows and columns received
    pairable : units with codes from two coders or more, the only ones that say anything about agreement
    note : what a reader must know before using the number; "" where there is nothing to say
    """

    name: str
    coefficient: float = nan
    low: float = nan
    high: float = nan
    se: float = nan
    level: float = 0.95
    observed: float = nan
    expected: float = nan
    units: int = 0
    coders: int = 0
    pairable: int = 0
    note: str = ""

    @property
    def defined(self) -> bool:
        return isfinite(self.coefficient)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def refusal(check: str, message: str, where: str = "", count: int = 1, fix: str = "") -> Refused:
    """The error for ratings that cannot be used; one cause, with its place and what to do about it."""
    return Refused(HEADLINE, check, message, where=where, count=count, fix=fix)


def joined(*remarks: str) -> str:
    """Remarks as one note, without the empty ones."""
    return "; ".join(remark for remark in remarks if remark)


def limits(
    coefficient: float, se: float, level: float, freedom: float | None, least: float = -1.0
) -> tuple[float, float]:
    """Symmetric limits, cut at 1, and at `least` unless the coefficient itself is below (missing codes allow that).

    `freedom` is the degrees of freedom of Student's t; None takes the normal distribution.
    """
    upper = 1 - (1 - level) / 2
    if freedom is None:
        quantile = NormalDist().inv_cdf(upper)
    else:
        from scipy.special import stdtrit  # here, so that an interval by bootstrap needs no scipy

        quantile = float(stdtrit(freedom, upper))
    low = max(min(least, coefficient), coefficient - quantile * se)
    return low, min(1.0, coefficient + quantile * se)


def check_options(level: float, interval: str | None, ddof: int) -> None:
    """Refuse an interval that cannot be made.

    Raises
    ------
    Refused
        `level` not strictly between 0 and 1; `interval` other than "bootstrap", "analytic" or None; `ddof`
        other than 0 or 1.
    """
    if not (is_number(level) and 0 < level < 1):
        raise refusal(
            "level",
            f"The level of an interval is a fraction between 0 and 1, not {level!r}.",
            fix="give 0.95 for a 95% interval",
        )
    if interval not in ("bootstrap", "analytic", None):
        raise refusal(
            "interval", f"There is no interval called {interval!r}.", fix='use "bootstrap" or "analytic"'
        )
    if ddof not in (0, 1):
        raise refusal("ddof", f"ddof is 0 or 1, not {ddof!r}.", fix="leave it at 1 for ratings")


def no_width(low: float, high: float) -> str:
    """The remark on an interval that is a point."""
    if not high - low < 1e-12:
        return ""
    return (
        "any sample of these units gives the same coefficient, so the interval has no width and says nothing of "
        "units not yet coded"
    )
