"""A run killed or stopped at any stage, or at any moment, leaves a whole output or none, and the next run works."""

import os
import random
import re
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

import campaigns
import pytest
from processes import alive, wait_for

from ci_eval.runs import manifest, warm_processes
from ci_eval.runs.failures import stoppable
from ci_eval.runs.notebook_run import run
from ci_eval.runs.output_folder import Place

pytestmark = pytest.mark.skipif(
    not warm_processes.CAN_FORK, reason="a campaign of fresh processes takes hours"
)

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
# Stage → where the signal comes, and which output is there afterwards: for KILL, and for TERM and INT.
STAGES = {
    "the lock": ("output_folder.Place.recover", "old", "old"),
    "the copy of the inputs": ("notebook_run.copy_inputs", "old", "old"),
    "the start of the kernel": ("warm_processes.WaitingKernel.send_for", "old", "old"),
    "a cell": ("execution.Progress.__call__", "old", "old"),
    "the executed notebook": ("execution.write", "old", "old"),
    "the check of the documents": ("notebook_run._check", "old", "old"),
    "the manifest": ("manifest.write", "old", "old"),
    "writing to the disk": ("output_folder._to_disk", "old", "old"),
    "between the two renames": ("Path.rename:destination", "old", "old"),
    "after the swap": ("Path.rename:work", "new", "new"),
    "deleting the old output": ("output_folder.Place._clear", "new", "new"),
    "the history": ("notebook_run._record", "new", "new"),
}
ROLES = {"destination": "tiny", "work": ".work-"}  # what a rename moves
MOMENTS, LONGEST = 200, 1.5  # seconds, about what a run of the tiny notebook takes in a warm process


@pytest.fixture(scope="module")
def paths():
    """The warm parent of this module's runs."""
    return warm_processes.warm_up()


def one_run(stage, number):
    """Run the tiny notebook; the signal comes once the step is taken that makes the stage."""
    os.environ["CHROMIUM"] = "none"
    if stage:
        place, _, role = STAGES[stage][0].partition(":")
        *owners, name = place.split(".")
        owner = Path if owners == ["Path"] else import_module(f"ci_eval.runs.{owners[0]}")
        for inner in owners[1:]:
            owner = getattr(owner, inner)
        step = getattr(owner, name)

        def signalled(*arguments, **options):
            result = step(*arguments, **options)
            if not role or arguments[0].name.startswith(ROLES[role]):
                os.kill(os.getpid(), number)
            return result

        setattr(owner, name, signalled)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with stoppable():
            run("2021-22", "tiny", force=True, say=lambda line: None)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)  # as the command does


def stopped(paths, number, stage="", after=None):
    """The exit code of a run that gets a signal at a stage, or some seconds after its start."""
    process = warm_processes.start(one_run, stage, number, paths=paths)
    if after is not None:
        time.sleep(after)
        if process.exitcode is None:
            os.kill(process.pid, number)
    process.join(30)
    assert process.exitcode is not None, "it did not end"
    return process.exitcode


def made(folder):
    """The number that the notebook of the output shows; None where there is no output. It is whole, or it fails."""
    if not (folder / manifest.FILE).is_file():
        return None
    assert manifest.verify(folder) == ()
    return int(re.search(r"number (\d+)", (folder / "notebook.ipynb").read_text(encoding="utf-8"))[1])


def write(write_notebook, workbook, number):
    """A notebook that shows this number, and leaves its process number."""
    pid = f"import os\nopen({str(workbook / 'kernel.pid')!r}, 'w').write(str(os.getpid()))"
    write_notebook([f"{pid}\nsay('number', {number})", "1"])


def assert_no_kernel_is_left(workbook):
    if (file := workbook / "kernel.pid").is_file() and file.read_text():
        wait_for(lambda: not alive(int(file.read_text())))


@campaigns.campaign(2, len(STAGES))
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_run_stopped_at_any_stage_leaves_a_whole_output(workbook, write_notebook, paths, number):
    folder = workbook / "outputs" / "drafts" / "2021-22" / "tiny"
    write(write_notebook, workbook, 0)
    assert made(run("2021-22", "tiny", say=lambda line: None)) == 0
    there = 0
    stages = list(STAGES) if campaigns.WHOLE else ["between the two renames", "after the swap"]
    for new, stage in enumerate(stages, start=1):
        write(write_notebook, workbook, new)
        code = stopped(paths, number, stage)
        killed = number == signal.SIGKILL
        expected = STAGES[stage][1 if killed else 2]
        if expected == "new":
            there = new
            # Once the output is in its place a stopped run has succeeded.
            assert code == (-number if killed else 0), stage
        else:
            assert code == (-number if killed else 128 + number), stage
        published = folder if folder.exists() else folder.with_name(".old-tiny")
        assert (made(published), killed or published == folder) == (there, True), stage
        assert_no_kernel_is_left(workbook)
        # The next run begins so; its own steps must not be taken for those of the stage.
        Place(workbook / "outputs", "2021-22", "tiny").recover()
    finish(workbook, write_notebook)


@campaigns.campaign(2, MOMENTS)
def test_a_run_stopped_at_any_moment_leaves_a_whole_output_or_none(workbook, write_notebook, paths):
    chance = random.Random(2021)  # noqa: S311
    folder = workbook / "outputs" / "drafts" / "2021-22" / "tiny"
    for number in range(campaigns.size(2, MOMENTS)):
        write(write_notebook, workbook, number)
        stopped(paths, chance.choice(SIGNALS), after=chance.uniform(0, LONGEST))
        made(folder if folder.exists() else folder.with_name(".old-tiny"))
        assert_no_kernel_is_left(workbook)
    finish(workbook, write_notebook)


def finish(workbook, write_notebook):
    """The next run works, and nothing is left of those that were stopped."""
    write(write_notebook, workbook, 999)
    folder = run("2021-22", "tiny", say=lambda line: None)
    assert made(folder) == 999
    assert sorted(path.name for path in folder.parent.iterdir()) == [".tiny.lock", "tiny"]
    assert not (workbook / "outputs" / "set_aside").exists()


def test_the_page_on_schedules_says_what_every_stage_leaves(root):
    page = (root / "docs" / "scheduling.md").read_text(encoding="utf-8")
    words = {"old": "the last output", "new": "the new output"}
    rows = [f"| {stage} | {words[kill]} | {words[stop]} |" for stage, (_, kill, stop) in STAGES.items()]
    assert "\n".join(rows) in page
