"""Outcomes of the 32 councils: published workbooks, plain tables and pupil-level files to one layout."""

from ci_eval.outcomes.acel import read_acel
from ci_eval.outcomes.lgbf import read_lgbf
from ci_eval.outcomes.outcome_table import Outcomes, OutcomesRecord, equity_gap
from ci_eval.outcomes.plain_table import read_outcomes
from ci_eval.outcomes.pupils import aggregate_pupils

__all__ = [
    "Outcomes",
    "OutcomesRecord",
    "aggregate_pupils",
    "equity_gap",
    "read_acel",
    "read_lgbf",
    "read_outcomes",
]
