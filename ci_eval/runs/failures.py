"""Why a run gave no output, in words for the person who started it.

An error's text may quote an input, and control characters in it could rewrite that person's terminal.
"""

import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

# Escapes move the cursor and change colours; marks of writing direction turn what is read into something else.
_CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class RunFailed(RuntimeError):
    """A run that gave no output; its text is written for the person who started it."""


class Locked(RunFailed):
    """Another run of the same notebook and period is under way."""


def printable(text: str) -> str:
    """Text without control characters and marks of writing direction, safe to print on a terminal.

    Examples
    --------
    >>> printable("\\x1b[31mred")
    'red'
    """
    return _CONTROL.sub("", text)


def explain(name: str, text: str, place: str) -> str:
    """The error a cell ended with: what is refused as its own page, anything else as place and last line.

    `name` and `text` are the exception's class and text, `place` says where in the notebook.
    """
    if name in ("InputError", "Refused"):
        return printable(text)
    if name == "SystemExit":
        return f"The notebook stopped itself in {place}; the cells after it were not run."
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "")
    return f"The notebook stopped in {place}:\n{printable(name)}: {printable(last.strip())}".removesuffix(
        ": "
    )


def unfinished(name: str, text: str, place: str, timeout: int) -> str:
    """Words for what ends an execution without an error in a cell; arguments as for `explain`."""
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
    return f"The run failed in {place}:\n{name}: {printable(text)}".removesuffix(": ")


def cell_error(outputs: list[Mapping[str, object]]) -> tuple[str, str] | None:
    """Class name and text of the first error among a cell's outputs; None where there is none."""
    for output in outputs:
        if output.get("output_type") == "error":
            return str(output.get("ename", "")), str(output.get("evalue", ""))
    return None


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
