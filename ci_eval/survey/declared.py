"""Whether what is declared of an export fits the questionnaire: every code, answer and order there is one it knows."""

from collections.abc import Iterable

from ci_eval.problems import Problem
from ci_eval.programme import Questionnaire
from ci_eval.survey.answers import STATEMENTS
from ci_eval.survey.ladder import OTHER
from ci_eval.survey.settings import DATE_ORDERS, KEEP_FIRST, NOT_ANSWERED, NOT_USED, SurveySettings
from ci_eval.survey.text import listed, nearest, normalised, shown


def check(declared: SurveySettings, questionnaire: Questionnaire) -> list[Problem]:
    """Settings that cannot be meant, each with the words that could be."""
    statements = [statement.code for statement in questionnaire.statements]
    questions = [question.code for question in questionnaire.questions]
    others = [f"{question.code}_{OTHER}" for question in questionnaire.questions if question.other]
    closed = [question.code for question in questionnaire.questions if question.options]
    missing = (*questionnaire.missing, NOT_ANSWERED)
    found = _known(
        "headings", declared.headings.values(), (*statements, *questions, *others, NOT_USED), declared
    )
    found += _known("absent", declared.absent, (*statements, *questions), declared)
    found += _known("changed", declared.changed, statements, declared)
    found += _known("codes", declared.codes, (STATEMENTS, *closed, *statements), declared)
    for group, meanings in declared.codes.items():
        question = next((question for question in questionnaire.questions if question.code == group), None)
        answers = question.options if question else questionnaire.answers
        found += _known(f"codes.{group}", meanings.values(), (*answers, *missing), declared)
    found += _known("missing", declared.missing.values(), (*missing, *questionnaire.not_scale), declared)
    if declared.date_order:
        found += _known("date_order", [declared.date_order], DATE_ORDERS, declared)
    if declared.duplicates:
        found += _known("duplicates", [declared.duplicates], [KEEP_FIRST], declared)
    return found


def _known(key: str, given: Iterable[str], known: Iterable[str], declared: SurveySettings) -> list[Problem]:
    known = tuple(dict.fromkeys(known))
    forms = set(map(normalised, known))
    wrong = [text for text in given if normalised(text) not in forms]
    if not wrong:
        return []
    like = nearest(wrong[0], known)
    hint = f' Did you mean "{like}"?' if like else ""
    words = listed(f'"{shown(text)}"' for text in wrong)
    message = f"The setting {key} holds {words}, which the questionnaire does not know.{hint}"
    words = listed((f'"{word}"' for word in known), 24)
    mend = f"Use {words}."
    return [Problem("setting-unknown-word", "REJECT", message, declared.table(), len(wrong), mend)]
