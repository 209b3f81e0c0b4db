"""results.md: the last results written, with what they were taken on and when."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from benchmarks.ratios import Ratio, duration, figures

_HEAD = """\
# Results of the benchmarks

Written by `{command} --write` on {day}, never by hand. A ratio is our median time over the peer's;
both sides ran by turns on the same machine, unless the peer's times are marked "not timed whole": then they were
reckoned, or are a fixed limit, as said under "What ran". Times are of that machine, and say little about another;
ratios travel better, and least well where others were at work on it: see the load.

"""


def page(
    results: Sequence[Ratio], machine: Mapping[str, str], day: date, command: str = "python -m benchmarks"
) -> str:
    """The page as Markdown, with the command that wrote it."""
    lines = [
        "| benchmark | ratio | aim | | of minima | of each pair | ours, median (minimum) | peer, median (minimum) |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(result) for result in results),
        "",
        "What ran:",
        "",
        *(_ran(result) for result in results if not result.skipped),
        "",
        "| machine | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in machine.items()),
    ]
    return _HEAD.format(command=command, day=day.isoformat()) + "\n".join(lines) + "\n"


def _ran(result: Ratio) -> str:
    whole = f"; peer not timed whole: {result.estimated}" if result.estimated else ""
    return f"- {result.name}: {result.ours_is}; peer: {result.peer_is}{whole}"


def _row(result: Ratio) -> str:
    if result.skipped:
        return f"| {result.name} | – | {result.aim_text} | skipped: {result.skipped} | – | – | – | – |"
    pairs = result.of_pairs
    cells = [
        result.name,
        figures(result.value),
        result.aim_text,
        result.verdict,
        figures(result.of_minima),
        f"{figures(pairs[0])} to {figures(pairs[-1])} ({len(pairs)} pairs)",
        *(f"{duration(median(side))} ({duration(min(side))})" for side in (result.ours, result.peer)),
    ]
    if result.estimated:
        cells[-1] += ", not timed whole"
    return f"| {' | '.join(cells)} |"
