"""What a section says when its data are not there: what is missing, and how to supply it."""

from ci_eval.evidence.interim_evidence import Evidence, Survey
from ci_eval.report import sentences
from ci_eval.report.pieces import Sentence

NOTHING = "this section has nothing to report"


def survey_missing(evidence: Evidence, key: str, so: str = NOTHING) -> Sentence:
    """A period without a survey file, or with fewer responses than may be shown; `so` is what follows from it."""
    if evidence.survey.responses is not None:
        return Sentence.missing(key, f"{too_few(evidence, evidence.survey)}, so {so}.", lower_limit())
    return Sentence.missing(
        key,
        f"There is no survey for {evidence.period}, so {so}.",
        f'put the untouched export beside the settings file and add file = "the export" under '
        f'[periods."{evidence.period}".survey].',
    )


def too_few(evidence: Evidence, survey: Survey) -> str:
    """How many answered a survey, and how many have to before anything of their answers is shown."""
    people = sentences.opening(sentences.count(survey.received, "person", "people"))
    return f"{people} answered the survey of {survey.period}, and fewer than {evidence.smallest_group} are not shown"


def lower_limit() -> str:
    return (
        "use an export with more responses, or, if those who answered agree to be shown, lower smallest_group under "
        "[disclosure] in the settings file."
    )
