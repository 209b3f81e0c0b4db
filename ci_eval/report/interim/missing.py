"""What a section says when its data are not there: what is missing, and how to supply it."""

from ci_eval.report.interim.evidence import Evidence
from ci_eval.report.pieces import Sentence


def survey_missing(evidence: Evidence, key: str) -> Sentence:
    """A period without a survey file."""
    return Sentence.missing(
        key,
        f"There is no survey for {evidence.period}, so this section has nothing to report.",
        f'put the untouched export beside the settings file and add file = "the export" under '
        f'[periods."{evidence.period}".survey].',
    )
