"""One table for outcomes of every source, the record of how a file became it, and the gap between areas.

Whatever the file, a row is one council, school year and measure (and SIMD quintile), so that the panel, the
plan and the report need to know one layout only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ci_eval.inputs.problems import Problem, refuse
from ci_eval.inputs.text import listed

TEXTS = ("gss_code", "council", "school_year", "measure", "stage", "organiser", "simd_quintile")
NUMBERS = ("value", "low", "high", "numerator", "denominator")
COLUMNS = (*TEXTS, "value", "unit", "missing", "low", "high", "numerator", "denominator")
ALL = "all"
QUINTILES = ("1", "2", "3", "4", "5")  # 1 holds the most deprived fifth of areas
PERCENT = "percent"
OF_SCOTLAND = "of Scotland, kept apart"
WHAT = "CANNOT CHOOSE AN OUTCOME"


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
    notes: tuple[Problem, ...] = ()
    invented: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The record as plain values, for JSON."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "notes"}
        for name in ("left_out", "missing", "published_notes"):
            values[name] = {str(key): value for key, value in values[name].items()}
        return values | {"notes": [note.as_dict() for note in self.notes]}


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
        - missing : why there is no number (`values.REASONS`), "" where there is one
        - low, high : the bounds of a value published as a band, else NaN
        - numerator, denominator : what the value was computed from, NaN where not published

    national : the same columns for Scotland as a whole
    record : how the file was read
    """

    frame: pd.DataFrame
    national: pd.DataFrame
    record: OutcomesRecord

    @property
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
            refuse(WHAT, "measure", text, fix=f"Choose one of {listed(self.measures)}.")
        rows = self.frame[self.frame["measure"] == measure]
        chosen = rows[rows["simd_quintile"] == str(simd_quintile)]
        if chosen.empty:
            text = f'"{measure}" is not given for SIMD quintile "{simd_quintile}".'
            there = listed([str(quintile) for quintile in pd.unique(rows["simd_quintile"])])
            refuse(WHAT, "simd-quintile", text, fix=f"Choose one of {there}.")
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

    def missing_counts(self) -> pd.DataFrame:
        """How many councils lack a number, and why: measure, simd_quintile, school_year, missing, councils, names."""
        lacking = self.frame[self.frame["missing"] != ""]
        keys = ["measure", "simd_quintile", "school_year", "missing"]
        counted = lacking.groupby(keys, sort=True)["council"].agg(councils="size", names=_joined)
        return counted.reset_index()


def _not_later(table: pd.DataFrame, last: str) -> pd.DataFrame:
    """Rows up to a school year; all are written as 2021-22, so that text is in the order of time."""
    return table[table["school_year"] <= last].reset_index(drop=True)


def _joined(names: "pd.Series[str]") -> str:
    return ", ".join(sorted(names))


def table_of(columns: Mapping[str, Iterable[Any]]) -> pd.DataFrame:
    """A frame with `COLUMNS`; texts not given are "", numbers not given NaN, the quintile "all"."""
    given = {name: list(values) for name, values in columns.items()}
    length = len(given["gss_code"])
    empty: dict[str, Any] = {name: np.nan if name in NUMBERS else "" for name in COLUMNS}
    empty["simd_quintile"] = ALL
    data = {
        name: pd.array(
            np.asarray(
                given.get(name, [empty[name]] * length), dtype="float64" if name in NUMBERS else "object"
            ),
            dtype="float64" if name in NUMBERS else "str",
        )
        for name in COLUMNS
    }
    return pd.DataFrame(data)


def reasons(table: pd.DataFrame) -> dict[str, int]:
    """Reason → number of rows without a number."""
    found = table.loc[table["missing"] != "", "missing"].value_counts().sort_index()
    return {str(reason): int(count) for reason, count in found.items()}


POINTS = "percentage points"
NO_ROW = "no row"  # the table has none for one of the two quintiles
LEAST, MOST = "5", "1"  # quintiles: least and most deprived
LABEL = "5 minus 1"


def equity_gap(outcomes: Outcomes, measure: str) -> pd.DataFrame:
    """Value of SIMD quintile 5 minus value of quintile 1, by council and school year, in percentage points.

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
        simd_quintile=LABEL,
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
