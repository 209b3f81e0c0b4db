"""Everything the impact plan and evaluation rest on; outcomes of exposed years only once the plan is frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NoReturn, cast

from ci_eval import programme
from ci_eval.evidence.council_facts import read_covariates, read_officers
from ci_eval.evidence.opening import checked_settings
from ci_eval.impact import (
    Design,
    Exposure,
    ExposureRule,
    Panel,
    Years,
    exposure_from_engagements,
    identification_map,
)
from ci_eval.impact.analysis_plan import Departure, Frozen, ImpactPlan, departures
from ci_eval.impact.design import IDENTIFIED, NO_CONTROL
from ci_eval.impact.panel import LeftOut
from ci_eval.impact.years import school_year
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.outcomes import Outcomes, aggregate_pupils, equity_gap, read_acel, read_lgbf, read_outcomes
from ci_eval.report import Book
from ci_eval.settings import evaluation as declared
from ci_eval.settings.declared_files import impact_inputs
from ci_eval.settings.outcome_files import AcelFile, Impact, LgbfFile, OutcomesFile, PupilsFile
from ci_eval.settings.plan_file import COMMAND, PlanFile, frozen_path, read_frozen, read_plan

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.impact.design import Controls
    from ci_eval.outcomes import Outcomes
    from ci_eval.programme import Councils, Programme, Register


@dataclass(frozen=True, eq=False)
class ImpactEvidence:
    """What the impact notebooks rest on; sections read it and change nothing.

    Attributes
    ----------
    period, ends, invented : of the review period; collections after its last day are not looked at
    outcomes : one an outcomes file. Where `exposed` is False they hold no year after `last_pre_exposure`
    collected : measure → school years with a number for at least one council, closed years included; known without
        looking at a number
    last_pre_exposure : last school year before anybody can have been exposed
    plan : as the plan file is now; plan_file, plan_sha256 name it
    frozen : the plan as it was frozen; None where it never was
    officers : officers sent to teams (gss_code, engagement, officers); None where not declared
    covariates : index gss_code; None where not declared
    inputs : every input file with its checksum
    """

    period: str
    ends: date
    invented: bool
    programme: "Programme"
    councils: "Councils"
    register: "Register"
    outcomes: "tuple[Outcomes, ...]"
    collected: Mapping[str, tuple[str, ...]]
    last_pre_exposure: str
    exposed: bool
    plan: ImpactPlan
    plan_file: str
    plan_sha256: str
    frozen: Frozen | None
    inputs: tuple[tuple[str, str], ...]
    officers: "pd.DataFrame | None" = None
    covariates: "pd.DataFrame | None" = None

    @property
    def departures(self) -> list[Departure]:
        """Where the plan as it is differs from the frozen one; [] where it was never frozen."""
        return [] if self.frozen is None else departures(self.frozen.plan, self.plan)

    @property
    def council_names(self) -> dict[str, str]:
        """Name of each council by its GSS code."""
        return {code: council.short_name for code, council in self.councils.by_code.items()}

    def source(self, measure: str) -> "Outcomes":
        """The outcomes that hold a measure; KeyError for one that no file holds."""
        for outcomes in self.outcomes:
            if measure in outcomes.measures:
                return outcomes
        raise KeyError(measure)

    def series(self, measure: str, gap: bool = False) -> "pd.DataFrame":
        """Rows of a measure in the years that are open, or of its gap between SIMD quintiles 5 and 1."""
        source = self.source(measure)
        return equity_gap(source, measure) if gap else source.series(measure)

    def calendar(self, measure: str) -> Years:
        """The school years in which the measure was collected, closed ones included."""
        self.source(measure)
        return Years.of(self.collected[measure])

    def exposure(self, measure: str) -> Exposure:
        """When every council was first exposed, in the years the measure was collected."""
        return exposure_from_register(self.register, self.calendar(measure), self.plan.exposure)

    def design(self, measure: str) -> Design:
        """The planned design of a measure over all collected years, without its outcomes."""
        return Design.of(self.exposure(measure))

    def map(self, measure: str) -> "pd.DataFrame":
        """What can be estimated for a measure in every cohort and collected year, as `identification_map` gives it."""
        controls = cast("Controls", self.plan.controls)
        return identification_map(self.design(measure), controls, lag=self.plan.base_lag)

    def compared(self, measure: str) -> Years:
        """The collected years up to the last in which an effect can be estimated; all where there is none.

        Later years enter no estimate, as nobody is certainly not yet exposed in them. Left in, they would only break
        up those compared with into cohorts, some of a single authority, whose spread nobody can know.
        """
        years = self.calendar(measure)
        cells = self.map(measure)
        usable = set(cells.loc[cells["status"] == IDENTIFIED, "year"])
        last = max((years.labels.index(year) for year in usable), default=len(years) - 1)
        return years.keep(range(last + 1))

    def panel(self, measure: str, gap: bool = False) -> Panel:
        """The panel of a measure in the years that are open and compared; what is left out is listed."""
        panel, last = self.whole(measure, gap), self.compared(measure).numbers[-1]
        years = zip(panel.years.labels, panel.years.numbers, strict=True)
        late = [LeftOut(label, NO_CONTROL) for label, number in years if number > last]
        panel = panel.in_years([number for number in panel.years.numbers if number <= last])
        return replace(panel, left_out=(*panel.left_out, *late))

    def whole(self, measure: str, gap: bool = False) -> Panel:
        """The panel of a measure in all years that are open, those in which nothing can be compared included."""
        return self._panel(measure, gap, self.calendar(measure).labels)

    def _panel(self, measure: str, gap: bool, years: Iterable[str]) -> Panel:
        rows = self.series(measure, gap)
        return Panel.from_frame(
            rows.loc[rows["school_year"].isin(list(years)), ["gss_code", "school_year", "value"]],
            self.exposure(measure),
            unit="gss_code",
            year="school_year",
            incomplete="leave out units",
        )

    def used(self, measure: str, gap: bool = False) -> Panel:
        """The panel cut to the years that the planned estimate uses.

        A number that is missing in another year, as a suppressed gap of years ago, then loses nobody. Which years those
        are follows from who was exposed when, over the years in which anybody has a number, and not from who is left.
        """
        rows = self.series(measure, gap)
        there = set(rows.loc[rows["value"].notna(), "school_year"])
        exposure = self.exposure(measure)
        years = [year for year in self.compared(measure).labels if year in there]
        exposure = exposure.in_years([exposure.years.position(year) for year in years])
        weights = self.plan.contrast(Design.of(exposure)).weights
        places = [place for place, column in enumerate(weights.T) if column.any()]
        return self._panel(measure, gap, years[places[0] : places[-1] + 1])

    def before(self, measure: str, gap: bool = False) -> Panel:
        """The panel of the years before anybody can have been exposed."""
        last = Years.of([self.last_pre_exposure]).numbers[0]
        panel = self.panel(measure, gap)
        return panel.in_years([number for number in panel.years.numbers if number <= last])

    def scheduled(self, measure: str, gap: bool = False) -> Panel:
        """The panel over all compared years with 0 in every year that may be exposed, opened or not.

        It carries units, cohorts and the values before exposure to `balance` and `power`, which look at no other.
        """
        import numpy as np

        before = self.before(measure, gap)
        years = self.compared(measure)
        exposure = self.exposure(measure).select(before.units)
        exposure = exposure.in_years([exposure.years.position(number) for number in years.numbers])
        outcomes = np.zeros((len(before.units), len(years)))
        outcomes[:, [years.position(number) for number in before.years.numbers]] = before.outcomes
        return Panel(exposure, outcomes, before.weights, before.left_out, name=measure)


def exposure_from_register(register: "Register", years: Years, rule: ExposureRule) -> Exposure:
    """When every council was first exposed, by the register; councils are named by their GSS codes."""
    import pandas as pd

    rows = [
        (code, entry.engagement, entry.earliest, entry.latest, entry.status == "took place")
        for entry in register.entries
        for code in entry.hosts
    ]
    engagements = pd.DataFrame(rows, columns=["unit", "engagement", "earliest", "latest", "took_place"])
    return exposure_from_engagements(engagements, register.councils.by_code, years, rule)


def last_pre_exposure(plan: ImpactPlan, register: "Register") -> str:
    """The last school year whose collection no engagement of the register can have touched, by a plan."""
    return plan.last_pre_exposure(min(entry.earliest for entry in register.entries))


HEADLINE = "CANNOT EVALUATE THE IMPACT: no outcome of an exposed year was opened"
NOTEBOOKS = {False: "impact_plan", True: "impact_evaluation"}


def open_impact(
    period: str, settings: str = "", output: str = "", *, exposed: bool
) -> tuple[ImpactEvidence, Book]:
    """The evidence and the book of the impact plan, or of the evaluation where `exposed`.

    Parameters
    ----------
    period : name of a declared review period; outcomes collected after its last day are put away
    settings, output : as for `open_interim`
    exposed : open the outcomes of exposed years too, which needs a frozen plan. Without it no outcome after the last
        year before exposure is kept.

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
        _refuse_unfrozen(plan)
    about = programme.load_programme(known.programme)
    councils = programme.load_councils(known.programme)
    register = programme.load_register(known.programme, councils)
    # What was frozen decides which years are closed; a plan changed since cannot open more of them.
    rule = plan.plan if frozen is None else frozen.plan
    last = min(last_pre_exposure(rule, register), last_pre_exposure(plan.plan, register))
    read = [read_file(file, councils) for file in of_impact.outcomes]
    read = [
        outcomes.up_to(_last_collected(chosen, rule.exposure.month, rule.exposure.day)) for outcomes in read
    ]
    collected = collected_years(read)
    for measure in plan.plan.measures:
        if measure not in collected:
            refuse_measure(measure, collected, plan.path.name)
    evidence = ImpactEvidence(
        period=chosen.name,
        ends=chosen.ends,
        invented=chosen.invented or any(outcomes.record.invented for outcomes in read),
        programme=about,
        councils=councils,
        register=register,
        outcomes=tuple(read if exposed else (outcomes.up_to(last) for outcomes in read)),
        collected=collected,
        last_pre_exposure=last,
        exposed=exposed,
        plan=plan.plan,
        plan_file=plan.path.name,
        plan_sha256=plan.sha256,
        frozen=frozen,
        inputs=tuple(impact_inputs(known).items()),
        officers=None if of_impact.officers is None else read_officers(of_impact.officers, register),
        covariates=None if of_impact.covariates is None else read_covariates(of_impact.covariates, councils),
    )
    book = Book(
        title=about.titles.impact_evaluation if exposed else about.titles.impact_plan,
        subtitle=f"{about.name}, outcomes collected up to the end of {chosen.name}",
        period=chosen.name,
        notebook=NOTEBOOKS[exposed],
        folder=output or None,
        programme=about.name,
        invented=evidence.invented,
    )
    return evidence, book


