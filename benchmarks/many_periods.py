"""``ci-eval status`` of an evaluation with many periods: within a second, and in proportion to them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.ratios import Ratio, against_limit, by_turns
from benchmarks.whole_run import process
from ci_eval.inputs.fact_tables import workbook_root

PERIODS, FEWER = 200, 100
LIMIT = 1.0  # seconds
AIM = PERIODS / FEWER * 1.1
RUNS = 5


def run(periods: int = PERIODS, fewer: int = FEWER, runs: int = RUNS) -> list[Ratio]:
    """Time the command with all periods and with fewer, by turns."""
    with TemporaryDirectory(prefix="benchmark-") as folder:
        many, few = (_settings(Path(folder), number) for number in (periods, fewer))
        ours, half = by_turns(lambda: _status(many), lambda: _status(few), runs)
    return [
        against_limit(f"ci-eval status with {periods} periods", ours, LIMIT, "as a process"),
        Ratio(
            f"ci-eval status with {periods} periods against {fewer}",
            AIM * periods / fewer / (PERIODS / FEWER),
            ours,
            half,
            ours_is=f"{periods} periods",
            peer_is=f"the same with {fewer}",
            reaching_counts=True,
        ),
    ]


def _status(settings: Path) -> None:
    process("ci_eval.cli", "status", "--settings", str(settings))


def _settings(folder: Path, periods: int) -> Path:
    """A settings file of so many review periods, each with the same survey."""
    data = workbook_root() / "data"
    file = folder / f"{periods}.toml"
    survey = (data / "example" / "survey_2021-22.xlsx").as_posix()
    tables = (
        f'[periods."{1800 + n}"]\nstarts = {1800 + n}-01-01\nends = {1800 + n}-12-31\ninvented = true\n'
        f'[periods."{1800 + n}".survey]\nfile = "{survey}"\n'
        for n in range(periods)
    )
    head = f'programme = "{(data / "programme").as_posix()}"\noutputs = "outputs"\n'
    file.write_text(head + "".join(tables), encoding="utf-8")
    return file
