"""The agreement statistics beside the packages that people use: the aims as ratios, and the whole comparison.

``python -m benchmarks agreement`` times the aims; ``python -m benchmarks.agreement [--write]`` also asks each peer for
the published values and times everything, and writes results-agreement.md. Peers come from `benchmarks.peers`, and
one that is not there is skipped with a line.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import agreement_speed as speed
from benchmarks.agreement_cases import Score, score
from benchmarks.agreement_page import page, said_line, timed_line
from benchmarks.machine import described
from benchmarks.peers import environment_of, environments, name
from benchmarks.peers_ours import OURS
from benchmarks.peers_process import Side, Timed
from benchmarks.ratios import Ratio
from ci_eval import agreement

IntArray = NDArray[np.int64]

RESULTS = Path(__file__).with_name("results-agreement.md")
# job, peer, size, and how many times faster it should be at least
AIMS = (
    (speed.ALPHA, "krippendorff", 100_000, 3),
    (speed.BOOTSTRAP, "krippendorff", 100_000, 500),
    (speed.MEASUREMENTS, "krippendorff", 400, 1_000),
    (speed.RAKING, "ipfn", 100_000, 20),
)
STATEMENTS, GROUPS = 15, 20
LIMIT = 0.010  # seconds for shares, words and sureness of all cells
# answers a cell, people asked who did not answer, and whether every share stands at the edge of a word, where the
# sums are longest
CELLS = (
    (50, 10, False),
    (50, 400, False),
    (50, 5_000, False),
    (5_000, 1_000, False),
    (50, 1_000_000, False),
    (1_000_000, 1_000_000, False),
    (10_000, 10_000, True),
    (1_000_000, 1_000_000, True),
)
RUNS = 25


def run() -> list[Ratio]:
    """The aims."""
    found: list[Ratio] = []
    with started() as (ours, sides, absent):
        for job, peer, units, faster in AIMS:
            if peer in absent:
                found.append(aim(Timed(peer, job, units, problem=absent[peer]), faster))
                continue
            one = replace(next(j for j in speed.JOBS if j.name == job), peers=(peer,), sizes=(units,))
            found += [aim(timed, faster) for timed in speed.timed((one,), sides, ours)]
    return found + sureness()


def aim(timed: Timed, faster: int) -> Ratio:
    """A timing as a ratio with its aim."""
    named = f"{speed.title(timed.job, timed.units)}, {timed.peer}"
    if timed.problem:
        return Ratio(named, 1 / faster, skipped=timed.problem, reaching_counts=True)
    memory = f"at most {timed.our_bytes / 1e6:.1f} MB, {timed.peer} {timed.their_bytes / 1e6:.1f} MB"
    return Ratio(
        named,
        1 / faster,
        timed.ours,
        timed.theirs,
        ours_is=f"ci_eval.agreement; {memory}",
        peer_is=f"{timed.peer} in its own environment, by turns",
        reaching_counts=True,
        estimated=speed.estimated(timed.job, timed.units),
    )


def sureness() -> list[Ratio]:
    """Shares, words and sureness of all cells against the limit of 10 ms."""
    found = []
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
        found.append(
            Ratio(
                f"shares, words and sureness of {STATEMENTS} statements × {GROUPS} groups, about {answered:,} answers a "
                f"cell and {missing:,} missing{where}",
                1.0,
                tuple(seconds),
                (LIMIT,) * RUNS,
                ours_is="share, word, sureness; the number asked is known",
                peer_is="no package",
                estimated="a fixed limit of 10 ms; nothing ran beside ours",
            )
        )
    return found


def cells(answered: int, at_edges: bool) -> tuple[IntArray, IntArray]:
    """Agreeing and answering (statement, group), hardly two cells alike; at_edges: shares of 15, 50, 75 and 90%."""
    generator = np.random.default_rng(2_021)
    answers = generator.integers(-(-answered * 8 // 10), answered, (STATEMENTS, GROUPS), endpoint=True)
    if at_edges:
        return answers * generator.choice([3, 10, 15, 18], answers.shape) // 20, answers
    return generator.binomial(answers, generator.uniform(0.1, 0.97, answers.shape)), answers


@contextmanager
def started() -> Iterator[tuple[Side, dict[str, Side], dict[str, str]]]:
    """(our side, the peers' sides, why a peer is not among them)."""
    peers = sorted((name(pin) for one in environments() for pin in one.peers), key=str.lower)
    absent = {peer: reason for peer in peers if (reason := environment_of(peer).lacks(peer))}
    with ExitStack() as stack:
        ours = stack.enter_context(Side(OURS))
        sides = {peer: stack.enter_context(Side(peer)) for peer in peers if peer not in absent}
        yield ours, sides, absent


def compare() -> tuple[list[Score], list[Timed]]:
    """Everything, printed as it is found."""
    with started() as (ours, sides, absent):
        for peer, reason in absent.items():
            print(f"{peer}: skipped, {reason}", flush=True)
        scores = [Score(peer, problem=reason) for peer, reason in absent.items()]
        for side in (ours, *sides.values()):
            scores.append(score(side))
            print(said_line(scores[-1]), flush=True)
        times = []
        for one in speed.timed(speed.JOBS, sides, ours):
            times.append(one)
            print(timed_line(one), flush=True)
    return scores, times


def aims_of(times: Sequence[Timed]) -> list[Ratio]:
    """The aims, out of a whole comparison."""
    found = []
    for job, peer, units, faster in AIMS:
        skipped = Timed(peer, job, units, problem=f"{peer} is not installed")
        match = (one for one in times if (one.job, one.peer, one.units) == (job, peer, units))
        found.append(aim(next(match, skipped), faster))
    return found + sureness()


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare with every peer there is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the results into {RESULTS.name}")
    options = parser.parse_args(arguments)
    machine = described()
    scores, times = compare()
    aims = aims_of(times)
    for ratio in aims:
        print(ratio.line, flush=True)
    if options.write:
        text = page(aims, scores, times, machine, datetime.now(UTC).date())
        RESULTS.write_text(text, encoding="utf-8", newline="\n")
        print(f"Written: {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
