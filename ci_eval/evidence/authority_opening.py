"""Opens what is known from public data about one authority and one area of focus, before an engagement there."""

from difflib import get_close_matches

from ci_eval import programme
from ci_eval.evidence.authority_evidence import AuthorityEvidence
from ci_eval.evidence.impact_opening import days_of, declared_impact, read_declared
from ci_eval.evidence.impact_panels import last_pre_exposure
from ci_eval.evidence.opening import checked_settings
from ci_eval.inputs.problems import refuse
from ci_eval.outcomes import Outcomes
from ci_eval.report import Book
from ci_eval.settings.declared_files import impact_inputs
from ci_eval.settings.plan_file import is_frozen_example, read_frozen, read_plan

NOTEBOOK = "what_we_know"
HEADLINE = "CANNOT SAY WHAT WE KNOW: nothing was read"


def open_what_we_know(
    period: str, settings: str = "", output: str = "", local_authority: str = "Fife", focus: str = "literacy"
) -> tuple[AuthorityEvidence, Book]:
    """The evidence and the book of what is known of one authority and area of focus.

    Parameters
    ----------
    period : name of a declared review period; outcomes collected after its last day are put away
    settings, output : as for `open_interim`
    local_authority : any name of an authority; a name that may mean several is refused
    focus : an area of focus that focus_outcomes.csv gives an outcome

    Raises
    ------
    InputError
        If the authority or the focus is not known, with the nearest names; if the settings declare no outcomes, or none
        of the files holds the outcome of the focus.

    While the plan of the impact evaluation is not frozen, outcomes of exposed years stay closed here too
    (docs/methods.md C11).
    """
    known = checked_settings(period, settings)
    chosen = known.period(period)
    councils = programme.load_councils(known.programme)
    code = councils.find(local_authority, "local_authority")
    measure, gap = measure_of(focus, programme.load_focus_outcomes(known.programme))
    of_impact = declared_impact(known)
    days = programme.load_collection_days(known.programme)
    read = read_declared(of_impact, chosen, councils, days)
    invented = chosen.invented or any(outcomes.record.invented for outcomes in read)
    closed_after = ""
    frozen = read_frozen(of_impact.plan)
    if frozen is None or (is_frozen_example(frozen) and not invented):
        register = programme.load_register(known.programme, councils)
        calendars = [days_of(file, days) for file in of_impact.outcomes]
        last = last_pre_exposure(read_plan(of_impact.plan).plan, register, calendars)
        later = any((outcomes.frame["school_year"] > last).any() for outcomes in read)
        closed_after = last if later else ""
        read = [outcomes.up_to(last) for outcomes in read]
    about = programme.load_programme(known.programme)
    evidence = AuthorityEvidence(
        code=code,
        councils=councils,
        outcomes=_holding(measure, focus, read),
        measure=measure,
        gap_first=gap,
        focus=focus,
        country=about.country,
        closed_after=closed_after,
        inputs=tuple(impact_inputs(known).items()),
    )
    book = Book(
        title=f"{getattr(about.titles, NOTEBOOK)}: {evidence.name}, {focus.replace('-', ' ')}",
        subtitle=f"{about.name}, public outcomes collected up to the end of {chosen.name}",
        period=chosen.name,
        notebook=NOTEBOOK,
        folder=output or None,
        programme=about.name,
        settings=settings,
        invented=invented,
    )
    return evidence, book


def measure_of(focus: str, known: dict[str, tuple[str, bool]]) -> tuple[str, bool]:
    """The measure of an area of focus, and whether it is its gap. Raises InputError naming the nearest areas."""
    if focus in known:
        return known[focus]
    close = get_close_matches(focus.casefold(), known, n=1)
    meant = f"Did you mean {close[0]}? " if close else ""
    fix = f"{meant}Choose one of {', '.join(sorted(known))}, or give the focus an outcome in focus_outcomes.csv."
    message = f'No published outcome belongs to the focus "{focus}".'
    refuse(HEADLINE, "focus-unknown", message, where="focus", fix=fix)


def _holding(measure: str, focus: str, read: list[Outcomes]) -> Outcomes:
    """The outcomes that hold a measure with at least one number. Raises InputError where none do."""
    for outcomes in read:
        rows = outcomes.frame[outcomes.frame["measure"] == measure]
        if rows["value"].notna().any():
            return outcomes
    message = f'No outcomes file holds a number of "{measure}", the outcome of the focus "{focus}".'
    fix = "Declare a file that holds it under [impact.outcomes] in the settings, or choose another focus."
    refuse(HEADLINE, "measure-unknown", message, where="focus_outcomes.csv", fix=fix)
