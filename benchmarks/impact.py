"""The impact evaluation: permutation tests, intervals robust to trends, and Callaway–Sant'Anna against its peers.

The peers diff-diff 3.13.0 and csdid 0.4.3 are no part of the workbook; where they are not installed, that comparison
is skipped. ``python -m benchmarks impact --write``, in an environment that has them, writes results-impact.md. Peak
memory is held against the peer's as time is.
"""

import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.machine import peak
from benchmarks.ratios import Action, Ratio, absent, against_limit, alone, by_turns
from ci_eval import impact
from ci_eval.agreement.refusals import FloatArray
from ci_eval.inputs.fact_tables import workbook_root

AIM = 1.0
SIMULATIONS, DRAWS = 1_000, 1_999
LIMITS = {"raw": 0.05, "studentised": 0.2}  # seconds for all of them
LOOPED, LOOP_AIM = 20, 0.001  # fits of the loop that are timed; part of its time that ours may take
ROBUST, BOUNDS = (0.5, 0.1), (0.5, 1.0, 1.5, 2.0)  # seconds for relative magnitudes and for smoothness
LIMITED_RUNS = 9
YEARS = (2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024)
COHORTS = (2021, 2022, 2023, 2024)
UNITS, PUPIL_YEARS = 100_000, 10
SEED = 2021
PAIRS = 3


def run(
    simulations: int = SIMULATIONS, draws: int = DRAWS, units: int = UNITS, pairs: int = PAIRS
) -> list[Ratio]:
    """Time both tests of many outcomes, the intervals robust to trends, and the estimator on many units."""
    return [*_simulations(simulations, draws, pairs), *_robust(LIMITED_RUNS), *_estimators(units, pairs)]


def _simulations(simulations: int, draws: int, pairs: int) -> list[Ratio]:
    """32 authorities, 4 cohorts of 8, 8 years: every outcome through the same orders, within a limit and a loop's time."""
    cohorts = {f"{place:02d}": COHORTS[place % 4] for place in range(32)}
    exposure = impact.Exposure.from_cohorts(cohorts, impact.Years.of(YEARS))
    random = np.random.default_rng(SEED)
    outcomes = random.normal(size=(simulations, 32, len(YEARS))).cumsum(axis=2)
    panel = impact.Panel(exposure, outcomes[0], np.ones(32))
    contrast = impact.callaway_santanna(panel.design)
    orders = impact.rollout_orders(panel, draws=draws, seed=SEED)
    found = []
    for name, studentised in (("raw", False), ("studentised", True)):
        test = partial(impact.simulated_tests, outcomes, panel, contrast, orders, studentised=studentised)
        about = f"{simulations:,} simulated permutation tests of {draws:,} orders, {name}"
        ours = alone(test, LIMITED_RUNS)
        found.append(
            against_limit(about, ours, LIMITS[name], "simulated_tests: estimates and p of all outcomes")
        )
        against = f"{about}, against a loop over diff_diff"
        if reason := absent("diff_diff"):
            found.append(Ratio(against, LOOP_AIM, skipped=reason))
            continue
        loop = partial(_loop, outcomes[0], list(cohorts.values()))
        times = simulations * (draws + 1) / LOOPED
        found.append(
            Ratio(
                against,
                LOOP_AIM,
                ours[:pairs],
                tuple(seconds * times for seconds in alone(loop, pairs)),
                ours_is="simulated_tests: estimates and p of all outcomes",
                peer_is="CallawaySantAnna().fit for each outcome and order",
                estimated=f"{LOOPED} of {simulations * (draws + 1):,} fits were timed and taken as often",
            )
        )
    return found


