"""Spillover: officers sent to earlier teams, and what becomes of the effect when those who compare have learnt.

Method: docs/methods.md C6. The links between authorities are declared beforehand in a table; when a link counts follows
from ci_eval.agreement.refusals import Refused, Refused
from the exposure of the host, so that another rollout order gives other dates to the same links.

Method: docs/methods.md C6. A control that has learnt something too hides a part of the effect. How many controls
that may be is printed; then they are left out, or what they may have learnt is estimated beside the effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, Refused, named, refuse
from ci_eval.impact.design import Controls, cells
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.inference.gather import CELLS_AT_ONCE
from ci_eval.impact.inference.orders import DRAWS, EXACT_UP_TO, Orders, rollout_orders
from ci_eval.impact.inference.permutation import share_as_extreme
from ci_eval.impact.panel import Panel

if TYPE_CHECKING:
    import pandas as pd


WHAT = "CANNOT USE THE TABLE OF OFFICERS"
COLUMNS = ("council", "engagement", "officers")


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
    def from_frame(cls, frame: "pd.DataFrame", exposure: Exposure) -> "Officers":
        """The officers of a table with the columns council, engagement and officers.

        Parameters
        ----------
        frame : one row a council and engagement; whole numbers, or text that is one. What is not listed is 0.
        exposure : its units are the councils, its `joint` names the engagements of hosts (several of one host
            are joined by "+", as `exposure_from_register` does)

        Raises
        ------
        Refused
            For columns that are not there, councils or engagements that are not known, numbers that are not
            whole or below 0, a row given twice, or a host that sends officers to itself.
        """
        lacking = [name for name in COLUMNS if name not in frame.columns]
        if lacking:
            text = f"The table has no column {named(lacking)}."
            fix = "give the columns council, engagement and officers"
            raise Refused(WHAT, "columns", text, fix=fix)
        places = {unit: place for place, unit in enumerate(exposure.units)}
        hosting: dict[str, list[int]] = {}
        for place, together in enumerate(exposure.joint):
            for engagement in together.split("+"):
                hosting.setdefault(engagement, []).append(place)
        _check_rows(frame, places, hosting)
        engagements = tuple(dict.fromkeys(str(value).strip() for value in frame["engagement"]))
        sent = np.zeros((len(places), len(engagements)))
        hosts = np.zeros((len(engagements), len(places)), dtype=bool)
        for row, engagement in enumerate(engagements):
            hosts[row, hosting[engagement]] = True
        for council, engagement, officers in zip(*(frame[name] for name in COLUMNS), strict=True):
            sent[places[str(council).strip()], engagements.index(str(engagement).strip())] = float(officers)
        return cls(exposure.units, engagements, sent, hosts)

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


def _check_rows(frame: "pd.DataFrame", places: dict[str, int], hosting: dict[str, list[int]]) -> None:
    """Refuse rows that cannot be counted, with the first row, counted from 1 below the headings."""
    found: dict[str, list[tuple[int, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for row, values in enumerate(zip(*(frame[name] for name in COLUMNS), strict=True), start=1):
        council, engagement = str(values[0]).strip(), str(values[1]).strip()
        if council not in places:
            found.setdefault("council", []).append((row, council))
        if engagement not in hosting:
            found.setdefault("engagement", []).append((row, engagement))
        elif places.get(council) in hosting[engagement]:
            found.setdefault("own-team", []).append((row, f"{council}, {engagement}"))
        if not _whole(values[2]):
            found.setdefault("officers", []).append((row, str(values[2])))
        if (council, engagement) in seen:
            found.setdefault("twice", []).append((row, f"{council}, {engagement}"))
        seen.add((council, engagement))
    words = {
        "council": ("is no council of the panel", "write councils as the register does"),
        "engagement": ("is no engagement of the register", "write its name in the register"),
        "own-team": ("would send officers to its own engagement", "list officers of other authorities only"),
        "officers": ("is no number of officers", "give a whole number from 0"),
        "twice": ("is listed more than once", "add the rows up to one"),
    }
    for check, (text, fix) in words.items():
        if check in found:
            row, value = found[check][0]
            raise Refused(
                WHAT, check, f"{value!r} {text}.", where=f"row {row}", count=len(found[check]), fix=fix
            )


def _whole(value: object) -> bool:
    try:
        number = float(str(value))
    except ValueError:
        return False
    return number >= 0 and number.is_integer()


WHAT_SPILLOVER = "CANNOT ESTIMATE SPILLOVER"
COLLINEAR = 1e-9  # relative; two exposures closer than this to moving together are not told apart
Dose = Literal["any", "officers"]


def exposed_share(panel: Panel, officers: Officers, controls: Controls = "not yet exposed") -> "pd.DataFrame":
    """How many controls of every comparison have sent officers to engagements by then.

    Hosts whose date is not certain count from their first possible date on, so that nobody is called
    unexposed who may not be.

    Returns
    -------
    One row a cell that can be estimated, effects only: cohort, year, base, controls (number), reached (of them,
    by the year), share, officers (they sent), reached_in_base (units of the cohort that had sent officers by
    the base year).

    Raises
    ------
    Refused
        If no effect can be estimated, or the officers are those of other units.
    """
    import pandas as pd

    sent = _sent(panel, officers)
    design, groups = panel.design, panel.groups
    rows = []
    for cell in cells(design, controls):
        if cell.year < int(design.first[cell.group]):
            continue
        against = np.isin(groups, cell.controls)
        number = sent[against, cell.year]
        own = sent[groups == cell.group, cell.base]
        label = design.years.labels
        rows.append(
            (
                design.labels[cell.group],
                label[cell.year],
                label[cell.base],
                int(against.sum()),
                int((number > 0).sum()),
                float((number > 0).mean()),
                int(number.sum()),
                int((own > 0).sum()),
            )
        )
    columns = ["cohort", "year", "base", "controls", "reached", "share", "officers", "reached_in_base"]
    return pd.DataFrame(rows, columns=columns)


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
    spillover : of having sent officers ("any"), or of each officer sent ("officers")
    effect_alone : of own exposure, had spillover been left out of the same regression
    p_effect, p_spillover : two-sided, raw; the order that happened counted in
    reached : units that had sent officers before they were exposed
    orders, kind : orders tried, "exact" or "random"
    """

    effect: float
    spillover: float
    effect_alone: float
    p_effect: float
    p_spillover: float
    dose: str
    reached: int
    orders: int
    kind: str


