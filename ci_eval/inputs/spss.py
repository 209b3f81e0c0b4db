"""An SPSS file (.sav) as columns of text: variable names, labels, and what the codes stand for.

Values declared as user-missing are kept: "Don't know" is often declared missing, and would vanish. What counts as
missing is decided by the questionnaire, not by the file's flag.

The library that reads .sav files is C: a damaged file can make it overrun its memory, which no `except` catches. So
this module also runs as a process of its own, ``python -m ci_eval.inputs.spss``, which reads one file and writes it as
JSON. A damaged file ends that process and nothing else; what it hands back is text, which cannot run anything.
"""

import importlib.util
import io
import json
import os
import subprocess  # only this interpreter is started, with a file's path as its one argument from outside
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from ci_eval.inputs.files import Limits, OpenFile
from ci_eval.inputs.text import CellTooLongError, cell_text, letter, listed, one_line, squeezed

SECONDS = 300  # a file that takes longer is taken for broken
MEMORY = 4 * 1024**3  # bytes the process may use


@dataclass(frozen=True)
class Variables:
    """What a .sav file holds: names, labels (the name where there is none), codes by place, and columns of text."""

    names: list[str]
    labels: list[str]
    codes: dict[int, dict[str, str]]
    columns: list[list[str]]


def read_spss(source: OpenFile, unread: Collection[str] = ()) -> Variables:
    """The variables of a .sav file; those called by one of `unread` (`text.squeezed`) come back with empty cells.

    Raises
    ------
    InputError
        If the package pyreadstat is not installed, the file is damaged, or larger than its limits.
    """
    if importlib.util.find_spec("pyreadstat") is None:
        message = "SPSS files (.sav) are read with the package pyreadstat, which is not installed."
        fix = "Install it with: pip install 'ci-eval[spss]'; or export the responses as .csv or .xlsx."
        source.refuse("package-missing", message, fix)
    hashed = source.from_start()
    for _ in iter(lambda: hashed.read(io.DEFAULT_BUFFER_SIZE * 128), b""):
        pass
    given = _read_apart(source, unread)
    if "broken" in given:
        _refuse(source, given)
    names = given["names"]
    if missing := given["missing"]:
        places = [f"column {letter(names.index(name))} {one_line(name, 40)}" for name in missing]
        message = (
            f"The file declares some answers missing; they were read like all others ({listed(places, 3)})."
        )
        fix = (
            "The questionnaire decides which answers count: Don't know is one, a mark for no answer is none."
        )
        source.findings.add("user-missing", "WARN", message, "", fix, len(missing))
    codes = {place: given["codes"][name] for place, name in enumerate(names) if name in given["codes"]}
    return Variables(names, given["labels"], codes, given["columns"])


def _read_apart(source: OpenFile, unread: Collection[str]) -> dict[str, Any]:
    """What the process says of the file; one that dies, hangs or babbles has met a damaged file."""
    limits = source.limits
    sizes = map(str, (limits.rows, limits.columns, limits.cells, limits.cell_characters))
    command = [sys.executable, "-m", "ci_eval.inputs.spss", str(source.path.resolve()), *sizes, *unread]
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
            given = json.load(answer)
        except (subprocess.SubprocessError, ValueError):
            return {"broken": "file"}
    return given if isinstance(given, dict) else {"broken": "file"}


def _refuse(source: OpenFile, given: dict[str, Any]) -> NoReturn:
    name, broken = source.name, given["broken"]
    if broken == "columns":
        message = f"{name} has {given['number']:,} variables; up to {source.limits.columns:,} are read."
        source.refuse("too-many-columns", message, "Export the survey's variables only.")
    if broken == "rows":
        message = f"{name} has more than {given['number']:,} responses."
        source.refuse("too-many-rows", message, "Load it in parts, or raise the limits rows and cells.")
    if broken == "cell_characters":
        raise CellTooLongError
    if broken == "encoding":
        message = (
            f"{name} holds text that is not in the encoding it declares, so its letters cannot be trusted."
        )
        fix = "Open it in SPSS with the right encoding and save it as Unicode (UTF-8), or export as .xlsx."
        source.refuse("unknown-encoding", message, fix)
    source.refuse("broken-file", f"{name} is a damaged SPSS file.")


def contents(path: str, limits: Limits, unread: Collection[str]) -> dict[str, Any]:
    """Names, labels, value labels and cells of a file, or the limit it breaks; run in a process of its own."""
    import pyreadstat

    failures = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, KeyError)
    as_text = partial(cell_text, longest=limits.cell_characters)
    read = partial(pyreadstat.read_sav, path, user_missing=True)
    try:
        _, facts = read(metadataonly=True)
        names = [str(name) for name in facts.column_names]
        labels = [str(facts.column_names_to_labels.get(name) or name) for name in names]
        if len(names) > limits.columns:
            return {"broken": "columns", "number": len(names)}
        both = zip(names, labels, strict=True)
        wanted = [name for name, label in both if not {squeezed(name), squeezed(label)} & set(unread)]
        most = min(limits.rows, limits.cells // max(1, len(names)))
        table, _ = read(usecols=wanted, row_limit=most + 1) if wanted else (None, None)
        count = 0 if table is None else len(table)
        if count > most:
            return {"broken": "rows", "number": most}
        texts = {name: list(map(as_text, table[name].tolist())) for name in wanted if table is not None}
    except CellTooLongError:
        return {"broken": "cell_characters"}
    except failures as error:
        return {"broken": "encoding" if "encoding" in str(error) else "file"}
    codes = {
        name: {as_text(code): str(label) for code, label in given.items()}
        for name, given in facts.variable_value_labels.items()
    }
    missing = {**facts.missing_ranges, **facts.missing_user_values}
    return {
        "missing": [name for name in names if name in missing],
        "names": names,
        "labels": labels,
        "codes": codes,
        "columns": [texts.get(name, [""] * count) for name in names],
    }


def bound() -> None:
    """Keep this process within `MEMORY`, and from writing its memory to disk when it dies (POSIX only)."""
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    bound()
    rows, columns, cells, cell_characters = map(int, sys.argv[2:6])
    limits = Limits(rows=rows, columns=columns, cells=cells, cell_characters=cell_characters)
    json.dump(contents(sys.argv[1], limits, sys.argv[6:]), sys.stdout)
