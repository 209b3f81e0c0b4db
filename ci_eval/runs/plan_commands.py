"""What ``ci-eval plan check`` and ``ci-eval plan freeze`` do: print what a plan holds, or freeze it."""

from collections.abc import Callable

from ci_eval import programme
from ci_eval.evidence.impact_opening import collected_years, declared_impact, read_file, refuse_measure
from ci_eval.evidence.impact_panels import exposure_from_register, last_pre_exposure
from ci_eval.impact import Design, Years
from ci_eval.impact.analysis_plan import departures, described
from ci_eval.report.sentences import count
from ci_eval.settings.declared_files import deciding_inputs, impact_inputs
from ci_eval.settings.evaluation import Settings, load
from ci_eval.settings.plan_file import PlanFile, freeze, frozen_path, read_frozen, read_plan

Say = Callable[[str], None]


def check_plan(settings: str = "", say: Say = print) -> None:
    """Print the plan: its settings, its hash, whether it is frozen, and where it departs from what was frozen.

    Raises
    ------
    InputError
        If the settings, the plan or the frozen plan cannot be used.
    """
    known = load(settings or None)
    plan = read_plan(declared_impact(known).plan)
    last = last_pre_exposure(plan.plan, programme.load_register(known.programme))
    width = max(map(len, described(plan.plan)))
    for key, words in described(plan.plan).items():
        say(f"{key:<{width}}  {words}")
    say(f"Last school year before exposure, by the register: {last}")
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


def freeze_plan(settings: str = "", reason: str = "", say: Say = print) -> None:
    """Freeze the plan that the settings declare, once every measure it names is in an outcomes file.

    Raises
    ------
    InputError
        As `plan_file.freeze`, and if the plan cannot be carried out with the outcomes declared.
    """
    known = load(settings or None)
    plan = usable_plan(known)
    frozen = freeze(plan.path, reason, inputs=deciding_inputs(known))
    say(f"Frozen on {frozen.frozen_on}: {frozen_path(plan.path).name}, beside {plan.path.name}")
    say(f"SHA-256 {frozen.sha256}")
    say(
        "Send this line today to somebody who can say later that it was sent; keep both files under version control."
    )


def usable_plan(known: Settings) -> PlanFile:
    """The declared plan, refused where it cannot be carried out.

    Raises
    ------
    InputError
        If the plan or an outcomes file cannot be used, a measure is in no file, or its effect cannot be estimated.
    """
    declared = declared_impact(known)
    plan = read_plan(declared.plan)
    councils = programme.load_councils(known.programme)
    register = programme.load_register(known.programme, councils)
    last_pre_exposure(plan.plan, register)
    years = collected_years([read_file(file, councils) for file in declared.outcomes])
    for measure in plan.plan.measures:
        if measure not in years:
            refuse_measure(measure, years, plan.path.name)
        exposure = exposure_from_register(register, Years.of(years[measure]), plan.plan.exposure)
        plan.plan.contrast(Design.of(exposure))
    return plan
