"""Loading a survey export with every check, against the quickest reading of the same file without any.

A million responses in a Qualtrics csv against ``pandas.read_csv(dtype=str)``; 200,000 in a Microsoft Forms workbook
against python-calamine alone, to Python lists. Every load is a process of its own, timed from start to end, and
its memory is the greatest it ever held. Run as ``python -m benchmarks.survey [--write]``; it takes minutes and, for
its time, a gigabyte of disk.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.machine import described
from benchmarks.ratios import figures
from ci_eval.inputs.fact_tables import workbook_root

AIM_TIME, AIM_MEMORY = 3.0, 1.0
SEED = 2022
PAIRS = 5
RESULTS = Path(__file__).with_name("results-survey.md")
CASES = (
    ("Qualtrics csv", "responses.csv", 1_000_000, "pandas.read_csv(dtype=str)"),
    ("Microsoft Forms workbook", "responses.xlsx", 200_000, "python-calamine to Python lists"),
)
OURS, PEER = "ours", "peer"


@dataclass(frozen=True)
class Load:
    """One process: seconds from start to end, seconds of processor, and the most memory it held, in bytes."""

    wall: float
    processor: float
    memory: int


@dataclass(frozen=True)
class Case:
    """Our loads of one file and the peer's, by turns."""

    name: str
    rows: int
    size: int
    peer_is: str
    ours: tuple[Load, ...]
    peer: tuple[Load, ...]

    def ratio(self, what: str) -> float:
        """Ratio of the medians of ``"wall"``, ``"processor"`` or ``"memory"``."""
        ours, peer = ([getattr(load, what) for load in side] for side in (self.ours, self.peer))
        return float(median(ours) / median(peer))


def load(side: str, file: Path) -> None:
    """Load the file in this process, and print what it took."""
    if side == OURS:
        from ci_eval.programme import load_questionnaire
        from ci_eval.survey import load as load_survey

        held: object = load_survey(file, load_questionnaire()).frame
    elif file.suffix == ".csv":
        import pandas as pd

        held = pd.read_csv(file, dtype=str)
    else:
        from python_calamine import CalamineWorkbook

        held = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    if not held_rows(held):
        raise RuntimeError(f"{file.name} gave no rows")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"processor": used.ru_utime + used.ru_stime, "memory": peak(used.ru_maxrss)}))


def held_rows(held: object) -> int:
    """How many rows were loaded; also keeps them in memory until here."""
    return len(held) if hasattr(held, "__len__") else 0


def peak(maximum: int) -> int:
    """The most memory this process held, in bytes; `maximum` is getrusage's, which counts what its parent held too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return maximum if sys.platform == "darwin" else maximum * 1024


def one(side: str, file: Path) -> Load:
    """One load in a process of its own."""
    start = time.perf_counter()
    said = _python("benchmarks.survey", "--load", side, str(file))
    return Load(time.perf_counter() - start, **json.loads(said))


def run(pairs: int = PAIRS, shrink: int = 1) -> list[Case]:
    """Write each file, load it by turns, and remove it; `shrink` divides the number of responses."""
    found = []
    with TemporaryDirectory(prefix="benchmark-") as folder:
        for name, file_name, rows, peer_is in CASES:
            file = Path(folder) / file_name
            _python("benchmarks.survey_files", str(file), str(rows // shrink), str(SEED))
            sides: dict[str, list[Load]] = {OURS: [], PEER: []}
            for pair in range(-1, pairs):  # the first pair brings the file into memory and is not counted
                for side, loads in sides.items():
                    loads.append(one(side, file))
                    if pair < 0:
                        loads.clear()
            size = file.stat().st_size
            found.append(Case(name, rows // shrink, size, peer_is, tuple(sides[OURS]), tuple(sides[PEER])))
            file.unlink()
    return found


def _python(module: str, *arguments: str) -> str:
    called = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(called, cwd=workbook_root(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{module} ended with code {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout


def page(cases: Sequence[Case], machine: dict[str, str], day: str) -> str:
    """The results as Markdown."""
    lines = [
        "# Results of the survey benchmark",
        "",
        f"Written by `python -m benchmarks.survey --write` on {day}, never by hand. Whole processes, by turns on the",
        "same machine; ratio of medians, ours over the peer's. Ours decodes strictly, accounts for every row, maps",
        "headings and answers, reads dates, screens comments and hashes the file; the peer only reads its cells.",
        f"Aims: at most {AIM_TIME:g} times the time, at most {AIM_MEMORY:g} times the memory.",
        "",
        "| file | peer | time | | processor time | memory | |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in cases:
        wall, memory = case.ratio("wall"), case.ratio("memory")
        cells = [
            f"{case.name}, {case.rows:,} responses, {case.size / 1e6:,.0f} MB",
            case.peer_is,
            f"{figures(wall)} ({_of(case.ours, 'wall', 's')} / {_of(case.peer, 'wall', 's')})",
            "met" if wall <= AIM_TIME else "NOT MET",
            figures(case.ratio("processor")),
            f"{figures(memory)} ({_of(case.ours, 'memory', 'MB')} / {_of(case.peer, 'memory', 'MB')})",
            "met" if memory <= AIM_MEMORY else "NOT MET",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| machine | |", "|---|---|", *(f"| {name} | {value} |" for name, value in machine.items())]
    return "\n".join(lines) + "\n"


def _of(loads: Sequence[Load], what: str, unit: str) -> str:
    middle = median(getattr(load, what) for load in loads)
    return f"{middle / 1e6:,.0f} {unit}" if unit == "MB" else f"{middle:.1f} {unit}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both cases and print the page; gives 1 where an aim is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survey", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the results into {RESULTS.name}")
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"loads of each side (default: {PAIRS})")
    parser.add_argument(
        "--shrink", type=int, default=1, metavar="N", help="files of an Nth of the size, for a try"
    )
    parser.add_argument("--load", nargs=2, metavar=("SIDE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.load:
        load(options.load[0], Path(options.load[1]))
        return 0
    machine = described()
    cases = run(options.pairs, options.shrink)
    text = page(cases, machine, datetime.now(UTC).date().isoformat())
    print(text, end="")
    if options.write:
        RESULTS.write_text(text, encoding="utf-8", newline="\n")
    return int(any(case.ratio("wall") > AIM_TIME or case.ratio("memory") > AIM_MEMORY for case in cases))


if __name__ == "__main__":
    sys.exit(main())
