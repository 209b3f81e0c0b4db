"""The impact plan and evaluation: a module a question, in the order of the pages; evidence in, pieces out.

The plan         what_will_be_measured · who_is_compared · was_the_order_random · what_could_be_detected ·
                 what_was_planned · what_would_change_the_answer (limits, provenance)
The evaluation   what_is_the_answer · what_would_change_the_answer (departures) · who_is_compared ·
                 how_did_it_go_over_time · does_it_hold_up · did_it_spill_over · what_of_other_outcomes ·
                 what_would_change_the_answer
estimates        the planned estimate of every outcome, which the sections share
"""

from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.sections.impact.did_it_spill_over import spillover
from ci_eval.sections.impact.does_it_hold_up import robust
from ci_eval.sections.impact.how_did_it_go_over_time import over_time
from ci_eval.sections.impact.was_the_order_random import order
from ci_eval.sections.impact.what_could_be_detected import detection
from ci_eval.sections.impact.what_is_the_answer import answer
from ci_eval.sections.impact.what_of_other_outcomes import all_outcomes
from ci_eval.sections.impact.what_was_planned import the_plan
from ci_eval.sections.impact.what_will_be_measured import outcomes, theory
from ci_eval.sections.impact.what_would_change_the_answer import (
    departures,
    evaluation_limits,
    plan_limits,
    provenance,
    what_would_change,
)
from ci_eval.sections.impact.who_is_compared import comparison

__all__ = [
    "ImpactEvidence",
    "all_outcomes",
    "answer",
    "comparison",
    "departures",
    "detection",
    "evaluation_limits",
    "order",
    "outcomes",
    "over_time",
    "plan_limits",
    "provenance",
    "robust",
    "spillover",
    "the_plan",
    "theory",
    "what_would_change",
]
