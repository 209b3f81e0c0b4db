"""The interim evaluation: one function a section, each from the evidence to the pieces a reader sees."""

from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.sections.interim.do_groups_differ import groups
from ci_eval.sections.interim.how_it_was_made import method, provenance
from ci_eval.sections.interim.in_their_own_words import comments
from ci_eval.sections.interim.main_points import at_a_glance
from ci_eval.sections.interim.was_a_report_published import publication
from ci_eval.sections.interim.what_changed import change
from ci_eval.sections.interim.what_they_said import statements
from ci_eval.sections.interim.what_was_recommended import recommendations, strategic_questions
from ci_eval.sections.interim.what_was_the_focus import focus
from ci_eval.sections.interim.who_answered import respondents
from ci_eval.sections.interim.who_took_part import participation
from ci_eval.sections.interim.would_weights_matter import weighting

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
