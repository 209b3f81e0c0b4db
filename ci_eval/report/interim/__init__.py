"""The interim evaluation: one function a section, each from the evidence to the pieces a reader sees."""

from ci_eval.report.interim.change import change
from ci_eval.report.interim.comments import comments
from ci_eval.report.interim.evidence import Evidence, Survey
from ci_eval.report.interim.focus import focus
from ci_eval.report.interim.follow_up import recommendations, strategic_questions
from ci_eval.report.interim.glance import at_a_glance
from ci_eval.report.interim.groups import groups
from ci_eval.report.interim.method import method, provenance
from ci_eval.report.interim.participation import participation
from ci_eval.report.interim.publication import publication
from ci_eval.report.interim.respondents import respondents
from ci_eval.report.interim.statements import statements
from ci_eval.report.interim.weighting import weighting

__all__ = [
    "Evidence",
    "Survey",
    "at_a_glance",
    "change",
    "comments",
    "focus",
    "groups",
    "method",
    "participation",
    "provenance",
    "publication",
    "recommendations",
    "respondents",
    "statements",
    "strategic_questions",
    "weighting",
]
