"""A load held against others: the same file must not answer for two periods."""

from collections.abc import Iterable

from ci_eval.problems import Problem
from ci_eval.survey.record import LoadRecord


def loaded_before(record: LoadRecord, others: Iterable[LoadRecord]) -> list[Problem]:
    """REJECT where a file of another period holds the very same bytes: one survey would count twice."""
    found = []
    for other in others:
        if record.sha256 == other.sha256:
            message = f"{record.file} and {other.file} are the same file (sha256 {record.sha256[:12]}…)."
            mend = "Name the export of each period; one survey cannot be the answers of two."
            found.append(Problem("file-twice", "REJECT", message, record.file, mend=mend))
    return found
