"""How differences in percentage points are written: signs, p values, and the columns that tables of them share."""

import numpy as np

from ci_eval.report import formats
from ci_eval.report.pieces import Column

TOO_FEW = "the orders are too few to reject any effect"


def p_value(p: float) -> str:
    """A p value as the tables write it."""
    return formats.rounded(p, 3)


def signed(value: float) -> str:
    """A number of percentage points with its sign, one decimal; an interval without end says so."""
    if np.isinf(value):
        return "no limit"
    text = formats.rounded(value, 1)
    return text if text.startswith(formats.MINUS) or float(text) == 0 else f"+{text}"


def columns(blank: str = "", limit: str = TOO_FEW, side: str = "") -> tuple[Column, ...]:
    """Difference, interval, p and the authorities on either side; why each may be blank."""
    return (
        Column("estimate", "Difference, percentage points", "number", blank=blank),
        Column("low", "Interval from", "number", blank=limit),
        Column("high", "Interval to", "number", blank=limit),
        Column("p", "p", "number", blank=blank and "not tested", decimals=3),
        Column("exposed", "Authorities exposed", "count", blank=side),
        Column("controls", "Authorities compared with", "count", blank=side),
    )
