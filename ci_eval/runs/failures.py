"""Why a run gave no output, in words for the person who started it.

An error's text may quote an input: of an error nobody foresaw, its class and place are said and its text is not.
"""

import copy
import os
import re
import signal
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from ci_eval.inputs.text import printable

EXPECTED = ("InputError", "Refused")  # errors whose texts are written for people
DEBUG = "CI_EVAL_DEBUG"  # environment variable: errors with their texts, which may quote an input
_CELL_LINE = re.compile(r"Cell In\s?\[\d+\], line (\d+)")
_FRAME = re.compile(r"\b(ci_eval[/\\][\w/\\]+\.py)(?::|\", line )(\d+)")
# What Python and Jupyter say of code and files, and never with a cell of an input in it.
_OF_CODE = re.compile(
    r"\[Errno \d+\] [A-Za-z ,'-]+|name '\w+' is not defined|No module named '[\w.]+'|Kernel didn't respond in \d+ seconds"
)


class RunFailed(RuntimeError):
    """A run that gave no output; its text is written for the person who started it."""


class Locked(RunFailed):
    """Another run of the same notebook and period is under way."""


def debugging() -> bool:
    """Whether the person asked to see errors whole, their texts included."""
    return os.environ.get(DEBUG, "") not in ("", "0")


def unexpected(name: str, text: str, frames: str) -> str:
    """An error nobody foresaw: its class, its place in our code, and no text that could quote an input.

    Examples
    --------
    >>> unexpected("KeyError", "'somebody'", 'File "/anywhere/ci_eval/survey/rows.py", line 7, in ids')
    'KeyError in ci_eval/survey/rows.py, line 7'
    >>> unexpected("NameError", "name 'pd' is not defined", "")
    "NameError: name 'pd' is not defined"

    `frames` is a traceback as Python or IPython prints it. With ``CI_EVAL_DEBUG=1`` the text is there too.
    """
    places = _FRAME.findall(printable(frames))
    where = f" in {places[-1][0]}, line {places[-1][1]}".replace("\\", "/") if places else ""
    own = _OF_CODE.match(text)
    words = text.strip() if debugging() else own.group() if own else ""
    return printable(f"{name}{where}: {words}").removesuffix(": ")


def explain(error: Mapping[str, Any], place: str, source: str = "") -> str:
    """The error a cell ended with: what is refused as its own page, anything else as `unexpected`, with its line.

    `error` is the cell's output, `place` says where in the notebook, `source` is the cell's.
    """
    name, text = (str(error.get(key, "")) for key in ("ename", "evalue"))
    frames = "\n".join(error.get("traceback", ()))
    if name in EXPECTED:
        return printable(text)
    if name == "SystemExit":
        return f"The notebook stopped itself in {place}; the cells after it were not run."
    words = f"The notebook stopped in {place}:\n{unexpected(name, text, frames)}"
    if line := _line(source, printable(frames)):
        words += f"\nIt stopped at: {printable(line)}"
    return (
        words
        if debugging()
        else f"{words}\nFix: correct that cell; {DEBUG}=1 before the command shows the error whole."
    )


def _line(source: str, frames: str) -> str:
    """The cell's line at which it stopped, "" where that is not known; it is the analyst's own, and quotes no input."""
    places, lines = _CELL_LINE.findall(frames), source.splitlines()
    return lines[int(places[0]) - 1].strip() if places and 0 < int(places[0]) <= len(lines) else ""


def unfinished(error: Exception, place: str, timeout: int) -> str:
    """Words for what ends an execution without an error in a cell."""
    name = type(error).__name__
    if name == "CellTimeoutError":
        return (
            f"A cell took longer than {timeout:,} seconds in {place}.\n"
            "Fix: find out what it waits for, or raise cell_timeout under [run] in the settings."
        )
    if name == "DeadKernelError":
        return (
            f"The notebook's Python process ended without a word in {place}.\n"
            "It was killed, ran out of memory, or a library crashed."
        )
    if name == "NotStarted":
        return f"The notebook's Python process did not start. {error}"
    return f"The run failed in {place}:\n{of_exception(error)}"


def of_exception(error: BaseException) -> str:
    """`unexpected`, of an exception in hand."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return unexpected(type(error).__name__, str(error), frames)


def cell_error(outputs: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The first error among a cell's outputs; None where there is none."""
    return next((output for output in outputs if output.get("output_type") == "error"), None)


def without_texts(notebook: Any) -> Any:
    """The notebook with what `explain` says in place of errors' texts and tracebacks, which may quote an input."""
    if debugging():
        return notebook
    kept = copy.deepcopy(notebook)
    for cell in kept["cells"]:
        error = cell_error(cell.get("outputs", ()))
        if error is not None and error.get("ename") not in EXPECTED:
            words = unexpected(error["ename"], error["evalue"], "\n".join(error["traceback"]))
            error["evalue"], error["traceback"] = "", [words]
    return kept


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signals of a scheduler or a closing terminal into an exception, so that the clean-up runs."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # A signal somebody chose to ignore (nohup) stays ignored.
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler is signal.SIG_DFL}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
