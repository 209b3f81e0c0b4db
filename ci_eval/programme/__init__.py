"""What is being evaluated: councils, engagements, questionnaire, themes, recommendations, claims."""

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.programme.about import Programme, load_programme
from ci_eval.programme.consistency import Finding, check
from ci_eval.programme.councils import Council, Councils, load_councils
from ci_eval.programme.follow_up import (
    load_claims,
    load_comment_themes,
    load_recommendations,
    load_strategic_questions,
    load_themes,
)
from ci_eval.programme.proportion_words import ProportionWord, load_bands
from ci_eval.programme.questionnaire import Question, Questionnaire, Statement, load_questionnaire
from ci_eval.programme.register import Engagement, Register, load_register

__all__ = [
    "Council",
    "Councils",
    "Engagement",
    "Finding",
    "Programme",
    "ProportionWord",
    "Question",
    "Questionnaire",
    "Register",
    "Statement",
    "check",
    "load_bands",
    "load_claims",
    "load_comment_themes",
    "load_councils",
    "load_programme",
    "load_questionnaire",
    "load_recommendations",
    "load_register",
    "load_strategic_questions",
    "load_themes",
    "workbook_root",
]
