"""The inputs of published cases in the forms that the peers want."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class NotOfferedError(Exception):
    """A peer has no way to compute this."""


def refuse(*given: Any) -> None:
    """Stop where an option is given that the peer has not."""
    if any(option is not None for option in given):
        raise NotOfferedError


def as_ratings(given: dict[str, Any], who_matters: bool = False) -> NDArray[np.float64]:
    """Codes (unit, coder), NaN missing, from ratings, from counts or from a table of two coders.

    Counts do not say who gave a code; where that matters they are no input.
    """
    if "ratings" in given:
        return np.array(given["ratings"], dtype=np.float64)
    if "table" in given:
        table = np.array(given["table"])
        first, second = np.nonzero(table)
        return np.repeat(np.column_stack([first, second]) + 1.0, table[first, second], axis=0)
    if who_matters:
        raise NotOfferedError
    counts = np.array(given["counts"])
    codes = np.full((len(counts), counts.sum(axis=1).max()), np.nan)
    for unit, row in enumerate(counts):
        codes[unit, : row.sum()] = np.repeat(np.arange(1, len(row) + 1), row)
    return codes


def as_counts(given: dict[str, Any]) -> NDArray[np.int64]:
    """Coders (unit, category) that gave each category; categories are those declared, or those that occur."""
    if "counts" in given:
        return np.array(given["counts"])
    codes = as_ratings(given)
    categories = given.get("categories") or np.unique(codes[~np.isnan(codes)])
    return np.asarray((codes[:, :, None] == np.asarray(categories)).sum(axis=1))


def as_table(given: dict[str, Any]) -> NDArray[np.int64]:
    """The square table of two coders."""
    if "table" not in given:
        raise NotOfferedError
    return np.array(given["table"])


def as_rows(sample: Any) -> pd.DataFrame:
    """One row a respondent, columns 0, 1, … with the number of its group on each axis, from a table of cells."""
    table = np.array(sample)
    cells = np.argwhere(table > 0)
    return pd.DataFrame(np.repeat(cells, table[tuple(cells.T)], axis=0)).add_prefix("axis")
