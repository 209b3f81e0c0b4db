"""What is the answer? The primary outcome of the plan: a sentence, the course of those compared, and its numbers.

Wording (docs/methods.md C10): a difference is called an effect only under the design's own assumption, which is
said; "no evidence of an effect" never stands without the smallest effect that could have been found.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.impact.years import year_number
from ci_eval.report import figures, formats, sentences
from ci_eval.report.pieces import Column, Figure, Sentence
from ci_eval.sections.impact import assumed_dates
from ci_eval.sections.impact.point_differences import GAP, gap_indexes, narrower_or_wider, p_value, signed
from ci_eval.sections.wording import level_of, missing

if TYPE_CHECKING:
    import pandas as pd

EXPOSED, NOT_YET = "exposed", "not yet exposed"


def words(estimate: "pd.DataFrame") -> list[Sentence]:
    """The finding in words that carry no more than the design does; of `ImpactEvidence.estimate`."""
    if estimate.empty:
        between = assumed_dates.bounds(estimate.attrs.get("dates", {"bounds": None}))
        bounds = [Sentence("answer-bounds", between, level="key")] if between else []
        return [*missing(estimate, "answer"), *bounds]
    row, about = estimate.to_dict("records")[0], estimate.attrs
    otherwise = f"had the {row['exposed']:.0f} authorities exposed changed as the {row['controls']:.0f} not yet exposed did."
    if about["gap"]:
        measure = row["outcome"].removesuffix(f": {GAP}")
        text = (
            f"After a {about['programme']}, the {GAP} of {measure} was {narrower_or_wider(row['estimate'])} "
            f"({level_of(estimate)} interval: {narrower_or_wider(row['low'])} to {narrower_or_wider(row['high'])}; "
            f"p = {p_value(row['p'])}) than it would have been {otherwise} {gap_indexes(about['indexes'])}"
        ).rstrip()
    else:
        text = (
            f"After a {about['programme']}, {row['outcome']} differed by {signed(row['estimate'])} percentage points "
            f"({level_of(estimate)} interval {signed(row['low'])} to {signed(row['high'])}; p = {p_value(row['p'])}) from "
            f"what it would have been {otherwise}"
        )
    text = f"{text} {assumed_dates.condition(about['dates'])}".rstrip()
    if row["p"] <= 1 - about["level"]:
        text += (
            " A difference this large would be rare if the engagements changed nothing and their order was as good as "
            "random. Whether it was is looked at below; without that, this is a difference, and no proof of an effect."
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
        text += " The plan was frozen anew after it had been frozen; the next section says why."
    numbers = {name: row[name] for name in ("estimate", "low", "high", "p", "p_raw", "sd")}
    sides = {"exposed": int(row["exposed"]), "controls": int(row["controls"])}
    smallest = about["power"].get("smallest")
    return [Sentence("answer", text, numbers | sides | {"smallest_detectable": smallest}, level="key")]


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


def could_be_found(about: "dict[Any, Any]") -> str:
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
    return (
        f"It is not evidence that there is none: an effect of {worth} percentage points, the smallest worth having by the "
        f"plan, would be found in {chance} of such evaluations, and one of {size} in {often}."
    )


def chart(panel: "pd.DataFrame") -> Figure | None:
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
        f"{about['outcome']}{': ' + GAP if about['gap'] else ''}: mean of authorities exposed and not yet exposed",
        lambda ax: figures.courses(
            ax, numbers, years, rows, series=names, exposed_from=year_number(first), ylabel=unit
        ),
        alt=f"Two lines from {years[0]} to {years[-1]}: {names[0]}; {names[1]}; their means go from {ends}.",
        frame=_means(rows, names, years),
        size=figures.YEARS_SIZE,
        note=" ".join([*([] if until == years[-1] else [after]), *([lost] if fewer else [])]),
        columns=(
            Column("school_year", "School year"),
            *(Column(name, f"{name}, mean", "number", decimals=1) for name in names),
        ),
    )


def _by_year(panel: "pd.DataFrame", side: str) -> "pd.DataFrame":
    """Authorities by school years, those without a value in some year left out."""
    import pandas as pd

    rows = pd.DataFrame(panel[panel["compared_as"] == side])
    return rows.pivot_table(index="gss_code", columns="school_year", values="value").dropna()


def _means(rows: "np.ndarray[Any, Any]", names: tuple[str, ...], years: list[str]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows.T, columns=list(names)).assign(school_year=years)
