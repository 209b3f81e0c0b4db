"""Outcomes of the 32 councils: published workbooks, plain tables and pupil-level files to one layout."""

from .acel import read_acel
from .schema import Outcomes, OutcomesRecord

__all__ = ["Outcomes", "OutcomesRecord", "read_acel"]
