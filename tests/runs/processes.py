"""Waiting for processes, whether one is at work, and the bytes that runs left."""

import os
import time
from pathlib import Path


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A killed kernel nobody has waited for is a zombie, not a process at work.
    status = Path(f"/proc/{process}/stat")
    return not (status.is_file() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def made(outputs):
    """File → bytes of every output but the manifest, which holds the clock."""
    files = (file for file in Path(outputs, "drafts").rglob("*") if file.is_file())
    return {
        file.relative_to(outputs).as_posix(): file.read_bytes()
        for file in files
        if file.name != "manifest.json" and not file.name.endswith(".lock")
    }
