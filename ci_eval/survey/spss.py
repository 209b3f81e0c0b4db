"""Rows of an SPSS file (.sav): variable names and labels as two heading rows, values as text, labels kept.

Values declared as user-missing are kept: "Don't know" is often declared missing, and would vanish. What counts
as missing is decided by the questionnaire, not by the file's flag. The file is read by `spss_child`.
"""

import importlib.util
import io
import json
import os
import subprocess  # only this interpreter is started, with a file's path as its one argument from outside
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NoReturn

from ci_eval.inputs.columns import CellTooLongError
from ci_eval.inputs.files import EXPORT_AGAIN, HashingReader, OpenFile, refuse
from ci_eval.inputs.limits import Limits
from ci_eval.inputs.problems import Problem
from ci_eval.inputs.text import letter, listed, shown
from ci_eval.programme.survey_declaration import SurveySettings
from ci_eval.survey.body import Rows
from ci_eval.survey.layout import HEAD
from ci_eval.survey.tools import SPSS

SECONDS = 300  # a file that takes longer is taken for broken


def spss_rows(source: OpenFile, declared: SurveySettings) -> Rows:
    """The rows of a .sav file.

    Raises
    ------
    InputError
        If the package pyreadstat is not installed, the file is damaged, or larger than the limits.
    """
    if importlib.util.find_spec("pyreadstat") is None:
        message = "SPSS files (.sav) are read with the package pyreadstat, which is not installed."
        fix = "Install it with: pip install 'ci-eval[spss]'; or export the responses as .csv or .xlsx."
        refuse(source.name, "package-missing", message, fix)
    hashed = HashingReader(source.handle)
    source.handle.seek(0)
    for _ in iter(lambda: hashed.read(io.DEFAULT_BUFFER_SIZE * 128), b""):
        pass
    found = _read_apart(source, declared.limits)
    if "broken" in found:
        _refuse(source, found, declared.limits)
    names, labels = found["names"], found["labels"]
    rows: Iterator[Sequence[Any]] = zip(*found["columns"], strict=True)
    first: list[Sequence[Any]] = [names, labels, *islice(rows, HEAD)]
    codes = {place: found["codes"][name] for place, name in enumerate(names) if name in found["codes"]}
    head = [list(row) for row in first]
    problems = _missing(found["missing"], names, source)
    return Rows(head, first, rows, ("SPSS file",), hashed, tool=SPSS.name, labels=codes, problems=problems)


def _missing(declared: list[str], names: list[str], source: OpenFile) -> list[Problem]:
    """Variables whose file declares some values missing: they were read as answers all the same."""
    if not declared:
        return []
    places = [f"column {letter(names.index(name))} {shown(name, 40)}" for name in declared]
    message = f"The file declares some answers missing; they were read like all others ({listed(places, 3)})."
    fix = "The questionnaire decides which answers count: Don't know is one, a mark for no answer is none."
    return [Problem("user-missing", "WARN", message, source.name, len(declared), fix)]


def _read_apart(source: OpenFile, limits: Limits) -> dict[str, Any]:
    """What `spss_child` says of the file; a process that dies, hangs or babbles has met a damaged file."""
    sizes = (limits.rows, limits.columns, limits.cells, limits.cell_characters)
    command = [
        sys.executable,
        "-m",
        "ci_eval.survey.spss_process",
        str(source.path.resolve()),
        *map(str, sizes),
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as answer:
        try:
            subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=SECONDS,
                check=True,
            )
            answer.seek(0)
            found = json.load(answer)
        except (subprocess.SubprocessError, ValueError):
            return {"broken": "file"}
    return found if isinstance(found, dict) else {"broken": "file"}


def _refuse(source: OpenFile, found: dict[str, Any], limits: Limits) -> NoReturn:
    name, broken = source.name, found["broken"]
    if broken == "columns":
        message = f"{name} has {found['found']:,} variables; up to {limits.columns:,} are read."
        refuse(name, "too-many-columns", message, "Export the survey's variables only.")
    if broken == "rows":
        message = f"{name} has more than {found['found']:,} responses."
        refuse(name, "too-many-rows", message, "Load it in parts, or raise the limits rows and cells.")
    if broken == "cell_characters":
        raise CellTooLongError(found["found"])
    if broken == "encoding":
        message = (
            f"{name} holds text that is not in the encoding it declares, so its letters cannot be trusted."
        )
        fix = "Open it in SPSS with the right encoding and save it as Unicode (UTF-8), or export as .xlsx."
        refuse(name, "unknown-encoding", message, fix)
    refuse(name, "broken-file", f"{name} is a damaged SPSS file.", EXPORT_AGAIN)
