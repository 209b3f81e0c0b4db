"""Where work is spread: threads of this process, or a Dask cluster; always as one of Python's own executors.

Who has work to spread asks here and nowhere else, and gives what comes to `Executor.submit` or `map`. The statistics know
neither threads nor clusters: they take a function like `map`.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

from ci_eval.inputs.problems import InputError, Problem

SCHEDULER = "CI_EVAL_SCHEDULER"  # environment variable with the address that a notebook's simulations go to
CONNECT = 10  # seconds that a scheduler may take to answer

Map = Callable[..., Iterable[Any]]  # like `map`


@contextmanager
def spread(workers: int = 1, scheduler: str = "") -> Iterator[Executor]:
    """An executor for the length of the block: `workers` threads here, or all workers of a Dask scheduler.

    Examples
    --------
    >>> with spread(2) as executor:
    ...     list(executor.map(abs, [-1, -2]))
    [1, 2]

    Parameters
    ----------
    workers : pieces of work done at a time where no scheduler is named
    scheduler : address of a running Dask scheduler, such as ``tcp://10.0.0.5:8786``; "" for none

    Raises
    ------
    InputError
        If Dask is not installed, or no scheduler answers at the address.
    """
    if not scheduler:
        with ThreadPoolExecutor(workers) as threads:
            yield threads
        return
    with _client(scheduler) as client, client.get_executor(pure=False) as cluster:
        yield cluster


def across() -> Map:
    """What a notebook spreads its simulations with: `map` of the cluster in `SCHEDULER`, otherwise Python's own.

    Examples
    --------
    >>> list(across()(abs, [-1, -2]))
    [1, 2]
    """
    scheduler = os.environ.get(SCHEDULER, "")
    return _map_of(scheduler) if scheduler else map


@cache
def _map_of(scheduler: str) -> Map:
    """The cluster's `map`; its client stays open as long as the process."""
    mapped: Map = _client(scheduler).get_executor(pure=False).map
    return mapped


def _client(scheduler: str) -> Any:
    """A client of the scheduler."""
    try:
        from distributed import Client
    except ImportError as error:
        raise _unusable(scheduler, "Dask is not installed.", "pip install 'ci-eval[cluster]'") from error
    try:
        return Client(scheduler, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        fix = "Start one with: dask scheduler. Give its address as it prints it."
        raise _unusable(scheduler, "No scheduler answers there.", fix) from error


def _unusable(scheduler: str, message: str, fix: str) -> InputError:
    problem = Problem("scheduler", "REJECT", message, where=scheduler, fix=fix)
    return InputError(f"CANNOT USE the scheduler {scheduler}: nothing was run", [problem])
