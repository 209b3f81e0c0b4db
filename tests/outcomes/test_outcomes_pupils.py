"""Pupil-level files: summed up rightly, small groups kept back, no pupil in a message, no way out of the file."""
# ruff: noqa: S608 - statements written here, for files written here

import csv
import hashlib
import math
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from benchmarks import pupils as benchmark
from ci_eval.inputs.problems import InputError, Problem
from ci_eval.outcomes import aggregate_pupils, pupil_files, pupils

HEAD = ["council", "school_year", "stage", "simd", "literacy", "numeracy", "attendance"]
A_NAME = "Jane Exampleson"


def rows(council: str, year: str, yes: int, no: int, **more: str) -> list[dict[str, str]]:
    base = {
        "council": council,
        "school_year": year,
        "stage": "P1",
        "simd": "1",
        "numeracy": "1",
        "attendance": "90",
    }
    return [base | {"literacy": "1"} | more] * yes + [base | {"literacy": "0"} | more] * no


def written(folder: Path, *groups: list[dict[str, str]], name: str = "pupils.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEAD)
        writer.writeheader()
        for group in groups:
            writer.writerows(group)
    return path


def as_parquet(source: Path, types: str = "") -> Path:
    target = source.with_suffix(".parquet")
    columns = f"REPLACE ({types})" if types else ""
    duckdb.execute(f"COPY (SELECT * {columns} FROM read_csv('{source}', all_varchar=true)) TO '{target}'")
    return target


def problems(path: Path, **wanted: object) -> tuple[Problem, ...]:
    arguments = {"shares": ["literacy"], **wanted}
    with pytest.raises(InputError) as stopped:
        aggregate_pupils(path, **arguments)  # type: ignore[arg-type]
    error: BaseException | None = stopped.value
    while error is not None:  # a notebook prints what an error came from as well
        assert A_NAME not in str(error)
        error = error.__cause__ or error.__context__
    assert all(problem.fix for problem in stopped.value.problems)
    return stopped.value.problems


# --- sums


def test_shares_and_means_are_those_of_a_plain_loop(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "council": random.choice(["Angus", "Fife", "Glasgow"], 3000),
            "school_year": random.choice(["2020-21", "2021-22"], 3000),
            "stage": "P1",
            "simd": random.integers(1, 6, 3000),
            "literacy": random.choice(["1", "0", ""], 3000),
            "numeracy": random.choice(["yes", "No", "TRUE", "false"], 3000),
            "attendance": random.integers(800, 1000, 3000) / 10,
        }
    )
    path = tmp_path / "pupils.csv"
    frame.to_csv(path, index=False)
    outcomes = aggregate_pupils(path, shares=["literacy", "numeracy"], means=["attendance"])
    for council, year in (("Angus", "2020-21"), ("Glasgow City", "2021-22")):
        here = frame[frame["council"].isin([council, council.split()[0]]) & (frame["school_year"] == year)]
        found = outcomes.frame[
            (outcomes.frame["council"] == council) & (outcomes.frame["school_year"] == year)
        ]
        found = found.set_index("measure")
        known = here.loc[here["literacy"] != "", "literacy"]
        assert found.loc["literacy", "denominator"] == len(known)
        assert found.loc["literacy", "value"] == pytest.approx(100 * (known == "1").mean())
        yes = here["numeracy"].str.casefold().isin(["yes", "true"])
        assert found.loc["numeracy", "numerator"] == yes.sum()
        assert found.loc["attendance", "value"] == pytest.approx(here["attendance"].mean())
        assert found["unit"].tolist() == ["percent", "percent", "mean"]
    assert len(outcomes.frame) == 3 * 2 * 3
    literacy = outcomes.frame[outcomes.frame["measure"] == "literacy"]
    assert literacy["denominator"].sum() == (frame["literacy"] != "").sum()


