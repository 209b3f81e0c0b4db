"""The rows of the framework's long file, by indicator: which are used, and what each says."""

from collections import Counter
from dataclasses import dataclass, field
from math import isclose, isnan, nan

from ci_eval.survey.text import shown

from .delimited import Delimited
from .opening import DOWNLOAD_AGAIN
from .places import Places, school_year, span_of_years

NEEDED = ("Code", "LocalAuthority", "Year", "LA_IndicatorReal")
PARTS = ("LA_Numerator_real", "LA_Den_Real")
NATION = ("Scotland_Indicator_Real", "Scotland_Num_Real", "Scotland_Den_Real")
NOT_ASKED, SPAN, EMPTY = "indicator not asked for", "several years in one value", "blank row"
Parts = tuple[float, float, float]  # value, numerator, denominator as in the file


@dataclass
class Series:
    """One indicator: parts and reason of a missing value by council and year; Scotland's parts by year."""

    councils: dict[tuple[str, str], Parts] = field(default_factory=dict)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    nation: dict[str, Parts] = field(default_factory=dict)


def gathered(
    source: Delimited, places: Places, wanted: tuple[str, ...] | None, left_out: Counter[str]
) -> dict[str, Series]:
    """The indicators wanted (None: all) that the file holds; rows not used are counted by reason."""
    found: dict[str, Series] = {}
    for number, row in source.rows():
        code, year_text = source.text(row, "Code"), source.text(row, "Year")
        if not code and not year_text and not source.text(row, "LocalAuthority"):
            left_out[EMPTY] += 1
        elif wanted is not None and code not in wanted:
            left_out[NOT_ASKED] += 1
        elif span_of_years(year_text):
            left_out[SPAN] += 1
            found.setdefault(code, Series())
        elif not (year := school_year(year_text)):
            message = "A year is not written like 2021-22."
            where = f'{source.where(number, "Year")}: "{shown(year_text, 40)}"'
            source.findings.add("year-unknown", "REJECT", message, where, DOWNLOAD_AGAIN)
        else:
            _add(source, places, found.setdefault(code, Series()), number, row, year)
    left_out[EMPTY] += source.blank
    return found


def _add(source: Delimited, places: Places, series: Series, number: int, row: list[str], year: str) -> None:
    name = source.text(row, "LocalAuthority")
    council = places.code(name, source.where(number, "LocalAuthority"))
    stated = source.text(row, "gss_code")
    if stated and council and places.look_up(stated) != council:
        message = f"The code {shown(stated, 20)} is not that of {shown(name, 40)}."
        source.findings.add(
            "code-and-name", "REJECT", message, source.where(number, "gss_code"), DOWNLOAD_AGAIN
        )
    if not council:
        return
    if (council, year) in series.councils:
        message = "An indicator of a council and year stands twice."
        source.findings.add("value-twice", "REJECT", message, source.where(number, "Code"), DOWNLOAD_AGAIN)
    value, over, under, *of_nation = (
        source.number(number, row, column) for column in (NEEDED[3], *PARTS, *NATION)
    )
    series.councils[council, year] = value.value, over.value, under.value
    series.reasons[council, year] = value.missing
    figures = of_nation[0].value, of_nation[1].value, of_nation[2].value
    before = series.nation.setdefault(year, figures)
    if not isclose(before[0], figures[0], rel_tol=1e-6) and not (isnan(before[0]) and isnan(figures[0])):
        message = (
            "The figure of Scotland differs between councils of one indicator and year; it was left out."
        )
        source.findings.add(
            "nation-differs", "WARN", message, source.where(number, NATION[0]), DOWNLOAD_AGAIN
        )
        series.nation[year] = (nan, nan, nan)
