"""The design: cohorts × positions, and which effects it can estimate against whom.

Method: docs/methods.md C2. Units with the same first possible position form a cohort; those whose date is not
certain form one of their own, which serves as a control until then and never as exposed. A cell compares the
change of a cohort from its base year with the change of cohorts that are certainly not yet exposed. What has no
such comparison is refused, never extrapolated.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import BoolArray, FloatArray, IntArray, named, refuse
from ci_eval.impact.exposure import Exposure
from ci_eval.impact.years import Years

WHAT = "CANNOT ESTIMATE AN EFFECT"
Controls = Literal["not yet exposed", "never exposed", "last exposed"]
Base = Literal["varying", "universal"]
IDENTIFIED = "identified"
PLACEBO = "placebo"
BASE_YEAR = "base year"
NO_BASE = "no year before exposure"
NO_EARLIER = "no earlier year"
NO_CONTROL = "nobody certainly not yet exposed"
UNCERTAIN = "date of exposure not certain"
CONTROL_ONLY = "control only"


@dataclass(frozen=True)
class Design:
    """Cohorts in the order of their first exposed collection.

    Attributes
    ----------
    years : the T observed years
    first : (G,) first position at which the cohort is, or may be, exposed; T if not in the years observed
    certain : (G,) whether that position is certain
    size : (G,) units
    weight : (G,) sum of the units' weights
    """

    years: Years
    first: IntArray
    certain: BoolArray
    size: IntArray
    weight: FloatArray

    @classmethod
    def of(cls, exposure: Exposure, weights: FloatArray | None = None) -> "Design":
        """The design of an exposure; `weights` (units,) are 1 by default."""
        keys = _keys(exposure)
        each = np.ones(len(keys)) if weights is None else weights
        cohorts, index = np.unique(keys, return_inverse=True)
        size = np.bincount(index).astype(np.int64)
        weight = np.bincount(index, weights=each).astype(np.float64)
        return cls(exposure.years, cohorts // 2, cohorts % 2 == 0, size, weight)

    def group_of(self, exposure: Exposure) -> IntArray:
        """(units,) the cohort each unit of the exposure belongs to."""
        return np.searchsorted(self.first * 2 + ~self.certain, _keys(exposure)).astype(np.int64)

    @property
    def cohorts(self) -> int:
        """Number of cohorts, G."""
        return len(self.first)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the cohorts: ``2021-22``, ``2022-23 or later``, ``not by 2023-24``."""
        return tuple(
            self.years.label(int(first)) + ("" if sure else " or later")
            for first, sure in zip(self.first, self.certain, strict=True)
        )

    @property
    def exposed(self) -> BoolArray:
        """(G, T) whether the cohort is certainly exposed; a date that is not certain never counts."""
        return self.certain[:, None] & ~self.not_yet

    @property
    def not_yet(self) -> BoolArray:
        """(G, T) whether the cohort is certainly not yet exposed."""
        return np.asarray(np.arange(len(self.years)) < self.first[:, None])

    @property
    def compared(self) -> BoolArray:
        """(G,) cohorts with a year before exposure; the others were exposed throughout and compare with nothing."""
        return np.asarray(self.first > 0)


def _keys(exposure: Exposure) -> IntArray:
    """(units,) order of cohorts: by first possible position, certain before not certain."""
    return exposure.first * 2 + ~exposure.certain


@dataclass(frozen=True)
class Cell:
    """One comparison: cohort `group` from `base` to `year` against the cohorts `controls`; positions and indices."""

    group: int
    year: int
    base: int
    controls: tuple[int, ...]
    status: str

    @property
    def usable(self) -> bool:
        return self.status in {IDENTIFIED, PLACEBO}


def all_cells(
    design: Design, controls: Controls = "not yet exposed", base: Base = "varying", lag: int = 1
) -> tuple[Cell, ...]:
    """Every cell cohort × year with its status, by cohort and year.

    Parameters
    ----------
    design : cohorts × positions
    controls : "not yet exposed" in either year compared; "never exposed" in the years observed; "last
        exposed" for the cohort exposed last, or never, alone (Sun & Abraham)
    base : of the years before exposure: "varying" compares each with the year before it, "universal" with
        the base of the effects
    lag : the base of effects lies this many observed positions before exposure

    Raises
    ------
    Refused
        For a lag below 1 or a word that is none of those above.
    """
    if controls not in ("not yet exposed", "never exposed", "last exposed"):
        refuse(WHAT, "controls", f"{controls!r} are no controls.", fix="use 'not yet exposed'")
    if base not in ("varying", "universal") or lag < 1:
        text = f"There is no base {base!r} {lag} before."
        refuse(WHAT, "base", text, fix="use 'varying', at least 1 before")
    every: list[Cell] = []
    for group in range(design.cohorts):
        cells = [_cell(design, group, year, controls, base, lag) for year in range(len(design.years))]
        if not any(cell.status == IDENTIFIED for cell in cells):
            cells = [
                replace(cell, status=CONTROL_ONLY) if cell.status in {PLACEBO, BASE_YEAR} else cell
                for cell in cells
            ]
        every += cells
    return tuple(every)


