"""When each authority was first exposed, as far as the dates of engagements are known.

Method: docs/methods.md C1. A collection is a day of each school year. An engagement exposes its hosts from the
first collection at least `months_between` months after it. A date known by its bounds gives every collection
between those of its first and last day; nothing is guessed. An authority is certainly not yet exposed in the
years before its first possible position.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import BoolArray, IntArray, named, refuse
from ci_eval.impact.years import Years, is_school_year, year_number

WHAT = "CANNOT SAY WHO WAS EXPOSED WHEN"


@dataclass(frozen=True)
class Exposure:
    """Possible first exposed collections of every unit.

    Attributes
    ----------
    units : names, all different
    years : the observed years, T of them
    possible : (units, T + 1) whether the unit can have been exposed first at each position; the last column
        is "not in the years observed" (later, or never). Every row has at least one True.
    joint : units with the same name here were exposed together, as the hosts of one engagement are
    """

    units: tuple[str, ...]
    years: Years
    possible: BoolArray
    joint: tuple[str, ...]

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.years) + 1)
        if self.possible.shape != shape or len(self.joint) != len(self.units):
            refuse(WHAT, "shape", f"Possible exposures have the shape {self.possible.shape}, not {shape}.")
        if len(set(self.units)) < len(self.units):
            twice = sorted(unit for unit, times in Counter(self.units).items() if times > 1)
            refuse(WHAT, "unit-twice", f"Listed more than once: {named(twice)}.", fix="one row a unit")
        if not self.possible.any(axis=1).all():
            without = [self.units[row] for row in np.flatnonzero(~self.possible.any(axis=1))]
            text = f"No first exposed year is possible for {named(without)}."
            refuse(WHAT, "no-possible-year", text, fix="add the position 'not in the years observed'")

    @classmethod
    def from_cohorts(
        cls, cohorts: Mapping[str, object], years: Years, never: Iterable[object] = ()
    ) -> "Exposure":
        """Exposure known for every unit.

        Parameters
        ----------
        cohorts : first exposed year of each unit, written like the years; None or NaN for never. A year
            that was not observed counts from the first observed year after it, a year after the last one as
            not in the years observed.
        never : other values that mean never, e.g. ``[0]``

        Examples
        --------
        >>> Exposure.from_cohorts({"A": 2022, "B": None}, Years.of([2021, 2022])).frame()["exposed"].tolist()
        ['2022', 'not by 2022']

        Raises
        ------
        Refused
            For values that are not years.
        """
        codes = {year_number(value) for value in never}
        read: dict[object, int] = {}
        for value in set(cohorts.values()):
            number = None if _missing(value) else year_number(value)
            read[value] = len(years) if number is None or number in codes else years.from_number(number)
        places = np.array([read[value] for value in cohorts.values()], dtype=np.int64)
        possible = np.arange(len(years) + 1) == places[:, None]
        units = tuple(str(unit) for unit in cohorts)
        return cls(units, years, possible, units)

    @property
    def first(self) -> IntArray:
        """(units,) first possible position; before it the unit is certainly not yet exposed."""
        return np.asarray(self.possible.argmax(axis=1), dtype=np.int64)

    @property
    def certain(self) -> BoolArray:
        """(units,) whether only one position is possible."""
        return np.asarray(self.possible.sum(axis=1) == 1)

    def select(self, units: Iterable[str]) -> "Exposure":
        """The exposure of some units, in the order given.

        Raises
        ------
        Refused
            If a unit is not known.
        """
        place = {unit: row for row, unit in enumerate(self.units)}
        wanted = [str(unit) for unit in units]
        unknown = [unit for unit in wanted if unit not in place]
        if unknown:
            fix = "use the same names in outcomes and register"
            refuse(WHAT, "unknown-unit", f"No exposure is known for {named(unknown)}.", fix=fix)
        rows = [place[unit] for unit in wanted]
        return Exposure(tuple(wanted), self.years, self.possible[rows], tuple(self.joint[i] for i in rows))

    def in_years(self, positions: Iterable[int]) -> "Exposure":
        """The exposure seen from fewer years: first exposed in a year left out counts from the next one kept."""
        kept = sorted(set(positions))
        possible = np.zeros((len(self.units), len(kept) + 1), dtype=bool)
        for old in range(len(self.years) + 1):
            possible[:, sum(position < old for position in kept)] |= self.possible[:, old]
        return Exposure(self.units, self.years.keep(kept), possible, self.joint)

    def assigned(self, positions: Iterable[int]) -> "Exposure":
        """Exposure made certain: one position for each unit, which must be among its possible ones.

        Raises
        ------
        Refused
            If a position is not possible, or units exposed together get different ones.
        """
        chosen = np.asarray(list(positions), dtype=np.int64)
        possible = np.zeros_like(self.possible)
        possible[np.arange(len(self.units)), chosen] = True
        impossible = np.flatnonzero((possible & ~self.possible).any(axis=1))
        wrong = [self.units[row] for row in impossible]
        pairs = set(zip(self.joint, chosen.tolist(), strict=True))
        if wrong or len(pairs) != len(set(self.joint)):
            text = f"Not possible for {named(wrong)}." if wrong else "Units exposed together were separated."
            refuse(WHAT, "assignment", text, fix="choose among the possible years of each unit")
        return Exposure(self.units, self.years, possible, self.joint)

    def frame(self) -> pd.DataFrame:
        """One row a unit: unit, exposed (in words), certain, not_yet_until (last year certainly not exposed), joint."""
        words = [
            " or ".join(self.years.label(int(position)) for position in np.flatnonzero(row))
            for row in self.possible
        ]
        before = [self.years.label(int(first) - 1) if first > 0 else "" for first in self.first]
        columns = {"unit": self.units, "exposed": words, "certain": self.certain, "not_yet_until": before}
        return pd.DataFrame(columns | {"joint": self.joint})


def _missing(value: object) -> bool:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float | np.floating) and not np.isfinite(value)


@dataclass(frozen=True)
class ExposureRule:
    """Which collection is the first that an engagement can have touched.

    Attributes
    ----------
    month, day : the collection of each school year, in the calendar year in which it ends
    months_between : months that must lie between the engagement and the collection
    first_year : first school year whose collection can be exposed; an engagement in the month of a collection
        may count as after it, so this is declared and not derived
    trust_plans : take engagements that are only planned, or whose status is not known, to have taken place
        between their dates. By default they may also have been put off, for ever if need be.
    """

    months_between: int = field(default=0, metadata={"at_least": 0})
    first_year: str = field(default="2021-22", metadata={"valid": year_number})
    month: int = field(default=6, metadata={"key": "collection_month"})
    day: int = field(default=30, metadata={"key": "collection_day"})
    trust_plans: bool = field(default=False, metadata={"optional": True})

    def __post_init__(self) -> None:
        in_month = 1 <= self.month <= 12 and 1 <= self.day <= calendar.monthrange(2001, self.month)[1]
        if not in_month:
            text = f"There is no day {self.day} of month {self.month} in every year."
            refuse(WHAT, "collection-day", text, fix="give the collection as month = 6, day = 30")
        if self.months_between < 0:
            text = f"{self.months_between} months cannot lie between engagement and collection."
            refuse(WHAT, "months-between", text, fix="give 0 or more months")
        year_number(self.first_year)

    def position(self, engagement: date, years: Years) -> int:
        """The first observed position exposed by an engagement on this day; T where there is none."""
        reached = _months_later(engagement, self.months_between)
        collection = date(reached.year, self.month, self.day)
        year = reached.year if reached <= collection else reached.year + 1
        return years.from_number(max(year, year_number(self.first_year)))

    def possible(self, earliest: date, latest: date, took_place: bool, years: Years) -> BoolArray:
        """(T + 1,) the positions at which the hosts of one engagement can have been exposed first."""
        first = self.position(earliest, years)
        last = self.position(latest, years) if took_place or self.trust_plans else len(years)
        places = np.arange(len(years) + 1)
        return np.asarray((places >= first) & (places <= last))


def exposure_from_engagements(
    engagements: pd.DataFrame,
    units: Iterable[str],
    years: Years | Iterable[object],
    rule: ExposureRule | None = None,
) -> Exposure:
    """When every unit was first exposed, from the dates of the engagements that it hosted.

    Parameters
    ----------
    engagements : one row a host and engagement: unit, engagement (its name), earliest and latest
        (``datetime.date``, the days between which it took place), took_place (bool; False where it is only
        planned, or not known)
    units : names, in the order wanted
    years : observed school years
    rule : `ExposureRule()` by default

    Returns
    -------
    Exposure. A unit with several engagements is exposed by the first of them; one without any may have been
    exposed at any time from the rule's first year on. Hosts of the same engagements are joint.

    Examples
    --------
    >>> import pandas as pd
    >>> from datetime import date
    >>> rows = [("Angus", "first", date(2022, 3, 1), date(2022, 3, 31), True)]
    >>> held = pd.DataFrame(rows, columns=["unit", "engagement", "earliest", "latest", "took_place"])
    >>> found = exposure_from_engagements(held, ["Angus", "Fife"], ["2020-21", "2021-22", "2022-23"])
    >>> found.frame()["exposed"].tolist()
    ['2021-22', '2021-22 or 2022-23 or not by 2022-23']

    Raises
    ------
    Refused
        For years that are not school years, or a host that is not among the units.
    """
    observed = years if isinstance(years, Years) else Years.of(years)
    single = [label for label in observed.labels if not is_school_year(label)]
    if single:
        text = f"The day of collection is not known for {named(single)}."
        refuse(WHAT, "not-school-years", text, fix="write school years, as 2021-22")
    rule = ExposureRule() if rule is None else rule
    names = tuple(str(unit) for unit in units)
    if unknown := sorted(set(engagements["unit"]) - set(names)):
        refuse(WHAT, "unknown-unit", f"Hosts that are no units: {named(unknown)}.", fix="list every host")
    places = np.arange(len(observed) + 1)
    anytime = np.asarray(places >= observed.from_number(year_number(rule.first_year)))
    possible: dict[str, BoolArray] = {}
    joint: dict[str, str] = {}
    columns = ("unit", "engagement", "earliest", "latest", "took_place")
    for unit, name, earliest, latest, took_place in zip(*(engagements[one] for one in columns), strict=True):
        own = rule.possible(earliest, latest, bool(took_place), observed)
        if unit in possible:
            # The earlier of two engagements, whichever of their possible positions are the true ones.
            own = np.isin(places, np.minimum.outer(places, places)[np.ix_(possible[unit], own)])
        possible[unit] = own
        joint[unit] = f"{joint[unit]}+{name}" if unit in joint else str(name)
    rows = np.array([possible.get(unit, anytime) for unit in names])
    return Exposure(names, observed, rows, tuple(joint.get(unit, unit) for unit in names))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
