"""``ci-eval run`` over the notebook of the impact evaluation: refused before the freeze, and on the example.

The published levels are evaluated where the commands of docs/impact-report.md are run (test_workspace.py).
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ci_eval.runs import manifest

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[2] / "data"


def ci_eval(root, *arguments):
    called = [sys.executable, "-m", "ci_eval.cli", *arguments]
    return subprocess.run(called, cwd=root, capture_output=True, text=True, check=False, timeout=300)


def test_nothing_of_an_exposed_year_is_opened_before_the_plan_is_frozen(root, tmp_path, example_outputs):
    shutil.copy(DATA / "example" / "impact_plan.toml", tmp_path)
    file = tmp_path / "evaluation.toml"
    file.write_text(
        f"programme = '{DATA / 'programme'}'\n"
        '[periods."2022-23"]\nstarts = 2022-07-01\nends = 2023-06-30\n'
        "[impact]\nplan = 'impact_plan.toml'\n[impact.outcomes.levels]\nkind = 'acel'\n"
        f"file = '{DATA / 'example' / 'levels_invented_2016-17_to_2024-25.xlsx'}'\n",
        encoding="utf-8",
    )
    refused = ci_eval(root, "run", "--notebook", "impact_evaluation", "--settings", str(file))
    assert refused.returncode == 4
    assert "The plan is not frozen" in refused.stderr
    assert "ci-eval plan freeze" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "outputs" / "drafts" / "2022-23" / "impact_evaluation").exists()

    folder = example_outputs("2022-23", "impact_evaluation")[0] / "drafts" / "2022-23" / "impact_evaluation"
    assert manifest.verify(folder) == ()
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["invented"]
    assert results["pieces"]["departures"]["numbers"] == {"departures": 0}
