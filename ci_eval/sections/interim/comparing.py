"""Two periods compared statement by statement, as every piece of the section on change has it (docs/methods.md A8)."""

from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement import compare
from ci_eval.evidence.interim_evidence import Survey

if TYPE_CHECKING:
    import pandas as pd

EVIDENCE = 0.05  # of the p-values adjusted by Holm's method
MORE, LESS, NONE = "more agreement", "less agreement", "none"
ALONE = "a hint"  # the interval of the one statement leaves out 0, the adjusted p is no evidence


def compared(before: Survey, now: Survey, correlation: float = 0.0) -> "pd.DataFrame":
    """One row a statement, indexed by its code: the columns of ``agreement.compare``, texts, counts and a reading.

    Differences are of shares, as fractions, later less earlier. A statement asked or answered in one period only has
    NaN and empty texts. `correlation` is that of the two answers of a person who answered twice; it matters only
    where the overlap is declared.
    """
    first, second = before.counts, now.counts
    answered = (
        _by_statement(first.statements, first.answered),
        _by_statement(second.statements, second.answered),
    )
    codes = list(dict.fromkeys([*first.statements, *second.statements]))
    n1, n2 = (np.array([own.get(code, 0) for code in codes]) for own in answered)
    frame = compare(
        first,
        second,
        asked_first=before.asked,
        asked_second=now.asked,
        overlap=np.minimum(now.overlap or 0, np.minimum(n1, n2)),
        correlation=correlation,
        bands=now.bands,
    )
    agreeing = (
        _by_statement(first.statements, first.agreeing),
        _by_statement(second.statements, second.agreeing),
    )
    texts = {s.code: s.text for survey in (before, now) for s in survey.questionnaire.statements}
    return frame.assign(
        statement=[texts[code] for code in codes],
        agreeing_first=[agreeing[0].get(code, 0) for code in codes],
        agreeing_second=[agreeing[1].get(code, 0) for code in codes],
        reading=[
            reading(p, above, none=NONE if low <= 0 <= high else ALONE)
            for p, above, low, high in zip(
                *(frame[name] for name in ("p_holm", "superiority", "low", "high")), strict=True
            )
        ],
    )


def reading(p: float, superiority: float, more: str = MORE, less: str = LESS, none: str = NONE) -> str:
    """What an adjusted p allows to be said; "" where nothing was compared."""
    if np.isnan(p):
        return ""
    if p >= EVIDENCE:
        return none
    return more if superiority > 0.5 else less


def _by_statement(
    statements: tuple[str, ...], table: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]"
) -> dict[str, int]:
    return dict(zip(statements, table[:, 0].tolist(), strict=True))