def cells(
    design: Design, controls: Controls = "not yet exposed", base: Base = "varying", lag: int = 1
) -> tuple[Cell, ...]:
    """The cells that can be estimated, effects and placebos; see `all_cells`.

    Raises
    ------
    Refused
        If no effect can be estimated, saying why.
    """
    every = all_cells(design, controls, base, lag)
    usable = tuple(cell for cell in every if cell.usable)
    if not any(cell.status == IDENTIFIED for cell in usable):
        exposed = [cell for cell in every if cell.year >= int(design.first[cell.group])]
        reasons = sorted({cell.status for cell in exposed}) or ["nobody is exposed in the years observed"]
        fix = "look at identification_map(design): it says what each cohort and year lacks"
        refuse(WHAT, "nothing-identified", f"No effect can be estimated: {named(reasons)}.", fix=fix)
    return usable


def cell(
    design: Design,
    cohort: object,
    year: object,
    controls: Controls = "not yet exposed",
    base: Base = "varying",
    lag: int = 1,
) -> Cell:
    """The cell of the cohort first exposed in `cohort`, in `year`.

    Raises
    ------
    Refused
        If there is no such cohort, or the cell cannot be estimated, saying why.
    """
    first, position = design.years.position(cohort), design.years.position(year)
    for one in all_cells(design, controls, base, lag):
        if int(design.first[one.group]) == first and one.year == position and design.certain[one.group]:
            if one.usable:
                return one
            text = f"The effect on the cohort of {cohort} in {year} cannot be estimated: {one.status}."
            refuse(WHAT, "not-identified", text, fix="choose a cell that identification_map(design) allows")
    text = f"No unit was certainly exposed first in {cohort}."
    refuse(WHAT, "no-cohort", text, fix="choose a cohort of identification_map(design)")


def identification_map(
    design: Design, controls: Controls = "not yet exposed", base: Base = "varying", lag: int = 1
) -> pd.DataFrame:
    """One row a cohort and year: what can be estimated there, and against whom.

    Columns: cohort, year, exposed (collections since exposure began, 0 the first, negative before), base
    (year compared with), gap (years between them), units, controls (their number), against (cohorts),
    status ("identified", "placebo", "base year", or what is lacking).

    Examples
    --------
    >>> exposure = Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022]))
    >>> identification_map(Design.of(exposure))["status"].tolist()
    ['no earlier year', 'identified', 'control only', 'control only']
    """
    labels, numbers = design.years.labels, design.years.numbers
    rows = [
        {
            "cohort": design.labels[cell.group],
            "year": labels[cell.year],
            "exposed": cell.year - int(design.first[cell.group]),
            "base": labels[cell.base] if cell.base >= 0 else "",
            "gap": numbers[cell.year] - numbers[cell.base] if cell.base >= 0 else 0,
            "units": int(design.size[cell.group]),
            "controls": int(design.size[list(cell.controls)].sum()),
            "against": ", ".join(design.labels[group] for group in cell.controls),
            "status": cell.status,
        }
        for cell in all_cells(design, controls, base, lag)
    ]
    return pd.DataFrame(rows)


def _cell(design: Design, group: int, year: int, controls: Controls, base: Base, lag: int) -> Cell:
    first = int(design.first[group])
    before = year < first
    compared = year - 1 if before and base == "varying" else first - lag
    if first == len(design.years):
        return Cell(group, year, -1, (), CONTROL_ONLY)
    if compared < 0:
        return Cell(group, year, -1, (), NO_EARLIER if before else NO_BASE)
    against = _controls(design, group, max(year, compared), controls)
    if before and compared == year:
        status = BASE_YEAR
    elif not design.certain[group]:
        status = CONTROL_ONLY if before else UNCERTAIN
    elif not against:
        status = NO_CONTROL
    else:
        status = PLACEBO if before else IDENTIFIED
    return Cell(group, year, compared, against, status)


def _controls(design: Design, group: int, latest: int, controls: Controls) -> tuple[int, ...]:
    """Cohorts certainly not exposed up to the later of the two years, without the cohort itself."""
    eligible = design.first > latest
    if controls == "never exposed":
        eligible = eligible & (design.first == len(design.years))
    elif controls == "last exposed":
        eligible = eligible & (design.first == design.first.max())
    eligible[group] = False
    return tuple(int(index) for index in np.flatnonzero(eligible))
