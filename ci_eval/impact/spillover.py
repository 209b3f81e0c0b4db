"""Spillover: officers sent to earlier teams, and what becomes of the effect when those who compare have learnt.

Method: docs/methods.md C6. The links between authorities are declared beforehand in a table; when a link counts
follows from the exposure of the host, so that another rollout order gives other dates to the same links. A control
that has learnt something too hides a part of the effect. How many controls that may be is counted; then they are
left out, or what they may have learnt is estimated beside the effect.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, named, refuse
from ci_eval.impact.design import cells
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.inference.orders import Orders
from ci_eval.impact.inference.statistics_by_order import CELLS_AT_ONCE, share_as_extreme
from ci_eval.impact.panel import Panel

WHAT = "CANNOT USE THE TABLE OF OFFICERS"
WHAT_SPILLOVER = "CANNOT ESTIMATE SPILLOVER"
COLUMNS = ("council", "engagement", "officers")
COLLINEAR = 1e-9  # relative; two exposures closer than this to moving together cannot be separated


@dataclass(frozen=True)
class Officers:
    """Officers sent by each unit to each engagement.

    Attributes
    ----------
    units : names, as in the exposure
    engagements : names
    sent : (units, engagements) numbers of officers
    hosts : (engagements, units) who hosted
    """

    units: tuple[str, ...]
    engagements: tuple[str, ...]
    sent: FloatArray
    hosts: BoolArray

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, exposure: Exposure) -> "Officers":
        """The officers of a table with the columns council, engagement and officers.

        Parameters
        ----------
        frame : one row a council and engagement, as `programme.load_teams` has checked them; what is not listed is 0
        exposure : its units are the councils, its `joint` names the engagements of hosts (several of one host
            are joined by "+", as `exposure_from_engagements` does)

        Examples
        --------
        >>> from ci_eval.impact.years import Years
        >>> exposure = Exposure.from_cohorts({"A": 2021, "B": 2022}, Years.of([2020, 2021, 2022]))
        >>> links = pd.DataFrame({"council": ["B"], "engagement": ["A"], "officers": [2]})
        >>> Officers.from_frame(links, exposure).reached(exposure.first, 3).tolist()
        [[0.0, 0.0, 0.0], [0.0, 2.0, 0.0]]

        Raises
        ------
        Refused
            For a council or engagement that the exposure does not hold.
        """
        hosting: dict[str, set[str]] = {}
        for unit, joint in zip(exposure.units, exposure.joint, strict=True):
            for engagement in joint.split("+"):
                hosting.setdefault(engagement, set()).add(unit)
        if unknown := sorted({*frame["council"]} - {*exposure.units} | {*frame["engagement"]} - {*hosting}):
            fix = "leave their officers out, and say so"
            refuse(WHAT, "unknown", f"The panel does not hold {named(unknown)}.", fix=fix)
        sent = pd.DataFrame(0.0, index=list(exposure.units), columns=list(hosting))
        for council, engagement, officers in zip(*(frame[one] for one in COLUMNS), strict=True):
            sent.loc[council, engagement] = officers
        hosts = np.array([[unit in of for unit in exposure.units] for of in hosting.values()])
        return cls(exposure.units, tuple(hosting), sent.to_numpy(), hosts)

    def reached(self, first: IntArray, positions: int) -> FloatArray:
        """(..., units, T) officers a unit has sent by each position to teams at work, itself not yet exposed.

        Parameters
        ----------
        first : (..., units) first exposed position of every unit
        positions : number of them, T
        """
        exposed = (np.arange(positions) >= first[..., None]).astype(np.float64)
        # The hosts of one engagement are exposed together; an order that separates them has the earliest.
        at_work = (self.hosts.astype(np.float64) @ exposed) > 0
        return np.asarray((self.sent @ at_work) * (1 - exposed))


def exposed_share(panel: Panel, officers: Officers) -> pd.DataFrame:
    """How many controls of every comparison have sent officers to engagements by then.

    Hosts whose date is not certain count from their first possible date on, so that nobody is called
    unexposed who may not be.

    Returns
    -------
    One row a cell that can be estimated, effects only: cohort, year, base, controls (number), reached (of them,
    by the year), share, officers (they sent).

    Examples
    --------
    >>> from ci_eval.impact.years import Years
    >>> exposure = Exposure.from_cohorts({"A": 2021, "B": None, "C": None}, Years.of([2020, 2021]))
    >>> sent = pd.DataFrame({"council": ["B"], "engagement": ["A"], "officers": [2]})
    >>> some = Panel(exposure, np.zeros((3, 2)), np.ones(3))
    >>> exposed_share(some, Officers.from_frame(sent, exposure))[["controls", "reached", "share"]].values.tolist()
    [[2.0, 1.0, 0.5]]

    Raises
    ------
    Refused
        If no effect can be estimated, or the officers are those of other units.
    """
    sent = _sent(panel, officers)
    design, groups = panel.design, panel.groups
    labels = design.years.labels
    rows = []
    for cell in cells(design):
        if cell.year < int(design.first[cell.group]):
            continue
        number = sent[np.isin(groups, cell.controls), cell.year]
        rows.append(
            {
                "cohort": design.labels[cell.group],
                "year": labels[cell.year],
                "base": labels[cell.base],
                "controls": len(number),
                "reached": int((number > 0).sum()),
                "share": float((number > 0).mean()),
                "officers": int(number.sum()),
            }
        )
    return pd.DataFrame(rows)


def donut(panel: Panel, officers: Officers) -> Panel:
    """The panel in which nobody who has sent officers is compared any longer.

    From the first collection after it has sent an officer, a unit is neither a control nor, later, exposed: its
    own base would be a year in which it had learnt already. Until then it remains a control. Estimators and
    tests then work as always; `identification_map` shows what is left.

    Raises
    ------
    Refused
        If the officers are those of other units.
    """
    sent = _sent(panel, officers) > 0
    possible = panel.exposure.possible.copy()
    rows = np.flatnonzero(sent.any(axis=1))
    # A second possible date makes the unit one whose exposure is not certain from then on: see `Design`.
    possible[rows, sent[rows].argmax(axis=1)] = True
    exposure = Exposure(panel.units, panel.years, possible, panel.exposure.joint)
    return replace(panel, exposure=exposure)


@dataclass(frozen=True)
class SpilloverResult:
    """Effect and spillover estimated together.

    Attributes
    ----------
    effect : of own exposure, in the unit of the outcome
    spillover : of having sent officers
    effect_alone : of own exposure, had spillover been left out of the same regression
    p_effect, p_spillover : two-sided, raw; the order that happened counted in
    """

    effect: float
    spillover: float
    effect_alone: float
    p_effect: float
    p_spillover: float


def with_spillover(panel: Panel, officers: Officers, orders: Orders) -> SpilloverResult:
    """Regress the outcome on own exposure and officers sent, with unit and year effects.

    The test permutes the rollout order; links between authorities stay, and in every order both exposures are
    computed anew. What it tests is that neither has an effect on anybody. The regression takes both
    effects to be constant; where they grow, it is wrong, as two-way fixed effects are (Goodman-Bacon 2021).

    Parameters
    ----------
    panel : everybody's date certain, units that all count the same
    officers : of the units of the panel
    orders : from `rollout_orders`

    Raises
    ------
    Refused
        If a date is not certain, weights differ, or the two exposures cannot be separated.
    """
    if not panel.exposure.certain.all() or not panel.equal_weights:
        text = "Spillover is estimated with dates that are certain, and units that count the same."
        fix = "keep the years in which dates are certain: Panel.in_years"
        refuse(WHAT_SPILLOVER, "panel", text, fix=fix)
    _refuse_other_units(panel, officers)
    cohorts = orders.cohorts
    first = np.where(cohorts < 0, panel.exposure.first, panel.design.first[cohorts])
    outcome = _within(panel.outcomes)
    step = max(1, CELLS_AT_ONCE // panel.outcomes.size)
    parts = [
        _coefficients(outcome, first[start : start + step], officers) for start in range(0, len(orders), step)
    ]
    effect, spillover, alone = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not (np.isfinite(effect[0]) and np.isfinite(spillover[0])):
        text = "Own exposure and officers sent cannot be separated: nobody, or everybody, was reached."
        fix = "see exposed_share; without links there is no spillover to estimate"
        refuse(WHAT_SPILLOVER, "collinear", text, fix=fix)
    # An order in which they cannot be separated counts against the effect.
    squares = [np.where(np.isfinite(each), each**2, np.inf) for each in (effect, spillover)]
    return SpilloverResult(
        float(effect[0]),
        float(spillover[0]),
        float(alone[0]),
        share_as_extreme(squares[0]),
        share_as_extreme(squares[1]),
    )


def _sent(panel: Panel, officers: Officers) -> FloatArray:
    """(units, T) officers sent so far by units not yet exposed, hosts at their first possible dates."""
    _refuse_other_units(panel, officers)
    return officers.reached(panel.exposure.first, len(panel.years))


def _refuse_other_units(panel: Panel, officers: Officers) -> None:
    if officers.units != panel.units:
        text = "The table of officers was made for other units, or another order of them."
        refuse(WHAT_SPILLOVER, "units", text, fix="make it from the exposure of the same panel")


def _within(values: FloatArray) -> FloatArray:
    """(..., units, T) values less unit and year means."""
    unit, year = values.mean(axis=-1, keepdims=True), values.mean(axis=-2, keepdims=True)
    return np.asarray(values - unit - year + values.mean(axis=(-2, -1), keepdims=True))


def _coefficients(
    outcome: FloatArray, first: IntArray, officers: Officers
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(B,) coefficients of own exposure and officers sent together, and of own exposure alone."""
    years = outcome.shape[1]
    reached = (officers.reached(first, years) > 0).astype(np.float64)
    own = _within((np.arange(years) >= first[..., None]).astype(np.float64))
    other = _within(reached)
    squares = [np.einsum("bit,bit->b", one, two) for one, two in ((own, own), (own, other), (other, other))]
    with_outcome = [np.einsum("bit,it->b", each, outcome) for each in (own, other)]
    determinant = squares[0] * squares[2] - squares[1] ** 2
    apart: BoolArray = determinant > COLLINEAR * squares[0] * np.maximum(squares[2], COLLINEAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = (squares[2] * with_outcome[0] - squares[1] * with_outcome[1]) / determinant
        spillover = (squares[0] * with_outcome[1] - squares[1] * with_outcome[0]) / determinant
        alone = with_outcome[0] / squares[0]
    return np.where(apart, effect, np.nan), np.where(apart, spillover, np.nan), alone
