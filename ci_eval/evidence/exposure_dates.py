"""What the register's dates leave open: what the plan assumes of them, and bounds without the assumption.

Method: docs/methods.md C1, C4a. The words are made in `ci_eval.sections.impact.assumed_dates`.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from ci_eval.agreement.refusals import Refused
from ci_eval.evidence.impact_panels import ImpactPanels, engagements
from ci_eval.impact import Bounds, ExposureRule, assumed, cell_bounds
from ci_eval.impact.exposure import BETWEEN, NOTHING, Days, mostly_within
from ci_eval.programme import Register

DAYS_A_MONTH = 365.25 / 12


def first_exposed(panels: ImpactPanels) -> str:
    """The first school year in which anybody is exposed, where engagements fell between collections."""
    exposure = panels.exposure(panels.plan.primary, replace(panels.plan.exposure, assumption=BETWEEN))
    return exposure.years.label(int(exposure.first.min()))


@lru_cache(maxsize=8)  # several sections ask, and each takes all numbers of exposed and of controls
def date_bounds(panels: ImpactPanels, year: str) -> Bounds | None:
    """Bounds of the effect on the first hosts in a year, whatever is assumed of dates; None where they are certain.

    Everybody with a number in that year and in the base is counted. Raises Refused where no assignment has an effect.
    """
    first, lag = first_exposed(panels), panels.plan.base_lag
    exposure = panels.exposure(panels.plan.primary, replace(panels.plan.exposure, assumption=NOTHING))
    place = exposure.years.position(first) - lag
    if place < 0:
        return None
    panel = panels.in_cells(*panels.primary, [exposure.years.labels[place], year]).with_exposure(exposure)
    touched = panel.exposure.possible[:, : panel.years.position(year) + 1].any(axis=1)
    if panel.exposure.certain[touched].all():
        return None
    return cell_bounds(panel, first, year, lag=lag)


def months_after(panels: ImpactPanels) -> tuple[int, int] | None:
    """Fewest and most months from an engagement of the first hosts to the day their outcomes were gathered."""
    days, year = panels.days_of(panels.plan.primary), first_exposed(panels)
    if year not in days:
        return None
    first, last = days[year]
    spans = []
    for row in engagements(panels.register).to_dict("records"):
        earliest, latest = mostly_within(row["earliest"], row["latest"], days)
        if row["took_place"] and _year_of(latest, days) == year:
            spans.append(((first - latest).days, (last - earliest).days))
    if not spans:
        return None
    shortest, longest = min(low for low, _ in spans), max(high for _, high in spans)
    return max(0, round(shortest / DAYS_A_MONTH)), round(longest / DAYS_A_MONTH)


def _year_of(day: date, days: Days) -> str:
    """The school year whose outcomes are the first gathered on or after a day; "" where there is none."""
    return min((year for year, (_, last) in days.items() if last >= day), default="")


def assumed_of(register: Register, days: Days, rule: ExposureRule) -> dict[str, Any]:
    """assumed: (hosts, after, by) for each two days between which hosts' engagements are taken to have fallen; census:
    whether a collection is one day.
    """
    rows = assumed(engagements(register), days, rule)
    hosts = Counter(
        (after, by) for _, after, by in sorted(set(zip(rows["unit"], rows["after"], rows["by"], strict=True)))
    )
    first, last = next(iter(days.values()))
    return {
        "assumed": [(number, after, by) for (after, by), number in sorted(hosts.items())],
        "census": first == last,
    }


def dates(panels: ImpactPanels) -> dict[str, Any]:
    """What sentences say of dates: what `assumed_of` gives, months to the outcome, bounds without the assumption.

    months: fewest and most, or None; bounds: low and high, or None where dates are certain, nothing can be bounded, or
    outcomes of exposed years are closed; until: last day of gathering of what the estimate uses, or None.
    """
    bounds = None
    if panels.exposed:
        try:
            found = date_bounds(panels, first_exposed(panels))
            bounds = None if found is None else (found.low, found.high)
        except Refused:
            bounds = None
    about = assumed_of(panels.register, panels.days_of(panels.plan.primary), panels.plan.exposure)
    return about | {"months": months_after(panels), "bounds": bounds, "until": _last_day(panels)}


def _last_day(panels: ImpactPanels) -> date | None:
    """The last day on which an outcome that the planned estimate uses was gathered; None where there is no estimate."""
    try:
        last = panels.needed_years(*panels.primary)[-1]
    except Refused:
        return None
    days = panels.days_of(panels.plan.primary)
    return days[last][1] if last in days else None
