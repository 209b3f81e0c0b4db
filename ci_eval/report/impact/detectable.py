"""What the planned test could have found: the power that stands beside every "no evidence of an effect"."""

from typing import Any

from ci_eval.impact.power import Power, power
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
