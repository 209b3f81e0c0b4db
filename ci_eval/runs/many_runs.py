"""Many runs: one after the other, several at a time on this machine, or spread over a cluster.

Several at a time, each run is a process forked from a warm parent, and so is its kernel (`warm_processes`): it starts in
a tenth of the time, and what it changes ends with it. On a cluster a run is one piece of work of one worker.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ci_eval.inputs.problems import InputError
from ci_eval.runs import warm_processes
from ci_eval.runs.failures import Locked, RunFailed, of_exception, stoppable
from ci_eval.runs.notebook_run import Say, run
from ci_eval.settings.evaluation import load
from ci_eval.settings.executors import spread

if TYPE_CHECKING:
    from ci_eval.runs.execution import Detail

LOST = 10  # seconds in which the run of a lost worker lets go of its folder
_one_at_a_time = threading.Lock()  # a run has the folder and the mask of its process to itself


State = Literal["done", "failed", "locked"]


@dataclass(frozen=True)
class Asked:
    """One run asked for: a title for its lines, and the arguments of `notebook_run.run`."""

    title: str
    period: str
    notebook: str
    settings: str = ""
    outputs: str = ""
    force: bool = False
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """How a run ended: its state, the reason where it was not made, and notes of whatever is out of the ordinary."""

    title: str
    state: State
    reason: str = ""
    notes: tuple[str, ...] = ()


def run_each(asked: Iterable[Asked], *, workers: int = 1, scheduler: str = "", say: Say) -> list[Ended]:
    """Make several runs; gives how each ended, in the order in which they ended. A failure leaves the others to be made.

    Parameters
    ----------
    asked : the runs; no two of one output
    workers : runs at a time on this machine; 1 makes them in this process, one after the other
    scheduler : address of a Dask scheduler whose workers make them instead; "" for none
    say : takes each line of progress

    Raises
    ------
    InputError
        If the cluster cannot be used.
    """
    if workers == 1 and not scheduler:
        return [_made(one, say, "sections") for one in asked]
    whole = [_absolute(one) for one in asked]
    if not whole:
        return []
    processes = _Processes([] if scheduler else warm_processes.warm_up())
    there, here = partial(_on_a_worker, str(Path.cwd())), partial(_apart, processes)
    with spread(min(workers, len(whole)), scheduler) as executor:
        try:
            return _followed(executor, there if scheduler else here, whole, say)
        finally:
            processes.stop()


def _followed(
    executor: Executor, one_run: Callable[[Asked], Ended], asked: list[Asked], say: Say
) -> list[Ended]:
    """Hand the runs to the executor and say how each ended, as it ends."""
    start, every = time.monotonic(), []
    futures: list[Future[Ended]] = [executor.submit(one_run, one) for one in asked]
    try:
        for future in as_completed(futures):
            ended = future.result()
            every.append(ended)
            left = (time.monotonic() - start) / len(every) * (len(asked) - len(every))
            about = f" (about {left:.0f} s left)" if left >= 1 else ""
            say(f"[{len(every)}/{len(asked)}] {ended.title}: {ended.state}{about}")
            for note in ended.notes:
                say(note)
    finally:
        for future in futures:  # stopped from outside: what has not begun does not begin
            future.cancel()
    return every


class _Processes:
    """The processes of runs under way, which end when the runs are stopped from outside; each keeps its reason."""

    def __init__(self, paths: list[str]) -> None:
        self._paths, self._stopped, self._all = paths, threading.Event(), list[BaseProcess]()

    def start(self, asked: Asked, writer: Connection) -> BaseProcess:
        process = warm_processes.start(_in_a_process, asked, writer, paths=self._paths)
        self._all.append(process)
        if self._stopped.is_set():
            process.terminate()
        return process

    def stop(self) -> None:
        self._stopped.set()
        for process in self._all:
            process.terminate()


def _absolute(asked: Asked) -> Asked:
    """The run with whole paths, for a process that may have another folder."""
    outputs = str(Path(asked.outputs).resolve()) if asked.outputs else ""
    return replace(asked, settings=str(load(asked.settings).file.resolve()), outputs=outputs)


def _made(asked: Asked, say: Say, detail: "Detail") -> Ended:
    """Make a run in this process."""
    try:
        run(
            asked.period, asked.notebook, settings=asked.settings, outputs=asked.outputs, force=asked.force,
            parameters=asked.parameters, detail=detail, say=say,
        )  # fmt: skip
    except (RunFailed, InputError) as error:
        return Ended(asked.title, "locked" if isinstance(error, Locked) else "failed", str(error))
    return Ended(asked.title, "done")


def _apart(processes: _Processes, asked: Asked) -> Ended:
    """Make a run in a fresh process, and wait for it."""
    reader, writer = multiprocessing.Pipe(duplex=False)
    process = processes.start(asked, writer)
    writer.close()
    try:
        ended: Ended = reader.recv()
    except EOFError:
        ended = Ended(asked.title, "failed", "The process of the run ended without a word.")
    process.join()
    return ended


def _in_a_process(asked: Asked, writer: Connection) -> None:
    notes: list[str] = []
    try:
        with stoppable():
            ended = _made(asked, notes.append, "notes")
    except BaseException as error:
        why = of_exception(error) if isinstance(error, Exception) else "It was stopped from outside."
        ended = Ended(asked.title, "failed", why)
    writer.send(replace(ended, notes=tuple(notes)))


def _on_a_worker(folder: str, asked: Asked) -> Ended:
    """Make a run in a worker of a cluster; another may have begun it and been lost a moment ago."""
    notes: list[str] = []
    until = time.monotonic() + LOST
    with _one_at_a_time:
        os.chdir(folder)  # the workbook is looked for from there
        while (ended := _made(asked, notes.append, "notes")).state == "locked" and time.monotonic() < until:
            time.sleep(0.5)
    return replace(ended, notes=tuple(notes))
