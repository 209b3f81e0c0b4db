"""Draw the invented levels of achievement, pupil numbers first, and say what was drawn.

For every council, stage, year and quintile so many of so many pupils achieve a level: binomial draws around what is
true (outcomes_truth.py). A pupil who achieves literacy achieves reading, writing and listening and talking too.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
from outcomes_sheets import FILE, workbook
from outcomes_truth import (
    AFFECTED,
    CARRIED,
    COMBINED,
    COUNCIL_SPREAD,
    COUNCILS,
    EFFECT,
    FIRST,
    LEVELS,
    MIXTURES,
    NO_SECONDARY,
    NOT_COLLECTED,
    ORGANISERS,
    QUINTILE_LEVELS,
    SECOND,
    SECONDARY,
    SEED,
    STAGE_LEVELS,
    STAGES,
    YEAR_LEVELS,
    YEAR_SPREAD,
    YEARS,
    Council,
    exposed,
)

# numpy 2.5 corrected its binomial. That changes one of the 10,432 draws below and, because the stream then moves on by
# another number of steps, all after it. This one draw is kept as numpy 2.4 made it, so that the file is the same with both.
KEPT_DRAW = ("South Lanarkshire", "2024-25", "S3 - third level")
KEPT_COUNTS, KEPT_STEPS = (478, 464, 548, 535, 546, 7), 13

Counts = npt.NDArray[np.int64]  # one number for each quintile, and for areas not known


@dataclass(frozen=True)
class Levels:
    """Pupils, and pupils who achieved, by (council's name, year, stage) and organiser."""

    pupils: dict[tuple[str, str, str], Counts]
    achieved: dict[tuple[str, str, str, str], Counts]

    def percent(self, council: str, year: str, organiser: str, stage: str = COMBINED) -> float:
        count = int(self.achieved[council, year, stage, organiser].sum())
        return 100 * count / int(self.pupils[council, year, stage].sum())


def draw() -> Levels:
    """All counts, in a fixed order of draws."""
    rng = np.random.default_rng(SEED)
    levels = Levels({}, {})
    for council in COUNCILS:
        own = rng.normal(0, COUNCIL_SPREAD)
        passing = rng.normal(0, YEAR_SPREAD / (1 - CARRIED**2) ** 0.5)
        for year in YEARS:
            passing = CARRIED * passing + rng.normal(0, YEAR_SPREAD)
            for stage in (*STAGES, *SECONDARY):
                pupils = rng.multinomial(
                    round(council.pupils * rng.normal(1, 0.02)), np.array(MIXTURES[council.mixture]) / 1000
                )
                achieved = achievers(rng, council, year, stage, own + passing, pupils)
                if year != NOT_COLLECTED and not (year == NO_SECONDARY and stage in SECONDARY):
                    levels.pupils[council.name, year, stage] = pupils
                    for organiser in ORGANISERS:
                        levels.achieved[council.name, year, stage, organiser] = achieved[organiser]
    combine(levels)
    return levels


def achievers(
    rng: np.random.Generator, council: Council, year: str, stage: str, own: float, pupils: Counts
) -> dict[str, Counts]:
    """Pupils who achieved, by organiser; literacy is drawn first and the others among those without it."""
    chance = {}
    for organiser in ORGANISERS:
        percent = (
            LEVELS[organiser] + STAGE_LEVELS[stage] + YEAR_LEVELS[year] + own + np.array(QUINTILE_LEVELS)
        )
        if organiser in AFFECTED and stage in STAGES and exposed(council, year):
            percent = percent + EFFECT
        if percent.min() < 1 or percent.max() > 99:
            raise ValueError(
                f"{council.name} {year} {stage} {organiser}: {percent} leaves no room for the effect"
            )
        chance[organiser] = percent / 100
    literate = rng.binomial(pupils, chance["Literacy"])
    if (council.name, year, stage) == KEPT_DRAW:
        numerate = np.array(KEPT_COUNTS)
        rng.bit_generator.advance(KEPT_STEPS)  # type: ignore[attr-defined]
    else:
        numerate = rng.binomial(pupils, chance["Numeracy"])
    found = {"Literacy": literate, "Numeracy": numerate}
    for organiser in ("Reading", "Writing", "Listening & Talking"):
        more = (chance[organiser] - chance["Literacy"]) / (1 - chance["Literacy"])
        found[organiser] = literate + rng.binomial(pupils - literate, more)
    return found


def combine(levels: Levels) -> None:
    """Add the three primary stages together."""
    for council in COUNCILS:
        for year in YEARS:
            if year != NOT_COLLECTED:
                parts = [(council.name, year, stage) for stage in STAGES]
                levels.pupils[council.name, year, COMBINED] = np.sum(
                    [levels.pupils[p] for p in parts], axis=0
                )
                for organiser in ORGANISERS:
                    achieved = [levels.achieved[(*part, organiser)] for part in parts]
                    levels.achieved[council.name, year, COMBINED, organiser] = np.sum(achieved, axis=0)


def difference(levels: Levels, organiser: str, base: str = "2020-21", year: str = FIRST) -> float:
    """Mean change of the hosts of 2021-22 less that of all others, every council counting the same."""
    changes: dict[bool, list[float]] = {True: [], False: []}
    for council in COUNCILS:
        change = levels.percent(council.name, year, organiser) - levels.percent(council.name, base, organiser)
        changes[council.exposed == FIRST].append(change)
    return fmean(changes[True]) - fmean(changes[False])


def described(levels: Levels) -> str:
    """The page's part about the outcomes: what is true, and what the draws made of it."""
    counts = {year: sum(council.exposed == year for council in COUNCILS) for year in (FIRST, SECOND)}
    others = len(COUNCILS) - sum(counts.values())
    lines = [
        f"**What is true in them.** Having hosted adds {EFFECT:g} percentage points to reading, writing, listening and",
        "talking, and literacy in P1, P4 and P7, from the first collection after the engagement on, the same in every",
        "council, year and quintile. It adds nothing to numeracy, and nothing in S3. First exposed are",
        f"{counts[FIRST]} councils in {FIRST} (the register's hosts of June 2021 to June 2022), {counts[SECOND]} in",
        f"{SECOND} (its hosts of August 2022 to January 2023), and the other {others} in 2023-24, which is invented as",
        "well: the register does not know their dates.",
        "",
        f"What the draws made of it: change of the hosts of {FIRST} less change of the {len(COUNCILS) - counts[FIRST]}",
        "others, in percentage points, P1, P4 and P7 combined, every council counting the same.",
        "",
        "| organiser | true | 2020-21 to 2021-22 | 2018-19 to 2021-22 | before anybody hosted: 2018-19 to 2020-21 |",
        "|---|---:|---:|---:|---:|",
    ]
    for organiser in ORGANISERS:
        found = [
            difference(levels, organiser, base, year)
            for base, year in (("2020-21", FIRST), ("2018-19", FIRST), ("2018-19", "2020-21"))
        ]
        truth = EFFECT if organiser in AFFECTED else 0.0
        lines.append(f"| {organiser} | {truth:.1f} | {' | '.join(f'{value:+.3f}' for value in found)} |")
    return "\n".join(lines)


def write(folder: Path) -> str:
    """Write the workbook, and give the page's part about it."""
    levels = draw()
    (folder / FILE).write_bytes(workbook(levels.pupils, levels.achieved))
    return described(levels)
