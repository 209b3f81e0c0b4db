"""A pupil-level file declared in the settings becomes outcomes; without DuckDB the refusal says what to install."""

import csv
import sys
from pathlib import Path

import duckdb
import pytest

from ci_eval.evidence.impact_opening import read_file
from ci_eval.inputs.problems import InputError
from ci_eval.programme import load_councils
from ci_eval.settings.evaluation import load

PERIOD = '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n'
DECLARED = """
[impact]
plan = "plan.toml"
[impact.outcomes.pupils]
file = "{file}"
kind = "pupils"
shares = ["reads"]
means = ["attendance"]
council = "authority"
school_year = "year"
stage = "stage"
"""


@pytest.fixture
def pupils(tmp_path: Path) -> Path:
    """60 invented pupils of Angus and 8 of Fife, as csv and as Parquet."""
    with (tmp_path / "pupils.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["authority", "year", "stage", "reads", "attendance"])
        writer.writerows(["Angus", "2021-22", "P1", int(number < 45), 90] for number in range(60))
        writer.writerows(["Fife", "2021-22", "P1", int(number < 4), 95] for number in range(8))
    source, target = tmp_path / "pupils.csv", tmp_path / "pupils.parquet"
    duckdb.execute(f"COPY (SELECT * FROM read_csv('{source}')) TO '{target}'")  # noqa: S608 - of this test
    (tmp_path / "plan.toml").write_text("", encoding="utf-8")
    return tmp_path


def declared(folder: Path, file: str, more: str = "") -> Path:
    settings = folder / "evaluation.toml"
    settings.write_text(PERIOD + DECLARED.format(file=file) + more, encoding="utf-8")
    return settings


@pytest.mark.parametrize("file", ["pupils.csv", "pupils.parquet"])
@pytest.mark.parametrize(("smallest", "fife"), [("", 95.0), ("smallest_group = 9\n", None)])
def test_pupils_that_the_settings_declare_become_outcomes_of_councils(
    pupils: Path, file: str, smallest: str, fife: float | None
) -> None:
    impact = load(declared(pupils, file, smallest)).impact
    assert impact is not None
    assert impact.beside_the_plan == (pupils / file,)
    outcomes = read_file(impact.outcomes[0], load_councils())
    values = outcomes.frame.set_index(["measure", "council"])["value"]
    assert values["reads (P1)", "Angus"] == 75
    assert str(values["reads (P1)", "Fife"]) == "nan"  # four pupils on each side
    assert values["attendance (P1)", "Fife"] == fife or (fife is None and values.isna().sum() == 2)


def test_without_duckdb_the_refusal_says_what_to_install(
    pupils: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impact = load(declared(pupils, "pupils.csv")).impact
    assert impact is not None
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(InputError, match="pip install duckdb"):
        read_file(impact.outcomes[0], load_councils())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("smallest_group = 4\n", "smallest_group is 4"),
        ('marks = { "*" = "suppressed" }\n', 'The key "marks" is not known'),
    ],
)
def test_what_a_pupil_level_file_does_not_take_is_refused(pupils: Path, line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load(declared(pupils, "pupils.csv", line))
