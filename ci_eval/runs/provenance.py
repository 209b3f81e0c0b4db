"""What an output depends on: its basis. Its checksum says whether the output is up to date.

Times, the git commit and the machine are no part of it: the manifest holds them, and they decide nothing.
"""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import ci_eval
from ci_eval.runs.parameters import Value
from ci_eval.settings.declared_files import Checksum, impact_inputs, inputs, label_of, sha256
from ci_eval.settings.evaluation import Period, Settings

OUTCOMES = ("impact", "what_we_know")  # notebooks whose names begin so read outcomes instead of surveys
HASH_SEED = "0"  # the order of a set of texts must not differ from run to run
_PACKAGE = Path(ci_eval.__file__).parent


def sha256_of(value: Any) -> str:
    """Checksum of what JSON can hold, whatever the order of its keys."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Basis:
    """Everything an output depends on."""

    notebook: str
    notebook_sha256: str
    parameters: Mapping[str, Value]
    settings: Mapping[str, Any]
    inputs: Mapping[str, str]
    ci_eval: Mapping[str, str]
    versions: Mapping[str, str]
    seeds: Mapping[str, str]
    own_copy: Mapping[str, str] = field(default_factory=dict)  # how it differs from the shipped one

    def as_dict(self) -> dict[str, Any]:
        return {item.name: _written(getattr(self, item.name)) for item in fields(self)}

    @property
    def fingerprint(self) -> str:
        """One checksum over all of it."""
        return sha256_of(self.as_dict())

    def changed(self, other: Mapping[str, Any]) -> list[str]:
        """What differs from the basis another manifest holds, in words."""
        words = {
            "notebook_sha256": "the notebook",
            "ci_eval": "ci_eval's own code",
            "versions": "library versions",
        }
        mine = self.as_dict()
        differing = [name for name in mine if mine[name] != other.get(name)]
        if "inputs" in differing:
            before, now = other.get("inputs") or {}, mine["inputs"]
            files = sorted(file for file in before.keys() | now.keys() if before.get(file) != now.get(file))
            differing[differing.index("inputs") : differing.index("inputs") + 1] = files
        return [words.get(name, name) for name in differing]


@dataclass(frozen=True)
class Library:
    """What computes an output: the checksum of ci_eval's own files, and the versions of the libraries below it."""

    source: str
    versions: Mapping[str, str]

    @classmethod
    def installed(cls) -> "Library":
        """As installed now."""
        return cls(source_sha256(), _versions())


def basis_of(
    settings: Settings,
    period: str,
    notebook: str,
    content: bytes,
    parameters: Mapping[str, Value],
    shipped: Mapping[str, str] | None = None,
    *,
    library: Library | None = None,
    checksum: Checksum = sha256,
) -> Basis:
    """The basis of a notebook's output for a period, from settings and files as they are now.

    `shipped` is empty for a notebook of the workbook; for an analyst's own copy it says how it differs from that.
    Settings and inputs count as far as the run can see them: what is common to all periods, this period, and
    those before it. Who asks for many bases looks at the `library` once and gives a `checksum` that remembers.
    """
    library = library or Library.installed()
    per_period = {item.name: _period(item, settings) for item in settings.up_to(period)}
    of_impact = notebook.startswith(OUTCOMES)
    declared = {"impact": _without(_written(settings.impact, settings))} if of_impact else {}
    return Basis(
        notebook=notebook,
        notebook_sha256=hashlib.sha256(content).hexdigest(),
        own_copy=dict(shipped or {}),
        parameters=parameters,
        settings={"smallest_group": settings.smallest_group, "periods": per_period} | declared,
        inputs=impact_inputs(settings, checksum) if of_impact else inputs(settings, period, checksum),
        ci_eval={"version": ci_eval.__version__, "sha256": library.source},
        versions=library.versions,
        seeds={"PYTHONHASHSEED": HASH_SEED},
    )


def _period(item: Period, settings: Settings) -> Any:
    """What a report shows of a period."""
    return _without(_written(item, settings))


def _without(written: Any) -> Any:
    """What is declared without what changes no output: the day it is due, and the files that are not there."""
    if not isinstance(written, Mapping):
        return written
    return {name: value for name, value in written.items() if name not in ("due", "absent")}


def source_sha256() -> str:
    """Checksum over the names and bytes of ci_eval's own files, templates and styles included."""
    files = (
        file for file in sorted(_PACKAGE.rglob("*")) if file.is_file() and "__pycache__" not in file.parts
    )
    return sha256_of({file.relative_to(_PACKAGE).as_posix(): sha256(file) for file in files})


def _versions() -> dict[str, str]:
    """Python's version and that of every library that ci_eval and its requirements ask for, as installed.

    A library further down, such as the one that writes a picture's bytes, changes an output as much as one nearby.
    """
    known: dict[str, str] = {}
    wanted = ["ci-eval"]
    while wanted:
        name = wanted.pop()
        if name not in known:
            known[name], asked = _described(name)
            wanted += asked
    del known["ci-eval"]  # its own version and source count by themselves
    return {"python": platform.python_version()} | dict(sorted(known.items()))


def _described(name: str) -> tuple[str, list[str]]:
    """An installed library's version, and what it asks for here, by name, without its extras."""
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return "not installed", []  # ci-eval itself may be a checkout on the path
    # An older kind of installation, which pip may leave in a checkout, calls the same file PKG-INFO.
    described = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    # Only its head: importlib.metadata reads a description of pages like a letter, three times as long as all the rest.
    head = [line.partition(": ") for line in described.partition("\n\n")[0].splitlines()]
    asked = [Requirement(text) for field, _, text in head if field == "Requires-Dist" and not _of_extra(text)]
    names = [one.name for one in asked if not one.marker or one.marker.evaluate({"extra": ""})]
    version = next((text for field, _, text in head if field == "Version"), "not known")
    return version, [canonicalize_name(name) for name in names]


def _of_extra(requirement: str) -> bool:
    """Whether a requirement surely belongs to an extra: seen from its text, because most do, and parsing takes long."""
    marker = requirement.partition(";")[2]
    return "extra ==" in marker and " or " not in marker


def _written(value: Any, settings: Settings | None = None) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _written(inner, settings) for key, inner in value.items()}
    if is_dataclass(value):
        return {item.name: _written(getattr(value, item.name), settings) for item in fields(value)}
    if isinstance(value, list | tuple):
        return [_written(inner, settings) for inner in value]
    if isinstance(value, Path):
        return label_of(value, settings) if settings else value.as_posix()
    if isinstance(value, date):
        return value.isoformat()
    return value
