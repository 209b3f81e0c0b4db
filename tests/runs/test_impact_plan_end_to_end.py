"""``ci-eval run`` over the real notebook of the impact plan, and the plan commands, as users type them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ci_eval.cli import main
from ci_eval.report.printing import BROWSER
from ci_eval.runs import manifest
from ci_eval.runs.input_checks import check

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[2] / "data"
OUTCOMES = "levels_invented_2016-17_to_2024-25.xlsx"


def ci_eval(root, *arguments):
    called = [sys.executable, "-m", "ci_eval.cli", *arguments]
    return subprocess.run(called, cwd=root, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def own(tmp_path):
    """An evaluation's own settings beside its own plan, not frozen."""
    for name in ("impact_plan.toml", OUTCOMES):
        shutil.copy(DATA / "example" / name, tmp_path)
    file = tmp_path / "evaluation.toml"
    file.write_text(
        f"programme = '{DATA / 'programme'}'\n"
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'
        f"[impact]\nplan = 'impact_plan.toml'\n[impact.outcomes.levels]\nfile = '{OUTCOMES}'\nkind = 'acel'\n",
        encoding="utf-8",
    )
    return file


def test_the_fix_of_a_plan_not_frozen_is_that_of_its_own_settings(own):
    """Followed without --settings it would freeze the workbook's example."""
    (row,) = [row for row in check(str(own)) if row.check == "plan: frozen"]
    assert row.message.endswith("Fix: ci-eval plan freeze, with --settings where they are your own.")


def test_a_plan_is_run_then_frozen_and_its_output_is_out_of_date(root, own, monkeypatch):
    monkeypatch.setenv(BROWSER, "none")
    given = ("--settings", str(own))
    first = ci_eval(root, "run", "--notebook", "impact_plan", *given)
    assert first.returncode == 0, first.stdout + first.stderr
    folder = own.parent / "outputs" / "drafts" / "2022-23" / "impact_plan"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["pieces"]["frozen"]["level"] == "missing"
    assert results["invented"]
    inputs = manifest.read(folder)["basis"]["inputs"]
    assert {"impact_plan.toml", OUTCOMES} <= set(inputs)
    assert not any("survey" in name for name in inputs)
    assert "up to date" in ci_eval(root, "run", "--notebook", "impact_plan", *given).stdout
    assert manifest.verify(folder) == ()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What could we detect?" in page
    assert str(root) not in page

    frozen = ci_eval(root, "plan", "freeze", *given)
    assert frozen.returncode == 0, frozen.stderr
    assert "SHA-256 " in frozen.stdout
    rows = json.loads(ci_eval(root, "status", "--json", *given).stdout)
    (row,) = [row for row in rows if row["notebook"] == "impact_plan"]
    assert row["state"] == "out of date"
    assert "impact_plan.frozen.json" in row["message"]


def test_freezing_again_needs_a_reason(own, capsys):
    def command(*arguments):
        code = main(["plan", *arguments, "--settings", str(own)])
        return code, capsys.readouterr()

    assert command("freeze")[0] == 0
    plan = own.with_name("impact_plan.toml")
    plan.write_text(plan.read_text(encoding="utf-8").replace("draws = 1999", "draws = 999"), encoding="utf-8")
    refused, printed = command("freeze")
    assert refused == 3
    assert "--reason" in printed.err
    assert "Departs from it: inference.draws was 1,999, is 999" in command("check")[1].out
    assert command("freeze", "--reason", "Half the time")[0] == 0
    assert "one earlier plan replaced." in command("check")[1].out