def with_spillover(
    panel: Panel,
    officers: Officers,
    *,
    dose: Dose = "any",
    strata: Mapping[str, object] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    exact_up_to: int = EXACT_UP_TO,
    orders: Orders | None = None,
) -> SpilloverResult:
    """Regress the outcome on own exposure and officers sent, with unit and year effects.

    The test permutes the rollout order; links between authorities stay, and in every order both exposures are
    computed anew. What it tests is that neither has an effect on anybody. The regression takes both
    effects to be constant; where they grow, it shares the faults of `two_way_fixed_effects`.

    Parameters
    ----------
    panel : everybody's date certain, units that all count the same
    officers : of the units of the panel
    dose : "any" for having sent officers or not, "officers" for their number
    strata, draws, seed, exact_up_to, orders : see `permutation_test`

    Raises
    ------
    Refused
        If a date is not certain, weights differ, or the two exposures cannot be told apart.
    """
    if dose not in ("any", "officers"):
        refuse(WHAT_SPILLOVER, "dose", f"There is no dose {dose!r}.", fix="use 'any' or 'officers'")
    if not panel.exposure.certain.all() or not panel.equal_weights:
        text = "Spillover is estimated with dates that are certain, and units that count the same."
        refuse(WHAT_SPILLOVER, "panel", text, fix="keep the years in which dates are certain: Panel.in_years")
    if orders is None:
        orders = rollout_orders(panel, strata, draws=draws, seed=seed, exact_up_to=exact_up_to)
    sent = _sent(panel, officers)
    first = np.tile(panel.exposure.first, (len(orders), 1))
    np.put_along_axis(
        first,
        orders.units,
        np.broadcast_to(panel.design.first[orders.cohort], orders.units.shape),
        axis=1,
    )
    outcome = _within(panel.outcomes)
    step = max(1, CELLS_AT_ONCE // panel.outcomes.size)
    parts = [
        _coefficients(outcome, first[start : start + step], officers, dose)
        for start in range(0, len(orders), step)
    ]
    effect, spillover, alone = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not (np.isfinite(effect[0]) and np.isfinite(spillover[0])):
        text = "Own exposure and officers sent cannot be told apart: nobody, or everybody, was reached."
        refuse(
            WHAT_SPILLOVER,
            "collinear",
            text,
            fix="see exposed_share; without links there is no spillover to estimate",
        )
    # An order in which they cannot be told apart counts against the effect.
    squares = [np.where(np.isfinite(each), each**2, np.inf) for each in (effect, spillover)]
    return SpilloverResult(
        float(effect[0]),
        float(spillover[0]),
        float(alone[0]),
        share_as_extreme(squares[0]),
        share_as_extreme(squares[1]),
        dose,
        int((sent > 0).any(axis=1).sum()),
        len(orders),
        orders.kind,
    )


def _sent(panel: Panel, officers: Officers) -> FloatArray:
    """(units, T) officers sent so far by units not yet exposed, hosts at their first possible dates."""
    if officers.units != panel.units:
        text = "The table of officers was made for other units, or another order of them."
        refuse(WHAT_SPILLOVER, "units", text, fix="make it from the exposure of the same panel")
    return officers.reached(panel.exposure.first, len(panel.years))


def _within(values: FloatArray) -> FloatArray:
    """(..., units, T) values less unit and year means."""
    unit, year = values.mean(axis=-1, keepdims=True), values.mean(axis=-2, keepdims=True)
    return np.asarray(values - unit - year + values.mean(axis=(-2, -1), keepdims=True))


def _coefficients(
    outcome: FloatArray, first: IntArray, officers: Officers, dose: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(B,) coefficients of own exposure and officers sent together, and of own exposure alone."""
    years = outcome.shape[1]
    sent = officers.reached(first, years)
    reached = (sent > 0).astype(np.float64) if dose == "any" else sent
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