def test_a_parquet_file_gives_the_same_whatever_the_types_of_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 30, 10), rows("Fife", "2021-22", 20, 20))
    wanted = aggregate_pupils(path, shares=["literacy"], means=["attendance"]).frame
    for types in (
        "",
        "literacy = '1' AS literacy",
        "CAST(literacy AS DOUBLE) AS literacy",
        "attendance::FLOAT AS attendance",
    ):
        outcomes = aggregate_pupils(as_parquet(path, types), shares=["literacy"], means=["attendance"])
        pd.testing.assert_frame_equal(outcomes.frame, wanted)
        assert "Parquet" in outcomes.record.description


def test_more_columns_than_fit_into_one_statement_are_all_summed(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    frame = pd.DataFrame({"council": ["Angus"] * 40, "school_year": "2021-22"})
    names = [f"o{number}" for number in range(7)]
    for number, name in enumerate(names):
        frame[name] = [1] * (10 + number) + [0] * (30 - number)
    frame["attendance"] = 90.5
    frame.to_csv(path, index=False)
    outcomes = aggregate_pupils(path, shares=names, means=["attendance"])
    assert outcomes.frame["numerator"].tolist() == [*range(10, 17), 40 * 90.5]
    assert outcomes.record.rows_in == outcomes.record.used == 40


def test_two_spellings_of_a_council_are_one_group(tmp_path: Path) -> None:
    path = written(
        tmp_path, rows("Edinburgh City", "2021-22", 10, 5), rows("Edinburgh, City of", "2021/22", 10, 15)
    )
    (row,) = aggregate_pupils(path, shares=["literacy"]).frame.to_dict("records")
    assert (row["council"], row["numerator"], row["denominator"]) == ("City of Edinburgh", 20, 40)


def test_stage_and_quintile_keep_groups_apart(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        rows("Angus", "2021-22", 10, 10),
        rows("Angus", "2021-22", 20, 10, stage="P4", simd="5"),
        rows("Angus", "2021-22", 10, 10, simd=""),
    )
    outcomes = aggregate_pupils(path, shares=["literacy"], stage="stage", simd_quintile="simd")
    assert outcomes.measures == ("literacy (P1)", "literacy (P4)")
    assert outcomes.series("literacy (P4)", 5)["value"].tolist() == [pytest.approx(200 / 3)]
    record = outcomes.record
    assert record.left_out == {"SIMD quintile not given": 20}
    assert record.rows_in == 70 == record.used + sum(record.left_out.values())


def test_rows_without_council_or_year_are_counted(tmp_path: Path) -> None:
    path = written(
        tmp_path, rows("Angus", "2021-22", 10, 10), rows("", "2021-22", 3, 0), rows("Angus", "", 0, 2)
    )
    record = aggregate_pupils(path, shares=["literacy"]).record
    assert record.left_out == {"council not given": 3, "school year not given": 2}
    assert (record.rows_in, record.used) == (25, 20)
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_empty_cells_are_in_no_share_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 10, 10), rows("Angus", "2021-22", 4, 0, literacy=""))
    outcomes = aggregate_pupils(path, shares=["literacy"])
    assert outcomes.frame["denominator"].tolist() == [20]
    assert [(note.check, note.count) for note in outcomes.record.notes] == [("cells-empty", 4)]


# --- small groups


@pytest.mark.parametrize(
    ("yes", "no", "shown"),
    [(5, 5, True), (4, 50, False), (50, 4, False), (50, 5, True), (0, 50, False), (50, 0, False)],
)
def test_fewer_than_five_on_either_side_are_suppressed(
    tmp_path: Path, yes: int, no: int, shown: bool
) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", yes, no), rows("Fife", "2021-22", 50, 50))
    outcomes = aggregate_pupils(path, shares=["literacy"])
    angus = outcomes.series("literacy").set_index("council").loc["Angus"]
    assert angus["missing"] == ("" if shown else "suppressed")
    assert angus[["value", "numerator", "denominator"]].isna().all() == (not shown)


@pytest.mark.parametrize(("pupils_", "shown"), [(4, False), (5, True)])
def test_a_mean_of_fewer_than_five_is_suppressed(tmp_path: Path, pupils_: int, shown: bool) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", pupils_, 0))
    (row,) = aggregate_pupils(path, means=["attendance"]).frame.to_dict("records")
    assert row["missing"] == ("" if shown else "suppressed")


