"""Runs and simulations on a real Dask scheduler with two workers: the same bytes, and nothing lost with a worker."""

import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack

import nbformat
import numpy as np
import pytest
from processes import made, wait_for
from tiny_workbook import PARAMETERS

from ci_eval.impact import Exposure, Panel, Years, callaway_santanna, permutation_test
from ci_eval.impact.detectable_effects import power_costs
from ci_eval.inputs.problems import InputError
from ci_eval.runs.many_runs import Asked, run_each
from ci_eval.settings.executors import SCHEDULER, across, spread

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'ci-eval[cluster]'")
pytestmark = pytest.mark.slow  # three processes that import Dask

NO_PRINT = {"CHROMIUM": "none"}  # a PDF takes the browser's second


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler on this machine, and its two workers, each a process with one thread."""
    folder = tmp_path_factory.mktemp("cluster")
    log = folder / "scheduler.log"
    quiet = ("--no-dashboard", "--host", "127.0.0.1")
    with ExitStack() as stack:

        def started(*words):
            command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], *quiet]
            stream = stack.enter_context(log.open("ab"))
            process = stack.enter_context(
                subprocess.Popen(
                    command, cwd=folder, stdout=stream, stderr=stream, env={**os.environ, **NO_PRINT}
                )
            )
            stack.callback(process.kill)
            return process

        started("scheduler", "--port", "0")
        wait_for(lambda: re.search(r"Scheduler at:\s+(tcp://127\S+)", log.read_text()))
        address = re.search(r"Scheduler at:\s+(tcp://127\S+)", log.read_text())[1]
        workers = [started("worker", address, "--no-nanny", "--nthreads", "1") for _ in range(2)]
        wait_for(lambda: log.read_text().count("Registered to:") >= 2)
        yield address, workers


def test_a_worker_lost_half_way_loses_no_run_and_no_byte(workbook, write_notebook, cluster, monkeypatch):
    address, workers = cluster
    monkeypatch.setenv("CHROMIUM", "none")
    file = write_notebook(["import time\ntime.sleep(1)\nsay(times)"], parameters=PARAMETERS)
    notebook = nbformat.read(file, as_version=4)
    notebook.metadata["ci_eval"] = {"keyed_by": ["times"], "notebook": "tiny"}
    nbformat.write(notebook, file)
    lines = []

    def say(line):
        lines.append(line)
        if line.startswith("[2/6]"):
            workers[0].send_signal(signal.SIGKILL)

    ended = run_each(asked(workbook / "cluster"), scheduler=address, say=say)
    assert [(one.state, one.reason) for one in ended] == [("done", "")] * 6
    assert workers[0].wait(5) == -signal.SIGKILL
    run_each(asked(workbook / "one"), workers=2, say=lambda line: None)
    assert made(workbook / "cluster") == made(workbook / "one")
    assert len(made(workbook / "one")) == 6 * 7


def asked(outputs):
    return [
        Asked(f"tiny {times}", "2021-22", "tiny", outputs=str(outputs), parameters={"times": times})
        for times in range(6)
    ]


def test_simulations_give_the_same_numbers_on_the_cluster(cluster, monkeypatch):
    cohorts = {str(unit): 2022 if unit < 6 else 2023 if unit < 12 else None for unit in range(16)}
    values = np.random.default_rng(1).normal(size=(16, 3))
    exposure = Exposure.from_cohorts(cohorts, Years.of([2021, 2022, 2023]))
    panel = Panel(exposure, values, np.arange(1.0, 17))
    before = Exposure.from_cohorts(dict.fromkeys(cohorts), Years.of([2018, 2019, 2020]))
    history = Panel(before, values, np.ones(16))
    monkeypatch.setattr("ci_eval.impact.inference.statistics_by_order.CELLS_AT_ONCE", 20_000)
    contrast = callaway_santanna(panel.design)
    few = {"simulations": 40, "draws": 99, "seed": 1}

    def results():
        test = permutation_test(panel, contrast, draws=999, seed=1, across=across())
        return test, power_costs(history, exposure, callaway_santanna, **few, across=across()).to_csv()

    here = results()
    monkeypatch.setenv(SCHEDULER, cluster[0])
    assert across() is not map
    assert results() == here


def test_a_scheduler_that_does_not_answer_is_refused_with_a_fix(monkeypatch):
    monkeypatch.setattr("ci_eval.settings.executors.CONNECT", 0.3)
    with (
        pytest.raises(InputError, match=r"No scheduler answers there\.\n.*tcp://127\.0\.0\.1:9"),
        spread(scheduler="tcp://127.0.0.1:9"),
    ):
        pass
