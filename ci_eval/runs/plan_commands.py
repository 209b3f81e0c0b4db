"""What ``ci-eval plan check`` and ``ci-eval plan freeze`` do: print what a plan holds, or freeze it."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from ci_eval import programme
from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.exposure_dates import assumed_of
from ci_eval.evidence.impact_opening import (
    NOT_FROZEN,
    NOTEBOOKS,
    check_measures,
    collected_years,
    days_of,
    declared_impact,
    read_file,
)
from ci_eval.evidence.impact_panels import exposure_from_register, last_pre_exposure
from ci_eval.impact import Design, Years, identification_map
from ci_eval.impact.analysis_plan import ImpactPlan, departures, described
from ci_eval.impact.design import IDENTIFIED, Controls
from ci_eval.impact.exposure import ASSUMPTIONS, BETWEEN, NOTHING
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.report.sentences import count, listed
from ci_eval.runs.output_folder import REASON
from ci_eval.sections.impact import assumed_dates
from ci_eval.settings.declared_files import deciding_inputs, impact_inputs
from ci_eval.settings.evaluation import Settings, load
from ci_eval.settings.outcome_files import frozen_path
from ci_eval.settings.plan_file import PlanFile, freeze, read_frozen, read_plan

Say = Callable[[str], None]


def check_plan(settings: str = "", say: Say = print) -> None:
    """Print the plan: its settings, what it compares, its hash, whether it is frozen, and where it departs from that.

    Raises
    ------
    InputError
        If the settings, the plan, the frozen plan or an outcomes file cannot be used.
    """
    known = load(settings or None)
    plan = read_plan(declared_impact(known).plan)
    register = programme.load_register(known.programme)
    days = programme.load_collection_days(known.programme)
    calendars = {file.collection: days_of(file, days) for file in declared_impact(known).outcomes}
    last = last_pre_exposure(plan.plan, register, calendars.values())
    width = max(map(len, described(plan.plan)))
    for key, words in described(plan.plan).items():
        say(f"{key:<{width}}  {words}")
    say(assumptions(known, plan.plan))
    say(f"Last school year before exposure, by the register: {last}")
    lines, problems = comparisons(known, plan)
    for line in (*lines, *(f"{problem.message} Fix: {problem.fix}" for problem in problems)):
        say(line)
    say(f"SHA-256 of {plan.path.name}: {plan.sha256}")
    frozen = read_frozen(plan.path)
    if frozen is None:
        say("Not frozen: outcomes of exposed years stay closed until `ci-eval plan freeze`.")
        return
    replaced = count(len(frozen.amendments), "earlier plan")
    say(f"Frozen on {frozen.frozen_on}, SHA-256 {frozen.sha256}, {replaced} replaced.")
    for name in frozen.changed_since(impact_inputs(known).items()):
        say(f"Changed since, or not used any more: {name}")
    for one in departures(frozen.plan, plan.plan):
        say(f"Departs from it: {one.key} was {one.planned}, is {one.now}")
    if frozen.sha256 != plan.sha256 and not departures(frozen.plan, plan.plan):
        say("The file's text has changed since, its settings have not.")


def assumptions(known: Settings, plan: ImpactPlan) -> str:
    """What a plan assumes of the dates of engagements, for each collection of the outcomes declared."""
    register, days = programme.load_register(known.programme), programme.load_collection_days(known.programme)
    said = []
    for file in declared_impact(known).outcomes:
        about = assumed_of(register, days_of(file, days), plan.exposure)
        clause = assumed_dates.clause(about) or "nothing is assumed beyond the register"
        said.append(f"Dates of engagements ({file.collection}): {clause}.")
    return " ".join(dict.fromkeys(said))


def freeze_plan(settings: str = "", reason: str = "", say: Say = print) -> None:
    """Freeze the plan that the settings declare, once every measure it names is in an outcomes file.

    Raises
    ------
    InputError
        As `plan_file.freeze`, and if the plan cannot be carried out with the outcomes declared.
    """
    known = load(settings or None)
    plan = usable_plan(known)
    made = evaluated(known)
    frozen = freeze(plan.path, reason, inputs=deciding_inputs(known), evaluated=made)
    if made:
        say(f"Written down: an evaluation of {listed(made)} had been made by now; every report says so.")
    say(f"Frozen on {frozen.frozen_on}: {frozen_path(plan.path).name}, beside {plan.path.name}")
    say(f"SHA-256 {frozen.sha256}")
    say(
        "Send this line today to somebody who can say later that it was sent; keep both files under version control."
    )


def evaluated(known: Settings) -> list[str]:
    """The review periods of which the outputs hold an evaluation, made or failed: its outcomes have been opened.

    One that was refused for want of a frozen plan had opened none.
    """
    names = {period.name for period in known.periods}
    folders = known.outputs.rglob(f"{NOTEBOOKS[True]}*") if known.outputs.is_dir() else ()
    return sorted(
        {
            one.parent.name
            for one in folders
            if one.is_dir() and one.parent.name in names and not _refused(one)
        }
    )


def _refused(folder: Path) -> bool:
    """Whether a folder holds failed runs alone, each of which was refused because the plan was not frozen."""
    reasons = [file.read_text(encoding="utf-8") for file in folder.glob(f"*/{REASON}")]
    return bool(reasons) and all(NOT_FROZEN in reason for reason in reasons)


def usable_plan(known: Settings) -> PlanFile:
    """The declared plan, refused where it cannot be carried out.

    Raises
    ------
    InputError
        If the plan or an outcomes file cannot be used, a measure is in no file, or its effect cannot be estimated.
    """
    plan = read_plan(declared_impact(known).plan)
    _, problems = comparisons(known, plan)
    if problems:
        raise InputError(f"CANNOT CARRY OUT {plan.path.name}: no comparison can be made", problems)
    return plan


def comparisons(known: Settings, plan: PlanFile) -> tuple[list[str], list[Problem]]:
    """For each measure of a plan who would be compared with whom; and those of which no effect can be estimated.

    Raises
    ------
    InputError
        If an outcomes file cannot be used, or a measure is in none.
    """
    declared, asked = declared_impact(known), plan.plan
    councils = programme.load_councils(known.programme)
    register = programme.load_register(known.programme, councils)
    days = programme.load_collection_days(known.programme)
    calendars = {file.collection: days_of(file, days) for file in declared.outcomes}
    read = [read_file(file, councils) for file in declared.outcomes]
    years = collected_years(read)
    check_measures(plan, read, years)
    lines, problems = [], []
    for measure in asked.measures:
        collection = next(one.record.collection for one in read if measure in one.measures)
        try:
            when = exposure_from_register(
                register, Years.of(years[measure]), calendars[collection], asked.exposure
            )
            design = Design.of(when)
            asked.contrast(design)
        except Refused as error:
            message = f"The planned effect on {measure} cannot be estimated: {error.message}"
            fix = cannot_be_estimated(asked, collection)
            problems.append(Problem("plan-not-identified", "REJECT", message, where=plan.path.name, fix=fix))
        else:
            cells = identification_map(design, cast("Controls", asked.controls), lag=asked.base_lag)
            with_whom = listed(
                f"{row['units']} authorities exposed in {row['cohort']} with {row['controls']} not yet exposed, "
                f"{row['year']} against {row['base']}"
                for row in cells[cells["status"] == IDENTIFIED].to_dict("records")
            )
            lines.append(f"Compared on {measure}: {with_whom}.")
    return lines, problems


def cannot_be_estimated(plan: ImpactPlan, collection: str) -> str:
    """What would make an effect of a plan one that can be estimated."""
    dates = (
        "Look whether the outcomes file has the years that the plan compares, whether the plan’s cohort, year and base_lag "
        f"are meant, and whether the register has the hosts’ dates (collection_days.csv, “{collection}”)."
    )
    if plan.exposure.assumption == NOTHING:
        return f'{dates} Or state an assumption: assumption = "{BETWEEN}" ({ASSUMPTIONS[BETWEEN]}).'
    return dates
