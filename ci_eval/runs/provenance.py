"""What an output depends on: its basis. Its checksum says whether the output is up to date.

Times, the git commit and the machine are no part of it: the manifest holds them, and they decide nothing.
"""

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import ci_eval
from ci_eval.runs.parameters import Value
from ci_eval.settings.declared_files import impact_inputs, inputs, label_of, sha256
from ci_eval.settings.evaluation import Settings

IMPACT = "impact"  # notebooks whose names begin so read outcomes instead of surveys
HASH_SEED = "0"  # the order of a set of texts must not differ from run to run
_PACKAGE = Path(ci_eval.__file__).parent


def _sha256_of(value: Any) -> str:
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
        return _sha256_of(self.as_dict())

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


def basis_of(
    settings: Settings,
    period: str,
    notebook: str,
    content: bytes,
    parameters: Mapping[str, Value],
    shipped: Mapping[str, str] | None = None,
) -> Basis:
    """The basis of a notebook's output for a period, from settings and files as they are now.

    `shipped` is empty for a notebook of the workbook; for an analyst's own copy it says how it differs from that.
    Settings and inputs count as far as the run can see them: what is common to all periods, this period, and
    those before it.
    """
    per_period = {item.name: _written(item, settings) for item in settings.up_to(period)}
    of_impact = notebook.startswith(IMPACT)
    declared = {"impact": _written(settings.impact, settings)} if of_impact else {}
    return Basis(
        notebook=notebook,
        notebook_sha256=hashlib.sha256(content).hexdigest(),
        own_copy=dict(shipped or {}),
        parameters=parameters,
        settings={"smallest_group": settings.smallest_group, "periods": per_period} | declared,
        inputs=impact_inputs(settings) if of_impact else inputs(settings, period),
        ci_eval={"version": ci_eval.__version__, "sha256": source_sha256()},
        versions=_versions(),
        seeds={"PYTHONHASHSEED": HASH_SEED},
    )


def source_sha256() -> str:
    """Checksum over the names and bytes of ci_eval's own files, templates and styles included."""
    files = (
        file for file in sorted(_PACKAGE.rglob("*")) if file.is_file() and "__pycache__" not in file.parts
    )
    return _sha256_of({file.relative_to(_PACKAGE).as_posix(): sha256(file) for file in files})


def _versions() -> dict[str, str]:
    """Python's version and that of every library ci_eval asks for, as installed."""
    names = [match[0] for line in _requirements() if (match := re.match(r"[\w.-]+", line))]
    return {"python": platform.python_version()} | {name: _version(name) for name in sorted(names)}


def _requirements() -> list[str]:
    """The requirements of ci_eval itself, without those of its extras."""
    try:
        listed = metadata.requires("ci-eval") or []
    except metadata.PackageNotFoundError:
        # A checkout on the path, never installed: its own version and source still count.
        return []
    return [line for line in listed if "extra ==" not in line]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


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
