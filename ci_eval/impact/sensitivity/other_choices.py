"""The same effect under other choices: one table of everything that could have been done otherwise.

Method: docs/methods.md C5. Each row repeats the whole test: design, estimate, permutation. What cannot be estimated
under a choice stays in the table with the reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ci_eval.agreement.refusals import Refused
from ci_eval.impact.bounds import Bounds, cell_bounds, enumerated_bounds
from ci_eval.impact.design import Design
from ci_eval.impact.effects.contrasts import Contrast
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.inference.orders import DRAWS
from ci_eval.impact.inference.permutation import permutation_test
from ci_eval.impact.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

Estimator = Callable[[Design], Contrast]
COLUMNS = (
    "kind", "name", "estimate", "low", "high", "p", "exposed_units", "control_units", "note",
)  # fmt: skip
NOT_A_TEST = "bounds over {number:,} assignments that the register allows, not an interval"


@dataclass(frozen=True)
class Choices:
    """What is tried beside the main analysis; everything left empty is left out of the table.

    Attributes
    ----------
    leave_one_out : each unit in turn, whoever takes part in the comparison
    islands : units left out together
    joint_reviews : units exposed by one engagement averaged to one unit
    placebo_years : everybody taken to be exposed one, two, … collections earlier, seen from the years before
        anybody was exposed
    base_years : other estimators by name, e.g. ``{"two collections before": partial(callaway_santanna, lag=2)}``
    months_between : other exposures by name, from `exposure_from_register` with other rules
    pupil_weights : other fixed weights by name, one for each unit
    estimators : other estimators by name
    unknown_dates : bounds of the effect over all assignments of dates that are not certain
    cells : (cohort, year) bounded one by one, for any number of assignments
    """

    leave_one_out: bool = True
    islands: tuple[str, ...] = ()
    joint_reviews: bool = True
    placebo_years: bool = True
    base_years: Mapping[str, Estimator] | None = None
    months_between: Mapping[str, Exposure] | None = None
    pupil_weights: Mapping[str, Mapping[str, float]] | None = None
    estimators: Mapping[str, Estimator] | None = None
    unknown_dates: bool = True
    cells: tuple[tuple[object, object], ...] = ()


@dataclass(frozen=True)
class _Test:
    strata: Mapping[str, object] | None
    draws: int
    seed: int
    level: float
    studentised: bool
    names: Mapping[str, str]

    def called(self, units: Iterable[str], between: str = ", ") -> str:
        return between.join(self.names.get(unit, unit) for unit in units)

    def row(
        self, kind: str, name: str, panel: Panel, estimator: Estimator, note: str = ""
    ) -> tuple[object, ...]:
        """The row of one choice: the whole test anew, or the reason why there is none."""
        try:
            found = permutation_test(
                panel,
                estimator(panel.design),
                strata=self.strata,
                draws=self.draws,
                seed=self.seed,
                level=self.level,
                studentised=self.studentised,
            )
        except Refused as refused:
            return _without(kind, name, refused, note)
        units = found.exposed_units, found.control_units
        return kind, name, found.estimate, found.low, found.high, found.p, *units, note


def variations(
    panel: Panel,
    estimator: Estimator,
    choices: Choices | None = None,
    *,
    strata: Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.95,
    studentised: bool = True,
    names: Mapping[str, str] | None = None,
) -> "pd.DataFrame":
    """The effect under every choice.

    Parameters
    ----------
    panel : the main analysis, with its exposure and weights
    estimator : makes the contrast from a design, e.g. ``callaway_santanna``
    choices : `Choices()` by default
    strata, draws, seed, level, studentised : see `permutation_test`; the same for every row
    names : how units are called in the table, e.g. councils by code; by default as in the panel

    Returns
    -------
    One row a choice, the main analysis first. kind: "main", or the word of the plan for the choice; name;
    estimate, low, high, p: NaN where the note says why there is none, and for bounds, whose low and high are no
    interval; exposed_units, control_units: units compared (0 where there is no test); note.

    Raises
    ------
    Refused
        If a unit, or an exposure or weight for one, is not known. What cannot be estimated is a row.
    """
    import pandas as pd

    chosen = Choices() if choices is None else choices
    test = _Test(strata, draws, seed, level, studentised, names or {})
    rows = [test.row("main", "As planned", panel, estimator)]
    rows += [test.row("estimators", *named) for named in _same(panel, chosen.estimators)]
    rows += [test.row("base years", *named) for named in _same(panel, chosen.base_years)]
    for name, weights in (chosen.pupil_weights or {}).items():
        rows.append(test.row("pupil weights", name, panel.with_weights(weights), estimator))
    if chosen.islands:
        left = panel.without(chosen.islands)
        rows.append(test.row("islands out", f"Without {test.called(chosen.islands)}", left, estimator))
    if chosen.joint_reviews:
        rows += _joint_reviews(panel, estimator, test)
    for name, exposure in (chosen.months_between or {}).items():
        rows += _other_exposure(name, panel.with_exposure(exposure), estimator, chosen.cells, test)
    if chosen.unknown_dates:
        rows += list(_unknown_dates("unknown dates", "", panel, estimator, chosen.cells))
    if chosen.placebo_years:
        rows += [test.row("placebo years", *placebo, estimator) for placebo in placebo_panels(panel)]
    if chosen.leave_one_out:
        rows += [
            test.row("leave one out", f"Without {test.called([unit])}", panel.without([unit]), estimator)
            for unit in _taking_part(panel)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def placebo_panels(panel: Panel) -> Iterator[tuple[str, Panel]]:
    """Panels in which everybody is taken to be exposed earlier, seen from the years before anybody was.

    Nobody was exposed in them, so that the effect is nothing, whatever the programme does. The name says how
    much earlier; nothing comes where there are fewer than two years before.
    """
    from dataclasses import replace

    before = int(panel.exposure.first.min())
    for earlier in range(1, before):
        possible = np.zeros((len(panel.units), before + 1), dtype=bool)
        for position in range(len(panel.years)):
            possible[:, min(max(position - earlier, 0), before)] |= panel.exposure.possible[:, position]
        # Who is not exposed in the years observed may be so much later: the placebo leaves them unexposed.
        possible[:, before] |= panel.exposure.possible[:, -1]
        exposure = Exposure(panel.units, panel.years.keep(range(before)), possible, panel.exposure.joint)
        label = panel.years.label(before - earlier)
        name = f"As if exposed {earlier} collection{'s' if earlier > 1 else ''} earlier, from {label}"
        yield name, replace(panel, exposure=exposure, outcomes=panel.outcomes[:, :before])


def _same(panel: Panel, others: Mapping[str, Estimator] | None) -> Iterator[tuple[str, Panel, Estimator]]:
    for name, other in (others or {}).items():
        yield name, panel, other


def _taking_part(panel: Panel) -> list[str]:
    """Units with a year before exposure; leaving out the others changes nothing."""
    takes = panel.design.compared[panel.groups]
    return [unit for unit, part in zip(panel.units, takes, strict=True) if part]


def _joint_reviews(panel: Panel, estimator: Estimator, test: _Test) -> list[tuple[object, ...]]:
    """Hosts of one engagement as one unit, with the stratum of its members if they share one."""
    from dataclasses import replace

    groups: dict[str, list[str]] = {}
    for unit, together in zip(panel.units, panel.exposure.joint, strict=True):
        groups.setdefault(together, []).append(unit)
    several = {" + ".join(units): units for units in groups.values() if len(units) > 1}
    if not several:
        return []
    strata = None
    if test.strata is not None:
        strata = dict(test.strata)
        for name, units in several.items():
            theirs = {str(strata.get(unit)) for unit in units}
            strata[name] = strata.get(units[0]) if len(theirs) == 1 else " or ".join(sorted(theirs))
    count = len(several)
    name = test.called(next(iter(several.values())), " + ") if count == 1 else f"{count} joint engagements"
    joined = replace(test, strata=strata)
    return [joined.row("joint reviews", f"Counted once: {name}", panel.joined(several), estimator)]


def _other_exposure(
    name: str, panel: Panel, estimator: Estimator, cells: Iterable[tuple[object, object]], test: _Test
) -> list[tuple[object, ...]]:
    """The test under another exposure and, where its dates are not certain, bounds beside it."""
    return [
        test.row("months between", name, panel, estimator),
        *_unknown_dates("months between", f"{name}: ", panel, estimator, cells),
    ]


def _unknown_dates(
    kind: str, before: str, panel: Panel, estimator: Estimator, cells: Iterable[tuple[object, object]]
) -> Iterator[tuple[object, ...]]:
    """Bounds of the effect, and of single cells, over all dates allowed; nothing where all are certain."""
    if panel.exposure.certain.all():
        return
    tried: list[tuple[str, Callable[[], Bounds]]] = [
        (f"{before}bounds of the effect", lambda: enumerated_bounds(panel, estimator))
    ]
    for cohort, year in cells:
        label = f"{before}bounds of the effect in {year}, cohort {cohort}"
        tried.append((label, lambda cohort=cohort, year=year: cell_bounds(panel, cohort, year)))  # type: ignore[misc]
    for label, compute in tried:
        name = label[0].upper() + label[1:]
        try:
            found = compute()
        except Refused as refused:
            yield _without(kind, name, refused)
            continue
        note = NOT_A_TEST.format(number=found.assignments)
        if found.not_estimable:
            note += f"; in {found.not_estimable:,} of them the effect cannot be estimated"
        yield kind, name, np.nan, found.low, found.high, np.nan, 0, 0, note


def _without(kind: str, name: str, refused: Refused, note: str = "") -> tuple[object, ...]:
    """A row that says why there is no estimate."""
    reason = f"{note} {refused.message}".strip()
    return kind, name, np.nan, np.nan, np.nan, np.nan, 0, 0, reason