def test_no_figure_of_scotland_gives_a_council_away(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 2, 50), rows("Fife", "2021-22", 50, 50))
    outcomes = aggregate_pupils(path, shares=["literacy"], smallest_group=5)
    assert outcomes.frame["missing"].tolist() == ["suppressed", ""]
    assert outcomes.national.empty


def test_the_smallest_group_is_a_setting(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 9, 9))
    assert aggregate_pupils(path, shares=["literacy"], smallest_group=10).record.missing == {"suppressed": 1}
    with pytest.raises(InputError, match="may not be 0"):
        aggregate_pupils(path, shares=["literacy"], smallest_group=0)


# --- what cannot be read


def test_a_rare_value_that_may_be_a_name_is_never_shown(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 10, 10), rows(A_NAME, A_NAME, 1, 0, literacy=A_NAME))
    found = problems(path)
    assert [problem.count for problem in found] == [1, 1]
    assert all("not shown" in problem.message for problem in found)
    assert {problem.cells for problem in found} == {f"{A_NAME} (1)"}
    assert A_NAME not in str(InputError("CANNOT USE pupils.csv", found))
    assert problems(
        written(tmp_path, rows("Angus", "2021-22", 10, 10), rows("Angus", "2021-22", 4, 0, literacy=A_NAME))
    )


def test_a_frequent_value_is_shown_with_the_nearest_names(tmp_path: Path) -> None:
    path = written(
        tmp_path, rows("Angsu", "2021-22", 20, 0), rows("Angus", "2021-22", 10, 10, literacy="perhaps")
    )
    council, literacy = problems(path)
    assert "'Angsu'" in council.message
    assert "Angus" in council.fix
    assert (council.count, literacy.count) == (20, 20)
    assert "'perhaps'" in literacy.message


def test_numbers_that_are_none_are_counted_not_dropped(tmp_path: Path) -> None:
    path = written(
        tmp_path, *(rows("Angus", "2021-22", 2, 0, attendance=text) for text in ("nan", "inf", "9x", "90"))
    )
    (problem,) = problems(path, shares=[], means=["attendance"])
    assert (problem.check, problem.count) == ("value-unknown", 6)


@pytest.mark.parametrize("column", ["Literacy", 'literacy"; DROP TABLE x; --', "c0", "x y", ""])
def test_a_column_that_is_not_there_is_named_and_never_run(tmp_path: Path, column: str) -> None:
    (problem,) = problems(written(tmp_path, rows("Angus", "2021-22", 10, 10)), shares=[column])
    assert problem.check == "column-missing"
    assert '"literacy"' in problem.message


@pytest.mark.parametrize("name", ['yes"; SELECT 1; --', "a'b", "count(*)", "c0", "Größe ☂"])
def test_a_column_may_be_called_anything(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"council": ["Angus"] * 20, "school_year": "2021-22", name: [1] * 10 + [0] * 10})
    path = tmp_path / "pupils.csv"
    frame.to_csv(path, index=False)
    assert aggregate_pupils(path, shares=[name]).frame["value"].tolist() == [50]
    quoted = name.replace('"', '""')
    duckdb.execute(
        f"COPY (SELECT 'Angus' AS council, '2021-22' AS school_year, i % 2 AS \"{quoted}\" FROM range(20) r(i)) "
        f"TO '{path.with_suffix('.parquet')}'"
    )
    assert aggregate_pupils(path.with_suffix(".parquet"), shares=[name]).frame["value"].tolist() == [50]


@pytest.mark.parametrize("name", ["it's; -- pupils.csv", "a'b\" c.csv", "ünï.csv", "x;y.csv", "-.csv"])
def test_a_file_may_be_called_anything_but_a_pattern(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 10, 10), name=name)
    assert aggregate_pupils(path, shares=["literacy"]).frame["value"].tolist() == [50]


