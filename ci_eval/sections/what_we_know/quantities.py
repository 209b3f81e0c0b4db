"""How the page writes a value with its unit, a difference and a rank, and draws a course over school years."""

import pandas as pd

from ci_eval.evidence import EvidenceFrame
from ci_eval.outcomes.outcome_table import PERCENT, POINTS
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Figure

SIZE = (8.0, 1.75)  # inches: both courses and the rest fit two printed pages
EVEN = 0.05  # a difference that would be written as 0.0


def amount(value: float, unit: str) -> str:
    """A value with its unit.

    Examples
    --------
    >>> amount(67.25, "percent"), amount(15.4, "percentage points"), amount(3.0, "days")
    ('67.3%', '15.4 percentage points', '3.0 days')
    """
    number = formats.rounded(value, 1)
    return f"{number}%" if unit == PERCENT else f"{number} {unit}".rstrip()


def difference(value: float, unit: str) -> str:
    """The size of a difference with its unit, without its sign.

    Examples
    --------
    >>> difference(-2.04, "percent")
    '2.0 percentage points'
    """
    return amount(abs(value), POINTS if unit == PERCENT else unit)


def ordinal(number: int) -> str:
    """A rank in figures.

    Examples
    --------
    >>> [ordinal(number) for number in (1, 2, 3, 11, 22, 30)]
    ['1st', '2nd', '3rd', '11th', '22nd', '30th']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def collected(years: EvidenceFrame) -> EvidenceFrame:
    """The years with a number of the authority, of those it is compared with, or of all."""
    return years[years[["value", "others", "third"]].notna().any(axis=1)]


def not_collected(years: EvidenceFrame) -> list[str]:
    """Years between the first and the last collected in which nobody has a number."""
    known = set(collected(years)["school_year"])
    if not known:
        return []
    first, last = min(known), max(known)
    return [year for year in years["school_year"] if first < year < last and year not in known]


def step(years: EvidenceFrame) -> tuple[str, str, float] | None:
    """The first and the last year with a number of the authority, and the difference; None where there is one."""
    known = years[years["value"].notna()]
    if len(known) < 2:
        return None
    first, last = known.iloc[0], known.iloc[-1]
    return str(first["school_year"]), str(last["school_year"]), float(last["value"] - first["value"])


def moved(by: float, unit: str, up: str, down: str) -> str:
    """What happened, with its size: ``rose by 2.1 percentage points``."""
    if abs(by) < EVEN:
        return "did not move"
    return f"{up if by > 0 else down} by {difference(by, unit)}"


def course_chart(years: EvidenceFrame, key: str, title: str, alt: str) -> Figure | None:
    """The course of the authority, of the median of the others like it, and of a third series."""
    drawn = collected(years)
    if drawn.empty:
        return None
    about = years.attrs
    columns = [
        ("value", about["authority"]),
        ("others", "Median of the others in its family group"),
        ("third", about["third"]),
    ]
    named = [(column, name) for column, name in columns if drawn[column].notna().any()]
    unit = "Percent" if about["unit"] == PERCENT else sentences.opening(about["unit"])
    return Figure(
        key,
        title,
        lambda ax: figures.courses(
            ax,
            [int(number) for number in drawn["number"]],
            list(drawn["school_year"]),
            [drawn[column].tolist() for column, _ in named],
            series=[name for _, name in named],
            ylabel=unit,
        ),
        alt=alt,
        frame=pd.DataFrame(drawn),
        size=SIZE,
        note="The axis of values does not begin at 0."
        if drawn[[c for c, _ in named]].min().min() > 0
        else "",
        source=about["source"],
    )
