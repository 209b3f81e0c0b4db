"""How differences in percentage points are written: signs, p values, and the columns that tables of them share."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column

GAP = "gap between quintiles 5 and 1"
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


def narrower_or_wider(value: float) -> str:
    """A difference of a gap in words: ``1.3 percentage points narrower``."""
    if np.isinf(value):
        return "no limit"
    text = formats.rounded(abs(value), 1)
    return f"{text} percentage points {'narrower' if value < 0 else 'wider'}"


def gap_indexes(indexes: Mapping[str, Any]) -> str:
    """Which editions of the deprivation index lie behind the years of a gap; "" where one does, or none is named."""
    spans = indexes.get("spans", ())
    if len(spans) < 2:
        return ""
    listed = sentences.listed(
        f"{name} in {first}" if first == last else f"{name} from {first} to {last}"
        for name, first, last in spans
    )
    text = (
        f"Fifths of areas are those of {listed}; a change of the gap between them is a change of index too."
    )
    if len(indexes["used"]) == 1:
        text += f" The estimate compares years of {indexes['used'][0]} alone."
    return text


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