def declared_impact(settings: declared.Settings) -> Impact:
    """What the settings declare of the impact. Raises InputError where that is nothing."""
    if settings.impact is not None:
        return settings.impact
    fix = 'Add [impact] with plan = "impact_plan.toml" and [impact.outcomes.levels] with file and kind.'
    message = "The settings declare no evaluation of impact."
    problem = Problem("impact-not-declared", "REJECT", message, where=settings.file.name, fix=fix)
    raise InputError("CANNOT EVALUATE THE IMPACT: nothing was run", [problem])


def read_file(file: OutcomesFile, councils: programme.Councils) -> Outcomes:
    """One declared file of outcomes. Raises InputError as its reader does."""
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


def _last_collected(period: declared.Period, month: int, day: int) -> str:
    """The last school year collected by the period's end."""
    within = (period.ends.month, period.ends.day) >= (month, day)
    return school_year(period.ends.year if within else period.ends.year - 1)


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
                problem = Problem("measure-twice", "REJECT", message, where=outcomes.record.file, fix=fix)
                raise InputError(HEADLINE, [problem])
            years_of[str(measure)] = tuple(sorted(map(str, years)))
    return years_of


def refuse_measure(measure: str, known: Iterable[str], plan: str) -> NoReturn:
    """Stop because no outcomes file holds a measure that the plan names."""
    message = f"The plan names a measure that no outcomes file holds: {measure}."
    fix = f"Choose among {', '.join(known)}."
    raise InputError(HEADLINE, [Problem("measure-unknown", "REJECT", message, where=plan, fix=fix)])


def _refuse_unfrozen(plan: PlanFile) -> NoReturn:
    message = "The plan is not frozen."
    fix = (
        f"Finish {plan.path.name}, then run {COMMAND} (with --settings where they are your own); it writes "
        f"{frozen_path(plan.path).name} beside it."
    )
    raise InputError(HEADLINE, [Problem("plan-not-frozen", "REJECT", message, where=plan.path.name, fix=fix)])
