"""The workbook's own fact files: where they stand, and how strictly they are read.

Files are UTF-8 with one heading row and commas. Every problem of a file is collected before stopping, with
the row number a spreadsheet shows.
"""

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ci_eval.inputs.problems import InputError, Problem

MAX_BYTES = 2_000_000
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Row:
    """One data row: its cells by heading (stripped text), its file and its row number in a spreadsheet."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def problem(self, check: str, message: str, column: str, fix: str) -> Problem:
        """A REJECT that names this row, the column and the value found there."""
        where = f'{self.file}, row {self.number}, column "{column}": {in_quotes(self.cells[column])}'
        return Problem(check, "REJECT", message, where=where, fix=fix)

    def parts(self, column: str) -> tuple[str, ...]:
        """The values of a cell that holds several, separated by semicolons."""
        return tuple(part.strip() for part in self[column].split(";") if part.strip())


def in_quotes(text: object) -> str:
    """A value as it may be printed: one line of at most `LONGEST_VALUE` printable characters, in quotes."""
    # A whole number can be too long for Python to write out, so other values are named by their type.
    plain = text if isinstance(text, str) else str(text) if text is None else f"({type(text).__name__})"
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in plain[: LONGEST_VALUE + 1])
    return f'"{line[:LONGEST_VALUE]}…"' if len(line) > LONGEST_VALUE else f'"{line}"'


def read_rows(
    path: Path, columns: Sequence[str], *, key: str = "", filled: Iterable[str] = ("source",)
) -> tuple[Row, ...]:
    """The rows of a CSV file that has exactly `columns`.

    Parameters
    ----------
    columns : the headings expected, in any order
    key : a column whose values may not repeat (differences of case ignored)
    filled : columns in which a blank is refused; `key` is always one of them

    Raises
    ------
    InputError
        For a missing, oversized, undecodable or malformed file; headings unknown, missing or repeated; a row
        too long or too short; a blank in a column of `filled`; a key that repeats; no rows at all.
    """
    records = _records(path)
    if not records:
        _refuse(
            path, [_reject("empty-file", "The file is empty.", path.name, "restore its heading row and rows")]
        )
    heading_problems = _heading_problems(path.name, records[0][1], columns)
    if heading_problems:
        _refuse(path, heading_problems)
    rows, problems = _shape(path.name, records[0][1], records[1:])
    problems += _cell_problems(rows, key, tuple(filled))
    if not rows and not problems:
        problems.append(
            _reject("no-rows", "The file has headings and no rows.", path.name, "restore its rows")
        )
    if problems:
        _refuse(path, problems)
    return tuple(rows)


def read_text(path: Path) -> str:
    """The text of a small UTF-8 file; InputError for none, for too much, and for another encoding."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        fix = "restore the file, or name the folder that holds it"
        problem = _reject("file-unreadable", f"The file cannot be opened: {reason}.", str(path), fix)
        raise InputError(f"CANNOT READ {path.name}", [problem]) from error
    if len(raw) > MAX_BYTES:
        fix = "check that this is the file of facts, not another one under its name"
        _refuse(
            path,
            [_reject("file-too-large", f"The file holds more than {MAX_BYTES:,} bytes.", path.name, fix)],
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "save it again as UTF-8 (in Excel: CSV UTF-8)"
        problem = _reject("not-utf8", f"The file is not UTF-8 text (byte {error.start:,}).", path.name, fix)
        raise InputError(f"CANNOT READ {path.name}", [problem]) from error
    if "\0" in text:
        _refuse(
            path, [_reject("not-text", "The file holds NUL characters.", path.name, "save it again as text")]
        )
    return text


def _records(path: Path) -> list[tuple[int, list[str]]]:
    """Row number and cells of every record that is not blank."""
    text = read_text(path)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        fix = "look for a quotation mark that is opened and never closed"
        problem = _reject("malformed-csv", f"The file is not a well-formed CSV: {error}.", path.name, fix)
        raise InputError(f"CANNOT READ {path.name}", [problem]) from error
    numbered = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(records, start=1)]
    return [(number, cells) for number, cells in numbered if any(cells)]


