"""What the planned test could have found: the power that stands beside every "no evidence of an effect"."""

from ci_eval.impact.power import Power, power
from ci_eval.report.impact.estimates import identified, strata
from ci_eval.report.impact.evidence import ImpactEvidence

SIMULATIONS, DRAWS = 400, 499  # enough for one decimal of a percentage point; the plan notebook uses more


def detectable(evidence: ImpactEvidence) -> Power:
    """Power for the primary outcome under the planned design, from the years before exposure; worked out once."""
    cache = evidence.__dict__.setdefault("_detectable", {})
    if "primary" not in cache:
        plan = evidence.plan
        history = evidence.before(plan.primary)
        panel = identified(evidence.panel(plan.primary))
        cache["primary"] = power(
            history,
            panel.exposure.select(history.units),
            plan.contrast,
            effects=[plan.smallest_effect],
            strata=strata(evidence),
            alpha=1 - plan.level,
            simulations=SIMULATIONS,
            draws=DRAWS,
            seed=plan.seed,
        )
    found: Power = cache["primary"]
    return found
