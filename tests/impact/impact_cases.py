"""Published numbers the impact estimators are held against, and small panels worked out by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ci_eval import impact

FILE = Path(__file__).parent / "reference_cases.json"
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in json.loads(FILE.read_text("utf-8"))}


def expected(case: str) -> dict[str, Any]:
    return CASES[case]["expected"]


def dataset(shared: Path, case: str) -> pd.DataFrame:
    """The data of a case, which stay beside the checkout."""
    return pd.read_csv(shared / CASES[case]["dataset"])


def simulated(shared: Path, case: str) -> impact.Panel:
    """32 authorities, 2016 to 2024 without 2020."""
    weights = "pop" if "_pop_" in case else None
    return impact.Panel.from_frame(dataset(shared, case), "g", unit="id", value="y", weights=weights)


def panel(cohorts: dict[str, object], rows: dict[str, list[float]], years: list[object]) -> impact.Panel:
    """A panel from outcomes by unit."""
    frame = pd.DataFrame(rows, index=years).rename_axis("year").reset_index()
    long = frame.melt("year", var_name="unit")
    return impact.Panel.from_frame(long, impact.Exposure.from_cohorts(cohorts, impact.Years.of(years)))


def five() -> impact.Panel:
    """Two units exposed in 2022, one in 2023, two never. Cohort means 2 5 8, 2 4 9 and 2 3 3."""
    cohorts = {"A": 2022, "B": 2022, "C": 2023, "D": None, "E": None}
    rows = {"A": [1, 5, 7], "B": [3, 5, 9], "C": [2, 4, 9], "D": [0, 1, 2], "E": [4, 5, 4]}
    return panel(cohorts, rows, [2021, 2022, 2023])


def random_panel(
    sizes: dict[object, int], years: list[object], seed: int, weights: bool = False
) -> impact.Panel:
    """Random walks of units whose cohorts have the sizes given."""
    random = np.random.default_rng(seed)
    cohorts = {f"{year}-{n}": year for year, size in sizes.items() for n in range(size)}
    values = random.normal(size=(len(cohorts), len(years))).cumsum(axis=1)
    exposure = impact.Exposure.from_cohorts(cohorts, impact.Years.of(years))
    each = random.uniform(1, 4, len(cohorts)) if weights else np.ones(len(cohorts))
    return impact.Panel(exposure, values, each)