@pytest.mark.parametrize("name", ["pupils*.csv", "pupil?.csv", "pupil[s].csv"])
def test_a_name_that_could_mean_other_files_is_refused(tmp_path: Path, name: str) -> None:
    written(tmp_path, rows("Angus", "2021-22", 10, 10))
    (problem,) = problems(written(tmp_path, rows("Fife", "2021-22", 10, 10), name=name))
    assert problem.check == "file-name"


def test_the_connection_reads_its_file_and_nothing_else(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("x\n1\n")
    other.write_text("x\n2\n")
    with pupil_files.connect(str(path)) as connection:
        assert connection.execute("SELECT * FROM read_csv(?)", [str(path)]).fetchall() == [(1,)]
        for statement in (
            f"SELECT * FROM read_csv('{other}')",
            f"SELECT * FROM read_text('{other}')",
            f"COPY (SELECT 1) TO '{tmp_path / 'c.csv'}'",
            f"ATTACH '{tmp_path / 'd.db'}'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            "SELECT * FROM read_csv('https://example.org/x.csv')",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
    assert sorted(tmp_path.iterdir()) == [path, other]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{A_NAME},1\n", "more or fewer cells"),
        (f"{A_NAME},2021-22,1,1\n", "more or fewer cells"),
        (f'"{A_NAME},2021-22,1\n', "not closed"),
        (f'"{A_NAME}"x,2021-22,1\n', "not closed"),
    ],
)
def test_a_broken_row_is_placed_but_not_shown(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text("council,school_year,literacy\n" + "Angus,2021-22,1\n" * 20_000 + text)
    (problem,) = problems(path)
    assert problem.check == "broken-rows"
    assert (problem.where, problem.cells) == ("pupils.csv", "line 20,002")
    assert reason in problem.message


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"", "empty-file"),
        (b"PAR1 but no Parquet", "broken-parquet"),
        (b"PAR1" + b"\0" * 500 + b"PAR1", "broken-parquet"),
        (b"PK\x03\x04", "broken-workbook"),
        ("council,school_year,literacy\nAngus,2021-22,1\n".encode("utf-16"), "unknown-encoding"),
        (b"council,school_year,literacy\nSi\xe2n,2021-22,1\n", "unknown-encoding"),
        (b"council,school_year,literacy,literacy\nAngus,2021-22,1,1\n", "column-twice"),
    ],
)
def test_what_is_no_pupil_level_file_is_named(tmp_path: Path, content: bytes, check: str) -> None:
    path = tmp_path / "pupils.csv"
    path.write_bytes(content)
    (problem,) = problems(path)
    assert problem.check == check


def test_a_wrong_byte_far_down_is_no_crash_and_no_quotation(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    body = "Angus,2021-22,1\n" * 20_000
    path.write_bytes(
        b"council,school_year,literacy\n" + body.encode() + A_NAME.encode() + b"\xff,2021-22,1\n"
    )
    (problem,) = problems(path)
    assert problem.check == "broken-rows"
    assert "UTF-8" in problem.message


def test_a_column_with_a_value_for_every_pupil_is_refused_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pupil_files, "MOST_GROUPS", 50)
    path = written(tmp_path, *(rows("Angus", "2021-22", 1, 0, stage=f"pupil {n}") for n in range(51)))
    (problem,) = problems(path, stage="stage")
    assert problem.check == "too-many-groups"
    assert aggregate_pupils(path, shares=["numeracy"]).frame["missing"].tolist() == ["suppressed"]


def test_little_memory_is_a_refusal_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    lines = "".join(f"Angus,2021-22,{number:0100d}\n" for number in range(200_000))
    path.write_text("council,school_year,literacy\n" + lines)
    (problem,) = problems(path, memory="20MB")
    assert problem.check in {"too-many-groups", "broken-rows"}


