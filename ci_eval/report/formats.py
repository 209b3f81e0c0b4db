"""How one value is written for a reader: the only place where a number becomes text.

Sentences, tables and charts use the same functions, so a share cannot read 92% in one and 91.7% in another.
Halves are rounded up, as readers expect, from the shortest decimal that gives the same float (``0.145`` is
15%, though its binary value lies just below).
"""

import datetime as dt
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from ci_eval.inputs.text import printable

if TYPE_CHECKING:
    from ci_eval.agreement import Band

Kind = Literal["text", "count", "percent", "points", "number", "date"]
KINDS: tuple[str, ...] = get_args(Kind)
NUMERIC: frozenset[str] = frozenset({"count", "percent", "points", "number"})
DECIMALS = {"count": 0, "percent": 0, "points": 0, "number": 2}
MOST_DECIMALS = 3
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
BLANK = "–"
MINUS = "−"
DEFAULT_REASON = "There is no value to show."


def is_blank(value: Any) -> bool:
    """Whether a value is missing: None, NaN, NaT, pandas' NA, or an empty text. Infinity is not blank."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(value, str):
        return not value.strip()
    try:
        return math.isnan(value)
    except TypeError:
        return False


def rounded(value: float, decimals: int = 0) -> str:
    """A number with thousands separators and a true minus sign; halves away from zero."""
    exact = Decimal(repr(float(value))) if not isinstance(value, int) else Decimal(value)
    step = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(step):,f}"
    return f"{MINUS}{text}" if step < 0 else text


def percent(share: float, decimals: int = 0, *, bands: "Sequence[Band]") -> str:
    """A share, a fraction 0 to 1, as a percentage that does not contradict its word.

    46 of 51 is "almost all"; as 90% it would read "most", so decimals are added, three at most, until the
    number printed lies in the band of the exact share (docs/methods.md A2). 100% is written only where it is
    everybody and 0% only where it is nobody; a share that would round to them reads "over 99%" or "under 1%".
    `bands` are the words; () leaves them aside, for shares that have none, such as that of one answer of five.
    """
    exact = Fraction(Decimal(repr(float(share))))
    for places in range(decimals, max(decimals, MOST_DECIMALS) + 1):
        printed = Fraction(_rounded(exact * 100, places))
        if exact < 1 and printed == 100:
            return f"over {100 - Decimal(1).scaleb(-places)}%"
        if exact > 0 and printed == 0:
            return f"under {Decimal(1).scaleb(-places)}%"
        if _band(printed / 100, tuple(bands)) == _band(exact, tuple(bands)):
            break
    return f"{rounded(float(printed), places)}%"


@lru_cache(maxsize=4096)
def _band(share: Fraction, bands: "tuple[Band, ...]") -> str:
    """The word of an exact share; "" outside every band."""
    return next((band.word for band in bands if band.holds(share)), "")


def _rounded(value: Fraction, decimals: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def points(difference: float, decimals: int = 0) -> str:
    """A difference of two shares, a fraction -1 to 1, in signed percentage points: ``+4``, ``−3``, ``0``."""
    text = rounded(float(Decimal(repr(float(difference))) * 100), decimals)
    return f"+{text}" if difference > 0 and Decimal(text.replace(",", "")) > 0 else text


def date(day: dt.date | str) -> str:
    """A day as ``30 June 2022``. A text is passed on: a date may be known only as "about May 2022"."""
    if isinstance(day, str):
        return day
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"  # %B would follow the machine's language


def cell_text(value: Any, kind: str, decimals: int | None = None, *, bands: "Sequence[Band]" = ()) -> str:
    """A value as a reader sees it; blanks of every kind become an en dash.

    Raises
    ------
    ValueError
        For a share outside 0 to 1 or a difference outside -1 to 1 (they are fractions), for an infinite
        number, and for a value whose type does not suit `kind`.
    """
    if is_blank(value):
        return BLANK
    if kind == "text":
        return printable(str(value))
    if kind == "date":
        if not isinstance(value, dt.date | str):
            raise ValueError(f"a date column holds {value!r}, which is not a date")
        return printable(date(value))
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise ValueError(f"a {kind} column holds {value!r}, which is not a finite number")
    check_range(value, kind)
    places = DECIMALS[kind] if decimals is None else decimals
    if kind == "percent":
        return percent(value, places, bands=bands)
    return points(value, places) if kind == "points" else rounded(value, places)


def check_range(value: float, kind: str) -> None:
    """Refuse a percentage where a fraction is meant: 92 for 0.92 would read 9,200%."""
    if kind == "percent" and not 0 <= value <= 1:
        raise ValueError(f"a percent column holds {value!r}; it takes fractions from 0 to 1")
    if kind == "points" and not -1 <= value <= 1:
        raise ValueError(f"a points column holds {value!r}; it takes differences of fractions, from -1 to 1")
    if kind == "count" and float(value) != int(value):
        raise ValueError(f"a count column holds {value!r}, which is not a whole number")


def recorded_value(value: Any) -> Any:
    """A value for results.json: numbers to twelve significant digits, days as ISO 8601, blanks as None.

    Twelve digits, because the last bits of a float differ between processors and would make two correct
    runs look different.
    """
    if is_blank(value):
        return None
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if math.isinf(value):
            raise ValueError("an infinite number cannot be reported")
        return float(f"{value:.12g}")
    return printable(str(value))
