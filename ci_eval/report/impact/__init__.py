"""The impact plan and evaluation: one function a section, each from the evidence to the pieces a reader sees."""

from ci_eval.report.impact.comparison import comparison
from ci_eval.report.impact.evidence import ImpactEvidence
from ci_eval.report.impact.limits import plan_limits, provenance
from ci_eval.report.impact.order import order
from ci_eval.report.impact.outcomes_section import outcomes
from ci_eval.report.impact.plan_section import the_plan
from ci_eval.report.impact.power_section import detection
from ci_eval.report.impact.theory import theory

__all__ = [
    "ImpactEvidence",
    "comparison",
    "detection",
    "order",
    "outcomes",
    "plan_limits",
    "provenance",
    "the_plan",
    "theory",
]
