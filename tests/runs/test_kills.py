"""A run killed at any moment leaves a whole output or none, and the next run works."""

import random
import subprocess
import sys
import time

import campaigns

from ci_eval.runs import manifest
from ci_eval.runs.notebook_run import run

SAMPLE, WHOLE = 2, 40
LONGEST = 4.0  # seconds, about what a whole run of the tiny notebook takes


@campaigns.campaign(SAMPLE, WHOLE)
def test_a_run_killed_at_any_moment_leaves_a_whole_output_or_none(workbook, write_notebook):
    moments = random.Random(2021)  # noqa: S311
    folder = workbook / "outputs" / "drafts" / "2021-22" / "tiny"
    for number in range(campaigns.size(SAMPLE, WHOLE)):
        write_notebook([f"print({number})"])
        command = [sys.executable, "-m", "ci_eval.cli", "run", "--period", "2021-22", "--notebook", "tiny"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
            time.sleep(moments.uniform(0.2, LONGEST))
            killed.kill()
        assert not folder.exists() or manifest.verify(folder) == ()
    assert manifest.verify(run("2021-22", "tiny", say=lambda line: None)) == ()
