"""Five million invented pupils summed up by council and school year, against pandas reading the same file.

The rows are drawn here from a seed and written once, as csv and as Parquet. Times are taken in this process; the
peak memory of each side is that of a process of its own, imports included.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import peak
from benchmarks.ratios import Action, Ratio, by_turns
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.programme import load_councils

AIM = 1.0
PUPILS = 5_000_000
SEED = 2021
PAIRS = 3
SHARES = ("literacy", "numeracy")
KEYS = ("council", "school_year")


def run(pupils: int = PUPILS, pairs: int = PAIRS) -> list[Ratio]:
    """Time csv and Parquet, each by turns with pandas reading the csv and grouping it."""
    found = []
    with TemporaryDirectory(prefix="benchmark-") as folder:
        text = Path(folder) / "pupils.csv"
        write(text, pupils, SEED)
        for kind, file in (("csv", text), ("Parquet", text.with_suffix(".parquet"))):
            ours, peer = by_turns(action("ours", file), action("pandas", text), pairs)
            size, peaks = file.stat().st_size / 1e6, (memory("ours", file), memory("pandas", text))
            found.append(
                Ratio(
                    f"{pupils:,} pupils from {kind} to councils and years against pandas from csv",
                    AIM,
                    ours,
                    peer,
                    ours_is=f"aggregate_pupils on {size:.0f} MB, with hash and record; peak memory {peaks[0]:.0f} MB",
                    peer_is=f"pandas.read_csv of the columns needed, groupby; peak memory {peaks[1]:.0f} MB",
                )
            )
    return found


def write(text: Path, pupils: int, seed: int) -> None:
    """Write invented pupils as csv at `text`, and as Parquet beside it."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE councils AS SELECT unnest(?) AS council, unnest(range(32)) AS place", [
            list(load_councils().table["short_name"])
        ])  # fmt: skip
        connection.execute(
            """
            CREATE TABLE pupils AS
            SELECT council, printf('%d-%02d', 2016 + drawn % 9, (17 + drawn % 9) % 100) AS school_year,
                'P' || (1 + 3 * (drawn // 9 % 3)) AS stage, 1 + drawn // 27 % 5 AS simd_quintile,
                CASE WHEN drawn // 135 % 100 < 70 THEN 1 WHEN drawn // 135 % 100 < 99 THEN 0 END AS literacy,
                (drawn // 13500 % 100 < 78)::INTEGER AS numeracy, 80 + drawn // 1350000 % 200 / 10.0 AS attendance
            FROM (SELECT hash(pupil + ?) % 270000000 AS drawn, hash(pupil - ?) % 32 AS place FROM range(?) r(pupil))
            JOIN councils USING (place)
            """,
            [seed, -seed, pupils],
        )
        for file, how in ((text, "FORMAT csv, HEADER"), (text.with_suffix(".parquet"), "FORMAT parquet")):
            place = str(file).replace("'", "''")
            connection.execute(f"COPY pupils TO '{place}' ({how})")


def action(side: str, file: Path) -> Action:
    """What one side does with a file."""
    return (lambda: by_duckdb(file)) if side == "ours" else (lambda: by_pandas(file))


def by_duckdb(file: Path) -> object:
    from ci_eval.outcomes import aggregate_pupils

    return aggregate_pupils(file, shares=SHARES).frame


def by_pandas(file: Path) -> object:
    import pandas as pd

    frame = pd.read_csv(file, usecols=[*KEYS, *SHARES])
    return frame.groupby(list(KEYS))[list(SHARES)].agg(["sum", "count"])


def memory(side: str, file: Path) -> float:
    """Peak memory of one side in MB (million bytes), as a process of its own; NaN where it is not told."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pupils", side, str(file)],
        cwd=workbook_root(),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


if __name__ == "__main__":
    action(sys.argv[1], Path(sys.argv[2]))()
    print(peak())
