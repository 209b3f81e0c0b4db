"""The packages that the agreement statistics are compared with, in environments of their own.

``python -m benchmarks.peers`` makes the environments of ``peers.txt`` in the user's cache folder. Nothing of them
comes near ci-eval's environment or the repository, and a peer that cannot be installed stops no other.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from venv import EnvBuilder

REQUIREMENTS = Path(__file__).with_name("peers.txt")
FOUNDATIONS = ("numpy", "pandas", "scipy")
MAKE = "python -m benchmarks.peers"


@dataclass(frozen=True)
class Environment:
    """Peers that share one environment.

    Attributes
    ----------
    foundations, peers : pinned requirements, such as ``"numpy==2.4.6"``
    """

    foundations: tuple[str, ...]
    peers: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where it is: named after what is in it, so that other pins or another Python mean another folder."""
        content = "\n".join((sys.version.split()[0], *self.foundations, *self.peers))
        return cache() / hashlib.sha256(content.encode()).hexdigest()[:12]

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def lacks(self, peer: str) -> str:
        """Why a peer of this environment cannot be run, "" where it can."""
        if not self.python.exists():
            return f"{peer} is not installed; {MAKE} does it"
        wanted = next(pin for pin in self.peers if name(pin) == peer).partition("==")[2]
        asked = f"import importlib.metadata as m; print(m.version({peer!r}))"
        done = subprocess.run([self.python, "-c", asked], capture_output=True, text=True, check=False)
        found = done.stdout.strip()
        return (
            ""
            if found == wanted
            else f"{peer} {wanted} could not be installed with Python {sys.version.split()[0]}"
        )


def cache() -> Path:
    """The folder of all environments, in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ci-eval" / "peers"


def name(requirement: str) -> str:
    return requirement.partition("==")[0]


def environments(text: str | None = None) -> tuple[Environment, ...]:
    """The environments of ``peers.txt``, or of another text of its form.

    Raises
    ------
    ValueError
        For a requirement without an exact version.
    """
    lines = (text if text is not None else REQUIREMENTS.read_text(encoding="utf-8")).splitlines()
    found = []
    for block in _blocks(lines):
        for line in block:
            if "==" not in line:
                raise ValueError(f"{REQUIREMENTS.name}: {line!r} has no exact version")
        foundations = tuple(line for line in block if name(line) in FOUNDATIONS)
        found.append(Environment(foundations, tuple(line for line in block if line not in foundations)))
    return tuple(found)


def environment_of(peer: str) -> Environment:
    """The environment that holds a peer; KeyError where none does."""
    for environment in environments():
        if peer in map(name, environment.peers):
            return environment
    raise KeyError(peer)


def make(environment: Environment) -> list[str]:
    """Make the environment afresh; the peers that could not be installed, in words."""
    EnvBuilder(with_pip=True, clear=True).create(environment.folder)
    if _install(environment, environment.foundations + environment.peers):
        return []
    failed = []
    for peer in environment.peers:  # one by one, so that one that fails keeps none of the others out
        if not _install(environment, (*environment.foundations, peer)):
            failed.append(f"{peer} cannot be installed here")
    return failed


def _install(environment: Environment, requirements: tuple[str, ...]) -> bool:
    pip: list[str | Path] = [
        environment.python,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        *requirements,
    ]
    return subprocess.run(pip, check=False).returncode == 0


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*(line.strip() for line in lines), ""]:
        if line and not line.startswith("#"):
            block.append(line)
        elif not line and block:
            yield block
            block = []


def main() -> int:
    """Make what is not there yet, and say where it is."""
    for environment in environments():
        peers = [name(pin) for pin in environment.peers]
        failed = make(environment) if any(environment.lacks(peer) for peer in peers) else []
        print("\n".join([f"{', '.join(peers)}: {environment.folder}", *failed]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
