"""The agreement statistics against the two packages that people would take: krippendorff and statsmodels.

The peers krippendorff 0.9.0 and statsmodels 0.15.0 are no part of the workbook; where one is not installed, its
comparisons are skipped. Decision 7 holds a wider comparison, made once with nine packages.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.ratios import Action, Ratio, absent, against_limit, by_turns
from ci_eval import agreement
from ci_eval.agreement import coders

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

SEED = 1_970
CODES, CODERS = 5, 5
UNITS = 100_000
MEASURED_UNITS = 400  # krippendorff keeps units × values × values: 5.9 GB for these
DRAWS, LOOPED = 1_000, 20  # the loop over draws is timed for some of them and taken DRAWS / LOOPED times
STATEMENTS, GROUPS = 15, 20
LIMIT = 0.010  # seconds for shares, words and sureness of all cells
# answers a cell, people asked who did not answer, and whether every share is at the edge of a word, where the
# sums are longest
CELLS = (
    (50, 10, False),
    (50, 5_000, False),
    (50, 1_000_000, False),
    (1_000_000, 1_000_000, False),
    (10_000, 10_000, True),
    (1_000_000, 1_000_000, True),
)
RUNS = 25
PAIRS = 5
SAME = 1e-4


def run(units: int = UNITS, measured: int = MEASURED_UNITS, pairs: int = PAIRS) -> list[Ratio]:
    """Time each coefficient by turns with the package that offers it, and the words against a fixed limit."""
    codes, whole = ratings(units), ratings(units, missing=0.0).astype(np.int64)
    pair, values = whole[:, :2], measurements(measured)
    by_coder = np.ascontiguousarray(codes.T)

    def krippendorff(level: str, data: FloatArray) -> Callable[[], float]:
        module = import_module("krippendorff")
        return lambda: float(module.alpha(reliability_data=data, level_of_measurement=level))

    def loop() -> Callable[[], float]:
        compute = import_module("krippendorff").alpha
        generator = np.random.default_rng(SEED)

        def draws() -> float:
            sampled = (by_coder[:, generator.integers(0, units, units)] for _ in range(LOOPED))
            found = [compute(reliability_data=one, level_of_measurement="nominal") for one in sampled]
            return float(np.quantile(found, 0.025))

        return draws

    def statsmodels() -> Any:
        return import_module("statsmodels.stats.inter_rater")

    def fleiss() -> Callable[[], float]:
        module = statsmodels()
        return lambda: float(module.fleiss_kappa(module.aggregate_raters(whole)[0]))

    def cohen() -> Callable[[], float]:
        module = statsmodels()
        return lambda: float(module.cohens_kappa(module.to_table(pair)[0]).kappa)

    of = f"{units:,} units"
    looped = f"{LOOPED} of {DRAWS:,} draws were timed and taken {DRAWS // LOOPED} times"
    return [
        _ratio(
            f"Krippendorff's alpha, nominal, {of} with missing codes",
            1 / 3,
            lambda: coders.krippendorff_alpha(codes, interval=None).coefficient,
            ("krippendorff", lambda: krippendorff("nominal", by_coder)),
            pairs,
        ),
        _ratio(
            f"alpha of {of} with an interval from {DRAWS:,} draws, against a loop",
            1 / 500,
            lambda: coders.krippendorff_alpha(codes, draws=DRAWS).low,
            ("krippendorff", loop),
            pairs,
            estimated=looped,
        ),
        _ratio(
            f"alpha, interval, {measured:,} units of 2 different measurements",
            1 / 1_000,
            lambda: coders.krippendorff_alpha(values, "interval", interval=None).coefficient,
            ("krippendorff", lambda: krippendorff("interval", np.ascontiguousarray(values.T))),
            pairs,
        ),
        _ratio(
            f"Fleiss' kappa, {of} without missing codes",
            1.0,
            lambda: coders.fleiss_kappa(whole).coefficient,
            ("statsmodels", fleiss),
            pairs,
        ),
        _ratio(
            f"Cohen's kappa, {of} of 2 coders",
            1.0,
            lambda: coders.cohen_kappa(pair).coefficient,
            ("statsmodels", cohen),
            pairs,
        ),
        *sureness(),
    ]


def _ratio(
    name: str,
    aim: float,
    ours: Callable[[], float],
    peer: tuple[str, Callable[[], Callable[[], float]]],
    pairs: int,
    estimated: str = "",
) -> Ratio:
    """One comparison; both must give the same number, unless each draws at random and `estimated` says so."""
    package, prepare = peer
    name = f"{name}, {package}"
    if lacking := absent(package):
        return Ratio(name, aim, skipped=lacking, reaching_counts=True)
    theirs: Action = prepare()
    if not estimated and abs(ours() - theirs()) > SAME:  # type: ignore[operator]
        raise ValueError(f"{name}: the two sides give different numbers")
    mine, other = by_turns(ours, theirs, pairs)
    sides = Ratio(name, aim, mine, other, "ci_eval.agreement", package, reaching_counts=True)
    whole = tuple(seconds * DRAWS / LOOPED for seconds in other)
    return replace(sides, peer=whole, estimated=estimated) if estimated else sides


def sureness() -> list[Ratio]:
    """Shares, words and sureness of all cells against the limit of 10 ms."""
    ratios = []
    for answered, missing, at_edges in CELLS:
        agree, answers = cells(answered, at_edges)
        asked = answers + missing
        seconds = []
        for _ in range(RUNS):
            start = time.perf_counter()
            agreement.share(agree, answers)
            agreement.word(agree, answers)
            agreement.sureness(agree, answers, asked)
            seconds.append(time.perf_counter() - start)
        where = ", every share at the edge of a word" if at_edges else ""
        ratios.append(
            against_limit(
                f"shares, words and sureness of {STATEMENTS} statements × {GROUPS} groups, about {answered:,} answers a "
                f"cell and {missing:,} missing{where}",
                tuple(seconds),
                LIMIT,
                "share, word, sureness; the number asked is known",
            )
        )
    return ratios


def cells(answered: int, at_edges: bool) -> tuple[IntArray, IntArray]:
    """Agreeing and answering (statement, group), hardly two cells alike; at_edges: shares of 15, 50, 75 and 90%."""
    generator = np.random.default_rng(2_021)
    answers = generator.integers(-(-answered * 8 // 10), answered, (STATEMENTS, GROUPS), endpoint=True)
    if at_edges:
        return answers * generator.choice([3, 10, 15, 18], answers.shape) // 20, answers
    return generator.binomial(answers, generator.uniform(0.1, 0.97, answers.shape)), answers


def ratings(units: int, missing: float = 0.1) -> FloatArray:
    """Codes 1 to 5 (unit, coder) of coders who agree on seven of ten units and guess the rest; NaN is missing."""
    generator = np.random.default_rng(SEED)
    size = (units, CODERS)
    true = generator.integers(1, CODES + 1, units)[:, None]
    guessed = generator.integers(1, CODES + 1, size)
    codes = np.where(generator.random(size) < 0.7, true, guessed).astype(np.float64)
    codes[generator.random(size) < missing] = np.nan
    return codes


def measurements(units: int) -> FloatArray:
    """Two coders' measurements of each unit, no two the same (unit, coder)."""
    generator = np.random.default_rng(SEED)
    return np.asarray(generator.normal(size=(units, 1)) + 0.3 * generator.normal(size=(units, 2)))
