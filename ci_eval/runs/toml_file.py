"""Reading a TOML settings file so that every complaint names its line.

tomllib gives values without lines; a person mending a settings file needs the line. The lines are found by a
second, forgiving look at the text, used for messages only, never for values.
"""

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from ci_eval.problems import InputError, Problem

KeyPath = tuple[str, ...]

LARGEST_FILE = (
    1_000_000  # bytes; a settings file is a page or two, anything larger is another file by mistake
)

_PART = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')"
_HEADER = re.compile(rf"^\s*\[\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def read(file: Path) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """The values of a TOML file, and the line on which each key path is first written.

    Raises
    ------
    InputError
        If the file is missing, too large, not UTF-8 or not TOML; with the line where there is one.
    """
    headline = f"CANNOT USE {file.name}: nothing was run"
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            mend = "Name the file itself, not a folder or a device."
            raise InputError(headline, [_unreadable("The settings are not a file.", file, mend)])
        if (size := status.st_size) > LARGEST_FILE:
            message = f"The settings file holds {size:,} bytes; a settings file has at most {LARGEST_FILE:,}."
            raise InputError(
                headline, [_unreadable(message, file, "Give the evaluation's own settings file.")]
            )
        # Windows' Notepad begins a file with a byte-order mark, which TOML does not allow.
        text = file.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text), lines(text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"The settings file cannot be read: {reason.lower()}."
        mend = "Check the path given with --settings, or work inside the workbook's folder."
        raise InputError(headline, [_unreadable(message, file, mend)]) from error
    except UnicodeDecodeError as error:
        message = f"The settings file is not UTF-8 text (byte {error.start + 1:,})."
        raise InputError(headline, [_unreadable(message, file, "Save it again as UTF-8.")]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "tables nested too deeply"
        found = re.search(r"at line (\d+)", reason)
        where = f"{file.name} line {found[1]}" if found else str(file)
        problem = Problem(
            "settings-not-toml",
            "REJECT",
            f"The settings file is not valid TOML: {reason}.",
            where=where,
            mend="Compare the line with data/evaluation.toml; texts stand in quotes, dates do not.",
        )
        raise InputError(headline, [problem]) from error


def _unreadable(message: str, file: Path, mend: str) -> Problem:
    return Problem("settings-unreadable", "REJECT", message, where=str(file), mend=mend)


def lines(text: str) -> dict[KeyPath, int]:
    """Key path to the line of its first mention. Text inside multi-line strings is passed over."""
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := _HEADER.match(line):
            table = _parts(header[1])
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], number)
        elif key := _KEY.match(line):
            path = table + _parts(key[1])
            for length in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
        closing = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return found


def _parts(written: str) -> KeyPath:
    """``periods."2021-22"`` as its parts, unquoted by tomllib itself."""
    node: Any = tomllib.loads(f"{written} = 0")
    parts = []
    while isinstance(node, dict):
        part, node = next(iter(node.items()))
        parts.append(part)
    return tuple(parts)
