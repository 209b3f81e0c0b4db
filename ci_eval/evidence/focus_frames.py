"""Engagements by area of focus: the outcome that belongs to each, the effect on it, and what else is known of them.

Method: docs/methods.md C4d. The register's own focus comes first; a file of engagement facts adds to it.
"""

import numpy as np
import pandas as pd

from ci_eval.evidence.exposure_dates import first_exposed
from ci_eval.evidence.impact_panels import ImpactPanels
from ci_eval.impact.matched_outcomes import MatchedEffect, matched_effect
from ci_eval.programme.engagement_facts import FREE

ENGAGEMENT_FACTS = ("focus", *FREE)


def engagement_facts(panels: ImpactPanels) -> pd.DataFrame:
    """A row an engagement of the first hosts: engagement, hosts, focus, measure, gap, days, fidelity, cost.

    Texts are "" where not known; measure is that of the focus where an outcomes file holds it.
    """
    exposure, first = panels.exposure(panels.plan.primary), first_exposed(panels)
    place = exposure.years.position(first)
    exposed = {
        unit
        for unit, row in zip(exposure.units, exposure.possible, strict=True)
        if row[place] and row.sum() == 1
    }
    measures = {measure for outcomes in panels.outcomes for measure in outcomes.measures}
    rows = []
    for entry in panels.register.entries:
        if not set(entry.hosts) <= exposed:
            continue
        recorded = panels.register.facts.get(entry.engagement, {})
        facts = {name: recorded.get(name, "") for name in ENGAGEMENT_FACTS}
        focus = entry.focus or facts["focus"]
        measure, gap = panels.focus_outcomes.get(focus, ("", False))
        known = measure if measure in measures else ""
        hosts = ", ".join(panels.council_names[code] for code in entry.hosts)
        row = {"engagement": entry.engagement, "hosts": hosts, "focus": focus, "measure": known, "gap": gap}
        rows.append(facts | row | {"codes": entry.hosts})
    columns = ["engagement", "hosts", "focus", "measure", "gap", *ENGAGEMENT_FACTS[1:], "codes"]
    return pd.DataFrame(rows, columns=columns)


def matched(panels: ImpactPanels) -> tuple[MatchedEffect, str]:
    """The effect on the outcome of each engagement's focus, and how many engagements have which.

    A joint engagement is the mean of its hosts. A gap counts with its sign turned, so that higher is better in all.
    Councils without a number in every outcome and year used are left out. Raises Refused where nobody can be compared.
    """
    engagements = engagement_facts(panels)
    engagements = engagements[engagements["measure"] != ""]
    outcomes = list(dict.fromkeys(zip(engagements["measure"], engagements["gap"], strict=True)))
    changes = pd.DataFrame({place: _change(panels, *one) for place, one in enumerate(outcomes)})
    exposure = panels.exposure(panels.plan.primary)
    place = exposure.years.position(first_exposed(panels))
    later = [unit for unit, first in zip(exposure.units, exposure.first, strict=True) if first > place]
    controls = changes.reindex(later).dropna()
    hosts = [(changes.reindex(list(codes)).mean(skipna=False), outcomes.index(one)) for codes, one in zip(
        engagements["codes"], zip(engagements["measure"], engagements["gap"], strict=True), strict=True
    )]  # fmt: skip
    kept = [(values.to_numpy(), place) for values, place in hosts if values.notna().all()]
    table = np.array([*(values for values, _ in kept), *controls.to_numpy()], dtype=np.float64)
    matches = np.array([*(place for _, place in kept), *([-1] * len(controls))], dtype=np.int64)
    plan = panels.plan
    found = matched_effect(table, matches, draws=plan.draws, seed=plan.seed, level=plan.level)
    counts = [sum(place == at for _, place in kept) for at in range(len(outcomes))]
    names = [
        f"{measure}{', gap' if gap else ''}: {n}"
        for (measure, gap), n in zip(outcomes, counts, strict=True)
        if n
    ]
    lost = len(hosts) - len(kept)
    return found, "; ".join([*names, *([f"left out for want of a number: {lost}"] if lost else [])])


def _change(panels: ImpactPanels, measure: str, gap: bool) -> pd.Series:
    """The change of each council from the base to the first exposed year; of a gap, how much it narrowed."""
    years = panels.calendar(measure)
    first = first_exposed(panels)
    base = years.labels[years.position(first) - panels.plan.base_lag]
    wide = panels.series(measure, gap).pivot_table(index="gss_code", columns="school_year", values="value")
    wide = wide.reindex(columns=[base, first])
    return (wide[first] - wide[base]) * (-1 if gap else 1)
