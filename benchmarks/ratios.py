"""A ratio of two times, and how its two sides are timed: by turns, so that a busy machine slows both alike."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median

Action = Callable[[], object]
Seconds = tuple[float, ...]


@dataclass(frozen=True)
class Ratio:
    """Our time over a peer's.

    Attributes
    ----------
    name : what was compared, in a few words
    aim : the ratio to stay under
    ours, peer : seconds of each run, in the order run; ours[i] and peer[i] were neighbours
    ours_is, peer_is : what each side did
    reaching_counts : whether a ratio of exactly `aim` meets it
    skipped : why nothing was timed; "" where it was
    estimated : how the peer's times came about where nobody timed the whole of it: a part taken several times, a
        fixed limit; "" where they were timed as they stand
    """

    name: str
    aim: float
    ours: Seconds = ()
    peer: Seconds = ()
    ours_is: str = ""
    peer_is: str = ""
    reaching_counts: bool = False
    skipped: str = ""
    estimated: str = ""

    def __post_init__(self) -> None:
        if len(self.ours) != len(self.peer) or bool(self.ours) == bool(self.skipped):
            raise ValueError(f"{self.name}: give as many times of ours as of the peer, or why it was skipped")
        if not all(seconds > 0 for seconds in (*self.ours, *self.peer)):
            raise ValueError(f"{self.name}: a run that took no time cannot be compared")

    @property
    def value(self) -> float:
        """Ratio of the medians; it decides whether the aim is met."""
        return median(self.ours) / median(self.peer)

    @property
    def of_minima(self) -> float:
        """Ratio of the quickest runs: what a machine with nothing else to do would say."""
        return min(self.ours) / min(self.peer)

    @property
    def of_pairs(self) -> Seconds:
        """Ratio within each pair of neighbours, smallest first."""
        return tuple(sorted(mine / other for mine, other in zip(self.ours, self.peer, strict=True)))

    @property
    def met(self) -> bool:
        return self.value <= self.aim if self.reaching_counts else self.value < self.aim

    @property
    def aim_text(self) -> str:
        return f"{'≤' if self.reaching_counts else '<'} {self.aim:.3g}"

    @property
    def verdict(self) -> str:
        return "met" if self.met else "NOT MET"

    @property
    def line(self) -> str:
        """The result in one line, such as ``reading: ratio 0.42 (aim < 1): met``."""
        if self.skipped:
            return f"{self.name}: skipped, {self.skipped}"
        said = f"{self.name}: ratio {figures(self.value)} (aim {self.aim_text}): {self.verdict}"
        return f"{said}; peer not timed whole: {self.estimated}" if self.estimated else said

    @property
    def details(self) -> list[str]:
        """What the ratio rests on: both sides' times, the ratio of minima and the spread of the pairs."""
        if self.skipped:
            return []
        pairs = self.of_pairs
        return [
            f"ours: {_times(self.ours)} ({self.ours_is})",
            f"peer: {_times(self.peer)} ({self.peer_is})",
            f"ratio of minima {figures(self.of_minima)}; "
            f"{len(pairs)} pairs from {figures(pairs[0])} to {figures(pairs[-1])}",
        ]


def figures(number: float) -> str:
    """A number to two decimals, or to two significant figures where it is smaller than that."""
    return f"{number:.2f}" if number >= 0.1 else f"{number:.2g}"


def _times(seconds: Seconds) -> str:
    return f"median {duration(median(seconds))}, minimum {duration(min(seconds))}"


def duration(seconds: float) -> str:
    """Seconds to three decimals, or milliseconds where that would leave nothing to read."""
    return f"{seconds:.3f} s" if seconds >= 0.1 else f"{seconds * 1e3:.3g} ms"


def by_turns(ours: Action, peer: Action, pairs: int, warm_up: int = 1) -> tuple[Seconds, Seconds]:
    """Run A B A B … and time each run; `warm_up` pairs go before and are not timed.

    Returns
    -------
    (seconds of ours, seconds of the peer), each as long as `pairs`.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for pair in range(-warm_up, pairs):
        for action, taken in zip((ours, peer), times, strict=True):
            gc.collect()  # or one side pays for what the other left behind
            start = time.perf_counter()
            action()
            seconds = time.perf_counter() - start
            if pair >= 0:
                taken.append(seconds)
    return tuple(times[0]), tuple(times[1])


def alone(action: Action, runs: int) -> Seconds:
    """Seconds of each run of an action that nothing is compared with, after one that is not timed."""
    return by_turns(action, lambda: None, runs)[0]


def against_limit(name: str, ours: Seconds, limit: float, ours_is: str) -> Ratio:
    """Our times over a fixed limit that they are not to exceed."""
    fixed = f"a fixed limit of {duration(limit)}; nothing ran beside ours"
    return Ratio(name, 1.0, ours, (limit,) * len(ours), ours_is, "no package", True, estimated=fixed)


def processor_seconds() -> float:
    """Seconds of processor that this process and those it waited for have used, all cores together."""
    return sum(os.times()[:4])


def absent(*packages: str) -> str:
    """Which of these packages cannot be imported here, as a reason to skip; "" where all can."""
    lacking = [package for package in packages if find_spec(package) is None]
    return f"{' and '.join(lacking)} not installed" if lacking else ""
