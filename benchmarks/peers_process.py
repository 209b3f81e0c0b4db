"""One side of a comparison as a process, and two sides that run by turns."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.peers import environment_of
from benchmarks.peers_ours import OURS
from ci_eval.inputs.fact_tables import workbook_root

THEIRS = ("peers_coders", "peers_statements", "peers_jobs", "peers_traps")
LIMIT = 300.0  # seconds for one answer
SAME = 1e-4  # ipfn stops at margins within 1e-5


class Stopped(Exception):
    """A side gave no answer in time, or ended."""


class Side:
    """A worker process of ci-eval or of a peer's environment.

    Asking it raises Stopped where it has ended or does not answer within `LIMIT` seconds.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        python = Path(sys.executable) if name == OURS else environment_of(name).python
        modules = ("peers_ours",) if name == OURS else THEIRS
        self.process = subprocess.Popen(
            [python, "-m", "benchmarks.peers_worker", *modules],
            cwd=workbook_root(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def ask(self, do: str, **order: Any) -> dict[str, Any]:
        """The worker's answer to one order."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        timer = threading.Timer(LIMIT, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            raise Stopped(f"{self.name} gave no answer within {LIMIT:.0f} s, or ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> "Side":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass(frozen=True)
class Timed:
    """Both sides at one job.

    Attributes
    ----------
    peer, job, units : what was compared
    ours, theirs : seconds of each run, by turns; empty where `problem` says why
    our_bytes, their_bytes : most memory that one run held
    same : whether both gave the same number; None where they draw at random
    """

    peer: str
    job: str
    units: int
    ours: tuple[float, ...] = ()
    theirs: tuple[float, ...] = ()
    our_bytes: int = 0
    their_bytes: int = 0
    same: bool | None = True
    problem: str = ""


def side_by_side(
    ours: Side,
    theirs: Side,
    job: str,
    units: int,
    *,
    scale: float = 1.0,
    random: bool = False,
    seconds: float = 12.0,
) -> Timed:
    """Time a job A B A B …: as many pairs as fit into `seconds`, 3 to 25; then the memory of one run of each.

    `scale` is what a run of theirs is taken times, where it does only a part of the job; results of jobs that draw at
    `random` are not held against each other.
    """
    result = Timed(theirs.name, job, units)
    try:
        first = [side.ask("prepare", peer=side.name, job=job, units=units) for side in (ours, theirs)]
        for one in first:
            if "seconds" not in one:
                return replace(result, problem=one.get("raised", "not offered"))
        pairs = int(min(25, max(3, seconds / sum(one["seconds"] for one in first))))
        times = [(ours.ask("run")["seconds"], theirs.ask("run")["seconds"] * scale) for _ in range(pairs)]
        peaks = [side.ask("peak")["bytes"] for side in (ours, theirs)]
    except Stopped as stop:
        return replace(result, problem=str(stop))
    return replace(
        result,
        ours=tuple(mine for mine, _ in times),
        theirs=tuple(other for _, other in times),
        our_bytes=peaks[0],
        their_bytes=peaks[1],
        same=None if random else abs(first[0]["value"] - first[1]["value"]) <= SAME,
    )
