"""What is the answer? The primary outcome of the plan: a sentence, the course of those compared, and its numbers.

Wording (docs/methods.md C10): a difference is called an effect only under the design's own assumption, which is
said; "no evidence of an effect" never stands without the smallest effect that could have been found.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.impact.years import year_number
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence
from ci_eval.sections.impact import assumed_dates
from ci_eval.sections.impact.point_differences import GAP, gap_indexes, narrower_or_wider, p_value, signed
from ci_eval.sections.wording import answerable, level_of, missing

FIRST_PAGE = (figures.YEARS_SIZE[0], 2.2)  # inches: the course stands under the answer
EXPOSED, NOT_YET = "exposed", "not yet exposed"


def words(estimate: pd.DataFrame) -> list[Sentence]:
    """The finding in words that carry no more than the design does; of `ImpactEvidence.estimate`."""
    if estimate.empty:
        between = assumed_dates.bounds(estimate.attrs.get("dates", {"bounds": None}))
        bounds = [Sentence("answer-bounds", between, level="key")] if between else []
        return [*missing(estimate, "answer"), *bounds]
    row, about = estimate.to_dict("records")[0], estimate.attrs
    if about["gap"]:
        low, high = narrower_or_wider(row["low"]), narrower_or_wider(row["high"])
        text = (
            f"The difference is {narrower_or_wider(row['estimate'])}; its {level_of(estimate)} interval runs from {low} to "
            f"{high} (p = {p_value(row['p'])}). {gap_indexes(about['indexes'])}"
        ).rstrip()
    else:
        text = (
            f"The difference is {signed(row['estimate'])} percentage points; its {level_of(estimate)} interval runs from "
            f"{signed(row['low'])} to {signed(row['high'])} (p = {p_value(row['p'])})."
        )
    if _unusual(row, about):
        text += (
            " A difference this large would be rare if the engagements changed nothing and their order was as good as "
            "random. Without that it is a difference, and no proof of an effect."
        )
    else:
        best = (-row["low"], "narrowing") if about["gap"] else (row["high"], "rise")
        excluded = ruled_out(best[0], about["smallest_effect"], best[1])
        text += f" This is no evidence of an effect. {excluded}{could_be_found(about)}"
    if about["changed"]:
        text += " This is not what was planned: it departs from the frozen plan and is exploratory."
    if about["evaluated"]:
        text += " The plan was frozen after an evaluation had been made, so this is exploratory."
    if about["amended"]:
        text += " The plan was frozen anew after it had been frozen; the annex says why."
    numbers = {name: row[name] for name in ("estimate", "low", "high", "p", "p_raw", "sd")}
    sides = {"exposed": int(row["exposed"]), "controls": int(row["controls"])}
    smallest = about["power"].get("smallest")
    of_dates = assumed_dates.condition(about["dates"])
    return [
        Sentence("verdict", verdict(row, about), {"estimate": row["estimate"]}, level="key"),
        Sentence("answer", text, numbers | sides | {"smallest_detectable": smallest}),
        *([Sentence("answer-dates", of_dates)] if of_dates else []),
    ]


def verdict(row: dict[Any, Any], about: Mapping[Any, Any]) -> str:
    """The answer in a line: no evidence of a rise or narrowing, or a difference and whether dates could undo it."""
    hosts = f"the {sentences.count(int(row['exposed']), 'host authority', 'host authorities')}"
    others = f"the {sentences.count(int(row['controls']), 'other')}"
    until = about["dates"]["until"]
    by = "" if until is None else f" by {sentences.date(until)}"
    outcome = row["outcome"]
    if about["gap"]:
        outcome = f"the {GAP} of {row['outcome'].removesuffix(f': {GAP}')}"
    if not _unusual(row, about):
        what = "narrowed" if about["gap"] else "rose"
        return f"No evidence that {outcome} {what} more in {hosts} than in {others}{by}."
    size = narrower_or_wider(row["estimate"])
    if not about["gap"]:
        size = f"{formats.rounded(abs(row['estimate']), 1)} percentage points {'higher' if row['estimate'] > 0 else 'lower'}"
    text = f"In {hosts}, {outcome} was {size}{by} than the change in {others} suggests."
    bounds = about["dates"]["bounds"]
    if bounds is not None and bounds[0] <= 0 <= bounds[1]:
        text += " Dates that the register leaves open could undo this."
    return text


def _unusual(row: dict[Any, Any], about: Mapping[Any, Any]) -> bool:
    return bool(row["p"] <= 1 - about["level"])


def author(estimate: pd.DataFrame) -> Sentence | None:
    """Who answers for the report, and how to reach them; None where nobody is named, or nothing is estimated."""
    return answerable(estimate.attrs) if "author" in estimate.attrs else None


def ruled_out(high: float, worth: float, change: str = "rise") -> str:
    """The rise, or narrowing, that the interval leaves out: the smallest worth having, or the next whole number; else ""."""
    if not np.isfinite(high):
        return ""
    if high < worth:
        size = f"{formats.rounded(worth, 1)} percentage points, the smallest effect worth having,"
        return f"The interval excludes a {change} of {size} or more. "
    whole = max(int(np.floor(high)) + 1, 1)
    points = "point" if whole == 1 else "points"
    return f"The interval excludes a {change} of {whole} percentage {points} or more. "


def could_be_found(about: dict[Any, Any]) -> str:
    """What stands beside every "no evidence of an effect": how large an effect would have been found, and how often."""
    power = about["power"]
    if not power:
        return (
            "It is not evidence that there is none: what could have been found cannot be worked out. "
            f"{about['no_power']}"
        )
    worth, size = formats.rounded(about["smallest_effect"], 1), formats.rounded(power["smallest"], 1)
    often = formats.percent(power["wanted"], bands=())
    if power["smallest"] <= about["smallest_effect"]:
        return (
            f"The smallest effect worth having, by the plan, is {worth} percentage points; one of {size} would be found "
            f"in {often} of such evaluations."
        )
    chance = formats.percent(power["chance"], bands=())
    by_chance = (
        ", no more often than where there is no effect" if power["chance"] <= 1 - about["level"] else ""
    )
    return (
        f"It is not evidence that there is none. Were the true effect {worth} percentage points, the smallest worth having "
        f"by the plan, {chance} of such evaluations would find it{by_chance}, and the others would miss it. Were it {size}, "
        f"{often} would find it."
    )


def chart(panel: pd.DataFrame) -> Figure | None:
    """Means of the authorities exposed first and of those not yet exposed; of `ImpactEvidence.panel`."""
    about = panel.attrs
    wide = {side: _by_year(panel, side) for side in (EXPOSED, NOT_YET)}
    if any(table.empty for table in wide.values()):
        return None
    years, first = list(wide[EXPOSED].columns), about["first"]
    names = (
        f"First exposed in {first}: {len(wide[EXPOSED])} authorities",
        f"Not yet exposed then: {len(wide[NOT_YET])} authorities",
    )
    rows = np.array([table.to_numpy().mean(axis=0) for table in wide.values()])
    numbers = [year_number(year) for year in years]
    ends = " and ".join(
        f"{formats.rounded(float(row[0]), 1)} to {formats.rounded(float(row[-1]), 1)}" for row in rows
    )
    until = about["compared_until"]
    unit = "Gap, percentage points" if about["gap"] else "Per cent"
    compared = panel.loc[panel["compared_as"].isin([EXPOSED, NOT_YET]), "gss_code"].nunique()
    fewer = compared - sum(len(table) for table in wide.values())
    lost = (
        f"Not drawn, for want of a number in some year: {sentences.count(fewer, 'authority', 'authorities')}."
    )
    after = (
        f"After {until} some of those not yet exposed may have become hosts, and the register does not say which: the "
        "comparison ends there."
    )
    return Figure(
        "answer-course",
        _finding(panel, rows, years),
        lambda ax: figures.courses(
            ax, numbers, years, rows, series=names, exposed_from=year_number(first), ylabel=unit
        ),
        alt=f"Two lines from {years[0]} to {years[-1]}: {names[0]}; {names[1]}; their means go from {ends}.",
        frame=_means(rows, names, years),
        size=FIRST_PAGE,
        source="; ".join(about["publications"]),
        note=" ".join([*([] if until == years[-1] else [after]), *([lost] if fewer else [])]),
        columns=(
            Column("school_year", "School year"),
            *(Column(name, f"{name}, mean", "number", decimals=1) for name in names),
        ),
    )


def _finding(panel: pd.DataFrame, rows: np.ndarray[Any, Any], years: list[str]) -> str:
    """How far either mean moved from the last year before exposure to the last that is compared."""
    about = panel.attrs
    outcome = f"{about['outcome']}{': ' + GAP if about['gap'] else ''}"
    before = [year for year in years if year < about["first"]]
    until = about["compared_until"]
    if not before or until not in years or until <= before[-1]:
        return f"{outcome}: means of authorities exposed and not yet exposed"
    start, end = years.index(before[-1]), years.index(until)
    exposed, others = (signed(float(row[end] - row[start])) for row in rows)
    return f"{outcome}, {before[-1]} to {until}: {exposed} points in hosts, {others} in the others"


def _by_year(panel: pd.DataFrame, side: str) -> pd.DataFrame:
    """Authorities by school years, those without a value in some year left out."""
    rows = pd.DataFrame(panel[panel["compared_as"] == side])
    return rows.pivot_table(index="gss_code", columns="school_year", values="value").dropna()


def _means(rows: np.ndarray[Any, Any], names: tuple[str, ...], years: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows.T, columns=list(names)).assign(school_year=years)