def _heading_problems(file: str, found: Sequence[str], expected: Sequence[str]) -> list[Problem]:
    listed = ", ".join(expected)
    problems = [
        _reject(
            "unknown-column",
            f"Column {in_quotes(name)} is not known here.",
            f"{file}, row 1",
            f"use {listed}",
        )
        for name in dict.fromkeys(found)
        if name not in expected
    ]
    problems += [
        _reject("missing-column", f'Column "{name}" is missing.', f"{file}, row 1", f"use {listed}")
        for name in expected
        if name not in found
    ]
    problems += [
        _reject(
            "repeated-column", f'Column "{name}" stands twice.', f"{file}, row 1", "delete one of the two"
        )
        for name in expected
        if found.count(name) > 1
    ]
    return problems


def _shape(
    file: str, headings: Sequence[str], records: Iterable[tuple[int, list[str]]]
) -> tuple[list[Row], list[Problem]]:
    rows, problems = [], []
    for number, cells in records:
        if len(cells) == len(headings):
            rows.append(Row(file, number, dict(zip(headings, cells, strict=True))))
            continue
        message = f"The row has {len(cells)} cells, the heading row {len(headings)}."
        fix = "put text that holds a comma in quotation marks"
        problems.append(_reject("row-length", message, f"{file}, row {number}", fix))
    return rows, problems


def _cell_problems(rows: Iterable[Row], key: str, filled: tuple[str, ...]) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[str, int] = {}
    needed = tuple(dict.fromkeys((key, *filled))) if key else filled
    for row in rows:
        problems += [
            row.problem(
                "blank-cell", f'"{column}" may not be blank.', column, "fill it in, or delete the row"
            )
            for column in needed
            if not row[column]
        ]
        if key and row[key]:
            number = first.setdefault(row[key].casefold(), row.number)
            if number != row.number:
                message = f"{in_quotes(row[key])} stands in row {number} already."
                problems.append(row.problem("repeated-key", message, key, "keep one of the two rows"))
    return problems


def _reject(check: str, message: str, where: str, fix: str) -> Problem:
    return Problem(check, "REJECT", message, where=where, fix=fix)


def _refuse(path: Path, problems: Sequence[Problem]) -> None:
    raise InputError(f"CANNOT READ {path.name}", problems)


SETTINGS = Path("data") / "evaluation.toml"
FACTS = Path("data") / "programme"
NOTEBOOKS = "notebooks"
# Where a wheel puts notebooks and facts (pyproject.toml); it brings no settings.
INSTALLED = Path(sys.prefix) / "share" / "ci-eval"


def workbook_root() -> Path:
    """The folder that holds ``data/evaluation.toml`` and ``notebooks``: the current folder or the nearest above it.

    Settings of one's own may stand in a folder ``data`` too, which makes the folder above them no workbook.

    Notebooks run in different folders (papermill in the caller's, nbval in the notebook's own), so no path
    may be relative to the current one. Outside any workbook it is the checkout that ``ci_eval`` was imported
    from, or what was installed with it.
    """
    current = Path.cwd()
    for folder in (current, *current.parents):
        if (folder / SETTINGS).is_file() and (folder / NOTEBOOKS).is_dir():
            return folder
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / FACTS).is_dir() else INSTALLED


def settings_file() -> Path:
    """The settings of a command that names none: the workbook's, or where it has none the nearest from here upwards.

    Raises
    ------
    InputError
        If there are none.
    """
    root, current = workbook_root(), Path.cwd()
    for folder in (root, current, *current.parents):
        if (folder / SETTINGS).is_file():
            return folder / SETTINGS
    message = f"There is no {SETTINGS.as_posix()} in this folder or above it."
    fix = "Name a settings file with --settings, or go to the folder that has one."
    raise InputError("CANNOT RUN: nothing was run", [_reject("settings-missing", message, str(current), fix)])


def programme_folder(folder: Path | str | None = None) -> Path:
    """The folder of the programme's facts: `folder`, or ``data/programme`` of the workbook."""
    return Path(folder) if folder is not None else workbook_root() / FACTS
