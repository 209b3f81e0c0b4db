"""What a run would do: its period, notebook, checked parameters, folders and basis. Writes nothing."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.inputs.problems import refuse
from ci_eval.report.notebook_cells import compared
from ci_eval.runs.output_folder import Place
from ci_eval.runs.parameters import Parameter, checked, declared
from ci_eval.runs.provenance import OUTCOMES, Basis, Library, basis_of
from ci_eval.settings.declared_files import Checksum, sha256
from ci_eval.settings.evaluation import Period, Settings

# The workbook's notebooks are named, an analyst's own copy is reached by its path; the name also names folders.
NOTEBOOK_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")

OWN = "-own"  # ends the name of the output folder of an analyst's own copy

# Every notebook that can be run declares which period, whose settings, and where its pieces go ("" nowhere).
_REQUIRED = {
    "period": 'period: str = "2021-22"',
    "settings": 'settings: str = ""',
    "output": 'output: str = ""',
}


@dataclass(frozen=True)
class Plan:
    """A run that can be started."""

    settings: Settings
    period: Period
    file: Path
    kind: str  # name of the shipped notebook that it is, or is a copy of
    content: bytes
    parameters: dict[str, Any]
    place: Place

    @property
    def of_impact(self) -> bool:
        """Whether the notebook reads outcomes instead of surveys."""
        return self.kind.startswith(OUTCOMES)

    @property
    def title(self) -> str:
        return " ".join(filter(None, (self.place.notebook, self.place.key, f"for {self.period.name}")))

    @property
    def own_file(self) -> str:
        """Where an analyst's own copy lies, seen from the outputs; "" for a notebook of the workbook."""
        if self.place.notebook == self.kind:
            return ""
        try:
            return os.path.relpath(self.file, self.place.outputs)
        except ValueError:  # on another drive
            return str(self.file)

    def basis(self, library: Library | None = None, checksum: Checksum = sha256) -> Basis:
        """What the output depends on, from files as they are now; the notebook as it was when planned."""
        copied = notebooks()[self.kind] if self.place.notebook != self.kind else None
        shipped = compared(self.content, self.file.stem, copied.read_bytes()).as_dict() if copied else {}
        return basis_of(
            self.settings, self.period.name, self.kind, self.content, self.parameters, shipped, library=library,
            checksum=checksum,
        )  # fmt: skip


@dataclass(frozen=True)
class Notebook:
    """A notebook's file as read: what it is, what it takes, and by which parameters its outputs are kept apart."""

    file: Path
    name: str  # of its outputs' folder
    kind: str
    content: bytes
    parameters: Mapping[str, Parameter]
    keyed_by: tuple[str, ...]

    @classmethod
    def read(cls, notebook: str) -> "Notebook":
        """The notebook of that name, or the copy at that path; InputError where it cannot be used."""
        own = notebook.endswith(".ipynb")
        file = _own_file(Path(notebook)) if own else _file(notebook)
        content = file.read_bytes()
        written = _json(content, file)
        kind = _kind(written, file) if own else notebook
        known = declared(written, file)
        _require(known, file)
        keyed_by = written["metadata"].get("ci_eval", {}).get("keyed_by", ())
        keys = tuple(name for name in keyed_by if name in known)
        return cls(file, f"{file.stem}{OWN}" if own else notebook, kind, content, known, keys)


def notebooks() -> dict[str, Path]:
    """The workbook's notebooks by name."""
    files = sorted((workbook_root() / "notebooks").glob("*.ipynb"))
    return {file.stem: file for file in files if NOTEBOOK_NAME.fullmatch(file.stem)}


def plan(
    known: Settings,
    period: str,
    notebook: str | Notebook,
    *,
    outputs: str = "",
    parameters: Mapping[str, object] | None = None,
) -> Plan:
    """Check everything a run needs before anything is started; other arguments as for `notebook_run.run`.

    Who plans many runs of a notebook gives it as read once.

    Raises
    ------
    InputError
        If the period, one of its files, the notebook or a parameter cannot be used.
    """
    chosen = known.period(period or known.periods[-1].name)
    one = Notebook.read(notebook) if isinstance(notebook, str) else notebook
    if one.kind.startswith(OUTCOMES):
        known.runnable_impact()
    else:
        known.runnable(chosen.name)
    given = {**(parameters or {}), "period": chosen.name, "settings": "", "output": ""}
    values = {name: one.parameters[name].default for name in one.keyed_by}
    values |= checked(one.parameters, given, one.file)
    key = "-".join(_part(str(values[name])) for name in one.keyed_by)
    folder = Path(outputs).resolve() if outputs else known.outputs
    place = Place(folder, chosen.name, one.name, key)
    return Plan(known, chosen, one.file, one.kind, one.content, values, place)


def _part(value: str) -> str:
    """A parameter's value as part of a folder's name: ``na-h-eileanan-siar``."""
    return "-".join(re.findall(r"[0-9a-z]+", value.casefold()))


def _own_file(file: Path) -> Path:
    """An analyst's own copy; InputError where it is not there, or its name cannot name a folder."""
    if file.is_file() and NOTEBOOK_NAME.fullmatch(file.stem):
        return file.resolve()
    there = (
        "its name has other signs than letters, digits, - and _"
        if file.is_file()
        else "there is no such file"
    )
    fix = "Give the path of a copy, such as work/interim_evaluation.ipynb; make lab makes copies."
    _refuse(file, "notebook-unknown", f"{file} cannot be run: {there}.", fix)


def _kind(written: Mapping[str, Any], file: Path) -> str:
    """The shipped notebook that a copy was made from, as its metadata names it."""
    kind = str(written["metadata"].get("ci_eval", {}).get("notebook", ""))
    if kind in notebooks():
        return kind
    message = f"{file.name} does not say which notebook of the workbook it was made from."
    fix = f'Start from a copy of one, which says so in its metadata ("ci_eval"): {", ".join(notebooks())}.'
    _refuse(file, "notebook-kind", message, fix)


def _file(name: str) -> Path:
    known = notebooks()
    if name not in known:
        message = f"There is no notebook named {name!r}."
        fix = (
            f"Give a name, or the path of a copy that ends in .ipynb: {', '.join(known) or 'there are none'}."
        )
        headline, where = f"CANNOT RUN notebook {name!r}: nothing was run", str(workbook_root() / "notebooks")
        refuse(headline, "notebook-unknown", message, where=where, fix=fix)
    return known[name]


def _json(content: bytes, file: Path) -> dict[str, Any]:
    """The notebook as JSON: enough to read its parameters, without loading Jupyter's own reader."""
    try:
        notebook = json.loads(content)
        cells = [
            cell | {"source": cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])}
            for cell in notebook["cells"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"{file.name} is not a notebook of format 4: {type(error).__name__}."
        _refuse(file, "notebook-unreadable", message, "Save it again in JupyterLab.")
    return {"cells": cells, "metadata": notebook.get("metadata", {})}


def _require(known_parameters: Mapping[str, Parameter], file: Path) -> None:
    missing = [line for name, line in _REQUIRED.items() if name not in known_parameters]
    if missing:
        message = f"{file.name} does not declare {len(missing)} of the parameters that a run sets."
        fix = f'Add to its cell tagged "parameters": {"; ".join(missing)}.'
        headline = f"CANNOT RUN {file.name}: nothing was run"
        refuse(headline, "parameter-missing", message, where=file.name, fix=fix)


def _refuse(file: Path, check: str, message: str, fix: str) -> NoReturn:
    refuse(f"CANNOT RUN {file.name}: nothing was run", check, message, where=str(file), fix=fix)
