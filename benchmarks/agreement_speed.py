"""Time and memory beside each peer: which jobs, at which sizes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.peers_jobs import DRAWS, draws
from benchmarks.peers_process import Side, Timed, side_by_side

SIZES = (12, 1_000, 100_000)


@dataclass(frozen=True)
class Job:
    """One job beside one or more peers.

    Attributes
    ----------
    name : its key in the peers' modules
    title : what it is, and of what; {units} is the size
    peers : who does it too
    sizes : how many units, respondents or rows
    part : a run of theirs does 1/part of the job, by size
    random : its result is drawn, so that the two sides' differ
    """

    name: str
    title: str
    peers: tuple[str, ...]
    sizes: tuple[int, ...] = SIZES
    part: Callable[[int], float] = lambda units: 1.0
    random: bool = False


def _part_of_draws(units: int) -> float:
    return DRAWS / draws(units)


ALPHA = "alpha"
BOOTSTRAP = "bootstrap"
MEASUREMENTS = "alpha of measurements"
RAKING = "raking"

JOBS = (
    Job(
        ALPHA,
        "Krippendorff's alpha, nominal, {units} units with missing codes",
        ("krippendorff", "irrCAC", "simpledorff", "nltk"),
    ),
    Job("alpha of counts", "the same from counts of codes, {units} units", ("krippendorff",)),
    Job(
        BOOTSTRAP,
        "alpha of {units} units with an interval from 1,000 draws, against a loop",
        ("krippendorff",),
        part=_part_of_draws,
        random=True,
    ),
    Job(
        "bootstrap of counts",
        "the same against a loop over counts made once, {units} units",
        ("krippendorff",),
        part=_part_of_draws,
        random=True,
    ),
    Job(
        MEASUREMENTS,
        "alpha, interval, {units} units of 2 different measurements",
        ("krippendorff",),
        (12, 400),
    ),
    Job("Fleiss", "Fleiss' kappa, {units} units without missing codes", ("statsmodels", "irrCAC", "nltk")),
    Job(
        "Cohen",
        "Cohen's kappa, {units} units of 2 coders",
        ("scikit-learn", "statsmodels", "irrCAC", "nltk"),
    ),
    Job("Cronbach", "Cronbach's alpha of 15 statements, {units} respondents", ("pingouin",)),
    Job(RAKING, "raking weights of {units} respondents on two characteristics", ("ipfn", "weightipy")),
    Job("raking of a table", "the same on the table of cells, {units} respondents", ("ipfn",)),
)


def timed(jobs: tuple[Job, ...], sides: dict[str, Side], ours: Side) -> Iterator[Timed]:
    """Each job at each size beside each peer there is; one after the other, each by turns."""
    for job in jobs:
        for peer in job.peers:
            for units in job.sizes if peer in sides else ():
                part, theirs = job.part(units), sides[peer]
                yield side_by_side(ours, theirs, job.name, units, scale=part, random=job.random)


def title(name: str, units: int) -> str:
    return _job(name).title.format(units=f"{units:,}")


def estimated(name: str, units: int) -> str:
    """How the peer's time came about where it did only a part of the job; "" where it did the whole of it."""
    part = _job(name).part(units)
    return f"{draws(units):,} of {DRAWS:,} draws were timed and taken {part:g} times" if part != 1 else ""


def _job(name: str) -> Job:
    return next(job for job in JOBS if job.name == name)
