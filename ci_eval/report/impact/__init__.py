"""The impact plan and evaluation: one function a section, each from the evidence to the pieces a reader sees."""

from ci_eval.report.impact.answer import answer
from ci_eval.report.impact.comparison import comparison
from ci_eval.report.impact.conclusion import departures, evaluation_limits, what_would_change
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.impact.limits import plan_limits, provenance
from ci_eval.report.impact.order import order
from ci_eval.report.impact.outcomes_section import outcomes
from ci_eval.report.impact.over_time import over_time
from ci_eval.report.impact.plan_section import the_plan
from ci_eval.report.impact.power_section import detection
from ci_eval.report.impact.results import all_outcomes
from ci_eval.report.impact.robust import robust
from ci_eval.report.impact.spillover_section import spillover
from ci_eval.report.impact.theory import theory

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
