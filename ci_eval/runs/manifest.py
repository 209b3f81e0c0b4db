"""The manifest of an output: what it was made from, with what, when, and the checksum of every file in it.

It is written last: a folder without a manifest does not exist for any reader.
"""

import getpass
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ci_eval.inputs.problems import Problem
from ci_eval.runs.provenance import Basis
from ci_eval.settings.declared_files import sha256

FILE, RESULTS = "manifest.json", "results.json"
FORMAT = 1


def commit(folder: Path) -> dict[str, Any]:
    """The git commit of the workbook and whether files differ from it; None where git cannot say."""

    def git(*arguments: str) -> str | None:
        command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    if folder.is_relative_to(sys.prefix):
        # Installed without its repository; an environment may lie within somebody else's.
        return {"commit": None, "uncommitted_changes": None}
    head, changes = git("rev-parse", "HEAD"), git("status", "--porcelain")
    return {"commit": head, "uncommitted_changes": None if changes is None else bool(changes)}


def write(
    folder: Path, basis: Basis, *, file: str, period: str, git: Mapping[str, Any], times: Mapping[str, Any]
) -> Path:
    """Write the manifest of every file in the folder; the last file of a run.

    `file` is where an analyst's own copy lies, seen from the outputs; "" for a notebook of the workbook.
    """
    content = {
        "format": FORMAT,
        "period": period,
        "file": file,
        "fingerprint": basis.fingerprint,
        "basis": basis.as_dict(),
        "git": dict(git),
        "ran_by": account(),
        "times": dict(times),
        "outputs": _outputs(folder),
    }
    written = folder / FILE
    written.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return written


def account() -> str:
    """The name of the account on this machine; "" where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _outputs(folder: Path) -> dict[str, str]:
    return {name: checksum for name, checksum in checksums(folder).items() if name != FILE}


def checksums(folder: Path) -> dict[str, str]:
    """Checksum of every file in a folder, by its place there."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): sha256(file) for file in files}


def results_of(folder: Path) -> dict[str, Any]:
    """results.json of a folder."""
    content: dict[str, Any] = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    return content


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest of an output; None where there is none that can be read, and so no output."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("format") == FORMAT else None


def verify(folder: Path) -> tuple[Problem, ...]:
    """Compare an output with its manifest: files changed or missing stop, files added are noted.

    () means that the folder holds exactly what its run wrote.
    """
    content = read(folder)
    if content is None:
        message = "There is no manifest that can be read, so there is no output here."
        return (Problem("manifest-missing", "REJECT", message, where=str(folder), fix="Run it again."),)
    listed, present = content.get("outputs") or {}, _outputs(folder)
    problems = []
    for name, checksum in listed.items():
        if present.get(name) != checksum:
            word = "has changed since the run" if name in present else "is missing"
            fix = "Run it again with --force; keep a changed file elsewhere first."
            problems.append(
                Problem("output-changed", "REJECT", f"{name} {word}.", where=str(folder), fix=fix)
            )
    added = [name for name in present if name not in listed]
    if added:
        message = f"{added[0]} was not made by the run."
        problems.append(Problem("output-added", "NOTE", message, where=str(folder), count=len(added)))
    return tuple(problems)
