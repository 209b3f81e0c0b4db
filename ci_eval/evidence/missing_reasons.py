"""What is missing where a frame has no rows, and how to supply it: two sentences, for the page and for the analyst."""

from ci_eval.evidence.period_survey import Survey
from ci_eval.programme.questionnaire import ReportQuestion
from ci_eval.report import sentences

Missing = tuple[str, str]  # what is missing; how to supply it
NOTHING = "there is nothing to report"


# How to supply who served on whose team: for the network of the interim report, and for spillover.
TEAMS = (
    "write a csv with the columns engagement, organisation and officers, numbers and no names, and add "
    'teams = "the file" to the settings, above the first table.'
)


def no_teams(declared: bool) -> Missing:
    """Nobody has recorded who served on whose team, or only of engagements not known to have taken place."""
    if declared:
        what = "Teams are recorded of no engagement that is known to have taken place, so links are not reported."
        return (
            what,
            "correct status and dates in register.csv, or the engagement's name in the table of teams.",
        )
    return (
        "Nobody has recorded who served on whose team, so links between authorities are not reported.",
        TEAMS,
    )


def no_survey(survey: Survey, smallest: int, so: str = NOTHING) -> Missing:
    """A survey that is not there, or that fewer people answered than may be shown; `so` is what follows."""
    if survey.responses is None:
        how = (
            'put the untouched export beside the settings file and add file = "the export" under '
            f'[periods."{survey.period}".survey].'
        )
        return f"There is no survey for {survey.period}, so {so}.", how
    people = sentences.opening(sentences.count(survey.received, "person", "people"))
    return (
        f"{people} answered the survey of {survey.period}, and fewer than {smallest} are not shown, so {so}.",
        "use an export with more responses, or, if those who answered agree to be shown, lower smallest_group under "
        "[disclosure] in the settings file.",
    )


def no_earlier_period(period: str) -> Missing:
    """Nothing to compare with."""
    what = f"There is no earlier period to compare {period} with."
    return what, "declare the earlier period, with its survey, in the settings file."


def no_trend(surveys: int) -> Missing:
    """Fewer than three periods."""
    there = f"{'is' if surveys == 1 else 'are'} {sentences.ONES[surveys]}"
    what = f"A trend needs three periods with a survey that may be shown; there {there}."
    return what, "keep the earlier periods in the settings file as further ones come."


def no_codes(survey: Survey) -> Missing:
    """Comments that nobody has coded."""
    return (
        "No codes of the comments were given, so no theme of theirs is reported.",
        f"let two people code them, each on their own: ci-eval coding export --period {survey.period} writes the workbook, "
        f"ci-eval coding import reads it; then {_file(survey, 'coding')}.",
    )


def no_quotations(survey: Survey) -> Missing:
    """No list of quotations."""
    return (
        "No list of approved quotations was given, so none is shown.",
        "list them in a csv with the columns id, column, text, approved, approved_by and approved_on, and "
        f"{_file(survey, 'quotations')}.",
    )


def no_report_answer(survey: Survey, report: ReportQuestion, people: int, smallest: int) -> Missing:
    """The question on a report not asked, unanswered, or answered by too few."""
    if report.question in survey.not_asked:
        what = f"The survey of {survey.period} did not ask {report.about}."
        return what, "ask it in the next survey; nothing can be done for this one."
    who = f"Fewer than {smallest} people, too few to show," if people else "Nobody"
    what = f"{who} answered {report.about}."
    return what, "keep the question in the next survey; nothing can be done for this one."


def no_weights(reason: str, fix: str) -> Missing:
    """Weights that would mean nothing."""
    what = f"The answers cannot be weighted to the organisations of those asked: {reason}."
    return what, f"{fix or 'see docs/methods.md A11'}."


def _file(survey: Survey, key: str) -> str:
    return survey.fix(f'{key} = "the file"', "survey")
