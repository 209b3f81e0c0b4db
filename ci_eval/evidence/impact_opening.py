"""Opens the impact plan or evaluation; outcomes of exposed years are kept only once the plan is frozen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ci_eval import programme
from ci_eval.evidence.council_facts import read_covariates
from ci_eval.evidence.impact_evidence import ImpactEvidence
from ci_eval.evidence.impact_panels import ImpactPanels, last_pre_exposure
from ci_eval.evidence.opening import checked_settings, progress
from ci_eval.impact.exposure import Days
from ci_eval.inputs.problems import refuse
from ci_eval.inputs.text import listed, quoted
from ci_eval.outcomes import Outcomes, aggregate_pupils, read_acel, read_lgbf, read_outcomes
from ci_eval.outcomes.outcome_table import PERCENT
from ci_eval.report import Book
from ci_eval.settings import evaluation as declared
from ci_eval.settings.assurance_file import read_assurance
from ci_eval.settings.declared_files import impact_inputs
from ci_eval.settings.outcome_files import AcelFile, Impact, LgbfFile, OutcomesFile, PupilsFile, frozen_path
from ci_eval.settings.plan_file import (
    COMMAND,
    PlanFile,
    is_example,
    is_frozen_example,
    read_frozen,
    read_plan,
)

HEADLINE = "CANNOT EVALUATE THE IMPACT: no outcome of an exposed year was opened"
NOT_FROZEN = "The plan is not frozen."
NOTEBOOKS = {False: "impact_plan", True: "impact_evaluation"}


def open_impact(
    period: str, settings: str = "", output: str = "", exposed: bool = True, notebook: str = ""
) -> tuple[ImpactEvidence, Book]:
    """The evidence and the book of the impact plan, or of the evaluation where `exposed`.

    Parameters
    ----------
    period : name of a declared review period; outcomes collected after its last day are put away
    settings, output : as for `open_interim`
    exposed : open the outcomes of exposed years too, which needs a frozen plan. Without it no outcome after the last
        year before exposure is kept.
    notebook : name of the notebook whose book it is; the plan or the evaluation where empty

    Raises
    ------
    InputError
        If the settings declare no impact, a file cannot be used, the plan names a measure no file holds, or
        `exposed` is asked for while the plan is not frozen.
    """
    known = checked_settings(period, settings)
    chosen = known.period(period)
    of_impact = declared_impact(known)
    plan = read_plan(of_impact.plan)
    frozen = read_frozen(of_impact.plan)
    if exposed and frozen is None:
        fix = (
            f"Finish {plan.path.name}, then run {COMMAND} (with --settings where they are your own); it writes "
            f"{frozen_path(plan.path).name} beside it."
        )
        refuse(HEADLINE, "plan-not-frozen", NOT_FROZEN, where=plan.path.name, fix=fix)
    about = programme.load_programme(known.programme)
    councils = programme.load_councils(known.programme)
    register = programme.load_register(known.programme, councils, known.engagements)
    days = programme.load_collection_days(known.programme)
    # What was frozen decides which years are closed; a plan changed since cannot open more of them.
    rule = plan.plan if frozen is None else frozen.plan
    calendars = [days_of(file, days) for file in of_impact.outcomes]
    last = min(last_pre_exposure(one, register, calendars) for one in (rule, plan.plan))
    read = read_declared(of_impact, chosen, councils, days)
    invented = chosen.invented or any(outcomes.record.invented for outcomes in read)
    if exposed and frozen is not None and not invented and is_frozen_example(frozen):
        message = "The frozen plan is the example that comes with the workbook; it was frozen for invented outcomes."
        fix = f"Write a plan of your own in {plan.path.name}, delete {frozen_path(plan.path).name}, and run {COMMAND}."
        refuse(HEADLINE, "plan-example", message, where=plan.path.name, fix=fix)
    collected = collected_years(read)
    check_measures(plan, read, collected)
    panels = ImpactPanels(
        period=chosen.name,
        ends=chosen.ends,
        invented=invented,
        programme=about,
        councils=councils,
        register=register,
        days=days,
        outcomes=tuple(read if exposed else (outcomes.up_to(last) for outcomes in read)),
        collected=collected,
        last_pre_exposure=last,
        exposed=exposed,
        plan=plan.plan,
        plan_file=plan.path.name,
        plan_sha256=plan.sha256,
        frozen=frozen,
        example_plan=is_example(plan.plan),
        inputs=tuple(impact_inputs(known).items()),
        officers=(
            None
            if known.teams is None
            else programme.officers_sent(
                programme.load_teams(known.teams, register, known.programme), register
            )
        ),
        focus_outcomes=programme.load_focus_outcomes(known.programme),
        author=known.author,
        contact=known.contact,
        assurance=read_assurance(of_impact.assurance) if of_impact.assurance else None,
        covariates=None if of_impact.covariates is None else read_covariates(of_impact.covariates, councils),
    )
    name = notebook or NOTEBOOKS[exposed]
    book = Book(
        title=getattr(about.titles, name),
        subtitle=f"{about.name}, outcomes collected up to the end of {chosen.name}",
        period=chosen.name,
        notebook=name,
        folder=output or None,
        programme=about.name,
        settings=settings,
        invented=panels.invented,
        author=known.author,
    )
    return ImpactEvidence(panels), book


def declared_impact(settings: declared.Settings) -> Impact:
    """What the settings declare of the impact. Raises InputError where that is nothing."""
    declared = settings.runnable_impact()
    if declared is not None:
        return declared
    headline = "CANNOT EVALUATE THE IMPACT: nothing was run"
    fix = 'Add [impact] with plan = "impact_plan.toml" and [impact.outcomes.levels] with file and kind.'
    message = "The settings declare no evaluation of impact."
    refuse(headline, "impact-not-declared", message, where=settings.file.name, fix=fix)


def read_declared(
    of_impact: Impact, period: declared.Period, councils: programme.Councils, days: programme.CollectionDays
) -> list[Outcomes]:
    """Every declared file of outcomes, up to the last school year gathered by the period's end."""
    read = []
    with progress() as say:
        for file in of_impact.outcomes:
            say(f"Reading {file.file.name}")
            last = max(
                (year for year, (_, day) in days_of(file, days).items() if day <= period.ends), default=""
            )
            read.append(read_file(file, councils).up_to(last))
    return read


