"""When each authority was first exposed, as far as the dates of engagements are known.

Method: docs/methods.md C1, C4a. An engagement exposes its hosts from the first collection at least `months_between`
months after it. A date known by its bounds gives every collection between those of its first and last day. What a
plan assumes beyond the register is a choice with its words (`ASSUMPTIONS`), and `assumed` lists whom it concerns.
An authority is certainly not yet exposed in the years before its first possible position.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement.refusals import BoolArray, IntArray, named, refuse
from ci_eval.impact.years import Years, is_school_year, school_year, year_number

WHAT = "CANNOT SAY WHO WAS EXPOSED WHEN"
BETWEEN, NOTHING = "between collections", "none"
ASSUMPTIONS: Mapping[str, str] = {
    BETWEEN: "an engagement that took place fell between the two collections that hold most of its possible days",
    NOTHING: "an engagement may have fallen on any of its possible days",
}
Days = Mapping[str, tuple[date, date]]  # school year → first and last day on which its outcomes are gathered


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
            number = None if _never(value) else year_number(value)
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


def _never(value: Any) -> bool:
    return bool(pd.isna(value)) or value in (np.inf, -np.inf)


@dataclass(frozen=True)
class ExposureRule:
    """Which collection is the first that an engagement can have touched.

    Attributes
    ----------
    months_between : months that must lie between the engagement and the collection
    assumption : of `ASSUMPTIONS`: what is taken to be true of dates that reach over a collection
    trust_plans : take engagements that are only planned, or whose status is not known, to have taken place
        between their dates. By default they may also have been put off, for ever if need be.
    """

    months_between: int = field(default=0, metadata={"at_least": 0})
    assumption: str = field(default=BETWEEN, metadata={"choices": tuple(ASSUMPTIONS)})
    trust_plans: bool = field(default=False, metadata={"optional": True})

    def __post_init__(self) -> None:
        if self.months_between < 0:
            text = f"{self.months_between} months cannot lie between engagement and collection."
            refuse(WHAT, "months-between", text, fix="give 0 or more months")
        if self.assumption not in ASSUMPTIONS:
            fix = f"choose {named(tuple(ASSUMPTIONS))}"
            refuse(WHAT, "assumption", f"{self.assumption!r} is no assumption about dates.", fix=fix)

    def possible(self, earliest: date, latest: date, took_place: bool, years: Years, days: Days) -> BoolArray:
        """(T + 1,) the positions at which the hosts of one engagement can have been exposed first.

        It exposes from the first collection that ends after it, if not before the first that begins after it.
        """
        if took_place and self.assumption == BETWEEN:
            earliest, latest = mostly_within(earliest, latest, days)
        gathered = [days[school_year(number)] for number in years.numbers]
        first_reached = _months_later(earliest, self.months_between)
        first = sum(last < first_reached for _, last in gathered)
        last = len(years)
        if took_place or self.trust_plans:
            last = sum(begun < _months_later(latest, self.months_between) for begun, _ in gathered)
        places = np.arange(len(years) + 1)
        return np.asarray((places >= first) & (places <= last))


def mostly_within(earliest: date, latest: date, days: Days) -> tuple[date, date]:
    """The bounds of an engagement, cut to the time between two collections that holds more than half of its days.

    Examples
    --------
    >>> census = {"2020-21": (date(2021, 6, 14),) * 2, "2021-22": (date(2022, 6, 13),) * 2}
    >>> mostly_within(date(2021, 6, 1), date(2022, 6, 30), census)
    (datetime.date(2021, 6, 15), datetime.date(2022, 6, 13))

    As they are where no such time holds more than half of them.
    """
    for before, until in pairwise(sorted(last for _, last in days.values())):
        start, end = max(earliest, before + timedelta(days=1)), min(latest, until)
        if 2 * ((end - start).days + 1) > (latest - earliest).days + 1:
            return start, end
    return earliest, latest


def assumed(engagements: pd.DataFrame, days: Days, rule: ExposureRule) -> pd.DataFrame:
    """The hosts whose dates the rule's assumption narrows: unit, engagement, after and by (the collections' days).

    Its rows are those of `engagements`, as `exposure_from_engagements` takes them. after and by are the last days of
    the collections between which the engagement is taken to have fallen.
    """
    rows = []
    ends = sorted(last for _, last in days.values())
    for row in engagements.to_dict("records"):
        given = row["earliest"], row["latest"]
        cut = mostly_within(*given, days)
        if row["took_place"] and rule.assumption == BETWEEN and cut != given:
            after = max(end for end in ends if end < cut[1])
            by = min(end for end in ends if end >= cut[1])
            rows.append((row["unit"], row["engagement"], after, by))
    return pd.DataFrame(rows, columns=["unit", "engagement", "after", "by"])


def exposure_from_engagements(
    engagements: pd.DataFrame,
    units: Iterable[str],
    years: Years | Iterable[object],
    days: Days,
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
    days : first and last day on which the outcomes of each school year are gathered
    rule : `ExposureRule()` by default

    Returns
    -------
    Exposure. A unit with several engagements is exposed by the first of them; one without any may have been
    exposed at any time since the first engagement of all. Hosts of the same engagements are joint.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("Angus", "first", date(2022, 3, 1), date(2022, 3, 31), True)]
    >>> held = pd.DataFrame(rows, columns=["unit", "engagement", "earliest", "latest", "took_place"])
    >>> census = {f"20{y - 1}-{y}": (date(2000 + y, 6, 13),) * 2 for y in (21, 22, 23)}
    >>> exposure_from_engagements(held, ["Angus", "Fife"], census, census).frame()["exposed"].tolist()
    ['2021-22', '2021-22 or 2022-23 or not by 2022-23']

    Raises
    ------
    Refused
        For a year whose days are not known, or a host that is not among the units.
    """
    observed = years if isinstance(years, Years) else Years.of(years)
    pairs = zip(observed.labels, observed.numbers, strict=True)
    if unknown := [x for x, number in pairs if not (is_school_year(x) and school_year(number) in days)]:
        text = f"The day of collection is not known for {named(unknown)}."
        refuse(
            WHAT, "no-days", text, fix="give the first and last day of gathering, by school years as 2021-22"
        )
    rule = ExposureRule() if rule is None else rule
    names = tuple(str(unit) for unit in units)
    if strange := sorted(set(engagements["unit"]) - set(names)):
        refuse(WHAT, "unknown-unit", f"Hosts that are no units: {named(strange)}.", fix="list every host")
    places = np.arange(len(observed) + 1)
    began = len(observed)
    possible: dict[str, BoolArray] = {}
    joint: dict[str, str] = {}
    columns = ("unit", "engagement", "earliest", "latest", "took_place")
    for unit, name, earliest, latest, took_place in zip(*(engagements[one] for one in columns), strict=True):
        own = rule.possible(earliest, latest, bool(took_place), observed, days)
        began = min(began, int(own.argmax()))
        if unit in possible:
            # The earlier of two engagements, whichever of their possible positions are the true ones.
            own = np.isin(places, np.minimum.outer(places, places)[np.ix_(possible[unit], own)])
        possible[unit] = own
        joint[unit] = f"{joint[unit]}+{name}" if unit in joint else str(name)
    rows = np.array([possible.get(unit, places >= began) for unit in names])
    return Exposure(names, observed, rows, tuple(joint.get(unit, unit) for unit in names))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
