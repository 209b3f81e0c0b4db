"""Everything the impact plan and evaluation look at, read once and handed to every section."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ci_eval.impact import Design, Exposure, Panel, Years, exposure_from_register
from ci_eval.impact.outcomes import equity_gap
from ci_eval.impact.plan import Departure, Frozen, ImpactPlan, departures

if TYPE_CHECKING:
    import pandas as pd

    from ci_eval.impact.outcomes import Outcomes
    from ci_eval.programme import Councils, Register


@dataclass(frozen=True)
class ImpactEvidence:
    """What the impact notebooks rest on; sections read it and change nothing.

    Attributes
    ----------
    period, ends, invented : of the review period; collections after its last day are not looked at
    outcomes : one an outcomes file. Where `exposed` is False they hold no year after `last_pre_exposure`
    collected : measure → school years with a number for at least one council, closed years included; known without
        looking at a number
    last_pre_exposure : last school year before anybody can have been exposed
    plan : as the plan file stands now; plan_file, plan_sha256 name it
    frozen : the plan as it was frozen; None where it never was
    officers : officers sent to teams (gss_code, engagement, officers); None where not declared
    covariates : index gss_code; None where not declared
    inputs : every input file with its checksum
    """

    period: str
    ends: date
    invented: bool
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
    _panels: dict[tuple[str, bool], Panel] = field(default_factory=dict, repr=False, compare=False)

    @property
    def departures(self) -> list[Departure]:
        """Where the plan as it stands differs from the frozen one; [] where it was never frozen."""
        return [] if self.frozen is None else departures(self.frozen.plan, self.plan)

    @cached_property
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

    def panel(self, measure: str, gap: bool = False) -> Panel:
        """The panel of a measure in the years that are open; councils with a gap are left out and listed."""
        key = (measure, gap)
        if key not in self._panels:
            self._panels[key] = Panel.from_frame(
                self.series(measure, gap)[["gss_code", "school_year", "value"]],
                self.exposure(measure),
                unit="gss_code",
                year="school_year",
                incomplete="leave out units",
            )
        return self._panels[key]

    def before(self, measure: str, gap: bool = False) -> Panel:
        """The panel of the years before anybody can have been exposed."""
        last = Years.of([self.last_pre_exposure]).numbers[0]
        panel = self.panel(measure, gap)
        return panel.in_years([number for number in panel.years.numbers if number <= last])

    def scheduled(self, measure: str, gap: bool = False) -> Panel:
        """The panel over all collected years with 0 in every year that may be exposed, opened or not.

        It carries units, cohorts and the values before exposure to `balance` and `power`, which look at no other.
        """
        import numpy as np

        before = self.before(measure, gap)
        exposure = self.exposure(measure).select(before.units)
        outcomes = np.zeros((len(before.units), len(exposure.years)))
        places = [exposure.years.position(number) for number in before.years.numbers]
        outcomes[:, places] = before.outcomes
        return Panel(exposure, outcomes, before.weights, before.left_out, name=measure)
