"""What public data say of one authority: where it stands, how it moved, its gap, and who is like it.

Outcomes are published tables of authorities, so every frame is releasable (docs/methods.md C11). Its `attrs` hold what
sentences need beside its rows.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.agreement import Pair, difference, rank_interval
from ci_eval.evidence.frames import EvidenceFrame, releasable
from ci_eval.evidence.plan_frames import files_read
from ci_eval.impact.years import year_number
from ci_eval.outcomes import Outcomes, equity_gap
from ci_eval.outcomes.outcome_table import ALL, LEAST, MOST, PERCENT, POINTS
from ci_eval.programme import Council, Councils

MIDDLE = "Median of all authorities"


@dataclass(eq=False)
class AuthorityEvidence:
    """What is known of one authority on the outcome of one area of focus.

    Attributes
    ----------
    code : GSS code of the authority
    councils : all authorities, with pupils, deprivation and family group
    outcomes : the file that holds the measure, up to the period's end
    measure : the published outcome that belongs to the focus
    gap_first : whether the focus is the measure's gap between fifths of areas
    focus, country : as the page names them
    closed_after : the last school year opened, where later ones stay closed until the plan is frozen; else ""
    inputs : every input file with its checksum
    """

    code: str
    councils: Councils
    outcomes: Outcomes
    measure: str
    gap_first: bool
    focus: str
    country: str
    closed_after: str
    inputs: tuple[tuple[str, str], ...]
    _ranks: dict[tuple[str, str, float], pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    @property
    def name(self) -> str:
        """The authority's name for display."""
        return self.councils.short_name(self.code)

    @property
    def family(self) -> tuple[str, ...]:
        """GSS codes of the other authorities of its family group."""
        group = self.councils.by_code[self.code].family_group
        return tuple(
            code
            for code, one in self.councils.by_code.items()
            if one.family_group == group and code != self.code
        )

    def standing(self, level: float = 0.95) -> EvidenceFrame:
        """A row a measure, that of the focus first, then the same organiser at other stages.

        Columns: measure; school_year (the last with a number of this authority); value, others (median of the others of
        its family group), others_known (how many of them have a number), country (published); rank, rank_low, rank_high
        among the `ranked` authorities with published counts, 1 the largest value. NaN where there is none.
        """
        return self._frame(
            pd.DataFrame([self._standing(one, level) for one in self._measures()]), level=level
        )

    def course(self) -> EvidenceFrame:
        """A row a school year: school_year, number (the year it ends in); value, others (median of the others of its
        family group), third (the country's published value); missing: why there is no value, else "".
        """
        rows = self.outcomes.series(self.measure)
        national = self.outcomes.national
        national = national[(national["measure"] == self.measure) & (national["simd_quintile"] == ALL)]
        third = national.set_index("school_year")["value"]
        return self._frame(self._by_year(rows, third), third=self.country, unit=self._unit(self.measure))

    def gap(self, level: float = 0.95) -> EvidenceFrame:
        """As `course`, of the gap between the least and the most deprived fifth of areas, in percentage points.

        third is the median of all authorities with a number; low, high: the gap's interval at `level`, NaN where numbers of
        pupils by fifth are not published. No rows where the outcome is not published by fifth.
        """
        of_measure = self.outcomes.frame[self.outcomes.frame["measure"] == self.measure]
        about = {"third": MIDDLE, "unit": POINTS, "level": level}
        if not {LEAST, MOST} <= set(of_measure["simd_quintile"]):
            columns = ["school_year", "number", "value", "others", "third", "missing", "low", "high"]
            reason = f"{self._in_words(self.measure)} is not published by deprivation of areas."
            return self._frame(pd.DataFrame(columns=columns), **about, missing=(reason, ""))
        rows = equity_gap(self.outcomes, self.measure)
        frame = self._by_year(rows, rows.groupby("school_year")["value"].median())
        return self._frame(frame.join(self._gap_interval(level), on="school_year"), **about)

    def _gap_interval(self, level: float) -> pd.DataFrame:
        """Index school_year; low, high of the gap, in points, where both fifths have numbers of pupils."""
        sides = []
        for fifth in (MOST, LEAST):
            rows = self.outcomes.series(self.measure, fifth)
            mine = rows[(rows["gss_code"] == self.code) & (rows["unit"] == PERCENT)]
            sides.append(mine.set_index("school_year")[["numerator", "denominator"]])
        both = sides[0].join(sides[1].add_suffix("_least"), how="inner").dropna()
        both = both[(both["denominator"] >= 1) & (both["denominator_least"] >= 1)]
        _, low, high = difference(Pair(*both.to_numpy(dtype=float).T), level)
        return pd.DataFrame({"low": 100 * low, "high": 100 * high}, index=both.index)

    def alike(self, level: float = 0.95) -> EvidenceFrame:
        """A row an authority of the family group, the largest value first, in the last year with a number of this one.

        Columns: council; value; rank, rank_low, rank_high among all `ranked` authorities; pupils (primary and
        secondary); most_deprived_percent (of people in the most deprived fifth of areas).
        """
        year = self._last_year(self.measure)
        table = self._ranked(self.measure, year, level).reindex([self.code, *self.family])
        known: list[Council] = [self.councils.by_code[str(code)] for code in table.index]
        table.insert(0, "council", [one.short_name for one in known])
        table["pupils"] = [one.pupils for one in known]
        table["most_deprived_percent"] = [one.most_deprived_percent for one in known]
        table = table.sort_values(["value", "council"], ascending=[False, True]).reset_index(drop=True)
        return self._frame(table, level=level, school_year=year, unit=self._unit(self.measure))

    def load_record(self) -> EvidenceFrame:
        """As `ImpactEvidence.load_record`, of the one file used."""
        return self._frame(files_read([self.outcomes.record]))

    def provenance(self) -> EvidenceFrame:
        """A row an input: file, sha256."""
        return self._frame(pd.DataFrame(self.inputs, columns=["file", "sha256"]))

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        beside = f"{len(self.family)} authorities of its family group and {self.country}"
        text = f"{self.name}: {self._in_words(self.measure)}, beside {beside}."
        return {"text/plain": text}, {"ci_eval": {"display": "evidence"}}

    def _frame(self, frame: pd.DataFrame, **context: Any) -> EvidenceFrame:
        about = {
            "authority": self.name,
            "measure": self._in_words(self.measure),
            "country": self.country,
            "gap_first": self.gap_first,
            "closed_after": self.closed_after,
            "units": len(self.councils.by_code),
            "source": self.outcomes.record.file,
        }
        return releasable(frame, **(about | context))

    def _measures(self) -> list[str]:
        """The measure of the focus, then those of the same organiser in the order of the file."""
        frame = self.outcomes.frame
        organisers = set(frame.loc[frame["measure"] == self.measure, "organiser"]) - {""}
        same = frame.loc[frame["organiser"].isin(organisers), "measure"]
        return list(dict.fromkeys([self.measure, *map(str, same)]))

    def _in_words(self, measure: str) -> str:
        """The measure's title, where its name is a code."""
        return self.outcomes.record.titles.get(measure, measure)

    def _unit(self, measure: str) -> str:
        frame = self.outcomes.frame
        return str(frame.loc[frame["measure"] == measure, "unit"].iloc[0])

    def _last_year(self, measure: str) -> str:
        """The last school year with a number of this authority; the last of the file where it never has one."""
        rows = self.outcomes.series(measure)
        mine = rows[(rows["gss_code"] == self.code) & rows["value"].notna()]
        return str((rows if mine.empty else mine)["school_year"].max())

    def _ranked(self, measure: str, year: str, level: float) -> pd.DataFrame:
        """Index gss_code; value, rank, rank_low, rank_high, ranked in one year; ranks where counts are published."""
        if (measure, year, level) not in self._ranks:
            self._ranks[measure, year, level] = self._rank(measure, year, level)
        return self._ranks[measure, year, level]

    def _rank(self, measure: str, year: str, level: float) -> pd.DataFrame:
        rows = self.outcomes.series(measure)
        table = rows[rows["school_year"] == year].set_index("gss_code")
        ranks = pd.DataFrame(np.nan, index=table.index, columns=["rank", "rank_low", "rank_high"])
        counted = table[table["numerator"].notna() & table["denominator"].ge(1) & (table["unit"] == PERCENT)]
        if len(counted) > 1:
            found = rank_interval(counted["numerator"].to_numpy(), counted["denominator"].to_numpy(), level)
            ranks.loc[counted.index] = np.column_stack(found)
        return table[["value"]].join(ranks).assign(ranked=len(counted))

    def _standing(self, measure: str, level: float) -> dict[str, Any]:
        year = self._last_year(measure)
        table = self._ranked(measure, year, level)
        mine = table.reindex([self.code]).iloc[0]
        others = table["value"].reindex(list(self.family)).dropna()
        national = self.outcomes.national
        same = (national["measure"] == measure) & (national["school_year"] == year)
        country = national.loc[same & (national["simd_quintile"] == ALL), "value"]
        return {
            "measure": self._in_words(measure),
            "school_year": year,
            "unit": self._unit(measure),
            "value": mine["value"],
            "others": others.median(),
            "others_known": len(others),
            "country": float(country.iloc[0]) if len(country) else np.nan,
            **{name: mine[name] for name in ("rank", "rank_low", "rank_high", "ranked")},
        }

    def _by_year(self, rows: pd.DataFrame, third: "pd.Series[float]") -> pd.DataFrame:
        """One row a school year that the file has, of this authority, the median of the others like it, and a third."""
        wide = rows.pivot_table(index="school_year", columns="gss_code", values="value", dropna=False)
        years = sorted(set(rows["school_year"]))
        wide = wide.reindex(index=years, columns=[self.code, *self.family])
        mine = rows[rows["gss_code"] == self.code].set_index("school_year")["missing"]
        return pd.DataFrame(
            {
                "school_year": years,
                "number": [year_number(year) for year in years],
                "value": wide[self.code].to_numpy(),
                "others": wide[list(self.family)].median(axis=1).to_numpy(),
                "third": third.reindex(years).to_numpy(dtype=float),
                "missing": mine.reindex(years).fillna("no row").to_numpy(),
            }
        )
