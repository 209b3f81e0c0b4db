"""What could the planned test detect? Smallest detectable effect, misleading findings, and what the calendar costs."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.impact.power_costs import power_costs
from ci_eval.problems import InputError
from ci_eval.report import formats, sentences
from ci_eval.report.book import Piece
from ci_eval.report.impact.detectable import chance_of_the_smallest, detectable, how
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.pieces import Column, Sentence, Table

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.impact.power import Power

TOO_LARGE = 0.15  # by how much 2.8 standard errors may differ before the reader is told to look


def detection(evidence: ImpactEvidence) -> list[Piece]:
    """The smallest detectable effect, what significant findings would look like, and what the calendar costs."""
    plan = evidence.plan
    try:
        found = detectable(evidence)
        costs = power_costs(
            evidence.before(plan.primary),
            evidence.scheduled(plan.primary).exposure,
            plan.contrast,
            **how(evidence),
        )
    except InputError as error:
        return [
            Sentence.missing(
                "detectable",
                f"What could be detected cannot be worked out: {error.problems[0].message}",
                error.problems[0].mend or "look at the map of comparisons.",
            )
        ]
    return [in_words(evidence, found), how_worked(found), effects_table(found), *calendar(costs)]


def in_words(evidence: ImpactEvidence, found: "Power") -> Sentence:
    """The smallest detectable effect beside the smallest worth having."""
    worth = evidence.plan.smallest_effect
    text = (
        f"The planned test finds an effect of {formats.rounded(found.smallest, 1)} percentage points with a "
        f"probability of {found.wanted:.0%} (Monte-Carlo error {formats.rounded(found.mc_error, 2)}). That is "
        f"{formats.rounded(found.smallest_sd, 2)} standard deviations between authorities in "
        f"{evidence.last_pre_exposure}. The plan calls {formats.rounded(worth, 1)} points the smallest effect worth "
        "having."
    )
    if found.smallest > worth:
        chance = formats.percent(chance_of_the_smallest(evidence, found), worded=False)
        text += (
            f" It would be found with a probability of {chance}, so that finding nothing "
            "will not mean that there is nothing."
        )
    numbers = {
        "smallest_detectable": found.smallest,
        "mc_error": found.mc_error,
        "smallest_detectable_sd": found.smallest_sd,
        "smallest_worth_having": worth,
    }
    return Sentence("detectable", text, numbers, level="key")


def how_worked(found: "Power") -> Sentence:
    """How it was worked out, and the check against the rule of thumb."""
    error = float(np.sqrt(found.alpha * (1 - found.alpha) / found.simulations))
    ratio = found.smallest / found.cross_check - 1
    text = (
        f"Worked out from {found.simulations:,} invented futures made of the authorities' own changes before exposure, "
        f"each put through the planned test in {found.orders:,} orders. Without any effect the test finds one in "
        f"{formats.percent(found.size, 1, worded=False)} of them, where {formats.percent(found.alpha, worded=False)} is "
        f"meant (Monte-Carlo error {formats.percent(error, 1, worded=False)}). The rule of thumb, 2.8 standard deviations "
        f"of what chance alone gives, says {formats.rounded(found.cross_check, 1)} points"
    )
    text += (
        "; the two differ by more than chance explains, so trust neither before somebody has looked."
        if abs(ratio) > TOO_LARGE
        else "."
    )
    numbers = {"size": found.size, "cross_check": found.cross_check, "simulations": found.simulations}
    return Sentence("detectable-how", text, numbers)


def effects_table(found: "Power") -> Table:
    """Power, exaggeration and wrong signs for effects around the smallest worth having."""
    return Table(
        "power-table",
        "If the effect were this large: how often it is found, and how misleading what is found would be",
        found.table,
        (
            Column("effect", "True effect, percentage points", "number", decimals=1),
            Column("power", "Found", "percent"),
            Column("mc_error", "Monte-Carlo error", "percent", decimals=1),
            Column(
                "exaggeration", "Estimates found, over the effect (type M)", "number", blank="none was found"
            ),
            Column(
                "wrong_sign",
                "Of those found, of the wrong sign (type S)",
                "percent",
                blank="none was found",
                decimals=1,
            ),
        ),
        note=(
            "Where an effect is seldom found, the estimates that do reach significance are those that chance made too "
            "large: 2.0 means that they are twice the truth on average (Gelman and Carlin 2014)."
        ),
    )


def calendar(costs: "pd.DataFrame") -> list[Piece]:
    """What the missing year and the exposure of the last cohort cost."""
    pieces: list[Piece] = [
        Table(
            "costs-table",
            "What the calendar costs: the smallest detectable effect, had it been otherwise",
            costs,
            (
                Column("scenario", "Calendar"),
                Column("smallest", "Smallest detectable effect, percentage points", "number"),
                Column("mc_error", "Monte-Carlo error", "number"),
                Column("ratio", "Over that of the plan", "number"),
            ),
            note="All rows use the same random numbers, so their ratios are surer than each number.",
        )
    ]
    last = costs["scenario"].str.contains("stayed unexposed")
    if not last.any():
        pieces.append(
            Sentence(
                "cost-of-last-cohort",
                "One cohort only is compared by the end of this period, so there is no last cohort whose exposure could "
                "cost anything yet. Once authorities not yet exposed are exposed too, nobody is left to compare with.",
            )
        )
    same = costs["ratio"].iloc[1:][np.isclose(costs["ratio"].iloc[1:], 1.0, atol=0.005)]
    if len(same):
        pieces.append(
            Sentence(
                "costs-nothing",
                f"{sentences.opening(sentences.count(len(same), 'change', 'changes'))} of the calendar would have made no "
                "difference: the planned comparison does not use the year in question.",
            )
        )
    return pieces
