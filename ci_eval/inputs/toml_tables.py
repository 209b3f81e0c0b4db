"""TOML files read so that every complaint names its line.

tomllib gives values without lines, and who corrects a file needs the line. The lines are found by a second, forgiving
look at the text, used for messages only, never for values. `toml_fields` makes dataclasses of the tables.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ci_eval.inputs.files import read_text
from ci_eval.inputs.problems import Findings, Problem

KeyPath = tuple[str, ...]

LARGEST_FILE = 1_000_000  # bytes; settings are a page or two, anything larger is another file by mistake

_PART = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')"
_HEADER = re.compile(rf"^\s*\[\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]\s*(?:#.*)?$")
_ARRAY = re.compile(rf"^\s*\[\[\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]\]\s*(?:#.*)?$")
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def read(file: Path) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """The values of a TOML file, and the line on which each key path is first written.

    Raises
    ------
    InputError
        If the file is missing, too large, not UTF-8 or not TOML; with the line where there is one.
    """
    headline = f"CANNOT USE {file.name}: nothing was run"
    # Windows' Notepad begins a file with a byte-order mark, which TOML does not allow; `read_text` drops it.
    text = read_text(file, LARGEST_FILE, headline, "Check the path, such as that given with --settings.")
    try:
        return tomllib.loads(text), lines(text)
    except (ValueError, RecursionError) as error:
        # Beside its own error, tomllib lets through those of a number too long and of brackets too deep.
        reason = str(error) if isinstance(error, ValueError) else "tables nested too deeply"
        line = re.search(r"at line (\d+)", reason)
        fix = _fix(text.splitlines()[int(line[1]) - 1] if line else "")
        findings = Findings(file.name if line else str(file), headline)
        message = f"The file is not valid TOML: {reason}."
        findings.refuse("settings-not-toml", message, f"{file.name} line {line[1]}" if line else "", fix)


# What people write that TOML does not read → how it is written.
_SLIPS = (
    (
        re.compile(r"=.*\"[^\"]*\\"),
        "In a path write / for \\, or put the path in single quotes: 'C:\\data\\survey.csv'.",
    ),
    (
        re.compile(r"[=\[,]\s*\d{1,4}([-/. ])[\w]{1,9}\1\d{1,4}\b"),
        "Write a date as year-month-day, without quotes: 2021-06-01.",
    ),
    (re.compile("[“”‘’]"), 'Use straight quotation marks, as in "survey.csv".'),
    (
        re.compile(r"=\s*(?:yes|no|True|False|on|off)\b", re.IGNORECASE),
        "Write true or false, in small letters and without quotes.",
    ),
    (re.compile(r"=\s*[A-Za-z][^\"'=]*$"), 'Put a text in quotation marks: file = "survey.csv".'),
)


def _fix(line: str) -> str:
    """What is likely to be wrong with a line that is not TOML."""
    likely = next((fix for pattern, fix in _SLIPS if pattern.search(line)), "")
    return (
        likely
        or "Compare the line with the workbook's own file of that name; texts are in quotes, dates are not."
    )


def lines(text: str) -> dict[KeyPath, int]:
    """Key path to the line of its first mention; tables of an array are numbered from 1 in it.

    Text inside multi-line strings is passed over.
    """
    first: dict[KeyPath, int] = {}
    table: KeyPath = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := _ARRAY.match(line) or _HEADER.match(line):
            table = _parts(header[1])
            if header.re is _ARRAY:
                table = (*table, str(sum(path[:-1] == table and path[-1].isdigit() for path in first) + 1))
            for length in range(1, len(table) + 1):
                first.setdefault(table[:length], number)
        elif key := _KEY.match(line):
            path = table + _parts(key[1])
            for length in range(len(table) + 1, len(path) + 1):
                first.setdefault(path[:length], number)
        closing = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return first


def _parts(written: str) -> KeyPath:
    """``periods."2021-22"`` as its parts, unquoted by tomllib itself."""
    node: Any = tomllib.loads(f"{written} = 0")
    parts = []
    while isinstance(node, dict):
        part, node = next(iter(node.items()))
        parts.append(part)
    return tuple(parts)


class Table:
    """One table of a TOML file, and what is wrong with it; the tables of one file collect their problems together.

    The caller raises the collected `problems` once everything has been looked at.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        file: Path,
        lines: Mapping[KeyPath, int],
        path: KeyPath = (),
        problems: list[Problem] | None = None,
    ) -> None:
        self.values, self.file, self.lines, self.path = values, file, lines, path
        self.problems: list[Problem] = [] if problems is None else problems

    def where(self, key: str = "") -> str:
        """File, line and key, as the nearest line known."""
        path = (*self.path, key) if key else self.path
        written = ".".join(path)
        known = next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), None)
        file = f"{self.file.name} line {known}" if known else self.file.name
        return f"{file}, {written}" if written else file

    def refuse(self, check: str, key: str, message: str, fix: str) -> None:
        """Note a problem with a key of this table, or with the table where the key is ""; the same one once."""
        problem = Problem(check, "REJECT", message, where=self.where(key), fix=fix)
        if problem not in self.problems:
            self.problems.append(problem)

    def only(self, known: Iterable[str], elsewhere: Mapping[str, str] = MappingProxyType({})) -> None:
        """Refuse keys that are not known here; a misspelt key must never pass as a default.

        `elsewhere` says of keys that are known at another place which it is.
        """
        allowed = tuple(known)
        for key in self.values:
            if key not in allowed:
                nearest = get_close_matches(key, allowed, 1)
                guess = f' Did you mean "{nearest[0]}"?' if nearest else ""
                fix = f"Known here: {', '.join(allowed)}." if allowed else "Nothing may be written here."
                if key in elsewhere:
                    guess, fix = "", f"Write it under {elsewhere[key]}."
                self.refuse("settings-unknown-key", key, f'The key "{key}" is not known.{guess}', fix)

    def table(self, key: str) -> "Table":
        """The table under a key; empty where the key is absent or holds something else."""
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            message = f'"{key}" is {values!r}, where a table is wanted.'
            self.refuse("settings-not-a-table", key, message, f"Write it as [{'.'.join((*self.path, key))}].")
            values = {}
        return Table(values, self.file, self.lines, (*self.path, key), self.problems)
