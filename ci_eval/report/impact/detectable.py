"""What the planned test could have found: the power that stands beside every "no evidence of an effect"."""

from typing import Any

import numpy as np

from ci_eval.impact.power import Power, power
from ci_eval.problems import InputError
from ci_eval.report import formats
from ci_eval.report.impact.estimates import strata
from ci_eval.report.impact.evidence import ImpactEvidence

SIMULATIONS, DRAWS = 600, 499  # a second each; their Monte-Carlo error is printed
TIMES = (0.5, 1.0, 2.0, 3.0)  # effects shown, as multiples of the smallest worth having


def how(evidence: ImpactEvidence) -> dict[str, Any]:
    """The planned test, and how often it is tried."""
    return {
        "strata": strata(evidence),
        "alpha": 1 - evidence.plan.level,
        "simulations": SIMULATIONS,
        "draws": DRAWS,
        "seed": evidence.plan.seed,
    }


def detectable(evidence: ImpactEvidence) -> Power:
    """Power for the primary outcome under the planned design, from the years before exposure; worked out once.

    Raises
    ------
    InputError
        If nothing is identified, or the years before are too few to draw from.
    """
    cache = evidence.__dict__.setdefault("_detectable", {})
    if "primary" not in cache:
        plan = evidence.plan
        cache["primary"] = power(
            evidence.before(plan.primary),
            evidence.scheduled(plan.primary).exposure,
            plan.contrast,
            effects=[times * plan.smallest_effect for times in TIMES],
            **how(evidence),
        )
    found: Power = cache["primary"]
    return found


def detectable_or_reason(evidence: ImpactEvidence) -> Power | str:
    """`detectable`, or the sentence that says why it cannot be worked out."""
    try:
        return detectable(evidence)
    except InputError as error:
        return error.problems[0].message


def chance_of_the_smallest(evidence: ImpactEvidence, found: Power) -> float:
    """The probability with which the smallest effect worth having, by the plan, is found."""
    planned = np.isclose(found.table["effect"], evidence.plan.smallest_effect)
    return float(found.table.loc[planned, "power"].iloc[0])


def could_be_found(evidence: ImpactEvidence, power: Power | str) -> str:
    """What stands beside every "no evidence of an effect": how large an effect would have been found, and how often."""
    if isinstance(power, str):
        return (
            f"It is not evidence that there is none: what could have been found cannot be worked out. {power}"
        )
    worth, size = formats.rounded(evidence.plan.smallest_effect, 1), formats.rounded(power.smallest, 1)
    often = formats.percent(power.wanted, worded=False)
    if power.smallest <= evidence.plan.smallest_effect:
        return (
            f"The smallest effect worth having, by the plan, is {worth} percentage points; one of {size} would be found "
            f"in {often} of such evaluations."
        )
    chance = formats.percent(chance_of_the_smallest(evidence, power), worded=False)
    return (
        f"It is not evidence that there is none: an effect of {worth} percentage points, the smallest worth having by the "
        f"plan, would be found in {chance} of such evaluations, and one of {size} in {often}."
    )
