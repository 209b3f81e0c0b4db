"""What the planned test could have found: the power beside every "no evidence of an effect"."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.impact.detectable_effects import Power, power, power_costs
from ci_eval.report import formats, sentences
from ci_eval.report.pieces import Column, Piece, Sentence, Table
from ci_eval.sections.impact.estimates import strata

if TYPE_CHECKING:
    import pandas as pd

SIMULATIONS, DRAWS = 600, 499  # a second each; their Monte-Carlo error is printed
TIMES = (0.5, 1.0, 2.0, 3.0)  # effects in the table, as multiples of the smallest worth having
TOO_LARGE = 0.15  # by how much 2.8 standard errors may differ before the reader is asked to look


def how(evidence: ImpactEvidence) -> dict[str, Any]:
    """The planned test, and how often it is tried."""
    return {
        "strata": strata(evidence),
        "alpha": 1 - evidence.plan.level,
        "simulations": SIMULATIONS,
        "draws": DRAWS,
        "seed": evidence.plan.seed,
    }


@lru_cache(maxsize=2)
def detectable(evidence: ImpactEvidence) -> Power:
    """Power for the primary outcome under the planned design, from the years before exposure.

    It takes seconds and several sections ask for it, so the last are kept.

    Raises
    ------
    Refused
        If nothing is identified, or the years before are too few to draw from.
    """
    plan = evidence.plan
    return power(
        evidence.before(plan.primary),
        evidence.scheduled(plan.primary).exposure,
        plan.contrast,
        effects=[times * plan.smallest_effect for times in TIMES],
        **how(evidence),
    )


def detectable_or_reason(evidence: ImpactEvidence) -> Power | str:
    """`detectable`, or the sentence that says why it cannot be worked out."""
    try:
        return detectable(evidence)
    except Refused as error:
        return error.message


def chance_of_the_smallest(evidence: ImpactEvidence, result: Power) -> float:
    """The probability with which the smallest effect worth having, by the plan, is found."""
    planned = np.isclose(result.table["effect"], evidence.plan.smallest_effect)
    return float(result.table.loc[planned, "power"].iloc[0])


def could_be_found(evidence: ImpactEvidence, power: Power | str) -> str:
    """What stands beside every "no evidence of an effect": how large an effect would have been found, and how often."""
    if isinstance(power, str):
        return (
            f"It is not evidence that there is none: what could have been found cannot be worked out. {power}"
        )
    worth, size = formats.rounded(evidence.plan.smallest_effect, 1), formats.rounded(power.smallest, 1)
    often = formats.percent(power.wanted, bands=())
    if power.smallest <= evidence.plan.smallest_effect:
        return (
            f"The smallest effect worth having, by the plan, is {worth} percentage points; one of {size} would be found "
            f"in {often} of such evaluations."
        )
    chance = formats.percent(chance_of_the_smallest(evidence, power), bands=())
    return (
        f"It is not evidence that there is none: an effect of {worth} percentage points, the smallest worth having by the "
        f"plan, would be found in {chance} of such evaluations, and one of {size} in {often}."
    )


def detection(evidence: ImpactEvidence) -> list[Piece]:
    """The smallest detectable effect, what significant findings would look like, and what the calendar costs."""
    plan = evidence.plan
    try:
        result = detectable(evidence)
        costs = power_costs(
            evidence.before(plan.primary),
            evidence.scheduled(plan.primary).exposure,
            plan.contrast,
            **how(evidence),
        )
    except Refused as error:
        return [
            Sentence.missing(
                "detectable",
                f"What could be detected cannot be worked out: {error.message}",
                error.fix or "look at the map of comparisons.",
            )
        ]
    return [in_words(evidence, result), how_worked(result), effects_table(result), *calendar(costs)]


def in_words(evidence: ImpactEvidence, result: Power) -> Sentence:
    """The smallest detectable effect beside the smallest worth having."""
    worth = evidence.plan.smallest_effect
    text = (
        f"The planned test finds an effect of {formats.rounded(result.smallest, 1)} percentage points with a "
        f"probability of {result.wanted:.0%} (Monte-Carlo error {formats.rounded(result.mc_error, 2)}). That is "
        f"{formats.rounded(result.smallest_sd, 2)} standard deviations between authorities in "
        f"{evidence.last_pre_exposure}. The plan calls {formats.rounded(worth, 1)} points the smallest effect worth "
        "having."
    )
    if result.smallest > worth:
        chance = formats.percent(chance_of_the_smallest(evidence, result), bands=())
        text += (
            f" It would be found with a probability of {chance}, so that finding nothing "
            "will not mean that there is nothing."
        )
    numbers = {
        "smallest_detectable": result.smallest,
        "mc_error": result.mc_error,
        "smallest_detectable_sd": result.smallest_sd,
        "smallest_worth_having": worth,
    }
    return Sentence("detectable", text, numbers, level="key")


def how_worked(result: Power) -> Sentence:
    """How it was worked out, and the check against the rule of thumb."""
    error = float(np.sqrt(result.alpha * (1 - result.alpha) / result.simulations))
    ratio = result.smallest / result.cross_check - 1
    text = (
        f"Worked out from {result.simulations:,} invented futures made of the authorities' own changes before exposure, "
        f"each put through the planned test in {result.orders:,} orders. Without any effect the test finds one in "
        f"{formats.percent(result.size, 1, bands=())} of them, where {formats.percent(result.alpha, bands=())} is "
        f"meant (Monte-Carlo error {formats.percent(error, 1, bands=())}). The rule of thumb, 2.8 standard deviations "
        f"of what chance alone gives, says {formats.rounded(result.cross_check, 1)} points"
    )
    text += (
        "; the two differ by more than chance explains, so trust neither before somebody has looked."
        if abs(ratio) > TOO_LARGE
        else "."
    )
    numbers = {"size": result.size, "cross_check": result.cross_check, "simulations": result.simulations}
    return Sentence("detectable-how", text, numbers)


def effects_table(result: Power) -> Table:
    """Power, exaggeration and wrong signs for effects around the smallest worth having."""
    return Table(
        "power-table",
        "If the effect were this large: how often it is found, and how misleading what is found would be",
        result.table,
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
        bands=(),
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
