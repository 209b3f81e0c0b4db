"""``ci-eval run`` over the notebook of the impact evaluation: refused before the freeze, on the example, on real levels."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ci_eval.runs import manifest

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[2] / "data"
LITERACY, NUMERACY = "Literacy (P1, P4 and P7 combined)", "Numeracy (P1, P4 and P7 combined)"


def ci_eval(root, *arguments):
    called = [sys.executable, "-m", "ci_eval.cli", *arguments]
    return subprocess.run(called, cwd=root, capture_output=True, text=True, check=False, timeout=300)


def settings_beside(folder, workbook):
    shutil.copy(DATA / "example" / "impact_plan.toml", folder)
    file = folder / "evaluation.toml"
    file.write_text(
        f"programme = '{DATA / 'programme'}'\n"
        '[periods."2021-22"]\nstarts = 2021-06-01\nends = 2022-06-30\n'
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'
        f"[impact]\nplan = 'impact_plan.toml'\n[impact.outcomes.levels]\nfile = '{workbook}'\nkind = 'acel'\n",
        encoding="utf-8",
    )
    return file


def run(root, file, period="2022-23"):
    done = ci_eval(
        root, "run", "--notebook", "impact_evaluation", "--period", period, "--settings", str(file)
    )
    return done, file.parent / "outputs" / "drafts" / period / "impact_evaluation"


def test_nothing_of_an_exposed_year_is_opened_before_the_plan_is_frozen(root, tmp_path, example_outputs):
    file = settings_beside(tmp_path, DATA / "example" / "levels_invented_2016-17_to_2024-25.xlsx")
    refused, folder = run(root, file)
    assert refused.returncode == 4
    assert "The plan is not frozen" in refused.stderr
    assert "ci-eval plan freeze" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not folder.exists()

    folder = example_outputs("2022-23", "impact_evaluation")[0] / "drafts" / "2022-23" / "impact_evaluation"
    assert manifest.verify(folder) == ()
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["invented"]
    assert results["pieces"]["departures"]["numbers"] == {"departures": 0}


def test_the_published_levels_give_the_difference_between_hosts_and_not_yet_hosts(root, shared, tmp_path):
    """Achievement of CfE Levels 2024-25, Scottish Government, 9 December 2025: tables 10 and 11.

    The differences are the plain ones of means over authorities, worked out apart from this workbook: literacy −0.30
    from 2020-21 and +1.59 from 2018-19, numeracy −0.48 from 2020-21.
    """
    file = settings_beside(tmp_path, shared / "data" / "acel" / "cfe_levels_2024_25.xlsx")
    assert ci_eval(root, "plan", "freeze", "--settings", str(file)).returncode == 0
    done, folder = run(root, file)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert manifest.verify(folder) == ()
    assert not results["invented"]
    pieces = results["pieces"]
    assert pieces["departures"]["numbers"] == {"departures": 0}
    found = {row["outcome"]: row for row in pieces["all-outcomes"]["rows"]}
    assert (found[LITERACY]["exposed"], found[LITERACY]["controls"]) == (11, 21)
    assert found[LITERACY]["estimate"] == pytest.approx(-0.30, abs=0.005)
    assert found[NUMERACY]["estimate"] == pytest.approx(-0.48, abs=0.005)
    varied = pieces["robust-table"]["rows"]
    base = next(row for row in varied if row["kind"] == "base years" and "2018-19" in row["how"])
    assert base["estimate"] == pytest.approx(1.59, abs=0.005)
    kinds = {row["kind"] for row in varied if row["estimate"] is not None}
    assert {"leave one out", "islands out", "joint reviews", "placebo years", "pupil weights"} <= kinds
    said = pieces["answer"]["text"]
    assert "no evidence of an effect" in said
    assert "not evidence that there is none" in said
    assert pieces["answer"]["numbers"]["smallest_detectable"] > 3
