"""Invented data for the comparison of agreement statistics: from a seed, so that each side makes the same.

It is made in the peers' environments too, and so uses numpy and pandas alone.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SEED = 1_970
CODES = 5
STATEMENTS = 15
GROUPS = {
    "organisation": {"Authority": 0.30, "School": 0.35, "Inspectorate": 0.25, "Other": 0.10},
    "mode": {"Online": 0.40, "In person": 0.40, "Both": 0.20},
}
RESPONDED = {"organisation": (0.4, 0.3, 0.2, 0.1), "mode": (0.5, 0.3, 0.2)}  # what the weights have to undo
ASKED_FOR_EACH = 2.0


def coders(units: int) -> int:
    """Krippendorff's example has 12 units of 4 coders; larger ones have 5."""
    return 4 if units <= 12 else 5


def ratings(units: int, missing: float = 0.1) -> FloatArray:
    """Codes 1 to 5 (unit, coder) of coders who agree on seven of ten units and guess the rest; NaN is missing."""
    generator = np.random.default_rng(SEED)
    size = (units, coders(units))
    true = generator.integers(1, CODES + 1, units)[:, None]
    codes = np.where(generator.random(size) < 0.7, true, generator.integers(1, CODES + 1, size)).astype(
        np.float64
    )
    codes[generator.random(size) < missing] = np.nan
    return codes


def complete(units: int) -> NDArray[np.int64]:
    """The same without missing codes, as whole numbers."""
    return ratings(units, missing=0.0).astype(np.int64)


def counts(units: int) -> NDArray[np.int64]:
    """How many coders gave each code (unit, code)."""
    return np.asarray((ratings(units)[:, :, None] == np.arange(1, CODES + 1)).sum(axis=1), dtype=np.int64)


def measurements(units: int) -> FloatArray:
    """Two coders' measurements of each unit, no two the same (unit, coder)."""
    generator = np.random.default_rng(SEED)
    return np.asarray(generator.normal(size=(units, 1)) + 0.3 * generator.normal(size=(units, 2)))


def answers(respondents: int) -> pd.DataFrame:
    """Answers 1 to 5 to fifteen statements that hang together (respondent, statement)."""
    generator = np.random.default_rng(SEED)
    size = (respondents, STATEMENTS)
    raw = 3.4 + generator.normal(size=(respondents, 1)) + generator.normal(size=size)
    names = [f"s{number:02d}" for number in range(1, STATEMENTS + 1)]
    return pd.DataFrame(np.clip(np.round(raw), 1, 5), columns=names)


def respondents(rows: int) -> pd.DataFrame:
    """Organisation and mode of each respondent, as text; every pair of groups has somebody in the first twelve rows."""
    generator = np.random.default_rng(SEED)
    columns = {}
    for name, shares in RESPONDED.items():
        place = generator.choice(len(shares), size=rows, p=shares)
        place[:12] = np.arange(12)[:rows] % len(shares)
        columns[name] = np.array(list(GROUPS[name]), dtype=object)[place]
    return pd.DataFrame(columns)


def margins(rows: int) -> dict[str, dict[str, float]]:
    """People asked, by characteristic and group."""
    asked = ASKED_FOR_EACH * rows
    return {
        name: {group: share * asked for group, share in groups.items()} for name, groups in GROUPS.items()
    }


def table(rows: int) -> FloatArray:
    """Respondents by organisation and mode."""
    index = pd.MultiIndex.from_product(list(GROUPS.values()), names=list(GROUPS))
    sizes = respondents(rows).value_counts(list(GROUPS)).reindex(index, fill_value=0)
    cells = np.asarray(sizes, dtype=np.float64)
    return cells.reshape([len(groups) for groups in GROUPS.values()])


def triples(codes: Any) -> list[tuple[int, int, int]]:
    """(coder, unit, code) of every code given."""
    grid = np.asarray(codes, dtype=np.float64)
    units, who = np.nonzero(~np.isnan(grid))
    given = grid[units, who].astype(int)
    return list(zip(who.tolist(), units.tolist(), given.tolist(), strict=True))


def long(codes: Any) -> pd.DataFrame:
    """Columns unit, coder, code: one row for every code given."""
    frame = pd.DataFrame(triples(codes), columns=["coder", "unit", "code"])
    return frame[["unit", "coder", "code"]]
