"""What missing years and the exposure of everybody cost a plan in power.

Method: docs/methods.md C7. The plan is compared with itself in a calendar without missing years, and with its last
cohort left unexposed, which then serves as a control to the end.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .exposure import Exposure
from .panel import Panel
from .power import DRAWS, SIMULATIONS, Estimator, power
from .refusals import IntArray
from .years import Years, is_school_year

if TYPE_CHECKING:
    import pandas as pd


def power_costs(
    history: Panel,
    exposure: Exposure,
    estimator: Estimator,
    *,
    strata: Mapping[str, object] | None = None,
    memory: float | None = None,
    wanted: float = 0.8,
    alpha: float = 0.05,
    simulations: int = SIMULATIONS,
    draws: int = DRAWS,
    seed: int = 0,
    studentised: bool = True,
) -> "pd.DataFrame":
    """What the missing years and the exposure of everybody cost: smallest detectable effects side by side.

    Rows: the plan; had every missing year been collected; had the last cohort stayed unexposed (where somebody
    else is exposed). Columns: scenario, smallest, mc_error, smallest_sd, null_sd, ratio (to the plan), size.
    All rows use the same random numbers, so that their ratios are more certain than each of them.

    Raises
    ------
    InputError
        As `power`.
    """
    import pandas as pd

    plans = {"as planned": exposure}
    missing = [label for label in _all_years(exposure.years).labels if label not in exposure.years.labels]
    if missing:
        plans[f"had {' and '.join(missing)} been collected"] = _with_every_year(exposure)
    kept = _last_unexposed(exposure)
    if kept is not None:
        last = exposure.years.label(int(_exposed_positions(exposure).max()))
        plans[f"had the cohort of {last} stayed unexposed"] = kept
    rows = []
    for scenario, plan in plans.items():
        found = power(
            history,
            plan,
            estimator,
            strata=strata,
            memory=memory,
            wanted=wanted,
            alpha=alpha,
            simulations=simulations,
            draws=draws,
            seed=seed,
            studentised=studentised,
        )
        rows.append((scenario, found.smallest, found.mc_error, found.smallest_sd, found.null_sd, found.size))
    columns = ["scenario", "smallest", "mc_error", "smallest_sd", "null_sd", "size"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(ratio=table["smallest"] / table["smallest"].iloc[0])


def _all_years(years: Years) -> Years:
    """The years with those between them that were not collected."""
    school = is_school_year(years.labels[0])
    numbers = range(years.numbers[0], years.numbers[-1] + 1)
    return Years.of(f"{number - 1}-{number % 100:02d}" if school else number for number in numbers)


def _with_every_year(exposure: Exposure) -> Exposure:
    """The exposure in a calendar without missing years, first exposed years kept as they are."""
    every = _all_years(exposure.years)
    places = [every.numbers.index(number) for number in exposure.years.numbers] + [len(every)]
    possible = np.zeros((len(exposure.units), len(every) + 1), dtype=bool)
    possible[:, places] = exposure.possible
    return Exposure(exposure.units, every, possible, exposure.joint)


def _exposed_positions(exposure: Exposure) -> IntArray:
    certain = exposure.first[exposure.certain]
    return certain[certain < len(exposure.years)]


def _last_unexposed(exposure: Exposure) -> Exposure | None:
    """The exposure with the cohort exposed last never exposed; None where it is the only one."""
    exposed = _exposed_positions(exposure)
    if len(np.unique(exposed)) < 2:
        return None
    last = exposure.certain & (exposure.first == exposed.max())
    possible = exposure.possible.copy()
    possible[last] = np.arange(possible.shape[1]) == len(exposure.years)
    return Exposure(exposure.units, exposure.years, possible, exposure.joint)
