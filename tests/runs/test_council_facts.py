"""Facts of councils beside outcomes, and the rows that ``ci-eval check`` gives of the impact's inputs."""

from pathlib import Path

import pytest

from ci_eval import programme
from ci_eval.evidence.council_facts import read_covariates
from ci_eval.inputs.problems import InputError
from ci_eval.runs.check_rows import failed
from ci_eval.runs.input_checks import check

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def register():
    return programme.load_register(DATA / "programme")


def written(tmp_path, text):
    file = tmp_path / "facts.csv"
    file.write_text(text, encoding="utf-8")
    return file


def covariates(register, leave_out=0, cell="1.5"):
    names = [council.name for council in register.councils.by_code.values()][leave_out:]
    return "council,poor,kind\n" + "".join(f'"{name}",{cell},rural\n' for name in names)


def test_covariates_are_numbers_where_all_are_and_words_otherwise(register, tmp_path):
    read = read_covariates(written(tmp_path, covariates(register)), register.councils)
    assert read.shape == (32, 2)
    assert read["poor"].dtype.kind == "f"
    assert set(read["kind"]) == {"rural"}
    assert set(read.index) == set(register.councils.by_code)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda text: text + "Fife,1,urban\n", "council-twice"),
        (lambda text: text + "Scotland,1,urban\n", "council-twice"),
        (lambda text: text.replace("1.5", "", 1), "fact-missing"),
        (lambda text: "\n".join(text.splitlines()[:-1]) + "\n", "councils-absent"),
        (lambda text: text.replace("council,poor", "place,poor"), "headings-missing"),
        (lambda text: "".join(line.split(",")[0] + "\n" for line in text.splitlines()), "no-facts"),
    ],
)
def test_covariates_that_leave_a_council_open_are_refused(register, tmp_path, change, check):
    with pytest.raises(InputError) as error:
        read_covariates(written(tmp_path, change(covariates(register))), register.councils)
    assert check in [problem.check for problem in error.value.problems]


def settings(tmp_path, outcomes, more=""):
    (tmp_path / "plan.toml").write_bytes((DATA / "example" / "impact_plan.toml").read_bytes())
    file = tmp_path / "evaluation.toml"
    file.write_text(
        f"programme = '{DATA / 'programme'}'\n"
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'
        f"[impact]\nplan = 'plan.toml'\n{more}[impact.outcomes.levels]\nfile = '{outcomes}'\nkind = 'acel'\n",
        encoding="utf-8",
    )
    return str(file)


def test_check_tells_of_outcomes_plan_and_facts(register, tmp_path):
    written(tmp_path, covariates(register))
    outcomes = DATA / "example" / "levels_invented_2016-17_to_2024-25.xlsx"
    rows = {row.check: row for row in check(settings(tmp_path, outcomes, "covariates = 'facts.csv'\n"))}
    assert rows["outcomes levels"].result == "PASS"
    assert rows["plan"].result == "PASS"
    assert rows["plan: frozen"].result == "WARN"
    assert "ci-eval plan freeze" in rows["plan: frozen"].message
    assert rows["covariates"].result == "PASS"


def test_more_officers_than_a_team_had_is_a_warning(tmp_path):
    written(tmp_path, "engagement,organisation,officers\nfife,ADES,5\nglasgow,ADES,1\n")
    (tmp_path / "sizes.csv").write_text("engagement,team_size\nfife,4\nglasgow,4\n", encoding="utf-8")
    file = Path(settings(tmp_path, "gone.xlsx"))
    text = "teams = 'facts.csv'\nengagements = 'sizes.csv'\n" + file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    rows = [
        (row.result, row.message.splitlines()[0]) for row in check(str(file)) if row.check.startswith("teams")
    ]
    assert ("WARN", "fife: 5 officers on a team of 4.") in rows
    assert len(rows) == 2


def test_an_outcomes_file_that_cannot_be_read_leaves_the_plan_unlooked_at(tmp_path):
    (tmp_path / "broken.xlsx").write_bytes(b"nothing of the kind")
    rows = check(settings(tmp_path, "broken.xlsx"))
    assert failed(rows)
    assert [row.message for row in rows if row.check == "plan"] == [
        "Not looked at: an outcomes file cannot be read."
    ]


@pytest.mark.parametrize(
    ("old", "new", "check_name"),
    [
        ("plan = 'plan.toml'\n", "", "key-missing"),
        ("kind = 'acel'", "", "key-missing"),
        ("kind = 'acel'", "kind = 'excel'", "settings-out-of-range"),
        ("kind = 'acel'", "kind = 'acel'\ncolour = 1", "settings-unknown-key"),
        ("[impact]", "[impact]\nplans = 2", "settings-unknown-key"),
    ],
)
def test_impact_settings_that_say_something_else_are_refused(tmp_path, old, new, check_name):
    (tmp_path / "outcomes.xlsx").write_bytes(b"")
    file = Path(settings(tmp_path, "outcomes.xlsx"))
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(row.check == f"settings: {check_name}" for row in check(str(file)))


def test_a_plan_that_is_not_there_yet_is_a_failure_of_the_impact_alone(tmp_path):
    (tmp_path / "outcomes.xlsx").write_bytes(b"")
    file = Path(settings(tmp_path, "outcomes.xlsx"))
    file.write_text(
        file.read_text(encoding="utf-8").replace("plan = 'plan.toml'", "plan = 'gone.toml'"), encoding="utf-8"
    )
    rows = {row.check: row for row in check(str(file))}
    assert [name for name, row in rows.items() if row.result == "FAIL"] == ["impact: file-missing"]
    assert rows["impact: file-missing"].result == "FAIL"
    assert "'gone.toml'" in rows["impact: file-missing"].message
