"""The files of the impact evaluation as read, and the panels of outcomes that the plan asks for.

Which authority was exposed when follows from the register and the plan (docs/methods.md C1), never from outcomes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.impact import (
    Contrast,
    Design,
    Exposure,
    ExposureRule,
    Panel,
    Years,
    exposure_from_engagements,
    identification_map,
)
from ci_eval.impact.analysis_plan import Departure, Frozen, ImpactPlan, departures
from ci_eval.impact.design import IDENTIFIED, Controls
from ci_eval.impact.exposure import NOTHING, Days, mostly_within
from ci_eval.impact.years import school_year, year_number
from ci_eval.outcomes import Outcomes, equity_gap
from ci_eval.programme import CollectionDays, Councils, Programme, Register
from ci_eval.settings.assurance_file import Assurance


@dataclass(frozen=True, eq=False)
class ImpactPanels:
    """What the impact notebooks rest on; sections read it and change nothing.

    Attributes
    ----------
    period, ends, invented : of the review period; collections after its last day are not looked at
    days : collection → school year → first and last day on which outcomes are gathered
    outcomes : one an outcomes file. Where `exposed` is False they hold no year after `last_pre_exposure`
    collected : measure → school years with a number for at least one council, closed years included; known without
        looking at a number
    last_pre_exposure : last school year before anybody can have been exposed
    plan : as the plan file is now; plan_file, plan_sha256 name it
    frozen : the plan as it was frozen; None where it never was
    officers : officers sent to teams (gss_code, engagement, officers); None where not declared
    covariates : index gss_code; None where not declared
    assurance : roles, quality and assumptions in the team's words; None where not declared
    focus_outcomes : area of focus → measure, and whether it is its gap
    example_plan : whether every setting is that of the example that comes with the workbook
    inputs : every input file with its checksum
    author, contact : who answers for the report, and how to reach them; "" where not declared
    """

    period: str
    ends: date
    invented: bool
    programme: Programme
    councils: Councils
    register: Register
    days: CollectionDays
    outcomes: tuple[Outcomes, ...]
    collected: Mapping[str, tuple[str, ...]]
    last_pre_exposure: str
    exposed: bool
    plan: ImpactPlan
    plan_file: str
    plan_sha256: str
    frozen: Frozen | None
    example_plan: bool
    inputs: tuple[tuple[str, str], ...]
    officers: pd.DataFrame | None = None
    covariates: pd.DataFrame | None = None
    assurance: Assurance | None = None
    focus_outcomes: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    author: str = ""
    contact: str = ""
    _exposures: dict[tuple[str, ExposureRule], Exposure] = field(default_factory=dict, init=False, repr=False)
    _series: dict[tuple[str, bool], pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    @property
    def departures(self) -> list[Departure]:
        """Where the plan as it is differs from the frozen one; [] where it was never frozen."""
        return [] if self.frozen is None else departures(self.frozen.plan, self.plan)

    @property
    def council_names(self) -> dict[str, str]:
        """Name of each council by its GSS code."""
        return {code: council.short_name for code, council in self.councils.by_code.items()}

    def source(self, measure: str) -> Outcomes:
        """The outcomes that hold a measure; KeyError for one that no file holds."""
        for outcomes in self.outcomes:
            if measure in outcomes.measures:
                return outcomes
        raise KeyError(measure)

    def series(self, measure: str, gap: bool = False) -> pd.DataFrame:
        """Rows of a measure in the years that are open, or of its gap between SIMD quintiles 5 and 1."""
        if (measure, gap) not in self._series:
            source = self.source(measure)
            self._series[measure, gap] = equity_gap(source, measure) if gap else source.series(measure)
        return self._series[measure, gap].copy()

    def calendar(self, measure: str) -> Years:
        """The school years in which the measure was collected, closed ones included."""
        self.source(measure)
        return Years.of(self.collected[measure])

    @property
    def primary(self) -> tuple[str, bool]:
        """Measure of the primary outcome, and whether it is the gap between SIMD quintiles 5 and 1."""
        return self.plan.primary, self.plan.primary_gap

    def days_of(self, measure: str) -> Days:
        """First and last day on which a measure was gathered, by school year."""
        return self.days[self.source(measure).record.collection]

    def exposure(self, measure: str, rule: ExposureRule | None = None) -> Exposure:
        """When every council was first exposed, in the years the measure was collected; by the plan's rule, or another."""
        chosen = self.plan.exposure if rule is None else rule
        if (measure, chosen) not in self._exposures:  # a section asks for it many times
            years, days = self.calendar(measure), self.days_of(measure)
            self._exposures[measure, chosen] = exposure_from_register(self.register, years, days, chosen)
        return self._exposures[measure, chosen]

    def design(self, measure: str) -> Design:
        """The planned design of a measure over all collected years, without its outcomes."""
        return Design.of(self.exposure(measure))

    def map(self, measure: str) -> pd.DataFrame:
        """What can be estimated for a measure in every cohort and collected year, as `identification_map` gives it."""
        controls = cast(Controls, self.plan.controls)
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
        """The panel of a measure in the years that are open and compared; who is left out is listed."""
        panel, last = self.whole(measure, gap), self.compared(measure).numbers[-1]
        return panel.in_years([number for number in panel.years.numbers if number <= last])

    def whole(self, measure: str, gap: bool = False) -> Panel:
        """The panel of a measure in all years that are open, those in which nothing can be compared included."""
        return self._panel(measure, gap, self.calendar(measure).labels)

    def _panel(
        self, measure: str, gap: bool, years: Iterable[str], needed: Iterable[str] | None = None
    ) -> Panel:
        """Every council by the years; where some are `needed` only, the others hold 0 for everybody."""
        rows = self.series(measure, gap)
        wide = rows.pivot_table(index="gss_code", columns="school_year", values="value")
        exposure = self.exposure(measure)
        wide = wide.reindex(index=list(exposure.units), columns=list(years))
        if needed is not None:
            wide[[year for year in wide.columns if year not in set(needed)]] = 0.0
        long = wide.rename_axis(index="unit", columns="year").reset_index().melt("unit")
        return Panel.from_frame(long, exposure, incomplete="leave out units")

    def needed_years(
        self, measure: str, gap: bool = False, effect: Callable[[Design], Contrast] | None = None
    ) -> list[str]:
        """The compared years that an effect uses, the planned one by default; closed years included.

        They follow from who was exposed when, over the years in which anybody has a number, and not from who is left.
        """
        exposure, years = self.exposure(measure), self.with_any_number(measure, gap)
        exposure = exposure.in_years([exposure.years.position(year) for year in years])
        weights = (effect or self.plan.contrast)(Design.of(exposure)).weights
        return [year for year, column in zip(years, weights.T, strict=True) if column.any()]

    def with_any_number(self, measure: str, gap: bool = False) -> list[str]:
        """The compared years in which anybody has a number; closed years are taken to hold some."""
        rows = self.series(measure, gap)
        there = set(rows.loc[rows["value"].notna(), "school_year"])
        closed = set() if self.exposed else {y for y in self.collected[measure] if y > self.last_pre_exposure}
        return [year for year in self.compared(measure).labels if year in there | closed]

    def used(
        self, measure: str, gap: bool = False, effect: Callable[[Design], Contrast] | None = None
    ) -> Panel:
        """The panel that an effect needs, the planned one by default: everybody with a number in the years it uses.

        A number that is missing in another year loses nobody. Years that the effect does not use hold 0 for everybody,
        so that the panel is good for this effect alone.
        """
        years = self.with_any_number(measure, gap)
        return self._panel(measure, gap, years, self.needed_years(measure, gap, effect))

    def in_cells(self, measure: str, gap: bool, needed: Iterable[str]) -> Panel:
        """The panel of everybody with a number in the years `needed`; years before the last of them hold 0 otherwise."""
        wanted = list(needed)
        years = [year for year in self.calendar(measure).labels if year <= max(wanted)]
        return self._panel(measure, gap, years, wanted)

    def with_numbers(self, measure: str, gap: bool = False) -> set[str]:
        """The councils with a number in every year that the planned effect uses, as far as years are open.

        Nobody where the effect cannot be estimated.
        """
        try:
            needed = set(self.needed_years(measure, gap))
        except Refused:
            return set()
        rows = self.series(measure, gap)
        rows = rows[rows["school_year"].isin(list(needed)) & rows["value"].notna()]
        counted = rows.groupby("gss_code")["school_year"].nunique()
        there = needed if self.exposed else {year for year in needed if year <= self.last_pre_exposure}
        return set(counted.index[counted == len(there)])

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
        return Panel(exposure, outcomes, before.weights, before.left_out)


