"""Local Government Benchmarking Framework: the long file of the Improvement Service to outcomes.

Source: Improvement Service, Local Government Benchmarking Framework; one row an indicator, council and year, with
numerator and denominator for some; the figures of Scotland, repeated in every row, are not read. The whole file and an
extract with GSS codes and titles are both read. Validated against the levels of achievement that the framework
takes over (CHN13a, CHN13b) in the Scottish Government's own workbook (tests/outcomes/test_outcomes_lgbf.py).
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isclose, isnan, nan
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ci_eval.inputs.problems import Level
from ci_eval.inputs.published import DOWNLOAD_AGAIN
from ci_eval.inputs.text import listed, one_line
from ci_eval.outcomes.lgbf_units import Indicator, Unit, declared_unit, load_information, range_of, unit_of
from ci_eval.outcomes.outcome_table import FAR_ABOVE, PERCENT, POINTS, Outcomes, outcomes_of
from ci_eval.outcomes.places_and_years import Places, school_year, span_of_years
from ci_eval.outcomes.rows_by_heading import Delimited
from ci_eval.programme import Councils

NEEDED = ("Code", "LocalAuthority", "Year", "LA_IndicatorReal")
PARTS = ("LA_Numerator_real", "LA_Den_Real")
INFORMATION = "LGBF_Indicator_Information.csv"
SAME = 0.01  # how far, relatively, a value may be from its numerator over its denominator
NOT_ASKED, SPAN, EMPTY = "indicator not asked for", "several years in one value", "blank row"
UNCERTAIN = "unit not certain"
Parts = tuple[float, float, float]  # value, numerator, denominator as in the file


@dataclass
class Series:
    """One indicator: parts and reason of a missing value by council and year."""

    councils: dict[tuple[str, str], Parts] = field(default_factory=dict)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)


def read_lgbf(
    path: str | os.PathLike[str],
    indicators: Iterable[str] | None = None,
    *,
    information: str | os.PathLike[str] | None = None,
    units: Mapping[str, str] | None = None,
    councils: Councils | None = None,
) -> Outcomes:
    """Read indicators of the framework.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> rows = "Code,LocalAuthority,Year,LA_IndicatorReal\\nCHN1,Fife,2021-22,9482"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "framework.csv")
    ...     length = file.write_text(rows)
    ...     outcomes = read_lgbf(file, ["CHN1"], units={"CHN1": "pounds"})
    >>> float(outcomes.frame.loc[0, "value"]), outcomes.frame.loc[0, "unit"]
    (9482.0, 'pounds')

    Parameters
    ----------
    path : the long file (.csv), whole or an extract
    indicators : their codes, e.g. ``["CHN13a", "CHN13b"]``; None reads every one whose unit is certain
    information : the framework's file of indicator information; by default the file
        ``LGBF_Indicator_Information.csv`` in the same folder, if there is one
    units : code → ``"fraction"``, ``"percent"`` or another unit, where the information does not settle it
    councils : default the programme's

    Returns
    -------
    Outcomes whose measure is the indicator's code; percentages are in percent whatever the file holds, differences
    of percentages in percentage points, the rest in the unit named. A year is the framework's (April to March).
    numerator / denominator is the value (times 100 for percent); both are NaN where the file does not give them, or
    gives others. The record counts rows.

    Raises
    ------
    InputError
        With every problem: headings, councils or indicators not known, values twice, a code that is another
        council's than the name, or an indicator asked for whose unit is not certain.
    """
    source = Delimited(path, NEEDED, (*PARTS, "gss_code"), DOWNLOAD_AGAIN)
    places = Places(source.findings, councils)
    beside = Path(path).with_name(INFORMATION)
    given = information if information is not None else beside if beside.is_file() else None
    known = load_information(given) if given is not None else {}
    wanted = None if indicators is None else tuple(dict.fromkeys(indicators))
    left_out: Counter[str] = Counter()
    series = _gathered(source, places, wanted, left_out)
    for code in wanted or ():
        if code not in series:
            message = f'There is no indicator "{one_line(code, 40)}" in the file.'
            source.findings.add("indicator-missing", "REJECT", message, fix="Check the code; case counts.")
    source.findings.raise_if_stopping()
    scales = {code: _unit(code, rows, known.get(code), units) for code, rows in series.items()}
    for code, unit in scales.items():
        if not unit.name:
            _ask_unit(source, code, series[code], known.get(code), wanted is not None)
            left_out[UNCERTAIN] += len(series[code].councils)
    source.findings.raise_if_stopping()
    certain = {code: (rows, scales[code]) for code, rows in series.items() if scales[code].name}
    return _outcomes(source, places, certain, known, left_out)


def _gathered(
    source: Delimited, places: Places, wanted: tuple[str, ...] | None, left_out: Counter[str]
) -> dict[str, Series]:
    """The indicators wanted (None: all) that the file holds; rows not used are counted by reason."""
    series: dict[str, Series] = {}
    for number, row in source.rows():
        code, year_text = source.text(row, "Code"), source.text(row, "Year")
        if not code and not year_text and not source.text(row, "LocalAuthority"):
            left_out[EMPTY] += 1
        elif wanted is not None and code not in wanted:
            left_out[NOT_ASKED] += 1
        elif span_of_years(year_text):
            left_out[SPAN] += 1
            series.setdefault(code, Series())
        elif not (year := school_year(year_text)):
            message = "A year is not written like 2021-22."
            where = f'{source.where(number, "Year")}: "{one_line(year_text, 40)}"'
            source.findings.add("year-unknown", "REJECT", message, where, DOWNLOAD_AGAIN)
        else:
            _add(source, places, series.setdefault(code, Series()), number, row, year)
    left_out[EMPTY] += source.blank
    return series


def _add(source: Delimited, places: Places, series: Series, number: int, row: list[str], year: str) -> None:
    name = source.text(row, "LocalAuthority")
    council = places.code(name, source.where(number, "LocalAuthority"))
    stated = source.text(row, "gss_code")
    if stated and council and places.look_up(stated) != council:
        message = f"The code {one_line(stated, 20)} is not that of {one_line(name, 40)}."
        where = source.where(number, "gss_code")
        source.findings.add("code-and-name", "REJECT", message, where, DOWNLOAD_AGAIN)
    if not council:
        return
    if (council, year) in series.councils:
        message = "An indicator of a council and year is there twice."
        source.findings.add("value-twice", "REJECT", message, source.where(number, "Code"), DOWNLOAD_AGAIN)
    value, over, under = (source.number(number, row, column) for column in (NEEDED[3], *PARTS))
    series.councils[council, year] = value.value, over.value, under.value
    series.reasons[council, year] = value.missing


def _unit(code: str, series: Series, indicator: Indicator | None, units: Mapping[str, str] | None) -> Unit:
    """The unit declared, or certain by the file; without a name where neither settles it."""
    if units and code in units:
        return declared_unit(units[code], indicator)
    if indicator is None or not series.councils:
        return Unit("" if series.councils else "none")
    return unit_of(indicator, *np.array(list(series.councils.values()), dtype=np.float64).T)


def _ask_unit(
    source: Delimited, code: str, series: Series, indicator: Indicator | None, asked_for: bool
) -> None:
    """A unit that is not certain stops the reading if the indicator was asked for by name."""
    kind = f"is a percentage, shown as {indicator.format}" if indicator else "is in no indicator information"
    values = range_of([parts[0] for parts in series.councils.values()])
    message = (
        f"{code} {kind}, and its values are {values}: whether these are fractions or percent is not certain."
    )
    fix = f'Declare it: units = {{"{code}": "percent"}} or {{"{code}": "fraction"}}.'
    level: Level = "ASK" if asked_for else "WARN"
    source.findings.add("unit-not-certain", level, message, fix=fix)


def _outcomes(
    source: Delimited,
    places: Places,
    series: Mapping[str, tuple[Series, Unit]],
    known: Mapping[str, Indicator],
    left_out: Counter[str],
) -> Outcomes:
    rows: list[dict[str, Any]] = []
    for code, (indicator, unit) in series.items():
        multiplier = known[code].multiplier if code in known else 1.0
        for (council, year), parts in indicator.councils.items():
            value, over, under = _agreeing(source, code, parts, unit, multiplier)
            rows.append(
                {
                    "gss_code": council,
                    "school_year": year,
                    "measure": code,
                    "value": value * unit.factor,
                    "unit": unit.name,
                    "missing": indicator.reasons[council, year],
                    "numerator": over * multiplier,
                    "denominator": under,
                }
            )
    _doubt_zeros(source, series)
    known_by = sorted({unit.known_by for indicator, unit in series.values() if indicator.councils})
    return outcomes_of(
        rows,
        places,
        left_out,
        sha256=source.opened.sha256,
        size=source.opened.size,
        description=f"read as the framework's long file, {source.opened.read_as}; units by {listed(known_by)}",
        counted="rows",
        rows_in=len(rows) + sum(left_out.values()),
        titles={code: known[code].title for code in series if code in known},
    )


def _agreeing(source: Delimited, code: str, parts: Parts, unit: Unit, multiplier: float) -> Parts:
    """The parts; without numerator and denominator where these do not give the value, which is noted."""
    value, over, under = parts
    if any(map(isnan, parts)) or not under:
        return value, nan, nan
    size = 100.0 if unit.factor == 1 and unit.name in (PERCENT, POINTS) else 1.0
    if isclose(value, over * multiplier / under * size, rel_tol=SAME, abs_tol=1e-9):
        return parts
    message = f"Numerators and denominators of {code} do not give its values and were left out; the values were used."
    fix = "Ask who published the file which of them is right."
    source.findings.add("parts-disagree", "WARN", message, fix=fix)
    return value, nan, nan


def _doubt_zeros(source: Delimited, series: Mapping[str, tuple[Series, Unit]]) -> None:
    """A value of exactly 0 far below all others is likelier one that was not published than a measurement."""
    for code, (rows, unit) in series.items():
        values = [parts[0] * unit.factor for parts in rows.councils.values()]
        zeros, others = values.count(0), [value for value in values if value > 0]
        far_above = unit.name == PERCENT and others and median(others) > FAR_ABOVE
        if zeros and (far_above or unit.name == "points"):
            message = f"{code} is exactly 0 for some councils and years."
            fix = "Check whether 0 stands for a value that was not published; leave the council out if so."
            source.findings.add("value-of-zero", "WARN", message, fix=fix, count=zeros)
