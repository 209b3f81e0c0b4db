"""Loading a survey export with every check, against the quickest reading of the same file without any.

A million responses in a Qualtrics csv against ``pandas.read_csv(dtype=str)``; 200,000 in a Microsoft Forms workbook
against python-calamine alone, to Python lists. Ours decodes strictly, accounts for every row, maps headings and
answers, reads dates, screens comments and hashes the file. Every load is a process of its own, timed from start to
end. It takes minutes and, for its time, half a gigabyte of disk.
"""

import subprocess
import sys
from collections.abc import Sized
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import peak
from benchmarks.ratios import Action, Ratio, by_turns
from ci_eval.inputs.fact_tables import workbook_root

AIM_TIME, AIM_MEMORY = 3.0, 1.0
SEED = 2022
PAIRS = 5
CASES = (
    ("Qualtrics csv", "responses.csv", 1_000_000, "pandas.read_csv(dtype=str)"),
    ("Microsoft Forms workbook", "responses.xlsx", 200_000, "python-calamine to Python lists"),
)


def run(pairs: int = PAIRS, shrink: int = 1) -> list[Ratio]:
    """Write each file, load it by turns, and remove it; `shrink` divides the number of responses."""
    found = []
    for name, file_name, rows, peer_is in CASES:
        with TemporaryDirectory(prefix="benchmark-") as folder:
            file = Path(folder) / file_name
            _python("benchmarks.survey_files", str(file), str(rows // shrink), str(SEED))
            title = f"{name}, {rows // shrink:,} responses, {file.stat().st_size / 1e6:,.0f} MB, against {peer_is}"
            peaks: tuple[list[float], list[float]] = ([], [])
            seconds = by_turns(_load("ours", file, peaks[0]), _load("peer", file, peaks[1]), pairs)
        memory = [tuple(used[-pairs:]) for used in peaks]
        for what, aim, sides in (
            ("time", AIM_TIME, seconds),
            ("peak memory, GB in place of s", AIM_MEMORY, memory),
        ):
            ours, peer = sides
            is_what = "survey.load, as a process", "as a process"
            found.append(Ratio(f"{title}, {what}", aim, ours, peer, *is_what, reaching_counts=True))
    return found


def _load(side: str, file: Path, peaks: list[float]) -> Action:
    """One load in a process of its own, which adds its peak memory in GB."""
    return lambda: peaks.append(float(_python("benchmarks.survey", side, str(file))) / 1_000)


def _python(module: str, *arguments: str) -> str:
    called = [sys.executable, "-m", module, *arguments]
    return subprocess.run(called, cwd=workbook_root(), stdout=subprocess.PIPE, text=True, check=True).stdout


def load(side: str, file: Path) -> Sized:
    """What one side holds of a file."""
    if side == "ours":
        from ci_eval.programme import load_questionnaire
        from ci_eval.survey import load as load_survey

        return load_survey(file, load_questionnaire()).frame
    if file.suffix == ".csv":
        import pandas as pd

        return pd.read_csv(file, dtype=str)
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()


if __name__ == "__main__":
    held = load(sys.argv[1], Path(sys.argv[2]))
    if not len(held):
        raise RuntimeError(f"{sys.argv[2]} gave no rows")
    print(peak())
