"""Why a run gave no output, in words for the person who started it.

An error's text may quote an input, and control characters in it could rewrite that person's terminal.
"""

import re
from collections.abc import Mapping

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class RunFailed(RuntimeError):
    """A run that gave no output; its text is written for the person who started it."""


def printable(text: str) -> str:
    """Text without control characters, safe to print on a terminal.

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