def engagements(register: Register) -> pd.DataFrame:
    """A row a host and engagement, as `ci_eval.impact.exposure_from_engagements` takes them; units are GSS codes."""
    rows = [
        (code, entry.engagement, entry.earliest, entry.latest, entry.status == "took place")
        for entry in register.entries
        for code in entry.hosts
    ]
    return pd.DataFrame(rows, columns=["unit", "engagement", "earliest", "latest", "took_place"])


def exposure_from_register(register: Register, years: Years, days: Days, rule: ExposureRule) -> Exposure:
    """When every council was first exposed, by the register; councils are named by their GSS codes."""
    return exposure_from_engagements(engagements(register), register.councils.by_code, years, days, rule)


def last_pre_exposure(plan: ImpactPlan, register: Register, calendars: Iterable[Days]) -> str:
    """The last school year whose collection no engagement of the register can have touched, under a plan's assumption.

    The months that a plan wants between engagement and collection open no year: what came within them may be touched.
    """
    firsts = []
    for days in calendars:
        numbers = {year_number(label): last for label, (_, last) in days.items()}
        for entry in register.entries:
            earliest = entry.earliest
            if entry.status == "took place" and plan.exposure.assumption != NOTHING:
                earliest = mostly_within(earliest, entry.latest, days)[0]
            firsts.append(
                min((year for year, last in numbers.items() if last >= earliest), default=max(numbers) + 1)
            )
    return school_year(min(firsts) - 1)
