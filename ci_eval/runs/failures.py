"""What went wrong in a run, said in plain words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# An error's text may quote an input; control characters in it could rewrite the reader's terminal.
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class RunFailed(RuntimeError):
    """A run that gave no output; its text is written for the person who started it."""


@dataclass(frozen=True)
class CellError:
    """The error a notebook's cell ended with: the exception's class name and its text."""

    name: str
    text: str
    section: str
    number: int
    total: int


def plain(text: str) -> str:
    """Text without control characters, safe to print on a terminal."""
    return _CONTROL.sub("", text)


def explain(error: CellError) -> str:
    """The error of a cell: an InputError as its own page, anything else as the section and the last line."""
    if error.name == "InputError":
        return plain(error.text)
    place = f"section “{error.section}” (cell {error.number} of {error.total})"
    if error.name == "SystemExit":
        return f"The notebook stopped itself in {place}; the cells after it were not run."
    last = next((line for line in reversed(error.text.splitlines()) if line.strip()), "")
    return f"The notebook stopped in {place}:\n{plain(error.name)}: {plain(last.strip())}".removesuffix(": ")


def unfinished(name: str, section: str, number: int, total: int, timeout: int, detail: str = "") -> str:
    """Words for what ends a run without an error in a cell; `name` is the exception's class."""
    place = f"section “{section}” (cell {number} of {total})" if number else "the start of the notebook"
    if name == "CellTimeoutError":
        return (
            f"A cell took longer than {timeout:,} seconds in {place}.\n"
            "Mend: find out what it waits for, or raise cell_timeout under [run] in the settings."
        )
    if name == "DeadKernelError":
        return (
            f"The notebook's Python process ended without a word in {place}.\n"
            "It was killed, ran out of memory, or a library crashed."
        )
    if name in ("KeyboardInterrupt", "SystemExit"):
        return f"The run was stopped from outside in {place}."
    return f"The run failed in {place}:\n{name}: {plain(detail)}".removesuffix(": ")


def cell_error(outputs: list[Mapping[str, Any]]) -> tuple[str, str] | None:
    """Class name and text of the first error among a cell's outputs; None where there is none."""
    for output in outputs:
        if output.get("output_type") == "error":
            return str(output.get("ename", "")), str(output.get("evalue", ""))
    return None
