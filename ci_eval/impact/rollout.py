"""From the register of engagements to exposure: the rule that says which collection is the first exposed one.

Method: docs/methods.md C1. A collection is a day of each school year. An engagement exposes its hosts from the
first collection at least `months_between` months after it; a date known by its bounds gives every collection
between those of its first and last day.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from ci_eval.programme import Engagement, Register

from .exposure import Exposure
from .refusals import BoolArray, named, refuse
from .years import Years, is_school_year, year_number

WHAT = "CANNOT SAY WHO WAS EXPOSED WHEN"


@dataclass(frozen=True)
class ExposureRule:
    """Which collection is the first that an engagement can have touched.

    Attributes
    ----------
    month, day : the collection of each school year, in the calendar year in which it ends
    months_between : months that must lie between the engagement and the collection
    first_year : first school year whose collection can be exposed. The programme's first engagement took
        place in June 2021, the month of that year's collection, which therefore counts as before it.
    trust_plans : take engagements that are only planned, or whose status is not known, to have taken place
        between their dates. By default they may also have been put off, for ever if need be.
    """

    month: int = 6
    day: int = 30
    months_between: int = 0
    first_year: str = "2021-22"
    trust_plans: bool = False

    def __post_init__(self) -> None:
        in_month = 1 <= self.month <= 12 and 1 <= self.day <= calendar.monthrange(2001, self.month)[1]
        if not in_month:
            text = f"There is no day {self.day} of month {self.month} in every year."
            refuse(WHAT, "collection-day", text, mend="give the collection as month = 6, day = 30")
        if self.months_between < 0:
            text = f"{self.months_between} months cannot lie between engagement and collection."
            refuse(WHAT, "months-between", text, mend="give 0 or more months")
        year_number(self.first_year)

    def position(self, engagement: date, years: Years) -> int:
        """The first observed position exposed by an engagement on this day; T where there is none."""
        reached = _months_later(engagement, self.months_between)
        collection = date(reached.year, self.month, self.day)
        year = reached.year if reached <= collection else reached.year + 1
        return years.from_number(max(year, year_number(self.first_year)))

    def possible(self, entry: Engagement, years: Years) -> BoolArray:
        """(T + 1,) the positions at which the hosts of one engagement can have been exposed first."""
        takes_place = entry.status == "took place" or self.trust_plans
        first = self.position(entry.earliest, years)
        last = self.position(entry.latest, years) if takes_place else len(years)
        places = np.arange(len(years) + 1)
        return np.asarray((places >= first) & (places <= last))


def exposure_from_register(
    register: Register,
    years: Years | Iterable[object],
    rule: ExposureRule | None = None,
    councils: Iterable[str] | None = None,
) -> Exposure:
    """The exposure of every council by the register.

    Parameters
    ----------
    register : engagements with their bounds and status
    years : observed school years
    rule : `ExposureRule()` by default
    councils : GSS codes, in the order wanted; by default all

    Returns
    -------
    Exposure with GSS codes as units. A council with several engagements is exposed by the first of them; one
    that no engagement mentions may have been exposed at any time from the rule's first year on. Hosts of
    the same engagements are joint.

    Raises
    ------
    InputError
        For years that are not school years, or codes of no council.
    """
    observed = years if isinstance(years, Years) else Years.of(years)
    plain = [label for label in observed.labels if not is_school_year(label)]
    if plain:
        text = f"The day of collection is not known for {named(plain)}."
        refuse(WHAT, "not-school-years", text, mend="write school years, as 2021-22")
    chosen = tuple(register.councils.by_code if councils is None else map(str, councils))
    unknown = [code for code in chosen if code not in register.councils.by_code]
    if unknown:
        mend = "look councils up with Councils.find first"
        refuse(WHAT, "unknown-code", f"No council has the code {named(unknown)}.", mend=mend)
    rule = ExposureRule() if rule is None else rule
    rows = [_council(register.of(code), observed, rule) for code in chosen]
    joint = tuple("+".join(entry.engagement for entry in register.of(code)) or code for code in chosen)
    return Exposure(chosen, observed, np.array(rows), joint)


def _council(entries: tuple[Engagement, ...], years: Years, rule: ExposureRule) -> BoolArray:
    """(T + 1,) possible first positions of a council: the earliest of its engagements, whichever they are."""
    places = np.arange(len(years) + 1)
    if not entries:
        return np.asarray(places >= years.from_number(year_number(rule.first_year)))
    possible = rule.possible(entries[0], years)
    for entry in entries[1:]:
        other = rule.possible(entry, years)
        earliest = np.minimum.outer(places, places)[np.ix_(possible, other)]
        possible = np.isin(places, earliest)
    return possible


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
