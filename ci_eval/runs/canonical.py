"""Responses written as one plain table: the same columns and words whatever tool the survey was held with.

The cells are what was answered, unaltered: a comment that begins like a formula stays as it was written, because
a table that other programs read must not hold what nobody said. Whoever opens it in a spreadsheet is warned.
"""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pandas as pd

from ci_eval.problems import InputError, Problem
from ci_eval.survey import LoadRecord
from ci_eval.survey.personal import name as shown_name

FORMULA_STARTS = ("=", "+", "-", "@", "\t")
# RFC 4180; it also makes the writer put a cell with a line end of either kind between quotation marks.
LINE_END = "\r\n"
_MOMENTS = ("started", "ended")


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The responses as texts: one row a response, columns as in `Responses.frame`; "" is not answered.

    Moments are written as precisely as the export keeps them: to the second, or to the minute where none has
    seconds, or to the day where none has a time of day.
    """
    texts = {}
    for column in frame.columns:
        values = frame[column]
        texts[column] = (
            _moments(values) if column in _MOMENTS else values.astype(object).where(values.notna(), "")
        )
    return pd.DataFrame(texts, index=frame.index)


def _moments(values: pd.Series) -> pd.Series:
    known = values.dropna()
    form = "%Y-%m-%d"
    if (known != known.dt.normalize()).any():
        form += " %H:%M:%S" if (known.dt.second != 0).any() else " %H:%M"
    written: pd.Series = values.dt.strftime(form).astype(object).where(values.notna(), "")
    return written


def formula_like(texts: pd.DataFrame) -> list[Problem]:
    """A warning where a spreadsheet would take cells for formulas; their texts are not shown."""
    found = texts.apply(lambda column: column.astype(str).str.startswith(FORMULA_STARTS))
    if not found.to_numpy().any():
        return []
    columns = ", ".join(found.columns[found.any()])
    message = (
        f"Cells begin with =, +, -, @ or a tab, and a spreadsheet may run them as formulas (in {columns})."
    )
    mend = (
        "Open the csv with a spreadsheet's import and take every column as text, or read it with a program."
    )
    return [Problem("formula-like", "WARN", message, count=int(found.to_numpy().sum()), mend=mend)]


def check_place(out: Path, inputs: Iterable[Path], *, force: bool) -> None:
    """Whether responses may be written there.

    Raises
    ------
    InputError
        If it is one of the inputs, also by another name; or exists, unless `force` is given and it is a file; or
        lies in no folder.
    """
    name = shown_name(out.name) or str(out)
    try:
        exists = os.path.lexists(out)
        if exists and any(_same(out, given) for given in inputs):
            message = f"{name} is an input, and inputs are never changed."
            _refuse(name, "out-is-input", message, "Give the responses a name of their own with --out.")
        if exists and not (out.is_file() or out.is_symlink()):
            _refuse(
                name, "out-no-file", f"{name} is no file but a folder or device.", "Name a file with --out."
            )
        if exists and not force:
            mend = "Choose another name, or add --force to replace it."
            _refuse(name, "out-exists", f"{name} exists already.", mend)
        if not out.parent.is_dir():
            message = f"There is no folder to write {name} into."
            _refuse(name, "out-no-folder", message, "Make the folder first, or correct the path of --out.")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        _refuse_error(name, error)


def write(texts: pd.DataFrame, out: Path, *, force: bool) -> None:
    """Write the table as UTF-8, whole or not at all, readable by its owner only: it holds people's own words.

    Raises
    ------
    InputError
        If the file came to exist meanwhile and `force` is not given, or it cannot be written.
    """
    name = shown_name(out.name)
    made, reserved = "", False
    try:
        if not force:
            out.open("x").close()
            reserved = True
        handle, made = tempfile.mkstemp(dir=out.parent, prefix=".responses-", suffix=".csv")
        with os.fdopen(handle, "w", encoding="utf-8", errors="strict", newline="") as file:
            texts.to_csv(file, index=False, lineterminator=LINE_END)
        Path(made).replace(out)
    except (OSError, ValueError) as error:
        for leftover in (made, str(out) if reserved else ""):
            if leftover:
                with suppress(OSError):
                    Path(leftover).unlink()
        _refuse_error(name, error)


def accounted(record: LoadRecord) -> str:
    """The rows of the export as a sum: ``26 rows = 24 responses + 1 preview or test + 1 not finished``."""
    left = "".join(f" + {number:,} {reason}" for reason, number in record.left_out.items())
    return f"{record.rows_in:,} rows = {record.used:,} responses{left}"


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and one.samefile(other)


def _refuse_error(name: str, error: OSError | ValueError) -> NoReturn:
    reason = (error.strerror if isinstance(error, OSError) else "") or "its name or content cannot be written"
    _refuse(name, "out-not-written", f"{name} cannot be written: {reason}.", "Name another file with --out.")


def _refuse(name: str, check: str, message: str, mend: str) -> NoReturn:
    raise InputError(
        f"CANNOT WRITE {name}: nothing was written", [Problem(check, "REJECT", message, name, mend=mend)]
    )
