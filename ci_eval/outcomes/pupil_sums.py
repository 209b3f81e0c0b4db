"""Sums of pupils by council, school year, stage and quintile, and what of them may be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any, NamedTuple

import pandas as pd

from ci_eval.outcomes.outcome_cells import BLANK, SUPPRESSED
from ci_eval.outcomes.outcome_table import PERCENT, table_of
from ci_eval.outcomes.places_and_years import SCOTLAND, Places

MEAN = "mean"


class Group(NamedTuple):
    """Pupils that are summed up together."""

    code: str
    year: str
    stage: str
    quintile: str


@dataclass
class Sums:
    """Numerator and number of pupils by measure and group; `kinds` says what each measure is, percent or mean."""

    kinds: Mapping[str, str]
    counts: dict[tuple[str, Group], tuple[float, int]] = field(default_factory=dict)

    def add(self, measure: str, group: Group, numerator: float, pupils: int) -> None:
        before = self.counts.get((measure, group), (0.0, 0))
        self.counts[measure, group] = before[0] + numerator, before[1] + pupils


def tables(sums: Sums, places: Places, smallest: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The outcomes of councils and of Scotland, small groups suppressed in both."""
    nation = Sums(sums.kinds)
    closed: set[tuple[str, Group]] = set()
    rows = []
    for (measure, group), (numerator, pupils) in sorted(sums.counts.items(), key=_order(sums)):
        country = group._replace(code=SCOTLAND)
        nation.add(measure, country, numerator, pupils)
        row = _row(measure, group, numerator, pupils, sums.kinds[measure], places, smallest)
        if row["missing"] == SUPPRESSED:
            closed.add((measure, country))
        rows.append(row)
    country_rows = [
        # A figure of Scotland less those of the other councils would be the one that was suppressed.
        _row(
            measure,
            group,
            numerator,
            pupils,
            sums.kinds[measure],
            places,
            smallest,
            (measure, group) in closed,
        )
        for (measure, group), (numerator, pupils) in nation.counts.items()
    ]
    return _table(rows), _table(country_rows)


def _order(sums: Sums) -> Any:
    """Measures as they were asked for, then by group."""
    places = {measure: number for number, measure in enumerate(sums.kinds)}
    return lambda item: (places[item[0][0]], item[0][1])


def _row(
    measure: str,
    group: Group,
    numerator: float,
    pupils: int,
    kind: str,
    places: Places,
    smallest: int,
    closed: bool = False,
) -> dict[str, Any]:
    # Of a percentage both sides are people: 100% of a group says of each of them what they achieved.
    fewest = min(numerator, pupils - numerator) if kind == PERCENT else pupils
    missing = BLANK if not pupils else SUPPRESSED if closed or fewest < smallest else ""
    scale = 100.0 if kind == PERCENT else 1.0
    return {
        "gss_code": group.code,
        "council": places.name(group.code),
        "school_year": group.year,
        "measure": f"{measure} ({group.stage})" if group.stage else measure,
        "stage": group.stage,
        "simd_quintile": group.quintile,
        "value": nan if missing else scale * numerator / pupils,
        "unit": kind,
        "missing": missing,
        "numerator": nan if missing else numerator,
        "denominator": nan if missing else pupils,
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    names: Iterable[str] = rows[0] if rows else ("gss_code",)
    return table_of({name: [row[name] for row in rows] for name in names})