def _loop(outcome: FloatArray, cohorts: Sequence[int]) -> None:
    """A few orders of one outcome, each fitted by diff-diff."""
    random = np.random.default_rng(SEED)
    units = np.repeat(np.arange(len(cohorts)), len(YEARS))
    for _ in range(LOOPED):
        first = np.repeat(random.permutation(cohorts), len(YEARS))
        columns = {
            "unit": units,
            "year": np.tile(YEARS, len(cohorts)),
            "first": first,
            "value": outcome.ravel(),
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of small cohorts in every fit
            _diff_diff(pd.DataFrame(columns))()


def _robust(runs: int) -> list[Ratio]:
    """HonestDiD's two intervals around the event study of 32 authorities, within limits of their own."""
    cohorts = {f"{place:02d}": 2021 if place < 11 else None for place in range(32)}
    exposure = impact.Exposure.from_cohorts(cohorts, impact.Years.of(YEARS))
    outcomes = np.random.default_rng(SEED).normal(size=(32, len(YEARS))).cumsum(axis=1)
    around = impact.EventCoefficients.of(impact.Panel(exposure, outcomes, np.ones(32)))
    magnitudes, slopes = (
        partial(one, around, BOUNDS) for one in (impact.relative_magnitudes, impact.smoothness)
    )
    which = f"{around.before} years before and {around.after} after, {len(BOUNDS)} bounds"
    return [
        against_limit(
            f"intervals by relative magnitudes, {which}",
            alone(magnitudes, runs),
            ROBUST[0],
            "the hybrid test",
        ),
        against_limit(
            f"intervals by smoothness, {which}", alone(slopes, runs), ROBUST[1], "fixed-length intervals"
        ),
    ]


def _estimators(units: int, pairs: int) -> list[Ratio]:
    """All ATT(g, t) and four aggregates with standard errors, from a long frame."""
    frame = _pupils(units)
    name = f"Callaway–Sant’Anna with standard errors, {units:,} units × {PUPIL_YEARS} years"
    found = []
    for package, make in PEERS.items():
        if reason := absent(package):
            found.append(Ratio(f"{name}, against {package}", AIM, skipped=reason))
            continue
        ours, peer = by_turns(partial(_ours, frame), make(frame), pairs)
        sides = "panel from the frame, all cells, four aggregates", f"{package} on the same frame"
        found.append(Ratio(f"{name}, against {package}", AIM, ours, peer, *sides))
        found.append(memory_ratio(f"{name}, peak memory, against {package}", package, units))
    return found


def _pupils(units: int) -> pd.DataFrame:
    random = np.random.default_rng(SEED)
    year = np.arange(1, PUPIL_YEARS + 1)
    first = random.choice([0, 4, 5, 6, 7, 8], size=units)
    exposed = year >= np.where(first == 0, PUPIL_YEARS + 1, first)[:, None]
    value = random.normal(size=(units, 1)) + random.normal(size=(units, PUPIL_YEARS)) + 0.1 * year + exposed
    columns = {
        "unit": np.repeat(np.arange(units), PUPIL_YEARS),
        "year": np.tile(year, units),
        "first": np.repeat(first, PUPIL_YEARS),
        "value": value.ravel(),
    }
    return pd.DataFrame(columns)


def _ours(frame: pd.DataFrame) -> pd.DataFrame:
    panel = impact.Panel.from_frame(frame, "first", never=[0])
    design = panel.design
    contrasts = []
    for aggregate in ("simple", "group", "dynamic", "calendar"):
        contrasts += [impact.callaway_santanna(design, aggregate), *impact.event_study(design, aggregate)]
    table = impact.identification_map(design)
    for row in table[table["status"].isin(["identified", "placebo"])].itertuples():
        contrasts.append(impact.att(design, row.cohort, row.year))
    return impact.estimates(panel, contrasts)


def _diff_diff(frame: pd.DataFrame) -> Action:
    estimator: Any = import_module("diff_diff").CallawaySantAnna

    def fit() -> object:
        fitted = estimator(control_group="not_yet_treated")
        columns = {"outcome": "value", "unit": "unit", "time": "year", "first_treat": "first"}
        return fitted.fit(frame, **columns, aggregate="all")

    return fit


def _csdid(frame: pd.DataFrame) -> Action:
    make: Callable[..., Any] = import_module("csdid.att_gt").ATTgt

    def fit() -> object:
        columns = {"yname": "value", "gname": "first", "idname": "unit", "tname": "year"}
        fitted = make(**columns, xformla="value~1", data=frame, control_group="notyettreated")
        return fitted.fit(est_method="reg", bstrap=False).aggte("simple", bstrap=False, cband=False)

    return fit


PEERS: dict[str, Callable[[pd.DataFrame], Action]] = {"diff_diff": _diff_diff, "csdid": _csdid}


def memory_ratio(name: str, package: str, units: int) -> Ratio:
    """Peak memory of both sides, in GB in the place of seconds."""
    ours, peer = (memory(side, units) / 1_000 for side in ("ours", package))
    return Ratio(name, AIM, (ours,), (peer,), "a process of its own; GB, not s", "the same; GB, not s")


def memory(side: str, units: int) -> float:
    """Peak memory of one side in MB, the frame included, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.impact", side, str(units)],
        cwd=workbook_root(),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])  # a peer may greet


def main(arguments: list[str]) -> None:
    """``SIDE UNITS``: run one side and print its peak memory."""
    side, units = arguments
    frame = _pupils(int(units))
    if side == "ours":
        _ours(frame)
    else:
        PEERS[side](frame)()
    print(peak())


if __name__ == "__main__":
    main(sys.argv[1:])
