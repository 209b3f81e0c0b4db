"""What the report rests on: every row of the exports, the records compared, the self-check."""

from functools import cache

import pandas as pd

from ci_eval.agreement.published_values import self_check
from ci_eval.evidence.period_survey import Survey
from ci_eval.programme import Finding
from ci_eval.report import sentences

RESULTS = ("FAIL", "WARN", "PASS")
_checked = cache(self_check)  # once a process


def rows_used(surveys: list[Survey]) -> pd.DataFrame:
    """A row a survey; the columns are those of `Evidence.load_record`, the self-check's result in attrs."""
    frame = pd.DataFrame(
        [
            {
                "period": one.period,
                "file": one.file,
                "description": one.record.description,
                "rows_in": one.record.rows_in,
                "used": one.record.used,
                "left_out": sum(one.record.left_out.values()),
                "reasons": sentences.listed(f"{reason} {n:,}" for reason, n in one.record.left_out.items()),
            }
            for one in surveys
        ]
    )
    check = _checked()
    frame.attrs = {
        "self_check": check.line,
        "values": check.values,  # noqa: PD011 (no frame)
        "reproduced": check.reproduced,
        "not_reproduced": [case.case for case in check.checks if not case.passed],
    }
    return frame


def compared(findings: list[Finding]) -> pd.DataFrame:
    """A row a comparison, what contradicts first; the columns are those of `Evidence.consistency`."""
    rows = sorted(
        ((one.result, one.message, one.source) for one in findings), key=lambda row: RESULTS.index(row[0])
    )
    return pd.DataFrame(rows, columns=["result", "message", "source"])