def test_a_request_without_an_outcome_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 10, 10))
    for wanted in ({}, {"shares": "literacy"}):
        with pytest.raises(InputError, match="No outcome is named"):
            aggregate_pupils(path, **wanted)  # type: ignore[arg-type]
    (problem,) = problems(path, shares=["literacy"], means=["literacy"])
    assert problem.check == "column-asked-twice"


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = as_parquet(written(tmp_path, rows("Angus", "2021-22", 10, 10)))
    real = pupils.grouped

    def slow(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        path.write_bytes(path.read_bytes() + b" ")
        return found

    monkeypatch.setattr(pupils, "grouped", slow)
    (problem,) = problems(path)
    assert problem.check == "file-changed"


# --- the benchmark's two sides


def test_the_benchmark_compares_the_same_sums(tmp_path: Path) -> None:
    text = tmp_path / "pupils.csv"
    benchmark.write(text, 20_000, seed=1)
    ours = benchmark.by_duckdb(text)
    peer = benchmark.by_pandas(text)
    assert isinstance(ours, pd.DataFrame)
    assert isinstance(peer, pd.DataFrame)
    assert len(ours) == 2 * len(peer) == 2 * 32 * 9
    for row in ours.sample(40, random_state=1).itertuples():
        sums = peer.loc[(row.council, row.school_year), row.measure]
        assert row.missing == "suppressed" or (row.numerator, row.denominator) == (sums["sum"], sums["count"])


@pytest.mark.slow
def test_the_benchmark_tells_time_and_memory() -> None:
    found = benchmark.run(pupils=20_000, pairs=1)
    assert ["Parquet" in ratio.name for ratio in found] == [False, True]
    assert all("peak memory" in ratio.ours_is for ratio in found)


# --- sums, codes and line ends


def test_means_are_the_same_to_the_last_bit_whatever_the_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of floats depend on their order, and DuckDB adds up in the order in which its threads end."""
    random = np.random.default_rng(20261128)
    numbers = random.random(60_000) * 10.0 ** random.integers(-6, 6, 60_000)
    frame = pd.DataFrame({"council": "Fife", "school_year": "2021-22", "attendance": numbers, "literacy": 1})
    frame["literacy"] = np.arange(len(frame)) % 2
    path = tmp_path / "pupils.parquet"
    duckdb.execute(f"COPY (SELECT * FROM frame) TO '{path}' (ROW_GROUP_SIZE 2048)")
    values = set()
    for threads in (1, 2, 3, 4, 4):
        monkeypatch.setattr(pupil_files, "THREADS", threads)
        monkeypatch.setattr(pupil_files.os, "cpu_count", lambda: 4)
        outcomes = aggregate_pupils(path, shares=["literacy"], means=["attendance"])
        values.add(outcomes.series("attendance")["value"].iloc[0])
    assert len(values) == 1
    assert values.pop() == pytest.approx(math.fsum(numbers) / 60_000, rel=1e-15)


@pytest.mark.parametrize("code", ["999", "-9", "-99", "9999"])
def test_codes_for_a_number_not_known_are_noted_and_not_named(tmp_path: Path, code: str) -> None:
    groups = rows("Angus", "2021-22", 10, 10), rows("Angus", "2021-22", 1, 0, attendance=code)
    path = written(tmp_path, *groups, rows("Angus", "2021-22", 1, 0, attendance="70"))
    notes = aggregate_pupils(path, means=["attendance"]).record.notes
    assert [(note.check, note.level) for note in notes] == [("numbers-outside", "WARN")]


def test_99_among_numbers_around_it_is_a_number(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        rows("Angus", "2021-22", 10, 10),
        rows("Angus", "2021-22", 6, 0, attendance="99"),
        rows("Angus", "2021-22", 6, 0, attendance="100"),
    )
    assert not aggregate_pupils(path, means=["attendance"]).record.notes


def test_line_ends_of_two_kinds_are_read_as_one_and_a_lost_cell_is_not(tmp_path: Path) -> None:
    path = written(tmp_path, rows("Angus", "2021-22", 300, 100))
    whole = aggregate_pupils(path, shares=["literacy"]).frame
    lines = path.read_bytes().splitlines()
    mixed = b"".join(line + (b"\n" if number % 7 else b"\r\n") for number, line in enumerate(lines))
    path.write_bytes(mixed)
    assert aggregate_pupils(path, shares=["literacy"]).frame.equals(whole)
    path.write_bytes(mixed + b"Angus,2021-22\r\n")
    assert [problem.check for problem in problems(path)] == ["broken-rows"]
