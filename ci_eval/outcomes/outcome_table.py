"""One table for outcomes of every source, the record of how a file became it, and the gap between areas.

Whatever the file, a row is one council, school year and measure (and SIMD quintile), so that the panel, the
plan and the report need to know one layout only. Method: docs/methods.md C9.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.inputs.problems import Problem, refuse
from ci_eval.inputs.text import listed
from ci_eval.outcomes.places_and_years import SCOTLAND, Places

NUMBERS = ("value", "low", "high", "numerator", "denominator")
COLUMNS = (
    "gss_code", "council", "school_year", "measure", "stage", "organiser", "simd_quintile", "value", "unit",
    "missing", "low", "high", "numerator", "denominator",
)  # fmt: skip
ALL = "all"
QUINTILES = ("1", "2", "3", "4", "5")  # 1 holds the most deprived fifth of areas
LEAST, MOST = "5", "1"  # quintiles: least and most deprived
GAP = "5 minus 1"
PERCENT, POINTS = "percent", "percentage points"
BLANKS = dict.fromkeys(COLUMNS, "") | dict.fromkeys(NUMBERS, np.nan) | {"simd_quintile": ALL}
FAR_ABOVE = 10.0  # percent; a measure of such a size has no value of 1 or less by itself
OF_SCOTLAND = "of Scotland, kept apart"
NO_ROW = "no row"  # the table has none for one of the two quintiles
HEADLINE = "CANNOT CHOOSE AN OUTCOME"


@dataclass(frozen=True)
class OutcomesRecord:
    """How a file became outcomes. ``rows_in == used + sum(left_out.values())`` always holds.

    Attributes
    ----------
    file, sha256, size : name, hash and bytes of the file
    description : what it was read as
    counted : what `rows_in` counts: rows of the file, or cells of a table with several values a row
    rows_in : how many the file holds
    used : how many are in the outcomes of councils, those without a number included
    left_out : reason → how many
    missing : reason → how many of those used hold no number
    published_notes : number → text of the notes that the headings of the tables refer to
    notes : everything worth knowing that did not stop the reading
    invented : whether the file says that its numbers are invented
    collection : name of the days on which its outcomes were gathered, in the programme's table of them
    titles : measure → its title in words, where the file names measures by codes
    publication, published : title and publisher, "" where not known; the day on which it came out, None where nobody has
        recorded it
    """

    file: str
    sha256: str
    size: int
    description: str
    counted: str
    rows_in: int
    used: int
    left_out: Mapping[str, int]
    missing: Mapping[str, int] = field(default_factory=dict)
    published_notes: Mapping[int, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    invented: bool = False
    collection: str = ""
    publication: str = ""
    published: date | None = None


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of councils by school year.

    Attributes
    ----------
    frame : one row a council, school year, measure and SIMD quintile; columns

        - gss_code, council (name for display), school_year (``"2016-17"``)
        - measure : what was measured; one name for each, whatever the stage
        - stage, organiser : parts of the measure where the source has them, else ""
        - simd_quintile : ``"all"``, or ``"1"`` (most deprived) to ``"5"``
        - value : the number, NaN where there is none; unit says of what (``"percent"``: 0 to 100)
        - missing : why there is no number (`outcome_cells.REASONS`), "" where there is one
        - low, high : the bounds of a value published as a band, else NaN
        - numerator, denominator : what the value was computed from, NaN where not published

    national : the same columns for Scotland, where the file has rows of it
    record : how the file was read
    """

    frame: pd.DataFrame
    national: pd.DataFrame
    record: OutcomesRecord

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures, in the order of the file."""
        return tuple(map(str, pd.unique(self.frame["measure"])))

    def series(self, measure: str, simd_quintile: str | int = ALL) -> pd.DataFrame:
        """One measure: a row a council and school year, in their order, for `Panel.from_frame`.

        Raises
        ------
        InputError
            If there is no such measure, or none by this SIMD quintile.
        """
        if measure not in self.measures:
            text = f'There is no measure "{measure}".'
            refuse(HEADLINE, "measure", text, fix=f"Choose one of {listed(self.measures)}.")
        rows = self.frame[self.frame["measure"] == measure]
        chosen = rows[rows["simd_quintile"] == str(simd_quintile)]
        if chosen.empty:
            text = f'"{measure}" is not given for SIMD quintile "{simd_quintile}".'
            given = listed([str(quintile) for quintile in pd.unique(rows["simd_quintile"])])
            refuse(HEADLINE, "simd-quintile", text, fix=f"Choose one of {given}.")
        return chosen.sort_values(["gss_code", "school_year"], ignore_index=True)

    def up_to(self, last: str) -> "Outcomes":
        """The outcomes of school years up to and including `last`, so that later ones stay unopened.

        rows_in, used and left_out of the record still say how the file was read; a note counts the values taken out.
        """
        kept = _not_later(self.frame, last)
        gone = len(self.frame) - len(kept)
        message = f"Values of school years after {last} were put away unopened."
        note = (Problem("later-years", "NOTE", message, self.record.file, gone),) if gone else ()
        record = replace(self.record, missing=reasons(kept), notes=(*self.record.notes, *note))
        return Outcomes(kept, _not_later(self.national, last), record)


def _not_later(table: pd.DataFrame, last: str) -> pd.DataFrame:
    """Rows up to a school year; all are written as 2021-22, so that text is in the order of time."""
    return table[table["school_year"] <= last].reset_index(drop=True)


def outcomes_of(
    rows: Iterable[Mapping[str, Any]], places: Places, left_out: Mapping[str, int], **record: Any
) -> Outcomes:
    """Outcomes of rows by column, of councils and of Scotland; names for display are added.

    Texts a row does not give are "", numbers NaN, the quintile "all". What can be counted in the rows is counted;
    file and notes are those of the places' findings, and `record` gives the other fields of the record.
    """
    councils: list[Mapping[str, Any]] = []
    nation: list[Mapping[str, Any]] = []
    for row in rows:
        (nation if row["gss_code"] == SCOTLAND else councils).append(row)
    frame = _frame(councils, places)
    every = {**left_out, OF_SCOTLAND: len(nation)}
    counted: dict[str, Any] = {"used": len(frame), "missing": reasons(frame)}
    counted["left_out"] = {reason: count for reason, count in every.items() if count}
    counted |= {"file": places.findings.file, "notes": places.findings.problems}
    return Outcomes(frame, _frame(nation, places), OutcomesRecord(**(counted | record)))


def _frame(rows: Sequence[Mapping[str, Any]], places: Places) -> pd.DataFrame:
    whole = [{**BLANKS, **row, "council": places.name(row["gss_code"])} for row in rows]
    return pd.DataFrame(whole, columns=list(COLUMNS)).astype(
        {name: "float64" if name in NUMBERS else "str" for name in COLUMNS}
    )


def reasons(table: pd.DataFrame) -> dict[str, int]:
    """Reason → number of rows without a number."""
    counts = table.loc[table["missing"] != "", "missing"].value_counts().sort_index()
    return {str(reason): int(count) for reason, count in counts.items()}


def equity_gap(outcomes: Outcomes, measure: str) -> pd.DataFrame:
    """Value of SIMD quintile 5 minus value of quintile 1, by council and school year, in percentage points.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ci_eval.outcomes import read_outcomes
    >>> rows = ["council,school_year,measure,simd_quintile,value,unit"]
    >>> rows += ["Fife,2021-22,Literacy,1,60.5,percent", "Fife,2021-22,Literacy,5,82,percent"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "levels.csv")
    ...     length = file.write_text("\\n".join(rows))
    ...     outcomes = read_outcomes(file)
    >>> float(equity_gap(outcomes, "Literacy").loc[0, "value"])
    21.5

    Laid out as `Outcomes.series`, with simd_quintile ``"5 minus 1"``. Where one of the two is suppressed, banded, not
    collected or without pupils the gap is NaN and missing says which and why ("quintile 1 suppressed"); nothing is
    filled in. Where a band bounds it, low and high hold the smallest and largest gap it leaves possible.

    Raises
    ------
    InputError
        If the measure is not given by SIMD quintile.
    """
    keys = ["gss_code", "council", "school_year", "measure", "stage", "organiser"]
    least, most = (outcomes.series(measure, quintile) for quintile in (LEAST, MOST))
    both = least.merge(most, on=keys, how="outer", suffixes=("_least", "_most"), validate="one_to_one")
    both = both.sort_values(["gss_code", "school_year"], ignore_index=True)
    words = [_why(both, "least", LEAST), _why(both, "most", MOST)]
    gap = both[keys].assign(
        simd_quintile=GAP,
        value=both["value_least"] - both["value_most"],
        unit=POINTS,
        missing=[" and ".join(filter(None, pair)) for pair in zip(*words, strict=True)],
        low=_bound(both, "least", "low") - _bound(both, "most", "high"),
        high=_bound(both, "least", "high") - _bound(both, "most", "low"),
        numerator=float("nan"),
        denominator=float("nan"),
    )
    known = gap["value"].notna()
    gap.loc[known, ["low", "high"]] = float("nan")
    return gap[list(outcomes.frame.columns)]


def _why(both: pd.DataFrame, side: str, quintile: str) -> list[str]:
    reasons = both[f"missing_{side}"].fillna(NO_ROW)
    return [f"quintile {quintile} {reason}" if reason else "" for reason in reasons]


def _bound(both: pd.DataFrame, side: str, bound: str) -> "pd.Series[float]":
    """The value where it is known, else the bound of its band."""
    return both[f"value_{side}"].fillna(both[f"{bound}_{side}"])
