"""results-agreement.md: the last whole comparison written, with what it was taken on and when."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from benchmarks.agreement_cases import Score
from benchmarks.agreement_speed import JOBS, estimated, title
from benchmarks.peers_process import Timed
from benchmarks.peers_traps import TRAPS
from benchmarks.ratios import Ratio, duration

_HEAD = """\
# The agreement statistics beside other packages

Written by `python -m benchmarks.agreement --write` on {day}, never by hand. Each side runs in a process and an
environment of its own and they take turns on the same machine. "Times faster" is the peer's median time over ours, so
that below 1 the peer is the faster one; beside it the same of the quickest runs. Memory is the most that a run holds
beyond its data, as counted by Python's and numpy's allocators, peer's over ours. A peer's time that says "not timed
whole" was reckoned from a part of the job, or is a fixed limit, as said beside it. Times say little about another
machine; ratios travel better.

"""
SAME = {True: "yes", False: "NO", None: "–"}  # None: both drew at random


def page(
    aims: Sequence[Ratio],
    scores: Sequence[Score],
    times: Sequence[Timed],
    machine: Mapping[str, str],
    day: date,
) -> str:
    """The page as Markdown."""
    asked = next((one for one in scores if one.version and not one.not_offered), None)
    total = asked.right + len(asked.wrong) if asked else 0
    parts = [
        "## The aims",
        _table(
            ("aim", "at least", "times faster", "of minima", "", "ours, median", "peer, median"),
            map(_aim, aims),
        ),
        "## Right or wrong",
        f"{total} published values, each with its source and tolerance, are those of `ci-eval self-check`.",
        _table(
            ("package", "version", "licence it declares", "right", "wrong", "stops", "not offered"),
            map(_score, scores),
        ),
        "\n".join(line for one in scores for line in _mistakes(one)),
        "## Where there is nothing to compute, or it is easy to go wrong",
        *(_trap(trap, scores) for trap in TRAPS),
        "## Time and memory",
        *(_job(job.name, times) for job in JOBS),
        "## Taken on",
        _table(("", ""), ([name, value] for name, value in machine.items())),
    ]
    return _HEAD.format(day=day.isoformat()) + "\n\n".join(part for part in parts if part) + "\n"


def said_line(one: Score) -> str:
    """A score in one line."""
    if one.problem:
        return f"{one.peer}: skipped, {one.problem}"
    return (
        f"{one.peer} {one.version}: {one.right} right, {len(one.wrong)} wrong, stops in {len(one.stopped)} cases, "
        f"{one.not_offered} not offered"
    )


def timed_line(one: Timed) -> str:
    """A timing in one line."""
    named = f"{title(one.job, one.units)}, {one.peer}"
    if one.problem:
        return f"{named}: skipped, {one.problem}"
    times, minima, memory = _ratios(one)
    how = estimated(one.job, one.units)
    doubt = f"; peer not timed whole: {how}" if how else ""
    doubt += "; THE RESULTS DIFFER" if one.same is False else ""
    return (
        f"{named}: {times} times faster, of minima {minima}, memory {memory} ({len(one.ours)} pairs){doubt}"
    )


def _table(head: Sequence[str], rows: object) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]  # type: ignore[attr-defined]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|") or "–"


def _aim(ratio: Ratio) -> list[str]:
    wanted = _figures(1 / ratio.aim)
    if ratio.skipped:
        return [ratio.name, wanted, f"skipped: {ratio.skipped}", "", "", "", ""]
    return [
        ratio.name,
        wanted,
        _figures(1 / ratio.value),
        _figures(1 / ratio.of_minima),
        ratio.verdict,
        duration(median(ratio.ours)),
        _whole(duration(median(ratio.peer)), ratio.estimated),
    ]


def _whole(time: str, how: str) -> str:
    return f"{time}, not timed whole: {how}" if how else time


def _score(one: Score) -> list[str]:
    if one.problem:
        return [one.peer, "", "", f"skipped: {one.problem}", "", "", ""]
    numbers = (one.right, len(one.wrong), len(one.stopped), one.not_offered)
    return [one.peer, one.version, one.licence, *map(str, numbers)]


def _mistakes(one: Score) -> list[str]:
    lines = [f"- {one.peer}, wrong: {line}" for line in one.wrong]
    return lines + [f"- {one.peer} stops: {line}" for line in one.stopped]


def _trap(trap: str, scores: Sequence[Score]) -> str:
    said = [[one.peer, dict(one.said)[trap]] for one in scores if trap in dict(one.said)]
    return f"{TRAPS[trap].capitalize()}:\n\n{_table(('package', 'what it gives'), said)}" if said else ""


def _job(name: str, times: Sequence[Timed]) -> str:
    rows = []
    for one in times:
        if one.job != name:
            continue
        if one.problem:
            rows.append([one.peer, f"{one.units:,}", f"skipped: {one.problem}", "", "", "", "", ""])
            continue
        theirs = _whole(duration(median(one.theirs)), estimated(one.job, one.units))
        both = (duration(median(one.ours)), theirs)
        rows.append(
            [
                one.peer,
                f"{one.units:,}",
                *_ratios(one),
                *both,
                str(len(one.ours)),
                SAME[one.same],
            ]
        )
    head = (
        "package",
        "size",
        "times faster",
        "of minima",
        "memory",
        "ours, median",
        "peer, median",
        "pairs",
        "same",
    )
    heading = next(job for job in JOBS if job.name == name).title.replace("{units} ", "")
    return f"{heading[0].upper()}{heading[1:]}:\n\n{_table(head, rows)}" if rows else ""


def _ratios(one: Timed) -> tuple[str, str, str]:
    return (
        _figures(median(one.theirs) / median(one.ours)),
        _figures(min(one.theirs) / min(one.ours)),
        _figures(one.their_bytes / one.our_bytes),
    )


def _figures(number: float) -> str:
    """Two significant figures: a timing carries no more."""
    return f"{float(f'{number:.2g}'):,.10g}"
