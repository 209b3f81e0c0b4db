"""Processes forked from a warm parent: one process imports the libraries, and each run and each kernel is a fork of it.

The parent is Python's own fork server, which starts no thread and opens no socket of Jupyter's, so that a fork of it is
safe. A fork sees nothing of another: what one changes of its globals, folder, environment or figures ends with it.
Where a system cannot fork, a run is a new process and its kernel an ordinary one.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ci_eval.runs.provenance import HASH_SEED

# Two threads take a hundred times as long over a small matrix as one; and how many there are, which differs
# from machine to machine, can show in the last figures of a result.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Of every kernel's environment. The kernel's debugger would warn on the terminal that it may miss breakpoints.
FIXED = {"PYTHONHASHSEED": HASH_SEED, "PYDEVD_DISABLE_FILE_VALIDATION": "1", **ONE_THREAD}
INLINE = "module://matplotlib_inline.backend_inline"  # as a kernel sets it before it imports matplotlib
CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
METHOD = "forkserver" if CAN_FORK else "spawn"
# What a run's two processes import. Nothing of it reads a setting or an input: forks share code and fonts alone.
LIBRARIES = (
    "ipykernel.kernelapp", "ipykernel.debugger", "IPython.extensions.storemagic", "tornado.platform.asyncio", "psutil",
    "matplotlib.backends.backend_agg", "seaborn", "scipy.stats", "ci_eval.runs.execution", "ci_eval.runs.notebook_run",
    "ci_eval.evidence", "ci_eval.report.documents", "ci_eval.report.word_file", "ci_eval.report.spreadsheet",
    "ci_eval.sections.interim", "ci_eval.sections.impact", "ci_eval.sections.what_we_know", "ci_eval.runs.first_chart",
)  # fmt: skip
_waiting: "WaitingKernel | None" = None  # in a run that `start` started


def warm_up() -> list[str]:
    """Start the warm parent, if there is none yet; gives where its forks look for modules.

    A file in the folder of the caller, or of its script, must not take a library's place.
    """
    asked = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    near = {"", os.getcwd(), str(Path(sys.argv[0]).absolute().parent)} - set(asked)  # noqa: PTH109 (as in sys.path)
    paths = [path for path in sys.path if path not in near]
    if not CAN_FORK:
        return paths
    from multiprocessing import forkserver

    before, own = dict(os.environ), sys.path[:]
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(LIBRARIES))
    try:
        os.environ.update(FIXED, PYTHONSAFEPATH="1")
        os.environ.setdefault("MPLBACKEND", INLINE)
        sys.path[:] = paths
        forkserver.ensure_running()
    finally:
        sys.path[:] = own
        os.environ.clear()
        os.environ.update(before)
    return paths


class WaitingKernel:
    """A fork that becomes a kernel when it is sent for, as jupyter_client sees a process.

    It lives as long as its run: each holds one end of a pipe, and sees the other go.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pipe: Connection) -> None:
        self.pid, self._pipe = pid, pipe

    def send_for(self, arguments: list[str], *, env: Mapping[str, str], log: Path) -> None:
        """Make it a kernel with these arguments of its launcher."""
        mask = os.umask(0o077)
        os.umask(mask)
        self._pipe.send((arguments, dict(env), str(Path.cwd()), str(log), mask))

    def poll(self) -> int | None:
        return 1 if self._pipe.poll() else None

    def wait(self) -> int:
        self._pipe.poll(None)
        return 1

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def start(target: Callable[..., None], *arguments: object, paths: list[str]) -> BaseProcess:
    """Start a fork that calls a function with these arguments, and beside it the kernel that waits for it."""
    context: Any = multiprocessing.get_context(METHOD)
    pipes: tuple[Connection, ...] = ()
    waiting = None
    if CAN_FORK:
        mine, its = pipes = context.Pipe()
        beside = context.Process(target=_wait, args=(its, paths), daemon=True)
        beside.start()
        waiting = (beside.pid, mine)
    process: BaseProcess = context.Process(
        target=_run, args=(target, arguments, dict(os.environ), paths, waiting)
    )
    process.start()
    for pipe in pipes:
        pipe.close()
    return process


def kernel() -> WaitingKernel | None:
    """The kernel that waits for this process; None in one that was not started by `start`."""
    return _waiting


def _run(
    target: Callable[..., None],
    arguments: tuple[object, ...],
    environment: dict[str, str],
    paths: list[str],
    waiting: tuple[int, Connection] | None,
) -> None:
    """Call the function; it is stopped when the process that asked for it ends."""
    global _waiting
    _waiting = WaitingKernel(*waiting) if waiting else None
    sys.path[:] = paths
    os.environ.clear()
    os.environ.update(environment)
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    target(*arguments)


def _stop_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _wait(pipe: Connection, paths: list[str]) -> None:
    """Wait to be sent for, and be a kernel as if an interpreter had been started for it; end with the run."""
    os.setsid()
    try:
        arguments, environment, folder, log, mask = pipe.recv()
    except EOFError:
        return
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(handle, stream)
    os.close(handle)
    os.environ.clear()
    os.environ.update(environment)
    os.umask(mask)
    os.chdir(folder)
    sys.path[:], sys.argv[:] = paths, arguments
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()


def _end_with(pipe: Connection) -> None:
    pipe.poll(None)
    os._exit(1)
