"""Who is compared with whom, and when? The map of comparisons, and the part of every authority in them."""

from typing import Any

import pandas as pd

from ci_eval.impact.design import BASE_YEAR, CONTROL_ONLY, IDENTIFIED, PLACEBO
from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Sentence, Table
from ci_eval.sections.impact import assumed_dates
from ci_eval.sections.wording import REGISTER, missing

KINDS = {IDENTIFIED: "effect", PLACEBO: "placebo", CONTROL_ONLY: "control only", BASE_YEAR: "control only"}
OTHERWISE = "cannot be estimated"


def words(design: pd.DataFrame) -> list[Sentence]:
    """Which effects can be estimated, against how many; of `ImpactEvidence.design`."""
    if design.empty:
        return missing(design, "comparisons")
    effects = design[design["status"] == IDENTIFIED]
    lost = design[(design["exposed"] >= 0) & (design["status"] != IDENTIFIED)]
    if effects.empty:
        why = sentences.listed(sorted(set(lost["status"]))) or "nobody is exposed yet"
        what = f"No effect can be estimated by the end of {design.attrs['period']}: {why}."
        what = f"{what} {assumed_dates.bounds(design.attrs['dates'])}".rstrip()
        return [Sentence("comparisons", what, level="missing")]
    parts = [
        f"the {row['units']} authorities first exposed in {row['cohort']} with {row['controls']} not yet exposed, in "
        f"{row['year']} against {row['base']}"
        for row in effects.to_dict("records")
    ]
    text = f"{sentences.opening(sentences.count(len(effects), 'comparison'))} can be made: {sentences.listed(parts)}."
    if without := design.attrs["without"]:
        text += f" Left out of the estimate, for want of a number in a year that it uses: {sentences.listed(without)}."
    if len(lost):
        why = sentences.listed(
            f"{reason} ({number})" for reason, number in lost["status"].value_counts().items()
        )
        text += (
            f" {sentences.opening(sentences.count(len(lost), 'other cell'))} of exposed years cannot: {why}."
        )
    text = f"{text} {assumed_dates.condition(design.attrs['dates'] | {'bounds': None})}".rstrip()
    numbers = {"comparisons": len(effects), "cells_lost": len(lost)}
    return [Sentence("comparisons", text, numbers, source=REGISTER, level="key")]


def chart(design: pd.DataFrame) -> Figure | None:
    """Cohorts by years: effect, placebo, control only, or not to be estimated."""
    if design.empty:
        return None
    records: list[dict[Any, Any]] = design.to_dict("records")
    name = {row["cohort"]: f"{row['cohort']} ({row['units']})" for row in records}
    rows, years = list(name.values()), design.attrs["years"]
    kind = {(name[row["cohort"]], row["year"]): KINDS.get(row["status"], OTHERWISE) for row in records}
    text = {
        (name[row["cohort"]], row["year"]): f"{row['units']} : {row['controls']}"
        for row in records
        if row["status"] in (IDENTIFIED, PLACEBO)
    }
    effects = sum(row["status"] == IDENTIFIED for row in records)
    return Figure(
        "comparison-map",
        "Which comparisons can be made: cohorts by school year of collection",
        lambda ax: figures.cells(ax, rows, years, kind, text),
        alt=(
            f"Grid of {sentences.count(len(rows), 'cohort')} by {sentences.count(len(years), 'collected year')}; an effect "
            f"can be estimated for {sentences.count(effects, 'cell')}."
        ),
        frame=design,
        size=figures.cells_size(rows),
        note=(
            "A cohort is named by its first exposed collection, its number of authorities in brackets; in a cell, "
            "authorities exposed : authorities compared with. “Or later” marks dates that are not certain: these "
            "authorities serve as controls while it is certain that they are not exposed, and never as exposed."
        ),
        source=REGISTER,
        invented=False,
        columns=(
            Column("cohort", "First exposed"),
            Column("year", "School year"),
            Column("units", "Authorities exposed", "count"),
            Column("controls", "Authorities compared with", "count"),
            Column("status", "State"),
        ),
    )


def table(design: pd.DataFrame) -> Table | None:
    """Every cohort and year of the map."""
    if design.empty:
        return None
    return Table(
        "comparison-table",
        "Every cohort and year: what can be estimated, and against whom",
        design,
        (
            Column("cohort", "Cohort"),
            Column("year", "School year"),
            Column("status", "What it is"),
            Column("base", "Compared with", blank="there is no year to compare with"),
            Column("gap", "Years between", "count"),
            Column("units", "Authorities", "count"),
            Column("controls", "Not yet exposed", "count"),
        ),
        note="A placebo compares two years before exposure, where no difference should be found.",
        source=REGISTER,
    )


def parts_words(authorities: pd.DataFrame) -> Sentence:
    """How many authorities have which part in the planned comparisons; of `ImpactEvidence.authorities`."""
    counted = {
        str(part): int(number) for part, number in authorities["part"].value_counts(sort=False).items()
    }
    parts = sentences.listed(f"{number} {part}" for part, number in counted.items())
    return Sentence(
        "flow",
        f"Of {len(authorities)} authorities, in the planned comparisons of the primary outcome: {parts or 'none'}.",
        {part.replace(",", "").replace(" ", "_"): number for part, number in counted.items()},
    )


def parts_table(authorities: pd.DataFrame) -> Table | None:
    """Every authority: when it was first exposed, and its part in the comparisons."""
    if authorities.empty:
        return None
    assumed = assumed_dates.clause(authorities.attrs["dates"])
    certain = authorities["certain"].map({"yes": "certain", "no": "not certain"})
    return Table(
        "flow-table",
        "Every authority: when it was first exposed, and its part in the comparisons",
        authorities.assign(certain=certain),
        (
            Column("council", "Authority"),
            Column("exposed", "First exposed collection"),
            Column("certain", "Is that certain?"),
            Column("not_yet_until", "Certainly not exposed up to", blank="exposed from the first year on"),
            Column("part", "Part in the comparisons"),
        ),
        note=f"What is certain here holds if {assumed}, which the register leaves open." if assumed else "",
        source=REGISTER,
    )
