"""The workbook's own fact files: where they are, and how strictly they are read.

Files are UTF-8 with one heading row and commas. Every problem of a file is collected before stopping, with
the row number a spreadsheet shows; of a file about respondents, rows and headings are for the work list alone.
"""

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ci_eval.inputs.files import read_text
from ci_eval.inputs.problems import Findings, Problem

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
        """A REJECT that names this row, the column and its value."""
        where = f'{self.file}, row {self.number}, column "{column}": {in_quotes(self.cells[column])}'
        return Problem(check, "REJECT", message, where=where, fix=fix)

    def parts(self, column: str) -> tuple[str, ...]:
        """The values of a cell that holds several, separated by semicolons."""
        return tuple(part.strip() for part in self[column].split(";") if part.strip())


def in_quotes(text: object) -> str:
    """A value as it may be printed: one line of at most `LONGEST_VALUE` printable characters, in quotes."""
    # A whole number can be too long for Python to write out, so other values are named by their type.
    value = text if isinstance(text, str) else str(text) if text is None else f"({type(text).__name__})"
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[: LONGEST_VALUE + 1])
    return f'"{line[:LONGEST_VALUE]}…"' if len(line) > LONGEST_VALUE else f'"{line}"'


def read_rows(
    path: Path,
    columns: Sequence[str],
    *,
    key: str = "",
    filled: Iterable[str] = ("source",),
    optional: Sequence[str] = (),
    respondents: bool = False,
    may_be_empty: bool = False,
) -> tuple[Row, ...]:
    """The rows of a CSV file that has `columns`, and none beside them but those of `optional`; these are "" where absent.

    Parameters
    ----------
    columns : the headings expected, in any order
    key : a column whose values may not repeat (differences of case ignored)
    filled : columns in which a blank is refused; `key` is always one of them
    optional : headings that may be left out
    may_be_empty : whether a file of headings alone is one without rows yet
    respondents : whether rows point at respondents, so that messages name neither a row nor an unknown heading

    Raises
    ------
    InputError
        For a missing, oversized, undecodable or malformed file; headings unknown, missing or repeated; a row
        too long or too short; a blank in a column of `filled`; a key that repeats; no rows at all.
    """
    findings = Findings(path.name, _headline(path))
    text = read_text(
        path, MAX_BYTES, findings.headline, "Restore the file, or name the folder that holds it."
    )
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        fix = "Look for a quotation mark that is opened and never closed."
        findings.refuse("malformed-csv", f"The file is not a well-formed CSV: {error}.", fix=fix)
    numbered = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(records, start=1)]
    filled_rows = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled_rows:
        findings.refuse("empty-file", "The file is empty.", fix="Restore its heading row and rows.")
    (_, headings), *below = filled_rows
    _check_headings(headings, columns, optional, findings, respondents)
    findings.raise_if_stopping()
    rows = []
    for number, cells in below:
        if len(cells) == len(headings):
            given = dict(zip(headings, cells, strict=True))
            rows.append(Row(path.name, number, dict.fromkeys(optional, "") | given))
            continue
        message = f"The row has {len(cells)} cells for {len(headings)} headings."
        fix = "Put text that holds a comma in quotation marks."
        where, listed = ("", f"row {number}") if respondents else (f"row {number}", "")
        findings.add("row-length", "REJECT", message, where, fix, cells=listed)
    _check_cells(rows, key, tuple(filled), findings)
    if not below and not may_be_empty:
        findings.refuse("no-rows", "The file has headings and no rows.", fix="Restore its rows.")
    findings.raise_if_stopping()
    return tuple(rows)


def _headline(path: Path) -> str:
    return f"CANNOT READ {path.name}"


def _check_headings(
    headings: Sequence[str],
    needed: Sequence[str],
    optional: Sequence[str],
    findings: Findings,
    respondents: bool,
) -> None:
    expected = (*needed, *optional)
    fix, place = f"Use {', '.join(expected)}.", "" if respondents else "row 1"
    for name in headings:
        if name in expected:
            continue
        if respondents:  # where the heading row is missing, it is somebody's words
            message = "A column is not known."
            findings.add("unknown-column", "REJECT", message, fix=fix, cells=f"column {in_quotes(name)}")
        else:
            message = f"Column {in_quotes(name)} is not known."
            findings.add("unknown-column", "REJECT", message, place, fix)
    for name in expected:
        if name not in headings and name in needed:
            findings.add("missing-column", "REJECT", f'Column "{name}" is missing.', place, fix)
        elif headings.count(name) > 1:
            message = f'Column "{name}" comes twice.'
            findings.add("repeated-column", "REJECT", message, place, "Delete one of the two.")


def _check_cells(rows: Iterable[Row], key: str, filled: tuple[str, ...], findings: Findings) -> None:
    first: dict[str, int] = {}
    needed = tuple(dict.fromkeys((key, *filled))) if key else filled
    for row in rows:
        blank = [column for column in needed if not row[column]]
        fix = "Fill it in, or delete the row."
        findings.extend(
            row.problem("blank-cell", f'"{column}" may not be blank.', column, fix) for column in blank
        )
        if key and row[key]:
            number = first.setdefault(row[key].casefold(), row.number)
            if number != row.number:
                message = f"{in_quotes(row[key])} is in row {number} already."
                findings.extend([row.problem("repeated-key", message, key, "Keep one of the two rows.")])


SETTINGS = Path("data") / "evaluation.toml"
FACTS = Path("data") / "programme"
NOTEBOOKS = "notebooks"
# Where a wheel puts notebooks and facts (pyproject.toml); it brings no settings.
INSTALLED = Path(sys.prefix) / "share" / "ci-eval"


def workbook_root() -> Path:
    """The folder that holds ``data/evaluation.toml`` and ``notebooks``: the current folder or the nearest above it.

    Settings of one's own may lie in a folder ``data`` too, which makes the folder above them no workbook.

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
    """The settings of a command that names none: the nearest from here upwards, or the workbook's.

    Raises
    ------
    InputError
        If there are none.
    """
    root, current = workbook_root(), Path.cwd()
    for folder in (current, *current.parents, root):
        if (folder / SETTINGS).is_file():
            return folder / SETTINGS
    message = f"There is no {SETTINGS.as_posix()} in this folder or above it."
    fix = "Name a settings file with --settings, or go to the folder that has one."
    Findings(str(current), "CANNOT RUN: nothing was run").refuse("settings-missing", message, fix=fix)


def programme_folder(folder: Path | str | None = None) -> Path:
    """The folder of the programme's facts: `folder`, or ``data/programme`` of the workbook."""
    return Path(folder) if folder is not None else workbook_root() / FACTS
