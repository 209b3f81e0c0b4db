"""Many runs: several at a time give the bytes of one after the other, know nothing of each other, and end together."""

import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from processes import alive, made, wait_for
from tiny_workbook import PARAMETERS

from ci_eval.runs.failures import Locked
from ci_eval.runs.many_runs import Asked, run_each
from ci_eval.runs.output_folder import locked

pytestmark = pytest.mark.slow  # a warm parent imports every library, which takes seconds

# What each run sees first, and then changes for whoever might see it.
LOOK = """
import builtins, os, random, sys
from pathlib import Path
import matplotlib, numpy
was_warm = "seaborn" in sys.modules
import matplotlib.pyplot as plt
mask = os.umask(0o022)
say(getattr(builtins, "mark", "no mark"), os.environ.get("MARK"), Path.cwd().name, matplotlib.rcParams["figure.dpi"])
say(plt.get_fignums(), oct(mask), "/marked" in sys.path, numpy.random.get_state()[2] == 624, matplotlib.get_backend())
"""
CHANGE = """
builtins.mark = os.environ["MARK"] = "left behind"
matplotlib.rcParams["figure.dpi"] = 12
plt.figure()
numpy.random.seed(1), numpy.random.random()
sys.path.insert(0, "/marked")
os.chdir("/")
Path({trace!r}).mkdir(exist_ok=True)
(Path({trace!r}) / str(times)).write_text(f"{{os.getpid()}} {{was_warm}}")
"""


@pytest.fixture
def keyed(workbook, write_notebook):
    """Makes the tiny notebook of these cells one that is run for several numbers of times."""

    def write(cells):
        file = write_notebook(cells, parameters=PARAMETERS)
        notebook = nbformat.read(file, as_version=4)
        notebook.metadata["ci_eval"] = {"keyed_by": ["times"], "notebook": "tiny", "due_with": "survey"}
        nbformat.write(notebook, file)

    return write


def asked(outputs, number=4):
    return [
        Asked(f"tiny {times}", "2021-22", "tiny", outputs=str(outputs), parameters={"times": times})
        for times in range(number)
    ]


def test_several_at_a_time_give_the_same_bytes_and_see_nothing_of_each_other(
    workbook, keyed, monkeypatch, capfd
):
    monkeypatch.setenv("CHROMIUM", "none")
    trace = workbook / "trace"
    keyed([LOOK + CHANGE.format(trace=str(trace))])
    lines = []
    assert [one.state for one in run_each(asked(workbook / "one"), say=lines.append)] == ["done"] * 4
    assert {file.read_text().split()[1] for file in trace.iterdir()} == {"False"}
    ended = run_each(asked(workbook / "many"), workers=2, say=lines.append)
    assert [(one.state, one.reason) for one in ended] == [("done", "")] * 4
    assert capfd.readouterr().err == ""
    kernels = [file.read_text().split() for file in trace.iterdir()]
    assert {warm for _, warm in kernels} == {"True"}
    assert len({kernel for kernel, _ in kernels}) == 4
    one_by_one = made(workbook / "one")
    assert sum(name.endswith("notebook.ipynb") for name in one_by_one) == 4
    assert made(workbook / "many") == one_by_one
    (text,) = {content for name, content in one_by_one.items() if name.endswith("0/notebook.ipynb")}
    assert b"no mark None notebooks 100.0" in text
    assert b"[] 0o77 False" in text


def test_a_failure_and_a_lock_leave_the_others_to_be_made(workbook, keyed):
    keyed(["assert times != 1\nimport os\nif times == 2:\n    os._exit(0)"])
    folder = workbook / "outputs" / "drafts" / "2021-22" / "tiny"
    with locked(folder / ".3.lock", "it"):
        ended = run_each(asked(workbook / "outputs"), workers=3, say=lambda line: None)
    assert {one.title: one.state for one in ended} == {
        "tiny 0": "done", "tiny 1": "failed", "tiny 2": "failed", "tiny 3": "locked",
    }  # fmt: skip
    reasons = {one.title: one.reason for one in ended}
    assert "AssertionError" in reasons["tiny 1"]
    assert "ended without a word" in reasons["tiny 2"]
    assert Locked.__name__ not in reasons["tiny 3"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_whoever_ends_the_driver_ends_every_process_of_it(workbook, keyed, number):
    sleeping = (
        "import time, os\nopen(os.path.join('..', f'kernel-{period}'), 'w').write('here')\ntime.sleep(120)"
    )
    keyed([sleeping])
    command = [sys.executable, "-m", "ci_eval.cli", "run", "--all", "--workers", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as driver:
        wait_for(lambda: len(list(workbook.glob("kernel-*"))) == 2)
        begun = below(driver.pid)
        assert len(begun) >= 5  # the warm parent, and a run and a kernel for each of two periods
        # A fork of a process with several threads may wait for ever for one that the fork does not have.
        warm = [process for process in begun if below(process)]
        assert [len(list(Path(f"/proc/{process}/task").iterdir())) for process in warm] == [1]
        driver.send_signal(number)
        driver.communicate(timeout=30)
    assert driver.returncode == (-number if number == signal.SIGKILL else 128 + number)
    wait_for(lambda: not [process for process in begun if alive(process)])
    failures = list((workbook / "outputs" / "failed").rglob("reason.txt"))
    assert ["stopped from outside" in file.read_text(encoding="utf-8") for file in failures] == [True, True]
    assert not list((workbook / "outputs" / "drafts").rglob(".work-*"))


def below(process):
    """The processes that come from this one, and from those."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(status.parent.name))
    every, ahead = [], [process]
    while ahead:
        new = children.get(ahead.pop(), [])
        every += new
        ahead += new
    return every
