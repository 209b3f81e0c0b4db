"""Outcomes of the 32 councils: published workbooks, plain tables and pupil-level files to one layout."""

from .acel import read_acel
from .gap import equity_gap
from .lgbf import read_lgbf
from .plain import read_outcomes
from .pupils import aggregate_pupils
from .schema import Outcomes, OutcomesRecord

__all__ = [
    "Outcomes",
    "OutcomesRecord",
    "aggregate_pupils",
    "equity_gap",
    "read_acel",
    "read_lgbf",
    "read_outcomes",
]