def read_file(file: OutcomesFile, councils: programme.Councils) -> Outcomes:
    """One declared file of outcomes, with its collection and the day it came out. Raises InputError as its reader does."""
    outcomes = _read(file, councils)
    declared = {name: getattr(file, name) for name in ("collection", "publication", "published")}
    return replace(outcomes, record=replace(outcomes.record, **declared))


def _read(file: OutcomesFile, councils: programme.Councils) -> Outcomes:
    if isinstance(file, AcelFile):
        return read_acel(file.file, marks=file.marks, councils=councils)
    if isinstance(file, LgbfFile):
        return read_lgbf(
            file.file,
            file.indicators or None,
            information=file.information,
            units=file.units,
            councils=councils,
        )
    if isinstance(file, PupilsFile):
        return aggregate_pupils(
            file.file,
            shares=file.shares,
            means=file.means,
            council=file.council,
            school_year=file.school_year,
            stage=file.stage,
            simd_quintile=file.simd_quintile,
            smallest_group=file.smallest_group,
            councils=councils,
        )
    return read_outcomes(file.file, councils=councils)


def days_of(file: OutcomesFile, days: programme.CollectionDays) -> Days:
    """First and last day of gathering of a declared file's outcomes. Raises InputError for a collection not known."""
    if file.collection in days:
        return days[file.collection]
    message = f'There is no collection "{file.collection}" in collection_days.csv.'
    fix = f"Write one of {', '.join(days)}, or add its days to that file."
    refuse(HEADLINE, "collection-unknown", message, where=file.name, fix=fix)


def collected_years(read: Iterable[Outcomes]) -> dict[str, tuple[str, ...]]:
    """Measure → the school years with a number; whether there is one is looked at, never which.

    Raises
    ------
    InputError
        If two files hold the same measure, so that it is not known which is meant.
    """
    years_of: dict[str, tuple[str, ...]] = {}
    for outcomes in read:
        there = outcomes.frame.loc[outcomes.frame["value"].notna(), ["measure", "school_year"]]
        for measure, years in there.drop_duplicates().groupby("measure", sort=False)["school_year"]:
            if str(measure) in years_of:
                message = f"Two outcomes files hold the measure {measure}."
                fix = "Declare one of them, or read chosen indicators only."
                refuse(HEADLINE, "measure-twice", message, where=outcomes.record.file, fix=fix)
            years_of[str(measure)] = tuple(sorted(map(str, years)))
    return years_of


def check_measures(
    plan: PlanFile, read: Sequence[Outcomes], collected: Mapping[str, tuple[str, ...]]
) -> None:
    """Every measure of the plan is in one of the files read, and is a percentage.

    Raises
    ------
    InputError
        If not: the plan's smallest effect and every sentence of the evaluation speak of percentage points.
    """
    for measure in plan.plan.measures:
        frames = [one.frame[one.frame["measure"] == measure] for one in read if measure in one.measures]
        if not frames:
            message = f"The plan names a measure that no outcomes file holds: {measure}."
            fix = f"Choose among {', '.join(collected)}."
            refuse(HEADLINE, "measure-unknown", message, where=plan.path.name, fix=fix)
        if measure not in collected:
            message = f"No number of the measure {measure} is published: each of its values is missing."
            fix = "Name another measure, or read an edition of the file that holds its numbers."
            refuse(HEADLINE, "measure-empty", message, where=plan.path.name, fix=fix)
        if others := sorted(set(frames[0]["unit"]) - {PERCENT}):
            message = f"The measure {measure} is in {listed(map(quoted, others))}, not in percent."
            fix = "Name a measure in percent; of fractions, write 100 times the value and percent in the column unit."
            refuse(HEADLINE, "measure-unit", message, where=plan.path.name, fix=fix)
