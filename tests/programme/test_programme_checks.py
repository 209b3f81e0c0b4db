"""The checks find what does not agree in the register, and only that."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ci_eval import programme
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.programme import Finding

FACTS = Path(__file__).resolve().parents[2] / "data" / "programme"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FACTS, tmp_path / "programme"))


def findings(folder: Path, **more: object) -> dict[str, Finding]:
    found = programme.check(programme.load_register(folder), **more)  # type: ignore[arg-type]
    assert len({finding.check for finding in found}) == len(found)
    return {finding.check: finding for finding in found}


def changed(facts: Path, file: str, old: str, new: str) -> None:
    text = (facts / file).read_text(encoding="utf-8")
    assert old in text
    (facts / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_report_published_and_not_written_fails(facts: Path) -> None:
    changed(facts, "register.csv", "took place,,yes,,,,", "took place,,yes,,no,yes,")
    assert findings(facts)["report-written-before-published"].result == "FAIL"


def test_an_authority_without_an_engagement_is_shown(facts: Path) -> None:
    lines = (facts / "register.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("angus,")]
    (facts / "register.csv").write_text("\n".join(kept), encoding="utf-8")
    found = findings(facts)
    assert found["register-covers-all"].result == "WARN"
    assert "Angus" in found["register-covers-all"].message


@pytest.mark.parametrize(("day", "result"), [(date(2022, 10, 30), "PASS"), (date(2022, 10, 31), "WARN")])
def test_planned_dates_that_pass_unconfirmed_are_shown(day: date, result: str) -> None:
    found = findings(FACTS, day=day)["planned-dates-confirmed"]
    assert found.result == result
    assert ("Highland (October 2022)" in found.message) is (result == "WARN")


def test_without_a_day_nothing_depends_on_today() -> None:
    assert "planned-dates-confirmed" not in findings(FACTS)


def test_loading_the_facts_needs_nothing_heavy() -> None:
    script = (
        "import sys; from ci_eval import programme as p; "
        "p.load_register(sys.argv[1]); p.load_questionnaire(sys.argv[1]); p.load_bands(sys.argv[1]); "
        "sys.exit(int(bool({'pandas', 'numpy'} & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", script, str(FACTS)], check=False).returncode == 0


def test_the_workbook_is_the_nearest_folder_above_with_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "evaluation.toml").touch()
    inner = tmp_path / "notebooks" / "drafts"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert workbook_root() == tmp_path
    (tmp_path / "data" / "evaluation.toml").unlink()
    assert workbook_root() == FACTS.parents[1]


def test_settings_of_ones_own_in_a_folder_data_make_no_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of inputs with data/evaluation.toml has no notebooks and no facts: those of the workbook are meant."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "evaluation.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert workbook_root() == FACTS.parents[1]
