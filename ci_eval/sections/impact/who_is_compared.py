"""Who is compared with whom, and when: the map of comparisons and the flow of the authorities through them."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact.design import BASE_YEAR, CONTROL_ONLY, IDENTIFIED, PLACEBO
from ci_eval.report import figures, sentences
from ci_eval.report.pieces import Column, Figure, Piece, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

REGISTER = "Register of engagements, data/programme/register.csv"
KINDS = {IDENTIFIED: "effect", PLACEBO: "placebo", CONTROL_ONLY: "control only", BASE_YEAR: "control only"}
OTHERWISE = "cannot be estimated"
EXPOSED, NOT_YET, BOTH, NEITHER = (
    "exposed",
    "not yet exposed",
    "not yet exposed, then exposed",
    "in no comparison",
)


def comparison(evidence: ImpactEvidence) -> list[Piece]:
    """The comparisons in a sentence, a grid and a table; then the flow of the authorities."""
    cells = evidence.map(evidence.plan.primary)
    return [in_words(evidence, cells), grid(evidence, cells), map_table(cells), *flow(evidence, cells)]


def in_words(evidence: ImpactEvidence, cells: "pd.DataFrame") -> Sentence:
    """Which effects can be estimated, against how many."""
    effects = cells[cells["status"] == IDENTIFIED]
    if effects.empty:
        why = sentences.listed(sorted(set(cells.loc[cells["exposed"] >= 0, "status"])))
        return Sentence.missing(
            "comparisons",
            f"No effect can be estimated by the end of {evidence.period}: {why or 'nobody is exposed yet'}.",
            "declare outcomes of a later collection, or complete the dates of the register.",
        )
    parts = [
        f"the {row['units']} authorities first exposed in {row['cohort']} with {row['controls']} not yet exposed, in "
        f"{row['year']} against {row['base']}"
        for row in effects.to_dict("records")
    ]
    lost = cells[(cells["exposed"] >= 0) & (cells["status"] != IDENTIFIED)]
    text = f"{sentences.opening(sentences.count(len(effects), 'comparison'))} can be made: {sentences.listed(parts)}."
    if len(lost):
        reasons = lost["status"].value_counts()
        why = sentences.listed(f"{reason} ({number})" for reason, number in reasons.items())
        text += (
            f" {sentences.opening(sentences.count(len(lost), 'other cell'))} of exposed years cannot: {why}."
        )
    numbers = {"comparisons": len(effects), "cells_lost": len(lost)}
    return Sentence("comparisons", text, numbers, source=REGISTER, level="key")


def grid(evidence: ImpactEvidence, cells: "pd.DataFrame") -> Figure:
    """Cohorts by years: effect, placebo, control only, or not to be estimated."""
    rows = [f"{cohort} ({units})" for cohort, units in _cohorts(cells)]
    years = list(evidence.calendar(evidence.plan.primary).labels)
    records = cells.assign(row=[f"{c} ({n})" for c, n in zip(cells["cohort"], cells["units"], strict=True)])
    kind = {(r["row"], r["year"]): KINDS.get(r["status"], OTHERWISE) for r in records.to_dict("records")}
    text = {
        (r["row"], r["year"]): f"{r['units']} : {r['controls']}"
        for r in records.to_dict("records")
        if r["status"] in (IDENTIFIED, PLACEBO)
    }
    effects = cells[cells["status"] == IDENTIFIED]
    each_effect = sentences.listed(
        f"cohort {r['cohort']} in {r['year']}, {r['units']} against {r['controls']}"
        for r in effects.to_dict("records")
    )
    return Figure(
        "comparison-map",
        "Which comparisons can be made: cohorts by school year of collection",
        lambda ax: figures.cells(ax, rows, years, kind, text),
        alt=(
            f"A grid of {len(rows)} cohorts by {len(years)} collected years. An effect can be estimated for "
            f"{each_effect or 'no cell'}. The table that follows has every cell."
        ),
        frame=cells,
        size=figures.cells_size(rows),
        note=(
            "A cohort is named by its first exposed collection, its number of authorities in brackets; in a cell, "
            "authorities exposed : authorities compared with. “Or later” marks dates that are not certain: these "
            "authorities serve as controls while it is certain that they are not exposed, and never as exposed."
        ),
        source=REGISTER,
        invented=False,
    )


def _cohorts(cells: "pd.DataFrame") -> list[tuple[str, int]]:
    each = cells[["cohort", "units"]].drop_duplicates()
    return list(zip(each["cohort"], each["units"], strict=True))


def map_table(cells: "pd.DataFrame") -> Table:
    """Every cell of the map."""
    return Table(
        "comparison-table",
        "Every cohort and year: what can be estimated, and against whom",
        cells,
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


def flow(evidence: ImpactEvidence, cells: "pd.DataFrame") -> list[Piece]:
    """What becomes of every authority: its exposure and its part in the planned comparisons."""
    import pandas as pd

    plan = evidence.plan
    exposure = evidence.exposure(plan.primary)
    frame = exposure.frame().assign(council=[evidence.council_names[unit] for unit in exposure.units])
    labels = np.array(evidence.design(plan.primary).labels)[evidence.design(plan.primary).group_of(exposure)]
    effects = cells[cells["status"] == IDENTIFIED]
    against = {cohort for names in effects["against"] for cohort in names.split(", ")}
    exposed = set(effects["cohort"])
    kept = set(evidence.before(plan.primary).units)
    frame["part"] = [
        _part(label in exposed, label in against) if unit in kept else NEITHER
        for unit, label in zip(exposure.units, labels, strict=True)
    ]
    order = {part: place for place, part in enumerate((EXPOSED, BOTH, NOT_YET, NEITHER))}
    frame = frame.sort_values(["part", "council"], key=lambda c: c.map(order) if c.name == "part" else c)
    counted = frame["part"].value_counts()
    parts = sentences.listed(f"{counted[part]} {part}" for part in order if part in counted)
    frame["certain"] = frame["certain"].map({True: "certain", False: "not certain"})
    return [
        Sentence(
            "flow",
            f"Of {len(frame)} authorities, in the planned comparisons of the primary outcome: {parts}.",
            {str(part).replace(",", "").replace(" ", "_"): int(number) for part, number in counted.items()},
        ),
        Table(
            "flow-table",
            "Every authority: when it was first exposed, and its part in the comparisons",
            pd.DataFrame(frame),
            (
                Column("council", "Authority"),
                Column("exposed", "First exposed collection"),
                Column("certain", "Is that certain?"),
                Column(
                    "not_yet_until", "Certainly not exposed up to", blank="exposed from the first year on"
                ),
                Column("part", "Part in the comparisons"),
            ),
            source=REGISTER,
        ),
    ]


def _part(exposed: bool, control: bool) -> str:
    if exposed:
        return BOTH if control else EXPOSED
    return NOT_YET if control else NEITHER
