"""One coefficient of agreement between coders, with its interval and what a reader must know of it.

Methods: docs/methods.md B1 and B2.
"""

from dataclasses import dataclass
from math import isfinite, nan
from statistics import NormalDist

from scipy.special import stdtrit

from ci_eval.agreement.arguments import level_checked
from ci_eval.agreement.refusals import refuse

CODERS = "CANNOT MEASURE AGREEMENT BETWEEN CODERS"  # the headline of every refusal of this subject
ONE_UNIT = "one unit only: no standard error"
NO_WIDTH = (
    "any sample of these units gives the same coefficient, so the interval has no width and says nothing of "
    "units not yet coded"
)


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
    quantile = NormalDist().inv_cdf(upper) if freedom is None else float(stdtrit(freedom, upper))
    low = max(min(least, coefficient), coefficient - quantile * se)
    return low, min(1.0, coefficient + quantile * se)


def check_options(level: float, interval: str | None, ddof: int) -> None:
    """Refuse a level outside 0 to 1, an interval of an unknown kind, and a `ddof` other than 0 or 1."""
    level_checked(level, CODERS)
    if interval not in ("bootstrap", "analytic", None):
        text = f"There is no interval called {interval!r}."
        refuse(CODERS, "interval", text, fix='use "bootstrap" or "analytic"')
    if ddof not in (0, 1):
        refuse(CODERS, "ddof", f"ddof is 0 or 1, not {ddof!r}.", fix="leave it at 1 for codes of units")


def no_width(low: float, high: float) -> str:
    """The remark on an interval that is a point."""
    return NO_WIDTH if high - low < 1e-12 else ""
