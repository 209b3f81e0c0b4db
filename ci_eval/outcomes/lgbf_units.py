"""What an indicator of the Local Government Benchmarking Framework is measured in.

Copies of the framework hold percentages as fractions (0.74) or as percent (74). Which of them a file holds is
known by its own numerators and denominators where it has them, and by the framework's indicator information;
where values contradict that information nothing is assumed, and the unit has to be declared.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ci_eval.inputs.published import DOWNLOAD_AGAIN
from ci_eval.outcomes.outcome_table import PERCENT, POINTS
from ci_eval.outcomes.rows_by_heading import Delimited

FRACTION = "fraction"
NEEDED = ("Code", "Title", "MeasureType", "NumberFormat")
MULTIPLIERS = ("Numerator_Multipier", "Denominator_Multiplier")  # the first is spelt so in the published file
UNITS = {
    "Cost": "pounds",
    "Score": "points",
    "Days": "days",
    "Weeks": "weeks",
    "Rate per 1,000": "per 1,000",
    "Rate per 10,000": "per 10,000",
}
ENOUGH = 10  # values with a numerator and a denominator from which a unit is known
NEAR = 0.01  # how near to 1 or 100 their ratio to the value has to be


@dataclass(frozen=True)
class Indicator:
    """One indicator: code, title, kind of measure, how the framework shows it, what multiplies its parts."""

    code: str
    title: str
    kind: str
    format: str
    multiplier: float = 1.0


@dataclass(frozen=True)
class Unit:
    """What values are multiplied by to be in `name`; `known_by` says how we know. No name: it is not known."""

    name: str
    factor: float = 1.0
    known_by: str = ""


def load_information(path: str | os.PathLike[str]) -> dict[str, Indicator]:
    """The indicator information of the framework, by code.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a heading, or lists a code twice.
    """
    source = Delimited(path, NEEDED, MULTIPLIERS, DOWNLOAD_AGAIN)
    indicators: dict[str, Indicator] = {}
    for number, row in source.rows():
        code = source.text(row, "Code")
        if code in indicators:
            message = "An indicator is listed twice."
            source.findings.add(
                "indicator-twice", "REJECT", message, source.where(number, "Code"), DOWNLOAD_AGAIN
            )
        parts = [source.number(number, row, name).value for name in MULTIPLIERS if source.has(name)]
        over, under = np.nan_to_num(parts, nan=1.0) if len(parts) == len(MULTIPLIERS) else (1.0, 1.0)
        title, kind = source.text(row, "Title"), source.text(row, "MeasureType")
        indicators[code] = Indicator(
            code, title, kind, source.text(row, "NumberFormat"), float(over / (under or 1.0))
        )
    source.findings.raise_if_stopping()
    return indicators


def unit_of(
    indicator: Indicator,
    values: NDArray[np.float64],
    numerators: NDArray[np.float64],
    denominators: NDArray[np.float64],
) -> Unit:
    """The unit of an indicator's values in one file (n,), NaN where missing.

    It has no name where a percentage could be a fraction or percent.
    """
    if indicator.kind != "Percentage":
        plain = indicator.format.replace('"', "").replace("0", "").strip(" .#,")
        return Unit(UNITS.get(indicator.kind, plain or indicator.kind), 1.0, "indicator information")
    name = POINTS if "point gap" in indicator.title.casefold() else PERCENT
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = values / (numerators * indicator.multiplier / denominators)
    ratios = ratios[np.isfinite(ratios)]
    if len(ratios) >= ENOUGH:
        ratio = float(np.median(ratios))
        for size, factor in ((1.0, 100.0), (100.0, 1.0)):
            if abs(ratio / size - 1) <= NEAR:
                return Unit(name, factor, "numerators and denominators")
        return Unit("")
    # A spreadsheet's percent format shows a fraction, so information that has one says: these are fractions.
    known = values[np.isfinite(values)]
    if "%" in indicator.format and len(known) and np.abs(known).max() <= 1:
        return Unit(name, 100.0, "indicator information")
    return Unit("")


def declared_unit(given: str, indicator: Indicator | None) -> Unit:
    """The unit a person declared: ``"fraction"`` gives percent, anything else is taken as it is."""
    gap = indicator is not None and "point gap" in indicator.title.casefold()
    name = POINTS if gap and given in (FRACTION, PERCENT) else PERCENT if given == FRACTION else given
    return Unit(name, 100.0 if given == FRACTION else 1.0, "declaration")


def range_of(values: Sequence[float] | NDArray[np.float64]) -> str:
    """Smallest and largest value, for a message."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    return f"{known.min():g} to {known.max():g}" if len(known) else "no number"
