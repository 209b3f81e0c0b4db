"""What the times were taken on: processor, load, and the versions of what took part."""

import os
import platform
from importlib import metadata
from pathlib import Path

from ci_eval import __version__
from ci_eval.inputs.fact_tables import workbook_root
from ci_eval.runs.manifest import commit

PACKAGES = (
    "duckdb",
    "pandas",
    "numpy",
    "scipy",
    "matplotlib",
    "seaborn",
    "papermill",
    "nbclient",
    "ipykernel",
    "nbconvert",
    "xlsxwriter",
)


def described() -> dict[str, str]:
    """Name and value of everything that a time depends on and that we can tell, in the order to be shown."""
    found = {
        "ci-eval": f"{__version__}, {_commit()}",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": f"{platform.system()} {platform.machine()}",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "load at the start": f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "not known",
    }
    return found | {package: metadata.version(package) for package in PACKAGES}


def _processor() -> str:
    """The processor's name, which Python itself gives on few systems."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "processor not known"


def _commit() -> str:
    git = commit(workbook_root())
    if git["commit"] is None:
        return "not a git checkout"
    return f"commit {git['commit'][:10]}{' with uncommitted changes' if git['uncommitted_changes'] else ''}"


def peak() -> float:
    """Peak memory of this process in MB; on Linux since it began, which getrusage mixes up with its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return float("nan")
