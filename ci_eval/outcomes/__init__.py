"""A published table becomes outcomes of councils by school year, in one layout whatever the source.

In the order in which data walk through the room:

1. The table: `sheets` finds one in a published workbook by its headings; `rows_by_heading` gives the rows of a text file
   below theirs; `pupil_files` sums a pupil-level file up where it lies.
2. The cells: `outcome_cells` says what one holds, or why it has no number; `places_and_years` says which council and
   school year a row is of.
3. The source: `acel` (achievement of levels), `lgbf` (the benchmarking framework, its units by `lgbf_units`),
   `plain_table` (a table that anybody can write) and `pupils` (rows of pupils, small groups suppressed).
4. The outcomes: `outcome_table` holds the one layout, the record of how a file became it, and the gap between areas.
"""

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
