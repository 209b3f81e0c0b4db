"""What is being evaluated: councils, engagements, questionnaire, themes, recommendations, claims."""

from .checks import Finding, check
from .councils import Council, Councils, load_councils
from .engagements import Engagement
from .follow_up import (
    load_claims,
    load_comment_themes,
    load_recommendations,
    load_strategic_questions,
    load_themes,
)
from .places import workbook_root
from .questionnaire import Question, Questionnaire, Statement, load_questionnaire
from .register import Register, load_register
from .words import Band, load_bands

__all__ = [
    "Band",
    "Council",
    "Councils",
    "Engagement",
    "Finding",
    "Question",
    "Questionnaire",
    "Register",
    "Statement",
    "check",
    "load_bands",
    "load_claims",
    "load_comment_themes",
    "load_councils",
    "load_questionnaire",
    "load_recommendations",
    "load_register",
    "load_strategic_questions",
    "load_themes",
    "workbook_root",
]
