"""Everything the impact plan and evaluation rest on; every method gives a frame, which sections word and draw.

Outcomes are published tables of authorities, so every frame is releasable. Its `attrs` hold what sentences need beside
its rows; where there is nothing, `attrs["missing"]` says what is missing and how to supply it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence import focus_frames, impact_frames, missing_reasons, own_texts, plan_frames
from ci_eval.evidence.evidence_strength import conditions
from ci_eval.evidence.exposure_dates import dates
from ci_eval.evidence.frames import EvidenceFrame, Summarised, releasable
from ci_eval.evidence.impact_estimates import PRIMARY, estimates, planned, planned_test, primary
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.evidence.impact_variations import variations
from ci_eval.impact import Panel
from ci_eval.outcomes import Outcomes
from ci_eval.report import formats, sentences

MAP = (
    "look at the map of comparisons: it says what each cohort and year lacks. A later period may allow more."
)
NO_OFFICERS = (
    "Nobody has recorded which authorities sent officers to which teams, so that what spread to the authorities compared "
    "with cannot be taken off. Something that helped them makes the difference above too small, something that held them "
    "back too large.",
    missing_reasons.TEAMS,
)


@dataclass(eq=False, repr=False)
class ImpactEvidence(Summarised):
    """What the impact notebooks rest on; it displays itself. `panels` holds the files as read, and the plan."""

    panels: ImpactPanels
    _frames: dict[Any, EvidenceFrame] = field(default_factory=dict, init=False, repr=False)

    # --- who is compared ---

    def panel(self, measure: str = "", gap: bool = False) -> EvidenceFrame:
        """A row an authority and school year of an outcome, the primary one by default; `gap` between quintiles 5 and 1.

        gss_code, council, school_year; value: in the outcome's unit, NaN where not published; exposed: yes, no, or
        cannot be known; pupils: behind the value, NaN where not published; compared_as: exposed (certainly in the
        first year anybody was), not yet exposed (certainly not then), in no comparison (neither is certain, or a
        value is missing). Raises KeyError for a measure that no file holds.
        """
        chosen = (measure, gap) if measure else self.panels.primary
        return self._frame(impact_frames.panel_rows, *chosen)

    def design(self) -> EvidenceFrame:
        """A row a cohort and collected year of the primary outcome: what can be estimated, and against whom.

        cohort: first exposed school year; year; status: identified, a placebo, a control only, or why nothing can be
        estimated; base: the year compared with; gap: years between; units, controls: authorities; against: cohorts
        compared with; exposed: collections since exposure began, negative before.
        """
        return self._frame(impact_frames.design_cells)

    def authorities(self) -> EvidenceFrame:
        """A row an authority: gss_code, council; exposed: its possible first exposed school years; certain: yes or no;
        not_yet_until: last school year certainly not exposed; part: in the planned comparisons; joint: with whom.
        """
        return self._frame(impact_frames.authorities)

    def balance(self) -> EvidenceFrame:
        """A row a covariate before exposure: covariate, its mean in each cohort (a column each, NaN for words),
        difference_sd: largest difference in standard deviations, p by itself. The joint test stands in attrs.
        """
        return self._frame(impact_frames.cohort_balance)

    # --- what came of it ---

    def estimate(self) -> EvidenceFrame:
        """The planned estimate of the primary outcome, one row with the columns of `outcomes`."""
        return self._frame(self._primary)

    def outcomes(self) -> EvidenceFrame:
        """A row an outcome of the plan, whatever its sign: the planned estimate.

        outcome, role (primary, secondary); estimate, low, high: in the outcome's unit, with the interval of the plan's
        level; sd: estimate in standard deviations between authorities before exposure; p, p_raw, p_adjusted (Holm's
        over the secondary outcomes); exposed, controls: authorities; lost: authorities left out; problem: why there is
        no estimate, the numbers then NaN; smallest: effect that the planned test finds in 80% of evaluations in the
        years opened, NaN where that cannot be worked out.
        """
        return self._frame(self._estimates)

    def over_time(self) -> EvidenceFrame:
        """A row a time: the difference from the base year, before exposure (placebo) and after it.

        since: collections since exposure began; label, number: school year, or since; estimate, low, high: in the
        outcome's unit; band_low, band_high: bands that hold for all times together; p; placebo: True or False; exposed,
        controls: authorities. attrs: the difference in trend that the years before would show.
        """
        return self._frame(impact_frames.over_years)

    def variations(self) -> EvidenceFrame:
        """A row another way of asking that the plan lists: kind, how, estimate, low, high (in the outcome's unit), p,
        exposed, controls (authorities; NaN where not tested), note: why there is no estimate, or what low and high are.
        """
        if self.estimate().empty:
            return self._missing("Without an estimate there is nothing to vary.", MAP)
        estimate = float(self.estimate()["estimate"].iloc[0])
        return self._frame(variations, estimate=estimate)

    def strength(self) -> EvidenceFrame:
        """A row a condition of strong evidence: criterion, met (True or False), reason. No row without an estimate."""
        if self.estimate().empty:
            return self._missing("Without an estimate there is no evidence to rate.", MAP)
        return self._frame(self._rated)

    def spillover(self) -> EvidenceFrame:
        """A row a comparison: cohort, year, base; controls: authorities compared with; reached: those of them that had
        sent officers to earlier teams; share: 0 to 1; officers: people. Estimates that allow for it stand in attrs.
        """
        if self.panels.officers is None:
            return self._missing(*NO_OFFICERS)
        return self._frame(impact_frames.officers_sent)

    def test(self, panel: Panel) -> pd.Series:
        """The plan's estimator and permutation test on a panel of your own: estimate, low, high, p, exposed, controls.

        Raises Refused where the panel allows no comparison.
        """
        result = planned_test(self.panels, panel, self.panels.plan.contrast(panel.design))
        row = {"estimate": result.estimate, "low": result.low, "high": result.high, "p": result.p}
        return pd.Series(row | {"exposed": result.exposed_units, "controls": result.control_units})

    def engagements(self) -> EvidenceFrame:
        """A row an engagement of the first hosts: engagement, hosts, focus, measure (that belongs to the focus), gap (True
        for the measure's gap), days, fidelity, cost; texts are "" where not known.
        """
        return self._frame(focus_frames.engagement_facts)

    # --- what could be detected ---

    def detectable(self) -> EvidenceFrame:
        """A row a true effect: effect, in the outcome's unit; power: how often it is found, 0 to 1, with mc_error;
        exaggeration: estimates found over the effect; wrong_sign: of those found, 0 to 1. In an evaluation also realised,
        the power in the years opened. attrs: the smallest effect, as forecast and realised.
        """
        return self._frame(plan_frames.detectable_effects)

    def calendar_costs(self) -> EvidenceFrame:
        """A row a calendar: scenario; smallest: effect found, in the outcome's unit; mc_error; ratio: over the plan's."""
        return self._frame(plan_frames.calendar_costs)

    # --- the plan, and what was read ---

    def steps(self) -> EvidenceFrame:
        """A row a step by which the programme may change outcomes: step, shown_by."""
        return self._frame(plan_frames.steps)

    def plan(self) -> EvidenceFrame:
        """A row a setting of the plan: setting, planned (as frozen), now ("" where the same)."""
        return self._frame(plan_frames.plan_settings)

    def analyses(self) -> EvidenceFrame:
        """A row a sensitivity analysis that the plan lists: name, meaning."""
        return self._frame(plan_frames.analyses)

    def amendments(self) -> EvidenceFrame:
        """A row an earlier frozen plan: frozen_on, replaced_on (dates), reason, keys and changed (settings), sha256,
        evaluated: review periods of which an evaluation had been made by then, "" for none.
        """
        return self._frame(plan_frames.amendments)

    def departures(self) -> EvidenceFrame:
        """A row a setting that departs from the frozen plan: key, planned, now. attrs: when it was frozen."""
        return self._frame(plan_frames.departed)

    def measured(self) -> EvidenceFrame:
        """A row an outcome of the plan before exposure: outcome, role, unit, years, complete (authorities with a number
        in all of them); mean and sd: of authorities in the last of the years; smallest: effect that the planned test
        finds in 80% of cases, by forecast, NaN where that cannot be worked out; all in the outcome's unit.
        """
        return self._frame(plan_frames.measured)

    def missing(self) -> EvidenceFrame:
        """A row an outcome, school year and reason: outcome, school_year, missing (why), councils (how many), names,
        collected: False where nothing was collected for anybody. No row where no number is missing.
        """
        return self._frame(plan_frames.numbers_missing)

    def load_record(self) -> EvidenceFrame:
        """A row an outcomes file: file, description, counted (what), cells_in, used, left_out (how many), reasons;
        warnings: the publisher's own notes on comparisons, "" where there are none.
        """
        records = [one.record for one in self.panels.outcomes]
        return releasable(plan_frames.files_read(records), **self._context)

    def provenance(self) -> EvidenceFrame:
        """A row an input: file, sha256."""
        return releasable(pd.DataFrame(self.panels.inputs, columns=["file", "sha256"]), **self._context)

    def assurance(self) -> EvidenceFrame:
        """A row an assumption that the team logged, as of `Evidence.assurance`."""
        return releasable(own_texts.assured(self.panels.assurance), **self._context)

    # --- how frames are made ---

    def _estimates(self, panels: ImpactPanels) -> pd.DataFrame:
        found = plan_frames.realised
        smallest = [plan_frames.smallest_found(panels, one, found) for one in planned(panels)]
        return estimates(panels).assign(smallest=smallest)

    def _primary(self, panels: ImpactPanels) -> pd.DataFrame:
        rows = self.outcomes()
        answer = rows[rows["role"] == PRIMARY]
        power = self.detectable()
        late = [
            one
            for one in panels.register.entries
            if one.status != "took place" and one.earliest <= panels.ends
        ]
        about = {
            "power": {} if power.empty else power.attrs["forecast"] | (power.attrs["realised"] or {}),
            "no_power": power.attrs.get("missing", ("",))[0],
            "changed": len(panels.departures),
            "amended": 0 if panels.frozen is None else len(panels.frozen.amendments),
            "evaluated": bool(panels.frozen is not None and panels.frozen.evaluated),
            "unconfirmed": len(late),
            "officers": panels.officers is not None,
            "dates": dates(panels),
            "gap": panels.plan.primary_gap,
            "author": panels.author,
            "contact": panels.contact,
            "written_on": None,
        }  # fmt: skip
        if answer["estimate"].isna().all():
            what = f"The primary outcome, {primary(panels).name}, cannot be estimated: {answer['problem'].iloc[0]}"
            answer, about["missing"] = answer.head(0), (what, MAP)
        answer.attrs |= about
        return answer

    def _rated(self, panels: ImpactPanels) -> pd.DataFrame:
        return conditions(
            self.estimate(),
            self.detectable(),
            self.balance(),
            self.over_time(),
            self.variations(),
            self.departures(),
        )

    @property
    def _context(self) -> dict[str, Any]:
        """What every frame's attrs hold."""
        plan, last = self.panels.plan, self.panels.last_pre_exposure
        there = [year for year in self.panels.calendar(plan.primary).labels if year <= last]
        return {
            "period": self.panels.period,
            "programme": self.panels.programme.name,
            "primary": primary(self.panels).name,
            "level": plan.level,
            "smallest_effect": plan.smallest_effect,
            "multiplicity": plan.multiplicity,
            "last_pre_exposure": last,
            "last_known": there[-1] if there else last,  # the last before exposure that the outcomes have
            "plan_file": self.panels.plan_file,
            "publications": list(dict.fromkeys(map(_publication, self.panels.outcomes))),
        }

    def _frame(self, make: Callable[..., pd.DataFrame], *given: Any, **about: Any) -> EvidenceFrame:
        """The frame `make` gives of the panels, made once; a copy, because a reader may change hers."""
        key = (make.__name__, *given)
        if key not in self._frames:
            try:
                made = releasable(make(self.panels, *given), **self._context | about)
            except Refused as error:
                made = self._missing(error.message, error.fix or MAP)
            self._frames[key] = made
        return self._frames[key].copy()

    def _missing(self, what: str, how: str) -> EvidenceFrame:
        return releasable(pd.DataFrame(), **self._context, missing=(what, how))

    # --- how it displays itself ---

    def summary(self) -> list[str]:
        """What there is, a line each: outcomes, years, the plan, and what is missing."""
        panels = self.panels
        frozen = panels.frozen
        opened = "opened" if panels.exposed else "closed"
        fixed = "not frozen" if frozen is None else f"frozen on {formats.date(frozen.frozen_on)}"
        return [
            *(["Invented data: made up to try the workbook."] if panels.invented else []),
            f"Outcomes collected up to the end of {panels.period}; those after {panels.last_pre_exposure} are {opened}",
            f"Plan: {panels.plan_file}, {fixed}; primary outcome: {primary(panels).name}",
            f"Files: {sentences.listed(one.record.file for one in panels.outcomes)}",
            *([] if panels.officers is not None else ["Missing: officers sent to teams"]),
        ]  # fmt: skip


def _publication(outcomes: Outcomes) -> str:
    """What outcomes come from: title, publisher and day, or the file where no title is declared."""
    record = outcomes.record
    day = "" if record.published is None else f", published on {formats.date(record.published)}"
    return f"{record.publication or record.file}{day}"
