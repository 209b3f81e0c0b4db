"""The gap between the least and the most deprived fifth of areas, an outcome of its own (docs/methods.md C9)."""

import pandas as pd

from .schema import Outcomes

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
