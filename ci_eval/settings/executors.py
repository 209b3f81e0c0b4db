"""Where work is spread: threads of this process, or a Dask cluster; always as one of Python's own executors.

Who has work to spread asks here and nowhere else, and gives what comes to `Executor.submit` or `map`. The statistics know
neither threads nor clusters: they take a function like `map`.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from ci_eval.inputs.problems import InputError, Problem

SCHEDULER = "CI_EVAL_SCHEDULER"  # environment variable with the address that a notebook's simulations go to
CONNECT = 10  # seconds that a scheduler may take to answer
LOST = 10  # workers that may be lost during one piece of work before it counts as the cause


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
    try:
        from distributed import Client
    except ImportError as error:
        raise _unusable(scheduler, "Dask is not installed.", "pip install 'ci-eval[cluster]'") from error
    try:
        client = Client(scheduler, timeout=CONNECT)
    except (OSError, ValueError) as error:
        fix = "Start one with: dask scheduler. Name its address as it prints it."
        raise _unusable(scheduler, "No scheduler answers there.", fix) from error
    with client, client.get_executor(retries=LOST, pure=False) as cluster:
        yield cluster


@contextmanager
def across() -> Iterator[Callable[..., Iterable[Any]]]:
    """A function like `map` for the length of the block: that of the cluster in `SCHEDULER`, otherwise Python's own."""
    scheduler = os.environ.get(SCHEDULER, "")
    if not scheduler:
        yield map
        return
    with spread(scheduler=scheduler) as executor:
        yield executor.map


def _unusable(scheduler: str, message: str, fix: str) -> InputError:
    problem = Problem("scheduler", "REJECT", message, where=scheduler, fix=fix)
    return InputError(f"CANNOT USE the scheduler {scheduler}: nothing was run", [problem])
